-- Whether somebody vouches for a member's e-mail address: an administrator who set it, a code that reached him there,
-- or the provider he came by. Of those that are known already nobody can say who entered them.

ALTER TABLE user ADD COLUMN is_email_verified INTEGER NOT NULL DEFAULT 0;
