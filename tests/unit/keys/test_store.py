"""The keys of a house: made once, found again, rotated with overlap, listed without a secret."""

from __future__ import annotations

import stat
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog

from tocsin.keys.kinds import Purpose
from tocsin.keys.store import KeyProblem, KeyStore, open_keys
from tocsin.settings import Keys

NOON = datetime(2022, 10, 11, 9, 0, 0, 123, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "house" / "keys"


@pytest.fixture
def store(folder: Path) -> KeyStore:
    made = KeyStore(folder)
    made.prepare(NOON)
    return made


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_first_start_makes_every_key_for_the_owner_alone(store: KeyStore, folder: Path):
    names = sorted(path.name for path in folder.iterdir())

    assert [name.split("-")[0] for name in names] == ["head", "seal"]
    assert names[0] == f"head-20221011T090000Z-{store.key(Purpose.HEAD).fingerprint}"
    assert mode(folder) == 0o700
    assert {mode(path) for path in folder.iterdir()} == {0o600}
    assert len(store.key(Purpose.SEAL).secret) == 32


def test_the_next_start_finds_the_same_keys(store: KeyStore, folder: Path):
    again = KeyStore(folder)
    again.prepare(NOON + timedelta(days=1))

    assert again.key(Purpose.HEAD).public == store.key(Purpose.HEAD).public
    assert again.key(Purpose.SEAL).secret == store.key(Purpose.SEAL).secret
    assert len(list(folder.iterdir())) == 2


def test_a_rotated_key_goes_on_checking_what_it_signed(store: KeyStore):
    old = store.key(Purpose.HEAD)
    signature = old.sign(b"row 41")

    store.rotate(Purpose.HEAD, NOON + timedelta(days=90))

    new = store.key(Purpose.HEAD)
    assert new.id != old.id
    assert [key.id for key in store.all(Purpose.HEAD)] == [new.id, old.id]
    fits = [key.public.fits(b"row 41", signature) for key in store.all(Purpose.HEAD)]
    assert fits == [False, True]


@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=-400)])
def test_a_key_made_now_is_the_current_one_even_if_the_clock_ran_back(
    store: KeyStore, later: timedelta
):
    made = [store.rotate(Purpose.SEAL, NOON + later).id for _ in range(3)]

    assert store.key(Purpose.SEAL).id == made[-1]
    assert [key.id for key in store.all(Purpose.SEAL)][:3] == made[::-1]


def test_a_key_that_others_can_read_is_warned_of_and_used(store: KeyStore, folder: Path):
    path = next(folder.glob("head-*"))
    path.chmod(0o644)

    again = KeyStore(folder)
    with structlog.testing.capture_logs() as logs:
        again.prepare(NOON)

    assert again.key(Purpose.HEAD).id == store.key(Purpose.HEAD).id
    assert [(line["event"], line["log_level"]) for line in logs] == [("key_not_well", "warning")]
    listed = next(each for each in again.listed() if each.purpose is Purpose.HEAD)
    assert listed.wrong == "others can read it (mode 644)"
    assert listed.fix.startswith(f"chmod 600 {path}")


def test_a_damaged_key_is_listed_and_the_one_before_it_serves(store: KeyStore, folder: Path):
    old = store.key(Purpose.HEAD)
    new = store.rotate(Purpose.HEAD, NOON + timedelta(days=1))
    (folder / f"head-{new.id}").write_bytes(b"-----BEGIN PRIVATE KEY-----\nnot\n")

    again = KeyStore(folder)

    assert again.key(Purpose.HEAD).id == old.id
    first, second, _ = again.listed()
    assert first.wrong.startswith("it cannot be used:")
    assert (first.is_current, second.id, second.is_current) == (False, old.id, True)


def test_nothing_secret_is_listed_or_printed(store: KeyStore):
    secret = store.key(Purpose.SEAL).secret.hex()
    shown = f"{list(store.listed())} {store.key(Purpose.SEAL)!r} {store.key(Purpose.HEAD)!r}"

    assert secret not in shown
    assert "rivate" not in shown
    assert store.key(Purpose.SEAL).fingerprint in shown


@pytest.mark.usefixtures("store")
def test_files_that_are_no_keys_are_left_alone(folder: Path):
    (folder / "head-of-the-house").write_text("a note")
    (folder / ".head-20221011T090000Z-0-part").write_text("torn")

    assert len(list(KeyStore(folder).listed())) == 2


def test_an_operators_own_key_is_current_and_the_houses_go_on_checking(
    store: KeyStore, folder: Path, tmp_path: Path
):
    own = tmp_path / "own.pem"
    command = ["openssl", "genpkey", "-algorithm", "ed25519", "-out", str(own)]
    subprocess.run(command, check=True, capture_output=True)
    own.chmod(0o600)

    both = open_keys(folder.parent, Keys(head=own))
    both.prepare(NOON)

    assert both.key(Purpose.HEAD).made_at is None
    assert [key.id for key in both.all(Purpose.HEAD)][1:] == [store.key(Purpose.HEAD).id]
    with pytest.raises(KeyProblem, match="put the new key there"):
        both.rotate(Purpose.HEAD, NOON)


@pytest.mark.usefixtures("store")
def test_an_own_key_that_is_missing_is_refused_and_never_replaced(folder: Path, tmp_path: Path):
    gone = open_keys(folder.parent, Keys(head=tmp_path / "not-mounted.pem"))

    with pytest.raises(KeyProblem, match=r"keys\.head: .*No such file"):
        gone.key(Purpose.HEAD)
    fresh = open_keys(tmp_path / "other", Keys(seal=tmp_path / "not-mounted"))
    with pytest.raises(KeyProblem, match=r"keys\.seal"):
        fresh.prepare(NOON)
    assert not (tmp_path / "not-mounted").exists()


@pytest.mark.parametrize(
    ("written", "why"),
    [("ab" * 31, "31 bytes"), ("take cover", "not hex"), ("", "0 bytes")],
)
def test_a_secret_that_is_none_is_refused(tmp_path: Path, written: str, why: str):
    own = tmp_path / "seal"
    own.write_text(written)

    with pytest.raises(KeyProblem, match=why):
        open_keys(tmp_path, Keys(seal=own)).key(Purpose.SEAL)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path):
    (tmp_path / "keys").write_text("a file where the folder should be")

    with pytest.raises(KeyProblem, match="cannot be made"):
        KeyStore(tmp_path / "keys").prepare(NOON)


def test_a_hash_under_the_seal_is_the_same_again_and_tells_uses_apart(store: KeyStore):
    seal = store.key(Purpose.SEAL)

    assert seal.hashed("source", "203.0.113.7") == seal.hashed("source", "203.0.113.7")
    assert seal.hashed("source", "203.0.113.7") != seal.hashed("source", "203.0.113.8")
    assert seal.hashed("source", "203.0.113.7") != seal.hashed("person", "203.0.113.7")
    assert len(seal.hashed("source", "\ud800")) == 32
