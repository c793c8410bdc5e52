"""The feed's statements: one for a page, whatever it shows, and its cost does not grow with the number of clips.

A page is chosen first, from an index that has its order; only then is anything asked of its clips.
"""

import sqlite3
from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from homemedia.clips.models import ContentType, Status
from homemedia.core.db import Reader, Write

Filter = Literal["all", "unwatched", "watched", "favorites", "uploads"]
Sort = Literal["newest", "oldest", "round-robin", "best", "latest"]
LAST: Final = (1 << 63) - 1

# What a page is made of: `clip_id`, and up to three numbers that it is put in order by.
_BY_DATE = "{clip}.clip_id, {clip}.created_at AS first, NULL AS second, NULL AS third"
_BY_HEAT = "clip.clip_id, clip.heat AS first, clip.source_view_count AS second, clip.created_at AS third"
_NEWEST = " ORDER BY {clip}.created_at DESC, {clip}.clip_id DESC"
_OLDEST = " ORDER BY {clip}.created_at, {clip}.clip_id"
_HOTTEST = " ORDER BY clip.heat DESC, clip.source_view_count DESC, clip.created_at DESC, clip.clip_id DESC"
_LISTED = "clip.status <> 'deleted'"
_SENT = f"{_LISTED} AND clip.added_by = :viewer_id"
_WAITING = "FROM clip_unwatched AS waiting WHERE waiting.user_id = :viewer_id"
# Most of what is ready was watched, so it is walked in its order; what somebody likes best is little.
_WATCHED = """
    FROM clip
   WHERE {where} AND EXISTS (SELECT 1 FROM clip_watch
                              WHERE clip_watch.clip_id = clip.clip_id AND clip_watch.user_id = :viewer_id)
"""
_LIKED = """
    FROM clip_favorite AS mine CROSS JOIN clip ON clip.clip_id = mine.clip_id
   WHERE mine.user_id = :viewer_id AND clip.status = 'ready'
"""
# One of each contributor in turn, each one's oldest first. Of everyone only as many are looked at as the page needs.
_IN_TURN = """
    ranked.clip_id, ranked.turn AS first, ranked.created_at AS second, NULL AS third
    FROM (SELECT {clip}.clip_id, {clip}.created_at,
                 row_number() OVER (PARTITION BY {clip}.added_by ORDER BY {clip}.created_at, {clip}.clip_id) AS turn
            {source}) AS ranked
   ORDER BY ranked.turn, ranked.created_at, ranked.clip_id
"""
_ALL_IN_TURN = f"""
            FROM user CROSS JOIN clip ON clip.added_by = user.user_id
           WHERE {_LISTED} AND clip.created_at <= coalesce(
                 (SELECT further.created_at FROM clip AS further
                   WHERE further.status <> 'deleted' AND further.added_by = user.user_id
                   ORDER BY further.created_at LIMIT 1 OFFSET :needed), {LAST})
"""  # noqa: S608 - constants of our own
_WAITING_IN_TURN = f"""
            FROM user CROSS JOIN clip_unwatched AS waiting
              ON waiting.user_id = :viewer_id AND waiting.added_by = user.user_id
           WHERE waiting.created_at <= coalesce(
                 (SELECT further.created_at FROM clip_unwatched AS further
                   WHERE further.user_id = :viewer_id AND further.added_by = user.user_id
                   ORDER BY further.created_at LIMIT 1 OFFSET :needed), {LAST})
"""  # noqa: S608 - constants of our own


def _dated(source: str, order: str, clip: str = "clip") -> str:
    return f"SELECT {_BY_DATE.format(clip=clip)} {source} {order.format(clip=clip)}"


def _hot(source: str) -> str:
    return f"SELECT {_BY_HEAT} {source} {_HOTTEST}"


def _in_turn(source: str, clip: str = "clip") -> str:
    return f"SELECT {_IN_TURN.format(source=source, clip=clip)}"


_READY = _WATCHED.format(where="clip.status = 'ready'")
# The plus keeps the index of states away from it.
_READY_HOT = _WATCHED.format(where=f"{_LISTED} AND +clip.status = 'ready'")
_ALL, _OWN = f"FROM clip WHERE {_LISTED}", f"FROM clip WHERE {_SENT}"

PAGES: Final[Mapping[tuple[Filter, Sort], str]] = {
    ("all", "newest"): _dated(_ALL, _NEWEST),
    ("all", "oldest"): _dated(_ALL, _OLDEST),
    ("all", "best"): _hot(_ALL),
    ("all", "round-robin"): _in_turn(_ALL_IN_TURN),
    ("unwatched", "newest"): _dated(_WAITING, _NEWEST, "waiting"),
    ("unwatched", "oldest"): _dated(_WAITING, _OLDEST, "waiting"),
    ("unwatched", "best"): _hot(
        "FROM clip_unwatched AS waiting CROSS JOIN clip ON clip.clip_id = waiting.clip_id"
        " WHERE waiting.user_id = :viewer_id"
    ),
    ("unwatched", "round-robin"): _in_turn(_WAITING_IN_TURN, "waiting"),
    ("watched", "latest"): (
        "SELECT clip.clip_id, mine.watched_at AS first, NULL AS second, NULL AS third"
        " FROM clip_watch AS mine CROSS JOIN clip ON clip.clip_id = mine.clip_id"
        " WHERE mine.user_id = :viewer_id AND clip.status = 'ready'"
        " ORDER BY mine.watched_at DESC, mine.clip_id DESC"
    ),
    ("watched", "newest"): _dated(_READY, _NEWEST),
    ("watched", "oldest"): _dated(_READY, _OLDEST),
    ("watched", "best"): _hot(_READY_HOT),
    ("watched", "round-robin"): _in_turn(_READY),
    ("favorites", "latest"): (
        "SELECT clip.clip_id, mine.created_at AS first, NULL AS second, NULL AS third"
        f" {_LIKED} ORDER BY mine.created_at DESC, mine.clip_id DESC"
    ),
    ("favorites", "newest"): _dated(_LIKED, _NEWEST),
    ("favorites", "oldest"): _dated(_LIKED, _OLDEST),
    ("favorites", "best"): _hot(_LIKED),
    ("favorites", "round-robin"): _in_turn(_LIKED),
    ("uploads", "newest"): _dated(_OWN, _NEWEST),
    ("uploads", "oldest"): _dated(_OWN, _OLDEST),
    ("uploads", "best"): _hot(_OWN),
    # Of one's own there is one contributor.
    ("uploads", "round-robin"): _dated(_OWN, _OLDEST),
}
# Of what was put aside, the last first.
ASIDE: Final = """
    SELECT clip.clip_id, aside.dismissed_at AS first, NULL AS second, NULL AS third
      FROM clip_dismissal AS aside CROSS JOIN clip ON clip.clip_id = aside.clip_id
     WHERE aside.user_id = :viewer_id AND clip.status = 'ready'
     ORDER BY aside.dismissed_at DESC, aside.clip_id DESC
"""
ONE: Final = """
    SELECT clip.clip_id, NULL AS first, NULL AS second, NULL AS third FROM clip WHERE clip.clip_id = :clip_id
"""
_DESCENDING = "page.first DESC, page.second DESC, page.third DESC, page.clip_id DESC"
ORDERS: Final[Mapping[Sort, str]] = {
    "newest": _DESCENDING,
    "latest": _DESCENDING,
    "best": _DESCENDING,
    "oldest": "page.first, page.clip_id",
    "round-robin": "page.first, page.second, page.clip_id",
}
FEED = """
    WITH page AS MATERIALIZED ({clip_page} LIMIT :limit OFFSET :offset)
    SELECT clip.clip_id, clip.added_by, clip.original_url, clip.platform, clip.content_type, clip.status, clip.caption,
           clip.source_title, clip.width, clip.height, clip.duration_ms, clip.artist, clip.album_art_url,
           clip.spotify_url, clip.apple_music_url, clip.youtube_music_url, clip.creator_name, clip.creator_url,
           clip.source_view_count, clip.size_bytes, clip.failure_reason, clip.created_at,
           (SELECT household.household_id FROM household WHERE household.only = 1) AS group_id,
           video.path AS video_path, audio.path AS audio_path, thumbnail.path AS thumbnail_path,
           EXISTS (SELECT 1 FROM rendition
                    WHERE rendition.file_id = clip.video_file_id AND rendition.variant = 'video') AS is_remade,
           uploader.username AS added_by_name, uploader.avatar_changed_at AS added_by_avatar_at,
           EXISTS (SELECT 1 FROM clip_watch
                    WHERE clip_watch.clip_id = clip.clip_id AND clip_watch.user_id = :viewer_id) AS is_watched,
           EXISTS (SELECT 1 FROM clip_watch
                    WHERE clip_watch.clip_id = clip.clip_id AND clip_watch.user_id <> clip.added_by) AS is_seen,
           (SELECT count(*) FROM clip_watch WHERE clip_watch.clip_id = clip.clip_id) AS views,
           EXISTS (SELECT 1 FROM clip_favorite
                    WHERE clip_favorite.clip_id = clip.clip_id AND clip_favorite.user_id = :viewer_id) AS is_favorite,
           (SELECT count(*) FROM clip_favorite WHERE clip_favorite.clip_id = clip.clip_id) AS favorites,
           (SELECT group_concat(clip_reaction.emoji || (clip_reaction.user_id = :viewer_id)) FROM clip_reaction
             WHERE clip_reaction.clip_id = clip.clip_id) AS reactions,
           (SELECT count(*) FROM clip_comment WHERE clip_comment.clip_id = clip.clip_id) AS comments,
           (SELECT count(*) FROM clip_comment
             WHERE clip_comment.clip_id = clip.clip_id AND clip_comment.user_id <> :viewer_id
               AND clip_comment.created_at > coalesce(
                   (SELECT clip_comment_view.viewed_at FROM clip_comment_view
                     WHERE clip_comment_view.clip_id = clip.clip_id AND clip_comment_view.user_id = :viewer_id), 0)
           ) AS unread
      FROM page CROSS JOIN clip ON clip.clip_id = page.clip_id
      LEFT JOIN user AS uploader ON uploader.user_id = clip.added_by
      LEFT JOIN file AS video ON video.file_id = clip.video_file_id
      LEFT JOIN file AS audio ON audio.file_id = clip.audio_file_id
      LEFT JOIN file AS thumbnail ON thumbnail.file_id = clip.thumbnail_file_id
     ORDER BY {clip_order}
"""


class Shown(msgspec.Struct, frozen=True):
    """A row of the feed: the columns of `FEED` in their order, which is quicker than to ask a row for each by name.

    Attributes:
        is_remade: its video was made playable, and goes by another name.
        added_by_avatar_at: since when who sent it in has his picture.
        is_watched: by who looks, as `is_favorite`.
        is_seen: somebody has watched it but who sent it in.
        reactions: each emoji with 1 behind the viewer's own and 0 behind others', commas between.
        unread: comments of others since he looked last.
    """

    clip_id: str
    added_by: str
    original_url: str
    platform: str
    content_type: ContentType
    status: Status
    caption: str | None
    source_title: str | None
    width: int | None
    height: int | None
    duration_ms: int | None
    artist: str | None
    album_art_url: str | None
    spotify_url: str | None
    apple_music_url: str | None
    youtube_music_url: str | None
    creator_name: str | None
    creator_url: str | None
    source_view_count: int | None
    size_bytes: int | None
    failure_reason: str | None
    created_at: int
    group_id: str
    video_path: str | None
    audio_path: str | None
    thumbnail_path: str | None
    is_remade: int
    added_by_name: str | None
    added_by_avatar_at: int | None
    is_watched: int
    is_seen: int
    views: int
    is_favorite: int
    favorites: int
    reactions: str | None
    comments: int
    unread: int


COUNT = "SELECT count(*) AS clips FROM clip_unwatched WHERE user_id = :viewer_id"
ASIDE_COUNT = """
    SELECT count(*) AS clips FROM clip_dismissal AS aside CROSS JOIN clip ON clip.clip_id = aside.clip_id
     WHERE aside.user_id = :viewer_id AND clip.status = 'ready'
"""
STANDING = """
    SELECT clip.added_by, clip.caption, clip.source_title, clip.status, clip.failure_reason,
           EXISTS (SELECT 1 FROM clip_watch
                    WHERE clip_watch.clip_id = clip.clip_id AND clip_watch.user_id <> clip.added_by) AS is_seen
      FROM clip WHERE clip.clip_id = :clip_id
"""
SET_CAPTION = "UPDATE clip SET caption = :caption WHERE clip_id = :clip_id"

# Made once: SQLite knows a statement again by its text.
_FEEDS = {key: FEED.format(clip_page=sql, clip_order=ORDERS[key[1]]) for key, sql in PAGES.items()}
_ASIDE = FEED.format(clip_page=ASIDE, clip_order=ORDERS["latest"])
_ONE = FEED.format(clip_page=ONE, clip_order="page.clip_id")


async def page(read: Reader, viewer_id: str, which: Filter, sort: Sort, *, limit: int, offset: int) -> list[Shown]:
    """A part of a list as a member sees it, in its order."""
    args = {"viewer_id": viewer_id, "limit": limit, "offset": offset, "needed": offset + limit}
    return [Shown(*row) for row in await read(_FEEDS[which, sort], args)]


async def aside(read: Reader, viewer_id: str, *, limit: int, offset: int) -> list[Shown]:
    """What a member has put aside, the last first."""
    return [Shown(*row) for row in await read(_ASIDE, {"viewer_id": viewer_id, "limit": limit, "offset": offset})]


async def one(read: Reader, viewer_id: str, clip_id: str) -> Shown | None:
    rows = await read(_ONE, {"viewer_id": viewer_id, "clip_id": clip_id, "limit": 1, "offset": 0})
    return Shown(*rows[0]) if rows else None


async def unwatched(read: Reader, viewer_id: str) -> int:
    """How many clips a member has still to watch."""
    return int((await read(COUNT, {"viewer_id": viewer_id}))[0]["clips"])


async def aside_count(read: Reader, viewer_id: str) -> int:
    return int((await read(ASIDE_COUNT, {"viewer_id": viewer_id}))[0]["clips"])


async def standing(read: Reader, clip_id: str) -> sqlite3.Row | None:
    """Who may change a clip: its sender, whether anybody else has seen it; and what its title is made of."""
    rows = await read(STANDING, {"clip_id": clip_id})
    return rows[0] if rows else None


async def set_caption(tx: Write, clip_id: str, caption: str | None) -> None:
    await tx.run(SET_CAPTION, {"clip_id": clip_id, "caption": caption})
