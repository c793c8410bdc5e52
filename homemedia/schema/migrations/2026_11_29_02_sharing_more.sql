-- What a thing that is shared was called when it was looked at last: members are told of its end when it is gone already.
ALTER TABLE share ADD COLUMN last_title TEXT;

-- Apps that keep photos on a phone begin anew when what their member hides, may know, or has at all changes by itself.
CREATE TRIGGER share_hidden_reset AFTER UPDATE OF hidden ON share_member_state WHEN new.hidden <> old.hidden BEGIN
    UPDATE session SET needs_sync_reset = 1
     WHERE revoked_at IS NULL AND user_id = new.user_id
       AND EXISTS (SELECT 1 FROM share
                    WHERE share.share_id = new.share_id AND share.target_type IN ('collection', 'user_library'));
END;

CREATE TRIGGER share_hidden_first_reset AFTER INSERT ON share_member_state WHEN new.hidden BEGIN
    UPDATE session SET needs_sync_reset = 1
     WHERE revoked_at IS NULL AND user_id = new.user_id
       AND EXISTS (SELECT 1 FROM share
                    WHERE share.share_id = new.share_id AND share.target_type IN ('collection', 'user_library'));
END;

CREATE TRIGGER share_told_reset AFTER UPDATE OF permissions, expiry_stage ON share
WHEN new.recipient_type <> 'public_link' AND new.target_type IN ('collection', 'user_library')
 AND ((new.permissions & 128) <> (old.permissions & 128) OR (new.expiry_stage = 2) <> (old.expiry_stage = 2)) BEGIN
    UPDATE session SET needs_sync_reset = 1
     WHERE revoked_at IS NULL AND (new.recipient_type = 'group' OR user_id = new.recipient_id);
END;
