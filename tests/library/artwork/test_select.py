"""Which of its pictures an item shows."""

from typing import Any

import pytest

from homemedia.library.artwork.models import Picture, Shown
from homemedia.library.artwork.select import best, shape, shown


def a_picture(source: str = "local", kind: str = "thumb", number: int = 1, **more: Any) -> Picture:
    facts: dict[str, Any] = {
        "artwork_id": number,
        "item_id": 1,
        "kind": kind,
        "source": source,
        "path": f"/{source}-{number}.jpg",
        "content_hash": f"{source}-{number}-hash",
    }
    return Picture(**(facts | more))


def test_sources_win_in_the_order_of_the_contract() -> None:
    sources = ["grab", "embedded", "download", "local", "manual"]
    pictures = [
        a_picture(source, number=number, is_chosen=source == "manual") for number, source in enumerate(sources, start=1)
    ]

    won = []
    while pictures:
        winner = best(pictures, "thumb")
        assert winner is not None
        won.append(winner.source)
        pictures.remove(winner)

    assert won == ["manual", "local", "download", "embedded", "grab"]


def test_choice_of_a_person_stands_above_all_sources() -> None:
    pictures = [a_picture("local"), a_picture("grab", number=2, is_chosen=True), a_picture("manual", number=3)]

    assert best(pictures, "thumb") == pictures[1]


def test_picture_given_and_not_wanted_any_more_gives_way() -> None:
    pictures = [a_picture("manual"), a_picture("grab", number=2)]

    assert best(pictures, "thumb") == pictures[1]


def test_broken_picture_gives_way_to_the_next_source() -> None:
    pictures = [a_picture("local", is_broken=True), a_picture("grab", number=2)]

    assert best(pictures, "thumb") == pictures[1]


@pytest.mark.parametrize(
    ("item_kind", "source", "size", "expected"),
    [
        ("movie", "local", (None, None), "poster"),
        ("movie", "local", (1000, 1500), "poster"),
        ("movie", "local", (1920, 1080), "still"),
        ("movie", "embedded", (600, 600), "cover"),
        ("movie", "embedded", (600, 900), "poster"),
        ("movie", "grab", (1080, 1920), "still"),
        ("episode", "local", (None, None), "still"),
        ("video", "local", (None, None), "still"),
        ("album", "local", (1920, 1080), "cover"),
        ("artist", "local", (1000, 1500), "cover"),
        ("artist", "grab", (600, 600), "still"),
    ],
)
def test_shape_of_a_thumb(item_kind: str, source: str, size: tuple[int | None, int | None], expected: str) -> None:
    assert shape(item_kind, a_picture(source, width=size[0], height=size[1])) == expected


POSTER = Shown(thumb_tag="showpost", thumb_kind="poster", art_tag="showart0")
STILL = Shown(thumb_tag="showstil", thumb_kind="still", art_tag="showstil")


@pytest.mark.parametrize(
    ("own", "above", "tag"),
    [
        pytest.param([a_picture("local")], POSTER, "local-1-", id="its own poster"),
        pytest.param([], POSTER, "showpost", id="the show's poster"),
        pytest.param([a_picture("grab")], POSTER, "showpost", id="a poster before a frame"),
        pytest.param([a_picture("grab")], STILL, "grab-1-h", id="its own frame before the show's"),
        pytest.param([], Shown(), None, id="nothing"),
    ],
)
def test_season_takes_the_shows_poster(own: list[Picture], above: Shown, tag: str | None) -> None:
    columns, _ = shown("season", own, above=above)

    assert columns.thumb_tag == tag
    assert columns.art_tag == above.art_tag


def test_episode_takes_the_shows_background_but_not_its_poster() -> None:
    columns, chosen = shown("episode", [], above=POSTER)

    assert columns == Shown(art_tag="showart0")
    assert chosen == []
