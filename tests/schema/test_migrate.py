import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from homemedia import __version__
from homemedia.schema import DamagedDatabase, NewerDatabase, migrate, versions
from homemedia.schema.history import KEPT_COPIES, statements, steps


def test_new_database_gets_every_step_and_the_second_start_none(tmp_path: Path) -> None:
    first = migrate(tmp_path / "x.db", tmp_path / "backups")
    second = migrate(tmp_path / "x.db", tmp_path / "backups")

    assert first == [name for name, _ in steps()]
    assert second == []
    assert not (tmp_path / "backups").exists(), "nothing was there to copy"


def test_database_with_content_is_copied_before_the_first_pending_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    *earlier, (last, _) = steps()
    with monkeypatch.context() as patch:
        patch.setattr("homemedia.schema.history.steps", lambda: iter(earlier))
        migrate(tmp_path / "x.db", tmp_path / "backups")

    applied = migrate(tmp_path / "x.db", tmp_path / "backups")

    assert applied == [last]
    (copy,) = (tmp_path / "backups").glob("before-*.db")
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_failed_step_leaves_the_database_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    migrate(tmp_path / "x.db", tmp_path / "backups")
    broken = [*steps(), ("9999_broken", "CREATE TABLE fine (a);\nINSERT INTO nowhere VALUES (1);")]
    monkeypatch.setattr("homemedia.schema.history.steps", lambda: iter(broken))

    with pytest.raises(DamagedDatabase, match="newest backup"):
        migrate(tmp_path / "x.db", tmp_path / "backups")

    with closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'fine'").fetchone()[0] == 0


def test_database_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    migrate(tmp_path / "x.db", tmp_path / "backups")
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection, connection:
        connection.execute("INSERT INTO schema_migration (name, applied_at) VALUES ('9999_future', 0)")

    with pytest.raises(NewerDatabase, match="a newer version than this one"):
        migrate(tmp_path / "x.db", tmp_path / "backups")


@pytest.mark.parametrize("damage", ["not a database at all" * 100, "SQLite format 3\0garbage" * 400])
def test_damaged_file_is_kept_and_the_person_told(tmp_path: Path, damage: str) -> None:
    (tmp_path / "x.db").write_bytes(damage.encode())

    with pytest.raises(DamagedDatabase, match="left as it is"):
        migrate(tmp_path / "x.db", tmp_path / "backups")

    assert (tmp_path / "x.db").read_bytes() == damage.encode()


def test_statements_with_triggers_and_comments_come_apart_rightly() -> None:
    sql = "-- a; b\nCREATE TABLE a (x);\nCREATE TRIGGER t AFTER INSERT ON a BEGIN\n  SELECT 1;\n  SELECT 2;\nEND;\n"

    assert len(list(statements(sql))) == 2


def test_who_goes_back_to_an_older_version_is_told_which_made_it_and_where_the_copy_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backups = tmp_path / "backups"
    migrate(tmp_path / "x.db", backups)
    newer = [*steps(), ("9999_future", "CREATE TABLE future (a);"), ("9999_later", "CREATE TABLE later (a);")]
    with monkeypatch.context() as patch:
        patch.setattr("homemedia.schema.history.steps", lambda: iter(newer))
        patch.setattr("homemedia.schema.history.__version__", "9.1.0")
        migrate(tmp_path / "x.db", backups)
    before = (tmp_path / "x.db").read_bytes()

    with pytest.raises(NewerDatabase) as refused:
        migrate(tmp_path / "x.db", backups)

    (copy,) = backups.glob("before-9999_future-*.db")
    told = str(refused.value)
    assert "made by HomeMedia 9.1.0 (step 9999_future)" in told
    assert f"this one, {__version__}," in told
    assert f"homemedia backup restore {copy.name}" in told
    assert str(copy) in told
    assert (tmp_path / "x.db").read_bytes() == before
    # And the copy is what the older one can use.
    assert migrate(copy, tmp_path / "others") == []


def test_copy_of_before_the_first_step_outlives_a_step_that_fails_at_every_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backups = tmp_path / "backups"
    migrate(tmp_path / "x.db", backups)
    broken = [*steps(), ("9998_fine", "CREATE TABLE fine (a);"), ("9999_broken", "INSERT INTO nowhere VALUES (1);")]
    monkeypatch.setattr("homemedia.schema.history.steps", lambda: iter(broken))

    for _ in range(KEPT_COPIES + 2):
        with pytest.raises(DamagedDatabase):
            migrate(tmp_path / "x.db", backups)

    assert len(list(backups.glob("before-9998_fine-*.db"))) == 1
    assert len(list(backups.iterdir())) == 2


def test_nothing_is_changed_where_there_is_no_room_for_the_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    *earlier, (last, _) = steps()
    with monkeypatch.context() as patch:
        patch.setattr("homemedia.schema.history.steps", lambda: iter(earlier))
        migrate(tmp_path / "x.db", tmp_path / "backups")
    monkeypatch.setattr("homemedia.schema.history.SPARE_BYTES", 1 << 62)

    with pytest.raises(DamagedDatabase, match="no room for the copy"):
        migrate(tmp_path / "x.db", tmp_path / "backups")

    with closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        assert last not in {name for (name,) in connection.execute("SELECT name FROM schema_migration")}
    assert list((tmp_path / "backups").iterdir()) == []


def test_version_that_uses_the_database_is_written_down_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for version in ("0.9.0", "0.9.0", "1.0.0"):
        monkeypatch.setattr("homemedia.schema.history.__version__", version)
        migrate(tmp_path / "x.db", tmp_path / "backups")

    with closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        assert [name for name, _, _ in versions(connection)] == ["1.0.0", "0.9.0"]
