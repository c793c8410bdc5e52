"""People on photos and their faces."""

from pathlib import Path

import pytest
from PIL import Image

from homemedia.library.rendition import Rendition
from homemedia.media.photo_models import Face as FileFace
from homemedia.media.photo_models import PhotoFacts
from homemedia.photos.organise.faces import box_of
from homemedia.photos.organise.portraits import squared
from tests.photos.gallery import NOBODY, Gallery
from tests.photos.test_organise import owed

BOX = {"imageWidth": 400, "imageHeight": 300, "x": 100, "y": 50, "width": 40, "height": 50}


async def person(gallery: Gallery, name: str = "", who: str = "ann", **more: object) -> str:
    body = {"name": name} | more
    return str((await gallery.done(who, "POST", "/people", body, status=201))["id"])


async def mark(gallery: Gallery, person_id: str, *photo_ids: str) -> None:
    """Mark somebody on photos of Ann's."""
    for photo_id in photo_ids:
        body = {"assetId": photo_id, "personId": person_id} | BOX
        assert await gallery.done("ann", "POST", "/faces", body, status=201) is None


async def face(gallery: Gallery, photo_id: str) -> str:
    (found,) = await gallery.get("ann", f"/faces?id={photo_id}")
    return str(found["id"])


async def test_somebody_new_has_all_the_contract_names(gallery: Gallery) -> None:
    made = await gallery.done("ann", "POST", "/people", {}, status=201)
    assert set(made) == {"id", "name", "birthDate", "thumbnailPath", "isHidden", "isFavorite", "updatedAt"}
    body = {"name": " Uncle  Bob ", "birthDate": "1960-05-04", "color": "#abc", "isHidden": True, "isFavorite": True}

    made = await gallery.done("ann", "POST", "/people", body, status=201)

    assert (made["name"], made["birthDate"], made["color"]) == ("Uncle Bob", "1960-05-04", "#abc")
    assert (made["isHidden"], made["isFavorite"], made["thumbnailPath"]) == (True, True, "")
    assert await gallery.get("ann", f"/people/{made['id']}") == made
    assert await gallery.refused("sam", "GET", f"/people/{made['id']}") == "Not found or no person.read access"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"birthDate": "2026-01-02"}, "Birth date cannot be in the future"),
        ({"birthDate": "May"}, "Invalid input: expected date, received string"),
        ({"color": "red"}, "Invalid input: expected hex color"),
        ({"name": 5}, "Invalid input: expected string, received number"),
    ],
    ids=str,
)
async def test_somebody_of_another_form_is_refused(gallery: Gallery, body: object, words: str) -> None:
    assert await gallery.refused("ann", "POST", "/people", body) == words
    known = await person(gallery, "Bob")
    assert await gallery.refused("ann", "PUT", f"/people/{known}", body) == words


async def test_people_are_listed_by_what_they_are(gallery: Gallery) -> None:
    photos = await gallery.photos("ann", 4)
    often, seldom = await person(gallery), await person(gallery)
    await mark(gallery, often, *photos[:3])
    await mark(gallery, seldom, photos[0])
    zoe, amy = await person(gallery, "Zoe"), await person(gallery, "Amy")
    loved = await person(gallery, isFavorite=True, name="Xi")
    hidden = await person(gallery, "Hid", isHidden=True)
    await mark(gallery, zoe, photos[3])

    found = await gallery.get("ann", "/people")
    assert [one["id"] for one in found["people"]] == [loved, zoe, amy, often]
    assert (found["total"], found["hidden"], found["hasNextPage"]) == (5, 1, False)
    found = await gallery.get("ann", "/people?withHidden=true")
    assert [one["id"] for one in found["people"]][-1] == hidden
    found = await gallery.get("ann", "/people?size=2&page=2")
    assert ([one["id"] for one in found["people"]], found["hasNextPage"]) == ([amy, often], False)
    assert (await gallery.get("ann", "/people?size=2"))["hasNextPage"] is True
    assert (await gallery.ask("ann", "GET", "/people?size=1001"))[0] == 400
    assert (await gallery.get("sam", "/people"))["people"] == []
    assert seldom not in [one["id"] for one in found["people"]]


async def test_people_are_found_by_the_beginning_of_any_word(gallery: Gallery) -> None:
    for name in ("Jürgen Groß", "Anna-Lena Bär", "Zoe"):
        await person(gallery, name)
    await person(gallery, "Juri", isHidden=True)

    async def found(query: str) -> list[str]:
        return [one["name"] for one in await gallery.get("ann", f"/search/person?name={query}")]

    assert await found("jurg") == ["Jürgen Groß"]
    assert await found("gross") == ["Jürgen Groß"]
    assert await found("ur") == []
    assert await found("ju&withHidden=true") == ["Juri", "Jürgen Groß"]
    assert (await gallery.ask("ann", "GET", "/search/person"))[0] == 400


async def test_change_keeps_what_it_does_not_name(gallery: Gallery) -> None:
    bob = await person(gallery, "Bob", birthDate="1960-05-04", isFavorite=True)

    changed = await gallery.done("ann", "PUT", f"/people/{bob}", {"isHidden": True, "birthDate": None})

    assert (changed["name"], changed["birthDate"]) == ("Bob", None)
    assert (changed["isHidden"], changed["isFavorite"]) == (True, True)
    words = await gallery.refused("sam", "PUT", f"/people/{bob}", {"name": "Mine"})
    assert words == "Not found or no person.update access"


async def test_several_people_are_changed_and_answered_for(gallery: Gallery) -> None:
    bob, theirs = await person(gallery, "Bob"), await person(gallery, "Sue", "sam")
    changes = [{"id": bob, "isHidden": True}, {"id": theirs, "name": "X"}, {"id": bob, "color": "red"}]

    assert await gallery.done("ann", "PUT", "/people", {"people": changes}) == [
        {"id": bob, "success": True},
        {"id": theirs, "success": False, "error": "not_found"},
        {"id": bob, "success": False, "error": "validation"},
    ]
    assert await gallery.refused("ann", "PUT", "/people", {"people": [{"id": "x"}]}) == "Invalid UUID"


async def test_forgotten_people_leave_their_faces(gallery: Gallery) -> None:
    photo = await gallery.photo("ann")
    bob, amy, theirs = await person(gallery, "Bob"), await person(gallery, "Amy"), await person(gallery, "S", "sam")
    await mark(gallery, bob, photo)
    no = "Not found or no person.delete access"

    assert await gallery.refused("ann", "DELETE", "/people", {"ids": [bob, theirs]}) == no
    assert await gallery.refused("sam", "DELETE", f"/people/{bob}") == no
    await gallery.done("ann", "DELETE", f"/people/{bob}", status=204)
    await gallery.done("ann", "DELETE", "/people", {"ids": [amy]}, status=204)
    assert (await gallery.get("ann", "/people"))["people"] == []
    (found,) = await gallery.get("ann", f"/faces?id={photo}")
    assert found["person"] is None


async def test_face_is_marked_given_away_and_unmarked(gallery: Gallery) -> None:
    photo = await gallery.photo("ann")
    bob, amy = await person(gallery, "Bob"), await person(gallery, "Amy")
    await mark(gallery, bob, photo)

    (found,) = await gallery.get("ann", f"/faces?id={photo}")
    assert found["person"]["name"] == "Bob"
    assert found["person"]["thumbnailPath"]
    assert (found["imageWidth"], found["imageHeight"], found["sourceType"]) == (400, 300, "manual")
    assert [found[f"boundingBox{edge}"] for edge in ("X1", "Y1", "X2", "Y2")] == [100, 50, 140, 100]
    assert (await gallery.get("ann", f"/people/{bob}/statistics")) == {"assets": 1}
    given = await gallery.done("ann", "PUT", f"/faces/{amy}", {"id": found["id"]})
    assert (given["name"], bool(given["thumbnailPath"])) == ("Amy", True)
    assert (await gallery.get("ann", f"/people/{bob}"))["thumbnailPath"] == ""
    await gallery.done("ann", "DELETE", f"/faces/{found['id']}", {"force": False}, status=204)
    assert await gallery.get("ann", f"/faces?id={photo}") == []
    assert (await gallery.get("ann", f"/people/{amy}"))["thumbnailPath"] == ""


async def test_faces_are_their_owner_s_alone(gallery: Gallery) -> None:
    photo, theirs = await gallery.photo("ann"), await gallery.photo("sam")
    bob, sue = await person(gallery, "Bob"), await person(gallery, "Sue", "sam")
    await mark(gallery, bob, photo)
    known = await face(gallery, photo)
    await gallery.shared_album(photo)
    refused = gallery.refused

    assert await gallery.get("vic", f"/faces?id={photo}") == []
    assert await refused("sam", "GET", f"/faces?id={photo}") == "Not found or no asset.read access"
    assert await refused("ann", "POST", "/faces", {"assetId": theirs, "personId": bob} | BOX) == (
        "Not found or no asset.update access"
    )
    assert await refused("ann", "POST", "/faces", {"assetId": photo, "personId": sue} | BOX) == (
        "Not found or no person.read access"
    )
    assert await refused("sam", "PUT", f"/faces/{sue}", {"id": known}) == "Not found or no face.update access"
    assert await refused("sam", "DELETE", f"/faces/{known}", {}) == "Not found or no face.delete access"
    assert await refused("ann", "PUT", f"/faces/{sue}", {"id": known}) == "Not found or no person.reassign access"
    outside = {"assetId": photo, "personId": bob} | BOX | {"x": 500}
    assert await refused("ann", "POST", "/faces", outside) == "lies outside of the picture"
    assert (await gallery.ask("ann", "GET", "/faces"))[0] == 400


async def test_another_photo_shows_somebody(gallery: Gallery) -> None:
    first, second, other = await gallery.photos("ann", 3)
    bob = await person(gallery, "Bob")
    await mark(gallery, bob, first, second)
    wanted = await face(gallery, second)

    await gallery.done("ann", "PUT", f"/people/{bob}", {"featureFaceAssetId": second})
    assert await gallery.rows("SELECT face_id FROM person") == [{"face_id": wanted}]
    await gallery.refused("ann", "PUT", f"/people/{bob}", {"featureFaceAssetId": other})
    # When that photo goes for good, another face stands for him.
    async with gallery.db.write() as tx:
        await gallery.faces.leaving(tx, [second])
    assert await gallery.rows("SELECT face_id FROM person") == [{"face_id": await face(gallery, first)}]


async def test_merged_people_are_one(gallery: Gallery) -> None:
    photos = await gallery.photos("ann", 2)
    stays, amy, theirs = await person(gallery), await person(gallery, "Amy"), await person(gallery, "S", "sam")
    await mark(gallery, stays, photos[0])
    await mark(gallery, amy, photos[1])

    assert await gallery.done("ann", "POST", f"/people/{stays}/merge", {"ids": [amy, theirs, NOBODY]}) == [
        {"id": amy, "success": True},
        {"id": theirs, "success": False, "error": "no_permission"},
        {"id": NOBODY, "success": False, "error": "not_found"},
    ]
    assert (await gallery.get("ann", f"/people/{stays}"))["name"] == "Amy"
    assert await gallery.get("ann", f"/people/{stays}/statistics") == {"assets": 2}
    words = "Cannot merge a person into themselves"
    assert await gallery.refused("ann", "POST", f"/people/{stays}/merge", {"ids": [stays]}) == words
    assert await gallery.refused("ann", "POST", "/people/merge", {"ids": [stays, stays]}) == words
    assert (await gallery.ask("ann", "POST", "/people/merge", {"ids": []}))[0] == 400
    bob = await person(gallery, "Bob")
    assert await gallery.done("ann", "POST", "/people/merge", {"ids": [bob, stays]}) == [{"id": stays, "success": True}]
    assert [one["name"] for one in (await gallery.get("ann", "/people"))["people"]] == ["Bob"]
    words = await gallery.refused("sam", "POST", f"/people/{bob}/merge", {"ids": [theirs]})
    assert words == "Not found or no person.merge access"


async def test_faces_taken_for_somebody_are_given_to_another(gallery: Gallery) -> None:
    photos = await gallery.photos("ann", 2)
    bob, amy = await person(gallery, "Bob"), await person(gallery, "Amy")
    await mark(gallery, bob, *photos)
    data = {"data": [{"assetId": photos[0], "personId": bob}]}

    (given,) = await gallery.done("ann", "PUT", f"/people/{amy}/reassign", data)

    assert given["name"] == "Amy"
    assert await gallery.get("ann", f"/people/{amy}/statistics") == {"assets": 1}
    assert await gallery.get("ann", f"/people/{bob}/statistics") == {"assets": 1}
    theirs = await person(gallery, "S", "sam")
    body = {"data": [{"assetId": photos[1], "personId": theirs}]}
    words = await gallery.refused("ann", "PUT", f"/people/{amy}/reassign", body)
    assert words == "Not found or no person.reassign access"


async def test_faces_named_in_a_file_are_people(gallery: Gallery) -> None:
    photo = await gallery.photo("ann", width=1000, height=500)
    await person(gallery, "ädA Lovelace")
    regions = (
        FileFace(name="Ada Lovelace", x=0.5, y=0.5, width=0.1, height=0.2),
        FileFace(name="Bob", x=0.02, y=0.5, width=0.1, height=0.2),
        FileFace(name=" ", x=0.5, y=0.5, width=0.1, height=0.2),
        FileFace(name="Far out", x=3, y=3, width=0.1, height=0.2),
    )
    for _ in range(2):  # read again, it says the same
        async with gallery.db.write() as tx:
            await gallery.faces.take_faces(tx, owed(gallery, "ann", photo), PhotoFacts(faces=regions))

    found = await gallery.get("ann", f"/faces?id={photo}")
    assert [(one["person"]["name"], one["sourceType"]) for one in found] == [("Bob", "exif"), ("ädA Lovelace", "exif")]
    assert [found[1][f"boundingBox{edge}"] for edge in ("X1", "Y1", "X2", "Y2")] == [450, 200, 550, 300]
    assert (found[0]["boundingBoxX1"], found[0]["imageWidth"]) == (0, 1000)


def test_box_never_leaves_the_picture() -> None:
    box = box_of(0.0, 1.0, 0.5, 0.5, (100, 200))

    assert (box.x, box.y, box.width, box.height) == (0, 150, 25, 50)


@pytest.mark.parametrize(
    ("box", "size", "expected"),
    [
        ((0.4, 0.4, 0.6, 0.6), (100, 100), (0.34, 0.34, 0.66, 0.66)),
        ((0.0, 0.0, 0.2, 0.2), (100, 100), (0.0, 0.0, 0.32, 0.32)),
        ((0.0, 0.0, 1.0, 1.0), (200, 100), (0.25, 0.0, 0.75, 1.0)),
    ],
)
def test_portrait_is_a_square_within_the_picture(
    box: tuple[float, float, float, float], size: tuple[int, int], expected: tuple[float, float, float, float]
) -> None:
    assert squared(box, size) == pytest.approx(expected)


async def test_portrait_shows_the_face_alone(gallery: Gallery, tmp_path: Path) -> None:
    photo = await gallery.photo("ann", width=400, height=300)
    bob = await person(gallery, "Bob")
    words = await gallery.refused("ann", "GET", f"/people/{bob}/thumbnail", status=404)
    assert words == "Person thumbnail not found"
    await mark(gallery, bob, photo)
    assert (await gallery.ask("ann", "GET", f"/people/{bob}/thumbnail"))[0] == 404
    preview = Image.new("RGB", (400, 300), "green")
    preview.paste("red", (60, 20, 180, 140))
    (gallery.kept.folder / "aa").mkdir(parents=True)
    preview.save(gallery.kept.folder / "aa/preview.jpg")
    (row,) = await gallery.rows("SELECT file_id FROM photo WHERE photo_id = :photo", photo=photo)
    rendition = Rendition(
        file_id=row["file_id"],
        variant="preview",
        pipeline=1,
        path="aa/preview.jpg",
        mime="image/jpeg",
        width=400,
        height=300,
        size_bytes=1,
        made_at=1,
    )
    async with gallery.db.write() as tx:
        await gallery.kept.enter(tx, rendition)

    async with gallery.raw("ann", f"/people/{bob}/thumbnail") as answer:
        assert (answer.status, answer.content_type) == (200, "image/jpeg")
        etag = answer.headers["ETag"]
        (tmp_path / "face.jpg").write_bytes(await answer.read())
    async with gallery.raw("ann", f"/people/{bob}/thumbnail", **{"If-None-Match": etag}) as answer:
        assert answer.status == 304
    with Image.open(tmp_path / "face.jpg") as shown:
        assert shown.width == shown.height <= 250
        pixels = [shown.getpixel((x, y)) for x in (2, shown.width - 3) for y in (2, shown.height - 3)]
    assert all(isinstance(one, tuple) and one[0] > 200 and one[1] < 60 for one in pixels), pixels
    assert (await gallery.ask("sam", "GET", f"/people/{bob}/thumbnail"))[0] == 400
