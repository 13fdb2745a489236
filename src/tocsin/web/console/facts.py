"""The facts of an event in words: the name and the value of each, as the journal page says them.

A fact that nobody knows here is shown as the API names it: a newer journal must not break an
older page.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from tocsin.core.authority import EVERY
from tocsin.web.console.speech import Speech
from tocsin.web.words import Words

MOMENTS = frozenset(
    ("expires", "onset", "until", "valid_from", "valid_until", "ends_at", "effective", "minute")
)
NOTHING: tuple[object, ...] = (None, "", [], {})


class Facts:
    """One language's words for the facts of events."""

    def __init__(self, say: Speech, words: Words) -> None:
        self._say = say
        self._w = words
        _ = words.gettext
        self._names: Mapping[str, str] = {
            "address": _("address"),
            "approved_by": _("second person"),
            "ask_id": _("request"),
            "automatic": _("by itself"),
            "because": _("because"),
            "cancelled": _("as issued in error"),
            "certainty": _("certainty"),
            "change": _("change"),
            "channels": _("ways out"),
            "claim_id": _("the claim"),
            "cleared": _("all-clear for"),
            "count": _("times"),
            "credential_id": _("credential"),
            "declined": _("cannot now"),
            "device": _("device"),
            "draft": _("draft"),
            "drawn": _("drawn shapes"),
            "ends_at": _("waits until"),
            "expires": _("until"),
            "guidance_id": _("guidance"),
            "handle": _("handle"),
            "hazard": _("danger"),
            "hazards": _("dangers"),
            "hold": _("only its own sender ends it"),
            "identifier": _("message"),
            "imported": _("imported"),
            "incident_id": _("incident"),
            "is_open": _("search and rescue go on"),
            "kind": _("kind"),
            "language": _("language"),
            "level": _("level"),
            "line": _("asked for"),
            "minute": _("in the minute"),
            "new_id": _("put right as"),
            "note_id": _("note"),
            "one": _("the one"),
            "onset": _("begins"),
            "other": _("the other"),
            "outlet": _("outlet"),
            "override": _("alone, because"),
            "proposal_id": _("proposal"),
            "public_id": _("public name"),
            "published": _("published"),
            "realm": _("room"),
            "realms": _("rooms"),
            "reason": _("reason"),
            "regions": _("where"),
            "report_id": _("report"),
            "restarted": _("after a restart of the machine"),
            "revision": _("revision"),
            "role": _("role"),
            "roles": _("called"),
            "rule": _("rule"),
            "rules": _("rules"),
            "sender": _("in the name of"),
            "session_id": _("session"),
            "severity": _("severity"),
            "site": _("kind of place"),
            "source": _("source"),
            "standing_by": _("kept standing by"),
            "state": _("answer"),
            "status": _("status"),
            "to": _("to"),
            "under": _("under the mandate of"),
            "until": _("not before"),
            "urgency": _("urgency"),
            "valid_from": _("valid from"),
            "valid_until": _("valid until"),
            "why": _("why"),
            "with_alert": _("along with the alert"),
        }
        self._codes: Mapping[str, Mapping[str, str]] = {
            "channels": {EVERY: _("all ways out"), **say.ways},
            "change": {
                "opened": _("opened"),
                "changed": _("changed"),
                "closed": _("closed"),
                "erased": _("name erased"),
                "made": _("made"),
                "used": _("used"),
                "revoked": _("revoked"),
            },
            "kind": {
                "password": _("password"),
                "passkey": _("passkey"),
                "totp": _("code generator"),
                "recovery-codes": _("recovery codes"),
                "link": _("one-time link"),
                "key": _("machine key"),
                "station": _("measuring station"),
                "hand-over": _("hand-over"),
                "remark": _("remark"),
            },
            "reason": {
                "left": _("signed out"),
                "shift-over": _("the shift was over"),
                "ended": _("ended from another place"),
                "replayed": _("a copy of it was shown"),
            },
            "status": {
                "Actual": _("for real"),
                "Exercise": _("exercise"),
                "System": _("between systems"),
                "Test": _("test"),
            },
            "urgency": {
                "Immediate": _("at once"),
                "Expected": _("within the hour"),
                "Future": _("later"),
                "Past": _("over"),
                "Unknown": _("unknown"),
            },
            "certainty": {
                "Observed": _("observed"),
                "Likely": _("likely"),
                "Possible": _("possible"),
                "Unlikely": _("unlikely"),
                "Unknown": _("unknown"),
            },
            "severity": say.severities,
            "state": say.states,
            "role": say.roles,
            "roles": say.roles,
            "realm": say.rooms,
            "realms": say.rooms,
            "why": {**say.whys, **say.calls},
        }
        self._whole: Mapping[str, Callable[[Any], str]] = {
            "hazard": say.hazard,
            "hazards": say.hazards,
            "regions": say.regions,
            "cleared": say.regions,
            "sender": say.sender,
            "under": say.sender,
            "to": say.sender,
        }

    def told(
        self, facts: Mapping[str, Any] | None, without: Collection[str] = ()
    ) -> Iterator[tuple[str, str]]:
        """Yield name and value of each fact; a plain "yes" has no value beside its name."""
        for name, value in (facts or {}).items():
            if name not in without and value not in NOTHING and value is not False:
                if name == "channels" and EVERY in value:
                    yield self._code(name, EVERY), ""
                else:
                    yield self._names.get(name, name), self._value(name, value)

    def _value(self, name: str, value: object) -> str:
        if value is True:
            return ""
        if name in self._whole:
            return self._whole[name](value)
        if name in MOMENTS:
            return self._moment(str(value))
        if isinstance(value, Mapping):
            return self._w.listed(f"{self._code(name, each)} {n}" for each, n in value.items())
        if isinstance(value, list):
            return self._w.listed(self._code(name, each) for each in value)
        return self._code(name, value)

    def _code(self, name: str, value: object) -> str:
        return self._codes.get(name, {}).get(str(value), str(value))

    def _moment(self, at: str) -> str:
        try:
            datetime.fromisoformat(at)
        except ValueError:
            return at
        return self._say.exact(at)
