from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from homemedia.accounts import HouseholdChanged
from tests.accounts.porch import PASSWORD, Porch

Client = TestClient[Any, Any]


async def test_first_start_names_the_house_like_the_machine_and_keeps_it(porch: Porch) -> None:
    first = await porch.household.read()

    again = await porch.household.ensure("other")

    assert first == again
    assert (first.name, first.accent, first.is_claimed) == ("attic", None, False)
    assert len(first.machine_id) == 32


@pytest.mark.parametrize(
    ("told", "name"), [("", "HomeMedia"), ("\n\t", "HomeMedia"), ("a\x00b", "a b"), ("x" * 99, "x" * 64)]
)
async def test_odd_machine_names_still_give_a_name(porch: Porch, told: str, name: str) -> None:
    async with porch.db.write() as tx:
        await tx.run("DELETE FROM household")

    assert (await porch.household.ensure(told)).name == name


async def test_administrator_names_and_colours_the_house(porch: Porch, client: Client) -> None:
    await porch.claim(client)
    porch.events.clear()

    named = await client.put("/api/home/accounts/household", json={"name": "  Dachboden "})
    coloured = await client.put("/api/home/accounts/household", json={"accent": 359})
    cleared = await client.put("/api/home/accounts/household", json={"accent": None})

    assert await named.json() == {"name": "Dachboden", "accent": None}
    assert await coloured.json() == {"name": "Dachboden", "accent": 359}
    assert await cleared.json() == {"name": "Dachboden", "accent": None}
    assert porch.events == [HouseholdChanged()] * 3


@pytest.mark.parametrize(
    "body", [{"name": ""}, {"name": "x" * 65}, {"accent": 360}, {"accent": -1}, {"accent": "red"}, {"name": None}]
)
async def test_bad_changes_change_nothing(porch: Porch, client: Client, body: dict[str, Any]) -> None:
    await porch.claim(client)

    answer = await client.put("/api/home/accounts/household", json={"accent": 7} | body)

    assert answer.status == 400
    assert (await (await client.get("/api/home/accounts/household")).json()) == {"name": "attic", "accent": None}


async def test_members_see_the_house_and_do_not_change_it(porch: Porch, client: Client) -> None:
    await porch.claim(client)
    await porch.add_member("bob")
    bob = porch.device()
    await bob.post("/api/auth/login", json={"username": "bob", "password": PASSWORD})

    seen = await bob.get("/api/home/accounts/household")
    tried = await bob.put("/api/home/accounts/household", json={"name": "Bobs"})

    assert seen.status == 200
    assert (tried.status, (await tried.json())["code"]) == (403, "admin_required")
