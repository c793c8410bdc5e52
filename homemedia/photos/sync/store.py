"""Statements on what apps are kept up to date with: rows that changed after a cursor, in the order of the change clock.

Each binds two cursors, `from` (known already) and `to`, and `limit`; a row's `stamp` and `key`, or its `mark`, name it.
Statements that go along an index of stamps whoever owns the rows say so by a `+`: pages of a few hundred rows must not
sort all that there is.
"""

import sqlite3
from collections.abc import Mapping

from homemedia.core.db import Reader, Write
from homemedia.photos.visible import ALBUMS_SQL, PEOPLE_SQL
from homemedia.sharing.rights import Right

# The albums a member sees, and the members whose photos he is shown.
_ALBUMS = f"""
    (SELECT album.album_id FROM album WHERE album.owner_id = :viewer_id AND album.deleted_at IS NULL
      UNION ALL
     SELECT album.album_id FROM album JOIN user ON user.user_id = album.owner_id
      WHERE album.album_id IN {ALBUMS_SQL} AND album.deleted_at IS NULL AND user.state = 'active')
"""  # noqa: S608 - constants of our own
# Those of which he may know where and by what the photos were taken.
_TOLD_ALBUMS = _ALBUMS.replace(":right", ":right_to_know")
_PARTNERS = f"(SELECT user_id FROM user WHERE user_id IN {PEOPLE_SQL} AND state = 'active')"  # noqa: S608
_TOLD_PARTNERS = _PARTNERS.replace(":right", ":right_to_know")
# What of an album's rows is there for others: what its photo's owner put in, or who may hand it on (`visible`).
_GIVEN = f"""
    (album_photo.added_by = photo.owner_id OR album_photo.added_by IS NULL OR EXISTS (
        SELECT 1 FROM share
         WHERE share.target_type = 'user_library' AND share.target_id = photo.owner_id
           AND share.revoked_at IS NULL AND (share.expires_at IS NULL OR share.expires_at > :granted_at)
           AND share.permissions & {int(Right.RESHARE)}
           AND (share.recipient_type = 'group' OR share.recipient_id = album_photo.added_by)))
"""  # noqa: S608 - constants of our own
_ALIVE = "share.revoked_at IS NULL AND (share.expires_at IS NULL OR share.expires_at > :granted_at)"


def _page(table: str, key: str) -> str:
    """What makes a statement one page of rows after a cursor."""
    return f"""({table}.stamp, {key}) > (:from_stamp, :from_key) AND ({table}.stamp, {key}) <= (:to_stamp, :to_key)
     ORDER BY {table}.stamp, {key} LIMIT :limit"""


PHOTO_COLUMNS = """photo.photo_id, photo.owner_id, photo.original_name, photo.checksum, photo.kind, photo.visibility,
           photo.is_favorite, photo.taken_at, photo.modified_at, photo.local_taken_at, photo.created_at,
           photo.deleted_at, photo.duration_ms, photo.width, photo.height, photo.thumbhash, photo.live_video_id,
           photo.library_id, photo.owner_id = :viewer_id AS is_own"""
EXIF_COLUMNS = """photo_exif.photo_id, photo_exif.make, photo_exif.model, photo_exif.lens_model, photo_exif.exif_width,
           photo_exif.exif_height, photo_exif.orientation, photo_exif.date_time_original, photo_exif.modify_date,
           photo_exif.time_zone, photo_exif.f_number, photo_exif.focal_length, photo_exif.iso,
           photo_exif.exposure_time, photo_exif.latitude, photo_exif.longitude, photo_exif.projection_type,
           photo_exif.city, photo_exif.state, photo_exif.country, photo_exif.description, photo_exif.rating,
           photo_exif.fps, photo_exif.profile_description, photo.size_bytes"""
# An app hides a photo whose stack it does not know: only of own photos and partners' it is sent stacks.
_KNOWN_STACK = f"""
    CASE WHEN photo.owner_id = :viewer_id OR photo.owner_id IN {_PARTNERS} THEN photo.stack_id END AS stack_id
"""
# Whether a member may know what a photo's file is called.
_TOLD_BY_PARTNER = f"photo.owner_id IN {_TOLD_PARTNERS} AS is_told"
_TOLD_BY_ALBUM = f"""(photo.owner_id = :viewer_id OR photo.owner_id IN {_TOLD_PARTNERS} OR EXISTS (
               SELECT 1 FROM album_photo AS held
                WHERE held.photo_id = photo.photo_id AND held.album_id IN {_TOLD_ALBUMS})) AS is_told"""  # noqa: S608 - constants of our own
# Of a partner's photos, those that he shows; apps hide the others by what they are told of them.
_SHOWN_BY_PARTNER = "photo.deleted_at IS NULL AND photo.visibility IN ('timeline', 'hidden')"

MARKS = """
    SELECT user_mark.stamp, user_mark.user_id AS key, user_mark.user_id, user_mark.kind
      FROM user_mark
      JOIN user ON user.user_id = user_mark.user_id
     WHERE user_mark.kind IN (SELECT value FROM json_each(:kinds))
       AND (:user_id IS NULL OR user_mark.user_id = :user_id)
       AND user.purged_at IS NULL AND user.state <> 'pending'
       AND (user_mark.stamp, user_mark.user_id) > (:from_stamp, :from_key)
       AND (user_mark.stamp, user_mark.user_id) <= (:to_stamp, :to_key)
     ORDER BY user_mark.stamp, user_mark.user_id LIMIT :limit
"""
PARTNERS = f"""
    SELECT share.update_id AS mark, share.target_id AS shared_by_id, share.recipient_id AS shared_with_id,
           coalesce((SELECT share_member_state.in_timeline FROM share_member_state
                      WHERE share_member_state.share_id = share.share_id
                        AND share_member_state.user_id = share.recipient_id), 0) AS in_timeline
      FROM share
     WHERE share.target_type = 'user_library' AND share.recipient_type = 'user' AND {_ALIVE}
       AND (share.recipient_id = :viewer_id OR share.target_id = :viewer_id)
       AND share.update_id > :from_id AND share.update_id <= :to_id
     ORDER BY share.update_id LIMIT :limit
"""  # noqa: S608 - constants of our own
PHOTOS = f"""
    SELECT photo.stamp, photo.photo_id AS key, {PHOTO_COLUMNS}, photo.stack_id
      FROM photo
     WHERE +photo.owner_id = :viewer_id AND {_page("photo", "photo.photo_id")}
"""  # noqa: S608 - constants of our own
# Of a member with few photos these are sorted at once: to go past those of everybody else took 350 ms beside 100,000.
PHOTOS_OF_FEW = f"""
    SELECT photo.stamp, photo.photo_id AS key, {PHOTO_COLUMNS}, photo.stack_id
      FROM photo
     WHERE photo.owner_id = :viewer_id AND {_page("+photo", "+photo.photo_id")}
"""  # noqa: S608 - constants of our own
EXIFS_OF_FEW = f"""
    SELECT photo_exif.stamp, photo_exif.photo_id AS key, {EXIF_COLUMNS}
      FROM photo
     CROSS JOIN photo_exif ON photo_exif.photo_id = photo.photo_id
     WHERE photo.owner_id = :viewer_id AND {_page("+photo_exif", "+photo_exif.photo_id")}
"""  # noqa: S608 - constants of our own
COUNT = "SELECT coalesce(sum(photos), 0) AS photos FROM photo_month WHERE owner_id = :owner_id"
HAS_PARTNERS = f"SELECT EXISTS {_PARTNERS} AS has_partners"
PARTNER_PHOTOS = f"""
    SELECT photo.stamp, photo.photo_id AS key, {PHOTO_COLUMNS}, photo.stack_id, {_TOLD_BY_PARTNER}
      FROM photo
     WHERE +photo.owner_id IN {_PARTNERS} AND {_page("photo", "photo.photo_id")}
"""  # noqa: S608 - constants of our own
ONE_PARTNER_PHOTOS = f"""
    SELECT photo.stamp, photo.photo_id AS key, {PHOTO_COLUMNS}, photo.stack_id, {_TOLD_BY_PARTNER}
      FROM photo
     WHERE +photo.owner_id = :target_id AND {_page("photo", "photo.photo_id")}
"""  # noqa: S608 - constants of our own
STACKS = f"""
    SELECT stack.stamp, stack.stack_id AS key, stack.stack_id, stack.owner_id, stack.primary_photo_id,
           stack.created_at, stack.updated_at
      FROM stack
     WHERE stack.owner_id = :viewer_id AND {_page("stack", "stack.stack_id")}
"""  # noqa: S608 - constants of our own
PARTNER_STACKS = f"""
    SELECT stack.stamp, stack.stack_id AS key, stack.stack_id, stack.owner_id, stack.primary_photo_id,
           stack.created_at, stack.updated_at
      FROM stack
     WHERE stack.owner_id IN {_PARTNERS} AND {_page("stack", "stack.stack_id")}
"""  # noqa: S608 - constants of our own
ONE_PARTNER_STACKS = f"""
    SELECT stack.stamp, stack.stack_id AS key, stack.stack_id, stack.owner_id, stack.primary_photo_id,
           stack.created_at, stack.updated_at
      FROM stack
     WHERE stack.owner_id = :target_id AND {_page("stack", "stack.stack_id")}
"""  # noqa: S608 - constants of our own
ALBUM_PHOTOS = f"""
    SELECT album_photo.stamp, album_photo.photo_id AS key, {PHOTO_COLUMNS}, {_KNOWN_STACK}, {_TOLD_BY_ALBUM}
      FROM album_photo
     CROSS JOIN photo ON photo.photo_id = album_photo.photo_id
     WHERE +album_photo.album_id IN {_ALBUMS} AND {_GIVEN} AND {_page("album_photo", "album_photo.photo_id")}
"""  # noqa: S608 - constants of our own
ONE_ALBUM_PHOTOS = f"""
    SELECT album_photo.stamp, album_photo.photo_id AS key, {PHOTO_COLUMNS}, {_KNOWN_STACK}, {_TOLD_BY_ALBUM}
      FROM album_photo
     CROSS JOIN photo ON photo.photo_id = album_photo.photo_id
     WHERE album_photo.album_id = :target_id AND {_GIVEN} AND {_page("album_photo", "album_photo.photo_id")}
"""  # noqa: S608 - constants of our own
_KNOWN_MEMBER = f"""
    EXISTS (SELECT 1 FROM album_photo
             WHERE album_photo.photo_id = photo.photo_id AND album_photo.album_id IN {_ALBUMS} AND {_GIVEN}
               AND (album_photo.stamp, album_photo.photo_id) <= (:known_stamp, :known_key))
"""  # noqa: S608 - constants of our own
ALBUM_PHOTO_CHANGES = f"""
    SELECT photo.stamp, photo.photo_id AS key, {PHOTO_COLUMNS}, {_KNOWN_STACK}, {_TOLD_BY_ALBUM}
      FROM photo
     WHERE {_KNOWN_MEMBER} AND {_page("photo", "photo.photo_id")}
"""  # noqa: S608 - constants of our own
ALBUMS = f"""
    SELECT album.stamp, album.album_id AS key, album.album_id, album.owner_id, album.name, album.description,
           album.created_at, album.updated_at, album.cover_photo_id, album.is_activity_enabled, album.sort_order
      FROM album
     WHERE album.album_id IN {_ALBUMS} AND {_page("album", "album.album_id")}
"""  # noqa: S608 - constants of our own
# The owner is no row of `share`; the API's clients want him among the members.
_UUID7 = "printf('%08x-%04x-7000-8000-000000000000', album.stamp >> 16, album.stamp & 65535)"
_MEMBERS = f"""
    SELECT {_UUID7} AS mark, album.album_id, album.owner_id AS user_id, 'owner' AS role
      FROM album WHERE album.album_id IN {{albums}}
     UNION ALL
    SELECT share.update_id, share.target_id, share.recipient_id,
           CASE WHEN share.permissions & {int(Right.EDIT)} THEN 'editor' ELSE 'viewer' END
      FROM share
     WHERE share.target_type = 'collection' AND share.target_id IN {{albums}} AND share.recipient_type = 'user'
       AND {_ALIVE}
"""  # noqa: S608 - constants of our own
ALBUM_MEMBERS = f"""
    SELECT mark, album_id, user_id, role FROM ({_MEMBERS.format(albums=_ALBUMS)})
     WHERE mark > :from_id AND mark <= :to_id ORDER BY mark LIMIT :limit
"""  # noqa: S608 - constants of our own
ONE_ALBUM_MEMBERS = f"""
    SELECT mark, album_id, user_id, role FROM ({_MEMBERS.format(albums="(:target_id)")})
     WHERE mark > :from_id AND mark <= :to_id ORDER BY mark LIMIT :limit
"""  # noqa: S608 - constants of our own
ALBUM_CONTENTS = f"""
    SELECT album_photo.stamp, album_photo.photo_id AS key, album_photo.album_id, album_photo.photo_id
      FROM album_photo
     CROSS JOIN photo ON photo.photo_id = album_photo.photo_id
     WHERE +album_photo.album_id IN {_ALBUMS} AND {_GIVEN} AND {_page("album_photo", "album_photo.photo_id")}
"""  # noqa: S608 - constants of our own
ONE_ALBUM_CONTENTS = f"""
    SELECT album_photo.stamp, album_photo.photo_id AS key, album_photo.album_id, album_photo.photo_id
      FROM album_photo
     CROSS JOIN photo ON photo.photo_id = album_photo.photo_id
     WHERE album_photo.album_id = :target_id AND {_GIVEN} AND {_page("album_photo", "album_photo.photo_id")}
"""  # noqa: S608 - constants of our own
EXIFS = f"""
    SELECT photo_exif.stamp, photo_exif.photo_id AS key, {EXIF_COLUMNS}
      FROM photo_exif
     CROSS JOIN photo ON photo.photo_id = photo_exif.photo_id
     WHERE photo.owner_id = :viewer_id AND {_page("photo_exif", "photo_exif.photo_id")}
"""  # noqa: S608 - constants of our own
PARTNER_EXIFS = f"""
    SELECT photo_exif.stamp, photo_exif.photo_id AS key, {EXIF_COLUMNS}
      FROM photo_exif
     CROSS JOIN photo ON photo.photo_id = photo_exif.photo_id
     WHERE photo.owner_id IN {_TOLD_PARTNERS} AND {_SHOWN_BY_PARTNER}
       AND {_page("photo_exif", "photo_exif.photo_id")}
"""  # noqa: S608 - constants of our own
ONE_PARTNER_EXIFS = f"""
    SELECT photo_exif.stamp, photo_exif.photo_id AS key, {EXIF_COLUMNS}
      FROM photo_exif
     CROSS JOIN photo ON photo.photo_id = photo_exif.photo_id
     WHERE photo.owner_id = :target_id AND :target_id IN {_TOLD_PARTNERS} AND {_SHOWN_BY_PARTNER}
       AND {_page("photo_exif", "photo_exif.photo_id")}
"""  # noqa: S608 - constants of our own
_SHOWN_IN_ALBUM = "(photo.owner_id = :viewer_id OR (photo.deleted_at IS NULL AND photo.visibility <> 'locked'))"
ALBUM_EXIFS = f"""
    SELECT album_photo.stamp, album_photo.photo_id AS key, {EXIF_COLUMNS}
      FROM album_photo
     CROSS JOIN photo ON photo.photo_id = album_photo.photo_id
     CROSS JOIN photo_exif ON photo_exif.photo_id = album_photo.photo_id
     WHERE +album_photo.album_id IN {_TOLD_ALBUMS} AND {_GIVEN} AND {_SHOWN_IN_ALBUM}
       AND {_page("album_photo", "album_photo.photo_id")}
"""  # noqa: S608 - constants of our own
ONE_ALBUM_EXIFS = f"""
    SELECT album_photo.stamp, album_photo.photo_id AS key, {EXIF_COLUMNS}
      FROM album_photo
     CROSS JOIN photo ON photo.photo_id = album_photo.photo_id
     CROSS JOIN photo_exif ON photo_exif.photo_id = album_photo.photo_id
     WHERE album_photo.album_id = :target_id AND :target_id IN {_TOLD_ALBUMS} AND {_GIVEN} AND {_SHOWN_IN_ALBUM}
       AND {_page("album_photo", "album_photo.photo_id")}
"""  # noqa: S608 - constants of our own
ALBUM_EXIF_CHANGES = f"""
    SELECT photo_exif.stamp, photo_exif.photo_id AS key, {EXIF_COLUMNS}
      FROM photo_exif
     CROSS JOIN photo ON photo.photo_id = photo_exif.photo_id
     WHERE {_KNOWN_MEMBER.replace(_ALBUMS, _TOLD_ALBUMS)} AND {_SHOWN_IN_ALBUM}
       AND {_page("photo_exif", "photo_exif.photo_id")}
"""  # noqa: S608 - constants of our own
MEMORIES = f"""
    SELECT memory.stamp, memory.memory_id AS key, memory.memory_id, memory.owner_id, memory.year, memory.memory_at,
           memory.show_at, memory.hide_at, memory.seen_at, memory.is_saved, memory.created_at, memory.updated_at,
           memory.deleted_at
      FROM memory
     WHERE memory.owner_id = :viewer_id AND {_page("memory", "memory.memory_id")}
"""  # noqa: S608 - constants of our own
MEMORY_PHOTOS = f"""
    SELECT memory_photo.stamp, memory_photo.photo_id AS key, memory_photo.memory_id, memory_photo.photo_id
      FROM memory_photo
     CROSS JOIN memory ON memory.memory_id = memory_photo.memory_id
     WHERE memory.owner_id = :viewer_id AND {_page("memory_photo", "memory_photo.photo_id")}
"""  # noqa: S608 - constants of our own
PEOPLE = f"""
    SELECT person.stamp, person.person_id AS key, person.person_id, person.owner_id, person.name, person.birth_date,
           person.is_hidden, person.is_favorite, person.color, person.created_at, person.updated_at, person.face_id
      FROM person
     WHERE person.owner_id = :viewer_id AND {_page("person", "person.person_id")}
"""  # noqa: S608 - constants of our own
FACES = f"""
    SELECT face.stamp, face.face_id AS key, face.face_id, face.photo_id, face.person_id, face.image_width,
           face.image_height, face.x1, face.y1, face.x2, face.y2, face.source
      FROM face
     CROSS JOIN photo ON photo.photo_id = face.photo_id
     WHERE photo.owner_id = :viewer_id AND {_page("face", "face.face_id")}
"""  # noqa: S608 - constants of our own
METADATA = f"""
    SELECT photo_metadata.stamp, photo_metadata.photo_id AS key, photo_metadata.photo_id, photo_metadata.key AS name,
           photo_metadata.value
      FROM photo_metadata
     CROSS JOIN photo ON photo.photo_id = photo_metadata.photo_id
     WHERE photo.owner_id = :viewer_id AND {_page("photo_metadata", "photo_metadata.photo_id")}
"""  # noqa: S608 - constants of our own

_GONE = """
    SELECT photo_tombstone.stamp, '' AS key, photo_tombstone.ids
      FROM photo_tombstone
     WHERE photo_tombstone.kind = :kind AND photo_tombstone.user_id IN {whose}
       AND photo_tombstone.stamp > :from_stamp AND photo_tombstone.stamp <= :to_stamp
     ORDER BY photo_tombstone.stamp LIMIT :limit
"""
GONE = _GONE.format(whose="(:viewer_id, '')")
GONE_OF_PARTNERS = _GONE.format(whose=_PARTNERS)
GONE_OF_ALBUMS = _GONE.format(whose=_ALBUMS)

_GIVEN_TO = f"""
    (share.recipient_type = 'user' AND share.recipient_id = :viewer_id OR share.recipient_type = 'group')
       AND {_ALIVE} AND share.create_id IS NOT NULL AND share.create_id >= :since AND share.create_id <= :until
"""
NEW_ALBUMS = f"""
    SELECT share.create_id, share.target_id
      FROM share JOIN album ON album.album_id = share.target_id JOIN user ON user.user_id = album.owner_id
     WHERE share.target_type = 'collection' AND {_GIVEN_TO} AND album.deleted_at IS NULL AND user.state = 'active'
     ORDER BY share.create_id
"""  # noqa: S608 - constants of our own
NEW_PARTNERS = f"""
    SELECT share.create_id, share.target_id
      FROM share JOIN user ON user.user_id = share.target_id
     WHERE share.target_type = 'user_library' AND {_GIVEN_TO} AND user.state = 'active'
     ORDER BY share.create_id
"""  # noqa: S608 - constants of our own

CLOCK = "SELECT last_stamp FROM change_clock WHERE only = 1"
ACKS = "SELECT kind, ack, acked_at FROM sync_ack WHERE session_id = :session_id ORDER BY kind"
NEEDS_RESET = "SELECT needs_sync_reset FROM session WHERE session_id = :session_id"
SET_ACK = """
    INSERT INTO sync_ack (session_id, kind, ack, acked_at) VALUES (:session_id, :kind, :ack, :now)
    ON CONFLICT (session_id, kind) DO UPDATE SET ack = excluded.ack, acked_at = excluded.acked_at
"""
DROP_ACKS = """
    DELETE FROM sync_ack
     WHERE session_id = :session_id AND (:kinds IS NULL OR kind IN (SELECT value FROM json_each(:kinds)))
"""
BEGIN_ANEW = "UPDATE session SET needs_sync_reset = 0 WHERE session_id = :session_id"


async def last_stamp(read: Reader) -> int:
    return int((await read(CLOCK, {}))[0]["last_stamp"])


async def count(read: Reader, owner_id: str) -> int:
    """How many photos a member has, whatever becomes of them."""
    return int((await read(COUNT, {"owner_id": owner_id}))[0]["photos"])


async def has_partners(read: Reader, args: Mapping[str, object]) -> bool:
    """Whether anybody shows a member his photos."""
    return bool((await read(HAS_PARTNERS, args))[0]["has_partners"])


async def acks(read: Reader, session_id: str) -> Mapping[str, sqlite3.Row]:
    """What a session acknowledged last, by kind of line."""
    return {row["kind"]: row for row in await read(ACKS, {"session_id": session_id})}


async def needs_reset(read: Reader, session_id: str) -> bool:
    rows = await read(NEEDS_RESET, {"session_id": session_id})
    return bool(rows and rows[0]["needs_sync_reset"])


async def set_ack(tx: Write, session_id: str, kind: str, ack: str, *, now: int) -> None:
    await tx.run(SET_ACK, {"session_id": session_id, "kind": kind, "ack": ack, "now": now})


async def drop_acks(tx: Write, session_id: str, kinds: str | None = None) -> None:
    """Forget what a session acknowledged of these kinds (a JSON list), or of all."""
    await tx.run(DROP_ACKS, {"session_id": session_id, "kinds": kinds})


async def begin_anew(tx: Write, session_id: str) -> None:
    """Let a session know nothing, and not be told to begin anew any more."""
    await drop_acks(tx, session_id)
    await tx.run(BEGIN_ANEW, {"session_id": session_id})
