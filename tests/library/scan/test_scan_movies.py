"""Whole scans of film libraries on a real disk."""

from tests.library.scan.conftest import World, states


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
