"""One item with everything about it."""

from pathlib import Path

import msgspec
import pytest

from homemedia.core.problems import NotFound
from homemedia.media import Chapter
from tests.library.test_browse import a_house, titles
from tests.support.builders import a_probe


async def test_film_page_shows_versions_parts_chapters_and_extras(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()
        films = await house.a_library()
        heat = await house.an_item(
            films,
            title="Heat",
            tagline="A Los Angeles crime saga",
            labels=["loud"],
            directors=["Michael Mann"],
            tmdb_id=949,
        )
        chapters = (
            Chapter(title="Opening", start_ms=0, end_ms=1000),
            Chapter(title=None, start_ms=1000, end_ms=60_000),
            Chapter(title="End Credits", start_ms=60_000, end_ms=90_000),
        )
        one = await house.a_file(
            films, heat, probe=a_probe(duration_ms=90_000, chapters=chapters), part=1, part_count=2
        )
        two = await house.a_file(
            films, heat, probe=a_probe(duration_ms=60_000, chapters=chapters[:1]), part=2, part_count=2
        )
        low = await house.a_file(films, heat, probe=a_probe(height=480, width=640), version="SD", version_index=1)
        high = await house.a_file(films, heat, probe=a_probe(height=2160, width=3840), version="4K", version_index=2)
        trailer = await house.an_item(films, title="Trailer", kind="extra", extra_kind="trailer", parent=heat)
        trailer_file = await house.a_file(films, trailer, duration_ms=120_000)

        page = await house.browse.detail(alice, heat.key)

        assert isinstance(page.files, list)
        assert [file.id for file in page.files] == [one.file_id, two.file_id, high.file_id, low.file_id]
        assert page.duration == 150_000
        assert [(chapter.title, chapter.start) for chapter in page.chapters] == [
            ("Opening", 0),
            ("Chapter 2", 1000),
            ("End Credits", 60_000),
            ("Opening", 90_000),
        ]
        assert [(marker.type, marker.start) for marker in page.markers] == [
            ("intro", 0),
            ("credits", 60_000),
            ("intro", 90_000),
        ]
        assert [(extra.type, extra.file_id, extra.duration) for extra in page.extras] == [
            ("trailer", trailer_file.file_id, 120_000)
        ]
        assert (page.directors, page.labels, page.ids.tmdb) == (["Michael Mann"], ["loud"], 949)
        wire = msgspec.to_builtins(page)
        assert "seasons" not in wire
        assert (
            wire["files"][0].items()
            >= {
                "streamUrl": f"/api/stream/{one.file_id}",
                "container": "mkv",
                "videoCodec": "h264",
                "audioCodec": "aac",
                "videoResolution": "1080",
                "hdr": "none",
                "audioLanguages": ["en"],
                "subtitleLanguages": ["en"],
                "available": True,
                "part": 1,
                "partCount": 2,
            }.items()
        )


async def test_show_page_offers_the_episode_to_go_on_with(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()
        shows = await house.a_library("Shows", kind="show")
        fargo, episodes = await house.a_series(shows, "Fargo", {0: 1, 1: 2, 2: 2})
        _, first, second, third, _ = episodes

        fresh = await house.browse.detail(alice, fargo.key)
        await house.a_watch_state(alice, first, is_watched=1)
        begun = await house.browse.detail(alice, fargo.key)
        await house.a_watch_state(alice, second, is_watched=1, last_viewed_at=house.at_ms + 1)
        later = await house.browse.detail(alice, fargo.key)

        offers = [page.next_up for page in (fresh, begun, later)]
        assert [card.id for card in offers if card] == [first.key, second.key, third.key]
        assert isinstance(later.seasons, list)
        assert [(season.index, season.unwatched_count) for season in later.seasons] == [(1, 0), (2, 2), (0, 1)]
        assert later.files == []


async def test_episode_page_names_its_neighbours_and_what_it_belongs_to(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()
        shows = await house.a_library("Shows", kind="show")
        fargo, episodes = await house.a_series(shows, "Fargo", {0: 1, 1: 1, 2: 1})
        special, first, second = episodes

        pages = [await house.browse.detail(alice, episode.key) for episode in (first, second, special)]

        assert [(page.previous, page.next) for page in pages] == [
            (None, second.key),
            (first.key, None),
            (None, None),
        ]
        assert (pages[1].grandparent_id, pages[1].grandparent_title) == (fargo.key, "Fargo")
        assert (pages[1].index, pages[1].parent_index, pages[1].parent_title) == (1, 2, "Season 2")


async def test_children_are_seasons_with_the_specials_last(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()
        shows, films = await house.a_library("Shows", kind="show"), await house.a_library()
        fargo, episodes = await house.a_series(shows, "Fargo", {0: 1, 2: 1, 1: 2})
        heat = await house.a_film(films, "Heat")

        seasons = await house.browse.children(alice, fargo.key)
        below = await house.browse.children(alice, seasons.items[0].id)

        assert titles(seasons) == ["Season 1", "Season 2", "Specials"]
        assert (seasons.total_count, seasons.parent.episode_count) == (3, 4)
        assert [item.id for item in below.items] == [episodes[2].key, episodes[3].key]
        assert (await house.browse.children(alice, heat.key)).items == []


async def test_episodes_come_with_their_files(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()
        shows = await house.a_library("Shows", kind="show")
        fargo, episodes = await house.a_series(shows, "Fargo", {1: 2, 2: 1})

        answer = await house.browse.episodes(alice, fargo.key)

        assert [item.id for item in answer.items] == [episode.key for episode in episodes]
        assert all(isinstance(item.files, list) and len(item.files) == 1 for item in answer.items)


async def test_cast_of_an_episode_is_its_own_and_then_its_shows(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()
        shows = await house.a_library("Shows", kind="show")
        show = await house.a_show(
            shows, "Fargo", cast=["Billy Bob Thornton", "Martin Freeman"], directors=["Noah Hawley"]
        )
        season = await house.a_season(shows, show, 1)
        episode = await house.an_episode(shows, season, 1, cast=["Guest Star", "Martin Freeman"])

        answer = await house.browse.cast(alice, episode.key)

        assert [one.name for one in answer.cast] == ["Guest Star", "Martin Freeman", "Billy Bob Thornton"]
        assert [(one.name, one.job, one.department) for one in answer.crew] == [
            ("Noah Hawley", "Director", "Directing")
        ]


async def test_number_of_statements_does_not_grow_with_the_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()
        shows = await house.a_library("Shows", kind="show")
        small, _ = await house.a_series(shows, "Small", {1: 1})
        large, _ = await house.a_series(shows, "Large", {1: 6, 2: 6, 3: 6})
        counts = []

        for show in (small, large):
            said: list[str] = []
            for reader in house.db._readers:
                await reader.set_trace_callback(said.append)
            await house.browse.detail(alice, show.key)
            counts.append(len(said))

        assert counts[0] == counts[1] <= 16


async def test_unknown_item_does_not_exist(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()

        for ask in (house.browse.detail, house.browse.children, house.browse.episodes, house.browse.cast):
            with pytest.raises(NotFound):
                await ask(alice, "nonsense")
