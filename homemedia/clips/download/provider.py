"""Which downloader the household uses: whether the host has agreed to one, whether it is on, and which copy runs.

One comes along. A newer one may be fetched, since sites change weekly; it is kept beside the data, and used once it
has shown that it runs and can be guarded.
"""

import asyncio
import contextlib
import logging
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Final, Self

import msgspec

from homemedia.accounts.events import HouseholdChanged
from homemedia.clips.download import provider_store as store
from homemedia.clips.download.launch import look
from homemedia.clips.download.order import Looked
from homemedia.clips.download.reasons import refusal
from homemedia.clips.download.wheels import VERSION, NotFetched, WheelIndex, order_of
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.problems import AppError, BadRequest
from homemedia.core.threads import Lane

_log = logging.getLogger(__name__)

YTDLP: Final = "ytdlp"
# Asks a copy (None: the one that comes along) what it is; None when it does not run.
Look = Callable[[str | None], Awaitable[Looked | None]]


class ProviderState(msgspec.Struct, frozen=True, kw_only=True):
    """The one downloader there is.

    Attributes:
        version: of the copy that would run; None where nobody has agreed to it, or none runs.
        bundled_version: of the one that comes along; None where none does.
        dependencies: programs it makes use of on this machine.
    """

    is_installed: bool
    is_active: bool
    version: str | None
    bundled_version: str | None
    dependencies: tuple[str, ...]


class Provider:
    """An async context manager.

    Args:
        db: where the household's choice stands.
        folder: where newer copies are kept, each in a folder named by its version.
        index_url: of the index of packages.
        look: asks a copy what it is; for tests.
    """

    def __init__(
        self, db: Database, folder: Path, index_url: str, *, clock: Clock | None = None, look_at: Look = look
    ) -> None:
        self._db = db
        self._folder = folder
        self._index = WheelIndex(index_url)
        self._clock = clock or Clock()
        self._look_at = look_at
        self._lane = Lane("provider", 1)
        self._looked: dict[str | None, Looked] = {}
        self._looking = asyncio.Lock()
        self._in_use: Counter[Path] = Counter()
        self._installing: asyncio.Task[str] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._installing is not None:
            self._installing.cancel()
            await asyncio.gather(self._installing, return_exceptions=True)
        await self._index.close()
        await self._lane.close()

    async def is_active(self) -> bool:
        """Whether anything here downloads."""
        return await store.enabled(self._db.read) == YTDLP and await store.active(self._db.read) == YTDLP

    async def state(self) -> ProviderState:
        """What there is, and what would run."""
        is_installed = await store.enabled(self._db.read) == YTDLP
        bundled = await self._seen(None)
        running = await self._running() if is_installed else None
        known = running or bundled
        return ProviderState(
            is_installed=is_installed,
            is_active=await self.is_active(),
            version=running.version if running else None,
            bundled_version=bundled.version if bundled else None,
            dependencies=("ffmpeg", *(known.runtimes[:1] if known else ())),
        )

    async def activate(self, provider: object) -> str | None:
        """Use a downloader, or (None) none.

        Raises:
            BadRequest: there is no such one, or nobody has agreed to it.
        """
        if provider is not None:
            name = _known(provider)
            if await store.enabled(self._db.read) != name:
                raise BadRequest("This download provider is not installed.", code="provider_not_installed")
        async with self._db.write() as tx:
            await store.activate(tx, YTDLP if provider is not None else None)
            tx.announce(HouseholdChanged())
        return YTDLP if provider is not None else None

    async def install(self, provider: object, *, by: str) -> str:
        """Agree to a downloader, and fetch its newest copy where that can be had; the version that runs then.

        Who asks while it is being done waits for the same end.

        Raises:
            BadRequest: there is no such one.
            AppError: none runs on this machine.
        """
        _known(provider)
        if self._installing is None or self._installing.done():
            self._installing = asyncio.create_task(self._install(by), name="provider")
        return await asyncio.shield(self._installing)

    async def remove(self, provider: object, *, by: str) -> None:
        """Take the agreement back, and drop what was fetched; downloads that run end as they would.

        Raises:
            BadRequest: there is no such one.
        """
        _known(provider)
        if self._installing is not None:
            await asyncio.gather(asyncio.shield(self._installing), return_exceptions=True)
        async with self._db.write() as tx:
            await store.enable(tx, None, by=by, now=self._clock.now_ms())
            await store.activate(tx, None)
            tx.announce(HouseholdChanged())
        await self._tidy(None)

    @contextlib.asynccontextmanager
    async def using(self) -> AsyncIterator[Path | None]:
        """The folder of the copy to run (None: the one that comes along); it stays for as long as the block lasts.

        Raises:
            DownloadRefused: `no_provider`: none is on, or none runs.
        """
        if not await self.is_active() or await self._running() is None:
            raise refusal("no_provider")
        copy = await self._copy()
        if copy is not None:
            self._in_use[copy] += 1
        try:
            yield copy
        finally:
            if copy is not None:
                self._in_use[copy] -= 1
                is_wanted = await store.enabled(self._db.read) == YTDLP
                await self._tidy(await self._copy() if is_wanted else None)

    async def _install(self, by: str) -> str:
        await self._fetch_newest()
        running = await self._running()
        if running is None:
            raise AppError("The downloader does not run on this machine.", code="provider_broken")
        async with self._db.write() as tx:
            await store.enable(tx, YTDLP, by=by, now=self._clock.now_ms())
        await self._tidy(await self._copy())
        return running.version

    async def _fetch_newest(self) -> None:
        """Fetch a copy newer than what there is. What comes along does as well: nothing that fails here matters."""
        try:
            wheel = await self._index.newest()
            there = await self._running()
            if there is not None and order_of(wheel.version) <= order_of(there.version):
                return
            folder = self._folder / wheel.version
            await self._index.fetch(wheel, folder)
        except NotFetched as err:
            _log.info("the downloader stays as it is: %s", err)
            return
        self._looked.pop(str(folder), None)
        if await self._seen(folder) is None:
            _log.warning("version %s of the downloader does not run here, or cannot be guarded", wheel.version)
            await self._lane.run(shutil.rmtree, folder, ignore_errors=True)
            return
        _log.info("version %s of the downloader is there", wheel.version)

    async def _running(self) -> Looked | None:
        return await self._seen(await self._copy())

    async def _copy(self) -> Path | None:
        """The newest copy that runs; None for the one that comes along."""
        bundled = await self._seen(None)
        for folder in await self._lane.run(_copies, self._folder):
            if bundled is not None and order_of(folder.name) <= order_of(bundled.version):
                break
            if await self._seen(folder) is not None:
                return folder
        return None

    async def _seen(self, folder: Path | None) -> Looked | None:
        """What a copy says of itself; one that runs is asked once, one that did not run may do so another time."""
        key = str(folder) if folder else None
        async with self._looking:
            found = self._looked.get(key)
            if found is None:
                found = await self._look_at(key)
                if found is not None:
                    self._looked[key] = found
            return found

    async def _tidy(self, kept: Path | None) -> None:
        """Drop copies that nobody needs any more."""
        for folder in await self._lane.run(_copies, self._folder):
            if folder != kept and not self._in_use[folder]:
                self._looked.pop(str(folder), None)
                await self._lane.run(shutil.rmtree, folder, ignore_errors=True)


def _known(provider: object) -> str:
    if provider != YTDLP:
        raise BadRequest("Unknown download provider.", field="providerId", reason="is no provider there is")
    return YTDLP


def _copies(folder: Path) -> list[Path]:
    """Folders of versions, the newest first."""
    try:
        found = [path for path in folder.iterdir() if VERSION.fullmatch(path.name) and path.is_dir()]
    except OSError:
        return []
    return sorted(found, key=lambda path: order_of(path.name), reverse=True)
