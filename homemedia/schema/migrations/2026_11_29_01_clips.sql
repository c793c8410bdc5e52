-- The family's feed: what somebody sent in, where its files lie, who watched it, and what was said about it.

CREATE TABLE clip (
    clip_id           TEXT PRIMARY KEY,
    added_by          TEXT    NOT NULL REFERENCES user (user_id),
    original_url      TEXT    NOT NULL UNIQUE,                    -- normalised; kept for ever
    platform          TEXT    NOT NULL,                           -- key of the table of platforms
    content_type      TEXT    NOT NULL CHECK (content_type IN ('video', 'music')),
    status            TEXT    NOT NULL CHECK (status IN ('downloading', 'ready', 'failed', 'deleted')),
    caption           TEXT,                                       -- the member's own words
    source_title      TEXT,                                       -- the source's
    video_file_id     INTEGER REFERENCES file (file_id) ON DELETE SET NULL,
    audio_file_id     INTEGER REFERENCES file (file_id) ON DELETE SET NULL,
    thumbnail_file_id INTEGER REFERENCES file (file_id) ON DELETE SET NULL,
    width             INTEGER,
    height            INTEGER,
    duration_ms       INTEGER,
    size_bytes        INTEGER,                                    -- of all its files
    artist            TEXT,
    album_art_url     TEXT,
    spotify_url       TEXT,
    apple_music_url   TEXT,
    youtube_music_url TEXT,
    creator_name      TEXT,
    creator_url       TEXT,
    source_view_count INTEGER,
    failure_code      TEXT,                                       -- too_large, unavailable, timed_out, …
    failure_reason    TEXT,                                       -- the sentence that goes with it
    starts            INTEGER NOT NULL DEFAULT 0,                 -- how often its download was begun
    heat              INTEGER NOT NULL DEFAULT 0,                 -- reactions, comments and views; kept by triggers
    created_at        INTEGER NOT NULL,
    ready_at          INTEGER,
    CHECK ((status = 'failed') = (failure_code IS NOT NULL))
) STRICT;

CREATE INDEX clip_by_status ON clip (status, created_at, clip_id);

CREATE INDEX clip_newest ON clip (created_at, clip_id);

-- What lists show: all but those whose time is over.
CREATE INDEX clip_listed ON clip (created_at, clip_id) WHERE status <> 'deleted';

CREATE INDEX clip_hottest ON clip (heat, source_view_count, created_at, clip_id) WHERE status <> 'deleted';

CREATE INDEX clip_of_member ON clip (added_by, created_at, clip_id) WHERE status <> 'deleted';

-- What takes room: the largest first, and the sum of all.
CREATE INDEX clip_largest ON clip (size_bytes, clip_id) WHERE status <> 'deleted';

CREATE INDEX clip_video_file ON clip (video_file_id) WHERE video_file_id IS NOT NULL;

CREATE INDEX clip_audio_file ON clip (audio_file_id) WHERE audio_file_id IS NOT NULL;

CREATE INDEX clip_thumbnail_file ON clip (thumbnail_file_id) WHERE thumbnail_file_id IS NOT NULL;

CREATE TABLE clip_watch (
    clip_id    TEXT    NOT NULL REFERENCES clip (clip_id) ON DELETE CASCADE,
    user_id    TEXT    NOT NULL REFERENCES user (user_id),
    percent    INTEGER CHECK (percent BETWEEN 0 AND 100),         -- only rises; NULL: nobody said how far
    watched_at INTEGER NOT NULL,                                  -- the first time
    PRIMARY KEY (clip_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX clip_watch_of_member ON clip_watch (user_id, watched_at, clip_id);

CREATE TABLE clip_favorite (
    clip_id    TEXT    NOT NULL REFERENCES clip (clip_id) ON DELETE CASCADE,
    user_id    TEXT    NOT NULL REFERENCES user (user_id),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (clip_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX clip_favorite_of_member ON clip_favorite (user_id, created_at, clip_id);

CREATE TABLE clip_reaction (
    clip_id    TEXT    NOT NULL REFERENCES clip (clip_id) ON DELETE CASCADE,
    user_id    TEXT    NOT NULL REFERENCES user (user_id),
    emoji      TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (clip_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE clip_comment (
    clip_comment_id TEXT PRIMARY KEY,
    clip_id         TEXT    NOT NULL REFERENCES clip (clip_id) ON DELETE CASCADE,
    user_id         TEXT    NOT NULL REFERENCES user (user_id),
    parent_id       TEXT REFERENCES clip_comment (clip_comment_id) ON DELETE CASCADE,
    text            TEXT    NOT NULL,
    gif_url         TEXT,
    created_at      INTEGER NOT NULL,
    CHECK (text <> '' OR gif_url IS NOT NULL)
) STRICT;

CREATE INDEX clip_comment_of_clip ON clip_comment (clip_id, created_at, user_id);

CREATE INDEX clip_comment_answers ON clip_comment (parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE clip_comment_heart (
    clip_comment_id TEXT    NOT NULL REFERENCES clip_comment (clip_comment_id) ON DELETE CASCADE,
    user_id         TEXT    NOT NULL REFERENCES user (user_id),
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (clip_comment_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE clip_comment_view (
    clip_id   TEXT    NOT NULL REFERENCES clip (clip_id) ON DELETE CASCADE,
    user_id   TEXT    NOT NULL REFERENCES user (user_id),
    viewed_at INTEGER NOT NULL,
    PRIMARY KEY (clip_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE clip_dismissal (
    clip_id      TEXT    NOT NULL REFERENCES clip (clip_id) ON DELETE CASCADE,
    user_id      TEXT    NOT NULL REFERENCES user (user_id),
    dismissed_at INTEGER NOT NULL,
    PRIMARY KEY (clip_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX clip_dismissal_of_member ON clip_dismissal (user_id, dismissed_at, clip_id);

-- What each active member has still to watch, kept as it changes: asking the other way round would pass over all that
-- was watched already. A clip stands here while it is ready, and he has neither watched nor put it aside.
CREATE TABLE clip_unwatched (
    user_id    TEXT    NOT NULL REFERENCES user (user_id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,                                  -- the clip's, as `added_by`
    clip_id    TEXT    NOT NULL REFERENCES clip (clip_id) ON DELETE CASCADE,
    added_by   TEXT    NOT NULL,
    PRIMARY KEY (user_id, created_at, clip_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX clip_unwatched_of_clip ON clip_unwatched (clip_id, user_id);

-- One of each contributor in turn.
CREATE INDEX clip_unwatched_in_turn ON clip_unwatched (user_id, added_by, created_at, clip_id);

CREATE TRIGGER clip_came_ready AFTER INSERT ON clip WHEN new.status = 'ready' BEGIN
    INSERT INTO clip_unwatched (user_id, created_at, clip_id, added_by)
    SELECT user.user_id, new.created_at, new.clip_id, new.added_by FROM user WHERE user.state = 'active';
END;

CREATE TRIGGER clip_became_ready AFTER UPDATE OF status ON clip
WHEN new.status = 'ready' AND old.status <> 'ready' BEGIN
    INSERT INTO clip_unwatched (user_id, created_at, clip_id, added_by)
    SELECT user.user_id, new.created_at, new.clip_id, new.added_by
      FROM user
     WHERE user.state = 'active'
       AND NOT EXISTS (SELECT 1 FROM clip_watch
                        WHERE clip_watch.clip_id = new.clip_id AND clip_watch.user_id = user.user_id)
       AND NOT EXISTS (SELECT 1 FROM clip_dismissal
                        WHERE clip_dismissal.clip_id = new.clip_id AND clip_dismissal.user_id = user.user_id)
        ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER clip_was_ready AFTER UPDATE OF status ON clip WHEN new.status <> 'ready' AND old.status = 'ready' BEGIN
    DELETE FROM clip_unwatched WHERE clip_id = new.clip_id;
END;

CREATE TRIGGER clip_was_watched AFTER INSERT ON clip_watch BEGIN
    DELETE FROM clip_unwatched WHERE clip_id = new.clip_id AND user_id = new.user_id;
    UPDATE clip SET heat = heat + 1 WHERE clip_id = new.clip_id;
END;

CREATE TRIGGER clip_was_unwatched AFTER DELETE ON clip_watch BEGIN
    INSERT INTO clip_unwatched (user_id, created_at, clip_id, added_by)
    SELECT old.user_id, clip.created_at, clip.clip_id, clip.added_by
      FROM clip
     WHERE clip.clip_id = old.clip_id AND clip.status = 'ready'
       AND EXISTS (SELECT 1 FROM user WHERE user.user_id = old.user_id AND user.state = 'active')
       AND NOT EXISTS (SELECT 1 FROM clip_dismissal
                        WHERE clip_dismissal.clip_id = old.clip_id AND clip_dismissal.user_id = old.user_id)
        ON CONFLICT DO NOTHING;
    UPDATE clip SET heat = heat - 1 WHERE clip_id = old.clip_id;
END;

CREATE TRIGGER clip_was_dismissed AFTER INSERT ON clip_dismissal BEGIN
    DELETE FROM clip_unwatched WHERE clip_id = new.clip_id AND user_id = new.user_id;
END;

CREATE TRIGGER clip_was_restored AFTER DELETE ON clip_dismissal BEGIN
    INSERT INTO clip_unwatched (user_id, created_at, clip_id, added_by)
    SELECT old.user_id, clip.created_at, clip.clip_id, clip.added_by
      FROM clip
     WHERE clip.clip_id = old.clip_id AND clip.status = 'ready'
       AND EXISTS (SELECT 1 FROM user WHERE user.user_id = old.user_id AND user.state = 'active')
       AND NOT EXISTS (SELECT 1 FROM clip_watch
                        WHERE clip_watch.clip_id = old.clip_id AND clip_watch.user_id = old.user_id)
        ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER clip_watcher_made AFTER INSERT ON user WHEN new.state = 'active' BEGIN
    INSERT INTO clip_unwatched (user_id, created_at, clip_id, added_by)
    SELECT new.user_id, clip.created_at, clip.clip_id, clip.added_by FROM clip WHERE clip.status = 'ready';
END;

-- Also somebody who was shut out for a while: what came meanwhile waits for him.
CREATE TRIGGER clip_watcher_came AFTER UPDATE OF state ON user WHEN new.state = 'active' AND old.state <> 'active' BEGIN
    INSERT INTO clip_unwatched (user_id, created_at, clip_id, added_by)
    SELECT new.user_id, clip.created_at, clip.clip_id, clip.added_by
      FROM clip
     WHERE clip.status = 'ready'
       AND NOT EXISTS (SELECT 1 FROM clip_watch
                        WHERE clip_watch.clip_id = clip.clip_id AND clip_watch.user_id = new.user_id)
       AND NOT EXISTS (SELECT 1 FROM clip_dismissal
                        WHERE clip_dismissal.clip_id = clip.clip_id AND clip_dismissal.user_id = new.user_id)
        ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER clip_watcher_left AFTER UPDATE OF state ON user WHEN new.state = 'removed' BEGIN
    DELETE FROM clip_unwatched WHERE user_id = new.user_id;
END;

CREATE TRIGGER clip_warmed_by_reaction AFTER INSERT ON clip_reaction BEGIN
    UPDATE clip SET heat = heat + 1 WHERE clip_id = new.clip_id;
END;

CREATE TRIGGER clip_cooled_by_reaction AFTER DELETE ON clip_reaction BEGIN
    UPDATE clip SET heat = heat - 1 WHERE clip_id = old.clip_id;
END;

CREATE TRIGGER clip_warmed_by_comment AFTER INSERT ON clip_comment BEGIN
    UPDATE clip SET heat = heat + 1 WHERE clip_id = new.clip_id;
END;

CREATE TRIGGER clip_cooled_by_comment AFTER DELETE ON clip_comment BEGIN
    UPDATE clip SET heat = heat - 1 WHERE clip_id = old.clip_id;
END;

-- What all clips take is asked at every link that comes in, and the largest are shown first.
CREATE INDEX clip_by_size ON clip (size_bytes) WHERE size_bytes IS NOT NULL;

-- A member's own token for shortcuts of phones: nobody needs to say who sends then. Only its hash is kept.
CREATE TABLE clip_share_token (
    user_id    TEXT PRIMARY KEY REFERENCES user (user_id) ON DELETE CASCADE,
    token_hash TEXT    NOT NULL UNIQUE,                           -- SHA-256, hex
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
