"""Proposals: what waits for a second person, and what can be said to it (RELIABILITY P18).

An approval names the hash of what was read, and is given by somebody else, from another device,
who has just proved himself by a second factor. The rules are the core's; here is only the door.
"""

from __future__ import annotations

from msgspec import Struct

from tocsin.checks.text import prose_refusal
from tocsin.core import commands as co
from tocsin.core.audit import PageReason
from tocsin.core.authority import Permission
from tocsin.core.proposal import Proposal
from tocsin.core.refusals import Refusal, Rule
from tocsin.formats import api as shapes
from tocsin.formats.officers import ProposalBody
from tocsin.web.api import alerts, asks
from tocsin.web.api.answers import proposal_body
from tocsin.web.api.speaker import in_this_room
from tocsin.web.api.staff import is_confirmed, names
from tocsin.web.api.writing import request_key, submitted
from tocsin.web.endpoint import Answer, Ask, Endpoint, NoQuery

NO_STORE = {"Cache-Control": "no-store"}


class ProposalsBody(Struct, frozen=True, kw_only=True):
    """Those that wait, the one that ends first foremost; then those answered in 24 hours."""

    proposals: list[ProposalBody]


async def proposals(ask: Ask) -> Answer:
    """Return the proposals of this room."""
    service = ask.house.service
    mine = [each for each in service.state.proposals.values() if each.realm is ask.realm]
    waiting = sorted((p for p in mine if p.is_waiting), key=lambda p: (p.ends_at, p.id))
    over = sorted((p for p in mine if not p.is_waiting), key=_answered_at, reverse=True)
    name_of = names(ask.house)
    body = ProposalsBody(
        proposals=[
            proposal_body(service, each, name_of, ask.identity) for each in (*waiting, *over)
        ]
    )
    return Answer(body, headers=NO_STORE)


async def proposal(ask: Ask) -> Answer | Refusal:
    """Return one proposal, by id or handle."""
    found = _named(ask)
    return found if isinstance(found, Refusal) else _answer(ask, found)


async def approve(ask: Ask) -> Answer | Refusal:
    """Say yes: the alert, or the change, is decided again and carried out."""
    body: asks.ApproveAsk = ask.body
    found = _named(ask)
    if isinstance(found, Refusal):
        return found
    command = co.AnswerProposal(
        proposal_id=found.id, verdict=co.Verdict.APPROVE, content=body.content,
        confirmed=is_confirmed(ask), by=ask.identity.name,
    )  # fmt: skip
    return await submitted(ask, command, status=201)


async def send_back(ask: Ask) -> Answer | Refusal:
    """Say not so, and what is to be changed."""
    body: asks.SendBackAsk = ask.body
    return await _said(ask, co.Verdict.SEND_BACK, body.reason)


async def decline(ask: Ask) -> Answer | Refusal:
    """Say not now; somebody else is called."""
    body: asks.DeclineAsk = ask.body
    return await _said(ask, co.Verdict.DECLINE, body.reason)


async def withdraw(ask: Ask) -> Answer | Refusal:
    """Take back one's own proposal."""
    return await _said(ask, co.Verdict.WITHDRAW, "")


async def page(ask: Ask) -> Answer | Refusal:
    """Call further officers to it."""
    found = _named(ask)
    if isinstance(found, Refusal):
        return found
    command = co.PageOfficers(why=PageReason.UNANSWERED, proposal_id=found.id, by=ask.identity.name)
    return await _recorded(ask, found, command)


async def _said(ask: Ask, verdict: co.Verdict, reason: str) -> Answer | Refusal:
    found = _named(ask)
    if isinstance(found, Refusal):
        return found
    if (refused := prose_refusal(reason, "/reason")) is not None:
        return refused
    command = co.AnswerProposal(
        proposal_id=found.id, verdict=verdict, content=found.content, reason=reason,
        by=ask.identity.name,
    )  # fmt: skip
    return await _recorded(ask, found, command)


async def _recorded(ask: Ask, found: Proposal, command: co.Command) -> Answer | Refusal:
    """Ask the service, and answer with the proposal as it is then."""
    key = request_key(ask)
    if isinstance(key, Refusal):
        return key
    service = ask.house.service
    outcome = await service.submit(command, key=key, warrant=ask.identity.warrant)
    if isinstance(outcome, Refusal):
        return outcome
    return _answer(ask, service.state.proposals.get(found.id, found))


def _named(ask: Ask) -> Proposal | Refusal:
    """Return the proposal that the path names, if it stands in this room."""
    found = ask.house.service.proposal(ask.path["id"])
    if found is None:
        return Refusal(
            Rule.UNKNOWN_PROPOSAL, "/id", "No proposal of that name waits or was answered today."
        )
    return in_this_room(ask, found.realm, found.handle) or found


def _answer(ask: Ask, found: Proposal) -> Answer:
    body = proposal_body(ask.house.service, found, names(ask.house), ask.identity)
    return Answer(body, headers=NO_STORE)


def _answered_at(found: Proposal) -> tuple[float, str]:
    at = found.answered_at
    return (at.timestamp() if at is not None else 0.0, found.id)


BASE = "/api/v1"
VIEW, ISSUE, APPROVE = Permission.VIEW, Permission.ISSUE, Permission.APPROVE
WHICH = (Rule.UNKNOWN_PROPOSAL, Rule.OTHER_REALM, Rule.WRONG_ROOM)
SAID = (*WHICH, Rule.PROPOSAL_CLOSED, Rule.NOT_ALLOWED, *alerts.KEYED)
NO = (*SAID, Rule.OWN_PROPOSAL, Rule.NOT_AN_APPROVER, Rule.CONTROL_CHARACTER)

LINES: tuple[Endpoint, ...] = (
    Endpoint(
        method="GET", path=f"{BASE}/proposals", name="list-proposals",
        summary="Return what waits for a second person, and what was answered today",
        permission=VIEW, query=NoQuery, response=ProposalsBody, handler=proposals,
        headers=NO_STORE,
    ),
    Endpoint(
        method="GET", path=f"{BASE}/proposals/{{id}}", name="get-proposal",
        summary="Return one proposal, by id or handle",
        permission=VIEW, query=NoQuery, response=ProposalBody, handler=proposal,
        refusals=(Rule.UNKNOWN_PROPOSAL, Rule.OTHER_REALM), headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/proposals/{{id}}/approve", name="approve-proposal",
        summary="Approve a proposal: it is given at once",
        description="`content` is the hash of what was read; of anything else nothing is approved.",
        permission=APPROVE, request=asks.ApproveAsk, query=NoQuery, response=shapes.AlertBody,
        status=201, handler=approve,
        refusals=tuple(dict.fromkeys((
            *SAID, Rule.OWN_PROPOSAL, Rule.NOT_AN_APPROVER, Rule.SAME_DEVICE, Rule.CONTENT_CHANGED,
            Rule.NEEDS_CONFIRMATION, Rule.HAZARD_NOT_ALLOWED, Rule.OUTSIDE_JURISDICTION,
            Rule.REAL_ALERT_IN_FORCE, Rule.NOT_IN_FORCE, *alerts.WHEN, *alerts.PLAN,
        ))),
        headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/proposals/{{id}}/send-back", name="send-back-proposal",
        summary="Send a proposal back with a reason",
        permission=APPROVE, request=asks.SendBackAsk, query=NoQuery, response=ProposalBody,
        handler=send_back, refusals=(*NO, Rule.REASON_MISSING), headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/proposals/{{id}}/decline", name="decline-proposal",
        summary="Say not now; somebody else is called",
        permission=APPROVE, request=asks.DeclineAsk, query=NoQuery, response=ProposalBody,
        handler=decline, refusals=NO, headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/proposals/{{id}}/withdraw", name="withdraw-proposal",
        summary="Take back one's own proposal",
        permission=ISSUE, request=asks.NothingAsk, query=NoQuery, response=ProposalBody,
        handler=withdraw, refusals=SAID, headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/proposals/{{id}}/page", name="page-proposal",
        summary="Call further officers to a proposal",
        permission=ISSUE, request=asks.NothingAsk, query=NoQuery, response=ProposalBody,
        handler=page, refusals=(*WHICH, Rule.NOT_ALLOWED, *alerts.KEYED), headers=NO_STORE,
    ),
)  # fmt: skip
