-- The journal's tables. This file is never edited: a change is a new numbered file.

-- What was decided, in order. Times are microseconds since 1970-01-01T00:00Z.
CREATE TABLE event (
    seq          INTEGER PRIMARY KEY CHECK (seq > 0),
    kind         TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    data         BLOB    NOT NULL,
    alert_id     TEXT,
    audience     TEXT    NOT NULL,
    audience_seq INTEGER,
    recorded_at  INTEGER NOT NULL,
    hash         BLOB    NOT NULL
) STRICT;

CREATE INDEX event_by_alert ON event (alert_id) WHERE alert_id IS NOT NULL;
CREATE UNIQUE INDEX event_by_audience ON event (audience, audience_seq)
    WHERE audience_seq IS NOT NULL;

-- A slip of our own must not change the past; who means to is found by the hash chain.
CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
BEGIN
    SELECT raise(ABORT, 'the journal is append-only');
END;
CREATE TRIGGER event_is_never_removed BEFORE DELETE ON event
BEGIN
    SELECT raise(ABORT, 'the journal is append-only');
END;

-- A message's name is used once, for ever.
CREATE TABLE identity (
    sender     TEXT NOT NULL,
    identifier TEXT NOT NULL,
    content    TEXT NOT NULL,
    alert_id   TEXT NOT NULL,
    PRIMARY KEY (sender, identifier)
) STRICT, WITHOUT ROWID;

-- A client's key for one request.
CREATE TABLE idempotency_key (
    credential  TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    body        TEXT    NOT NULL,
    alert_id    TEXT    NOT NULL,
    revision    INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (credential, key)
) STRICT, WITHOUT ROWID;

-- Words, stored once under the SHA-256 of their bytes.
CREATE TABLE text (
    content TEXT NOT NULL UNIQUE,
    words   BLOB NOT NULL
) STRICT;

-- The last clock reading: one row.
CREATE TABLE reading (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    boot_id TEXT    NOT NULL,
    boot_s  REAL    NOT NULL,
    wall    INTEGER NOT NULL
) STRICT;
