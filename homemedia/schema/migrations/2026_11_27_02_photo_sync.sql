-- What keeps the photo API's apps up to date: which rows changed since they last asked, and which are gone. Rows that go
-- leave their tombstone by trigger, so that none is forgotten, however they go; what goes along with a row named in a
-- tombstone leaves none, since apps drop it with that row.

-- What is shown of members and has no stamp of its own.
CREATE TABLE user_mark (
    user_id TEXT    NOT NULL REFERENCES user (user_id) ON DELETE CASCADE,
    kind    TEXT    NOT NULL CHECK (kind IN ('public', 'account', 'preferences', 'onboarding')),
    stamp   INTEGER NOT NULL,
    PRIMARY KEY (user_id, kind)
) STRICT, WITHOUT ROWID;

UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
INSERT INTO user_mark (user_id, kind, stamp)
SELECT user.user_id, kinds.value, change_clock.last_stamp
  FROM user, json_each('["public", "account", "preferences", "onboarding"]') AS kinds, change_clock;

CREATE TRIGGER user_marked AFTER INSERT ON user BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    INSERT INTO user_mark (user_id, kind, stamp)
    SELECT new.user_id, kinds.value, change_clock.last_stamp
      FROM json_each('["public", "account", "preferences", "onboarding"]') AS kinds, change_clock;
END;

CREATE TRIGGER user_public_marked
AFTER UPDATE OF username, email, display_name, avatar_color, avatar_changed_at, state, removed_at ON user BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    UPDATE user_mark SET stamp = (SELECT last_stamp FROM change_clock)
     WHERE user_id = new.user_id AND kind IN ('public', 'account');
END;

CREATE TRIGGER user_account_marked
AFTER UPDATE OF is_admin, pin_hash, storage_label, quota_bytes, used_bytes ON user BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    UPDATE user_mark SET stamp = (SELECT last_stamp FROM change_clock)
     WHERE user_id = new.user_id AND kind = 'account';
END;

CREATE TRIGGER user_onboarding_marked AFTER UPDATE OF is_onboarded ON user BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    UPDATE user_mark SET stamp = (SELECT last_stamp FROM change_clock)
     WHERE user_id = new.user_id AND kind = 'onboarding';
END;

CREATE TRIGGER preference_added_marked AFTER INSERT ON preference WHEN new.area IN ('photos', 'playback') BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    UPDATE user_mark SET stamp = (SELECT last_stamp FROM change_clock)
     WHERE user_id = new.user_id AND kind = 'preferences';
END;

CREATE TRIGGER preference_changed_marked AFTER UPDATE ON preference WHEN new.area IN ('photos', 'playback') BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    UPDATE user_mark SET stamp = (SELECT last_stamp FROM change_clock)
     WHERE user_id = new.user_id AND kind = 'preferences';
END;

-- A member who goes takes along what others were shown, and one who comes back brings it again: their apps begin anew.
CREATE TRIGGER user_shared_reset AFTER UPDATE OF state ON user WHEN new.state <> old.state BEGIN
    UPDATE session SET needs_sync_reset = 1
     WHERE revoked_at IS NULL AND user_id IN (
        SELECT share.recipient_id FROM share
         WHERE share.owner_id = new.user_id AND share.recipient_type = 'user' AND share.revoked_at IS NULL);
END;

CREATE TRIGGER user_purged_told AFTER UPDATE OF purged_at ON user
WHEN new.purged_at IS NOT NULL AND old.purged_at IS NULL BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    INSERT INTO photo_tombstone (stamp, kind, user_id, ids, deleted_at)
    SELECT last_stamp, 'user', '', json_object('userId', new.user_id),
           CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
      FROM change_clock;
END;

-- What a partner may not see of a photo lies in its EXIF row as well, which is sent again once he may.
CREATE TRIGGER photo_shown_again AFTER UPDATE OF visibility, deleted_at ON photo
WHEN (new.visibility, new.deleted_at IS NULL) <> (old.visibility, old.deleted_at IS NULL) BEGIN
    UPDATE photo_exif SET stamp = new.stamp WHERE photo_id = new.photo_id;
END;

CREATE TRIGGER photo_gone_told AFTER DELETE ON photo BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    INSERT INTO photo_tombstone (stamp, kind, user_id, ids, deleted_at)
    SELECT last_stamp, 'asset', old.owner_id, json_object('assetId', old.photo_id),
           CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
      FROM change_clock;
END;

CREATE TRIGGER photo_metadata_gone_told AFTER DELETE ON photo_metadata
WHEN EXISTS (SELECT 1 FROM photo WHERE photo.photo_id = old.photo_id) BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    INSERT INTO photo_tombstone (stamp, kind, user_id, ids, deleted_at)
    SELECT change_clock.last_stamp, 'asset_metadata', photo.owner_id,
           json_object('assetId', old.photo_id, 'key', old.key),
           CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
      FROM change_clock JOIN photo ON photo.photo_id = old.photo_id;
END;

CREATE TRIGGER stack_gone_told AFTER DELETE ON stack BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    INSERT INTO photo_tombstone (stamp, kind, user_id, ids, deleted_at)
    SELECT last_stamp, 'stack', old.owner_id, json_object('stackId', old.stack_id),
           CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
      FROM change_clock;
END;

CREATE TRIGGER album_gone_told AFTER DELETE ON album WHEN old.deleted_at IS NULL BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    INSERT INTO photo_tombstone (stamp, kind, user_id, ids, deleted_at)
    SELECT last_stamp, 'album', old.owner_id, json_object('albumId', old.album_id),
           CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
      FROM change_clock;
END;

CREATE TRIGGER album_deleted_told AFTER UPDATE OF deleted_at ON album
WHEN new.deleted_at IS NOT NULL AND old.deleted_at IS NULL BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    INSERT INTO photo_tombstone (stamp, kind, user_id, ids, deleted_at)
    SELECT last_stamp, 'album', old.owner_id, json_object('albumId', old.album_id),
           CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
      FROM change_clock;
END;

CREATE TRIGGER album_photo_gone_told AFTER DELETE ON album_photo
WHEN EXISTS (SELECT 1 FROM album WHERE album.album_id = old.album_id) BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    INSERT INTO photo_tombstone (stamp, kind, user_id, ids, deleted_at)
    SELECT last_stamp, 'album_asset', old.album_id, json_object('albumId', old.album_id, 'assetId', old.photo_id),
           CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
      FROM change_clock;
END;

CREATE TRIGGER share_ended_told AFTER UPDATE OF revoked_at ON share
WHEN new.revoked_at IS NOT NULL AND old.revoked_at IS NULL AND new.recipient_type = 'user'
 AND new.target_type IN ('collection', 'user_library')
 AND NOT EXISTS (SELECT 1 FROM share
                  WHERE share.target_type = new.target_type AND share.target_id = new.target_id
                    AND share.recipient_id = new.recipient_id AND share.revoked_at IS NULL) BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 2 WHERE only = 1;
    INSERT INTO photo_tombstone (stamp, kind, user_id, ids, deleted_at)
    SELECT last_stamp - 1, 'album', new.recipient_id, json_object('albumId', new.target_id),
           CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
      FROM change_clock WHERE new.target_type = 'collection'
     UNION ALL
    SELECT last_stamp, 'album_user', new.target_id, json_object('albumId', new.target_id, 'userId', new.recipient_id),
           CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
      FROM change_clock WHERE new.target_type = 'collection'
     UNION ALL
    SELECT last_stamp - 1, 'partner', new.recipient_id,
           json_object('sharedById', new.target_id, 'sharedWithId', new.recipient_id),
           CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
      FROM change_clock WHERE new.target_type = 'user_library'
     UNION ALL
    SELECT last_stamp, 'partner', new.target_id,
           json_object('sharedById', new.target_id, 'sharedWithId', new.recipient_id),
           CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
      FROM change_clock WHERE new.target_type = 'user_library';
END;

CREATE TRIGGER person_gone_told AFTER DELETE ON person BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    INSERT INTO photo_tombstone (stamp, kind, user_id, ids, deleted_at)
    SELECT last_stamp, 'person', old.owner_id, json_object('personId', old.person_id),
           CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
      FROM change_clock;
END;

CREATE TRIGGER face_gone_told AFTER DELETE ON face
WHEN EXISTS (SELECT 1 FROM photo WHERE photo.photo_id = old.photo_id) BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    INSERT INTO photo_tombstone (stamp, kind, user_id, ids, deleted_at)
    SELECT change_clock.last_stamp, 'face', photo.owner_id, json_object('assetFaceId', old.face_id),
           CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
      FROM change_clock JOIN photo ON photo.photo_id = old.photo_id;
END;

CREATE TRIGGER memory_gone_told AFTER DELETE ON memory BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    INSERT INTO photo_tombstone (stamp, kind, user_id, ids, deleted_at)
    SELECT last_stamp, 'memory', old.owner_id, json_object('memoryId', old.memory_id),
           CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
      FROM change_clock;
END;

CREATE TRIGGER memory_photo_gone_told AFTER DELETE ON memory_photo
WHEN EXISTS (SELECT 1 FROM memory WHERE memory.memory_id = old.memory_id) BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    INSERT INTO photo_tombstone (stamp, kind, user_id, ids, deleted_at)
    SELECT change_clock.last_stamp, 'memory_asset', memory.owner_id,
           json_object('memoryId', old.memory_id, 'assetId', old.photo_id),
           CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
      FROM change_clock JOIN memory ON memory.memory_id = old.memory_id;
END;

-- An album is news for whom it was just given to, however old it is.
CREATE TRIGGER album_given_told AFTER INSERT ON share WHEN new.target_type = 'collection' BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    UPDATE album SET stamp = (SELECT last_stamp FROM change_clock) WHERE album_id = new.target_id;
END;

-- Rows in the order of their stamps, whoever owns them: apps are served page by page.
DROP INDEX photo_stamp;
CREATE INDEX photo_stamp ON photo (stamp, photo_id, owner_id);
CREATE INDEX photo_exif_stamp ON photo_exif (stamp, photo_id);
CREATE INDEX photo_metadata_stamp ON photo_metadata (stamp, photo_id);
CREATE INDEX album_photo_stamp ON album_photo (stamp, photo_id, album_id);
CREATE INDEX face_stamp ON face (stamp, face_id);
CREATE INDEX memory_photo_stamp ON memory_photo (stamp, photo_id);
