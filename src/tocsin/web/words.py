"""The words of pages: gettext catalogues, and times, lengths and lists as a language writes them.

Catalogues are ``locale/<language>/LC_MESSAGES/tocsin.po``, read as they are written, once for each
process: nothing is compiled, so a translator's change is seen at the next start and a wheel
cannot ship stale words. English is the language of the msgids. An alert's own words are not
here: they are the profile's data and the journal's.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

NO_BREAK = "\u00a0"
MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86400

_Q_VALUE = re.compile(r"^q=(0(\.\d{0,3})?|1(\.0{0,3})?)$")


@lru_cache
def catalogue(language: str) -> NullTranslations:
    """Return a language's words; the msgids themselves (English) where there is no catalogue."""
    place = files("tocsin") / "locale" / language / "LC_MESSAGES" / "tocsin.po"
    if not place.is_file():
        return NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(place.read_bytes()), locale=language))
    compiled.seek(0)
    return Translations(compiled)


def locale_of(language: str) -> Locale:
    """Return how a language writes dates and lists; plain English where it is not known.

    English is that of the world (day before month), not of one country.
    """
    try:
        return Locale.parse("en_001" if language == "en" else language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_001")


def negotiate(offered: Iterable[str], asked: str | None, accept: str | None) -> str:
    """Return the language of a page: the one asked for, else the reader's best, else the first.

    Args:
        offered: the profile's languages, the default first.
        asked: the value of ``?lang=``.
        accept: the Accept-Language header; what cannot be read in it is passed over.

    Source: RFC 9110 section 12.5.4.
    """
    languages = tuple(offered)
    if asked in languages:
        return str(asked)
    wishes: list[tuple[float, int, str]] = []
    for place, part in enumerate((accept or "")[:400].split(",")):
        tag, _, rest = part.strip().partition(";")
        quality = _Q_VALUE.match(rest.strip().replace(" ", ""))
        weight = float(quality[1]) if quality else 1.0
        if tag and weight > 0:
            wishes.append((-weight, place, tag.lower()))
    for _, _, tag in sorted(wishes):
        for language in languages:
            if tag == language.lower() or tag.partition("-")[0] == language.lower():
                return language
    return languages[0]


class Words:
    """One language, in one time zone. Cheap to keep, made once for each language."""

    def __init__(self, language: str, zone: str) -> None:
        self.language = language
        self.zone = ZoneInfo(zone)
        self.locale = locale_of(language)
        self.direction = self.locale.text_direction
        self._catalogue = catalogue(language)

    def gettext(self, message: str) -> str:
        """Return a sentence in this language."""
        return str(self._catalogue.gettext(message))

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Return a sentence in the plural form that this language has for ``count``."""
        return str(self._catalogue.ngettext(one, many, count)) % {"num": count}

    @property
    def label(self) -> str:
        """Return three capitals by which a reader knows this language in its own letters."""
        return (self.locale.get_language_name(self.locale) or self.language)[:3].upper()

    @property
    def own_name(self) -> str:
        """Return the language's name in itself."""
        return self.locale.get_language_name(self.locale) or self.language

    def clock(self, at: datetime, *, seconds: bool = False) -> str:
        """Return the hour and minute in the profile's zone, 24-hour: every siren log uses it."""
        return at.astimezone(self.zone).strftime("%H:%M:%S" if seconds else "%H:%M")

    def date(self, at: datetime, *, year: bool = True) -> str:
        """Return the day in the profile's zone, in words."""
        local = at.astimezone(self.zone).replace(tzinfo=None)
        return str(format_skeleton("yMMMMd" if year else "MMMMd", local, locale=self.locale))

    def when(self, at: datetime, now: datetime) -> str:
        """Return hour, minute and, in words as short as are clear, the day."""
        days = (now.astimezone(self.zone).date() - at.astimezone(self.zone).date()).days
        values = {"time": self.clock(at)}
        if days == 0:
            return self.gettext("%(time)s today") % values
        if days == 1:
            return self.gettext("%(time)s yesterday") % values
        same_year = at.astimezone(self.zone).year == now.astimezone(self.zone).year
        values["date"] = self.date(at, year=not same_year)
        return self.gettext("%(time)s on %(date)s") % values

    def offset_min(self, at: datetime) -> int:
        """Return how far the profile's zone is from UTC at that moment, in minutes."""
        return int((at.astimezone(self.zone).utcoffset() or timedelta()).total_seconds()) // 60

    def lasting(self, length: timedelta) -> str:
        """Return a length in the two units that matter; never negative."""
        total = max(0, int(length.total_seconds()))
        if total < MINUTE_S:
            text = self.gettext("under 1 min")
        elif total < HOUR_S:
            text = self.gettext("%(min)d min") % {"min": total // MINUTE_S}
        elif total < DAY_S:
            values = {"hours": total // HOUR_S, "min": total % HOUR_S // MINUTE_S}
            text = self.gettext("%(hours)d h %(min)d min") % values
        else:
            text = self._days(total // DAY_S) % {"hours": total % DAY_S // HOUR_S}
        return text.replace(" ", NO_BREAK)

    def lasting_patterns(self) -> str:
        """Return the patterns of ``lasting`` as JSON, so that a script can count on without words."""
        plural = self.locale.plural_form
        days: dict[str, str] = {}
        for count in range(200):
            if plural(count) not in days:
                text = self._days(count).replace(str(count), "{d}", 1)
                days[plural(count)] = text % {"hours": -1}
        patterns: Mapping[str, object] = {
            "under": self.gettext("under 1 min"),
            "m": self.gettext("%(min)d min") % {"min": -2},
            "hm": self.gettext("%(hours)d h %(min)d min") % {"hours": -1, "min": -2},
            "d": days,
        }
        text = json.dumps(patterns, ensure_ascii=False, separators=(",", ":"))
        return text.replace("-1", "{h}").replace("-2", "{m}").replace(" ", NO_BREAK)

    def _days(self, count: int) -> str:
        whole = self._catalogue.ngettext("%(num)d day %%(hours)d h", "%(num)d days %%(hours)d h", count)
        return str(whole) % {"num": count}

    def listed(self, names: Iterable[str]) -> str:
        """Return names as a sentence lists them."""
        return str(format_list(list(names), locale=self.locale))
