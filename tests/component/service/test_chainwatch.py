"""The chain is walked while the house runs: how far it fits is known, and what does not is told."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest
import structlog
from structlog.testing import capture_logs

from kit.houses import KYIV, house, issue
from tocsin.errors import JournalUnavailable
from tocsin.journal.sqlite import SqliteJournal
from tocsin.journal.verify import Onward, verify
from tocsin.service.chainwatch import ChainWatch


async def until(true, watch: ChainWatch) -> None:
    """Wait until the running walk has come there."""
    async with asyncio.timeout(20):
        while not true(watch):  # noqa: ASYNC110  # the walk has no event for it
            await asyncio.sleep(0)


async def test_it_walks_to_the_end_and_goes_on_with_what_is_new(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.service.submit(issue(KYIV))
        watch = ChainWatch(Onward(home.journal).go_on, every_s=0, rest_s=0)
        watch.start()
        await until(lambda w: w.verified == home.journal.head().seq, watch)
        await home.service.submit(issue(KYIV, hazard="chemical"))
        await until(lambda w: w.verified == home.journal.head().seq, watch)
        assert watch.misfit is None
        await watch.stop()
        await watch.stop()
        assert verify(home.journal._journal).is_ok  # noqa: SLF001  # the engine behind the kit's


async def test_a_changed_row_is_an_error_once_and_the_walk_stays_there(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.service.submit(issue(KYIV))
        await home.service.submit(issue(KYIV, hazard="chemical"))
        head = home.journal.head().seq
    stranger = apsw.Connection(str(tmp_path / "journal.sqlite"))
    for (name,) in list(stranger.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")):
        stranger.execute(f'DROP TRIGGER "{name}"')
    stranger.execute("UPDATE event SET data = x'7b7d' WHERE seq = ?", (head,))
    stranger.close()
    journal = SqliteJournal.open(tmp_path, readonly=True)
    try:
        watch = ChainWatch(Onward(journal).go_on, every_s=0, rest_s=0)
        with capture_logs() as told:
            watch.start()
            await until(lambda w: w.misfit is not None, watch)
            await watch.stop()
    finally:
        journal.close()
    assert watch.verified == head - 1
    assert str(watch.misfit).startswith(f"row {head}: ")
    errors = [each for each in told if each["log_level"] == "error"]
    assert [(each["event"], each["verified"]) for each in errors] == [
        ("journal_does_not_fit", head - 1)
    ]


@pytest.fixture
def _every_level() -> Iterator[None]:
    """Log warnings whatever level another test of this process has left behind."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(0))
    yield
    structlog.configure(**before)


@pytest.mark.usefixtures("_every_level")
async def test_a_journal_that_cannot_be_read_for_now_is_asked_again() -> None:
    answers = iter([JournalUnavailable("away"), ValueError("a fault of ours"), (3, None)])

    def go_on(_most: int) -> tuple[int, str | None]:
        answer = next(answers, (4, None))
        if isinstance(answer, Exception):
            raise answer
        return answer

    watch = ChainWatch(go_on, every_s=0, rest_s=0)
    with capture_logs() as told:
        watch.start()
        await until(lambda w: w.verified == 4, watch)
        await watch.stop()
    assert [each["event"] for each in told] == ["chain_not_walked", "chain_walk_failed"]
    assert watch.misfit is None
