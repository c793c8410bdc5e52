"""What a slice shows of its things to who holds a link; nothing here names one."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Literal, Protocol

import msgspec
from aiohttp import web

from homemedia.accounts import Guest, Member
from homemedia.core.db import Reader
from homemedia.core.zipped import Entry

Size = Literal["small", "medium", "large"]
# The long edge of each, in pixels.
LONG_EDGE: Final[dict[Size, int]] = {"small": 320, "medium": 720, "large": 1440}
Sort = Literal["name", "taken_at", "added_at"]
CONTAINERS: Final = frozenset({"folder", "collection"})


class LinkPage(msgspec.Struct, frozen=True, kw_only=True):
    """What a visitor asks of a link: a part of what lies in it, or in a container inside of it."""

    parent: str | None = None
    offset: int = 0
    limit: int = 50
    sort: Sort | None = None


class LinkItem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing inside a link, as its slice knows it; what the visitor may not know is left out here already.

    Attributes:
        item_type: by shares §6.2: image, video, audio, document, folder, collection, other.
        title: None where it would tell a file's name to who may not know it.
        taken_at: ms.
        item_count: of a container.
        metadata: what is known of it beside; None where the link does not show it.
        thumbhash: a picture of a few bytes, base64.
        streams: it may have to be converted for who plays it.
        has_picture: there is one to be asked for.
    """

    item_id: str
    item_type: str
    title: str | None
    mime_type: str | None = None
    size_bytes: int | None = None
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    taken_at: int | None = None
    item_count: int | None = None
    metadata: dict[str, object] | None = None
    thumbhash: str | None = None
    streams: bool = False
    has_picture: bool = True

    @property
    def is_container(self) -> bool:
        return self.item_type in CONTAINERS

    @property
    def is_played(self) -> bool:
        return self.item_type in {"video", "audio"}


class LinkItems(msgspec.Struct, frozen=True, kw_only=True):
    """A part of what lies in a link, and how much there is in all."""

    items: Sequence[LinkItem]
    total: int


class Served(msgspec.Struct, frozen=True, kw_only=True):
    """A file that may be sent. `admits` as in `send_file`; `filename` is what a person sees."""

    path: Path
    content_type: str
    filename: str
    admits: Callable[[os.stat_result], bool] | None = None


class LinkSlice(Protocol):
    """Everything is asked with the guest: his link says where it leads, its maker what may be handed out by it.

    What lies outside, what its maker may not hand out any more, and what is another slice's is answered by None.
    """

    kinds: frozenset[str]

    async def items(self, read: Reader, guest: Guest, media_ids: Sequence[str]) -> dict[str, LinkItem]:
        """Those of the things that lie in a link."""

    async def page(self, read: Reader, guest: Guest, asked: LinkPage) -> LinkItems | None:
        """What lies in a link that leads to one thing or one container."""

    async def picture(self, guest: Guest, media_id: str, size: Size) -> Served | None:
        """A picture of a thing, no larger than `LONG_EDGE` says, with nothing written into it."""

    async def playable(self, guest: Guest, media_id: str) -> Served | None:
        """What a browser shows or plays."""

    async def original(self, guest: Guest, media_id: str) -> Served | None:
        """The file as it is, for who may have it; without what the link does not show of it."""

    async def file_of(self, guest: Guest, media_id: str) -> int | None:
        """The file that a stream of segments is made of."""

    async def entries(self, guest: Guest, media_ids: Sequence[str] | None) -> list[Entry]:
        """The files of these things, or of all, for an archive; the names need not be unlike."""

    async def take(self, guest: Guest, request: web.Request) -> LinkItem | None:
        """Take an upload in; None where nothing can be put in.

        Raises:
            BadRequest, StorageFull: it is not taken.
        """


class LinkStreams(Protocol):
    """Converts what a guest's player cannot play."""

    async def open(self, player: Member, file_id: int, *, profile: str | None, address: str) -> str:
        """Begin a stream: its list of variants, whose addresses are whole and carry a token of the visit.

        Args:
            player: the link's maker as he plays for a visitor; `session_id` names the visit.
            file_id: of what.
            profile: what the visitor's browser plays, as the address of the playback routes has it.
            address: of who asks.
        """

    def end(self, visits: str) -> None:
        """Visits whose names begin so are over: their streams too."""
