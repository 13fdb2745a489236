"""Saved state: used only if it fits this journal, this layout and its own checksum."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.journals import append, draft, entry, fill
from tocsin.errors import JournalUnavailable
from tocsin.journal.memory import MemoryJournal
from tocsin.journal.snapshots import FILE_NAME, Snapshot, SnapshotRefused, load, save
from tocsin.service.ports import Journal

STATE = bytes(range(256)) * 10


def snapshot_of(journal: Journal, layout: str = "state 1") -> Snapshot:
    head = journal.head()
    return Snapshot(head.seq, head.hash, layout, STATE)


def test_a_snapshot_comes_back_as_it_was(tmp_path: Path, journal: Journal) -> None:
    fill(journal, 12)
    saved = snapshot_of(journal)
    save(tmp_path, saved)
    append(journal, entry())
    assert load(tmp_path, journal, "state 1") == saved
    assert [file.name for file in tmp_path.glob("snapshot*")] == [FILE_NAME]


def test_where_there_is_none_there_is_none(tmp_path: Path, journal: Journal) -> None:
    assert load(tmp_path, journal, "state 1") is None


def test_a_newer_snapshot_takes_the_place_of_the_one_before(
    tmp_path: Path, journal: Journal
) -> None:
    for _ in range(2):
        append(journal, entry())
        save(tmp_path, snapshot_of(journal))
    loaded = load(tmp_path, journal, "state 1")
    assert loaded is not None
    assert loaded.seq == 2


def test_a_snapshot_of_another_journal_is_refused(tmp_path: Path, journal: Journal) -> None:
    append(journal, entry(draft(b"here")))
    other = MemoryJournal()
    append(other, entry(draft(b"elsewhere")))
    save(tmp_path, snapshot_of(other))
    with pytest.raises(SnapshotRefused, match="row 1 that is not in this journal"):
        load(tmp_path, journal, "state 1")


def test_a_snapshot_ahead_of_its_journal_is_refused(tmp_path: Path, journal: Journal) -> None:
    longer = MemoryJournal()
    fill(longer, 12)
    save(tmp_path, snapshot_of(longer))
    fill(journal, 10)
    with pytest.raises(SnapshotRefused, match="not in this journal"):
        load(tmp_path, journal, "state 1")


def test_a_snapshot_of_another_layout_is_refused(tmp_path: Path, journal: Journal) -> None:
    append(journal, entry())
    save(tmp_path, snapshot_of(journal, "state 0"))
    with pytest.raises(SnapshotRefused, match="'state 0', not 'state 1'"):
        load(tmp_path, journal, "state 1")


def test_a_snapshot_with_any_byte_changed_or_cut_is_refused(
    tmp_path: Path, journal: Journal
) -> None:
    append(journal, entry())
    save(tmp_path, snapshot_of(journal))
    whole = (tmp_path / FILE_NAME).read_bytes()
    for place in (*range(120), *range(120, len(whole), 97)):
        changed = bytearray(whole)
        changed[place] ^= 4
        for content in (bytes(changed), whole[:place]):
            (tmp_path / FILE_NAME).write_bytes(content)
            with pytest.raises(SnapshotRefused):
                load(tmp_path, journal, "state 1")


def test_a_snapshot_that_cannot_be_written_leaves_the_one_before(
    tmp_path: Path, journal: Journal
) -> None:
    append(journal, entry())
    before = snapshot_of(journal)
    save(tmp_path, before)
    (tmp_path / (FILE_NAME + ".new")).mkdir()
    append(journal, entry())
    with pytest.raises(JournalUnavailable, match="cannot be written"):
        save(tmp_path, snapshot_of(journal))
    assert load(tmp_path, journal, "state 1") == before
