-- Videos that every browser plays.

-- What was found out about a video, of the file as it was then: so that nothing is looked into or tried twice.
CREATE TABLE video_look (
    file_id    INTEGER PRIMARY KEY REFERENCES file (file_id) ON DELETE CASCADE,
    size_bytes INTEGER NOT NULL,                                  -- of the file, as mtime_ns
    mtime_ns   INTEGER NOT NULL,
    pipeline   INTEGER NOT NULL,                                  -- version of the maker: older ones are looked at anew
    outcome    TEXT    NOT NULL CHECK (outcome IN ('as_is', 'made', 'failed')),
    code       TEXT,                                              -- of what failed, why
    problem    TEXT,                                              -- the same as a sentence
    looked_at  INTEGER NOT NULL
) STRICT;

CREATE INDEX video_look_failed ON video_look (file_id) WHERE outcome = 'failed';

UPDATE photo SET todo = todo | 4 WHERE kind = 'VIDEO';
