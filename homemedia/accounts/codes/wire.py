"""Bodies and answers of the routes on senders. A secret is taken and never told; null or none leaves the kept one."""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.accounts.codes.desk import Change, Config
from homemedia.accounts.codes.gateways import TWILIO, HttpConfig, Method, VerifyConfig
from homemedia.accounts.codes.senders import CodeShown, Sender, SenderName
from homemedia.accounts.codes.smtp import Security, SmtpConfig
from homemedia.accounts.wire import iso
from homemedia.core.http.wire import Wire

_Line = Annotated[str, msgspec.Meta(max_length=1000)]
_Body = Annotated[str, msgspec.Meta(max_length=4096)]
_Status = Annotated[int, msgspec.Meta(ge=100, le=599)]
_Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]


class SmtpBody(Wire, frozen=True, kw_only=True):
    host: _Line
    port: _Port = 465
    security: Security = "tls"
    user: _Line = ""
    password: _Line | None = None
    sender: _Line = msgspec.field(name="from")


class HttpBody(Wire, frozen=True, kw_only=True):
    url: _Body
    method: Method = "POST"
    headers: dict[str, _Body] = msgspec.field(default_factory=dict)
    body: _Body = ""
    user: _Line = ""
    secret: _Body | None = None
    success_statuses: tuple[_Status, ...] = ()


class VerifyBody(Wire, frozen=True, kw_only=True):
    account: _Line
    secret: _Line | None = None
    service: _Line
    url: _Line = TWILIO


class SendersBody(Wire, frozen=True, kw_only=True):
    """What to change: left out stays, null takes the sender away."""

    smtp: SmtpBody | UnsetType | None = UNSET
    http: HttpBody | UnsetType | None = UNSET
    verify: VerifyBody | UnsetType | None = UNSET


class TestBody(Wire, frozen=True, kw_only=True):
    by: SenderName
    to: _Line


class SmtpCard(Wire, frozen=True, kw_only=True):
    host: str
    port: int
    security: Security
    user: str
    has_password: bool
    sender: str = msgspec.field(name="from")


class HttpCard(Wire, frozen=True, kw_only=True):
    url: str
    method: Method
    headers: dict[str, str]
    body: str
    user: str
    has_secret: bool
    success_statuses: tuple[int, ...]


class VerifyCard(Wire, frozen=True, kw_only=True):
    account: str
    has_secret: bool
    service: str
    url: str


class ShownCard(Wire, frozen=True, kw_only=True):
    """A code to be read out. Times as ISO text."""

    to: str
    who: str
    code: str
    expires_at: str


class SendersAnswer(Wire, frozen=True, kw_only=True):
    """The senders, in the order they are asked; `waiting` are codes of the log that nobody has used yet."""

    order: list[SenderName]
    smtp: SmtpCard | None
    http: HttpCard | None
    verify: VerifyCard | None
    waiting: list[ShownCard]


class TestAnswer(Wire, frozen=True, kw_only=True):
    sent: bool
    by: SenderName


class WaysAnswer(Wire, frozen=True, kw_only=True):
    """How codes come: read out by whoever looks after the server, or to a phone or an address."""

    by: list[Literal["host", "phone", "email"]]


def change_of(body: SendersBody) -> Change:
    smtp, http, verify = body.smtp, body.http, body.verify
    return Change(
        smtp=(
            (
                SmtpConfig(host=smtp.host, port=smtp.port, security=smtp.security, user=smtp.user, sender=smtp.sender),
                smtp.password,
            )
            if isinstance(smtp, SmtpBody)
            else smtp
        ),
        http=(
            (
                HttpConfig(
                    url=http.url,
                    method=http.method,
                    headers=http.headers,
                    body=http.body,
                    user=http.user,
                    success=http.success_statuses,
                ),
                http.secret,
            )
            if isinstance(http, HttpBody)
            else http
        ),
        verify=(
            (VerifyConfig(account=verify.account, service=verify.service, url=verify.url), verify.secret)
            if isinstance(verify, VerifyBody)
            else verify
        ),
    )


def senders_answer(config: Config, senders: list[Sender], shown: list[CodeShown]) -> SendersAnswer:
    smtp, http, verify = config.smtp, config.http, config.verify
    return SendersAnswer(
        order=[one.name for one in senders],
        smtp=None
        if smtp is None
        else SmtpCard(
            host=smtp.host,
            port=smtp.port,
            security=smtp.security,
            user=smtp.user,
            has_password=bool(smtp.password),
            sender=smtp.sender,
        ),
        http=None
        if http is None
        else HttpCard(
            url=http.url,
            method=http.method,
            headers=http.headers,
            body=http.body,
            user=http.user,
            has_secret=bool(http.secret),
            success_statuses=http.success,
        ),
        verify=None
        if verify is None
        else VerifyCard(account=verify.account, has_secret=bool(verify.secret), service=verify.service, url=verify.url),
        waiting=[ShownCard(to=one.to, who=one.who, code=one.code, expires_at=iso(one.expires_at)) for one in shown],
    )


def ways_answer(senders: list[Sender]) -> WaysAnswer:
    words: dict[str, Literal["host", "phone", "email"]] = {"anybody": "host", "phone": "phone", "email": "email"}
    return WaysAnswer(by=list(dict.fromkeys(words[one.reaches] for one in senders)))
