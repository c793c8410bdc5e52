"""The household's own authority: devices that installed it trust this machine's names, and nothing of the internet."""

import contextlib
import ssl
from pathlib import Path

import pytest

from homemedia.core.clock import now_ms
from homemedia.server.https import authority as made
from homemedia.server.https.authority import Names, Pair, covered, facts_of, make_authority, make_leaf

NOW = 1_767_225_600_000
DAY_MS = 86_400_000
NAMES = Names(("attic.local", "pi.fritz.box", "nas.example.org"), ("192.168.1.20", "fd00::20", "203.0.113.7"))


@pytest.fixture(scope="module")
def authority() -> Pair:
    return make_authority("Attic", NAMES, now=NOW)


def shake_hands(folder: Path, leaf: Pair, trusted: bytes, host: str) -> None:
    """A TLS handshake in memory, checked as strictly as Python can. Raises ssl.SSLCertVerificationError."""
    (folder / "leaf.key").write_bytes(leaf.key)
    (folder / "leaf.pem").write_bytes(leaf.certificate)
    here = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    here.load_cert_chain(folder / "leaf.pem", folder / "leaf.key")
    there = ssl.create_default_context(cadata=trusted.decode())
    there.verify_flags |= ssl.VERIFY_X509_STRICT
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = here.wrap_bio(up, down, server_side=True)
    client = there.wrap_bio(down, up, server_hostname=host)
    for _ in range(4):
        for side in (client, server):
            with contextlib.suppress(ssl.SSLWantReadError):
                side.do_handshake()
    assert client.version() is not None


def now_pair() -> tuple[Pair, Pair]:
    """An authority and a certificate that are good at the test's real time."""
    signer = make_authority("Attic", NAMES, now=now_ms())
    return signer, make_leaf(signer, NAMES, now=now_ms())


@pytest.mark.parametrize("host", [*NAMES.hosts, *NAMES.addresses, "localhost", "127.0.0.1", "::1"])
def test_device_trusts_each_name_of_the_machine(tmp_path: Path, host: str) -> None:
    signer, leaf = now_pair()

    shake_hands(tmp_path, leaf, signer.certificate, host)


@pytest.mark.parametrize("host", ["other.local", "192.168.1.21", "bank.example"])
def test_device_trusts_it_for_nothing_else(tmp_path: Path, host: str) -> None:
    signer, leaf = now_pair()

    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(tmp_path, leaf, signer.certificate, host)


@pytest.mark.parametrize(
    "names",
    [
        Names(("bank.example",), ()),
        Names(("example.org",), ()),
        Names(("evil-local",), ()),
        Names((), ("198.51.100.9",)),
    ],
    ids=["bank", "parent", "look-alike", "address"],
)
def test_stolen_key_vouches_for_nothing_of_the_internet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: Names
) -> None:
    signer, _ = now_pair()
    monkeypatch.setattr(made, "covered", lambda _authority, wanted: wanted)
    forged = make_leaf(signer, Names(names.hosts or ("x.local",), names.addresses), now=now_ms())

    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        shake_hands(tmp_path, forged, signer.certificate, (names.hosts + names.addresses)[0])


def test_names_that_may_not_be_signed_are_left_out(authority: Pair) -> None:
    later = Names(("attic-2.local", "moved.example.org", "example.com"), ("192.168.7.7", "198.51.100.1"))

    kept = covered(authority.certificate, later)

    assert kept == Names(("attic-2.local", "localhost"), ("192.168.7.7", "127.0.0.1", "::1"))


def test_bare_name_permits_no_ending_of_the_internet() -> None:
    signer = make_authority("Attic", Names(("cloud", "dev"), ()), now=NOW)

    assert covered(signer.certificate, Names(("cloud", "x.cloud", "app.dev"), ())).hosts == ("localhost",)


def test_certificate_says_who_and_for_how_long(authority: Pair) -> None:
    leaf = facts_of(make_leaf(authority, NAMES, now=NOW).certificate)
    signer = facts_of(authority.certificate)

    assert leaf.names == Names((*NAMES.hosts, "localhost"), (*NAMES.addresses, "127.0.0.1", "::1"))
    assert leaf.issuer == signer.subject
    assert signer.subject.startswith("HomeMedia of Attic ")
    # Apple's systems take no more than 825 days.
    assert (leaf.begins_at, leaf.ends_at) == (NOW - DAY_MS, NOW + 397 * DAY_MS)
    assert signer.ends_at == NOW + 3650 * DAY_MS


def test_certificate_lasts_no_longer_than_its_authority(authority: Pair) -> None:
    leaf = facts_of(make_leaf(authority, NAMES, now=NOW + 3600 * DAY_MS).certificate)

    assert leaf.ends_at == facts_of(authority.certificate).ends_at


def test_long_names_of_houses_are_cut() -> None:
    signer = make_authority("Ä" * 200, NAMES, now=NOW)

    assert len(facts_of(signer.certificate).subject.encode()) <= 64


def test_two_authorities_of_one_house_are_told_apart() -> None:
    first, second = (facts_of(make_authority("Attic", NAMES, now=NOW).certificate).subject for _ in range(2))

    assert first != second
