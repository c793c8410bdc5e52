"""Tags, people, comments, partners, the locked folder and details of photos in the client, before a stand-in."""

import asyncio
from collections.abc import Callable
from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import LINA, FakeHouse, Opener, on_shared_loop
from tests.support.photo_people_stand import MARA, PeopleStand

Shelf = Callable[[int], PeopleStand]


@on_shared_loop
async def shelf(house_of_cards: FakeHouse) -> Shelf:
    """Puts a made-up timeline behind the stand-in."""

    def make(count: int) -> PeopleStand:
        stand = PeopleStand(str(LINA["id"]), count)
        house_of_cards.further = stand.answer
        return stand

    return make


async def soon(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not is_so():
            await asyncio.sleep(0.02)


def toast(page: Page, text: str) -> Locator:
    return page.locator("hm-toasts .toast").filter(has_text=text)


async def undo(page: Page, text: str) -> None:
    await toast(page, text).get_by_role("button", name="Undo").click()


async def choose(page: Page, *numbers: int) -> None:
    """Chooses photos of a page by their place, and opens what lies behind the dots of the bar."""
    await page.get_by_role("button", name="More", exact=True).first.click()
    await page.get_by_role("menuitem", name="Choose photos").click()
    for number in numbers:
        await page.locator("photo-tile").nth(number).click()
    await page.locator("hm-action-bar").get_by_role("button", name="More").last.click()


def ids(stand: PeopleStand, *numbers: int) -> set[str]:
    return {stand.assets[number]["id"] for number in numbers}


# Tags


async def test_chosen_photos_get_a_tag_that_is_taken_back_by_undo(
    house_of_cards: FakeHouse, opened: Opener, shelf: Shelf
) -> None:
    stand = shelf(12)
    page = await opened(house_of_cards.url("/photos"))
    await choose(page, 0, 1)
    await page.get_by_role("menuitem", name="Add tag").click()
    await page.get_by_role("textbox", name="Tag").fill("Places/Arezzo")
    await page.keyboard.press("Enter")
    await expect(toast(page, "2 photos tagged Arezzo")).to_be_visible()
    tag_id = next(one["id"] for one in stand.tags.values() if one["name"] == "Arezzo")
    assert set(stand.bearing[tag_id]) == ids(stand, 0, 1)
    await undo(page, "2 photos tagged Arezzo")
    await soon(lambda: not stand.bearing[tag_id])


async def test_tags_are_given_and_taken_in_the_details_and_with_a_key(
    house_of_cards: FakeHouse, opened: Opener, shelf: Shelf
) -> None:
    stand = shelf(3)
    photo_id = stand.assets[0]["id"]
    garden, old = stand.tag("Garden"), stand.tag("Old", [photo_id])
    page = await opened(house_of_cards.url(f"/photos?photo={photo_id}"))
    await expect(page.locator("photo-viewer .pswp__img").first).to_be_visible()
    await page.keyboard.press("t")
    await page.get_by_role("button", name="Garden").click()
    await expect(toast(page, "Tagged Garden")).to_be_visible()
    await page.get_by_role("button", name="Details", exact=True).click()
    field = page.locator("photo-info hm-chips-field")
    await expect(field.get_by_text("Garden")).to_be_visible()
    await field.locator("input").press("Backspace")
    await expect(toast(page, "No longer tagged Old")).to_be_visible()
    assert (stand.bearing[garden["id"]], stand.bearing[old["id"]]) == ([photo_id], [])
    await field.locator("input").fill("Places/Rome")
    await page.keyboard.press("Enter")
    await expect(toast(page, "Tagged Rome")).to_be_visible()
    assert {one["value"] for one in stand.tags.values()} == {"Garden", "Old", "Places", "Places/Rome"}


async def test_tags_are_renamed_painted_and_lead_to_their_photos(
    house_of_cards: FakeHouse, opened: Opener, shelf: Shelf
) -> None:
    stand = shelf(12)
    stand.tag("Places/Rome", [stand.assets[2]["id"]])
    page = await opened(house_of_cards.url("/photos/tags"))
    await expect(page.get_by_role("link", name="Rome")).to_be_visible()
    await page.get_by_role("button", name="Tags below Places").click()
    await expect(page.get_by_role("link", name="Rome")).to_have_count(0)
    await page.get_by_role("button", name="More about Places").click()
    await page.get_by_role("menuitem", name="Rename").click()
    await page.get_by_role("textbox", name="Name of the tag").fill("Towns")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("link", name="Towns")).to_be_visible()
    assert {one["value"] for one in stand.tags.values()} == {"Towns", "Towns/Rome"}
    await page.get_by_role("button", name="More about Towns").click()
    await page.get_by_role("menuitemradio", name="Green").click()
    await expect(toast(page, "It has another colour now")).to_be_visible()
    await page.get_by_role("link", name="Towns").click()
    await expect(page.locator("photo-tile")).to_have_count(1)
    await page.get_by_text("Rome").click()
    await expect(page.get_by_role("heading", name="Rome")).to_be_visible()


# People


async def test_box_is_drawn_around_a_face_and_named(house_of_cards: FakeHouse, opened: Opener, shelf: Shelf) -> None:
    stand = shelf(6)
    page = await opened(house_of_cards.url(f"/photos?photo={stand.assets[0]['id']}"))
    await expect(page.locator("photo-viewer .pswp__img").first).to_be_visible()
    await page.locator("photo-viewer").get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name="Mark faces").click()
    box = await page.locator("photo-faces .field").bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.25)
    await page.mouse.down()
    await page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.75, steps=4)
    await page.mouse.up()
    await page.get_by_role("textbox", name="Name").fill("Opa Karl")
    await page.keyboard.press("Enter")
    await expect(page.locator("photo-faces").get_by_role("button", name="Opa Karl")).to_be_visible()
    face = stand.faces[0]
    width, height = stand.assets[0]["width"], stand.assets[0]["height"]
    assert (face["imageWidth"], face["imageHeight"]) == (width, height)
    assert abs(face["boundingBoxX1"] - width * 0.25) < width * 0.01
    assert abs(face["boundingBoxY2"] - height * 0.75) < height * 0.01
    await undo(page, "Opa Karl is on this photo")
    await soon(lambda: not stand.faces)
    await page.keyboard.press("Escape")
    await expect(page.locator("photo-faces")).to_have_count(0)
    await expect(page.locator("photo-viewer .pswp__img").first).to_be_visible()


async def test_face_is_marked_with_the_keyboard_alone(house_of_cards: FakeHouse, opened: Opener, shelf: Shelf) -> None:
    stand = shelf(3)
    stand.person("Mara")
    page = await opened(house_of_cards.url(f"/photos?photo={stand.assets[0]['id']}"))
    await expect(page.locator("photo-viewer .pswp__img").first).to_be_visible()
    await page.locator("photo-viewer").get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name="Mark faces").click()
    await page.get_by_role("button", name="Box in the middle").press("Enter")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Shift+ArrowDown")
    await page.keyboard.press("Enter")
    await page.get_by_role("textbox", name="Name").fill("mara")
    await page.keyboard.press("Enter")
    await soon(lambda: [one["person"]["name"] for one in stand.faces] == ["Mara"])
    assert len(stand.people) == 1


async def test_person_is_named_born_and_the_same_as_another(
    house_of_cards: FakeHouse, opened: Opener, shelf: Shelf
) -> None:
    stand = shelf(6)
    unknown, karl = stand.person(""), stand.person("Karl")
    stand.faces.append({"id": stand.new_id(), "assetId": stand.assets[0]["id"], "person": unknown})
    page = await opened(house_of_cards.url(f"/photos/people/{unknown['id']}"))
    await expect(page.locator("photo-tile")).to_have_count(1)
    field = page.get_by_role("textbox", name="Name")
    await field.fill("Opa")
    await field.press("Enter")
    await undo(page, "Called Opa now")
    await soon(lambda: not unknown["name"])
    await page.get_by_role("button", name="More", exact=True).first.click()
    await page.get_by_role("menuitem", name="Set the birthday").click()
    await page.get_by_label("Birthday").fill("1940-05-06")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("photo · born 6 May 1940")).to_be_visible()
    await page.get_by_role("button", name="More", exact=True).first.click()
    await page.get_by_role("menuitem", name="Same person as").click()
    await page.get_by_role("button", name="Karl").click()
    await page.locator("hm-confirm").get_by_role("button", name="Same person").click()
    await expect(page).to_have_url(house_of_cards.url(f"/photos/people/{karl['id']}"))
    assert list(stand.people) == [karl["id"]]


async def test_people_are_hidden_together_and_shown_again(
    house_of_cards: FakeHouse, opened: Opener, shelf: Shelf
) -> None:
    stand = shelf(1)
    for name in ("Anna", "Bo", "Carl"):
        stand.person(name)
    page = await opened(house_of_cards.url("/photos/people"))
    await page.get_by_role("button", name="More", exact=True).first.click()
    await page.get_by_role("menuitem", name="Choose people").click()
    await page.get_by_role("checkbox", name="Anna").click()
    await page.get_by_role("checkbox", name="Bo").click()
    await page.get_by_role("button", name="Hide", exact=True).click()
    await expect(page.locator("photo-card")).to_have_count(1)
    await undo(page, "2 people are hidden")
    await soon(lambda: not any(one["isHidden"] for one in stand.people.values()))


# Comments and likes


def shared_album(stand: PeopleStand) -> dict[str, Any]:
    album = stand.add_album("Summer", [one["id"] for one in stand.assets])
    members = [{"user": stand.me, "role": "owner"}, {"user": MARA, "role": "viewer"}]
    album.update(shared=True, albumUsers=members)
    return album


async def test_albums_are_talked_about_live(house_of_cards: FakeHouse, opened: Opener, shelf: Shelf) -> None:
    stand = shelf(6)
    album = shared_album(stand)
    page = await opened(house_of_cards.url(f"/photos/albums/{album['id']}"))
    await page.get_by_role("button", name="Comments and likes").click()
    await page.get_by_role("textbox", name="Say something").fill("What a light")
    await page.keyboard.press("Enter")
    await expect(page.locator("photo-talk").get_by_text("What a light")).to_be_visible()
    stand.said(MARA, comment="More of these", assetId=stand.assets[1]["id"])
    await house_of_cards.tell({"event": "album.talk", "album_id": album["id"]})
    await expect(page.locator("photo-talk").get_by_text("More of these")).to_be_visible()
    await page.get_by_role("button", name="Like", exact=True).click()
    await soon(lambda: stand.activities[-1]["type"] == "like")
    await page.get_by_role("button", name="Delete the comment").first.click()
    await undo(page, "The comment is gone")
    await soon(lambda: sum(one["comment"] == "What a light" for one in stand.activities) == 1)
    await page.get_by_role("button", name="Open the photo").click()
    await expect(page.locator("photo-viewer .pswp__img").first).to_be_visible()
    await page.locator("photo-viewer").get_by_role("button", name="Comments and likes").click()
    await expect(page.locator("photo-viewer photo-talk").get_by_text("More of these")).to_be_visible()


async def test_album_is_made_silent_and_gets_another_cover(
    house_of_cards: FakeHouse, opened: Opener, shelf: Shelf
) -> None:
    stand = shelf(6)
    album = shared_album(stand)
    page = await opened(house_of_cards.url(f"/photos/albums/{album['id']}"))
    await page.get_by_role("button", name="More", exact=True).first.click()
    await page.get_by_role("menuitem", name="Album options").click()
    await page.get_by_role("switch", name="Comments and likes").click()
    await page.get_by_role("button", name="Photo 3").click()
    await soon(lambda: stand.albums[album["id"]].get("albumThumbnailAssetId") == stand.assets[2]["id"])
    assert stand.albums[album["id"]]["isActivityEnabled"] is False


# Partners


async def test_partners_are_given_stopped_and_put_into_the_timeline(
    house_of_cards: FakeHouse, opened: Opener, shelf: Shelf
) -> None:
    stand = shelf(2)
    stand.got.append(MARA | {"inTimeline": False})
    page = await opened(house_of_cards.url("/settings/partners"))
    await page.get_by_role("button", name="Show all my photos to").click()
    await page.get_by_role("menuitem", name="Mara").click()
    await expect(toast(page, "Mara sees all your photos now")).to_be_visible()
    await page.get_by_role("button", name="Stop", exact=True).click()
    await soon(lambda: not stand.given)
    await page.get_by_role("switch", name="Photos of Mara in my timeline").click()
    await soon(lambda: stand.got[0]["inTimeline"])
    await page.get_by_role("link", name="Photos of Mara").click()
    await expect(page.get_by_role("heading", name="Photos of Mara")).to_be_visible()


# The locked folder


async def test_photos_go_behind_a_pin_and_come_back(house_of_cards: FakeHouse, opened: Opener, shelf: Shelf) -> None:
    stand = shelf(4)
    page = await opened(house_of_cards.url("/photos"))
    await choose(page, 0)
    await page.get_by_role("menuitem", name="Move to the locked folder").click()
    await page.get_by_role("textbox", name="New PIN", exact=True).fill("123456")
    await page.get_by_role("textbox", name="New PIN once more").fill("123456")
    await page.keyboard.press("Enter")
    await expect(toast(page, "In the locked folder now")).to_be_visible()
    await expect(page.locator("photo-tile")).to_have_count(3)
    stand.is_open = False
    await page.goto(house_of_cards.url("/photos/locked"))
    await page.get_by_role("button", name="Enter the PIN").click()
    field = page.get_by_role("textbox", name="PIN", exact=True)
    await field.fill("000000")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("This is not the PIN.")).to_be_visible()
    await field.fill("123456")
    await page.keyboard.press("Enter")
    await expect(page.locator("photo-tile")).to_have_count(1)
    await page.locator("photo-tile").hover()
    await page.get_by_role("checkbox", name="Choose").click()
    await page.get_by_role("button", name="Back to the timeline").click()
    await expect(page.get_by_text("Nothing in the locked folder")).to_be_visible()
    await page.get_by_role("button", name="Lock now").click()
    await expect(page.get_by_text("The folder is locked")).to_be_visible()


# Details


async def test_details_of_one_photo_are_changed_and_given_back(
    house_of_cards: FakeHouse, opened: Opener, shelf: Shelf
) -> None:
    stand = shelf(6)
    exif = stand.assets[0]["exifInfo"]
    exif["rating"] = None
    page = await opened(house_of_cards.url(f"/photos?photo={stand.assets[0]['id']}"))
    await page.get_by_role("button", name="Details", exact=True).click()
    await page.get_by_role("button", name="4 stars").click()
    await undo(page, "4 stars")
    await soon(lambda: exif["rating"] is None)
    await page.get_by_role("button", name="Change the place").click()
    await page.get_by_role("searchbox", name="Town or position").fill("44.5, 11.3")
    await page.keyboard.press("Enter")
    await undo(page, "The place is changed")
    await soon(lambda: exif["latitude"] == 43.46)
    await page.get_by_role("button", name="Change the date").click()
    await page.get_by_label("Day", exact=True).fill("2024-07-01")
    await page.get_by_label("Time", exact=True).fill("18:30:00")
    await page.get_by_role("button", name="Save").click()
    await expect(toast(page, "The date is changed")).to_be_visible()
    dated = [body for method, path, body in stand.asked if (method, path) == ("PUT", "assets")][-1]
    assert dated["dateTimeOriginal"] == "2024-07-01T18:30:00+02:00"
    assert dated["timeZone"] == "Europe/Rome"


async def test_dates_of_chosen_photos_are_moved_and_moved_back(
    house_of_cards: FakeHouse, opened: Opener, shelf: Shelf
) -> None:
    stand = shelf(6)
    page = await opened(house_of_cards.url("/photos"))
    await choose(page, 0, 1)
    await page.get_by_role("menuitem", name="Change the date").click()
    await page.get_by_label("Hours").fill("2")
    await page.get_by_role("combobox", name="Later or earlier").select_option("earlier")
    await page.get_by_role("button", name="Save").click()
    await undo(page, "2 photos have another date now")
    await soon(lambda: len([one for one in stand.asked if one[0] == "PUT"]) == 2)
    moved = [body for method, path, body in stand.asked if (method, path) == ("PUT", "assets")]
    assert [one["dateTimeRelative"] for one in moved] == [-120, 120]
