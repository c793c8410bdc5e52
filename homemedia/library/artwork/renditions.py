"""Pictures in the sizes clients ask for: made once, kept in the cache folder, the least recently used thrown out.

Decoding and scaling is the media worker's; here is only who waits for what, and where it lies.
"""

import asyncio
import logging
import os
from pathlib import Path
from typing import Literal, Self

import msgspec

from homemedia.core.ids import new_hex
from homemedia.core.threads import Lane
from homemedia.library.scan.disks import Disks, DiskSilent
from homemedia.media import MediaTools, RenderRequest, ladder

_log = logging.getLogger(__name__)

Fit = Literal["cover", "contain"]
Format = Literal["jpeg", "webp", "png"]
CACHE_LIMIT_BYTES = 2 << 30
# Thrown out down to this share, so that not every new picture walks over the whole folder.
KEPT_SHARE = 0.9
TOUCHED_LIMIT = 4096
WIDEST = 1920
HASH_LENGTH = 16
# A person waits for a face in a row of others.
STAT_S = 3.0


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """One rendition of one picture. Sides are steps of the ladder, None where the other decides."""

    source: str
    content_hash: str
    width: int | None
    height: int | None
    fit: Fit
    format: Format
    point: str | None = None

    @property
    def name(self) -> str:
        """Unique among all renditions; what the ETag is made of."""
        size = f"{self.width or 0}x{self.height or 0}"
        focus = f"-{self.point.replace(',', '_')}" if self.point and self.fit == "cover" else ""
        return f"{self.content_hash[:HASH_LENGTH]}-{size}-{self.fit}{focus}.{self.format}"


def wanted(
    source: str,
    content_hash: str,
    size: tuple[int | None, int | None],
    fit: Fit,
    form: Format,
    point: str | None = None,
) -> Wanted:
    """What to make for a wish: sizes rounded up to the ladder, without any the picture up to 1920 wide."""
    width, height = (ladder(side) if side is not None else None for side in size)
    if width is None and height is None:
        width = WIDEST
    if width is None or height is None:
        # Nothing is cut off when one side follows from the other, so both fits are one rendition.
        fit = "contain"
    return Wanted(
        source=source, content_hash=content_hash, width=width, height=height, fit=fit, format=form, point=point
    )


def focus(point: str | None) -> tuple[float, float]:
    """The point of interest of a row, the centre where there is none."""
    x, comma, y = (point or "").partition(",")
    return (float(x), float(y)) if comma else (0.5, 0.5)


class Renditions:
    """An async context manager over one cache folder.

    Args:
        folder: made when missing.
        tools: does the decoding.
        limit_bytes: how large the folder may grow.
        disks: who asks disks that are not ours, and may not answer.
    """

    def __init__(
        self, folder: Path, tools: MediaTools, *, limit_bytes: int = CACHE_LIMIT_BYTES, disks: Disks | None = None
    ) -> None:
        self._folder = folder
        self._tools = tools
        self._disks = disks or Disks()
        self._limit = limit_bytes
        self._lane = Lane("renditions", 2)
        self._making: dict[str, asyncio.Task[bytes]] = {}
        self._upkeep: asyncio.Task[None] | None = None
        self._touched: set[str] = set()
        self._bytes: int | None = None  # of the folder; counted at the first write

    def path(self, wish: Wanted) -> Path:
        """Where this rendition lies, if it does."""
        return self._folder / wish.name[:2] / wish.name

    def touch(self, wish: Wanted) -> None:
        """Remember that somebody looked at it; written to the disk now and then."""
        self._touched.add(wish.name)
        if len(self._touched) >= TOUCHED_LIMIT:
            self._keep_up()

    async def make(self, wish: Wanted) -> bytes:
        """The picture's bytes; everybody who asks while it is made gets the same.

        Raises:
            As `MediaTools.render`.
        """
        task = self._making.get(wish.name)
        if task is None:
            task = asyncio.create_task(self._make(wish), name=f"rendition-{wish.name}")
            self._making[wish.name] = task
            task.add_done_callback(lambda _: self._making.pop(wish.name, None))
        return await asyncio.shield(task)

    async def ready(self, wish: Wanted) -> None:
        """Have this rendition lie in its place; a full disk is told by its absence.

        Raises:
            As `MediaTools.render`.
        """
        if await self._lane.run(self.path(wish).is_file):
            self.touch(wish)
        else:
            await self.make(wish)

    async def drop(self, content_hash: str) -> None:
        """Have all pictures of these bytes made again when somebody asks for them."""
        await self._lane.run(self._drop, content_hash[:HASH_LENGTH])

    async def stat(self, path: str) -> os.stat_result:
        """Facts of a file that has no row of its own.

        Raises:
            OSError: it is gone, or its disk does not answer.
        """
        try:
            return await self._disks.ask_about(STAT_S, path, os.stat, path)
        except DiskSilent as err:
            raise TimeoutError(err.sentence) from err

    async def close(self) -> None:
        """End what is being made, write down what was looked at."""
        for task in (*self._making.values(), *([self._upkeep] if self._upkeep else [])):
            task.cancel()
            await asyncio.wait([task])
        if self._touched:
            await self._lane.run(self._write_touches, self._taken_touches())
        await self._lane.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _make(self, wish: Wanted) -> bytes:
        x, y = focus(wish.point)
        rendering = await self._tools.render(
            RenderRequest(
                source=wish.source,
                width=wish.width,
                height=wish.height,
                fit=wish.fit,
                format=wish.format,
                focus_x=x,
                focus_y=y,
            )
        )
        try:
            await self._lane.run(self._write, self.path(wish), rendering.body)
        except OSError as err:
            # A full disk must not keep a person from seeing the poster.
            _log.warning("a picture cannot be kept in the cache: %s", err)
            return rendering.body
        if self._bytes is not None:
            self._bytes += len(rendering.body)
        if self._bytes is None or self._bytes > self._limit:
            self._keep_up()
        return rendering.body

    def _write(self, path: Path, body: bytes) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_name(f"{new_hex(6)}.part")
        try:
            fresh.write_bytes(body)
            fresh.replace(path)
        except OSError:
            fresh.unlink(missing_ok=True)
            raise

    def _drop(self, begin: str) -> None:
        for path in (self._folder / begin[:2]).glob(f"{begin}-*"):
            path.unlink(missing_ok=True)

    def _keep_up(self) -> None:
        if self._upkeep is None or self._upkeep.done():
            self._upkeep = asyncio.create_task(self._sweep(), name="renditions-upkeep")

    async def _sweep(self) -> None:
        try:
            self._bytes = await self._lane.run(self._throw_out, self._taken_touches())
        except OSError as err:
            _log.warning("the cache of pictures cannot be swept: %s", err)

    def _taken_touches(self) -> set[str]:
        touched, self._touched = self._touched, set()
        return touched

    def _write_touches(self, names: set[str]) -> None:
        for name in names:
            try:
                os.utime(self._folder / name[:2] / name)
            except FileNotFoundError:
                continue

    def _throw_out(self, touched: set[str]) -> int:
        """Delete the least recently used where there is too much; the bytes that are left."""
        self._write_touches(touched)
        found: list[tuple[float, int, str]] = []
        for folder, _, names in os.walk(self._folder):
            for name in names:
                path = os.path.join(folder, name)  # noqa: PTH118 - a hundred thousand Path objects take seconds
                try:
                    facts = os.stat(path)  # noqa: PTH116 - likewise
                except FileNotFoundError:
                    continue
                found.append((facts.st_mtime, facts.st_size, path))
        total = sum(size for _, size, _ in found)
        if total <= self._limit:
            return total
        for _, size, path in sorted(found):
            if total <= self._limit * KEPT_SHARE:
                break
            Path(path).unlink(missing_ok=True)
            total -= size
        return total
