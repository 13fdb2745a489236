-- name: account
-- One account.
SELECT id, login, name, scope, made_at, valid_until, closed_at FROM account WHERE id = ?;

-- name: account_by_login
-- The account of a login.
SELECT id, login, name, scope, made_at, valid_until, closed_at FROM account WHERE login = ?;

-- name: accounts
-- All accounts, by login.
SELECT id, login, name, scope, made_at, valid_until, closed_at FROM account ORDER BY login, id;

-- name: count_accounts
-- How many there are.
SELECT count(*) FROM account;

-- name: add_account
-- Add an account.
INSERT INTO account (id, login, name, scope, made_at, valid_until, closed_at)
VALUES (?, ?, ?, ?, ?, ?, ?);

-- name: change_account
-- Change what may change of an open account.
UPDATE account SET name = ?2, scope = ?3, valid_until = ?4 WHERE id = ?1 AND closed_at IS NULL;

-- name: close_account
-- Close an open account.
UPDATE account SET closed_at = ?2 WHERE id = ?1 AND closed_at IS NULL;

-- name: erase_account
-- Remove what names a person from a closed account.
UPDATE account SET login = NULL, name = '' WHERE id = ? AND closed_at IS NOT NULL;

-- name: administrators
-- Accounts that hold at a moment and have a credential to sign in with; scopes are read by the caller.
SELECT account.id, login, name, scope, account.made_at, valid_until, closed_at FROM account
WHERE closed_at IS NULL AND (valid_until IS NULL OR valid_until > ?) AND (
    EXISTS (SELECT 1 FROM passkey WHERE passkey.account_id = account.id)
    OR (EXISTS (SELECT 1 FROM password WHERE password.account_id = account.id)
        AND EXISTS (SELECT 1 FROM totp WHERE totp.account_id = account.id)));

-- name: password
-- An account's password.
SELECT id, account_id, hash, made_at FROM password WHERE account_id = ?;

-- name: set_password
-- Put a password in place of the one before.
INSERT OR REPLACE INTO password (id, account_id, hash, made_at) VALUES (?, ?, ?, ?);

-- name: totp
-- An account's code generator.
SELECT id, account_id, secret, made_at, last_step FROM totp WHERE account_id = ?;

-- name: set_totp
-- Put a code generator in place of the one before.
INSERT OR REPLACE INTO totp (id, account_id, secret, made_at, last_step) VALUES (?, ?, ?, ?, ?);

-- name: use_step
-- Use up a step and all before it.
UPDATE totp SET last_step = ?2 WHERE id = ?1 AND last_step < ?2;

-- name: codes_left
-- The set of recovery codes and how many are left.
SELECT set_id, count(*) FILTER (WHERE used_at IS NULL) FROM recovery_code
WHERE account_id = ? GROUP BY set_id;

-- name: add_code
-- Add one code of a set.
INSERT INTO recovery_code (account_id, hash, set_id, made_at) VALUES (?, ?, ?, ?);

-- name: use_code
-- Use up a code.
UPDATE recovery_code SET used_at = ?3 WHERE account_id = ?1 AND hash = ?2 AND used_at IS NULL
RETURNING set_id;

-- name: passkeys
-- An account's passkeys.
SELECT id, account_id, credential_id, public_key, sign_count, name, made_at, last_used_at
FROM passkey WHERE account_id = ? ORDER BY made_at, id;

-- name: passkey
-- The passkey of a WebAuthn id.
SELECT id, account_id, credential_id, public_key, sign_count, name, made_at, last_used_at
FROM passkey WHERE credential_id = ?;

-- name: add_passkey
-- Add a passkey.
INSERT INTO passkey
    (id, account_id, credential_id, public_key, sign_count, name, made_at, last_used_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- name: use_passkey
-- Note a use whose count grows; authenticators that do not count send 0 for ever.
UPDATE passkey SET sign_count = ?2, last_used_at = ?3
WHERE id = ?1 AND (sign_count < ?2 OR (sign_count = 0 AND ?2 = 0));

-- name: drop_passwords
-- Remove an account's password.
DELETE FROM password WHERE account_id = ?;

-- name: drop_totps
-- Remove an account's code generator.
DELETE FROM totp WHERE account_id = ?;

-- name: drop_codes
-- Remove an account's recovery codes.
DELETE FROM recovery_code WHERE account_id = ?;

-- name: drop_passkeys
-- Remove an account's passkeys.
DELETE FROM passkey WHERE account_id = ?;

-- name: drop_password
-- Remove one password.
DELETE FROM password WHERE id = ?;

-- name: drop_totp
-- Remove one code generator.
DELETE FROM totp WHERE id = ?;

-- name: drop_code_set
-- Remove one set of recovery codes.
DELETE FROM recovery_code WHERE set_id = ?;

-- name: drop_passkey
-- Remove one passkey.
DELETE FROM passkey WHERE id = ?;

-- name: open_session
-- Open a session.
INSERT INTO session
    (id, account_id, credential_ids, device, opened_at, ends_at, rotated_at, confirmed_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- name: add_token
-- Give a session one more token.
INSERT INTO session_token (hash, session_id, number)
SELECT ?1, ?2, coalesce(max(number), 0) + 1 FROM session_token WHERE session_id = ?2;

-- name: held
-- What a token leads to: session, account, and how the token stands.
SELECT session.id, account_id, credential_ids, device, opened_at, ends_at, rotated_at, confirmed_at,
    account.id, login, name, scope, made_at, valid_until, closed_at, retired_at, claimed_at
FROM session_token
JOIN session ON session.id = session_token.session_id
JOIN account ON account.id = session.account_id
WHERE session_token.hash = ?;

-- name: rotate
-- Take the right to give a session its next token.
UPDATE session SET rotated_at = ?3 WHERE id = ?1 AND rotated_at = ?2;

-- name: claim_token
-- Note a token's first use.
UPDATE session_token SET claimed_at = ?2 WHERE hash = ?1 AND claimed_at IS NULL;

-- name: retire_tokens
-- Retire what is older than a token.
UPDATE session_token SET retired_at = ?2
FROM (SELECT session_id AS mine, number AS newest FROM session_token WHERE hash = ?1)
WHERE session_id = mine AND number < newest AND retired_at IS NULL;

-- name: confirm
-- Note that the officer proved himself again.
UPDATE session SET confirmed_at = ?2 WHERE id = ?1;

-- name: end_session
-- End a session; its tokens go with it.
DELETE FROM session WHERE id = ?;

-- name: end_sessions
-- End all sessions of an account.
DELETE FROM session WHERE account_id = ?;

-- name: end_oldest
-- End the oldest sessions of an account beyond a number.
DELETE FROM session WHERE account_id = ?1 AND id NOT IN
    (SELECT id FROM session WHERE account_id = ?1 ORDER BY opened_at DESC, id DESC LIMIT ?2);

-- name: sessions
-- An account's open sessions.
SELECT id, account_id, credential_ids, device, opened_at, ends_at, rotated_at, confirmed_at
FROM session WHERE account_id = ? ORDER BY opened_at, id;

-- name: over
-- Sessions whose time is over.
SELECT id, account_id, credential_ids, device, opened_at, ends_at, rotated_at, confirmed_at
FROM session WHERE ends_at <= ? ORDER BY ends_at, id LIMIT 1000;

-- name: knows_device
-- Whether a device has signed in to an account, or to any.
SELECT 1 FROM device WHERE device = ?1 AND (?2 IS NULL OR account_id = ?2) LIMIT 1;

-- name: note_device
-- Remember a device.
INSERT INTO device (account_id, device, seen_at) VALUES (?, ?, ?)
ON CONFLICT (account_id, device) DO UPDATE SET seen_at = excluded.seen_at;

-- name: forget_devices
-- Forget an account's oldest devices beyond a number.
DELETE FROM device WHERE account_id = ?1 AND device NOT IN
    (SELECT device FROM device WHERE account_id = ?1 ORDER BY seen_at DESC, device LIMIT ?2);

-- name: drop_devices
-- Forget an account's devices.
DELETE FROM device WHERE account_id = ?;

-- name: key
-- A machine key with its owner.
SELECT machine_key.id, account_id, hash, machine_key.name, machine_key.scope, direct, per_minute,
    machine_key.made_at, machine_key.valid_until, revoked_at, last_used_at,
    account.id, login, account.name, account.scope, account.made_at, account.valid_until, closed_at
FROM machine_key JOIN account ON account.id = machine_key.account_id
WHERE machine_key.id = ?;

-- name: keys
-- Machine keys, of one account or all.
SELECT id, account_id, hash, name, scope, direct, per_minute, made_at, valid_until, revoked_at,
    last_used_at
FROM machine_key WHERE ?1 IS NULL OR account_id = ?1 ORDER BY made_at, id;

-- name: add_key
-- Add a machine key.
INSERT INTO machine_key (id, account_id, hash, name, scope, direct, per_minute, made_at,
    valid_until, revoked_at, last_used_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: revoke_key
-- Revoke a key.
UPDATE machine_key SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL;

-- name: revoke_keys
-- Revoke all keys of an account.
UPDATE machine_key SET revoked_at = ?2 WHERE account_id = ?1 AND revoked_at IS NULL;

-- name: erase_keys
-- Remove the names of an account's keys.
UPDATE machine_key SET name = '' WHERE account_id = ?;

-- name: note_key_used
-- Note when a key was last used.
UPDATE machine_key SET last_used_at = ?2 WHERE id = ?1;

-- name: invite
-- A one-time link.
SELECT id, hash, kind, account_id, made_at, ends_at, used_at FROM invite WHERE hash = ?;

-- name: add_invite
-- Add a link.
INSERT INTO invite (id, hash, kind, account_id, made_at, ends_at, used_at)
VALUES (?, ?, ?, ?, ?, ?, ?);

-- name: use_invite
-- Use up a link.
UPDATE invite SET used_at = ?2
WHERE id = ?1 AND used_at IS NULL AND (ends_at IS NULL OR ends_at > ?2);

-- name: drop_invites
-- Remove the unused links of an account, or the first ones.
DELETE FROM invite WHERE account_id IS ? AND used_at IS NULL;

-- name: groups
-- A sender's groups of regions.
SELECT id, sender, name, regions FROM region_group WHERE sender = ? ORDER BY name;

-- name: save_group
-- Add a group, or change it.
INSERT INTO region_group (id, sender, name, regions) VALUES (?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, regions = excluded.regions
WHERE sender = excluded.sender;

-- name: drop_group
-- Remove a group.
DELETE FROM region_group WHERE sender = ? AND id = ?;

-- name: noted
-- A small fact.
SELECT value FROM note WHERE name = ?;

-- name: note
-- Keep a small fact.
INSERT INTO note (name, value) VALUES (?, ?)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: feed_key
-- A feed's key.
SELECT id, public, name, feeds, sender, regions, hazards, issues, is_weak, tells, made_at, made_by,
    withdrawn_at
FROM feed_key WHERE id = ?;

-- name: feed_keys
-- All keys of feeds.
SELECT id, public, name, feeds, sender, regions, hazards, issues, is_weak, tells, made_at, made_by,
    withdrawn_at
FROM feed_key ORDER BY made_at, id;

-- name: add_feed_key
-- Add a feed's key; there are so many at most.
INSERT INTO feed_key (id, public, name, feeds, sender, regions, hazards, issues, is_weak, tells,
    made_at, made_by, withdrawn_at)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13
WHERE (SELECT count(*) FROM feed_key) < ?14;

-- name: withdraw_feed_key
-- Withdraw a feed's key.
UPDATE feed_key SET withdrawn_at = ?2 WHERE id = ?1 AND withdrawn_at IS NULL;

-- name: station
-- A station.
SELECT id, name, region, lon, lat, background, calibrated_until, key_id, changed_at
FROM station WHERE id = ?;

-- name: stations
-- All stations.
SELECT id, name, region, lon, lat, background, calibrated_until, key_id, changed_at
FROM station ORDER BY id;

-- name: save_station
-- Add a station, or write it anew; there are so many at most.
INSERT INTO station (id, name, region, lon, lat, background, calibrated_until, key_id, changed_at)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9
WHERE (SELECT count(*) FROM station WHERE id <> ?1) < ?10
ON CONFLICT (id) DO UPDATE SET name = excluded.name, region = excluded.region, lon = excluded.lon,
    lat = excluded.lat, background = excluded.background,
    calibrated_until = excluded.calibrated_until, key_id = excluded.key_id,
    changed_at = excluded.changed_at;

-- name: add_reading
-- Keep a reading; one of that key and identifier that is there already stays.
INSERT INTO reading (station_id, key_id, identifier, content, value, quality, measured_at, taken_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (key_id, identifier) DO NOTHING;

-- name: reading_content
-- What a key has sent under an identifier.
SELECT content FROM reading WHERE key_id = ? AND identifier = ?;

-- name: drop_old_readings
-- Drop a station's readings taken before a time.
DELETE FROM reading WHERE station_id = ? AND taken_at < ?;

-- name: drop_most_readings
-- Drop a station's readings beyond a number.
DELETE FROM reading WHERE station_id = ?1 AND number <=
    (SELECT number FROM reading WHERE station_id = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2);

-- name: readings
-- A station's last readings since a time.
SELECT station_id, key_id, identifier, content, value, quality, measured_at, taken_at
FROM (SELECT * FROM reading WHERE station_id = ? AND measured_at >= ?
    ORDER BY measured_at DESC, number DESC LIMIT 500)
ORDER BY measured_at, number;

-- name: last_reading
-- A station's last reading.
SELECT station_id, key_id, identifier, content, value, quality, measured_at, taken_at
FROM reading WHERE station_id = ? ORDER BY measured_at DESC, number DESC LIMIT 1;

-- name: feed_outage
-- The outage that a feed means.
SELECT outage_id FROM feed_outage WHERE key_id = ? AND mark = ?;

-- name: note_feed_outage
-- Remember the outage that a feed means.
INSERT INTO feed_outage (key_id, mark, outage_id, at) VALUES (?, ?, ?, ?)
ON CONFLICT (key_id, mark) DO UPDATE SET outage_id = excluded.outage_id, at = excluded.at;

-- name: forget_feed_outages
-- Forget a feed's outages of before a time.
DELETE FROM feed_outage WHERE key_id = ? AND at < ?;
