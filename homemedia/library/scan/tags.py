"""The step between walk and items in a music library: look into the sound files, since their tags name them.

Tags and facts of the sound come from the same opening of a file, so nothing of a music library is probed after.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from homemedia.core.db import as_json
from homemedia.library.models import Root
from homemedia.library.scan import sounds_store, store
from homemedia.library.scan.context import Work
from homemedia.library.scan.probing import Prober, Unprobed, keep, looked_into, probed
from homemedia.media import AudioTags, ProbeRequest, ProbeResult

BATCH = 64
GUESTS_BATCH = 200


class TagReader:
    """Reads what was not read since it changed.

    Args:
        work: the run.
        tools: who looks into files.
        may_go_on: cleared while something more urgent needs the machine.
    """

    def __init__(self, work: Work, tools: Prober, may_go_on: asyncio.Event) -> None:
        self._work = work
        self._tools = tools
        self._may_go_on = may_go_on
        self._done = 0
        self._total = 0

    async def begin(self) -> None:
        """Count what there is to read, and tell that it is being read."""
        for root in self._work.library.roots:
            rows = await self._work.db.read(sounds_store.COUNT_UNREAD, {"root_id": root.root_id})
            self._total += rows[0]["files"]
        if self._total:
            self._work.report.phase("probe", self._total)

    async def read(self, folder_ids: Sequence[int]) -> None:
        """Read the sound files of these folders that are new or changed."""
        rows = await self._work.db.read(sounds_store.UNREAD_IN, {"folder_ids": as_json(folder_ids)})
        unread = [Unprobed(row["file_id"], f"{row['root_path']}/{row['path']}", row["root_path"]) for row in rows]
        following: asyncio.Task[_Read] | None = None
        try:
            for start in range(0, len(unread), BATCH):
                await self._may_go_on.wait()
                ahead, following = following, asyncio.create_task(self._look(unread[start : start + BATCH]))
                if ahead is not None:
                    # The workers go on with the next files while these are written.
                    await self._keep(await ahead)
            if following is not None:
                await self._keep(await following)
        finally:
            if following is not None:
                following.cancel()
                await asyncio.gather(following, return_exceptions=True)

    async def tags_of(self, file_ids: Iterable[int]) -> dict[int, AudioTags]:
        """What was read of these files, now or before."""
        return await sounds_store.tags_of(self._work.db.read, file_ids)

    async def unread_folders(self, root: Root) -> list[str]:
        """Folders below a root in which sound files were not read yet."""
        rows = await self._work.db.read(sounds_store.UNREAD_FOLDERS, {"root_id": root.root_id})
        return [row["path"] for row in rows]

    async def _look(self, batch: Sequence[Unprobed]) -> "_Read":
        asked = self._tools.read_audio([ProbeRequest(path=one.path) for one in batch])
        found: list[store.Probed] = []
        tags: dict[int, AudioTags | None] = {}
        for one, result, quick_hash in await looked_into(self._work, batch, asked):
            seen = ProbeResult(path=result.path, probe=result.probe, code=result.code, error=result.error)
            found.append(probed(one.file_id, seen, quick_hash))
            tags[one.file_id] = result.tags
        return _Read(found, tags, batch[-1].path.rpartition("/")[2])

    async def _keep(self, read: "_Read") -> None:
        await keep(self._work, read.probed, lambda connection: sounds_store.put_tags(connection, read.tags))
        self._done += len(read.probed)
        self._work.report.step(self._done, read.last)


class _Read:
    """One batch of files, read and not yet written down."""

    def __init__(self, found: list[store.Probed], tags: Mapping[int, AudioTags | None], last: str) -> None:
        self.probed, self.tags, self.last = found, tags, last


async def link_guests(work: Work) -> None:
    """Have each artist's page show what the artist only appears on."""
    new, old = await sounds_store.guests(work.db.read, work.library.library_id)
    while new or old:
        some, new = new[:GUESTS_BATCH], new[GUESTS_BATCH:]
        gone, old = old[:GUESTS_BATCH], old[GUESTS_BATCH:]
        async with work.db.write() as tx:
            await tx.call(
                lambda connection, some=some, gone=gone: sounds_store.link_guests(connection, some, gone)  # type: ignore[misc]
            )
