"""Brings an item in line with what is known of it, after somebody had a say. Runs on the database's thread."""

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from homemedia.library.editing import store
from homemedia.library.editing.store import EditedItem
from homemedia.library.editing.wishes import FIELDS_OF, ID_FIELDS, LISTS, NAMES, Present
from homemedia.library.metadata import store as facts_store
from homemedia.library.metadata.labels import label_key
from homemedia.library.metadata.merge import IDS, Won, columns_of, merge
from homemedia.library.metadata.models import Facts, Source
from homemedia.library.metadata.settle import CREDITED, credits_of
from homemedia.library.metadata.store import Known
from homemedia.library.naming.identity import movie_keys, show_keys
from homemedia.library.naming.titles import Ids
from homemedia.library.naming.videos import group_videos
from homemedia.library.tmdb.asking import named

MATCHED_KINDS = frozenset({"movie", "show"})


def present(item: EditedItem, known: Known, lists: store.Written) -> Present:
    """What an item is like, in the words wishes are measured by. Pure."""
    winning = merge(known.fields, known.locked)
    values: dict[str, Any] = {}
    for name in FIELDS_OF[item.kind]:
        field = NAMES[name]
        if field in LISTS:
            values[field] = getattr(lists, field)
        elif field == "sort_title":
            own = winning.get(field)
            values[field] = own.value if own is not None and own.value else item.columns["sort_title"]
        else:
            values[field] = item.columns[field]
    values |= {field: item.columns[field] for field in IDS}
    return Present(kind=item.kind, values=values, manual=known.fields.get("manual", {}))


def settle_item(
    connection: sqlite3.Connection, item: EditedItem, before: Known, *, is_undo: bool = False, stamp: int, now: int
) -> bool:
    """Make columns, lists and people of an item what its sources and a person say now.

    Args:
        connection: inside a transaction.
        item: as it was.
        before: what was known of it then; what is known now is read.
        is_undo: its labels and ids are right already.
        stamp: of the change clock.
        now: in ms.

    Returns:
        Whether it looks different now.
    """
    after = facts_store.fields(connection, item.item_id)
    winning = merge(after.fields, after.locked)
    spoken_of = _fields(before.fields) | _fields(after.fields)
    names = _ids_of_names(connection, item, after)
    columns = columns_of(winning, item.columns, spoken_of, item.language)
    if is_undo:
        columns = {column: value for column, value in columns.items() if column not in (*IDS, "is_matched")}
    else:
        columns |= _ids(item, winning, spoken_of, names)
    changed = _settle_lists(connection, item, before, after, winning, keeps_labels=is_undo)
    if columns or changed:
        facts_store.update(connection, item.item_id, columns, stamp=stamp, now=now)
    _be_known_by_ids(connection, item, item.columns | columns, (before, after), names)
    return bool(columns) or changed


def _ids(item: EditedItem, winning: Mapping[str, Won], spoken_of: frozenset[str], names: Ids) -> dict[str, Any]:
    """What changes of the ids; those of names stand in no field, and count where nobody says anything."""
    wanted = {
        field: winning[field].value if field in winning else getattr(names, catalogue)
        for catalogue, field in ID_FIELDS.items()
        if field in spoken_of
    }
    if wanted:
        wanted["is_matched"] = int(any(wanted.get(field, item.columns[field]) for field in IDS))
    return {column: value for column, value in wanted.items() if value != item.columns[column]}


def _settle_lists(
    connection: sqlite3.Connection,
    item: EditedItem,
    before: Known,
    after: Known,
    winning: Mapping[str, Won],
    *,
    keeps_labels: bool,
) -> bool:
    spoken_of = _fields(before.fields) | _fields(after.fields)
    item_id = item.item_id
    changed = False
    if "genres" in spoken_of:
        changed |= facts_store.set_genres(connection, item_id, value_of(winning, "genres") or [])
    if "collection" in spoken_of:
        changed |= facts_store.set_collection(connection, item_id, value_of(winning, "collection"))
    if "labels" in spoken_of and not keeps_labels:
        wanted: list[str] = list(value_of(winning, "labels") or [])
        if "labels" in after.fields.get("manual", {}):
            # A person's list is all there is; what the folders say counts again when it goes.
            changed |= store.set_labels(connection, item_id, {label_key(label): label for label in wanted})
        else:
            gone = before.fields.get("manual", {}).get("labels") or []
            changed |= facts_store.change_labels(
                connection, item_id, gone, [*_folder_labels(connection, item), *wanted]
            )
    if spoken_of & CREDITED.keys():
        changed |= facts_store.set_credits(connection, item_id, credits_of(winning))
    return changed


def _folder_labels(connection: sqlite3.Connection, item: EditedItem) -> Iterable[str]:
    """Labels of a home video that follow from the folders it lies in."""
    if item.kind != "video":
        return ()
    row = connection.execute(store.FIRST_PATH, {"item_id": item.item_id}).fetchone()
    return group_videos([row["path"]])[0].labels if row else ()


def _ids_of_names(connection: sqlite3.Connection, item: EditedItem, known: Known) -> Ids:
    """What the names of a film's or show's files say."""
    if item.kind not in MATCHED_KINDS:
        return Ids()
    statement = store.SOME_PATHS if item.kind == "movie" else store.SOME_PATHS_BELOW
    paths = [row["path"] for row in connection.execute(statement, {"item_id": item.item_id})]
    return named(item.kind, known.fields.get("filename", {}).get("title") or "", paths).ids


def _be_known_by_ids(
    connection: sqlite3.Connection, item: EditedItem, columns: Mapping[str, Any], told: tuple[Known, Known], names: Ids
) -> None:
    """A film or show is known by its ids, so that a rename keeps its rating key and watch state.

    Not by those that nobody names any more; and always by what the names of its files say, since a scan looks for that.
    """
    if item.kind not in MATCHED_KINDS:
        return
    keys_of = movie_keys if item.kind == "movie" else show_keys

    def keys(facts: Mapping[str, Any]) -> list[str]:
        # The last key is made of title and year, which belongs to the name of the file.
        return keys_of(Ids(**{name: facts.get(field) for name, field in ID_FIELDS.items()}), "", None)[:-1]

    wanted = keys(columns)
    gone = {key for known in told for facts in known.fields.values() for key in keys(facts)} - set(wanted)
    gone -= set(keys_of(names, "", None)[:-1])
    if wanted or gone:
        facts_store.change_identities(connection, _row(item), wanted=wanted, gone=sorted(gone))


def _row(item: EditedItem) -> facts_store.ItemRow:
    """The item in the shape that `metadata.store` takes."""
    return facts_store.ItemRow(
        item_id=item.item_id,
        library_id=item.library_id,
        parent_id=item.parent_id,
        library_kind=item.library_kind,
        language=item.language,
        metadata_source="auto",
        country="",
        lacks=False,
        should_inherit=False,
        columns=item.columns,
    )


def _fields(fields: Mapping[Source, Facts]) -> frozenset[str]:
    return frozenset(field for facts in fields.values() for field in facts)


def value_of(winning: Mapping[str, Won], field: str) -> Any:  # noqa: ANN401 - as the fields are
    """What won, None where nobody speaks."""
    won = winning.get(field)
    return won.value if won is not None else None
