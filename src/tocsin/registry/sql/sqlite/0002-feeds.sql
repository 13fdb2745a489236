-- Signed feeds: public keys, stations and their readings, which outage a feed means.

CREATE TABLE feed_key (
    id           TEXT    PRIMARY KEY,
    public       BLOB    NOT NULL UNIQUE CHECK (length(public) = 32),
    name         TEXT    NOT NULL,
    feeds        TEXT    NOT NULL,
    sender       TEXT    NOT NULL,
    regions      TEXT    NOT NULL CHECK (length(regions) <= 200000),
    hazards      TEXT    NOT NULL,
    issues       INTEGER NOT NULL CHECK (issues IN (0, 1)),
    is_weak      INTEGER NOT NULL CHECK (is_weak IN (0, 1)),
    tells        INTEGER NOT NULL CHECK (tells IN (0, 1)),
    made_at      INTEGER NOT NULL,
    made_by      TEXT    NOT NULL,
    withdrawn_at INTEGER
) STRICT;

CREATE TABLE station (
    id               TEXT    PRIMARY KEY,
    name             TEXT    NOT NULL,
    region           TEXT    NOT NULL,
    lon              REAL    NOT NULL,
    lat              REAL    NOT NULL,
    background       REAL    NOT NULL CHECK (background >= 0),
    calibrated_until INTEGER NOT NULL,
    key_id           TEXT    NOT NULL REFERENCES feed_key (id),
    changed_at       INTEGER NOT NULL
) STRICT;

CREATE TABLE reading (
    number      INTEGER PRIMARY KEY,
    station_id  TEXT    NOT NULL REFERENCES station (id),
    key_id      TEXT    NOT NULL,
    identifier  TEXT    NOT NULL,
    content     TEXT    NOT NULL,
    value       REAL    NOT NULL,
    quality     TEXT    NOT NULL CHECK (quality IN ('ok', 'test', 'fault')),
    measured_at INTEGER NOT NULL,
    taken_at    INTEGER NOT NULL,
    UNIQUE (key_id, identifier)
) STRICT;

CREATE INDEX reading_by_time ON reading (station_id, measured_at);
CREATE INDEX reading_by_number ON reading (station_id, number);

CREATE TABLE feed_outage (
    key_id    TEXT    NOT NULL,
    mark      TEXT    NOT NULL,
    outage_id TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (key_id, mark)
) STRICT, WITHOUT ROWID;
