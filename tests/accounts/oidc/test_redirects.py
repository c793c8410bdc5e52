import pytest

from homemedia.accounts.oidc.redirects import checked_redirect, safe_next
from homemedia.core.problems import BadRequest

OURS = "http://attic.local:8420"


def is_ours(address: str) -> bool:
    return address.split("/")[:3] == OURS.split("/")


def asked(address: str, **more: str) -> str:
    return checked_redirect(address, is_ours=is_ours, listed=("app://oauth-callback",), **more)


@pytest.mark.parametrize(
    "address",
    [
        "http://attic.local:8420/auth/login",
        "http://attic.local:8420/sign-in/return?x=1",
        "http://127.0.0.1:40123/callback",
        "http://localhost:9999/",
        "http://[::1]:7000/cb",
        "app://oauth-callback",
        "app.immich:///oauth-callback",
    ],
)
def test_addresses_of_ours_of_this_device_and_of_the_list_are_taken(address: str) -> None:
    assert asked(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://evil.example/",
        "//evil.example/",
        "http://attic.local:8420@evil.example/",
        "http://127.0.0.1@evil.example/",
        "http://127.0.0.1.evil.example/",
        "http://localhost.evil.example/",
        "http://evil.example\\@localhost/",
        "http://localhost\\.evil.example/",
        "http://localhost:80\n.evil.example/",
        "http://localhost:x/",
        "http://user@localhost/",
        "http://localhost/#https://evil.example",
        "javascript:alert(1)//localhost",
        "ftp://localhost/",
        "app://oauth-callback/further",
        "app://evil",
        "app.immich:///oauth-callback?x",
        "app.immich://evil/oauth-callback",
        "http://ⓛocalhost/",
        "http://attic.local/",
        "https://attic.local:8420/",
        "http://localhost/" + "x" * 1000,
    ],
)
def test_every_other_address_is_refused(address: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        asked(address)
    assert refusal.value.details[0]["field"] == "redirectUri"


def test_mobile_address_is_replaced_where_a_provider_wants_another_one() -> None:
    there = "https://photos.example.org/api/oauth/mobile-redirect"
    assert asked("app.immich:///oauth-callback", mobile_override=there) == there


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/films?view=1#x", "/films?view=1#x"),
        ("/", "/"),
        (None, "/"),
        ("", "/"),
        ("films", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/a\\b", "/"),
        ("/\t/evil.example", "/"),
        ("/\n/evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/" + "x" * 1000, "/"),
    ],
)
def test_one_goes_on_to_pages_of_ours_alone(address: str | None, expected: str) -> None:
    assert safe_next(address) == expected
