-- What was watched, for administrators: one row for each sitting of a member before a title, kept for 90 days.

-- A sitting goes on while its player reports; after half an hour of silence the next report begins another.
CREATE TABLE sitting (
    sitting_id   INTEGER PRIMARY KEY,
    user_id      TEXT    NOT NULL REFERENCES user (user_id) ON DELETE CASCADE,
    identity_key TEXT    NOT NULL,
    title        TEXT    NOT NULL,                     -- what is said when the title is gone
    device_type  TEXT    NOT NULL,                     -- of the sign-in that began it; '' when nobody knows
    device_os    TEXT    NOT NULL,
    started_at   INTEGER NOT NULL,
    told_at      INTEGER NOT NULL,                     -- when the player reported last
    is_playing   INTEGER NOT NULL,                     -- by that report
    watched_ms   INTEGER NOT NULL DEFAULT 0,           -- how long it played, by the clock
    offset_ms    INTEGER NOT NULL,                     -- how far it came
    duration_ms  INTEGER,
    is_finished  INTEGER NOT NULL DEFAULT 0            -- it came to what counts as the end
) STRICT;

CREATE INDEX sitting_told ON sitting (told_at);
CREATE INDEX sitting_of ON sitting (user_id, identity_key, told_at);
