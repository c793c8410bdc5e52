"""Two members talk at a clip through the whole server: a reaction is told, heard at once, pushed, and taken back."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse

from tests.support.app import House, a_house
from tests.support.clips import a_clip, a_clip_file
from tests.support.fakes import FakeClock
from tests.support.household import Person, a_household
from tests.support.push import PushedBrowser, PushService


class Ear:
    """An open page: what the server tells it."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket

    async def heard(self) -> list[dict[str, Any]]:
        """The events since the last question."""
        await self._socket.send_json({"type": "ping", "id": "p"})
        found = []
        async with asyncio.timeout(10):
            while (frame := await self._socket.receive_json())["type"] != "pong":
                if frame["type"] == "event":
                    found.append({key: frame[key] for key in frame if key not in {"type", "server_time"}})
        return found


class Evening:
    def __init__(self, house: House, ann: Person, ben: Person, clip_id: str) -> None:
        self.house, self.ann, self.ben, self.clip_id = house, ann, ben, clip_id
        self.at = f"/clips/{clip_id}"


@pytest.fixture
async def evening(tmp_path: Path) -> AsyncIterator[Evening]:
    async with a_house(tmp_path) as house:
        await house.claim()
        people = await a_household(house, "ann", "ben")
        clip_id = await a_clip(house.server.db, people["ann"].id, caption="Cat")
        yield Evening(house, people["ann"], people["ben"], clip_id)


async def an_ear(socket: ClientWebSocketResponse, *groups: str) -> Ear:
    await socket.send_json({"type": "hello", "id": "1", "events": list(groups)})
    assert (await socket.receive_json())["type"] == "ready"
    return Ear(socket)


async def unread(who: Person) -> int:
    return int((await who.get("/notifications/unread-count"))["count"])


async def test_reaction_is_told_heard_and_taken_back(evening: Evening) -> None:
    ann, ben = evening.ann, evening.ben
    async with ann.device.ws_connect("/ws") as one, ben.device.ws_connect("/ws") as two:
        by_ann, by_ben = await an_ear(one, "clips", "notifications"), await an_ear(two, "clips", "notifications")

        await ben.done("POST", f"{evening.at}/reactions", {"emoji": "😂"})
        assert await unread(ann) == 1
        talk = {"event": "clips.talk", "id": evening.clip_id, "what": "reaction", "by": ben.id}
        heard = await by_ann.heard()
        assert talk in heard
        assert [one["unread"] for one in heard if one["event"] == "notifications.changed"] == [1]
        assert await by_ben.heard() == [talk]
        (notice,) = (await ann.get("/notifications"))["notifications"]
        assert (notice["type"], notice["emoji"], notice["clipTitle"]) == ("reaction", "😂", "Cat")

        await ben.done("POST", f"{evening.at}/reactions", {"emoji": "😂"})
        assert await unread(ann) == 0
        assert (await ann.get("/notifications"))["notifications"] == []
        heard = await by_ann.heard()
        assert talk in heard
        assert [one["unread"] for one in heard if one["event"] == "notifications.changed"] == [0]


async def test_talk_goes_back_and_forth_until_it_was_read(evening: Evening) -> None:
    ann, ben = evening.ann, evening.ben
    name = (await ann.get("/auth"))["user"]["username"]
    async with ann.device.ws_connect("/ws") as socket:
        ear = await an_ear(socket, "clips")

        comment = (await ben.done("POST", f"{evening.at}/comments", {"text": f"@{name} look!"}))["comment"]
        assert await ear.heard() == [
            {"event": "clips.talk", "id": evening.clip_id, "what": "comment", "by": ben.id},
        ]
        assert (await ann.get("/notifications"))["notifications"][0]["type"] == "mention"
        await ann.done("POST", f"{evening.at}/comments/{comment['id']}/heart")
        reply = {"text": "yes", "parentId": comment["id"]}
        await ann.done("POST", f"{evening.at}/comments", reply)
        assert [one["what"] for one in await ear.heard()] == ["hearts", "comment"]
        assert (await ben.get("/notifications"))["notifications"][0]["type"] == "reply"

        await ann.done("POST", f"{evening.at}/comments/viewed")
        assert await unread(ann) == 0
        status, _ = await ben.ask("DELETE", f"{evening.at}/comments", {"commentId": comment["id"]})
        assert status == 403

        await evening.house.send("DELETE", "/api/group/clips", {"clipIds": [evening.clip_id]})
        assert {"event": "clips.changed", "ids": [evening.clip_id], "what": "removed"} in await ear.heard()
        assert await unread(ben) == 0


async def test_open_pages_hear_of_every_clip_of_many_that_go_at_once(evening: Evening) -> None:
    house, ann = evening.house, evening.ann
    many = [evening.clip_id, *[await a_clip(house.server.db, ann.id) for _ in range(120)]]
    async with ann.device.ws_connect("/ws") as socket:
        ear = await an_ear(socket, "clips")
        assert (await house.send("DELETE", "/api/group/clips", {"clipIds": many}))["deleted"] == len(many)
        (gone,) = [one for one in await ear.heard() if one["event"] == "clips.changed"]
    assert sorted(gone["ids"]) == sorted(many)


async def test_pushes_name_pages_pictures_and_what_waits(tmp_path: Path) -> None:
    clock = FakeClock()
    async with (
        PushService() as service,
        a_house(
            tmp_path, clock=clock, notifications={"push_hosts": ("127.0.0.1",)}, public_url="https://attic.example"
        ) as house,
    ):
        await house.claim()
        people = await a_household(house, "ann", "ben")
        ann, ben = people["ann"], people["ben"]
        clip_id = await a_clip(house.server.db, ann.id, caption="Cat")
        await a_clip(house.server.db, ben.id)
        picture = await a_clip_file(house, clip_id, b"jpeg", ".jpg", of="thumbnail")
        browser = PushedBrowser()
        await ann.done("POST", "/push/subscribe", {"endpoint": service.address("one"), "keys": browser.keys})
        name = (await ben.get("/auth"))["user"]["username"]

        async def pushed() -> list[Any]:
            await house.idle()
            return [json.loads(browser.opened(body)) for _, body in service.taken]

        await ben.done("POST", f"/clips/{clip_id}/reactions", {"emoji": "👍"})
        assert await pushed() == [
            {
                "title": "Attic",
                "body": 'Ben reacted 👍 to "Cat"',
                "url": f"/feed?clip={clip_id}",
                "tag": f"reaction-{clip_id}-{ben.id}",
                "icon": f"https://attic.example/api/profile/avatar/initials/{name}",
                "image": f"https://attic.example/api/thumbnails/{picture}",
                "badgeCount": 1,
            }
        ]
        await ben.done("POST", f"/clips/{clip_id}/comments", {"text": "so good"})
        last = (await pushed())[-1]
        assert (last["url"], last["tag"], last["body"]) == (
            f"/feed?clip={clip_id}&comments=true",
            f"comment-{clip_id}-{ben.id}",
            'Ben commented on "Cat": so good',
        )

        await ann.done("PATCH", "/notifications/preferences", {"comments": False, "reactions": False})
        await ben.done("POST", f"/clips/{clip_id}/comments", {"text": "quiet"})
        await ben.done("POST", f"/clips/{clip_id}/reactions", {"emoji": "👎"})
        assert len(await pushed()) == 2
        assert await unread(ann) == 3
