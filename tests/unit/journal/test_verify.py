"""Verifying: whatever is changed, the first row that does not fit is named (T22, in small)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.journals import append, draft, entry, fill, worded
from tocsin.errors import JournalBroken
from tocsin.journal.chain import GENESIS, link
from tocsin.journal.memory import MemoryJournal
from tocsin.journal.rows import Stored
from tocsin.journal.verify import Misfit, verify

COUNT = 30


@dataclass
class Copy:
    """The rows and words of a journal, free to be tampered with."""

    rows: list[Stored]
    texts: dict[str, bytes] = field(default_factory=dict)
    broken_after: int | None = None
    wound: str | None = None

    def stored(self) -> Iterator[Stored]:
        for place, row in enumerate(self.rows):
            if place == self.broken_after:
                raise JournalBroken("a page is torn", seq=place + 1)
            yield row

    def stored_texts(self) -> Iterator[tuple[str, bytes]]:
        yield from self.texts.items()

    def damage(self) -> str | None:
        return self.wound


def original() -> Copy:
    journal = MemoryJournal()
    fill(journal, COUNT)
    return Copy(list(journal.stored()), dict(journal.stored_texts()))


ROWS = original().rows

_values = {
    int: st.integers(-(1 << 63), (1 << 63) - 1),
    str: st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    bytes: st.binary(max_size=40),
}


@st.composite
def _changed_field(draw: st.DrawFn) -> list[Stored]:
    place, column = draw(st.integers(0, COUNT - 1)), draw(st.integers(0, 8))
    old = ROWS[place][column]
    kinds = {4: [str, None], 6: [int, None]}.get(column, [type(old)])
    kind = draw(st.sampled_from(kinds))
    new = None if kind is None else draw(_values[kind])
    if new == old:
        new = draw(_values[type(old)].filter(lambda value: value != old)) if old is not None else 1
        new = "x" if (column, old) == (4, None) else new
    row = list(ROWS[place])
    row[column] = new
    return [*ROWS[:place], tuple(row), *ROWS[place + 1 :]]  # type: ignore[list-item]


@st.composite
def _flipped_bit(draw: st.DrawFn) -> list[Stored]:
    place, column = draw(st.integers(0, COUNT - 1)), draw(st.sampled_from([3, 8]))
    old = ROWS[place][column]
    assert isinstance(old, bytes)
    bit = draw(st.integers(0, len(old) * 8 - 1))
    changed = bytearray(old)
    changed[bit // 8] ^= 1 << (bit % 8)
    row = list(ROWS[place])
    row[column] = bytes(changed)
    return [*ROWS[:place], tuple(row), *ROWS[place + 1 :]]  # type: ignore[list-item]


@st.composite
def _inserted(draw: st.DrawFn) -> list[Stored]:
    place, copied = draw(st.integers(0, COUNT)), draw(st.integers(0, COUNT - 1))
    row = list(ROWS[copied])
    if draw(st.booleans()):
        row[0] = place + 1
    if place == COUNT and row[0] == place + 1:
        row[8] = b"\0" * 32
    return [*ROWS[:place], tuple(row), *ROWS[place:]]  # type: ignore[list-item]


def test_an_untouched_journal_fits() -> None:
    verdict = verify(original())
    assert verdict.is_ok
    assert (verdict.rows, verdict.hash) == (COUNT, ROWS[-1][8])
    assert (verify(Copy([])).rows, verify(Copy([])).hash) == (0, GENESIS)


# Below: 3 x 400 + 435 + 870 changes; RELIABILITY's matrix (T22) asks for 2,000.
@settings(max_examples=400, deadline=None)
@given(_changed_field())
def test_a_changed_field_is_named(rows: list[Stored]) -> None:
    _expect(rows)


@settings(max_examples=400, deadline=None)
@given(_flipped_bit())
def test_a_flipped_bit_is_named(rows: list[Stored]) -> None:
    _expect(rows)


def test_rows_taken_out_are_named() -> None:
    for first, last in combinations(range(COUNT), 2):
        _expect(ROWS[:first] + ROWS[last:])


@settings(max_examples=400, deadline=None)
@given(_inserted())
def test_a_row_put_in_is_named(rows: list[Stored]) -> None:
    _expect(rows)


def test_swapped_rows_are_named_even_with_their_numbers_made_to_fit() -> None:
    for one, two in combinations(range(COUNT), 2):
        rows = list(ROWS)
        rows[one], rows[two] = rows[two], rows[one]
        _expect(rows)
        rows[one] = (ROWS[one][0], *rows[one][1:])
        rows[two] = (ROWS[two][0], *rows[two][1:])
        _expect(rows)


def _expect(rows: list[Stored]) -> None:
    first = next(n for n in range(COUNT + 1) if rows[n : n + 1] != ROWS[n : n + 1])
    verdict = verify(Copy(rows))
    assert verdict.misfit is not None
    assert verdict.misfit.seq == first + 1
    assert verdict.rows == first


def _rewritten(place: int) -> list[Stored]:
    """Return the journal with one row changed and every hash from there made to fit."""
    rows = list(ROWS)
    before = ROWS[place - 1][8] if place else GENESIS
    for at in range(place, COUNT):
        row = rows[at]
        if at == place:
            row = (*row[:3], b'{"forged":true}', *row[4:])
        before = link(before, row[:8])
        rows[at] = (*row[:8], before)
    return rows


@settings(max_examples=60, deadline=None)
@given(st.integers(0, COUNT - 1))
def test_a_chain_written_anew_is_seen_only_by_who_kept_an_earlier_end(place: int) -> None:
    forged = Copy(_rewritten(place))
    assert verify(forged).is_ok
    kept = (COUNT, ROWS[-1][8])
    assert verify(forged, [kept]).misfit == Misfit(
        COUNT, "another row had this number once: the journal was written anew"
    )


@settings(max_examples=60, deadline=None)
@given(st.integers(0, COUNT - 1))
def test_rows_cut_off_the_end_are_seen_only_by_who_kept_an_earlier_end(left: int) -> None:
    cut = Copy(ROWS[:left])
    assert verify(cut).is_ok
    verdict = verify(cut, [(seq, ROWS[seq - 1][8]) for seq in (left + 1, COUNT)])
    assert verdict.misfit is not None
    assert (verdict.misfit.seq, verdict.rows) == (left + 1, left)


def test_a_known_end_that_is_there_is_fine() -> None:
    assert verify(original(), [(row[0], row[8]) for row in ROWS]).is_ok


def test_an_audience_number_given_twice_with_fitting_hashes_is_named() -> None:
    rows, before = list(ROWS), GENESIS
    for place, row in enumerate(rows):
        content = row[:8] if place < COUNT - 1 else (*row[:6], 1, row[7])
        before = link(before, content)
        rows[place] = (*content, before)
    verdict = verify(Copy(rows))
    assert verdict.misfit is not None
    assert verdict.misfit.seq == COUNT
    assert "its number for" in verdict.misfit.why


@pytest.fixture
def worded_copy() -> Copy:
    journal = MemoryJournal()
    append(journal, entry(), worded(b"take cover"), entry(draft(b"\xff not JSON")))
    return Copy(list(journal.stored()), dict(journal.stored_texts()))


def test_words_that_fit_are_fine(worded_copy: Copy) -> None:
    assert verify(worded_copy).is_ok


def test_changed_words_are_named_with_the_row_that_uses_them(worded_copy: Copy) -> None:
    (content,) = worded_copy.texts
    worded_copy.texts[content] = b"all clear"
    verdict = verify(worded_copy)
    assert verdict.misfit == Misfit(2, f"the words it names were changed: {content}")


def test_missing_words_are_named_with_the_row_that_uses_them(worded_copy: Copy) -> None:
    (content,) = worded_copy.texts
    del worded_copy.texts[content]
    assert verify(worded_copy).misfit == Misfit(2, f"the words it names are missing: {content}")


def test_changed_words_that_no_row_uses_are_named_too(worded_copy: Copy) -> None:
    unused = hashlib.sha256(b"a").hexdigest()
    worded_copy.texts[unused] = b"b"
    assert verify(worded_copy).misfit == Misfit(None, f"the words under {unused} are not its words")


def test_a_file_that_cannot_be_read_further_is_named_at_that_row() -> None:
    torn = original()
    torn.broken_after = 7
    verdict = verify(torn)
    assert (verdict.rows, verdict.misfit) == (7, Misfit(8, "a page is torn"))


def test_a_damaged_file_whose_rows_fit_is_not_called_sound() -> None:
    hurt = original()
    hurt.wound = "row 3 missing from index event_by_alert"
    verdict = verify(hurt)
    assert verdict.rows == COUNT
    assert verdict.misfit == Misfit(
        None, "the file is damaged: row 3 missing from index event_by_alert"
    )
