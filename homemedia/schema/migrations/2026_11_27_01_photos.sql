-- Photos: pictures and videos that members keep, their albums, tags, people and memories. Files and items stay the
-- library's; a photo refers to one file. `stamp` is the change clock (what changed since a cursor), from which the photo
-- API's update ids are made.

CREATE TABLE photo (
    photo_id        TEXT PRIMARY KEY,                             -- UUID
    owner_id        TEXT    NOT NULL REFERENCES user (user_id),
    file_id         INTEGER NOT NULL UNIQUE REFERENCES file (file_id),
    library_id      TEXT REFERENCES library (library_id) ON DELETE CASCADE,  -- null: uploaded
    kind            TEXT    NOT NULL CHECK (kind IN ('IMAGE', 'VIDEO', 'AUDIO', 'OTHER')),
    checksum        BLOB    NOT NULL,                             -- SHA-1 of the bytes; of a scanned file, of its path
    original_name   TEXT    NOT NULL,
    size_bytes      INTEGER NOT NULL,
    taken_at        INTEGER NOT NULL,                             -- the instant, ms UTC
    local_taken_at  INTEGER NOT NULL,                             -- the clock on the wall, written as if UTC
    modified_at     INTEGER NOT NULL,                             -- of the file, as its device said
    month           INTEGER NOT NULL,                             -- of local_taken_at: year * 12 + month - 1
    duration_ms     INTEGER,                                      -- null for stills
    width           INTEGER,                                      -- upright
    height          INTEGER,
    thumbhash       BLOB,
    is_favorite     INTEGER NOT NULL DEFAULT 0 CHECK (is_favorite IN (0, 1)),
    visibility      TEXT    NOT NULL DEFAULT 'timeline' CHECK (visibility IN ('timeline', 'archive', 'hidden', 'locked')),
    live_video_id   TEXT REFERENCES photo (photo_id) ON DELETE SET NULL,
    stack_id        TEXT,
    duplicate_id    TEXT,
    device_asset_id TEXT    NOT NULL DEFAULT '',
    device_id       TEXT    NOT NULL DEFAULT '',
    is_offline      INTEGER NOT NULL DEFAULT 0 CHECK (is_offline IN (0, 1)),
    todo            INTEGER NOT NULL DEFAULT 3,                   -- still owed: 1 facts, 2 pictures, 4 playable rendition
    failure         TEXT,                                         -- why there are no pictures of it
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER,                                      -- in the trash since
    stamp           INTEGER NOT NULL
) STRICT;

-- One upload of the same bytes for each member, those in the trash included.
CREATE UNIQUE INDEX photo_checksum ON photo (owner_id, checksum) WHERE library_id IS NULL;
CREATE INDEX photo_timeline ON photo (owner_id, month, taken_at DESC, photo_id) WHERE deleted_at IS NULL;
CREATE INDEX photo_taken ON photo (owner_id, taken_at DESC, photo_id);
CREATE INDEX photo_stamp ON photo (owner_id, stamp);
CREATE INDEX photo_updated ON photo (owner_id, updated_at, photo_id);
CREATE INDEX photo_trash ON photo (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX photo_todo ON photo (todo, created_at) WHERE todo <> 0;
CREATE INDEX photo_live ON photo (live_video_id) WHERE live_video_id IS NOT NULL;
CREATE INDEX photo_stack ON photo (stack_id) WHERE stack_id IS NOT NULL;
CREATE INDEX photo_duplicate ON photo (owner_id, duplicate_id) WHERE duplicate_id IS NOT NULL;
CREATE INDEX photo_library ON photo (library_id) WHERE library_id IS NOT NULL;
-- By the bytes that hold the averages of a picture: what looks alike lies together.
CREATE INDEX photo_look ON photo (owner_id, hex(substr(thumbhash, 1, 3))) WHERE thumbhash IS NOT NULL;

-- What is told of a member's photos without counting them: one row for each kind of photo in a month.
CREATE TABLE photo_month (
    owner_id    TEXT    NOT NULL,
    month       INTEGER NOT NULL,
    visibility  TEXT    NOT NULL,
    is_favorite INTEGER NOT NULL,
    is_trashed  INTEGER NOT NULL,
    kind        TEXT    NOT NULL,
    photos      INTEGER NOT NULL,
    PRIMARY KEY (owner_id, month, visibility, is_favorite, is_trashed, kind)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER photo_counted AFTER INSERT ON photo BEGIN
    INSERT INTO photo_month (owner_id, month, visibility, is_favorite, is_trashed, kind, photos)
    VALUES (new.owner_id, new.month, new.visibility, new.is_favorite, new.deleted_at IS NOT NULL, new.kind, 1)
    ON CONFLICT DO UPDATE SET photos = photos + 1;
END;

CREATE TRIGGER photo_uncounted AFTER DELETE ON photo BEGIN
    UPDATE photo_month SET photos = photos - 1
    WHERE owner_id = old.owner_id AND month = old.month AND visibility = old.visibility AND is_favorite = old.is_favorite
      AND is_trashed = (old.deleted_at IS NOT NULL) AND kind = old.kind;
END;

CREATE TRIGGER photo_recounted AFTER UPDATE OF owner_id, month, visibility, is_favorite, deleted_at, kind ON photo
WHEN (new.owner_id, new.month, new.visibility, new.is_favorite, new.deleted_at IS NULL, new.kind)
  <> (old.owner_id, old.month, old.visibility, old.is_favorite, old.deleted_at IS NULL, old.kind)
BEGIN
    UPDATE photo_month SET photos = photos - 1
    WHERE owner_id = old.owner_id AND month = old.month AND visibility = old.visibility AND is_favorite = old.is_favorite
      AND is_trashed = (old.deleted_at IS NOT NULL) AND kind = old.kind;
    INSERT INTO photo_month (owner_id, month, visibility, is_favorite, is_trashed, kind, photos)
    VALUES (new.owner_id, new.month, new.visibility, new.is_favorite, new.deleted_at IS NOT NULL, new.kind, 1)
    ON CONFLICT DO UPDATE SET photos = photos + 1;
END;

CREATE TABLE photo_exif (
    photo_id            TEXT PRIMARY KEY REFERENCES photo (photo_id) ON DELETE CASCADE,
    make                TEXT,
    model               TEXT,
    lens_model          TEXT,
    exif_width          INTEGER,                                  -- as stored, before it is turned upright
    exif_height         INTEGER,
    orientation         TEXT,                                     -- the EXIF number as text
    date_time_original  INTEGER,                                  -- ms UTC
    modify_date         INTEGER,
    time_zone           TEXT,                                     -- IANA name, else UTC+2
    f_number            REAL,
    focal_length        REAL,
    iso                 INTEGER,
    exposure_time       TEXT,
    latitude            REAL,
    longitude           REAL,
    projection_type     TEXT,
    city                TEXT,
    state               TEXT,
    country             TEXT,
    description         TEXT    NOT NULL DEFAULT '',
    rating              INTEGER,
    fps                 REAL,
    profile_description TEXT,
    content_id          TEXT,                                     -- pairs the two files of a live photo
    locked              TEXT    NOT NULL DEFAULT '[]' CHECK (json_valid(locked)),  -- edited by hand: never overwritten
    stamp               INTEGER NOT NULL
) STRICT;

CREATE INDEX photo_exif_city ON photo_exif (country, state, city) WHERE country IS NOT NULL;
CREATE INDEX photo_exif_camera ON photo_exif (make, model, lens_model) WHERE make IS NOT NULL;
CREATE INDEX photo_exif_content ON photo_exif (content_id) WHERE content_id IS NOT NULL;

CREATE TABLE photo_metadata (                                     -- free, of the apps that sent them
    photo_id   TEXT    NOT NULL REFERENCES photo (photo_id) ON DELETE CASCADE,
    key        TEXT    NOT NULL,
    value      TEXT    NOT NULL CHECK (json_valid(value)),
    updated_at INTEGER NOT NULL,
    stamp      INTEGER NOT NULL,
    PRIMARY KEY (photo_id, key)
) STRICT, WITHOUT ROWID;

-- Pictures made of files, by the one maker; `variant` is a family's own name for a size.
CREATE TABLE rendition (
    file_id    INTEGER NOT NULL REFERENCES file (file_id) ON DELETE CASCADE,
    variant    TEXT    NOT NULL,                                  -- thumbnail, preview, fullsize, video, …
    pipeline   INTEGER NOT NULL,                                  -- version of the maker: older ones are made anew
    path       TEXT    NOT NULL,                                  -- below the folder of renditions
    mime       TEXT    NOT NULL,
    width      INTEGER,
    height     INTEGER,
    size_bytes INTEGER NOT NULL,
    made_at    INTEGER NOT NULL,
    PRIMARY KEY (file_id, variant)
) STRICT, WITHOUT ROWID;

-- Files that a member took away from here and that lie on a disk of his own: no scan brings them back.
CREATE TABLE dismissed_file (
    root_id      INTEGER NOT NULL REFERENCES root (root_id) ON DELETE CASCADE,
    path         TEXT    NOT NULL,
    slice        TEXT    NOT NULL,
    quick_hash   TEXT,
    dismissed_at INTEGER NOT NULL,
    PRIMARY KEY (root_id, path, slice)
) STRICT, WITHOUT ROWID;

CREATE TABLE album (
    album_id            TEXT PRIMARY KEY,
    owner_id            TEXT    NOT NULL REFERENCES user (user_id),
    name                TEXT    NOT NULL,
    description         TEXT    NOT NULL DEFAULT '',
    cover_photo_id      TEXT REFERENCES photo (photo_id) ON DELETE SET NULL,
    is_activity_enabled INTEGER NOT NULL DEFAULT 1 CHECK (is_activity_enabled IN (0, 1)),
    sort_order          TEXT    NOT NULL DEFAULT 'desc' CHECK (sort_order IN ('asc', 'desc')),
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL,
    deleted_at          INTEGER,
    stamp               INTEGER NOT NULL
) STRICT;
CREATE INDEX album_owner ON album (owner_id, created_at DESC) WHERE deleted_at IS NULL;

CREATE TABLE album_photo (
    album_id     TEXT    NOT NULL REFERENCES album (album_id) ON DELETE CASCADE,
    photo_id     TEXT    NOT NULL REFERENCES photo (photo_id) ON DELETE CASCADE,
    added_by     TEXT,
    added_at     INTEGER NOT NULL,
    stamp        INTEGER NOT NULL,
    PRIMARY KEY (album_id, photo_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX album_photo_photo ON album_photo (photo_id, album_id);

CREATE TABLE album_activity (
    album_activity_id TEXT PRIMARY KEY,
    album_id          TEXT    NOT NULL REFERENCES album (album_id) ON DELETE CASCADE,
    photo_id          TEXT REFERENCES photo (photo_id) ON DELETE CASCADE,
    user_id           TEXT    NOT NULL REFERENCES user (user_id),
    is_like           INTEGER NOT NULL CHECK (is_like IN (0, 1)),
    comment           TEXT,
    created_at        INTEGER NOT NULL,
    CHECK ((comment IS NULL) = (is_like = 1))
) STRICT;
CREATE INDEX album_activity_album ON album_activity (album_id, created_at);
CREATE UNIQUE INDEX album_activity_like ON album_activity (album_id, user_id, ifnull(photo_id, '')) WHERE is_like = 1;

CREATE TABLE stack (
    stack_id         TEXT PRIMARY KEY,
    owner_id         TEXT    NOT NULL REFERENCES user (user_id),
    primary_photo_id TEXT    NOT NULL REFERENCES photo (photo_id) ON DELETE CASCADE,
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    stamp            INTEGER NOT NULL
) STRICT;

CREATE TABLE tag (
    tag_id     TEXT PRIMARY KEY,
    owner_id   TEXT    NOT NULL REFERENCES user (user_id),
    value      TEXT    NOT NULL,                                  -- whole: "Places/Rome"
    parent_id  TEXT REFERENCES tag (tag_id) ON DELETE CASCADE,
    color      TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (owner_id, value)
) STRICT;
CREATE INDEX tag_parent ON tag (parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE photo_tag (
    photo_id TEXT NOT NULL REFERENCES photo (photo_id) ON DELETE CASCADE,
    tag_id   TEXT NOT NULL REFERENCES tag (tag_id) ON DELETE CASCADE,
    PRIMARY KEY (photo_id, tag_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX photo_tag_tag ON photo_tag (tag_id, photo_id);

CREATE TABLE person (
    person_id   TEXT PRIMARY KEY,
    owner_id    TEXT    NOT NULL REFERENCES user (user_id),
    name        TEXT    NOT NULL DEFAULT '',
    birth_date  TEXT,                                             -- YYYY-MM-DD
    color       TEXT,
    is_hidden   INTEGER NOT NULL DEFAULT 0 CHECK (is_hidden IN (0, 1)),
    is_favorite INTEGER NOT NULL DEFAULT 0 CHECK (is_favorite IN (0, 1)),
    face_id     TEXT,                                             -- whose picture stands for him
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    stamp       INTEGER NOT NULL
) STRICT;
CREATE INDEX person_owner ON person (owner_id, name);

CREATE TABLE face (
    face_id      TEXT PRIMARY KEY,
    photo_id     TEXT    NOT NULL REFERENCES photo (photo_id) ON DELETE CASCADE,
    person_id    TEXT REFERENCES person (person_id) ON DELETE SET NULL,
    image_width  INTEGER NOT NULL,
    image_height INTEGER NOT NULL,
    x1           INTEGER NOT NULL,
    y1           INTEGER NOT NULL,
    x2           INTEGER NOT NULL,
    y2           INTEGER NOT NULL,
    source       TEXT    NOT NULL,                                -- manual, exif, machine-learning
    stamp        INTEGER NOT NULL
) STRICT;
CREATE INDEX face_photo ON face (photo_id);
CREATE INDEX face_person ON face (person_id) WHERE person_id IS NOT NULL;

CREATE TABLE memory (
    memory_id  TEXT PRIMARY KEY,
    owner_id   TEXT    NOT NULL REFERENCES user (user_id),
    year       INTEGER NOT NULL,
    memory_at  INTEGER NOT NULL,
    show_at    INTEGER,
    hide_at    INTEGER,
    seen_at    INTEGER,
    is_saved   INTEGER NOT NULL DEFAULT 0 CHECK (is_saved IN (0, 1)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    stamp      INTEGER NOT NULL
) STRICT;
CREATE INDEX memory_owner ON memory (owner_id, memory_at);

CREATE TABLE memory_photo (
    memory_id TEXT    NOT NULL REFERENCES memory (memory_id) ON DELETE CASCADE,
    photo_id  TEXT    NOT NULL REFERENCES photo (photo_id) ON DELETE CASCADE,
    stamp     INTEGER NOT NULL,
    PRIMARY KEY (memory_id, photo_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX memory_photo_photo ON memory_photo (photo_id);

CREATE TABLE sync_ack (
    session_id TEXT NOT NULL REFERENCES session (session_id) ON DELETE CASCADE,
    kind       TEXT NOT NULL,                                     -- of entity, as the photo API names them
    ack        TEXT NOT NULL,
    acked_at   INTEGER NOT NULL,
    PRIMARY KEY (session_id, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE photo_tombstone (                                    -- what is gone, for 31 days
    stamp      INTEGER PRIMARY KEY,
    kind       TEXT    NOT NULL,                                  -- asset, album, album_user, album_asset, partner, stack, …
    user_id    TEXT    NOT NULL,                                  -- who is to be told; of what lies in an album, its id
    ids        TEXT    NOT NULL CHECK (json_valid(ids)),
    deleted_at INTEGER NOT NULL
) STRICT;
CREATE INDEX photo_tombstone_user ON photo_tombstone (user_id, kind, stamp);
CREATE INDEX photo_tombstone_age ON photo_tombstone (deleted_at);
