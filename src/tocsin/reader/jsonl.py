"""A claim as integrators read it: one JSON object a line, what is unknown left out.

Within a figure nothing is left out: ``high`` null is open upwards, which is knowledge.

Source: the annotation guide of the gold reports, "A claim".
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from tocsin.reader.claim import Claim, Figure, Moment, Place, Span, Speaker, Thing


def lines(claims: tuple[Claim, ...]) -> bytes:
    """Return the claims as JSON Lines: UTF-8, each object followed by a line feed."""
    encode = msgspec.json.encode
    return b"".join(encode(line(claim)) + b"\n" for claim in claims)


def line(claim: Claim) -> dict[str, object]:
    """Return a claim as the object of its line."""
    return _known(
        {
            "id": claim.id,
            "doc": claim.doc,
            "kind": claim.kind.value,
            "quote": _span(claim.quote),
            "time": _moment(claim.time),
            "place": [_place(place) for place in claim.place],
            "killed": _figure(claim.killed),
            "injured": _figure(claim.injured),
            "affected": _figure(claim.affected),
            "infrastructure": [_thing(thing) for thing in claim.infrastructure],
            "speaker": _speaker(claim.speaker),
            "hedge": claim.hedge.value,
            "event": claim.event,
            "event_reasons": list(claim.event_reasons),
            "contradicts": list(claim.contradicts),
            "note": claim.note,
        }
    )


def _known(whole: Mapping[str, object]) -> dict[str, object]:
    return {
        key: value
        for key, value in whole.items()
        if value is not None and value != [] and value is not False
    }


def _span(span: Span | None) -> dict[str, object] | None:
    return None if span is None else {"text": span.text, "start": span.start, "end": span.end}


def _moment(moment: Moment | None) -> dict[str, object] | None:
    if moment is None:
        return None
    return _known(
        {
            "start": moment.start,
            "end": moment.end,
            "grain": moment.grain,
            "basis": moment.basis,
            "part": moment.part,
            "span": _span(moment.span),
        }
    )


def _place(place: Place) -> dict[str, object]:
    return _known(
        {
            "span": _span(place.span),
            "name": place.name,
            "level": place.level,
            "geonames": place.geonames,
            "geocode": place.geocode,
            "region": place.region,
            "country": place.country,
            "ambiguous": list(place.ambiguous),
        }
    )


def _figure(figure: Figure | None) -> dict[str, object] | None:
    if figure is None:
        return None
    told: dict[str, object] = {
        "value": figure.value,
        "qualifier": figure.qualifier.value,
        "low": figure.low,
        "high": figure.high,
    }
    rest = {"span": _span(figure.span), "what": figure.what, "is_part": figure.is_part}
    return told | _known(rest)


def _thing(thing: Thing) -> dict[str, object]:
    return _known({"type": thing.type, "status": thing.status, "span": _span(thing.span)})


def _speaker(speaker: Speaker) -> dict[str, object]:
    return _known(
        {
            "kind": speaker.kind,
            "name": None if speaker.is_private else speaker.name,
            "role": speaker.role,
            "org": speaker.org,
            "span": _span(speaker.span),
            "via": speaker.via,
            "is_private": speaker.is_private,
        }
    )
