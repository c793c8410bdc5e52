-- Photos: what they show. A model's vectors lie in a file of the cache; here stands which photo has which place in it.

CREATE TABLE photo_meaning (
    photo_id TEXT PRIMARY KEY REFERENCES photo (photo_id) ON DELETE CASCADE,
    model    TEXT NOT NULL,
    slot     INTEGER                                              -- null: its picture cannot be read
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX photo_meaning_slot ON photo_meaning (model, slot) WHERE slot IS NOT NULL;
