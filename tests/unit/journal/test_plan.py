"""Numbers and times, before anything is written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.journals import AT, draft, entry
from tocsin.core.alert import Audience
from tocsin.errors import JournalBroken
from tocsin.journal import times
from tocsin.journal.chain import link
from tocsin.journal.plan import plan
from tocsin.journal.queries import migrations, queries
from tocsin.journal.rows import new_row, to_rows
from tocsin.service.ports import Head, Row

HEAD = Head(7, b"h" * 32, {Audience.PUBLIC: 3, Audience.DRILL: 0, Audience.DESK: 5})


def test_a_plan_goes_on_from_the_head_and_leaves_it_as_it_was() -> None:
    planned = plan(HEAD, [entry(draft(), draft(audience=Audience.DRILL)), entry()], AT)
    assert [[(r.seq, r.audience_seq) for r in rows] for rows in planned.rows] == [
        [(8, 4), (9, 1)],
        [(10, 5)],
    ]
    assert planned.head.seq == 10
    assert planned.head.audiences == {Audience.PUBLIC: 5, Audience.DRILL: 1, Audience.DESK: 5}
    assert HEAD.audiences == {Audience.PUBLIC: 3, Audience.DRILL: 0, Audience.DESK: 5}


def test_the_hash_of_a_row_follows_from_the_one_before() -> None:
    ((row,),) = plan(HEAD, [entry()], AT).rows
    content = (8, "alert-issued", 1, b"{}", "a1", "public", 4, times.to_us(AT))
    assert row.hash == link(b"h" * 32, content)


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_time_comes_back_as_it_was(at: datetime) -> None:
    assert times.from_us(times.to_us(at)) == at


def test_a_time_is_counted_in_utc() -> None:
    plus_two = timezone(timedelta(hours=2))
    assert times.to_us(datetime(1970, 1, 1, 2, 0, 0, 1, tzinfo=plus_two)) == 1


def test_a_row_built_fast_is_a_row_like_any_other() -> None:
    values = (1, "k", 1, b"d", None, Audience.DESK, None, AT, b"h")
    row = new_row(*values)
    assert type(row) is Row
    assert row == Row(*values)
    assert hash(row) == hash(Row(*values))
    with pytest.raises(AttributeError):
        row.seq = 2  # type: ignore[misc]


@pytest.mark.parametrize(("audience", "us"), [("everyone", 0), ("public", 1 << 62)])
def test_a_stored_row_that_makes_no_sense_is_named(audience: str, us: int) -> None:
    with pytest.raises(JournalBroken, match="row 4") as broken:
        to_rows([(4, "k", 1, b"", None, audience, None, us, b"")])
    assert broken.value.seq == 4


def test_every_query_is_read_whole_and_by_name() -> None:
    found = queries("sqlite")
    assert found["text"] == "SELECT words FROM text WHERE content = ?"
    assert all(sql.split()[0] in {"SELECT", "INSERT", "DELETE"} for sql in found.values())
    assert all(";" not in sql and "--" not in sql for sql in found.values())


def test_migrations_are_numbered_from_one() -> None:
    assert "CREATE TABLE event" in migrations("sqlite")[0]
