-- The household: more ways in, invites, what is taken away from members, and the one table of grants.

ALTER TABLE household ADD COLUMN accent_name TEXT;

ALTER TABLE user ADD COLUMN phone TEXT;
ALTER TABLE user ADD COLUMN pin_hash TEXT;
ALTER TABLE user ADD COLUMN pending_for TEXT;                     -- of a pending member: 'approval' or 'onboarding'
ALTER TABLE user ADD COLUMN quota_bytes INTEGER;                  -- NULL for none
ALTER TABLE user ADD COLUMN used_bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE user ADD COLUMN storage_label TEXT;
ALTER TABLE user ADD COLUMN avatar_color TEXT;                    -- a word of the photo API; NULL for the one of the e-mail
ALTER TABLE user ADD COLUMN avatar_changed_at INTEGER;            -- NULL when there is no picture
ALTER TABLE user ADD COLUMN must_change_password INTEGER NOT NULL DEFAULT 0;
ALTER TABLE user ADD COLUMN is_onboarded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE user ADD COLUMN updated_at INTEGER;
ALTER TABLE user ADD COLUMN removed_at INTEGER;
ALTER TABLE user ADD COLUMN purge_at INTEGER;                     -- NULL: removed, and nothing is purged

CREATE UNIQUE INDEX user_phone ON user (phone) WHERE state <> 'removed' AND phone IS NOT NULL;
CREATE INDEX user_purge ON user (purge_at) WHERE purge_at IS NOT NULL;

ALTER TABLE session ADD COLUMN parent_session_id TEXT;
ALTER TABLE session ADD COLUMN elevated_until_at INTEGER;
ALTER TABLE session ADD COLUMN needs_sync_reset INTEGER NOT NULL DEFAULT 0;

CREATE INDEX session_parent ON session (parent_session_id) WHERE parent_session_id IS NOT NULL;

CREATE TABLE user_key (
    public_key   TEXT PRIMARY KEY,                                -- base58
    user_id      TEXT    NOT NULL REFERENCES user (user_id) ON DELETE CASCADE,
    label        TEXT    NOT NULL DEFAULT '',                     -- the e-mail address its owner named, a hint alone
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX user_key_user ON user_key (user_id);

CREATE TABLE user_identity (
    issuer    TEXT    NOT NULL,
    subject   TEXT    NOT NULL,
    user_id   TEXT    NOT NULL REFERENCES user (user_id) ON DELETE CASCADE,
    linked_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;

CREATE INDEX user_identity_user ON user_identity (user_id);

CREATE TABLE api_key (
    api_key_id   TEXT PRIMARY KEY,
    user_id      TEXT    NOT NULL REFERENCES user (user_id) ON DELETE CASCADE,
    name         TEXT    NOT NULL,
    secret_hash  BLOB    NOT NULL UNIQUE,                         -- SHA-256: the secret is 32 random bytes
    permissions  TEXT    NOT NULL CHECK (json_valid(permissions)),
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    last_used_at INTEGER
) STRICT;

CREATE INDEX api_key_user ON api_key (user_id, created_at);

CREATE TABLE refresh_token (
    jti_hash   BLOB PRIMARY KEY,                                  -- SHA-256
    session_id TEXT    NOT NULL REFERENCES session (session_id) ON DELETE CASCADE,
    issued_at  INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER,
    successor  BLOB
) STRICT, WITHOUT ROWID;

CREATE INDEX refresh_token_session ON refresh_token (session_id);

-- Codes to a phone or an address, challenges to sign, states of an outside sign-in, codes that pair a device.
CREATE TABLE challenge (
    challenge_hash BLOB PRIMARY KEY,                              -- SHA-256; of a short code, keyed with the subject
    kind           TEXT    NOT NULL CHECK (kind IN ('code', 'key', 'oidc', 'pairing')),
    subject        TEXT    NOT NULL,                              -- phone, public key, state, …
    address        TEXT    NOT NULL DEFAULT '',
    data           TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(data)),
    tries          INTEGER NOT NULL DEFAULT 0,
    created_at     INTEGER NOT NULL,
    expires_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX challenge_subject ON challenge (kind, subject, created_at);
CREATE INDEX challenge_expiry ON challenge (expires_at);

CREATE TABLE invite (
    invite_id          TEXT PRIMARY KEY,
    token_hash         BLOB UNIQUE,                               -- NULL for the standing one
    code               TEXT UNIQUE,                               -- readable: the standing one alone
    is_standing        INTEGER NOT NULL DEFAULT 0 CHECK (is_standing IN (0, 1)),
    label              TEXT    NOT NULL DEFAULT '',
    libraries          TEXT    NOT NULL DEFAULT '"all"' CHECK (json_valid(libraries)),
    restriction        TEXT CHECK (restriction IS NULL OR json_valid(restriction)),
    max_uses           INTEGER,                                   -- NULL for the standing one
    use_count          INTEGER NOT NULL DEFAULT 0,
    created_by         TEXT,
    created_at         INTEGER NOT NULL,
    expires_at         INTEGER,
    account_expires_ms INTEGER,
    revoked_at         INTEGER,
    CHECK ((token_hash IS NULL) = (is_standing = 1)),
    CHECK ((code IS NOT NULL) = (is_standing = 1))
) STRICT;

CREATE UNIQUE INDEX invite_standing ON invite (is_standing) WHERE is_standing = 1 AND revoked_at IS NULL;
CREATE INDEX invite_newest ON invite (created_at);

CREATE TABLE invite_use (
    invite_id TEXT    NOT NULL REFERENCES invite (invite_id) ON DELETE CASCADE,
    user_id   TEXT    NOT NULL,
    used_at   INTEGER NOT NULL,
    PRIMARY KEY (invite_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE restriction (
    user_id          TEXT PRIMARY KEY REFERENCES user (user_id) ON DELETE CASCADE,
    max_age          INTEGER,
    allowed_ratings  TEXT    NOT NULL DEFAULT '[]' CHECK (json_valid(allowed_ratings)),
    blocked_ratings  TEXT    NOT NULL DEFAULT '[]' CHECK (json_valid(blocked_ratings)),
    blocks_unrated   INTEGER NOT NULL DEFAULT 0 CHECK (blocks_unrated IN (0, 1)),
    allowed_labels   TEXT    NOT NULL DEFAULT '[]' CHECK (json_valid(allowed_labels)),
    blocked_labels   TEXT    NOT NULL DEFAULT '[]' CHECK (json_valid(blocked_labels)),
    allows_transcode INTEGER NOT NULL DEFAULT 1 CHECK (allows_transcode IN (0, 1)),
    allows_download  INTEGER NOT NULL DEFAULT 1 CHECK (allows_download IN (0, 1)),
    max_streams      INTEGER,
    max_bitrate      INTEGER,                                     -- bits/s
    schedule         TEXT    NOT NULL DEFAULT '[]' CHECK (json_valid(schedule))
) STRICT, WITHOUT ROWID;

CREATE TABLE preference (
    user_id  TEXT NOT NULL REFERENCES user (user_id) ON DELETE CASCADE,
    area     TEXT NOT NULL CHECK (area IN ('playback', 'photos', 'clips', 'notifications')),
    document TEXT NOT NULL CHECK (json_valid(document)),
    PRIMARY KEY (user_id, area)
) STRICT, WITHOUT ROWID;

CREATE TABLE share (
    share_id            TEXT PRIMARY KEY,
    origin              TEXT    NOT NULL DEFAULT 'share' CHECK (origin IN
        ('share', 'photo_link', 'album_user', 'partner', 'library_access', 'invite', 'system')),
    owner_id            TEXT    NOT NULL,
    created_by          TEXT    NOT NULL,
    parent_share_id     TEXT REFERENCES share (share_id) ON DELETE CASCADE,
    target_type         TEXT    NOT NULL CHECK (target_type IN
        ('media', 'media_set', 'collection', 'folder', 'library', 'tag', 'saved_search', 'clip', 'heap', 'block',
         'user_library')),
    target_id           TEXT    NOT NULL,                         -- media_set: own id; user_library: the owner's user id
    recipient_type      TEXT    NOT NULL CHECK (recipient_type IN ('user', 'group', 'public_link')),
    recipient_id        TEXT,                                     -- user id; the household's id for 'group'
    permissions         INTEGER NOT NULL CHECK (permissions BETWEEN 1 AND 255 AND permissions & 1),
    inherit_to_children INTEGER NOT NULL DEFAULT 1,
    token               TEXT UNIQUE,
    slug                TEXT COLLATE NOCASE UNIQUE,
    password_hash       TEXT,
    require_login       INTEGER NOT NULL DEFAULT 0,
    max_accesses        INTEGER CHECK (max_accesses IS NULL OR max_accesses > 0),
    note                TEXT,
    label               TEXT,
    notify_on_access    INTEGER NOT NULL DEFAULT 1,
    expires_at          INTEGER,                                  -- all times: ms since 1970 UTC
    expiry_stage        INTEGER NOT NULL DEFAULT 0,               -- 0 none, 1 warned, 2 expiry handled
    access_count        INTEGER NOT NULL DEFAULT 0,
    last_accessed_at    INTEGER,
    epoch               INTEGER NOT NULL DEFAULT 1,               -- bumped by anything that must end open sessions
    create_id           TEXT,                                     -- UUIDv7 for photo sync: album members, partners
    update_id           TEXT,
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL,
    revoked_at          INTEGER,
    revoked_by          TEXT,
    revoke_reason       TEXT,
    CHECK ((recipient_type = 'public_link') = (recipient_id IS NULL)),
    CHECK ((recipient_type = 'public_link') = (token IS NOT NULL)),
    CHECK (recipient_type = 'public_link' OR
        (slug IS NULL AND password_hash IS NULL AND max_accesses IS NULL AND require_login = 0))
) STRICT;

CREATE UNIQUE INDEX share_one_grant ON share (created_by, target_type, target_id, recipient_type, recipient_id)
 WHERE revoked_at IS NULL AND recipient_id IS NOT NULL;
CREATE INDEX share_by_recipient ON share (recipient_type, recipient_id, target_type) WHERE revoked_at IS NULL;
CREATE INDEX share_by_target ON share (target_type, target_id) WHERE revoked_at IS NULL;
CREATE INDEX share_by_creator ON share (created_by, created_at DESC) WHERE revoked_at IS NULL;
CREATE INDEX share_by_parent ON share (parent_share_id) WHERE parent_share_id IS NOT NULL;
CREATE INDEX share_by_expiry ON share (expires_at) WHERE revoked_at IS NULL AND expires_at IS NOT NULL;

CREATE TABLE share_item (                                         -- media_set only
    share_id TEXT    NOT NULL REFERENCES share (share_id) ON DELETE CASCADE,
    media_id TEXT    NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (share_id, media_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX share_item_media ON share_item (media_id);

CREATE TABLE share_member_state (                                 -- what one recipient decided for himself
    share_id    TEXT    NOT NULL REFERENCES share (share_id) ON DELETE CASCADE,
    user_id     TEXT    NOT NULL,
    hidden      INTEGER NOT NULL DEFAULT 0,
    in_timeline INTEGER NOT NULL DEFAULT 0,
    seen_at     INTEGER,
    PRIMARY KEY (share_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE share_activity (
    share_activity_id INTEGER PRIMARY KEY AUTOINCREMENT,
    share_id          TEXT    NOT NULL REFERENCES share (share_id) ON DELETE CASCADE,
    happened_at       INTEGER NOT NULL,
    action            TEXT    NOT NULL,
    actor_id          TEXT,
    actor_ip          TEXT,
    ip_group          TEXT,                                       -- IPv4 address, or the /64 of an IPv6 address
    user_agent        TEXT,
    details           TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(details))
) STRICT;

CREATE INDEX share_activity_list ON share_activity (share_id, happened_at DESC, share_activity_id DESC);
CREATE INDEX share_activity_throttle ON share_activity (share_id, action, ip_group, happened_at);

-- Until now every member saw every library: each is granted to the household.
INSERT INTO share (share_id, origin, owner_id, created_by, target_type, target_id, recipient_type, recipient_id,
                   permissions, created_at, updated_at)
SELECT lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-8'
             || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))),
       'system', household.household_id, household.household_id, 'library', library.library_id, 'group',
       household.household_id, 163, library.created_at, library.created_at
  FROM library, household
 WHERE library.kind IN ('movie', 'show', 'video', 'music');
