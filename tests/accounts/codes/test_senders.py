"""Bringing codes to people: by e-mail, by gateways, by a verify service, by the log (clips §5.3)."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from typing import Any

import pytest

from homemedia.accounts.codes.gateways import GatewayClient, HttpConfig, HttpSender, VerifyConfig, VerifySender
from homemedia.accounts.codes.senders import Letter, Outcome, Purpose, Verdict
from homemedia.accounts.codes.smtp import SmtpConfig, SmtpSender
from homemedia.core.threads import Lane
from tests.support.gateway import Gateway
from tests.support.mail import MailServer

LETTER = Letter(to="+15550000001", code="135790", purpose=Purpose.SIGN_IN, house='Ann\'s "Attic" & <Den>')
MAIL = Letter(to="gran@example.org", code="135790", purpose=Purpose.SIGN_IN, house="Attic")


@pytest.fixture
async def gateway() -> AsyncIterator[Gateway]:
    async with Gateway() as made:
        yield made


@pytest.fixture
async def client() -> AsyncIterator[GatewayClient]:
    async with GatewayClient() as made:
        yield made


@pytest.fixture
async def lane() -> AsyncIterator[Lane]:
    async with Lane("mail", 1) as made:
        yield made


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with MailServer(user="attic", password="pa ss") as made:
        yield made


def mail_config(server: MailServer, **fields: Any) -> SmtpConfig:
    given: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": server.port,
        "security": "none",
        "user": "attic",
        "password": "pa ss",
        "sender": "attic@example.org",
    }
    return SmtpConfig(**(given | fields))


# By e-mail


async def test_letter_says_what_it_is_for(server: MailServer, lane: Lane) -> None:
    sent = await SmtpSender(mail_config(server), lane).send(MAIL)

    assert (sent.outcome, sent.problem) == (Outcome.OK, "")
    (letter,) = server.letters
    assert (letter["To"], letter["From"]) == ("gran@example.org", "Attic <attic@example.org>")
    assert letter["Subject"] == "135790 is your code"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "135790 is your code to sign in to Attic. It lasts 10 minutes." in letter.get_content()


async def test_house_and_address_of_any_script_and_odd_signs_make_one_letter(server: MailServer, lane: Lane) -> None:
    letter = Letter(to="jürgen@müller.example", code="1", purpose=Purpose.PROVE, house="Hütte\r\nBcc: evil@example.org")

    sent = await SmtpSender(mail_config(server), lane).send(letter)

    assert sent.outcome is Outcome.OK
    assert server.recipients == ["jürgen@xn--mller-kva.example"]
    assert server.letters[0]["Bcc"] is None
    # The parser leaves bytes beyond ASCII as they came.
    name = server.letters[0]["From"].addresses[0].display_name.encode("ascii", "surrogateescape").decode()
    assert name == "Hütte  Bcc: evil@example.org"


@pytest.mark.parametrize(("attribute", "answer", "outcome", "words"), [
    ("refuse_recipient", b"550 5.1.1 nobody", Outcome.FAILED, "does not deliver to this address"),
    ("refuse_recipient", b"451 4.7.1 greylisted", Outcome.RATE_LIMITED, "later"),
    ("refuse_sender", b"553 5.7.1 not you", Outcome.FAILED, "does not take letters from attic@example.org"),
    ("refuse_data", b"554 5.7.0 spam", Outcome.FAILED, "answer 554"),
    ("refuse_data", b"452 4.2.2 full", Outcome.RATE_LIMITED, "later"),
    ("greeting", b"421 4.3.2 closing", Outcome.RATE_LIMITED, "later"),
    ("greeting", b"SSH-2.0-OpenSSH_9", Outcome.FAILED, "does not speak as a mail server"),
])  # fmt: skip
async def test_refusal_of_a_mail_server_is_told(
    server: MailServer, lane: Lane, attribute: str, answer: bytes, outcome: Outcome, words: str
) -> None:
    setattr(server, attribute, answer)

    sent = await SmtpSender(mail_config(server), lane).send(MAIL)

    assert sent.outcome is outcome
    assert words in sent.problem
    assert "pa ss" not in sent.problem


@pytest.mark.parametrize(("fields", "words"), [
    ({"password": "wrong"}, "did not take the user name and password"),
    ({"security": "starttls"}, "does not offer what is set here"),
    ({"security": "tls"}, "does not speak the encryption"),
    ({"host": "no.such.host.invalid"}, "did not answer"),
    ({"port": 1}, "did not answer on port 1"),
])  # fmt: skip
async def test_wrong_setting_is_told(server: MailServer, lane: Lane, fields: dict[str, Any], words: str) -> None:
    sent = await SmtpSender(mail_config(server, **fields), lane).send(MAIL)

    assert sent.outcome is Outcome.FAILED
    assert words in sent.problem


@pytest.mark.parametrize("to", ["", "x@", "x@" + "a" * 70 + ".org", "x\r\nRCPT TO:<evil@example.org>@example.org"])
async def test_address_nobody_can_have_is_told_and_nothing_is_said_to_the_server(
    server: MailServer, lane: Lane, to: str
) -> None:
    sent = await SmtpSender(mail_config(server), lane).send(
        Letter(to=to, code="1", purpose=Purpose.PROVE, house="Attic")
    )

    assert sent.outcome is Outcome.FAILED
    assert "evil@example.org" not in server.recipients


async def test_certificate_nobody_vouches_for_is_not_trusted(lane: Lane, own_certificate: ssl.SSLContext) -> None:
    async with MailServer(own_certificate) as server:
        sent = await SmtpSender(mail_config(server, security="tls", user=""), lane).send(MAIL)

    assert "certificate" in sent.problem
    assert server.letters == []


async def test_letter_travels_under_tls(lane: Lane, own_certificate: ssl.SSLContext, trusting: ssl.SSLContext) -> None:
    async with MailServer(own_certificate) as server:
        sent = await SmtpSender(mail_config(server, security="tls", user=""), lane, trusting).send(MAIL)

    assert sent.outcome is Outcome.OK
    assert len(server.letters) == 1


async def test_mail_server_that_says_nothing_is_given_up(lane: Lane, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("homemedia.accounts.codes.smtp.TIMEOUT_S", 0.05)
    done = asyncio.Event()

    async def silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await done.wait()
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as mute:
        config = SmtpConfig(
            host="127.0.0.1", port=mute.sockets[0].getsockname()[1], security="none", sender="a@example.org"
        )
        sent = await SmtpSender(config, lane).send(MAIL)
        done.set()

    assert "did not answer" in sent.problem


# By a gateway


@pytest.mark.parametrize(("headers", "body", "sent"), [
    ({}, "", "to=%2B15550000001&text="),
    ({}, "To={to}&From=Attic&Body={text}", "To=%2B15550000001&From=Attic&Body=135790+is"),
    ({}, '{"to": "{digits}", "code": {code}}', '{"to": "15550000001", "code": 135790}'),
    ({"Content-Type": "application/json"}, '["{text}"]', 'to Ann\'s \\"Attic\\" & <Den>.'),
    ({"content-type": "application/xml"}, "<sms>{text}</sms>", "Ann&#x27;s &quot;Attic&quot; &amp; &lt;Den&gt;."),
    ({"Content-Type": "text/plain"}, "{to}\n{text} {other}", "+15550000001\n135790 is"),
])  # fmt: skip
async def test_message_is_written_as_its_place_wants_it(
    gateway: Gateway, client: GatewayClient, headers: dict[str, str], body: str, sent: str
) -> None:
    config = HttpConfig(url=f"{gateway.url}/send?text={{text}}&to={{to}}", headers=headers, body=body)

    outcome = await HttpSender(config, client).send(LETTER)

    (request,) = gateway.requests
    assert outcome.outcome is Outcome.OK
    assert sent in request.body
    assert request.query == {"text": LETTER.text, "to": "+15550000001"}


async def test_secret_goes_where_it_is_named_and_as_basic(gateway: Gateway, client: GatewayClient) -> None:
    config = HttpConfig(
        url=f"{gateway.url}/x?key={{secret}}",
        method="GET",
        headers={"X-Key": "Key {secret}"},
        body="ignored",
        user="ann",
        secret="p&ss wörd",
    )

    await HttpSender(config, client).send(LETTER)

    (request,) = gateway.requests
    assert (request.method, request.body, request.query) == ("GET", "", {"key": "p&ss wörd"})
    assert request.headers["Authorization"].startswith("Basic ")
    assert "Cookie" not in request.headers


@pytest.mark.parametrize(("status", "success", "outcome"), [
    (200, (), Outcome.OK),
    (202, (), Outcome.OK),
    (202, (200,), Outcome.FAILED),
    (302, (302,), Outcome.OK),
    (302, (), Outcome.FAILED),
    (400, (), Outcome.FAILED),
    (429, (), Outcome.RATE_LIMITED),
    (500, (), Outcome.FAILED),
])  # fmt: skip
async def test_answer_of_a_gateway_is_understood(
    gateway: Gateway, client: GatewayClient, status: int, success: tuple[int, ...], outcome: Outcome
) -> None:
    gateway.status = status
    gateway.location = f"{gateway.url}/elsewhere"

    sent = await HttpSender(HttpConfig(url=f"{gateway.url}/send?k=s3cret", success=success), client).send(LETTER)

    assert sent.outcome is outcome
    assert "s3cret" not in sent.problem
    # What is secret goes to nobody else.
    assert [one.path for one in gateway.requests] == ["/send"]


async def test_gateway_that_is_away_is_told(client: GatewayClient) -> None:
    sent = await HttpSender(HttpConfig(url="http://127.0.0.1:1/send?k=s3cret"), client).send(LETTER)

    assert (sent.outcome, sent.problem) == (Outcome.FAILED, "127.0.0.1 did not answer.")


# By a verify service


def verify_config(gateway: Gateway) -> VerifyConfig:
    return VerifyConfig(account="AC1", secret="s3cret", service="VA/1", url=f"{gateway.url}/v2/")


async def test_service_makes_sends_and_checks_codes_of_its_own(gateway: Gateway, client: GatewayClient) -> None:
    sender = VerifySender(verify_config(gateway), client)

    sent = await sender.send(LETTER)
    right, wrong = await sender.check(LETTER.to, gateway.code), await sender.check(LETTER.to, "000000")

    assert sent.outcome is Outcome.OK
    assert (right, wrong) == (Verdict.RIGHT, Verdict.WRONG)
    assert gateway.requests[0].path == "/v2/Services/VA/1/Verifications"
    assert gateway.requests[0].body == "To=%2B15550000001&Channel=sms"
    assert LETTER.code not in gateway.requests[0].body


@pytest.mark.parametrize(("status", "outcome", "words"), [
    (401, Outcome.FAILED, "account and secret"),
    (404, Outcome.FAILED, "service id"),
    (429, Outcome.RATE_LIMITED, "too many"),
    (503, Outcome.FAILED, "answer 503"),
])  # fmt: skip
async def test_refusal_of_the_service_is_told(
    gateway: Gateway, client: GatewayClient, status: int, outcome: Outcome, words: str
) -> None:
    gateway.status = status

    sent = await VerifySender(verify_config(gateway), client).send(LETTER)

    assert sent.outcome is outcome
    assert words in sent.problem


@pytest.mark.parametrize(("status", "answer", "verdict"), [
    (404, b"", Verdict.GONE),
    (429, b"", Verdict.RATE_LIMITED),
    (500, b"", Verdict.FAILED),
    (200, b"", Verdict.WRONG),
    (200, b"<html>", Verdict.WRONG),
    (200, b'["approved"]', Verdict.WRONG),
    (200, b'{"status": true}', Verdict.WRONG),
    (200, b"[" * 60_000, Verdict.WRONG),
])  # fmt: skip
async def test_odd_answer_lets_nobody_in(
    gateway: Gateway, client: GatewayClient, status: int, answer: bytes, verdict: Verdict
) -> None:
    gateway.check, gateway.answer = status, answer

    assert await VerifySender(verify_config(gateway), client).check(LETTER.to, "000000") is verdict
