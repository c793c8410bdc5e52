"""SQL that leads a root's rows to another place. Decides nothing."""

import sqlite3

from homemedia.library.scan.relocate import Relocation

SOME_OF = """
    SELECT path, size_bytes FROM file
     WHERE root_id = :root_id AND missing_since_at IS NULL AND kind IN ('video', 'audio', 'photo')
     ORDER BY random() LIMIT :limit
"""
MOVE_ROOT = (
    "UPDATE root SET path = :path, device = NULL, watching = 'off', watching_why = NULL WHERE root_id = :root_id"
)
LIFT_FOLDER = "UPDATE folder SET parent_id = NULL WHERE root_id = :root_id AND path = :before"
DROP_OUTSIDE = """
    DELETE FROM folder
     WHERE root_id = :root_id AND path <> :before AND NOT (path > :before || '/' AND path < :before || '0')
"""
# In two steps, since each row is compared with those that have not been changed yet: a folder may hold one of its name.
SHIFT_FOLDERS = "UPDATE folder SET path = '/' || :after || substr(path, :skip) WHERE root_id = :root_id"
SHIFT_FILES = "UPDATE file SET path = '/' || :after || substr(path, :skip) WHERE root_id = :root_id"
SETTLE_FOLDERS = "UPDATE folder SET path = trim(path, '/'), children_hash = NULL WHERE root_id = :root_id"
SETTLE_FILES = "UPDATE file SET path = ltrim(path, '/') WHERE root_id = :root_id"
ADD_FOLDER = "INSERT INTO folder (root_id, parent_id, path) VALUES (:root_id, :parent_id, :path) RETURNING folder_id"
HANG_FOLDER = "UPDATE folder SET parent_id = :parent_id WHERE root_id = :root_id AND path = :path"


def relocate(connection: sqlite3.Connection, root_id: int, to: Relocation) -> None:
    """Give a root another path; files outside what is kept go."""
    connection.execute(MOVE_ROOT, {"root_id": root_id, "path": to.path})
    before, after = to.shift.before, to.shift.after
    if not (before or after):
        return
    if before:
        args = {"root_id": root_id, "before": before}
        connection.execute(LIFT_FOLDER, args)
        connection.execute(DROP_OUTSIDE, args)
    step = {"root_id": root_id, "after": f"{after}/" if after else "", "skip": len(before) + 2 if before else 1}
    connection.execute(SHIFT_FOLDERS, step)
    connection.execute(SHIFT_FILES, step)
    connection.execute(SETTLE_FOLDERS, {"root_id": root_id})
    connection.execute(SETTLE_FILES, {"root_id": root_id})
    parent_id = None
    parts = after.split("/") if after else []
    for depth in range(len(parts)):
        row = {"root_id": root_id, "parent_id": parent_id, "path": "/".join(parts[:depth])}
        parent_id = connection.execute(ADD_FOLDER, row).fetchone()["folder_id"]
    connection.execute(HANG_FOLDER, {"root_id": root_id, "parent_id": parent_id, "path": after})
