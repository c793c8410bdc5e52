-- Whether what a share gives was found trashed or away when it was looked at last: its log tells when that changes.
ALTER TABLE share ADD COLUMN is_suspended INTEGER NOT NULL DEFAULT 0;

CREATE INDEX share_revoked ON share (revoked_at) WHERE revoked_at IS NOT NULL;

-- What is kept of who looked and downloaded is swept by age.
CREATE INDEX share_activity_age ON share_activity (action, happened_at);

-- Grants and what they give just now: 0 where who made one may not any more. A grant that was made from another gives no
-- more than that one, and not for longer; chains have three links at most. Ends are ms, all of them 2^62 at least where
-- there is none; whether that has come is for who asks.
CREATE VIEW share_standing AS
SELECT share.share_id, share.origin, share.owner_id, share.created_by, share.parent_share_id, share.target_type,
       share.target_id, share.recipient_type, share.recipient_id, share.inherit_to_children, share.expires_at,
       min(coalesce(share.expires_at, 1 << 62), coalesce(giver.expires_at, 1 << 62),
           coalesce(first.expires_at, 1 << 62)) AS ends_at,
       share.permissions & CASE
           WHEN share.parent_share_id IS NULL THEN
               CASE WHEN share.origin IN ('system', 'library_access', 'invite')
                      OR (maker.state = 'active'
                          AND (share.created_by = share.owner_id
                               OR (maker.is_admin AND share.owner_id = (SELECT household_id FROM household))))
                    THEN 255 ELSE 0 END
           WHEN maker.state IS NOT 'active' OR giver.revoked_at IS NOT NULL OR NOT giver.permissions & 64 THEN 0
           WHEN giver.parent_share_id IS NULL THEN giver.permissions &
               CASE WHEN giver.origin IN ('system', 'library_access', 'invite')
                      OR (passer.state = 'active'
                          AND (giver.created_by = giver.owner_id
                               OR (passer.is_admin AND giver.owner_id = (SELECT household_id FROM household))))
                    THEN 255 ELSE 0 END
           WHEN passer.state IS NOT 'active' OR first.revoked_at IS NOT NULL OR NOT first.permissions & 64
                OR first.parent_share_id IS NOT NULL THEN 0
           ELSE giver.permissions & first.permissions &
               CASE WHEN first.origin IN ('system', 'library_access', 'invite')
                      OR (beginner.state = 'active'
                          AND (first.created_by = first.owner_id
                               OR (beginner.is_admin AND first.owner_id = (SELECT household_id FROM household))))
                    THEN 255 ELSE 0 END
           END AS bits
  FROM share
  LEFT JOIN share AS giver ON giver.share_id = share.parent_share_id
  LEFT JOIN share AS first ON first.share_id = giver.parent_share_id
  LEFT JOIN user AS maker ON maker.user_id = share.created_by
  LEFT JOIN user AS passer ON passer.user_id = giver.created_by
  LEFT JOIN user AS beginner ON beginner.user_id = first.created_by
 WHERE share.revoked_at IS NULL;
