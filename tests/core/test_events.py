import logging

import msgspec
import pytest

from homemedia.core.events import EventBus


class Happened(msgspec.Struct, frozen=True):
    what: str


class Other(msgspec.Struct, frozen=True):
    pass


async def test_event_reaches_those_who_asked_for_its_type_alone() -> None:
    bus, heard = EventBus(), []

    async def slowly(event: Happened) -> None:
        heard.append("async " + event.what)

    bus.subscribe(Happened, lambda event: heard.append(event.what))
    bus.subscribe(Happened, slowly)
    bus.subscribe(Other, lambda _event: heard.append("other"))
    bus.publish(Happened("x"))
    await bus.settle()

    assert heard == ["x", "async x"]


async def test_ended_subscription_hears_nothing_more() -> None:
    bus, heard = EventBus(), []
    end = bus.subscribe(Happened, lambda event: heard.append(event.what))

    bus.publish(Happened("a"))
    end()
    bus.publish(Happened("b"))

    assert heard == ["a"]


async def test_handler_that_fails_is_logged_and_harms_nobody(caplog: pytest.LogCaptureFixture) -> None:
    bus, heard = EventBus(), []

    def broken(_event: Happened) -> None:
        raise ValueError

    async def broken_later(_event: Happened) -> None:
        raise ValueError

    bus.subscribe(Happened, broken)
    bus.subscribe(Happened, broken_later)
    bus.subscribe(Happened, lambda event: heard.append(event.what))
    with caplog.at_level(logging.ERROR):
        bus.publish(Happened("x"))
        await bus.settle()

    assert heard == ["x"]
    assert len(caplog.records) == 2
