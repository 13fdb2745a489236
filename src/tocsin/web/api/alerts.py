"""The lines by which alerts are given, changed and ended; each has a twin in the drill room."""

from __future__ import annotations

from tocsin.core.authority import Permission
from tocsin.core.refusals import Rule
from tocsin.formats import api as shapes
from tocsin.formats.officers import ProposalBody
from tocsin.web.api import asks, preview, reading, writing
from tocsin.web.endpoint import Endpoint, NoQuery

BASE = "/api/v1"
ISSUE = Permission.ISSUE

WHERE = (
    Rule.EMPTY_AREA, Rule.UNKNOWN_REGION, Rule.AREA_OUTSIDE, Rule.POLYGON_UNCLOSED,
    Rule.POLYGON_TOO_FEW_POINTS, Rule.POLYGON_SELF_CROSSING, Rule.POLYGON_ANTIMERIDIAN,
    Rule.POLYGON_EMPTY, Rule.TOO_MANY_VERTICES, Rule.POSITION_OUT_OF_RANGE, Rule.BAD_RADIUS,
    Rule.OUTSIDE_JURISDICTION,
)  # fmt: skip
WHAT = (
    Rule.UNKNOWN_LEVEL, Rule.TEXT_MISSING, Rule.INSTRUCTION_MISSING, Rule.CONTROL_CHARACTER,
)  # fmt: skip
WHEN = (
    Rule.EXPIRES_PAST, Rule.EXPIRES_TOO_LATE, Rule.ENDS_BEFORE_START, Rule.STANDING_NEEDS_PERSON,
)  # fmt: skip
MAY = (
    Rule.NOT_ALLOWED, Rule.WRONG_ROOM, Rule.HAZARD_NOT_ALLOWED, Rule.OUTSIDE_JURISDICTION,
    Rule.TOO_MANY_REQUESTS,
)  # fmt: skip
"""What a warrant may stand in the way of, whatever is asked."""
PLAN = (Rule.EVACUATION_INCOMPLETE, Rule.DEADLINE_PAST)
GIVES = (Rule.SEVERITY_NOT_ALLOWED, Rule.OVERRIDE_NOT_ALLOWED, Rule.REASON_MISSING)
WHOSE = (
    Rule.UNKNOWN_ALERT, Rule.OTHER_REALM, Rule.NOT_YOURS, Rule.SUPERIOR_ALERT, Rule.HELD,
    Rule.CONTROL_CHARACTER, *MAY,
)  # fmt: skip
KEYED = (Rule.BAD_KEY, Rule.KEY_REUSED, Rule.NOT_ACCEPTED)
PROPOSED = "Where policy wants two people it becomes a proposal: 202, and nothing sounds yet."


def _once(*rules: Rule) -> tuple[Rule, ...]:
    return tuple(dict.fromkeys(rules))


WRITES: tuple[Endpoint, ...] = (
    Endpoint(
        method="POST", path=f"{BASE}/alerts/preview", name="preview-alert",
        summary="Work out what an alert would do, before it is given",
        description="Area, regions, people, words, and what would be refused. Nothing is recorded.",
        permission=ISSUE, request=asks.IssueAsk, response=preview.PreviewBody,
        query=NoQuery, handler=preview.preview, refusals=(Rule.WRONG_ROOM,),
        headers=reading.NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/alerts", name="issue-alert",
        summary="Put an alert in force",
        description=f"Synced to disk, then answered. `Idempotency-Key`: as above. {PROPOSED}",
        permission=ISSUE, request=asks.IssueAsk, response=shapes.AlertBody, status=201,
        also={202: ProposalBody}, query=NoQuery, handler=writing.issue,
        refusals=_once(
            Rule.UNKNOWN_HAZARD, *WHERE, *WHAT, *WHEN, *PLAN, *MAY, *GIVES,
            Rule.CHANNEL_NOT_ALLOWED, Rule.REALM_MISMATCH, Rule.TOKEN_MISMATCH,
            Rule.IDENTIFIER_REUSED, Rule.REAL_ALERT_IN_FORCE, *KEYED,
        ),
        headers=reading.NO_STORE,
    ),
    Endpoint(
        method="GET", path=f"{BASE}/alerts/{{id}}/clearing", name="preview-clearing",
        summary="Return what an all-clear would end, and what would stay",
        permission=ISSUE, query=asks.ClearingQuery, response=reading.ClearingBody,
        handler=reading.clearing,
        refusals=_once(
            *WHOSE, Rule.UNKNOWN_REGION, Rule.REGION_NOT_COVERED, Rule.NOT_IN_FORCE
        ),
    ),
    Endpoint(
        method="GET", path=f"{BASE}/alerts/{{id}}/plan", name="alert-plan",
        summary="Return the plan of an evacuation whole, as officers see it",
        description=(
            "Places and times to gather are sealed: told to who may issue or approve it there, in "
            "its room; `assembly` is null for everybody else."
        ),
        permission=Permission.VIEW, query=NoQuery, response=shapes.EvacuationBody,
        handler=reading.plan,
        refusals=_once(Rule.UNKNOWN_ALERT, Rule.OTHER_REALM, Rule.WRONG_ROOM),
        headers=reading.NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/alerts/{{id}}/update", name="update-alert",
        summary="Change an alert in force; places are only ever added",
        description=PROPOSED,
        permission=ISSUE, request=asks.UpdateAsk, query=NoQuery, response=shapes.AlertBody,
        also={202: ProposalBody}, handler=writing.update,
        refusals=_once(
            *WHOSE, *WHERE, *WHAT, *WHEN, *PLAN, *GIVES, Rule.NOT_IN_FORCE,
            Rule.REGION_NOT_COVERED, Rule.EXPIRES_SHORTER, Rule.NOTHING_CHANGED, *KEYED,
        ),
        headers=reading.NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/alerts/{{id}}/extend", name="extend-alert",
        summary="Let an alert last longer; nothing sounds",
        permission=ISSUE, request=asks.ExtendAsk, query=NoQuery, response=shapes.AlertBody,
        handler=writing.extend,
        refusals=_once(*WHOSE, *WHEN, Rule.NOT_IN_FORCE, Rule.EXPIRES_SHORTER, *KEYED),
        headers=reading.NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/alerts/{{id}}/keep", name="keep-alert",
        summary='Answer "Still valid?": it is, as it stands',
        description="No new revision; people see nothing of it.",
        permission=ISSUE, request=asks.KeepAsk, query=NoQuery, response=shapes.AlertBody,
        handler=writing.keep, refusals=_once(*WHOSE, Rule.NOT_IN_FORCE, *KEYED),
        headers=reading.NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/alerts/{{id}}/clear", name="clear-alert",
        summary="Give the all-clear: whole, or for some of the regions",
        description=(
            "Ends exactly this alert, or the named part of it, and the alerts that are ticked."
        ),
        permission=ISSUE, request=asks.ClearAsk, query=NoQuery, response=shapes.AlertBody,
        handler=writing.clear,
        refusals=_once(
            *WHOSE, Rule.UNKNOWN_REGION, Rule.REGION_NOT_COVERED, Rule.ALREADY_CANCELLED,
            Rule.OTHER_HAZARD, *KEYED,
        ),
        headers=reading.NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/alerts/{{id}}/cancel", name="cancel-alert",
        summary="Withdraw an alert: it was issued in error",
        description="Not an all-clear: people are told that there was no danger.",
        permission=ISSUE, request=asks.CancelAsk, query=NoQuery, response=shapes.AlertBody,
        handler=writing.cancel, refusals=_once(*WHOSE, Rule.REASON_MISSING, *KEYED),
        headers=reading.NO_STORE,
    ),
)  # fmt: skip
"""They stand in the live room here; ``endpoint.in_drill`` gives each its twin in the other."""
