"""Who may do what with photos and albums, asked by each kind of member over HTTP (photos §4.1, §14.9).

Ann owns what is asked for, Ed edits her album, Vic views it, Pat is her partner, Sam is none of these.
"""

import io
from typing import Any

import pytest
from PIL import Image

from tests.support.app import House
from tests.support.household import Person, a_household


def a_picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (120, 90, 30)).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
async def people(claimed: House) -> dict[str, Person]:
    return await a_household(claimed, "ann", "ed", "vic", "pat", "sam")


READERS = {"ann", "ed", "vic", "pat"}
# Of each call: who may make it, and the status of the refusal to the others.
ASSET_CALLS: dict[tuple[str, str], tuple[set[str], int]] = {
    ("GET", "/assets/{photo}"): (READERS, 400),
    ("GET", "/assets/{photo}/thumbnail"): (READERS, 404),
    ("GET", "/assets/{photo}/original"): (READERS, 404),
    ("GET", "/assets/{video}/video/playback"): (READERS, 404),
    ("POST", "/download/info"): (READERS, 400),
    ("POST", "/download/archive"): (READERS, 400),
    ("GET", "/assets/{photo}/metadata"): (READERS, 400),
    ("PUT", "/assets/{photo}"): ({"ann"}, 400),
    ("PUT", "/assets"): ({"ann"}, 400),
    ("PUT", "/assets/copy"): ({"ann"}, 400),
    ("PUT", "/assets/{photo}/metadata"): ({"ann"}, 400),
    ("POST", "/assets/jobs"): ({"ann"}, 400),
    ("POST", "/stacks"): ({"ann"}, 400),
    ("POST", "/trash/restore/assets"): ({"ann"}, 400),
    ("DELETE", "/assets"): ({"ann"}, 400),
}
ALBUM_CALLS: dict[tuple[str, str], tuple[set[str], int]] = {
    ("GET", "/albums/{album}"): ({"ann", "ed", "vic"}, 400),
    ("GET", "/albums/{album}/map-markers"): ({"ann", "ed", "vic"}, 400),
    ("GET", "/timeline/buckets?albumId={album}"): ({"ann", "ed", "vic"}, 400),
    ("GET", "/activities?albumId={album}"): ({"ann", "ed", "vic"}, 400),
    ("POST", "/activities"): ({"ann", "ed", "vic"}, 400),
    ("PATCH", "/albums/{album}"): ({"ann", "ed"}, 400),
    ("PUT", "/albums/{album}/assets"): ({"ann", "ed"}, 400),
    ("DELETE", "/albums/{album}/assets"): ({"ann", "ed"}, 400),
    ("PUT", "/albums/{album}/users"): ({"ann"}, 400),
    ("PUT", "/albums/{album}/user/{vic}"): ({"ann"}, 400),
    ("DELETE", "/albums/{album}"): ({"ann"}, 400),
}
CALLS = ASSET_CALLS | ALBUM_CALLS


def body_of(call: tuple[str, str], ids: dict[str, str]) -> Any:
    both = [ids["photo"], ids["video"]]
    return {
        ("POST", "/download/info"): {"assetIds": both},
        ("POST", "/download/archive"): {"assetIds": both},
        ("PUT", "/assets/{photo}"): {"description": "x"},
        ("PUT", "/assets"): {"ids": both, "rating": 3},
        ("PUT", "/assets/copy"): {"sourceId": ids["photo"], "targetId": ids["video"]},
        ("PUT", "/assets/{photo}/metadata"): {"items": [{"key": "k", "value": {}}]},
        ("POST", "/assets/jobs"): {"assetIds": both, "name": "refresh-metadata"},
        ("POST", "/stacks"): {"assetIds": both},
        ("POST", "/trash/restore/assets"): {"ids": both},
        ("DELETE", "/assets"): {"ids": both},
        ("POST", "/activities"): {"albumId": ids["album"], "type": "comment", "comment": "x"},
        ("PATCH", "/albums/{album}"): {"albumName": "x"},
        ("PUT", "/albums/{album}/assets"): {"ids": []},
        ("DELETE", "/albums/{album}/assets"): {"ids": []},
        ("PUT", "/albums/{album}/users"): {"sharedUserIds": [ids["sam"]]},
        ("PUT", "/albums/{album}/user/{vic}"): {"role": "viewer"},
    }.get(call)


async def test_each_call_is_open_to_whom_the_table_says(claimed: House, people: dict[str, Person]) -> None:
    ann = people["ann"]
    ids = {name: person.id for name, person in people.items()}
    ids["photo"] = await ann.upload(a_picture())
    ids["video"] = await ann.upload(b"not much of a film", "v.mp4")
    await claimed.idle()
    members = [{"userId": ids["ed"], "role": "editor"}, {"userId": ids["vic"], "role": "viewer"}]
    album = {"albumName": "Trip", "assetIds": [ids["photo"], ids["video"]], "albumUsers": members}
    ids["album"] = (await ann.done("POST", "/albums", album))["id"]
    await ann.done("POST", f"/partners/{ids['pat']}")

    wrong = []
    for call, (allowed, refusal) in CALLS.items():
        for who in ("sam", "pat", "vic", "ed", "ann"):
            method, path = call
            status, answer = await people[who].ask(method, path.format(**ids), body_of(call, ids))
            fits = 200 <= status < 300 if who in allowed else status == refusal
            if not fits:
                wrong.append((who, *call, status, answer))
            if who not in allowed:
                assert answer["statusCode"] == status
                assert answer["message"]
    assert wrong == []


async def test_own_album_takes_what_one_may_share(claimed: House, people: dict[str, Person]) -> None:
    ann = people["ann"]
    photo = await ann.upload(a_picture())
    members = [{"userId": people["ed"].id, "role": "editor"}]
    await ann.done("POST", "/albums", {"albumName": "Trip", "assetIds": [photo], "albumUsers": members})
    await ann.done("POST", f"/partners/{people['pat'].id}")

    for who, taken in (("pat", True), ("ed", False), ("sam", False)):
        album = await people[who].done("POST", "/albums", {"albumName": "Own"})
        (result,) = await people[who].done("PUT", f"/albums/{album['id']}/assets", {"ids": [photo]})
        assert result["success"] is taken, who
        assert taken or result["error"] == "no_permission"
