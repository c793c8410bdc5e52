"""SQL of sound files: which were not read yet, what was read of them, whose pages they are shown on."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from homemedia.core.db import Reader, as_json
from homemedia.media import AudioTags

UNREAD_IN = """
    SELECT file.file_id, file.path, root.path AS root_path
      FROM file JOIN root USING (root_id)
     WHERE file.folder_id IN (SELECT value FROM json_each(:folder_ids))
       AND file.probed_at IS NULL AND file.kind = 'audio' AND file.missing_since_at IS NULL
     ORDER BY file.path
"""
COUNT_UNREAD = """
    SELECT count(*) AS files FROM file INDEXED BY file_unread
     WHERE root_id = :root_id AND probed_at IS NULL AND kind = 'audio' AND missing_since_at IS NULL
"""
UNREAD_FOLDERS = """
    SELECT DISTINCT folder.path
      FROM file INDEXED BY file_unread JOIN folder USING (folder_id)
     WHERE file.root_id = :root_id AND file.probed_at IS NULL AND file.kind = 'audio'
       AND file.missing_since_at IS NULL
"""
# A picture in an artist's folder tells of what lies in other units, further down.
OWE_PICTURES_BELOW = """
    UPDATE item SET todo = todo | 2
     WHERE todo & 2 = 0 AND item_id IN (
           SELECT above.item_id
             FROM file
             JOIN item_file ON item_file.file_id = file.file_id
             JOIN item AS track ON track.item_id = item_file.item_id AND track.kind = 'track'
             JOIN item AS album ON album.item_id = track.parent_id
             JOIN item AS above ON above.item_id IN (album.item_id, album.parent_id)
            WHERE file.root_id = :root_id AND file.path > :folder || '/' AND file.path < :folder || '0'
              AND file.kind = 'audio')
"""
PUT_TAGS = """
    INSERT INTO audio_tags (file_id, has_cover, tags) VALUES (:file_id, :has_cover, :tags)
    ON CONFLICT (file_id) DO UPDATE SET has_cover = excluded.has_cover, tags = excluded.tags
"""
DROP_TAGS = "DELETE FROM audio_tags WHERE file_id = :file_id"
TAGS_OF = "SELECT file_id, tags FROM audio_tags WHERE file_id IN (SELECT value FROM json_each(:file_ids))"
# Albums and tracks that name an artist who has a page here, and do not hang below it anyway.
_NAMED = """
    SELECT artist.item_id AS artist_id, credit.item_id AS item_id, min(credit.position) AS position
      FROM item AS artist
     CROSS JOIN item_identity ON item_identity.item_id = artist.item_id
     CROSS JOIN performer ON performer.name_key = substr(item_identity.identity_key, 14)
     CROSS JOIN credit ON credit.performer_id = performer.performer_id AND credit.job IN ('artist', 'albumartist')
     CROSS JOIN item AS named ON named.item_id = credit.item_id AND named.library_id = artist.library_id
      LEFT JOIN item AS above ON above.item_id = named.parent_id
     WHERE artist.library_id = :library_id AND artist.kind = 'artist'
       AND artist.item_id NOT IN (named.parent_id, coalesce(above.parent_id, 0))
     GROUP BY artist.item_id, credit.item_id
"""
NEW_GUESTS = f"""
    WITH guest AS ({_NAMED})
    SELECT guest.artist_id, guest.item_id, guest.position FROM guest
      LEFT JOIN item_artist ON item_artist.artist_id = guest.artist_id AND item_artist.item_id = guest.item_id
     WHERE item_artist.item_id IS NULL OR item_artist.position <> guest.position
"""  # noqa: S608 - put together from our own constants
OLD_GUESTS = f"""
    WITH guest AS ({_NAMED})
    SELECT item_artist.artist_id, item_artist.item_id FROM item AS artist
     CROSS JOIN item_artist ON item_artist.artist_id = artist.item_id
      LEFT JOIN guest ON guest.artist_id = item_artist.artist_id AND guest.item_id = item_artist.item_id
     WHERE artist.library_id = :library_id AND artist.kind = 'artist' AND guest.artist_id IS NULL
"""  # noqa: S608 - put together from our own constants
PUT_GUEST = """
    INSERT INTO item_artist (artist_id, item_id, position) VALUES (:artist_id, :item_id, :position)
    ON CONFLICT (artist_id, item_id) DO UPDATE SET position = excluded.position
"""
DROP_GUEST = "DELETE FROM item_artist WHERE artist_id = :artist_id AND item_id = :item_id"


async def tags_of(read: Reader, file_ids: Iterable[int]) -> dict[int, AudioTags]:
    """What was read of these files; those that could not be read are left out."""
    rows = await read(TAGS_OF, {"file_ids": as_json(file_ids)})
    return {row["file_id"]: msgspec.msgpack.decode(row["tags"], type=AudioTags) for row in rows}


def put_tags(connection: sqlite3.Connection, tags: Mapping[int, AudioTags | None]) -> None:
    """Keep what was read, by file id; of a file that could not be read nothing is kept."""
    connection.executemany(DROP_TAGS, [{"file_id": file_id} for file_id, one in tags.items() if one is None])
    connection.executemany(
        PUT_TAGS,
        [
            {"file_id": file_id, "has_cover": int(one.has_cover), "tags": msgspec.msgpack.encode(one)}
            for file_id, one in tags.items()
            if one is not None
        ],
    )


async def guests(read: Reader, library_id: str) -> tuple[list[dict[str, int]], list[dict[str, int]]]:
    """Which links between artists and what they appear on are to be made, and which are to go."""
    args = {"library_id": library_id}
    new, old = await read(NEW_GUESTS, args), await read(OLD_GUESTS, args)
    return [dict(row) for row in new], [dict(row) for row in old]


def link_guests(connection: sqlite3.Connection, new: Sequence[dict[str, int]], old: Sequence[dict[str, int]]) -> None:
    connection.executemany(PUT_GUEST, new)
    connection.executemany(DROP_GUEST, old)
