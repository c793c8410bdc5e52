"""HTTP of the feed (clips §6.1, 6.4 to 6.9, 11). What clip it is, is asked before what was sent."""

import sqlite3
from collections.abc import Sequence

from msgspec import UNSET

from homemedia.accounts import Caller, Member
from homemedia.accounts.wire import iso
from homemedia.clips.feed import Asked, Feed
from homemedia.clips.feed_store import Shown
from homemedia.clips.models import DEFAULT_PAGE, MAX_PAGE
from homemedia.clips.watching import HALF, Watching, percent_of
from homemedia.clips.wire import (
    AsideAnswer,
    CaptionAnswer,
    CaptionBody,
    Clip,
    CountAnswer,
    DismissBody,
    DismissedAnswer,
    FavoriteAnswer,
    FeedAnswer,
    FeedQuery,
    PageQuery,
    ProgressAnswer,
    RestoreBody,
    RestoredAnswer,
    StatsAnswer,
    SuccessAnswer,
    View,
    ViewsAnswer,
    WatchAnswer,
    WatchBody,
    clip_wire,
    picture_name,
)
from homemedia.core.http.families import Family
from homemedia.core.http.numbers import page_of
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Later
from homemedia.core.problems import BadRequest

MAX_IDS = 10_000


class FeedRoutes:
    """The feed, single clips, and catching up."""

    routes = Routes("clips", prefix="/api/clips", family=Family.CLIPS)

    def __init__(self, feed: Feed, watching: Watching) -> None:
        self._feed = feed
        self._watching = watching

    @routes.get("")
    async def list_clips(self, actor: Caller, query: FeedQuery) -> FeedAnswer:
        """List clips: all, or those still to be watched, watched, liked best, or sent in by the caller."""
        limit, offset = page_of(query.limit, query.offset, usual=DEFAULT_PAGE, most=MAX_PAGE)
        asked = Asked(which=query.filter or "all", sort=query.sort, limit=limit, offset=offset)
        rows, has_more = await self._feed.listed(actor, asked)
        return FeedAnswer(clips=self._shown(actor, rows), has_more=has_more)

    @routes.get("/unwatched-count")
    async def count_unwatched(self, actor: Caller) -> CountAnswer:
        """Count what the caller has still to watch."""
        return CountAnswer(count=await self._feed.unwatched(actor))

    @routes.get("/dismissed")
    async def list_dismissed(self, actor: Caller, query: PageQuery) -> AsideAnswer:
        """List what the caller has put aside, the last first."""
        limit, offset = page_of(query.limit, query.offset, usual=MAX_PAGE, most=MAX_PAGE)
        rows, count = await self._watching.aside(actor, limit=limit, offset=offset)
        return AsideAnswer(clips=self._shown(actor, rows), count=count, has_more=offset + len(rows) < count)

    @routes.post("/dismiss")
    async def dismiss(self, actor: Caller, body: DismissBody) -> DismissedAnswer:
        """Put aside all that waits for the caller but what he keeps."""
        return DismissedAnswer(dismissed=await self._watching.put_aside(actor, _ids(body.keep_ids, "keepIds")))

    @routes.delete("/dismiss")
    async def restore(self, actor: Caller, body: RestoreBody) -> RestoredAnswer:
        """Have what the caller put aside wait again."""
        wanted = None if body.all is True else _ids(body.clip_ids, "clipIds")
        return RestoredAnswer(restored=await self._watching.restore(actor, wanted))

    @routes.get("/{id}")
    async def get_clip(self, actor: Caller, id: str) -> Clip:
        """Show a clip in any state."""
        row = await self._feed.one(actor, id)
        return clip_wire(row, actor.user_id, moderates=self._feed.moderates(actor))

    @routes.patch("/{id}")
    async def write_caption(self, actor: Caller, id: str, body: Later[CaptionBody]) -> CaptionAnswer:
        """Give one's own clip another caption while nobody else has watched it."""
        await self._feed.check_caption(actor, id)
        given = (await body.read()).title
        if given is UNSET:
            raise BadRequest("Say which: title.", field="title", reason="is required")
        return CaptionAnswer(title=await self._feed.write_caption(actor, id, given))

    @routes.delete("/{id}")
    async def delete_clip(self, actor: Caller, id: str) -> SuccessAnswer:
        """Delete one's own clip for good while nobody else has watched it."""
        await self._feed.delete(actor, id)
        return SuccessAnswer()

    def _shown(self, actor: Member, rows: Sequence[Shown]) -> list[Clip]:
        moderates = self._feed.moderates(actor)
        return [clip_wire(row, actor.user_id, moderates=moderates) for row in rows]


class WatchingRoutes:
    """What a member does with a clip but talking of it."""

    routes = Routes("clips", prefix="/api/clips/{id}", family=Family.CLIPS)

    def __init__(self, watching: Watching) -> None:
        self._watching = watching

    @routes.post("/watched")
    async def watch(self, actor: Caller, id: str, body: Later[WatchBody]) -> WatchAnswer:
        """Count a clip as watched by the caller; what is known of how far he got only rises."""
        await self._watching.watch(actor, id, await _percent(body))
        return WatchAnswer(watched=True)

    @routes.patch("/watched")
    async def progress(self, actor: Caller, id: str, body: Later[WatchBody]) -> ProgressAnswer:
        """Say how far the caller got in a clip that counts as watched."""
        return ProgressAnswer(updated=await self._watching.progress(actor, id, await _percent(body)))

    @routes.delete("/watched")
    async def unwatch(self, actor: Caller, id: str) -> WatchAnswer:
        """Count a clip as not watched by the caller."""
        await self._watching.unwatch(actor, id)
        return WatchAnswer(watched=False)

    @routes.get("/views")
    async def list_views(self, actor: Caller, id: str) -> ViewsAnswer:
        """List who watched a clip and how far: who saw half of it first, then the last first."""
        return ViewsAnswer(views=[_view(row) for row in await self._watching.views(actor, id)])

    @routes.post("/favorite")
    async def toggle_favorite(self, actor: Caller, id: str) -> FavoriteAnswer:
        """Make a clip a favourite of the caller, or none any more; his heart goes with it."""
        return FavoriteAnswer(favorited=await self._watching.toggle_favorite(actor, id))


class StatsRoutes:
    """The caller's own numbers."""

    routes = Routes("clips", prefix="/api/profile", family=Family.CLIPS)

    def __init__(self, watching: Watching) -> None:
        self._watching = watching

    @routes.get("/stats")
    async def get_stats(self, actor: Caller) -> StatsAnswer:
        """Count what the caller sent in, likes best and has watched."""
        found = await self._watching.stats(actor)
        return StatsAnswer(uploads=found.uploads, saves=found.saves, minutes_watched=found.minutes)


async def _percent(body: Later[WatchBody]) -> int | None:
    """How far, where the body says so: a player that leaves sends what it can, and nothing of it is refused."""
    try:
        return percent_of((await body.read()).watch_percent)
    except BadRequest:
        return None


def _view(row: sqlite3.Row) -> View:
    percent = row["percent"] or 0
    return View(
        user_id=row["user_id"],
        username=row["username"],
        avatar_path=picture_name(row["user_id"], row["avatar_changed_at"]),
        watch_percent=percent,
        status="viewed" if percent >= HALF else "skipped",
        watched_at=iso(row["watched_at"]),
    )


def _ids(given: object, field: str) -> list[str]:
    """Ids of a body.

    Raises:
        BadRequest: it is no list of texts.
    """
    if isinstance(given, list) and len(given) <= MAX_IDS and all(isinstance(one, str) for one in given):
        return given
    raise BadRequest(f"The field {field} must be a list of ids.", field=field, reason="must be a list of ids")
