"""The desk's words for what a country runs on: kinds, conditions, ties, services, levels, shares.

Codes of the API in, words of one language out. A code that nobody knows here is shown as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from babel.numbers import format_decimal, format_percent

from tocsin.core.facilities import INSTALLATION_KINDS, SERVICES, Condition, PostureLevel, Tie
from tocsin.service.submit import Service
from tocsin.web.console.speech import Speech
from tocsin.web.console.views import Teller
from tocsin.web.words import Words

Body = Mapping[str, Any]
Choice = tuple[str, str]


class InfraWords:
    """One language's words for installations, channels, outages, postures and notices."""

    def __init__(self, service: Service, words: Words) -> None:
        self._w = words
        self._world = service.world
        self._say = Speech(service, words)
        self._teller = Teller(service, words)
        _ = words.gettext
        self.kinds: Mapping[str, str] = {
            "substation": _("Substation"),
            "power-plant": _("Power plant"),
            "control-room": _("Control room"),
            "tv-tower": _("TV tower"),
            "radio-tower": _("Radio tower"),
            "mobile-site": _("Mobile site"),
            "exchange": _("Exchange"),
            "siren": _("Siren"),
            "water": _("Water works"),
            "heat": _("Heat works"),
            "hospital": _("Hospital"),
            "metro": _("Metro"),
            "bridge": _("Bridge"),
            "plant": _("Plant"),
            "other": _("Another installation"),
        }
        self.services: Mapping[str, str] = {
            "power": _("Power"),
            "water": _("Water"),
            "heat": _("Heat"),
            "gas": _("Gas"),
            "telecom": _("Telephone"),
            "internet": _("Internet"),
            "broadcast": _("TV and radio"),
            "transport": _("Transport"),
        }
        self.conditions: Mapping[str, str] = {
            "working": _("Working"),
            "degraded": _("Working badly"),
            "down": _("Down"),
            "unknown": _("Not known"),
            "at-risk": _("At risk"),
        }
        self.ties: Mapping[str, str] = {
            "powered-by": _("powered by"),
            "controlled-by": _("controlled by"),
            "fed-by": _("fed by"),
        }
        self.tied: Mapping[str, str] = {
            "powered-by": _("powers"),
            "controlled-by": _("controls"),
            "fed-by": _("feeds"),
        }
        self.levels: Mapping[str, str] = {
            "normal": _("Normal"),
            "raised": _("Raised"),
            "high": _("High"),
            "critical": _("Critical"),
        }
        self.cells: Mapping[str, str] = {
            "carries": _("carries"),
            "at-risk": _("at risk"),
            "lost": _("may not carry"),
            "unknown": _("not known"),
            "none": _("none here"),
        }
        self.counted: Mapping[str, str] = {
            "settlements": _("settlements"),
            "customers": _("customers"),
            "people": _("people"),
            "homes": _("homes"),
            "buildings": _("buildings"),
        }

    def choices(self) -> dict[str, list[Choice]]:
        """Return what the fields of these pages' forms can be set to."""
        words = self._w
        return {
            "facility": [(each, self.kind(each)) for each in INSTALLATION_KINDS],
            "service": [(each, self.service(each)) for each in SERVICES],
            "tie": [(each.value, self.ties[each.value]) for each in Tie],
            "condition": [(each.value, self.conditions[each.value]) for each in Condition],
            "level": [(each.value, self.levels[each.value]) for each in PostureLevel],
            "channel": [(each, self.channel(each)) for each in self._world.channels],
            "counted": list(self.counted.items()),
            "hazard": sorted(
                ((each, self._say.hazard(each)) for each in self._world.hazards),
                key=lambda pair: words.alphabetical(pair[1]),
            ),
        }

    def kind(self, code: str) -> str:
        """Return what a kind of installation is called, as a heading begins."""
        name = self.kinds.get(code, code)
        return name[:1].upper() + name[1:]  # a word that claims use as well may be a small one

    def service(self, code: str) -> str:
        """Return what a service is called."""
        return self.services.get(code, code)

    def channel(self, code: str) -> str:
        """Return what a channel is called; its id where the profile does not name it any more."""
        channel = self._world.channels.get(code)
        return self.named(channel.names) or code if channel is not None else code

    def named(self, names: Mapping[str, str] | None) -> str:
        """Return a name in the reader's language, else in the profile's first."""
        found = names or {}
        for language in (self._w.language, *self._world.languages):
            if found.get(language):
                return found[language]
        return next(iter(found.values()), "")

    def installation(self, body: Body | None) -> str:
        """Return an installation's name; its kind and handle where its name is not to be read."""
        if body is None:
            return self._w.gettext("an installation")
        return body["name"] or self._w.gettext("%(kind)s %(handle)s") % {
            "kind": self.kind(body["kind"]) if body["kind"] else self.kinds["other"],
            "handle": body["handle"],
        }  # fmt: skip

    def standing(self, body: Body) -> str:
        """Return the code of how an installation stands: at risk counts before working."""
        condition = str(body["condition"])
        return "at-risk" if body["at_risk_by"] and condition != "down" else condition

    def share(self, share: float) -> str:
        """Return a share of one as a percentage."""
        return str(format_percent(share, format="#,##0.# %", locale=self._w.locale))

    def percent(self, share: float) -> str:
        """Return a share of one as a field of a form holds it, in percent."""
        return f"{share * 100:.4g}"

    def about(self, count: int | None) -> str:
        """Return about how many people: region data knows no better, and of some places nothing."""
        if not count:
            return self._teller.people(None)
        return self._w.gettext("about %(people)s") % {"people": self._teller.people(count)}

    def dose(self, rate: float) -> str:
        """Return a dose rate, in the unit that stations send and policies name."""
        return f"{format_decimal(rate, format='#,##0', locale=self._w.locale)} nSv/h"

    def times(self, rate: float, background: float) -> str:
        """Return how many times its background a rate is."""
        return self._w.gettext("%(number)s times its background") % {
            "number": self.decimal(rate / background)
        }

    def decimal(self, number: float) -> str:
        """Return a number with one digit after the point at most."""
        return str(format_decimal(number, format="#,##0.#", locale=self._w.locale))

    def number(self, count: int | None) -> str:
        """Return a rounded number of people, for a column that says that it is of people."""
        if not count:
            return self._w.gettext("not known")
        step = 10 ** max(0, len(str(count)) - 2)
        return str(format_decimal(round(count / step) * step, locale=self._w.locale))

    def about_all(self, places: Iterable[Body] | None) -> str:
        """Return about how many people live in all of these places together."""
        counts = [each["people"] for each in places or []]
        known = [each for each in counts if each is not None]
        if not known or len(known) == len(counts):
            return self.about(sum(known))
        return self._w.gettext("%(people)s, and places that nobody counted") % {
            "people": self.about(sum(known))
        }

    def namer(self, bodies: Iterable[Body]) -> Callable[[str], str]:
        """Return how an installation is called by its id."""
        known = {str(each["id"]): each for each in bodies}
        return lambda name: self.installation(known.get(name))
