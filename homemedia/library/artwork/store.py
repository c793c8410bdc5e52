"""Every statement about pictures, and nothing that decides.

What is written runs on the database's own thread in one hop (`Write.call`), because settling a batch of items takes
some hundred small statements.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from homemedia.core.db import Reader
from homemedia.library.artwork.models import Picture, PictureKind, PictureSource, Shown

PICTURES = """
    SELECT artwork_id, item_id, kind, source, path, content_hash, width, height, tone, point, is_broken, is_selected,
           is_chosen, origin
      FROM artwork WHERE item_id = :item_id ORDER BY artwork_id
"""
SHOWN = """
    SELECT item_id, kind, parent_id, thumb_tag, thumb_kind, thumb_tone, thumb_point, art_tag
      FROM item WHERE item_id = :item_id
"""
CHILDREN = "SELECT item_id FROM item WHERE parent_id = :item_id AND kind IN ('season', 'episode')"
SHOW = """
    UPDATE item
       SET thumb_tag = :thumb_tag, thumb_kind = :thumb_kind, thumb_tone = :thumb_tone, thumb_point = :thumb_point,
           art_tag = :art_tag, stamp = :stamp, updated_at = :now
     WHERE item_id = :item_id
"""
SELECT_ONE = "UPDATE artwork SET is_selected = :is_selected WHERE artwork_id = :artwork_id"
# Pictures take a while to be made: the item may be gone when they are there.
PUT = """
    INSERT INTO artwork (item_id, kind, source, path, content_hash, width, height, tone, point)
    SELECT item_id, :kind, :source, :path, :content_hash, :width, :height, :tone, :point FROM item
     WHERE item_id = :item_id
    ON CONFLICT (item_id, kind, path) DO UPDATE
       SET source = excluded.source, content_hash = excluded.content_hash, width = excluded.width,
           height = excluded.height, tone = excluded.tone, point = excluded.point, is_broken = 0
     WHERE artwork.content_hash <> excluded.content_hash OR artwork.source <> excluded.source
"""
# What a person chose stays, also when its source offers another by now.
DROP_OTHERS = """
    DELETE FROM artwork
     WHERE item_id = :item_id AND kind = :kind AND source = :source AND path <> :path AND is_chosen = 0
"""
SET_ORIGIN = "UPDATE artwork SET origin = :origin WHERE item_id = :item_id AND kind = :kind AND path = :path"
CHOOSE = "UPDATE artwork SET is_chosen = (artwork_id = :artwork_id) WHERE item_id = :item_id AND kind = :kind"
PUT_OWN = """
    INSERT INTO artwork (item_id, kind, source, path, content_hash, width, height, tone, point, origin)
    VALUES (:item_id, :kind, 'manual', :path, :content_hash, :width, :height, :tone, :point, :origin)
    ON CONFLICT (item_id, kind, path) DO UPDATE
       SET width = excluded.width, height = excluded.height, tone = excluded.tone, point = excluded.point,
           origin = coalesce(excluded.origin, artwork.origin), is_broken = 0
    RETURNING artwork_id
"""
# Those given longest ago, beyond what is worth offering; what is chosen stays.
DROP_OLD_OWN = """
    DELETE FROM artwork WHERE is_chosen = 0 AND artwork_id IN (
        SELECT artwork_id FROM artwork WHERE item_id = :item_id AND kind = :kind AND source = 'manual'
         ORDER BY is_chosen DESC, artwork_id DESC LIMIT -1 OFFSET :most)
"""
LOOKED_INTO = """
    UPDATE artwork SET width = :width, height = :height, tone = :tone, point = :point, is_broken = :is_broken
     WHERE path = :path AND content_hash = :content_hash
"""
REMEMBER = """
    INSERT INTO item_source (item_id, kind, mark, problem)
    SELECT item_id, :kind, :mark, :problem FROM item WHERE item_id = :item_id
    ON CONFLICT (item_id, kind) DO UPDATE SET mark = excluded.mark, problem = excluded.problem
"""

LIBRARY = """
    SELECT library_id, kind, coalesce(json_extract(options, '$.extractThumbs'), 1) AS wants_stills
      FROM library WHERE library_id = :library_id
"""
# One file stands for an item: the first part of its first version. The mark is what a failure is remembered by.
_SOURCE_FILE = """
      JOIN item_file ON item_file.item_id = item.item_id AND item_file.version_index = 0 AND item_file.part = 1
      JOIN file ON file.file_id = item_file.file_id AND file.missing_since_at IS NULL
           AND file.probed_at IS NOT NULL AND file.probe_error IS NULL
"""
_HAS = """
    EXISTS (SELECT 1 FROM artwork WHERE artwork.item_id = item.item_id AND artwork.kind = '{kind}' AND is_broken = 0
               AND (artwork.is_chosen = 1 OR artwork.source <> 'manual'))
"""
_HAS_THUMB, _HAS_ART = _HAS.format(kind="thumb"), _HAS.format(kind="art")
# A film with a poster and no background wants a frame as well: its page is a picture with words on it.
_NOT_TRIED = f"""
       AND NOT ({_HAS_THUMB} AND (item.kind <> 'movie' OR {_HAS_ART}))
       AND NOT EXISTS (SELECT 1 FROM item_source WHERE item_source.item_id = item.item_id AND item_source.kind = 'still'
                       AND item_source.mark = file.file_id || '-' || file.size_bytes || '-' || file.mtime_ns || :suffix)
"""  # noqa: S608 - put together from our own constants
# A show without a picture borrows one of its first episode, so those come before all others.
WANTING_FIRST_EPISODES = f"""
    SELECT item_id FROM (
        SELECT item.item_id, row_number() OVER (
                   PARTITION BY season.parent_id
                   ORDER BY item.parent_number = 0, item.parent_number, item.number IS NULL, item.number, item.air_date,
                            item.item_id) AS place
          FROM item AS show
          JOIN item AS season ON season.parent_id = show.item_id AND season.kind = 'season'
          JOIN item ON item.parent_id = season.item_id AND item.kind = 'episode' AND item.missing_since_at IS NULL
          {_SOURCE_FILE}
         WHERE show.library_id = :library_id AND show.kind = 'show' AND show.thumb_tag IS NULL {_NOT_TRIED}
    ) WHERE place = 1
"""  # noqa: S608 - put together from our own constants
WANTING = f"""
    SELECT item.item_id
      FROM item
      {_SOURCE_FILE}
     WHERE item.library_id = :library_id AND item.kind IN ('movie', 'episode', 'video', 'extra')
       AND item.missing_since_at IS NULL {_NOT_TRIED}
     ORDER BY item.kind = 'extra', item.added_at DESC, item.item_id DESC
"""  # noqa: S608 - put together from our own constants
SOURCE_FILE = f"""
    SELECT item.item_id, item.kind, root.path AS root, file.path AS path, file.probe AS probe,
           file.file_id || '-' || file.size_bytes || '-' || file.mtime_ns || :suffix AS mark,
           {_HAS_THUMB} AS has_thumb, {_HAS_ART} AS has_art
      FROM item
      {_SOURCE_FILE}
      JOIN root ON root.root_id = file.root_id
     WHERE item.item_id = :item_id {_NOT_TRIED}
"""  # noqa: S608 - put together from our own constants
# Shows and seasons without a picture of their own, with the frame of their first episode that has one.
BORROWING = """
    SELECT owner_id AS item_id, path, content_hash, width, height, tone, point FROM (
        SELECT owner.item_id AS owner_id, artwork.path, artwork.content_hash, artwork.width, artwork.height,
               artwork.tone, artwork.point, row_number() OVER (
                   PARTITION BY owner.item_id
                   ORDER BY episode.parent_number = 0, episode.parent_number, episode.number IS NULL, episode.number,
                            episode.air_date, episode.item_id) AS place
          FROM item AS owner
          JOIN item AS season ON season.kind = 'season'
               AND (season.item_id = owner.item_id OR season.parent_id = owner.item_id)
          JOIN item AS episode ON episode.parent_id = season.item_id AND episode.kind = 'episode'
          JOIN artwork ON artwork.item_id = episode.item_id AND artwork.kind = 'thumb' AND artwork.is_selected = 1
         WHERE owner.library_id = :library_id AND owner.kind = :kind
           AND NOT EXISTS (SELECT 1 FROM artwork AS own WHERE own.item_id = owner.item_id AND own.kind = 'thumb'
                              AND own.is_broken = 0 AND (own.is_chosen = 1 OR own.source <> 'manual'))
    ) WHERE place = 1
"""
UNSEEN = """
    SELECT artwork.item_id, artwork.path, artwork.content_hash
      FROM artwork JOIN item ON item.item_id = artwork.item_id
     WHERE item.library_id = :library_id AND artwork.is_selected = 1 AND artwork.width IS NULL
       AND artwork.is_broken = 0 AND artwork.kind = 'thumb'
     ORDER BY item.added_at DESC, item.item_id DESC
"""
# An undo may want a picture that no item has any more, or an item that comes back.
OWN_PATHS = """
    SELECT path FROM artwork WHERE source IN ('embedded', 'grab', 'download', 'manual')
     UNION SELECT path FROM edit_picture
     UNION SELECT path FROM memory_picture
"""
OFFERED = """
    SELECT artwork.path, artwork.content_hash, CASE artwork.source WHEN 'grab' THEN artwork.point END AS point
      FROM artwork WHERE artwork.artwork_id = :artwork_id
"""
OWNERS_OF = "SELECT item_id FROM artwork WHERE path = :path"
FORGET_PATH = "DELETE FROM artwork WHERE path = :path"

# Its own picture first, then the season's, then the show's; `depth` tells how far up it was found. Posters are cropped
# around their centre, only frames around their point of interest.
SERVED = """
    WITH RECURSIVE chain (item_id, parent_id, kind, depth) AS (
        SELECT item.item_id, item.parent_id, item.kind, 0 FROM item WHERE item.rating_key = :rating_key AND {visible}
         UNION ALL
        SELECT above.item_id, above.parent_id, above.kind, chain.depth + 1
          FROM chain JOIN item AS above ON above.item_id = chain.parent_id
         WHERE chain.kind IN ('season', 'episode', 'track')
    )
    SELECT artwork.path, artwork.content_hash, CASE artwork.source WHEN 'grab' THEN artwork.point END AS point
      FROM chain LEFT JOIN artwork
        ON artwork.item_id = chain.item_id AND artwork.kind = :kind AND artwork.is_selected = 1
     ORDER BY artwork.path IS NULL, chain.depth LIMIT 1
"""
PORTRAIT = """
    SELECT performer.image AS path
      FROM performer
     WHERE performer.performer_id = :performer_id
       AND EXISTS (SELECT 1 FROM credit JOIN item ON item.item_id = credit.item_id
                    WHERE credit.performer_id = performer.performer_id AND {visible})
"""


class Borrowed(msgspec.Struct, frozen=True):
    item_id: int
    path: str
    content_hash: str
    width: int | None
    height: int | None
    tone: str | None
    point: str | None


class SourceFile(msgspec.Struct, frozen=True):
    """What a picture of an item can be made from."""

    item_id: int
    kind: str
    root: str
    path: str
    probe: bytes | None
    mark: str
    has_thumb: int
    has_art: int


class Owner(msgspec.Struct, frozen=True):
    item_id: int
    kind: str
    parent_id: int | None
    shown: Shown


async def ids(read: Reader, statement: str, args: Mapping[str, object]) -> list[int]:
    return [row["item_id"] for row in await read(statement, args)]


async def source_file(read: Reader, item_id: int, suffix: str) -> SourceFile | None:
    """None when the item has a picture by now, or its file is gone or was tried; `suffix` ends its mark."""
    rows = await read(SOURCE_FILE, {"item_id": item_id, "suffix": suffix})
    return SourceFile(**dict(rows[0])) if rows else None


async def borrowing(read: Reader, library_id: str, kind: str) -> list[Borrowed]:
    return await borrowed(read, BORROWING, {"library_id": library_id, "kind": kind})


async def borrowed(read: Reader, statement: str, args: Mapping[str, object]) -> list[Borrowed]:
    """Items and the pictures they take from others, as a statement finds them."""
    return [Borrowed(**dict(row)) for row in await read(statement, args)]


def pictures(connection: sqlite3.Connection, item_id: int) -> list[Picture]:
    rows = connection.execute(PICTURES, {"item_id": item_id}).fetchall()
    return [msgspec.convert(dict(row), Picture, strict=False) for row in rows]


def owner(connection: sqlite3.Connection, item_id: int) -> Owner | None:
    row = connection.execute(SHOWN, {"item_id": item_id}).fetchone()
    if row is None:
        return None
    columns = {name: row[name] for name in Shown.__struct_fields__}
    return Owner(row["item_id"], row["kind"], row["parent_id"], msgspec.convert(columns, Shown))


def children(connection: sqlite3.Connection, item_id: int) -> list[int]:
    return [row["item_id"] for row in connection.execute(CHILDREN, {"item_id": item_id})]


def show(connection: sqlite3.Connection, item_id: int, columns: Shown, *, stamp: int, now: int) -> None:
    connection.execute(SHOW, msgspec.structs.asdict(columns) | {"item_id": item_id, "stamp": stamp, "now": now})


def select(connection: sqlite3.Connection, chosen: Iterable[Picture], all_pictures: Iterable[Picture]) -> None:
    """Mark what was chosen, where that is news."""
    wanted = {picture.artwork_id for picture in chosen}
    for picture in all_pictures:
        if picture.is_selected != (picture.artwork_id in wanted):
            args = {"artwork_id": picture.artwork_id, "is_selected": int(picture.artwork_id in wanted)}
            connection.execute(SELECT_ONE, args)


def put(
    connection: sqlite3.Connection,
    item_id: int,
    kind: PictureKind,
    source: PictureSource,
    path: str,
    content_hash: str,
    facts: Mapping[str, object] | None = None,
) -> None:
    """Record a picture; the same path again replaces what was known when its content changed."""
    known: dict[str, object] = {"width": None, "height": None, "tone": None, "point": None, **(facts or {})}
    key = {"item_id": item_id, "kind": kind, "source": source, "path": path, "content_hash": content_hash}
    connection.execute(PUT, key | known)


def put_own(
    connection: sqlite3.Connection,
    item_id: int,
    kind: PictureKind,
    picture: Mapping[str, object],
    *,
    most: int,
) -> int:
    """Record a picture that a person gave; its id. Of those given before, `most` stay on offer.

    Args:
        connection: inside a transaction.
        item_id: of the item.
        kind: for which place.
        picture: `path`, `content_hash`, `width`, `height`, `tone`, `point`, `origin`.
        most: how many such pictures an item keeps for one place.
    """
    key = {"item_id": item_id, "kind": kind}
    row = connection.execute(PUT_OWN, key | dict(picture)).fetchone()
    connection.execute(DROP_OLD_OWN, key | {"most": most})
    return int(row["artwork_id"])


def choose(connection: sqlite3.Connection, item_id: int, kind: PictureKind, artwork_id: int | None) -> None:
    """Let a person's choice stand above all; None leaves it to the sources again."""
    connection.execute(CHOOSE, {"item_id": item_id, "kind": kind, "artwork_id": artwork_id or 0})


def drop_others(
    connection: sqlite3.Connection, item_id: int, kind: PictureKind, source: PictureSource, path: str | None
) -> int:
    """Forget this source's other pictures of the item; how many there were."""
    args = {"item_id": item_id, "kind": kind, "source": source, "path": path or ""}
    return connection.execute(DROP_OTHERS, args).rowcount


def remember(connection: sqlite3.Connection, item_id: int, kind: str, mark: str, problem: str | None) -> None:
    """Note what was tried, so that it is not tried again while the file stays the same."""
    connection.execute(REMEMBER, {"item_id": item_id, "kind": kind, "mark": mark, "problem": problem})


def forget_paths(connection: sqlite3.Connection, paths: Sequence[str]) -> list[int]:
    """Drop pictures whose file is gone; the items that had them."""
    owners: list[int] = []
    for path in paths:
        owners += [row["item_id"] for row in connection.execute(OWNERS_OF, {"path": path})]
        connection.execute(FORGET_PATH, {"path": path})
    return owners
