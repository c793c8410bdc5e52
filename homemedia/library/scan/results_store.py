"""SQL of what a scan leaves beside files and items: problems, results, what is missing, what is forgotten."""

import sqlite3
from collections.abc import Iterable, Sequence

import msgspec

from homemedia.core.db import Reader, Write, as_json
from homemedia.library.models import Counts, Problem, ScanResult
from homemedia.library.scan import memory_store

NOTE_PROBLEM = """
    INSERT INTO scan_problem (library_id, path, step, code, sentence, scan_id)
    VALUES (:library_id, :path, :step, :code, :sentence, :scan_id)
    ON CONFLICT (library_id, path) DO UPDATE SET step = excluded.step, code = excluded.code,
        sentence = excluded.sentence, scan_id = excluded.scan_id
"""
DROP_ROOT_PROBLEM = """
    DELETE FROM scan_problem WHERE library_id = :library_id AND path = :path AND scan_id <> :scan_id
"""
DROP_PROBLEMS_BELOW = """
    DELETE FROM scan_problem
     WHERE library_id = :library_id AND (path = :path OR substr(path, 1, length(:path) + 1) = :path || '/')
"""
OWE_DETAILS = "UPDATE item SET todo = todo | 2 WHERE library_id = :library_id AND todo & 2 = 0"
# What lies beside a file is the item's own; what lies in a folder tells of the season and the show as well.
OWE_DETAILS_BESIDE = """
    UPDATE item SET todo = todo | 2
     WHERE todo & 2 = 0 AND item_id IN (
           SELECT item_id FROM item_file WHERE file_id IN (SELECT value FROM json_each(:own))
           UNION SELECT item.parent_id FROM item_file JOIN item USING (item_id)
            WHERE file_id IN (SELECT value FROM json_each(:below))
           UNION SELECT season.parent_id FROM item_file JOIN item USING (item_id)
                   JOIN item AS season ON season.item_id = item.parent_id
            WHERE file_id IN (SELECT value FROM json_each(:below)))
"""
DROP_OLD_PROBLEMS = """
    DELETE FROM scan_problem
     WHERE library_id = :library_id AND step = :step AND scan_id <> :scan_id
           AND (:path = '' OR path = :path OR substr(path, 1, length(:path) + 1) = :path || '/')
"""
PROBLEMS = """
    SELECT path, code, sentence FROM scan_problem WHERE library_id = :library_id
    UNION ALL
    SELECT root.path || '/' || file.path, coalesce(file.probe_code, 'probe_failed'), file.probe_error
      FROM root JOIN file INDEXED BY file_failed USING (root_id)
     WHERE root.library_id = :library_id AND file.probe_error IS NOT NULL AND file.missing_since_at IS NULL
     ORDER BY 1 LIMIT :limit OFFSET :offset
"""
COUNT_PROBLEMS = """
    SELECT (SELECT count(*) FROM scan_problem WHERE library_id = :library_id)
         + (SELECT count(*) FROM root JOIN file INDEXED BY file_failed USING (root_id)
             WHERE root.library_id = :library_id AND file.probe_error IS NOT NULL AND file.missing_since_at IS NULL)
           AS problems
"""
SET_RESULT = """
    INSERT INTO scan_result (library_id, kind, scan_id, result, started_at, finished_at, counts, why)
    VALUES (:library_id, :kind, :scan_id, :result, :started_at, :finished_at, :counts, :why)
    ON CONFLICT (library_id, kind) DO UPDATE SET scan_id = excluded.scan_id, result = excluded.result,
        started_at = excluded.started_at, finished_at = excluded.finished_at, counts = excluded.counts,
        why = excluded.why
"""
RESULTS = """
    SELECT library_id, kind, scan_id, result, started_at, finished_at, counts, why FROM scan_result
     ORDER BY library_id, kind
"""
FAILED_BEFORE = """
    SELECT json_extract(counts, '$.failed') AS failed FROM scan_result
     WHERE library_id = :library_id AND kind = 'scan'
"""
# Leaves first, then what stands above them: an item is there when one of its files, or one of its children, is.
MISPLACED_LEAVES = """
    SELECT item_id, missing_since_at IS NOT NULL AS is_back FROM item
     WHERE library_id = :library_id AND kind NOT IN ('show', 'season', 'artist', 'album')
       AND (missing_since_at IS NULL) <> EXISTS (
           SELECT 1 FROM item_file JOIN file USING (file_id)
            WHERE item_file.item_id = item.item_id AND file.missing_since_at IS NULL)
"""
MISPLACED_PARENTS = """
    SELECT item_id, missing_since_at IS NOT NULL AS is_back FROM item
     WHERE library_id = :library_id AND kind = :kind
       AND (missing_since_at IS NULL) <> EXISTS (
           SELECT 1 FROM item AS child
            WHERE child.parent_id = item.item_id AND child.kind <> 'extra' AND child.missing_since_at IS NULL)
"""
SET_MISSING = """
    UPDATE item SET missing_since_at = :missing_since_at, stamp = :stamp
     WHERE item_id IN (SELECT value FROM json_each(:item_ids))
"""
LEFT_OVER = """
    SELECT item_id FROM item
     WHERE library_id = :library_id AND kind NOT IN ('show', 'season', 'artist', 'album')
       AND NOT EXISTS (SELECT 1 FROM item_file WHERE item_file.item_id = item.item_id)
"""
EMPTY_PARENTS = """
    SELECT item_id FROM item
     WHERE library_id = :library_id AND kind = :kind
       AND NOT EXISTS (SELECT 1 FROM item AS child WHERE child.parent_id = item.item_id AND child.kind <> 'extra')
"""
LONG_MISSING = """
    SELECT item_id FROM item INDEXED BY item_missing WHERE library_id = :library_id AND missing_since_at < :before
"""
LONG_MISSING_FILES = """
    SELECT file.file_id FROM file INDEXED BY file_missing JOIN root USING (root_id)
     WHERE root.library_id = :library_id AND file.missing_since_at < :before LIMIT :limit
"""
DROP_FILES = "DELETE FROM file WHERE file_id IN (SELECT value FROM json_each(:file_ids))"
REMEMBER = """
    INSERT INTO item_memory (library_kind, known_as, identity_key, rating_key, added_at, remembered_at)
    SELECT library.kind, item_identity.identity_key, item.identity_key, item.rating_key, item.added_at, :now
      FROM item JOIN library USING (library_id) JOIN item_identity USING (item_id)
     WHERE item.item_id IN (SELECT value FROM json_each(:item_ids)) AND item.kind <> 'extra'
    ON CONFLICT (library_kind, known_as) DO UPDATE SET identity_key = excluded.identity_key,
        rating_key = excluded.rating_key, added_at = excluded.added_at, remembered_at = excluded.remembered_at
"""
OLD_MEMORIES = "SELECT EXISTS (SELECT 1 FROM item_memory WHERE remembered_at < :before) AS has_old"
FORGET_MEMORIES = "DELETE FROM item_memory WHERE remembered_at < :before"
DROP_ITEMS = "DELETE FROM item WHERE item_id IN (SELECT value FROM json_each(:item_ids))"
TODO = """
    SELECT item_id FROM item INDEXED BY item_todo
     WHERE library_id = :library_id AND todo <> 0 AND todo & :bit AND item_id > :after
     ORDER BY item_id LIMIT :limit
"""
COUNT_TODO = """
    SELECT count(*) AS items FROM item INDEXED BY item_todo
     WHERE library_id = :library_id AND todo <> 0 AND todo & :bit
"""
DONE = "UPDATE item SET todo = todo & ~:bit WHERE item_id IN (SELECT value FROM json_each(:item_ids))"
SET_DURATIONS = """
    UPDATE item SET stamp = :stamp, duration_ms = (
        SELECT sum(file.duration_ms) FROM item_file JOIN file USING (file_id)
         WHERE item_file.item_id = item.item_id AND item_file.version_index = (
               SELECT min(first.version_index) FROM item_file AS first WHERE first.item_id = item.item_id))
     WHERE item_id IN (SELECT value FROM json_each(:item_ids))
"""
SET_TRACK_DURATIONS = SET_DURATIONS + " AND kind = 'track'"
HOLDERS = """
    SELECT DISTINCT item_file.item_id FROM item_file WHERE file_id IN (SELECT value FROM json_each(:file_ids))
"""
SEARCH_INDEX, DETAILS = 1, 2


class Noted(msgspec.Struct, frozen=True, kw_only=True):
    """A problem on its way into the table; `path` absolute."""

    path: str
    step: str
    code: str
    sentence: str


async def note_problems(tx: Write, library_id: str, scan_id: int, problems: Iterable[Noted]) -> None:
    await tx.many(
        NOTE_PROBLEM,
        [msgspec.structs.asdict(problem) | {"library_id": library_id, "scan_id": scan_id} for problem in problems],
    )


async def problems(read: Reader, library_id: str, *, offset: int, limit: int) -> list[Problem]:
    """Everything that could not be listed or read in the last scan, by path."""
    rows = await read(PROBLEMS, {"library_id": library_id, "offset": offset, "limit": limit})
    return [Problem(path=row[0], code=row[1], sentence=row[2]) for row in map(tuple, rows)]


async def count_problems(read: Reader, library_id: str) -> int:
    return int((await read(COUNT_PROBLEMS, {"library_id": library_id}))[0]["problems"])


async def set_result(tx: Write, result: ScanResult) -> None:
    await tx.run(
        SET_RESULT,
        {
            "library_id": result.library_id,
            "kind": result.kind,
            "scan_id": result.scan_id,
            "result": result.result,
            "started_at": result.started_at,
            "finished_at": result.finished_at,
            "counts": msgspec.json.encode(result.counts).decode(),
            "why": result.why,
        },
    )


async def results(read: Reader) -> list[ScanResult]:
    """The last scan and the last refresh of each library."""
    return [
        ScanResult(
            library_id=row["library_id"],
            kind=row["kind"],
            scan_id=row["scan_id"],
            result=row["result"],
            started_at=row["started_at"],
            finished_at=row["finished_at"],
            counts=msgspec.json.decode(row["counts"], type=Counts),
            why=row["why"],
        )
        for row in await read(RESULTS, {})
    ]


async def failed_before(read: Reader, library_id: str) -> int:
    """How many files the last scan could not read."""
    rows = await read(FAILED_BEFORE, {"library_id": library_id})
    return int(rows[0]["failed"] or 0) if rows else 0


def forget_items(connection: sqlite3.Connection, item_ids: Sequence[int], now: int) -> None:
    """Delete items, and remember what they were called and what was done to them by hand."""
    args = {"item_ids": as_json(item_ids), "now": now}
    connection.execute(REMEMBER, args)
    memory_store.keep(connection, item_ids, now)
    connection.execute(DROP_ITEMS, args)
