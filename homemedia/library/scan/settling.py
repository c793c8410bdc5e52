"""Makes items of files: reads the units' files, names them, finds the items again, writes what differs.

Identification and matching run in a thread; the writing is cut into transactions of about 25 ms.
"""

import time
from collections.abc import Collection, Mapping, Sequence

import msgspec

from homemedia.core.db import as_json
from homemedia.library.events import ItemsChanged
from homemedia.library.models import LibraryKind, Root
from homemedia.library.naming.normal import same_name
from homemedia.library.naming.sidecars import find_subtitles
from homemedia.library.scan import items_store, results_store, sounds_store, store
from homemedia.library.scan.context import Work
from homemedia.library.scan.identify import identify, unit_of
from homemedia.library.scan.items_store import Birth, Change
from homemedia.library.scan.settle import NUMBERED, KnownItem, KnownItems, match_items, told_apart
from homemedia.library.scan.tags import TagReader
from homemedia.library.scan.wanted import FileRef, Identified, Wanted, merged
from homemedia.media import AudioTags

AIM_S = 0.02
MEDIA = frozenset({"video", "sample", "audio"})
LISTED = frozenset({"video", "audio"})
MIN_SLICE, MAX_SLICE = 25, 400


class Plan(msgspec.Struct, kw_only=True):
    """What is to be written for some units; `item_ids` by place in the list of wanted items."""

    births: list[Birth]
    changes: list[Change]
    item_ids: dict[int, int]


class Waiting(msgspec.Struct, frozen=True):
    """Units whose files must be read before they can be named."""

    root: Root
    folder_ids: Sequence[int]
    digests: Mapping[int, str]
    beside: Mapping[str, Collection[str]]


class Settler:
    """Settles units of one library in one run.

    Args:
        work: the run.
        reader: who reads tags; without one nothing waits for them.
    """

    def __init__(self, work: Work, reader: TagReader | None = None) -> None:
        self._work = work
        self._reader = reader
        self._waiting: list[Waiting] = []
        self._slice = 150
        self._remembers: bool | None = None

    async def settle(
        self,
        root: Root,
        folder_ids: Sequence[int],
        digests: Mapping[int, str],
        beside: Mapping[str, Collection[str]],
    ) -> None:
        """Make the items of these folders' files what their names say; in a music library only with `finish`.

        Args:
            root: where they lie.
            folder_ids: all folders of some whole units.
            digests: written last, by folder id, so that a folder cut short is read again.
            beside: names of NFOs and pictures that came, changed or went, by folder: their items are read again.
        """
        units = Waiting(root, folder_ids, digests, beside)
        if self._reader is None:
            await self._settle(units, {})
        else:
            self._waiting.append(units)

    async def finish(self) -> None:
        """Read the tags of what waits for them, and make items of it; also of what was left unread before."""
        if self._reader is None:
            return
        await self._reader.begin()
        for units in self._waiting:
            await self._read_and_settle(self._reader, units)
        for root in self._work.library.roots:
            if left := await self._reader.unread_folders(root):
                for units in await self._units_of(root, left):
                    await self._read_and_settle(self._reader, units)
        self._waiting = []

    async def _read_and_settle(self, reader: TagReader, units: Waiting) -> None:
        await reader.read(units.folder_ids)
        refs = await store.present_in(self._work.db.read, units.folder_ids)
        await self._settle(units, await reader.tags_of(ref.file_id for ref in refs if ref.kind in MEDIA))

    async def _units_of(self, root: Root, paths: Sequence[str]) -> list[Waiting]:
        """The whole units that some folders belong to, a few hundred folders at a time."""
        kind = self._work.library.kind
        wanted = {unit_of(kind, path) for path in paths}
        folders = await store.folders_below(self._work.db.read, root.root_id, "")
        by_unit: dict[str, list[int]] = {}
        for path, row in folders.items():
            if (unit := unit_of(kind, path)) in wanted:
                by_unit.setdefault(unit, []).append(row.folder_id)
        batches: list[list[int]] = [[]]
        for ids in by_unit.values():
            if len(batches[-1]) >= MAX_SLICE:
                batches.append([])
            batches[-1] += ids
        return [Waiting(root, ids, {}, {}) for ids in batches]

    async def _settle(self, units: Waiting, tags: Mapping[int, AudioTags]) -> None:
        work = self._work
        refs = await store.present_in(work.db.read, units.folder_ids)
        root_name = units.root.path.rpartition("/")[2]
        wanted, found, sidecars = await work.lane.run(identify_units, work.library.kind, refs, root_name, tags)
        media = [ref.file_id for ref in refs if ref.kind in MEDIA]
        keys = [key for item in wanted for key in item.keys]
        known = await items_store.known_items(work.db.read, work.library.library_id, keys, media)
        memories = await self._memories(keys)
        added = await store.added_of(work.db.read, media)
        plan = await work.lane.run(
            plan_units, wanted, known, memories, work.library.library_id, frozenset(media), added
        )
        await self._write(plan)
        own, below = told_of(work.library.kind, refs, units.beside)
        async with work.db.write() as tx:
            if own or below:
                args = {"own": as_json(own), "below": as_json(below)}
                await tx.run(results_store.OWE_DETAILS_BESIDE, args)
            if self._reader is not None:
                folders = [{"root_id": units.root.root_id, "folder": folder} for folder in units.beside if folder]
                await tx.many(sounds_store.OWE_PICTURES_BELOW, folders)
            await tx.call(
                lambda connection: store.close_units(connection, refs, found.samples, sidecars, units.digests)
            )
        for file_id in found.samples:
            if work.tally.holds(file_id):
                work.tally.put(file_id, "ignored")

    async def _memories(self, keys: Sequence[str]) -> dict[str, items_store.Memory]:
        if self._remembers is None:
            self._remembers = await items_store.remembers(self._work.db.read)
        if not self._remembers:
            return {}
        return await items_store.memories(self._work.db.read, self._work.library.kind.value, keys)

    async def _write(self, plan: Plan) -> None:
        births, changes = plan.births, plan.changes
        while births or changes:
            some_births, births = births[: self._slice], births[self._slice :]
            some_changes: list[Change] = []
            if not births:
                room = max(self._slice - len(some_births), 1)
                some_changes, changes = changes[:room], changes[room:]
            began = time.perf_counter()
            await self._write_slice(some_births, some_changes, plan.item_ids)
            self._pace(time.perf_counter() - began)

    def _pace(self, took_s: float) -> None:
        if took_s > AIM_S:
            self._slice = max(MIN_SLICE, self._slice * 2 // 3)
        elif took_s < AIM_S / 2:
            self._slice = min(MAX_SLICE, self._slice * 3 // 2)

    async def _write_slice(self, births: list[Birth], changes: list[Change], item_ids: dict[int, int]) -> None:
        library = self._work.library
        async with self._work.db.write() as tx:
            stamp = await tx.stamp()
            setting = items_store.Setting(
                library_id=library.library_id,
                library_kind=library.kind.value,
                language=library.language,
                now=self._work.clock.now_ms(),
                stamp=stamp,
            )
            touched = await tx.call(
                lambda connection: items_store.apply(connection, setting, births, changes, item_ids)
            )
            if self._reader is not None:
                # Songs were read before they became items.
                await tx.run(results_store.SET_TRACK_DURATIONS, {"item_ids": as_json(touched), "stamp": stamp})
            tx.announce(ItemsChanged(library.library_id, stamp))
        if changes:
            self._work.changed_presence = True


def identify_units(
    kind: LibraryKind, refs: Sequence[FileRef], root_name: str, tags: Mapping[int, AudioTags]
) -> tuple[list[Wanted], Identified, list[store.Sidecar]]:
    """Wanted items, samples and sidecars of some units, from all their files; `tags` of songs by file id. Pure."""
    videos: dict[str, list[FileRef]] = {}
    others: dict[str, list[FileRef]] = {}
    for ref in refs:
        unit = unit_of(kind, ref.path.rpartition("/")[0])
        (videos if ref.kind in MEDIA else others).setdefault(unit, []).append(ref)
    found = Identified(wanted=[], samples=[])
    units = []
    for unit, files in videos.items():
        identified = identify(kind, unit, files, root_name, tags)
        units.append(identified.wanted)
        found.samples += identified.samples
    sidecars = [sidecar for unit, files in others.items() for sidecar in _sidecars(files, videos.get(unit, []))]
    return merged(units), found, sidecars


def _sidecars(files: Sequence[FileRef], videos: Sequence[FileRef]) -> list[store.Sidecar]:
    """Which video each subtitle, NFO and picture of a unit lies beside; None for those of the folder itself."""
    result: list[store.Sidecar] = []
    folders: dict[str, list[FileRef]] = {}
    for video in videos:
        folders.setdefault(video.path.rpartition("/")[0], []).append(video)
    subtitles: dict[str, tuple[int, str, str | None, str]] = {}
    for folder, inside in folders.items():
        prefix = f"{folder}/" if folder else ""
        names = {video.path[len(prefix) :]: video.file_id for video in inside}
        near = [file.path[len(prefix) :] for file in files if file.kind == "subtitle" and file.path.startswith(prefix)]
        for subtitle in find_subtitles(list(names), near):
            for path in subtitle.files:
                told = (names[subtitle.video], subtitle.language, subtitle.title, subtitle.flags)
                subtitles.setdefault(prefix + path, told)
    for file in files:
        if file.kind == "playlist":
            continue
        if file.kind == "subtitle":
            if file.path in subtitles:
                of_file, language, title, flags = subtitles[file.path]
                result.append(
                    store.Sidecar(
                        file_id=file.file_id,
                        of_file_id=of_file,
                        kind="subtitle",
                        language=language,
                        title=title,
                        flags=flags,
                    )
                )
            continue
        folder = file.path.rpartition("/")[0]
        result.append(
            store.Sidecar(file_id=file.file_id, of_file_id=_beside(file, folders.get(folder, [])), kind=file.kind)
        )
    return result


def _beside(file: FileRef, videos: Sequence[FileRef]) -> int | None:
    stem = same_name(file.path.rpartition(".")[0])
    bare = stem.rpartition("-")[0] if file.kind == "image" else None
    for video in videos:
        of_video = same_name(video.path.rpartition(".")[0])
        if of_video in {stem, bare}:
            return video.file_id
    return None


def told_of(
    kind: LibraryKind, refs: Sequence[FileRef], beside: Mapping[str, Collection[str]]
) -> tuple[set[int], set[int]]:
    """Which videos some NFOs and pictures tell of: those they lie beside, and all below their folders. Pure.

    One that bears a video's name tells of that alone.
    """
    own: set[int] = set()
    below: set[int] = set()
    if not beside:
        return own, below
    inside: dict[str, list[FileRef]] = {}
    by_stem: dict[str, int] = {}
    for ref in refs:
        if ref.kind not in LISTED:
            continue
        folder = ref.path.rpartition("/")[0]
        for home in {folder, unit_of(kind, folder)} if kind is LibraryKind.MOVIE else {folder}:
            inside.setdefault(home, []).append(ref)
        by_stem[same_name(ref.path.rpartition(".")[0])] = ref.file_id
    for folder, names in beside.items():
        for name in names:
            stem = same_name(store.joined(folder, name).rpartition(".")[0])
            named = by_stem.get(stem, by_stem.get(stem.rpartition("-")[0]))
            if named is not None:
                own.add(named)
                continue
            own.update(ref.file_id for ref in inside.get(folder, ()))
            prefix = f"{folder}/" if folder else ""
            below.update(ref.file_id for ref in refs if ref.kind in LISTED and ref.path.startswith(prefix))
    return own, below


def plan_units(
    wanted: Sequence[Wanted],
    known: KnownItems,
    memories: Mapping[str, items_store.Memory],
    library_id: str,
    unit_files: frozenset[int],
    added: Mapping[int, int],
) -> Plan:
    """What to write so that the items are as wanted. Pure."""
    wanted = [told_apart(item, known, library_id, unit_files) for item in wanted]
    matches = match_items(wanted, known, library_id, unit_files)
    births: list[Birth] = []
    changes: list[Change] = []
    item_ids: dict[int, int] = {}
    seen = _first_seen(wanted, added)
    for place, (item, item_id) in enumerate(zip(wanted, matches, strict=True)):
        if item_id is None:
            memory = next((memories[key] for key in item.keys if key in memories), None)
            births.append(Birth(wanted=item, place=place, added_at=seen[place], memory=memory))
            continue
        item_ids[place] = item_id
        parent = item_ids.get(item.parent) if item.parent is not None else None
        change = _difference(item, known.by_id[item_id], place, parent, library_id, unit_files)
        if change is not None:
            changes.append(change)
    return Plan(births=births, changes=changes, item_ids=item_ids)


def _first_seen(wanted: Sequence[Wanted], added: Mapping[int, int]) -> list[int]:
    """When each item counts as added: when its oldest file was; a show or season when its oldest episode was."""
    seen = [min((added.get(file.file_id, 0) for file in item.files), default=0) for item in wanted]
    for place in range(len(wanted) - 1, -1, -1):
        parent = wanted[place].parent
        if parent is not None and wanted[place].kind != "extra":
            seen[parent] = min(seen[parent] or seen[place], seen[place])
    return seen


def _difference(
    wanted: Wanted, known: KnownItem, place: int, parent: int | None, library_id: str, unit_files: frozenset[int]
) -> Change | None:
    links = {
        file.file_id
        for file in wanted.files
        if known.links.get(file.file_id, ())[1:] != (file.part, file.part_count)
        or _bare(known.links[file.file_id][0]) != _bare(file.version)
    }
    own = {file.file_id for file in wanted.files}
    lost = [file_id for file_id in known.links if file_id in unit_files and file_id not in own]
    new_keys = tuple(key for key in wanted.keys if key not in known.keys)
    new_facts = items_store.facts_of(wanted) != dict(known.facts)
    is_elsewhere = known.library_id != library_id or (wanted.parent is not None and known.parent_id != parent)
    if not (links or lost or new_keys or new_facts or is_elsewhere):
        return None
    return Change(
        wanted=wanted,
        known=known,
        place=place,
        new_facts=new_facts,
        new_keys=new_keys,
        new_files=tuple(links),
        lost_files=tuple(lost),
        is_elsewhere=is_elsewhere,
    )


def _bare(version: str | None) -> str | None:
    return NUMBERED.sub("", version or "") or None
