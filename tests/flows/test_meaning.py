"""A household puts a model into the data folder: photos are found by what they show, beside what is said of them."""

import io
from pathlib import Path

import pytest
from PIL import Image

from tests.support.app import House, a_house
from tests.support.household import a_household
from tests.support.tiny_model import a_tiny_model


def a_picture(color: tuple[int, int, int]) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), color).save(out, "JPEG", quality=95)
    return out.getvalue()


async def known(house: House, count: int) -> None:
    """Wait until the model has told what so many photos show."""

    async def holds() -> bool:
        rows = await house.server.db.read("SELECT count(*) AS photos FROM photo_meaning")
        return bool(rows[0]["photos"] == count)

    await house.until(holds)


async def test_photos_are_found_by_what_they_show(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    a_tiny_model(tmp_path / "data" / "models" / "meaning")
    async with a_house(tmp_path) as house:
        await house.claim()
        people = await a_household(house, "ann", "ben")
        ann, ben = people["ann"], people["ben"]
        rose = await ann.upload(a_picture((240, 10, 10)), "rose.jpg")
        leaf = await ann.upload(a_picture((10, 240, 10)), "leaf.jpg")
        named = await ann.upload(a_picture((10, 10, 240)), "leafy things.jpg")
        other = await ben.upload(a_picture((12, 242, 12)), "ben.jpg")
        await known(house, 4)

        async def found(who: str, **wanted: object) -> list[str]:
            answer = await people[who].done("POST", "/search/smart", wanted)
            assert answer["assets"]["total"] == len(answer["assets"]["items"])
            return [one["id"] for one in answer["assets"]["items"]]

        # What is said goes before what is shown.
        assert await found("ann", query="leafy things") == [named, leaf]
        assert await found("ann", query="rosy") == [rose]
        assert await found("ben", query="leafy things") == [other]
        assert await found("ann", query="zzz") == []
        assert await found("ann", query="leafy", make="Canon") == []
        assert await found("ann", queryAssetId=leaf) == []
        again = await ann.upload(a_picture((20, 230, 20)), "again.jpg")
        await known(house, 5)
        assert await found("ann", queryAssetId=leaf) == [again]
        assert await found("ann", query="leafy things") == [named, leaf, again]

        # What is gone for good is not found, and the others keep their places.
        await ann.done("DELETE", "/assets", {"ids": [leaf], "force": True})
        assert await found("ann", query="leafy things") == [named, again]


async def test_without_a_model_words_are_looked_for(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await house.claim()
        people = await a_household(house, "ann")
        photo = await people["ann"].upload(a_picture((10, 240, 10)), "green.jpg")
        await people["ann"].upload(a_picture((10, 242, 10)), "leaf.jpg")
        await house.idle()

        answer = await people["ann"].done("POST", "/search/smart", {"query": "green"})

        assert photo in [one["id"] for one in answer["assets"]["items"]]
        assert (await people["ann"].get("/server/features"))["smartSearch"] is True
