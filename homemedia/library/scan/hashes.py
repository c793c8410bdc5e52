"""The quick hashes of pictures: what tells later that one was moved. Pictures are not probed as films are."""

from homemedia.library.scan import store
from homemedia.library.scan.context import Work
from homemedia.library.scan.disks import Pulse
from homemedia.library.scan.hashing import quick_hashes

BATCH = 200


async def hash_all(work: Work) -> None:
    """Take the quick hash of every picture of the library that has none since it changed."""
    done = 0
    work.report.phase("probe")
    for root in work.library.roots:
        after = 0
        while rows := await work.db.read(store.UNHASHED, {"root_id": root.root_id, "after": after, "limit": BATCH}):
            after = rows[-1]["file_id"]
            paths = [f"{root.path}/{row['path']}" for row in rows]
            hashes = await work.disks.ask(root.path, quick_hashes, paths, pulse=Pulse())
            found = [
                {"file_id": row["file_id"], "quick_hash": one, "mtime_ns": row["mtime_ns"]}
                for row, one in zip(rows, hashes, strict=True)
                if one is not None
            ]
            async with work.db.write() as tx:
                await tx.many(store.SET_QUICK_HASH, found)
            done += len(rows)
            work.report.step(done, rows[-1]["path"].rpartition("/")[2])
