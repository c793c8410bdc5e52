"""Small pictures of blocks' files, by the one maker of pictures; where it can make none, those that clients sent."""

import asyncio
import contextlib
import hashlib
import logging
from collections import OrderedDict
from collections.abc import Awaitable
from pathlib import Path
from typing import Literal, Self

import msgspec

from homemedia.core.clock import Clock
from homemedia.core.ids import new_hex
from homemedia.core.problems import NotFound, TimedOut, Unavailable
from homemedia.core.threads import Lane
from homemedia.heaps.files.media import absent
from homemedia.heaps.files.models import PDF, PIXELS, Link, Size
from homemedia.heaps.files.pixels import HEAD_BYTES, size_in
from homemedia.library.artwork.renditions import Renditions, Wanted
from homemedia.media import AnimationRequest, MediaTools, OperationFailed, WorkerCrashed

_log = logging.getLogger(__name__)

PIPELINE = 1
WAIT_S = 10.0
FAILED_S = 24 * 3600.0
MAX_FAILED = 4096
STILL_WIDTH = 1440
SHORT_MS = 60_000
SHORT_STEP_MS, STEP_MS = 100, 1000
MAX_MOMENT_MS = 24 * 3600 * 1000
MAX_MOVING = 480
MOVING = frozenset({"image/gif", "image/webp", "image/png"})
Format = Literal["jpeg", "webp"]
Fit = Literal["cover", "contain"]
NO_PICTURE = (OperationFailed, TimedOut, WorkerCrashed, NotFound)


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture that lies in the cache."""

    path: Path
    content_type: str
    variant: str
    width: int = 0
    height: int = 0


class Pictures:
    """An async context manager over a folder of frames and covers, from which pictures of all sizes are made.

    Args:
        folder: part of the cache: what is lost is made anew.
        tools: reads media.
        renditions: makes and keeps pictures.
        clock: the time.
    """

    def __init__(
        self, folder: Path, tools: MediaTools, renditions: Renditions, clock: Clock | None = None
    ) -> None:  # fmt: skip
        self._folder = folder
        self._tools = tools
        self._renditions = renditions
        self._clock = clock or Clock()
        self._lane = Lane("block pictures", 1)
        self._making: dict[str, asyncio.Task[Path]] = {}
        # By hash: until when nobody tries again to make a picture of what could not be read.
        self._failed: OrderedDict[str, float] = OrderedDict()

    async def __aenter__(self) -> Self:
        await self._lane.run(self._folder.mkdir, mode=0o700, parents=True, exist_ok=True)
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in tuple(self._making.values()):
            task.cancel()
            await asyncio.wait([task])
        await self._lane.close()

    async def made(self, link: Link, size: Size, fit: Fit, form: Format) -> Picture:
        """A picture of a file, made where it is not there yet.

        Raises:
            NotFound: `no_thumbnail`: none can be made of it.
            Unavailable: it is not ready after ten seconds.
        """
        if link.is_looked_into and not link.has_picture:
            raise no_thumbnail()
        wish = _wish(link, self._base(link), size, fit, form)
        await self._waited(self._ready(link, wish))
        return await self._measured(self._picture(wish, size, fit, form))

    async def at(self, link: Link, at_ms: int | None, percent: float, size: Size, form: Format) -> Picture:
        """The picture of a moment of a film, made where it is not there yet.

        Args:
            link: the film.
            at_ms: the moment; None: by its share.
            percent: of the film's length.
            size: of the picture.
            form: of the file.

        Raises:
            NotFound: `no_thumbnail`: it is no film.
            Unavailable: it is not ready after ten seconds.
        """
        if not link.mime.startswith("video/") or (link.is_looked_into and not link.has_picture):
            raise no_thumbnail()
        length_ms = link.duration_ms or 0
        moment_ms = at_ms if at_ms is not None else round(length_ms * percent / 100)
        step_ms = SHORT_STEP_MS if 0 < length_ms < SHORT_MS else STEP_MS
        # Rounded, and within the film, so that whoever moves along it makes so many pictures and no more.
        moment_ms = min(moment_ms, length_ms or MAX_MOMENT_MS) // step_ms * step_ms
        name = hashlib.sha256(f"{link.hash}-{moment_ms}".encode()).hexdigest()
        part = self._folder / f"{new_hex(8)}.jpg"
        wish = _wish(msgspec.structs.replace(link, hash=name), part, size, "contain", form)
        if not await self._lane.run(self._renditions.path(wish).is_file):
            await self._waited(self._moment(link, wish, part, moment_ms, size))
        else:
            self._renditions.touch(wish)
        made = self._picture(wish, size, "contain", form)
        return await self._measured(msgspec.structs.replace(made, variant=f"{moment_ms}-{made.variant}"))

    async def moving(self, link: Link, size: Size, form: Literal["webp", "gif"]) -> Picture:
        """A short moving picture of a film or of a picture that moves.

        Raises:
            NotFound: `no_thumbnail`: it does not move.
            Unavailable: it is not ready after ten seconds.
        """
        is_film = link.mime.startswith("video/")
        if not is_film and link.mime not in MOVING:
            raise no_thumbnail()
        pixels = min(PIXELS[size], MAX_MOVING)
        made = _moving(self._folder, link, pixels, form)
        source, target = str(Path(link.root, link.path)), str(made.path)
        if not await self._lane.run(made.path.is_file):
            await self._waited(
                self._tools.animation(
                    AnimationRequest(source=source, target=target, is_film=is_film, max_side=pixels, format=form)
                )
            )
        return await self._measured(made)

    async def moves(self, link: Link, size: Size) -> Picture | None:
        """A moving picture that was made before."""
        pixels = min(PIXELS[size], MAX_MOVING)
        for form in ("webp", "gif"):
            made = _moving(self._folder, link, pixels, form)
            if await self._lane.run(made.path.is_file):
                return await self._measured(made)
        return None

    async def moving_anew(self, source: Path, size: Size) -> bytes:
        """A WebP of a picture that moves, made of its frames alone.

        Raises:
            OperationFailed: `not_moving`; it cannot be read.
            TimedOut, WorkerCrashed: likewise.
        """
        target = self._folder / f"{new_hex(8)}.webp"
        request = AnimationRequest(
            source=str(source), target=str(target), is_film=False, max_side=min(PIXELS[size], MAX_MOVING), format="webp"
        )
        try:
            await self._tools.animation(request)
            return await self._lane.run(target.read_bytes)
        finally:
            with contextlib.suppress(Unavailable):
                await asyncio.shield(self._lane.run(target.unlink, missing_ok=True))

    async def anew(self, link: Link) -> None:
        """Drop all pictures of a file, and make the one that lists show; also where none could be made lately."""
        self._failed.pop(link.hash, None)
        await self._lane.run(_drop, self._folder / link.hash[:2], link.hash)
        await self._renditions.drop(link.hash)
        with contextlib.suppress(NotFound, Unavailable):
            await self.made(link, "small", "contain", "webp")

    async def _moment(self, link: Link, wish: Wanted, part: Path, at_ms: int, size: Size) -> None:
        try:
            await self._tools.moment(Path(link.root, link.path), part, at_ms=at_ms, max_side=PIXELS[size])
            await self._renditions.ready(wish)
        finally:
            with contextlib.suppress(Unavailable):
                await asyncio.shield(self._lane.run(part.unlink, missing_ok=True))

    async def _waited(self, work: Awaitable[object]) -> None:
        try:
            async with asyncio.timeout(WAIT_S):
                await work
        except TimeoutError as err:
            raise Unavailable("The picture is being made.", retry_after_s=2) from err
        except NO_PICTURE as err:
            _log.info("no picture of a block's file: %s", err.message)
            raise no_thumbnail() from err

    async def there(self, link: Link, size: Size) -> Picture | None:
        """A picture that was made before."""
        for form in ("webp", "jpeg"):
            wish = _wish(link, self._base(link), size, "contain", form)
            if await self._lane.run(self._renditions.path(wish).is_file):
                return await self._measured(self._picture(wish, size, "contain", form))
        return None

    async def _ready(self, link: Link, wish: Wanted) -> None:
        await self.source(link)
        await self._renditions.ready(wish)

    async def _measured(self, made: Picture) -> Picture:
        """The same, with its size in pixels as its bytes say."""
        try:
            width, height = size_in(await self._lane.run(_head, made.path))
        except OSError:  # it cannot be kept, which who sends it finds out
            return made
        return msgspec.structs.replace(made, width=width, height=height)

    def _picture(self, wish: Wanted, size: Size, fit: Fit, form: Format) -> Picture:
        path = self._renditions.path(wish)
        return Picture(path=path, content_type=f"image/{form}", variant=f"{size}-{fit}-{form}-{PIPELINE}")

    def _base(self, link: Link) -> Path:
        if link.mime.startswith("image/"):
            return Path(link.root, link.path)
        return self._folder / link.hash[:2] / link.hash

    async def source(self, link: Link) -> Path:
        """The picture that smaller ones are made of: the file itself, a frame, its cover, its first page.

        Raises:
            NotFound: `no_thumbnail`: there is none in such a file.
            OperationFailed, TimedOut, WorkerCrashed: it cannot be read.
        """
        base = self._base(link)
        if link.mime.startswith("image/"):
            return base
        if not link.mime.startswith(("video/", "audio/")) and link.mime != PDF:
            raise no_thumbnail()
        if await self._lane.run(base.is_file):
            return base
        if self._clock.monotonic_s() < self._failed.get(link.hash, 0.0):
            raise no_thumbnail()
        task = self._making.get(link.hash)
        if task is None:
            task = asyncio.create_task(self._frame(link, base), name="frame of a block's file")
            self._making[link.hash] = task
            task.add_done_callback(lambda _: self._making.pop(link.hash, None))
        return await asyncio.shield(task)

    async def _frame(self, link: Link, base: Path) -> Path:
        await self._lane.run(base.parent.mkdir, mode=0o700, exist_ok=True)
        part, path = base.with_name(f"{base.name}.part"), Path(link.root, link.path)
        try:
            if link.mime.startswith("video/"):
                await self._tools.still(path, part, max_width=STILL_WIDTH)
            elif link.mime == PDF:
                await self._tools.page(path, part, max_side=STILL_WIDTH)
            else:
                await self._tools.cover(path, part)
        except (OperationFailed, WorkerCrashed) as err:
            # A file that is away comes back; one that cannot be read stays so.
            if err.code != "file_missing":
                self._failed[link.hash] = self._clock.monotonic_s() + FAILED_S
                if len(self._failed) > MAX_FAILED:
                    self._failed.popitem(last=False)
            raise
        await self._lane.run(part.replace, base)
        return base


def _drop(folder: Path, begin: str) -> None:
    for path in folder.glob(f"{begin}*"):
        path.unlink(missing_ok=True)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def size_of(text: str) -> Size | None:
    """A size by its name, or by pixels, rounded up to the next; None for what is neither."""
    for name in PIXELS:
        if text == name:
            return name
    if not text.isascii() or not text.isdigit() or len(text) > 4 or not 16 <= int(text) <= 2048:
        return None
    return next((name for name, pixels in PIXELS.items() if pixels >= int(text)), "large")


def no_thumbnail() -> NotFound:
    return absent("There is no small picture of this file.", "no_thumbnail")


def _moving(folder: Path, link: Link, pixels: int, form: str) -> Picture:
    return Picture(
        path=folder / link.hash[:2] / f"{link.hash}-{pixels}.{form}",
        content_type=f"image/{form}",
        variant=f"moving-{pixels}-{form}-{PIPELINE}",
    )


def _wish(link: Link, source: Path, size: Size, fit: Fit, form: Format) -> Wanted:
    pixels = PIXELS[size]
    return Wanted(
        source=str(source), content_hash=link.hash, width=pixels, height=pixels, fit=fit, format=form
    )  # fmt: skip
