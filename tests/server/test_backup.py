"""Copies of the database: made every night and on demand, whole, few, and put back."""

import datetime as dt
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from homemedia.core.problems import NotFound, StorageFull, Unprocessable
from homemedia.schema import migrate
from homemedia.server.backup import copying
from homemedia.server.backup.service import KIND, daily, last_due
from tests.support.app import House, a_house

HOUR_MS = 3_600_000
NOW = 1_795_000_000_000


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "homemedia.db"
    path.parent.mkdir()
    migrate(path, path.parent / "backups")
    return path


@pytest.fixture
async def house_at_night(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        await house.claim()
        yield house


def note(database: Path, value: str) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("INSERT OR REPLACE INTO setting (key, value, updated_at) VALUES ('x', ?, 0)", (value,))


def noted(database: Path) -> str:
    with closing(sqlite3.connect(database)) as connection:
        return str(connection.execute("SELECT value FROM setting WHERE key = 'x'").fetchone()[0])


def test_a_copy_holds_what_was_committed_while_somebody_writes(database: Path, tmp_path: Path) -> None:
    note(database, "kept")
    with closing(sqlite3.connect(database, isolation_level=None)) as writing:
        writing.execute("BEGIN IMMEDIATE")
        writing.execute("UPDATE setting SET value = 'half done'")
        made = copying.copy(database, tmp_path / "backups", now_ms=NOW)
        writing.execute("COMMIT")

    assert noted(tmp_path / "backups" / made.name) == "kept"
    assert made.made_at == NOW
    assert (tmp_path / "backups" / made.name).stat().st_mode & 0o777 == 0o600
    assert not list((tmp_path / "backups").glob(".*"))


def test_as_many_are_kept_as_are_wanted_and_none_of_another_kind_goes(database: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    for number in range(5):
        copying.copy(database, folder, now_ms=NOW + number * HOUR_MS)
    (folder / "before-x-20200101T000000.db").write_bytes(b"")
    (folder / "a letter.txt").write_bytes(b"")

    gone = copying.prune(folder, kept=2)

    assert len(gone) == 3
    assert [one.made_at for one in copying.copies(folder) if one.name.startswith("homemedia-")] == [
        NOW + 4 * HOUR_MS,
        NOW + 3 * HOUR_MS,
    ]
    assert (folder / "before-x-20200101T000000.db").exists()
    assert (folder / "a letter.txt").exists()


def test_two_of_one_second_have_names_of_their_own(database: Path, tmp_path: Path) -> None:
    names = {copying.copy(database, tmp_path / "backups", now_ms=NOW).name for _ in range(3)}

    assert len(names) == 3
    assert len(copying.copies(tmp_path / "backups")) == 3


def test_a_full_disk_is_told_and_leaves_nothing(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "SPARE_BYTES", 1 << 60)
    with pytest.raises(StorageFull):
        copying.copy(database, tmp_path / "backups", now_ms=NOW)
    assert copying.copies(tmp_path / "backups") == []


def test_a_copy_is_put_back_and_what_was_there_is_kept(database: Path) -> None:
    folder = database.parent / "backups"
    note(database, "then")
    made = copying.copy(database, folder, now_ms=NOW)
    note(database, "now")

    kept = copying.restore(database, folder, made.name, now_ms=NOW)

    assert noted(database) == "then"
    assert noted(kept) == "now"
    assert noted(folder / made.name) == "then"


def test_a_damaged_copy_is_not_put_back(database: Path) -> None:
    folder = database.parent / "backups"
    note(database, "now")
    made = copying.copy(database, folder, now_ms=NOW)
    (folder / made.name).write_bytes(b"SQLite format 3\0" + b"nonsense" * 2000)

    with pytest.raises(Unprocessable):
        copying.restore(database, folder, made.name, now_ms=NOW)
    with pytest.raises(NotFound):
        copying.restore(database, folder, "../homemedia.db", now_ms=NOW)

    assert noted(database) == "now"
    assert sorted(path.name for path in database.parent.iterdir()) == ["backups", "homemedia.db"]


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-03-10T01:59", "2026-03-09T02:00"),
        ("2026-03-10T02:00", "2026-03-10T02:00"),
        ("2026-03-10T23:00", "2026-03-10T02:00"),
        ("2026-03-30T01:00", "2026-03-29T03:00"),  # the clock was put forward at two
    ],
)
def test_a_copy_is_due_at_two_by_the_clock_on_the_wall(now: str, due: str) -> None:
    rome = ZoneInfo("Europe/Rome")

    def at(text: str) -> int:
        return int(dt.datetime.fromisoformat(text).replace(tzinfo=rome).timestamp() * 1000)

    assert last_due(at(now), dt.time(2), rome) == at(due)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("0 02 * * *", dt.time(2)),
        ("30 23 * * *", dt.time(23, 30)),
        ("60 1 * * *", None),
        ("0 24 * * *", None),
        ("0 2 * * 1", None),
        ("", None),
    ],
)
def test_once_a_day_is_read(text: str, time: dt.time | None) -> None:
    assert daily(text) == time


async def test_administrators_have_a_copy_made_and_see_it(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await house.claim()
        assert (await house.get("/api/home/server/backups"))["backups"] == []

        async with house.client.post("/api/jobs", json={"name": "backup-database"}) as answer:
            assert answer.status == 204
        await house.idle()

        found = await house.get("/api/home/server/backups")
        (made,) = found["backups"]
        assert (found["keeps"], found["isRunning"]) == (7, False)
        assert made["size"] > 10_000
        queue = (await house.get("/api/jobs"))["backupDatabase"]
        assert (queue["jobCounts"]["completed"], queue["jobCounts"]["failed"]) == (1, 0)
        await house.send("PUT", "/api/jobs/backupDatabase", {"command": "start"})
        await house.send("POST", "/api/home/server/backups", None, 202)
        await house.idle()
        assert len((await house.get("/api/home/server/backups"))["backups"]) >= 2


async def test_a_copy_is_made_at_night_also_when_the_night_was_slept_through(house_at_night: House) -> None:
    house = house_at_night
    sweep = house.server.entrance.sweeper.sweep
    await sweep()
    await house.idle()
    assert (await house.get("/api/home/server/backups"))["backups"] == []  # a house of today has nothing to lose

    async with house.server.db.write() as tx:
        await tx.run("UPDATE user SET created_at = created_at - 2 * 86400000")
    await sweep()
    await house.idle()
    await sweep()
    await house.idle()
    assert len((await house.get("/api/home/server/backups"))["backups"]) == 1

    await house.send("PUT", "/api/system-config", {"backup": {"database": {"enabled": False}}})
    jobs = await house.server.db.read("SELECT count(*) AS jobs FROM job WHERE kind = :kind", {"kind": KIND})
    await sweep()
    assert (await house.get("/api/home/server/backups"))["keeps"] is None
    after = await house.server.db.read("SELECT count(*) AS jobs FROM job WHERE kind = :kind", {"kind": KIND})
    assert after[0]["jobs"] == jobs[0]["jobs"]
