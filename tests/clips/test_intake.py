"""Links that members and their phones send in."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.app import House, a_house
from tests.support.clip_source import LINK, SONG, Plan, StandIn, clip_row, stand_in, submitted
from tests.support.fakes import FakeClock
from tests.support.household import a_household

PHONE = "+15550000001"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def house(tmp_path: Path, clock: FakeClock) -> AsyncIterator[House]:
    async with a_house(tmp_path, clock=clock) as running:
        await running.claim()
        yield running


@pytest.fixture
def sites(house: House) -> StandIn:
    return stand_in(house)


async def refused(house: House, url: Any, **more: Any) -> tuple[int, dict[str, Any]]:
    async with house.client.post("/api/clips", json={"url": url, **more}) as answer:
        return answer.status, await answer.json()


async def rows(house: House, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await house.server.db.read(sql)]


async def set_household(house: House, **columns: Any) -> None:
    async with house.server.db.write() as tx:
        for name, value in columns.items():
            await tx.run(f"UPDATE household SET {name} = :value", {"value": value})  # noqa: S608 - names of our own


async def test_link_is_taken_with_words_and_counts_as_watched_by_its_sender(house: House, sites: StandIn) -> None:
    sites.usual = Plan(gate=asyncio.Event())
    async with house.client.post(
        "/api/clips", json={"url": LINK.format(1) + "?si=x", "title": " mine ", "message": "look!", "tz": "UTC"}
    ) as answer:
        assert answer.status == 201
        clip = (await answer.json())["clip"]
    assert clip == {"id": clip["id"], "status": "downloading", "contentType": "video"}
    row = await clip_row(house, clip["id"])
    assert (row["original_url"], row["platform"], row["status"]) == (LINK.format(1), "tiktok", "downloading")
    assert row["caption"] == "mine"
    assert await rows(house, "SELECT percent FROM clip_watch") == [(100,)]
    assert await rows(house, "SELECT text FROM clip_comment") == [("look!",)]


async def test_song_is_told_from_a_film(house: House, sites: StandIn) -> None:
    sites.usual = Plan(gate=asyncio.Event())
    async with house.client.post("/api/clips", json={"url": SONG.format(1)}) as answer:
        assert (await answer.json())["clip"]["contentType"] == "music"


async def test_nothing_is_taken_without_a_provider_whatever_was_sent(house: House) -> None:
    async with house.client.post("/api/clips", data=b"{broken") as answer:
        assert answer.status == 400
        assert "No download provider" in (await answer.json())["error"]


NO_LINKS = (
    (b"{broken", "Invalid JSON"),
    (b"null", "Invalid JSON"),
    (b"[]", "Invalid JSON"),
    (b"3", "Invalid JSON"),
    (b"", "Invalid JSON"),
    (b"{}", "URL required"),
    (b'{"url": 3}', "URL required"),
    (b'{"url": "  "}', "URL required"),
    (b'{"url": "hello"}', "Unsupported"),
    (b'{"url": "https://evil-tiktok.com/"}', "Unsupported"),
    (b'{"url": "https://x.com/a", "title": 3}', "title"),
)


async def test_what_is_no_link_is_refused(house: House, sites: StandIn) -> None:
    for body, word in NO_LINKS:
        async with house.client.post("/api/clips", data=body) as answer:
            assert answer.status == 400, body
            assert word in (await answer.json())["error"]
    assert not sites.wishes


async def test_stranger_is_asked_to_sign_in(house: House, sites: StandIn) -> None:
    stranger = house.stranger()
    for method, path in (
        ("POST", "/api/clips"),
        ("POST", "/api/clips/x/retry"),
        ("GET", "/api/home/clips/share-token"),
    ):
        async with stranger.request(method, path, json={"url": LINK.format(1)}) as answer:
            assert answer.status == 401
    assert not sites.wishes


async def test_household_says_which_sites_it_takes(house: House, sites: StandIn) -> None:
    sites.usual = Plan(gate=asyncio.Event())
    await set_household(house, platform_mode="allow", platform_list='["spotify"]')
    status, answer = await refused(house, LINK.format(1))
    assert (status, "TikTok" in answer["error"]) == (400, True)
    await submitted(house, SONG.format(1))
    await set_household(house, platform_mode="block")
    status, answer = await refused(house, SONG.format(2))
    assert (status, "Spotify" in answer["error"]) == (400, True)
    await submitted(house, LINK.format(1))


async def test_same_link_is_taken_once(house: House, sites: StandIn) -> None:
    sites.usual = Plan(gate=asyncio.Event())
    urls = [f"{LINK.format(1)}?utm_source={number}" for number in range(8)]
    answers = await asyncio.gather(*(refused(house, url) for url in urls))
    assert sorted(status for status, _ in answers) == [201] + [409] * 7
    me = (await rows(house, "SELECT user_id FROM user"))[0][0]
    lost = next(answer for status, answer in answers if status == 409)
    assert "already been added" in lost["error"]
    assert lost["addedBy"] == me
    assert len(await rows(house, "SELECT 1 FROM clip")) == 1
    await house.until(lambda: _holds(len(sites.wishes) == 1))


async def test_failed_link_is_fetched_again_when_sent_again_or_retried(house: House, sites: StandIn) -> None:
    clip_id = await submitted(house, LINK.format(1), title="mine")
    await house.idle()
    assert (await clip_row(house, clip_id))["failure_code"] == "unavailable"
    assert await submitted(house, LINK.format(1)) == clip_id
    await house.idle()
    assert (await clip_row(house, clip_id))["caption"] == "mine"
    assert await submitted(house, LINK.format(1), title="better") == clip_id
    await house.idle()
    row = await clip_row(house, clip_id)
    assert (row["caption"], row["starts"]) == ("better", 1)
    sites.usual = Plan(gate=asyncio.Event())
    assert await house.send("POST", f"/api/clips/{clip_id}/retry") == {"status": "downloading"}
    row = await clip_row(house, clip_id)
    assert (row["status"], row["failure_code"], row["failure_reason"]) == ("downloading", None, None)
    await house.send("POST", f"/api/clips/{clip_id}/retry", status=400)
    await house.send("POST", "/api/clips/nobody/retry", status=404)


async def test_two_retries_start_one_download(house: House, sites: StandIn) -> None:
    clip_id = await submitted(house, LINK.format(1))
    await house.idle()
    sites.usual = Plan(gate=asyncio.Event())
    sites.wishes.clear()

    async def retry() -> int:
        async with house.client.post(f"/api/clips/{clip_id}/retry") as answer:
            return answer.status

    assert sorted(await asyncio.gather(*(retry() for _ in range(6)))) == [200] + [400] * 5
    await house.until(lambda: _holds(len(sites.running) == 1))
    assert len(sites.wishes) == 1


async def test_link_whose_time_was_over_comes_back_as_new(house: House, sites: StandIn) -> None:
    ann = (await a_household(house, "ann"))["ann"]
    clip_id = await submitted(house, LINK.format(1), title="old")
    await house.idle()
    async with house.server.db.write() as tx:
        await house.server.clips.removal.expire(tx, [clip_id])
    assert (await clip_row(house, clip_id))["status"] == "deleted"
    sites.usual = Plan(gate=asyncio.Event())
    assert await submitted(house, LINK.format(1), ann.device) == clip_id
    row = await clip_row(house, clip_id)
    assert (row["status"], row["added_by"], row["caption"]) == ("downloading", ann.id, None)
    assert await rows(house, "SELECT user_id, percent FROM clip_watch") == [(ann.id, 100)]


async def test_full_feed_takes_nothing_more(house: House, sites: StandIn) -> None:
    clip_id = await submitted(house, LINK.format(1))
    await house.idle()
    await set_household(house, max_storage_mb=1)
    async with house.server.db.write() as tx:
        await tx.run("UPDATE clip SET size_bytes = 1048576")
    status, answer = await refused(house, LINK.format(2))
    assert (status, answer["code"]) == (507, "feed_full")
    await house.send("POST", f"/api/clips/{clip_id}/retry", status=507)
    assert len(await rows(house, "SELECT 1 FROM clip")) == 1
    assert len(sites.wishes) == 1


async def test_provider_is_asked_before_a_retry(house: House, sites: StandIn) -> None:
    clip_id = await submitted(house, LINK.format(1))
    await house.idle()

    async def is_none() -> bool:
        return False

    house.server.clips.intake.is_provided = is_none
    answer = await house.send("POST", f"/api/clips/{clip_id}/retry", status=400)
    assert "No download provider" in answer["error"]
    assert len(sites.wishes) == 1


# From a phone's share sheet.


async def share(house: House, token: str, body: Any, client: Any = None) -> tuple[int, dict[str, Any], Any]:
    async with (client or house.stranger()).post(f"/api/clips/share?token={token}", json=body) as answer:
        return answer.status, await answer.json(), answer.headers


async def household_token(house: House) -> str:
    return str((await house.get("/api/auth"))["group"]["shortcutToken"])


async def give_phone(house: House, user_id: str, phone: str) -> None:
    async with house.server.db.write() as tx:
        await tx.run("UPDATE user SET phone = :phone WHERE user_id = :id", {"phone": phone, "id": user_id})


async def test_phone_sends_in_by_the_households_token_and_any_of_its_numbers(house: House, sites: StandIn) -> None:
    sites.usual = Plan(gate=asyncio.Event())
    ann = (await a_household(house, "ann"))["ann"]
    await give_phone(house, ann.id, PHONE)
    token = await household_token(house)
    body = {"url": LINK.format(1), "phones": ["nonsense", None, "(555) 999-0000", "(555) 000-0001"]}
    status, answer, headers = await share(house, token, body)
    assert (status, answer) == (
        201,
        {
            "ok": True,
            "success": 1,
            "message": "Clip shared",
            "clipId": answer["clipId"],
            "status": "downloading",
        },
    )
    assert "Set-Cookie" not in headers
    assert (await clip_row(house, answer["clipId"]))["added_by"] == ann.id
    status, answer, _ = await share(house, token, body)
    words = "This clip is already in the feed"
    assert (status, answer["error"], answer["message"], answer["success"]) == (409, words, words, 0)
    status, answer, _ = await share(house, token, {"url": LINK.format(2), "phone": PHONE})
    assert status == 201


NO_SHARES: tuple[tuple[str, Any, int], ...] = (
    ("", {"url": LINK.format(1), "phones": [PHONE]}, 401),
    ("wrong", {"url": LINK.format(1), "phones": [PHONE]}, 401),
    ("x" * 999, {"url": LINK.format(1), "phones": [PHONE]}, 401),
    ("\u00e4", {"url": LINK.format(1), "phones": [PHONE]}, 401),
    ("right", {"phones": [PHONE]}, 400),
    ("right", {"url": ["x"], "phones": [PHONE]}, 400),
    ("right", {"url": LINK.format(1)}, 401),
    ("right", {"url": LINK.format(1), "phones": []}, 401),
    ("right", {"url": LINK.format(1), "phones": "12"}, 401),
    ("right", {"url": LINK.format(1), "phones": {"a": 1}}, 401),
    ("right", {"url": LINK.format(1), "phones": ["+15559999999"]}, 401),
    ("right", {"url": "https://evil-tiktok.com", "phones": [PHONE]}, 400),
    ("right", [], 400),
    ("right", None, 400),
)


async def test_phone_is_told_why_in_its_own_fields(house: House, sites: StandIn, clock: FakeClock) -> None:
    me = (await house.get("/api/auth"))["user"]["id"]
    await give_phone(house, me, PHONE)
    known = await household_token(house)
    for token, body, status in NO_SHARES:
        clock.pass_ms(7_000)
        found, answer, headers = await share(house, known if token == "right" else token, body)
        assert found == status, (token, body, answer)
        assert (answer["success"], answer["message"], answer["statusCode"]) == (0, answer["error"], status)
        assert "Set-Cookie" not in headers
    assert not sites.wishes


async def test_removed_member_shares_nothing(house: House, sites: StandIn) -> None:
    ann = (await a_household(house, "ann"))["ann"]
    await give_phone(house, ann.id, PHONE)
    token = await household_token(house)
    async with ann.device.post("/api/home/clips/share-token") as answer:
        own = (await answer.json())["token"]
    await house.send("DELETE", f"/api/group/members/{ann.id}")
    for one in (token, own):
        status, _, _ = await share(house, one, {"url": LINK.format(1), "phones": [PHONE]})
        assert status == 401
    assert not sites.wishes


async def test_own_token_needs_no_number_and_ends_when_another_is_made(house: House, sites: StandIn) -> None:
    sites.usual = Plan(gate=asyncio.Event())
    ann = (await a_household(house, "ann"))["ann"]
    assert await ann.get("/home/clips/share-token") == {"exists": False, "createdAt": None}
    first = (await ann.done("POST", "/home/clips/share-token"))["token"]
    state = await ann.get("/home/clips/share-token")
    assert state["exists"]
    assert state["createdAt"].endswith("Z")
    status, answer, _ = await share(house, first, {"url": LINK.format(1), "phones": [PHONE]})
    assert status == 201
    assert (await clip_row(house, answer["clipId"]))["added_by"] == ann.id
    second = (await ann.done("POST", "/home/clips/share-token"))["token"]
    assert (await share(house, first, {"url": LINK.format(2)}))[0] == 401
    assert (await share(house, second, {"url": LINK.format(2)}))[0] == 201
    await ann.done("DELETE", "/home/clips/share-token")
    assert (await share(house, second, {"url": LINK.format(3)}))[0] == 401
    assert await rows(house, "SELECT token_hash FROM clip_share_token") == []


async def test_who_is_signed_in_shares_without_token_and_number(house: House, sites: StandIn) -> None:
    sites.usual = Plan(gate=asyncio.Event())
    ann = (await a_household(house, "ann"))["ann"]
    status, answer, _ = await share(house, "", {"url": LINK.format(1)}, ann.device)
    assert status == 201
    assert (await clip_row(house, answer["clipId"]))["added_by"] == ann.id
    me = (await house.get("/api/auth"))["user"]["id"]
    await give_phone(house, me, PHONE)
    token = await household_token(house)
    status, answer, _ = await share(house, token, {"url": LINK.format(2), "phones": [PHONE]}, ann.device)
    assert (await clip_row(house, answer["clipId"]))["added_by"] == me
    assert (await share(house, "wrong", {"url": LINK.format(3)}, ann.device))[0] == 401


async def test_guessing_tokens_is_slowed_down(house: House, sites: StandIn) -> None:
    for number in range(10):
        assert (await share(house, f"guess{number}", {"url": LINK.format(1)}))[0] == 401
    token = await household_token(house)
    status, answer, headers = await share(house, token, {"url": LINK.format(1), "phones": [PHONE]})
    assert (status, answer["success"]) == (429, 0)
    assert 1 <= int(headers["Retry-After"]) <= 60
    assert not sites.wishes


async def test_page_of_another_site_sends_nothing_in(house: House, sites: StandIn) -> None:
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    for path in ("/api/clips", "/api/clips/share"):
        async with house.client.post(path, json={"url": LINK.format(1)}, headers=headers) as answer:
            assert answer.status in {401, 403}
    assert not sites.wishes


async def _holds(is_so: bool) -> bool:  # noqa: FBT001 - what a story waits for
    return is_so
