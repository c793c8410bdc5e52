"""Writes what was found about an item, and brings its columns, labels and people in line. Runs in a transaction."""

import sqlite3
from collections.abc import Mapping
from typing import Any

import msgspec

from homemedia.library.artwork.settle import record_local
from homemedia.library.metadata import store
from homemedia.library.metadata.look import Seen
from homemedia.library.metadata.merge import Won, columns_of, merge
from homemedia.library.metadata.models import Facts, Source
from homemedia.library.metadata.store import Credit, ItemRow, Known
from homemedia.library.naming.identity import movie_keys, show_keys
from homemedia.library.naming.titles import Ids

CATALOGUES = ("tmdb", "imdb", "tvdb")
CREDITED = {"actors": "actor", "directors": "director", "writers": "writer"}


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What has to be written of one item.

    Attributes:
        seen: what lies beside it; None when its folder could not be read.
        embedded: what its own tags say; None when that did not change.
        online: what TMDb says; None when it was not asked.
        named: ids that the names of its files say, where they were looked at.
    """

    item: ItemRow
    seen: Seen | None
    embedded: Facts | None = None
    online: Facts | None = None
    pictures: bool = False
    named: Ids = Ids()


def change_of(item: ItemRow, seen: Seen | None, embedded: Facts, known: Known) -> Change | None:
    """What differs from what the database knows; None when nothing does."""
    new_tags = embedded if embedded != known.fields.get("embedded", {}) else None
    pictures = seen is not None and ((seen.thumb, seen.art) != (known.pictures.get("thumb"), known.pictures.get("art")))
    has_news = (seen is not None and seen.nfo is not None) or new_tags is not None or pictures or item.should_inherit
    if not has_news:
        winning = merge(known.fields, known.locked)
        if not columns_of(winning, item.columns, _fields(known.fields), item.language):
            return None
    return Change(item=item, seen=seen, embedded=new_tags, pictures=pictures)


def write(connection: sqlite3.Connection, change: Change, *, stamp: int, now: int) -> bool:
    """Write one item; whether what people see of it changed, pictures apart."""
    item, seen = change.item, change.seen
    current = store.current(connection, item.item_id)
    if current is None:
        return False  # it went away while it was read
    before = store.fields(connection, item.item_id)
    if seen is not None and seen.nfo is not None:
        _write_nfo(connection, item, seen)
    if change.embedded is not None:
        store.replace_fields(connection, item.item_id, "embedded", change.embedded)
    if change.online is not None:
        store.replace_fields(connection, item.item_id, "tmdb", change.online)
    if seen is not None and change.pictures:
        for kind, found in (("thumb", seen.thumb), ("art", seen.art)):
            record_local(connection, item.item_id, kind, *(found or (None, None)))  # type: ignore[arg-type]
    after = store.fields(connection, item.item_id)
    winning = merge(after.fields, after.locked)
    columns = columns_of(winning, current, _fields(before.fields) | _fields(after.fields), item.language)
    changed = _write_lists(connection, item.item_id, before, after, winning)
    if columns or changed:
        store.update(connection, item.item_id, columns, stamp=stamp, now=now)
    _settle_identities(connection, change, before, after, winning)
    return bool(columns) or changed


def _write_nfo(connection: sqlite3.Connection, item: ItemRow, seen: Seen) -> None:
    reading = seen.nfo
    if reading is None:
        return
    if reading.facts is not None:
        store.replace_fields(connection, item.item_id, "nfo", reading.facts)
    if reading.mark is not None or reading.facts is not None:
        problem = reading.problem.code if reading.problem else None
        store.remember(connection, item.item_id, "nfo", reading.mark, problem)


def _fields(fields: Mapping[Source, Facts]) -> frozenset[str]:
    return frozenset(field for facts in fields.values() for field in facts)


def _write_lists(
    connection: sqlite3.Connection, item_id: int, before: Known, after: Known, winning: Mapping[str, Won]
) -> bool:
    """Genres, labels, collection and people, each only where a source speaks of it or did before."""
    spoken_of = _fields(before.fields) | _fields(after.fields)
    changed = False
    if "genres" in spoken_of:
        changed |= store.set_genres(connection, item_id, _value(winning, "genres", []))
    if "collection" in spoken_of:
        changed |= store.set_collection(connection, item_id, _value(winning, "collection", None))
    if "labels" in spoken_of:
        gone = _value(merge(before.fields, before.locked), "labels", [])
        changed |= store.change_labels(connection, item_id, gone, _value(winning, "labels", []))
    if spoken_of & CREDITED.keys():
        changed |= store.set_credits(connection, item_id, credits_of(winning))
    return changed


def credits_of(winning: Mapping[str, Won]) -> list[Credit]:
    """Who took part, in order, nobody twice in the same job and role."""
    found: dict[tuple[str, str, str], Credit] = {}
    for field, job in CREDITED.items():
        for person in _value(winning, field, []):
            name, role = (person["name"], person["role"]) if isinstance(person, dict) else (person, "")
            found.setdefault((job, store.name_key(name), role), Credit(job, name, role))
    return list(found.values())


def _value(winning: Mapping[str, Won], field: str, default: Any) -> Any:  # noqa: ANN401
    won = winning.get(field)
    return won.value if won is not None and won.value is not None else default


def _settle_identities(
    connection: sqlite3.Connection, change: Change, before: Known, after: Known, winning: Mapping[str, Won]
) -> None:
    """A film or show is known by its ids from now on, so that a rename keeps its rating key and watch state.

    An id that nobody names any more is forgotten: the file of the film that this was mistaken for must not become a
    version of this one. What the names of files say stays, since a scan finds the item by it.
    """
    keys_of = {"movie": movie_keys, "show": show_keys}.get(change.item.kind)
    if keys_of is None:
        return

    def keys(ids: Ids) -> list[str]:
        # The last key is made of title and year, which belongs to the name of the file.
        return keys_of(ids, "", None)[:-1]

    def said(known: Known) -> set[str]:
        return {
            key
            for facts in known.fields.values()
            for key in keys(Ids(**{name: facts.get(f"{name}_id") for name in CATALOGUES}))
        }

    wanted = keys(Ids(**{name: _value(winning, f"{name}_id", None) for name in CATALOGUES}))
    gone = said(before) | said(after)
    if wanted or gone:
        gone -= {*wanted, *keys(change.named)}
        store.change_identities(connection, change.item, wanted=wanted, gone=sorted(gone))
