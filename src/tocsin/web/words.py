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
from babel.dates import format_date, format_skeleton
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
        self._order = {sign: place for place, sign in enumerate(" " + self.letters())}

    def gettext(self, message: str) -> str:
        """Return a sentence in this language."""
        return str(self._catalogue.gettext(message))

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Return a sentence in the plural form that this language has for ``count``."""
        return self.plain_ngettext(one, many, count) % {"num": count}

    def plain_ngettext(self, one: str, many: str, count: int) -> str:
        """Return the same with ``%(num)s`` still open, as templates want it."""
        return str(self._catalogue.ngettext(one, many, count))

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
        if year:
            return str(format_date(local, "long", locale=self.locale))
        return str(format_skeleton("MMMMd", local, locale=self.locale))

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
        hours, minutes = total % DAY_S // HOUR_S, total % HOUR_S // MINUTE_S
        if total < MINUTE_S:
            return self._under()
        if total < HOUR_S:
            return self._minutes(minutes)
        if total < DAY_S:
            return self._hours(hours, minutes)
        return self._days(total // DAY_S, total // DAY_S, hours)

    def lasting_patterns(self) -> str:
        """Return the patterns of ``lasting`` as JSON: a script counts on with them, without words.

        ``{d}``, ``{h}`` and ``{m}`` stand for days, hours and minutes; days have a pattern for each
        plural category of CLDR that the language uses.
        """
        days: dict[str, str] = {}
        for count in range(1, 200):
            days.setdefault(self.locale.plural_form(count), self._days(count, "{d}", "{h}"))
        patterns: Mapping[str, object] = {
            "under": self._under(),
            "m": self._minutes("{m}"),
            "hm": self._hours("{h}", "{m}"),
            "d": days,
        }
        return json.dumps(patterns, ensure_ascii=False, separators=(",", ":"))

    def _under(self) -> str:
        return self.gettext("under 1 min").replace(" ", NO_BREAK)

    def _minutes(self, minutes: int | str) -> str:
        text = self.gettext("%(min)s min") % {"min": minutes}
        return text.replace(" ", NO_BREAK)

    def _hours(self, hours: int | str, minutes: int | str) -> str:
        text = self.gettext("%(hours)s h %(min)s min") % {"hours": hours, "min": minutes}
        return text.replace(" ", NO_BREAK)

    def _days(self, count: int, days: int | str, hours: int | str) -> str:
        one, many = "%(days)s day %(hours)s h", "%(days)s days %(hours)s h"
        text = str(self._catalogue.ngettext(one, many, count)) % {"days": days, "hours": hours}
        return text.replace(" ", NO_BREAK)

    def alphabetical(self, name: str) -> list[int]:
        """Return a key that sorts names in this language's alphabet, other signs after it."""
        order = self._order
        return [order.get(sign, len(order) + ord(sign)) for sign in name.upper()]

    def letters(self) -> str:
        """Return this language's capital letters in their order."""
        # Translators: the letters of your language, in the order of its alphabet.
        return self.gettext("ABCDEFGHIJKLMNOPQRSTUVWXYZ")

    def listed(self, names: Iterable[str]) -> str:
        """Return names as a sentence lists them."""
        return str(format_list(list(names), locale=self.locale))
