"""HTTPS beside plain HTTP: switched on and off, kept good by itself, never a reason for the server not to answer."""

import asyncio
import contextlib
import errno
import socket
import ssl
import warnings
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from cryptography.hazmat.primitives import serialization

from homemedia.accounts import Member, MemberState
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.problems import Conflict, NotFound, StartRefused, Unavailable
from homemedia.schema import migrate
from homemedia.serve import bind
from homemedia.server.https import door
from homemedia.server.https.authority import Names, facts_of, make_authority, make_leaf
from homemedia.server.https.door import Https

TAKEN = "Port 8443 is taken by another program. The setting server.tls_port names another one."
DAY_MS = 86_400_000
BOSS = Member(
    user_id="1",
    username="ann",
    display_name="Ann",
    email=None,
    is_admin=True,
    state=MemberState.ACTIVE,
    sees_all_libraries=True,
    session_id="",
    created_at=0,
    last_seen_at=None,
    expires_at=None,
    has_password=True,
)


class MovedClock(Clock):
    """The real time and something on top of it: OpenSSL knows no other clock."""

    by_ms = 0

    def now_ms(self) -> int:
        return super().now_ms() + self.by_ms


class Bench:
    """A server with one plain page, and HTTPS to be tried on it."""

    def __init__(self, folder: Path, db: Database, runner: web.AppRunner) -> None:
        self.folder = folder
        self.keys = folder / "keys"
        self.db = db
        self.runner = runner
        self.clock = MovedClock()
        self.names = Names(("attic.local",), ("127.0.0.1",))
        self.bound: list[int] = []
        self.refusal: StartRefused | None = None

    @contextlib.asynccontextmanager
    async def https(self, certificate: Path | None = None, key: Path | None = None) -> AsyncIterator[Https]:
        made = Https(
            self.db,
            self.keys,
            certificate=str(certificate or ""),
            key=str(key or ""),
            port=0,
            host="127.0.0.1",
            names=lambda: self.names,
            house=lambda: "Attic",
            clock=self.clock,
        )
        async with made:
            await made.attach(self.runner, self._bind)
            try:
                yield made
            finally:
                await made.detach()

    def _bind(self, host: str, port: int) -> list[socket.socket]:
        if self.refusal is not None:
            raise self.refusal
        sockets = bind(host, port)
        self.bound.append(sockets[0].getsockname()[1])
        return sockets

    def own_files(self, *hosts: str, name: str = "own") -> tuple[Path, Path]:
        now = self.clock.now_ms()
        signer = make_authority("Town hall", Names(hosts, ()), now=now)
        leaf = make_leaf(signer, Names(hosts, ()), now=now)
        certificate, key = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        certificate.write_bytes(leaf.certificate)
        key.write_bytes(leaf.key)
        (self.folder / f"{name}-ca.pem").write_bytes(signer.certificate)
        return certificate, key

    async def get(self, https: Https, trusted: bytes | None = None, *, host: str = "localhost") -> tuple[str, bytes]:
        """The page over HTTPS and the certificate that was shown; checked against `trusted` (PEM)."""
        trusted = trusted or (self.keys / "https-authority.pem").read_bytes()
        context = ssl.create_default_context(cadata=trusted.decode())
        reader, writer = await asyncio.open_connection("127.0.0.1", https.port, ssl=context, server_hostname=host)
        try:
            shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            body = (await reader.read()).rpartition(b"\r\n\r\n")[2].decode()
        finally:
            writer.close()
            await writer.wait_closed()
        return body, shown


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    migrate(tmp_path / "home.db", tmp_path / "backups")
    (tmp_path / "keys").mkdir()
    db = await Database.open(tmp_path / "home.db")

    async def page(request: web.Request) -> web.Response:
        return web.Response(text=f"secure={request.secure}")

    app = web.Application()
    app.router.add_get("/", page)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        yield Bench(tmp_path, db, runner)
    finally:
        await runner.cleanup()
        await db.close()


async def test_it_is_off_until_somebody_switches_it_on(bench: Bench) -> None:
    async with bench.https() as https:
        status = await https.status()

        assert (status.is_wanted, status.port, status.certificate, status.urls) == (False, None, None, ())
        assert bench.bound == []
        assert list(bench.keys.iterdir()) == []
        with pytest.raises(NotFound) as refusal:
            await https.authority()
        assert refusal.value.code == "no_authority"


async def test_switched_on_it_answers_at_once_with_a_certificate_of_its_own(bench: Bench) -> None:
    async with bench.https() as https:
        status = await https.switch(is_on=True, by=BOSS)

        body, _ = await bench.get(https)
        assert body == "secure=True"
        assert (await bench.get(https, host="attic.local"))[0] == "secure=True"
        assert (status.port, status.problem, status.is_fixed) == (https.port, None, False)
        assert status.urls == (f"https://attic.local:{https.port}", f"https://127.0.0.1:{https.port}")
        assert all(file.stat().st_mode & 0o077 == 0 for file in bench.keys.iterdir())


async def test_switched_off_it_answers_no_more(bench: Bench) -> None:
    async with bench.https() as https:
        port = (await https.switch(is_on=True, by=BOSS)).port

        status = await https.switch(is_on=False, by=BOSS)

        assert (status.is_wanted, status.port) == (False, None)
        with pytest.raises(OSError):  # noqa: PT011 - refused
            await asyncio.open_connection("127.0.0.1", port)


async def test_it_comes_back_with_the_same_certificate_after_a_restart(bench: Bench) -> None:
    async with bench.https() as https:
        await https.switch(is_on=True, by=BOSS)
        _, before = await bench.get(https)

    async with bench.https() as https:
        _, after = await bench.get(https)

    assert after == before


async def test_new_name_is_in_the_certificate_without_a_restart(bench: Bench) -> None:
    async with bench.https() as https:
        await https.switch(is_on=True, by=BOSS)
        trusted = (bench.keys / "https-authority.pem").read_bytes()
        with pytest.raises(ssl.SSLCertVerificationError):
            await bench.get(https, host="loft.local")

        bench.names = Names(("loft.local",), ("127.0.0.1",))
        await https.look()

        assert (await bench.get(https, trusted, host="loft.local"))[0] == "secure=True"


async def test_name_the_authority_may_not_sign_is_told(bench: Bench) -> None:
    async with bench.https() as https:
        await https.switch(is_on=True, by=BOSS)
        bench.names = Names(("nas.example.org",), ("127.0.0.1", "203.0.113.7"))
        await https.look()

        told = (await https.status()).uncovered
        after = (await https.renew_authority()).uncovered

        assert told == Names(("nas.example.org",), ("203.0.113.7",))
        assert after == Names((), ())


async def test_certificate_is_made_anew_before_its_end(bench: Bench) -> None:
    async with bench.https() as https:
        await https.switch(is_on=True, by=BOSS)
        authority = (bench.keys / "https-authority.pem").read_bytes()
        before = (bench.keys / "https.pem").read_bytes()

        bench.clock.by_ms = 330 * DAY_MS
        await https.look()
        assert (bench.keys / "https.pem").read_bytes() == before
        bench.clock.by_ms = 340 * DAY_MS
        await https.look()

        assert (bench.keys / "https.pem").read_bytes() != before
        assert (bench.keys / "https-authority.pem").read_bytes() == authority
        assert (await https.status()).problem is None


async def test_end_of_what_devices_installed_is_told_and_then_made_anew(bench: Bench) -> None:
    async with bench.https() as https:
        await https.switch(is_on=True, by=BOSS)
        authority = (bench.keys / "https-authority.pem").read_bytes()

        bench.clock.by_ms = 3600 * DAY_MS
        await https.look()
        told = (await https.status()).problem
        leaf = (bench.keys / "https.pem").read_bytes()
        await https.look()

        assert told is not None
        assert "two months" in told
        # It cannot last longer than its authority, so that it is not made again with every look.
        assert (bench.keys / "https.pem").read_bytes() == leaf
        bench.clock.by_ms = 3651 * DAY_MS
        await https.look()
        assert (bench.keys / "https-authority.pem").read_bytes() != authority
        assert (await https.status()).problem is None


async def test_new_authority_is_not_trusted_by_the_old(bench: Bench) -> None:
    async with bench.https() as https:
        await https.switch(is_on=True, by=BOSS)
        old = (bench.keys / "https-authority.pem").read_bytes()
        handed_out = await https.authority()

        await https.renew_authority()

        with pytest.raises(ssl.SSLCertVerificationError):
            await bench.get(https, old)
        assert (await bench.get(https))[0] == "secure=True"
        assert await https.authority() != handed_out


@pytest.mark.parametrize("lost", ["https.pem", "https.key", "https-authority.key", "https-authority.pem"])
@pytest.mark.parametrize("damage", [None, b"", b"\0" * 300], ids=["gone", "empty", "zeros"])
async def test_lost_or_damaged_file_is_made_anew(bench: Bench, lost: str, damage: bytes | None) -> None:
    async with bench.https() as https:
        await https.switch(is_on=True, by=BOSS)
    if damage is None:
        (bench.keys / lost).unlink()
    else:
        (bench.keys / lost).write_bytes(damage)

    async with bench.https() as https:
        assert (await bench.get(https))[0] == "secure=True"


async def test_taken_port_is_told_and_tried_again(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.refusal = StartRefused("Port 8443 is taken by another program. The next free one is 8444.")
    async with bench.https() as https:
        status = await https.switch(is_on=True, by=BOSS)
        await https.look()

        assert (status.is_wanted, status.port) == (True, None)
        assert status.problem == TAKEN
        assert caplog.text.count("is taken by another program") == 1
        bench.refusal = None
        await https.look()
        assert (await https.status()).problem is None
        assert (await bench.get(https))[0] == "secure=True"


async def test_taken_port_keeps_no_server_from_starting(bench: Bench) -> None:
    async with bench.https() as https:
        await https.switch(is_on=True, by=BOSS)
    bench.refusal = StartRefused("Port 8443 is taken by another program. The next free one is 8444.")

    async with bench.https() as https:
        assert (await https.status()).problem == TAKEN


async def test_machine_without_a_clock_signs_nothing(bench: Bench) -> None:
    bench.clock.by_ms = -bench.clock.now_ms()
    async with bench.https() as https:
        with pytest.raises(Unavailable) as refusal:
            await https.switch(is_on=True, by=BOSS)

        assert refusal.value.code == "wrong_clock"
        assert (await https.status()).is_wanted is False


async def test_folder_that_cannot_be_written_switches_nothing_on(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("homemedia.server.https.certificates.write_whole", full)
    async with bench.https() as https:
        with pytest.raises(Unavailable) as refusal:
            await https.switch(is_on=True, by=BOSS)

        assert refusal.value.code == "https_not_kept"
        assert "No space left" in refusal.value.message
        assert (await https.status()).is_wanted is False


async def test_files_of_ones_own_are_used_and_nothing_is_switched(bench: Bench) -> None:
    files = bench.own_files("films.local", "films.example.org")
    trusted = (bench.folder / "own-ca.pem").read_bytes()
    async with bench.https(*files) as https:
        status = await https.status()

        assert (await bench.get(https, trusted, host="films.example.org"))[0] == "secure=True"
        assert (status.is_wanted, status.is_fixed, status.authority) == (True, True, None)
        assert status.urls[:2] == (f"https://films.local:{https.port}", f"https://films.example.org:{https.port}")
        assert list(bench.keys.iterdir()) == []
        for attempt in (https.switch(is_on=False, by=BOSS), https.renew_authority()):
            with pytest.raises(Conflict) as refusal:
                await attempt
            assert refusal.value.code == "https_fixed"


async def test_renewed_files_are_read_without_a_restart(bench: Bench) -> None:
    files = bench.own_files("films.local")
    async with bench.https(*files) as https:
        newer = bench.own_files("films.local", name="newer")
        for old, new in zip(files, newer, strict=True):
            new.replace(old)
        await https.look()

        assert (await bench.get(https, (bench.folder / "newer-ca.pem").read_bytes(), host="films.local"))[0]


async def test_half_renewed_files_leave_the_old_ones_in_use(bench: Bench) -> None:
    files = bench.own_files("films.local")
    trusted = (bench.folder / "own-ca.pem").read_bytes()
    async with bench.https(*files) as https:
        newer = bench.own_files("films.local", name="newer")
        newer[0].replace(files[0])
        await https.look()

        problem = (await https.status()).problem
        assert problem is not None
        assert "does not belong to the certificate" in problem
        assert (await bench.get(https, trusted, host="films.local"))[0] == "secure=True"


async def test_files_that_end_soon_are_told(bench: Bench) -> None:
    files = bench.own_files("films.local")
    async with bench.https(*files) as https:
        for days, words in ((380, None), (390, "within two weeks"), (400, "has ended")):
            bench.clock.by_ms = days * DAY_MS
            problem = (await https.status()).problem
            assert (words is None and problem is None) or (words or "") in (problem or "")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda certificate, _key: certificate.unlink(), "cannot be read: No such file"),
        (lambda _certificate, key: key.unlink(), "cannot be read: No such file"),
        (lambda certificate, _key: certificate.write_text("hello"), "no certificate and key in PEM form"),
        (lambda certificate, key: key.write_bytes(certificate.read_bytes()), "no certificate and key in PEM form"),
        (lambda certificate, _key: (certificate.unlink(), certificate.mkdir()), "cannot be read: Is a directory"),
    ],
    ids=["no certificate", "no key", "no PEM", "certificate twice", "folder"],
)
async def test_files_that_cannot_be_used_end_the_start_with_a_reason(
    bench: Bench, spoil: Callable[[Path, Path], object], words: str
) -> None:
    certificate, key = bench.own_files("films.local")
    spoil(certificate, key)

    with pytest.raises(StartRefused, match=words):
        async with bench.https(certificate, key):
            pass


async def test_key_with_a_password_asks_no_terminal(bench: Bench) -> None:
    certificate, key = bench.own_files("films.local")
    loaded = serialization.load_pem_private_key(key.read_bytes(), None)
    key.write_bytes(
        loaded.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"secret"),
        )
    )

    with pytest.raises(StartRefused, match="the key has a password"):
        async with bench.https(certificate, key):
            pass


async def test_taken_port_ends_a_start_with_files_of_ones_own(bench: Bench) -> None:
    bench.refusal = StartRefused("Port 8443 is taken by another program. The next free one is 8444.")

    with pytest.raises(StartRefused, match="taken by another program"):
        async with bench.https(*bench.own_files("films.local")):
            pass


async def test_what_is_no_tls_neither_gets_in_nor_fills_the_log(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    async with bench.https() as https:
        await https.switch(is_on=True, by=BOSS)
        caplog.clear()
        for sent in (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01\xff\xff" + b"\0" * 50, b""):
            reader, writer = await asyncio.open_connection("127.0.0.1", https.port)
            writer.write(sent)
            with contextlib.suppress(OSError):
                writer.write_eof()
                assert b"secure" not in await reader.read()
            writer.close()

        assert (await bench.get(https))[0] == "secure=True"
        assert [record for record in caplog.records if record.levelname in {"WARNING", "ERROR"}] == []


async def test_old_versions_of_tls_are_refused(bench: Bench) -> None:
    async with bench.https() as https:
        await https.switch(is_on=True, by=BOSS)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings(action="ignore"):
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1

        with pytest.raises((ssl.SSLError, OSError)):
            await asyncio.open_connection("127.0.0.1", https.port, ssl=context, server_hostname="localhost")


async def test_many_switches_at_once_leave_one_listener(bench: Bench) -> None:
    async with bench.https() as https:
        await asyncio.gather(*(https.switch(is_on=True, by=BOSS) for _ in range(6)))

        assert len(bench.bound) == 1
        assert (await bench.get(https))[0] == "secure=True"


async def test_renewing_what_is_off_is_refused(bench: Bench) -> None:
    async with bench.https() as https:
        with pytest.raises(Conflict) as refusal:
            await https.renew_authority()

    assert refusal.value.code == "https_off"


async def test_looking_goes_on_by_itself(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "FIRST_LOOK_S", 0.01)
    monkeypatch.setattr(door, "LOOK_EVERY_S", 0.01)
    async with bench.https() as https:
        await https.switch(is_on=True, by=BOSS)
        before = (bench.keys / "https.pem").read_bytes()

        bench.names = Names(("loft.local",), ())
        async with asyncio.timeout(10):
            while (bench.keys / "https.pem").read_bytes() == before:
                await asyncio.sleep(0.01)

        assert "loft.local" in facts_of((bench.keys / "https.pem").read_bytes()).names.hosts


async def test_client_of_the_house_reads_pages_over_it(bench: Bench) -> None:
    async with bench.https() as https, ClientSession() as client:
        await https.switch(is_on=True, by=BOSS)
        context = ssl.create_default_context(cafile=bench.keys / "https-authority.pem")

        async with client.get(f"https://localhost:{https.port}/", ssl=context) as answer:
            assert await answer.text() == "secure=True"
