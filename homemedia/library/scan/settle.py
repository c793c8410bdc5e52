"""Which known item a wanted one is: pure. What keeps a rating key through renames, moves and better copies.

A wanted item is, in this order: the item of this library known by one of its keys; the child of its parent with its
number; the item whose files it has now, as long as that item keeps no file elsewhere. Else it is new.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from homemedia.library.naming.versions import arrange
from homemedia.library.scan.wanted import Wanted, by_title, contradict, is_other_track

PARENTS = frozenset({"show", "season", "artist", "album"})
NUMBERED = re.compile(r" ?#\d+$")


class KnownItem(msgspec.Struct, kw_only=True):
    """An item as the database has it.

    `file_ids` are those of its files that are there, of shows and seasons those below.
    """

    item_id: int
    library_id: str
    kind: str
    parent_id: int | None
    number: int | None
    number_end: int | None
    air_date: str | None
    keys: frozenset[str]
    file_ids: frozenset[int] = frozenset()
    links: Mapping[int, tuple[str | None, int, int]] = {}
    """Of each file of its own, missing ones included: version, part, part count."""
    facts: Mapping[str, object] = {}
    """What was read from file names so far, by column."""


class KnownItems(msgspec.Struct, kw_only=True):
    """The items that may be meant, found three ways; ids in order of age."""

    by_id: Mapping[int, KnownItem]
    by_key: Mapping[str, Sequence[int]]
    by_file: Mapping[int, Sequence[int]]
    children: Mapping[int, Sequence[int]]


def match_items(
    wanted: Sequence[Wanted], known: KnownItems, library_id: str, unit_files: frozenset[int]
) -> list[int | None]:
    """The item id of each wanted item, None for a new one; no id twice.

    Args:
        wanted: parents before their children.
        known: everything that could be meant.
        library_id: where they are wanted.
        unit_files: every file of the folders looked at: an item that holds others may not be taken away from them.
    """
    found: list[int | None] = [None] * len(wanted)
    claimed: set[int] = set()

    def claim(position: int, item_id: int | None) -> None:
        if item_id is not None:
            found[position] = item_id
            claimed.add(item_id)

    for position, item in enumerate(wanted):
        claim(position, _by_key(item, known, library_id, claimed))
    below = _files_below(wanted)
    for position, item in enumerate(wanted):
        if found[position] is not None:
            continue
        parent = found[item.parent] if item.parent is not None else None
        if parent is not None and item.kind in {"season", "episode"}:
            claim(position, _by_number(item, known, parent, claimed))
        if found[position] is None:
            own = unit_files if item.kind in PARENTS else frozenset(below[position])
            claim(position, _by_files(item, below[position], known, own, claimed))
    return found


def told_apart(item: Wanted, known: KnownItems, library_id: str, unit_files: frozenset[int]) -> Wanted:
    """The track, known by its title where a track of another title and another folder has its number; else as it is."""
    for key in item.keys if item.kind == "track" else ():
        for item_id in known.by_key.get(key, ()):
            one = known.by_id[item_id]
            is_elsewhere = bool(one.file_ids) and not one.file_ids <= unit_files
            if one.library_id == library_id and is_elsewhere and is_other_track(item, one.facts.get("title")):
                return by_title(item)
    return item


def _by_key(item: Wanted, known: KnownItems, library_id: str, claimed: set[int]) -> int | None:
    for key in item.keys:
        for item_id in known.by_key.get(key, ()):
            one = known.by_id[item_id]
            if item_id in claimed or one.library_id != library_id or one.kind != item.kind:
                continue
            if not contradict(item.keys, one.keys):
                return item_id
    return None


def _by_number(item: Wanted, known: KnownItems, parent: int, claimed: set[int]) -> int | None:
    if item.number is None and item.air_date is None:
        return None
    mark = (item.kind, item.number, item.number_end, item.air_date)
    for item_id in known.children.get(parent, ()):
        one = known.by_id[item_id]
        if item_id not in claimed and (one.kind, one.number, one.number_end, one.air_date) == mark:
            return item_id
    return None


def _by_files(
    item: Wanted, file_ids: Sequence[int], known: KnownItems, own: frozenset[int], claimed: set[int]
) -> int | None:
    votes: Counter[int] = Counter()
    for file_id in file_ids:
        for holder in known.by_file.get(file_id, ()):
            at: int | None = holder
            while at is not None and at in known.by_id:
                one = known.by_id[at]
                if one.kind == item.kind and at not in claimed and one.file_ids <= own:
                    votes[at] += 1
                at = one.parent_id
    # Of equals the older one.
    return min(votes, key=lambda item_id: (-votes[item_id], item_id), default=None)


def _files_below(wanted: Sequence[Wanted]) -> list[list[int]]:
    """The files of each wanted item; of shows and seasons those of all below."""
    below: list[list[int]] = [[file.file_id for file in item.files] for item in wanted]
    for position in range(len(wanted) - 1, -1, -1):
        item = wanted[position]
        if item.parent is not None and item.kind != "extra":
            below[item.parent].extend(below[position])
    return below


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A file of an item, and the height of its picture once it was probed."""

    file_id: int
    version: str | None
    version_index: int
    part: int
    part_count: int
    height: int | None


def rearranged(links: Sequence[Link]) -> list[Link]:
    """The links of one item with versions told apart and in order; only those that change.

    Two copies of a film in two folders are named by each folder for itself; here they come together.
    """
    versions: dict[tuple[object, ...], list[Link]] = {}
    for link in sorted(links, key=lambda link: (link.version_index, link.file_id)):
        if link.part_count == 1:
            key: tuple[object, ...] = (link.file_id,)
        else:
            # Parts of one recording stand beside each other; a part number seen before begins another recording.
            key = (link.version, link.version_index, link.part_count)
            if any(other.part == link.part for other in versions.get(key, ())):
                key = (*key, link.file_id)
        versions.setdefault(key, []).append(link)
    ordered = [sorted(group, key=lambda link: link.part) for group in versions.values()]
    names = {
        f"{number}/{position}": link for number, group in enumerate(ordered) for position, link in enumerate(group)
    }
    labelled = [
        (NUMBERED.sub("", group[0].version or "") or None, tuple(f"{number}/{at}" for at in range(len(group))))
        for number, group in enumerate(ordered)
    ]
    heights = {name: link.height for name, link in names.items() if link.height}
    changed = []
    for version in arrange(labelled, heights):
        for name in version.files:
            link = names[name]
            if (link.version, link.version_index) != (version.label, version.index):
                changed.append(msgspec.structs.replace(link, version=version.label, version_index=version.index))
    return changed
