"""Keys and certificates on the disk, made when needed and made anew before they end. Blocking; no loop here."""

import ssl
from pathlib import Path

from homemedia.core.fs import write_whole
from homemedia.core.problems import Unavailable
from homemedia.server.https.authority import Names, Pair, covered, facts_of, make_authority, make_leaf

DAY_MS = 86_400_000
# A server that is on once in a while has two months to notice.
RENEWED_BEFORE_MS = 60 * DAY_MS
# 2025: a machine whose clock says less has lost it, and what it signed would have ended long ago.
EARLIEST_MS = 1_735_689_600_000


class CertificateError(Exception):
    """A certificate that cannot be used; the text is a sentence that tells why."""


class Made:
    """The authority and the certificate made here, in the folder of the server's keys."""

    def __init__(self, folder: Path) -> None:
        self._authority_key = folder / "https-authority.key"
        self._authority = folder / "https-authority.pem"
        self.key = folder / "https.key"
        self.certificate = folder / "https.pem"

    def authority(self) -> bytes | None:
        """The authority's certificate as PEM; None when none was made."""
        try:
            return self._authority.read_bytes()
        except FileNotFoundError:
            return None

    def keep(self, house: str, names: Names, *, now: int) -> bool:
        """Have a certificate for these names that lasts; whether a new one was made.

        An authority is made only where there is none, or where it has ended: each new one has to be installed on every
        device again.

        Raises:
            Unavailable: `wrong_clock`, `https_not_kept`.
        """
        if now < EARLIEST_MS:
            raise Unavailable(
                "The clock of this machine is wrong, so that nothing it signs would be taken. Set it, then try again.",
                code="wrong_clock",
            )
        try:
            return self._keep(house, names, now)
        except OSError as err:
            raise Unavailable(f"The certificate cannot be kept: {err.strerror}.", code="https_not_kept") from err

    def renew_authority(self, house: str, names: Names, *, now: int) -> None:
        """Make a new authority and a certificate by it. Raises as `keep`."""
        try:
            self._authority.unlink(missing_ok=True)
        except OSError as err:
            raise Unavailable(f"The certificate cannot be kept: {err.strerror}.", code="https_not_kept") from err
        self.keep(house, names, now=now)

    def _keep(self, house: str, names: Names, now: int) -> bool:
        pair = self._pair(now)
        if pair is None:
            pair = make_authority(house, names, now=now)
            # The key first: an authority whose key is missing is made anew, and nobody has installed it yet.
            write_whole(self._authority_key, pair.key)
            write_whole(self._authority, pair.certificate)
        elif self._lasts(pair, names, now):
            return False
        leaf = make_leaf(pair, names, now=now)
        write_whole(self.key, leaf.key)
        write_whole(self.certificate, leaf.certificate)
        return True

    def _pair(self, now: int) -> Pair | None:
        try:
            pair = Pair(self._authority_key.read_bytes(), self._authority.read_bytes())
            has_ended = facts_of(pair.certificate).ends_at <= now
        except (FileNotFoundError, ValueError):
            return None
        return None if has_ended or not _fits(self._authority_key, self._authority) else pair

    def _lasts(self, authority: Pair, names: Names, now: int) -> bool:
        """Whether the certificate there is is this authority's, for these names, and not near its end."""
        try:
            text = self.certificate.read_bytes()
            leaf = facts_of(text)
            ends_with_authority = leaf.ends_at >= facts_of(authority.certificate).ends_at
            is_near_end = leaf.ends_at - now < RENEWED_BEFORE_MS and not (ends_with_authority and leaf.ends_at > now)
            wanted = covered(authority.certificate, names)
            # More than is wanted is fine: an address that comes and goes must not make a new one each time.
            has_all = set(wanted.hosts) <= set(leaf.names.hosts) and set(wanted.addresses) <= set(leaf.names.addresses)
            is_of_authority = text.endswith(authority.certificate)
            return (
                has_all
                and is_of_authority
                and not is_near_end
                and leaf.begins_at <= now
                and _fits(self.key, self.certificate)
            )
        except (OSError, ValueError):
            return False


def fresh_context() -> ssl.SSLContext:
    """TLS as a server speaks it today, without a certificate yet."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    return context


def load(context: ssl.SSLContext, certificate: Path, key: Path) -> None:
    """Let `context` present what stands in two files, from its next connection on.

    Raises:
        CertificateError: they cannot be read, do not belong together, or the key wants a password; the context stays as
            it was.
    """
    _try(fresh_context(), certificate, key)
    _try(context, certificate, key)


def _try(context: ssl.SSLContext, certificate: Path, key: Path) -> None:
    for file in (certificate, key):
        try:
            with file.open("rb"):
                pass
        except OSError as err:
            raise CertificateError(f"{file} cannot be read: {err.strerror}.") from err
    try:
        # A password of our own: without one OpenSSL would ask the terminal for it and wait.
        context.load_cert_chain(certificate, key, password="")
    except ssl.SSLError as err:
        if err.reason == "KEY_VALUES_MISMATCH":
            raise CertificateError(f"The key {key} does not belong to the certificate {certificate}.") from err
        raise CertificateError(
            f"{certificate} and {key} are no certificate and key in PEM form, or the key has a password."
        ) from err
    except (OSError, ValueError) as err:
        raise CertificateError(f"{certificate} and {key} cannot be used: {err}.") from err


def _fits(key: Path, certificate: Path) -> bool:
    try:
        _try(fresh_context(), certificate, key)
    except CertificateError:
        return False
    return True
