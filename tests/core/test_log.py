import logging

import pytest

from homemedia.core.log import _Plain, redact


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("GET /api/stream/42?token=eyJhbGciOi.abc.def&x=1", "GET /api/stream/42?token=…&x=1"),
        ("/api/x?a=1&Password=hunter2", "/api/x?a=1&Password=…"),
        ("/join/k3v9q0abcdefgh", "/join/k3v9q0…"),
        ("/api/invite-info/k3v9q0abcdefgh?x", "/api/invite-info/k3v9q0…?x"),
        ("Authorization: Bearer eyJhbGciOiJFZDI1NTE5In0.eyJzdWIiOiIxIn0.c2ln", "Authorization: Bearer eyJ…"),
        ("/s/abc", "/s/abc"),
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


def test_traceback_keeps_its_lines() -> None:
    err = ValueError("with\x07bell")
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed", (), (ValueError, err, None))

    _, last = _Plain().format(record).splitlines()

    assert last == r"ValueError: with\x07bell"
