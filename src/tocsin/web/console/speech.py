"""What the desk's words are for codes: roles, rooms, states, kinds of events, scopes as a sentence.

Values of the API in, words of one language out. A code that nobody knows here is shown as it
is: a newer journal must not break an older page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from tocsin.core.authority import EVERY
from tocsin.core.world import World
from tocsin.service.desk import CONFIRMED_FOR
from tocsin.service.submit import Service
from tocsin.web.words import Words

NAMED_AT_MOST = 4
SHOWN_IN_MS_BELOW_S = 10
CODE = re.compile(r"\b[A-Z]{2}[A-Z0-9-]+\b")
"""What may be the code of a region in a sentence of the core's."""


class Speech:
    """One language's words for what the API tells."""

    def __init__(self, service: Service, words: Words) -> None:
        self._world: World = service.world
        self._w = words
        self._now = service.clock.now()
        self.proof_min = CONFIRMED_FOR // timedelta(minutes=1)
        _ = words.gettext
        self.roles: Mapping[str, str] = {
            "viewer": _("Viewer"),
            "situation-officer": _("Situation officer"),
            "operator": _("Operator"),
            "supervisor": _("Supervisor"),
            "administrator": _("Administrator"),
        }
        self.does: Mapping[str, str] = {
            "viewer": _("Sees the desk. Warns nobody."),
            "situation-officer": _("Keeps the situation desk. Warns nobody."),
            "administrator": _("Keeps accounts and keys. Warns nobody."),
        }
        self.rooms: Mapping[str, str] = {
            "live": _("for real"),
            "drill": _("in drills"),
            "both": _("for real and in drills"),
            "none": _("in no room"),
        }
        self.ways: Mapping[str, str] = {
            "stream": _("Live streams"),
            "page": _("Public pages"),
            "api": _("API for programs"),
            "desk": _("Officers' desk"),
        }
        self.severities: Mapping[str, str] = {
            "Extreme": _("Extreme"),
            "Severe": _("Severe"),
            "Moderate": _("Moderate"),
            "Minor": _("Minor"),
        }
        self.states: Mapping[str, str] = {
            "active": _("In force"),
            "cleared": _("All-clear given"),
            "cancelled": _("Issued in error"),
            "unconfirmed": _("Ran out, end not confirmed"),
            "waiting": _("Waiting"),
            "approved": _("Approved"),
            "sent-back": _("Sent back"),
            "withdrawn": _("Withdrawn"),
            "expired": _("Nobody answered in time"),
            "partial": _("Alert in a part"),
            "none": _("No alert"),
            "no-information": _("No information"),
        }
        self.whys: Mapping[str, str] = {
            "hazard": _("this danger always needs two"),
            "people": _("it reaches very many people"),
            "regions": _("it covers more than one region"),
            "nationwide": _("it covers the whole country"),
            "unusual": _("it is not this authority's daily work"),
            "asked": _("its author asked for a second person"),
        }
        self.kinds: Mapping[str, str] = {
            "alert-issued": _("Alert issued"),
            "alert-updated": _("Alert changed"),
            "alert-extended": _("Alert extended"),
            "alert-reduced": _("All-clear for a part"),
            "alert-cleared": _("All-clear"),
            "alert-cancelled": _("Issued in error"),
            "alert-ran-out": _("Ran out without an all-clear"),
            "alert-kept": _("Still valid"),
            "tombstone-laid": _("End came before its alert"),
            "mandate-given": _("Mandate given"),
            "mandate-withdrawn": _("Mandate withdrawn"),
            "proposal-made": _("Second person asked"),
            "proposal-answered": _("Second person answered"),
            "delegation-given": _("Delegation given"),
            "delegation-withdrawn": _("Delegation withdrawn"),
            "officers-paged": _("Officers called"),
            "account-changed": _("Account changed"),
            "credential-changed": _("Credential changed"),
            "signed-in": _("Signed in"),
            "signed-out": _("Signed out"),
            "officer-refused": _("Officer refused"),
            "strangers-refused": _("Strangers refused"),
            "note-written": _("Note written"),
            "clock-doubted": _("Clock doubted"),
            "clock-accepted": _("Clock accepted"),
            "report-taken": _("Report taken in"),
            "draft-rejected": _("Draft not entered"),
            "report-done": _("Report done with"),
            "incident-opened": _("Incident opened"),
            "incident-changed": _("Incident corrected"),
            "claim-entered": _("Claim entered"),
            "claim-corrected": _("Claim corrected"),
            "claim-retracted": _("Claim taken back"),
            "claim-moved": _("Claim put to another incident"),
            "incidents-linked": _("Incidents linked"),
            "incidents-unlinked": _("Link taken back"),
            "embargo-asked": _("Shorter embargo asked for"),
            "embargo-set": _("Embargo set"),
            "incident-announced": _("Incident announced"),
            "incident-released": _("Incident released"),
            "words-erased": _("Words erased"),
            "guidance-given": _("Guidance given"),
            "guidance-ended": _("Guidance ended"),
            "installation-registered": _("Installation registered"),
            "installation-erased": _("Installation erased"),
            "condition-reported": _("Condition of an installation reported"),
            "channel-set": _("Condition of a channel said"),
            "channels-changed": _("People told which channel may not carry"),
            "outage-reported": _("Outage reported"),
            "outage-traced": _("Outage traced to its cause"),
            "posture-set": _("Posture ordered"),
            "watch-kept": _("Watch kept"),
            "watch-ended": _("Watch ended"),
            "counterfeit-told": _("False warning told of"),
            "counterfeit-ended": _("False warning no longer about"),
            "threat-taken": _("Threat report taken in"),
            "threat-withdrawn": _("Threat report taken back"),
            "alert-drafted": _("Alert drafted by machines"),
            "alert-draft-closed": _("Draft of an alert closed"),
            "control-set": _("Control of a region said"),
            "wave-joined": _("Wave put together"),
        }
        self.calls: Mapping[str, str] = {
            "second-person": _("a proposal waits for its second person"),
            "unanswered": _("nobody answered a proposal in time"),
            "declined": _("the one who was asked cannot now"),
            "single-person": _("one person warned, because delay kills"),
            "override": _("one person warned alone where two are needed"),
            "rate": _("more alerts a minute than usual"),
            "extended": _("an alert that nobody answered extended itself"),
            "reminder": _("nobody said whether an alert is still valid"),
            "ran-out": _("an alert ran out without an all-clear"),
            "channels-lost": _("a region is left without a channel that wakes people"),
            "posture": _("a posture was ordered"),
            "draft": _("machines drafted an alert: it waits for an operator"),
            "withdrawn": _("a report was taken back on which an alert stands"),
            "counterfeit": _("one person told many that a warning is false"),
        }
        self.causes: Mapping[str, str] = {
            "threats": _("Threat report"),
            "dose-rates": _("Dose rates"),
        }
        self.threats: Mapping[str, str] = {
            "aircraft": _("Aircraft"),
            "missile": _("Missile"),
            "drone": _("Drone"),
            "artillery": _("Artillery"),
            "unknown": _("Something unknown"),
        }
        self.sureness: Mapping[str, str] = {
            "confirmed": _("confirmed"),
            "likely": _("likely"),
            "possible": _("possible"),
        }
        self.closings: Mapping[str, str] = {
            "issued": _("an alert was issued from it"),
            "dismissed": _("it was dismissed"),
            "withdrawn": _("its source took the report back"),
            "ran-out": _("nobody answered in time"),
        }
        self.plan: Mapping[str, str] = {
            "destination": _("Where to"),
            "routes": _("Which way"),
            "transport": _("By what"),
            "assembly": _("Assembly places and times"),
            "help": _("Help for those who cannot walk"),
        }

    # -- places, dangers, people -----------------------------------------------------------------

    def region(self, geocode: str) -> str:
        """Return a region's full name; its code where the profile does not know it any more."""
        tree = self._world.tree
        return tree[geocode].name(self._w.language) if geocode in tree else geocode

    def regions(self, codes: Iterable[str]) -> str:
        """Return regions as a sentence names them: a few, and how many more there are."""
        names = [self.region(code) for code in codes]
        more = len(names) - NAMED_AT_MOST
        if more > 1:
            rest = self._w.ngettext("%(num)d more", "%(num)d more", more)
            names = [*names[:NAMED_AT_MOST], rest]
        return self._w.listed(names)

    def named(self, sentence: str) -> str:
        """Return a refusal's sentence with the names of regions in place of their codes."""
        tree = self._world.tree
        return CODE.sub(
            lambda found: self.region(found[0]) if found[0] in tree else found[0], sentence
        )

    def hazard(self, name: str) -> str:
        """Return what a danger is called."""
        known = self._world.hazards.get(name)
        return known.names.get(self._w.language, name) if known is not None else name

    def hazards(self, names: Iterable[str]) -> str:
        """Return dangers as a sentence names them."""
        listed = list(names)
        if EVERY in listed:
            return self._w.gettext("every danger")
        return self._w.listed(_inside(self.hazard(name)) for name in listed)

    def sender(self, body: Mapping[str, Any] | str) -> str:
        """Return what an authority is called: by its id, or by a body that holds it."""
        name = body if isinstance(body, str) else str(body.get("id") or body.get("sender") or "")
        names = self._world.senders.get(name, {})
        for language in (self._w.language, *self._world.languages):
            if found := names.get(language):
                return found
        return name

    def person(self, body: Mapping[str, Any] | str | None) -> str:
        """Return an account's name; its id where it has none any more."""
        if not body:
            return ""
        if isinstance(body, str):
            return body
        return str(body.get("name") or body.get("account") or body.get("id") or "")

    # -- times -----------------------------------------------------------------------------------

    def when(self, at: str | None) -> str:
        """Return a moment of the API in words; empty for none."""
        return self._w.when(moment(at), self._now) if at else ""

    def exact(self, at: str | None) -> str:
        """Return a moment to the second, with its date: for records."""
        if not at:
            return ""
        then = moment(at)
        return f"{self._w.date(then)}, {self._w.clock(then, seconds=True)}"

    def lasting(self, since: str, until: str | None = None) -> str:
        """Return how long it was, or is by now."""
        end = moment(until) if until else self._now
        return self._w.lasting(end - moment(since))

    def delay(self, seconds: float | None) -> str:
        """Return a delay in the unit in which it can be read; a dash where none was measured."""
        if seconds is None:
            return "\u2013"
        if seconds < SHOWN_IN_MS_BELOW_S:
            ms = seconds * 1000
            return self._w.gettext("%(ms)s ms") % {"ms": f"{ms:.0f}" if ms >= 1 else f"{ms:.1f}"}
        return self._w.lasting(timedelta(seconds=seconds))

    # -- scopes ----------------------------------------------------------------------------------

    def patterns(self) -> dict[str, str]:
        """Return the sentences of a scope with slots in braces; scripts fill the same ones."""
        _ = self._w.gettext
        return {
            "may": _("May warn of {hazards} in {regions}, {rooms}."),
            "supervises": _("Supervises, and may warn of {hazards} in {regions}, {rooms}."),
            "nothing": _("May warn of nothing yet: choose dangers, regions and rooms."),
            "severity": _("At most {severity}."),
            "channels": _("Only by {channels}."),
            "every": _("every danger"),
        }

    def patterns_json(self) -> str:
        """Return everything that a script needs to say a scope back, as JSON."""
        return json.dumps(
            {"does": dict(self.does), "rooms": dict(self.rooms), "said": self.patterns()},
            ensure_ascii=False,
        )

    def scope(self, scope: Mapping[str, Any]) -> str:
        """Return what an account or a key may do, in one or two sentences."""
        role = str(scope.get("role", ""))
        if role in self.does:
            return self.does[role]
        said = self.patterns()
        hazards, regions = scope.get("hazards") or [], scope.get("regions") or []
        realms = scope.get("realms") or []
        if not (hazards and regions and realms):
            return said["nothing"]
        found = said["supervises" if role == "supervisor" else "may"].format(
            hazards=self.hazards(hazards),
            regions=self.regions(regions),
            rooms=self.rooms["both" if len(realms) > 1 else realms[0]],
        )
        severity = str(scope.get("severity") or "Extreme")
        if severity != "Extreme":
            found += " " + said["severity"].format(severity=self.severities.get(severity, severity))
        channels = scope.get("channels") or [EVERY]
        if EVERY not in channels:
            found += " " + said["channels"].format(channels=self._w.listed(channels))
        return found


def moment(at: str) -> datetime:
    """Return a time of the API."""
    return datetime.fromisoformat(at)


def _inside(name: str) -> str:
    """Return a name as it stands inside a sentence; abbreviations keep their capitals."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
