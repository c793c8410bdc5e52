-- Discovery: how many rated a title, where a special belongs among the episodes, which version of a show was played last.

ALTER TABLE item ADD COLUMN votes INTEGER;             -- how many people `rating` is the mean of; null when unknown
-- Of a special: it is seen before this episode of this season; after the whole season when the number is null.
ALTER TABLE item ADD COLUMN shown_season INTEGER;
ALTER TABLE item ADD COLUMN shown_number INTEGER;

ALTER TABLE watch_state ADD COLUMN version TEXT;       -- label of the version played last; of a show on its own identity
