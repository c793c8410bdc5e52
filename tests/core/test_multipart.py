"""Forms are read as they arrive, however they are cut into pieces."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from homemedia.core.http.errors import edge
from homemedia.core.http.multipart import MAX_PARTS, parts_of

FORM = "multipart/form-data; boundary=abc"


async def _echo(request: web.Request) -> web.Response:
    found = [
        [part.name, part.filename, b"".join([one async for one in part.chunks()]).hex()]
        async for part in parts_of(request)
    ]
    return web.json_response(found)


async def _second(request: web.Request) -> web.Response:
    """Reads nothing of the first part."""
    async for part in parts_of(request):
        if part.name == "b":
            return web.json_response(await part.text(limit=10))
    return web.json_response(None)


@pytest.fixture
async def client() -> AsyncIterator[TestClient[Any, Any]]:
    app = web.Application(middlewares=[edge])
    app.router.add_post("/echo", _echo)
    app.router.add_post("/second", _second)
    async with TestClient(TestServer(app)) as opened:
        yield opened


async def _pieces(body: bytes, size: int) -> AsyncIterator[bytes]:
    for at in range(0, len(body), size):
        yield body[at : at + size]


async def ask(
    client: TestClient[Any, Any], body: bytes, *, cut: int = 1 << 20, path: str = "/echo", kind: str = FORM
) -> Any:
    async with client.post(path, data=_pieces(body, cut), headers={"Content-Type": kind}) as answer:
        return answer.status, await answer.json()


def a_form(*parts: tuple[str, bytes], end: bytes = b"\r\n--abc--\r\n") -> bytes:
    """A form whose parts are told by their headers and bytes."""
    return b"".join(b"\r\n--abc\r\n" + head.encode() + b"\r\n\r\n" + body for head, body in parts)[2:] + end


def named(name: str, more: str = "") -> str:
    return f'Content-Disposition: form-data; name="{name}"{more}'


TRICKY: Sequence[bytes] = (
    b"",
    b"\r",
    b"\r\n",
    b"\r\n--ab",
    b"\r\n-\r\n--\r\n--a\r\n--ab\r",
    b"\r\r\n\r\n--abd",
    bytes(range(256)) * 20,
)


@pytest.mark.parametrize("cut", [1, 2, 3, 7, 64, 1 << 20])
async def test_parts_arrive_byte_for_byte_however_they_are_cut(client: TestClient[Any, Any], cut: int) -> None:
    body = a_form(*((named(f"n{number}"), content) for number, content in enumerate(TRICKY)))

    status, found = await ask(client, b"preamble\r\n" + body + b"epilogue", cut=cut)

    assert status == 200, found
    assert found == [[f"n{number}", "", content.hex()] for number, content in enumerate(TRICKY)]


@pytest.mark.parametrize(
    ("head", "name", "filename"),
    [
        ('content-disposition:form-data;name="a";filename="b.jpg"', "a", "b.jpg"),
        ("Content-Disposition: form-data; name=a; filename=b.jpg", "a", "b.jpg"),
        ('Content-Disposition: form-data; name="a"; filename="say \\"b\\".jpg"', "a", 'say "b".jpg'),
        ('Content-Disposition: form-data; name="a"; filename="say %22b%22 %41.jpg"', "a", 'say "b" %41.jpg'),
        ('Content-Disposition: form-data; name="a"; filename="x; name=y.jpg"', "a", "x; name=y.jpg"),
        ('Content-Disposition: form-data; name="a"; filename="Straße 😀.jpg"', "a", "Straße 😀.jpg"),
        ('Content-Disposition: form-data; name="a"; filename="_"; filename*=UTF-8\'\'%e2%82%ac.jpg', "a", "€.jpg"),
        pytest.param(
            'Content-Disposition: form-data; name="a"; filename="_"; filename*=nothing\'\'%e2.jpg',
            "a",
            "_",
            marks=pytest.mark.filterwarnings("ignore::aiohttp.BadContentDispositionParam"),
        ),
        ("Content-Type: text/plain", "", ""),
    ],
)
async def test_names_are_read_as_clients_write_them(
    client: TestClient[Any, Any], head: str, name: str, filename: str
) -> None:
    status, found = await ask(client, a_form((head, b"1")))

    assert (status, found) == (200, [[name, filename, "31"]])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"abc",
        b"--abc",
        b"--abc\r\n" + named("a").encode() + b"\r\n\r\nnever ends",
        b"--abc\r\nno header\r\n\r\nx\r\n--abc--",
        b"--abc\r\n" + b"x" * (20 << 10),
        a_form((named("a") + "\r\nContent-Type: multipart/mixed; boundary=y", b"--y--")),
        a_form(*((named("a"), b"") for _ in range(MAX_PARTS + 1))),
    ],
    ids=[
        "nothing",
        "no boundary",
        "no end",
        "broken off",
        "no header",
        "long header",
        "nested",
        "many",
    ],
)
async def test_damaged_forms_are_refused(client: TestClient[Any, Any], body: bytes) -> None:
    status, found = await ask(client, body)

    assert (status, found["code"]) == (400, "not_a_form")


@pytest.mark.parametrize(
    "kind",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        f"multipart/form-data; boundary={'x' * 71}",
        "text/plain",
    ],
)
async def test_a_form_names_its_boundary(client: TestClient[Any, Any], kind: str) -> None:
    status, found = await ask(client, a_form((named("a"), b"")), kind=kind)

    assert (status, found["code"]) == (400, "not_a_form")


async def test_unread_parts_are_read_past_and_long_fields_refused(client: TestClient[Any, Any]) -> None:
    body = a_form((named("a"), b"x" * 300_000), (named("b"), b"short"))
    assert await ask(client, body, path="/second") == (200, "short")

    status, found = await ask(client, a_form((named("b"), b"x" * 11)), path="/second")
    assert (status, found["code"]) == (413, "payload_too_large")
    status, found = await ask(client, a_form((named("b"), b"\xff")), path="/second")
    assert (status, found["details"][0]["field"]) == (400, "b")
