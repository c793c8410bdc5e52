"""Notices in words: the sentence a person reads, where it leads, and what a push is made of. Pure.

English, as every sentence of the server; the client words what it knows by type and details, in its own language.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import msgspec

from homemedia.notifications.models import Kept

Details = Mapping[str, Any]
SOMEBODY = "Somebody"
SOMETHING = "something"
# Who opens a link without an account, as the log of shares calls him.
VISITOR = "visitor"
# What is about something the reader himself shared, and what he has no page of any more.
ABOUT_OWN = {"share_accessed", "share_link_locked"}
OVER = {"share_revoked", "share_expired"}
PAGES = {"collection": "/photos/albums", "user_library": "/photos/partners"}
# Single things by their kind; a photo has an id of its own form.
PAGES_OF_KINDS = {
    "film": "/films",
    "show": "/shows",
    "season": "/seasons",
    "episode": "/episodes",
    "video": "/videos",
    "artist": "/music/artist",
    "album": "/music/album",
}
PHOTO = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MAX_QUOTED = 80
MAX_BODY = 300


class Pushed(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What is encrypted for a browser (clips §8.3)."""

    title: str
    body: str
    url: str
    tag: str
    icon: str | None = None
    image: str | None = None
    badge_count: int | None = None


def message(type_: str, details: Details) -> str:
    """A notice as one sentence, without a full stop."""
    worded = _SENTENCES.get(type_)
    if worded is None:
        return f"{_actor(details)}: {_title(details)}"
    return worded(details)


def path(notice: Kept) -> str:
    """The page of our client that a notice leads to."""
    details = notice.details
    if notice.family == "clip":
        return clip_path(notice.type, notice.subject_id)
    named = details.get("path")
    if isinstance(named, str) and named.startswith("/") and not named.startswith("//"):
        return named
    if notice.type in ABOUT_OWN or details.get("reshare"):
        return "/shared/by-me"
    kind, target = details.get("target_type"), details.get("target_id")
    page = None
    if isinstance(target, str) and notice.type not in OVER:
        page = page_of(str(kind), target, str(details.get("target_kind")))
    return page or ("/shared" if notice.family == "share" else "/inbox")


def page_of(target_type: str, target_id: str, kind: str) -> str | None:
    """The page of our client that shows a thing somebody was given; None where none shows it alone."""
    key = quote(target_id, safe="")
    if target_type == "media" and PHOTO.fullmatch(target_id):
        return f"/photos?photo={key}"
    page = PAGES_OF_KINDS.get(kind) if target_type == "media" else PAGES.get(target_type)
    return None if page is None else f"{page}/{key}"


def clip_path(type_: str, clip_id: str | None) -> str:
    """Where the feed opens a notice (clips §8.3)."""
    if type_ == "daily_reminder" or not clip_id:
        return "/feed"
    talk = "&comments=true" if type_ in {"comment", "reply", "mention"} else ""
    return f"/feed?clip={quote(clip_id, safe='')}{talk}"


def tag(notice: Kept) -> str:
    """Under which name a push stands on a device; a later one of the same name takes its place."""
    if notice.type == "daily_reminder":
        return "daily-reminder"
    if notice.type == "new_clip":
        return f"new-clip-{notice.subject_id}"
    if notice.family == "clip":
        return f"{notice.type}-{notice.subject_id}-{notice.actor_id}"
    return f"{notice.type}-{notice.fold_key or notice.notification_id}"


def pushed(notice: Kept, house: str, origin: str | None, badge_count: int | None) -> Pushed:
    """What a device shows of a notice.

    Args:
        notice: what is told.
        house: the household's name.
        origin: the public address, where there is one: pictures can be named then.
        badge_count: the number at the program's icon.
    """
    thumbnail = notice.details.get("clipThumbnail")
    return Pushed(
        title=house,
        body=message(notice.type, notice.details)[:MAX_BODY],
        url=path(notice),
        tag=tag(notice),
        icon=f"{origin}{icon}" if origin and (icon := _icon(notice)) else None,
        image=f"{origin}/api/thumbnails/{quote(str(thumbnail), safe='')}" if origin and thumbnail else None,
        badge_count=badge_count,
    )


def _icon(notice: Kept) -> str | None:
    """Where the picture of who did something lies: his own, else the letter he begins with, where it is known."""
    picture, username = notice.details.get("actorAvatar"), notice.details.get("actorUsername")
    if notice.actor_id is None:
        return None
    if picture is None and username:
        return f"/api/profile/avatar/initials/{quote(str(username), safe='')}"
    return f"/api/users/{quote(notice.actor_id, safe='')}/profile-image"


def _actor(details: Details) -> str:
    return str(details.get("actor_name") or SOMEBODY)


def _title(details: Details) -> str:
    title = details.get("target_title")
    return f'"{title}"' if title else SOMETHING


def _count(details: Details) -> int:
    count = details.get("count", 1)
    return count if isinstance(count, int) and not isinstance(count, bool) and count > 0 else 1


def _quoted(details: Details, name: str) -> str:
    text = details.get(name)
    return f": {str(text)[:MAX_QUOTED]}" if text else ""


def _many(count: int, one: str, several: str) -> str:
    return f"1 {one}" if count == 1 else f"{count} {several}"


def _created(details: Details) -> str:
    if details.get("reshare"):
        return f"{_actor(details)} shared your {_title(details)} with others"
    if details.get("target_type") == "user_library":
        return f"{_actor(details)} shows you all their photos"
    return f"{_actor(details)} shared {_title(details)} with you"


def _accessed(details: Details) -> str:
    count, name = _count(details), details.get("actor_name")
    if count == 1:
        return f"{name if name and name != VISITOR else 'A visitor'} opened {_title(details)}, which you shared"
    return f"{_title(details)}, which you shared, was opened {count} times"


def _album_photos(details: Details) -> str:
    return f"{_actor(details)} added {_many(_count(details), 'photo', 'photos')} to {_title(details)}"


def _album_comment(details: Details) -> str:
    return f"{_actor(details)} wrote in {_title(details)}{_quoted(details, 'commentPreview')}"


def _album_like(details: Details) -> str:
    count = _count(details)
    liked = f"{count} things in {_title(details)}" if count > 1 else _title(details)
    return f"{_actor(details)} likes {liked}"


def _signed_in(details: Details) -> str:
    device = details.get("device")
    return f"Somebody signed in to your account{f' with {device}' if device else ' with a new device'}"


def _clip(details: Details) -> str:
    title = details.get("clipTitle") or details.get("target_title")
    return f'"{title}"' if title else "a clip"


_SENTENCES: dict[str, Callable[[Details], str]] = {
    "share_created": _created,
    "share_updated": lambda details: f"{_actor(details)} changed what you may do with {_title(details)}",
    "share_revoked": lambda details: f"{_title(details)} is no longer shared with you",
    "share_expiring": lambda details: f"The share of {_title(details)} ends soon",
    "share_expired": lambda details: f"The share of {_title(details)} has ended",
    "share_accessed": _accessed,
    "share_link_locked": lambda details: (
        f"Too many wrong passwords: your link to {_title(details)} is locked for a while"
    ),
    "album_photos": _album_photos,
    "album_comment": _album_comment,
    "album_like": _album_like,
    "new_clip": lambda details: f"{_actor(details)} added {_clip(details)}",
    "reaction": lambda details: f"{_actor(details)} reacted {details.get('emoji') or ''} to {_clip(details)}",
    "comment": lambda details: f"{_actor(details)} commented on {_clip(details)}{_quoted(details, 'commentPreview')}",
    "reply": lambda details: f"{_actor(details)} replied{_quoted(details, 'commentPreview')}",
    "mention": lambda details: f"{_actor(details)} mentioned you{_quoted(details, 'commentPreview')}",
    "daily_reminder": lambda details: f"{_many(_count(details), 'clip waits', 'clips wait')} for you",
    "signed_in": _signed_in,
    "member_joined": lambda details: f"{_actor(details)} joined by your invitation",
    "member_waiting": lambda details: f"{details.get('target_title') or SOMEBODY} waits to be let in",
    "library_offline": lambda details: f"The library {_title(details)} cannot be reached",
    "scan_problems": lambda details: (
        f"{_many(_count(details), 'file', 'files')} in {_title(details)} could not be read"
    ),
    "disk_full": lambda details: f"The disk of {_title(details)} is almost full",
    "backup_failed": lambda _details: "The database could not be copied",
    "update_found": lambda details: f"HomeMedia {details.get('target_title') or ''} is there",
    "missed": lambda details: f"{_many(_count(details), 'notice', 'notices')} while it was quiet",
    "test": lambda _details: "This is what a notice looks like",
}
