"""Files of notes: how they come in, where they lie, how they are sent."""

from collections.abc import Callable
from functools import partial
from typing import Any

from homemedia.accounts import Member
from homemedia.accounts.guard import block_file
from homemedia.accounts.key_login.usage import HeapLimits
from homemedia.accounts.tokens import TokenType
from homemedia.app.base import Base
from homemedia.app.entrance import Entrance
from homemedia.app.library import Library
from homemedia.app.photos import Photos
from homemedia.app.sharing import Sharing
from homemedia.core.http.live import LiveChannel
from homemedia.core.parts import Parts
from homemedia.heaps.blocks import Blocks
from homemedia.heaps.files.events import FileKnown, UploadMoved
from homemedia.heaps.files.keeping import Keeper
from homemedia.heaps.files.looking import Looking
from homemedia.heaps.files.media import BlockMedia
from homemedia.heaps.files.media_routes import BlockMediaRoutes
from homemedia.heaps.files.picture_routes import BlockPictureRoutes
from homemedia.heaps.files.pictures import Pictures
from homemedia.heaps.files.routes import UploadRoutes
from homemedia.heaps.files.uploads import Uploads
from homemedia.heaps.heaps import Heaps
from homemedia.settings import Settings

GROUP = "uploads"
TOKEN_LIFE_S = 24 * 3600

ROUTES: tuple[Any, ...] = (UploadRoutes, BlockMediaRoutes, BlockPictureRoutes)


class HeapFiles:
    """The parts that files need.

    Attributes:
        keeper: gives blocks their files.
        uploads: takes them in.
        pictures: small ones of them.
    """

    keeper: Keeper
    uploads: Uploads
    pictures: Pictures

    def __init__(self, base: Base, entrance: Entrance, sharing: Sharing, library: Library, photos: Photos) -> None:
        self._base = base
        self._entrance = entrance
        self._sharing = sharing
        self._library = library
        self._photos = photos

    async def start(self, heaps: Heaps, blocks: Blocks) -> list[object]:
        """Build them; their routes."""
        base, managed = self._base, self._photos.managed
        keeper = self.keeper = Keeper(base.db, managed, self._library.disks, base.clock)
        keeper.register(base.jobs)
        looking = Looking(base.db, self._library.tools)
        looking.register(base.jobs)
        await looking.start()
        await base.stack.enter("files of notes", keeper)
        heaps.release = keeper.release
        parts = await base.stack.enter("half-received files", Parts(managed.staging.folder))
        uploads = self.uploads = await base.stack.enter(
            "uploads", Uploads(base.db, heaps, parts, keeper, base.bus, base.clock)
        )
        uploads.max_bytes = limits_of(base.settings).max_file_bytes
        self._entrance.sweeper.more.append(uploads.sweep)
        media = BlockMedia(base.db, heaps)
        media_routes = BlockMediaRoutes(media)
        media_routes.transfers = self._sharing.transfers
        tools = self._library.tools
        pictures = self.pictures = await base.stack.enter(
            "pictures of notes", Pictures(base.places.cache_dir / "images" / "frames", tools, self._library.renditions)
        )
        looking.first_page = pictures.source
        picture_routes = BlockPictureRoutes(base.db, media, blocks, pictures, tools, managed.staging, base.clock)
        return [UploadRoutes(uploads, managed.staging), media_routes, picture_routes]

    def sign(self, member: Member, block_id: str) -> str:
        """The media token that opens a block's file."""
        return self._entrance.tokens.issue(
            TokenType.MEDIA,
            user_id=member.user_id,
            session_id=member.session_id,
            lifetime_s=TOKEN_LIFE_S,
            resource=block_file(block_id),
        )

    def tell(self, live: LiveChannel, sees: Callable[[Any, str], bool]) -> None:
        """What the live channel says of files, to those who see their heap."""
        for what in ("progress", "completed", "failed"):
            live.forward(
                UploadMoved,
                f"upload.{what}",
                GROUP,
                partial(_upload_frame, what),
                lambda actor, event: sees(actor, event.heap_id),
            )
        live.forward(
            FileKnown,
            "file.updated",
            GROUP,
            lambda event: {
                "heap_id": event.heap_id,
                "block_id": event.block_id,
                "file_id": str(event.file_id),
                "hash": event.hash,
                "thumbnails": event.has_picture,
            },
            lambda actor, event: sees(actor, event.heap_id),
        )


def limits_of(settings: Settings) -> HeapLimits:
    """What a member's heaps may hold, as it was set up."""
    heaps = settings.heaps
    return HeapLimits(
        max_heaps=heaps.max_heaps or None, max_file_bytes=heaps.max_file_mb << 20 if heaps.max_file_mb else None
    )


def _upload_frame(what: str, event: UploadMoved) -> dict[str, Any] | None:
    if event.what != what:
        return None
    return {
        "heap_id": event.heap_id,
        "block_id": event.block_id,
        "hash": event.hash,
        "received_bytes": event.received_bytes,
        "size": event.size_bytes,
        "file_id": str(event.file_id) if event.file_id is not None else None,
        "error": event.error,
    }
