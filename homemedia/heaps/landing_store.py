"""SQL of files that came by upload into folders."""

from homemedia.core.db import Reader, Write
from homemedia.core.digests import Digests
from homemedia.heaps.files.models import Wish
from homemedia.library.managed_store import Spot, ensure_folder
from homemedia.library.scan.roots import RootFacts
from homemedia.library.scan.store import HAS_FILES, SOME_FILES

# The folder that a block hangs below; of several the one it was put into last.
FOLDER_OF = """
    SELECT folder.path
      FROM block_relation
      JOIN block_of_folder AS stands ON stands.block_id = block_relation.dst
      JOIN folder ON folder.folder_id = stands.folder_id
     WHERE block_relation.src = :block_id AND block_relation.kind = 'tag' AND stands.heap_id = :heap_id
     ORDER BY block_relation.added_at DESC, folder.path LIMIT 1
"""
NAMES = """
    SELECT file.path FROM folder JOIN file ON file.folder_id = folder.folder_id
     WHERE folder.root_id = :root_id AND folder.path = :below
"""
ROOT = "SELECT root.path, root.device FROM root WHERE root.root_id = :root_id"
ENTER = """
    INSERT INTO file (root_id, folder_id, path, size_bytes, mtime_ns, inode, quick_hash, sha1, sha256, mime, kind,
                      added_at)
    VALUES (:root_id, :folder_id, :path, :size_bytes, :mtime_ns, :inode, :quick_hash, :sha1, :sha256, :mime, 'file',
            :now)
    ON CONFLICT (root_id, path) DO UPDATE
       SET size_bytes = excluded.size_bytes, mtime_ns = excluded.mtime_ns, inode = excluded.inode,
           quick_hash = excluded.quick_hash, sha1 = excluded.sha1, sha256 = excluded.sha256, mime = excluded.mime,
           missing_since_at = NULL
    RETURNING file_id
"""
# A note carries files beside its words; a file's block stands for one alone, and once.
STANDS = """
    INSERT INTO block_of_file (file_id, block_id, heap_id)
    SELECT :file_id, :block_id, :heap_id
     WHERE NOT EXISTS (SELECT 1 FROM block WHERE block.block_id = :block_id AND block.type <> 'file')
    ON CONFLICT DO NOTHING
"""
BESIDE = """
    INSERT INTO file_beside (file_id, block_id, heap_id) VALUES (:file_id, :block_id, :heap_id)
    ON CONFLICT (file_id) DO NOTHING
"""
LINK = """
    INSERT INTO block_file (block_id, hash, heap_id, file_id, user_id, name, mime, added_at)
    VALUES (:block_id, :hash, :heap_id, :file_id, :user_id, :name, :mime, :now)
    ON CONFLICT (block_id, hash) DO UPDATE SET name = excluded.name, file_id = excluded.file_id
"""


async def folder_of(read: Reader, heap_id: str, block_id: str) -> str:
    """Where a block's files belong, below the root; '' on top."""
    rows = await read(FOLDER_OF, {"heap_id": heap_id, "block_id": block_id})
    return str(rows[0]["path"]) if rows else ""


async def names(read: Reader, root_id: int, below: str) -> tuple[str, ...]:
    """What the files of one folder are called, missing ones too."""
    rows = await read(NAMES, {"root_id": root_id, "below": below})
    return tuple(str(row["path"]).rpartition("/")[2] for row in rows)


async def root_facts(read: Reader, root_id: int) -> RootFacts | None:
    """What is known of the folder behind a heap, so that another in its place is not taken for it."""
    args = {"root_id": root_id}
    roots = await read(ROOT, args)
    if not roots:
        return None
    held = (await read(HAS_FILES, args))[0]["has_files"]
    some = await read(SOME_FILES, args)
    return RootFacts(
        root_id=root_id,
        path=roots[0]["path"],
        device=roots[0]["device"],
        held_files=bool(held),
        some_files=tuple((row["path"], row["size_bytes"]) for row in some),
    )


async def enter(tx: Write, root_id: int, spot: Spot, digests: Digests, *, mime: str, now: int) -> int:
    """The row of a file that lies in its folder; its number. A scan may have been quicker."""
    folder_id = await tx.call(lambda connection: ensure_folder(connection, root_id, spot.path.rpartition("/")[0]))
    (row,) = await tx.rows(
        ENTER,
        {
            "root_id": root_id,
            "folder_id": folder_id,
            "path": spot.path,
            "size_bytes": spot.size_bytes,
            "mtime_ns": spot.mtime_ns,
            "inode": spot.inode,
            "quick_hash": digests.quick_hash,
            "sha1": digests.sha1.hex(),
            "sha256": digests.sha256,
            "mime": mime,
            "now": now,
        },
    )
    return int(row["file_id"])


async def stand(tx: Write, wish: Wish, file_id: int) -> bool:
    """Let the block stand for the file; False where it carries it beside what it is."""
    args = {"file_id": file_id, "block_id": wish.block_id, "heap_id": wish.heap_id}
    if await tx.run(STANDS, args):
        return True
    await tx.run(BESIDE, args)
    return False


async def link(tx: Write, wish: Wish, file_id: int, *, mime: str, path: str, now: int) -> None:
    """The block's bytes are served from there; what lies in a household's folder counts against nobody's quota."""
    await tx.run(
        LINK,
        {
            "block_id": wish.block_id,
            "hash": wish.hash,
            "heap_id": wish.heap_id,
            "file_id": file_id,
            "user_id": wish.user_id,
            "name": path.rpartition("/")[2],
            "mime": mime,
            "now": now,
        },
    )
