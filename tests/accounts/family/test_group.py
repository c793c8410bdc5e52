"""Name, colour, invite code and members of the household, as the clip API has them (clips §7.1, 7.3)."""

from typing import Any

import pytest

from homemedia.accounts import HouseholdChanged
from tests.accounts.codes.bench import PHONE, Bench, Client, call
from tests.accounts.porch import Porch

OTHER = "+15550000002"


@pytest.mark.parametrize(("method", "path", "body"), [
    ("PATCH", "/api/group/name", {"name": "Den"}),
    ("PATCH", "/api/group/accent", {"accentColor": "sky"}),
    ("POST", "/api/group/invite-code/regenerate", None),
    ("POST", "/api/group/members", {"username": "bob", "phone": OTHER}),
    ("DELETE", "/api/group/members/6f0c0000-0000-4000-8000-000000000000", None),
])  # fmt: skip
async def test_only_the_host_may(porch: Porch, bench: Bench, host: Client, method: str, path: str, body: Any) -> None:
    member = await bench.member()
    before = await call(host, "GET", "/api/auth")

    nobody = await call(porch.device(), method, path, 401, body)
    refused = await call(member, method, path, 403, body)

    assert "not authenticated" in nobody["error"].lower()
    assert "host" in refused["error"].lower()
    assert refused["error"] == refused["message"]
    assert await call(host, "GET", "/api/auth") == before
    assert len(await call(host, "GET", "/api/group/members")) == 2


async def test_name_is_the_house_s_everywhere(porch: Porch, bench: Bench, host: Client) -> None:
    assert await call(host, "PATCH", "/api/group/name", 200, {"name": "  The Fam "}) == {"name": "The Fam"}

    assert (await call(host, "GET", "/api/home/accounts/household"))["name"] == "The Fam"
    assert any(isinstance(event, HouseholdChanged) for event in porch.events)
    for body in ({}, {"name": ""}, {"name": " "}, {"name": "x" * 51}, {"name": 5}, {"name": None}):
        assert "1-50" in (await call(host, "PATCH", "/api/group/name", 400, body))["error"]
    await call(host, "PATCH", "/api/group/name", 400, {"name": "a\nb"})


async def test_colour_is_the_house_s_everywhere(bench: Bench, host: Client) -> None:
    found = await call(host, "PATCH", "/api/group/accent", 200, {"accentColor": "mint"})

    assert found == {"accentColor": "mint"}
    assert (await call(host, "GET", "/api/home/accounts/household"))["accent"] == 163
    assert (await call(host, "GET", "/api/auth"))["group"]["accentColor"] == "mint"
    await call(host, "PUT", "/api/home/accounts/household", 200, {"accent": 300})
    assert (await call(host, "GET", "/api/auth"))["group"]["accentColor"] == "violet"
    for word in ("toString", "__proto__", "Coral", "", None, 5, ["coral"]):
        assert (
            "invalid" in (await call(host, "PATCH", "/api/group/accent", 400, {"accentColor": word}))["error"].lower()
        )
    await call(host, "PATCH", "/api/group/accent", 400, {})


async def test_new_invite_code_ends_the_old_one(porch: Porch, bench: Bench, host: Client) -> None:
    old = await bench.invite_code()

    made = await call(host, "POST", "/api/group/invite-code/regenerate")

    assert set(made) == {"inviteCode"}
    assert (len(made["inviteCode"]), made["inviteCode"] != old) == (16, True)
    await bench.act(porch.device(), "join", 404, inviteCode=old)
    await bench.act(porch.device(), "join", inviteCode=made["inviteCode"])
    assert (await call(host, "GET", "/api/home/accounts/standing-invite"))["code"] == made["inviteCode"]


async def test_members_are_those_who_are_in(porch: Porch, bench: Bench, host: Client) -> None:
    porch.clock.pass_ms(1)
    member = await bench.member("ann")
    await bench.joined()
    await porch.add_member("off", state="disabled")
    await porch.add_member("over", expires_at=5)
    await porch.set("user", "username = 'ann'", avatar_changed_at=5)

    listed = await call(member, "GET", "/api/group/members")

    ann = (await call(member, "GET", "/api/auth"))["user"]
    assert [(one["username"], one["isHost"], one["role"]) for one in listed] == [
        ("Gran", True, "host"),
        ("ann", False, "member"),
    ]
    assert listed[1] == {
        "id": ann["id"],
        "username": "ann",
        "avatarPath": f"{ann['id']}.jpg",
        "createdAt": "2026-01-01T00:00:00.001Z",
        "isHost": False,
        "role": "member",
    }
    assert ann["avatarPath"] == f"{ann['id']}.jpg"


async def test_host_makes_a_member_who_comes_in_by_code(porch: Porch, bench: Bench, host: Client) -> None:
    made = await call(host, "POST", "/api/group/members", 201, {"username": " bob ", "phone": "(555) 000-0002"})
    client = porch.device()
    await bench.act(client, "login-send-code", phone="+495550000002")
    found = await bench.act(client, "login-verify-code", phone="+495550000002", code=bench.code)

    assert set(made) == {"member"}
    assert (made["member"]["username"], made["member"]["role"]) == ("bob", "member")
    assert found["userId"] == made["member"]["id"]
    assert (await call(client, "GET", "/api/auth/me"))["libraries"] == "all"


@pytest.mark.parametrize(("body", "status", "code"), [
    ({"username": "bob"}, 400, "invalid_request"),
    ({"phone": OTHER}, 400, "invalid_request"),
    ({"username": "b b", "phone": OTHER}, 400, "invalid_request"),
    ({"username": "bob", "phone": "12"}, 400, "invalid_request"),
    ({"username": "bob", "phone": PHONE}, 409, "phone_taken"),
    ({"username": "ANN", "phone": OTHER}, 409, "username_taken"),
])  # fmt: skip
async def test_member_with_a_fault_is_not_made(
    bench: Bench, host: Client, body: dict[str, str], status: int, code: str
) -> None:
    await bench.member("ann", PHONE)

    found = await call(host, "POST", "/api/group/members", status, body)

    assert found["code"] == code
    if code == "phone_taken":
        assert "already in use" in found["error"]
    assert len(await call(host, "GET", "/api/group/members")) == 2


async def test_removed_member_is_out_and_his_name_and_number_are_free(porch: Porch, bench: Bench, host: Client) -> None:
    member = await bench.member("ann", PHONE)
    gone = (await call(member, "GET", "/api/auth"))["user"]["id"]
    porch.clock.pass_ms(60_000)
    await bench.act(porch.device(), "login-send-code", phone=PHONE)
    code = bench.code

    assert await call(host, "DELETE", f"/api/group/members/{gone}") == {"removed": True}

    await call(member, "GET", "/api/auth", 401)
    await bench.act(porch.device(), "login-verify-code", 404, phone=PHONE, code=code)
    rows = await porch.db.read("SELECT subject FROM challenge WHERE subject LIKE :who", {"who": f"%{gone}"})
    (row,) = await porch.db.read("SELECT state, username, purge_at FROM user WHERE user_id = :id", {"id": gone})
    assert rows == []
    # What he wrote keeps its author, and nothing of his is dropped.
    assert tuple(row) == ("removed", "ann", None)
    porch.clock.pass_ms(60_000)
    again = await bench.member("ann", PHONE)
    assert (await call(again, "GET", "/api/auth"))["user"]["id"] != gone


async def test_nobody_removes_himself_a_stranger_or_somebody_twice(porch: Porch, bench: Bench, host: Client) -> None:
    me = (await call(host, "GET", "/api/auth"))["user"]["id"]
    member = await bench.member()
    other = (await call(member, "GET", "/api/auth"))["user"]["id"]
    pending = await porch.add_member("waiting", state="pending", pending_for="approval")

    assert "yourself" in (await call(host, "DELETE", f"/api/group/members/{me}", 400))["error"]
    await call(host, "DELETE", f"/api/group/members/{other}")
    for who in (other, pending, "x", "6f0c0000-0000-4000-8000-000000000000"):
        await call(host, "DELETE", f"/api/group/members/{who}", 404)


async def test_broken_bodies_are_told_as_json(bench: Bench, host: Client) -> None:
    for method, path in (
        ("PATCH", "/api/group/name"),
        ("PATCH", "/api/group/accent"),
        ("POST", "/api/group/members"),
        ("POST", "/api/profile/preferences"),
    ):
        for raw in (b"{", b"null", b"[]", b"7", b""):
            answer = await host.request(method, path, data=raw)
            found = await answer.json()
            assert (answer.status, found["code"]) == (400, "invalid_json"), (path, raw)
            assert found["error"].startswith("Invalid JSON")
