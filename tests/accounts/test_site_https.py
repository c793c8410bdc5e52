"""Which address is handed on to new devices, by how the request came."""

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from homemedia.accounts.site import Site, is_home_address
from homemedia.core.http.limits import parse_proxies


def asked(host: str, *, is_secure: bool, peer: str = "192.168.1.9", **headers: str) -> web.Request:
    request = make_mocked_request(
        "GET", "/", headers={"Host": host, **{k.replace("_", "-"): v for k, v in headers.items()}}
    )
    return request.clone(scheme="https" if is_secure else "http", remote=peer)


@pytest.mark.parametrize(
    ("host", "is_secure", "url"),
    [
        ("attic.local:8420", False, "http://attic.local:8420"),
        ("attic.local:8443", True, "http://attic.local:8420"),
        ("192.168.1.2:8443", True, "http://192.168.1.2:8420"),
        ("[fd00::2]:8443", True, "http://[fd00::2]:8420"),
    ],
)
def test_new_devices_are_led_where_nothing_has_to_be_installed(host: str, is_secure: bool, url: str) -> None:  # noqa: FBT001
    site = Site()
    site.plain_port = lambda: 8420

    assert site.url(asked(host, is_secure=is_secure)) == url


def test_certificate_that_devices_trust_is_handed_on() -> None:
    assert Site().url(asked("films.example.org", is_secure=True)) == "https://films.example.org"


def test_proxy_that_speaks_https_is_handed_on() -> None:
    site = Site(parse_proxies(["192.168.1.9"]))
    site.plain_port = lambda: 8420

    found = site.url(
        asked("10.0.0.1:8443", is_secure=True, X_Forwarded_Host="films.example.org", X_Forwarded_Proto="https")
    )

    assert found == "https://films.example.org"


def test_public_address_wins() -> None:
    site = Site(public_url=lambda: "https://films.example.org/")
    site.plain_port = lambda: 8420

    assert site.url(asked("attic.local:8443", is_secure=True)) == "https://films.example.org"


@pytest.mark.parametrize(
    ("address", "is_home"),
    [
        ("192.168.1.2", True),
        ("fe80::1", True),
        ("::ffff:10.0.0.1", True),
        ("203.0.113.1", False),
        ("unknown", False),
        ("", False),
    ],
)
def test_addresses_of_a_home_are_known(address: str, is_home: bool) -> None:  # noqa: FBT001
    assert is_home_address(address) is is_home
