"""What a source says of a clip, read once more (clips §11): its maker may have written something else since."""

import asyncio
import contextlib
import shutil
from typing import Any, ClassVar, Final, Self

from homemedia.clips import downloads_store as store
from homemedia.clips.download.models import DownloadRefused, Facts, Progress, Wish
from homemedia.clips.downloads import FOLDER, Downloads
from homemedia.clips.events import ClipsChanged
from homemedia.clips.facts import kept_facts
from homemedia.clips.models import ClipRow
from homemedia.core.db import Database
from homemedia.core.problems import AppError, BadRequest, Conflict, NotFound, TimedOut, Unavailable
from homemedia.core.threads import Lane
from homemedia.library.managed import Managed

LIMIT_S: Final = 60.0


class SourceRefuses(AppError):  # noqa: N818 - named for what is told, as all refusals
    """The source does not say anything any more."""

    status: ClassVar[int] = 502
    default_code: ClassVar[str] = "source_refuses"


class Refetch:
    """Reads facts anew. An async context manager.

    Args:
        db: where clips stand.
        managed: in whose staging the work folders are.
        downloads: whose downloader asks the source; what it says comes before the files, which nobody waits for.
    """

    def __init__(self, db: Database, managed: Managed, downloads: Downloads) -> None:
        self._db = db
        self._managed = managed
        self._downloads = downloads
        self._lane = Lane("clip facts", 1)
        self._asking: set[str] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._lane.close()

    async def refetch(self, clip_id: str) -> ClipRow:
        """Write down what the source of a clip says now; the clip as it is then.

        Raises:
            NotFound: there is no such clip.
            BadRequest: it is not ready.
            Conflict: its source is being asked already.
            SourceRefuses: the source has nothing any more.
            TimedOut: it does not answer.
        """
        clip = await store.clip(self._db.read, clip_id)
        if clip is None:
            raise NotFound("Clip not found.")
        if clip.status != "ready":
            raise BadRequest("Only of a clip that is ready the source can be asked again.", code="not_ready")
        if clip_id in self._asking:
            raise Conflict("The source of this clip is being asked already.", code="busy")
        self._asking.add(clip_id)
        try:
            facts = await self._asked(clip)
        except DownloadRefused as err:
            raise SourceRefuses(f"The source of this clip cannot be read: {err.reason}.", code=err.code) from err
        except TimeoutError as err:
            raise TimedOut("The source of this clip does not answer.") from err
        finally:
            self._asking.discard(clip_id)
        async with self._db.write() as tx:
            if await store.learn(tx, clip_id, kept_facts(facts, is_music=clip.content_type == "music")):
                tx.announce(ClipsChanged(clip_ids=(clip_id,), what="changed"))
        found = await store.clip(self._db.read, clip_id)
        if found is None:
            raise NotFound("Clip not found.")
        return found

    async def _asked(self, clip: ClipRow) -> Facts:
        """What the source says first; then nothing more is fetched."""
        folder = self._managed.staging.folder / f"{FOLDER}{clip.clip_id}"
        heard: asyncio.Future[Facts] = asyncio.get_running_loop().create_future()

        def hear(progress: Progress) -> None:
            if progress.facts is not None and not heard.done():
                heard.set_result(progress.facts)

        wish = Wish(clip.clip_id, clip.original_url, clip.content_type, folder)
        fetching = asyncio.ensure_future(self._downloads.downloader.fetch(wish, hear))
        either: set[asyncio.Future[Any]] = {fetching, heard}
        try:
            async with asyncio.timeout(LIMIT_S):
                await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            return heard.result() if heard.done() else fetching.result().facts
        finally:
            heard.cancel()
            fetching.cancel()
            await asyncio.wait({fetching})
            with contextlib.suppress(Unavailable):
                await asyncio.shield(self._lane.run(shutil.rmtree, folder, ignore_errors=True))
