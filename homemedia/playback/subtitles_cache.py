"""Text taken out of films: one pass of ffmpeg per film, kept in the cache folder, the least recently used thrown out.

A pass reads the whole film, which may take minutes; whoever waits for less is told to come again, and it goes on.
"""

import asyncio
import hashlib
import logging
import os
import shutil
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, Self

import msgspec

from homemedia.core.ids import new_hex
from homemedia.core.problems import AppError, Unavailable
from homemedia.core.process import child
from homemedia.core.threads import Lane
from homemedia.media.ffmpeg import Ffmpeg
from homemedia.media.subtitles import UnreadableSubtitle
from homemedia.media.subtitles.extract import FONTS, Extraction, command

_log = logging.getLogger(__name__)

WAIT_S: Final = 60.0  # contract 3.7
# A film of 60 GB over a slow network disk takes a quarter of an hour.
PASS_LIMIT_S: Final = 3600.0
PASSES: Final = 2
CACHE_LIMIT_BYTES: Final = 1 << 30
KEPT_SHARE: Final = 0.9
# A film out of which nothing could be had is not read again for so long.
SULK_S: Final = 600.0
MOST_SULKING: Final = 256
_PART: Final = ".part"


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A film as it lies on the disk now."""

    path: str
    size_bytes: int
    mtime_ns: int
    extraction: Extraction

    @property
    def key(self) -> str:
        named = f"{self.path}\0{self.size_bytes}\0{self.mtime_ns}".encode("utf-8", "surrogateescape")
        return hashlib.sha256(named).hexdigest()[:32]


class SubtitleCache:
    """An async context manager over one folder.

    Args:
        folder: made when missing.
        ffmpeg: the program, asked for when it is first needed.
        lane: threads for the folder.
        limit_bytes: how large the folder may grow.
        wait_s: how long a caller waits at most.
    """

    def __init__(
        self,
        folder: Path,
        ffmpeg: Callable[[], Awaitable[Ffmpeg | None]],
        lane: Lane,
        *,
        limit_bytes: int = CACHE_LIMIT_BYTES,
        wait_s: float = WAIT_S,
    ) -> None:
        self._folder = folder
        self._ffmpeg = ffmpeg
        self._lane = lane
        self._limit = limit_bytes
        self._wait_s = wait_s
        self._passes: dict[str, asyncio.Task[Path]] = {}
        self._turns = asyncio.Semaphore(PASSES)
        self._sulking: dict[str, tuple[float, AppError]] = {}

    async def __aenter__(self) -> Self:
        await self._lane.run(self._prepare)
        return self

    async def __aexit__(self, *_: object) -> None:
        passes = list(self._passes.values())
        for task in passes:
            task.cancel()
        await asyncio.gather(*passes, return_exceptions=True)

    async def folder_of(self, source: Source) -> Path:
        """The folder with everything taken out of a film.

        Raises:
            Unavailable: `subtitle_not_ready`: it takes longer, and goes on; `ffmpeg_missing`.
            UnreadableSubtitle: nothing can be had.
        """
        folder = self._folder / source.key
        if await self._lane.run(_touch, folder):
            return folder
        task = self.begin(source)
        done, _ = await asyncio.wait({task}, timeout=self._wait_s)
        if not done:
            raise Unavailable(
                "The subtitles are still being taken out of the film.", code="subtitle_not_ready", retry_after_s=10
            )
        return task.result()

    def begin(self, source: Source) -> asyncio.Task[Path]:
        """Have a film's text taken out; the pass that is under way already, if one is."""
        task = self._passes.get(source.key)
        if task is None:
            task = self._passes[source.key] = asyncio.create_task(self._pass(source), name=f"subtitles-{source.key}")
            task.add_done_callback(lambda ended: self._ended(source.key, ended))
        return task

    def _ended(self, key: str, task: asyncio.Task[Path]) -> None:
        del self._passes[key]
        if task.cancelled() or (problem := task.exception()) is None:
            return
        if isinstance(problem, UnreadableSubtitle):
            self._sulking[key] = (time.monotonic() + SULK_S, problem)
            while len(self._sulking) > MOST_SULKING:
                del self._sulking[next(iter(self._sulking))]
        elif not isinstance(problem, AppError):
            _log.error("subtitles cannot be taken out", exc_info=problem)

    async def _pass(self, source: Source) -> Path:
        until, problem = self._sulking.get(source.key, (0.0, None))
        if problem is not None and time.monotonic() < until:
            raise UnreadableSubtitle(problem.message)
        folder = self._folder / source.key
        if await self._lane.run(_touch, folder):
            return folder
        ffmpeg = await self._ffmpeg()
        if ffmpeg is None:
            raise Unavailable("The program that reads films is not installed.", code="ffmpeg_missing")
        async with self._turns:
            part = self._folder / f"{source.key}.{new_hex(6)}{_PART}"
            try:
                await self._lane.run((part / FONTS).mkdir, mode=0o700, parents=True)
                await self._take_out(ffmpeg.path, source, part)
                await self._lane.run(_put, part, folder)
            except OSError as err:
                _log.warning("subtitles cannot be kept: %s", err)
                raise Unavailable("The subtitles cannot be kept on the server's disk.", code="disk_full") from err
            finally:
                shutil.rmtree(part, ignore_errors=True)
        await self._sweep()
        return folder

    async def _take_out(self, ffmpeg: str, source: Source, folder: Path) -> None:
        extraction = source.extraction
        status, words = await _run(command(ffmpeg, source.path, extraction), folder)
        if status and extraction.fonts:
            # A broken attachment ends ffmpeg at once; the text is worth more than its letters.
            status, words = await _run(command(ffmpeg, source.path, extraction.without_fonts), folder)
        if status and not await self._lane.run(_has_text, folder):
            _log.info("no subtitles could be taken out of %s: %s", source.path, words)
            raise UnreadableSubtitle("The subtitles in this file cannot be read.")

    def _prepare(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for entry in self._folder.iterdir():
            if entry.name.endswith(_PART):
                shutil.rmtree(entry, ignore_errors=True)
        self._throw_out(frozenset())

    async def _sweep(self) -> None:
        try:
            await self._lane.run(self._throw_out, frozenset(self._passes))
        except OSError as err:
            _log.warning("the cache of subtitles cannot be swept: %s", err)

    def _throw_out(self, spared: frozenset[str]) -> None:
        """Delete the least recently used where there is too much, but not what somebody is waiting for."""
        found: list[tuple[float, int, Path]] = []
        for entry in self._folder.iterdir():
            if entry.name.endswith(_PART):
                continue
            try:
                size = _size_of(entry)
                found.append((entry.stat().st_mtime, size, entry))
            except OSError:
                continue
        total = sum(size for _, size, _ in found)
        if total <= self._limit:
            return
        for _, size, entry in sorted(found):
            if total <= self._limit * KEPT_SHARE:
                break
            if entry.name in spared:
                continue
            shutil.rmtree(entry, ignore_errors=True)
            total -= size


async def _run(words: list[str], folder: Path) -> tuple[int, str]:
    async with child(words, limit_s=PASS_LIMIT_S, stdout=False, cwd=folder) as running:
        return await running.wait(), running.last_words


def _touch(folder: Path) -> bool:
    try:
        os.utime(folder)
    except FileNotFoundError:
        return False
    return True


def _has_text(folder: Path) -> bool:
    return any(one.stat().st_size for one in folder.iterdir() if one.is_file())


def _size_of(folder: Path) -> int:
    """Bytes of its files; what is only linked to counts as nothing."""
    return sum(one.lstat().st_size for one in (*folder.iterdir(), *(folder / FONTS).glob("*")) if one.is_file())


def _put(part: Path, folder: Path) -> None:
    if not folder.exists():
        part.replace(folder)
