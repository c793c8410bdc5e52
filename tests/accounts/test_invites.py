"""Invites: who holds one becomes a member, once for each use, with what was granted and never more."""

import asyncio
import re
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from homemedia.accounts.invites import Acceptance
from homemedia.accounts.models import Device
from homemedia.core.problems import Gone
from tests.accounts.porch import Porch

Client = TestClient[Any, Any]
WEEK_S = 604_800


@pytest.fixture(autouse=True)
async def _boss(porch: Porch, client: Client) -> None:
    """`client` is the administrator's."""
    await porch.claim(client, username="Ann", serverName="Attic")


async def invite(client: Client, status: int = 201, **body: Any) -> Any:
    answer = await client.post("/api/invites", json=body)
    found = await answer.json()
    assert answer.status == status, found
    return found.get("invite", found)


async def accept(porch: Porch, token: str, status: int = 201, **body: Any) -> Any:
    answer = await porch.device().post(
        f"/api/invites/{token}/accept", json={"username": "gran", "password": "1234"} | body
    )
    found = await answer.json()
    assert answer.status == status, found
    return found


async def info(porch: Porch, token: str, status: int = 200) -> Any:
    answer = await porch.device().get(f"/api/invite-info/{token}")
    found = await answer.json()
    assert answer.status == status, found
    return found


async def test_link_is_told_once_and_kept_as_a_hash(porch: Porch, client: Client) -> None:
    made = await invite(client, label="Grandparents", libraries=["films"], maxUses=2)

    (listed,) = (await (await client.get("/api/invites")).json())["invites"]
    (row,) = await porch.db.read("SELECT token_hash, code FROM invite")

    assert re.fullmatch(r"[a-z2-7]{26}", made["token"])
    assert made["url"].endswith(f"/join/{made['token']}")
    assert made["qr"].startswith("<svg")
    assert made == {
        "id": made["id"],
        "token": made["token"],
        "url": made["url"],
        "qr": made["qr"],
        "label": "Grandparents",
        "libraries": ["films"],
        "maxUses": 2,
        "uses": 0,
        "expiresAt": porch.clock.now_ms() // 1000 + WEEK_S,
        "accountExpiresAt": None,
        "restrictions": None,
        "status": "active",
        "createdAt": porch.clock.now_ms() // 1000,
        "createdBy": made["createdBy"],
        "acceptedBy": [],
    }
    assert listed == made | {"token": None, "url": None, "qr": None}
    assert (len(row["token_hash"]), row["code"]) == (32, None)


async def test_who_accepts_is_in_with_what_was_granted(porch: Porch, client: Client) -> None:
    made = await invite(
        client, libraries=["films"], restrictions={"maxAge": 12}, accountExpiresIn=3600, label="Grandparents"
    )
    told = await info(porch, made["token"])
    device = porch.device()

    answer = await device.post(
        f"/api/invites/{made['token']}/accept",
        json={"username": "gran", "password": "1234", "displayName": "Granny", "isAdmin": True},
    )
    joined = await answer.json()
    me = await (await device.get("/api/auth/me")).json()
    (listed,) = (await (await client.get("/api/invites")).json())["invites"]

    assert told == {
        "valid": True,
        "server": {"name": "Attic"},
        "invite": {
            "label": "Grandparents",
            "expiresAt": made["expiresAt"],
            "usesLeft": 1,
            "invitedBy": "Ann",
            "libraries": [{"name": "Films", "type": "movie"}],
        },
    }
    assert answer.status == 201
    assert "immich_access_token" in answer.cookies
    assert joined["user"] == me["user"]
    assert (me["displayName"], me["isAdmin"], me["libraries"]) == ("Granny", False, ["films"])
    assert (me["restrictions"]["maxAge"], me["restrictions"]["blockUnrated"]) == (12, True)
    assert me["expiresAt"] == made["createdAt"] + 3600
    assert listed["acceptedBy"] == [{"id": me["id"], "username": "gran"}]
    assert (listed["status"], listed["uses"]) == ("used", 1)
    assert (await info(porch, made["token"], 410))["code"] == "invite_used"
    assert (await accept(porch, made["token"], 410, username="other"))["code"] == "invite_used"


async def test_twenty_at_once_make_one_account_of_one_use(porch: Porch, client: Client) -> None:
    made = await invite(client)

    async def join(number: int) -> str:
        who = Acceptance(username=f"gran{number}", password="1234")
        try:
            await porch.invites.accept(made["token"], who, Device(address=f"192.168.1.{number}"))
        except Gone as err:
            return err.code
        return "joined"

    found = await asyncio.gather(*(join(number) for number in range(20)))

    members = await porch.db.read("SELECT count(*) AS n FROM user WHERE is_admin = 0")
    assert (sorted(found), members[0]["n"]) == (["invite_used"] * 19 + ["joined"], 1)


async def test_taken_name_costs_no_use(porch: Porch, client: Client) -> None:
    made = await invite(client)

    for name in ("ann", "ANN", "\uff21nn"):
        assert (await accept(porch, made["token"], 409, username=name))["code"] == "username_taken"
    for body in ({"password": "123"}, {"username": "a/b"}, {"email": "x"}, {"displayName": "\u202e"}):
        assert (await accept(porch, made["token"], 400, **body))["code"] == "invalid_request"

    await accept(porch, made["token"])


async def test_invites_end(porch: Porch, client: Client) -> None:
    late = await invite(client, expiresIn=60)
    back = await invite(client, expiresIn=None)
    porch.clock.pass_ms(60_000)

    assert (await info(porch, late["token"], 410))["code"] == "invite_expired"
    assert (await accept(porch, late["token"], 410))["code"] == "invite_expired"
    for _ in range(2):
        answer = await client.delete(f"/api/invites/{back['id']}")
        assert (answer.status, await answer.json()) == (200, {"revoked": True, "id": back["id"]})
    assert (await accept(porch, back["token"], 410))["code"] == "invite_revoked"
    assert (await info(porch, "nothing", 404))["code"] == "invite_not_found"
    assert (await accept(porch, "nothing", 404))["code"] == "invite_not_found"
    assert (await client.delete("/api/invites/nothing")).status == 404
    listed = (await (await client.get("/api/invites")).json())["invites"]
    assert {one["id"]: one["status"] for one in listed} == {late["id"]: "expired", back["id"]: "revoked"}
    porch.clock.pass_ms(90 * 86_400_000 - 1)
    assert len((await (await client.get("/api/invites")).json())["invites"]) == 2
    porch.clock.pass_ms(1)
    assert (await (await client.get("/api/invites")).json())["invites"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"expiresIn": 59},
        {"expiresIn": 31_536_001},
        {"maxUses": 0},
        {"maxUses": 101},
        {"label": "x" * 101},
        {"restrictions": {"maxAge": "old"}},
    ],
)
async def test_bad_invite_is_refused(client: Client, body: dict[str, Any]) -> None:
    assert (await invite(client, 400, **body))["code"] == "invalid_request"


async def test_unknown_library_or_rating_of_an_invite_is_refused(client: Client) -> None:
    assert (await invite(client, 400, libraries=["nothing"]))["code"] == "unknown_library"
    assert (await invite(client, 400, restrictions={"libraries": ["nothing"]}))["code"] == "unknown_library"
    assert (await invite(client, 400, restrictions={"blockedRatings": ["Blue"]}))["code"] == "unknown_rating"


async def test_tries_are_limited_by_address(porch: Porch, client: Client) -> None:
    for _ in range(10):
        await accept(porch, "nothing", 404)
    answer = await porch.device().post("/api/invites/nothing/accept", json={"username": "x", "password": "1234"})
    assert (answer.status, (await answer.json())["code"]) == (429, "rate_limited")
    assert int(answer.headers["Retry-After"]) > 3000

    for _ in range(30):
        await info(porch, "nothing", 404)
    await info(porch, "nothing", 429)


async def test_standing_code_opens_the_house_until_it_is_replaced(porch: Porch, client: Client) -> None:
    path = "/api/home/accounts/standing-invite"
    first = await (await client.get(path)).json()
    again = await (await client.get(path)).json()
    told = await info(porch, first["code"])
    joined = await accept(porch, first["code"].upper())
    answer = await client.post(f"{path}/regenerate")
    other = await answer.json()

    assert first == again
    assert first["url"].endswith(f"/join/{first['code']}")
    assert re.fullmatch(r"[0-9a-f]{16}", first["code"])
    assert (told["invite"]["usesLeft"], told["invite"]["expiresAt"]) == (None, None)
    assert [one["name"] for one in told["invite"]["libraries"]] == ["Films", "Shows"]
    assert joined["user"]["libraries"] == "all"
    assert other["code"] != first["code"]
    assert (await info(porch, first["code"], 404))["code"] == "invite_not_found"
    assert (await (await client.get("/api/invites")).json())["invites"] == []


async def test_nobody_else_invites(porch: Porch, client: Client) -> None:
    await accept(porch, (await invite(client))["token"])
    other = porch.device()
    await other.post("/api/auth/login", json={"username": "gran", "password": "1234"})

    for method, path in (
        ("POST", "/api/invites"),
        ("GET", "/api/invites"),
        ("DELETE", "/api/invites/x"),
        ("GET", "/api/home/accounts/standing-invite"),
        ("POST", "/api/home/accounts/standing-invite/regenerate"),
    ):
        answer = await other.request(method, path, json={})
        assert (answer.status, (await answer.json())["code"]) == (403, "admin_required"), path


async def test_another_sites_page_gets_no_cookie(porch: Porch, client: Client) -> None:
    made = await invite(client)

    answer = await porch.device().post(
        f"/api/invites/{made['token']}/accept",
        json={"username": "gran", "password": "1234"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )

    assert answer.status == 201
    assert not answer.cookies
