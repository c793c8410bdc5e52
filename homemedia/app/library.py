"""The library: folders and what lies in them, their scans, pictures and texts, lists of what there is."""

from typing import Any

from homemedia.accounts import MemberChanged
from homemedia.accounts.avatars.routes import AvatarRoutes, ProfileImageRoutes
from homemedia.accounts.avatars.service import AvatarService
from homemedia.accounts.oidc.pictures import PictureCopier
from homemedia.app.accounts import Accounts
from homemedia.app.base import Base
from homemedia.app.entrance import Entrance
from homemedia.app.sharing import Sharing
from homemedia.core.http.outbound import Outbound
from homemedia.core.threads import Lane
from homemedia.library import search
from homemedia.library.artwork import ArtworkMaker
from homemedia.library.artwork.renditions import Renditions
from homemedia.library.artwork.routes import ArtworkRoutes
from homemedia.library.browse import Browse
from homemedia.library.browse_routes import BrowseRoutes
from homemedia.library.departed import Departed
from homemedia.library.editing.nfo_job import NfoWriter
from homemedia.library.editing.pictures import PictureDesk
from homemedia.library.editing.remote import TmdbPictures
from homemedia.library.editing.routes import EditRoutes
from homemedia.library.editing.service import EditService
from homemedia.library.events import ItemsChanged, LibrariesChanged
from homemedia.library.files import FileService
from homemedia.library.files_routes import FileRoutes
from homemedia.library.jobs import ScanDesk
from homemedia.library.libraries import LibraryService
from homemedia.library.libraries_routes import LibraryAdminRoutes
from homemedia.library.metadata import MetadataReader
from homemedia.library.metadata.pictures import NamedPictures
from homemedia.library.playlists import Playlists
from homemedia.library.playlists_routes import PlaylistRoutes
from homemedia.library.scan.disks import Disks
from homemedia.library.scan.scanner import Parts, Scanner
from homemedia.library.seen_by import SeenBy
from homemedia.library.seen_by_routes import SeenByRoutes
from homemedia.library.shelf import Shelf
from homemedia.library.shelf_routes import ShelfRoutes
from homemedia.library.tmdb.client import TmdbClient
from homemedia.library.tmdb.keys import KeyRing
from homemedia.library.tmdb.matcher import Matcher
from homemedia.library.tmdb.pictures import PictureHouse
from homemedia.library.tmdb.routes import MatchRoutes
from homemedia.library.tmdb.service import TmdbService
from homemedia.library.tmdb.writing import Scribe
from homemedia.library.watcher import Watcher
from homemedia.media.tools import MediaTools
from homemedia.playback import Hubs, ProgressService, Thresholds, WatchlistChanged, WatchStateChanged, watch_sql
from homemedia.playback.routes import HubRoutes, ProgressRoutes
from homemedia.playback.watchlist import WatchlistService
from homemedia.playback.watchlist_routes import WatchlistRoutes
from homemedia.sharing import GrantsChanged

ROUTES: tuple[Any, ...] = (
    ProfileImageRoutes,
    AvatarRoutes,
    LibraryAdminRoutes,
    BrowseRoutes,
    ShelfRoutes,
    SeenByRoutes,
    PlaylistRoutes,
    FileRoutes,
    ArtworkRoutes,
    MatchRoutes,
    EditRoutes,
    ProgressRoutes,
    HubRoutes,
    WatchlistRoutes,
)


class Library:
    """What the household has on its disks.

    Attributes:
        tools: what reads media; also pictures and photos.
        disks: which disks answer.
        renditions: pictures in the sizes that pages ask for.
        file_routes: is told by playback what is read.
    """

    progress: ProgressService
    file_routes: FileRoutes
    libraries: LibraryService
    scanner: Scanner
    desk: ScanDesk
    outbound: Outbound

    def __init__(self, base: Base, entrance: Entrance, accounts: Accounts, sharing: Sharing) -> None:
        self._base = base
        self._entrance = entrance
        self._members = accounts.members
        self._transfers = sharing.transfers
        self.files = FileService(base.db)
        self.thresholds = Thresholds(
            watched_percent=base.settings.playback.watched_percent,
            resume_percent=base.settings.playback.resume_percent,
        )
        self.tools = MediaTools()
        base.stack.push("media tools", self.tools.close)
        self.disks = Disks()

    async def start(self) -> list[object]:
        """Build it; its routes."""
        base, tools, disks = self._base, self.tools, self.disks
        avatars = await base.stack.enter("avatars", AvatarService(base.db, tools, base.places.avatars_dir, base.clock))
        avatars.register(base.jobs)
        self._members.purgers.append(avatars.forget)
        metadata = MetadataReader(base.db, tools, base.clock, disks)
        artwork = await base.stack.enter("artwork", ArtworkMaker(base.db, tools, base.jobs, base.places, base.clock))
        artwork.register()
        self.outbound = await base.stack.enter("outbound", Outbound())
        PictureCopier(base.db, avatars, self.outbound.fetch_picture).register(base.jobs)
        picture_lane = await base.stack.enter("pictures", Lane("pictures", 1))
        nfo_writer = await base.stack.enter("nfo writer", NfoWriter(base.db, base.jobs, base.clock))
        nfo_writer.register()
        pictures = PictureDesk(tools, self.outbound, base.places.artwork_dir, picture_lane, disks)
        self.renditions = Renditions(base.places.cache_dir / "images", tools, disks=disks)
        base.stack.push("renditions", self.renditions.close)
        hubs = await self._watching()
        artwork_routes = ArtworkRoutes(base.db, self.renditions)
        matcher, match_routes = await self._tmdb(artwork_routes, pictures)
        editing = EditService(base.db, pictures, base.clock, after=nfo_writer.wish)
        editing.match = matcher.wish
        named = await base.stack.enter(
            "named pictures",
            NamedPictures(base.db, base.jobs, self.outbound, tools, base.places.artwork_dir, base.clock),
        )
        named.register()
        metadata.on_read = (matcher.owe, named.notice)
        desk = await self._scanning(metadata, artwork, matcher)
        self.libraries = LibraryService(
            base.db,
            desk,
            base.places,
            disks,
            self._entrance.grants,
            base.clock,
            language=base.settings.library.language,
            country=base.settings.library.country,
        )
        self._follow_owners()
        self.file_routes = FileRoutes(self.files, self._transfers)
        browse = self.browse
        return [
            LibraryAdminRoutes(self.libraries, desk, browse),
            BrowseRoutes(browse),
            ShelfRoutes(Shelf(base.db, browse)),
            SeenByRoutes(SeenBy(base.db, self._members, browse, base.clock)),
            PlaylistRoutes(Playlists(base.db, browse)),
            self.file_routes,
            artwork_routes,
            match_routes,
            EditRoutes(editing),
            ProfileImageRoutes(avatars),
            AvatarRoutes(avatars),
            ProgressRoutes(self.progress),
            HubRoutes(hubs),
            WatchlistRoutes(WatchlistService(base.db, browse, base.clock)),
        ]

    def is_scanning(self, library_id: str | None = None) -> bool:
        """Whether a library is looked through just now; any, without a name."""
        return any(library_id in (None, run.key) for run in self._base.jobs.running("scan"))

    async def _watching(self) -> Hubs:
        """What members have watched stands in every list."""
        base = self._base
        browse = self.browse = Browse(base.db, watch_sql(self.thresholds), base.clock, self.is_scanning, bus=base.bus)
        progress = self.progress = await base.stack.enter(
            "progress", ProgressService(base.db, base.clock, self.thresholds)
        )
        browse.track_choice = progress.track_choice
        progress.is_dropping_watched = base.settings.playback.remove_watched_from_watchlist
        hubs = Hubs(base.db, browse, progress, base.clock, self.thresholds, is_told=True)
        base.bus.subscribe(ItemsChanged, lambda _event: hubs.forget_all())
        base.bus.subscribe(WatchStateChanged, lambda event: hubs.forget(event.user_id))
        base.bus.subscribe(WatchlistChanged, lambda event: hubs.forget(event.user_id))
        base.bus.subscribe(GrantsChanged, lambda _event: hubs.forget_all())
        base.bus.subscribe(MemberChanged, lambda event: hubs.forget(event.user_id))
        return hubs

    async def _scanning(self, metadata: MetadataReader, artwork: ArtworkMaker, matcher: Matcher) -> ScanDesk:
        """What looks through folders, and what watches them."""
        base, disks = self._base, self.disks
        lane = await base.stack.enter("scan threads", Lane("scan", 4))
        scanner = self.scanner = Scanner(
            Parts(
                db=base.db,
                clock=base.clock,
                lane=lane,
                disks=disks,
                tools=self.tools,
                reader=metadata,
                artist=artwork,
                index_items=search.index_items,
                publish=base.bus.publish,
                online=matcher,
                owned=(base.places.data_dir, base.places.transcode_dir),
            )
        )
        desk = self.desk = ScanDesk(base.db, base.jobs, scanner, base.clock, is_watched=base.settings.library.watch)
        desk.register()
        await base.stack.enter("scan desk", desk)
        if base.settings.library.watch:
            watcher = Watcher(
                base.db,
                base.bus,
                lambda library_id, scopes: desk.scan(library_id, scopes=scopes),
                links=lambda root_id: scanner.links.get(root_id, {}),
                disks=disks,
                owned=(base.places.data_dir, base.places.transcode_dir),
            )
            await base.stack.enter("watcher", watcher)
            scanner.reports = watcher.reports
        return desk

    def _follow_owners(self) -> None:
        """A member's own libraries go with him."""
        departed = Departed(self._base.db, self.libraries.drop)
        departed.register(self._base.jobs)
        self._members.purgers.append(departed.forget)

    async def _tmdb(self, artwork: ArtworkRoutes, desk: PictureDesk) -> tuple[Matcher, MatchRoutes]:
        """What asks TMDb, in the background and by hand."""
        base, settings = self._base, self._base.settings.library
        keys = KeyRing(base.db, base.clock, settings.tmdb_key)
        await keys.load()
        client = await base.stack.enter(
            "tmdb",
            TmdbClient(
                url=settings.tmdb_url,
                image_url=settings.tmdb_image_url,
                folder=base.places.cache_dir / "tmdb" / "answers",
                clock=base.clock,
                secret=lambda: keys.secret,
            ),
        )
        pictures = await base.stack.enter(
            "tmdb pictures", PictureHouse(base.db, client, self.tools, base.places, base.clock)
        )
        scribe = Scribe(base.db, client, pictures, base.clock)
        matcher = Matcher(base.db, base.jobs, client, scribe, keys, base.clock)
        matcher.register()
        service = TmdbService(base.db, client, scribe, matcher, pictures, keys, base.clock)
        artwork.remote = pictures.found
        desk.remote = TmdbPictures(service, pictures)
        base.bus.subscribe(LibrariesChanged, lambda _event: matcher.wish_all())
        return matcher, MatchRoutes(service, matcher, keys, self.browse)
