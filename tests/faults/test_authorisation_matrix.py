"""T8: who may do what, cell by cell over HTTP, and the second person who cannot be got round.

Source: RELIABILITY T8, P18, P20, P21; DASDEC, OIG-19-08.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kit.asgi import Seen
from kit.matrix import TABLE, faults_of
from kit.samples import sample_of
from kit.scenes import Scene, a_proposal
from kit.staff import LIVE, SPARE, Crew, Member, house, staffed
from tocsin.core import second_person
from tocsin.core.area import Area
from tocsin.core.audit import OfficerRefused
from tocsin.core.proposal import Proposal
from tocsin.web import endpoint

NAMES = {line.name: line for line in TABLE if line.is_api}


def test_every_line_has_a_sample_request() -> None:
    missing = [f"{line.method} {line.path}" for line in TABLE if sample_of(line) is None]
    assert not missing, "no cell of the matrix asks these; add them to kit/samples.py"


async def test_a_line_that_is_not_in_the_matrix_fails_it_by_name(tmp_path: Path) -> None:
    new = replace(NAMES["list-keys"], path="/api/v1/skeleton-keys", name="list-skeleton-keys")
    async with house(tmp_path / "data") as crew:
        faults, _ = await faults_of(crew, (new,))
    assert faults == ["GET /api/v1/skeleton-keys (list-skeleton-keys): no sample request is known"]


@pytest.mark.timeout(120)
async def test_before_there_is_an_administrator_the_first_token_opens(tmp_path: Path) -> None:
    async with house(tmp_path / "data") as crew:
        await crew.sign_in(await crew.hire_author())
        faults, count = await faults_of(crew)
    assert not faults, "\n".join(faults)
    assert count > 2 * len(TABLE)


@pytest.mark.timeout(600)
async def test_who_may_is_answered_and_who_may_not_is_refused(
    tmp_path: Path, record_testsuite_property: Callable[[str, object], None]
) -> None:
    async with staffed(tmp_path / "data") as crew:
        faults, count = await faults_of(crew)
    record_testsuite_property("cells", count)
    assert not faults, "\n".join(faults)
    assert count > len(TABLE) * 15


# -- the matrix sees what it is there for ---------------------------------------------------------


def unseen(*_: object, **__: object) -> None:
    """A check that lets everything pass."""


DEFECTS = {
    "the permission is not looked at": ((endpoint, "demanded"),),
    "the room is not looked at": ((endpoint, "in_room"), ("tocsin.core.scope", "in_room")),
    "the place is not looked at": (
        ("tocsin.core.scope", "beyond"), ("tocsin.core.scope", "may_end_it"),
        ("tocsin.core.second_person", "beyond"),
    ),
}  # fmt: skip
SEEN_IN = {
    "the permission is not looked at": ("list-accounts", "list-keys", "desk", "clear-alert"),
    "the room is not looked at": ("issue-alert", "issue-alert-drill", "clear-alert"),
    "the place is not looked at": ("approve-proposal", "decline-proposal"),
}


@pytest.mark.parametrize("defect", DEFECTS)
async def test_a_seeded_defect_turns_the_matrix_red(
    defect: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = tuple(NAMES[name] for name in SEEN_IN[defect])
    members = ("anybody", "viewer", "operator", "drill-only-operator", "live-only-operator")
    async with staffed(tmp_path / "data") as crew:
        faults, _ = await faults_of(crew, lines, members)
        assert not faults, "\n".join(faults)
        for module, name in DEFECTS[defect]:
            if isinstance(module, str):
                monkeypatch.setattr(f"{module}.{name}", unseen)
            else:
                monkeypatch.setattr(module, name, unseen)
        faults, _ = await faults_of(crew, lines, members)
    assert faults, "the matrix saw nothing"


# -- the second person ----------------------------------------------------------------------------

APPROVE = NAMES["approve-proposal"]


async def approve(crew: Crew, who: Member | str, proposal: Proposal) -> Seen:
    """Approve a proposal as it was read."""
    path = APPROVE.path.replace("{id}", proposal.id)
    return await crew.ask(who, "POST", path, {"content": proposal.content})


async def proposed(crew: Crew, author: str = "author") -> Proposal:
    """Propose a real alert over one's own territory."""
    return await a_proposal(Scene(crew, crew["operator"], APPROVE), crew[author])


async def refused(crew: Crew, who: Member | str, proposal: Proposal) -> tuple[int, str]:
    """Approve in vain: nothing is in force then, and the refusal is on record by account."""
    identity = crew.identity(who)
    before = crew.node.service.state.active
    seen = await approve(crew, who, proposal)
    assert seen.rule, seen.text
    assert crew.node.service.state.active == before
    await crew.node.officers.settle()
    events = [event for _, event in crew.node.service.history()]
    assert [
        each.rule for each in events
        if isinstance(each, OfficerRefused) and each.account_id == identity.name
        and each.line == APPROVE.name
    ][-1:] == [seen.rule], "it is not on record"  # fmt: skip
    return seen.status, seen.rule


async def test_an_approval_counts_once(tmp_path: Path) -> None:
    async with staffed(tmp_path / "data") as crew:
        proposal = await proposed(crew)
        assert (await approve(crew, "operator", proposal)).status == 201
        assert await refused(crew, "operator", proposal) == (409, "proposal-closed")
        assert await refused(crew, "supervisor", proposal) == (409, "proposal-closed")


async def test_nobody_approves_his_own_by_whatever_credential(tmp_path: Path) -> None:
    async with staffed(tmp_path / "data") as crew:
        proposal = await proposed(crew, "operator")
        assert await refused(crew, "operator", proposal) == (403, "own-proposal")
        other_browser = replace(crew["operator"], headers={}, codes=crew["operator"].codes)
        await crew.sign_in(other_browser)
        assert await refused(crew, other_browser, proposal) == (403, "own-proposal")
        assert await refused(crew, "operator-key", proposal) == (403, "own-proposal")


async def test_a_machine_is_no_second_person(tmp_path: Path) -> None:
    async with staffed(tmp_path / "data") as crew:
        proposal = await proposed(crew)
        assert await refused(crew, "supervisor-key", proposal) == (403, "not-an-approver")


async def test_two_accounts_on_one_device_are_one_person(tmp_path: Path) -> None:
    async with staffed(tmp_path / "data") as crew:
        proposal = await proposed(crew)
        shared = replace(crew["supervisor"], headers={"Cookie": crew["author"].headers["Cookie"]})
        await crew.sign_in(shared)
        assert await refused(crew, shared, proposal) == (403, "same-device")


async def test_who_has_not_proved_himself_lately_approves_nothing(tmp_path: Path) -> None:
    async with staffed(tmp_path / "data") as crew:
        proposal = await proposed(crew)
        crew.clock.step(minutes=2, seconds=1)
        assert await refused(crew, "operator", proposal) == (403, "needs-confirmation")


async def test_an_approval_comes_too_late(tmp_path: Path) -> None:
    async with staffed(tmp_path / "data") as crew:
        proposal = await proposed(crew)
        crew.clock.step(seconds=(proposal.ends_at - crew.clock.now()).total_seconds())
        body = {"code": crew["operator"].codes.pop()}
        assert (await crew.ask("operator", "POST", "/api/v1/session/confirm", body)).status == 200
        assert await refused(crew, "operator", proposal) == (409, "proposal-closed")


def swap(crew: Crew, proposal: Proposal) -> None:
    """Put another place into the stored proposal, past everything that guards it."""
    assert proposal.issue is not None
    issue = replace(proposal.issue, area=Area(regions=(SPARE[LIVE],)))
    road = crew.node.service._road  # noqa: SLF001  # no way leads there but this one
    proposals = {**road.state.proposals, proposal.id: replace(proposal, issue=issue)}
    road.state = replace(road.state, proposals=proposals)


async def test_content_that_was_swapped_is_not_approved(tmp_path: Path) -> None:
    async with staffed(tmp_path / "data") as crew:
        proposal = await proposed(crew)
        swap(crew, proposal)
        assert await refused(crew, "operator", proposal) == (409, "content-changed")


async def test_it_would_be_seen_if_the_content_hash_were_ignored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with staffed(tmp_path / "data") as crew:
        proposal = await proposed(crew)
        swap(crew, proposal)
        monkeypatch.setattr(second_person, "fingerprint", lambda _: proposal.content)
        with pytest.raises(AssertionError):
            await refused(crew, "operator", proposal)
        assert [each.area.regions for each in crew.node.service.state.active.values()] == [
            (SPARE[LIVE],)
        ]
