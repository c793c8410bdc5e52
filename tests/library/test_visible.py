"""Who sees what: the fragment says the same as the rules written down once more in Python."""

import itertools
from pathlib import Path

import pytest
from msgspec import structs

from homemedia.accounts import Member, Restrictions
from homemedia.core.db import Database
from homemedia.library.ratings import age_of
from homemedia.library.visible import ITEM_SQL, NO_LIMITS, Limits, limits_of, visible_to, within
from homemedia.sharing import Grants
from tests.support.builders import Builders, a_database

SEEN = "SELECT item_id, kind FROM item WHERE {visible}"
LIBRARIES = "SELECT library_id FROM library WHERE {visible}"
RATINGS = [None, "G", "PG-13", "R", "DE:16", "NR", "unheard of"]
LABELS: list[tuple[str, ...]] = [(), ("Kids",), ("horror",), ("kids", "Horror")]
CASES = [
    Limits(max_age=12),
    Limits(max_age=12, block_unrated=True),
    Limits(max_age=0),
    Limits(max_age=16, blocked_ratings=("pg-13",)),
    Limits(max_age=12, allowed_ratings=("r",)),
    Limits(max_age=12, allowed_ratings=("R", "nr"), block_unrated=True),
    Limits(allowed_ratings=("G",)),
    Limits(allowed_ratings=("G", "Unheard OF"), block_unrated=True),
    Limits(blocked_ratings=("R",)),
    Limits(blocked_ratings=("R",), allowed_ratings=("R",)),
    Limits(block_unrated=True),
    Limits(blocked_labels=("HORROR",)),
    Limits(allowed_labels=("kids",)),
    Limits(allowed_labels=("kids",), blocked_labels=("Horror",)),
    Limits(allowed_labels=("nobody has this",)),
    Limits(max_age=13, allowed_labels=("KIDS",), block_unrated=True),
]


def allows(limits: Limits, rating: str | None, labels: tuple[str, ...]) -> bool:
    """The rules of the contract, one by one."""
    own = {label.casefold() for label in labels}
    if own & {label.casefold() for label in limits.blocked_labels}:
        return False
    if limits.allowed_labels and not own & {label.casefold() for label in limits.allowed_labels}:
        return False
    folded = (rating or "").casefold()
    if folded and folded in {one.casefold() for one in limits.blocked_ratings}:
        return False
    if folded and folded in {one.casefold() for one in limits.allowed_ratings}:
        return True
    age = age_of(rating)
    if age is None:
        return not limits.block_unrated
    return age <= limits.max_age if limits.max_age is not None else not limits.allowed_ratings


@pytest.mark.parametrize("limits", CASES, ids=str)
async def test_film_is_seen_as_its_rating_and_labels_allow(tmp_path: Path, limits: Limits) -> None:
    async with a_database(tmp_path) as db:
        house = Builders(db)
        films = await house.a_library("Films")
        expected = {}
        for rating, labels in itertools.product(RATINGS, LABELS):
            film = await house.an_item(films, content_rating=rating, labels=labels)
            expected[film.item_id] = allows(limits, rating, labels)
        visible = within(limits, house.at_ms)

        rows = await db.read(SEEN.format(visible=visible.sql), visible.args)

        assert {row["item_id"] for row in rows} == {item_id for item_id, is_seen in expected.items() if is_seen}


async def test_show_is_seen_with_an_episode_alone(tmp_path: Path) -> None:
    async with a_database(tmp_path) as db:
        house = Builders(db)
        shows = await house.a_library("Shows", kind="show")
        mild, _ = await house.a_series(shows, "Mild", {1: 1})
        harsh, harsh_episodes = await house.a_series(shows, "Harsh", {1: 1})
        mixed, _ = await house.a_series(shows, "Mixed", {1: 1})
        second = await house.a_season(shows, mixed, 2)
        hidden = await house.an_episode(shows, second, 1, season_number=2, content_rating="R")
        empty = await house.a_show(shows, "Empty")
        async with db.write() as tx:
            await tx.run("UPDATE item SET content_rating = 'R' WHERE item_id = :id", {"id": harsh_episodes[0].item_id})
        visible = within(Limits(max_age=12), house.at_ms)

        rows = await db.read(SEEN.format(visible=visible.sql), visible.args)

        seen = {row["item_id"] for row in rows}
        assert {mild.item_id, mixed.item_id} == {row["item_id"] for row in rows if row["kind"] == "show"}
        assert not seen & {harsh.item_id, empty.item_id, second.item_id, hidden.item_id, harsh_episodes[0].item_id}


async def test_artist_is_seen_with_a_track_alone(tmp_path: Path) -> None:
    async with a_database(tmp_path) as db:
        house = Builders(db)
        music = await house.a_library("Music", kind="music")
        artist = await house.an_item(music, kind="artist")
        album = await house.an_item(music, kind="album", parent=artist)
        explicit = await house.an_item(music, kind="track", parent=album, labels=["explicit"])
        visible = within(Limits(blocked_labels=("explicit",)), house.at_ms)

        none = await db.read(SEEN.format(visible=visible.sql), visible.args)
        clean = await house.an_item(music, kind="track", parent=album)
        rows = await db.read(SEEN.format(visible=visible.sql), visible.args)

        assert none == []
        assert {row["item_id"] for row in rows} == {artist.item_id, album.item_id, clean.item_id}
        assert explicit.item_id not in {row["item_id"] for row in rows}


async def seen(db: Database, member: Member, at_ms: int) -> tuple[set[int], set[str]]:
    """Items and libraries a member sees."""
    visible = visible_to(member, at_ms)
    items = await db.read(SEEN.format(visible=visible.sql), visible.args)
    libraries = await db.read(LIBRARIES.format(visible=visible.library_sql), visible.args)
    return {row["item_id"] for row in items}, {row["library_id"] for row in libraries}


async def test_member_held_to_a_list_sees_what_names_him_alone(tmp_path: Path) -> None:
    async with a_database(tmp_path) as db:
        house, grants = Builders(db), Grants(db)
        mine, theirs = await house.a_library("Mine"), await house.a_library("Theirs")
        film, other = await house.an_item(mine), await house.an_item(theirs)
        everybody = await house.a_member("everybody")
        listed = await house.a_member("listed", sees_all_libraries=0)
        admin = await house.a_member("admin", is_admin=True, sees_all_libraries=0)

        assert await seen(db, listed, house.at_ms) == (set(), set())
        async with db.write() as tx:
            await grants.set_libraries(tx, listed.user_id, [mine.library_id], by=admin.user_id)
        assert await seen(db, listed, house.at_ms) == ({film.item_id}, {mine.library_id})
        both = ({film.item_id, other.item_id}, {mine.library_id, theirs.library_id})
        assert await seen(db, everybody, house.at_ms) == both
        assert await seen(db, admin, house.at_ms) == both


async def test_limits_take_away_of_what_was_granted(tmp_path: Path) -> None:
    async with a_database(tmp_path) as db:
        house, grants = Builders(db), Grants(db)
        mine, theirs = await house.a_library("Mine"), await house.a_library("Theirs")
        mild = await house.an_item(mine, content_rating="G")
        await house.an_item(mine, content_rating="R")
        await house.an_item(theirs, content_rating="G")
        child = structs.replace(
            await house.a_member("child", sees_all_libraries=0), restrictions=Restrictions(max_age=6)
        )
        async with db.write() as tx:
            await grants.set_libraries(tx, child.user_id, [mine.library_id], by="admin")

        items, _ = await seen(db, child, house.at_ms)

        assert items == {mild.item_id}


async def test_administrators_have_no_limits(tmp_path: Path) -> None:
    async with a_database(tmp_path) as db:
        house = Builders(db)
        taken = Restrictions(max_age=6)
        admin = structs.replace(await house.a_member("admin", is_admin=True), restrictions=taken)
        member = structs.replace(await house.a_member("child"), restrictions=taken)

        assert limits_of(admin) == NO_LIMITS
        assert visible_to(admin).sql == ITEM_SQL
        assert limits_of(member) == Limits(max_age=6)
        assert visible_to(member).args["max_age"] == 6
