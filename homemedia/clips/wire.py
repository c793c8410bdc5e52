"""Clips as the clip contract shows them (2.3), whole in lists and alone."""

from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.accounts.wire import iso
from homemedia.clips.feed_store import Shown
from homemedia.clips.models import REACTIONS, ContentType, Status
from homemedia.clips.talk_wire import ReactionCount
from homemedia.core.http.wire import Query, Wire

NOBODY: Final = "Unknown"
REMADE: Final = ".mp4"
_MARKS: Final = tuple((emoji, f"{emoji}0", f"{emoji}1") for emoji in REACTIONS)


class Clip(Wire, frozen=True, kw_only=True):
    """A clip as one member sees it.

    `videoPath`, `audioPath` and `thumbnailPath` are names of files, asked for at `/api/videos/{name}` and
    `/api/thumbnails/{name}`. `reactions` by emoji; `reacted` says whether one is the caller's. `viewCount` counts who
    sent it in too; `seenByOthers` does not. `width` and `height` are of the video as it is shown, where known.
    """

    id: str
    group_id: str
    added_by: str
    original_url: str
    platform: str
    content_type: ContentType
    status: Status
    title: str | None
    video_path: str | None
    audio_path: str | None
    thumbnail_path: str | None
    width: int | None
    height: int | None
    duration_seconds: int | None
    artist: str | None
    album_art: str | None
    spotify_url: str | None
    apple_music_url: str | None
    youtube_music_url: str | None
    creator_name: str | None
    creator_url: str | None
    source_view_count: int | None
    file_size_bytes: int | None
    trim_deadline: None = None
    failure_reason: str | None
    created_at: str
    added_by_username: str
    added_by_avatar: str | None
    watched: bool
    favorited: bool
    reactions: dict[str, ReactionCount]
    comment_count: int
    unread_comment_count: int
    view_count: int
    favorite_count: int
    seen_by_others: bool
    can_edit_caption: bool


class FeedQuery(Query, frozen=True, kw_only=True):
    """`filter` unwatched, watched, favorites or uploads; `limit` 20, at most 50; `sort` another order than its own."""

    filter: Literal["unwatched", "watched", "favorites", "uploads"] | None = None
    sort: Literal["newest", "oldest", "round-robin", "best"] | None = None
    limit: str | None = None
    offset: str | None = None


class PageQuery(Query, frozen=True, kw_only=True):
    limit: str | None = None
    offset: str | None = None


class FeedAnswer(Wire, frozen=True, kw_only=True):
    clips: list[Clip]
    has_more: bool


class AsideAnswer(Wire, frozen=True, kw_only=True):
    """`count`: how many there are in all."""

    clips: list[Clip]
    count: int
    has_more: bool


class CountAnswer(Wire, frozen=True, kw_only=True):
    count: int


# Values of bodies, whatever came in their place: what is of the wrong kind is told in the contract's own words.
Text = Annotated[Any, msgspec.Meta(extra_json_schema={"type": ["string", "null"]})]
Number = Annotated[Any, msgspec.Meta(extra_json_schema={"type": "number"})]
Ids = Annotated[Any, msgspec.Meta(extra_json_schema={"type": "array", "items": {"type": "string"}})]
Flag = Annotated[Any, msgspec.Meta(extra_json_schema={"type": "boolean"})]


class CaptionBody(Wire, frozen=True, kw_only=True):
    """`title` is a text, cut at 500 characters; null and an empty one take it away."""

    title: Text | UnsetType = UNSET


class CaptionAnswer(Wire, frozen=True, kw_only=True):
    title: str | None


class SuccessAnswer(Wire, frozen=True, kw_only=True):
    success: bool = True


class WatchBody(Wire, frozen=True, kw_only=True):
    """`watchPercent` 0 to 100."""

    watch_percent: Number = None


class WatchAnswer(Wire, frozen=True, kw_only=True):
    watched: bool


class ProgressAnswer(Wire, frozen=True, kw_only=True):
    """`updated`: more was watched than was known before."""

    updated: bool


class FavoriteAnswer(Wire, frozen=True, kw_only=True):
    favorited: bool


class View(Wire, frozen=True, kw_only=True):
    """Who watched a clip: `viewed` from half of it on."""

    user_id: str
    username: str
    avatar_path: str | None
    watch_percent: int
    status: Literal["viewed", "skipped"]
    watched_at: str


class ViewsAnswer(Wire, frozen=True, kw_only=True):
    views: list[View]


class DismissBody(Wire, frozen=True, kw_only=True):
    """`keepIds`: what is still to be watched; everything else that waits is put aside."""

    keep_ids: Ids = None


class DismissedAnswer(Wire, frozen=True, kw_only=True):
    dismissed: int


class RestoreBody(Wire, frozen=True, kw_only=True):
    """`clipIds`, or `all`."""

    clip_ids: Ids = None
    all: Flag = None


class RestoredAnswer(Wire, frozen=True, kw_only=True):
    restored: int


class StatsAnswer(Wire, frozen=True, kw_only=True):
    """`uploads` sent in, `saves` favourites, `minutesWatched` of what others sent in."""

    uploads: int
    saves: int
    minutes_watched: int


def file_name(path: str | None) -> str | None:
    """What a file of a clip is called outside."""
    return None if path is None else path.rpartition("/")[2]


def video_name(path: str | None, *, is_remade: bool) -> str | None:
    """What a clip's video is called outside: one that was made playable by what it is now."""
    name = file_name(path)
    return name.rpartition(".")[0] + REMADE if name is not None and is_remade else name


def picture_name(user_id: str, changed_at: int | None) -> str | None:
    return None if changed_at is None else f"{user_id}.jpg"


def clip_wire(row: Shown, viewer_id: str, *, moderates: bool = False) -> Clip:
    """A row of the feed as its viewer sees it.

    Args:
        row: as it was found for who looks.
        viewer_id: who looks.
        moderates: he may change any caption.
    """
    duration_ms, added_by = row.duration_ms, row.added_by
    is_seen = bool(row.is_seen)
    failure = row.failure_reason if row.status == "failed" else None
    caption = row.caption
    return Clip(
        id=row.clip_id,
        group_id=row.group_id,
        added_by=added_by,
        original_url=row.original_url,
        platform=row.platform,
        content_type=row.content_type,
        status=row.status,
        title=caption if caption is not None else failure or row.source_title,
        video_path=video_name(row.video_path, is_remade=bool(row.is_remade)),
        audio_path=file_name(row.audio_path),
        thumbnail_path=file_name(row.thumbnail_path),
        width=row.width,
        height=row.height,
        duration_seconds=None if duration_ms is None else (duration_ms + 500) // 1000,
        artist=row.artist,
        album_art=row.album_art_url,
        spotify_url=row.spotify_url,
        apple_music_url=row.apple_music_url,
        youtube_music_url=row.youtube_music_url,
        creator_name=row.creator_name,
        creator_url=row.creator_url,
        source_view_count=row.source_view_count,
        file_size_bytes=row.size_bytes,
        failure_reason=failure,
        created_at=iso(row.created_at),
        added_by_username=row.added_by_name or NOBODY,
        added_by_avatar=picture_name(added_by, row.added_by_avatar_at),
        watched=bool(row.is_watched),
        favorited=bool(row.is_favorite),
        reactions=_counted(row.reactions),
        comment_count=row.comments,
        unread_comment_count=row.unread,
        view_count=row.views,
        favorite_count=row.favorites,
        seen_by_others=is_seen,
        can_edit_caption=moderates or (added_by == viewer_id and not is_seen),
    )


def _counted(marks: str | None) -> dict[str, ReactionCount]:
    """Reactions by emoji, in the order they are offered in; `marks` as in `Shown.reactions`."""
    if marks is None:
        return {}
    given = marks.split(",")
    return {
        emoji: ReactionCount(count=others + own, reacted=bool(own))
        for emoji, of_others, of_viewer in _MARKS
        if (others := given.count(of_others)) + (own := given.count(of_viewer))
    }
