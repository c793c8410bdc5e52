"""Sends codes over HTTP: by any gateway that takes a request for each SMS, or by a hosted verify service.

The addresses are an administrator's own choice, inside the house or outside. Redirects are not followed, so what is
secret goes only where it was meant to go, and nothing that travels is ever logged.
"""

import base64
import enum
import html
import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar, Literal
from urllib.parse import quote, quote_plus, urlsplit

import aiohttp
import msgspec

from homemedia.accounts.codes.senders import Letter, Outcome, Reaches, SenderName, Sent, Verdict
from homemedia.core.http.client import Client
from homemedia.core.threads import Lane

LIMIT = aiohttp.ClientTimeout(total=15.0, sock_connect=8.0)
MAX_ANSWER_BYTES = 64 << 10
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
TWILIO = "https://verify.twilio.com/v2"
PLACES = re.compile(r"\{(to|digits|text|code|secret)\}")
Method = Literal["POST", "PUT", "GET"]
# What goes wrong on the way to a server; its text may hold the address and is not for anybody.
_UNREACHABLE = (aiohttp.ClientError, TimeoutError, OSError, ValueError)


class HttpConfig(msgspec.Struct, frozen=True, kw_only=True):
    """A gateway. In `url`, `headers` and `body` stand {to}, {digits}, {text}, {code} and {secret}.

    Attributes:
        user: with it the secret goes as HTTP Basic.
        success: statuses that mean "sent"; empty for all from 200 to 299.
    """

    url: str
    method: Method = "POST"
    headers: dict[str, str] = {}
    body: str = ""
    user: str = ""
    secret: str = ""
    success: tuple[int, ...] = ()

    def __repr__(self) -> str:
        return f"HttpConfig({self.where})"

    @property
    def where(self) -> str:
        return urlsplit(self.url).hostname or ""


class VerifyConfig(msgspec.Struct, frozen=True, kw_only=True):
    """A service of Twilio Verify, or one that answers alike at another `url`."""

    account: str
    secret: str = ""
    service: str
    url: str = TWILIO

    def __repr__(self) -> str:
        return f"VerifyConfig({self.service})"


class GatewayClient(Client):
    """The one session for all of them. An async context manager."""

    def __init__(self) -> None:
        super().__init__(Lane("codes", 1))

    def _options(self) -> dict[str, Any]:
        return {"timeout": LIMIT}


class _Answer(msgspec.Struct, frozen=True):
    status: str = ""


class _As(enum.Enum):
    """How a value is written where it stands."""

    URL = enum.auto()
    FORM = enum.auto()
    JSON = enum.auto()
    XML = enum.auto()
    PLAIN = enum.auto()


class HttpSender:
    """Sends by a gateway for SMS."""

    name: ClassVar[SenderName] = "http"
    reaches: ClassVar[Reaches] = "phone"

    def __init__(self, config: HttpConfig, client: Client) -> None:
        self._config = config
        self._client = client

    async def send(self, letter: Letter) -> Sent:
        """Send a letter."""
        config = self._config
        body, kind = body_of(config)
        values = values_of(letter, config.secret)
        headers = {name: filled(text, values, _As.PLAIN) for name, text in config.headers.items()}
        if body:
            headers.setdefault("Content-Type", kind)
        if config.user:
            headers["Authorization"] = _basic(config.user, config.secret)
        try:
            async with self._client.session.request(
                config.method,
                filled(config.url, values, _As.URL),
                headers=headers,
                data=filled(body, values, _written(kind)).encode() if body else None,
                allow_redirects=False,
            ) as answer:
                return self._read(answer.status)
        except _UNREACHABLE:
            return Sent(Outcome.FAILED, f"{config.where} did not answer.")

    def _read(self, status: int) -> Sent:
        if status in (self._config.success or range(200, 300)):
            return Sent(Outcome.OK)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            return Sent(Outcome.RATE_LIMITED, f"{self._config.where} says: too many messages.")
        return Sent(Outcome.FAILED, f"{self._config.where} refused the message (answer {status}).")


class VerifySender:
    """Lets a hosted service make, send and check codes."""

    name: ClassVar[SenderName] = "verify"
    reaches: ClassVar[Reaches] = "phone"

    def __init__(self, config: VerifyConfig, client: Client) -> None:
        self._config = config
        self._client = client

    async def send(self, letter: Letter) -> Sent:
        """Have a code made and sent."""
        status, _ = await self._ask("Verifications", {"To": letter.to, "Channel": "sms"})
        if status in {HTTPStatus.CREATED, HTTPStatus.OK}:
            return Sent(Outcome.OK)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            return Sent(Outcome.RATE_LIMITED, "The verify service says: too many messages.")
        if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            return Sent(Outcome.FAILED, "The verify service did not take account and secret.")
        if status == HTTPStatus.NOT_FOUND:
            return Sent(Outcome.FAILED, "The verify service does not know this service id.")
        if status is None:
            return Sent(Outcome.FAILED, "The verify service did not answer.")
        return Sent(Outcome.FAILED, f"The verify service refused the message (answer {status}).")

    async def check(self, to: str, code: str) -> Verdict:
        """Ask whether a code is the one it sent."""
        status, word = await self._ask("VerificationCheck", {"To": to, "Code": code})
        if status == HTTPStatus.OK:
            return Verdict.RIGHT if word == "approved" else Verdict.WRONG
        if status == HTTPStatus.NOT_FOUND:
            return Verdict.GONE
        return Verdict.RATE_LIMITED if status == HTTPStatus.TOO_MANY_REQUESTS else Verdict.FAILED

    async def _ask(self, what: str, form: Mapping[str, str]) -> tuple[int | None, str]:
        config = self._config
        url = f"{config.url.rstrip('/')}/Services/{quote(config.service, safe='')}/{what}"
        headers = {"Authorization": _basic(config.account, config.secret)}
        try:
            async with self._client.session.post(url, data=form, headers=headers, allow_redirects=False) as answer:
                raw = await answer.content.read(MAX_ANSWER_BYTES)
                return answer.status, _status_in(raw)
        except _UNREACHABLE:
            return None, ""


def _status_in(raw: bytes) -> str:
    """The word under `status` in an answer; "" where there is none."""
    try:
        return msgspec.json.decode(raw, type=_Answer).status
    except (msgspec.DecodeError, RecursionError):
        return ""


def _basic(user: str, secret: str) -> str:
    return f"Basic {base64.b64encode(f'{user}:{secret}'.encode()).decode()}"


def values_of(letter: Letter, secret: str) -> dict[str, str]:
    """What stands in for the names in braces."""
    digits = "".join(char for char in letter.to if char.isdigit())
    return {"to": letter.to, "digits": digits, "text": letter.text, "code": letter.code, "secret": secret}


def body_of(config: HttpConfig) -> tuple[str, str]:
    """The body's template and its type; without a template the plainest form there is, unless it is a GET."""
    kind = next((value for name, value in config.headers.items() if name.lower() == "content-type"), "")
    body = config.body
    if not body and config.method != "GET":
        body = "to={to}&text={text}"
    if not kind:
        kind = JSON if body.lstrip().startswith(("{", "[")) and not PLACES.match(body.lstrip()) else FORM
    return ("", kind) if config.method == "GET" else (body, kind)


def filled(template: str, values: Mapping[str, str], written: _As) -> str:
    """A template with values for the names in braces; all other braces are the template's own."""
    return PLACES.sub(lambda found: _write(values[found[1]], written), template)


def _written(kind: str) -> _As:
    if "json" in kind:
        return _As.JSON
    if "xml" in kind:
        return _As.XML
    return _As.FORM if "urlencoded" in kind else _As.PLAIN


def _write(text: str, written: _As) -> str:
    match written:
        case _As.URL:
            return quote(text, safe="")
        case _As.FORM:
            return quote_plus(text)
        case _As.JSON:
            return json.dumps(text)[1:-1]
        case _As.XML:
            return html.escape(text)
        case _As.PLAIN:
            # A header cannot hold line breaks, nor needs one.
            return "".join(char if char.isprintable() else " " for char in text)
