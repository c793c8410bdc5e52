"""Photos: what members keep of their own pictures, how it comes in and where it stays."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from homemedia.accounts import Guest
from homemedia.app.accounts import Accounts
from homemedia.app.base import Base
from homemedia.app.entrance import Entrance
from homemedia.app.library import Library
from homemedia.app.photo_pages import PAGE_ROUTES, PhotoPages
from homemedia.app.playback import Playback
from homemedia.app.sharing import Sharing
from homemedia.core.db import Write
from homemedia.core.stillness import Stillness
from homemedia.core.threads import Lane
from homemedia.library.digesting import Digesting
from homemedia.library.managed import Managed
from homemedia.library.rendition import KeptRenditions, RenditionSweep
from homemedia.library.rendition_video import VideoRenditions
from homemedia.photos.events import PhotoSettingsChanged, PhotosReady
from homemedia.photos.intake import Intake, Kept
from homemedia.photos.linked import LinkedPhotos
from homemedia.photos.living import Living
from homemedia.photos.meaning import Meaning
from homemedia.photos.originals import OriginalRoutes
from homemedia.photos.pictures import PictureRoutes
from homemedia.photos.placing import Placing
from homemedia.photos.playable import Playable, policy_of
from homemedia.photos.queues.names import SCANS
from homemedia.photos.queues.routes import QueueRoutes
from homemedia.photos.queues.service import Queues
from homemedia.photos.removal import Removal
from homemedia.photos.scanned import ScannedPhotos
from homemedia.photos.settle import Settle
from homemedia.photos.sidecars import Sidecars
from homemedia.photos.sweep import Sweep
from homemedia.photos.sync.routes import SyncRoutes
from homemedia.photos.sync.service import Sync
from homemedia.photos.trash import Trash
from homemedia.photos.trash_routes import TrashRoutes
from homemedia.photos.upload_routes import UploadRoutes
from homemedia.photos.whereabouts import Place, Whereabouts
from homemedia.playback.events import ActivityChanged

ROUTES: tuple[Any, ...] = (
    *PAGE_ROUTES,
    UploadRoutes,
    OriginalRoutes,
    TrashRoutes,
    PictureRoutes,
    QueueRoutes,
    SyncRoutes,
)
# Converting a video can rest at any moment, so it begins after a shorter pause than what is broken off.
CALM_FOR_VIDEOS_S = 3.0


class Photos:
    """Members' pictures and videos.

    Attributes:
        managed: the folder of ours in which uploads stay.
        kept: renditions that stay beside what they were made of.
        videos: what makes videos playable everywhere.
        queues: what administrators hold and start.
        starts: what administrators start by hand, by the name of its queue.
    """

    managed: Managed
    kept: KeptRenditions
    settling: Settle
    queues: Queues
    whereabouts: Whereabouts
    trash: Trash

    def __init__(
        self,
        base: Base,
        entrance: Entrance,
        accounts: Accounts,
        sharing: Sharing,
        library: Library,
        playback: Playback,
    ) -> None:
        self._base = base
        self._entrance = entrance
        self._accounts = accounts
        self._sharing = sharing
        self._library = library
        self._playback = playback
        self._config = accounts.photo_config
        self._pages = PhotoPages(base, entrance, accounts, sharing)

    async def start(self) -> list[object]:
        """Build it; its routes."""
        base, tools = self._base, self._library.tools
        managed = self.managed = await base.stack.enter(
            "managed root", Managed(base.db, base.places.media_dir, base.clock)
        )
        managed.register(base.jobs)
        intake = await base.stack.enter("photo intake", Intake(base.db, managed, base.clock))
        kept = self.kept = await base.stack.enter("kept renditions", KeptRenditions(base.places.renditions_dir))
        managed.drop_pictures = kept.drop
        kept_sweep = RenditionSweep(base.db, kept)
        kept_sweep.register(base.jobs)
        await base.stack.enter("renditions sweep", kept_sweep)
        await self._meaning()
        settle = self.settling = Settle(base.db, tools, kept, base.jobs, base.clock)
        settle.register()
        settle.is_busy = lambda: bool(managed.staging.receiving) or self._playback.is_played()
        playable = await self._playable()
        settle.after_facts.append(playable.notice)
        await base.stack.enter("photo settling", settle)
        intake.after = settle.wish
        living = await base.stack.enter("living photos", Living(base.db, intake, managed.staging, base.clock))
        self.whereabouts = await base.stack.enter(
            "whereabouts", Whereabouts(tools, base.places.data_dir / "places", base.places.cache_dir)
        )
        settle.place_of = self._place_of
        settle.after_facts.append(living.pair)
        settle.after_all.append(living.take_out)
        settle.images = lambda: self._config.images
        self._place_files()
        sweep = Sweep(base.db, managed, intake, base.clock)
        sweep.register(base.jobs)
        await base.stack.enter("photo sweep", sweep)
        removal = Removal(base.db, managed, base.clock)
        await self._write_sidecars(removal)
        living.remove = removal.remove
        trash = self.trash = Trash(base.db, removal, base.clock)
        trash.days = lambda: self._config.trash_days
        trash.register(base.jobs)
        self._follow_scans(removal)
        self._entrance.sweeper.more.append(trash.sweep)
        self._accounts.members.purgers.append(trash.forget_owner)
        originals = OriginalRoutes(base.db, kept, base.clock)
        originals.ask = playable.ask
        originals.transfers, originals.again = self._sharing.transfers, self._sharing.links.again
        albums = self._pages.albums(removal)
        uploads = UploadRoutes(intake, managed.staging, base.clock)
        uploads.receive = await self._link_photos(intake)
        return [
            *albums,
            *self._pages.organised(tools, settle, removal, kept, self._sidecars),
            uploads,
            originals,
            TrashRoutes(trash),
            PictureRoutes(base.db, kept, self._library.renditions, base.clock),
            *await self._pages.browse(self._shown, self._sidecars, self.whereabouts, self._place_of, self._wake_photos),
            QueueRoutes(await self._queues()),
            SyncRoutes(Sync(base.db, self._accounts.photo_preferences, base.clock)),
        ]

    async def _link_photos(self, intake: Intake) -> Callable[[Guest, web.Request], Awaitable[Kept]]:
        """Photos behind links; what takes in those that visitors bring."""
        base = self._base

        async def put(guest: Guest, photo_id: str) -> None:
            if guest.target_type == "collection":
                await self._pages.contents.add(guest.maker, guest.target_id, [photo_id])
            else:
                await self._sharing.shares.put(guest.share_id, photo_id)

        lane = await base.stack.enter("photos of links", Lane("photos of links", 1))
        linked = LinkedPhotos(
            base.db, self.kept, self._library.renditions, intake, self.managed.staging, lane, put, base.clock
        )
        self._sharing.behind_links.register(linked)

        async def receive(guest: Guest, request: web.Request) -> Kept:
            kept = await linked.receive(guest, request)
            self._sharing.links.note_added(guest.share_id, kept.photo_id, self._sharing.visit(request))
            return kept

        return receive

    async def _playable(self) -> Playable:
        """Videos of photos that not every browser plays."""
        base = self._base

        async def program() -> str | None:
            found = (await self._playback.means.means()).ffmpeg
            return None if found is None else found.path

        def is_busy() -> bool:
            return self._playback.is_played() or bool(self.managed.staging.receiving)

        stillness = self.video_stillness = Stillness(is_busy, calm_s=CALM_FOR_VIDEOS_S)
        base.bus.subscribe(ActivityChanged, lambda _event: stillness.look())
        videos = self.videos = VideoRenditions(base.db, self.kept, self._library.tools, stillness, base.clock)
        self._playback.is_converting = lambda: videos.is_working
        videos.program = program
        playable = self._films = Playable(base.db, base.jobs, videos)
        playable.policy = lambda: policy_of(self._config.document["ffmpeg"])
        playable.register()
        base.bus.subscribe(PhotoSettingsChanged, lambda _event: playable.look_again())
        await base.stack.enter("playable videos", playable)
        return playable

    async def _meaning(self) -> None:
        """What photos show, where the household has a model."""
        base, folders = self._base, self._base.places
        shown = self._shown = Meaning(
            base.db,
            self._library.tools,
            self.kept,
            base.jobs,
            folder=folders.data_dir / "models" / "meaning",
            cache=folders.cache_dir / "meaning",
        )
        shown.still = self._playback.trickplay.stillness.wait
        shown.register()
        await base.stack.enter("meaning of photos", shown)
        base.bus.subscribe(PhotosReady, shown.notice)

    async def _wake_photos(self, tx: Write, photos: object = None) -> None:
        """Photos are owed something; who pays it looks what it is."""
        await self.settling.wish(tx, photos)
        await self._films.wish(tx, photos)

    async def _queues(self) -> Queues:
        """What the house has to do, as the photo API names it."""
        base = self._base
        queues = Queues(base.db, base.jobs, base.clock)
        queues.wake, queues.sweep = self._wake_photos, self._entrance.sweeper.sweep
        queues.starts["storageTemplateMigration"] = self._placing.wish
        queues.on_paused[SCANS] = self._library.desk.interrupt
        self.queues, self.starts = queues, queues.starts
        await base.stack.enter("photo queues", queues)
        return queues

    async def _place_of(self, north: float, east: float) -> Place:
        """The names of a position, unless an administrator wants none."""
        return await self.whereabouts.place_of(north, east) if self._config.names_places else Place()

    def _place_files(self) -> None:
        """Files lie where the household's template says."""
        placing = self._placing = Placing(self._base.db, self.managed)
        placing.template = lambda: self._config.storage_template
        placing.register(self._base.jobs)
        self.settling.after_all.append(lambda photo, _facts: placing.place(photo.photo_id))

    async def _write_sidecars(self, removal: Removal) -> None:
        """What members say of their photos stands beside them, for other programs."""
        base = self._base
        sidecars = self._sidecars = Sidecars(base.db, self.managed, self._library.disks, base.places.sidecars_dir)
        sidecars.register(base.jobs)
        await base.stack.enter("sidecars of photos", sidecars)
        self.settling.edits_of = sidecars.path_of
        removal.before.append(sidecars.leaving)

    def _follow_scans(self, removal: Removal) -> None:
        """Photos in folders that the library scans."""
        base, library = self._base, self._library
        digesting = Digesting(base.db, library.disks, base.clock)
        digesting.register(base.jobs)
        digesting.still = self._playback.trickplay.stillness.wait
        scanned = ScannedPhotos(base.db, removal, base.clock)
        scanned.after, scanned.digest = self.settling.wish, digesting.wish
        library.scanner.follower = library.libraries.follower = scanned
        library.browse.counts_of = scanned.counts
