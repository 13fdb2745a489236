-- The registry's tables. This file is never edited: a change is a new numbered file.
-- Times are microseconds since 1970-01-01T00:00Z; scopes and lists are JSON.

CREATE TABLE account (
    id          TEXT    PRIMARY KEY,
    login       TEXT    CHECK (length(login) BETWEEN 1 AND 200),  -- NULL: erased
    name        TEXT    NOT NULL CHECK (length(name) <= 200),
    scope       TEXT    NOT NULL CHECK (length(scope) <= 200000),
    made_at     INTEGER NOT NULL,
    valid_until INTEGER,
    closed_at   INTEGER
) STRICT;

CREATE UNIQUE INDEX account_by_login ON account (login) WHERE login IS NOT NULL;

CREATE TABLE password (
    account_id TEXT    PRIMARY KEY REFERENCES account (id),
    id         TEXT    NOT NULL UNIQUE,
    hash       TEXT    NOT NULL CHECK (length(hash) <= 500),
    made_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE totp (
    account_id TEXT    PRIMARY KEY REFERENCES account (id),
    id         TEXT    NOT NULL UNIQUE,
    secret     TEXT    NOT NULL CHECK (length(secret) <= 200),
    made_at    INTEGER NOT NULL,
    last_step  INTEGER NOT NULL
) STRICT;

CREATE TABLE recovery_code (
    account_id TEXT    NOT NULL REFERENCES account (id),
    hash       BLOB    NOT NULL CHECK (length(hash) = 32),
    set_id     TEXT    NOT NULL,
    made_at    INTEGER NOT NULL,
    used_at    INTEGER,
    PRIMARY KEY (account_id, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE passkey (
    id            TEXT    PRIMARY KEY,
    account_id    TEXT    NOT NULL REFERENCES account (id),
    credential_id BLOB    NOT NULL UNIQUE CHECK (length(credential_id) BETWEEN 1 AND 1023),
    public_key    BLOB    NOT NULL CHECK (length(public_key) <= 4096),
    sign_count    INTEGER NOT NULL,
    name          TEXT    NOT NULL CHECK (length(name) <= 200),
    made_at       INTEGER NOT NULL,
    last_used_at  INTEGER
) STRICT;

CREATE INDEX passkey_by_account ON passkey (account_id);

CREATE TABLE session (
    id             TEXT    PRIMARY KEY,
    account_id     TEXT    NOT NULL REFERENCES account (id),
    credential_ids TEXT    NOT NULL,
    device         TEXT    NOT NULL,
    opened_at      INTEGER NOT NULL,
    ends_at        INTEGER NOT NULL,
    rotated_at     INTEGER NOT NULL,
    confirmed_at   INTEGER NOT NULL
) STRICT;

CREATE INDEX session_by_account ON session (account_id);
CREATE INDEX session_by_end ON session (ends_at);

-- A session's tokens: the newest, and older ones, so that a replayed one is known as such.
CREATE TABLE session_token (
    hash       BLOB    PRIMARY KEY CHECK (length(hash) = 32),
    session_id TEXT    NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    number     INTEGER NOT NULL,
    claimed_at INTEGER,
    retired_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX session_token_by_session ON session_token (session_id, number);

CREATE TABLE device (
    account_id TEXT    NOT NULL REFERENCES account (id),
    device     TEXT    NOT NULL,
    seen_at    INTEGER NOT NULL,
    PRIMARY KEY (account_id, device)
) STRICT, WITHOUT ROWID;

CREATE INDEX device_by_name ON device (device);

CREATE TABLE machine_key (
    id           TEXT    PRIMARY KEY,
    account_id   TEXT    NOT NULL REFERENCES account (id),
    hash         BLOB    NOT NULL CHECK (length(hash) = 32),
    name         TEXT    NOT NULL CHECK (length(name) <= 200),
    scope        TEXT    NOT NULL CHECK (length(scope) <= 200000),
    direct       INTEGER NOT NULL,
    per_minute   INTEGER,
    made_at      INTEGER NOT NULL,
    valid_until  INTEGER,
    revoked_at   INTEGER,
    last_used_at INTEGER
) STRICT;

CREATE INDEX machine_key_by_account ON machine_key (account_id);

CREATE TABLE invite (
    id         TEXT    PRIMARY KEY,
    hash       BLOB    NOT NULL UNIQUE CHECK (length(hash) = 32),
    kind       TEXT    NOT NULL CHECK (kind IN ('first', 'account', 'reset')),
    account_id TEXT    REFERENCES account (id),
    made_at    INTEGER NOT NULL,
    ends_at    INTEGER,
    used_at    INTEGER
) STRICT;

CREATE INDEX invite_by_account ON invite (account_id);

CREATE TABLE region_group (
    id      TEXT PRIMARY KEY,
    sender  TEXT NOT NULL,
    name    TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    regions TEXT NOT NULL CHECK (length(regions) <= 200000),
    UNIQUE (sender, name)
) STRICT;

-- Small facts that the house keeps for good, by name.
CREATE TABLE note (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL CHECK (length(value) <= 1000)
) STRICT, WITHOUT ROWID;
