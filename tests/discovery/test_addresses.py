import pytest

from homemedia.discovery.addresses import Address, Found, of_this_machine, reachable

MACHINE = [
    Found("lo", 1, "127.0.0.1"),
    Found("lo", 1, "::1"),
    Found("eth0", 2, "192.168.1.5"),
    Found("eth0", 2, "fd00::5"),
    Found("eth0", 2, "fe80::5"),
    Found("wlan0", 3, "192.168.1.6"),
    Found("docker0", 4, "172.17.0.1"),
    Found("br-12ab", 5, "172.18.0.1"),
]
ALL_V4 = [Address("192.168.1.5", 2), Address("192.168.1.6", 3)]
ALL = [*ALL_V4, Address("fd00::5", 2)]


@pytest.mark.parametrize(
    ("listening", "expected"),
    [
        ([""], ALL),
        (["0.0.0.0", "::"], ALL),  # noqa: S104 - what is asked about
        (["0.0.0.0"], ALL_V4),  # noqa: S104
        (["::"], [Address("fd00::5", 2)]),
        (["192.168.1.6"], [Address("192.168.1.6", 3)]),
        (["attic.lan"], ALL),
        (["127.0.0.1"], []),
        (["127.0.0.1", "::1"], []),
        (["localhost"], []),
        (["10.9.9.9"], []),
        ([], []),
    ],
)
def test_announced_is_what_the_house_can_reach(listening: list[str], expected: list[Address]) -> None:
    assert reachable(MACHINE, listening) == expected


def test_loopback_is_announced_only_when_told() -> None:
    assert reachable(MACHINE, ["127.0.0.1"], with_loopback=True) == [Address("127.0.0.1", 1)]


def test_this_machine_has_a_loopback_address() -> None:
    assert "127.0.0.1" in {found.ip for found in of_this_machine()}
