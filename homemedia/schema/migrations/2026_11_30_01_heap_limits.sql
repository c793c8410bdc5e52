-- What is told of files of blocks besides their size: when they were taken, and how they lie. First pages of documents.

ALTER TABLE block_file_fact ADD COLUMN orientation INTEGER;       -- EXIF number, 1 to 8
ALTER TABLE block_file_fact ADD COLUMN taken_at INTEGER;          -- ms since 1970 UTC

-- Looked into again at the next start.
DELETE FROM block_file_fact WHERE file_id IN (
    SELECT file_id FROM block_file WHERE mime = 'application/pdf' OR mime LIKE 'image/%' OR mime LIKE 'video/%'
);
