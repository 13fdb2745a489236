"""Walking on from where one came to: what is new is looked at, and a change is named."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator

import pytest

from kit.journals import append, draft, entry, fill, worded
from tocsin.errors import JournalBroken, JournalUnavailable
from tocsin.journal.memory import MemoryJournal
from tocsin.journal.verify import Onward
from tocsin.service.ports import Row

COUNT = 30


class Changed:
    """A journal as somebody left it who changed its rows or words."""

    def __init__(self) -> None:
        journal = MemoryJournal()
        fill(journal, COUNT)
        append(journal, worded(b"take cover"))
        self.rows = list(journal.read())
        self.texts = dict(journal.stored_texts())
        self.broken_after: int | None = None
        self.shut = False

    def read(self, after: int = 0, limit: int | None = None) -> Iterator[Row]:
        if self.shut:
            raise JournalUnavailable("the disk is away")
        for row in [row for row in self.rows if row.seq > after][:limit]:
            if self.broken_after is not None and row.seq > self.broken_after:
                raise JournalBroken("a page is torn", seq=row.seq)
            yield row

    def text(self, content: str) -> bytes | None:
        return self.texts.get(content)

    def put(self, place: int, **new: object) -> None:
        self.rows[place] = dataclasses.replace(self.rows[place], **new)  # type: ignore[arg-type]


def test_it_comes_to_the_end_in_pieces_and_goes_on_as_the_journal_grows() -> None:
    journal = MemoryJournal()
    fill(journal, COUNT)
    head = journal.head().seq
    walk = Onward(journal)
    assert walk.go_on(7) == (7, None)
    while (reached := walk.go_on(7))[0] < head:
        assert reached[1] is None
    assert walk.go_on(7) == (head, None)
    append(journal, worded(b"take cover"), entry(draft(b"siren")))
    assert walk.go_on(7) == (head + 2, None)


def test_a_change_before_the_walk_is_named_and_nothing_after_it_counts() -> None:
    journal = Changed()
    journal.put(20, data=b"{}")
    walk = Onward(journal)
    assert walk.go_on(10) == (10, None)
    verified, why = walk.go_on(100)
    assert verified == 20
    assert why is not None
    assert why.startswith("row 21: its hash does not follow")
    assert walk.go_on(100)[0] == 20


def test_rows_cut_off_or_written_anew_where_the_walk_stands_are_seen() -> None:
    journal = Changed()
    walk = Onward(journal)
    head = walk.go_on(1_000)[0]
    last = journal.rows[-1]
    journal.put(-1, hash=hashlib.sha256(b"another").digest())
    assert "written anew" in str(walk.go_on(10)[1])
    journal.rows[-1] = last
    assert walk.go_on(10) == (head, None)
    del journal.rows[-1]
    assert "cut off" in str(walk.go_on(10)[1])


def test_a_row_before_the_first_one_is_seen() -> None:
    journal = Changed()
    journal.rows.insert(0, dataclasses.replace(journal.rows[0], seq=-5))
    assert Onward(journal).go_on(10) == (0, "row 1: there is no row 1; the next one is -5")


@pytest.mark.parametrize(("words", "why"), [(None, "are missing"), (b"stay there", "were changed")])
def test_words_that_are_not_those_that_were_said_are_seen(words: bytes | None, why: str) -> None:
    journal = Changed()
    content = hashlib.sha256(b"take cover").hexdigest()
    assert content in journal.texts
    if words is None:
        del journal.texts[content]
    else:
        journal.texts[content] = words
    verified, said = Onward(journal).go_on(1_000)
    assert verified == len(journal.rows) - 1
    assert why in str(said)


def test_a_damaged_file_is_named_without_its_place() -> None:
    journal = Changed()
    journal.broken_after = 12
    assert Onward(journal).go_on(100) == (12, "row 13 cannot be read: the file is damaged")


def test_a_journal_that_is_away_for_a_while_is_no_misfit() -> None:
    journal = Changed()
    walk = Onward(journal)
    walk.go_on(5)
    journal.shut = True
    with pytest.raises(JournalUnavailable):
        walk.go_on(5)
    journal.shut = False
    assert walk.go_on(5) == (10, None)
