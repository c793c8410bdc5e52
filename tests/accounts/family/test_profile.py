"""What a member prefers in the clip API (clips §7.5)."""

from typing import Any

import pytest

from tests.accounts.codes.bench import Bench, Client, call
from tests.accounts.porch import Porch

PATH = "/api/profile/preferences"


async def test_what_was_changed_comes_back_and_stays(porch: Porch, bench: Bench, host: Client) -> None:
    assert await call(host, "POST", PATH, 200, {"themePreference": "dark"}) == {"themePreference": "dark"}
    found = await call(
        host, "POST", PATH, 200, {"autoScroll": True, "mutedByDefault": False, "feedSortOrder": "round-robin", "x": 1}
    )

    assert found == {"autoScroll": True, "mutedByDefault": False, "feedSortOrder": "round-robin"}
    user = (await call(host, "GET", "/api/auth"))["user"]
    assert {name: user[name] for name in (*found, "themePreference")} == found | {"themePreference": "dark"}


@pytest.mark.parametrize("body", [
    {},
    {"themePreference": "blue"},
    {"themePreference": None},
    {"themePreference": ["dark"]},
    {"feedSortOrder": "newest"},
    {"autoScroll": "yes"},
    {"mutedByDefault": 1},
    {"username": "a b"},
    {"username": None},
    {"autoScroll": True, "username": ""},
])  # fmt: skip
async def test_nothing_that_can_be_taken_is_refused(bench: Bench, host: Client, body: dict[str, Any]) -> None:
    before = (await call(host, "GET", "/api/auth"))["user"]

    await call(host, "POST", PATH, 400, body)

    assert (await call(host, "GET", "/api/auth"))["user"] == before


async def test_what_is_no_boolean_is_passed_over(bench: Bench, host: Client) -> None:
    found = await call(host, "POST", PATH, 200, {"autoScroll": "yes", "mutedByDefault": False})

    assert found == {"mutedByDefault": False}


async def test_name_is_changed_unless_somebody_has_it(porch: Porch, bench: Bench, host: Client) -> None:
    await porch.add_member("bob")

    assert await call(host, "POST", PATH, 200, {"username": "Oma"}) == {"username": "Oma"}
    taken = await call(host, "POST", PATH, 409, {"username": "BOB", "autoScroll": True})

    user = (await call(host, "GET", "/api/auth"))["user"]
    assert taken["code"] == "username_taken"
    assert (user["username"], user["autoScroll"]) == ("Oma", False)


async def test_document_of_a_newer_program_counts_as_the_usual(porch: Porch, bench: Bench, host: Client) -> None:
    await call(host, "POST", PATH, 200, {"themePreference": "dark"})
    await porch.set("preference", "area = 'clips'", document='{"themePreference": "sepia"}')

    assert (await call(host, "GET", "/api/auth"))["user"]["themePreference"] == "system"
