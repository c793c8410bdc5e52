"""Every statement about pictures of artists and albums, and nothing that decides."""

from collections.abc import Sequence

import msgspec

from homemedia.core.db import Reader, as_json
from homemedia.library.artwork.store import SourceFile

# Where each album's and artist's sound files lie. An album is alone in a folder when no other has a file there; of
# artists it does not matter.
FOLDERS = """
    SELECT item.item_id, item.kind, item.title, item.thumb_tag IS NULL AS lacks, root.path AS root,
           folder.path AS folder,
           item.kind = 'artist' OR NOT EXISTS (
               SELECT 1 FROM file AS other
                 JOIN item_file AS of_other ON of_other.file_id = other.file_id
                 JOIN item AS track ON track.item_id = of_other.item_id AND track.parent_id <> item.item_id
                WHERE other.folder_id = folder.folder_id AND other.kind = 'audio'
                  AND other.missing_since_at IS NULL) AS is_alone
      FROM json_each(:ids) AS wanted
     CROSS JOIN item ON item.item_id = wanted.value AND item.kind IN ('artist', 'album')
     CROSS JOIN item AS below ON below.parent_id = item.item_id AND below.kind IN ('album', 'track')
      LEFT JOIN item AS track ON track.parent_id = below.item_id AND track.kind = 'track'
     CROSS JOIN item_file ON item_file.item_id = coalesce(track.item_id, below.item_id)
     CROSS JOIN file ON file.file_id = item_file.file_id AND file.missing_since_at IS NULL
     CROSS JOIN folder ON folder.folder_id = file.folder_id
     CROSS JOIN root ON root.root_id = folder.root_id
     GROUP BY item.item_id, folder.folder_id
     ORDER BY item.item_id, root.root_id, folder.path
"""
LOCAL_PICTURES = """
    SELECT item_id, kind, path, content_hash FROM artwork
     WHERE item_id IN (SELECT value FROM json_each(:ids)) AND source = 'local'
"""
# The first track with a picture inside stands for its album; again when it is another file than the one it was taken
# from, which is remembered as `mark`.
_WANTING = """
      FROM item
      JOIN file ON file.file_id = (
           SELECT covered.file_id
             FROM item AS track
             JOIN item_file ON item_file.item_id = track.item_id
             JOIN file AS covered ON covered.file_id = item_file.file_id AND covered.missing_since_at IS NULL
             JOIN audio_tags ON audio_tags.file_id = covered.file_id AND audio_tags.has_cover = 1
            WHERE track.parent_id = item.item_id AND track.kind = 'track'
            ORDER BY track.parent_number, track.number IS NULL, track.number, item_file.version_index LIMIT 1)
      JOIN root ON root.root_id = file.root_id
     WHERE item.kind = 'album' AND item.missing_since_at IS NULL
       AND (item.thumb_tag IS NULL
            OR EXISTS (SELECT 1 FROM artwork
                         JOIN item_source AS taken ON taken.item_id = artwork.item_id AND taken.kind = 'still'
                        WHERE artwork.item_id = item.item_id AND artwork.kind = 'thumb' AND artwork.is_selected = 1
                          AND artwork.source = 'embedded'))
       AND NOT EXISTS (SELECT 1 FROM item_source WHERE item_source.item_id = item.item_id AND item_source.kind = 'still'
                       AND item_source.mark = file.file_id || '-' || file.size_bytes || '-' || file.mtime_ns || :suffix)
"""
WANTING_ALBUMS = f"""
    SELECT item.item_id {_WANTING} AND item.library_id = :library_id ORDER BY item.added_at DESC, item.item_id DESC
"""
ALBUM_SOURCE = f"""
    SELECT item.item_id, item.kind, root.path AS root, file.path AS path, file.probe AS probe,
           file.file_id || '-' || file.size_bytes || '-' || file.mtime_ns || :suffix AS mark,
           0 AS has_thumb, 0 AS has_art
    {_WANTING} AND item.item_id = :item_id
"""
# Artists without a picture of their own show the cover of their newest album; again when that is another one.
BORROWING_ARTISTS = """
    SELECT item_id, path, content_hash, width, height, tone, point FROM (
        SELECT artist.item_id, artwork.path, artwork.content_hash, artwork.width, artwork.height, artwork.tone,
               artwork.point,
               row_number() OVER (
                   PARTITION BY artist.item_id ORDER BY album.year DESC, album.added_at DESC, album.item_id) AS place
          FROM item AS artist
          JOIN item AS album ON album.parent_id = artist.item_id AND album.kind = 'album'
               AND album.missing_since_at IS NULL
          JOIN artwork ON artwork.item_id = album.item_id AND artwork.kind = 'thumb' AND artwork.is_selected = 1
         WHERE artist.library_id = :library_id AND artist.kind = 'artist'
           AND NOT EXISTS (SELECT 1 FROM artwork AS own
                            WHERE own.item_id = artist.item_id AND own.kind = 'thumb' AND own.is_broken = 0
                              AND own.source <> 'grab' AND (own.is_chosen = 1 OR own.source <> 'manual'))
    ) AS best
     WHERE place = 1
       AND NOT EXISTS (SELECT 1 FROM artwork AS lent
                        WHERE lent.item_id = best.item_id AND lent.kind = 'thumb' AND lent.source = 'grab'
                          AND lent.path = best.path AND lent.content_hash = best.content_hash)
"""


class Place(msgspec.Struct, frozen=True):
    """One folder in which an album or artist has files; `lacks` tells that it shows no picture yet."""

    item_id: int
    kind: str
    title: str
    lacks: bool
    root: str
    folder: str
    is_alone: bool


async def places(read: Reader, ids: str) -> dict[int, list[Place]]:
    """Folders of the artists and albums in a JSON list of ids, by item."""
    found: dict[int, list[Place]] = {}
    for row in await read(FOLDERS, {"ids": ids}):
        place = Place(
            item_id=row["item_id"],
            kind=row["kind"],
            title=row["title"],
            lacks=bool(row["lacks"]),
            root=row["root"],
            folder=row["folder"],
            is_alone=bool(row["is_alone"]),
        )
        found.setdefault(place.item_id, []).append(place)
    return found


async def local_pictures(read: Reader, ids: Sequence[int]) -> dict[int, dict[str, tuple[str, str]]]:
    """Path and mark of the pictures found beside these items before, by item and kind."""
    found: dict[int, dict[str, tuple[str, str]]] = {}
    for row in await read(LOCAL_PICTURES, {"ids": as_json(ids)}):
        found.setdefault(row["item_id"], {})[row["kind"]] = (row["path"], row["content_hash"])
    return found


async def album_source(read: Reader, item_id: int, suffix: str) -> SourceFile | None:
    """The file whose picture an album takes; None when it has one by now, or none is left to try."""
    rows = await read(ALBUM_SOURCE, {"item_id": item_id, "suffix": suffix})
    return SourceFile(**dict(rows[0])) if rows else None
