"""Whatever is sent to the routes of the clip API, the answer is JSON that says what is wrong, never a 500."""

import itertools
import json
from typing import Any

from homemedia.app import declared_routes
from homemedia.core.http.families import Family
from homemedia.core.http.routes import Route
from tests.clips.conftest import Feed

RAW = ("{", "null", "[]", '"x"', "5", "\ud83d".encode("utf-16-le", "surrogatepass"), '{"a":' * 2000)
# Every field that a body of these routes may have, of kinds that it must not be.
WRONG: tuple[Any, ...] = (5, True, [], {}, ["x", {"y": 1}], {"x": None}, "\0", "x" * 20_000)
# What does something with any body, and is meant to.
NEVER_REFUSES = {"/api/clips/{id}/watched"}
# Multipart.
OTHER_BODIES = {"/api/profile/avatar"}


def bodied() -> list[Route]:
    return [
        route
        for route in declared_routes()
        if route.family is Family.CLIPS and route.method != "GET" and route.path not in OTHER_BODIES
    ]


async def test_nothing_that_is_sent_breaks_a_route(feed: Feed) -> None:
    asked = itertools.count(1)
    for route in bodied():
        path = route.path.replace("{id}", feed.clip_id).replace("{commentId}", "x").replace("{userId}", "x")
        fields = list(route.body.__struct_fields__) if hasattr(route.body, "__struct_fields__") else []
        names = [route.body.__struct_encode_fields__[number] for number, _ in enumerate(fields)]
        bodies: list[Any] = [*RAW, *(json.dumps(dict.fromkeys(names, value)) for value in WRONG)]
        for body in bodies:
            if next(asked) % 100 == 0:
                feed.clock.pass_ms(61_000)
            async with feed.house.client.request(route.method, path, data=body) as answer:
                said = await answer.text()
                assert answer.status < 500, f"{route.method} {path} {body[:60]!r}: {said}"
                assert answer.content_type == "application/json", f"{route.method} {path}"
                if answer.status >= 400:
                    assert json.loads(said)["error"], f"{route.method} {path}"
                is_refused = answer.status in {400, 401, 403, 404, 429}
                takes_none = route.body is None or route.path in NEVER_REFUSES
                assert is_refused or takes_none or body not in RAW, f"{route.method} {path} {body[:60]!r}: {said}"
    assert (await feed.ann.get(feed.at))["title"] == "Cat"
