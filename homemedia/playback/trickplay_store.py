"""Every statement on the small pictures of films."""

from typing import Any

import msgspec

from homemedia.core.db import Reader, Write
from homemedia.library.files import read_probe
from homemedia.media import Probe
from homemedia.media.trickplay import SHORTEST_MS, Layout

# Raised when sheets are made in another way; those of an older form are made anew.
FORM = 1

# Newest first: what came last is what is watched next. What was thrown out is made again only for those who ask.
WANTING = """
    SELECT file.file_id
      FROM root
      JOIN library ON library.library_id = root.library_id AND library.is_available
                  AND coalesce(json_extract(library.options, '$.scrubPreviews'), 1)
     CROSS JOIN file ON file.root_id = root.root_id
      LEFT JOIN trickplay ON trickplay.file_id = file.file_id
     WHERE file.kind = 'video' AND file.missing_since_at IS NULL AND file.probe_error IS NULL
       AND file.duration_ms >= :shortest_ms
       AND (trickplay.file_id IS NULL
            OR (trickplay.size_bytes, trickplay.mtime_ns, trickplay.form) <> (file.size_bytes, file.mtime_ns, :form))
       AND EXISTS (SELECT 1 FROM item_file WHERE item_file.file_id = file.file_id)
     ORDER BY file.added_at DESC, file.file_id DESC
"""
ASKED = "SELECT file_id FROM trickplay WHERE wanted_at IS NOT NULL ORDER BY wanted_at DESC"
FILM = """
    SELECT file.file_id, file.path, file.size_bytes, file.mtime_ns, file.probe, root.path AS root,
           trickplay.state, trickplay.size_bytes AS of_bytes, trickplay.mtime_ns AS of_mtime_ns, trickplay.form,
           trickplay.wanted_at
      FROM file
      JOIN root ON root.root_id = file.root_id
      JOIN library ON library.library_id = root.library_id
      LEFT JOIN trickplay ON trickplay.file_id = file.file_id
     WHERE file.file_id = :file_id AND file.missing_since_at IS NULL AND file.probe_error IS NULL
       AND library.is_available AND coalesce(json_extract(library.options, '$.scrubPreviews'), 1)
"""
# Whether the library of a file wants them.
WISHED = """
    SELECT coalesce(json_extract(library.options, '$.scrubPreviews'), 1) AS is_wished
      FROM file
      JOIN root ON root.root_id = file.root_id
      JOIN library ON library.library_id = root.library_id
     WHERE file.file_id = :file_id
"""
KNOWN = """
    SELECT state, layout, sheet_bytes, sentence, used_at
      FROM trickplay
     WHERE file_id = :file_id AND size_bytes = :size_bytes AND mtime_ns = :mtime_ns AND form = :form
"""
# The file may have been forgotten meanwhile.
SAVE = """
    INSERT INTO trickplay (file_id, size_bytes, mtime_ns, form, state, layout, sheet_bytes, problem, sentence,
                           made_at, used_at)
    SELECT file.file_id, :size_bytes, :mtime_ns, :form, :state, :layout, :sheet_bytes, :problem, :sentence, :now, :now
      FROM file WHERE file.file_id = :file_id
        ON CONFLICT (file_id) DO UPDATE
       SET size_bytes = excluded.size_bytes, mtime_ns = excluded.mtime_ns, form = excluded.form,
           state = excluded.state, layout = excluded.layout, sheet_bytes = excluded.sheet_bytes,
           problem = excluded.problem, sentence = excluded.sentence, made_at = excluded.made_at,
           used_at = max(excluded.used_at, trickplay.used_at), wanted_at = NULL
"""
# What failed stays failed for as long as the file is the same.
ASK = """
    INSERT INTO trickplay (file_id, size_bytes, mtime_ns, form, state, made_at, used_at, wanted_at)
    SELECT file.file_id, :size_bytes, :mtime_ns, :form, 'wanted', :now, :now, :now
      FROM file WHERE file.file_id = :file_id
        ON CONFLICT (file_id) DO UPDATE
       SET wanted_at = excluded.wanted_at, used_at = excluded.used_at
     WHERE trickplay.state IN ('wanted', 'dropped')
        OR (trickplay.size_bytes, trickplay.mtime_ns, trickplay.form)
           <> (excluded.size_bytes, excluded.mtime_ns, excluded.form)
"""
USED = "UPDATE trickplay SET used_at = :now WHERE file_id = :file_id"
FORGET = "DELETE FROM trickplay WHERE file_id = :file_id"
FORGET_ALL = "DELETE FROM trickplay"
DROP = """
    UPDATE trickplay SET state = 'dropped', layout = NULL, sheet_bytes = 0, wanted_at = NULL WHERE file_id = :file_id
"""
LEAST_USED = """
    SELECT file_id, size_bytes, mtime_ns, sheet_bytes FROM trickplay INDEXED BY trickplay_used
     WHERE state = 'made' ORDER BY used_at
"""
# Of films that are gone for a day, for one that only moves is back at once; and of libraries that want none any more.
GONE = """
    SELECT trickplay.file_id
      FROM trickplay
     CROSS JOIN file ON file.file_id = trickplay.file_id
     CROSS JOIN root ON root.root_id = file.root_id
     CROSS JOIN library ON library.library_id = root.library_id
     WHERE file.missing_since_at < :before OR NOT coalesce(json_extract(library.options, '$.scrubPreviews'), 1)
"""
TOTALS = """
    SELECT count(*) FILTER (WHERE state = 'made') AS made, count(*) FILTER (WHERE state = 'failed') AS failed,
           coalesce(sum(sheet_bytes), 0) AS sheet_bytes
      FROM trickplay
"""


class Stamp(msgspec.Struct, frozen=True):
    """Which file, and of which size and time: its pictures are good for no other."""

    file_id: int
    size_bytes: int
    mtime_ns: int


class Film(msgspec.Struct, frozen=True, kw_only=True):
    """A file that may want pictures; `is_due`: it does, for there are none of this very file, and there can be."""

    stamp: Stamp
    root: str
    path: str
    probe: Probe | None
    is_due: bool


class Known(msgspec.Struct, frozen=True, kw_only=True):
    state: str
    layout: Layout | None
    sheet_bytes: int
    sentence: str | None
    used_at: int


class Totals(msgspec.Struct, frozen=True):
    made: int
    failed: int
    sheet_bytes: int


class Held(msgspec.Struct, frozen=True):
    """Sheets that lie on the disk."""

    stamp: Stamp
    sheet_bytes: int


_layouts = msgspec.msgpack.Decoder(Layout)


async def wanting(read: Reader) -> list[int]:
    """Files without pictures, the newest first."""
    return [row["file_id"] for row in await read(WANTING, {"form": FORM, "shortest_ms": SHORTEST_MS})]


async def asked(read: Reader) -> list[int]:
    """Files somebody asked for pictures of, the last first."""
    return [row["file_id"] for row in await read(ASKED, {})]


async def film(read: Reader, file_id: int) -> Film | None:
    """A file as it is known now; None when it cannot be read at present."""
    rows = await read(FILM, {"file_id": file_id})
    if not rows:
        return None
    row = rows[0]
    stamp = Stamp(file_id, row["size_bytes"], row["mtime_ns"])
    is_same = (row["of_bytes"], row["of_mtime_ns"], row["form"]) == (stamp.size_bytes, stamp.mtime_ns, FORM)
    return Film(
        stamp=stamp,
        root=row["root"],
        path=row["path"],
        probe=read_probe(row["probe"]),
        is_due=not is_same or (row["state"] in {"wanted", "dropped"} and row["wanted_at"] is not None),
    )


async def is_wished(read: Reader, file_id: int) -> bool:
    """Whether the library of a file wants pictures."""
    rows = await read(WISHED, {"file_id": file_id})
    return bool(rows) and bool(rows[0]["is_wished"])


async def known(read: Reader, stamp: Stamp) -> Known | None:
    """What is known of this very file's pictures."""
    rows = await read(KNOWN, msgspec.structs.asdict(stamp) | {"form": FORM})
    if not rows:
        return None
    row = rows[0]
    layout = None if row["layout"] is None else _layouts.decode(row["layout"])
    return Known(
        state=row["state"],
        layout=layout,
        sheet_bytes=row["sheet_bytes"],
        sentence=row["sentence"],
        used_at=row["used_at"],
    )


async def save_made(tx: Write, stamp: Stamp, layout: Layout, sheet_bytes: int, now_ms: int) -> None:
    await _save(tx, stamp, now_ms, state="made", layout=msgspec.msgpack.encode(layout), sheet_bytes=sheet_bytes)


async def save_failed(tx: Write, stamp: Stamp, problem: str, sentence: str, now_ms: int) -> None:
    """Nothing can be had of this file, for as long as it is the same."""
    await _save(tx, stamp, now_ms, state="failed", problem=problem, sentence=sentence)


async def _save(tx: Write, stamp: Stamp, now_ms: int, **facts: object) -> None:
    nothing = {"layout": None, "sheet_bytes": 0, "problem": None, "sentence": None}
    await tx.run(SAVE, msgspec.structs.asdict(stamp) | nothing | {"form": FORM, "now": now_ms} | facts)


async def ask(tx: Write, stamp: Stamp, now_ms: int) -> bool:
    """Remember that somebody wants pictures; whether they can be made."""
    args: dict[str, Any] = msgspec.structs.asdict(stamp) | {"form": FORM, "now": now_ms}
    return await tx.run(ASK, args) > 0


async def held(read: Reader) -> list[Held]:
    """What lies on the disk, the least recently used first."""
    return [
        Held(Stamp(row["file_id"], row["size_bytes"], row["mtime_ns"]), row["sheet_bytes"])
        for row in await read(LEAST_USED, {})
    ]


async def totals(read: Reader) -> Totals:
    (row,) = await read(TOTALS, {})
    return Totals(row["made"], row["failed"], row["sheet_bytes"])
