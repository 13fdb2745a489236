"""Claims as rows of CSV: for people with a spreadsheet, so it begins with a byte order mark.

Without the mark the commonest spreadsheet reads UTF-8 as something else; programs take the JSON,
or read the file as ``utf-8-sig``. A cell that begins as a formula does is given an apostrophe: what
a report's speaker is called must never run on somebody's desk.

Source: RFC 4180; OWASP, "CSV Injection".
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from tocsin.formats.ledger import ClaimBody, FigureBody, IncidentBody

BOM = b"\xef\xbb\xbf"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
COLUMNS = (
    "incident", "incident_kind", "stage", "region", "place", "place_certain", "from", "until",
    "claim", "kind", "speaker_kind", "name", "role", "organisation", "via", "official", "outlet",
    "hedge", "said_at", "happened_from", "happened_until", "claim_region", "claim_place",
    "measures", "qualifier", "value", "low", "high", "counted", "is_part", "things", "standing",
    "replaced_by", "known_since",
)  # fmt: skip

Row = tuple[IncidentBody | None, ClaimBody]


def written(rows: Iterable[Row], languages: Sequence[str]) -> bytes:
    """Return the table: a row for each figure of a claim, one for a claim without figures."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([*COLUMNS, *(f"text_{language}" for language in languages)])
    for incident, claim in rows:
        figures: list[FigureBody | None] = [*claim.figures] or [None]
        for figure in figures:
            cells = [*_incident(incident), *_claim(claim), *_figure(figure), *_end(claim)]
            cells += [claim.text.get(language, "") for language in languages]
            writer.writerow([harmless(_text(cell)) for cell in cells])
    return BOM + out.getvalue().encode()


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet runs, also behind spaces and in full-width signs."""
    first = unicodedata.normalize("NFKC", cell.lstrip(" \u00a0\u3000")[:1])
    if cell.startswith(DANGEROUS) or first.startswith(DANGEROUS):
        return f"'{cell}"
    return cell


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _incident(incident: IncidentBody | None) -> Iterator[object]:
    if incident is None:
        yield from [None] * 8
        return
    yield from (incident.id, incident.kind, incident.stage.value, incident.where.geocode)
    yield from (incident.where.name, incident.where.certain)
    yield from (incident.when.start, incident.when.end)


def _claim(claim: ClaimBody) -> Iterator[object]:
    voice, happened, where = claim.voice, claim.happened, claim.where
    yield from (claim.id, claim.kind.value, voice.kind.value, voice.name, voice.role, voice.org)
    yield from (voice.via, voice.official, claim.outlet, claim.hedge.value, claim.said_at)
    yield from (happened.start, happened.end) if happened is not None else (None, None)
    yield from (where.geocode, where.name) if where is not None else (None, None)


def _figure(figure: FigureBody | None) -> Iterator[object]:
    if figure is None:
        yield from [None] * 7
        return
    yield " and ".join(each.value for each in figure.measures)
    yield from (figure.qualifier.value, figure.value, figure.low, figure.high, figure.what)
    yield figure.is_part


def _end(claim: ClaimBody) -> Iterator[object]:
    yield "; ".join(f"{each.type}: {each.status}" for each in claim.things)
    yield from (claim.standing.value, claim.replaced_by, claim.known_since)
