"""A proposal on its whole road: recorded with its words, over a restart, approved as it was."""

from kit.clocks import FakeClock
from kit.houses import KYIV, house, issue
from kit.world import officer
from tocsin.core import commands as co
from tocsin.core.alert import Audience
from tocsin.core.refusals import Refusal, Rule
from tocsin.service.road import RequestKey

OWN = {"en": {"headline": "Chlorine over the left bank", "instruction": "Close the windows."}}


def people(world):
    """Two officers of the house's own authority."""
    usual = {"sender": world.authority, "regions": (world.tree.root,)}
    return officer("anna", **usual), officer("ivan", **usual)


async def propose(home, **more):
    """Propose by Anna that a city be warned of chlorine; return the proposal."""
    anna, _ = people(home.world)
    done = await home.service.submit(
        issue(KYIV, hazard="chemical"), given=OWN, warrant=anna, **more
    )
    return home.service.state.proposals[done.alert_id]


def yes(proposal, **more):
    """The approval of a proposal as it is."""
    return co.AnswerProposal(
        proposal_id=proposal.id, verdict=co.Verdict.APPROVE, content=proposal.content,
        confirmed=True, **more,
    )  # fmt: skip


async def test_an_approved_alert_says_what_its_author_wrote_also_after_a_restart(tmp_path):
    clock = FakeClock()
    async with house(tmp_path, clock) as home:
        proposal = await propose(home)
        assert not home.service.state.active
        assert home.service.head(Audience.PUBLIC) == 1, "the mandate alone"
        home.service.save_snapshot()
    for snapshots in (True, False):
        async with house(tmp_path, clock, snapshots=snapshots, readonly=True) as home:
            assert home.service.state.proposals == {proposal.id: proposal}
    async with house(tmp_path, clock) as home:
        _, ivan = people(home.world)
        done = await home.service.submit(yes(proposal), warrant=ivan)
        assert not isinstance(done, Refusal), done
        alert = home.service.state.active[done.alert_id]
        assert (alert.issued_by, alert.texts) == ("anna", proposal.issue.texts)
        words = home.service.words(alert)["alert"]["en"]
        assert (words.headline, words.instruction) == tuple(OWN["en"].values())
        assert home.service.state.proposals[proposal.id].alert_id == alert.id


async def test_a_proposal_repeated_with_its_key_is_one_proposal(tmp_path):
    async with house(tmp_path) as home:
        key = RequestKey("passkey of anna", "k1", "body")
        first, again = await propose(home, key=key), await propose(home, key=key)
        assert first == again
        assert len(home.service.state.proposals) == 1
        other = RequestKey("passkey of anna", "k1", "another body")
        anna, _ = people(home.world)
        refused = await home.service.submit(issue(KYIV), key=other, warrant=anna)
        assert refused.rule is Rule.KEY_REUSED


async def test_an_approval_pressed_twice_is_one_alert(tmp_path):
    async with house(tmp_path) as home:
        proposal = await propose(home)
        _, ivan = people(home.world)
        key = RequestKey("passkey of ivan", "k2", "body")
        done = [await home.service.submit(yes(proposal), key=key, warrant=ivan) for _ in range(2)]
        assert done[0].alert_id == done[1].alert_id
        assert len(home.service.state.active) == 1
        refused = await home.service.submit(yes(proposal), warrant=ivan)
        assert refused.rule is Rule.PROPOSAL_CLOSED


async def test_words_that_are_sent_along_with_an_approval_are_not_those_that_are_said(tmp_path):
    async with house(tmp_path) as home:
        proposal = await propose(home)
        _, ivan = people(home.world)
        done = await home.service.submit(yes(proposal, words={}), given={"en": {"headline": "x"}},
                                         warrant=ivan)  # fmt: skip
        alert = home.service.state.active[done.alert_id]
        assert home.service.words(alert)["alert"]["en"].headline == OWN["en"]["headline"]
