"""Random grants, reshares, ends and changes of rank: the fragments say what the rules say, written down in Python."""

from pathlib import Path

import pytest

from homemedia.library.visible import visible_to
from homemedia.photos import visible as photo_visible
from homemedia.sharing.rights import Right
from tests.sharing.world import World
from tests.support.builders import a_database

FILMS = "SELECT item.item_id FROM item WHERE {visible}"
PHOTOS = "SELECT photo.photo_id FROM photo WHERE {visible}"


async def _differences(world: World) -> tuple[int, int, list[str]]:
    """How many questions were asked, to how many the answer was yes, and those answered in two ways."""
    asked, yes = 0, 0
    wrong: list[str] = []
    for member in world.members:
        for right in (Right.VIEW, Right.DOWNLOAD):
            plain = visible_to(member, world.now, right=right)
            for visible, is_opened in ((plain, False), (plain.opened, True)):
                rows = await world.db.read(FILMS.format(visible=visible.sql), visible.args)
                found = {row["item_id"] for row in rows}
                expected = world.films_seen(member, right, is_opened=is_opened)
                asked += len(world.films)
                yes += len(found)
                wrong += [f"{member.username} {right} {is_opened} item {one}" for one in found ^ expected]
        for right, sight in (
            (Right.VIEW, photo_visible.readable(member, world.now)),
            (Right.DOWNLOAD, photo_visible.downloadable(member, world.now)),
            (Right.SEE_METADATA, photo_visible.telling(member, world.now)),
        ):
            rows = await world.db.read(PHOTOS.format(visible=sight.sql), sight.args)
            seen = {row["photo_id"] for row in rows}
            told = world.photos_seen(member, right)
            if right is Right.DOWNLOAD:
                # A file tells what its camera wrote into it.
                told &= world.photos_seen(member, Right.SEE_METADATA)
            wrong += [f"{member.username} {right} photo {one}" for one in seen ^ told]
            asked += len(world.photos)
            yes += len(seen)
    return asked, yes, wrong


@pytest.mark.parametrize("seed", range(2))
async def test_fragments_say_what_the_rules_say(tmp_path: Path, seed: int) -> None:
    async with a_database(tmp_path) as db:
        world = World(db, seed)
        await world.make(members=8, things=60)
        asked = yes = 0
        for _ in range(8):
            await world.turn(grants=12)
            questions, affirmed, wrong = await _differences(world)
            asked, yes = asked + questions, yes + affirmed
            assert not wrong
        assert asked > 10_000
        assert asked // 8 < yes < asked - asked // 8


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 104))
async def test_fragments_say_what_the_rules_say_in_a_large_house(tmp_path: Path, seed: int) -> None:
    async with a_database(tmp_path) as db:
        world = World(db, seed)
        await world.make(members=50, things=500)
        for _ in range(5):
            await world.turn(grants=120)
            asked, yes, wrong = await _differences(world)
            assert not wrong
            assert asked > 10_000
            assert asked // 20 < yes
