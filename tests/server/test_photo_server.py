"""What the photo API's clients ask of the server itself, and its settings document."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from homemedia.core.problems import BadRequest
from homemedia.server.photo.document import DEFAULTS, check, whole
from homemedia.server.photo.wire import human
from tests.support.app import House, a_house
from tests.support.photos import a_photo


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        await house.claim()
        yield house


async def test_strangers_learn_what_clients_ask_before_they_sign_in(house: House) -> None:
    house.client = house.stranger()

    assert await house.get("/api/server/ping") == {"res": "pong"}
    assert await house.get("/api/server/version") == {"major": 3, "minor": 2, "patch": 2, "prerelease": None}
    types = await house.get("/api/server/media-types")
    assert {".jpg", ".heic", ".dng"} <= set(types["image"])
    assert (".mp4" in types["video"], types["sidecar"]) == (True, [".xmp"])
    features = await house.get("/api/server/features")
    assert all(isinstance(value, bool) for value in features.values())
    assert (features["smartSearch"], features["trash"], features["passwordLogin"]) == (True, True, True)
    config = await house.get("/api/server/config")
    assert (config["isInitialized"], config["trashDays"], config["loginPageMessage"]) == (True, 30, "")
    assert len(await house.get("/api/server/version-history")) == 1
    assert (await house.get("/api/public/config"))["passwordLogin"] == {"enabled": True}
    for path in ("about", "storage", "info", "statistics", "version-check"):
        await house.get(f"/api/server/{path}", 401)


async def test_members_learn_how_full_the_disk_is(house: House) -> None:
    about, info = await house.get("/api/server/about"), await house.get("/api/server/info")

    assert about["version"] == "v3.2.2"
    assert info["version"] == "3.2.2"
    assert info["diskSizeRaw"] == info["diskUseRaw"] + info["diskAvailableRaw"]
    assert 0 <= info["diskUsagePercentage"] <= 100
    assert len(await house.get("/api/server/apk-links")) == 4
    assert (await house.get("/api/server/license", 404))["code"] == "no_licence"


async def test_administrators_see_what_each_member_keeps(house: House) -> None:
    own = (await house.get("/api/users/me"))["id"]
    await a_photo(house.server.db, own, size_bytes=5)
    await a_photo(house.server.db, own, kind="VIDEO", size_bytes=7)

    usage = await house.get("/api/server/statistics")

    assert (usage["photos"], usage["videos"], usage["usage"], usage["usageVideos"]) == (1, 1, 12, 7)
    assert usage["usageByUser"][0]["userId"] == own


async def test_settings_document_is_replaced_and_holds_at_once(house: House) -> None:
    document = await house.get("/api/system-config")
    assert document == await house.get("/api/admin/config")
    assert await house.get("/api/system-config/defaults") == DEFAULTS
    document["trash"]["days"] = 7
    document["server"]["loginPageMessage"] = "Hello"
    document["weather"] = {"sun": True}

    await house.send("PUT", "/api/system-config", document)

    assert (await house.get("/api/server/config"))["trashDays"] == 7
    assert (await house.get("/api/public/config"))["server"]["loginPageMessage"] == "Hello"
    assert (await house.get("/api/admin/config"))["weather"] == {"sun": True}
    await house.send("PUT", "/api/system-config", {})
    assert (await house.get("/api/config"))["trash"] == {"enabled": True, "days": 30}


async def test_passwords_stay_while_they_are_the_only_way_in(house: House) -> None:
    refused = await house.send("PUT", "/api/system-config", {"passwordLogin": {"enabled": False}}, 400)
    assert refused["errors"][0]["path"] == ["passwordLogin", "enabled"]
    oauth = {"enabled": True, "issuerUrl": "https://id.example.org", "clientId": "home", "autoRegister": True}
    document = {"passwordLogin": {"enabled": False}, "oauth": oauth}
    refused = await house.send("PUT", "/api/system-config", document, 400)
    assert refused["errors"][0]["path"] == ["passwordLogin", "enabled"], "no administrator has an account there"
    async with house.server.db.write() as tx:
        await tx.run(
            "INSERT INTO user_identity (issuer, subject, user_id, linked_at)"
            " SELECT 'https://id.example.org', 'gran-1', user_id, 1 FROM user WHERE is_admin = 1"
        )

    await house.send("PUT", "/api/system-config", document)

    house.client = house.stranger()
    say = "Nobody signs in with a password here. Choose another way."
    for body, message in (
        ({"email": "admin", "password": "correct horse"}, "Password login has been disabled"),
        ({"username": "admin", "password": "correct horse"}, say),
    ):
        assert (await house.send("POST", "/api/auth/login", body, 401))["message"] == message
    features = await house.get("/api/server/features")
    assert (features["oauth"], features["passwordLogin"]) == (True, False)
    assert (await house.get("/api/server"))["auth"]["password"] is False
    assert (await house.get("/api/oauth/config"))["passwordLoginEnabled"] is False


async def test_onboarding_is_kept(house: House) -> None:
    where = "/api/system-metadata/admin-onboarding"
    assert await house.get(where) == {"isOnboarded": True}
    async with house.client.post(where, json={"isOnboarded": False}) as answer:
        assert answer.status == 204
    assert await house.get(where) == {"isOnboarded": False}


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"trash": {"days": "30"}}, "trash.days"),
        ({"trash": {"days": True}}, "trash.days"),
        ({"trash": {"days": -1}}, "trash.days"),
        ({"trash": 1}, "trash"),
        ({"map": {"enabled": None}}, "map.enabled"),
        ({"ffmpeg": {"acceptedVideoCodecs": [1]}}, "ffmpeg.acceptedVideoCodecs"),
        ({"oauth": {"defaultStorageQuota": "1"}}, "oauth.defaultStorageQuota"),
    ],
)
def test_setting_of_another_type_is_refused(document: dict[str, Any], field: str) -> None:
    with pytest.raises(BadRequest) as refused:
        check(document)

    assert refused.value.details[0]["field"] == field


def test_document_is_whole_whatever_was_stored() -> None:
    made = whole({"trash": {"days": 1}, "more": 2})

    assert made["trash"] == {"enabled": True, "days": 1}
    assert made["more"] == 2
    assert DEFAULTS["trash"]["days"] == 30


@pytest.mark.parametrize(
    ("size_bytes", "text"), [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (107_374_182_400, "100.0 GiB")]
)
def test_size_is_told_as_people_read_it(size_bytes: int, text: str) -> None:
    assert human(size_bytes) == text
