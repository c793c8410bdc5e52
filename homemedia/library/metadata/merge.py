"""Which source wins, field by field, and what an item looks like then. Pure.

Source: watch contract §6.1.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from homemedia.library.metadata.models import Facts, Source
from homemedia.library.naming.sorting import letter, sort_title

ORDER: tuple[Source, ...] = ("manual", "nfo", "embedded", "tmdb", "filename")
# Fields that are columns of `item` under the same name.
COLUMNS = (
    "title",
    "original_title",
    "year",
    "number",
    "number_end",
    "air_date",
    "summary",
    "tagline",
    "studio",
    "content_rating",
    "rating",
    "votes",
    "release_date",
    "status",
    "collection",
    "shown_season",
    "shown_number",
)
IDS = ("tmdb_id", "imdb_id", "tvdb_id")
LISTS = ("genres", "labels", "actors", "directors", "writers")


class Won(msgspec.Struct, frozen=True):
    """The value of a field and who said so."""

    value: Any
    source: Source


def merge(fields: Mapping[Source, Facts], locked: Mapping[str, Source] | None = None) -> dict[str, Won]:
    """Choose a value for every field that anybody knows.

    Args:
        fields: what each source says; empty values count as silence, except a manual one: somebody emptied the field.
            An NFO counts for nothing when a person says that this is another film or show than the NFO's ids do.
        locked: fields that stay with a source whatever others say.

    Returns:
        By field; fields nobody speaks of are absent.
    """
    winning: dict[str, Won] = {}
    heard = _of_one_thing(fields)
    for source in ORDER:
        for field, value in heard.get(source, {}).items():
            if field not in winning and (source == "manual" or value not in (None, "", [])):
                winning[field] = Won(value, source)
    for field, source in (locked or {}).items():
        if field in fields.get(source, {}):
            winning[field] = Won(fields[source][field], source)
    return winning


def _of_one_thing(fields: Mapping[Source, Facts]) -> Mapping[Source, Facts]:
    """The sources without an NFO that speaks of another film or show than the one a person named."""
    named, told = fields.get("manual", {}), fields.get("nfo", {})
    for field in IDS:
        if named.get(field) and told.get(field):
            is_other = named[field] != told[field]
            return {source: facts for source, facts in fields.items() if source != "nfo"} if is_other else fields
    return fields


def columns_of(
    winning: Mapping[str, Won], current: Mapping[str, Any], spoken_of: frozenset[str], language: str
) -> dict[str, Any]:
    """The columns of an item that have to change.

    Args:
        winning: from `merge`.
        current: the item's columns now; among them those of `COLUMNS` and `IDS`, `kind`, `parent_number`,
            `duration_ms`, `sort_title`, `letter`, `is_matched`.
        spoken_of: fields that any source knows, or knew before: only those are ours to change.
        language: of the library, for the sort title.
    """
    wanted: dict[str, Any] = {}
    for field in COLUMNS:
        if field in spoken_of:
            won = winning.get(field)
            wanted[field] = won.value if won else None
    if not wanted.get("title"):
        wanted.pop("title", None)
    if (end := wanted.get("number_end")) is not None and end <= (wanted.get("number") or end):
        # The file's name may speak of episodes 1 and 2 where the NFO speaks of 3.
        wanted["number_end"] = None
    if "title" in wanted or "sort_title" in spoken_of:
        own = winning.get("sort_title")
        said = own.value if own else None
        wanted["sort_title"] = sort_title(said or wanted.get("title", current["title"]), language)
        wanted["letter"] = letter(wanted["sort_title"])
    for field in IDS:
        if field in spoken_of or field in winning:
            won = winning.get(field)
            wanted[field] = won.value if won else None
    if wanted.keys() & set(IDS):
        wanted["is_matched"] = int(any(wanted.get(field, current[field]) for field in IDS))
    if current["duration_ms"] is None and "duration_ms" in winning:
        wanted["duration_ms"] = winning["duration_ms"].value
    return {column: value for column, value in wanted.items() if value != current[column]}
