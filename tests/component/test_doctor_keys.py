"""What the doctor says of keys and of the last signed head."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from kit.clocks import NOON
from tocsin.keys.kinds import Purpose
from tocsin.keys.signed import signed
from tocsin.keys.store import KeyStore
from tocsin.ops.doctor import keys, look, signed_head
from tocsin.service.headfile import FILE, HeadFile
from tocsin.settings import Heads, Keys


@pytest.fixture
def store(tmp_path: Path) -> KeyStore:
    made = KeyStore(tmp_path / "keys")
    made.prepare(NOON)
    return made


def head(store: KeyStore) -> bytes:
    key = store.key(Purpose.HEAD)
    body = {
        "seq": 41,
        "hash": "ab" * 32,
        "recorded_at": NOON,
        "signed_at": NOON,
        "audiences": {"public": 7, "drill": 0, "desk": 0},
    }
    return msgspec.json.encode(signed(body, key)) + b"\n"


def test_a_house_before_its_first_start_has_no_keys_and_no_head(tmp_path: Path):
    assert [(each.mark, each.told) for each in keys(tmp_path, Keys())] == [("warn", "none yet")]
    assert signed_head(tmp_path, 60, NOON).mark == "warn"
    assert list(tmp_path.iterdir()) == [], "the doctor makes nothing"


def test_every_key_is_listed_by_its_fingerprint_and_never_by_its_secret(
    tmp_path: Path, store: KeyStore
):
    store.rotate(Purpose.HEAD, NOON + timedelta(days=1))

    found = list(keys(tmp_path, Keys()))

    assert [each.name for each in found] == ["key head", "key head", "key seal"]
    assert ["current" in each.told for each in found] == [True, False, True]
    assert {each.mark for each in found} == {"ok"}
    assert store.key(Purpose.HEAD).fingerprint in found[0].told
    assert store.key(Purpose.SEAL).secret.hex() not in str(found)


def test_a_key_that_others_can_read_is_bad_and_the_cure_is_named(tmp_path: Path, store: KeyStore):
    path = tmp_path / "keys" / f"seal-{store.key(Purpose.SEAL).id}"
    path.chmod(0o640)

    bad = [each for each in keys(tmp_path, Keys()) if each.mark == "bad"]

    assert [each.name for each in bad] == ["key seal"]
    assert "mode 640" in bad[0].told
    assert bad[0].fix == f"chmod 600 {path}, then rotate it"


@pytest.mark.parametrize(("age_s", "mark"), [(5, "ok"), (180, "ok"), (181, "warn")])
def test_a_head_grows_old_after_three_minutes(
    tmp_path: Path, store: KeyStore, age_s: float, mark: str
):
    HeadFile(tmp_path).append([head(store)], store.key(Purpose.HEAD).public)

    found = signed_head(tmp_path, 60, NOON + timedelta(seconds=age_s))

    assert found.mark == mark
    assert found.told.startswith(f"row 41, {age_s} s old")


def test_a_place_that_is_not_mounted_is_bad(tmp_path: Path):
    gone = tmp_path / "gone"

    found = list(look(tmp_path, "127.0.0.1", 9, heads=Heads(places=(gone,))))

    elsewhere = next(each for each in found if each.name == "head elsewhere")
    assert (elsewhere.mark, elsewhere.told) == ("bad", f"{gone} is not there")
    assert not (gone / FILE).exists()
