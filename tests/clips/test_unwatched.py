"""What each member has still to watch, held against a plain reckoning after every step of random stories."""

import random
from pathlib import Path
from typing import Any

import pytest

from homemedia.clips import feed_store
from homemedia.core.db import Database
from tests.support.builders import Builders, a_database
from tests.support.clips import a_clip

STEPS = 250
READY = "UPDATE clip SET status = 'ready' WHERE clip_id = :clip_id"
EXPIRED = "UPDATE clip SET status = 'deleted' WHERE clip_id = :clip_id"
AGAIN = "UPDATE clip SET status = 'downloading', created_at = created_at + 1 WHERE clip_id = :clip_id"
GONE = "DELETE FROM clip WHERE clip_id = :clip_id"
WATCH = """
    INSERT INTO clip_watch (clip_id, user_id, percent, watched_at) VALUES (:clip_id, :user_id, 5, 1)
    ON CONFLICT (clip_id, user_id) DO UPDATE SET percent = 10
"""
UNWATCH = "DELETE FROM clip_watch WHERE clip_id = :clip_id AND user_id = :user_id"
ASIDE = """
    INSERT INTO clip_dismissal (clip_id, user_id, dismissed_at) VALUES (:clip_id, :user_id, 1) ON CONFLICT DO NOTHING
"""
RESTORE = "DELETE FROM clip_dismissal WHERE clip_id = :clip_id AND user_id = :user_id"
STATE = "UPDATE user SET state = :state WHERE user_id = :user_id"
REACT = """
    INSERT INTO clip_reaction (clip_id, user_id, emoji, created_at) VALUES (:clip_id, :user_id, :emoji, 1)
    ON CONFLICT (clip_id, user_id) DO UPDATE SET emoji = excluded.emoji
"""
UNREACT = "DELETE FROM clip_reaction WHERE clip_id = :clip_id AND user_id = :user_id"


class Reckoning:
    """What is true, kept in sets."""

    def __init__(self) -> None:
        self.status: dict[str, str] = {}
        self.created_at: dict[str, int] = {}
        self.state: dict[str, str] = {}
        self.watched: set[tuple[str, str]] = set()
        self.aside: set[tuple[str, str]] = set()
        self.reacted: set[tuple[str, str]] = set()

    def unwatched(self, user_id: str) -> list[str]:
        found = [
            clip_id
            for clip_id, status in self.status.items()
            if status == "ready" and (clip_id, user_id) not in self.watched | self.aside
        ]
        return sorted(found, key=lambda clip_id: (self.created_at[clip_id], clip_id))

    def heat(self, clip_id: str) -> int:
        return sum(one == clip_id for one, _ in (*self.watched, *self.reacted))

    def forget(self, clip_id: str) -> None:
        self.status.pop(clip_id)
        for kept in (self.watched, self.aside, self.reacted):
            kept -= {pair for pair in kept if pair[0] == clip_id}


async def step(db: Database, known: Reckoning, chance: random.Random) -> None:  # noqa: C901 - a table of steps
    clip_id = chance.choice(sorted(known.status)) if known.status else ""
    user_id = chance.choice(sorted(known.state))
    pair = (clip_id, user_id)
    args: dict[str, Any] = {"clip_id": clip_id, "user_id": user_id, "emoji": chance.choice("ab")}
    what = chance.choice(
        ["add", "ready", "expired", "again", "gone", *["watch", "unwatch", "aside", "restore"] * 3, "state", "react"]
    )
    if what == "add" or not clip_id:
        status = chance.choice(["ready", "downloading"])
        created_at = chance.randrange(1, 50)
        clip_id = await a_clip(db, user_id, status=status, created_at=created_at)
        known.status[clip_id], known.created_at[clip_id] = status, created_at
        known.watched.add((clip_id, user_id))
        return
    async with db.write() as tx:
        match what:
            case "ready" if known.status[clip_id] == "downloading":
                await tx.run(READY, args)
                known.status[clip_id] = "ready"
            case "expired" if known.status[clip_id] == "ready":
                await tx.run(EXPIRED, args)
                known.status[clip_id] = "deleted"
            case "again" if known.status[clip_id] == "deleted":
                await tx.run(AGAIN, args)
                known.status[clip_id] = "downloading"
                known.created_at[clip_id] += 1
            case "gone" if chance.random() < 0.5:
                await tx.run(GONE, args)
                known.forget(clip_id)
            case "watch":
                await tx.run(WATCH, args)
                known.watched.add(pair)
            case "unwatch":
                await tx.run(UNWATCH, args)
                known.watched.discard(pair)
            case "aside":
                await tx.run(ASIDE, args)
                known.aside.add(pair)
            case "restore":
                await tx.run(RESTORE, args)
                known.aside.discard(pair)
            case "react":
                await tx.run(*((UNREACT, args) if pair in known.reacted else (REACT, args)))
                known.reacted ^= {pair}
            case "state":
                known.state[user_id] = chance.choice(["active", "active", "disabled"])
                await tx.run(STATE, args | {"state": known.state[user_id]})


@pytest.mark.parametrize("seed", range(4))
async def test_table_of_what_is_unwatched_is_as_a_plain_reckoning_says(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a story that can be told again
    async with a_database(tmp_path) as db:
        house = Builders(db)
        known = Reckoning()
        for name in ("ann", "ben", "cas"):
            known.state[(await house.a_member(name)).user_id] = "active"
        for number in range(STEPS):
            await step(db, known, chance)
            if number == STEPS // 2:
                known.state[(await house.a_member("dora")).user_id] = "active"
            for user_id, state in known.state.items():
                # What somebody who is shut out would see does not matter, until he comes back.
                if state == "active":
                    page = await feed_store.page(db.read, user_id, "unwatched", "oldest", limit=50, offset=0)
                    assert [row.clip_id for row in page] == known.unwatched(user_id)[:50]
                    assert await feed_store.unwatched(db.read, user_id) == len(known.unwatched(user_id))
        rows = await db.read("SELECT clip_id, heat FROM clip")
        assert {row["clip_id"]: row["heat"] for row in rows} == {one: known.heat(one) for one in known.status}
