import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from homemedia.schema import DamagedDatabase, migrate
from homemedia.schema.history import statements, steps


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

    with pytest.raises(DamagedDatabase, match="newer HomeMedia"):
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
