-- Accounts at the household's provider: by which address they are recognised by people, and which sign-in there opened a session here.

ALTER TABLE user_identity ADD COLUMN email TEXT;
ALTER TABLE user_identity ADD COLUMN last_used_at INTEGER;

ALTER TABLE session ADD COLUMN provider_sid TEXT;

CREATE INDEX session_provider ON session (provider_sid) WHERE provider_sid IS NOT NULL;
