"""The packed program in a Debian that has nothing: no Python, no ffmpeg, no certificates, nobody's home.

As root, with `mmdebstrap` or `debootstrap` and 1 GB of room, after `python3 packaging/build.py`:

    pytest -n 0 -m long tests/packaging/test_frozen.py

`HOMEMEDIA_TEST_PROGRAM` names another folder than `dist/homemedia`, `HOMEMEDIA_TEST_ROOM` a Debian made before.
"""

import asyncio
import contextlib
import importlib.util
import io
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any

import pillow_heif
import pytest
from aiohttp import ClientConnectionError, ClientSession, CookieJar, FormData
from PIL import Image

from homemedia.heaps import crdt
from tests.heaps.conftest import HEAP, a_note, b64
from tests.heaps.test_uploads import a_file_note, sha
from tests.support.programs import program
from tests.support.samples import a_film
from tests.support.uploads import uploaded
from tests.support.video_site import VideoSite

ROOT = Path(__file__).parents[2]
PATIENCE_S = 120.0
DAY_S = 86_400
# Somebody the system there does not know.
USER = 4321
# Where the program lies, and where it keeps what is its own; people have such folders.
HOME, DATA, MEDIA = "/opt/Haus Programm (für uns)", "/srv/Daten & Müll", "/srv/Filme"
PERSON = {"username": "admin", "password": "correct horse", "serverName": "Attic"}
FILM = "Frühling am Hafen"

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform != "linux", reason="a Debian inside of a Linux"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


class Room:
    """A bare Debian with the packed program in it."""

    def __init__(self, folder: Path, packed: Path) -> None:
        self.folder = folder
        self._packed = packed

    def path(self, inside: str) -> Path:
        """Where a file of the room lies outside."""
        return self.folder / inside.removeprefix("/")

    def command(self, *words: str, **variables: str) -> list[str]:
        """The command line for something inside, as an ordinary user with no variables but these.

        Each step becomes the next, so that the process started is the program itself. The program's folder cannot be
        written to, and vanishes with the last process.
        """
        room = shlex.quote(str(self.folder))
        steps = [
            f"mount -t proc proc {room}/proc",
            f"mount --rbind /dev {room}/dev",
            f"mount --bind -o ro {shlex.quote(str(self._packed))} {shlex.quote(str(self.path(HOME)))}",
            f"exec chroot --userspec={USER}:{USER} {room} /usr/bin/env -i {shlex.join(_set(variables))} "
            + shlex.join(words),
        ]
        return ["unshare", "--mount", "sh", "-ec", "\n".join(steps)]

    def homemedia(self, *words: str, **variables: str) -> list[str]:
        return self.command(f"{HOME}/homemedia", *words, **{"PATH": "/usr/bin:/bin", **variables})

    def said(self, command: Sequence[str]) -> str:
        """What a command writes that ends well."""
        done = subprocess.run(command, capture_output=True, check=False, timeout=PATIENCE_S)
        assert done.returncode == 0, done.stderr.decode(errors="replace")
        return done.stdout.decode()

    def living(self) -> dict[int, str]:
        """Processes of the room's user, and their command lines."""
        found = {}
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if entry.name.isdigit() and entry.stat().st_uid == USER:
                    found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        return found


def _set(variables: dict[str, str]) -> list[str]:
    return [f"{name}={value}" for name, value in variables.items()]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    packed = Path(os.environ.get("HOMEMEDIA_TEST_PROGRAM", ROOT / "dist" / "homemedia"))
    if not (packed / "homemedia").is_file():
        pytest.skip("there is no packed program; packaging/build.py makes one")
    if os.geteuid() != 0:
        pytest.skip("only root may make a room")
    named = os.environ.get("HOMEMEDIA_TEST_ROOM")
    folder = Path(named) if named else tmp_path_factory.mktemp("room", numbered=True) / "debian"
    if not named:
        maker = program("mmdebstrap", required_as="mmdebstrap")
        subprocess.run([maker, "--quiet", "--variant=minbase", "bookworm", str(folder)], check=True)
    assert not list(folder.glob("usr/bin/python*")), "the room has a Python of its own"
    found = Room(folder, packed)
    found.path(HOME).mkdir(parents=True, exist_ok=True)
    for inside in (DATA, MEDIA):
        shutil.rmtree(found.path(inside), ignore_errors=True)
        found.path(inside).mkdir(parents=True)
        os.chown(found.path(inside), USER, USER)
    yield found
    if not named:
        shutil.rmtree(folder)


class Server:
    """The server inside, and a browser outside that is signed in."""

    def __init__(self, process: asyncio.subprocess.Process, client: ClientSession, answered_s: float) -> None:
        self.process = process
        self.client = client
        self.answered_s = answered_s

    async def get(self, path: str, status: int = 200) -> Any:
        return await self.send("GET", path, None, status)

    async def send(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        async with self.client.request(method, path, json=body) as answer:
            found = await answer.json()
            assert answer.status == status, f"{method} {path}: {answer.status} {found}"
            return found

    async def body(self, path: str) -> bytes:
        async with self.client.get(path) as answer:
            found = await answer.read()
            assert answer.status == 200, f"{path}: {answer.status} {found[:300]!r}"
            return found


@contextlib.asynccontextmanager
async def serving(room: Room, **variables: str) -> AsyncIterator[Server]:
    """A server that answers; it has ended, killed if need be, when the block is left."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = room.homemedia("serve", "--port", str(port), "--data-dir", DATA, **variables)
    began = time.monotonic()
    with room.path("/tmp/said.txt").open("ab") as said:  # noqa: S108 - a folder of the room
        process = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.DEVNULL, stderr=said)
    async with ClientSession(f"http://127.0.0.1:{port}", cookie_jar=CookieJar(unsafe=True)) as client:
        server = Server(process, client, 0.0)
        try:
            await until(lambda: _answers(server))
            server.answered_s = time.monotonic() - began
            yield server
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
                async with asyncio.timeout(20):
                    assert await process.wait() == 0
            assert process.returncode in (0, -signal.SIGKILL)
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def _answers(server: Server) -> bool:
    assert server.process.returncode is None, "the program ended"
    with contextlib.suppress(ClientConnectionError):
        async with server.client.get("/api/server") as answer:
            return answer.status == 200
    return False


async def until(holds: Any) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await holds():
            await asyncio.sleep(0.1)


@contextlib.asynccontextmanager
async def household(room: Room, **variables: str) -> AsyncIterator[Server]:
    """A server with somebody signed in; claimed the first time."""
    async with serving(room, **variables) as server:
        if (await server.get("/api/server"))["setupRequired"]:
            await server.send("POST", "/api/auth/setup", PERSON)
        else:
            await server.send("POST", "/api/auth/login", {name: PERSON[name] for name in ("username", "password")})
        yield server


@pytest.fixture
async def server(room: Room) -> AsyncIterator[Server]:
    async with household(room) as running:
        yield running


def test_commands_answer(room: Room) -> None:
    # Somebody who works with Python himself, in a language of one byte a letter.
    odd = {
        "LANG": "C",
        "PYTHONHOME": "/nowhere",
        "PYTHONPATH": "/nowhere",
        "PYTHONINSPECT": "1",
        "HOME": "/nonexistent",
    }

    assert room.said(room.homemedia("--version")).startswith("HomeMedia ")
    assert room.said(room.homemedia("--version", **odd)).startswith("HomeMedia ")
    assert '"openapi": "3.1' in room.said(room.homemedia("openapi", **odd))[:200]
    said = room.said(room.homemedia("doctor", "--data-dir", DATA, **odd))
    assert "ffmpeg" in said
    assert "(bundled)" in said
    assert "yt-dlp 20" in said


def test_user_without_a_home_is_told_what_to_do(room: Room) -> None:
    done = subprocess.run(room.homemedia("serve"), capture_output=True, text=True, check=False, timeout=PATIENCE_S)

    assert done.returncode == 1
    assert "--data-dir" in done.stderr
    assert "Traceback" not in done.stderr


async def test_film_is_found_converted_and_seen(room: Room, server: Server) -> None:
    film = a_film(room.path(MEDIA) / f"{FILM} (2001).mkv", seconds=24, size="320x180", rate=10, codec="hevc")
    os.utime(film, (time.time() - DAY_S,) * 2)
    library = await server.send("POST", "/api/libraries", {"name": "Films", "type": "movie", "paths": [MEDIA]}, 201)

    async def found() -> bool:
        page = await server.get(f"/api/libraries/{library['library']['id']}/items")
        return [item["title"] for item in page["items"]] == [FILM]

    await until(found)
    page = await server.get(f"/api/libraries/{library['library']['id']}/items")
    file_id = (await server.get(f"/api/media/{page['items'][0]['id']}"))["files"][0]["id"]
    opened = await server.send("POST", f"/api/transcode/{file_id}", {}, 201)
    assert (opened["method"], opened["video"]["action"]) == ("transcode", "transcode")
    url = opened["playlistUrl"]
    lines = (await server.body(url)).decode().splitlines()
    segments = [f"{url.rpartition('/')[0]}/{line}" for line in lines if not line.startswith("#")]
    sizes = [len(await server.body(segment)) for segment in segments]
    assert len(sizes) >= 4
    assert min(sizes) > 1000


async def test_photos_get_small_pictures(server: Server) -> None:
    picture = Image.radial_gradient("L").resize((1200, 800)).convert("RGB")
    files = {"a.jpg": io.BytesIO(), "b.heic": io.BytesIO(), "c.webp": io.BytesIO()}
    picture.save(files["a.jpg"], "JPEG")
    pillow_heif.from_pillow(picture).save(files["b.heic"], quality=50)
    picture.save(files["c.webp"], "WEBP")

    for name, content in files.items():
        asset_id = await uploaded(server.client, content.getvalue(), name)  # type: ignore[arg-type]

        async def is_made(asset_id: str = asset_id) -> bool:
            async with server.client.get(f"/api/assets/{asset_id}/thumbnail") as answer:
                return answer.status == 200 and (answer.content_type or "").startswith("image/")

        await until(is_made)
        small = Image.open(io.BytesIO(await server.body(f"/api/assets/{asset_id}/thumbnail")))
        assert max(small.size) <= 500, name
        about = await server.get(f"/api/assets/{asset_id}")
        assert (about["exifInfo"]["exifImageWidth"], about["exifInfo"]["exifImageHeight"]) == (1200, 800), name


@contextlib.asynccontextmanager
async def household_with_clips(room: Room, site: VideoSite) -> AsyncIterator[Server]:
    named = {"ALLOWED_PRIVATE_HOSTS": site.host, "PROVIDER_INDEX_URL": site.url("/pypi/yt-dlp/json")}
    async with household(room, **{f"HOMEMEDIA_CLIPS_{name}": value for name, value in named.items()}) as server:
        yield server


async def assert_fetched(server: Server, url: str) -> None:
    clip_id = (await server.send("POST", "/api/clips", {"url": url}, 201))["clip"]["id"]

    async def has_ended() -> bool:
        return bool((await server.get(f"/api/clips/{clip_id}"))["status"] != "downloading")

    await until(has_ended)
    clip = await server.get(f"/api/clips/{clip_id}")
    assert (clip["status"], clip["failureReason"]) == ("ready", None), url
    body = await server.body(f"/api/videos/{clip['videoPath']}")
    assert body.index(b"moov") < body.index(b"mdat"), url


async def test_clip_is_fetched(room: Room) -> None:
    async with VideoSite() as site, household_with_clips(room, site) as server:
        await server.send("POST", "/api/group/provider/install", {"providerId": "ytdlp"}, 201)
        await server.send("PATCH", "/api/group/provider", {"providerId": "ytdlp"})
        await assert_fetched(server, site.url("watch/harbour"))
        await assert_fetched(server, site.url("hls/harbour/shut.m3u8"))


def a_newer_downloader(version: str) -> bytes:
    """The true one under another number, which asks for parts of Python that nothing else here needs."""
    there = importlib.util.find_spec("yt_dlp")
    assert there is not None
    assert there.origin is not None
    home = Path(there.origin).parent
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as out:
        for file in sorted(home.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                content = file.read_bytes()
                if file == home / "version.py":
                    content += f"\n__version__ = {version!r}\n".encode()
                if file == home / "__init__.py":
                    content = b"import colorsys, mailbox, poplib, statistics, wave, xmlrpc.client\n" + content
                out.writestr(f"yt_dlp/{file.relative_to(home).as_posix()}", content)
    return body.getvalue()


async def test_newer_downloader_takes_the_place_of_the_packed_one(room: Room) -> None:
    async with VideoSite() as site, household_with_clips(room, site) as server:
        site.wheel = a_newer_downloader("2099.01.01")

        told = await server.send("POST", "/api/group/provider/install", {"providerId": "ytdlp"}, 201)

        assert told == {"installed": True, "version": "2099.01.01"}
        await server.send("PATCH", "/api/group/provider", {"providerId": "ytdlp"})
        await assert_fetched(server, site.url("watch/lighthouse"))
        assert "providers/ytdlp/2099.01.01" in str(list(room.path(DATA).glob("providers/*/*")))


async def test_note_is_taken_in_looked_into_and_given_out(server: Server) -> None:
    await server.send("POST", "/api/heap/add", {"id": HEAP, "title": "Family"}, 201)
    update = a_note("Einkauf", "Äpfel und Brot")
    block = {"block_id": "block-of-tests", "workspace_id": HEAP, "update": b64(update)}
    pushed = await server.send("POST", "/api/sync/push", {"blocks": [block]})
    assert pushed["results"][0]["status"] == "created"

    wanted = {"block_id": "block-of-tests", "state_vector": b64(crdt.EMPTY_VECTOR)}
    pulled = await server.send("POST", "/api/sync/pull", {"blocks": [wanted]})
    assert pulled["blocks"][0]["update"]

    async def is_found() -> bool:
        found = await server.send("POST", "/api/heap", {"heap_id": HEAP, "query": "Äpfel"})
        return "block-of-tests" in str(found)

    await until(is_found)


async def test_first_page_of_a_document_is_drawn(server: Server) -> None:
    paper = io.BytesIO()
    Image.new("RGB", (420, 594), "teal").save(paper, "PDF", resolution=72)
    data, heap, block_id = paper.getvalue(), "heap-of-letters", "block-of-a-letter"
    await server.send("POST", "/api/heap/add", {"id": heap, "title": "Letters"}, 201)
    form = FormData()
    form.add_field("hash", sha(data))
    form.add_field("file", data, filename="Brief.pdf")
    async with server.client.post(f"/api/upload/file/{heap}/{block_id}", data=form) as answer:
        assert answer.status == 200, await answer.text()
    note = b64(a_file_note(data, "Brief.pdf", "application/pdf"))
    block = {"block_id": block_id, "workspace_id": heap, "update": note}
    await server.send("POST", "/api/sync/push", {"blocks": [block]})

    async def is_drawn() -> bool:
        async with server.client.get(f"/api/file/{block_id}/thumbnail/small/Brief.webp") as answer:
            return answer.status == 200

    await until(is_drawn)
    page = Image.open(io.BytesIO(await server.body(f"/api/file/{block_id}/thumbnail/small/Brief.webp")))
    assert page.size == (181, 256)


def told_to_a_foreign_program(room: Room, **given: str) -> dict[str, str]:
    """The variables that the system's ffmpeg would see."""
    stand_in, told = "/srv/ffmpeg", f"{DATA}/told.txt"
    room.path(stand_in).write_text(f"#!/bin/sh\nenv > '{told}'\necho ffmpeg version 9 of nobody\n", "utf-8")
    room.path(stand_in).chmod(0o755)
    room.said(room.homemedia("doctor", "--data-dir", DATA, HOMEMEDIA_FFMPEG=stand_in, **given))
    return dict(line.partition("=")[::2] for line in room.path(told).read_text("utf-8").splitlines())


@pytest.mark.parametrize("own", [None, "/own/libraries"])
def test_foreign_program_finds_the_surroundings_of_the_person(room: Room, own: str | None) -> None:
    given = {"PYTHONPATH": "/of/somebody", **({"LD_LIBRARY_PATH": own} if own else {})}

    found = told_to_a_foreign_program(room, **given)

    assert found.get("LD_LIBRARY_PATH") == own
    assert found["PYTHONPATH"] == "/of/somebody"
    assert not [name for name in found if name.startswith("_PYI_")]


def test_certificates_are_found_where_fedora_keeps_them(room: Room) -> None:
    if room.path("/usr/lib/ssl/certs").exists():
        pytest.skip("this room has Debian's")
    there = "/etc/pki/tls/certs/ca-bundle.crt"
    assert "SSL_CERT_FILE" not in told_to_a_foreign_program(room)
    room.path(there).parent.mkdir(parents=True, exist_ok=True)
    room.path(there).touch()
    try:
        assert told_to_a_foreign_program(room)["SSL_CERT_FILE"] == there
        assert told_to_a_foreign_program(room, SSL_CERT_DIR="/own")["SSL_CERT_DIR"] == "/own"
    finally:
        room.path(there).unlink()


async def test_server_starts_again_and_keeps_copies_of_its_database(room: Room) -> None:
    async with household(room):
        room.said(room.homemedia("backup", "make", "--data-dir", DATA))
    assert " MB  " in room.said(room.homemedia("backup", "list", "--data-dir", DATA))
    async with household(room) as server:
        assert not (await server.get("/api/server"))["setupRequired"]


async def test_killed_server_leaves_no_program_behind(room: Room) -> None:
    name = "Long (2002).mkv"
    film = a_film(room.path(MEDIA) / name, seconds=120, size="160x90", rate=10, codec="mpeg4")
    os.utime(film, (time.time() - DAY_S,) * 2)
    async with household(room) as server:
        libraries = (await server.get("/api/libraries"))["libraries"]
        if not libraries:
            body = {"name": "Films", "type": "movie", "paths": [MEDIA]}
            libraries = [(await server.send("POST", "/api/libraries", body, 201))["library"]]
        await server.send("POST", f"/api/libraries/{libraries[0]['id']}/scan", {}, 202)

        async def found() -> bool:
            page = await server.get(f"/api/libraries/{libraries[0]['id']}/items")
            return "Long" in [item["title"] for item in page["items"]]

        await until(found)
        page = await server.get(f"/api/libraries/{libraries[0]['id']}/items")
        item = next(item for item in page["items"] if item["title"] == "Long")
        file_id = (await server.get(f"/api/media/{item['id']}"))["files"][0]["id"]
        await server.send("POST", f"/api/transcode/{file_id}", {}, 201)

        async def runs() -> bool:
            return any(name in words for words in room.living().values())

        await until(runs)
        server.process.kill()
        await server.process.wait()

        async def is_quiet() -> bool:
            return not room.living()

        await until(is_quiet)
