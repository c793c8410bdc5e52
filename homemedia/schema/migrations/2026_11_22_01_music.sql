-- Music: what the tags of a file say, which artists a track or album belongs to, and playlists found beside the files.

-- As read from the file, so that naming a folder again reads no file; msgpack of media.audio.AudioTags.
CREATE TABLE audio_tags (
    file_id   INTEGER PRIMARY KEY REFERENCES file (file_id) ON DELETE CASCADE,
    has_cover INTEGER NOT NULL DEFAULT 0 CHECK (has_cover IN (0, 1)),
    tags      BLOB    NOT NULL
) STRICT;

-- Which artists' pages show an album or track, beside the artist it hangs below: further album artists, guests.
CREATE TABLE item_artist (
    artist_id INTEGER NOT NULL REFERENCES item (item_id) ON DELETE CASCADE,
    item_id   INTEGER NOT NULL REFERENCES item (item_id) ON DELETE CASCADE,
    position  INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (artist_id, item_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_artist_item ON item_artist (item_id, position);

-- Playlists of a music library (.m3u, .m3u8); `file_id` of the playlist itself.
CREATE TABLE playlist (
    playlist_id INTEGER PRIMARY KEY,
    library_id  TEXT    NOT NULL REFERENCES library (library_id) ON DELETE CASCADE,
    file_id     INTEGER NOT NULL UNIQUE REFERENCES file (file_id) ON DELETE CASCADE,
    title       TEXT    NOT NULL,
    sort_title  TEXT    NOT NULL,
    mark        TEXT    NOT NULL,                      -- size and mtime of what was read
    updated_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX playlist_library ON playlist (library_id, sort_title, playlist_id);

-- `path` as the playlist means it, below a root where it lies in one; the file behind it is looked for at each reading.
CREATE TABLE playlist_entry (
    playlist_id INTEGER NOT NULL REFERENCES playlist (playlist_id) ON DELETE CASCADE,
    position    INTEGER NOT NULL,
    path        TEXT    NOT NULL,
    title       TEXT,                                  -- of #EXTINF
    duration_ms INTEGER,
    root_id     INTEGER REFERENCES root (root_id) ON DELETE SET NULL,
    PRIMARY KEY (playlist_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX playlist_entry_path ON playlist_entry (root_id, path);

CREATE INDEX file_unread ON file (root_id, file_id) WHERE probed_at IS NULL AND kind = 'audio' AND missing_since_at IS NULL;
CREATE INDEX file_sound_size ON file (size_bytes) WHERE kind = 'audio';
CREATE INDEX file_playlist ON file (root_id) WHERE kind = 'playlist';
