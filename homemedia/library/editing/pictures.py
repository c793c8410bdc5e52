"""The pictures an item can show: which ones are offered, and how one that a person gives becomes one of ours.

Nothing is decoded here: the media worker looks into every picture before it counts.
"""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from homemedia.core.db import Reader
from homemedia.core.http.outbound import Outbound
from homemedia.core.problems import AppError, BadRequest, TimedOut, TooLarge
from homemedia.core.threads import Lane
from homemedia.library.artwork.cellar import Cellar
from homemedia.library.artwork.maker import seen
from homemedia.library.artwork.models import PictureKind
from homemedia.library.editing import store
from homemedia.library.editing.wire import Artwork, PictureOffer, PictureUrl
from homemedia.library.editing.wishes import PICTURES
from homemedia.library.scan.disks import Disks, DiskSilent
from homemedia.media import MediaTools

MAX_BYTES = 20 << 20
# Of the pictures a person gave an item for one place, so many stay on offer.
MOST_OWN = 12
HASH_LENGTH = 12
REMOTE = "tmdb:"
PATIENCE_S = 4.0
COPY_S = 15.0


class RemotePicture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture a catalogue offers: `id` as `tmdb:…`, `url` one of ours that shows it small."""

    id: str
    kind: PictureKind
    url: str
    width: int | None = None
    height: int | None = None


class RemotePictures(Protocol):
    """Who knows what catalogues offer; nothing when they do not answer."""

    async def candidates(self, item_id: int) -> Sequence[RemotePicture]: ...

    async def fetch(self, candidate_id: str) -> Path | None:
        """A file with the picture itself, large enough to be kept; it may be thrown away later."""
        ...


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A picture the item has."""

    artwork_id: int
    kind: str
    source: str
    path: str
    content_hash: str
    width: int | None
    height: int | None
    is_broken: bool
    is_selected: bool
    is_chosen: bool
    origin: str | None

    @property
    def offer_id(self) -> str:
        """What it is called on offer: the name of a file beside the film, else its content."""
        if self.source == "local":
            return f"local:{self.path.replace(chr(92), '/').rpartition('/')[2]}"
        return f"{self.source}:{self.content_hash[:HASH_LENGTH]}"


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """A picture that lies in its place and was looked into, not yet written down."""

    path: str
    content_hash: str
    facts: Mapping[str, object]
    origin: str | None = None


# What an item is to show: a row it has, a picture just given, or None for what the sources say.
Choice = int | Given | None


def offers(rows: Iterable[Row], remote: Iterable[RemotePicture]) -> Artwork:
    """All pictures on offer, those of the item first. Pure.

    A copy stands for what it was copied from while that is still offered.
    """
    usable = [row for row in rows if not row.is_broken]
    found: dict[str, dict[str, PictureOffer]] = {kind: {} for kind in PICTURES}
    for row in usable:
        if row.source != "manual":
            # Two rows of one content would be one offer twice.
            found[row.kind].setdefault(row.offer_id, _offer(row))
    # What was downloaded already is called as on offer.
    downloaded = {row.origin for row in usable if row.source == "download"}
    for one in remote:
        if one.id.removeprefix(REMOTE) in downloaded:
            continue
        found[one.kind].setdefault(
            one.id,
            PictureOffer(id=one.id, selected=False, url=one.url, source="tmdb", width=one.width, height=one.height),
        )
    for row in usable:
        if row.source != "manual":
            continue
        original = found[row.kind].get(row.origin or "")
        if original is None:
            found[row.kind].setdefault(row.offer_id, _offer(row))
        elif row.is_chosen:
            found[row.kind][original.id] = msgspec.structs.replace(original, selected=row.is_selected, manual=True)
    return Artwork(thumb=list(found["thumb"].values()), art=list(found["art"].values()))


def _offer(row: Row) -> PictureOffer:
    return PictureOffer(
        id=row.offer_id,
        selected=row.is_selected,
        url=f"/api/artwork/c-{row.artwork_id}/{row.kind}?v={row.content_hash[:8]}",
        source=row.source,
        width=row.width,
        height=row.height,
        manual=row.is_chosen,
    )


async def rows_of(read: Reader, item_id: int) -> list[Row]:
    return [_row(row) for row in await read(store.PICTURES_OF, {"item_id": item_id})]


def rows_in(connection: sqlite3.Connection, item_id: int) -> list[Row]:
    return [_row(row) for row in connection.execute(store.PICTURES_OF, {"item_id": item_id})]


def _row(row: sqlite3.Row) -> Row:
    return msgspec.convert(dict(row), Row, strict=False)


class PictureDesk:
    """Takes pictures in: from an address, from a person's own machine, from a catalogue, from beside a film."""

    def __init__(
        self, tools: MediaTools, outbound: Outbound, folder: Path, lane: Lane, disks: Disks | None = None
    ) -> None:
        self._tools = tools
        self._outbound = outbound
        self._cellar = Cellar(folder)
        self._lane = lane
        self._disks = disks or Disks()
        self.remote: RemotePictures | None = None

    async def offered(self, item_id: int) -> Sequence[RemotePicture]:
        """What catalogues offer; nothing when they take long: the page is rather shown without them than late."""
        if self.remote is None:
            return ()
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await self.remote.candidates(item_id)
        except TimeoutError:
            return ()

    async def choice(self, kind: PictureKind, wish: str | PictureUrl | None, rows: Sequence[Row]) -> Choice:
        """What a wish means; fetches and looks into what is not ours yet.

        Raises:
            BadRequest: nothing like it is offered, or it cannot be fetched, or is no picture.
        """
        if wish is None:
            return None
        if isinstance(wish, PictureUrl):
            try:
                body, _ = await self._outbound.fetch_picture(wish.url)
            except BadRequest as err:
                raise BadRequest(err.message, code=err.code, field=kind) from None
            return await self._kept(kind, body)
        own = [row for row in rows if row.kind == kind and not row.is_broken]
        row = next((row for row in own if row.offer_id == wish), None)
        if row is not None and row.source != "local":
            return row.artwork_id
        copy = next((copy for copy in own if copy.origin == wish and copy.source == "manual"), None)
        if row is not None:
            # A copy of ours outlives the file beside the film.
            return await self._copied(kind, row.path, row.offer_id)
        if copy is not None:
            return copy.artwork_id
        if self.remote is not None and wish.startswith(REMOTE):
            path = await self.remote.fetch(wish)
            if path is not None:
                return await self._copied(kind, str(path), wish)
        raise BadRequest("This picture is not on offer any more.", field=kind, reason="is not offered")

    async def take_in(self, kind: PictureKind, chunks: AsyncIterator[bytes]) -> Given:
        """A picture as somebody sends it.

        Raises:
            TooLarge: it has more than 20 MiB.
            BadRequest: it is no picture that can be shown.
        """
        target = await self._lane.run(self._cellar.new_target)
        try:
            file = await self._lane.run(target.open, "wb")
            try:
                size = 0
                async for chunk in chunks:
                    size += len(chunk)
                    if size > MAX_BYTES:
                        raise TooLarge("A picture may have 20 MiB at most.")
                    await self._lane.run(file.write, chunk)
            finally:
                await self._lane.run(file.close)
            if not size:
                raise BadRequest("There is no picture in the request.", code="not_a_picture", field=kind)
            return await self._looked_into(kind, target, None)
        finally:
            await self._lane.run(target.unlink, missing_ok=True)

    async def _kept(self, kind: PictureKind, body: bytes) -> Given:
        target = await self._lane.run(self._cellar.new_target)
        try:
            await self._lane.run(target.write_bytes, body)
            return await self._looked_into(kind, target, None)
        finally:
            await self._lane.run(target.unlink, missing_ok=True)

    async def _copied(self, kind: PictureKind, path: str, origin: str) -> Given:
        target = await self._lane.run(self._cellar.new_target)
        try:
            # Beside a film, on a disk that may not answer.
            await self._disks.ask_about(COPY_S, path, shutil.copyfile, path, target)
            return await self._looked_into(kind, target, origin)
        except DiskSilent as err:
            raise TimedOut("The disk of this picture does not answer.", code="storage_timeout") from err
        except OSError as err:
            sentence = "This picture cannot be read any more."
            raise BadRequest(sentence, code="not_a_picture", field=kind) from err
        finally:
            await self._lane.run(target.unlink, missing_ok=True)

    async def _looked_into(self, kind: PictureKind, target: Path, origin: str | None) -> Given:
        try:
            facts = await self._tools.facts(target)
        except AppError as err:
            if err.status >= 500:
                raise
            raise BadRequest(err.message, code="not_a_picture", field=kind) from err
        path = await self._lane.run(self._cellar.keep, target, facts.content_hash, facts.format)
        return Given(path=path, content_hash=facts.content_hash, facts=seen(facts), origin=origin)
