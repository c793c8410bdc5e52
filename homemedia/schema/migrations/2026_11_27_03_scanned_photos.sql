-- Photos in folders that a library scans.

-- In the trash since then before its file went missing, so that it lies there again when the file is back.
ALTER TABLE photo ADD COLUMN trashed_before_at INTEGER;

CREATE INDEX file_picture_size ON file (size_bytes) WHERE kind = 'photo';
CREATE INDEX file_unhashed ON file (root_id, file_id)
    WHERE quick_hash IS NULL AND kind = 'photo' AND missing_since_at IS NULL;

-- Counted for administrators each time they look at their libraries.
DROP INDEX photo_library;
CREATE INDEX photo_library ON photo (library_id, deleted_at) WHERE library_id IS NOT NULL;
