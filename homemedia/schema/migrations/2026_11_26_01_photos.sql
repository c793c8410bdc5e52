-- When what a removed member owned was dropped: from then on nothing brings him back.

ALTER TABLE user ADD COLUMN purged_at INTEGER;
