-- Small pictures of films, for whoever looks for a scene: which were made, and of what nothing could be had.

-- `state`: wanted (somebody opened the film before there were any), made, failed, dropped (made once, thrown out for room).
-- It holds for a file of this size and time alone. The sheets lie in the cache folder.
CREATE TABLE trickplay (
    file_id     INTEGER PRIMARY KEY REFERENCES file (file_id) ON DELETE CASCADE,
    size_bytes  INTEGER NOT NULL,
    mtime_ns    INTEGER NOT NULL,
    form        INTEGER NOT NULL,                      -- of the sheets; what was made in an older one is made anew
    state       TEXT    NOT NULL CHECK (state IN ('wanted', 'made', 'failed', 'dropped')),
    layout      BLOB,                                  -- msgpack of media.trickplay.Layout, when made
    sheet_bytes INTEGER NOT NULL DEFAULT 0,            -- of all sheets together
    problem     TEXT,                                  -- why it failed: a code
    sentence    TEXT,                                  -- the same for people
    made_at     INTEGER NOT NULL,
    used_at     INTEGER NOT NULL,
    wanted_at   INTEGER                                -- when somebody asked for them in vain
) STRICT;

CREATE INDEX trickplay_used ON trickplay (used_at) WHERE state = 'made';
CREATE INDEX trickplay_wanted ON trickplay (wanted_at) WHERE wanted_at IS NOT NULL;
