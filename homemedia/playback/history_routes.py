"""What was watched lately, for administrators."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta

from homemedia.accounts import Admin
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Query, Wire
from homemedia.library.browse_wire import ItemCard
from homemedia.playback.activity_wire import PlayingDevice, Watcher
from homemedia.playback.history import KEPT_DAYS, History, Sitting
from homemedia.playback.rules import percent


class HistoryQuery(Query, frozen=True, kw_only=True):
    """`days` back from now; more than 90 are not kept."""

    days: Annotated[int, Meta(ge=1, le=KEPT_DAYS)] = 7


class SittingCard(Wire, frozen=True, kw_only=True):
    """One member before one title.

    Attributes:
        item: None when it is gone; `title` is what it was called.
        watched: how long it played, in ms by the clock.
        percent: how far it came; 100 when it was `finished`.
    """

    id: str
    user: Watcher
    device: PlayingDevice
    item: ItemCard | None
    title: str
    started_at: int
    ended_at: int
    watched: int
    percent: float
    finished: bool


class HistoryAnswer(Wire, frozen=True, kw_only=True):
    """The newest first, at most 500."""

    days: int
    sittings: list[SittingCard]


class HistoryRoutes:
    routes = Routes("playback", prefix="/api/home/playback")

    def __init__(self, history: History) -> None:
        self._history = history

    @routes.get("/history")
    async def lately(self, actor: Admin, query: HistoryQuery) -> HistoryAnswer:
        """List what the members watched in the last days, the newest first."""
        return HistoryAnswer(days=query.days, sittings=_cards(await self._history.lately(actor, query.days)))


def _cards(sittings: Sequence[Sitting]) -> list[SittingCard]:
    return [
        SittingCard(
            id=str(one.sitting_id),
            user=Watcher(id=one.user_id, name=one.display_name, username=one.username),
            device=PlayingDevice(client="", type=one.device_type, os=one.device_os),
            item=one.card,
            title=one.title,
            started_at=one.started_at // 1000,
            ended_at=one.told_at // 1000,
            watched=one.watched_ms,
            percent=100.0 if one.is_finished else percent(one.offset_ms, one.duration_ms),
            finished=one.is_finished,
        )
        for one in sittings
    ]
