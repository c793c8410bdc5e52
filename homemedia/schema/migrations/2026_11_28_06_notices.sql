-- The one inbox: what members are told, where they want to hear it, and on which devices.

CREATE TABLE notification (
    notification_id TEXT PRIMARY KEY,
    user_id         TEXT    NOT NULL REFERENCES user (user_id) ON DELETE CASCADE,
    family          TEXT    NOT NULL,                             -- share, clip, photo, member, server
    type            TEXT    NOT NULL,
    share_id        TEXT REFERENCES share (share_id) ON DELETE SET NULL,
    subject_id      TEXT,
    actor_id        TEXT,
    details         TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(details)),
    fold_key        TEXT,                                         -- repeats fold into the one unread row of this key
    told_by         TEXT    NOT NULL,                             -- key of the job that wrote it last: it may run twice
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    read_at         INTEGER
) STRICT;

CREATE INDEX notification_unread ON notification (user_id, family, created_at DESC, notification_id DESC)
    WHERE read_at IS NULL;
CREATE INDEX notification_family ON notification (user_id, family, created_at DESC, notification_id DESC);
CREATE INDEX notification_inbox ON notification (user_id, updated_at DESC, notification_id DESC);
CREATE UNIQUE INDEX notification_fold ON notification (user_id, family, type, fold_key)
    WHERE read_at IS NULL AND fold_key IS NOT NULL;
CREATE INDEX notification_subject ON notification (family, subject_id) WHERE subject_id IS NOT NULL;
CREATE INDEX notification_share ON notification (share_id) WHERE share_id IS NOT NULL;
CREATE INDEX notification_end ON notification (updated_at) WHERE read_at IS NULL;
CREATE INDEX notification_read_end ON notification (read_at) WHERE read_at IS NOT NULL;

-- How many there are, kept beside the rows: badges are asked for every 30 s by every open page.
CREATE TABLE notification_count (
    user_id TEXT    NOT NULL REFERENCES user (user_id) ON DELETE CASCADE,
    family  TEXT    NOT NULL,
    unread  INTEGER NOT NULL DEFAULT 0,
    kept    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, family)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER notification_added_counted AFTER INSERT ON notification BEGIN
    INSERT INTO notification_count (user_id, family, unread, kept)
    VALUES (new.user_id, new.family, new.read_at IS NULL, 1)
    ON CONFLICT (user_id, family) DO UPDATE SET unread = unread + excluded.unread, kept = kept + 1;
END;

CREATE TRIGGER notification_read_counted AFTER UPDATE OF read_at ON notification
WHEN (old.read_at IS NULL) <> (new.read_at IS NULL) BEGIN
    UPDATE notification_count SET unread = unread + (new.read_at IS NULL) - (old.read_at IS NULL)
     WHERE user_id = new.user_id AND family = new.family;
END;

CREATE TRIGGER notification_gone_counted AFTER DELETE ON notification BEGIN
    UPDATE notification_count SET unread = unread - (old.read_at IS NULL), kept = kept - 1
     WHERE user_id = old.user_id AND family = old.family;
END;

-- A browser that shows notices although no page is open. It belongs to the sign-in it was made in, and ends with it.
CREATE TABLE push_subscription (
    push_subscription_id TEXT PRIMARY KEY,
    user_id    TEXT    NOT NULL REFERENCES user (user_id) ON DELETE CASCADE,
    session_id TEXT,
    endpoint   TEXT    NOT NULL UNIQUE,
    p256dh     TEXT    NOT NULL,
    auth       TEXT    NOT NULL,
    device     TEXT    NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT;

CREATE INDEX push_subscription_user ON push_subscription (user_id, created_at);

-- When a member was last sent what he missed, by mail.
CREATE TABLE digest (
    user_id TEXT    PRIMARY KEY REFERENCES user (user_id) ON DELETE CASCADE,
    sent_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
