from typing import Any

import pytest

from homemedia.notifications.digest import letter
from homemedia.notifications.kinds import KIND_OF
from homemedia.notifications.models import Kept
from homemedia.notifications.words import message, path, pushed, tag

TITLED = {"target_title": "Summer", "target_type": "collection", "target_id": "a1", "actor_name": "Ana"}

PHOTO = "0c3f1a52-9d3b-4b53-8f0e-6d8f1b2a9e77"


def a_notice(type_: str, *, family: str = "share", **more: Any) -> Kept:
    facts: dict[str, Any] = {
        "notification_id": "n1",
        "user_id": "me",
        "share_id": None,
        "subject_id": "c1",
        "actor_id": "u1",
        "details": TITLED,
        "fold_key": None,
        "told_by": "job",
        "created_at": 0,
        "updated_at": 0,
        "read_at": None,
    }
    return Kept(family=family, type=type_, **(facts | more))


@pytest.mark.parametrize(
    ("type_", "details", "sentence"),
    [
        ("share_created", {}, 'Ana shared "Summer" with you'),
        ("share_created", {"reshare": True}, 'Ana shared your "Summer" with others'),
        ("share_created", {"target_type": "user_library"}, "Ana shows you all their photos"),
        ("share_accessed", {"actor_name": None}, 'A visitor opened "Summer", which you shared'),
        ("share_accessed", {"actor_name": "visitor"}, 'A visitor opened "Summer", which you shared'),
        ("share_accessed", {"count": 4}, '"Summer", which you shared, was opened 4 times'),
        ("share_revoked", {"target_title": None}, "something is no longer shared with you"),
        ("album_photos", {"count": 1}, 'Ana added 1 photo to "Summer"'),
        ("album_photos", {"count": 12}, 'Ana added 12 photos to "Summer"'),
        ("album_like", {"count": 2}, 'Ana likes 2 things in "Summer"'),
        ("album_comment", {"commentPreview": "x" * 200}, f'Ana wrote in "Summer": {"x" * 80}'),
        ("signed_in", {"device": ""}, "Somebody signed in to your account with a new device"),
        ("scan_problems", {"count": "many"}, '1 file in "Summer" could not be read'),
        ("something_new", {}, 'Ana: "Summer"'),
    ],
)
def test_notice_is_a_sentence(type_: str, details: dict[str, Any], sentence: str) -> None:
    assert message(type_, TITLED | details) == sentence


@pytest.mark.parametrize(("family", "type_"), sorted(KIND_OF))
def test_every_type_has_a_sentence_also_without_any_detail(family: str, type_: str) -> None:
    sentence = message(type_, {})

    assert sentence
    assert "None" not in sentence
    assert not message(type_, TITLED).startswith("Ana: ")


@pytest.mark.parametrize(
    ("notice", "page"),
    [
        (a_notice("share_created"), "/photos/albums/a1"),
        (a_notice("share_created", details=TITLED | {"target_type": "user_library"}), "/photos/partners/a1"),
        (a_notice("share_created", details=TITLED | {"target_type": "library"}), "/shared"),
        (a_notice("share_created", details=TITLED | {"target_type": "media", "target_kind": "film"}), "/films/a1"),
        (
            a_notice("share_updated", details=TITLED | {"target_type": "media", "target_kind": "album"}),
            "/music/album/a1",
        ),
        (a_notice("share_created", details=TITLED | {"target_type": "media", "target_kind": "track"}), "/shared"),
        (
            a_notice(
                "share_created", details=TITLED | {"target_type": "media", "target_id": PHOTO, "target_kind": "video"}
            ),
            f"/photos?photo={PHOTO}",
        ),
        (a_notice("share_created", details=TITLED | {"reshare": True}), "/shared/by-me"),
        (a_notice("share_revoked"), "/shared"),
        (a_notice("share_accessed"), "/shared/by-me"),
        (a_notice("album_comment", family="photo"), "/photos/albums/a1"),
        (a_notice("signed_in", family="member", details={"path": "/settings/devices"}), "/settings/devices"),
        (a_notice("signed_in", family="member", details={"path": "//evil.example"}), "/inbox"),
        (a_notice("signed_in", family="member", details={"path": "https://evil.example"}), "/inbox"),
        (a_notice("comment", family="clip"), "/feed?clip=c1&comments=true"),
        (a_notice("reaction", family="clip", subject_id="../x"), "/feed?clip=..%2Fx"),
        (a_notice("daily_reminder", family="clip"), "/feed"),
    ],
)
def test_notice_leads_to_a_page_of_this_house(notice: Kept, page: str) -> None:
    assert path(notice) == page


@pytest.mark.parametrize(
    ("notice", "name"),
    [
        (a_notice("reaction", family="clip"), "reaction-c1-u1"),
        (a_notice("new_clip", family="clip"), "new-clip-c1"),
        (a_notice("daily_reminder", family="clip"), "daily-reminder"),
        (a_notice("share_accessed", fold_key="s1"), "share_accessed-s1"),
        (a_notice("share_created"), "share_created-n1"),
    ],
)
def test_push_takes_the_place_of_what_it_repeats(notice: Kept, name: str) -> None:
    assert tag(notice) == name


def test_pictures_are_named_only_where_the_house_has_a_public_address() -> None:
    notice = a_notice("comment", family="clip", details={"clipThumbnail": "c1.jpg"})

    near = pushed(notice, "Attic", None, 1)
    far = pushed(notice, "Attic", "https://attic.example", 1)

    assert (near.icon, near.image) == (None, None)
    assert far.icon == "https://attic.example/api/users/u1/profile-image"
    assert far.image == "https://attic.example/api/thumbnails/c1.jpg"


@pytest.mark.parametrize(
    ("details", "icon"),
    [
        ({}, "/api/users/u1/profile-image"),
        ({"actorUsername": "ann", "actorAvatar": "u1.jpg"}, "/api/users/u1/profile-image"),
        ({"actorUsername": "ann b/c", "actorAvatar": None}, "/api/profile/avatar/initials/ann%20b%2Fc"),
    ],
)
def test_who_has_no_picture_is_a_letter(details: dict[str, Any], icon: str) -> None:
    shown = pushed(a_notice("comment", family="clip", details=details), "Attic", "https://attic.example", 1)

    assert shown.icon == f"https://attic.example{icon}"
    assert pushed(a_notice("comment", actor_id=None), "Attic", "https://attic.example", 1).icon is None


def test_letter_names_thirty_and_counts_the_rest() -> None:
    subject, text = letter([a_notice("share_created")] * 40, "Me", "Attic", "https://attic.example")

    assert subject == "40 notices for you in Attic"
    assert text.count('Ana shared "Summer" with you') == 30
    assert "and 10 more" in text
    assert "https://attic.example/inbox" in text
