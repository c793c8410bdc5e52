"""Which ffmpeg is used."""

from pathlib import Path

import pytest

from homemedia.media import ffmpeg
from homemedia.media.ffmpeg import ffmpeg_version, find_ffmpeg
from tests.support.samples import ffmpeg_path


def a_program(path: Path, says: str, status: int = 0) -> str:
    path.write_text(f"#!/bin/sh\necho '{says}'\nexit {status}\n", encoding="ascii")
    path.chmod(0o755)
    return str(path)


@pytest.fixture(autouse=True)
def _no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ffmpeg.ENVIRONMENT, raising=False)


def test_the_setting_comes_first_then_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = a_program(tmp_path / "one", "ffmpeg version 7.1 Copyright")
    two = a_program(tmp_path / "two", "ffmpeg version 8.0 Copyright")
    monkeypatch.setenv(ffmpeg.ENVIRONMENT, two)

    assert find_ffmpeg(one) == ffmpeg.Ffmpeg(one, "7.1", "setting")
    assert find_ffmpeg() == ffmpeg.Ffmpeg(two, "8.0", "setting")


@pytest.mark.parametrize(("says", "status"), [("ffmpeg version 7.1", 1), ("hello", 0), ("", 0)])
def test_a_setting_that_does_not_work_falls_through(tmp_path: Path, says: str, status: int) -> None:
    wrong = a_program(tmp_path / "wrong", says, status)

    found = find_ffmpeg(wrong)

    assert found is not None
    assert found.origin in {"bundled", "system"}


def test_the_systems_is_used_where_none_came_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_program(tmp_path / "ffmpeg", "ffmpeg version 5.1 Copyright")
    monkeypatch.setattr(ffmpeg, "_bundled", lambda: None)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")

    assert find_ffmpeg() == ffmpeg.Ffmpeg(str(tmp_path / "ffmpeg"), "5.1", "system")


def test_no_ffmpeg_at_all_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ffmpeg, "_bundled", lambda: None)
    monkeypatch.setenv("PATH", "")

    assert find_ffmpeg() is None


def test_the_one_that_came_along_says_its_version() -> None:
    assert ffmpeg_version(ffmpeg_path())
    assert ffmpeg_version("/no/such/program") is None
