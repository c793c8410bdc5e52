"""Every route of the watch API's list is declared at its path, with its level, or names the part that brings it."""

from pathlib import Path

import pytest

from homemedia.app import declared_routes
from homemedia.core.http.routes import Needs, Route

TABLE = Path(__file__).with_name("watch.routes.tsv")
ROWS = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()]
DONE = [row[:3] for row in ROWS if row[3] == "done"]
LEVELS = {"none": None, "user": Needs.USER, "media": Needs.MEDIA, "admin": Needs.ADMIN}


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

    assert route.needs is LEVELS[level]


def test_routes_said_to_come_later_are_not_there_yet(declared: dict[tuple[str, str], Route]) -> None:
    early = [
        f"{method} {path}" for method, path, _, state in ROWS if state != "done" and (method, _shape(path)) in declared
    ]

    assert not early, "mark these rows as done"


def test_no_method_and_path_stands_twice() -> None:
    shapes = [(route.method, _shape(route.path)) for route in declared_routes()]

    assert len(shapes) == len(set(shapes))


def test_every_route_says_in_a_sentence_what_it_answers() -> None:
    silent = [route.name for route in declared_routes() if not route.summary.endswith(".")]

    assert not silent


def test_routes_beside_the_contracts_stand_under_their_own_prefix() -> None:
    listed = {(row[0], _shape(row[1])) for row in ROWS}
    # Named by design, not by the watch API's list: health, and what ends or lists sessions.
    others = {
        ("GET", "/api/health"),
        ("POST", "/api/auth/logout"),
        ("GET", "/api/sessions"),
        ("DELETE", "/api/sessions"),
        ("DELETE", "/api/sessions/{}"),
    }
    strangers = [
        f"{route.method} {route.path}"
        for route in declared_routes()
        if (route.method, _shape(route.path)) not in listed | others
        and not route.path.startswith("/api/home/")
        and not route.path.startswith("/api/openapi.json")
    ]

    assert not strangers
