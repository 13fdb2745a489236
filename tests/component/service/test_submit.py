"""The road over a real SQLite journal: accepted means recorded, repeated means the first answer."""

import asyncio
from datetime import timedelta

import pytest

from kit.clocks import FakeClock
from kit.houses import KYIV, LVIV, house, issue
from tocsin.core import commands as co
from tocsin.core.alert import AlertState, Audience
from tocsin.core.refusals import Refusal, Rule
from tocsin.errors import JournalUnavailable
from tocsin.service.road import RequestKey
from tocsin.service.schedule import Scheduler
from tocsin.service.submit import Accepted


async def test_an_accepted_alert_stands_in_the_journal_with_its_words(tmp_path):
    async with house(tmp_path) as home:
        answer = await home.service.submit(issue(KYIV))
        assert isinstance(answer, Accepted)
        assert not answer.repeated
        rows = home.journal.of(answer.alert_id)
        assert [row.kind for row in rows] == ["alert-issued"]
        alert = home.service.view(answer.alert_id).alert
        for spoken in home.service.words(alert).values():
            assert set(spoken) == {"uk", "en"}  # alert, all-clear and retraction, ready


async def test_a_restart_finds_what_was_accepted(tmp_path):
    async with house(tmp_path) as home:
        first = await home.service.submit(issue(KYIV))
        state = home.service.state
    async with house(tmp_path) as home:
        assert home.service.state == state
        assert home.service.view(first.alert_id).alert.is_in_force


async def test_thirty_callers_get_thirty_alerts_in_one_order(tmp_path):
    async with house(tmp_path) as home:
        told = []
        home.service.follow(told.extend)
        regions = home.world.tree.children("UA")
        answers = await asyncio.gather(*(home.service.submit(issue(r)) for r in regions))
        assert len({answer.alert_id for answer in answers}) == len(regions)
        numbers = [each.row.audience_seq for each in told]
        assert numbers == list(range(numbers[0], numbers[0] + len(regions)))


async def test_the_same_key_and_body_is_the_first_answer_also_at_the_same_moment(tmp_path):
    async with house(tmp_path) as home:
        key = RequestKey("token", "k1", "body")
        answers = await asyncio.gather(
            *(home.service.submit(issue(KYIV), key=key) for _ in range(9))
        )
        answers.append(await home.service.submit(issue(KYIV), key=key))
        assert len({answer.alert_id for answer in answers}) == 1
        assert sum(not answer.repeated for answer in answers) == 1
        assert len(home.service.state.active) == 1
        other = await home.service.submit(issue(LVIV), key=RequestKey("token", "k1", "other"))
        assert isinstance(other, Refusal)
        assert other.rule is Rule.KEY_REUSED


async def test_the_same_key_after_a_restart_is_still_the_first_answer(tmp_path):
    key = RequestKey("token", "k1", "body")
    async with house(tmp_path) as home:
        first = await home.service.submit(issue(KYIV), key=key)
    async with house(tmp_path) as home:
        again = await home.service.submit(issue(KYIV), key=key)
        assert again.repeated
        assert (again.alert_id, again.revision) == (first.alert_id, first.revision)


async def test_an_identity_is_unique_for_ever_also_when_its_alert_is_long_closed(tmp_path):
    clock = FakeClock()
    async with house(tmp_path, clock) as home:
        one = await home.service.submit(issue(KYIV, identifier="m1", content="a"))
        await home.service.submit(co.ClearAlert(sender=home.world.authority, alert_id=one.alert_id))
        clock.step(days=3)
        await home.service.submit(issue(LVIV))  # lets the closed one leave the open state
        assert home.service.state.alert(one.alert_id) is None
        same = await home.service.submit(issue(KYIV, identifier="m1", content="a"))
        assert same.repeated
        assert same.alert_id == one.alert_id
        other = await home.service.submit(issue(KYIV, identifier="m1", content="b"))
        assert other.rule is Rule.IDENTIFIER_REUSED


async def test_a_disk_that_refuses_loses_nothing_accepted_and_accepts_nothing(tmp_path):
    async with house(tmp_path) as home:
        kept = await home.service.submit(issue(KYIV))
        home.journal.refuse = True
        with pytest.raises(JournalUnavailable):
            await home.service.submit(issue(LVIV))
        assert home.service.freshness == "stale"
        assert list(home.service.state.active) == [kept.alert_id]
        home.journal.refuse = False
        after = await home.service.submit(issue(LVIV))
        assert home.service.freshness == "fresh"
        assert set(home.service.state.active) == {kept.alert_id, after.alert_id}


async def test_somebody_else_who_appended_first_is_heard_and_the_command_decided_again(tmp_path):
    async with house(tmp_path) as home:
        first = await home.service.submit(issue(KYIV))
        told = []
        home.service.follow(told.extend)
        home.append_elsewhere(issue(KYIV))
        second = await home.service.submit(issue(KYIV))
        assert [each.alert.id for each in told][-1] == second.alert_id
        assert len(told) == 2
        assert home.service.view(second.alert_id).alert.sounds_in == ()
        assert first.alert_id in home.service.state.active


async def test_an_alert_that_extends_itself_does_so_up_to_its_longest_and_then_runs_out(tmp_path):
    clock = FakeClock()
    async with house(tmp_path, clock) as home:
        look = Scheduler(home.service, home.time).look
        one = await home.service.submit(issue(KYIV))
        longest = home.world.hazards["air-raid"].longest
        end = clock.now() + longest
        while clock.now() < end:
            alert = home.service.state.active[one.alert_id]
            assert alert.state is AlertState.ACTIVE
            clock.wall = alert.expires
            await look()
        assert home.service.state.unconfirmed[one.alert_id].ended == end


async def test_a_hazard_that_may_lapse_runs_out_and_is_unconfirmed_never_clear(tmp_path):
    clock = FakeClock()
    async with house(tmp_path, clock) as home:
        one = await home.service.submit(
            issue(KYIV, hazard="flood", expires=clock.now() + timedelta(hours=1))
        )
        clock.step(hours=1)
        assert await Scheduler(home.service, home.time).look() == 1
        assert home.service.view(one.alert_id).alert.state is AlertState.UNCONFIRMED
        assert [line.state for line in home.service.regions.line(KYIV, clock.now())] == [
            "unconfirmed"
        ]


async def test_a_server_that_was_away_extends_what_ran_out_meanwhile_instead_of_clearing(tmp_path):
    clock = FakeClock()
    async with house(tmp_path, clock) as home:
        one = await home.service.submit(issue(KYIV))
    clock.step(hours=5)
    async with house(tmp_path, clock) as home:
        await Scheduler(home.service, home.time).look()
        alert = home.service.state.active[one.alert_id]
        assert alert.expires > clock.now()


async def test_a_follower_resumes_by_its_audience_number(tmp_path):
    async with house(tmp_path) as home:
        before = home.service.head(Audience.PUBLIC)
        await home.service.submit(issue(KYIV))
        await home.service.submit(issue(LVIV))
        missed = home.service.recent(Audience.PUBLIC, before)
        assert [each.row.audience_seq for each in missed] == [before + 1, before + 2]
        assert home.service.recent(Audience.PUBLIC, before + 3) is None
        assert home.service.recent(Audience.PUBLIC, before + 2) == []


async def test_a_start_from_a_snapshot_is_the_fold_from_the_beginning(tmp_path):
    clock = FakeClock()
    async with house(tmp_path, clock) as home:
        one = await home.service.submit(issue(KYIV))
        await home.service.submit(issue(LVIV))
        clock.step(minutes=7)
        await home.service.submit(co.ClearAlert(sender=home.world.authority, alert_id=one.alert_id))
        home.service.save_snapshot()
    async with (
        house(tmp_path, clock, snapshots=True) as quick,
        house(tmp_path, clock, snapshots=False, readonly=True) as slow,
    ):
        assert quick.service.regions.begins_at > slow.service.regions.begins_at
        assert quick.service.state == slow.service.state
        now = clock.now()
        assert quick.service.regions.lines(now) == slow.service.regions.lines(now)
        assert quick.service.recent(Audience.PUBLIC, 0) == slow.service.recent(Audience.PUBLIC, 0)
        past = now - timedelta(minutes=5)
        asked = await quick.service.past(past)
        assert asked.lines(past) == slow.service.regions.lines(past)
