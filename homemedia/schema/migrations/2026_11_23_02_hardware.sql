-- What encoders of this machine can do, found out by trying; kept because a trial takes seconds of the whole machine.

-- One device with one ffmpeg. What is no longer there is forgotten with the next trial.
CREATE TABLE encoder_trial (
    device         TEXT    NOT NULL,                   -- 'vaapi:/dev/dri/renderD128'; 'software' for the processor
    ffmpeg         TEXT    NOT NULL,                   -- path of the program
    ffmpeg_version TEXT    NOT NULL,
    encoder        TEXT    NOT NULL,                   -- the one for H.264
    is_ok          INTEGER NOT NULL CHECK (is_ok IN (0, 1)),
    fps            REAL,                               -- software: of 1080 lines, else of 720
    error          TEXT,
    found          BLOB    NOT NULL,                   -- msgpack of everything that was found out
    tried_at       INTEGER NOT NULL,
    PRIMARY KEY (device, ffmpeg)
) STRICT, WITHOUT ROWID;
