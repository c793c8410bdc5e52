"""The key login in the whole program."""

from nacl.signing import SigningKey

from homemedia.accounts.keys import base58
from tests.support.app import House

KEY = SigningKey(bytes(range(32)))
PUBLIC = base58(KEY.verify_key.encode())


async def show(house: House) -> dict[str, object]:
    """What verify_key answers to the owner of the key."""
    device = house.stranger()
    async with device.post(
        "/api/auth/create_session", json={"public_key": PUBLIC, "email": "zoe@example.org"}
    ) as asked:
        message = (await asked.json())["challenge"]
    shown = {"public_key": PUBLIC, "message": message, "signed_message": base58(KEY.sign(message.encode()).signature)}
    async with device.post("/api/auth/verify_key", json=shown) as answer:
        found: dict[str, object] = await answer.json()
        assert answer.status == 200, found
        return found


async def test_who_was_let_in_sees_the_house_and_who_was_refused_does_not(claimed: House) -> None:
    waiting = await show(claimed)
    zoe = next(one for one in await claimed.get("/api/users") if one["state"] == "pending")
    await claimed.send("PUT", f"/api/users/{zoe['id']}", {"enabled": True, "libraries": []})
    tokens = await show(claimed)
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    async with claimed.stranger().get("/api/libraries", headers=headers) as inside:
        libraries = await inside.json()
    await claimed.send("PUT", f"/api/users/{zoe['id']}", {"enabled": False})
    async with claimed.stranger().get("/api/libraries", headers=headers) as outside:
        gone = (outside.status, (await outside.json())["code"])

    assert waiting["approval_required"]
    assert (zoe["username"], inside.status, libraries["libraries"]) == ("zoe", 200, [])
    assert gone == (401, "session_revoked")


async def test_health_and_instance_say_the_same_of_the_server_to_every_origin(claimed: House) -> None:
    origin = {"Origin": "https://notes.example"}
    async with claimed.stranger().get("/api/health", headers=origin) as health:
        sick = await health.json()
    async with claimed.stranger().get("/api/", headers=origin) as instance:
        told = await instance.json()

    same = ("status", "version", "name", "public_key", "public_url")
    assert {name: sick[name] for name in same} == {name: told[name] for name in same}
    for answer in (health, instance):
        assert answer.headers["Access-Control-Allow-Origin"] == "https://notes.example"


async def test_one_member_asks_the_heap_routes_six_hundred_times_a_minute(claimed: House) -> None:
    for _ in range(600):
        async with claimed.client.post("/api/me") as answer:
            assert answer.status == 200
    async with claimed.client.post("/api/me") as limited:
        code = (await limited.json())["code"]

    assert (limited.status, code) == (429, "rate_limited")
    assert await claimed.get("/api/libraries")
