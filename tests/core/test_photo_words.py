"""What is wrong with a request is told to the photo API's clients as upstream tells it."""

import enum
from typing import Annotated, Literal

import msgspec
import pytest
from msgspec import UNSET, UnsetType

from homemedia.core.http.families import Family
from homemedia.core.http.photo_words import checked_uuid
from homemedia.core.http.routes import _invalid
from homemedia.core.problems import BadRequest


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Part(msgspec.Struct):
    size: int


class Body(msgspec.Struct, rename="camel"):
    asset_ids: Annotated[list[str], msgspec.Meta(min_length=1, max_length=2)]
    page: Annotated[int, msgspec.Meta(ge=1, le=9)] = 3
    order: Literal["asc", "desc"] | UnsetType = UNSET
    colour: Colour = Colour.RED
    is_on: bool = False
    name: Annotated[str, msgspec.Meta(min_length=1)] | None = None
    score: float | UnsetType | None = UNSET
    parts: list[Part] = []


def told(text: str) -> BadRequest:
    try:
        msgspec.json.decode(text, type=Body)
    except msgspec.ValidationError as err:
        return _invalid(err, Body, Family.PHOTOS)
    raise AssertionError(text)


@pytest.mark.parametrize(
    ("given", "field", "reason"),
    [
        ("{}", "assetIds", "Invalid input: expected array, received undefined"),
        ('{"assetIds": []}', "assetIds", "Too small: expected array to have >=1 items"),
        ('{"assetIds": ["", "", ""]}', "assetIds", "Too big: expected array to have <=2 items"),
        ('{"assetIds": [5]}', "assetIds[0]", "Invalid input: expected string, received number"),
        ('{"assetIds": 5}', "assetIds", "Invalid input: expected array, received number"),
        ('{"assetIds": [""], "page": 0}', "page", "Too small: expected number to be >=1"),
        ('{"assetIds": [""], "page": 10}', "page", "Too big: expected number to be <=9"),
        ('{"assetIds": [""], "page": "1"}', "page", "Invalid input: expected number, received string"),
        ('{"assetIds": [""], "page": null}', "page", "Invalid input: expected number, received null"),
        ('{"assetIds": [""], "order": "up"}', "order", 'Invalid option: expected one of "asc"|"desc"'),
        ('{"assetIds": [""], "colour": "mauve"}', "colour", 'Invalid option: expected one of "red"|"blue"'),
        ('{"assetIds": [""], "isOn": 1}', "isOn", "Invalid input: expected boolean, received number"),
        ('{"assetIds": [""], "name": ""}', "name", "Too small: expected string to have >=1 characters"),
        ('{"assetIds": [""], "name": 5}', "name", "Invalid input: expected string, received number"),
        ('{"assetIds": [""], "score": "x"}', "score", "Invalid input: expected number, received string"),
        ('{"assetIds": [""], "parts": [{}]}', "parts[0].size", "Invalid input: expected number, received undefined"),
        ('{"assetIds": [""], "parts": [1]}', "parts[0]", "Invalid input: expected object, received number"),
    ],
)
def test_fault_is_told_in_upstreams_words(given: str, field: str, reason: str) -> None:
    err = told(given)

    assert (err.message, err.code) == ("Validation failed", "invalid_request")
    assert err.details == [{"field": field, "reason": reason}]


def test_what_is_no_object_at_all_has_no_field() -> None:
    assert told("[]").details == [{"reason": "Invalid input: expected object, received array"}]


def test_ids_are_lower_case() -> None:
    assert checked_uuid("A0000000-0000-4000-8000-00000000000F") == "a0000000-0000-4000-8000-00000000000f"


@pytest.mark.parametrize(
    "text", ["", "nope", "a0000000-0000-4000-8000-00000000000", "a" * 36, "\u0660" * 8 + "-0000-4000-8000-000000000000"]
)
def test_what_is_no_id_is_told_as_such(text: str) -> None:
    with pytest.raises(BadRequest, match="Invalid UUID") as refusal:
        checked_uuid(text, "ids[1]")

    assert refusal.value.details == [{"field": "ids[1]", "reason": "Invalid UUID"}]
