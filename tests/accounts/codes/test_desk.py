"""Setting senders up, without ever showing a secret again (clips §5.3, design "settings")."""

from typing import Any

import pytest

from homemedia.accounts.codes.desk import SenderDesk
from tests.accounts.codes.bench import PHONE, Bench, Client, call
from tests.accounts.porch import Porch
from tests.support.gateway import Gateway
from tests.support.mail import MailServer

PATH = "/api/home/accounts/senders"
SMTP = {
    "host": "mail.example.org",
    "port": 587,
    "security": "starttls",
    "user": "attic",
    "password": "h1dden",
    "from": "attic@example.org",
}
HTTP = {"url": "https://sms.example.org/send?key={secret}", "body": "to={to}&text={text}", "secret": "h1dden"}
VERIFY = {"account": "AC1", "service": "VA1", "secret": "h1dden"}


async def test_only_administrators_see_and_change_senders(porch: Porch, bench: Bench, host: Client) -> None:
    member = await bench.member()

    for method, path in (("GET", PATH), ("PUT", PATH), ("POST", f"{PATH}/test")):
        await call(porch.device(), method, path, 401, {} if method != "GET" else None)
        await call(member, method, path, 403, {} if method != "GET" else None)


async def test_log_is_the_sender_until_there_is_another(porch: Porch, bench: Bench, host: Client) -> None:
    empty = {"order": ["console"], "smtp": None, "http": None, "verify": None, "waiting": []}

    assert await call(host, "GET", PATH) == empty
    assert await call(porch.device(), "GET", "/api/home/accounts/codes") == {"by": ["host"]}


async def test_secret_is_taken_and_never_told(porch: Porch, bench: Bench, host: Client) -> None:
    found = await call(host, "PUT", PATH, 200, {"smtp": SMTP, "http": HTTP, "verify": VERIFY})
    shown = await (await host.get(PATH)).text()

    assert found["order"] == ["verify", "http", "smtp"]
    assert found["smtp"] == {key: value for key, value in SMTP.items() if key != "password"} | {"hasPassword": True}
    assert found["http"] == {
        "url": HTTP["url"],
        "method": "POST",
        "headers": {},
        "body": HTTP["body"],
        "user": "",
        "hasSecret": True,
        "successStatuses": [],
    }
    assert found["verify"] == {
        "account": "AC1",
        "service": "VA1",
        "hasSecret": True,
        "url": "https://verify.twilio.com/v2",
    }
    assert "h1dden" not in shown
    assert "h1dden" not in repr(bench.desk.config)
    assert await call(porch.device(), "GET", "/api/home/accounts/codes") == {"by": ["phone", "email"]}


async def test_senders_outlive_a_restart(porch: Porch, bench: Bench, host: Client) -> None:
    await call(host, "PUT", PATH, 200, {"smtp": SMTP, "verify": VERIFY})
    await call(host, "PUT", PATH, 200, {"verify": None})

    again = SenderDesk(porch.db, bench.gateways, bench.lane)
    await again.load()

    assert again.config == bench.desk.config
    assert again.config.smtp is not None
    assert (again.config.smtp.password, again.config.verify) == ("h1dden", None)


async def test_setting_of_a_newer_program_counts_as_none(porch: Porch, bench: Bench, host: Client) -> None:
    await call(host, "PUT", PATH, 200, {"smtp": SMTP})
    await porch.set("setting", "key = 'senders.smtp'", value='{"host": 5}')

    await bench.desk.load()

    assert bench.desk.config.smtp is None


async def test_kept_secret_goes_to_its_own_server_alone(bench: Bench, host: Client) -> None:
    await call(host, "PUT", PATH, 200, {"smtp": SMTP, "http": HTTP, "verify": VERIFY})
    smtp = {key: value for key, value in SMTP.items() if key != "password"}
    http = {key: value for key, value in HTTP.items() if key != "secret"}
    verify = {key: value for key, value in VERIFY.items() if key != "secret"}

    for change in (
        {"smtp": smtp | {"host": "evil.example"}},
        {"smtp": smtp | {"port": 2525}},
        {"smtp": smtp | {"security": "none"}},
        {"http": http | {"url": "https://evil.example/send?key={secret}"}},
        {"http": http | {"url": "http://sms.example.org/send?key={secret}"}},
        {"verify": verify | {"url": "https://evil.example/v2"}},
    ):
        assert (await call(host, "PUT", PATH, 400, change))["code"] == "secret_needed", change

    await call(host, "PUT", PATH, 200, {"smtp": smtp | {"from": "other@example.org"}})
    await call(host, "PUT", PATH, 200, {"http": http | {"url": "https://sms.example.org/v2?key={secret}"}})
    # Who needs no secret is told none.
    await call(host, "PUT", PATH, 200, {"smtp": smtp | {"host": "lan.example", "user": ""}})
    config = bench.desk.config
    assert config.smtp is not None
    assert config.http is not None
    assert (config.smtp.password, config.http.secret) == ("", "h1dden")


@pytest.mark.parametrize("change", [
    {"smtp": SMTP | {"host": ""}},
    {"smtp": SMTP | {"host": "mail example"}},
    {"smtp": SMTP | {"host": "mail\r\nQUIT"}},
    {"smtp": SMTP | {"port": 0}},
    {"smtp": SMTP | {"security": "ssl3"}},
    {"smtp": SMTP | {"from": "nobody"}},
    {"smtp": {"host": "mail.example.org"}},
    {"http": HTTP | {"url": "ftp://sms.example.org/{to}"}},
    {"http": HTTP | {"url": "sms.example.org"}},
    {"http": HTTP | {"url": "https://{secret}.example.org/"}},
    {"http": HTTP | {"url": "https://sms.example.org:99999/"}},
    {"http": HTTP | {"url": "https://[::1/"}},
    {"http": HTTP | {"body": "text={text}"}},
    {"http": HTTP | {"body": "to={to}"}},
    {"http": HTTP | {"body": "x" * 5000}},
    {"http": HTTP | {"method": "DELETE"}},
    {"http": HTTP | {"method": "GET"}},
    {"http": HTTP | {"headers": {"X Y": "z"}}},
    {"http": HTTP | {"headers": {"X-Y": "a\r\nB: c"}}},
    {"http": HTTP | {"successStatuses": [20]}},
    {"verify": VERIFY | {"account": " "}},
    {"verify": VERIFY | {"url": "verify"}},
])  # fmt: skip
async def test_setting_with_a_fault_is_refused_and_changes_nothing(
    bench: Bench, host: Client, change: dict[str, Any]
) -> None:
    found = await call(host, "PUT", PATH, 400, change)

    assert found["code"] == "invalid_request"
    assert (await call(host, "GET", PATH))["order"] == ["console"]


async def test_code_goes_where_a_member_can_be_reached(porch: Porch, bench: Bench, host: Client) -> None:
    await bench.member("ann", PHONE)
    async with MailServer() as mail, Gateway() as gateway:
        smtp = {"host": "127.0.0.1", "port": mail.port, "security": "none", "from": "attic@example.org"}
        await call(host, "PUT", PATH, 200, {"smtp": smtp})
        porch.clock.pass_ms(60_000)
        found = await bench.act(porch.device(), "login-send-code", 400, phone=PHONE)
        assert "e-mail address needed" in found["error"].lower()

        await porch.set("user", "username = 'ann'", email="ann@example.org")
        # What the caller says counts for nothing: the code is for the owner of the account.
        await bench.act(porch.device(), "login-send-code", phone=PHONE, email="evil@example.org")
        assert mail.recipients == ["ann@example.org"]

        await call(host, "PUT", PATH, 200, {"http": {"url": f"{gateway.url}/send"}})
        porch.clock.pass_ms(60_000)
        client = porch.device()
        await bench.act(client, "login-send-code", phone=PHONE)
        (request,) = gateway.requests
        code = request.body.partition("text=")[2][:6]
        await bench.act(client, "login-verify-code", phone=PHONE, code=code)
        assert len(mail.letters) == 1

        await call(host, "PUT", PATH, 200, {"smtp": None})
        found = await bench.act(porch.device(), "login-send-code", 404, email="nobody@example.org")
        await porch.set("user", "username = 'Gran'", email="gran@example.org")
        found = await bench.act(porch.device(), "login-send-code", 400, email="gran@example.org")
        assert found["code"] == "phone_needed"


async def test_address_of_who_joins_may_stand_beside_his_number(porch: Porch, bench: Bench, host: Client) -> None:
    async with MailServer() as mail:
        smtp = {"host": "127.0.0.1", "port": mail.port, "security": "none", "from": "attic@example.org"}
        await call(host, "PUT", PATH, 200, {"smtp": smtp})
        client = await bench.joined()
        await bench.act(client, "send-code", 400, phone=PHONE)
        await bench.act(client, "send-code", 400, phone=PHONE, email="no address")
        await bench.act(client, "send-code", phone=PHONE, email="Ann@Example.org")
        code = mail.letters[0]["Subject"][:6]
        await bench.act(client, "verify-code", phone=PHONE, code=code)
        await bench.act(client, "onboard", username="ann", phone=PHONE)

    assert mail.recipients == ["ann@example.org"]


async def test_test_message_says_what_is_wrong(porch: Porch, bench: Bench, host: Client) -> None:
    path = f"{PATH}/test"
    async with MailServer() as mail, Gateway() as gateway:
        smtp = {"host": "127.0.0.1", "port": mail.port, "security": "none", "from": "attic@example.org"}
        await call(host, "PUT", PATH, 200, {"smtp": smtp, "http": {"url": f"{gateway.url}/send"}})

        assert await call(host, "POST", path, 200, {"by": "smtp", "to": "gran@example.org"}) == {
            "sent": True,
            "by": "smtp",
        }
        assert mail.letters[0]["Subject"] == "Test of Attic"
        gateway.status = 403
        refused = await call(host, "POST", path, 502, {"by": "http", "to": PHONE})
        assert (refused["code"], refused["message"]) == (
            "sender_failed",
            "127.0.0.1 refused the message (answer 403).",
        )

    await call(host, "POST", path, 400, {"by": "http", "to": "0151 1234567"})
    await call(host, "POST", path, 400, {"by": "smtp", "to": "gran"})
    assert (await call(host, "POST", path, 409, {"by": "verify", "to": PHONE}))["code"] == "sender_not_set"
    await call(host, "POST", path, 200, {"by": "console", "to": ""})
    assert bench.shown == []
    for _ in range(7):
        await call(host, "POST", path, 200, {"by": "console", "to": ""})
    await call(host, "POST", path, 429, {"by": "console", "to": ""})
