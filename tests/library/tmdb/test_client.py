"""The client against a stand-in with faults."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from homemedia.library.tmdb import client as client_module
from homemedia.library.tmdb.client import TmdbClient
from homemedia.library.tmdb.pace import AT_ONCE, Pace
from homemedia.library.tmdb.problems import KeyRefused, NotConfigured, NotThere, RateLimited, Unreachable
from tests.support.fakes import FakeClock
from tests.support.tmdb import KEY, TOKEN, StandIn

DAY_MS = 86_400_000


class Time:
    """Seconds that pass when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


class Desk:
    def __init__(self, standin: StandIn, folder: Path) -> None:
        self.standin = standin
        self.clock = FakeClock()
        self.time = Time()
        self.secret: str | None = KEY
        self.client = TmdbClient(
            url=standin.url,
            image_url=standin.image_url,
            folder=folder,
            clock=self.clock,
            secret=lambda: self.secret,
            pace=Pace(monotonic=self.time.monotonic, sleep=self.time.sleep),
            sleep=self.time.sleep,
        )

    async def find(self, title: str = "Thorn", **more: Any) -> list[str]:
        asked = {"year": None, "language": "en"} | more
        return [one["title"] for one in await self.client.search("movie", title, **asked)]


def _everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with StandIn() as standin:
        made = Desk(standin, tmp_path / "answers")
        async with made.client:
            yield made


async def test_search_finds_films_and_narrows_by_year(desk: Desk) -> None:
    assert await desk.find() == ["Thorn", "Thorn Warfare"]
    assert await desk.find(year=2017) == ["Thorn Warfare"]


@pytest.mark.parametrize("secret", [KEY, TOKEN])
async def test_both_kinds_of_keys_are_taken(desk: Desk, secret: str) -> None:
    desk.secret = secret

    assert await desk.find() == ["Thorn", "Thorn Warfare"]
    await desk.client.check(secret)


async def test_refused_key_is_named_and_not_tried_again(desk: Desk) -> None:
    desk.secret = "f" * 32

    with pytest.raises(KeyRefused) as caught:
        await desk.find()

    assert desk.standin.count() == 1
    assert (caught.value.status, caught.value.code) == (503, "tmdb_not_configured")
    with pytest.raises(KeyRefused):
        await desk.client.check("e" * 32)


async def test_without_a_key_nobody_is_asked(desk: Desk) -> None:
    desk.secret = None

    with pytest.raises(NotConfigured):
        await desk.find()

    assert desk.standin.count() == 0


async def test_answers_last_seven_days(desk: Desk) -> None:
    await desk.find()
    desk.clock.pass_ms(7 * DAY_MS - 1000)
    await desk.find()
    assert desk.standin.count() == 1

    desk.clock.pass_ms(2000)
    await desk.find()

    assert desk.standin.count() == 2


async def test_another_language_is_another_question_and_fresh_asks_again(desk: Desk) -> None:
    english = await desk.client.details("movie", 910001, language="en")
    german = await desk.client.details("movie", 910001, language="de")
    await desk.client.details("movie", 910001, language="de", is_fresh=True)

    assert (english["title"], german["title"]) == ("The High Pass", "Der hohe Pass")
    assert desk.standin.count() == 3


async def test_key_stands_in_no_file_and_no_log(desk: Desk, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await desk.find()
    desk.standin.fault("drop")
    with pytest.raises(Unreachable) as caught:
        await desk.find("Deep")
    await desk.standin.stop()
    with pytest.raises(Unreachable) as refused:
        await desk.find("Fir")

    written = _everything_in(tmp_path)
    assert KEY.encode() not in written
    assert KEY not in caplog.text
    for err in (caught, refused):
        assert KEY not in repr(err.value.__cause__) + repr(err.value.__context__ and err.value.__suppress_context__)


async def test_server_error_is_tried_again_and_then_given_up(desk: Desk) -> None:
    desk.standin.fault("broken", times=2)
    assert await desk.find() == ["Thorn", "Thorn Warfare"]
    assert desk.time.slept == [0.5, 1.0]

    desk.standin.fault("broken")
    with pytest.raises(Unreachable) as caught:
        await desk.find("Deep")

    assert caught.value.status == 502
    assert desk.standin.count() == 6


async def test_broken_connection_is_tried_again(desk: Desk) -> None:
    desk.standin.fault("drop", times=1)

    assert await desk.find() == ["Thorn", "Thorn Warfare"]


async def test_nobody_there_is_unreachable_at_once(desk: Desk) -> None:
    await desk.standin.stop()

    with pytest.raises(Unreachable):
        await desk.find()

    assert desk.time.slept == []


async def test_silence_is_unreachable(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "LIMIT", aiohttp.ClientTimeout(total=0.05))
    desk.standin.fault("hang")

    with pytest.raises(Unreachable):
        await desk.find()


async def test_hotel_network_is_unreachable_and_not_remembered(desk: Desk) -> None:
    desk.standin.fault("garbage", times=1)

    with pytest.raises(Unreachable):
        await desk.find()

    assert await desk.find() == ["Thorn", "Thorn Warfare"]


async def test_retry_after_is_obeyed_by_the_patient(desk: Desk) -> None:
    desk.standin.retry_after_s = 7
    desk.standin.fault("limit", times=1)

    assert await desk.find() == ["Thorn", "Thorn Warfare"]

    assert sum(desk.time.slept) == pytest.approx(7)


async def test_who_does_not_want_to_wait_is_told_how_long(desk: Desk) -> None:
    desk.standin.retry_after_s = 7
    desk.standin.fault("limit", times=1)

    with pytest.raises(RateLimited) as caught:
        await desk.find(is_patient=False)
    # Everybody else is held back as well, without asking.
    with pytest.raises(RateLimited) as again:
        await desk.find("Deep", is_patient=False)

    assert (caught.value.status, caught.value.code, caught.value.retry_after_s) == (429, "tmdb_rate_limited", 7)
    assert again.value.retry_after_s == 7
    assert desk.standin.count() == 1


async def test_limit_of_hours_is_not_waited_for(desk: Desk) -> None:
    desk.standin.retry_after_s = 3600
    desk.standin.fault("limit")

    with pytest.raises(RateLimited):
        await desk.find()

    assert desk.time.slept == []


async def test_at_most_twenty_a_second(desk: Desk) -> None:
    await asyncio.gather(*(desk.client.details("movie", 910001 + n, language=f"x{n}") for n in range(20)))
    assert desk.time.slept == []

    await asyncio.gather(*(desk.client.details("movie", 910001 + n, language=f"y{n}") for n in range(20)))

    assert desk.time.now - 100.0 == pytest.approx(1.0)


async def test_at_most_four_at_once(desk: Desk) -> None:
    desk.standin.fault("hang")
    asking = [asyncio.create_task(desk.find(f"Thorn {number}")) for number in range(AT_ONCE + 2)]
    async with asyncio.timeout(10):
        while desk.standin.most_at_once < AT_ONCE:
            await asyncio.sleep(0)

    desk.standin.fault("none")
    await asyncio.gather(*asking)

    assert desk.standin.most_at_once == AT_ONCE
    assert desk.standin.count() == AT_ONCE + 2


async def test_unknown_number_is_not_there(desk: Desk) -> None:
    with pytest.raises(NotThere):
        await desk.client.details("movie", 5, language="en")
    with pytest.raises(NotThere):
        await desk.client.season(920001, 9, language="en")


async def test_ids_of_others_are_found(desk: Desk) -> None:
    assert await desk.client.find("movie", "tt9100006", source="imdb_id") == 910006
    assert await desk.client.find("tv", "930002", source="tvdb_id") == 920002
    assert await desk.client.find("movie", "tt0000001", source="imdb_id") is None


async def test_pictures_decode_and_odd_names_are_never_asked_for(desk: Desk) -> None:
    body = await desk.client.picture("w342", "poster-910001-0.jpg")

    assert body.startswith(b"\xff\xd8")
    for name in ("../secret.jpg", "a/b.jpg", "x.svg", ""):
        with pytest.raises(NotThere):
            await desk.client.picture("w342", name)
    assert desk.standin.count("/t/p/") == 1
