"""Which NFO file a change goes into, what is told when it cannot, and that nobody is told twice."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.app import House
from tests.support.builders import Builders, Item, Library


@pytest.fixture
def make(claimed: House) -> Builders:
    return Builders(claimed.server.db)


async def a_film(make: Builders, films: Library, folder: Path, name: str) -> Item:
    (folder / name).mkdir(parents=True)
    (folder / name / f"{name}.mkv").write_bytes(b"film")
    item = await make.an_item(films, title=name)
    await make.a_file(films, item, path=f"{name}/{name}.mkv")
    return item


async def films_in(make: Builders, folder: Path, *, save_nfo: bool = True) -> Library:
    options = '{"saveNfo": true}' if save_nfo else "{}"
    return await make.a_library("Films", root=folder, options=options)


async def put(house: House, item: Item, **body: Any) -> Any:
    answer = await house.send("PUT", f"/api/media-item/{item.key}", body)
    await house.idle()
    return answer


async def problems(house: House, library: Library) -> list[tuple[str, str]]:
    rows = await house.server.db.read(
        "SELECT path, code FROM scan_problem WHERE library_id = :id", {"id": library.library_id}
    )
    return [(row["path"], row["code"]) for row in rows]


async def test_library_that_does_not_want_it_gets_no_nfo(claimed: House, make: Builders, tmp_path: Path) -> None:
    films = await films_in(make, tmp_path / "films", save_nfo=False)
    heat = await a_film(make, films, tmp_path / "films", "Heat")

    await put(claimed, heat, title="The Heat")

    assert not list((tmp_path / "films").rglob("*.nfo"))


async def test_new_nfo_lies_beside_the_film_and_says_what_it_is(claimed: House, make: Builders, tmp_path: Path) -> None:
    films = await films_in(make, tmp_path / "films")
    heat = await a_film(make, films, tmp_path / "films", "Heat")

    await put(claimed, heat, genres=["Crime"])

    written = tmp_path / "films" / "Heat" / "Heat.nfo"
    text = written.read_text(encoding="utf-8")
    assert "<title>Heat</title>" in text
    assert "<genre>Crime</genre>" in text
    assert written.stat().st_mode & 0o777 == 0o644
    assert sorted(path.name for path in written.parent.iterdir()) == ["Heat.mkv", "Heat.nfo"]


@pytest.mark.parametrize(
    "raw",
    [
        b"<movie><title>Heat</movie>",
        b"<tvshow><title>Heat</title></tvshow>",
        b"\x00\x01\x02",
    ],
    ids=["broken", "of a show", "no text"],
)
async def test_file_that_is_not_understood_is_told_of_and_left(
    claimed: House, make: Builders, tmp_path: Path, raw: bytes
) -> None:
    films = await films_in(make, tmp_path / "films")
    heat = await a_film(make, films, tmp_path / "films", "Heat")
    nfo = tmp_path / "films" / "Heat" / "Heat.nfo"
    nfo.write_bytes(raw)

    edited = await put(claimed, heat, title="The Heat")

    assert nfo.read_bytes() == raw
    assert edited["fields"]["title"] == "The Heat"
    assert await problems(claimed, films) == [(str(nfo), "nfo_not_written")]


async def test_folder_that_cannot_be_written_is_told_of_once(claimed: House, make: Builders, tmp_path: Path) -> None:
    films = await films_in(make, tmp_path / "films")
    heat = await a_film(make, films, tmp_path / "films", "Heat")
    folder = tmp_path / "films" / "Heat"
    (folder / ".Heat.nfo.part").mkdir()  # where the new file would be begun; rights would not stop root

    await put(claimed, heat, title="One")
    await put(claimed, heat, title="Two")

    assert await problems(claimed, films) == [(str(folder), "nfo_not_written")]


async def test_disk_that_is_away_keeps_the_edit(claimed: House, make: Builders, tmp_path: Path) -> None:
    films = await films_in(make, tmp_path / "films")
    heat = await a_film(make, films, tmp_path / "films", "Heat")
    (tmp_path / "films").rename(tmp_path / "gone")

    edited = await put(claimed, heat, title="The Heat")

    assert edited["fields"]["title"] == "The Heat"
    assert [code for _, code in await problems(claimed, films)] == ["nfo_not_written"]


async def test_undo_gives_the_file_its_own_words_back(claimed: House, make: Builders, tmp_path: Path) -> None:
    films = await films_in(make, tmp_path / "films")
    heat = await a_film(make, films, tmp_path / "films", "Heat")
    nfo = tmp_path / "films" / "Heat" / "Heat.nfo"
    nfo.write_text("<movie>\n  <title>Heat of Mann</title>\n  <rating>8</rating>\n</movie>\n", encoding="utf-8")
    nfo.chmod(0o640)

    first = await put(claimed, heat, title="One", rating=3)
    second = await put(claimed, heat, title="Two")
    changed = nfo.read_text(encoding="utf-8")
    for edit in (second, first):
        await claimed.send("POST", f"/api/home/library/edits/{edit['editId']}/undo")
        await claimed.idle()

    assert "<title>Two</title>" in changed
    assert nfo.read_text(encoding="utf-8") == "<movie>\n  <title>Heat of Mann</title>\n  <rating>8</rating>\n</movie>\n"
    assert nfo.stat().st_mode & 0o777 == 0o640


async def test_link_to_an_nfo_stays_a_link(claimed: House, make: Builders, tmp_path: Path) -> None:
    films = await films_in(make, tmp_path / "films")
    heat = await a_film(make, films, tmp_path / "films", "Heat")
    real = tmp_path / "elsewhere.nfo"
    real.write_text("<movie><plot>A plot.</plot></movie>", encoding="utf-8")
    link = tmp_path / "films" / "Heat" / "Heat.nfo"
    link.symlink_to(real)

    await put(claimed, heat, tagline="Run.")

    assert link.is_symlink()
    assert "<tagline>Run.</tagline>" in real.read_text(encoding="utf-8")


async def test_show_season_and_episode_have_files_of_their_own(claimed: House, make: Builders, tmp_path: Path) -> None:
    folder = tmp_path / "shows" / "Tidewater" / "Season 1"
    folder.mkdir(parents=True)
    (folder / "Tidewater S01E01.mkv").write_bytes(b"film")
    shows = await make.a_library("Shows", kind="show", root=tmp_path / "shows", options='{"saveNfo": true}')
    show = await make.an_item(shows, kind="show", title="Tidewater")
    season = await make.an_item(shows, kind="season", title="Season 1", parent=show, number=1)
    episode = await make.an_item(shows, kind="episode", title="Pilot", parent=season, number=1, parent_number=1)
    await make.a_file(shows, episode, path="Tidewater/Season 1/Tidewater S01E01.mkv")

    await put(claimed, show, summary="A town.", status="ended")
    await put(claimed, season, summary="A year.")
    await put(claimed, episode, airDate="2001-02-03")

    assert "<status>Ended</status>" in (tmp_path / "shows/Tidewater/tvshow.nfo").read_text(encoding="utf-8")
    assert "<seasonnumber>1</seasonnumber>" in (folder / "season.nfo").read_text(encoding="utf-8")
    text = (folder / "Tidewater S01E01.nfo").read_text(encoding="utf-8")
    assert "<season>1</season>" in text
    assert "<episode>1</episode>" in text
    assert "<aired>2001-02-03</aired>" in text
