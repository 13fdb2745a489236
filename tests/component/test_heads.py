"""Signed heads over a real journal: written without delay, and what they show that a chain cannot.

Source: RELIABILITY P23, T22.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import msgspec
import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.clocks import NOON, FakeClock
from kit.commands import tocsin
from kit.houses import KYIV, LVIV, Home, house, issue
from kit.journals import fill
from tocsin.core import commands as co
from tocsin.core.alert import Audience
from tocsin.journal.chain import GENESIS, link
from tocsin.journal.sqlite import SqliteJournal
from tocsin.journal.verify import verify
from tocsin.keys.kinds import Purpose, SigningKey, fresh, key_of
from tocsin.keys.signed import misfit, signed
from tocsin.keys.store import KeyStore
from tocsin.service.headfile import FILE, HeadFile, Judgement, judged, keys_beside, read_lines
from tocsin.service.heads import Heads, public_head

ROWS = 40


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    store = KeyStore(tmp_path / "data" / "keys")
    store.prepare(NOON)
    return store


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], object]:
    """Make the disk of one folder hang until it is let go."""
    append = HeadFile.append

    @contextlib.contextmanager
    def hang(folder: Path) -> Iterator[Callable[[], None]]:
        let_go = threading.Event()

        def slow(self: HeadFile, *written: object) -> None:
            if self.path.parent == folder:
                let_go.wait(20)
            append(self, *written)

        monkeypatch.setattr(HeadFile, "append", slow)
        try:
            yield let_go.set
        finally:
            let_go.set()

    return hang


def signer(home: Home, keys: KeyStore, data: Path, **more: object) -> Heads:
    return Heads(
        home.service,
        home.journal,
        key=lambda: keys.key(Purpose.HEAD),
        known=lambda: [key.public for key in keys.all(Purpose.HEAD)],
        folder=data,
        **{"every_s": 3600.0, **more},
    )


@contextlib.asynccontextmanager
async def signing(data: Path, keys: KeyStore, **more: object) -> AsyncIterator[tuple[Home, Heads]]:
    """A house that signs heads, and says when its first one stands."""
    async with house(data, FakeClock()) as home:
        heads = signer(home, keys, data, **more)
        heads.start()
        await until(lambda: seqs(data))
        try:
            yield home, heads
        finally:
            await heads.stop()


async def until(is_so: Callable[[], object]) -> None:
    """Let the house go on until something is so; the test's own timeout ends it."""
    while not is_so():  # noqa: ASYNC110  # a file tells nobody that it has grown
        await asyncio.sleep(0.002)


def seqs(folder: Path) -> list[int]:
    path = folder / FILE
    lines = read_lines(path) if path.exists() else ()
    return [line.head.seq for line in lines if line.head is not None]


def judge(data: Path, keys: KeyStore, *files: Path) -> Judgement:
    journal = SqliteJournal.open(data, readonly=True)
    try:
        publics = [key.public for key in keys.all(Purpose.HEAD)]
        rows = ((row.seq, row.hash) for row in journal.read())
        return judged(files or (data / FILE,), publics, rows)
    finally:
        journal.close()


# -- written ---------------------------------------------------------------------------------------


async def test_each_alert_makes_a_head_that_says_where_every_audience_is(tmp_path, keys):
    data = tmp_path / "data"
    async with signing(data, keys) as (home, _):
        await home.service.submit(issue(KYIV))
        await until(lambda: home.journal.head().seq in seqs(data))
        end = home.journal.head()
    *_, last = [json.loads(line) for line in (data / FILE).read_text().splitlines()]

    assert set(last) == {
        *("seq", "hash", "recorded_at", "signed_at", "audiences", "key", "signature")
    }
    assert (last["seq"], last["hash"]) == (end.seq, end.hash.hex())
    assert last["audiences"] == {each.value: end.audiences[each] for each in Audience}
    assert last["signed_at"] == "2022-10-11T09:00:00Z"
    assert misfit(last, [keys.key(Purpose.HEAD).public]) is None


async def test_no_answer_waits_for_a_head_and_many_alerts_make_one(tmp_path, keys, hanging):
    data = tmp_path / "data"
    async with signing(data, keys) as (home, _):
        before = len(seqs(data))
        regions = home.world.tree.children("UA")
        with hanging(data):
            answers = await asyncio.gather(*(home.service.submit(issue(r)) for r in regions))
            assert all(answer.alert_id for answer in answers)
            assert len(seqs(data)) == before
        await until(lambda: home.journal.head().seq in seqs(data))
        assert len(seqs(data)) - before <= 2, "one under way, and one for all that came meanwhile"
        assert len(regions) > 20


async def test_a_house_at_rest_goes_on_signing(tmp_path, keys):
    data = tmp_path / "data"
    async with signing(data, keys, every_s=0.005):
        await until(lambda: len(seqs(data)) >= 4)
    assert judge(data, keys).misfit is None


async def test_the_last_head_covers_what_was_recorded_without_an_alert(tmp_path, keys):
    data = tmp_path / "data"
    async with signing(data, keys) as (home, _):
        before = len(seqs(data))
        await home.service.submit(co.GiveMandate(sender="town", regions=(LVIV,)))
        end = home.journal.head().seq
        assert len(seqs(data)) == before
    assert seqs(data)[-1] == end
    assert len(seqs(data)) == before + 1


async def test_an_empty_journal_has_no_head(tmp_path, keys):
    journal = SqliteJournal.open(tmp_path / "data")
    async with house(tmp_path / "other") as home:
        home.journal = journal
        await signer(home, keys, tmp_path / "data").sign()
    journal.close()
    assert not (tmp_path / "data" / FILE).exists()


async def test_a_place_that_is_not_mounted_stops_nobody_and_is_told_once(tmp_path, keys):
    data, gone, well = tmp_path / "data", tmp_path / "gone", tmp_path / "well"
    well.mkdir()
    with structlog.testing.capture_logs() as logs:
        async with signing(data, keys, places=(gone, well)) as (home, heads):
            for region in (KYIV, LVIV):
                await home.service.submit(issue(region))
                await heads.sign()
            await until(lambda: seqs(well)[-1:] == [home.journal.head().seq])
            assert not gone.exists(), "it would fill the wrong disk"
            gone.mkdir()
            await heads.sign()
            await until(lambda: seqs(gone) and seqs(gone)[-1] == home.journal.head().seq)
    told = [line["event"] for line in logs if line["event"].startswith("head_place")]
    assert told == ["head_place_failed", "head_place_recovered"]
    assert seqs(gone) == seqs(well) == seqs(data), "it was given what it was owed"


async def test_a_place_that_hangs_holds_up_neither_the_others_nor_an_alert(tmp_path, keys, hanging):
    data, hung, well = tmp_path / "data", tmp_path / "hung", tmp_path / "well"
    hung.mkdir()
    well.mkdir()
    with hanging(hung) as let_go:
        async with signing(data, keys, places=(hung, well)) as (home, _):
            await home.service.submit(issue(KYIV))
            await until(lambda: seqs(well)[-1:] == [home.journal.head().seq])
            assert not seqs(hung)
            let_go()
    assert seqs(hung) == seqs(data)


async def test_a_rotated_key_signs_the_next_head_and_both_still_check(tmp_path, keys):
    data = tmp_path / "data"
    async with signing(data, keys) as (_, heads):
        old = keys.key(Purpose.HEAD)
        new = keys.rotate(Purpose.HEAD, NOON)
        await heads.sign()
    signed_by = {line.head.key for line in read_lines(data / FILE)}
    assert signed_by == {old.id, new.id}
    assert judge(data, keys).misfit is None
    strangers = KeyStore(tmp_path / "nothing")
    assert {key.id for key in keys_beside(data / FILE)} == signed_by
    assert judge(data, strangers).misfit is None, "their public halves lie beside them"


async def test_a_torn_line_is_ended_and_left_out(tmp_path, keys):
    data = tmp_path / "data"
    async with signing(data, keys) as (_, heads):
        with (data / FILE).open("ab") as file:
            file.write(b'{"seq":7,"ha')
        assert HeadFile(data).last().head.seq == 1
        await heads.sign()
    found = judge(data, keys)
    assert (found.torn, found.misfit) == (1, None)
    assert found.heads >= 3


async def test_a_house_whose_keys_are_gone_says_so_once_and_goes_on_warning(tmp_path):
    data = tmp_path / "data"
    with structlog.testing.capture_logs() as logs:
        async with house(data) as home:
            heads = signer(home, KeyStore(tmp_path / "nothing"), data)
            await heads.sign()
            await heads.sign()
            assert (await home.service.submit(issue(KYIV))).alert_id
    assert [line["event"] for line in logs if "head" in line["event"]] == ["head_not_written"]


async def test_a_start_over_an_older_backup_is_told_and_serves(tmp_path, keys):
    data, away, backup = tmp_path / "data", tmp_path / "away", tmp_path / "backup"
    away.mkdir()
    async with signing(data, keys, places=(away,)):
        pass
    shutil.copytree(data, backup)
    async with signing(data, keys, places=(away,)) as (home, heads):
        assert heads.misfits == ()
        await home.service.submit(issue(KYIV))
    shutil.rmtree(data)
    shutil.copytree(backup, data)

    async with signing(data, keys, places=(away,)) as (home, heads):
        await until(lambda: heads.misfits)
        assert "cut off or set back" in heads.misfits[0]
        assert str(away) in heads.misfits[0]
        assert (await home.service.submit(issue(KYIV))).alert_id


async def test_the_public_is_told_its_own_sequence_only(tmp_path, keys):
    key = keys.key(Purpose.HEAD)
    async with house(tmp_path / "data", FakeClock()) as home:
        await home.service.submit(issue(KYIV))
        told = public_head(home.service, "cafe", key)
        assert told.sequence == home.service.head(Audience.PUBLIC)
    body = msgspec.json.decode(msgspec.json.encode(told))
    assert set(body) == {
        *("audience", "sequence", "hash", "server_time", "public_key", "key", "signature")
    }
    assert (body["audience"], body["hash"]) == ("public", "cafe")
    assert misfit(body, [key.public]) is None
    assert misfit({**body, "sequence": 99}, [key.public]) is not None


# -- checked: T22 ----------------------------------------------------------------------------------


class Evidence:
    """A real journal, its heads kept outside, and copies of it that somebody tampers with."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = _signing("20221011T090000Z-outside")
        self.outside = folder / "outside"
        self.outside.mkdir()
        journal = SqliteJournal.open(folder / "true")
        self.rows = fill(journal, ROWS)
        journal.close()
        self.heads = [self.head(seq, self.key) for seq in (10, 20, 30, ROWS)]
        HeadFile(self.outside).append(self.heads, self.key.public)
        self._copies = 0

    def head(self, seq: int, key: SigningKey, hash_: bytes | None = None) -> bytes:
        body: dict[str, object] = {
            "seq": seq,
            "hash": (hash_ or self.rows[seq - 1].hash).hex(),
            "recorded_at": "2022-10-11T09:00:00Z",
            "signed_at": "2022-10-11T09:00:00Z",
            "audiences": {"public": seq, "drill": 0, "desk": 0},
        }
        return json.dumps(signed(body, key)).encode() + b"\n"

    def forged_heads(self, forger: SigningKey) -> Path:
        """Heads of the same numbers that somebody signed without the house's key."""
        folder = self.folder / f"forged-{self._copies}"
        folder.mkdir(exist_ok=True)
        (folder / FILE).write_bytes(self.head(10, forger, b"\1" * 32))
        return folder / FILE

    @contextlib.contextmanager
    def tampered(self):
        """A copy of the journal, its own guards taken off; yields its cursor and its verdict."""
        self._copies += 1
        copy = self.folder / f"copy-{self._copies}"
        copy.mkdir()
        shutil.copyfile(self.folder / "true" / "journal.sqlite", copy / "journal.sqlite")
        file = sqlite3.connect(copy / "journal.sqlite", isolation_level=None)
        file.execute("PRAGMA journal_mode=MEMORY")
        file.execute("PRAGMA synchronous=OFF")
        for kind, name in (
            ("TRIGGER", "event_is_never_changed"),
            ("TRIGGER", "event_is_never_removed"),
            ("INDEX", "event_by_audience"),
        ):
            file.execute(f"DROP {kind} {name}")
        file.execute("BEGIN")
        try:
            yield file, lambda: self._verdict(file, copy)
        finally:
            file.close()
            shutil.rmtree(copy)

    def _verdict(self, file: sqlite3.Connection, copy: Path):
        file.execute("COMMIT")
        file.execute("PRAGMA journal_mode=WAL")
        file.close()
        journal = SqliteJournal.open(copy, readonly=True)
        try:
            chain = verify(journal).misfit
            if chain is not None:
                return chain, None
            rows = ((row.seq, row.hash) for row in journal.read())
            return None, judged((self.outside / FILE,), [self.key.public], rows).misfit
        finally:
            journal.close()


def _signing(key_id: str) -> SigningKey:
    key = key_of(Purpose.HEAD, fresh(Purpose.HEAD)[0], None, key_id)
    assert isinstance(key, SigningKey)
    return key


@pytest.fixture(scope="module")
def evidence(tmp_path_factory) -> Evidence:
    return Evidence(tmp_path_factory.mktemp("evidence"))


def _row(file: sqlite3.Connection, seq: int) -> list:
    return list(file.execute("SELECT * FROM event WHERE seq = ?", (seq,)).fetchone())


def _put(file: sqlite3.Connection, row: list) -> None:
    file.execute("INSERT OR REPLACE INTO event VALUES (?,?,?,?,?,?,?,?,?)", row)


def _written_anew(file: sqlite3.Connection, first: int) -> None:
    """Change a row and every hash from there on, so that the chain fits again."""
    before = GENESIS if first == 1 else _row(file, first - 1)[8]
    for seq in range(first, ROWS + 1):
        row = _row(file, seq)
        row[3] = b'{"forged":true}' if seq == first else row[3]
        before = row[8] = link(before, tuple(row[:8]))
        _put(file, row)


def _expect_found(evidence: Evidence, data: st.DataObject) -> None:
    kind = data.draw(
        st.sampled_from(["flip", "delete", "insert", "swap", "truncate", "rewrite", "set back"])
    )
    seq = data.draw(st.integers(1, ROWS))
    with evidence.tampered() as (file, verdict):
        match kind:
            case "flip":
                row, column = _row(file, seq), data.draw(st.sampled_from([3, 8]))
                bit = data.draw(st.integers(0, len(row[column]) * 8 - 1))
                changed = bytearray(row[column])
                changed[bit // 8] ^= 1 << (bit % 8)
                row[column] = bytes(changed)
                _put(file, row)
            case "delete":
                seq = min(seq, ROWS - 1)  # the last one is a truncation
                file.execute("DELETE FROM event WHERE seq = ?", (seq,))
            case "insert":
                row = _row(file, seq)
                _put(file, [ROWS + 1, *row[1:]])
            case "swap":
                other = data.draw(st.integers(1, ROWS).filter(lambda n: n != seq))
                one, two = _row(file, seq), _row(file, other)
                _put(file, [seq, *two[1:]])
                _put(file, [other, *one[1:]])
            case "truncate":
                file.execute("DELETE FROM event WHERE seq >= ?", (seq,))
            case "rewrite":
                _written_anew(file, seq)
            case "set back":
                file.execute("DELETE FROM event WHERE seq > ?", (seq,))
                before = _row(file, seq)[8]
                for number in range(seq + 1, ROWS + 3):
                    row = [number, "alert-issued", 1, b"{}", None, "public", None, number]
                    before = link(before, tuple(row))
                    _put(file, [*row, before])
                if seq == ROWS:
                    file.execute("DELETE FROM event WHERE seq >= ?", (seq,))
        chain, head = verdict()
    if kind in {"truncate", "rewrite", "set back"}:
        assert chain is None, "a chain alone does not show it"
        assert head is not None
        first = min(n for n in (10, 20, 30, ROWS) if n >= seq + (kind == "set back" and seq < ROWS))
        assert head.seq == first, "the first head that does not fit is named"
    else:
        assert chain is not None


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_is_done_to_a_journal_its_chain_or_a_head_shows(evidence, data):
    _expect_found(evidence, data)


@pytest.mark.proof
@pytest.mark.timeout(900)
@settings(max_examples=2000, deadline=None)
@given(st.data())
def test_two_thousand_ways_to_change_a_journal_are_found(evidence, data):
    _expect_found(evidence, data)


def test_an_untouched_journal_fits_its_heads(evidence):
    with evidence.tampered() as (_, verdict):
        assert verdict() == (None, None)


def test_heads_that_somebody_else_signed_in_our_name_do_not_count(evidence):
    rows = [(row.seq, row.hash) for row in evidence.rows]
    forged = evidence.forged_heads(_signing(evidence.key.id))
    found = judged((forged,), [evidence.key.public], rows).misfit
    assert found.why == "its signature does not fit: it was changed"
    forged = evidence.forged_heads(_signing("20221011T090000Z-nobody"))
    found = judged((forged,), [evidence.key.public], rows).misfit
    assert found.why == "it is signed by a key that is not known here"


def test_a_false_head_does_not_hide_behind_a_true_one(evidence, tmp_path):
    """Whoever holds the key signs the rewritten journal; the head kept outside still speaks."""
    rows = [(row.seq, row.hash if row.seq < 10 else b"\2" * 32) for row in evidence.rows]
    resigned = evidence.head(10, evidence.key, b"\2" * 32)
    (tmp_path / FILE).write_bytes(resigned)
    for files in ([tmp_path, evidence.outside], [evidence.outside, tmp_path]):
        found = judged([each / FILE for each in files], [evidence.key.public], rows).misfit
        assert (found.path.parent, found.seq) == (evidence.outside, 10)


def test_two_known_ends_of_one_number_do_not_hide_each_other(evidence):
    journal = SqliteJournal.open(evidence.folder / "true", readonly=True)
    true, false = (10, evidence.rows[9].hash), (10, b"\1" * 32)
    try:
        assert verify(journal, [true, true]).is_ok
        assert verify(journal, [true, false]).misfit.seq == 10
        assert verify(journal, [false, true]).misfit.seq == 10
    finally:
        journal.close()


# -- the command line ------------------------------------------------------------------------------


@pytest.fixture
async def kept(tmp_path, keys) -> Path:
    """A house that has stopped, and its heads as they were kept elsewhere."""
    data, away = tmp_path / "data", tmp_path / "away"
    away.mkdir()
    async with signing(data, keys, places=(away,)) as (home, _):
        for region in (KYIV, LVIV):
            await home.service.submit(issue(region))
    return away / FILE


def test_verify_counts_the_heads_of_the_house_and_those_it_is_given(tmp_path, kept):
    done = tocsin("verify", "--data", tmp_path / "data", "--json")
    assert (done.code, done.json["ok"], done.json["heads"]["misfit"]) == (0, True, None)
    own = done.json["heads"]["checked"]
    assert own > 1
    both = tocsin("verify", "--data", tmp_path / "data", "--heads", kept)
    assert both.code == 0
    assert f"signed heads     {2 * own}, each still in the journal" in both.out


def test_verify_names_the_first_head_that_a_cut_journal_lost(tmp_path, kept):
    data = tmp_path / "data"
    (data / FILE).unlink()  # whoever cuts the journal cuts its own heads too
    with sqlite3.connect(data / "journal.sqlite") as file:
        file.execute("DROP TRIGGER event_is_never_removed")
        file.execute("DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)")
    file.close()

    assert tocsin("verify", "--data", data).code == 0, "the chain alone does not show it"
    done = tocsin("verify", "--data", data, "--heads", kept)
    assert done.code == 5
    assert "head-does-not-fit: row 3 was there once" in done.err
    assert f"{kept}:" in done.err
    told = tocsin("verify", "--data", data, "--heads", kept, "--json")
    assert told.code == 5
    assert (told.json["ok"], told.json["heads"]["misfit"]["row"]) == (False, 3)


@pytest.mark.usefixtures("kept")
def test_verify_says_when_there_is_no_such_file_and_when_there_are_no_heads(tmp_path):
    data = tmp_path / "data"
    assert tocsin("verify", "--data", data, "--heads", tmp_path / "nothing").code == 2
    (data / FILE).unlink()
    bare = tocsin("verify", "--data", data)
    assert bare.code == 0
    assert "signed heads     none" in bare.out
