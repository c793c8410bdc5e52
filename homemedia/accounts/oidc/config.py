"""What the household says of its provider: the settings from outside, over what administrators entered.

Threat: the secret. It is kept in the table `setting`, never answered, and nothing that prints this shows it.
"""

import ipaddress
import re
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from homemedia.accounts.site import HOME_NETWORKS, HOME_SUFFIXES
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.kept import kept
from homemedia.core.problems import BadRequest, Conflict, StartRefused
from homemedia.core.setting_store import put_setting, setting
from homemedia.settings import OidcSettings

Signup = Literal["none", "invite", "auto"]
KEY = "oidc"
WELL_KNOWN = "/.well-known/openid-configuration"
BUTTON_VERB = re.compile(r"^(?:log ?in|sign ?in|continue) (?:with|by|using|via) ", re.IGNORECASE)
MAX_TEXT = 500
MAX_DOMAINS = 50
# The address the first clients of the photo API come back to.
SEED_REDIRECT = "app://oauth-callback"


class Config(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything that can be said of a provider; what stands in the table are those fields that were entered.

    Attributes:
        redirect_uris: addresses, beside our own pages' and loopback, to which a sign-in may come back.
        end_session_endpoint: instead of the one the provider publishes.
        storage_label_claim, storage_quota_claim: read when a member is made; the quota in GiB.
    """

    enabled: bool = False
    issuer: str = ""
    client_id: str = ""
    client_secret: str = ""
    scope: str = "openid email profile"
    button_text: str = ""
    auto_launch: bool = False
    mobile_redirect_uri: str = ""
    signup: Signup = "none"
    link_by_email: bool = False
    allowed_domains: tuple[str, ...] = ()
    role_claim: str = ""
    prompt: str = ""
    end_session_endpoint: str = ""
    storage_label_claim: str = "preferred_username"
    storage_quota_claim: str = "immich_quota"
    redirect_uris: tuple[str, ...] = (SEED_REDIRECT,)

    def __repr__(self) -> str:
        return f"Config(issuer={self.issuer!r}, enabled={self.enabled})"

    @property
    def is_ready(self) -> bool:
        """Whether it is on and says enough to be used."""
        return self.enabled and bool(self.issuer) and bool(self.client_id)

    @property
    def name(self) -> str:
        """What a person calls the provider: "SSO" where the button says "Login with SSO"; else its host."""
        return BUTTON_VERB.sub("", self.button_text) or urlsplit(self.issuer).hostname or ""

    def allows(self, email: str) -> bool:
        """Whether addresses of this one's domain are taken."""
        return not self.allowed_domains or email.rpartition("@")[2].lower() in self.allowed_domains


class ConfigDesk:
    """Holds what is true now. Call `load` once before use.

    Raises:
        StartRefused: what is given from outside is not valid.

    Attributes:
        fixed: names of the fields that are given from outside and cannot be changed here.
    """

    def __init__(self, db: Database, clock: Clock, given: OidcSettings = OidcSettings()) -> None:  # noqa: B008 - frozen
        self._db = db
        self._clock = clock
        default = OidcSettings()
        names = OidcSettings.__struct_fields__
        self._outside = {name: getattr(given, name) for name in names if getattr(given, name) != getattr(default, name)}
        self.fixed = frozenset(self._outside)
        self._stored = Config()
        try:
            self.current = self._merged()
        except BadRequest as err:
            raise StartRefused(f"A setting of oidc.* is not valid: {err.message}") from None

    def name(self) -> str | None:
        """What the provider is called; None while there is none."""
        return self.current.name if self.current.is_ready else None

    async def load(self) -> None:
        """Read what administrators entered."""
        text = await setting(self._db.read, KEY)
        self._stored = kept(text, Config, Config())
        self.current = self._merged()

    async def change(self, changes: dict[str, Any], *, by: str) -> None:
        """Let these fields be so from now on; `checked` let them pass.

        Raises:
            Conflict: `oidc_fixed`: one of them is given from outside.
        """
        self.refuse_fixed(changes)
        stored = msgspec.structs.replace(self._stored, **changes)
        async with self._db.write(durable=True) as tx:
            await put_setting(tx, KEY, msgspec.json.encode(stored).decode(), by=by, now=self._clock.now_ms())
        self._stored = stored
        self.current = self._merged()

    def refuse_fixed(self, changes: dict[str, Any]) -> None:
        """Refuse what differs from what is given from outside.

        Raises:
            Conflict: `oidc_fixed`.
        """
        for name in sorted(self.fixed & set(changes)):
            if changes[name] != self._outside[name]:
                raise Conflict(
                    f"oidc.{name} is given from outside and cannot be changed here.", code="oidc_fixed", field=name
                )

    def _merged(self) -> Config:
        outside = dict(self._outside)
        if "issuer" in outside:
            outside["issuer"] = checked_issuer(outside["issuer"])
        if "allowed_domains" in outside:
            outside["allowed_domains"] = checked_domains(outside["allowed_domains"])
        return msgspec.structs.replace(self._stored, **outside)


def checked_issuer(text: str) -> str:
    """The address of a provider as it is kept; the address of its discovery document is taken as well.

    Raises:
        BadRequest: `oidc_issuer_invalid`.
    """
    issuer = text.strip()
    issuer = issuer.removesuffix(WELL_KNOWN)
    if not issuer:
        return ""
    reason = _fault_of_address(issuer)
    if reason is not None:
        raise BadRequest(f"The provider's address {reason}.", code="oidc_issuer_invalid", field="issuer", reason=reason)
    return issuer


def checked_domains(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Domains of e-mail addresses, lower-cased, without what people write before them.

    Raises:
        BadRequest: one of them is none.
    """
    found = tuple(dict.fromkeys(text.strip().lower().removeprefix("@") for text in texts if text.strip()))
    if len(found) > MAX_DOMAINS or any(len(one) > 253 or set(one) & set("@/ :?#") for one in found):
        raise BadRequest(
            "This is no list of domains.", field="allowedDomains", reason="must be domains like example.org"
        )
    return found


def is_home_host(host: str) -> bool:
    """Whether a name or address can only be of this house, where HTTP without TLS is what there is."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.lower().endswith(HOME_SUFFIXES)
    return any(address.version == network.version and address in network for network in HOME_NETWORKS)


def is_usable_address(text: str, *, like: str = "") -> bool:
    """Whether an address of a provider may be asked: HTTPS, or HTTP in the house; never less than that of `like`."""
    if _fault_of_address(text, allows_query=True) is not None:
        return False
    return not (like.startswith("https://") and not text.startswith("https://"))


def _fault_of_address(text: str, *, allows_query: bool = False) -> str | None:
    if len(text) > MAX_TEXT or any(ord(char) <= 32 or ord(char) == 127 for char in text):
        return "is too long or holds blanks"
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return "is no address"
    if parts.scheme not in {"http", "https"} or not host:
        return "must begin with https://"
    if parts.username is not None or parts.password is not None or parts.fragment or (parts.query and not allows_query):
        return "must not hold a password, a question mark or a #"
    if parts.scheme == "http" and not is_home_host(host):
        return "must begin with https:// (http:// is taken only inside of the house)"
    return None
