"""The ledger as officers read it: incidents with embargo, quotes opened, and what people see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from tocsin.core.claims import Claim
from tocsin.core.incidents import Incident, Ledger, Stage
from tocsin.core.layered import Layered
from tocsin.core.publication import NEVER, Publication, Visible, alert_wait, due_at
from tocsin.core.tally import voices
from tocsin.formats import api as shapes
from tocsin.formats import ledger as bodies
from tocsin.service.reports import Reports
from tocsin.service.submit import Service
from tocsin.web.endpoint import House


def reports_of(house: House) -> Reports | None:
    """Return the house's inbox; None in a house without a desk."""
    found: Reports | None = house.shared.get("reports")
    return found


def words_of(service: Service) -> bodies.WordsOf:
    """Return how an officer's sentences are found by their hash."""

    def found(content: str) -> Mapping[str, str]:
        return shapes.plain_words(service.text(content)) if content else {}

    return found


def incident_body(house: House, incident: Incident) -> bodies.DeskIncidentBody:
    """Return an incident as the desk knows it."""
    service = house.service
    ledger = service.ledger
    claims = ledger.claims_of(incident.id)
    return bodies.DeskIncidentBody(
        id=incident.id,
        handle=incident.handle,
        kind=incident.kind,
        site=incident.site,
        where=bodies.desk_where_body(incident.where),
        when=bodies.when_body(incident.when),
        title=dict(words_of(service)(incident.title)),
        is_open=incident.is_open,
        stage=incident.stage,
        opened_at=incident.opened_at,
        opened_by=incident.opened_by,
        same_as=incident.same_as,
        embargo=embargo_body(service, incident),
        tallies=bodies.tally_bodies(claims, str),
        casualties=bodies.casualties_body(claims),
        claims=claim_bodies(house, claims),
        links=[bodies.link_body(each) for each in bodies.links_of(ledger, incident.id)],
        public=public_body(service, service.visible(), incident),
    )


def claim_bodies(house: House, claims: list[Claim]) -> list[bodies.DeskClaimBody]:
    """Return claims with their quotes, oldest first."""
    latest: dict[str, bool] = {}
    for said in voices(claims):
        latest[said.claim.id] = latest.get(said.claim.id, True) and said.is_latest
    return [claim_body(house, each, is_latest=latest.get(each.id, True)) for each in claims]


def claim_body(house: House, claim: Claim, *, is_latest: bool = True) -> bodies.DeskClaimBody:
    """Return one claim with its quote."""
    saying = claim.saying
    source = house.service.ledger.reports.get(saying.report_id or "")
    return bodies.DeskClaimBody(
        claim=bodies.claim_body(claim, str, words_of(house.service)),
        incident=claim.incident_id,
        where=bodies.desk_where_body(saying.where) if saying.where is not None else None,
        report=saying.report_id,
        draft=saying.draft,
        quote=_quote(house, claim),
        erased=claim.erased or (source is not None and source.erased),
        note=shapes.prose(saying.note),
        reason=shapes.prose(claim.reason),
        replaces=claim.replaces,
        by=claim.entered_by,
        is_latest=is_latest,
    )


def _quote(house: House, claim: Claim) -> bodies.SpanBody | None:
    quote, reports = claim.saying.quote, reports_of(house)
    if quote is None or reports is None or claim.erased:
        return None
    words = reports.unsealed(quote.content)
    if words is None:  # erased with its report, or sealed by a key that is gone
        return None
    return bodies.SpanBody(
        start=quote.start, end=quote.end, text=shapes.prose(words.decode("utf-8", "replace"))
    )


def embargo_body(service: Service, incident: Incident) -> bodies.EmbargoBody:
    """Return when people are told of an incident, and what holds it back."""
    policy, tree = service.world.publication, service.world.tree
    alerts = [*service.state.in_force(), *service.state.ended.values()]
    due = due_at(policy, tree, alerts, incident, service.ledger)
    limit, rule = incident.embargo, policy.rule(incident.site)
    held = alert_wait(policy, tree, alerts, incident)
    if incident.stage is Stage.RELEASED:
        why = "told"
    elif limit is not None and (limit.until is None or limit.until >= due):
        why = "officer"
    elif rule.delay is None:
        why = "never"
    else:
        why = "alert" if held >= due else "policy"
    asked = incident.asked
    return bodies.EmbargoBody(
        due=None if due == NEVER else _seen(policy, due),
        why=why,
        until=limit.until if limit is not None else None,
        reason=shapes.prose(limit.reason) if limit is not None else "",
        approved_by=limit.approved_by if limit is not None else "",
        asked=bodies.AskedBody(
            id=asked.ask_id, until=asked.until, reason=shapes.prose(asked.reason),
            by=asked.account, at=asked.at,
        ) if asked is not None else None,
    )  # fmt: skip


def _seen(policy: Publication, due: datetime) -> datetime:
    """Return the slot at which people see what is released at the first slot after ``due``."""
    return policy.seen_from(policy.slot_of(due + policy.slot - timedelta(microseconds=1)))


def public_body(
    service: Service, visible: Visible, incident: Incident
) -> bodies.IncidentBody | None:
    """Return what people see of an incident; None: nothing."""
    shown = next((each for each in visible.incidents() if each.id == incident.id), None)
    return None if shown is None else bodies.incident_body(visible, shown, words_of(service))


def preview_body(service: Service, incident: Incident, now: datetime) -> bodies.IncidentBody | None:
    """Return what people will see of an incident once it is released, as it stands now."""
    ledger = service.ledger
    told = _told(incident, now)
    merged = {
        each.id: _told(each, now)
        for each in ledger.incidents.values()
        if each.same_as is not None and ledger.root(each.id) == incident.id
    }
    ahead = Ledger(
        incidents=Layered({**merged, told.id: told}),
        claims=Layered({claim.id: claim for claim in ledger.claims_of(incident.id)}),
    )
    return public_body(service, Visible(service.world.publication, service.world.tree, ahead), told)


def incident_of(service: Service, name: str) -> Incident | None:
    """Return the incident of that id or handle."""
    incidents = service.ledger.incidents
    if (found := incidents.get(name)) is not None:
        return found
    handle = name.upper()
    return next((each for each in incidents.values() if each.handle == handle), None)


def _told(incident: Incident, now: datetime) -> Incident:
    """Return an incident as if its embargo were over."""
    return replace(
        incident, stage=Stage.RELEASED, public_id=incident.public_id or "preview",
        released_at=incident.released_at or now,
    )  # fmt: skip
