"""Lines of lists: a region or a hazard, its state in a word, and how long it lasts.

Each line is written twice: as it is, and as it was when the last news came (UX section 5).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup, escape

from tocsin.web.public.faces import Face, Glance, Spot
from tocsin.web.public.voice import UNDER_ALERT, Voice
from tocsin.web.words import Words

TONES = {Face.ALERT: "no", Face.PART: "no", Face.UNSURE: "warn", Face.CLEAR: "ok"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One region in a list. ``since`` is set where its length counts on; ``tone`` is a colour."""

    geocode: str
    name: str
    face: str
    tone: str
    word: str | Markup
    since: datetime | None = None
    length: str = ""


def known_at(at: datetime, words: Words, *, seconds: bool = False) -> Markup:
    """Return the time of the last news as an element that a script may set to a later one."""
    return Markup('<time data-known="{}">{}</time>').format(
        "s" if seconds else "m", words.clock(at, seconds=seconds)
    )


def then(text: str, at: datetime, words: Words) -> Markup:
    """Return a sentence whose ``%(time)s`` is the time of the last news."""
    return escape(text) % {"time": known_at(at, words)}


class Rows:
    """Writes lines in one language."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._words = voice.words

    def row(self, spot: Spot, now: datetime, *, name: str | None = None) -> Row:
        """Return a region as a line of a list, as it is now."""
        w = self._words
        glance = spot.glances[0]
        since = min((g.since for g in spot.glances if g.since), default=None)
        hazards = (
            w.listed(self._voice.hazard_name(g) for g in spot.glances) if glance.hazard else ""
        )
        face, length, counts = glance.face, "", None
        if face in UNDER_ALERT and since is not None:
            counts, length = since, w.lasting(now - since)
            if name is None:
                word = hazards
                if face is Face.PART:
                    word = w.gettext("In part: %(hazards)s") % {"hazards": hazards}
            else:
                word = w.gettext("In part") if face is Face.PART else w.gettext("Alert")
        elif face is Face.UNSURE:
            word = w.gettext("Not confirmed")
        elif face is Face.CLEAR and since is not None:
            word = w.gettext("All-clear, %(time)s") % {"time": w.clock(since)}
        elif face is Face.CANCEL:
            word = w.gettext("Issued in error")
        elif face is Face.NODATA:
            word = w.gettext("No information")
        else:
            word = w.gettext("No alert")
        return Row(
            geocode=spot.geocode,
            name=self._voice.name(spot.geocode) if name is None else name,
            face=face.value,
            tone=TONES.get(face, ""),
            word=word,
            since=counts,
            length=length,
        )

    def row_then(self, spot: Spot, known: datetime) -> Row:
        """Return a region as a line of a list whose news is old."""
        return self.glance_then(spot.geocode, spot.glances[0], known)

    def glance_then(self, geocode: str, glance: Glance, known: datetime) -> Row:
        """Return one hazard in a region as it was when the last news came."""
        w = self._words
        face = glance.face
        if face is Face.ALERT:
            text = w.gettext("Alert at %(time)s")
        elif face is Face.PART:
            text = w.gettext("In part at %(time)s")
        elif face is Face.UNSURE:
            text = w.gettext("Ran out before %(time)s")
        elif face is Face.NODATA:
            text = w.gettext("No information")
        else:
            text, face = w.gettext("No alert at %(time)s"), Face.QUIET
        return Row(
            geocode=geocode,
            name=self._voice.name(geocode),
            face=face.value,
            tone="",
            word=then(text, known, w),
        )

    def named(self, geocodes: Iterable[str], glance: Glance) -> tuple[Row, ...]:
        """Return regions by their names only."""
        return tuple(
            Row(geocode=code, name=self._voice.name(code), face=glance.face.value, tone="", word="")
            for code in geocodes
        )
