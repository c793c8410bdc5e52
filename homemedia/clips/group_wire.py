"""Bodies and answers of what administrators decide for all, in the words of the clip contract (7.1, 7.4)."""

from typing import Annotated, Any, Literal

import msgspec

from homemedia.accounts.wire import iso
from homemedia.clips.group import Page
from homemedia.clips.group_store import Stored, Totals
from homemedia.clips.models import ContentType, Status, shown_title
from homemedia.clips.reasons import MEBIBYTE
from homemedia.clips.wire import file_name
from homemedia.core.http.wire import Wire

Words = Annotated[Any, msgspec.Meta(extra_json_schema={"type": "array", "items": {"type": "string"}})]
Word = Annotated[Any, msgspec.Meta(extra_json_schema={"type": "string"})]


class PlatformsBody(Wire, frozen=True, kw_only=True):
    """`mode`: all, allow or block; `platforms`: keys of sites, for the last two."""

    mode: Word = None
    platforms: Words = None


class PlatformsAnswer(Wire, frozen=True, kw_only=True):
    platform_filter_mode: Literal["all", "allow", "block"]
    platform_filter_list: list[str] | None


class RemoveBody(Wire, frozen=True, kw_only=True):
    clip_ids: Words = None


class RemovedAnswer(Wire, frozen=True, kw_only=True):
    deleted: int


class StoredClip(Wire, frozen=True, kw_only=True):
    """A clip by the room it takes; `sizeMb` in MiB."""

    id: str
    title: str | None
    platform: str
    content_type: ContentType
    added_by: str
    added_by_username: str
    created_at: str
    size_mb: float
    thumbnail_path: str | None
    status: Status


class StoredPage(Wire, frozen=True, kw_only=True):
    clips: list[StoredClip]
    total_clips: int
    total_size_mb: float
    has_more: bool


class StatsAnswer(Wire, frozen=True, kw_only=True):
    clip_count: int
    member_count: int
    storage_mb: float
    max_storage_mb: int | None


def stored_page(page: Page) -> StoredPage:
    return StoredPage(
        clips=[_stored(one) for one in page.clips],
        total_clips=page.totals.clips,
        total_size_mb=total_mb(page.totals),
        has_more=page.has_more,
    )


def total_mb(totals: Totals) -> float:
    """In MiB, to one decimal."""
    return round(totals.size_bytes / MEBIBYTE, 1)


def _stored(one: Stored) -> StoredClip:
    clip = one.clip
    return StoredClip(
        id=clip.clip_id,
        title=shown_title(clip),
        platform=clip.platform,
        content_type=clip.content_type,
        added_by=clip.added_by,
        added_by_username=one.owner_name,
        created_at=iso(clip.created_at),
        size_mb=round((clip.size_bytes or 0) / MEBIBYTE, 2),
        thumbnail_path=file_name(one.thumbnail_path),
        status=clip.status,
    )
