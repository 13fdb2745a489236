"""The chain: one string of bytes for each row, and a hash that follows from all before."""

from __future__ import annotations

import hashlib
import struct

from hypothesis import given
from hypothesis import strategies as st

from tocsin.journal.chain import GENESIS, Content, canonical, link

_numbers = st.integers(-(1 << 63), (1 << 63) - 1)
_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
_rows: st.SearchStrategy[Content] = st.tuples(
    _numbers,
    _texts,
    _numbers,
    st.binary(max_size=8),
    st.none() | _texts,
    _texts,
    st.none() | _numbers,
    _numbers,
)


def test_the_bytes_of_a_row_are_as_the_page_says() -> None:
    row: Content = (3, "alert-issued", 1, b"{}", "a1", "public", 2, 1_646_147_280_123_456)
    assert canonical(row) == (
        struct.pack(">qqqBq", 3, 1, 1_646_147_280_123_456, 3, 2)
        + struct.pack(">IIII", 12, 6, 2, 2)
        + b"alert-issuedpublica1{}"
    )


def test_a_hash_is_sha_256_over_the_one_before_and_the_row() -> None:
    row: Content = (1, "k", 1, b"", None, "desk", None, 0)
    assert link(GENESIS, row) == hashlib.sha256(GENESIS + canonical(row)).digest()
    assert hashlib.sha256(b"tocsin journal 1").digest() == GENESIS


def test_nothing_is_not_the_same_as_empty_or_zero() -> None:
    rows: list[Content] = [
        (1, "k", 1, b"", alert_id, "desk", number, 0)
        for alert_id in (None, "")
        for number in (None, 0, -1)
    ]
    assert len({canonical(row) for row in rows}) == len(rows)


@given(_rows, _rows)
def test_two_rows_have_the_same_bytes_only_if_they_are_the_same(one: Content, two: Content) -> None:
    assert (canonical(one) == canonical(two)) == (one == two)


@given(_rows, st.integers(0, 6), st.integers(1, 9))
def test_bytes_moved_from_one_field_to_the_next_are_seen(
    row: Content, place: int, count: int
) -> None:
    seq, kind, version, data, alert_id, audience, number, us = row
    joined = kind + audience + (alert_id or "")
    cut, end = place, place + count
    moved: Content = (seq, joined[:cut], version, data, joined[end:], joined[cut:end], number, us)
    assert (canonical(row) == canonical(moved)) == (row == moved)
