"""The household's own small authority and the certificate it signs. Bytes in, bytes out: no files, no clock.

Threat: whoever installs the authority trusts everything it signs. So it may sign nothing but names and addresses that
only a home network has, and those this machine had when it was made (RFC 5280, 4.2.1.10): with its stolen key nobody
can pose as a bank. Chromium, Firefox, curl, iOS and macOS honour that.
"""

import ipaddress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from homemedia.core.ids import new_hex

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

AUTHORITY_DAYS = 3650
# Apple's systems take no longer one than 825 days; 398 is what browsers take of public authorities.
LEAF_DAYS = 397
# Clocks of small devices are wrong by hours at times.
BACKDATED = timedelta(days=1)
# Endings that no name server of the internet answers for.
HOME_DOMAINS = ("local", "lan", "home", "home.arpa", "internal", "intranet", "localdomain", "localhost", "fritz.box")
HOME_NETWORKS = (
    "127.0.0.0/8",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "::1/128",
    "fc00::/7",
)
ALWAYS_HOSTS, ALWAYS_ADDRESSES = ("localhost",), ("127.0.0.1", "::1")
MAX_NAME_BYTES = 64


class Names(msgspec.Struct, frozen=True):
    """What a certificate is for: names in lower case, addresses as text; both in a fixed order."""

    hosts: tuple[str, ...]
    addresses: tuple[str, ...]


class Pair(msgspec.Struct, frozen=True):
    """A private key and what belongs to it, in PEM: the certificate first, what signed it after it."""

    key: bytes
    certificate: bytes


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What a certificate says. Times in ms since 1970 UTC; the fingerprint is SHA-256 in hex."""

    names: Names
    subject: str
    issuer: str
    begins_at: int
    ends_at: int
    fingerprint: str


def make_authority(house: str, names: Names, *, now: int) -> Pair:
    """A new authority that may sign for this home, `names` among them."""
    from cryptography import x509  # noqa: PLC0415 - 8 MB that only HTTPS needs
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415

    key = _new_key()
    begins = _at(now)
    # The end tells two of one house apart.
    who = _name(_cut(f"HomeMedia of {house}", MAX_NAME_BYTES - 7).rstrip() + f" {new_hex(3)}")
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins - BACKDATED)
        .not_valid_after(begins + timedelta(days=AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.NameConstraints(_permitted(names), None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Pair(_key_text(key), _text(made))


def make_leaf(authority: Pair, names: Names, *, now: int) -> Pair:
    """A certificate for a server with these names, signed by `authority` and followed by it.

    Names that the authority may not sign are left out: with one of them no device would take the rest.
    """
    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415

    signer = x509.load_pem_x509_certificate(authority.certificate)
    signing_key = serialization.load_pem_private_key(authority.key, None)
    kept = covered(authority.certificate, names)
    key = _new_key()
    begins = _at(now)
    shown = next((host for host in kept.hosts if host not in ALWAYS_HOSTS), kept.hosts[0])
    made = (
        x509.CertificateBuilder()
        .subject_name(_name(_cut(shown, MAX_NAME_BYTES)))
        .issuer_name(signer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(max(begins - BACKDATED, signer.not_valid_before_utc))
        .not_valid_after(min(begins + timedelta(days=LEAF_DAYS), signer.not_valid_after_utc))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.SubjectAlternativeName(
                [
                    *(x509.DNSName(host) for host in kept.hosts),
                    *(x509.IPAddress(ipaddress.ip_address(address)) for address in kept.addresses),
                ]
            ),
            critical=False,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(_issuer_id(signer), critical=False)
        .sign(signing_key, hashes.SHA256())  # type: ignore[arg-type] # the key is one that we made
    )
    return Pair(_key_text(key), _text(made) + authority.certificate)


def covered(authority: bytes, names: Names) -> Names:
    """Those of `names` that an authority (PEM) may sign, with the ones every machine has for itself."""
    from cryptography import x509  # noqa: PLC0415

    signer = x509.load_pem_x509_certificate(authority)
    limits = signer.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    domains = [entry.value for entry in limits if isinstance(entry, x509.DNSName)]
    networks = [
        entry.value
        for entry in limits
        if isinstance(entry, x509.IPAddress) and isinstance(entry.value, ipaddress.IPv4Network | ipaddress.IPv6Network)
    ]
    hosts = [host for host in names.hosts if any(host == domain or host.endswith(f".{domain}") for domain in domains)]
    addresses = [
        address
        for address in names.addresses
        if any(_is_in(ipaddress.ip_address(address), network) for network in networks)
    ]
    return Names(tuple(dict.fromkeys([*hosts, *ALWAYS_HOSTS])), tuple(dict.fromkeys([*addresses, *ALWAYS_ADDRESSES])))


def facts_of(certificate: bytes) -> Facts:
    """What the first certificate of a PEM file says.

    Raises:
        ValueError: there is none, or it is damaged.
    """
    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415

    found = x509.load_pem_x509_certificate(certificate)
    try:
        told = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        names = Names((), ())
    else:
        names = Names(
            tuple(told.get_values_for_type(x509.DNSName)),
            tuple(str(address) for address in told.get_values_for_type(x509.IPAddress)),
        )
    return Facts(
        names=names,
        subject=_shown(found.subject),
        issuer=_shown(found.issuer),
        begins_at=_ms(found.not_valid_before_utc),
        ends_at=_ms(found.not_valid_after_utc),
        fingerprint=found.fingerprint(hashes.SHA256()).hex(),
    )


def as_der(certificate: bytes) -> bytes:
    """The first certificate of a PEM file in the form that every system installs from."""
    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415

    return x509.load_pem_x509_certificate(certificate).public_bytes(serialization.Encoding.DER)


def _new_key() -> "EllipticCurvePrivateKey":
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    return ec.generate_private_key(ec.SECP256R1())


def _permitted(names: Names) -> "list[x509.GeneralName]":
    from cryptography import x509  # noqa: PLC0415

    at_home = tuple(f".{domain}" for domain in HOME_DOMAINS)
    # A bare name is not one of them: of a machine called "cloud" it would permit all that ends in .cloud.
    domains = dict.fromkeys([*HOME_DOMAINS, *(one for one in names.hosts if "." in one and not one.endswith(at_home))])
    home = [ipaddress.ip_network(text) for text in HOME_NETWORKS]
    further = [
        ipaddress.ip_network(address)
        for address in names.addresses
        if not any(_is_in(ipaddress.ip_address(address), network) for network in home)
    ]
    return [*(x509.DNSName(domain) for domain in domains), *(x509.IPAddress(network) for network in [*home, *further])]


def _usage(*, signs: bool) -> "x509.KeyUsage":
    from cryptography import x509  # noqa: PLC0415

    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _issuer_id(signer: "x509.Certificate") -> "x509.AuthorityKeyIdentifier":
    from cryptography import x509  # noqa: PLC0415

    own = signer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own)


def _name(common: str) -> "x509.Name":
    from cryptography import x509  # noqa: PLC0415

    return x509.Name(
        [
            x509.NameAttribute(x509.oid.NameOID.ORGANIZATION_NAME, "HomeMedia"),
            x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, common),
        ]
    )


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore")


def _shown(name: "x509.Name") -> str:
    """The common name, or the whole where there is none."""
    from cryptography import x509  # noqa: PLC0415

    common = name.get_attributes_for_oid(x509.oid.NameOID.COMMON_NAME)
    return str(common[0].value) if common else name.rfc4514_string()


def _key_text(key: "EllipticCurvePrivateKey") -> bytes:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415

    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _text(certificate: "x509.Certificate") -> bytes:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415

    return certificate.public_bytes(serialization.Encoding.PEM)


def _is_in(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address, network: ipaddress.IPv4Network | ipaddress.IPv6Network
) -> bool:
    return address.version == network.version and address in network


def _at(now: int) -> datetime:
    return datetime.fromtimestamp(now // 1000, UTC)


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
