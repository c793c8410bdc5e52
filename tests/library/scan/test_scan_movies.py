"""Whole scans of film libraries on a real disk: what is listed, what stays through renames, moves and better copies."""

import os

import pytest

from homemedia.library.models import LibraryOptions
from homemedia.library.scan import moves, results_store
from homemedia.library.scan.context import Scope
from homemedia.library.scan.scanner import ScanWish
from tests.library.scan.conftest import LONG_AGO_S, World, states


async def test_films_are_listed_with_title_and_year_and_probed(world: World) -> None:
    world.file("films/Harbour Lights (2011)/Harbour Lights (2011).mkv")
    world.file("films/Harbour Lights (2011)/Harbour Lights (2011).en.srt")
    world.file("films/Quiet.Sea.2015.1080p.mkv")
    library = await world.library("movie", "films")

    result = await world.scan(library)

    assert result.result == "ok"
    assert states(result.counts) == {"added": 3}
    assert await world.titles() == ["Harbour Lights", "Quiet Sea"]
    item = await world.item("Harbour Lights")
    assert (item["year"], item["duration_ms"], item["letter"]) == (2011, 60_000, "H")
    sidecars = await world.rows("SELECT kind, language, of_file_id FROM sidecar")
    assert [(row["kind"], row["language"]) for row in sidecars] == [("subtitle", "en")]
    assert sidecars[0]["of_file_id"] is not None
    assert sorted(world.indexed) == sorted(world.reader.asked)
    assert world.artist.wished == [library.library_id]


async def test_second_scan_finds_nothing_to_do(world: World) -> None:
    world.file("films/Dream (2010)/Dream (2010).mkv")
    world.file("films/Dream (2010)/poster.jpg")
    world.file("films/Dream (2010)/holiday.jpg")
    world.file("films/notes.txt")
    library = await world.library("movie", "films")
    first = await world.scan(library)
    stamps = await world.rows("SELECT stamp FROM item")
    world.tools.probed.clear()

    second = await world.scan(library)

    assert states(first.counts) == {"added": 2, "ignored": 2}
    assert states(second.counts) == {"unchanged": 2, "ignored": 2}
    assert await world.rows("SELECT stamp FROM item") == stamps
    assert world.tools.probed == []


async def test_first_scan_counts_files_as_old_as_they_are_later_ones_as_new(world: World) -> None:
    world.file("films/Old (2001).mkv")
    library = await world.library("movie", "films")
    await world.scan(library)
    world.file("films/New (2002).mkv")
    await world.scan(library)

    assert (await world.item("Old"))["added_at"] == LONG_AGO_S * 1000
    assert (await world.item("New"))["added_at"] > LONG_AGO_S * 1000


async def test_versions_parts_extras_and_samples_of_a_folder(world: World) -> None:
    for name in (
        "Dream (2010).mkv",
        "Dream (2010) - 4k part1.mkv",
        "Dream (2010) - 4k part2.mkv",
        "Dream (2010)-trailer.mp4",
        "sample.mkv",
        "behind the scenes/w.mp4",
    ):
        world.file(f"films/Dream (2010)/{name}")
    library = await world.library("movie", "films")

    result = await world.scan(library)
    again = await world.scan(library)

    assert await world.titles() == ["Dream"]
    links = await world.rows(
        "SELECT version, version_index, part, part_count FROM item_file JOIN item USING (item_id)"
        " WHERE kind = 'movie' ORDER BY version_index, part"
    )
    assert [tuple(row.values()) for row in links] == [(None, 0, 1, 1), ("4k", 1, 1, 2), ("4k", 1, 2, 2)]
    extras = await world.rows("SELECT extra_kind, parent_id FROM item WHERE kind = 'extra' ORDER BY extra_kind")
    assert [row["extra_kind"] for row in extras] == ["behindTheScenes", "trailer"]
    assert all(row["parent_id"] for row in extras)
    assert states(result.counts) == {"added": 5, "ignored": 1}
    assert states(again.counts) == {"unchanged": 5, "ignored": 1}
    assert not any("sample" in path for path in world.tools.probed)


async def test_taller_picture_leads_once_it_was_probed(world: World) -> None:
    world.file("films/Fog (2001)/Fog (2001) - a.mkv", b"small")
    world.file("films/Fog (2001)/Fog (2001) - b.mkv", b"4k picture")
    library = await world.library("movie", "films")

    await world.scan(library)

    links = await world.rows("SELECT version FROM item_file ORDER BY version_index")
    assert [row["version"] for row in links] == ["b", "a"]


async def test_renamed_file_keeps_file_id_rating_key_and_age(world: World) -> None:
    before_path = world.file("films/movie one.mkv", b"the same film" * 100)
    library = await world.library("movie", "films")
    await world.scan(library)
    before = await world.item("movie one")
    file_before = (await world.rows("SELECT file_id FROM file"))[0]

    before_path.rename(before_path.with_name("Better Name (1999).mkv"))
    result = await world.scan(library)

    after = await world.item("Better Name")
    assert states(result.counts) == {"moved": 1}
    for column in ("item_id", "rating_key", "identity_key", "added_at"):
        assert after[column] == before[column]
    assert after["year"] == 1999
    assert (await world.rows("SELECT file_id FROM file")) == [file_before]
    assert await world.titles() == ["Better Name"]


async def test_renamed_folder_keeps_its_film(world: World) -> None:
    world.file("films/Drem (2010)/Drem (2010).mkv", b"the film" * 50)
    library = await world.library("movie", "films")
    await world.scan(library)
    before = await world.item("Drem")

    (world.disk / "films/Drem (2010)").rename(world.disk / "films/Dream (2010)")
    (world.disk / "films/Dream (2010)/Drem (2010).mkv").rename(world.disk / "films/Dream (2010)/Dream (2010).mkv")
    result = await world.scan(library)

    after = await world.item("Dream")
    assert states(result.counts) == {"moved": 1}
    assert (after["item_id"], after["rating_key"]) == (before["item_id"], before["rating_key"])


async def test_file_moved_to_another_library_of_the_kind_takes_its_item_along(world: World) -> None:
    world.file("films/Dream (2010).mkv", b"the film" * 50)
    world.file("films/Other (2011).mkv", b"another" * 50)
    one = await world.library("movie", "films")
    two = await world.library("movie", "more")
    await world.scan(one)
    before = await world.item("Dream")

    (world.disk / "films/Dream (2010).mkv").rename(world.disk / "more/Dream (2010).mkv")
    result = await world.scan(two)
    await world.scan(one)

    after = await world.item("Dream")
    assert states(result.counts) == {"moved": 1}
    assert after["rating_key"] == before["rating_key"]
    assert after["library_id"] == two.library_id
    assert await world.titles() == ["Dream", "Other"]


async def test_better_copy_takes_the_place_of_the_old_one(world: World) -> None:
    old = world.file("films/Dream (2010)/Dream (2010) 720p.mkv")
    library = await world.library("movie", "films")
    await world.scan(library)
    before = await world.item("Dream")

    old.unlink()
    world.file("films/Dream (2010)/Dream (2010) 2160p.mkv", b"4k picture")
    result = await world.scan(library)

    after = await world.item("Dream")
    assert states(result.counts) == {"added": 1, "removed": 1}
    assert after["missing_since_at"] is None
    assert (after["rating_key"], after["added_at"]) == (before["rating_key"], before["added_at"])


async def test_two_copies_in_two_folders_are_two_versions_and_one_a_duplicate(world: World) -> None:
    world.file("films/a/Dream (2010).mkv", b"same bytes")
    world.file("films/b/Dream (2010).mkv", b"same bytes")
    library = await world.library("movie", "films")

    result = await world.scan(library)

    assert states(result.counts) == {"added": 1, "duplicate": 1}
    assert await world.titles() == ["Dream"]
    links = await world.rows("SELECT version, version_index FROM item_file ORDER BY version_index")
    assert [tuple(row.values()) for row in links] == [(None, 0), ("#2", 1)]


async def test_deleted_film_is_missing_and_comes_back_as_itself(world: World) -> None:
    path = world.file("films/Dream (2010).mkv")
    world.file("films/Other (2011).mkv")
    library = await world.library("movie", "films")
    await world.scan(library)
    before = await world.item("Dream")

    path.unlink()
    gone = await world.scan(library)
    missing = await world.titles(missing=True)
    world.file("films/Dream (2010).mkv")
    back = await world.scan(library)

    assert states(gone.counts) == {"unchanged": 1, "removed": 1}
    assert missing == ["Dream"]
    assert states(back.counts) == {"unchanged": 1, "updated": 1}
    after = await world.item("Dream")
    assert after["missing_since_at"] is None
    assert after["rating_key"] == before["rating_key"]


async def test_folders_taken_away_and_brought_back_are_seen_again(world: World) -> None:
    for path in ("Harbour Lights (2011)/Harbour Lights (2011).mkv", "Tin Man (2008)/Tin Man (2008).mkv"):
        world.file(f"films/{path}")
    films = world.disk / "films"
    library = await world.library("movie", "films")
    await world.scan(library)

    (films / "Tin Man (2008)").rename(world.disk / "away")
    await world.scan(library)
    assert await world.titles() == ["Harbour Lights"]
    (world.disk / "away").rename(films / "Tin Man (2008)")
    await world.scan(library)

    assert await world.titles() == ["Harbour Lights", "Tin Man"]
    # The same when the folder was known under another name meanwhile.
    (films / "Tin Man (2008)").rename(films / "Iron Man (2008)")
    await world.scan(library)
    (films / "Iron Man (2008)").rename(films / "Tin Man (2008)")
    result = await world.scan(library)

    assert await world.titles() == ["Harbour Lights", "Tin Man"]
    assert result.counts.moved == 1
    rows = await world.rows("SELECT path FROM file WHERE missing_since_at IS NULL ORDER BY path")
    assert [row["path"].partition("/")[0] for row in rows] == ["Harbour Lights (2011)", "Tin Man (2008)"]


async def test_film_is_read_again_when_an_nfo_or_poster_comes_changes_or_goes(world: World) -> None:
    for film in ("Harbour Lights (2011)", "Tin Man (2008)"):
        world.file(f"films/{film}/{film}.mkv")
    world.file("films/Loose (2001).mkv")
    world.file("films/Other (2002).mkv")
    library = await world.library("movie", "films")
    await world.scan(library)
    tin_man = (await world.item("Tin Man"))["item_id"]
    loose = (await world.item("Loose"))["item_id"]

    async def read_again() -> list[int]:
        world.reader.asked = []
        await world.scan(library)
        return world.reader.asked

    nfo = world.file("films/Tin Man (2008)/movie.nfo")
    assert await read_again() == [tin_man]
    assert await read_again() == []
    world.file("films/Tin Man (2008)/poster.jpg", b"one")
    assert await read_again() == [tin_man]
    world.file("films/Tin Man (2008)/poster.jpg", b"another")
    assert await read_again() == [tin_man]
    nfo.unlink()
    assert await read_again() == [tin_man]
    world.file("films/Loose (2001).nfo")
    assert await read_again() == [loose]


async def test_file_changed_in_place_is_noticed_and_probed_again(world: World) -> None:
    path = world.file("films/Dream (2010).mkv", b"bad")
    library = await world.library("movie", "films")
    first = await world.scan(library)
    again = await world.scan(library)
    problems = await world.problems(library)

    path.write_bytes(b"good")
    os.utime(path, (LONG_AGO_S + 5, LONG_AGO_S + 5))
    fixed = await world.scan(library)

    assert states(first.counts) == states(again.counts) == {"failed": 1}
    assert problems == {"Dream (2010).mkv": "not_media"}
    assert states(fixed.counts) == {"updated": 1}
    assert await world.problems(library) == {}
    assert await world.titles() == ["Dream"]


async def test_force_probes_unchanged_files_again(world: World) -> None:
    world.file("films/Dream (2010).mkv", b"bad")
    library = await world.library("movie", "films")
    await world.scan(library)

    result = await world.scan(library, ScanWish(force=True))

    assert len(world.tools.probed) == 2
    assert states(result.counts) == {"failed": 1}


async def test_scan_of_one_folder_leaves_the_others_alone(world: World) -> None:
    world.file("films/A (2001)/A (2001).mkv")
    world.file("films/B (2002)/B (2002).mkv")
    library = await world.library("movie", "films")
    await world.scan(library)
    world.file("films/A (2001)/A (2001) - 4k.mkv")
    (world.disk / "films/B (2002)/B (2002).mkv").unlink()

    result = await world.scan(
        library, ScanWish((Scope(root_id=library.roots[0].root_id, path="A (2001)", deep=False),))
    )

    assert states(result.counts) == {"added": 1, "unchanged": 1}
    assert await world.titles(missing=True) == []


async def test_file_in_the_root_is_found_without_walking_the_folders(world: World) -> None:
    world.file("films/A (2001)/A (2001).mkv")
    library = await world.library("movie", "films")
    await world.scan(library)
    world.file("films/B (2002).mkv")

    result = await world.scan(library, ScanWish((Scope(root_id=library.roots[0].root_id, path="", deep=False),)))

    assert states(result.counts) == {"added": 1}
    assert await world.titles() == ["A", "B"]
    assert await world.titles(missing=True) == []


async def test_vanished_folder_is_missing_after_a_scan_of_that_folder(world: World) -> None:
    world.file("films/A (2001)/A (2001).mkv")
    world.file("films/B (2002)/B (2002).mkv")
    library = await world.library("movie", "films")
    await world.scan(library)
    (world.disk / "films/A (2001)/A (2001).mkv").unlink()
    (world.disk / "films/A (2001)").rmdir()

    result = await world.scan(library, ScanWish((Scope(root_id=library.roots[0].root_id, path="A (2001)"),)))

    assert states(result.counts) == {"removed": 1}
    assert await world.titles(missing=True) == ["A"]


async def test_patterns_of_library_and_folders_are_left_out(world: World) -> None:
    world.file("films/A (2001).mkv")
    world.file("films/B (2002).bak.mkv")
    world.file("films/kids/C (2003).mkv")
    world.file("films/kids/secret/D (2004).mkv")
    world.file("films/kids/.plexignore", b"secret/\n")
    world.file("films/closed/.nomedia", b"")
    world.file("films/closed/E (2005).mkv")
    world.file("films/F (2006).mkv.part")
    world.file("films/@eaDir/G (2007).mkv")
    library = await world.library("movie", "films", options=LibraryOptions(ignore=("*.bak.mkv",)))

    result = await world.scan(library)

    assert await world.titles() == ["A", "C"]
    assert result.counts.added == 2
    assert result.counts.total == result.counts.added + result.counts.ignored


async def test_disc_folder_is_one_film_of_its_largest_stream(world: World) -> None:
    world.file("films/Fog War (2013)/BDMV/STREAM/00001.m2ts", b"x" * 10)
    world.file("films/Fog War (2013)/BDMV/STREAM/00002.m2ts", b"x" * 1000)
    library = await world.library("movie", "films")

    result = await world.scan(library)

    assert await world.titles() == ["Fog War"]
    assert states(result.counts) == {"added": 1, "ignored": 1}


async def test_files_found_in_one_scan_are_not_looked_for_again_in_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def lies_there(_root: str, path: str, _listed: dict[str, frozenset[str]]) -> bool:
        asked.append(path)
        return True

    monkeypatch.setattr(moves, "lies_there", lies_there)
    world.file("films/Known (2001)/Known (2001).mkv", b"k" * 99)
    films = await world.library("movie", "films")
    await world.scan(films)
    for number in range(30):
        world.file(f"more/Film {number} (2001)/Film {number} (2001).mkv", b"%02d" % number + b"x" * 97)
    more = await world.library("movie", "more")

    assert states((await world.scan(more)).counts) == {"added": 30}
    assert set(asked) == {"Known (2001)/Known (2001).mkv"}


async def test_every_item_of_a_removed_library_comes_back_with_its_keys(world: World) -> None:
    world.file("films/Dream (2010).mkv", b"the film")
    library = await world.library("movie", "films")
    await world.scan(library)
    (world.disk / "films/Dream (2010).mkv").rename(world.disk / "films/Dreams (2011).mkv")
    await world.scan(library)
    before = await world.item("Dreams")
    async with world.db.write() as tx:
        await tx.call(lambda connection: results_store.forget_items(connection, [before["item_id"]], 1))
        await tx.run("DELETE FROM library")

    again = await world.library("movie", "films", name="again")
    await world.scan(again)

    after = await world.item("Dreams")
    for column in ("rating_key", "identity_key", "added_at"):
        assert after[column] == before[column]


async def test_progress_names_phases_and_tells_at_most_four_times_a_second(world: World) -> None:
    for number in range(300):
        world.file(f"films/Film {number} (2001)/Film {number} (2001).mkv")
    library = await world.library("movie", "films")
    run = world.run_of(library)
    phases: list[str] = []

    async def note() -> None:
        phases.append(run.state["phase"])

    world.tools.before = note
    await world.scanner.scan(run, ScanWish())

    assert set(phases) == {"probe"}
    assert run.state["phase"] == "cleanup"
    names = [type(event).__name__ for event in world.events]
    assert names.count("ScanStarted") == names.count("ScanFinished") == 1
    assert names.count("ScanProgressed") < 10
    assert names.count("ItemsChanged") >= 2
