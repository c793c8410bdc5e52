"""The server's side of downloads: one child program for each, bounded in time, and nothing left behind when it fails.

What is wanted when, and what becomes of the files, is decided elsewhere; how many run at once as well.
"""

import asyncio
import contextlib
import logging
import os
import shutil
import urllib.parse
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol, Self

from homemedia.clips.download.launch import launched, messages
from homemedia.clips.download.models import Fetched, Progress, Wish
from homemedia.clips.download.order import SEARCH, Brought, News, Order, Refused
from homemedia.clips.download.reasons import refusal
from homemedia.core.http.outbound import own_networks
from homemedia.core.problems import Unavailable
from homemedia.core.process import Child
from homemedia.core.threads import Lane

log = logging.getLogger(__name__)

LIMIT_S = 600.0
CLOSE_LIMIT_S = 8.0
Report = Callable[[Progress], None]
FindFfmpeg = Callable[[], Awaitable[str | None]]


class Copies(Protocol):
    """Who knows which copy of the downloader runs."""

    def using(self) -> AbstractAsyncContextManager[Path | None]:
        """The folder of the copy to run, for as long as the block lasts; as `Provider.using`."""


class Downloader:
    """An async context manager.

    Args:
        provider: which copy runs, if any.
        ffmpeg: finds the path of ffmpeg; None where there is none.
        private_hosts: `host:port` inside of the house that may be asked.
        resolver_url: of the song-link service; None asks nobody.
        limit_s: for one download, from its beginning to its end.
        search: where songs are looked for, by `{words}`; for tests.
        command: the child's command line; for tests.
    """

    def __init__(
        self,
        provider: Copies,
        *,
        ffmpeg: FindFfmpeg,
        private_hosts: Collection[str] = (),
        resolver_url: str | None = None,
        limit_s: float = LIMIT_S,
        search: str = SEARCH,
        command: Sequence[str] | None = None,
    ) -> None:
        self._provider = provider
        self._ffmpeg = ffmpeg
        self._private_hosts = frozenset(host.lower() for host in private_hosts)
        self._resolver_url = resolver_url
        self._limit_s = limit_s
        self._search = search
        self._command = command
        self._lane = Lane("downloads", 2)
        self._running: dict[str, _Running] = {}
        self._is_closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """End all downloads; those who wait for them hear `stopping`."""
        self._is_closed = True
        for running in self._running.values():
            running.kill()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_LIMIT_S):
                await asyncio.gather(*(running.has_ended.wait() for running in list(self._running.values())))
        await self._lane.close()

    async def fetch(self, wish: Wish, report: Report) -> Fetched:
        """Bring what lies at an address.

        The work folder holds the files named in the answer and nothing else; when it fails, nothing at all.

        Args:
            wish: what is wanted.
            report: called in the loop as it goes on; must not block.

        Raises:
            DownloadRefused: with its cause.
            Unavailable: `stopping`: the server is.
        """
        self._refuse_when_closed()
        if wish.clip_id in self._running:
            raise RuntimeError("this clip is being fetched already")
        running = self._running[wish.clip_id] = _Running()
        try:
            async with self._provider.using() as copy:
                return await self._fetched(wish, copy, running, report)
        finally:
            del self._running[wish.clip_id]
            running.has_ended.set()

    async def stop(self, clip_id: str) -> None:
        """End a download, with all it started; its files are gone then, and who waits for it hears `stopped`."""
        running = self._running.get(clip_id)
        if running is not None:
            running.is_stopped = True
            running.kill()
            await running.has_ended.wait()

    async def _fetched(self, wish: Wish, copy: Path | None, running: "_Running", report: Report) -> Fetched:
        order = await self._order(wish, copy)
        try:
            brought = await self._run(wish, order, running, report)
            await self._lane.run(_keep_only, wish.folder, {brought.media, brought.thumbnail})
        except BaseException:
            await asyncio.shield(self._clear(wish.folder))
            raise
        thumbnail = wish.folder / brought.thumbnail if brought.thumbnail else None
        return Fetched(wish.folder / brought.media, thumbnail, brought.facts)

    async def _order(self, wish: Wish, copy: Path | None) -> Order:
        await self._lane.run(_make_empty, wish.folder)
        networks = await self._lane.run(own_networks)
        named = _host_and_port(wish.url)
        return Order(
            what="download",
            copy=str(copy) if copy else None,
            folder=str(wish.folder.resolve()),
            clip_id=wish.clip_id,
            url=wish.url,
            content_type=wish.content_type,
            max_bytes=wish.max_bytes,
            title=wish.title,
            artist=wish.artist,
            # Only the host that was asked for: a page out in the world must not lead to any other of them.
            allowed=named if named in self._private_hosts else None,
            own=tuple(str(network) for network in networks),
            ffmpeg=await self._ffmpeg(),
            resolver_url=self._resolver_url,
            search=self._search,
        )

    async def _run(self, wish: Wish, order: Order, running: "_Running", report: Report) -> Brought:
        try:
            async with asyncio.timeout(self._limit_s), launched(order, self._command) as child:
                running.child = child
                if self._is_closed or running.is_stopped:
                    child.kill()
                async for message in messages(child):
                    if isinstance(message, News):
                        report(_progress(message))
                    elif isinstance(message, Brought):
                        return _checked(message)
                    elif isinstance(message, Refused):
                        log.info("clip %s was not fetched: %s %s", wish.clip_id, message.code, message.detail)
                        raise refusal(message.code, max_bytes=wish.max_bytes)
                self._refuse_when_closed()
                if running.is_stopped:
                    raise refusal("stopped")
                log.warning("the download of clip %s ended early: %s", wish.clip_id, child.last_words)
                raise refusal("other")
        except TimeoutError as err:
            raise refusal("timed_out") from err

    async def _clear(self, folder: Path) -> None:
        with contextlib.suppress(Unavailable):
            await self._lane.run(_empty, folder)

    def _refuse_when_closed(self) -> None:
        if self._is_closed:
            raise Unavailable("The server is stopping.", code="stopping")


class _Running:
    """One download in the making."""

    def __init__(self) -> None:
        self.child: Child | None = None
        self.is_stopped = False
        self.has_ended = asyncio.Event()

    def kill(self) -> None:
        if self.child is not None:
            self.child.kill()


def _progress(news: News) -> Progress:
    return Progress(news.stage, news.percent, news.bytes_done, news.bytes_total, news.facts)


def _host_and_port(url: str) -> str:
    try:
        parts = urllib.parse.urlsplit(url)
        return f"{(parts.hostname or '').lower()}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
    except ValueError:
        return ""


def _checked(brought: Brought) -> Brought:
    """What a child says is not believed: names stand in the folder, and nowhere else."""
    for name in (brought.media, brought.thumbnail or "x"):
        if not name or name != os.path.basename(name) or name.startswith("."):  # noqa: PTH119 - a name, no path
            raise refusal("other")
    return brought


def _make_empty(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    _empty(folder)


def _empty(folder: Path) -> None:
    _keep_only(folder, set())


def _keep_only(folder: Path, names: set[str | None]) -> None:
    """Remove everything from a folder but the files of these names."""
    with contextlib.suppress(FileNotFoundError):
        for path in folder.iterdir():
            if path.name in names:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
