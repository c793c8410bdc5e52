"""Which senders are set up, and which of them reaches somebody (clips §5.3, design "settings").

Threat: whoever borrows an administrator's screen must not carry a password away. Secrets are never shown again, and one
that is kept goes only to the server it was entered for.
"""

import re
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.accounts.codes import store
from homemedia.accounts.codes.gateways import (
    PLACES,
    GatewayClient,
    HttpConfig,
    HttpSender,
    VerifyConfig,
    VerifySender,
    body_of,
)
from homemedia.accounts.codes.problems import SenderFailed
from homemedia.accounts.codes.senders import ConsoleSender, Letter, Outcome, Purpose, Reaches, Sender, SenderName
from homemedia.accounts.codes.smtp import SmtpConfig, SmtpSender
from homemedia.accounts.models import Member
from homemedia.accounts.names import checked_email
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.http.limits import RateLimit
from homemedia.core.kept import kept
from homemedia.core.problems import BadRequest, Conflict
from homemedia.core.setting_store import put_setting
from homemedia.core.threads import Lane

TESTS = 10
TESTS_WINDOW_S = 600.0
MAX_TEXT = 4096
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}", re.ASCII)
_HOST = re.compile(r"[A-Za-z0-9._:-]{1,253}", re.ASCII)
_PHONE = re.compile(r"\+[1-9]\d{1,14}", re.ASCII)
T = TypeVar("T", SmtpConfig, HttpConfig, VerifyConfig)


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """The senders that are set up; None for those that are not."""

    smtp: SmtpConfig | None = None
    http: HttpConfig | None = None
    verify: VerifyConfig | None = None


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What to change; UNSET stays, None takes a sender away. A secret of None is the one that is kept."""

    smtp: tuple[SmtpConfig, str | None] | UnsetType | None = UNSET
    http: tuple[HttpConfig, str | None] | UnsetType | None = UNSET
    verify: tuple[VerifyConfig, str | None] | UnsetType | None = UNSET


class SenderDesk:
    """Holds the senders in memory. Call `load` once before use."""

    def __init__(
        self,
        db: Database,
        client: GatewayClient,
        lane: Lane,
        publish: Callable[[object], None] = lambda _event: None,
        clock: Clock | None = None,
    ) -> None:
        self._db = db
        self._client = client
        self._lane = lane
        self._clock = clock or Clock()
        self._tests = RateLimit(TESTS, TESTS_WINDOW_S, clock=self._clock)
        self.console = ConsoleSender(publish, self._clock)
        self.config = Config()

    async def load(self) -> None:
        """Read what an administrator entered."""
        found = await store.settings(self._db.read)
        self.config = Config(
            smtp=kept(found.get("senders.smtp"), SmtpConfig, None),
            http=kept(found.get("senders.http"), HttpConfig, None),
            verify=kept(found.get("senders.verify"), VerifyConfig, None),
        )

    def senders(self) -> list[Sender]:
        """The senders in the order they are asked; the log when there is no other."""
        config = self.config
        found: list[Sender] = []
        if config.verify is not None:
            found.append(VerifySender(config.verify, self._client))
        if config.http is not None:
            found.append(HttpSender(config.http, self._client))
        if config.smtp is not None:
            found.append(SmtpSender(config.smtp, self._lane))
        return found or [self.console]

    def mail(self) -> SmtpSender | None:
        """The mail server, where one is set up."""
        return None if self.config.smtp is None else SmtpSender(self.config.smtp, self._lane)

    def reaches(self) -> set[Reaches]:
        """What codes go out by, but for the log."""
        return {sender.reaches for sender in self.senders() if sender is not self.console}

    def for_whom(self, phone: str | None, email: str | None) -> tuple[Sender, str]:
        """The first sender that reaches somebody, and where.

        Raises:
            BadRequest: `email_needed`, `phone_needed`: no sender that is set up reaches him.
        """
        senders = self.senders()
        for sender in senders:
            to = phone or email if sender.reaches == "anybody" else phone if sender.reaches == "phone" else email
            if to:
                return sender, to
        if any(sender.reaches == "email" for sender in senders):
            raise BadRequest(
                "An e-mail address needed: codes are sent by e-mail here, and none is known.", code="email_needed"
            )
        raise BadRequest("A phone number is needed: codes are sent by SMS here.", code="phone_needed")

    def named(self, name: SenderName) -> Sender:
        """One sender.

        Raises:
            Conflict: `sender_not_set`.
        """
        every: list[Sender] = [*self.senders(), self.console]
        for sender in every:
            if sender.name == name:
                return sender
        raise Conflict("This sender is not set up yet.", code="sender_not_set")

    async def change(self, change: Change, *, by: Member) -> None:
        """Set senders up or take them away.

        Raises:
            BadRequest: something is not of its form, or `secret_needed`: the kept secret belongs to another server.
        """
        before = self.config
        after = Config(
            smtp=_merged(change.smtp, before.smtp, _checked_smtp, "password"),
            http=_merged(change.http, before.http, _checked_http, "secret"),
            verify=_merged(change.verify, before.verify, _checked_verify, "secret"),
        )
        now = self._clock.now_ms()
        async with self._db.write(durable=True) as tx:
            for name in Config.__struct_fields__:
                config = getattr(after, name)
                if config != getattr(before, name):
                    text = None if config is None else msgspec.json.encode(config).decode()
                    await put_setting(tx, f"senders.{name}", text, by=by.user_id, now=now)
        self.config = after

    async def test(self, name: SenderName, to: str, *, house: str, by: Member) -> None:
        """Send a message that opens nothing.

        Raises:
            BadRequest: `to` is not what the sender reaches.
            Conflict: `sender_not_set`.
            TooMany: ten in ten minutes.
            SenderFailed: with a sentence that says why.
        """
        sender = self.named(name)
        to = to.strip()
        if sender.reaches == "phone" and not _PHONE.fullmatch(to):
            raise BadRequest("Write the number with + and country code, as +4915112345678.", field="to")
        if sender.reaches == "email":
            to = checked_email(to)
        self._tests.check(by.user_id, "Too many tests. Wait a moment and try again.")
        sent = await sender.send(Letter(to=to, code="000000", purpose=Purpose.TEST, house=house, who=by.display_name))
        if sent.outcome is not Outcome.OK:
            raise SenderFailed(sent.problem)


def _merged(
    change: tuple[T, str | None] | UnsetType | None, before: T | None, check: Callable[[T], T], secret: str
) -> T | None:
    """A sender after a change."""
    if isinstance(change, UnsetType):
        return before
    if change is None:
        return None
    config, given = change
    after = check(config)
    if given is None:
        kept = getattr(before, secret) if before is not None and _needs_secret(after) else ""
        if kept and before is not None and _server(before) != _server(after):
            raise BadRequest(
                "This is another server: enter the password for it again.", code="secret_needed", field=secret
            )
        given = kept
    return msgspec.structs.replace(after, **{secret: given})


def _needs_secret(config: SmtpConfig | HttpConfig | VerifyConfig) -> bool:
    """Whether the secret is told to anybody at all."""
    if isinstance(config, SmtpConfig):
        return bool(config.user)
    if isinstance(config, HttpConfig):
        return bool(config.user) or "{secret}" in "".join([config.url, config.body, *config.headers.values()])
    return True


def _server(config: SmtpConfig | HttpConfig | VerifyConfig) -> object:
    """Whom the secret is told to."""
    if isinstance(config, SmtpConfig):
        return config.host.lower(), config.port, config.security
    parts = urlsplit(config.url)
    return parts.scheme, parts.hostname, parts.port


def _checked_smtp(config: SmtpConfig) -> SmtpConfig:
    host = config.host.strip()
    if not _HOST.fullmatch(host):
        raise BadRequest("This is no name of a mail server.", field="smtp.host")
    sender = config.sender.strip()
    checked_email(sender)
    return msgspec.structs.replace(config, host=host, sender=sender, user=config.user.strip())


def _checked_http(config: HttpConfig) -> HttpConfig:
    config = msgspec.structs.replace(config, url=_checked_url(config.url, "http.url"), user=config.user.strip())
    for name, value in config.headers.items():
        if not _HEADER_NAME.fullmatch(name) or not value.isprintable() or len(value) > MAX_TEXT:
            raise BadRequest(f"The header {name[:40]!r} is not one.", field="http.headers")
    if len(config.body) > MAX_TEXT:
        raise BadRequest("The body is too long.", field="http.body")
    named = set(PLACES.findall(config.url + body_of(config)[0]))
    if not named & {"to", "digits"}:
        raise BadRequest("Say with {to} where the number stands, in the address or the body.", field="http.body")
    if not named & {"text", "code"}:
        raise BadRequest("Say with {text} where the message stands, in the address or the body.", field="http.body")
    return config


def _checked_verify(config: VerifyConfig) -> VerifyConfig:
    if not config.account.strip() or not config.service.strip():
        raise BadRequest("Account and service are needed.", field="verify.service")
    return msgspec.structs.replace(
        config,
        account=config.account.strip(),
        service=config.service.strip(),
        url=_checked_url(config.url, "verify.url"),
    )


def _checked_url(text: str, field: str) -> str:
    url = text.strip()
    try:
        parts = urlsplit(url)
        is_one = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        is_one = False
    if not is_one or not url.isprintable() or " " in url or len(url) > MAX_TEXT:
        raise BadRequest("This is no address of a service: it begins with https:// or http://.", field=field)
    if "{" in (parts.netloc or ""):
        raise BadRequest("The name of the server cannot be filled in.", field=field)
    return url
