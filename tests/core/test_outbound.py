"""Fetching from addresses that others name: what is refused, and what a picture is."""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from homemedia.core.http.addresses import is_outside
from homemedia.core.http.outbound import AddressInfo, Outbound, own_networks, parsed
from homemedia.core.pictures import picture_type
from homemedia.core.problems import AppError

JPEG = b"\xff\xd8\xff\xe0" + bytes(60)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(60)
PUBLIC = "93.184.215.14"
ANYWHERE = "0.0.0.0"  # noqa: S104 - an address to refuse, nothing is bound to it


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "8.8.8.8", "2606:4700:4700::1111", "64:ff9b::808:808"])
def test_public_address_is_outside(address: str) -> None:
    assert is_outside(address)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.255.255.254", ANYWHERE, "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255"),
        *("192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.8", "192.0.2.1", "198.18.0.1"),
        *("198.51.100.7", "203.0.113.7", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
        *("192.88.99.1", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:7f00:1", "::127.0.0.1"),
        *("fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456:789a::1", "fec0::1", "ff02::1", "2001:db8::1", "2001::1"),
        *("3fff::1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::1", "2002:c0a8:101::1"),
        *("4000::1", "100::1"),
        *("", "localhost", "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "1.2.3"),
    ],
)
def test_address_of_the_house_or_of_no_net_is_not_outside(address: str) -> None:
    assert not is_outside(address)


def test_public_address_in_a_network_of_ours_is_not_outside() -> None:
    own = [ipaddress.ip_network("2a02:1234:5678:9a00::/64")]

    assert not is_outside("2a02:1234:5678:9a00::1", own)
    assert is_outside("2a02:1234:5678:9a01::1", own)


def test_own_networks_hold_the_loopback_address() -> None:
    assert any(ipaddress.ip_address("127.0.0.1") in network for network in own_networks() if network.version == 4)


@pytest.mark.parametrize(
    "url",
    [
        *("", "   ", "poster.jpg", "/poster.jpg", "//host/p.jpg", "ftp://host/p.jpg", "file:///etc/passwd"),
        *("data:image/png;base64,AAAA", "javascript:alert(1)", "http://", "http:///p.jpg", "http://host:99999/"),
        *(
            "http://user@host/p.jpg",
            "http://user:secret@host/p.jpg",
            "http://:@host/",
            "http://ho st/",
            "http://h/\n.jpg",
        ),
        "http://host/" + "a" * 2000,
        "http://[::1/",
    ],
)
def test_what_is_no_address_of_a_picture_is_refused(url: str) -> None:
    with pytest.raises(AppError) as refused:
        parsed(url)

    assert refused.value.code == "url_invalid"


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (JPEG, "image/jpeg"),
        (PNG, "image/png"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"GIF89a", "image/gif"),
        (b"\0\0\0\x20ftypavif", "image/avif"),
        (b"\0\0\0\x20ftypisom", None),
        (b"<svg xmlns=", None),
        (b"<!doctype html>", None),
        (b"", None),
    ],
)
def test_first_bytes_tell_the_kind_of_picture(head: bytes, kind: str | None) -> None:
    assert picture_type(head[:16]) == kind


# Over a real socket on loopback


class Site:
    """A site with one answer, which a test may change; counts who asked."""

    def __init__(self) -> None:
        self.answer: dict[str, Any] = {"body": JPEG, "content_type": "image/jpeg"}
        self.hops: dict[str, str] = {}
        self.asked: list[web.Request] = []
        self.hangs = asyncio.Event()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        if request.path in self.hops:
            return web.Response(status=302, headers={"Location": self.hops[request.path], "Set-Cookie": "a=b; Path=/"})
        if request.path == "/hang":
            await self.hangs.wait()
        if request.path == "/endless":
            answer = web.StreamResponse(headers={"Content-Type": "image/jpeg"})
            await answer.prepare(request)
            with pytest.raises(ConnectionError):
                while True:
                    await answer.write(JPEG * 1000)
            return answer
        return web.Response(**self.answer)


@pytest.fixture
async def site() -> AsyncIterator[tuple[Site, str]]:
    site = Site()
    app = web.Application()
    app.router.add_get("/{path:.*}", site.handle)
    server = TestServer(app)
    await server.start_server()
    yield site, f"http://127.0.0.1:{server.port}"
    site.hangs.set()
    await server.close()


@pytest.fixture
async def outbound() -> AsyncIterator[Outbound]:
    async with Outbound(trusted=["127.0.0.1"], limit_s=5, max_bytes=1 << 20) as outbound:
        yield outbound


async def refused(outbound: Outbound, url: str) -> str:
    with pytest.raises(AppError) as found:
        await outbound.fetch_picture(url)
    assert found.value.status == 400
    assert found.value.details[0]["field"] == "url"
    return found.value.code


async def test_picture_is_fetched_with_the_type_of_its_bytes(site: tuple[Site, str], outbound: Outbound) -> None:
    site[0].answer = {"body": PNG, "content_type": "image/jpeg"}

    assert await outbound.fetch_picture(f"{site[1]}/p.jpg#part") == (PNG, "image/png")
    assert site[0].asked[0].headers["Accept-Encoding"] == "identity"
    assert "Authorization" not in site[0].asked[0].headers


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"body": JPEG, "content_type": "text/html"}, "url_not_picture"),
        ({"body": b"<html>", "content_type": "image/jpeg"}, "url_not_picture"),
        ({"body": b"<svg/>", "content_type": "image/svg+xml"}, "url_not_picture"),
        ({"body": b"", "content_type": "image/jpeg"}, "url_not_picture"),
        ({"body": JPEG, "content_type": "image/jpeg", "headers": {"Content-Encoding": "gzip"}}, "url_not_picture"),
        ({"body": JPEG + bytes(1 << 20), "content_type": "image/jpeg"}, "url_too_large"),
        ({"status": 404, "body": JPEG, "content_type": "image/jpeg"}, "url_unreachable"),
        ({"status": 204}, "url_unreachable"),
    ],
)
async def test_what_is_no_picture_is_refused(
    site: tuple[Site, str], outbound: Outbound, answer: dict[str, Any], code: str
) -> None:
    site[0].answer = answer

    assert await refused(outbound, f"{site[1]}/p.jpg") == code


async def test_picture_without_a_length_ends_at_the_limit(site: tuple[Site, str], outbound: Outbound) -> None:
    assert await refused(outbound, f"{site[1]}/endless") == "url_too_large"


async def test_who_does_not_answer_is_not_waited_for(site: tuple[Site, str]) -> None:
    async with Outbound(trusted=["127.0.0.1"], limit_s=0.1) as hasty:
        assert await refused(hasty, f"{site[1]}/hang") == "url_unreachable"


async def test_redirects_are_followed_without_cookies(site: tuple[Site, str], outbound: Outbound) -> None:
    site[0].hops = {f"/{number}": f"/{number + 1}" for number in range(5)}

    assert (await outbound.fetch_picture(f"{site[1]}/0"))[1] == "image/jpeg"
    assert all("Cookie" not in request.headers for request in site[0].asked)


async def test_sixth_redirect_is_one_too_many(site: tuple[Site, str], outbound: Outbound) -> None:
    site[0].hops = {f"/{number}": f"/{number + 1}" for number in range(6)}

    assert await refused(outbound, f"{site[1]}/0") == "url_unreachable"


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("http://169.254.169.254/latest/meta-data", "url_forbidden"),
        ("http://[::1]/", "url_forbidden"),
        ("http://10.0.0.1/", "url_forbidden"),
        ("file:///etc/passwd", "url_invalid"),
        ("http://user:secret@127.0.0.1/", "url_invalid"),
        ("http://[::1", "url_unreachable"),
    ],
)
async def test_redirect_into_the_house_is_refused(
    site: tuple[Site, str], outbound: Outbound, location: str, code: str
) -> None:
    site[0].hops = {"/p.jpg": location}

    assert await refused(outbound, f"{site[1]}/p.jpg") == code


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "127.1", "0x7f000001", "2130706433", "017700000001", "0x7f.1", "[::1]"),
        *("[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "127.0.0.1.", "[::]", ANYWHERE, "0"),
        *("\uff11\uff12\uff17.0.0.1", "\u2460\u2461\u2466.0.0.1"),
    ],
)
async def test_own_machine_is_refused_however_it_is_spelt(site: tuple[Site, str], host: str) -> None:
    port = site[1].rpartition(":")[2]
    async with Outbound(limit_s=5) as outbound:
        code = await refused(outbound, f"http://{host}:{port}/p.jpg")

    assert code in {"url_forbidden", "url_invalid", "url_unreachable"}
    assert site[0].asked == []


def answers(*addresses: str) -> list[AddressInfo]:
    return [
        (
            socket.AF_INET6 if ":" in address else socket.AF_INET,
            socket.SOCK_STREAM,
            6,
            "",
            (address, 80),
        )
        for address in addresses
    ]


async def test_name_with_one_address_in_the_house_is_refused() -> None:
    async with Outbound(look_up=lambda _host, _port: answers(PUBLIC, "192.168.1.1")) as outbound:
        assert await refused(outbound, "http://rebind.example/p.jpg") == "url_forbidden"


async def test_connection_goes_to_the_address_that_was_judged(site: tuple[Site, str], outbound: Outbound) -> None:
    looked_up: list[str] = []

    def look_up(host: str, _port: int) -> Sequence[AddressInfo]:
        # The second answer would lead elsewhere, as a name that is rebound between two questions does.
        looked_up.append(host)
        return answers("127.0.0.1" if len(looked_up) == 1 else "192.168.1.1")

    async with Outbound(trusted=["127.0.0.1"], look_up=look_up, limit_s=5) as bound:
        port = site[1].rpartition(":")[2]
        found = await bound.fetch_picture(f"http://pictures.example:{port}/p.jpg")

    assert found[0] == JPEG
    assert looked_up == ["pictures.example"]
    assert site[0].asked[0].headers["Host"] == f"pictures.example:{port}"


async def test_every_request_is_judged_anew(site: tuple[Site, str]) -> None:
    port = site[1].rpartition(":")[2]
    site[0].hops = {"/p.jpg": f"http://pictures.example:{port}/q.jpg"}
    asked = iter(["127.0.0.1", "10.1.2.3"])

    async with Outbound(trusted=["127.0.0.1"], look_up=lambda _h, _p: answers(next(asked)), limit_s=5) as outbound:
        assert await refused(outbound, f"http://pictures.example:{port}/p.jpg") == "url_forbidden"

    assert len(site[0].asked) == 1


async def test_unknown_host_is_unreachable() -> None:
    def look_up(_host: str, _port: int) -> Sequence[AddressInfo]:
        raise socket.gaierror(-2, "Name or service not known")

    async with Outbound(look_up=look_up) as outbound:
        assert await refused(outbound, "http://nowhere.example/p.jpg") == "url_unreachable"


async def test_last_door_refuses_what_the_others_let_through() -> None:
    async with Outbound() as outbound:
        with pytest.raises(PermissionError):
            outbound._socket(answers("127.0.0.1")[0])


async def test_proxy_of_the_environment_is_not_used(
    site: tuple[Site, str], outbound: Outbound, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1/")

    assert (await outbound.fetch_picture(f"{site[1]}/p.jpg"))[0] == JPEG
