"""The statements of the index of words said of photos."""

import sqlite3

import msgspec

from homemedia.core.db import Reader

WAITING = "SELECT photo_id FROM photo_unindexed ORDER BY photo_id LIMIT :limit"
WAITING_COUNT = "SELECT count(*) AS photos FROM (SELECT 1 FROM photo_unindexed LIMIT :limit)"
SAID = """
    SELECT photo.photo_id, photo.kind, photo.original_name, photo.local_taken_at, photo.width, photo.height,
           photo.thumbhash, photo.live_video_id IS NOT NULL AS is_live, file.path,
           photo_exif.make, photo_exif.model, photo_exif.lens_model, photo_exif.city, photo_exif.state,
           photo_exif.country, photo_exif.description, photo_exif.projection_type,
           (SELECT group_concat(tag.value, char(10)) FROM photo_tag JOIN tag ON tag.tag_id = photo_tag.tag_id
             WHERE photo_tag.photo_id = photo.photo_id) AS tags,
           (SELECT group_concat(person.name, char(10)) FROM face JOIN person ON person.person_id = face.person_id
             WHERE face.photo_id = photo.photo_id AND person.name <> '') AS people,
           (SELECT group_concat(album.name, char(10)) FROM album_photo
              JOIN album ON album.album_id = album_photo.album_id
             WHERE album_photo.photo_id = photo.photo_id AND album.owner_id = photo.owner_id
               AND album.deleted_at IS NULL) AS albums
      FROM json_each(:photo_ids) AS wanted
     CROSS JOIN photo ON photo.photo_id = wanted.value
      JOIN file ON file.file_id = photo.file_id
      LEFT JOIN photo_exif ON photo_exif.photo_id = photo.photo_id
"""
KEEP = """
    INSERT INTO photo_text (photo_id, name, path, description, words, own_words)
    VALUES (:photo_id, :name, :path, :description, :words, :own_words)
    ON CONFLICT (photo_id) DO UPDATE
       SET name = excluded.name, path = excluded.path, description = excluded.description, words = excluded.words,
           own_words = excluded.own_words
"""
DONE = "DELETE FROM photo_unindexed WHERE photo_id IN (SELECT value FROM json_each(:photo_ids))"


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """What the index keeps of a photo, in lower case without accents."""

    photo_id: str
    name: str
    path: str
    description: str
    words: str
    own_words: str


def said(connection: sqlite3.Connection, photo_ids: str) -> list[sqlite3.Row]:
    """What is said of the photos of a JSON list of ids."""
    return list(connection.execute(SAID, {"photo_ids": photo_ids}))


def waiting(connection: sqlite3.Connection, limit: int) -> list[str]:
    return [row[0] for row in connection.execute(WAITING, {"limit": limit})]


def keep(connection: sqlite3.Connection, documents: list[Document], photo_ids: str) -> None:
    """Write documents; the photos of `photo_ids` wait no longer."""
    connection.executemany(KEEP, [msgspec.to_builtins(one) for one in documents])
    connection.execute(DONE, {"photo_ids": photo_ids})


async def waiting_count(read: Reader, *, limit: int) -> int:
    """How many wait, counted no further than `limit`."""
    return int((await read(WAITING_COUNT, {"limit": limit}))[0]["photos"])
