-- Finding photos: by what is said of them, by place and camera, and counting what is found.

-- Chosen and counted from the index alone.
DROP INDEX photo_taken;
CREATE INDEX photo_taken ON photo (owner_id, taken_at DESC, photo_id, visibility, deleted_at, kind, is_favorite, stack_id);
CREATE INDEX photo_created ON photo (owner_id, created_at DESC, photo_id, visibility, deleted_at, kind, is_favorite, stack_id);

DROP INDEX photo_exif_city;
CREATE INDEX photo_exif_country ON photo_exif (country, state, city, photo_id) WHERE country IS NOT NULL;
CREATE INDEX photo_exif_state ON photo_exif (state, photo_id) WHERE state IS NOT NULL;
CREATE INDEX photo_exif_city ON photo_exif (city, photo_id) WHERE city IS NOT NULL;
DROP INDEX photo_exif_camera;
CREATE INDEX photo_exif_make ON photo_exif (make, model, lens_model, photo_id) WHERE make IS NOT NULL;
CREATE INDEX photo_exif_model ON photo_exif (model, photo_id) WHERE model IS NOT NULL;
CREATE INDEX photo_exif_lens ON photo_exif (lens_model, photo_id) WHERE lens_model IS NOT NULL;
CREATE INDEX photo_exif_rating ON photo_exif (rating, photo_id) WHERE rating IS NOT NULL;
CREATE INDEX photo_exif_position ON photo_exif (latitude, longitude, photo_id) WHERE latitude IS NOT NULL;

-- Words in lower case without accents. `own_words` are of tags, people and albums, which are nobody's but the owner's.
CREATE TABLE photo_text (
    text_id     INTEGER PRIMARY KEY,
    photo_id    TEXT NOT NULL UNIQUE REFERENCES photo (photo_id) ON DELETE CASCADE,
    name        TEXT NOT NULL,
    path        TEXT NOT NULL,
    description TEXT NOT NULL,
    words       TEXT NOT NULL,                                    -- place, camera, date, kind, colour
    own_words   TEXT NOT NULL
) STRICT;

CREATE VIRTUAL TABLE photo_search USING fts5 (
    name, description, words, own_words,
    content = 'photo_text', content_rowid = 'text_id', tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);

CREATE TRIGGER photo_text_added AFTER INSERT ON photo_text BEGIN
    INSERT INTO photo_search (rowid, name, description, words, own_words)
    VALUES (new.text_id, new.name, new.description, new.words, new.own_words);
END;
CREATE TRIGGER photo_text_gone AFTER DELETE ON photo_text BEGIN
    INSERT INTO photo_search (photo_search, rowid, name, description, words, own_words)
    VALUES ('delete', old.text_id, old.name, old.description, old.words, old.own_words);
END;
CREATE TRIGGER photo_text_changed AFTER UPDATE ON photo_text BEGIN
    INSERT INTO photo_search (photo_search, rowid, name, description, words, own_words)
    VALUES ('delete', old.text_id, old.name, old.description, old.words, old.own_words);
    INSERT INTO photo_search (rowid, name, description, words, own_words)
    VALUES (new.text_id, new.name, new.description, new.words, new.own_words);
END;

-- Photos of which something is said that the index does not know yet; whoever writes need not think of it.
-- Never `INSERT OR IGNORE`: fired by what a foreign key does, it fails all the same.
CREATE TABLE photo_unindexed (
    photo_id TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TRIGGER photo_said AFTER INSERT ON photo BEGIN
    INSERT INTO photo_unindexed (photo_id) VALUES (new.photo_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER photo_resaid AFTER UPDATE OF original_name, file_id, kind, local_taken_at, width, height, thumbhash,
    live_video_id ON photo BEGIN
    INSERT INTO photo_unindexed (photo_id) VALUES (new.photo_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER photo_unsaid AFTER DELETE ON photo BEGIN
    DELETE FROM photo_unindexed WHERE photo_id = old.photo_id;
END;
CREATE TRIGGER photo_exif_said AFTER INSERT ON photo_exif BEGIN
    INSERT INTO photo_unindexed (photo_id) VALUES (new.photo_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER photo_exif_resaid AFTER UPDATE OF description, city, state, country, make, model, lens_model,
    projection_type ON photo_exif BEGIN
    INSERT INTO photo_unindexed (photo_id) VALUES (new.photo_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER photo_tag_said AFTER INSERT ON photo_tag BEGIN
    INSERT INTO photo_unindexed (photo_id) VALUES (new.photo_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER photo_tag_unsaid AFTER DELETE ON photo_tag BEGIN
    INSERT INTO photo_unindexed (photo_id) VALUES (old.photo_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER tag_resaid AFTER UPDATE OF value ON tag BEGIN
    INSERT INTO photo_unindexed (photo_id)
    SELECT photo_tag.photo_id FROM photo_tag WHERE photo_tag.tag_id = new.tag_id
        ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER face_said AFTER INSERT ON face BEGIN
    INSERT INTO photo_unindexed (photo_id) VALUES (new.photo_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER face_resaid AFTER UPDATE OF person_id ON face BEGIN
    INSERT INTO photo_unindexed (photo_id) VALUES (new.photo_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER face_unsaid AFTER DELETE ON face BEGIN
    INSERT INTO photo_unindexed (photo_id) VALUES (old.photo_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER person_resaid AFTER UPDATE OF name ON person BEGIN
    INSERT INTO photo_unindexed (photo_id)
    SELECT face.photo_id FROM face WHERE face.person_id = new.person_id
        ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER album_photo_said AFTER INSERT ON album_photo BEGIN
    INSERT INTO photo_unindexed (photo_id) VALUES (new.photo_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER album_photo_unsaid AFTER DELETE ON album_photo BEGIN
    INSERT INTO photo_unindexed (photo_id) VALUES (old.photo_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER album_resaid AFTER UPDATE OF name, deleted_at ON album BEGIN
    INSERT INTO photo_unindexed (photo_id)
    SELECT album_photo.photo_id FROM album_photo WHERE album_photo.album_id = new.album_id
        ON CONFLICT DO NOTHING;
END;
