"""The server about itself: how it is, its folders, its log, its certificate, copies of its database."""

from collections.abc import Callable
from typing import Any

from homemedia.app.accounts import Accounts
from homemedia.app.base import Base
from homemedia.app.entrance import Entrance
from homemedia.app.facts import Facts, Watching
from homemedia.app.library import Library
from homemedia.app.network import Network
from homemedia.app.photos import Photos
from homemedia.app.playback import Playback
from homemedia.core.threads import Lane
from homemedia.library.scan.disks import Disks
from homemedia.server.backup.routes import BackupRoutes
from homemedia.server.backup.service import Backups
from homemedia.server.browse import Walls
from homemedia.server.folders import FolderService
from homemedia.server.https.door import Https
from homemedia.server.https.routes import HttpsRoutes
from homemedia.server.info import ServerInfo
from homemedia.server.photo import store as photo_server_store
from homemedia.server.photo.routes import PhotoConfigRoutes, PhotoServerRoutes
from homemedia.server.requests_routes import LogRoutes
from homemedia.server.room import Room
from homemedia.server.routes import AddressRoutes, FolderRoutes, InfoRoutes
from homemedia.server.updates.routes import UpdateRoutes
from homemedia.server.updates.service import Updates
from homemedia.server.wire import Realtime

ROUTES: tuple[Any, ...] = (
    InfoRoutes,
    FolderRoutes,
    AddressRoutes,
    HttpsRoutes,
    LogRoutes,
    PhotoServerRoutes,
    PhotoConfigRoutes,
    BackupRoutes,
    UpdateRoutes,
)


class About:
    """What administrators see of the server.

    Attributes:
        realtime: answers what goes on in live connections.
        room: which disks are almost full.
    """

    https: Https
    backups: Backups
    room: Room
    updates: Updates

    def __init__(
        self,
        base: Base,
        entrance: Entrance,
        accounts: Accounts,
        library: Library,
        playback: Playback,
        photos: Photos,
        network: Network,
    ) -> None:
        self._base = base
        self._entrance = entrance
        self._accounts = accounts
        self._library = library
        self._playback = playback
        self._photos = photos
        self._network = network
        self.realtime: Callable[[], Realtime] = Realtime

    async def start(self) -> list[object]:
        """Build it; its routes."""
        base, entrance, accounts, network = self._base, self._entrance, self._accounts, self._network
        facts = Facts(base.db, base.clock, self._library.is_scanning, base.bus)
        lane = await base.stack.enter("disks", Lane("disks", 4))
        places = base.places
        written = {"data": places.data_dir, "uploads": places.media_dir, "converted films": places.transcode_dir}
        self.room = Room(base.db, written, lane)
        entrance.sweeper.more.append(self.room.look)
        info = ServerInfo(
            base.db,
            entrance.household,
            facts,
            Watching(self._playback.sessions, self._playback.activity, self._playback.means),
            base.places,
            lane,
            base.clock,
        )
        walls = Walls((base.places.data_dir, base.places.transcode_dir), base.settings.library.browse_roots)
        self.https = await self._https()
        entrance.site.plain_port = lambda: network.plain_port if self.https.is_made_here else None
        return [
            HttpsRoutes(self.https, network.addresses),
            PhotoServerRoutes(
                base.db,
                entrance.household,
                accounts.photo_config,
                base.places.media_dir,
                lane,
                self._ffmpeg_version,
                self._photos.whereabouts.is_ready,
            ),
            PhotoConfigRoutes(accounts.photo_config),
            InfoRoutes(
                info,
                entrance.keys.identity.public_text,
                entrance.public_url,
                self._realtime,
                accounts.provider_config.name,
                accounts.has_passwords,
            ),
            FolderRoutes(FolderService(walls, facts, Disks())),
            AddressRoutes(network.addresses, entrance.public_url),
            LogRoutes(entrance.requests, entrance.household),
            BackupRoutes(await self._backups()),
            UpdateRoutes(await self._updates()),
        ]

    def _realtime(self) -> Realtime:
        return self.realtime()

    async def _ffmpeg_version(self) -> str | None:
        found = (await self._playback.means.means()).ffmpeg
        return None if found is None else found.version

    async def _https(self) -> Https:
        base, server = self._base, self._base.settings.server
        made: Https = await base.stack.enter(
            "https",
            Https(
                base.db,
                base.places.keys_dir,
                certificate=server.tls_cert,
                key=server.tls_key,
                port=server.tls_port,
                host=server.host,
                names=self._network.names,
                house=lambda: self._entrance.house_name,
                clock=base.clock,
            ),
        )
        return made

    async def _backups(self) -> Backups:
        """Copies of the database, made at night."""
        base, config = self._base, self._accounts.photo_config

        async def began_at() -> int | None:
            return await photo_server_store.began_at(base.db.read)

        backups = self.backups = Backups(base.db, base.places.backup_dir, began_at, base.clock)
        await base.stack.enter("backups", backups)
        backups.register(base.jobs)
        backups.kept = lambda: config.kept_backups
        backups.at = lambda: config.backup_at
        self._photos.starts["backupDatabase"] = backups.wish
        self._entrance.sweeper.more.append(backups.sweep)
        return backups

    async def _updates(self) -> Updates:
        """Whether there is a newer version, if somebody wishes to know."""
        base = self._base
        updates: Updates = await base.stack.enter(
            "updates", Updates(base.db, base.settings.updates.url, base.places.backup_dir, base.clock)
        )
        self._entrance.sweeper.more.append(updates.sweep)
        self.updates = updates
        return updates
