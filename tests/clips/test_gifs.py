"""Moving pictures of GIPHY: asked for by the house, with a key that it never tells (clips §7.6)."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from homemedia.clips.gifs import LIMIT, found
from homemedia.clips.gifs_addresses import is_gif
from homemedia.clips.gifs_models import GiphyError
from tests.support.app import House, a_house
from tests.support.giphy import KEY, StandIn
from tests.support.household import Person, a_household

AT = "/api/gifs/search"
KEY_AT = "/api/home/clips/gif-key"


class Sought:
    def __init__(self, house: House, ann: Person, giphy: StandIn) -> None:
        self.house, self.ann, self.giphy = house, ann, giphy

    async def policy(self) -> str:
        async with self.house.client.get("/", headers={"Accept": "text/html"}) as answer:
            return answer.headers["Content-Security-Policy"]


@pytest.fixture
async def sought(tmp_path: Path) -> AsyncIterator[Sought]:
    async with StandIn() as giphy, a_house(tmp_path, clips={"gif_url": giphy.url}) as house:
        await house.claim()
        yield Sought(house, (await a_household(house, "ann"))["ann"], giphy)


@pytest.fixture
async def keyed(sought: Sought) -> Sought:
    await sought.house.send("PUT", KEY_AT, {"key": KEY})
    sought.giphy.asked.clear()
    return sought


async def test_without_a_key_nobody_is_asked(sought: Sought) -> None:
    status, answer = await sought.ann.ask("GET", "/gifs/search?q=cat")

    assert (status, answer["code"]) == (503, "gif_not_configured")
    assert "GIF search is not configured" in answer["error"]
    assert (await sought.ann.get("/auth"))["gifEnabled"] is False
    assert "giphy" not in await sought.policy()
    assert await sought.house.get(KEY_AT) == {"configured": False, "fixed": False, "ok": None}
    assert sought.giphy.asked == []


async def test_key_opens_search_pages_and_buttons_and_closes_them(sought: Sought) -> None:
    answer = await sought.house.send("PUT", KEY_AT, {"key": f" {KEY} "})

    assert answer == {"configured": True, "fixed": False, "ok": True}
    assert (await sought.ann.get("/auth"))["gifEnabled"] is True
    policy = await sought.policy()
    assert "img-src 'self' blob: data: https://*.giphy.com;" in policy
    assert policy.count("giphy") == 1
    assert await sought.house.send("PUT", KEY_AT, {"key": None}) == {"configured": False, "fixed": False, "ok": None}
    assert (await sought.ann.get("/auth"))["gifEnabled"] is False
    assert "giphy" not in await sought.policy()


async def test_pictures_come_in_the_documents_form(keyed: Sought) -> None:
    answer = await keyed.ann.get("/gifs/search?q=cat&limit=2&offset=3")

    assert [one["id"] for one in answer["gifs"]] == ["cat3", "cat4"]
    assert answer["gifs"][0] == {
        "id": "cat3",
        "title": "Applause GIF",
        "url": "https://media.giphy.com/media/cat3/200w.webp",
        "stillUrl": "https://media.giphy.com/media/cat3/200w_s.gif",
        "shareUrl": "https://media.giphy.com/media/cat3/giphy-downsized.gif",
        "width": 200,
        "height": 153,
    }
    assert keyed.giphy.asked == [
        ("search", {"api_key": KEY, "rating": "pg-13", "limit": "2", "offset": "3", "q": "cat"})
    ]


@pytest.mark.parametrize(
    ("query", "what", "limit", "offset"),
    [
        ("", "trending", "20", "0"),
        ("?q=%20%20", "trending", "20", "0"),
        ("?q=cat&limit=99", "search", "30", "0"),
        ("?q=cat&limit=0", "search", "1", "0"),
        ("?q=cat&limit=x&offset=-1", "search", "20", "0"),
        (f"?q=cat&offset={1 << 70}", "search", "20", "4999"),
    ],
)
async def test_what_is_asked_for(keyed: Sought, query: str, what: str, limit: str, offset: str) -> None:
    await keyed.ann.get(f"/gifs/search{query}")

    ((asked, about),) = keyed.giphy.asked
    assert (asked, about["limit"], about["offset"]) == (what, limit, offset)


async def test_words_are_words_whatever_they_hold(keyed: Sought) -> None:
    await keyed.ann.get("/gifs/search?q=a%26api_key%3Dother%26rating%3Dr" + "x" * 500)

    ((_, about),) = keyed.giphy.asked
    assert (about["api_key"], about["rating"], len(about["q"])) == (KEY, "pg-13", 100)


@pytest.mark.parametrize("fault", ["refuse", "limit", "broken", "garbage", "redirect"])
async def test_what_goes_wrong_there_is_502_and_tells_no_key(
    keyed: Sought, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    keyed.giphy.fault = fault  # type: ignore[assignment]  # one of its faults

    with caplog.at_level(logging.DEBUG):
        status, answer = await keyed.ann.ask("GET", "/gifs/search?q=cat")

    assert (status, answer["code"]) == (502, "gif_unreachable")
    assert KEY not in str(answer)
    assert KEY not in "".join(record.getMessage() for record in caplog.records if record.name.startswith("homemedia"))
    assert not [path for path, _ in keyed.giphy.asked if "elsewhere" in path]


async def test_silence_ends_after_ten_seconds() -> None:
    assert LIMIT.total == 10.0


async def test_pictures_elsewhere_are_left_out(keyed: Sought) -> None:
    keyed.giphy.fault = "strange"

    assert [one["id"] for one in (await keyed.ann.get("/gifs/search?q=cat&limit=4"))["gifs"]] == ["cat0", "cat2"]


async def test_found_pictures_may_be_sent(keyed: Sought) -> None:
    (gif,) = (await keyed.ann.get("/gifs/search?q=cat&limit=1"))["gifs"]

    assert all(is_gif(gif[name]) for name in ("url", "stillUrl", "shareUrl"))


@pytest.mark.parametrize("key", ["", "short", "with blanks in it", "wrong-but-well-formed", "x" * 500, "ключключ"])
async def test_wrong_key_is_refused_and_the_old_one_stays(keyed: Sought, key: str) -> None:
    answer = await keyed.house.send("PUT", KEY_AT, {"key": key}, 400)

    assert answer["code"] == "gif_key_refused"
    await keyed.ann.get("/gifs/search?q=cat")


async def test_key_is_told_nobody(keyed: Sought) -> None:
    assert KEY not in str(await keyed.house.get(KEY_AT))
    assert KEY not in str(await keyed.house.get("/api/auth"))
    assert KEY not in repr(keyed.house.server.clips.talk.gifs)


async def test_house_without_a_way_out_keeps_a_key_untried(sought: Sought) -> None:
    sought.giphy.fault = "broken"

    assert await sought.house.send("PUT", KEY_AT, {"key": KEY}) == {"configured": True, "fixed": False, "ok": None}
    sought.giphy.fault = "none"
    await sought.ann.get("/gifs/search")
    assert (await sought.house.get(KEY_AT))["ok"] is True
    sought.giphy.fault = "refuse"
    await sought.ann.ask("GET", "/gifs/search")
    assert (await sought.house.get(KEY_AT))["ok"] is False


async def test_key_outlives_a_start_and_one_from_outside_is_fixed(tmp_path: Path) -> None:
    async with StandIn() as giphy:
        async with a_house(tmp_path, clips={"gif_url": giphy.url}) as house:
            await house.claim()
            await house.send("PUT", KEY_AT, {"key": KEY})
        async with a_house(tmp_path, clips={"gif_url": giphy.url}) as house:
            assert house.server.clips.talk.gifs.is_on
        async with a_house(tmp_path / "other", clips={"gif_url": giphy.url, "gif_key": KEY}) as house:
            await house.claim()
            assert await house.get(KEY_AT) == {"configured": True, "fixed": True, "ok": None}
            assert (await house.send("PUT", KEY_AT, {"key": None}, 409))["code"] == "gif_key_fixed"
            assert len((await house.get(f"{AT}?limit=3"))["gifs"]) == 3


@pytest.mark.parametrize("answer", [None, [], {}, {"data": None}, {"data": "x"}])
def test_what_is_no_answer_of_giphy_is_refused(answer: object) -> None:
    with pytest.raises(GiphyError):
        found(answer)


@pytest.mark.parametrize(
    "entry",
    [
        None,
        5,
        {},
        {"id": "x"},
        {"id": "x", "images": []},
        {"id": "x", "images": {"fixed_width": {"url": "https://media.giphy.com/x.gif"}}},
        {"id": "x", "images": {"fixed_width": {"url": "http://media.giphy.com/x.gif", "width": "2", "height": "2"}}},
        {"id": 5, "images": {"fixed_width": {"url": "https://media.giphy.com/x.gif", "width": "2", "height": "2"}}},
        {"id": "x", "images": {"fixed_width": {"url": "https://giphy.com/x", "width": "-2", "height": "2"}}},
    ],
)
def test_half_a_picture_is_left_out(entry: object) -> None:
    whole = {"id": "y", "images": {"fixed_width": {"url": "https://media.giphy.com/y.gif", "width": 2, "height": "3"}}}

    (gif,) = found({"data": [entry, whole]})

    assert (gif.id, gif.title, gif.width, gif.height) == ("y", "", 2, 3)
    assert gif.url == gif.still_url == gif.share_url == "https://media.giphy.com/y.gif"
