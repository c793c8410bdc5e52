"""Whole scans of shows and home videos."""

import shutil

from homemedia.library.scan.context import Scope
from homemedia.library.scan.scanner import ScanWish
from tests.library.scan.conftest import World, states

TREE = (
    "SELECT item.kind, item.title, item.number, item.parent_number, parent.title AS above"
    " FROM item LEFT JOIN item AS parent ON parent.item_id = item.parent_id"
    " ORDER BY item.kind = 'extra', item.kind DESC, item.parent_number, item.number"
)


async def test_show_with_seasons_episodes_and_extras(world: World) -> None:
    world.file("shows/Tidewater (2014)/Season 1/Tidewater S01E01 - Pilot.mkv")
    world.file("shows/Tidewater (2014)/Season 1/Tidewater S01E02.mkv")
    world.file("shows/Tidewater (2014)/Season 2/Tidewater S02E01.mkv")
    world.file("shows/Tidewater (2014)/Season 1/extras/bloopers.mkv")
    library = await world.library("show", "shows")

    result = await world.scan(library)
    again = await world.scan(library)

    assert states(result.counts) == {"added": 4}
    assert states(again.counts) == {"unchanged": 4}
    tree = [tuple(row.values()) for row in await world.rows(TREE)]
    assert tree == [
        ("show", "Tidewater", None, None, None),
        ("season", "Season 1", 1, None, "Tidewater"),
        ("season", "Season 2", 2, None, "Tidewater"),
        ("episode", "Pilot", 1, 1, "Season 1"),
        ("episode", "Episode 2", 2, 1, "Season 1"),
        ("episode", "Episode 1", 1, 2, "Season 2"),
        ("extra", "bloopers", None, None, "Season 1"),
    ]


async def test_two_folders_of_one_show_are_one_show(world: World) -> None:
    world.file("shows/Tidewater.S01.1080p.WEB-DL/Tidewater.S01E01.mkv", b"1")
    world.file("shows/Tidewater.S02.1080p.WEB-DL/Tidewater.S02E01.mkv", b"2")
    library = await world.library("show", "shows")

    await world.scan(library)

    assert await world.titles("show") == ["Tidewater"]
    assert await world.titles("season") == ["Season 1", "Season 2"]


async def test_renamed_show_keeps_its_keys_and_those_of_its_episodes(world: World) -> None:
    for number in range(1, 6):
        world.file(f"shows/Tidewatr/Season 1/Tidewatr S01E0{number}.mkv", b"episode %d" % number * 20)
    library = await world.library("show", "shows")
    await world.scan(library)
    before = await world.rows("SELECT item_id, rating_key, identity_key FROM item ORDER BY item_id")

    (world.disk / "shows/Tidewatr").rename(world.disk / "shows/Tidewater (2014)")
    result = await world.scan(library)

    assert states(result.counts) == {"moved": 5}
    assert await world.rows("SELECT item_id, rating_key, identity_key FROM item ORDER BY item_id") == before
    show = await world.item("Tidewater")
    assert (show["kind"], show["year"]) == ("show", 2014)


async def test_new_episode_in_a_season_is_found_by_a_scan_of_that_folder(world: World) -> None:
    world.file("shows/Tidewater/Season 1/Tidewater S01E01.mkv", b"1")
    world.file("shows/Other/Season 1/Other S01E01.mkv", b"o")
    library = await world.library("show", "shows")
    await world.scan(library)
    world.file("shows/Tidewater/Season 1/Tidewater S01E02.mkv", b"2")
    scope = Scope(root_id=library.roots[0].root_id, path="Tidewater/Season 1", deep=False)

    result = await world.scan(library, ScanWish((scope,)))

    assert result.counts.added == 1
    assert result.counts.removed == 0
    assert await world.titles("show") == ["Other", "Tidewater"]
    assert await world.titles("episode") == ["Episode 1", "Episode 1", "Episode 2"]


async def test_deleted_show_is_missing_whole_and_comes_back(world: World) -> None:
    world.file("shows/Tidewater/Tidewater S01E01.mkv", b"1")
    world.file("shows/Other/Other S01E01.mkv", b"o")
    library = await world.library("show", "shows")
    await world.scan(library)
    before = (await world.item("Tidewater"))["rating_key"]
    shutil.rmtree(world.disk / "shows/Tidewater")

    await world.scan(library)
    missing = [await world.titles(kind, missing=True) for kind in ("show", "season", "episode")]
    world.file("shows/Tidewater/Tidewater S01E01.mkv", b"a better copy")
    await world.scan(library)

    assert missing == [["Tidewater"], ["Season 1"], ["Episode 1"]]
    assert (await world.item("Tidewater"))["rating_key"] == before
    assert await world.titles("show", missing=True) == []


async def test_home_videos_are_named_by_file_and_labelled_by_folder(world: World) -> None:
    world.file("home/2019 Lake/VID_20190704_123456.mp4", b"1")
    world.file("home/2019 Lake/IMG_0001.mov", b"2")
    world.file("home/2019 Lake/IMG_0001.mp4", b"3")
    world.file("home/2020 Sea/IMG_0001.mov", b"4")
    library = await world.library("video", "home")

    result = await world.scan(library)
    again = await world.scan(library)

    assert states(result.counts) == {"added": 4}
    assert states(again.counts) == {"unchanged": 4}
    rows = await world.rows(
        "SELECT title, release_date, value FROM item JOIN item_label USING (item_id) ORDER BY value, title"
    )
    assert [tuple(row.values()) for row in rows] == [
        ("IMG_0001", None, "2019 Lake"),
        ("IMG_0001", None, "2019 Lake"),
        ("VID_20190704_123456", "2019-07-04", "2019 Lake"),
        ("IMG_0001", None, "2020 Sea"),
    ]


async def test_home_video_moved_to_another_folder_keeps_its_key(world: World) -> None:
    path = world.file("home/a/clip.mp4", b"some clip")
    library = await world.library("video", "home")
    await world.scan(library)
    before = await world.item("clip")

    (world.disk / "home/b").mkdir()
    path.rename(world.disk / "home/b/clip.mp4")
    await world.scan(library)

    after = await world.item("clip")
    assert (after["rating_key"], after["identity_key"]) == (before["rating_key"], before["identity_key"])


async def test_show_and_seasons_are_read_again_when_the_shows_nfo_comes_not_its_episodes(world: World) -> None:
    for episode in (1, 2):
        world.file(f"shows/River Town/Season 01/River Town S01E{episode:02d}.mkv")
    world.file("shows/Hill Farm/Season 01/Hill Farm S01E01.mkv")
    library = await world.library("show", "shows")
    await world.scan(library)
    world.reader.asked = []

    world.file("shows/River Town/tvshow.nfo")
    await world.scan(library)

    rows = await world.rows("SELECT item_id, kind FROM item")
    kinds = {row["item_id"]: row["kind"] for row in rows}
    assert sorted(kinds[item_id] for item_id in world.reader.asked) == ["season", "show"]
