"""What a machine is called: names and addresses that stand in its certificate."""

import pytest

from homemedia.discovery.addresses import Found
from homemedia.discovery.machine import Machine, machine

FOUND = (
    Found("lo", 1, "127.0.0.1"),
    Found("lo", 1, "::1"),
    Found("eth0", 2, "192.168.1.20"),
    Found("eth0", 2, "fd00::20"),
    Found("eth0", 2, "2001:db8::20"),
    Found("eth0", 2, "fe80::20"),
    Found("docker0", 3, "172.17.0.1"),
)
OF_PI = ("pi.local", "pi.lan", "pi.home", "pi.home.arpa", "pi.internal", "pi.fritz.box")


def test_announced_name_comes_first_and_addresses_that_stay() -> None:
    assert machine("Pi", "attic.local.", FOUND, [""]) == Machine(("attic.local", *OF_PI), ("192.168.1.20", "fd00::20"))


def test_server_that_only_this_machine_reaches_has_no_names() -> None:
    assert machine("pi", None, FOUND, ["127.0.0.1"]) == Machine((), ())


def test_server_on_one_address_has_that_one() -> None:
    assert machine("pi", None, FOUND, ["192.168.1.20"]).addresses == ("192.168.1.20",)


@pytest.mark.parametrize(
    ("node", "hosts"),
    [
        ("pi", OF_PI),
        ("nas.example.org", ("nas.local", "nas.example.org", *(f"nas.{end}" for end in ("lan", "home")))),
        ("", ()),
        ("Anna's Mac", ()),
        ("localhost", ()),
        ("-x-", ()),
        ("ä", ()),
    ],
)
def test_names_are_those_that_a_name_server_could_know(node: str, hosts: tuple[str, ...]) -> None:
    assert machine(node, None, FOUND, [""]).hosts[: len(hosts) or None] == hosts
