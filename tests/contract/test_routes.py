"""Every route of the documents' lists is declared at its path, with its level, or names the part that brings it."""

from pathlib import Path

import pytest

from homemedia.app import declared_routes
from homemedia.core.http.routes import Needs, Route

# Where two documents name a method and path, the row stands in the first of these.
TABLES = ("watch", "photos", "photos.extra", "clips", "clips.extra", "heaps", "shares", "shares.extra")
LISTED = [
    line.split("\t")
    for name in TABLES
    for line in Path(__file__).with_name(f"{name}.routes.tsv").read_text(encoding="utf-8").splitlines()
]
# What the share API lists under a version answers without it too (shares §1.1).
ROWS = LISTED + [
    [row[0], row[1].replace("/api/v1/", "/api/", 1), *row[2:]] for row in LISTED if row[1].startswith("/api/v1/")
]
DONE = [row[:3] for row in ROWS if row[3] == "done"]
WITH_WORD = [(row[0], row[1], row[4]) for row in ROWS if row[3] == "done" and len(row) > 4 and row[4]]
# "host" is any administrator; "refresh" and "shortcut" routes look at credentials of their own.
LEVELS = {
    "none": None,
    "user": Needs.USER,
    "media": Needs.MEDIA,
    "owner": Needs.USER,
    "admin": Needs.ADMIN,
    "host": Needs.ADMIN,
    "refresh": None,
    "shortcut": None,
}

# The photo API's bytes, for which an address may say who asks (photos §2.1); their list says no more than "user".
BYTES = frozenset({"/api/assets/{id}/original", "/api/assets/{id}/thumbnail", "/api/assets/{id}/video/playback"})


def _shape(path: str) -> str:
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))


@pytest.fixture(scope="module")
def declared() -> dict[tuple[str, str], Route]:
    return {(route.method, _shape(route.path)): route for route in declared_routes()}


@pytest.mark.parametrize(("method", "path", "level"), DONE, ids=[f"{row[0]} {row[1]}" for row in DONE])
def test_route_is_declared_with_its_level(
    declared: dict[tuple[str, str], Route], method: str, path: str, level: str
) -> None:
    route = declared[method, _shape(path)]

    assert route.needs is (Needs.MEDIA if path in BYTES else LEVELS[level])


@pytest.mark.parametrize(("method", "path", "word"), WITH_WORD, ids=[f"{row[0]} {row[1]}" for row in WITH_WORD])
def test_route_names_what_an_api_key_must_carry(
    declared: dict[tuple[str, str], Route], method: str, path: str, word: str
) -> None:
    assert declared[method, _shape(path)].permission == word


def test_routes_said_to_come_later_are_not_there_yet(declared: dict[tuple[str, str], Route]) -> None:
    early = [f"{row[0]} {row[1]}" for row in ROWS if row[3] != "done" and (row[0], _shape(row[1])) in declared]

    assert not early, "mark these rows as done"


def test_no_method_and_path_stands_twice() -> None:
    shapes = [(route.method, _shape(route.path)) for route in declared_routes()]

    assert len(shapes) == len(set(shapes))


def test_every_route_says_in_a_sentence_what_it_answers() -> None:
    silent = [route.name for route in declared_routes() if not route.summary.endswith(".")]

    assert not silent


def test_routes_beside_the_contracts_stand_under_their_own_prefix() -> None:
    listed = {(row[0], _shape(row[1])) for row in ROWS}
    strangers = [
        f"{route.method} {route.path}"
        for route in declared_routes()
        if (route.method, _shape(route.path)) not in listed
        and not route.path.startswith("/api/home/")
        and route.path not in {"/api", "/api/openapi.json"}  # the first is "/api/" without its slash
    ]

    assert not strangers
