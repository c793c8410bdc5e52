"""What is taken away from a member: how a change is merged into it, and when he may play (watch §14). Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.accounts.models import NO_RESTRICTIONS, Restrictions, Window
from homemedia.core.http.wire import Wire
from homemedia.core.problems import BadRequest, Conflict

MAX_ENTRIES = 200
MAX_ENTRY_CHARS = 100
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_ENTRY_CHARS)]
_Texts = Annotated[list[_Text], msgspec.Meta(max_length=MAX_ENTRIES)]


class RestrictionsBody(Wire, frozen=True, kw_only=True):
    """What to change of a member's restrictions; a field that is left out stays."""

    max_age: Annotated[int, msgspec.Meta(ge=0, le=99)] | UnsetType | None = UNSET
    allowed_ratings: _Texts | UnsetType = UNSET
    blocked_ratings: _Texts | UnsetType = UNSET
    block_unrated: bool | UnsetType = UNSET
    allowed_labels: _Texts | UnsetType = UNSET
    blocked_labels: _Texts | UnsetType = UNSET
    libraries: Literal["all"] | list[str] | UnsetType = UNSET
    allow_transcode: bool | UnsetType = UNSET
    allow_download: bool | UnsetType = UNSET
    max_streams: Annotated[int, msgspec.Meta(ge=1, le=100)] | UnsetType | None = UNSET
    max_bitrate: Annotated[int, msgspec.Meta(ge=1, le=1 << 40)] | UnsetType | None = UNSET
    schedule: Annotated[list[Window], msgspec.Meta(max_length=MAX_ENTRIES)] | UnsetType = UNSET

    @property
    def ratings(self) -> list[str]:
        """Those it names."""
        return [*(self.allowed_ratings or ()), *(self.blocked_ratings or ())]


def merged(before: Restrictions, body: RestrictionsBody) -> Restrictions:
    """What holds after a change. Who first sets an age or ratings lets nothing unrated through, unless he says so.

    Raises:
        BadRequest: a window of time has no length.
    """
    for window in body.schedule or ():
        if window.begins == window.ends:
            raise BadRequest(
                "A time of day must end later or earlier than it begins.", field="schedule", reason="has no length"
            )
    given = {
        name: tuple(value) if isinstance(value, list) else value
        for name in Restrictions.__struct_fields__
        if not isinstance(value := getattr(body, name), UnsetType)
    }
    after = msgspec.structs.replace(before, **given)
    if body.block_unrated is UNSET and _is_by_rating(after) and not _is_by_rating(before):
        return msgspec.structs.replace(after, block_unrated=True)
    return after


def refuse_for_admin(body: RestrictionsBody | None) -> None:
    """An administrator cannot be restricted.

    Raises:
        Conflict: `admin_unrestricted`, unless nothing is taken away.
    """
    if body is None:
        return
    if merged(NO_RESTRICTIONS, body) != NO_RESTRICTIONS or isinstance(body.libraries, list):
        raise unrestricted()


def is_open(schedule: Sequence[Window], now: datetime) -> bool:
    """Whether a member may play at a time, which is the server's own; without windows he always may."""
    if not schedule:
        return True
    today, yesterday = DAYS[now.weekday()], DAYS[(now - timedelta(days=1)).weekday()]
    minute = now.hour * 60 + now.minute
    for window in schedule:
        begins, ends = _minute(window.begins), _minute(window.ends)
        if begins < ends:
            if today in window.days and begins <= minute < ends:
                return True
        elif (today in window.days and minute >= begins) or (yesterday in window.days and minute < ends):
            return True
    return False


def _is_by_rating(restrictions: Restrictions) -> bool:
    return restrictions.max_age is not None or bool(restrictions.allowed_ratings)


def _minute(text: str) -> int:
    hour, _, minute = text.partition(":")
    return int(hour) * 60 + int(minute)


def unrestricted() -> Conflict:
    return Conflict("Administrators cannot be restricted.", code="admin_unrestricted")
