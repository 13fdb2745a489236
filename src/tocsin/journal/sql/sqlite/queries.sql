-- name: head
-- Where the journal ends.
SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1;

-- name: audience_head
-- The last number given in one audience's sequence.
SELECT max(audience_seq) FROM event WHERE audience = ? AND audience_seq IS NOT NULL;

-- name: add_event
-- Append one row.
INSERT INTO event (seq, kind, version, data, alert_id, audience, audience_seq, recorded_at, hash)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: add_identity
-- Take a message's name; a constraint fails if it is taken.
INSERT INTO identity (sender, identifier, content, alert_id) VALUES (?, ?, ?, ?);

-- name: add_key
-- Take an idempotency key; a constraint fails if it is taken.
INSERT INTO idempotency_key (credential, key, body, alert_id, revision, recorded_at)
VALUES (?, ?, ?, ?, ?, ?);

-- name: add_text
-- Keep words, unless they are kept already.
INSERT INTO text (content, words) VALUES (?, ?) ON CONFLICT (content) DO NOTHING;

-- name: note_reading
-- Keep what the clocks said, in place of what they said before.
INSERT INTO reading (id, boot_id, boot_s, wall) VALUES (1, ?, ?, ?)
ON CONFLICT (id) DO UPDATE
SET boot_id = excluded.boot_id, boot_s = excluded.boot_s, wall = excluded.wall;

-- name: read
-- Rows after a number, in order.
SELECT seq, kind, version, data, alert_id, audience, audience_seq, recorded_at, hash
FROM event WHERE seq > ? ORDER BY seq LIMIT ?;

-- name: read_audience
-- Rows of one audience's sequence after a number of that sequence, in order.
SELECT seq, kind, version, data, alert_id, audience, audience_seq, recorded_at, hash
FROM event WHERE audience = ? AND audience_seq IS NOT NULL AND audience_seq > ?
ORDER BY audience_seq LIMIT ?;

-- name: of
-- Every row of one alert, oldest first.
SELECT seq, kind, version, data, alert_id, audience, audience_seq, recorded_at, hash
FROM event WHERE alert_id = ? ORDER BY seq;

-- name: find
-- What is recorded under a message's name.
SELECT sender, identifier, content, alert_id FROM identity WHERE sender = ? AND identifier = ?;

-- name: find_key
-- What is recorded under an idempotency key.
SELECT credential, key, body, alert_id, revision FROM idempotency_key
WHERE credential = ? AND key = ?;

-- name: erase_text
-- Delete words that may no longer be kept; the rows that name their hash stay.
DELETE FROM text WHERE content = ?;

-- name: text
-- The words of a content hash.
SELECT words FROM text WHERE content = ?;

-- name: texts
-- All words with their hashes, in the order they were first used.
SELECT content, words FROM text ORDER BY rowid;

-- name: last_reading
-- What the clocks said last.
SELECT boot_id, boot_s, wall FROM reading WHERE id = 1;

-- name: forget_keys
-- Drop idempotency keys recorded before a time, but not those of the alerts in a JSON array.
DELETE FROM idempotency_key
WHERE recorded_at < ? AND alert_id NOT IN (SELECT value FROM json_each(?));
