-- Folder heaps: a library of kind `folder` behind a heap, and a block for each of its files and folders.

ALTER TABLE heap ADD COLUMN library_id TEXT REFERENCES library (library_id) ON DELETE SET NULL;
ALTER TABLE heap ADD COLUMN read_only INTEGER NOT NULL DEFAULT 0 CHECK (read_only IN (0, 1));
ALTER TABLE heap ADD COLUMN delete_originals INTEGER NOT NULL DEFAULT 0 CHECK (delete_originals IN (0, 1));

CREATE UNIQUE INDEX heap_of_library ON heap (library_id) WHERE library_id IS NOT NULL;

-- Which block stands for which file. It is written before the block's document, so it is no reference.
CREATE TABLE block_of_file (
    file_id    INTEGER PRIMARY KEY REFERENCES file (file_id) ON DELETE CASCADE,
    block_id   TEXT    NOT NULL UNIQUE,
    heap_id    TEXT    NOT NULL REFERENCES heap (heap_id) ON DELETE CASCADE,
    hash       TEXT,                                              -- SHA-256 as the document says; NULL: it says nothing yet
    path       TEXT,                                              -- below the root, as the document says
    is_trashed INTEGER NOT NULL DEFAULT 0 CHECK (is_trashed IN (0, 1)) -- by a scan: comes back with its file
) STRICT;

CREATE INDEX block_of_file_of_heap ON block_of_file (heap_id);

CREATE TABLE block_of_folder (
    folder_id  INTEGER PRIMARY KEY REFERENCES folder (folder_id) ON DELETE CASCADE,
    block_id   TEXT    NOT NULL UNIQUE,
    heap_id    TEXT    NOT NULL REFERENCES heap (heap_id) ON DELETE CASCADE,
    is_written INTEGER NOT NULL DEFAULT 0 CHECK (is_written IN (0, 1)),
    is_trashed INTEGER NOT NULL DEFAULT 0 CHECK (is_trashed IN (0, 1))
) STRICT;

CREATE INDEX block_of_folder_of_heap ON block_of_folder (heap_id);

-- Files of such libraries are of one kind, whatever they hold.
CREATE INDEX file_any_size ON file (size_bytes) WHERE kind = 'file';

CREATE INDEX file_not_whole ON file (root_id, path) WHERE kind = 'file' AND sha256 IS NULL AND missing_since_at IS NULL;
