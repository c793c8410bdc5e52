-- Which versions of the program brought this database to where it is, so that an older one can say what it needs.
-- `copy` names the copy in the folder of backups that was made before this version changed the schema; NULL: it did not.
CREATE TABLE program_version (
    version TEXT PRIMARY KEY,
    began_at INTEGER NOT NULL,
    copy TEXT
) STRICT, WITHOUT ROWID;
