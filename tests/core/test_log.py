import pytest

from homemedia.core.log import redact


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
