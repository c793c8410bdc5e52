"""The proxies of the documents before a whole house: the very lines that people copy, run by real Caddy and nginx.

Exchanged are only what nobody has here: the addresses, the name's port and the certificate. What a proxy of such a kind
must carry: the caller's address, parts of files, streams, sockets, and uploads as they come.

A gibibyte through each: `pytest -m long tests/flows/test_proxies.py`.
"""

import asyncio
import contextlib
import hashlib
import re
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pycrdt
import pytest
from aiohttp import ClientResponse, ClientSession, CookieJar, FormData, TCPConnector, WSMsgType
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from homemedia.heaps import crdt, messages
from tests.support.app import PASSWORD, House, a_house
from tests.support.programs import program
from tests.support.samples import a_film
from tests.support.streams import films, listed
from tests.support.uploads import MARCH

DOCS = Path(__file__).parents[2] / "docs"
NAME = "films.example.org"
UPSTREAM = re.compile(r"(?:127\.0\.0\.1|100\.64\.0\.7):8420")
HEAP, BLOCK = "heap-of-tests", "block-of-tests"
MIB = 1 << 20
EVERY_FOLDER = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


class Written(msgspec.Struct, frozen=True):
    """A configuration as a document has it."""

    language: str
    text: str


def _written() -> dict[str, Written]:
    """Every configuration of a proxy in the documents, by the page and the program."""
    found = {}
    for page in (DOCS / "https.md", DOCS / "install" / "remote.md"):
        for language, text in re.findall(
            r"^```(caddyfile|nginx)\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL
        ):
            found[f"{page.stem}-{language}"] = Written(language, text)
    return found


WRITTEN = _written()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate of our own for the documents' name, and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "cert.pem", folder / "key.pem"


def for_caddy(text: str, folder: Path, port: int, upstream: str, certificate: tuple[Path, Path]) -> list[str]:
    """Write what Caddy reads; its command line."""
    head = f"https://{NAME}:{port} {{\n\tbind 127.0.0.1\n\ttls {certificate[0]} {certificate[1]}"
    own = f"{{\n\tadmin off\n\tauto_https off\n\tstorage file_system {folder}\n}}\n"
    (folder / "Caddyfile").write_text(own + UPSTREAM.sub(upstream, text.replace(f"{NAME} {{", head)))
    return [program("caddy", required_as="proxies"), "run", "--adapter", "caddyfile", "--config", f"{folder}/Caddyfile"]


def for_nginx(text: str, folder: Path, port: int, upstream: str, certificate: tuple[Path, Path]) -> list[str]:
    """Write what nginx reads; its command line."""
    changed = UPSTREAM.sub(upstream, text)
    changed = changed.replace("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;")
    changed = changed.replace("listen 80;", f"listen unix:{folder}/plain.sock;")
    changed = re.sub(r"(ssl_certificate +)\S+;", rf"\g<1>{certificate[0]};", changed)
    changed = re.sub(r"(ssl_certificate_key +)\S+;", rf"\g<1>{certificate[1]};", changed)
    kept = "".join(f"{name}_temp_path {folder}/{name};\n" for name in EVERY_FOLDER)
    own = f"daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log stderr warn;\nevents {{}}\n"
    (folder / "nginx.conf").write_text(f"{own}http {{\naccess_log off;\n{kept}{changed}}}\n")
    nginx = program("nginx", "/usr/sbin/nginx", required_as="proxies")
    return [nginx, "-e", "stderr", "-p", str(folder), "-c", f"{folder}/nginx.conf"]


class OneName(AbstractResolver):
    """Knows where the documents' name leads: here."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        assert host == NAME
        return [ResolveResult(hostname=host, host="127.0.0.1", port=port, family=family, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing is open."""


class Door:
    """A house behind a proxy, and a device that knows the proxy's address alone."""

    def __init__(self, house: House, url: str, device: ClientSession, pid: int) -> None:
        self.house, self.url, self.device, self.pid = house, url, device, pid

    async def ask(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        async with self.device.request(method, self.url + path, json=body, **more) as answer:
            said = await answer.read()
            assert answer.status < 300, f"{path}: {answer.status} {said[:300]!r}"
            return msgspec.json.decode(said) if said else None


async def _listens(port: int, child: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(20):
        while True:
            assert child.returncode is None, "it ended at once"
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return
            await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def _running(command: Sequence[str], folder: Path, port: int) -> AsyncIterator[int]:
    """A proxy for as long as it is needed."""
    environment = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    log = (folder / "log").open("wb")
    child = await asyncio.create_subprocess_exec(*command, stdout=log, stderr=log, env=environment)
    try:
        await _listens(port, child)
        yield child.pid
    except BaseException:
        print((folder / "log").read_text())  # noqa: T201 - why the proxy did not, for whoever reads the failure
        raise
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()
        log.close()


@pytest.fixture(params=WRITTEN)
async def door(request: pytest.FixtureRequest, tmp_path: Path, certificate: tuple[Path, Path]) -> AsyncIterator[Door]:
    written = WRITTEN[request.param]
    make = for_caddy if written.language == "caddyfile" else for_nginx
    folder, port = tmp_path / "proxy", _free_port()
    folder.mkdir()
    async with a_house(tmp_path, trusted_proxies=("127.0.0.1",)) as house:
        await house.claim()
        command = make(written.text, folder, port, house.url.removeprefix("http://"), certificate)
        connector = TCPConnector(resolver=OneName(), ssl=ssl.create_default_context(cafile=str(certificate[0])))
        async with (
            _running(command, folder, port) as pid,
            ClientSession(connector=connector, cookie_jar=CookieJar()) as device,
        ):
            found = Door(house, f"https://{NAME}:{port}", device, pid)
            await found.ask("POST", "/api/auth/login", {"username": "admin", "password": PASSWORD})
            yield found


def test_every_page_has_a_configuration_of_both() -> None:
    assert set(WRITTEN) == {"https-caddyfile", "https-nginx", "remote-caddyfile", "remote-nginx"}


async def test_cookies_are_secure_and_addresses_are_the_proxys(door: Door) -> None:
    body = {"username": "admin", "password": PASSWORD}
    async with door.device.post(f"{door.url}/api/auth/login", json=body) as answer:
        cookies = answer.headers.getall("Set-Cookie")
    invite = (await door.ask("POST", "/api/invites", {"label": "Ben"}))["invite"]

    assert all("; Secure" in cookie for cookie in cookies)
    assert invite["url"].startswith(f"{door.url}/join/")


async def test_caller_cannot_say_that_he_is_somebody_else(door: Door) -> None:
    """Nor can he by changing it escape the wait after wrong passwords."""
    statuses = []
    for number in range(12):
        body, headers = {"username": "admin", "password": "wrong"}, {"X-Forwarded-For": f"203.0.113.{number}"}
        async with door.device.post(f"{door.url}/api/auth/login", json=body, headers=headers) as answer:
            statuses.append(answer.status)

    assert statuses[-1] == 429


async def test_door_of_the_tray_stays_shut(door: Door) -> None:
    async with door.device.get(f"{door.url}/api/home/desktop/state") as answer:
        assert answer.status == 404


async def _part(answer: ClientResponse) -> tuple[int, str, bytes]:
    return answer.status, answer.headers.get("Content-Range", ""), await answer.read()


async def test_films_come_by_parts_and_as_streams(door: Door) -> None:
    house = door.house
    film = a_film(house.media / "Harbour (2001).mkv", seconds=12, size="160x90", rate=10, codec="mpeg4")
    file_id = (await films(house))["Harbour"]
    whole = film.read_bytes()

    async with door.device.get(f"{door.url}/api/stream/{file_id}", headers={"Range": "bytes=100-299"}) as answer:
        status, at, part = await _part(answer)
    opened = await door.ask("POST", f"/api/transcode/{file_id}", {})
    playlist = opened["playlistUrl"]
    async with door.device.get(door.url + playlist) as answer:
        segments = listed(await answer.text(), playlist.rpartition("/")[0])
    async with door.device.get(door.url + segments.urls[1]) as answer:
        segment = await answer.read()

    assert (status, at, part) == (206, f"bytes 100-299/{len(whole)}", whole[100:300])
    assert b"moof" in segment[:256]


async def test_live_channel_and_notes_go_both_ways(door: Door) -> None:
    await door.ask("POST", "/api/heap/add", {"id": HEAP, "title": "Family"})
    origin = {"Origin": door.url}
    socket_url = f"{door.url}/ws".replace("https", "wss")
    doc = pycrdt.Doc[Any]()
    doc.get("meta", type=pycrdt.Map)["type"] = "text"

    async with door.device.ws_connect(socket_url, headers=origin) as live:
        await live.send_json({"type": "hello", "id": "1"})
        ready = await live.receive_json(timeout=10)
        await door.ask("POST", "/api/users", {"username": "ben", "password": "1234"})
        told = await live.receive_json(timeout=10)
    note_url = f"{socket_url}?block_id={BLOCK}&heap_id={HEAP}"
    async with door.device.ws_connect(note_url, headers=origin) as note:
        await note.send_bytes(messages.step_1(crdt.EMPTY_VECTOR))
        async with asyncio.timeout(10):
            first = await anext(one async for one in note if one.type is WSMsgType.BINARY)

    assert ready["type"] == "ready"
    assert told["type"] != "error"
    assert first.data[:1] == b"\x00"


def _staged(house: House) -> int:
    """How many bytes of an upload that is not done lie on the server's disk."""
    return sum(path.stat().st_size for path in (house.folder / "data" / "media").rglob("*") if path.is_file())


async def test_upload_reaches_the_server_while_it_is_being_sent(door: Door) -> None:
    """A proxy that collected it first would let nothing through before the end, for which this one waits."""
    first, rest = bytes(range(256)) * (4 * MIB // 256), b"the end"

    async def slowly() -> AsyncIterator[bytes]:
        for at in range(0, len(first), 64 << 10):
            yield first[at : at + (64 << 10)]
        await door.house.until(lambda: _is_there(door.house, 2 * MIB))
        yield rest

    status, said = await _uploaded(door, slowly())

    assert status == 201, said
    assert (await _sha1(door, said["id"])) == hashlib.sha1(first + rest, usedforsecurity=False).hexdigest()


async def _is_there(house: House, least: int) -> bool:
    return _staged(house) >= least


async def _uploaded(door: Door, content: AsyncIterator[bytes]) -> tuple[int, Any]:
    form = FormData(quote_fields=False)
    for field in ("fileCreatedAt", "fileModifiedAt"):
        form.add_field(field, MARCH)
    form.add_field("assetData", content, filename="IMG_1.jpg", content_type="application/octet-stream")
    async with door.device.post(f"{door.url}/api/assets", data=form) as answer:
        return answer.status, await answer.json()


async def _sha1(door: Door, photo_id: str) -> str:
    digest = hashlib.sha1(usedforsecurity=False)
    async with door.device.get(f"{door.url}/api/assets/{photo_id}/original") as answer:
        async for piece in answer.content.iter_chunked(MIB):
            digest.update(piece)
    return digest.hexdigest()


def _kept_kib(pid: int) -> int:
    """How much memory a process took at most, in KiB (Linux)."""
    said = Path(f"/proc/{pid}/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+)", said)[0])


@pytest.mark.long
async def test_gibibyte_goes_through_without_being_kept(door: Door, tmp_path: Path) -> None:
    piece, whole = bytes(range(256)) * (MIB // 256), hashlib.sha1(usedforsecurity=False)
    before = _kept_kib(door.pid)

    async def much() -> AsyncIterator[bytes]:
        for number in range(1024):
            yield (one := number.to_bytes(4, "big") + piece[4:])
            whole.update(one)

    status, said = await _uploaded(door, much())
    back = await _sha1(door, said["id"])

    assert status == 201, said
    assert back == whole.hexdigest()
    assert _kept_kib(door.pid) - before < 96 * 1024
    assert sum(path.stat().st_size for path in (tmp_path / "proxy").rglob("*") if path.is_file()) < MIB
