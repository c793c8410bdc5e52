from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest
from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestClient

from homemedia.core.events import EventBus
from homemedia.core.http.errors import dress, edge
from homemedia.core.http.live import MAX_QUEUED, LiveChannel
from homemedia.core.problems import NotFound, Unauthorized
from tests.support.fakes import FakeClock


class Changed(msgspec.Struct, frozen=True):
    library_id: str
    secret_of: str = ""


class Written(msgspec.Struct, frozen=True):
    heap_id: str


class Hall:
    """A server with nothing but the live channel; the member is the word in the header or the hello."""

    def __init__(self) -> None:
        self.bus = EventBus()
        self.clock = FakeClock()
        self.live = LiveChannel(self.bus, self.authenticate, self.clock)
        self.live.forward(
            Changed,
            "library.changed",
            "library",
            lambda event: {"library_id": event.library_id},
            lambda actor, event: event.secret_of in ("", actor),
        )
        self.live.forward(Written, "block.changed", "blocks", lambda event: {"heap_id": event.heap_id})
        self.live.behind = self.behind
        self.live.epoch = "k3v"
        self.app = web.Application(middlewares=[edge])
        self.app.on_response_prepare.append(dress)
        self.app.router.add_get("/ws", self.live.handle)

    async def behind(self, actor: str, heap_id: str, since: int) -> bool:
        if heap_id not in {"ours", "theirs"}:
            raise NotFound("There is no such heap.")
        return actor == "ann" and since < 5

    async def authenticate(self, request: web.Request, token: str | None) -> str:
        who = token or request.headers.get("X-Who")
        if who is None or who == "wrong":
            raise Unauthorized("Sign in.")
        return who


@pytest.fixture
def hall() -> Hall:
    return Hall()


@pytest.fixture
async def client(
    hall: Hall, aiohttp_client: Callable[[web.Application], Awaitable[TestClient[Any, Any]]]
) -> TestClient[Any, Any]:
    return await aiohttp_client(hall.app)


async def test_listener_hears_what_it_asked_for_and_may_see(hall: Hall, client: TestClient[Any, Any]) -> None:
    async with client.ws_connect("/ws", headers={"X-Who": "ann"}) as socket:
        await socket.send_json({"type": "hello", "id": "1", "events": ["library"]})
        assert (await socket.receive_json())["type"] == "ready"

        hall.bus.publish(Changed("hers", "ben"))
        hall.bus.publish(Changed("ours"))
        frame = await socket.receive_json()

    assert (frame["event"], frame["library_id"]) == ("library.changed", "ours")


async def test_socket_that_said_nothing_hears_nothing(hall: Hall, client: TestClient[Any, Any]) -> None:
    async with client.ws_connect("/ws", headers={"X-Who": "ann"}) as socket:
        await socket.send_json({"type": "ping", "id": "0"})
        assert (await socket.receive_json())["type"] == "pong"
        hall.bus.publish(Changed("early"))
        await socket.send_json({"type": "hello"})
        assert (await socket.receive_json())["type"] == "ready"
        hall.bus.publish(Changed("late"))

        assert (await socket.receive_json())["library_id"] == "late"


async def test_token_in_the_hello_opens_a_socket_without_header(hall: Hall, client: TestClient[Any, Any]) -> None:
    async with client.ws_connect("/ws") as socket:
        await socket.send_json({"type": "hello", "token": "ann"})

        assert (await socket.receive_json())["type"] == "ready"


@pytest.mark.parametrize("said", [{"type": "hello", "token": "wrong"}, {"type": "hello"}, {"type": "ping"}, [1]])
async def test_stranger_is_shown_out(client: TestClient[Any, Any], said: Any) -> None:
    async with client.ws_connect("/ws") as socket:
        await socket.send_json(said)
        message = await socket.receive()

        assert message.type is WSMsgType.CLOSE
        assert socket.close_code == 4401


async def test_ended_session_takes_its_sockets_with_it(hall: Hall, client: TestClient[Any, Any]) -> None:
    async with client.ws_connect("/ws", headers={"X-Who": "ann"}) as socket:
        await socket.send_json({"type": "hello"})
        await socket.receive_json()

        await hall.live.end(lambda actor: actor == "ann")
        await socket.receive()

        assert socket.close_code == 4401


async def test_slow_listener_is_told_to_read_again_instead_of_everything(
    hall: Hall, client: TestClient[Any, Any]
) -> None:
    async with client.ws_connect("/ws", headers={"X-Who": "ann"}) as socket:
        await socket.send_json({"type": "hello"})
        await socket.receive_json()
        for number in range(MAX_QUEUED + 1):
            hall.bus.publish(Changed(str(number)))

        assert (await socket.receive_json())["event"] == "resync"


async def test_nonsense_is_answered_and_does_not_end_the_socket(client: TestClient[Any, Any]) -> None:
    async with client.ws_connect("/ws", headers={"X-Who": "ann"}) as socket:
        await socket.send_str("{")
        assert (await socket.receive_json())["error"] == "invalid_json"
        await socket.send_json({"type": "dance", "id": "9"})
        assert (await socket.receive_json())["error"] == "unknown_type"


async def test_plain_request_is_told_to_upgrade(client: TestClient[Any, Any]) -> None:
    async with client.get("/ws", headers={"X-Who": "ann"}) as answer:
        assert answer.status == 426


async def test_nonsense_of_any_depth_is_answered_as_nonsense(client: TestClient[Any, Any]) -> None:
    async with client.ws_connect("/ws", headers={"X-Who": "ann"}) as socket:
        await socket.send_str("[" * 60_000)
        first = await socket.receive_json()
        await socket.send_str('{"type":"ping","x":' + "[" * 30_000 + "]" * 30_000 + "}")
        second = await socket.receive_json()

    assert (first["error"], second["error"]) == ("invalid_json", "invalid_json")


async def test_plain_request_is_told_that_this_is_a_socket(client: TestClient[Any, Any]) -> None:
    async with client.get("/ws") as answer:
        assert (answer.status, (await answer.json())["code"]) == (426, "upgrade_required")


async def test_listener_whose_time_is_over_hears_nothing_more(hall: Hall, client: TestClient[Any, Any]) -> None:
    """An end that comes by itself announces nothing: the next event finds it."""
    is_over = False

    async def renew(actor: str) -> str | None:
        return None if is_over else actor

    hall.live.renew = renew
    async with client.ws_connect("/ws", headers={"X-Who": "ann"}) as socket:
        await socket.send_json({"type": "hello"})
        await socket.receive_json()
        is_over = True
        hall.bus.publish(Changed("a"))
        soon = await socket.receive_json()
        hall.clock.pass_ms(10_001)
        hall.bus.publish(Changed("b"))
        after = await socket.receive()

    assert soon["library_id"] == "a"
    assert (after.type, after.data) == (WSMsgType.CLOSE, 4401)
    assert hall.live.count == 0


async def test_listener_hears_by_the_rights_he_has_by_now(hall: Hall, client: TestClient[Any, Any]) -> None:
    async def renew(_actor: str) -> str:
        return "bob"

    hall.live.renew = renew
    async with client.ws_connect("/ws", headers={"X-Who": "ann"}) as socket:
        await socket.send_json({"type": "hello"})
        await socket.receive_json()
        await hall.live.look_again()
        hall.bus.publish(Changed("of ann", secret_of="ann"))
        hall.bus.publish(Changed("of bob", secret_of="bob"))

        assert (await socket.receive_json())["library_id"] == "of bob"


async def test_who_names_a_heap_hears_of_it_alone(hall: Hall, client: TestClient[Any, Any]) -> None:
    async with client.ws_connect("/ws", headers={"X-Who": "ann"}) as socket:
        await socket.send_json({"type": "hello"})
        assert (await socket.receive_json())["epoch"] == "k3v"
        hall.bus.publish(Written("theirs"))
        assert (await socket.receive_json())["heap_id"] == "theirs"

        await socket.send_json({"type": "subscribe", "id": "2", "heap_id": "ours"})
        assert set(await socket.receive_json()) == {"type", "id", "server_time"}
        hall.bus.publish(Written("theirs"))
        hall.bus.publish(Written("ours"))
        assert (await socket.receive_json())["heap_id"] == "ours"

        await socket.send_json({"type": "unsubscribe", "id": "3", "heap_id": "ours"})
        assert (await socket.receive_json())["type"] == "ok"
        hall.bus.publish(Written("ours"))
        hall.bus.publish(Changed("a library"))
        assert (await socket.receive_json())["library_id"] == "a library"


@pytest.mark.parametrize(("since", "is_behind"), [(4, True), (5, False)])
async def test_who_subscribes_learns_whether_he_is_behind(
    client: TestClient[Any, Any], since: int, *, is_behind: bool
) -> None:
    async with client.ws_connect("/ws", headers={"X-Who": "ann"}) as socket:
        await socket.send_json({"type": "subscribe", "id": "2", "heap_id": "ours", "since": since})

        told = await socket.receive_json()

    assert (told["type"], told["id"], told["behind"]) == ("ok", "2", is_behind)


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"type": "subscribe", "heap_id": "nobody's"}, "not_found"),
        ({"type": "subscribe"}, "invalid_request"),
        ({"type": "auth", "token": "ben"}, "forbidden"),
        ({"type": "auth", "token": "wrong"}, "unauthorized"),
    ],
)
async def test_what_cannot_be_is_answered(client: TestClient[Any, Any], said: dict[str, str], error: str) -> None:
    async with client.ws_connect("/ws", headers={"X-Who": "ann"}) as socket:
        await socket.send_json({**said, "id": "7"})
        told = await socket.receive_json()
        await socket.send_json({"type": "auth", "id": "8", "token": "ann"})

        assert (told["type"], told["id"], told["error"]) == ("error", "7", error)
        assert (await socket.receive_json())["type"] == "ok"
