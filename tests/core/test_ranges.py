"""Files as answers: what is decided, what is sent, and what happens when disk or reader misbehave."""

import asyncio
import contextlib
import email.utils
import errno
import os
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, TCPConnector, web
from yarl import URL

from homemedia.core.http.errors import OBSERVERS, dress, edge
from homemedia.core.http.openfiles import OPEN_FILES, Disk, OpenFiles
from homemedia.core.http.ranges import Asked, Choice, choose, send_file
from homemedia.core.problems import NotFound, Unavailable

TAG = '"1000-5000000000"'
DAY = "Thu, 01 Jan 1970 00:00:05 GMT"
BEFORE = "Thu, 01 Jan 1970 00:00:04 GMT"
AFTER = "Thu, 01 Jan 1970 00:00:06 GMT"
WHOLE = Choice(200, 0, 1000)
PATIENCE_S = 60.0
BIG = 3 * 1024 * 1024 + 17


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, WHOLE),
        ("bytes=0-0", Choice(206, 0, 1)),
        ("bytes=10-19", Choice(206, 10, 10)),
        ("BYTES=10-19", Choice(206, 10, 10)),
        ("bytes= 10-19 ", Choice(206, 10, 10)),
        ("bytes=990-", Choice(206, 990, 10)),
        ("bytes=0-", Choice(206, 0, 1000)),
        ("bytes=990-5000", Choice(206, 990, 10)),
        ("bytes=999-999", Choice(206, 999, 1)),
        ("bytes=-10", Choice(206, 990, 10)),
        ("bytes=-5000", Choice(206, 0, 1000)),
        ("bytes=1000-", Choice(416)),
        ("bytes=1000-1001", Choice(416)),
        ("bytes=-0", Choice(416)),
        (f"bytes={'9' * 5000}-", Choice(416)),
        (f"bytes=0-{'9' * 5000}", Choice(206, 0, 1000)),
        (f"bytes={'0' * 5000}5-6", Choice(206, 5, 2)),
        ("bytes=20-10", WHOLE),
        ("bytes=0-1,5-6", WHOLE),
        ("bytes=-", WHOLE),
        ("bytes=", WHOLE),
        ("bytes=a-b", WHOLE),
        ("bytes=1-2x", WHOLE),
        ("bytes=--5", WHOLE),
        ("bytes=+1-2", WHOLE),
        ("bytes=\u0661-\u0662", WHOLE),
        ("items=0-1", WHOLE),
        ("0-1", WHOLE),
        ("", WHOLE),
    ],
)
def test_range_header_chooses_the_part(header: str | None, expected: Choice) -> None:
    assert choose(Asked(range=header), size=1000, etag=TAG, modified_s=5) == expected


@pytest.mark.parametrize("header", ["bytes=0-", "bytes=-5", "bytes=0-0"])
def test_an_empty_file_has_no_part(header: str) -> None:
    assert choose(Asked(range=header), size=0, etag=TAG, modified_s=5) == Choice(416)


PART = Choice(206, 0, 1)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Asked(if_none_match=TAG), Choice(304)),
        (Asked(if_none_match=f"W/{TAG}"), Choice(304)),
        (Asked(if_none_match=f'"other", {TAG}'), Choice(304)),
        (Asked(if_none_match="*"), Choice(304)),
        (Asked(if_none_match='"other"'), WHOLE),
        (Asked(if_none_match='"other"', if_modified_since=AFTER), WHOLE),
        (Asked(if_none_match=TAG, range="bytes=0-0"), Choice(304)),
        (Asked(if_modified_since=DAY), Choice(304)),
        (Asked(if_modified_since=AFTER), Choice(304)),
        (Asked(if_modified_since=BEFORE), WHOLE),
        (Asked(if_modified_since="yesterday"), WHOLE),
        (Asked(if_modified_since="Thu, 99 Jan 1970 00:00:05 GMT"), WHOLE),
        (Asked(range="bytes=0-0", if_range=TAG), PART),
        (Asked(range="bytes=0-0", if_range=f"W/{TAG}"), WHOLE),
        (Asked(range="bytes=0-0", if_range='"other"'), WHOLE),
        (Asked(range="bytes=0-0", if_range=DAY), PART),
        (Asked(range="bytes=0-0", if_range=AFTER), WHOLE),
        (Asked(range="bytes=0-0", if_range="nonsense"), WHOLE),
        (Asked(range="bytes=5000-", if_range='"other"'), WHOLE),
        (Asked(if_match=TAG), WHOLE),
        (Asked(if_match="*"), WHOLE),
        (Asked(if_match=f"W/{TAG}"), Choice(412)),
        (Asked(if_match='"other"'), Choice(412)),
        (Asked(if_unmodified_since=DAY), WHOLE),
        (Asked(if_unmodified_since=BEFORE), Choice(412)),
        (Asked(if_match=TAG, if_unmodified_since=BEFORE), WHOLE),
    ],
)
def test_conditions_are_weighed_in_the_order_of_the_standard(asked: Asked, expected: Choice) -> None:
    assert choose(asked, size=1000, etag=TAG, modified_s=5) == expected


class SlowDisk(Disk):
    """A disk that knows what is in memory only where told, and that stops until `go` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()
        self.go.set()
        self.is_cold = False
        self.can_tell = True
        self.error: OSError | None = None
        self.read_on: set[str] = set()
        self.entered = threading.Event()

    def _wait(self) -> None:
        self.read_on.add(threading.current_thread().name.split("_")[0])
        self.entered.set()
        self.go.wait(10)
        if self.error is not None:
            raise self.error

    def open(self, path: str) -> tuple[int, os.stat_result]:
        self._wait()
        return super().open(path)

    def read_now(self, fd: int, offset: int, buffer: bytearray) -> int:
        if not self.can_tell:
            raise OSError(errno.EOPNOTSUPP, "no")
        if self.is_cold:
            raise BlockingIOError
        return super().read_now(fd, offset, buffer)

    def read(self, fd: int, offset: int, count: int) -> bytes:
        self._wait()
        return super().read(fd, offset, count)

    def fill(self, fd: int, offset: int, count: int) -> None:
        self._wait()
        super().fill(fd, offset, count)


class House:
    """A server that sends one file, and a client."""

    def __init__(self, files: OpenFiles, url: URL, client: ClientSession, file: Path) -> None:
        self.files, self.url, self.client, self.file = files, url, client, file
        self.content = file.read_bytes()
        self.seen: list[tuple[int, int]] = []

    def get(self, *, method: str = "GET", **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.request(method, self.url, headers=named)


Open = Callable[..., Awaitable[House]]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Open]:
    async with contextlib.AsyncExitStack() as stack:

        async def build(
            content: bytes = b"0123456789",
            *,
            name: str = "Amélie 1.mkv",
            disk: Disk | None = None,
            limit_s: float = 5.0,
            tls: ssl.SSLContext | None = None,
            **options: Any,
        ) -> House:
            file = tmp_path / name
            file.write_bytes(content)
            files = await stack.enter_async_context(OpenFiles(disk=disk, limit_s=limit_s, idle_s=0.05))

            async def handle(request: web.Request) -> web.StreamResponse:
                return await send_file(request, file, **({"content_type": "video/x-matroska"} | options))

            app = web.Application(middlewares=[edge])
            app.on_response_prepare.append(dress)
            app[OPEN_FILES] = files
            app.router.add_get("/file", handle)
            app[OBSERVERS] = []
            # Not aiohttp's TestServer: that one cancels the handler when a reader leaves, the real server does not.
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
            url = URL.build(
                scheme="https" if tls else "http", host="127.0.0.1", port=runner.addresses[0][1], path="/file"
            )
            client = await stack.enter_async_context(ClientSession(connector=TCPConnector(ssl=False)))
            built = House(files, url, client, file)
            app[OBSERVERS].append(lambda _, status, size, __: built.seen.append((status, size)))
            return built

        yield build


def some(length: int) -> bytes:
    return (bytes(index * 7 % 251 for index in range(1024)) * (length // 1024 + 1))[:length]


async def test_whole_file_comes_with_all_its_headers(house: Open) -> None:
    home = await house()
    facts = home.file.stat()

    async with home.get() as answer:
        assert answer.status == 200
        assert await answer.read() == home.content
        assert answer.headers["Content-Type"] == "video/x-matroska"
        assert answer.headers["Content-Length"] == "10"
        assert answer.headers["Accept-Ranges"] == "bytes"
        assert answer.headers["ETag"] == f'"10-{facts.st_mtime_ns}"'
        assert answer.headers["Last-Modified"] == email.utils.formatdate(int(facts.st_mtime), usegmt=True)
        assert answer.headers["Content-Disposition"] == "inline; filename*=UTF-8''Am%C3%A9lie%201.mkv"
        assert answer.headers["Cache-Control"] == "private, no-transform"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("size", [10, BIG], ids=["small", "large"])
@pytest.mark.parametrize(
    ("header", "status", "part"),
    [
        ("bytes=2-5", 206, slice(2, 6)),
        ("bytes=4-", 206, slice(4, None)),
        ("bytes=-3", 206, slice(-3, None)),
        ("bytes=0-", 206, slice(None)),
        ("bytes=1-2,4-5", 200, slice(None)),
        ("bytes=5-2", 200, slice(None)),
        ("bytes=x", 200, slice(None)),
    ],
)
async def test_parts_are_the_bytes_of_the_file(house: Open, size: int, header: str, status: int, part: slice) -> None:
    home = await house(some(size))

    async with home.get(Range=header) as answer:
        body = await answer.read()

    assert answer.status == status
    assert body == home.content[part]
    if status == 206:
        start = home.content.index(body) if size == 10 else part.indices(size)[0]
        assert answer.headers["Content-Range"] == f"bytes {start}-{start + len(body) - 1}/{size}"


async def test_several_parts_on_one_connection_do_not_mix(house: Open) -> None:
    home = await house(some(BIG))

    for start in (0, 1_000_000, 5, 2_000_000):
        async with home.get(Range=f"bytes={start}-{start + 999_999}") as answer:
            assert await answer.read() == home.content[start : start + 1_000_000]


async def test_start_beyond_the_end_is_refused_in_the_one_error_body(house: Open) -> None:
    home = await house()

    async with home.get(Range="bytes=10-") as answer:
        assert answer.status == 416
        assert answer.headers["Content-Range"] == "bytes */10"
        body = await answer.json()
        assert body["code"] == "range_not_satisfiable"
        assert body["statusCode"] == 416


async def test_two_range_headers_are_several_ranges(house: Open) -> None:
    home = await house()
    headers = [("Range", "bytes=0-1"), ("Range", "bytes=3-4")]

    async with home.client.get(home.url, headers=headers) as answer:
        assert answer.status == 200


async def test_known_tag_is_answered_without_a_body(house: Open) -> None:
    home = await house()
    async with home.get() as first:
        tag = first.headers["ETag"]

    async with home.get(If_None_Match=tag) as answer:
        assert answer.status == 304
        assert await answer.read() == b""
        assert answer.headers["ETag"] == tag
        assert answer.headers["Cache-Control"] == "private, no-transform"


@pytest.mark.parametrize("size", [0, 10, BIG])
async def test_head_tells_the_size_and_sends_nothing(house: Open, size: int) -> None:
    home = await house(some(size))

    async with home.get(method="HEAD") as answer:
        assert answer.status == 200
        assert answer.headers["Content-Length"] == str(size)
        assert await answer.read() == b""
    if size:
        async with home.get(method="HEAD", Range="bytes=1-3") as answer:
            assert answer.status == 206
            assert answer.headers["Content-Length"] == "3"


async def test_empty_file_is_an_empty_answer(house: Open) -> None:
    home = await house(b"")

    async with home.get() as answer:
        assert answer.status == 200
        assert await answer.read() == b""


async def test_what_can_run_script_is_shut_in(house: Open) -> None:
    page = await house(content_type="text/html", name="a.html")
    picture = await house(content_type="image/svg+xml", name="a.svg")

    async with page.get() as answer:
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["Content-Disposition"].startswith("attachment;")
    async with picture.get() as answer:
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["Content-Disposition"].startswith("inline;")


async def test_callers_words_replace_the_files_own(house: Open) -> None:
    home = await house(
        disposition="attachment",
        filename='a"b\n.mp4',
        etag='"x"',
        last_modified=5,
        cache_control="no-store",
        headers={"X-A": "1"},
    )

    async with home.get() as answer:
        assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''a%22b%0A.mp4"
        assert answer.headers["ETag"] == '"x"'
        assert answer.headers["Last-Modified"] == DAY
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-A"] == "1"


async def test_file_that_is_gone_says_so(house: Open) -> None:
    home = await house()
    home.file.unlink()

    async with home.get() as answer:
        assert answer.status == 404
        assert (await answer.json())["code"] == "file_missing"


async def test_folders_and_pipes_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    async with OpenFiles() as files:
        for path in (tmp_path, tmp_path / "pipe", tmp_path / "a" / "b", Path("a\0b"), tmp_path / ("x" * 300)):
            with pytest.raises(NotFound):
                await files.acquire(str(path))


async def test_replaced_file_is_noticed(house: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    home = await house()
    monkeypatch.setattr("homemedia.core.http.openfiles._FRESH_S", -1.0)
    async with home.get() as answer:
        before = answer.headers["ETag"]
    new = home.file.with_name("new")
    new.write_bytes(b"another film")
    new.replace(home.file)

    async with home.get(Range="bytes=0-6", If_Range=before) as answer:
        assert answer.status == 200
        assert await answer.read() == b"another film"


async def test_one_descriptor_serves_all_readers_and_is_closed_after(house: Open) -> None:
    home = await house(some(BIG))

    async def read() -> bytes:
        async with home.get() as answer:
            return bytes(await answer.read())

    assert set(await asyncio.gather(*(read() for _ in range(10)))) == {home.content}
    assert home.files.open_count <= 1
    async with asyncio.timeout(PATIENCE_S):
        await home.files.all_closed()
    assert not open_paths(home.file)


def open_paths(file: Path) -> list[str]:
    found = []
    for entry in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            found.append(str(entry.readlink()))
    return [path for path in found if path == str(file)]


@pytest.mark.parametrize("how", ["reset", "closed", "half"])
async def test_reader_that_leaves_frees_its_file_and_is_no_fault(
    house: Open, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    home = await house(some(64 * 1024 * 1024))
    loop = asyncio.get_running_loop()
    reader = socket.create_connection((home.url.host, home.url.port))
    reader.setblocking(False)
    await loop.sock_sendall(reader, b"GET /file HTTP/1.1\r\nHost: a\r\n\r\n")
    await loop.sock_recv(reader, 1000)
    assert home.files.open_count == 1

    if how == "half":
        reader.shutdown(socket.SHUT_WR)
    elif how == "reset":
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        reader.close()
    else:
        reader.close()

    async with asyncio.timeout(PATIENCE_S):
        await home.files.all_closed()
    reader.close()
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


async def test_reader_that_leaves_a_cold_disk_is_let_go(house: Open) -> None:
    disk = SlowDisk()
    home = await house(some(BIG), disk=disk, limit_s=60)
    disk.is_cold = True
    async with home.get(method="HEAD"):
        pass
    disk.go.clear()
    disk.entered.clear()
    reader = socket.create_connection((home.url.host, home.url.port))
    reader.sendall(b"GET /file HTTP/1.1\r\nHost: a\r\n\r\n")
    while not disk.entered.is_set():
        await asyncio.sleep(0)
    left = asyncio.Event()
    home.seen = Seen(left)

    reader.close()

    async with asyncio.timeout(PATIENCE_S):
        await left.wait()
    disk.go.set()
    async with asyncio.timeout(PATIENCE_S):
        await home.files.all_closed()


class Seen(list[tuple[int, int]]):
    """A list that rings when something is added."""

    def __init__(self, rings: asyncio.Event) -> None:
        super().__init__()
        self._rings = rings

    def append(self, value: tuple[int, int]) -> None:
        super().append(value)
        self._rings.set()


@pytest.mark.parametrize("can_tell", [True, False], ids=["local disk", "network disk"])
@pytest.mark.parametrize("size", [1000, BIG], ids=["small", "large"])
async def test_cold_bytes_are_fetched_by_a_thread(house: Open, can_tell: bool, size: int) -> None:  # noqa: FBT001
    disk = SlowDisk()
    disk.is_cold, disk.can_tell = True, can_tell
    home = await house(some(size), disk=disk)

    async with home.get() as answer:
        assert await answer.read() == home.content

    assert disk.read_on == {"ranges"}


@pytest.mark.parametrize("size", [1000, BIG], ids=["small", "large"])
async def test_disk_that_hangs_on_the_first_bytes_is_unavailable(house: Open, size: int) -> None:
    disk = SlowDisk()
    home = await house(some(size), disk=disk, limit_s=0.05)
    async with home.get(method="HEAD") as answer:
        assert answer.status == 200
    disk.is_cold = True
    disk.go.clear()

    async with home.get() as answer:
        assert answer.status == 503
        assert answer.headers["Retry-After"] == "10"
        assert (await answer.json())["code"] == "storage_unavailable"
    disk.go.set()


async def test_disk_that_hangs_at_opening_is_unavailable_and_leaks_nothing(house: Open) -> None:
    disk = SlowDisk()
    disk.go.clear()
    home = await house(disk=disk, limit_s=0.05)

    async with home.get() as answer:
        assert answer.status == 503
    disk.go.set()

    # The lane ends when the late call has come back; what it brought must be closed by then.
    await home.files.__aexit__()
    await home.files.all_closed()
    assert not open_paths(home.file)


async def test_dead_disk_leaves_the_others_their_turn(tmp_path: Path) -> None:
    disk = SlowDisk()
    disk.go.clear()
    dead, living = Path("/mnt/nas/films/a.mkv"), tmp_path / "b.mkv"
    living.write_bytes(b"b")
    async with OpenFiles(disk=disk, limit_s=0.05) as files:
        answers = await asyncio.gather(*(files.acquire(str(dead)) for _ in range(20)), return_exceptions=True)
        assert all(isinstance(answer, Unavailable) for answer in answers)
        disk.open = Disk().open  # type: ignore[method-assign]

        handle = await files.acquire(str(living))

        assert handle.size == 1
        files.release(handle)
        disk.go.set()


@pytest.mark.parametrize(
    ("error", "status"),
    [(errno.ENOENT, 404), (errno.EACCES, 503), (errno.EIO, 503), (errno.ESTALE, 503), (errno.EMFILE, 503)],
)
async def test_refusal_of_the_disk_is_put_in_words(house: Open, error: int, status: int) -> None:
    disk = SlowDisk()
    disk.error = OSError(error, "no")
    home = await house(disk=disk)

    async with home.get() as answer:
        assert answer.status == status


async def test_disk_that_fails_in_the_middle_breaks_the_connection(house: Open) -> None:
    disk = SlowDisk()
    home = await house(some(BIG), disk=disk)
    disk.can_tell = False
    original = disk.fill

    def fail_later(fd: int, offset: int, count: int) -> None:
        if offset:
            raise OSError(errno.EIO, "bad sector")
        original(fd, offset, count)

    disk.fill = fail_later  # type: ignore[method-assign]

    async with home.get() as answer:
        assert answer.status == 200
        with pytest.raises(Exception, match=r"payload|closed|reset"):
            await answer.read()


async def test_file_cut_short_while_sent_breaks_the_connection(house: Open) -> None:
    home = await house(some(BIG))
    async with home.get(method="HEAD"):
        os.truncate(home.file, 1_000_000)

    async with home.get() as answer:
        with pytest.raises(Exception, match=r"payload|closed|reset"):
            await answer.read()


async def test_log_of_requests_hears_of_the_bytes_sent(house: Open) -> None:
    home = await house(some(BIG))

    async with home.get() as answer:
        await answer.read()

    status, size = home.seen[0]
    assert status == 200
    assert size >= BIG


async def test_nothing_uses_the_default_executor(house: Open) -> None:
    home = await house(some(BIG), disk=(disk := SlowDisk()))
    disk.is_cold = True

    async with home.get() as answer:
        await answer.read()

    assert asyncio.get_running_loop()._default_executor is None  # type: ignore[attr-defined]


async def test_parts_come_whole_under_tls_without_the_default_executor(house: Open, tmp_path: Path) -> None:
    home = await house(some(BIG), tls=server_tls(tmp_path))

    async with home.get(Range="bytes=5-2000000") as answer:
        assert await answer.read() == home.content[5:2000001]
    async with home.get(Range="bytes=-3") as answer:
        assert await answer.read() == home.content[-3:]
    assert asyncio.get_running_loop()._default_executor is None  # type: ignore[attr-defined]


async def test_without_sendfile_the_bytes_are_the_same(house: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("homemedia.core.http.ranges._CAN_SENDFILE", False)
    monkeypatch.setattr("homemedia.core.http.openfiles._NOWAIT", 0)
    home = await house(some(BIG))

    async with home.get(Range="bytes=5-") as answer:
        assert await answer.read() == home.content[5:]


def server_tls(place: Path) -> ssl.SSLContext:
    from datetime import UTC, datetime, timedelta  # noqa: PLC0415

    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = x509.CertificateBuilder(
        name, name, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=1)
    ).sign(key, hashes.SHA256())
    (place / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (place / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(place / "cert.pem", place / "key.pem")
    return context


async def test_file_that_is_not_admitted_counts_as_missing_and_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "film.mkv"
    path.write_bytes(b"x")
    closed: list[int] = []

    class Watched(Disk):
        def close(self, fd: int) -> None:
            closed.append(fd)
            super().close(fd)

    async with OpenFiles(disk=Watched()) as files:
        with pytest.raises(NotFound) as refused:
            await files.acquire(str(path), lambda facts: facts.st_size > 1)
        handle = await files.acquire(str(path), lambda facts: facts.st_size == 1)
        files.release(handle)

    assert refused.value.code == "file_missing"
    assert len(closed) == 2
