-- What members say of photos is written beside them, and the films inside pictures are known for what they are.

-- Cut out of a motion photo: it never came by itself. Until now only such videos had no device.
ALTER TABLE photo ADD COLUMN is_embedded INTEGER NOT NULL DEFAULT 0 CHECK (is_embedded IN (0, 1));
UPDATE photo SET is_embedded = 1
 WHERE visibility = 'hidden' AND kind = 'VIDEO' AND library_id IS NULL AND device_id = '' AND device_asset_id = ''
   AND photo_id IN (SELECT live_video_id FROM photo WHERE live_video_id IS NOT NULL);

-- Photos whose XMP file does not say yet what a member has said.
CREATE TABLE photo_sidecar_due (
    photo_id TEXT PRIMARY KEY REFERENCES photo (photo_id) ON DELETE CASCADE,
    stamp    INTEGER NOT NULL                                     -- of the last word
) STRICT, WITHOUT ROWID;
CREATE INDEX photo_sidecar_due_stamp ON photo_sidecar_due (stamp);
