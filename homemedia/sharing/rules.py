"""What may be granted, as pure decisions: kinds and their other names, rights that mean something, ends, words."""

import re
from typing import Final

from homemedia.core.problems import BadRequest
from homemedia.settings import SharingSettings
from homemedia.sharing.models import LINK
from homemedia.sharing.rights import USUAL, Right

HOUR_MS: Final = 3_600_000
DAY_MS: Final = 24 * HOUR_MS
MAX_ITEMS: Final = 500
MAX_HOURS: Final = 87_600
MAX_ACCESSES: Final = 1_000_000
MAX_PASSWORD: Final = 256
MAX_NOTE: Final = 2000
MAX_LABEL: Final = 100
MAX_TARGET_ID: Final = 128

SET: Final = "media_set"
USER_LIBRARY: Final = "user_library"
TARGET_TYPES: Final = {
    "media": "media",
    "item": "media",
    "asset": "media",
    "media_set": "media_set",
    "individual": "media_set",
    "collection": "collection",
    "album": "collection",
    "playlist": "collection",
    "folder": "folder",
    "library": "library",
    "tag": "tag",
    "saved_search": "saved_search",
    "clip": "clip",
    "heap": "heap",
    "workspace": "heap",
    "block": "block",
    "user_library": "user_library",
    "partner": "user_library",
}
RECIPIENT_TYPES: Final = frozenset({"user", "group", LINK})
# The word for the household beside its id.
EVERYONE: Final = "everyone"
NOT_LINKABLE: Final = frozenset({"library", "heap", USER_LIBRARY})
# Which nobody but who it belongs to may share at all.
OWNERS_ONLY: Final = frozenset({SET, "library", USER_LIBRARY, "tag", "saved_search"})

RIGHT_NAMES: Final = {
    "can_view": Right.VIEW,
    "can_download": Right.DOWNLOAD,
    "can_add": Right.ADD,
    "can_edit": Right.EDIT,
    "can_remove": Right.REMOVE,
    "can_comment": Right.COMMENT,
    "can_reshare": Right.RESHARE,
    "can_see_metadata": Right.SEE_METADATA,
}
_ALL = Right(255)
_BUT_CHANGES = _ALL & ~(Right.ADD | Right.EDIT | Right.REMOVE)
MEANINGFUL: Final = {
    "media": _ALL & ~(Right.ADD | Right.REMOVE),
    "block": _ALL & ~(Right.ADD | Right.REMOVE),
    "clip": _ALL & ~(Right.ADD | Right.REMOVE),
    "media_set": _BUT_CHANGES,
    "tag": _BUT_CHANGES,
    "saved_search": _BUT_CHANGES,
    "folder": _ALL & ~Right.REMOVE,
    "library": _ALL & ~Right.REMOVE,
    "collection": _ALL,
    "heap": _ALL,
    "user_library": _BUT_CHANGES,
}
OF_LINKS: Final = Right.VIEW | Right.DOWNLOAD | Right.SEE_METADATA
USUAL_OF_LINKS: Final = Right.VIEW | Right.DOWNLOAD

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{5,39}")


def meaningful(target_type: str, recipient_type: str, *, is_strict: bool = True) -> Right:
    """The rights that a grant of this kind can give.

    Links of the photo API, which are not `is_strict`, take uploads into single photos too: its clients ask for that
    unless they are told otherwise.
    """
    if recipient_type != LINK:
        return MEANINGFUL[target_type]
    takes = {"collection"} if is_strict else {"collection", SET}
    return MEANINGFUL[target_type] & OF_LINKS | (Right.ADD if target_type in takes else Right(0))


def usual(target_type: str, recipient_type: str) -> Right:
    """What a grant gives unless it says otherwise."""
    return (USUAL_OF_LINKS if recipient_type == LINK else USUAL) & meaningful(target_type, recipient_type)


def names_of(rights: Right) -> list[str]:
    return [name for name, right in RIGHT_NAMES.items() if rights & right]


def check_rights(rights: Right, target_type: str, recipient_type: str, *, is_strict: bool = True) -> None:
    """Let rights pass that all mean something.

    Raises:
        BadRequest: `permission_not_allowed`, one entry for each that does not.
    """
    wrong = names_of(rights & ~meaningful(target_type, recipient_type, is_strict=is_strict))
    reason = "means nothing here"
    if not rights & Right.VIEW:
        wrong, reason = ["can_view"], "goes with every share"
    if wrong:
        raise BadRequest(
            f"This cannot be granted here: {', '.join(wrong)}.",
            code="permission_not_allowed",
            details=[{"field": f"permissions.{name}", "reason": reason} for name in wrong],
        )


def check_end(expires_at: int | None, now: int, *, is_link: bool, rules: SharingSettings) -> None:
    """Let an end pass that lies ahead, and not farther than the house allows.

    Raises:
        BadRequest: `expiry_in_past`, `expiry_exceeds_limit`.
    """
    if expires_at is not None and expires_at <= now:
        raise BadRequest("This end has passed already.", code="expiry_in_past", field="expires_at", reason="is past")
    if not is_link or not rules.link_max_days:
        return
    if expires_at is None or expires_at > now + rules.link_max_days * DAY_MS:
        raise BadRequest(
            f"A link may live {rules.link_max_days} days at most.", code="expiry_exceeds_limit", field="expires_at"
        )


def first_end(expires_at: int | None, now: int, *, is_link: bool, rules: SharingSettings) -> int | None:
    """When a new grant ends: a link as the house says, where its maker says nothing."""
    if expires_at is None and is_link and (days := rules.link_default_days or rules.link_max_days):
        return now + days * DAY_MS
    return expires_at


def check_slug(slug: str) -> str:
    """A slug as it is kept.

    Raises:
        BadRequest: it has other letters, or too few or many.
    """
    slug = slug.lower()
    if not _SLUG.fullmatch(slug):
        raise BadRequest(
            "A link's own name has 6 to 40 letters a-z, digits and hyphens, and begins with a letter or digit.",
            field="slug",
        )
    return slug


def check_password(password: str | None, rules: SharingSettings) -> None:
    """Let a link's password pass, or that it has none.

    Raises:
        BadRequest: `password_policy`.
    """
    if password is None:
        if rules.link_password_required:
            raise BadRequest("Links need a password here.", code="password_policy", field="password")
        return
    if not rules.password_min_length <= len(password) <= MAX_PASSWORD:
        raise BadRequest(
            f"A link's password has {rules.password_min_length} to {MAX_PASSWORD} characters.",
            code="password_policy",
            field="password",
        )


def check_text(text: str | None, field: str, most: int) -> None:
    """Let a note or label pass.

    Raises:
        BadRequest: it is too long.
    """
    if text is not None and len(text) > most:
        raise BadRequest(f"{field} may have {most} characters.", field=field, reason=f"is longer than {most}")


def check_accesses(most: int | None) -> None:
    """Let a counter pass.

    Raises:
        BadRequest: it is no number of openings.
    """
    if most is not None and not 1 <= most <= MAX_ACCESSES:
        raise BadRequest(f"max_accesses is 1 to {MAX_ACCESSES}.", field="max_accesses", reason="is out of range")
