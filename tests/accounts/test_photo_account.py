import asyncio
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from homemedia.accounts import MemberChanged, SessionEnded
from homemedia.accounts.photo_account.preferences import USUAL, Memories, PhotoPreferences, merged
from tests.accounts.porch import PASSWORD, Porch

Client = TestClient[Any, Any]
NOBODY = "00000000-0000-4000-8000-000000000000"
WEEK_MS = 7 * 86_400_000


@pytest.fixture
async def boss(porch: Porch, client: Client) -> str:
    """The administrator, signed in with `client`; his id."""
    await porch.claim(client, username="Ann")
    return str((await (await client.get("/api/auth/me")).json())["id"])


async def asked(client: Client, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
    answer = await client.request(method, path, **({} if body is None else {"json": body}), **more)
    raw = await answer.read()
    return answer.status, await answer.json() if raw else None


async def refused(client: Client, method: str, path: str, body: Any = None) -> tuple[int, str]:
    status, answer = await asked(client, method, path, body)
    assert (answer["statusCode"], answer["error"]) == (status, answer["error"])
    return status, answer["message"]


async def add(client: Client, name: str = "ben", **body: Any) -> dict[str, Any]:
    new = {"email": f"{name}@example.org", "password": PASSWORD, "name": name.title()} | body
    status, made = await asked(client, "POST", "/api/admin/users", new)
    assert status == 201, made
    return dict(made)


async def signed_in(porch: Porch, email: str, password: str = PASSWORD) -> Client:
    device = porch.device()
    answer = await device.post("/api/auth/login", json={"email": email, "password": password})
    assert answer.status == 201, await answer.text()
    return device


# The claim


async def test_first_administrator_signs_up_and_signs_in(porch: Porch, client: Client) -> None:
    status, made = await asked(
        client, "POST", "/api/auth/admin-sign-up", {"email": "Ann@Example.org", "password": PASSWORD, "name": "Ann B."}
    )

    assert status == 201
    assert (made["email"], made["name"], made["storageLabel"]) == ("ann@example.org", "Ann B.", "admin")
    assert (made["isAdmin"], made["shouldChangePassword"], made["status"]) == (True, True, "active")
    assert (await client.get("/api/users/me")).status == 401
    device = await signed_in(porch, "ann@example.org")
    assert (await asked(device, "GET", "/api/auth/me"))[1]["username"] == "ann"
    assert len((await asked(device, "GET", "/api/sessions"))[1]) == 1
    assert await refused(
        client, "POST", "/api/auth/admin-sign-up", {"email": "x@y.z", "password": PASSWORD, "name": "X"}
    ) == (400, "The server already has an admin")


@pytest.mark.parametrize(
    "change",
    [{"email": "none"}, {"email": ""}, {"password": "short"}, {"name": ""}, {"name": None}, {"email": 5}],
    ids=str,
)
async def test_sign_up_of_another_form_claims_nothing(porch: Porch, client: Client, change: dict[str, Any]) -> None:
    body = {"email": "ann@example.org", "password": PASSWORD, "name": "Ann"} | change

    assert (await asked(client, "POST", "/api/auth/admin-sign-up", body))[0] == 400
    assert await porch.claims.is_open()


async def test_stranger_needs_the_setup_code(porch: Porch) -> None:
    client = await porch.open(proxies=("127.0.0.1/32",))
    body = {"email": "ann@example.org", "password": PASSWORD, "name": "Ann"}
    sent = {"X-Forwarded-For": "203.0.113.9"}

    for _ in range(2):
        assert (await asked(client, "POST", "/api/auth/admin-sign-up", body, headers=sent))[0] == 403
    for _ in range(6):
        wrong = await asked(client, "POST", "/api/auth/admin-sign-up", body | {"setupCode": "0"}, headers=sent)
        assert wrong[0] == 403
    other = {"X-Forwarded-For": "203.0.113.10"}
    right = body | {"setupCode": porch.claims.setup_code}
    assert (await asked(client, "POST", "/api/auth/admin-sign-up", right, headers=other))[0] == 201


async def test_of_two_that_sign_up_one_wins(client: Client) -> None:
    bodies = [{"email": f"{name}@example.org", "password": PASSWORD, "name": name} for name in ("ann", "ben")]
    answers = await asyncio.gather(*(asked(client, "POST", "/api/auth/admin-sign-up", body) for body in bodies))

    assert sorted(status for status, _ in answers) == [201, 400]


# One's own account


async def test_own_account_has_every_field_its_clients_read(client: Client, boss: str) -> None:
    status, me = await asked(client, "GET", "/api/users/me")

    assert status == 200
    assert me == {
        "id": boss,
        "email": "Ann@homemedia.invalid",
        "name": "Ann",
        "avatarColor": me["avatarColor"],
        "profileImagePath": "",
        "profileChangedAt": "2026-01-01T00:00:00.000Z",
        "storageLabel": None,
        "shouldChangePassword": False,
        "isAdmin": True,
        "createdAt": "2026-01-01T00:00:00.000Z",
        "deletedAt": None,
        "updatedAt": "2026-01-01T00:00:00.000Z",
        "oauthId": "",
        "quotaSizeInBytes": None,
        "quotaUsageInBytes": 0,
        "status": "active",
        "license": None,
        "clusterGroupId": boss,
    }


@pytest.mark.usefixtures("boss")
async def test_own_account_changes_and_the_made_up_address_is_none(porch: Porch, client: Client) -> None:
    body = {"email": "ann@homemedia.invalid", "name": "Aunt Ann", "avatarColor": "green"}
    _, me = await asked(client, "PUT", "/api/users/me", body)
    row = (await porch.db.read("SELECT email FROM user"))[0]

    assert (me["name"], me["avatarColor"], row["email"]) == ("Aunt Ann", "green", None)
    assert (await asked(client, "PUT", "/api/users/me", {"email": "ANN@Example.org"}))[1]["email"] == "ann@example.org"
    assert (await asked(client, "PUT", "/api/users/me", {"avatarColor": None}))[1]["avatarColor"] != "green"
    assert await signed_in(porch, "ann@example.org")
    assert await signed_in(porch, "ann@homemedia.invalid")


@pytest.mark.usefixtures("boss")
@pytest.mark.parametrize(
    "body",
    [{"email": "x"}, {"name": ""}, {"avatarColor": "mauve"}, {"password": "short"}, {"name": 1}, {"email": None}],
    ids=str,
)
async def test_own_account_is_not_changed_to_nonsense(client: Client, body: dict[str, Any]) -> None:
    assert (await asked(client, "PUT", "/api/users/me", body))[0] == 400


@pytest.mark.usefixtures("boss")
async def test_address_of_another_account_is_taken(porch: Porch, client: Client) -> None:
    await add(client)
    ben = await signed_in(porch, "ben@example.org")
    await add(client, "cleo")

    assert await refused(ben, "PUT", "/api/users/me", {"email": "Cleo@example.org"}) == (
        400,
        "Email already in use by another account",
    )


@pytest.mark.usefixtures("boss")
async def test_new_password_ends_the_other_sessions(porch: Porch, client: Client) -> None:
    other = await signed_in(porch, "ann")
    assert (await asked(client, "PUT", "/api/users/me", {"password": "battery staple"}))[0] == 200

    assert (await client.get("/api/users/me")).status == 200
    assert (await other.get("/api/users/me")).status == 401
    assert await signed_in(porch, "ann", "battery staple")


@pytest.mark.usefixtures("boss")
async def test_change_of_password_speaks_as_it_is_spoken_to(porch: Porch, client: Client) -> None:
    wrong = {"newPassword": "battery staple"}
    photo = await refused(client, "POST", "/api/auth/change-password", wrong | {"password": "no"})
    watch = await refused(client, "POST", "/api/auth/change-password", wrong | {"currentPassword": "no"})
    await porch.set("user", "1 = 1", must_change_password=1)
    _, done = await asked(client, "POST", "/api/auth/change-password", wrong | {"password": PASSWORD})

    assert photo == (400, "Wrong password")
    assert watch == (400, "The current password is not right.")
    assert (done["ok"], done["shouldChangePassword"], done["name"]) == (True, False, "Ann")
    assert done["token"]


@pytest.mark.usefixtures("boss")
async def test_members_see_each_other_and_not_who_is_out(porch: Porch, client: Client) -> None:
    ben, cleo = await add(client), await add(client, "cleo")
    device = await signed_in(porch, "ben@example.org")

    status, shown = await asked(device, "GET", f"/api/users/{cleo['id'].upper()}")
    assert status == 200
    assert set(shown) == {"id", "email", "name", "avatarColor", "profileImagePath", "profileChangedAt"}
    await porch.set("user", "username = 'cleo'", state="disabled")
    assert await refused(device, "GET", f"/api/users/{cleo['id']}") == (400, "User not found")
    assert (await asked(client, "GET", f"/api/users/{cleo['id']}"))[0] == 200
    assert await refused(device, "GET", f"/api/users/{NOBODY}") == (400, "User not found")
    assert await refused(device, "GET", "/api/users/nope") == (400, "Invalid UUID")
    assert (await asked(device, "GET", f"/api/users/{ben['id']}"))[0] == 200


@pytest.mark.usefixtures("boss")
async def test_what_newcomers_are_told(porch: Porch, client: Client) -> None:
    place = "/api/users/me/onboarding"

    assert await asked(client, "GET", place) == (200, {"isOnboarded": False})
    assert await asked(client, "PUT", place, {"isOnboarded": True}) == (200, {"isOnboarded": True})
    assert await asked(client, "GET", place) == (200, {"isOnboarded": True})
    login = await porch.device().post("/api/auth/login", json={"email": "ann", "password": PASSWORD})
    assert (await login.json())["isOnboarded"] is True
    assert await asked(client, "DELETE", place) == (204, None)
    assert await asked(client, "GET", place) == (200, {"isOnboarded": False})
    assert (await asked(client, "PUT", place, {"isOnboarded": "yes"}))[0] == 400
    assert (await asked(client, "GET", "/api/users/me/license"))[0] == 404


# Preferences


def test_merging_leaves_what_is_not_said() -> None:
    after = merged(USUAL, PhotoPreferences(memories=Memories(duration=9)))

    assert isinstance(after.memories, Memories)
    assert (after.memories.duration, after.memories.enabled, after.tags) == (9, True, USUAL.tags)


@pytest.mark.usefixtures("boss")
async def test_preferences_are_whole_and_merged(porch: Porch, client: Client) -> None:
    place = "/api/users/me/preferences"
    _, before = await asked(client, "GET", place)
    _, after = await asked(
        client,
        "PUT",
        place,
        {"memories": {"duration": 9}, "playback": {"audioLanguage": "de"}, "avatar": {"color": "x"}},
    )
    await asked(client, "PUT", place, {"tags": {"enabled": True}})
    _, now = await asked(client, "GET", place)

    assert before["memories"] == {"enabled": True, "duration": 5, "sidebarWeb": True}
    assert before["purchase"] == {"showSupportBadge": True, "hideBuyButtonUntil": "2022-02-12T00:00:00.000Z"}
    assert before["download"] == {"archiveSize": 4_294_967_296, "includeEmbeddedVideos": False}
    assert len(before) == 13
    assert after == before | {
        "memories": {"enabled": True, "duration": 9, "sidebarWeb": True},
        "playback": before["playback"] | {"audioLanguage": "de"},
    }
    assert now == after | {"tags": {"enabled": True, "sidebarWeb": False}}
    assert (await asked(client, "GET", "/api/auth/me"))[1]["preferences"]["audioLanguage"] == "de"


@pytest.mark.usefixtures("boss")
@pytest.mark.parametrize(
    "body",
    [
        {"memories": {"duration": 0}},
        {"albums": {"defaultAssetOrder": "up"}},
        {"people": None},
        {"tags": {"enabled": 1}},
        {"download": {"archiveSize": 1 << 60}},
        {"playback": {"audioLanguage": "German"}},
        [],
    ],
    ids=str,
)
async def test_preferences_of_another_form_change_nothing(client: Client, body: Any) -> None:
    before = await asked(client, "GET", "/api/users/me/preferences")

    assert (await asked(client, "PUT", "/api/users/me/preferences", body))[0] == 400
    assert await asked(client, "GET", "/api/users/me/preferences") == before


async def test_preferences_of_a_newer_program_are_the_usual_ones(porch: Porch, client: Client, boss: str) -> None:
    async with porch.db.write() as tx:
        await tx.run(
            "INSERT INTO preference (user_id, area, document) VALUES (:id, 'photos', '{\"memories\": 5}')", {"id": boss}
        )

    assert (await asked(client, "GET", "/api/users/me/preferences"))[1]["memories"]["duration"] == 5


# PIN


@pytest.mark.usefixtures("boss")
async def test_pin_opens_for_a_quarter_of_an_hour(porch: Porch, client: Client) -> None:
    assert await asked(client, "GET", "/api/auth/status") == (
        200,
        {"pinCode": False, "password": True, "isElevated": False},
    )
    assert await refused(client, "POST", "/api/auth/session/unlock", {"pinCode": "123456"}) == (
        400,
        "User does not have a PIN code",
    )
    assert (await asked(client, "POST", "/api/auth/pin-code", {"pinCode": "123456"}))[0] == 204
    assert await refused(client, "POST", "/api/auth/pin-code", {"pinCode": "123456"}) == (
        400,
        "User already has a PIN code",
    )
    assert await refused(client, "POST", "/api/auth/session/unlock", {"pinCode": "654321"}) == (400, "Wrong PIN code")
    assert (await asked(client, "POST", "/api/auth/session/unlock", {"pinCode": "123456"}))[0] == 204

    status = (await asked(client, "GET", "/api/auth/status"))[1]
    assert (status["isElevated"], status["pinExpiresAt"]) == (True, "2026-01-01T00:15:00.000Z")
    porch.clock.pass_ms(15 * 60_000 + 1)
    assert (await asked(client, "GET", "/api/auth/status"))[1]["isElevated"] is False


@pytest.mark.usefixtures("boss")
async def test_what_is_used_stays_open(porch: Porch, client: Client) -> None:
    await asked(client, "POST", "/api/auth/pin-code", {"pinCode": "123456"})
    await asked(client, "POST", "/api/auth/session/unlock", {"pinCode": "123456"})
    for _ in range(6):
        porch.clock.pass_ms(12 * 60_000 if _ == 0 else 3 * 60_000)
        await client.get("/api/users/me")

    assert (await asked(client, "GET", "/api/auth/status"))[1]["isElevated"] is True
    assert (await asked(client, "POST", "/api/auth/session/lock"))[0] == 204
    assert (await asked(client, "GET", "/api/auth/status"))[1]["isElevated"] is False


@pytest.mark.usefixtures("boss")
async def test_pin_is_changed_and_dropped_with_itself_or_the_password(porch: Porch, client: Client) -> None:
    other = await signed_in(porch, "ann")
    await asked(client, "POST", "/api/auth/pin-code", {"pinCode": "123456"})
    await asked(other, "POST", "/api/auth/session/unlock", {"pinCode": "123456"})
    place = "/api/auth/pin-code"

    assert await refused(client, "PUT", place, {"pinCode": "1", "newPinCode": "222222"}) == (400, "Wrong PIN code")
    assert (await asked(client, "PUT", place, {"pinCode": "123456", "newPinCode": "22222"}))[0] == 400
    assert (await asked(client, "PUT", place, {"pinCode": "123456", "newPinCode": "222222"}))[0] == 204
    assert (await asked(other, "GET", "/api/auth/status"))[1]["isElevated"] is False
    assert await refused(client, "DELETE", place, {"password": "no"}) == (400, "Wrong password")
    assert await refused(client, "DELETE", place, {}) == (400, "Wrong PIN code")
    assert (await asked(client, "DELETE", place, {"password": PASSWORD}))[0] == 204
    assert await refused(client, "DELETE", place, {"pinCode": "222222"}) == (400, "User does not have a PIN code")


@pytest.mark.usefixtures("boss")
@pytest.mark.parametrize("pin", ["12345", "1234567", "12345a", "١٢٣٤٥٦", "", "123456\n"])
async def test_pin_has_six_digits(client: Client, pin: str) -> None:
    assert (await asked(client, "POST", "/api/auth/pin-code", {"pinCode": pin}))[0] == 400


@pytest.mark.usefixtures("boss")
async def test_who_guesses_pins_is_not_looked_at_any_more(porch: Porch, client: Client) -> None:
    await asked(client, "POST", "/api/auth/pin-code", {"pinCode": "123456"})
    place = "/api/auth/session/unlock"
    guesses = await asyncio.gather(*(asked(client, "POST", place, {"pinCode": f"00000{n}"}) for n in range(8)))

    assert {status for status, _ in guesses} == {400}
    assert porch.slept == [2.0] * 3
    assert await refused(client, "POST", place, {"pinCode": "123456"}) == (400, "Wrong PIN code")
    porch.clock.pass_ms(900_001)
    assert (await asked(client, "POST", place, {"pinCode": "123456"}))[0] == 204


@pytest.mark.usefixtures("boss")
async def test_key_is_never_elevated(porch: Porch, client: Client) -> None:
    _, made = await asked(client, "POST", "/api/api-keys", {"permissions": ["all"]})
    await asked(client, "POST", "/api/auth/pin-code", {"pinCode": "123456"})
    sent = {"x-api-key": made["secret"]}
    device = porch.device()

    for path, body in (
        ("/api/auth/session/unlock", {"pinCode": "123456"}),
        ("/api/auth/session/lock", None),
        ("/api/sessions", {}),
    ):
        status, answer = await asked(device, "POST", path, body, headers=sent)
        assert (status, answer["message"]) == (400, "This endpoint can only be used with a session token"), path
    assert (await asked(device, "GET", "/api/auth/status", headers=sent))[1]["isElevated"] is False
    assert await asked(device, "POST", "/api/auth/validateToken", headers=sent) == (200, {"authStatus": True})


# Further sessions


@pytest.mark.usefixtures("boss")
async def test_further_session_ends_with_its_parent(porch: Porch, client: Client) -> None:
    phone = await signed_in(porch, "ann")
    status, made = await asked(phone, "POST", "/api/sessions", {"duration": 60, "deviceType": "TV", "deviceOS": "tvOS"})
    _, below = await asked(
        porch.device(), "POST", "/api/sessions", {}, headers={"Authorization": f"Bearer {made['token']}"}
    )
    sessions = (await asked(phone, "GET", "/api/sessions"))[1]
    parent = next(one["id"] for one in sessions if one["current"])

    assert status == 201
    assert (made["deviceType"], made["deviceOS"], made["current"]) == ("TV", "tvOS", False)
    assert made["expiresAt"] == "2026-01-01T00:01:00.000Z"
    assert "expiresAt" not in below
    for one in (made, below):
        sent = {"x-immich-session-token": one["token"]}
        assert (await asked(porch.device(), "GET", "/api/users/me", headers=sent))[0] == 200
    assert (await asked(client, "DELETE", f"/api/sessions/{parent}"))[0] == 204
    for one in (made, below):
        sent = {"x-immich-session-token": one["token"]}
        assert (await asked(porch.device(), "GET", "/api/users/me", headers=sent))[0] == 401
        assert SessionEnded(one["id"]) in porch.events
    assert (await client.get("/api/users/me")).status == 200


@pytest.mark.usefixtures("boss")
async def test_further_session_ends_by_itself(porch: Porch, client: Client) -> None:
    _, made = await asked(client, "POST", "/api/sessions", {"duration": 60})
    porch.clock.pass_ms(60_001)

    status, answer = await asked(porch.device(), "GET", "/api/users/me", headers={"x-immich-user-token": made["token"]})
    assert (status, answer["code"], answer["message"]) == (401, "token_expired", "Invalid user token")


@pytest.mark.usefixtures("boss")
@pytest.mark.parametrize(
    "body", [{"duration": 0}, {"duration": "1"}, {"duration": 1 << 60}, {"deviceType": 5}], ids=str
)
async def test_further_session_of_another_form_is_refused(client: Client, body: dict[str, Any]) -> None:
    assert (await asked(client, "POST", "/api/sessions", body))[0] == 400


@pytest.mark.usefixtures("boss")
async def test_device_is_told_to_begin_anew_and_locked(porch: Porch, client: Client) -> None:
    phone = await signed_in(porch, "ann")
    session = next(one for one in (await asked(phone, "GET", "/api/sessions"))[1] if one["current"])
    place = f"/api/sessions/{session['id']}"
    await asked(phone, "POST", "/api/auth/pin-code", {"pinCode": "123456"})
    await asked(phone, "POST", "/api/auth/session/unlock", {"pinCode": "123456"})

    assert (await asked(client, "PUT", place, {"isPendingSyncReset": True}))[1]["isPendingSyncReset"] is True
    assert (await asked(client, "PUT", place, {}))[1]["isPendingSyncReset"] is True
    assert (await asked(client, "POST", f"{place}/lock"))[0] == 204
    assert (await asked(phone, "GET", "/api/auth/status"))[1]["isElevated"] is False
    nowhere = f"/api/sessions/{NOBODY}"
    assert await refused(client, "PUT", nowhere, {}) == (400, "Not found or no session.update access")
    assert await refused(client, "POST", f"{nowhere}/lock") == (400, "Not found or no session.lock access")
    assert await refused(client, "DELETE", nowhere) == (400, "Not found or no session.delete access")


@pytest.mark.usefixtures("boss")
async def test_nobody_reaches_anothers_session(porch: Porch, client: Client) -> None:
    await add(client)
    ben = await signed_in(porch, "ben@example.org")
    own = (await asked(client, "GET", "/api/sessions"))[1][0]["id"]

    assert (await asked(ben, "PUT", f"/api/sessions/{own}", {"isPendingSyncReset": True}))[0] == 400
    assert (await asked(ben, "POST", f"/api/sessions/{own}/lock"))[0] == 400
    assert (await asked(client, "GET", "/api/sessions"))[1][0]["isPendingSyncReset"] is False


@pytest.mark.usefixtures("boss")
async def test_updated_app_is_shown_with_its_version(porch: Porch, client: Client) -> None:
    device = porch.device()
    first = {"User-Agent": "immich-android/3.1.0", "deviceType": "Android", "deviceModel": "Pixel 9"}
    await device.post("/api/auth/login", json={"email": "ann", "password": PASSWORD}, headers=first)
    await device.get("/api/users/me", headers={"User-Agent": "immich-android/3.2.0"})
    _, sessions = await asked(client, "GET", "/api/sessions")
    phone = next(one for one in sessions if not one["current"])

    assert (phone["deviceType"], phone["deviceOS"], phone["appVersion"]) == ("Android", "Pixel 9", "3.2.0")


# Administration


@pytest.mark.usefixtures("boss")
async def test_account_is_made_with_everything_it_may_have(porch: Porch, client: Client) -> None:
    made = await add(
        client, "ben", quotaSizeInBytes=1000, storageLabel="ben", avatarColor="amber", pinCode="123456", isAdmin=True,
        notify=True,
    )  # fmt: skip
    device = porch.device()
    login = await device.post("/api/auth/login", json={"email": "BEN@example.org", "password": PASSWORD})

    assert (made["quotaSizeInBytes"], made["storageLabel"], made["avatarColor"]) == (1000, "ben", "amber")
    assert (made["shouldChangePassword"], made["isAdmin"]) == (True, True)
    assert (await login.json())["shouldChangePassword"] is True
    assert (await asked(device, "GET", "/api/auth/status"))[1]["pinCode"] is True
    assert (await asked(client, "GET", f"/api/admin/users/{made['id']}"))[1] == made
    assert MemberChanged(made["id"]) in porch.events


@pytest.mark.usefixtures("boss")
async def test_user_names_are_made_from_addresses(porch: Porch, client: Client) -> None:
    await add(client, "ben")
    await add(client, "ben", email="ben@example.com")
    rows = await porch.db.read("SELECT username FROM user ORDER BY username")

    assert [row["username"] for row in rows] == ["Ann", "ben", "ben2"]


@pytest.mark.usefixtures("boss")
@pytest.mark.parametrize(
    "change",
    [
        {"email": "none"},
        {"password": "abc"},
        {"name": ""},
        {"quotaSizeInBytes": -1},
        {"quotaSizeInBytes": "1"},
        {"storageLabel": "../up"},
        {"storageLabel": ".."},
        {"avatarColor": "mauve"},
        {"pinCode": "12"},
        {"isAdmin": "yes"},
    ],
    ids=str,
)
async def test_account_of_another_form_is_not_made(porch: Porch, client: Client, change: dict[str, Any]) -> None:
    body = {"email": "ben@example.org", "password": PASSWORD, "name": "Ben"} | change

    assert (await asked(client, "POST", "/api/admin/users", body))[0] == 400
    assert len(await porch.db.read("SELECT user_id FROM user")) == 1


@pytest.mark.usefixtures("boss")
async def test_addresses_and_labels_belong_to_one(client: Client) -> None:
    await add(client, "ben", storageLabel="ben")
    cleo = await add(client, "cleo")
    body = {"email": "BEN@example.org", "password": PASSWORD, "name": "Other"}

    assert await refused(client, "POST", "/api/admin/users", body) == (400, "User exists")
    assert await refused(client, "PUT", f"/api/admin/users/{cleo['id']}", {"email": "ben@example.org"}) == (
        400,
        "Email already in use by another account",
    )
    assert await refused(client, "PUT", f"/api/admin/users/{cleo['id']}", {"storageLabel": "ben"}) == (
        400,
        "Storage label already in use by another account",
    )


@pytest.mark.usefixtures("boss")
async def test_account_is_changed_and_a_reset_ends_its_sessions(porch: Porch, client: Client) -> None:
    ben = await add(client, "ben", quotaSizeInBytes=5, storageLabel="ben")
    device = await signed_in(porch, "ben@example.org")
    place = f"/api/admin/users/{ben['id']}"

    _, after = await asked(client, "PUT", place, {"quotaSizeInBytes": None, "storageLabel": "", "name": "Uncle"})
    assert (after["quotaSizeInBytes"], after["storageLabel"], after["name"]) == (None, None, "Uncle")
    assert (await device.get("/api/users/me")).status == 200
    _, reset = await asked(client, "PUT", place, {"password": "battery", "shouldChangePassword": True})
    assert reset["shouldChangePassword"] is True
    assert (await device.get("/api/users/me")).status == 401
    again = await signed_in(porch, "ben@example.org", "battery")
    _, pinned = await asked(client, "PUT", place, {"pinCode": "123456"})
    assert (await asked(again, "GET", "/api/auth/status"))[1]["pinCode"] is True
    await asked(client, "PUT", place, {"pinCode": None})
    assert (await asked(again, "GET", "/api/auth/status"))[1]["pinCode"] is False
    assert pinned["id"] == ben["id"]


async def test_own_rights_and_the_last_administrator_stay(client: Client, boss: str) -> None:
    ben = await add(client, "ben", isAdmin=True)

    assert await refused(client, "PUT", f"/api/admin/users/{boss}", {"isAdmin": False}) == (
        400,
        "Admin status can only be changed by another admin",
    )
    assert (await refused(client, "DELETE", f"/api/admin/users/{boss}"))[0] == 403
    assert (await asked(client, "PUT", f"/api/admin/users/{ben['id']}", {"isAdmin": False}))[1]["isAdmin"] is False


@pytest.mark.usefixtures("boss")
async def test_removed_account_comes_back_with_its_libraries(porch: Porch, client: Client) -> None:
    ben = await add(client)
    await asked(client, "PUT", f"/api/users/{ben['id']}", {"libraries": ["films"]})
    device = await signed_in(porch, "ben@example.org")
    place = f"/api/admin/users/{ben['id']}"

    status, gone = await asked(client, "DELETE", place)
    assert (status, gone["status"], gone["deletedAt"]) == (200, "deleted", "2026-01-01T00:00:00.000Z")
    assert (await device.get("/api/users/me")).status == 401
    assert len((await asked(client, "GET", "/api/admin/users"))[1]) == 1
    listed = (await asked(client, "GET", "/api/admin/users?withDeleted=true"))[1]
    assert sorted(one["status"] for one in listed) == ["active", "deleted"]
    assert len((await asked(client, "GET", f"/api/admin/users?withDeleted=true&id={ben['id']}"))[1]) == 1
    assert await refused(client, "PUT", place, {"name": "X"}) == (400, "User not found")

    status, back = await asked(client, "POST", f"{place}/restore")
    assert (status, back["status"], back["deletedAt"]) == (200, "active", None)
    assert porch.access.named[ben["id"]] == ["films"]
    assert await signed_in(porch, "ben@example.org")
    assert (await asked(client, "POST", f"{place}/restore"))[0] == 200


@pytest.mark.usefixtures("boss")
async def test_what_was_dropped_does_not_come_back(porch: Porch, client: Client) -> None:
    ben, cleo = await add(client), await add(client, "cleo")
    _, gone = await asked(client, "DELETE", f"/api/admin/users/{ben['id']}", {"force": True})
    await asked(client, "DELETE", f"/api/admin/users/{cleo['id']}")
    assert (await asked(client, "DELETE", f"/api/admin/users/{cleo['id']}", {"force": True}))[0] == 200

    assert gone["status"] == "deleted"
    for one in (ben, cleo):
        assert await refused(client, "POST", f"/api/admin/users/{one['id']}/restore") == (400, "User not found")
    assert len((await asked(client, "GET", "/api/admin/users?withDeleted=true"))[1]) == 1


@pytest.mark.usefixtures("boss")
async def test_name_taken_in_the_meantime_keeps_him_out(porch: Porch, client: Client) -> None:
    ben = await add(client)
    await asked(client, "DELETE", f"/api/admin/users/{ben['id']}")
    await add(client)

    status, message = await refused(client, "POST", f"/api/admin/users/{ben['id']}/restore")
    assert status == 400
    assert "taken" in message or "in use" in message


@pytest.mark.usefixtures("boss")
async def test_second_removal_has_its_own_week(porch: Porch, client: Client) -> None:
    ben = await add(client)
    place = f"/api/admin/users/{ben['id']}"
    await asked(client, "DELETE", place)
    porch.clock.pass_ms(WEEK_MS // 2)
    await asked(client, "POST", f"{place}/restore")
    await asked(client, "DELETE", place)
    porch.clock.pass_ms(WEEK_MS // 2 + 1)
    async with porch.jobs, asyncio.timeout(10):
        while len(await porch.jobs.open("member-purge")) > 1:
            await asyncio.sleep(0.01)
    assert (await asked(client, "GET", place))[1]["status"] == "deleted"

    porch.clock.pass_ms(WEEK_MS // 2)
    async with porch.jobs, asyncio.timeout(10):
        while await porch.jobs.open("member-purge"):
            await asyncio.sleep(0.01)
    assert await refused(client, "GET", place) == (400, "User not found")


@pytest.mark.usefixtures("boss")
async def test_administrators_see_preferences_sessions_and_counts(porch: Porch, client: Client) -> None:
    ben = await add(client)
    await signed_in(porch, "ben@example.org")
    place = f"/api/admin/users/{ben['id']}"

    _, changed = await asked(client, "PUT", f"{place}/preferences", {"folders": {"enabled": True}})
    assert changed["folders"] == {"enabled": True, "sidebarWeb": False}
    assert (await asked(client, "GET", f"{place}/preferences"))[1] == changed
    assert (await asked(client, "GET", f"{place}/statistics"))[1] == {"images": 0, "videos": 0, "total": 0}
    assert [one["current"] for one in (await asked(client, "GET", f"{place}/sessions"))[1]] == [False]
    for tail in ("", "/preferences", "/statistics", "/sessions"):
        assert await refused(client, "GET", f"/api/admin/users/{NOBODY}{tail}") == (400, "User not found")
        assert await refused(client, "GET", f"/api/admin/users/nope{tail}") == (400, "Invalid UUID")


@pytest.mark.usefixtures("boss")
@pytest.mark.parametrize(
    ("method", "tail"),
    [
        ("GET", ""),
        ("POST", ""),
        ("GET", "/{id}"),
        ("PUT", "/{id}"),
        ("DELETE", "/{id}"),
        ("POST", "/{id}/restore"),
        ("GET", "/{id}/preferences"),
        ("PUT", "/{id}/preferences"),
        ("GET", "/{id}/statistics"),
        ("GET", "/{id}/sessions"),
    ],
)
async def test_members_do_not_administer(porch: Porch, client: Client, method: str, tail: str) -> None:
    ben = await add(client)
    device = await signed_in(porch, "ben@example.org")

    assert await refused(device, method, f"/api/admin/users{tail.format(id=ben['id'])}", {}) == (403, "Forbidden")
    assert await refused(porch.device(), method, f"/api/admin/users{tail.format(id=ben['id'])}", {}) == (
        401,
        "Authentication required",
    )


async def test_host_alone_tells_where_the_api_lies(client: Client) -> None:
    assert await asked(client, "GET", "/.well-known/immich") == (200, {"api": {"endpoint": "/api"}})
