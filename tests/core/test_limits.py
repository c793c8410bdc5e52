import pytest
from aiohttp.test_utils import make_mocked_request
from aiohttp.web import Request

from homemedia.core.http.limits import (
    RateLimit,
    client_address,
    is_passed_on_by_stranger,
    limit_key,
    parse_address,
    parse_proxies,
)
from homemedia.core.problems import TooMany
from tests.support.fakes import FakeClock

PROXIES = parse_proxies(["10.0.0.0/8", "fd00::1"])


def a_request(peer: str, *headers: tuple[str, str]) -> Request:
    from multidict import CIMultiDict  # noqa: PLC0415

    return make_mocked_request("GET", "/", headers=CIMultiDict(headers)).clone(remote=peer)


def test_window_fills_and_opens_again() -> None:
    clock = FakeClock()
    limit = RateLimit(2, 10.0, clock=clock)
    limit.check("a")
    clock.pass_ms(4_000)
    limit.check("a")

    with pytest.raises(TooMany) as refused:
        limit.check("a")
    clock.pass_ms(6_000)

    assert refused.value.retry_after_s == 6
    assert limit.wait_s("a") == 0
    limit.check("a")


def test_keys_count_apart_and_can_be_forgiven() -> None:
    limit = RateLimit(1, 10.0, clock=FakeClock())
    limit.take("a")
    limit.take("b")
    limit.give_back("a")

    assert (limit.wait_s("a"), limit.wait_s("b"), limit.wait_s("c")) == (0, 10, 0)
    limit.clear("b")
    assert limit.wait_s("b") == 0


def test_giving_back_keeps_the_other_counts() -> None:
    limit = RateLimit(2, 10.0, clock=FakeClock())
    for _ in range(3):
        limit.take("a")

    limit.give_back("a")

    assert limit.wait_s("a") == 10


def test_memory_is_bounded() -> None:
    limit = RateLimit(1, 10.0, clock=FakeClock(), max_keys=100)

    for number in range(1000):
        limit.take(str(number))

    assert len(limit._counts) == 100
    assert limit.wait_s("999") == 10


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.168.1.2", "192.168.1.2"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("::ffff:192.168.1.2", "192.168.1.2"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
    ],
)
def test_ipv6_lines_count_as_one(address: str, key: str) -> None:
    assert limit_key(address) == key


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("1.2.3.4", "1.2.3.4"),
        (" 1.2.3.4:80 ", "1.2.3.4"),
        ("[2001:db8::1]:80", "2001:db8::1"),
        ('"[::1]"', "::1"),
        ("::ffff:1.2.3.4", "1.2.3.4"),
        ("fe80::1%en0", "fe80::1"),
    ],
)
def test_addresses_are_read_in_every_spelling(text: str, address: str) -> None:
    assert str(parse_address(text)) == address


@pytest.mark.parametrize("text", ["", "unknown", "1.2.3", "localhost", "_hidden", "1.2.3.4.5"])
def test_what_is_no_address_is_none(text: str) -> None:
    assert parse_address(text) is None


@pytest.mark.parametrize(
    ("peer", "told", "address"),
    [
        ("192.168.1.2", [], "192.168.1.2"),
        ("192.168.1.2", ["203.0.113.1"], "192.168.1.2"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.1"], "203.0.113.1"),
        ("10.0.0.1", ["6.6.6.6, 203.0.113.1"], "203.0.113.1"),
        ("10.0.0.1", ["6.6.6.6, 203.0.113.1, 10.9.9.9"], "203.0.113.1"),
        ("10.0.0.1", ["6.6.6.6", "203.0.113.1"], "203.0.113.1"),
        ("10.0.0.1", ["10.0.0.7"], "10.0.0.7"),
        ("10.0.0.1", ["6.6.6.6, unknown"], "unknown"),
        ("fd00::1", ["[2001:db8::9]:4711"], "2001:db8::9"),
        ("", [], "unknown"),
    ],
)
def test_address_is_the_nearest_one_that_somebody_trustworthy_saw(peer: str, told: list[str], address: str) -> None:
    request = a_request(peer, *(("X-Forwarded-For", line) for line in told))

    assert client_address(request, PROXIES) == address


@pytest.mark.parametrize(
    ("peer", "header", "is_stranger"),
    [
        ("192.168.1.2", None, False),
        ("192.168.1.2", "X-Forwarded-For", True),
        ("192.168.1.2", "Forwarded", True),
        ("192.168.1.2", "X-Forwarded-Proto", True),
        ("10.0.0.1", "X-Forwarded-For", False),
        ("", "Forwarded", True),
    ],
)
def test_proxies_nobody_named_are_strangers(peer: str, header: str | None, is_stranger: bool) -> None:  # noqa: FBT001
    request = a_request(peer, *([(header, "192.168.1.5")] if header else []))

    assert is_passed_on_by_stranger(request, PROXIES) is is_stranger


def test_proxies_are_addresses_or_networks() -> None:
    with pytest.raises(ValueError, match="attic"):
        parse_proxies(["attic"])
