"""What the SQLite engine promises beside the contract: its file."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import apsw
import pytest

from kit.clocks import NOON
from tocsin.core.authority import Role, Scope
from tocsin.registry.connections import APPLICATION_ID
from tocsin.registry.queries import migrations, queries
from tocsin.registry.sqlite import SqliteRegistry
from tocsin.service.registry import Account, RegistryUnavailable

ACCOUNT = Account(id="a", login="l", name="n", scope=Scope(role=Role.VIEWER), made_at=NOON)


def test_the_file_and_its_log_are_their_owners_alone(tmp_path: Path) -> None:
    registry = SqliteRegistry.open(tmp_path / "data")
    registry.add_account(ACCOUNT)
    modes = {each.name: each.stat().st_mode & 0o777 for each in (tmp_path / "data").iterdir()}
    registry.close()
    assert modes == dict.fromkeys(("registry.db", "registry.db-wal", "registry.db-shm"), 0o600)


def test_what_was_written_is_there_after_a_restart(tmp_path: Path) -> None:
    registry = SqliteRegistry.open(tmp_path)
    registry.add_account(ACCOUNT)
    registry.close()
    registry.close()
    again = SqliteRegistry.open(tmp_path)
    assert again.account("a") == ACCOUNT
    again.close()
    with pytest.raises(RegistryUnavailable, match="closed"):
        again.account("a")


def test_another_file_is_not_taken_for_a_registry(tmp_path: Path) -> None:
    other = apsw.Connection(str(tmp_path / "registry.db"))
    other.execute("CREATE TABLE mine (x)")
    other.close()
    with pytest.raises(RegistryUnavailable, match="not a registry"):
        SqliteRegistry.open(tmp_path)


def test_a_newer_registry_is_left_alone(tmp_path: Path) -> None:
    SqliteRegistry.open(tmp_path).close()
    newer = apsw.Connection(str(tmp_path / "registry.db"))
    newer.execute("PRAGMA user_version=99")
    newer.close()
    with pytest.raises(RegistryUnavailable, match="newer"):
        SqliteRegistry.open(tmp_path)


def test_a_damaged_file_is_unavailable_and_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "registry.db").write_bytes(b"this is no database, but it is long enough" * 100)
    with pytest.raises(RegistryUnavailable):
        SqliteRegistry.open(tmp_path)
    assert (tmp_path / "registry.db").read_bytes().startswith(b"this is no database")


def test_every_query_can_be_prepared_and_every_commit_is_synced(tmp_path: Path) -> None:
    registry = SqliteRegistry.open(tmp_path)
    with registry.write() as writer:
        assert writer.pragma("synchronous") == 2
        assert writer.pragma("foreign_keys") == 1
        for name, query in queries("sqlite").items():
            numbers = [int(each) for each in re.findall(r"\?(\d+)", query)]
            values = (None,) * (max(numbers) if numbers else query.count("?"))
            assert writer.execute(f"EXPLAIN {query}", values).fetchall(), name
    registry.close()
    assert len(migrations("sqlite")) == 2


def test_what_fails_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    registry = SqliteRegistry.open(tmp_path)
    with contextlib.suppress(KeyError), registry.write() as writer:
        writer.execute(queries("sqlite")["note"], ("x", "1"))
        raise KeyError
    assert registry.noted("x") is None
    registry.note("x", "2")
    assert registry.noted("x") == "2"
    registry.close()


def test_a_registry_of_before_the_feeds_is_brought_up_to_date(tmp_path: Path) -> None:
    old = apsw.Connection(str(tmp_path / "registry.db"))
    old.execute(migrations("sqlite")[0])
    old.execute(f"PRAGMA application_id={APPLICATION_ID}; PRAGMA user_version=1")
    old.close()
    registry = SqliteRegistry.open(tmp_path)
    registry.add_account(ACCOUNT)
    assert registry.account("a") == ACCOUNT
    assert registry.feed_keys() == []
    registry.close()
