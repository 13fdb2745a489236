"""What every engine promises: ``service.ports.Journal``, on each of them."""

from __future__ import annotations

import hashlib
import threading
from datetime import timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.journals import AT, READING, append, draft, entry, fill, worded
from tocsin.clock import Reading
from tocsin.core.alert import Audience
from tocsin.errors import JournalUnavailable, KeyTaken, LostRace
from tocsin.journal.chain import GENESIS
from tocsin.journal.memory import MemoryJournal
from tocsin.journal.sqlite import SqliteJournal
from tocsin.journal.verify import verify
from tocsin.service.ports import Entry, IdempotencyKey, Identity, Journal


def test_an_empty_journal_ends_at_nothing(journal: Journal) -> None:
    head = journal.head()
    assert (head.seq, head.hash) == (0, GENESIS)
    assert dict(head.audiences) == dict.fromkeys(Audience, 0)
    assert list(journal.read()) == []
    assert journal.last_reading() is None


def test_rows_are_numbered_without_a_gap_from_one(journal: Journal) -> None:
    rows = fill(journal, 45)
    assert [row.seq for row in rows] == list(range(1, 46))
    assert list(journal.read()) == rows
    assert journal.head().seq == 45
    assert journal.head().hash == rows[-1].hash


def test_each_audience_has_its_own_sequence_without_a_gap(journal: Journal) -> None:
    rows = fill(journal, 45)
    for audience in Audience:
        numbered = [r for r in rows if r.audience is audience and r.audience_seq is not None]
        assert [r.audience_seq for r in numbered] == list(range(1, len(numbered) + 1))
        assert journal.read_audience(audience, 0, 100) == numbered
        assert journal.read_audience(audience, 2, 3) == numbered[2:5]
        assert journal.head().audiences[audience] == len(numbered)


def test_imported_history_takes_no_number_of_its_audience(journal: Journal) -> None:
    (before,), (imported,), (after,) = append(
        journal, entry(draft()), entry(draft(sequenced=False)), entry(draft())
    )
    assert (before.audience_seq, imported.audience_seq, after.audience_seq) == (1, None, 2)
    assert imported.audience is Audience.PUBLIC
    assert journal.read_audience(Audience.PUBLIC, 0, 9) == [before, after]


def test_append_returns_the_rows_of_each_entry_as_they_are_read_later(journal: Journal) -> None:
    written = append(journal, entry(draft(b"1"), draft(b"2")), Entry(()), entry(draft(b"3")))
    assert [[row.data for row in rows] for rows in written] == [[b"1", b"2"], [], [b"3"]]
    assert [row for rows in written for row in rows] == list(journal.read())


def test_a_time_is_kept_to_the_microsecond_and_read_in_utc(journal: Journal) -> None:
    kyiv = timezone(timedelta(hours=2))
    ((row,),) = append(journal, entry(), at=AT.astimezone(kyiv))
    (read,) = journal.read()
    assert read == row
    assert read.recorded_at == AT
    assert read.recorded_at.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_refused(journal: Journal) -> None:
    with pytest.raises(ValueError, match="zone"):
        append(journal, entry(), at=AT.replace(tzinfo=None))
    assert journal.head().seq == 0


@pytest.mark.parametrize(("after", "limit"), [(0, 3), (7, None), (7, 0), (44, 9), (45, 1), (99, 5)])
def test_reading_starts_after_a_number_and_stops_at_a_limit(
    journal: Journal, after: int, limit: int | None
) -> None:
    rows = fill(journal, 45)
    stop = None if limit is None else after + limit
    assert list(journal.read(after, limit)) == rows[after:stop]


def test_more_rows_than_one_query_reads_come_out_in_order(journal: Journal) -> None:
    append(journal, *[entry(draft(b"%d" % number)) for number in range(12_345)])
    assert [row.data for row in journal.read(5)] == [b"%d" % n for n in range(5, 12_345)]
    assert len(list(journal.read(0, 10_001))) == 10_001


def test_a_batch_at_another_place_than_expected_loses_the_race(journal: Journal) -> None:
    fill(journal, 3)
    for expected in (2, 4):
        with pytest.raises(LostRace) as lost:
            journal.append([entry()], expected=expected, recorded_at=AT, reading=READING)
        assert lost.value.head == 3
    assert journal.head().seq == 3


def test_an_identity_is_taken_once_for_ever(journal: Journal) -> None:
    append(journal, entry(identifier="m1"))
    before = journal.head()
    with pytest.raises(KeyTaken) as taken:
        append(journal, entry(), entry(identifier="m2"), entry(identifier="m1"))
    assert taken.value.entry == 2
    assert taken.value.key == Identity("sender", "m1", "content", "a1")
    assert journal.head() == before
    assert journal.find("sender", "m2") is None


def test_an_idempotency_key_is_taken_once(journal: Journal) -> None:
    append(journal, entry(key="k1"))
    before = list(journal.read())
    with pytest.raises(KeyTaken) as taken:
        append(journal, entry(key="k2"), entry(key="k1"))
    assert taken.value.entry == 1
    assert taken.value.key == IdempotencyKey("officer", "k1", "body", "a1", 1)
    assert list(journal.read()) == before
    assert journal.find_key("officer", "k2") is None


@pytest.mark.parametrize("name", ["identifier", "key"])
def test_a_name_twice_in_one_batch_is_taken_at_its_second_place(
    journal: Journal, name: str
) -> None:
    with pytest.raises(KeyTaken) as taken:
        append(journal, entry(**{name: "x"}), entry(), entry(**{name: "x"}))
    assert taken.value.entry == 2
    assert list(journal.read()) == []


def test_after_a_refused_batch_the_next_one_is_taken(journal: Journal) -> None:
    append(journal, entry(identifier="m1"))
    with pytest.raises(KeyTaken):
        append(journal, entry(), entry(identifier="m1"))
    ((row,),) = append(journal, entry(identifier="m2"))
    assert (row.seq, row.audience_seq) == (2, 2)
    assert verify(journal).is_ok  # type: ignore[arg-type]


def test_a_refused_batch_leaves_no_words_and_no_reading(journal: Journal) -> None:
    append(journal, entry(key="k1"))
    words = worded(b"take cover")
    with pytest.raises(KeyTaken):
        append(journal, words, entry(key="k1"), reading=Reading("boot-2", 1.0, AT))
    assert journal.text(next(iter(words.texts))) is None
    assert journal.last_reading() == READING


def test_what_is_recorded_under_a_name_is_found(journal: Journal) -> None:
    append(journal, entry(identifier="m1", key="k1"))
    assert journal.find("sender", "m1") == Identity("sender", "m1", "content", "a1")
    assert journal.find("sender", "m2") is None
    assert journal.find("another", "m1") is None
    assert journal.find_key("officer", "k1") == IdempotencyKey("officer", "k1", "body", "a1", 1)
    assert journal.find_key("another", "k1") is None


def test_every_row_of_an_alert_is_found_oldest_first(journal: Journal) -> None:
    rows = fill(journal, 45)
    assert journal.of("a3") == [row for row in rows if row.alert_id == "a3"]
    assert journal.of("a3")
    assert journal.of("unknown") == []


def test_words_are_kept_once_under_their_hash(journal: Journal) -> None:
    words = worded(b"take cover")
    (content,) = words.texts
    append(journal, words, words)
    append(journal, words)
    assert journal.text(content) == b"take cover"
    assert journal.text("0" * 64) is None
    assert list(journal.stored_texts()) == [(content, b"take cover")]  # type: ignore[attr-defined]


def test_words_under_another_hash_are_refused(journal: Journal) -> None:
    with pytest.raises(ValueError, match="hash"):
        append(journal, Entry((draft(),), texts={"0" * 64: b"all clear"}))
    assert journal.head().seq == 0


def test_the_last_reading_is_that_of_the_last_commit_or_note(journal: Journal) -> None:
    append(journal, entry(), reading=Reading("boot-1", 3.25, AT))
    assert journal.last_reading() == Reading("boot-1", 3.25, AT)
    noted = Reading("boot-1", 18.25, AT + timedelta(seconds=15))
    journal.note_reading(noted)
    assert journal.last_reading() == noted
    assert journal.head().seq == 1


def test_old_keys_are_forgotten_but_not_those_of_alerts_in_force(journal: Journal) -> None:
    def keyed(name: str, alert_id: str) -> Entry:
        return Entry((draft(),), keys=(IdempotencyKey("officer", name, "body", alert_id, 1),))

    append(journal, keyed("old", "ended"), keyed("held", "in-force"), at=AT)
    append(journal, keyed("new", "ended"), at=AT + timedelta(days=7))
    dropped = journal.forget_keys(AT + timedelta(days=7), frozenset({"in-force", "other"}))
    assert dropped == 1
    left = [name for name in ("old", "held", "new") if journal.find_key("officer", name)]
    assert left == ["held", "new"]
    append(journal, keyed("old", "another"))
    assert journal.find_key("officer", "old") is not None


def test_identities_are_never_forgotten(journal: Journal) -> None:
    append(journal, entry(identifier="m1", key="k1"))
    journal.forget_keys(AT + timedelta(days=9), frozenset())
    assert journal.find("sender", "m1") is not None


def test_following_returns_what_is_there_already(journal: Journal) -> None:
    rows = fill(journal, 5)
    assert journal.follow(2, 0.0) == rows[2:]


def test_following_waits_no_longer_than_told(journal: Journal) -> None:
    assert journal.follow(0, 0.0) == []


def test_following_wakes_at_the_next_commit(journal: Journal) -> None:
    seen: list[bytes] = []
    waits = threading.Event()

    def follower() -> None:
        waits.set()
        seen.extend(row.data for row in journal.follow(0, 20.0))

    thread = threading.Thread(target=follower)
    thread.start()
    assert waits.wait(20)
    append(journal, entry(draft(b"siren")))
    thread.join(20)
    assert seen == [b"siren"]


def test_many_threads_read_while_one_writes_and_never_see_half_a_batch(journal: Journal) -> None:
    done = threading.Event()
    wrong: list[object] = []

    def reader() -> None:
        while not done.is_set():
            count = len(list(journal.read()))
            if count % 4 or [row.seq for row in journal.read()][:count] != [*range(1, count + 1)]:
                wrong.append(count)

    threads = [threading.Thread(target=reader) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(50):
        append(journal, entry(draft(), draft()), entry(draft(), draft()))
    done.set()
    for thread in threads:
        thread.join(20)
    assert wrong == []


def test_a_closed_journal_is_unavailable(journal: Journal) -> None:
    journal.close()
    journal.close()
    for use in (journal.head, lambda: append(journal, entry()), lambda: list(journal.read()),
                lambda: journal.find("s", "i"), lambda: journal.follow(0, 9.0)):  # fmt: skip
        with pytest.raises(JournalUnavailable):
            use()


class NotEnding(Exception):
    """A fault in the middle of a batch that is none of the disk's."""


class Failing(dict[str, bytes]):
    """Words that fail when they are read, as the first or the second time."""

    def __init__(self, good_times: int) -> None:
        super().__init__()
        self.good_times = good_times

    def items(self):  # type: ignore[no-untyped-def]
        self.good_times -= 1
        if self.good_times < 0:
            raise NotEnding
        return super().items()


@pytest.mark.parametrize("good_times", [0, 1])
def test_a_fault_in_the_middle_leaves_nothing_of_its_batch(
    journal: Journal, good_times: int
) -> None:
    append(journal, entry(identifier="m0"))
    before = journal.head()
    faulty = Entry((draft(),), texts=Failing(good_times))
    try:
        append(journal, entry(identifier="m1", key="k1"), faulty)
    except NotEnding:
        assert journal.head() == before
        assert journal.find("sender", "m1") is None
        assert journal.find_key("officer", "k1") is None
    assert append(journal, entry(identifier="m2"))[0][0].seq == journal.head().seq
    assert verify(journal).is_ok  # type: ignore[arg-type]


_drafts = st.builds(
    draft,
    st.binary(max_size=40),
    alert_id=st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
    audience=st.sampled_from(Audience),
    sequenced=st.booleans(),
)
_batches = st.lists(
    st.lists(st.lists(_drafts, max_size=3).map(lambda d: Entry(tuple(d))), max_size=4), max_size=5
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(batches=_batches)
def test_all_engines_write_the_same_journal(journal: Journal, batches: list[list[Entry]]) -> None:
    start = journal.head().seq
    twin = MemoryJournal()
    for row in journal.read():
        again = draft(
            row.data,
            alert_id=row.alert_id,
            audience=row.audience,
            sequenced=row.audience_seq is not None,
        )
        append(twin, entry(again), at=row.recorded_at)
    for batch in batches:
        assert append(journal, *batch) == append(twin, *batch)
    assert list(journal.read(start)) == list(twin.read(start))
    assert journal.head() == twin.head()
    assert verify(journal).is_ok  # type: ignore[arg-type]


SECRET = b"what a neighbour told, and her name" * 40


def told(words: bytes) -> Entry:
    """An entry of the desk that names words which may be erased, with the words."""
    content = hashlib.sha256(words).hexdigest()
    event = draft(b'{"content":"' + content.encode() + b'"}', audience=Audience.DESK)
    return Entry((event,), texts={content: words})


def test_words_that_are_erased_are_gone_and_the_chain_still_fits(journal: Journal) -> None:
    kept, gone = worded(b"take cover"), told(SECRET)
    append(journal, kept, gone)
    (secret,), (plain,) = gone.texts, kept.texts
    erased = draft(b'{"contents":["' + secret.encode() + b'"]}', audience=Audience.DESK)
    append(journal, Entry((erased,), erases=(secret, "0" * 64)))
    assert journal.text(secret) is None
    assert journal.text(plain) == b"take cover"
    assert dict(journal.stored_texts()) == {plain: b"take cover"}  # type: ignore[attr-defined]
    assert len(list(journal.read())) == 3, "the rows that name them stay"
    verdict = verify(journal)  # type: ignore[arg-type]
    assert (verdict.is_ok, verdict.rows) == (True, 3)


def test_words_that_are_erased_may_be_stored_again_and_a_batch_erases_what_it_brings(
    journal: Journal,
) -> None:
    words = told(SECRET)
    (secret,) = words.texts
    append(journal, words)
    append(journal, Entry((draft(),), erases=(secret,)))
    append(journal, words)
    assert journal.text(secret) == SECRET
    append(journal, words, Entry((draft(),), erases=(secret,)))
    assert journal.text(secret) is None


def test_a_refused_batch_erases_nothing(journal: Journal) -> None:
    words = told(SECRET)
    (secret,) = words.texts
    append(journal, words, entry(key="k1"))
    with pytest.raises(KeyTaken):
        append(journal, Entry((draft(),), erases=(secret,)), entry(key="k1"))
    assert journal.text(secret) == SECRET


def test_erased_words_are_in_no_byte_of_the_folder_after_a_checkpoint(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    words = told(SECRET)
    (secret,) = words.texts

    def found() -> bool:
        files = [each for each in folder.rglob("*") if each.is_file()]
        return any(SECRET[:64] in each.read_bytes() for each in files)

    journal = SqliteJournal.open(folder)
    append(journal, words, *(worded(b"%d" % number * 400) for number in range(50)))
    journal.close()
    assert found()
    journal = SqliteJournal.open(folder)
    append(journal, Entry((draft(),), erases=(secret,)))
    journal.close()
    assert not found()
    journal = SqliteJournal.open(folder)
    try:
        assert verify(journal).is_ok
    finally:
        journal.close()
