-- Guesses at a link count since its password or its token was changed: who changes one ends a lock (shares §6.4).
ALTER TABLE share ADD COLUMN secret_changed_at INTEGER;   -- ms since 1970 UTC

-- Whoever changes it: no route can forget to.
CREATE TRIGGER share_secret_changed AFTER UPDATE OF password_hash, token ON share
WHEN OLD.password_hash IS NOT NEW.password_hash OR OLD.token IS NOT NEW.token
BEGIN
    UPDATE share SET secret_changed_at = NEW.updated_at WHERE share_id = NEW.share_id;
END;
