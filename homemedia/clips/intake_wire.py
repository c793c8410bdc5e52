"""Bodies and answers of what comes in (clips §6.2, 6.3, 6.12)."""

from typing import Literal

from homemedia.clips.models import ContentType
from homemedia.clips.wire import Ids, Text
from homemedia.core.http.wire import Query, Wire


class SubmitBody(Wire, frozen=True, kw_only=True):
    """A link, a caption, and words that become the first comment. `tz` names a time zone; nothing asks for it yet."""

    url: Text = None
    title: str | None = None
    message: str | None = None
    tz: str | None = None


class SubmittedClip(Wire, frozen=True, kw_only=True):
    id: str
    status: Literal["downloading"] = "downloading"
    content_type: ContentType


class SubmitAnswer(Wire, frozen=True, kw_only=True):
    clip: SubmittedClip


class ShareQuery(Query, frozen=True, kw_only=True):
    token: str = ""


class ShareBody(Wire, frozen=True, kw_only=True):
    """A link and the numbers of whoever sends it; `phone` is the other form of one number."""

    url: Text = None
    phones: Ids = None
    phone: Text = None
    tz: Text = None


class ShareAnswer(Wire, frozen=True, kw_only=True):
    """What a phone shows is `message`."""

    ok: Literal[True] = True
    success: Literal[1] = 1
    message: str
    clip_id: str
    status: Literal["downloading"] = "downloading"


class RetryAnswer(Wire, frozen=True, kw_only=True):
    status: Literal["downloading"] = "downloading"


class RefetchAnswer(Wire, frozen=True, kw_only=True):
    """What the source says of a clip; `title` as the clip is shown."""

    title: str | None
    creator_name: str | None
    creator_url: str | None
    source_view_count: int | None


class ShareTokenState(Wire, frozen=True, kw_only=True):
    """Whether the caller has a share token of his own, and since when, as ISO text."""

    exists: bool
    created_at: str | None


class ShareToken(Wire, frozen=True, kw_only=True):
    """Shown this once."""

    token: str
