-- What the clip API says of the household. Who sets it are the clips; until then these are what it says.

ALTER TABLE household ADD COLUMN retention_days INTEGER;                          -- NULL keeps clips for ever
ALTER TABLE household ADD COLUMN max_file_mb INTEGER DEFAULT 500;                 -- NULL for no limit
ALTER TABLE household ADD COLUMN max_storage_mb INTEGER;
ALTER TABLE household ADD COLUMN platform_mode TEXT NOT NULL DEFAULT 'all' CHECK (platform_mode IN ('all', 'allow', 'block'));
ALTER TABLE household ADD COLUMN platform_list TEXT CHECK (platform_list IS NULL OR json_valid(platform_list));
ALTER TABLE household ADD COLUMN download_provider TEXT;
ALTER TABLE household ADD COLUMN shortcut_token TEXT;                             -- made when somebody first asks
ALTER TABLE household ADD COLUMN shortcut_url TEXT;
