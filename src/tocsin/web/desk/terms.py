"""The desk's words: what the API tells of the ledger, said as the public page says it, and exactly.

Figures, speakers and kinds are said by ``web.public.situation_words``, so that an officer reads on
the desk what people will read; times and places are said here as exactly as the desk knows them.
A code that nobody knows here is shown as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from tocsin.core.claims import (
    OUTLET,
    ClaimKind,
    Figure,
    Hedge,
    Measure,
    Qualifier,
    SpeakerKind,
    Thing,
    Voice,
    When,
)
from tocsin.core.ledger import ALONE, KINDS
from tocsin.service.submit import Service
from tocsin.web.console.speech import Speech, moment
from tocsin.web.desk.notes import note
from tocsin.web.public.situation_words import UNVERIFIED, Phrases
from tocsin.web.words import Words

Body = Mapping[str, Any]
Choice = tuple[str, str]
MINUTE = timedelta(minutes=1)
GRAINS = ("minute", "day", "month", "year", "range")
THINGS = (
    "power", "substation", "tv-tower", "tv-signal", "control-room", "apartment-block", "house",
    "building", "bridge", "road", "metro", "airport", "hospital", "hotel", "place-of-worship",
    "public-place", "oil-gas", "water", "government", "military", "other",
)  # fmt: skip
BECAME = (
    "hit", "damaged", "destroyed", "disrupted", "operating", "restoring", "restored", "targeted",
)  # fmt: skip


class Terms:
    """One language's words for the ledger as the desk knows it."""

    def __init__(self, service: Service, words: Words) -> None:
        self._w = words
        self._now = service.clock.now()
        self._world = service.world
        self._say = Speech(service, words)
        self._phrases = Phrases(words, service.world.languages)
        _ = words.gettext
        self.stages: Mapping[str, str] = {
            "hidden": _("People see nothing of it"),
            "announced": _("People see region and hour"),
            "released": _("People see it"),
        }
        self.whys: Mapping[str, str] = {
            "policy": _("this kind of place waits so long"),
            "alert": _("an alert there is in force, or ended a short while ago"),
            "officer": _("an officer holds it back"),
            "never": _("this kind of place is never told, unless two people decide it"),
            "told": _("people see it already"),
        }
        self.standings: Mapping[str, str] = {
            "stands": _("Stands"),
            "corrected": _("Corrected by another entry"),
            "retracted": _("Retracted"),
        }
        self.states: Mapping[str, str] = {
            "waiting": _("Waits for you"),
            "confirmed": _("Entered"),
            "rejected": _("Rejected"),
        }
        self.sites: Mapping[str, str] = {
            "civilian": _("Civilian place"),
            "critical": _("Critical infrastructure"),
            "military": _("Military place"),
            "service": _("Service or network"),
        }
        self.grains: Mapping[str, str] = {
            "minute": _("To the minute"),
            "day": _("To the day"),
            "month": _("To the month"),
            "year": _("To the year"),
            "range": _("Some time between"),
        }
        self.speakers: Mapping[str, str] = {
            "person": _("A person in office"),
            "organisation": _("An organisation"),
            "group": _("A group"),
            "anonymous": _("Somebody not named"),
            "outlet": _("The outlet itself"),
        }
        self.links: Mapping[str, str] = {
            "same-as": _("is the same as"),
            "part-of": _("is part of"),
            "caused-by": _("was caused by"),
        }
        self.linked_to: Mapping[str, str] = {
            "same-as": _("is the same as"),
            "part-of": _("has as a part"),
            "caused-by": _("caused"),
        }
        self.marks: Mapping[str, str] = {
            "quote": _("quote"),
            "figure": _("figure"),
            "place": _("place"),
            "time": _("time"),
            "speaker": _("speaker"),
            "thing": _("thing"),
        }
        self._counts: Mapping[str, str] = {
            "exact": _("exactly"),
            "at_least": _("at least"),
            "more_than": _("more than"),
            "about": _("about"),
            "nearly": _("nearly"),
            "up_to": _("up to"),
            "dozens": _("dozens"),
            "hundreds": _("hundreds"),
            "thousands": _("thousands"),
            "some": _("a number not given"),
            "none": _("none"),
        }

    # -- choices of a form -----------------------------------------------------------------------

    def choices(self) -> dict[str, list[Choice]]:
        """Return what each field of the desk's forms can be set to."""
        phrases = self._phrases
        return {
            "incident": [(kind, phrases.incident(kind)) for kind in KINDS],
            "kind": [(each.value, phrases.claim(each)) for each in ClaimKind],
            "hedge": [(each.value, phrases.verb(each, OUTLET)) for each in Hedge],
            "measure": [(each.value, phrases.measure(each)) for each in Measure],
            "qualifier": [(q.value, self._counts.get(q.value, q.value)) for q in Qualifier],
            "speaker": [(k.value, self.speakers.get(k.value, k.value)) for k in SpeakerKind],
            "site": [(s, self.sites.get(s, s)) for s in self._world.publication.sites],
            "grain": [(each, self.grains[each]) for each in GRAINS],
            "link": list(self.links.items()),
            "thing": [(each, self._parts(each, BECAME[0])[0]) for each in THINGS],
            "became": [(each, self._parts(THINGS[0], each)[1]) for each in BECAME],
        }

    def stands_alone(self, kind: str) -> bool:
        """Say whether a claim of that kind needs no incident."""
        return kind in {each.value for each in ALONE}

    def unverified(self, kind: str) -> bool:
        """Say whether it tells of a warning, and is none."""
        return kind in {each.value for each in UNVERIFIED}

    # -- what it is ------------------------------------------------------------------------------

    def incident(self, kind: str) -> str:
        """Return what an incident is called."""
        return self._phrases.incident(kind)

    def kind(self, kind: str) -> str:
        """Return what a claim tells of."""
        return self._phrases.claim(ClaimKind(kind))

    def hedge(self, hedge: str, voice: Body) -> str:
        """Return how far the source stands behind it."""
        return self._phrases.verb(Hedge(hedge), Voice(kind=SpeakerKind(voice["kind"])))

    def own_words(self, told: Mapping[str, str] | None) -> str:
        """Return an officer's sentence in the reader's language, else in another."""
        return self._phrases.own_words(told or {})

    def title(self, incident: Body) -> str:
        """Return an incident's title; what it is and where, where it has none."""
        return self.own_words(incident["title"]) or self._w.gettext("%(kind)s, %(place)s") % {
            "kind": self.incident(incident["kind"]), "place": self.where(incident["where"]),
        }  # fmt: skip

    def thing(self, body: Body) -> str:
        """Return a building, network or service, and what became of it."""
        return self._phrases.thing(Thing(type=body["type"], status=body["status"]))

    def things(self, bodies: Iterable[Body] | None) -> str:
        """Return them as a list."""
        return self._w.listed(self.thing(each) for each in bodies or [])

    # -- how many --------------------------------------------------------------------------------

    def figure(self, body: Body) -> str:
        """Return a number as it was said."""
        return self._phrases.figure(
            Figure(
                measures=tuple(Measure(each) for each in body["measures"]),
                qualifier=Qualifier(body["qualifier"]), value=body["value"],
                what=body["what"] or "", is_part=bool(body["is_part"]),
            )
        )  # fmt: skip

    def figures(self, bodies: Iterable[Body] | None) -> str:
        """Return numbers as they were said, as a list."""
        return self._w.listed(self.figure(each) for each in bodies or [])

    def span(self, body: Body) -> str:
        """Return a range; where its ends meet in a number that was said to be about right, so."""
        ends = [body.get(each) or {} for each in ("lowest", "highest")]
        said = self._phrases.span(body["low"], body["high"])
        if body["low"] == body["high"] and any(e.get("qualifier") == "about" for e in ends):
            return self._phrases.words.gettext("about %(num)s") % {"num": said}
        return said

    def measured(self, tally: Body) -> str:
        """Return what a tally counts."""
        return self._phrases.counted(Measure(tally["measure"]), tally["what"] or "")

    def measure(self, name: str) -> str:
        """Return what is counted; what a denial is called where it is none."""
        if name == "denied":
            return self._w.gettext("said and denied")
        return self._phrases.measure(Measure(name))

    def end(self, tally: Body, body: Body) -> str:
        """Return the figure at an end of a range."""
        figure = {"measures": [tally["measure"]], "what": "", "is_part": False, **body}
        return self._phrases.qualified(
            Figure(
                measures=(Measure(tally["measure"]),), qualifier=Qualifier(figure["qualifier"]),
                value=body["value"],
            )
        )  # fmt: skip

    # -- who, where, when ------------------------------------------------------------------------

    def speaker(self, voice: Body, outlet: str) -> str:
        """Return who says so."""
        return self._phrases.speaker(
            Voice(
                kind=SpeakerKind(voice["kind"]), name=voice["name"] or "",
                role=voice["role"] or "", org=voice["org"] or "", via=voice["via"] or "",
            ),
            outlet,
        )  # fmt: skip

    def where(self, body: Body | None) -> str:
        """Return a place: settlement or district, region, and whether it is not certain."""
        if body is None:
            return ""
        parts = dict.fromkeys(
            each for each in (body["name"], self._region(body["geocode"])) if each
        )
        place = ", ".join(parts)
        if body["certain"] is False:
            return self._w.gettext("%(where)s, not certain") % {"where": place}
        return place

    def exactly(self, body: Body | None) -> str:
        """Return what the desk alone knows of a place: its site and position; empty: nothing."""
        if body is None:
            return ""
        found = [body["site"]] if body["site"] else []
        if body["position"]:
            lon, lat = body["position"]
            found.append(f"{lat:.5f}, {lon:.5f}")
        return "; ".join(found)

    def when(self, body: Body | None) -> str:
        """Return a time as exactly as the desk knows it."""
        if body is None:
            return ""
        w, start, end = self._w, moment(body["start"]), moment(body["end"])
        last = end - MINUTE
        if body["grain"] == "minute" and end - start <= MINUTE:
            text = w.when(start, self._now)
        elif body["grain"] in ("minute", "range") and end - start < timedelta(days=1):
            text = w.gettext("%(first)s to %(last)s, %(day)s") % {
                "first": w.clock(start), "last": w.clock(end), "day": w.date(last),
            }  # fmt: skip
        elif w.date(start) == w.date(last):
            text = w.date(start)
        else:
            text = w.gettext("from %(first)s to %(last)s") % {
                "first": w.date(start), "last": w.date(last),
            }  # fmt: skip
        if body["certain"] is False:
            return w.gettext("%(when)s, not certain") % {"when": text}
        return text

    def coarsely(self, body: Body) -> str:
        """Return a time as the public page says it."""
        zone = self._w.zone
        start, end = moment(body["start"]), moment(body["end"])
        when = When(start=start, end=end, grain=body["grain"], certain=bool(body["certain"]))
        first, last = (each.astimezone(zone).date() for each in (start, end - MINUTE))
        return self._phrases.when(when, first, last)

    def at(self, at: str | datetime | None) -> str:
        """Return a moment in words; empty for none."""
        if at is None:
            return ""
        return self._w.when(moment(at) if isinstance(at, str) else at, self._now)

    def field(self, at: str | None) -> str:
        """Return a moment as a date field of a form has it, in the profile's zone."""
        if not at:
            return ""
        return moment(at).astimezone(self._w.zone).strftime("%Y-%m-%dT%H:%M")

    def day(self, day: str) -> str:
        """Return a day of the API in words."""
        return self._phrases.day(date.fromisoformat(day))

    def note(self, text: str) -> str:
        """Return a note beside a draft: the reader's own in this language, others as they are."""
        return note(self._w, self._phrases, text)

    def _parts(self, thing: str, became: str) -> tuple[str, str]:
        """Return what a thing is called, and what became of it, each by itself."""
        name, _, state = self._phrases.thing(Thing(type=thing, status=became)).partition(": ")
        return name, state

    def _region(self, geocode: str) -> str:
        return self._say.region(geocode)
