"""The announcer against zeroconf itself, on the loopback address, and against a network that refuses."""

import asyncio
import logging
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
from zeroconf import ServiceInfo, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncZeroconf

from homemedia.discovery import Announcement, Announcer
from homemedia.discovery.addresses import Address, Found
from homemedia.discovery.mdns import TYPES, NoRecords, Records

LOOPBACK = [Found("lo", 1, "127.0.0.1")]
LIMIT_S = 30
# Households of these tests; whatever else is on the network of the machine that runs them is not looked at.
OURS = ("Müllers", "Twins", "Old house", "New house")


def announcer(name: str = "Attic", **options: Any) -> Announcer:
    given: dict[str, Any] = {
        "server_id": "ab12",
        "version": "1.2.3",
        "port": 8420,
        "listening": ["127.0.0.1"],
        "with_loopback": True,
        "addresses": lambda: LOOPBACK,
        "look_every_s": 3600,
    }
    return Announcer(name=name, **(given | options))


class Watcher:
    """What a device on the network sees."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self._changed = asyncio.Condition()
        self._network = AsyncZeroconf(interfaces=["127.0.0.1"])
        self._tasks: set[asyncio.Task[None]] = set()
        self._browser = AsyncServiceBrowser(self._network.zeroconf, list(TYPES), handlers=[self._on_change])

    def _on_change(self, zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        task = asyncio.ensure_future(self._note(name, is_gone=state_change is ServiceStateChange.Removed))
        self._tasks.add(task)

    async def _note(self, name: str, *, is_gone: bool) -> None:
        if not name.startswith(OURS):
            return
        async with self._changed:
            (self.seen.discard if is_gone else self.seen.add)(name)
            self._changed.notify_all()

    async def until(self, *names: str) -> None:
        async with asyncio.timeout(LIMIT_S), self._changed:
            await self._changed.wait_for(lambda: self.seen == set(names))

    async def info(self, name: str) -> ServiceInfo:
        info = await self._network.async_get_service_info(name.split(".", 1)[1], name, int(LIMIT_S * 1000))
        assert info is not None
        return info

    async def close(self) -> None:
        await self._browser.async_cancel()
        await self._network.async_close()


@pytest.fixture
async def watcher() -> AsyncIterator[Watcher]:
    watching = Watcher()
    yield watching
    await watching.close()


async def shown(part: Announcer) -> Announcement:
    async with asyncio.timeout(LIMIT_S):
        found = await part.settled(lambda now: now is not None)
    assert found is not None
    return found


async def test_devices_find_the_server_and_lose_it_after_its_goodbye(watcher: Watcher) -> None:
    async with announcer("Müllers") as part:
        assert (await shown(part)).host == "muellers.local"
        await watcher.until(*(f"Müllers.{kind}" for kind in TYPES))

        for kind in TYPES:
            info = await watcher.info(f"Müllers.{kind}")
            assert info.server == "muellers.local."
            assert info.port == 8420
            assert info.parsed_addresses() == ["127.0.0.1"]
            assert info.decoded_properties == {"id": "ab12", "name": "Müllers", "v": "1.2.3", "path": "/api"}

    await watcher.until()


async def test_second_server_of_the_same_name_gets_a_number(watcher: Watcher) -> None:
    async with announcer("Twins") as first:
        assert (await shown(first)).host == "twins.local"

        async with announcer("Twins", port=8421) as second:
            assert (await shown(second)).host == "twins-2.local"
            await watcher.until(*(f"Twins{number}.{kind}" for number in ("", "-2") for kind in TYPES))


async def test_new_name_of_the_household_replaces_the_old(watcher: Watcher) -> None:
    async with announcer("Old house") as part:
        await shown(part)
        await watcher.until(*(f"Old house.{kind}" for kind in TYPES))

        part.rename("New house")

        await watcher.until(*(f"New house.{kind}" for kind in TYPES))
        assert (await shown(part)).host == "new-house.local"


class FakeNetwork:
    """A network that remembers what was published and refuses when told."""

    def __init__(self) -> None:
        self.refusal: Exception | None = None
        self.published: list[dict[str, Any]] = []
        self.withdrawn = 0

    async def publish(self, **given: Any) -> Records:
        if self.refusal is not None:
            raise self.refusal
        self.published.append(given)
        return _FakeRecords(self, Announcement("a.local", next(given["services"]), tuple(given["addresses"])))


class _FakeRecords(Records):
    def __init__(self, network: FakeNetwork, announcement: Announcement) -> None:
        self._fake = network
        self.announcement = announcement

    async def withdraw(self) -> None:
        self._fake.withdrawn += 1


async def test_changed_addresses_are_announced_anew() -> None:
    network, machine = FakeNetwork(), [Found("eth0", 2, "192.168.1.5")]
    async with announcer(addresses=lambda: machine, listening=[""], publish=network.publish) as part:
        await shown(part)
        machine[:] = [Found("eth0", 2, "192.168.1.9")]
        part.look_again()
        moved = (Address("192.168.1.9", 2),)

        async with asyncio.timeout(LIMIT_S):
            await part.settled(lambda now: now is not None and now.addresses == moved)

        machine.clear()
        part.look_again()
        async with asyncio.timeout(LIMIT_S):
            await part.settled(lambda now: now is None)
    assert len(network.published) == network.withdrawn == 2


async def test_nothing_is_announced_while_bound_to_loopback_alone() -> None:
    network = FakeNetwork()
    looked = asyncio.Event()
    loop = asyncio.get_running_loop()

    def look() -> list[Found]:
        loop.call_soon_threadsafe(looked.set)
        return [*LOOPBACK, Found("eth0", 2, "192.168.1.5")]

    async with announcer(addresses=look, with_loopback=False, publish=network.publish) as part:
        await looked.wait()
        async with asyncio.timeout(LIMIT_S):
            await part.settled(lambda now: now is None)

    assert network.published == []


@pytest.mark.parametrize("refusal", [NoRecords("port 5353 is taken"), RuntimeError("a bug")], ids=["refused", "bug"])
async def test_refusal_is_told_once_and_tried_again(refusal: Exception, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="homemedia.discovery")
    network = FakeNetwork()
    network.refusal = refusal
    async with announcer(publish=network.publish) as part:
        for _ in range(3):
            async with asyncio.timeout(LIMIT_S):
                async with part._settled:
                    part.look_again()
                    await part._settled.wait()
        network.refusal = None
        part.look_again()
        await shown(part)

    complaints = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(complaints) == 1
    assert "announced on the network again" in caplog.text


async def test_stopping_at_once_leaves_nothing_behind() -> None:
    async with announcer() as part:
        pass

    assert part.announcement is None


def test_zeroconf_is_not_loaded_with_the_package() -> None:
    code = "import sys, homemedia.discovery; sys.exit('zeroconf' in sys.modules or 'ifaddr' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
