"""The first token: written once, for its owner's eyes, the same after a restart."""

import threading

import pytest

from tocsin.checks.identity import (
    ANYBODY,
    FIRST_TOKEN,
    Credentials,
    Permission,
    demanded,
    first_token,
)
from tocsin.core.refusals import Rule


def test_it_is_written_once_and_only_its_owner_reads_it(tmp_path):
    token = first_token(tmp_path)
    file = tmp_path / "first-token"
    assert file.read_text() == token + "\n"
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(token) >= 43  # 256 bits in base 64
    assert first_token(tmp_path) == token
    assert [each.name for each in tmp_path.iterdir()] == ["first-token"]


def test_two_who_start_together_get_one_token(tmp_path):
    got = []
    threads = [threading.Thread(target=lambda: got.append(first_token(tmp_path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(got)) == 1


def test_a_cut_off_file_is_no_token(tmp_path):
    (tmp_path / "first-token").write_text("abc\n")
    with pytest.raises(ValueError, match="too short"):
        first_token(tmp_path)


def test_only_the_token_itself_may_issue():
    known = Credentials("right")
    assert known.identify("Bearer right") is FIRST_TOKEN
    assert known.identify("bearer  right ") is FIRST_TOKEN
    assert known.identify(None) is ANYBODY
    for wrong in ("Bearer wrong", "Bearer", "right", "Basic right", "Bearer \udcff"):
        assert known.identify(wrong).rule is Rule.BAD_CREDENTIAL
    assert demanded(ANYBODY, Permission.ISSUE).rule is Rule.NO_CREDENTIAL
    assert demanded(ANYBODY, Permission.PUBLIC) is None
    assert demanded(FIRST_TOKEN, Permission.ISSUE) is None
