"""A device with Avahi finds the server by itself: two network namespaces, Avahi in one, the announcer in the other."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from tests.support.netns import Avahi, Machine, NotPossible, avahi, require, two_machines

Entries = list[list[str]]
PATIENCE_S = 60.0

# Runs on the other machine: announces, obeys lines from its input, says what stands on the network.
HOUSE = """
import asyncio, sys
from homemedia.discovery import Announcer

async def main():
    loop = asyncio.get_running_loop()
    async with Announcer(name="Müllers", server_id="ab12", version="1.2.3", port=8420, look_every_s=0.2) as part:
        shown = await part.settled(lambda now: now is not None)
        while True:
            print(shown.host, *(address.ip for address in shown.addresses), flush=True)
            order = (await loop.run_in_executor(None, sys.stdin.readline)).strip()
            if not order:
                break
            if order.startswith("rename "):
                part.rename(order.removeprefix("rename "))
            before = shown
            shown = await part.settled(lambda now: now is not None and now != before)
    print("gone", flush=True)

asyncio.run(main())
"""


class House:
    """The server's end of the wire."""

    def __init__(self, child: "subprocess.Popen[str]") -> None:
        self._child = child

    def says(self) -> str:
        assert self._child.stdout is not None
        return self._child.stdout.readline().strip()

    def tell(self, order: str) -> str:
        assert self._child.stdin is not None
        self._child.stdin.write(order + "\n")
        self._child.stdin.flush()
        return self.says()


@contextlib.contextmanager
def house(machine: Machine) -> Iterator[House]:
    child = subprocess.Popen(
        machine.command(sys.executable, "-c", HOUSE), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield House(child)
    finally:
        child.terminate()
        child.communicate(timeout=PATIENCE_S)


def found_when(device: Avahi, kind: str, holds: Callable[[Entries], bool]) -> Entries:
    """What a device finds, once it is as it should be. It asks for about a second, and a busy machine may answer later.

    Without a goodbye a service would stay for 75 minutes (RFC 6762, 10): the limit is far below.
    """
    deadline = time.monotonic() + PATIENCE_S
    while not holds(found := device.browse(kind)):
        assert time.monotonic() < deadline, found
    return found


def is_forgotten(device: Avahi, kind: str) -> bool:
    return not found_when(device, kind, lambda found: not found)


def hosts(found: Entries) -> set[str]:
    return {entry[6] for entry in found}


def ips(found: Entries) -> set[str]:
    return {entry[7] for entry in found}


@pytest.fixture(scope="module")
def wire() -> Iterator[tuple[Machine, Machine, Avahi]]:
    with contextlib.ExitStack() as stack:
        try:
            require("avahi-daemon", "avahi-browse", "avahi-resolve", "dbus-daemon", "unshare")
            server, visitor = stack.enter_context(two_machines())
        except NotPossible as err:
            if "avahi" in os.environ.get("HOMEMEDIA_TESTS_REQUIRE", ""):
                pytest.fail(f"asked for by HOMEMEDIA_TESTS_REQUIRE, but: {err}")
            pytest.skip(f"Avahi cannot be asked here: {err}")
        yield server, visitor, stack.enter_context(avahi(visitor))


def test_avahi_finds_the_server_and_forgets_it_after_its_goodbye(wire: tuple[Machine, Machine, Avahi]) -> None:
    server, _, device = wire
    with house(server) as home:
        assert home.says() == "muellers.local 10.77.0.1 fd77::1"

        for kind in ("_homemedia._tcp", "_http._tcp"):
            found = found_when(device, kind, lambda found: {entry[2] for entry in found} == {"IPv4", "IPv6"})
            assert hosts(found) == {"muellers.local"}
            assert {entry[8] for entry in found} == {"8420"}
            for word in ('"id=ab12"', '"v=1.2.3"', '"path=/api"', '"name=M'):
                assert word in found[0][9]
        assert device.resolve("muellers.local") == "10.77.0.1"

        assert home.tell("") == "gone"

        assert is_forgotten(device, "_homemedia._tcp")
        assert is_forgotten(device, "_http._tcp")


def test_server_with_the_name_of_another_machine_takes_a_number(wire: tuple[Machine, Machine, Avahi]) -> None:
    server, _, device = wire
    with house(server) as home:
        assert home.says().startswith("muellers.local")

        assert home.tell("rename Visitor") == "visitor-2.local 10.77.0.1 fd77::1"

        assert found_when(device, "_homemedia._tcp", lambda found: hosts(found) == {"visitor-2.local"})
        assert device.resolve("visitor.local") == "10.77.0.2"
        assert home.tell("") == "gone"


def test_server_is_found_at_its_new_address(wire: tuple[Machine, Machine, Avahi]) -> None:
    server, _, device = wire
    with house(server) as home:
        assert home.says() == "muellers.local 10.77.0.1 fd77::1"

        server.run("ip", "address", "del", "10.77.0.1/24", "dev", "lan0")
        server.run("ip", "address", "add", "10.77.0.9/24", "dev", "lan0")
        while home.tell("look") != "muellers.local 10.77.0.9 fd77::1":
            pass  # for a moment there was no IPv4 address
        assert found_when(
            device, "_homemedia._tcp", lambda found: "10.77.0.9" in ips(found) and "10.77.0.1" not in ips(found)
        )
        assert home.tell("") == "gone"
