"""What the server's own pages ask of the library and of playback, in their words."""

import asyncio
from collections.abc import Sequence

from homemedia.accounts import Member
from homemedia.library.totals import LibraryTotals
from homemedia.playback.activity import Activity
from homemedia.playback.means import Means, MeansSource
from homemedia.playback.sessions import Sessions
from homemedia.server.facts import ActiveSession, ItemCounts, NoPlayback


class Facts(LibraryTotals):
    """The library's numbers in the words of the server's pages."""

    async def count_items(self, actor: Member) -> ItemCounts:
        found = await self.count_by_kind(actor)
        return ItemCounts(
            movies=found.get("movie", 0),
            shows=found.get("show", 0),
            episodes=found.get("episode", 0),
            videos=found.get("video", 0),
            artists=found.get("artist", 0),
            albums=found.get("album", 0),
            tracks=found.get("track", 0),
        )


class Watching(NoPlayback):
    """Who watches what, in words of the server; what there is to convert with is asked on the side."""

    def __init__(self, sessions: Sessions, activity: Activity, means: MeansSource) -> None:
        self._sessions = sessions
        self._activity = activity
        self._means = means
        self._known: Means | None = None
        self._asking: asyncio.Task[None] | None = None

    async def active_sessions(self) -> Sequence[ActiveSession]:
        return [
            ActiveSession(
                session_id=one.play_id,
                user_id=one.member.user_id,
                username=one.member.username,
                file_id=one.thing.file_id or 0,
                title=one.thing.title,
                method=one.session.film.decision.method if one.session else "directPlay",
                encoder=one.session.film.decision.encoder if one.session else None,
                position_ms=one.position_ms,
                speed=None if one.session is None or one.session.speed is None else round(one.session.speed, 2),
                client_name=one.client_name,
                address=one.address,
                started_at=one.started_at,
                last_seen_at=one.heard_at,
            )
            for one in self._activity.watching()
        ]

    def transcodes(self) -> tuple[int, int]:
        self._ask()
        return self._sessions.encoding, self._known.pace.max_encoding if self._known else 0

    def ffmpeg_version(self) -> str | None:
        self._ask()
        return self._known.ffmpeg.version if self._known and self._known.ffmpeg else None

    def _ask(self) -> None:
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._learn())

    async def _learn(self) -> None:
        self._known = await self._means.means()
