"""Playback: films that cannot be played as they are, subtitles, small pictures of films, who watches what."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from homemedia.accounts import Member, SessionEnded
from homemedia.accounts.guard import VISIT, played
from homemedia.accounts.tokens import TokenType
from homemedia.app.accounts import Accounts
from homemedia.app.base import Base
from homemedia.app.entrance import Entrance
from homemedia.app.library import Library
from homemedia.app.sharing import Sharing
from homemedia.core.problems import NotFound
from homemedia.core.stillness import Stillness
from homemedia.core.threads import Lane
from homemedia.library.events import LibrariesChanged, ScanFinished, ScanStarted
from homemedia.library.linked import LinkedTitles
from homemedia.library.presence import Presence
from homemedia.media.ffmpeg import Ffmpeg
from homemedia.playback.activity import Activity
from homemedia.playback.activity_routes import ActivityRoutes
from homemedia.playback.advice import Adviser
from homemedia.playback.events import ActivityChanged
from homemedia.playback.hardware import Hardware
from homemedia.playback.hardware_routes import HardwareRoutes
from homemedia.playback.history import History
from homemedia.playback.history_routes import HistoryRoutes
from homemedia.playback.info_routes import InfoRoutes as PlaybackInfoRoutes
from homemedia.playback.keyframes import Keyframes
from homemedia.playback.limits import Warden
from homemedia.playback.linked import LinkedStreams
from homemedia.playback.means import MeansSource
from homemedia.playback.session_routes import TranscodeRoutes
from homemedia.playback.sessions import TOKEN_LIFE_S, Sessions
from homemedia.playback.subtitles import Subtitles
from homemedia.playback.subtitles_cache import SubtitleCache
from homemedia.playback.subtitles_routes import SubtitleRoutes
from homemedia.playback.trickplay import Trickplay
from homemedia.playback.trickplay_routes import TrickplayRoutes
from homemedia.sharing import GrantsChanged
from homemedia.sharing.events import LinkChanged
from homemedia.sharing.links.door import fresh_player
from homemedia.sharing.links.visits import of_share, share_of

ROUTES: tuple[Any, ...] = (
    PlaybackInfoRoutes,
    SubtitleRoutes,
    TrickplayRoutes,
    TranscodeRoutes,
    HardwareRoutes,
    HistoryRoutes,
    ActivityRoutes,
)
# Jobs that read disks or keep the processor busy; nothing in the lane `idle` runs beside them.
BUSY_JOBS = ("scan", "refresh", "artwork", "keyframes")


class Playback:
    """What plays.

    Attributes:
        means: what there is to convert with.
        is_converting: whether somebody else keeps the processor busy with videos.
    """

    means: MeansSource
    presence: Presence
    sessions: Sessions
    activity: Activity
    subtitles: Subtitles
    trickplay: Trickplay

    def __init__(self, base: Base, entrance: Entrance, accounts: Accounts, sharing: Sharing, library: Library) -> None:
        self._base = base
        self._entrance = entrance
        self._accounts = accounts
        self._sharing = sharing
        self._library = library
        self.is_converting: Callable[[], bool] = lambda: False

    async def start(self) -> list[object]:
        """Build it; its routes."""
        base, files, tools = self._base, self._library.files, self._library.tools
        progress, browse = self._library.progress, self._library.browse
        hardware: Hardware = await base.stack.enter(
            "hardware", Hardware(base.db, base.clock, base.places, fixed_ffmpeg=base.settings.ffmpeg)
        )
        self.means = hardware
        keyframes = await base.stack.enter("keyframes", Keyframes(base.db, tools, base.jobs, base.clock))
        keyframes.register()
        files.keyframes = keyframes.state
        self.presence = Presence(await base.stack.enter("disk looks", Lane("disk looks", 4)))
        adviser = Adviser(base.db, files, tools, keyframes, self.means, self.presence)
        sessions = await self._sessions(hardware, adviser)

        async def following(actor: Member, key: str) -> str | None:
            item = await browse.detail(actor, key)
            return item.next if isinstance(item.next, str) else None

        async def program() -> Ffmpeg | None:
            return (await self.means.means()).ffmpeg

        subtitle_lane = await base.stack.enter("subtitle threads", Lane("subtitles", 4))
        texts = await base.stack.enter(
            "subtitles", SubtitleCache(base.places.cache_dir / "subtitles", program, subtitle_lane)
        )
        fonts = base.settings.playback.subtitle_font_dir
        self.subtitles = Subtitles(base.db, files, texts, subtitle_lane, font_dir=Path(fonts) if fonts else None)

        await self._trickplay()
        self._play_links(adviser)
        history = History(base.db, browse, base.clock)
        self._entrance.sweeper.more.append(history.sweep)
        routes = self._library.file_routes
        routes.reading, routes.absence = self.activity.reading, self.presence.absence
        return [
            SubtitleRoutes(self.subtitles),
            TrickplayRoutes(self.trickplay),
            PlaybackInfoRoutes(adviser, progress, following, self.subtitles),
            TranscodeRoutes(adviser, sessions, self._entrance.site.address, self.subtitles),
            HardwareRoutes(hardware),
            ActivityRoutes(self.activity, base.db, browse, files),
            HistoryRoutes(history),
        ]

    def is_played(self) -> bool:
        """Whether anybody watches or listens just now."""
        return any(one.state not in {"paused", "idle"} for one in self.activity.watching())

    async def _sessions(self, hardware: Hardware, adviser: Adviser) -> Sessions:
        """What is being converted, for whom, and how much of it at once."""
        base, files, progress = self._base, self._library.files, self._library.progress
        sessions: Sessions = await base.stack.enter(
            "playback sessions",
            Sessions(hardware.temp_dir, base.clock, token=self._media_token, sight=files.playable),
            stop_s=6.0,
        )
        self.sessions = sessions
        progress.on_session = sessions.heard
        self._entrance.guard.is_played = sessions.is_played
        base.bus.subscribe(SessionEnded, lambda event: sessions.end_of_sign_in(event.session_id))
        activity = self.activity = await base.stack.enter(
            "activity", Activity(sessions, base.clock, self._entrance.site.address, base.bus.publish)
        )
        activity.limit_of = lambda member: member.restrictions.max_streams
        warden = await base.stack.enter(
            "playback limits", Warden(activity, self._fresh_player, files.playable, base.clock)
        )
        activity.may_play = adviser.may_play = warden.check
        base.bus.subscribe(GrantsChanged, lambda _event: warden.look())
        adviser.preferences_of = self._accounts.preferences.of
        progress.on_report = activity.reported
        sessions.admit = activity.admit
        sessions.on_changed = activity.look_soon
        sessions.on_taken = activity.taken
        base.bus.subscribe(SessionEnded, lambda event: activity.end_of_sign_in(event.session_id))

        def yield_to(is_busy: bool) -> None:  # noqa: FBT001 - a switch
            may_probe = self._library.scanner.may_probe
            (may_probe.clear if is_busy else may_probe.set)()
            hardware.on_load(is_busy)

        sessions.on_load = yield_to
        return sessions

    def _media_token(self, member: Member, session_id: str, file_id: int) -> str:
        share_id = share_of(member.session_id)
        if share_id:
            # What a visitor plays opens as a stream, and never as a file.
            file_id = 0
        return self._entrance.tokens.issue(
            TokenType.MEDIA,
            user_id=share_id or member.user_id,
            session_id=member.session_id,
            lifetime_s=TOKEN_LIFE_S,
            resource=played(session_id, file_id),
        )

    async def _fresh_player(self, member: Member) -> Member | None:
        """Who plays, as the database says now; by a link too."""
        if member.session_id.startswith(VISIT):
            return await fresh_player(self._sharing.link_door, member)
        return await self._accounts.members.fresh(member)

    def _play_links(self, adviser: Adviser) -> None:
        """Titles behind links, for whoever holds one."""
        base, library, sharing = self._base, self._library, self._sharing
        streams = sharing.shared_routes.streams = LinkedStreams(adviser, self.sessions, self.subtitles)
        base.bus.subscribe(LinkChanged, lambda event: self._end_visits(streams, event.share_id))
        sharing.behind_links.register(LinkedTitles(base.db, library.browse, library.files, library.renditions))

    async def _end_visits(self, streams: LinkedStreams, share_id: str) -> None:
        """A link is another one by now, or over: what is played by it ends, unless it goes on as it was."""
        try:
            share, _, _ = await self._sharing.links.current(share_id)
        except NotFound:
            streams.end(of_share(share_id))
        else:
            streams.end_others(of_share(share_id), f"{of_share(share_id)}{share.epoch}:")

    async def _trickplay(self) -> None:
        """Small pictures of films, made when nobody plays and no disk is looked through."""
        base = self._base

        def is_busy() -> bool:
            return self.is_played() or self.is_converting() or any(base.jobs.running(kind) for kind in BUSY_JOBS)

        settings = base.settings.playback
        stillness = Stillness(is_busy)
        self.trickplay = Trickplay(
            base.db,
            self._library.files,
            self._library.tools,
            base.jobs,
            base.places.cache_dir / "trickplay",
            stillness,
            base.clock,
            limit_bytes=settings.previews_limit_mb << 20 if settings.previews else 0,
        )
        self.trickplay.register()
        await base.stack.enter("trickplay", self.trickplay)
        base.bus.subscribe(ActivityChanged, lambda _event: stillness.look())
        base.bus.subscribe(ScanStarted, lambda _event: stillness.look())
        base.bus.subscribe(ScanFinished, lambda event: self.trickplay.wish(f"scan-{event.scan_id}"))
        base.bus.subscribe(LibrariesChanged, lambda _event: self.trickplay.wish("libraries"))
