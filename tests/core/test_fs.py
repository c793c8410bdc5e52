from pathlib import Path

import pytest

from homemedia.core.fs import DataLock, write_whole


def test_second_server_on_one_data_folder_learns_who_holds_it(tmp_path: Path) -> None:
    first, second = DataLock(tmp_path / "lock"), DataLock(tmp_path / "lock")
    assert first.acquire() is None
    first.note("http://localhost:8420")

    holder = second.acquire()

    assert holder is not None
    assert holder.url == "http://localhost:8420"
    first.release()
    assert second.acquire() is None
    second.release()


def test_file_is_there_whole_or_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "key"
    write_whole(target, b"old")

    def broken(_self: Path, _target: Path) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(Path, "replace", broken)
    with pytest.raises(OSError, match="the disk is gone"):
        write_whole(target, b"new")

    assert target.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["key"]
