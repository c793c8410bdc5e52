"""The composition root: builds every part of one household's server once, in order, and stops them in reverse.

Nothing else builds services. Siblings that must know of each other meet here, through a protocol or an event.
"""

import asyncio
import contextlib
import platform
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Self

import msgspec
from aiohttp import web

from homemedia import __version__
from homemedia.accounts import (
    Guest,
    HouseholdChanged,
    InvitesChanged,
    Member,
    MemberChanged,
    PictureChanged,
    SessionEnded,
    SessionsChanged,
)
from homemedia.accounts.api_keys.routes import ApiKeyRoutes
from homemedia.accounts.api_keys.service import ApiKeyService
from homemedia.accounts.avatars.routes import AvatarRoutes, ProfileImageRoutes
from homemedia.accounts.avatars.service import AvatarService
from homemedia.accounts.claim import ClaimService
from homemedia.accounts.codes.desk import SenderDesk
from homemedia.accounts.codes.gateways import GatewayClient
from homemedia.accounts.codes.routes import SenderRoutes
from homemedia.accounts.codes.senders import CodeShown
from homemedia.accounts.codes.service import CodeService
from homemedia.accounts.codes.smtp import Mail
from homemedia.accounts.family.coming_in import ComingIn
from homemedia.accounts.family.group import GroupService
from homemedia.accounts.family.profile import ProfileService
from homemedia.accounts.family.routes import ClipAuthRoutes, ClipProfileRoutes, GroupRoutes, PhoneRoutes
from homemedia.accounts.guard import VISIT, Guard, played
from homemedia.accounts.household import HouseholdService
from homemedia.accounts.invites import InviteService
from homemedia.accounts.invites_routes import InviteRoutes, StandingInviteRoutes
from homemedia.accounts.key_login.pairs import Pairs
from homemedia.accounts.key_login.routes import KeyLoginRoutes, OwnKeyRoutes
from homemedia.accounts.key_login.service import KeyLogin
from homemedia.accounts.key_login.waiting import approve, waiting
from homemedia.accounts.keys import Keys
from homemedia.accounts.links import LinkService
from homemedia.accounts.members import MemberService
from homemedia.accounts.members_routes import MemberRoutes, OwnMemberRoutes
from homemedia.accounts.oidc.config import ConfigDesk
from homemedia.accounts.oidc.desk import Desk
from homemedia.accounts.oidc.flow import Flow
from homemedia.accounts.oidc.people import People
from homemedia.accounts.oidc.photo_routes import OauthRoutes
from homemedia.accounts.oidc.pictures import PictureCopier
from homemedia.accounts.oidc.provider import Provider
from homemedia.accounts.oidc.routes import CloudRoutes, OidcRoutes
from homemedia.accounts.pairing.routes import PairingRoutes
from homemedia.accounts.pairing.service import PairingService
from homemedia.accounts.password_login import OtherWays, PasswordLogin
from homemedia.accounts.password_login_routes import PasswordLoginRoutes
from homemedia.accounts.passwords import Passwords
from homemedia.accounts.photo_account.accounts import PhotoAccountService
from homemedia.accounts.photo_account.admin_routes import PhotoAdminRoutes
from homemedia.accounts.photo_account.further import FurtherSessions
from homemedia.accounts.photo_account.pin import PinService
from homemedia.accounts.photo_account.preferences import PhotoPreferenceService
from homemedia.accounts.photo_account.routes import (
    FurtherSessionRoutes,
    PhotoAuthRoutes,
    PhotoUserRoutes,
    WellKnownRoutes,
)
from homemedia.accounts.preferences import PreferenceService
from homemedia.accounts.routes import AccountRoutes, HouseholdRoutes, SignInRoutes
from homemedia.accounts.sessions import SessionService
from homemedia.accounts.sign_in import SignInService
from homemedia.accounts.site import Site
from homemedia.accounts.sweeper import Sweeper
from homemedia.accounts.tokens import Tokens, TokenType
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.events import EventBus
from homemedia.core.http.cors import Cors
from homemedia.core.http.errors import dress, edge, observers_of
from homemedia.core.http.families import Family
from homemedia.core.http.limits import FamilyPace, RateLimit, parse_proxies
from homemedia.core.http.live import LiveChannel
from homemedia.core.http.openapi import document
from homemedia.core.http.openfiles import keep_open_files
from homemedia.core.http.outbound import Outbound
from homemedia.core.http.routes import Route, Routes, mount
from homemedia.core.http.transfers import Still, Transfers
from homemedia.core.jobs import Jobs
from homemedia.core.lifecycle import Stack
from homemedia.core.memory import give_back
from homemedia.core.places import Places
from homemedia.core.problems import NotFound, StartRefused
from homemedia.core.rest import Rest
from homemedia.core.stillness import Stillness
from homemedia.core.threads import Lane
from homemedia.discovery import Announcer
from homemedia.discovery.addresses import of_this_machine
from homemedia.discovery.machine import machine
from homemedia.library import search
from homemedia.library.access import Access
from homemedia.library.artwork import ArtworkMaker
from homemedia.library.artwork.renditions import Renditions
from homemedia.library.artwork.routes import ArtworkRoutes
from homemedia.library.audience import catch_up, keep_audiences
from homemedia.library.browse import Browse
from homemedia.library.browse_routes import BrowseRoutes
from homemedia.library.departed import Departed
from homemedia.library.digesting import Digesting
from homemedia.library.editing.nfo_job import NfoWriter
from homemedia.library.editing.pictures import PictureDesk
from homemedia.library.editing.remote import TmdbPictures
from homemedia.library.editing.routes import EditRoutes
from homemedia.library.editing.service import EditService
from homemedia.library.events import (
    ItemsChanged,
    LibrariesChanged,
    LibraryRemoved,
    ScanFinished,
    ScanProgressed,
    ScanStarted,
)
from homemedia.library.files import FileService
from homemedia.library.files_routes import FileRoutes
from homemedia.library.jobs import ScanDesk
from homemedia.library.libraries import LibraryService
from homemedia.library.libraries_routes import LibraryAdminRoutes
from homemedia.library.linked import LinkedTitles
from homemedia.library.managed import Managed
from homemedia.library.metadata import MetadataReader
from homemedia.library.metadata.pictures import NamedPictures
from homemedia.library.playlists import Playlists
from homemedia.library.playlists_routes import PlaylistRoutes
from homemedia.library.presence import Presence
from homemedia.library.rendition import KeptRenditions, RenditionSweep
from homemedia.library.rendition_video import VideoRenditions
from homemedia.library.scan.disks import Disks
from homemedia.library.scan.scanner import Parts, Scanner
from homemedia.library.seen_by import SeenBy
from homemedia.library.seen_by_routes import SeenByRoutes
from homemedia.library.shared_targets import LibraryTargets
from homemedia.library.shelf import Shelf
from homemedia.library.shelf_routes import ShelfRoutes
from homemedia.library.sight import LibrarySight
from homemedia.library.tmdb.client import TmdbClient
from homemedia.library.tmdb.keys import KeyRing
from homemedia.library.tmdb.matcher import Matcher
from homemedia.library.tmdb.pictures import PictureHouse
from homemedia.library.tmdb.routes import MatchRoutes
from homemedia.library.tmdb.service import TmdbService
from homemedia.library.tmdb.writing import Scribe
from homemedia.library.totals import LibraryTotals
from homemedia.library.watcher import Watcher
from homemedia.media.ffmpeg import Ffmpeg
from homemedia.media.photo_models import PhotoFacts
from homemedia.media.tools import MediaTools
from homemedia.notifications import InboxChanged, NoticeTold
from homemedia.notifications import vapid as push_keys
from homemedia.notifications.browsers import Browsers
from homemedia.notifications.clip_routes import ClipNoticeRoutes, PushRoutes
from homemedia.notifications.deliver import Deliverer
from homemedia.notifications.digest import Digests, SendMail
from homemedia.notifications.inbox import Inbox
from homemedia.notifications.preferences import NoticePreferences
from homemedia.notifications.pushing import Pushing
from homemedia.notifications.routes import InboxRoutes, NoticePreferenceRoutes
from homemedia.notifications.share_routes import ShareNoticeRoutes
from homemedia.notifications.wire import share_notice
from homemedia.photos.again import Again
from homemedia.photos.albums.activities import Activities
from homemedia.photos.albums.activity_routes import ActivityRoutes as AlbumActivityRoutes
from homemedia.photos.albums.contents import Contents
from homemedia.photos.albums.events import AlbumChanged, AlbumGone, AlbumTalk, PartnersChanged
from homemedia.photos.albums.members import Members
from homemedia.photos.albums.partner_routes import PartnerRoutes
from homemedia.photos.albums.partners import Partners
from homemedia.photos.albums.routes import AlbumRoutes
from homemedia.photos.albums.service import Albums
from homemedia.photos.albums.telling import Teller
from homemedia.photos.assets import Assets
from homemedia.photos.assets_routes import AssetRoutes, MetadataRoutes
from homemedia.photos.changes import Changes
from homemedia.photos.downloads import Downloads
from homemedia.photos.downloads_routes import DownloadRoutes
from homemedia.photos.events import (
    PhotosChanged,
    PhotosDeleted,
    PhotoSettingsChanged,
    PhotosReady,
    PhotosRestored,
    PhotosTrashed,
)
from homemedia.photos.folders_routes import FolderRoutes as PhotoFolderRoutes
from homemedia.photos.index import PhotoIndex
from homemedia.photos.intake import Intake, Kept
from homemedia.photos.linked import LinkedPhotos
from homemedia.photos.live.channel import AppChannel
from homemedia.photos.live.news import News
from homemedia.photos.living import Living
from homemedia.photos.meaning import Meaning
from homemedia.photos.organise.duplicate_routes import DuplicateRoutes
from homemedia.photos.organise.duplicates import Duplicates
from homemedia.photos.organise.events import MemoriesChanged, PeopleChanged, StacksChanged, TagsChanged
from homemedia.photos.organise.faces import Faces
from homemedia.photos.organise.memories import Memories
from homemedia.photos.organise.memory_routes import MemoryRoutes
from homemedia.photos.organise.people import People as PhotoPeople
from homemedia.photos.organise.people_routes import PeopleRoutes
from homemedia.photos.organise.portraits import Portraits
from homemedia.photos.organise.stack_routes import StackRoutes
from homemedia.photos.organise.stacks import Stacks
from homemedia.photos.organise.tag_routes import TagRoutes
from homemedia.photos.organise.tags import Tags
from homemedia.photos.originals import OriginalRoutes
from homemedia.photos.pictures import PictureRoutes
from homemedia.photos.placing import Placing
from homemedia.photos.playable import Playable, policy_of
from homemedia.photos.queues.routes import QueueRoutes
from homemedia.photos.queues.service import Queues
from homemedia.photos.removal import Removal
from homemedia.photos.scanned import ScannedPhotos
from homemedia.photos.search import Search
from homemedia.photos.search_routes import SearchRoutes
from homemedia.photos.settle import Settle
from homemedia.photos.settle_store import Owed
from homemedia.photos.shared_links import SharedLinks
from homemedia.photos.shared_links_routes import SharedLinkRoutes
from homemedia.photos.shared_targets import PhotoTargets
from homemedia.photos.sidecars import Sidecars
from homemedia.photos.sweep import Sweep
from homemedia.photos.sync.routes import SyncRoutes
from homemedia.photos.sync.service import Sync
from homemedia.photos.timeline import Timeline
from homemedia.photos.timeline_routes import MapRoutes, TimelineRoutes
from homemedia.photos.trash import Trash
from homemedia.photos.trash_routes import TrashRoutes
from homemedia.photos.upload_routes import UploadRoutes
from homemedia.photos.whereabouts import Place, Whereabouts
from homemedia.playback import Hubs, ProgressService, Thresholds, WatchlistChanged, WatchStateChanged, watch_sql
from homemedia.playback.activity import SENTENCES, Activity
from homemedia.playback.activity_routes import ActivityRoutes
from homemedia.playback.advice import Adviser
from homemedia.playback.departed_store import forget_member
from homemedia.playback.events import ActivityChanged, PlaybackStopped
from homemedia.playback.hardware import Hardware
from homemedia.playback.hardware_routes import HardwareRoutes
from homemedia.playback.history import History
from homemedia.playback.history_routes import HistoryRoutes
from homemedia.playback.info_routes import InfoRoutes as PlaybackInfoRoutes
from homemedia.playback.keyframes import Keyframes
from homemedia.playback.limits import Warden
from homemedia.playback.linked import LinkedStreams
from homemedia.playback.means import Means, MeansSource
from homemedia.playback.routes import HubRoutes, ProgressRoutes
from homemedia.playback.session_routes import TranscodeRoutes
from homemedia.playback.sessions import TOKEN_LIFE_S, Sessions
from homemedia.playback.subtitles import Subtitles
from homemedia.playback.subtitles_cache import SubtitleCache
from homemedia.playback.subtitles_routes import SubtitleRoutes
from homemedia.playback.trickplay import Trickplay
from homemedia.playback.trickplay_routes import TrickplayRoutes
from homemedia.playback.watchlist import WatchlistService
from homemedia.playback.watchlist_routes import WatchlistRoutes
from homemedia.server.backup.routes import BackupRoutes
from homemedia.server.backup.service import Backups
from homemedia.server.browse import Walls
from homemedia.server.facts import ActiveSession, ItemCounts, NoPlayback
from homemedia.server.folders import FolderService
from homemedia.server.https.authority import Names
from homemedia.server.https.door import Bind, Https
from homemedia.server.https.routes import HttpsRoutes
from homemedia.server.info import ServerInfo
from homemedia.server.photo import store as photo_server_store
from homemedia.server.photo.config import PhotoConfig
from homemedia.server.photo.routes import PhotoConfigRoutes, PhotoServerRoutes
from homemedia.server.photo.wire import VersionAnswer
from homemedia.server.requests import RequestLog
from homemedia.server.requests_routes import LogRoutes
from homemedia.server.routes import AddressRoutes, FolderRoutes, InfoRoutes
from homemedia.settings import Settings
from homemedia.sharing import Grants, GrantsChanged
from homemedia.sharing.activity import Activity as ShareLog
from homemedia.sharing.events import LinkChanged, SharesChanged
from homemedia.sharing.links.contents import Contents as BehindLinks
from homemedia.sharing.links.desk import Links
from homemedia.sharing.links.door import Door, fresh_player
from homemedia.sharing.links.preview import Previews
from homemedia.sharing.links.routes import SharedRoutes
from homemedia.sharing.links.visits import of_share, share_of
from homemedia.sharing.models import Visit
from homemedia.sharing.routes import ShareRoutes
from homemedia.sharing.shares import Shares
from homemedia.sharing.targets import Targets
from homemedia.sharing.upkeep import Upkeep
from homemedia.sharing.uses import Use, Uses
from homemedia.sharing.wire import visit_of
from homemedia.web import ClientFiles, Pages
from homemedia.web.link_pages import LinkPages

# Answers that show what may have been shared.
SHARED_USES: dict[str, Use] = {
    "/api/media/{key}": ("accessed", "media", "key"),
    "/api/stream/{file_id}": ("accessed", "media", ""),
    "/api/assets/{id}": ("accessed", "media", "id"),
    "/api/albums/{id}": ("accessed", "collection", "id"),
    "/api/assets/{id}/original": ("downloaded", "media", "id"),
}
# Jobs at once, by lane.
LANES = {"scan": 2, "image": 1, "online": 3, "upkeep": 1, "index": 1, "idle": 1, "photos": 1, "renditions": 1}


# What one login may ask of the clip routes (clips §1.2).
CLIPS_A_MINUTE = 120
# And of the heap routes (heaps §1.4).
HEAPS_A_MINUTE = 600
# A push service that does not take a push in this time is asked again later.
PUSH_LIMIT_S = 15.0
# Jobs that read disks or keep the processor busy; nothing in the lane `idle` runs beside them.
BUSY_JOBS = ("scan", "refresh", "artwork", "keyframes")
# Converting a video can rest at any moment, so it begins after a shorter pause than what is broken off.
CALM_FOR_VIDEOS_S = 3.0


class DocumentRoutes:
    """The document of all routes, from the server itself."""

    routes = Routes("server", prefix="/api")

    def __init__(self) -> None:
        self._encoded = b""

    @routes.get("/openapi.json", public=True)
    async def get_document(self) -> web.Response:
        """Describe every route of this server (OpenAPI 3.1)."""
        if not self._encoded:
            self._encoded = api_document().encode()
        return web.Response(body=self._encoded, content_type="application/json", headers={"Cache-Control": "no-cache"})


ROUTE_CLASSES: tuple[Any, ...] = (
    DocumentRoutes,
    SignInRoutes,
    AccountRoutes,
    PasswordLoginRoutes,
    HouseholdRoutes,
    MemberRoutes,
    ApiKeyRoutes,
    WellKnownRoutes,
    PhotoUserRoutes,
    PhotoAuthRoutes,
    FurtherSessionRoutes,
    PhotoAdminRoutes,
    OwnMemberRoutes,
    SharedRoutes,
    LinkPages,
    CloudRoutes,
    OidcRoutes,
    OauthRoutes,
    ProfileImageRoutes,
    AvatarRoutes,
    InviteRoutes,
    StandingInviteRoutes,
    SenderRoutes,
    ClipAuthRoutes,
    GroupRoutes,
    ClipProfileRoutes,
    PhoneRoutes,
    PairingRoutes,
    KeyLoginRoutes,
    OwnKeyRoutes,
    InfoRoutes,
    FolderRoutes,
    AddressRoutes,
    HttpsRoutes,
    LogRoutes,
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
    PlaybackInfoRoutes,
    SubtitleRoutes,
    TrickplayRoutes,
    TranscodeRoutes,
    HardwareRoutes,
    HistoryRoutes,
    ActivityRoutes,
    AlbumRoutes,
    AlbumActivityRoutes,
    PartnerRoutes,
    SharedLinkRoutes,
    TagRoutes,
    StackRoutes,
    PeopleRoutes,
    MemoryRoutes,
    DuplicateRoutes,
    UploadRoutes,
    OriginalRoutes,
    TrashRoutes,
    PictureRoutes,
    AssetRoutes,
    MetadataRoutes,
    TimelineRoutes,
    MapRoutes,
    SearchRoutes,
    DownloadRoutes,
    PhotoFolderRoutes,
    PhotoServerRoutes,
    PhotoConfigRoutes,
    QueueRoutes,
    BackupRoutes,
    SyncRoutes,
    ShareRoutes,
    InboxRoutes,
    NoticePreferenceRoutes,
    ShareNoticeRoutes,
    ClipNoticeRoutes,
    PushRoutes,
)


def declared_routes() -> list[Route]:
    """Every route of the program, without starting anything."""
    return [route for owner in ROUTE_CLASSES for route, _ in owner.routes.declared]


def api_document() -> str:
    """The OpenAPI document as it is committed: indented JSON with a line break at the end."""
    made = document(declared_routes(), version=__version__)
    return msgspec.json.format(msgspec.json.encode(made), indent=1).decode() + "\n"


class Server:
    """Everything one household's server is made of. An async context manager; the database is already migrated.

    Args:
        settings: decided before the start.
        places: folders; made already.
        clock: the time; tests turn their own.
    """

    http: web.Application
    db: Database
    jobs: Jobs
    live: LiveChannel
    apps: AppChannel
    playing: Sessions
    members: MemberService
    activity: Activity
    subtitles: Subtitles
    trickplay: Trickplay
    video_stillness: Stillness
    _presence: Presence
    https: Https
    transfers: Transfers

    def __init__(self, settings: Settings, places: Places, *, clock: Clock | None = None) -> None:
        self.settings = settings
        self.places = places
        self.clock = clock or Clock()
        self.bus = EventBus()
        self.routes: list[Route] = []
        self.is_claimed = False
        self.setup_code = ""
        self._household_name = ""
        self._announcer: Announcer | None = None
        self._urls: list[str] = []
        self._port = 0
        self._plain_port: int | None = None
        self._videos: VideoRenditions | None = None
        self._stack = Stack()

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self._stack.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.close()

    async def _start(self) -> None:
        self.db = await Database.open(self.places.database, clock=self.clock)
        self._stack.push("database", self.db.close)
        keep_audiences(self.db)
        await catch_up(self.db)
        self.db.on_events = self.bus.publish
        self._stack.push("events", self.bus.close)
        self.jobs = Jobs(self.db, self.clock)
        for name, limit in LANES.items():
            self.jobs.lane(name, limit)
        self.db.on_jobs = self.jobs.wake

        owners = [
            DocumentRoutes(),
            *await self._accounts(),
            *await self._library(),
            *await self._photos(),
            *await self._server(),
            *await self._notifications(),
        ]
        self._sight = LibrarySight(self.db, self.clock)
        self.live = LiveChannel(self.bus, self._who_listens, self.clock)
        self._wire_events()
        self._stack.push("live channel", self.live.close)
        self.apps = AppChannel(
            self.guard.of_app_socket, self.members.fresh, lambda: ("on_server_version", VersionAnswer()), self.clock
        )
        self._stack.push("app channel", self.apps.close)
        News(self.db, self.apps, self.bus)
        await self._stack.enter("sweeper", self._sweeper)
        upkeep = Upkeep(self.db, self.shares, self.clock)
        for gone in (PhotosDeleted, AlbumGone, LibraryRemoved):
            self.bus.subscribe(gone, lambda _event: upkeep.look_soon())
        await self._stack.enter("upkeep of shares", upkeep)
        await self._stack.enter("jobs", self.jobs, stop_s=6.0)
        self.http = self._application(owners)
        rest = await self._stack.enter("rest", Rest(self._give_back))
        observers_of(self.http).append(rest.stir)
        self.uses = Uses(self.db, self.shares.targets, self.shares.log, SHARED_USES, self._site.address, self.clock)
        observers_of(self.http).append((await self._stack.enter("uses of shares", self.uses)).observe)

    async def _accounts(self) -> list[object]:
        self._site = Site(parse_proxies(self.settings.server.trusted_proxies), self._public_url)
        self.requests = RequestLog(self._site.address, self.clock)
        self._stack.push("log of requests", self.requests.close)
        keys = Keys.load(self.places.keys_dir)
        self._public_key = keys.identity.public_text
        tokens = self._tokens = Tokens(keys, self.clock)
        passwords = Passwords()
        self._stack.push("passwords", passwords.close)
        self.household = HouseholdService(self.db, self.clock)
        self._household_name = (await self.household.ensure(platform.node() or "HomeMedia")).name
        sessions = await self._stack.enter("sessions", SessionService(self.db, tokens, self.clock))
        self._sweeper = Sweeper(self.db, sessions, self.clock)
        claims = ClaimService(self.db, sessions, passwords, self.clock)
        self._password_login = PasswordLogin(self.db, self.clock)
        self._password_login.ways = self._other_ways
        sign_in = SignInService(self.db, sessions, passwords, self.clock, switch=self._password_login)
        self.guard = Guard(self.db, tokens, sessions, self._site, self.clock)
        self.grants = Grants(self.db, self.clock)
        access = Access(self.db, self.grants)
        self.shares = await self._sharing(passwords)
        members = self.members = MemberService(self.db, sessions, passwords, access, self.clock)
        members.register(self.jobs)
        members.purgers.append(forget_member)
        members.purge_after_ms = lambda: self._photo_config.purge_after_ms
        links = LinkService(self.db, tokens, sessions, self.clock)
        invites = InviteService(self.db, members, sessions, passwords, access, self.clock)
        preferences = self._preferences = PreferenceService(self.db)
        self.setup_code = claims.setup_code
        self.is_claimed = not await claims.is_open()
        member_routes = MemberRoutes(members, links, self._site)
        member_routes.shows_all = lambda: self._photo_config.shows_members
        return [
            SignInRoutes(claims, sign_in, links, members, self._site),
            ShareRoutes(self.shares, self._site, self.clock),
            self._shared_routes,
            self._link_pages,
            AccountRoutes(sessions, members, preferences, self._end_session_url),
            PasswordLoginRoutes(self._password_login),
            *self._photo_account(sign_in, claims, sessions, passwords),
            HouseholdRoutes(self.household),
            member_routes,
            OwnMemberRoutes(members, preferences),
            InviteRoutes(invites, members, self.household, self._site, self.clock),
            StandingInviteRoutes(invites, self._site),
            PairingRoutes(PairingService(self.db, sessions, self.clock), members, self._site),
            *self._key_login(keys, tokens, claims, sessions),
            *await self._codes(invites, sessions, access),
            *await self._oidc(invites, claims, sessions),
        ]

    async def _sharing(self, passwords: Passwords) -> Shares:
        """What members share; whose things they are registers itself."""
        rules = self.settings.sharing
        self.grants.is_closed = rules.default_library_access == "none"
        self.transfers = await self._stack.enter("transfers", Transfers())
        log = await self._stack.enter(
            "log of shares", ShareLog(self.db, self.clock, stays_days=rules.activity_retention_days)
        )
        targets = Targets()
        targets.register(LibraryTargets(self.clock))
        targets.register(PhotoTargets(self.clock))
        shares = Shares(self.db, targets, log, passwords, rules, self.clock)
        await self._public_links(shares, log, passwords)
        return shares

    async def _public_links(self, shares: Shares, log: ShareLog, passwords: Passwords) -> None:
        """Whoever holds a link; what lies behind it registers itself."""
        rules = self.settings.sharing
        links = self._links = Links(self.db, shares, log, passwords, self._tokens, rules, self.clock)
        self._behind_links = BehindLinks(self.db, shares)
        self._link_door = Door(links, self._visit, self.guard.beside)
        self.guard.links = self._link_door
        lane = await self._stack.enter("archives of links", Lane("archives of links", 2))
        self._shared_routes = SharedRoutes(
            links, self._behind_links, self.transfers, lane, self._visit, self.guard.beside
        )
        self._link_pages = LinkPages(ClientFiles(), Previews(links, self._behind_links, self._visit, self._site.url).of)

    def _visit(self, request: web.Request) -> Visit:
        """Where a request came from."""
        return visit_of(request, self._site)

    def _held(
        self, request: web.Request, actor: Member | Guest, still: Still | None
    ) -> contextlib.AbstractContextManager[None]:
        """While bytes are sent to who holds a link, or was shown what is another's: they stop when that is over."""
        if isinstance(actor, Member):
            if still is None:
                return contextlib.nullcontext()
            return self.transfers.open(request, whose=actor.user_id, still=still)
        return self.transfers.open(request, whose=actor.whose, still=lambda: self._links.again(actor))

    async def _fresh_player(self, member: Member) -> Member | None:
        """Who plays, as the database says now; by a link too."""
        if member.session_id.startswith(VISIT):
            return await fresh_player(self._link_door, member)
        return await self.members.fresh(member)

    async def _end_session_url(self) -> str | None:
        return await self._flow.end_session_url()

    def _other_ways(self) -> OtherWays:
        """What members come in by beside passwords, just now."""
        provider, reaches = self._provider_config.current, self._senders.reaches()
        issuer = provider.issuer if provider.is_ready else ""
        return OtherWays(issuer=issuer, by_phone="phone" in reaches, by_mail="email" in reaches)

    def _public_url(self) -> str | None:
        """The address at which others reach us, where somebody has told."""
        return self._photo_config.public_url

    async def _has_passwords(self) -> bool:
        return not await self._password_login.is_closed()

    async def _oidc(self, invites: InviteService, claims: ClaimService, sessions: SessionService) -> tuple[object, ...]:
        """Signing in with the household's provider."""
        config = self._provider_config = ConfigDesk(self.db, self.clock, self.settings.oidc)
        await config.load()
        public_url = self.settings.server.public_url or None
        self._photo_config = PhotoConfig(self.db, config, self._password_login, public_url, self.clock)
        await self._password_login.load()
        await self._photo_config.load()
        provider = await self._stack.enter("sign-in provider", Provider(self.clock))
        desk = Desk(config, provider)
        flow = self._flow = Flow(self.db, config, provider, self.clock)
        people = People(self.db, config, self.members, sessions, invites, claims, self.clock)
        people.copies_pictures = True
        people.takes_passwords = lambda: self._password_login.is_on
        return (
            CloudRoutes(flow, people, desk, invites, self.members, self.household, self._site),
            OidcRoutes(flow, people, desk, invites, self._site, self.guard),
            OauthRoutes(flow, people, desk, invites, self.members, self._site, self._photo_accounts.get),
        )

    async def _codes(self, invites: InviteService, sessions: SessionService, access: Access) -> tuple[object, ...]:
        """One-time codes, and the household as the clip API knows it."""
        gateways = await self._stack.enter("gateways of codes", GatewayClient())
        lane = await self._stack.enter("mail", Lane("mail", 1))
        desk = self._senders = SenderDesk(self.db, gateways, lane, self.bus.publish, self.clock)
        await desk.load()

        async def house() -> str:
            return (await self.household.read()).name

        codes = CodeService(self.db, desk, house, self.clock)
        group = GroupService(
            self.db,
            self.household,
            self.members,
            invites,
            codes,
            self.clock,
            country_code=self.settings.accounts.country_code,
        )
        coming_in = ComingIn(self.db, codes, invites, sessions, access, self.clock)
        self._sweeper.more.append(coming_in.sweep)
        self._clip_auth = ClipAuthRoutes(coming_in, group, self.guard.pending, self._site)
        return (
            SenderRoutes(desk, self.household),
            self._clip_auth,
            GroupRoutes(group),
            ClipProfileRoutes(ProfileService(self.db, self.clock)),
            PhoneRoutes(coming_in),
        )

    def _key_login(
        self, keys: Keys, tokens: Tokens, claims: ClaimService, sessions: SessionService
    ) -> tuple[object, ...]:
        pairs = Pairs(self.db, tokens, self.clock)
        login = KeyLogin(
            self.db,
            keys.identity,
            claims,
            sessions,
            pairs,
            self.clock,
            takes_new=self.settings.accounts.registration == "approval",
        )
        return (
            KeyLoginRoutes(login, pairs, self.household, self.guard, self._site, self._public_url),
            OwnKeyRoutes(login, self.members),
        )

    def _photo_account(
        self, sign_in: SignInService, claims: ClaimService, sessions: SessionService, passwords: Passwords
    ) -> tuple[object, ...]:
        """Members as the photo API's clients know them."""
        accounts = self._photo_accounts = PhotoAccountService(
            self.db, self.members, sessions, passwords, claims, self.clock
        )
        preferences = self._photo_preferences = PhotoPreferenceService(self.db, self._preferences)
        pins = PinService(self.db, sessions, passwords, self.clock)
        return (
            ApiKeyRoutes(ApiKeyService(self.db, sessions, self.clock)),
            WellKnownRoutes(),
            PhotoUserRoutes(accounts, preferences),
            PhotoAuthRoutes(accounts, sign_in, pins, self._site),
            FurtherSessionRoutes(FurtherSessions(self.db, sessions, self.clock), pins, self._site),
            PhotoAdminRoutes(accounts, preferences, self.members),
        )

    async def _library(self) -> list[object]:
        files = FileService(self.db)
        thresholds = Thresholds(
            watched_percent=self.settings.playback.watched_percent,
            resume_percent=self.settings.playback.resume_percent,
        )
        tools = self._tools = MediaTools()
        self._stack.push("media tools", tools.close)
        avatars = await self._stack.enter("avatars", AvatarService(self.db, tools, self.places.avatars_dir, self.clock))
        avatars.register(self.jobs)
        self.members.purgers.append(avatars.forget)
        disks = self._disks = Disks()
        metadata = MetadataReader(self.db, tools, self.clock, disks)
        artwork = await self._stack.enter("artwork", ArtworkMaker(self.db, tools, self.jobs, self.places, self.clock))
        artwork.register()
        self.outbound = await self._stack.enter("outbound", Outbound())
        PictureCopier(self.db, avatars, self.outbound.fetch_picture).register(self.jobs)
        picture_lane = await self._stack.enter("pictures", Lane("pictures", 1))
        nfo_writer = await self._stack.enter("nfo writer", NfoWriter(self.db, self.jobs, self.clock))
        nfo_writer.register()
        pictures = PictureDesk(tools, self.outbound, self.places.artwork_dir, picture_lane, disks)
        renditions = self._renditions = Renditions(self.places.cache_dir / "images", tools, disks=disks)
        self._stack.push("renditions", renditions.close)
        browse = self._browse = Browse(self.db, watch_sql(thresholds), self.clock, self._is_scanning, bus=self.bus)
        progress = await self._stack.enter("progress", ProgressService(self.db, self.clock, thresholds))
        browse.track_choice = progress.track_choice
        progress.is_dropping_watched = self.settings.playback.remove_watched_from_watchlist
        hubs = Hubs(self.db, browse, progress, self.clock, thresholds, is_told=True)
        self.bus.subscribe(ItemsChanged, lambda _event: hubs.forget_all())
        self.bus.subscribe(WatchStateChanged, lambda event: hubs.forget(event.user_id))
        self.bus.subscribe(WatchlistChanged, lambda event: hubs.forget(event.user_id))
        self.bus.subscribe(GrantsChanged, lambda _event: hubs.forget_all())
        self.bus.subscribe(MemberChanged, lambda event: hubs.forget(event.user_id))
        artwork_routes = ArtworkRoutes(self.db, renditions)
        matcher, match_routes = await self._tmdb(tools, browse, artwork_routes, pictures)
        editing = EditService(self.db, pictures, self.clock, after=nfo_writer.wish)
        editing.match = matcher.wish
        named = await self._stack.enter(
            "named pictures",
            NamedPictures(self.db, self.jobs, self.outbound, tools, self.places.artwork_dir, self.clock),
        )
        named.register()
        metadata.on_read = (matcher.owe, named.notice)
        lane = await self._stack.enter("scan threads", Lane("scan", 4))
        scanner = self._scanner = Scanner(
            Parts(
                db=self.db,
                clock=self.clock,
                lane=lane,
                disks=disks,
                tools=tools,
                reader=metadata,
                artist=artwork,
                index_items=search.index_items,
                publish=self.bus.publish,
                online=matcher,
                owned=(self.places.data_dir, self.places.transcode_dir),
            )
        )
        desk = ScanDesk(self.db, self.jobs, scanner, self.clock, is_watched=self.settings.library.watch)
        desk.register()
        await self._stack.enter("scan desk", desk)
        if self.settings.library.watch:
            watcher = Watcher(
                self.db,
                self.bus,
                lambda library_id, scopes: desk.scan(library_id, scopes=scopes),
                links=lambda root_id: scanner.links.get(root_id, {}),
                disks=disks,
            )
            await self._stack.enter("watcher", watcher)
            scanner.reports = watcher.reports
        libraries = self._libraries = LibraryService(
            self.db,
            desk,
            self.places,
            disks,
            self.grants,
            self.clock,
            language=self.settings.library.language,
            country=self.settings.library.country,
        )
        self._follow_owners(libraries)
        file_routes = FileRoutes(files, self.transfers)
        playback = await self._playback(files, tools, progress, browse, scanner)
        file_routes.reading, file_routes.absence = self.activity.reading, self._presence.absence
        return [
            LibraryAdminRoutes(libraries, desk, browse),
            BrowseRoutes(browse),
            ShelfRoutes(Shelf(self.db, browse)),
            SeenByRoutes(SeenBy(self.db, self.members, browse, self.clock)),
            PlaylistRoutes(Playlists(self.db, browse)),
            file_routes,
            artwork_routes,
            match_routes,
            EditRoutes(editing),
            ProfileImageRoutes(avatars),
            AvatarRoutes(avatars),
            ProgressRoutes(progress),
            HubRoutes(hubs),
            WatchlistRoutes(WatchlistService(self.db, browse, self.clock)),
            *playback,
        ]

    def _follow_owners(self, libraries: LibraryService) -> None:
        """A member's own libraries go with him."""
        departed = Departed(self.db, libraries.drop)
        departed.register(self.jobs)
        self.members.purgers.append(departed.forget)

    async def _photos(self) -> list[object]:
        """What members keep of their own pictures."""
        self.managed = await self._stack.enter("managed root", Managed(self.db, self.places.media_dir, self.clock))
        self.managed.register(self.jobs)
        intake = await self._stack.enter("photo intake", Intake(self.db, self.managed, self.clock))
        kept = await self._stack.enter("kept renditions", KeptRenditions(self.places.renditions_dir))
        self.managed.drop_pictures = kept.drop
        kept_sweep = RenditionSweep(self.db, kept)
        kept_sweep.register(self.jobs)
        await self._stack.enter("renditions sweep", kept_sweep)
        await self._meaning(kept)
        settle = self.settling = Settle(self.db, self._tools, kept, self.jobs, self.clock)
        settle.register()
        settle.is_busy = lambda: bool(self.managed.staging.receiving) or self._is_played()
        playable = await self._playable(kept)
        settle.after_facts.append(playable.notice)
        await self._stack.enter("photo settling", settle)
        intake.after = settle.wish
        living = await self._stack.enter("living photos", Living(self.db, intake, self.managed.staging, self.clock))
        self.whereabouts = await self._stack.enter(
            "whereabouts", Whereabouts(self._tools, self.places.data_dir / "places", self.places.cache_dir)
        )
        settle.place_of = self._place_of
        settle.after_facts.append(living.pair)
        settle.after_all.append(living.take_out)
        settle.images = lambda: self._photo_config.images
        placing = self._placing = Placing(self.db, self.managed)
        placing.template = lambda: self._photo_config.storage_template
        placing.register(self.jobs)
        settle.after_all.append(lambda photo, _facts: placing.place(photo.photo_id))
        sweep = Sweep(self.db, self.managed, intake, self.clock)
        sweep.register(self.jobs)
        await self._stack.enter("photo sweep", sweep)
        removal = Removal(self.db, self.managed, self.clock)
        await self._write_sidecars(settle, removal)
        living.remove = removal.remove
        trash = self.trash = Trash(self.db, removal, self.clock)
        trash.days = lambda: self._photo_config.trash_days
        trash.register(self.jobs)
        self._follow_photos(settle, removal)
        self._sweeper.more.append(trash.sweep)
        self.members.purgers.append(trash.forget_owner)
        originals = OriginalRoutes(self.db, kept, self.clock)
        originals.ask = playable.ask
        originals.transfers, originals.again = self.transfers, self._links.again
        albums = self._albums(removal)
        uploads = UploadRoutes(intake, self.managed.staging, self.clock)
        uploads.receive = await self._link_photos(intake, kept)
        return [
            *albums,
            *self._organised(settle, removal, kept),
            uploads,
            originals,
            TrashRoutes(trash),
            PictureRoutes(self.db, kept, self._renditions, self.clock),
            *await self._photo_browse(),
            QueueRoutes(await self._queues()),
            SyncRoutes(Sync(self.db, self._photo_preferences, self.clock)),
        ]

    async def _link_photos(
        self, intake: Intake, kept: KeptRenditions
    ) -> Callable[[Guest, web.Request], Awaitable[Kept]]:
        """Photos behind links; what takes in those that visitors bring."""

        async def put(guest: Guest, photo_id: str) -> None:
            if guest.target_type == "collection":
                await self._album_contents.add(guest.maker, guest.target_id, [photo_id])

        lane = await self._stack.enter("photos of links", Lane("photos of links", 1))
        linked = LinkedPhotos(self.db, kept, self._renditions, intake, self.managed.staging, lane, put, self.clock)
        self._behind_links.register(linked)
        return linked.receive

    async def _playable(self, kept: KeptRenditions) -> Playable:
        """Videos of photos that not every browser plays."""

        async def program() -> str | None:
            found = (await self._means.means()).ffmpeg
            return None if found is None else found.path

        def is_busy() -> bool:
            return self._is_played() or bool(self.managed.staging.receiving)

        stillness = self.video_stillness = Stillness(is_busy, calm_s=CALM_FOR_VIDEOS_S)
        self.bus.subscribe(ActivityChanged, lambda _event: stillness.look())
        videos = self._videos = VideoRenditions(self.db, kept, self._tools, stillness, self.clock)
        videos.program = program
        playable = self._films = Playable(self.db, self.jobs, videos)
        playable.policy = lambda: policy_of(self._photo_config.document["ffmpeg"])
        playable.register()
        self.bus.subscribe(PhotoSettingsChanged, lambda _event: playable.look_again())
        await self._stack.enter("playable videos", playable)
        return playable

    async def _meaning(self, kept: KeptRenditions) -> None:
        """What photos show, where the household has a model."""
        places, cache = self.places.data_dir / "models" / "meaning", self.places.cache_dir / "meaning"
        shown = self._shown = Meaning(self.db, self._tools, kept, self.jobs, folder=places, cache=cache)
        shown.still = self.trickplay.stillness.wait
        shown.register()
        await self._stack.enter("meaning of photos", shown)
        self.bus.subscribe(PhotosReady, shown.notice)

    async def _wake_photos(self, tx: Write, photos: object = None) -> None:
        """Photos are owed something; who pays it looks what it is."""
        await self.settling.wish(tx, photos)
        await self._films.wish(tx, photos)

    async def _queues(self) -> Queues:
        """What the house has to do, as the photo API names it."""
        queues = Queues(self.db, self.jobs, self.clock)
        queues.wake, queues.sweep = self._wake_photos, self._sweeper.sweep
        queues.starts["storageTemplateMigration"] = self._placing.wish
        self._starts = queues.starts
        await self._stack.enter("photo queues", queues)
        return queues

    async def _place_of(self, north: float, east: float) -> Place:
        """The names of a position, unless an administrator wants none."""
        return await self.whereabouts.place_of(north, east) if self._photo_config.names_places else Place()

    async def _write_sidecars(self, settle: Settle, removal: Removal) -> None:
        """What members say of their photos stands beside them, for other programs."""
        sidecars = self._sidecars = Sidecars(self.db, self.managed, self._disks, self.places.sidecars_dir)
        sidecars.register(self.jobs)
        await self._stack.enter("sidecars of photos", sidecars)
        settle.edits_of = sidecars.path_of
        removal.before.append(sidecars.leaving)

    def _follow_photos(self, settle: Settle, removal: Removal) -> None:
        """Photos in folders that the library scans."""
        digesting = Digesting(self.db, self._disks, self.clock)
        digesting.register(self.jobs)
        digesting.still = self.trickplay.stillness.wait
        scanned = ScannedPhotos(self.db, removal, self.clock)
        scanned.after, scanned.digest = settle.wish, digesting.wish
        self._scanner.follower = self._libraries.follower = scanned
        self._browse.counts_of = scanned.counts

    async def _photo_browse(self) -> tuple[object, ...]:
        """What members look at, look for and edit."""
        index = await self._stack.enter("photo index", PhotoIndex(self.db, self.bus))
        search = Search(self.db, index, self.clock)
        search.showing, search.showing_same = self._shown.of_words, self._shown.of_photo
        assets = Assets(self.db, self.clock)
        self._photo_accounts.counts = assets.totals
        changes = Changes(self.db, self.clock)
        changes.place_of = self._place_of
        changes.after_leaving = self._album_contents.left
        changes.after_edit = self._sidecars.wish
        again = Again(self.db, self.clock)
        again.wake = self._wake_photos
        downloads = await self._stack.enter("downloads", Downloads(self.db, search, self.clock))
        downloads.preferences_of = self._photo_preferences.of
        download_routes = DownloadRoutes(downloads)
        download_routes.held = self._held
        return (
            AssetRoutes(assets, changes, search, again),
            MetadataRoutes(changes),
            TimelineRoutes(Timeline(self.db, search, self.clock)),
            MapRoutes(search, self._place_of),
            PhotoFolderRoutes(self.db),
            SearchRoutes(search, self.whereabouts.named),
            download_routes,
        )

    def _albums(self, removal: Removal) -> tuple[object, ...]:
        """What members put together and show each other."""
        preferences = PhotoPreferenceService(self.db, self._preferences)
        contents = self._album_contents = Contents(self.db, self.grants, self.clock)
        members = Members(self.db, self.grants, self.clock)
        albums = Albums(self.db, self.grants, contents, members, preferences.album_order, self.clock)
        partners = Partners(self.db, self.grants, self.clock)
        teller = Teller(self.grants, self.clock)
        removal.before.append(contents.leaving)
        self.members.purgers.extend((albums.forget, partners.forget, self.grants.forget))
        return (
            AlbumRoutes(self.db, albums, contents, members, teller, self.clock),
            SharedLinkRoutes(
                self.db,
                SharedLinks(self.db, self.shares, albums.access, self.clock),
                self._links,
                self._link_door,
                teller,
                self._site,
                self._visit,
            ),
            AlbumActivityRoutes(self.db, Activities(self.db, self.grants, self.clock)),
            PartnerRoutes(self.db, partners),
        )

    def _organised(self, settle: Settle, removal: Removal, kept: KeptRenditions) -> tuple[object, ...]:
        """What photos are put in order by."""
        preferences = PhotoPreferenceService(self.db, self._preferences)
        tags, stacks = Tags(self.db, self.clock), Stacks(self.db, self.clock)
        tags.after_edit = self._sidecars.tagged
        people, faces = PhotoPeople(self.db, preferences.least_faces, self.clock), Faces(self.db, self.clock)
        memories, duplicates = Memories(self.db, self.clock), Duplicates(self.db)

        async def take_faces(tx: Write, photo: Owed, facts: PhotoFacts) -> None:
            if self._photo_config.takes_faces:
                await faces.take_faces(tx, photo, facts)

        settle.after_facts.extend((tags.take_keywords, take_faces))
        settle.after_all.append(duplicates.look)
        removal.before.append(faces.leaving)
        self._sweeper.more.append(memories.sweep)
        self.members.purgers.extend((tags.forget, stacks.forget, people.forget, memories.forget))
        return (
            TagRoutes(tags),
            StackRoutes(self.db, stacks),
            PeopleRoutes(people, faces, Portraits(self.db, kept, self._tools)),
            MemoryRoutes(self.db, memories, self.clock),
            DuplicateRoutes(self.db, duplicates),
        )

    async def _playback(
        self, files: FileService, tools: MediaTools, progress: ProgressService, browse: Browse, scanner: Scanner
    ) -> list[object]:
        """What plays films that cannot be played as they are."""
        hardware = await self._stack.enter(
            "hardware", Hardware(self.db, self.clock, self.places, fixed_ffmpeg=self.settings.ffmpeg)
        )
        means: MeansSource = hardware
        self._means = means
        keyframes = await self._stack.enter("keyframes", Keyframes(self.db, tools, self.jobs, self.clock))
        keyframes.register()
        files.keyframes = keyframes.state
        self._presence = Presence(await self._stack.enter("disk looks", Lane("disk looks", 4)))
        adviser = Adviser(self.db, files, tools, keyframes, means, self._presence)

        def media_token(member: Member, session_id: str, file_id: int) -> str:
            share_id = share_of(member.session_id)
            if share_id:
                # What a visitor plays opens as a stream, and never as a file.
                file_id = 0
            return self._tokens.issue(
                TokenType.MEDIA,
                user_id=share_id or member.user_id,
                session_id=member.session_id,
                lifetime_s=TOKEN_LIFE_S,
                resource=played(session_id, file_id),
            )

        sessions = await self._stack.enter(
            "playback sessions",
            Sessions(hardware.temp_dir, self.clock, token=media_token, sight=files.playable),
            stop_s=6.0,
        )
        progress.on_session = sessions.heard
        self.guard.is_played = sessions.is_played
        self.bus.subscribe(SessionEnded, lambda event: sessions.end_of_sign_in(event.session_id))
        activity = self.activity = await self._stack.enter(
            "activity", Activity(sessions, self.clock, self._site.address, self.bus.publish)
        )
        activity.limit_of = lambda member: member.restrictions.max_streams
        warden = await self._stack.enter(
            "playback limits", Warden(activity, self._fresh_player, files.playable, self.clock)
        )
        activity.may_play = adviser.may_play = warden.check
        self.bus.subscribe(GrantsChanged, lambda _event: warden.look())
        adviser.preferences_of = self._preferences.of
        progress.on_report = activity.reported
        sessions.admit = activity.admit
        sessions.on_changed = activity.look_soon
        sessions.on_taken = activity.taken
        self.bus.subscribe(SessionEnded, lambda event: activity.end_of_sign_in(event.session_id))

        def yield_to(is_busy: bool) -> None:  # noqa: FBT001 - a switch
            (scanner.may_probe.clear if is_busy else scanner.may_probe.set)()
            hardware.on_load(is_busy)

        sessions.on_load = yield_to
        self.playing = sessions

        async def following(actor: Member, key: str) -> str | None:
            item = await browse.detail(actor, key)
            return item.next if isinstance(item.next, str) else None

        async def program() -> Ffmpeg | None:
            return (await means.means()).ffmpeg

        subtitle_lane = await self._stack.enter("subtitle threads", Lane("subtitles", 4))
        texts = await self._stack.enter(
            "subtitles", SubtitleCache(self.places.cache_dir / "subtitles", program, subtitle_lane)
        )
        fonts = self.settings.playback.subtitle_font_dir
        self.subtitles = Subtitles(self.db, files, texts, subtitle_lane, font_dir=Path(fonts) if fonts else None)

        await self._trickplay(files, tools)
        streams = self._shared_routes.streams = LinkedStreams(adviser, sessions, self.subtitles)
        self.bus.subscribe(LinkChanged, lambda event: self._end_visits(streams, event.share_id))
        self._behind_links.register(LinkedTitles(self.db, browse, files, self._renditions))
        history = History(self.db, browse, self.clock)
        self._sweeper.more.append(history.sweep)

        return [
            SubtitleRoutes(self.subtitles),
            TrickplayRoutes(self.trickplay),
            PlaybackInfoRoutes(adviser, progress, following, self.subtitles),
            TranscodeRoutes(adviser, sessions, self._site.address, self.subtitles),
            HardwareRoutes(hardware),
            ActivityRoutes(activity, self.db, browse, files),
            HistoryRoutes(history),
        ]

    def _is_played(self) -> bool:
        return any(one.state not in {"paused", "idle"} for one in self.activity.watching())

    async def _end_visits(self, streams: LinkedStreams, share_id: str) -> None:
        """A link is another one by now, or over: what is played by it ends, unless it goes on as it was."""
        try:
            share, _, _ = await self._links.current(share_id)
        except NotFound:
            streams.end(of_share(share_id))
        else:
            streams.end_others(of_share(share_id), f"{of_share(share_id)}{share.epoch}:")

    async def _trickplay(self, files: FileService, tools: MediaTools) -> None:
        """Small pictures of films, made when nobody plays and no disk is looked through."""

        def is_busy() -> bool:
            is_converting = self._videos is not None and self._videos.is_working
            return self._is_played() or is_converting or any(self.jobs.running(kind) for kind in BUSY_JOBS)

        settings = self.settings.playback
        stillness = Stillness(is_busy)
        self.trickplay = Trickplay(
            self.db,
            files,
            tools,
            self.jobs,
            self.places.cache_dir / "trickplay",
            stillness,
            self.clock,
            limit_bytes=settings.previews_limit_mb << 20 if settings.previews else 0,
        )
        self.trickplay.register()
        await self._stack.enter("trickplay", self.trickplay)
        self.bus.subscribe(ActivityChanged, lambda _event: stillness.look())
        self.bus.subscribe(ScanStarted, lambda _event: stillness.look())
        self.bus.subscribe(ScanFinished, lambda event: self.trickplay.wish(f"scan-{event.scan_id}"))
        self.bus.subscribe(LibrariesChanged, lambda _event: self.trickplay.wish("libraries"))

    async def _tmdb(
        self, tools: MediaTools, browse: Browse, artwork: ArtworkRoutes, desk: PictureDesk
    ) -> tuple[Matcher, MatchRoutes]:
        """What asks TMDb, in the background and by hand."""
        settings = self.settings.library
        keys = KeyRing(self.db, self.clock, settings.tmdb_key)
        await keys.load()
        client = await self._stack.enter(
            "tmdb",
            TmdbClient(
                url=settings.tmdb_url,
                image_url=settings.tmdb_image_url,
                folder=self.places.cache_dir / "tmdb" / "answers",
                clock=self.clock,
                secret=lambda: keys.secret,
            ),
        )
        pictures = await self._stack.enter(
            "tmdb pictures", PictureHouse(self.db, client, tools, self.places, self.clock)
        )
        scribe = Scribe(self.db, client, pictures, self.clock)
        matcher = Matcher(self.db, self.jobs, client, scribe, keys, self.clock)
        matcher.register()
        service = TmdbService(self.db, client, scribe, matcher, pictures, keys, self.clock)
        artwork.remote = pictures.found
        desk.remote = TmdbPictures(service, pictures)
        self.bus.subscribe(LibrariesChanged, lambda _event: matcher.wish_all())
        return matcher, MatchRoutes(service, matcher, keys, browse)

    def _is_scanning(self, library_id: str | None = None) -> bool:
        return any(library_id in (None, run.key) for run in self.jobs.running("scan"))

    async def _server(self) -> list[object]:
        facts = _Facts(self.db, self.clock, self._is_scanning, self.bus)
        lane = await self._stack.enter("disks", Lane("disks", 4))
        info = ServerInfo(
            self.db,
            self.household,
            facts,
            _Playback(self.playing, self.activity, self._means),
            self.places,
            lane,
            self.clock,
        )

        async def ffmpeg_version() -> str | None:
            found = (await self._means.means()).ffmpeg
            return None if found is None else found.version

        own = (self.places.data_dir, self.places.transcode_dir)
        walls = Walls(own, self.settings.library.browse_roots)
        server = self.settings.server
        self.https = await self._stack.enter(
            "https",
            Https(
                self.db,
                self.places.keys_dir,
                certificate=server.tls_cert,
                key=server.tls_key,
                port=server.tls_port,
                host=server.host,
                names=self._names,
                house=lambda: self._household_name,
                clock=self.clock,
            ),
        )
        self._site.plain_port = lambda: self._plain_port if self.https.is_made_here else None
        return [
            HttpsRoutes(self.https, self._addresses),
            PhotoServerRoutes(
                self.db,
                self.household,
                self._photo_config,
                self.places.media_dir,
                lane,
                ffmpeg_version,
                self.whereabouts.is_ready,
            ),
            PhotoConfigRoutes(self._photo_config),
            InfoRoutes(
                info,
                self._public_key,
                self._public_url,
                lambda: self.live.count,
                self._provider_config.name,
                self._has_passwords,
            ),
            FolderRoutes(FolderService(walls, facts, Disks())),
            AddressRoutes(self._addresses, self._public_url),
            LogRoutes(self.requests, self.household),
            BackupRoutes(await self._backups()),
        ]

    async def _backups(self) -> Backups:
        """Copies of the database, made at night."""

        async def began_at() -> int | None:
            return await photo_server_store.began_at(self.db.read)

        backups = Backups(self.db, self.places.backup_dir, began_at, self.clock)
        await self._stack.enter("backups", backups)
        backups.register(self.jobs)
        backups.kept = lambda: self._photo_config.kept_backups
        backups.at = lambda: self._photo_config.backup_at
        self._starts["backupDatabase"] = backups.wish
        self._sweeper.more.append(backups.sweep)
        return backups

    async def _notifications(self) -> list[object]:
        """The inbox, and the ways what is told reaches members."""
        settings, public_url = self.settings.notifications, self.settings.server.public_url or None
        key = push_keys.load(self.places.keys_dir / "push.key")
        self._clip_auth.push_key = key.public_text
        door = await self._stack.enter("push door", Outbound(trusted=settings.push_hosts, limit_s=PUSH_LIMIT_S))
        lane = await self._stack.enter("push", Lane("push", 1))
        subject = settings.push_subject or public_url or ""
        pushing = Pushing(self.db, push_keys.Vapid(key, subject, self.clock), door, lane, self.clock)
        pushing.house, pushing.origin = lambda: self._household_name, self._public_url
        pushing.register(self.jobs)
        deliverer = Deliverer(self.db, pushing)
        deliverer.register(self.jobs)
        digests = Digests(self.db, self.clock)
        digests.send, digests.house, digests.address = self._mailing, lambda: self._household_name, lambda: public_url
        digests.register(self.jobs)
        inbox = Inbox(self.db, deliverer.settle, self.clock)
        browsers = Browsers(self.db, settings.push_hosts, self.clock)
        wishes = NoticePreferences(self.db)
        self.members.purgers.append(inbox.forget)
        self._sweeper.more.extend((inbox.sweep, digests.sweep))
        self.bus.subscribe(MemberChanged, lambda event: inbox.leave(event.user_id))
        return [
            InboxRoutes(inbox),
            NoticePreferenceRoutes(wishes, digests, browsers, pushing, key.public_text),
            ShareNoticeRoutes(inbox),
            ClipNoticeRoutes(inbox, wishes),
            PushRoutes(browsers),
        ]

    def _mailing(self) -> SendMail | None:
        """What sends letters, while a mail server is set up."""
        sender = self._senders.mail()
        if sender is None:
            return None

        async def send(to: str, subject: str, text: str) -> str:
            return (await sender.send_mail(Mail(to=to, subject=subject, text=text, house=self._household_name))).problem

        return send

    async def _who_listens(self, request: web.Request, token: str | None) -> Any:  # noqa: ANN401 - the live channel knows no members
        member = await self.guard.of_socket(request, token)
        await self._sight.learn(member)
        return member

    async def _who_listens_still(self, member: Member) -> Member | None:
        fresh = await self.members.fresh(member)
        if fresh is not None:
            await self._sight.learn(fresh)
        return fresh

    def _wire_events(self) -> None:
        self.live.renew = self._who_listens_still
        self.bus.subscribe(SessionEnded, lambda event: self._sight.forget(event.session_id))
        self.bus.subscribe(MemberChanged, lambda _event: self.live.look_again())
        self.bus.subscribe(GrantsChanged, lambda _event: self.live.look_again())
        self.bus.subscribe(GrantsChanged, lambda event: self.transfers.look_again(event.user_id))
        self.bus.subscribe(MemberChanged, lambda event: self.shares.welcome(event.user_id))
        self.bus.subscribe(LinkChanged, lambda event: self.transfers.look_again(f"share:{event.share_id}"))
        self.live.forward(
            SharesChanged,
            "shares.changed",
            "shares",
            lambda _event: {},
            lambda actor, event: actor.is_admin or event.is_household or actor.user_id in event.user_ids,
        )
        self.bus.subscribe(ScanFinished, lambda _event: self._give_back())
        self.bus.subscribe(HouseholdChanged, self._household_changed)
        self.bus.subscribe(
            SessionEnded, lambda event: self.live.end(lambda actor: actor.session_id == event.session_id)
        )
        self.live.forward(HouseholdChanged, "household.changed", "system", lambda _event: {})
        self.live.forward(
            MemberChanged,
            "member.changed",
            "members",
            lambda event: {"user_id": event.user_id},
            lambda actor, event: actor.is_admin or actor.user_id == event.user_id,
        )
        self.live.forward(InvitesChanged, "invites.changed", "members", lambda _event: {}, _is_admin)
        self.live.forward(
            SessionsChanged,
            "sessions.changed",
            "members",
            lambda event: {"user_id": event.user_id},
            lambda actor, event: actor.is_admin or actor.user_id == event.user_id,
        )
        self.live.forward(
            CodeShown, "codes.changed", "members", lambda _event: {}, lambda actor, _event: actor.is_admin
        )
        # Only who is there can have a picture, and everybody sees it.
        self.live.forward(PictureChanged, "member.picture", "members", lambda event: {"user_id": event.user_id})
        self.live.forward(
            ItemsChanged,
            "library.changed",
            "library",
            lambda event: {"library_id": event.library_id, "cursor": event.stamp},
            lambda actor, event: self._sight.sees(actor, event.library_id),
        )
        self.live.forward(LibrariesChanged, "libraries.changed", "library", lambda _event: {})
        forward = self.live.forward
        forward(ScanStarted, "scan.started", "scans", _scan_frame, _is_admin)
        forward(ScanProgressed, "scan.progress", "scans", _scan_frame, _is_admin)
        forward(ScanFinished, "scan.finished", "scans", _scan_frame, _is_admin)
        self.live.forward(
            WatchStateChanged,
            "playback.progress",
            "playback",
            lambda event: {"rating_key": event.rating_key},
            lambda actor, event: actor.user_id == event.user_id,
        )
        self.live.forward(
            WatchlistChanged,
            "playback.watchlist",
            "playback",
            lambda event: {"rating_key": event.rating_key, "watchlisted": event.is_listed},
            lambda actor, event: actor.user_id == event.user_id,
        )

        for kind, name in PHOTO_FRAMES.items():
            forward(kind, name, "photos", _photo_frame, _is_owner)
        forward(AlbumChanged, "album.changed", "photos", _album_frame, _is_in_album)
        forward(AlbumGone, "album.gone", "photos", _album_frame, _is_in_album)
        forward(AlbumTalk, "album.talk", "photos", _album_frame, _is_in_album)
        forward(TagsChanged, "photos.tags", "photos", _nothing_more, _owns)
        forward(StacksChanged, "photos.stacks", "photos", _nothing_more, _owns)
        forward(PeopleChanged, "photos.people", "photos", _nothing_more, _owns)
        forward(MemoriesChanged, "photos.memories", "photos", _nothing_more, _owns)
        forward(
            PartnersChanged,
            "partners.changed",
            "photos",
            lambda event: {"shared_by_id": event.shared_by_id, "shared_with_id": event.shared_with_id},
            lambda actor, event: actor.user_id in {event.shared_by_id, event.shared_with_id},
        )
        forward(
            ActivityChanged,
            "playback.activity",
            "playback",
            lambda _event: {},
            lambda actor, event: actor.is_admin or actor.user_id in event.user_ids,
        )
        forward(
            InboxChanged,
            "notifications.changed",
            "notifications",
            lambda event: {"unread": event.unread},
            lambda actor, event: actor.user_id == event.user_id,
        )
        forward(
            NoticeTold,
            "share.notification",
            "notifications",
            lambda event: msgspec.to_builtins(share_notice(event.notice)) if event.notice.family == "share" else None,
            lambda actor, event: actor.user_id == event.notice.user_id,
        )
        forward(
            PlaybackStopped,
            "playback.stopped",
            "playback",
            _stopped_frame,
            lambda actor, event: actor.session_id == event.sign_in_id,
        )

    async def _give_back(self) -> None:
        """Memory that was needed for what is over now."""
        await self.db.shrink()
        give_back()

    async def _household_changed(self, _event: HouseholdChanged) -> None:
        household = await self.household.read()
        self._household_name = household.name
        self.is_claimed = household.is_claimed
        if self._announcer is not None:
            self._announcer.rename(household.name)

    def _application(self, owners: list[object]) -> web.Application:
        app = web.Application(middlewares=[edge], client_max_size=1 << 20)
        observers_of(app).append(self.requests.observe)
        app.on_response_prepare.append(dress)
        app.on_response_prepare.append(self.guard.renew_cookie)
        app.cleanup_ctx.append(keep_open_files)
        a_minute = {Family.CLIPS: CLIPS_A_MINUTE, Family.HEAPS: HEAPS_A_MINUTE}
        limits = {family: RateLimit(limit, 60.0, clock=self.clock) for family, limit in a_minute.items()}
        pace = FamilyPace(limits, self._site.address)
        self.routes = mount(app, owners, self.guard, pace)
        Cors(self.settings.server.cors_origins).mount(app, self.routes)
        app.router.add_get("/ws", self.live.handle)
        self.apps.mount(app)
        Pages(ClientFiles(), lambda: self._household_name).mount(app)
        return app

    async def announce(self, stack: Stack, sockets: Sequence[socket.socket], urls: Sequence[str]) -> None:
        """Tell the network where we are, unless told not to; `urls` are the addresses that are known to work."""
        self._urls = [url for url in urls if not url.startswith("http://localhost")]
        if not self.settings.server.announce:
            return
        household = await self.household.read()
        bound = [listener.getsockname() for listener in sockets]
        self._port = int(bound[0][1])
        self._announcer = await stack.enter(
            "discovery",
            Announcer(
                name=household.name,
                server_id=household.machine_id,
                version=__version__,
                port=self._port,
                listening=[str(name[0]) for name in bound],
                public_key=self._public_key,
            ),
        )

    async def serve_https(
        self, stack: Stack, runner: web.BaseRunner, sockets: Sequence[socket.socket], bind: Bind
    ) -> None:
        """Answer HTTPS too, where that is wanted, beside the `sockets` that answer plainly."""
        self._plain_port = int(sockets[0].getsockname()[1])
        await self.https.attach(runner, bind)
        stack.push("https listener", self.https.detach)

    def _names(self) -> Names:
        """What this machine is called; asks the system."""
        shown = self._announcer.announcement if self._announcer else None
        listening = [self.settings.server.host]
        return Names(*machine(platform.node(), shown.host if shown else None, of_this_machine(), listening))

    def _addresses(self) -> list[str]:
        """What to type on another device, the name before the number."""
        shown = self._announcer.announcement if self._announcer else None
        return [*([f"http://{shown.host.rstrip('.')}:{self._port}"] if shown else []), *self._urls]


def _is_admin(actor: Member, _event: object) -> bool:
    return actor.is_admin


def _scan_frame(event: ScanStarted | ScanProgressed | ScanFinished) -> dict[str, Any]:
    return {"scan": {"scan_id": str(event.scan_id), "library_id": event.library_id}}


PhotoEvent = PhotosChanged | PhotosReady | PhotosTrashed | PhotosRestored | PhotosDeleted
PHOTO_FRAMES: dict[type[PhotoEvent], str] = {
    PhotosChanged: "photos.changed",
    PhotosReady: "photos.ready",
    PhotosTrashed: "photos.trashed",
    PhotosRestored: "photos.restored",
    PhotosDeleted: "photos.deleted",
}
MAX_TOLD_IDS = 100


def _photo_frame(event: PhotoEvent) -> dict[str, Any]:
    return {"photo_ids": event.photo_ids[:MAX_TOLD_IDS]}


def _is_owner(actor: Member, event: PhotoEvent) -> bool:
    return actor.user_id == event.owner_id


def _nothing_more(_event: object) -> dict[str, Any]:
    return {}


def _owns(actor: Member, event: TagsChanged | StacksChanged | PeopleChanged | MemoriesChanged) -> bool:
    return actor.user_id == event.owner_id


def _album_frame(event: AlbumChanged | AlbumGone | AlbumTalk) -> dict[str, Any]:
    return {"album_id": event.album_id}


def _is_in_album(actor: Member, event: AlbumChanged | AlbumGone | AlbumTalk) -> bool:
    return actor.user_id in event.user_ids


def _stopped_frame(event: PlaybackStopped) -> dict[str, Any]:
    return {
        "session_id": event.session_id,
        "rating_key": event.rating_key,
        "file_id": event.file_id,
        "why": event.why,
        "message": SENTENCES[event.why],
    }


class _Facts(LibraryTotals):
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


class _Playback(NoPlayback):
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


@contextlib.asynccontextmanager
async def _opened(places: Places, clock: Clock) -> AsyncIterator[Database]:
    """The household's database, beside a server that may run.

    Raises:
        StartRefused: there is none.
    """
    if not places.database.is_file():
        raise StartRefused(
            f"There is no household in {places.data_dir} yet. Start the server first, or name its folder by --data-dir."
        )
    db = await Database.open(places.database, clock=clock)
    try:
        yield db
    finally:
        await db.close()


async def list_waiting(places: Places) -> list[tuple[str, str]]:
    """Who waits to be let in, without a running server: user name, and the e-mail address he named or ""."""
    async with _opened(places, Clock()) as db:
        return [(one.username, one.label) for one in await waiting(db)]


async def approve_member(places: Places, name: str) -> str:
    """Let somebody in who waits, without asking a running server; his user name.

    Raises:
        NotFound: nobody with this name waits.
    """
    clock = Clock()
    async with _opened(places, clock) as db:
        return await approve(db, name, clock)


async def reset_password(settings: Settings, places: Places, name: str, password: str) -> bool:
    """Set a member's password without a running server; ends all sessions of the member.

    Whoever does this at the machine wants in by it, so passwords are opened where they were closed; True then.

    Raises:
        AppError: there is no such member, or the password breaks a rule.
    """
    del settings
    clock = Clock()
    async with _opened(places, clock) as db:
        passwords = Passwords()
        try:
            sessions = SessionService(db, Tokens(Keys.load(places.keys_dir), clock), clock)
            await SignInService(db, sessions, passwords, clock).reset_password(name, password)
            switch = PasswordLogin(db, clock)
            if await switch.load():
                return False
            await switch.change(is_on=True, by=None)
            return True
        finally:
            await passwords.close()
