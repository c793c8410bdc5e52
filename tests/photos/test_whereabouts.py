"""Names of places from GeoNames' files, without asking anybody."""

from pathlib import Path

import pytest

from homemedia.core.problems import NotFound, Unprocessable
from homemedia.media import gazetteer
from homemedia.media.gazetteer import GazetteerRequest, build
from homemedia.media.tools import MediaTools
from homemedia.photos.whereabouts import Place, Whereabouts, cells_around, choose, distance_km

TOWNS = [
    # name, north, east, kind, country, region, people
    ("Omaha", 41.25861, -95.93779, "PPLA2", "US", "NE", 443_885),
    ("Ralston", 41.20528, -96.04252, "PPL", "US", "NE", 7_000),
    ("Paris", 48.85341, 2.3488, "PPLC", "FR", "11", 2_138_551),
    ("Vanves", 48.82161, 2.28914, "PPL", "FR", "11", 26_000),
    ("Paris 07", 48.8565, 2.3128, "PPLX", "FR", "11", 50_000),
    ("Taveuni", -16.85, 179.97, "PPL", "FJ", "01", 9_000),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines = [
        f"1\t{name}\t{name}\t\t{north}\t{east}\tP\t{kind}\t{country}\t\t{region}\t\t\t\t{people}\t\t0\tZone\t2024-01-01"
        for name, north, east, kind, country, region, people in TOWNS
    ]
    (tmp_path / "cities500.txt").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "admin1CodesASCII.txt").write_text("US.NE\tNebraska\tNebraska\t1\nFR.11\tÎle-de-France\tIle\t2\n")
    (tmp_path / "countryInfo.txt").write_text("#ISO\nUS\tUSA\t840\tUS\tUnited States\nFR\tFRA\t250\tFR\tFrance\n")
    return tmp_path


async def test_positions_get_the_names_people_would_give_them(folder: Path, tmp_path: Path) -> None:
    tools = MediaTools()
    async with Whereabouts(tools, folder, tmp_path / "cache") as whereabouts:
        assert await whereabouts.is_ready()
        place = await whereabouts.place_of(41.2203, -96.0716)
        assert place == Place("Ralston", "Nebraska", "United States of America")
        assert await whereabouts.place_of(48.8584, 2.2945) == Place("Paris", "Île-de-France", "France")
        assert await whereabouts.place_of(0, -30) == Place()
        assert (await whereabouts.place_of(-16.85, -179.98)).city == "Taveuni"
        assert await whereabouts.place_of(41.2203, -96.55) == Place(country="United States of America")
    await tools.close()


async def test_towns_are_found_by_their_names_the_likeliest_first(folder: Path, tmp_path: Path) -> None:
    tools = MediaTools()
    async with Whereabouts(tools, folder, tmp_path / "cache") as whereabouts:
        assert [town.city for town in await whereabouts.named("par")] == ["Paris"]
        assert [town.city for town in await whereabouts.named("ÖMAHA")] == ["Omaha"]
        assert [town.city for town in await whereabouts.named("v")] == ["Vanves", "Taveuni"]
        assert await whereabouts.named("  ") == []
        assert await whereabouts.named("%") == []
    await tools.close()


async def test_far_from_all_towns_the_zone_tells_the_country(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools = MediaTools()

    async def zone(north: float, _east: float) -> str | None:
        return "America/Denver" if north > 0 else None

    monkeypatch.setattr(tools, "zone", zone)
    async with Whereabouts(tools, folder, tmp_path / "cache") as whereabouts:
        assert await whereabouts.place_of(39.1, -117.0) == Place(country="United States of America")
        assert await whereabouts.place_of(-40.0, -140.0) == Place()
    await tools.close()


async def test_without_anything_to_make_it_of_places_have_no_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gazetteer, "PACKAGE", "no_such_package_anywhere")
    with pytest.raises(NotFound) as refused:
        build(GazetteerRequest(folder=str(tmp_path), target=str(tmp_path / "places.db")))
    assert refused.value.code == "no_places"


def test_files_that_are_none_are_told(tmp_path: Path) -> None:
    (tmp_path / "cities1.txt").write_text("\t".join(["x"] * 19))
    with pytest.raises(Unprocessable) as refused:
        build(GazetteerRequest(folder=str(tmp_path), target=str(tmp_path / "places.db")))
    assert refused.value.code == "places_unreadable"


def test_squares_around_the_edges_of_the_map() -> None:
    assert len(cells_around(10.5, 10.5)) <= 9
    assert all(-91 * 360 <= cell <= 91 * 360 for cell in cells_around(89.9, 179.9))
    assert round(distance_km(48.8534, 2.3488, 41.2586, -95.9378)) in range(7200, 7400)
    assert choose([], 0, 0) == Place()
