import logging
from pathlib import Path

import pytest

from homemedia.core.log import _File, _Json, _Plain, redact


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("GET /api/stream/42?token=eyJhbGciOi.abc.def&x=1", "GET /api/stream/42?token=…&x=1"),
        ("/api/x?a=1&Password=hunter2", "/api/x?a=1&Password=…"),
        ("/join/k3v9q0abcdefgh", "/join/k3v9q0…"),
        ("/api/invite-info/k3v9q0abcdefgh?x", "/api/invite-info/k3v9q0…?x"),
        ("Authorization: Bearer eyJhbGciOiJFZDI1NTE5In0.eyJzdWIiOiIxIn0.c2ln", "Authorization: Bearer eyJ…"),
        ("/s/abc", "/s/abc"),
        ("/signed-in?state=af0ifjsldkj&code=SplxlOBeZQQ", "/signed-in?state=…&code=…"),
        ("/api/libraries?limit=50", "/api/libraries?limit=50"),
    ],
)
def test_secrets_do_not_reach_the_log(text: str, clean: str) -> None:
    assert redact(text) == clean


def test_text_from_outside_makes_no_line_of_its_own_and_moves_no_cursor() -> None:
    record = logging.LogRecord("x", logging.WARNING, __file__, 1, "GET %s fails", ("/a\r\n12:00:00 \x1b[2Jfake",), None)

    line = _Plain().format(record)

    assert line.endswith(r"GET /a\r\n12:00:00 \x1b[2Jfake fails")
    assert len(line.splitlines()) == 1


def test_name_that_is_no_text_is_written_into_the_file_all_the_same() -> None:
    err = OSError("no \udcff")
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "cannot read %s", ("a\udcff",), (OSError, err, None))

    line = _Json().format(record)

    assert r"cannot read a\\udcff" in line
    assert r"OSError: no \\udcff" in line


def test_traceback_keeps_its_lines() -> None:
    err = ValueError("with\x07bell")
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed", (), (ValueError, err, None))

    _, last = _Plain().format(record).splitlines()

    assert last == r"ValueError: with\x07bell"


def test_log_that_cannot_be_written_says_so_once_and_goes_on_when_it_can(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = _File(tmp_path / "away" / "homemedia.log", delay=True, encoding="utf-8")
    record = logging.LogRecord("x", logging.INFO, __file__, 1, "a line", (), None)

    log.handle(record)
    log.handle(record)
    (tmp_path / "away").mkdir()
    log.handle(record)
    log.close()

    said = capsys.readouterr().err
    assert said.count("cannot be written") == 1
    assert "Traceback" not in said
    assert (tmp_path / "away" / "homemedia.log").read_text(encoding="utf-8") == "a line\n"
