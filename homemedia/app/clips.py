"""Clips: the feed of what members found elsewhere."""

from typing import Any

from homemedia.app.accounts import Accounts
from homemedia.app.base import Base
from homemedia.app.clip_talk import TALK_ROUTES, ClipTalkParts
from homemedia.app.entrance import Entrance
from homemedia.app.library import Library
from homemedia.app.photos import Photos
from homemedia.app.playback import Playback
from homemedia.app.sharing import Sharing
from homemedia.clips.download.downloader import Downloader
from homemedia.clips.download.provider import YTDLP, Provider
from homemedia.clips.download.provider_routes import ProviderRoutes
from homemedia.clips.downloads import AT_ONCE, LANE, Downloads
from homemedia.clips.events import ClipProgress, ClipsChanged, ClipTalk, UnwatchedChanged
from homemedia.clips.feed import Feed
from homemedia.clips.feed_routes import FeedRoutes, StatsRoutes, WatchingRoutes
from homemedia.clips.finishing import Finishing
from homemedia.clips.intake import Intake
from homemedia.clips.intake_routes import IntakeRoutes, RefetchRoutes, ShareRoutes, ShareTokenRoutes
from homemedia.clips.linked import LinkedClips
from homemedia.clips.media import Media
from homemedia.clips.media_routes import MediaRoutes
from homemedia.clips.refetch import Refetch
from homemedia.clips.removal import Removal
from homemedia.clips.share_door import ShareDoor
from homemedia.clips.shared_targets import ClipTargets
from homemedia.clips.watching import Watching
from homemedia.core.http.live import LiveChannel
from homemedia.core.stillness import Stillness
from homemedia.core.threads import Lane
from homemedia.library.rendition_video import VideoRenditions

ROUTES: tuple[Any, ...] = (
    IntakeRoutes,
    RefetchRoutes,
    ShareRoutes,
    ShareTokenRoutes,
    FeedRoutes,
    WatchingRoutes,
    StatsRoutes,
    MediaRoutes,
    ProviderRoutes,
    *TALK_ROUTES,
)
GROUP = "clips"


class Clips:
    """What is handed to the slice; it adds what it is made of.

    From `base` the database, jobs, bus, clock, places, settings and the stack; from `entrance` the guard, the site and
    the sweeper; from `accounts` the members (and `purgers`), the group and preferences; from `sharing` targets, links
    and transfers; from `library` tools, `outbound` and `renditions` of pictures; from `playback` `means`, `is_played`
    and stillness; from `photos` `managed`, `kept` and `videos`.

    Attributes:
        removal: how clips go.
        intake: how they come in.
        downloads: fetches them.
        finishing: makes clips of what was fetched.
        provider: by which program.
        talk: what is said of them, and what keeps the feed.
    """

    removal: Removal
    intake: Intake
    downloads: Downloads
    finishing: Finishing
    provider: Provider
    talk: ClipTalkParts

    def __init__(
        self,
        base: Base,
        entrance: Entrance,
        accounts: Accounts,
        sharing: Sharing,
        library: Library,
        playback: Playback,
        photos: Photos,
    ) -> None:
        self._base = base
        self._entrance = entrance
        self._accounts = accounts
        self._sharing = sharing
        self._library = library
        self._playback = playback
        self._photos = photos

    async def start(self) -> list[object]:
        """Build it; its routes."""
        self.removal = Removal(self._photos.managed)
        accounts = self._accounts
        talk = self.talk = ClipTalkParts(self._base, accounts.group, self.removal, self._photos.managed)
        return [*await self._coming_in(), *await self._shown(), *await talk.start(accounts.clip_auth)]

    async def _shown(self) -> list[object]:
        """The feed, and the bytes of its clips, also for who holds a link to one."""
        base, sharing, kept = self._base, self._sharing, self._photos.kept
        feed, watching = Feed(base.db, self.removal.remove), Watching(base.db, base.clock)
        feed.is_moderated = base.settings.clips.host_moderation
        media = Media(base.db, kept)
        media_routes = MediaRoutes(media)
        media_routes.transfers = sharing.transfers
        base.bus.subscribe(ClipsChanged, self._cut)
        lane = await base.stack.enter("clips of links", Lane("clips of links", 1))
        sharing.targets.register(ClipTargets())
        sharing.behind_links.register(LinkedClips(base.db, media, self._library.renditions, lane))
        return [FeedRoutes(feed, watching), WatchingRoutes(watching), StatsRoutes(watching), media_routes]

    async def _coming_in(self) -> list[object]:
        """Links, and what becomes of them."""
        base, entrance, photos = self._base, self._entrance, self._photos
        rules = base.settings.clips
        # A person waits for a clip: it is made playable whoever plays, below everything else.
        videos = VideoRenditions(base.db, photos.kept, self._library.tools, Stillness(_never, calm_s=0.0), base.clock)
        finishing = self.finishing = await base.stack.enter(
            "clips being finished", Finishing(base.db, photos.managed, self._library.tools, videos, base.clock)
        )
        finishing.program = self._program
        base.jobs.lane(LANE, AT_ONCE)
        provider = self.provider = await base.stack.enter(
            "provider of clips",
            Provider(
                base.db,
                base.places.data_dir / "providers" / YTDLP,
                rules.provider_index_url,
                clock=base.clock,
            ),
        )
        downloader = await base.stack.enter(
            "downloader of clips",
            Downloader(
                provider,
                ffmpeg=self._program,
                private_hosts=rules.allowed_private_hosts,
                resolver_url=rules.music_resolver_url if rules.resolve_music else None,
                limit_s=rules.download_minutes * 60,
            ),
        )
        downloads = self.downloads = Downloads(base.db, base.jobs, photos.managed, downloader, finishing, base.bus)
        downloads.is_provided = provider.is_active
        downloads.register()
        await base.stack.enter("downloads of clips", downloads)
        intake = self.intake = Intake(base.db, rules.allowed_private_hosts, base.clock)
        intake.download = downloads.wish
        intake.is_provided = provider.is_active
        refetch = await base.stack.enter("facts of clips", Refetch(base.db, photos.managed, downloads))
        door = ShareDoor(base.db, base.settings.accounts.country_code, base.clock)
        return [
            IntakeRoutes(intake),
            RefetchRoutes(intake, refetch),
            ShareRoutes(intake, door, entrance.site, entrance.guard.maybe, base.clock),
            ShareTokenRoutes(door),
            ProviderRoutes(provider),
        ]

    async def _cut(self, event: ClipsChanged) -> None:
        """What is sent of clips that are gone ends."""
        if event.what != "added":
            await self._sharing.transfers.look_again()

    async def _program(self) -> str | None:
        """The path of ffmpeg."""
        found = (await self._playback.means.means()).ffmpeg
        return None if found is None else found.path

    def tell(self, live: LiveChannel) -> None:
        """What the live channel says of clips: members alone listen, and every clip is for all of them."""
        live.forward(
            ClipsChanged,
            "clips.changed",
            GROUP,
            lambda event: {"ids": event.clip_ids, "what": event.what},
        )
        live.forward(ClipProgress, "clips.progress", GROUP, _progress_frame)
        live.forward(
            ClipTalk,
            "clips.talk",
            GROUP,
            lambda event: {"id": event.clip_id, "what": event.what, "by": event.by},
        )
        live.forward(
            UnwatchedChanged,
            "clips.unwatched",
            GROUP,
            lambda _event: {},
            lambda actor, event: not event.user_ids or actor.user_id in event.user_ids,
        )


def _progress_frame(event: ClipProgress) -> dict[str, Any]:
    return {
        "id": event.clip_id,
        "stage": event.stage,
        "percent": event.percent,
        "bytesDone": event.bytes_done,
        "bytesTotal": event.bytes_total,
    }


def _never() -> bool:
    return False
