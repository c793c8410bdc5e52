"""What the clients of a family look for in an error."""

import json
from typing import Any

import pytest

from homemedia.core.http.errors import from_app_error
from homemedia.core.http.families import Family
from homemedia.core.problems import AppError, BadRequest, NotFound

WRONG = BadRequest("The field ids[0].name is not valid.", field="ids[0].name", reason="Invalid UUID")


def _told(err: AppError, family: Family) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(from_app_error(err, family, "a1b2").text or "")
    return found


@pytest.mark.parametrize("family", Family)
def test_every_family_tells_the_house_s_own_fields(family: Family) -> None:
    told = _told(WRONG, family)

    assert told["message"] == "The field ids[0].name is not valid."
    assert told["code"] == "invalid_request"
    assert told["statusCode"] == 400
    assert told["details"] == [{"field": "ids[0].name", "reason": "Invalid UUID"}]


def test_photo_clients_are_told_the_way_to_the_field_and_the_request() -> None:
    told = _told(WRONG, Family.PHOTOS)

    assert told["errors"] == [{"path": ["ids", 0, "name"], "message": "Invalid UUID"}]
    assert told["correlationId"] == "a1b2"


def test_clip_clients_are_told_the_sentence_where_they_look_for_it() -> None:
    assert _told(WRONG, Family.CLIPS)["error"] == WRONG.message


def test_heap_clients_are_told_that_it_did_not_succeed() -> None:
    assert _told(WRONG, Family.HEAPS)["success"] is False


@pytest.mark.parametrize(
    ("family", "code", "status"),
    [
        (Family.HOUSE, "not_found", 404),
        (Family.CLIPS, "not_found", 404),
        (Family.PHOTOS, "not_found", 400),
        (Family.PHOTOS, "no_picture", 404),
    ],
)
def test_photo_clients_are_not_told_what_there_is_not(family: Family, code: str, status: int) -> None:
    answer = from_app_error(NotFound("There is no such thing.", code=code), family)

    assert answer.status == status
