"""What stands for `settling` where files do not become items: who follows a library is told of its folders."""

import os
from collections.abc import Collection, Mapping, Sequence

from homemedia.library.following import Follower
from homemedia.library.models import Root
from homemedia.library.scan import store
from homemedia.library.scan.context import Work
from homemedia.library.scan.wanted import FileRef

FOLLOWED = frozenset({"photo", "video"})


class FollowedFiles:
    """Settles folders of one library in one run.

    Args:
        work: the run.
        follower: who makes something of the files; without one they are only known.
    """

    def __init__(self, work: Work, follower: Follower | None) -> None:
        self._work = work
        self._follower = follower

    async def settle(
        self,
        root: Root,
        folder_ids: Sequence[int],
        digests: Mapping[int, str],
        beside: Mapping[str, Collection[str]],
    ) -> None:
        """Tell of some folders; their digests are written last, so that what is cut short is told again.

        Args:
            root: where they lie.
            folder_ids: theirs.
            digests: by folder id.
            beside: names of sidecars that came, changed or went, by folder.
        """
        del root
        refs = await store.present_in(self._work.db.read, folder_ids)
        told = {
            ref.file_id
            for ref in refs
            if ref.kind in FOLLOWED and not sidecar_names(ref.path).isdisjoint(_lowered(beside, ref.path))
        }
        if self._follower is not None:
            await self._follower.settle(self._work.library, folder_ids, told)
        sidecars = sidecars_of(refs)
        async with self._work.db.write() as tx:
            await tx.call(lambda connection: store.close_units(connection, refs, (), sidecars, digests))

    async def finish(self) -> None:
        """Nothing waits here."""


def sidecar_names(path: str) -> frozenset[str]:
    """What sidecars of a file are called, in lower case: `name.ext.xmp` and `name.xmp`.

    Source:
        Photos contract 8.2.
    """
    name = path.rpartition("/")[2].lower()
    return frozenset({f"{name}.xmp", f"{os.path.splitext(name)[0]}.xmp"})  # noqa: PTH122 - text, and no file


def sidecars_of(refs: Sequence[FileRef]) -> list[store.Sidecar]:
    """Beside which picture each sidecar lies; of several, the first. Pure."""
    owners: dict[str, int] = {}
    for ref in refs:
        if ref.kind in FOLLOWED:
            folder = ref.path.rpartition("/")[0]
            for name in sidecar_names(ref.path):
                owners.setdefault(f"{folder}/{name}", ref.file_id)
    found = []
    for ref in refs:
        if ref.kind == "xmp":
            folder, _, name = ref.path.rpartition("/")
            of_file_id = owners.get(f"{folder}/{name.lower()}")
            found.append(store.Sidecar(file_id=ref.file_id, of_file_id=of_file_id, kind="xmp"))
    return found


def _lowered(beside: Mapping[str, Collection[str]], path: str) -> set[str]:
    return {name.lower() for name in beside.get(path.rpartition("/")[0], ())}
