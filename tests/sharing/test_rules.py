"""What may be granted, decided without a database."""

import pytest

from homemedia.core.problems import BadRequest
from homemedia.settings import SharingSettings
from homemedia.sharing import rules
from homemedia.sharing.activity import network_of
from homemedia.sharing.rights import Right

ALL = set(rules.RIGHT_NAMES)
CHANGES = {"can_add", "can_edit", "can_remove"}
OF_LINKS = {"can_view", "can_download", "can_see_metadata"}
NOW = 1_000_000


@pytest.mark.parametrize(
    ("kind", "recipient", "names"),
    [
        ("media", "user", ALL - {"can_add", "can_remove"}),
        ("media_set", "group", ALL - CHANGES),
        ("folder", "user", ALL - {"can_remove"}),
        ("library", "user", ALL - {"can_remove"}),
        ("collection", "user", ALL),
        ("user_library", "user", ALL - CHANGES),
        ("media", "public_link", OF_LINKS),
        ("collection", "public_link", OF_LINKS | {"can_add"}),
    ],
)
def test_rights_mean_something_by_kind_and_recipient(kind: str, recipient: str, names: set[str]) -> None:
    assert set(rules.names_of(rules.meaningful(kind, recipient))) == names
    assert rules.usual(kind, recipient) & ~rules.meaningful(kind, recipient) == 0


def test_right_that_means_nothing_is_named() -> None:
    with pytest.raises(BadRequest) as caught:
        rules.check_rights(Right.VIEW | Right.ADD | Right.REMOVE, "media", "user")

    assert caught.value.code == "permission_not_allowed"
    assert [entry["field"] for entry in caught.value.details] == ["permissions.can_add", "permissions.can_remove"]


@pytest.mark.parametrize(
    ("end", "days", "is_link", "code"),
    [
        (NOW, 0, False, "expiry_in_past"),
        (NOW + 1, 0, False, None),
        (None, 0, True, None),
        (None, 2, True, "expiry_exceeds_limit"),
        (None, 2, False, None),
        (NOW + 2 * rules.DAY_MS, 2, True, None),
        (NOW + 2 * rules.DAY_MS + 1, 2, True, "expiry_exceeds_limit"),
    ],
)
def test_ends_lie_ahead_and_within_the_house_s_limit(
    end: int | None,
    days: int,
    is_link: bool,  # noqa: FBT001 - a column of the table
    code: str | None,
) -> None:
    settings = SharingSettings(link_max_days=days)
    found = None
    try:
        rules.check_end(end, NOW, is_link=is_link, rules=settings)
    except BadRequest as err:
        found = err.code

    assert found == code


@pytest.mark.parametrize("slug", ["short", "-begins-wrong", "ünïcode", "has space", "x" * 41, "a_b_c_d"])
def test_slug_of_another_form_is_refused(slug: str) -> None:
    with pytest.raises(BadRequest):
        rules.check_slug(slug)


def test_slug_is_kept_in_small_letters() -> None:
    assert rules.check_slug("Summer-2025") == "summer-2025"


@pytest.mark.parametrize(
    ("address", "network"),
    [("203.0.113.9", "203.0.113.0/24"), ("2001:db8:1:2::9", "2001:db8:1::/48"), ("unknown", "0.0.0.0/0")],
)
def test_old_address_is_cut_to_its_network(address: str, network: str) -> None:
    assert network_of(address) == network
