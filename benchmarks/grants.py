"""How fast a page of 50 of a large library is answered, by what the member was granted of it.

    python benchmarks/grants.py [--items 50000] [--pages 300]

In one process, without HTTP: the very service that answers the route, on a real database file. A member who was granted
the library, one who was granted 300 single films of it, one who was granted the folder that holds them all, one to whom
the library was passed on; beside them an administrator, who is asked for no grant. CPU is the
process' own time, which a busy machine changes least.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.line import percentile
from benchmarks.words import titles
from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.events import EventBus
from homemedia.library.audience import keep_audiences
from homemedia.library.browse import Browse, Wish
from homemedia.playback.store import WATCH_SQL
from homemedia.schema import migrate
from tests.support.builders import Builders, Library

SINGLE = 300
ADD = """
    INSERT INTO share (share_id, origin, owner_id, created_by, parent_share_id, target_type, target_id, recipient_type,
                       recipient_id, permissions, created_at, updated_at)
    VALUES (:id, 'share', 'house', :by, :parent, :kind, :target, 'user', :to, 227, 0, 0)
"""


async def grant(db: Database, members: dict[str, Member], films: Library) -> None:
    """What each was granted, by the administrator."""
    by = members["administrator"].user_id
    rows = await db.read("SELECT rating_key FROM item ORDER BY random() LIMIT :n", {"n": SINGLE})
    one = {"by": by, "parent": None}
    wanted = [
        one | {"id": f"film-{n}", "kind": "media", "target": row["rating_key"], "to": members["300 films"].user_id}
        for n, row in enumerate(rows)
    ]
    library = films.library_id
    wanted += [
        one | {"id": "whole", "kind": "library", "target": library, "to": members["library"].user_id},
        one | {"id": "folder", "kind": "folder", "target": str(films.folder_id), "to": members["folder"].user_id},
        {
            "id": "passed",
            "by": members["library"].user_id,
            "parent": "whole",
            "kind": "library",
            "target": library,
            "to": members["passed on"].user_id,
        },
    ]
    async with db.write() as tx:
        await tx.run("DELETE FROM share")
        await tx.many(ADD, wanted)


async def measure(
    browse: Browse, member: Member, films: Library, pages: int, items: int
) -> tuple[list[float], list[float]]:
    """How long each page took, and how long the process worked for it, in s."""
    rng = random.Random(7)
    took: list[float] = []
    worked: list[float] = []
    for _ in range(pages):
        wish = Wish(offset=rng.randrange(0, items, 50), limit=50, sort=rng.choice(["title", "year", "added"]))
        started, began = time.perf_counter(), time.process_time()
        await browse.page(member, films.library_id, wish)
        took.append(time.perf_counter() - started)
        worked.append(time.process_time() - began)
    return took, worked


async def main(items: int, pages: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        migrate(Path(folder) / "homemedia.db", Path(folder) / "backups")
        db = await Database.open(Path(folder) / "homemedia.db")
        keep_audiences(db)
        house = Builders(db)
        films = await house.a_library("Films", root="/made-up")
        shelf = titles(items)
        for at in range(0, items, 2000):
            await house.many_films(films, shelf[at : at + 2000])
        names = ("administrator", "library", "passed on", "300 films", "folder")
        members = {name: await house.a_member(is_admin=name == "administrator") for name in names}
        await grant(db, members, films)
        browse = Browse(db, WATCH_SQL, Clock(), bus=EventBus())
        print("| granted | p50 ms | p99 ms | p50 CPU ms | p99 CPU ms |\n|---|---|---|---|---|")
        for name, member in members.items():
            seen = SINGLE if name == "300 films" else items
            await measure(browse, member, films, 20, seen)
            found = await measure(browse, member, films, pages, seen)
            cells = " | ".join(f"{percentile(times, share):.1f}" for times in found for share in (0.5, 0.99))
            print(f"| {name} | {cells} |", flush=True)
        await db.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--items", type=int, default=50_000)
    parser.add_argument("--pages", type=int, default=300)
    chosen = parser.parse_args()
    asyncio.run(main(chosen.items, chosen.pages))
