"""A claim as integrators read it: the guide's form, what is unknown left out."""

import json

from tocsin.reader.claim import (
    Claim,
    Figure,
    Hedge,
    Kind,
    Moment,
    Place,
    Qualifier,
    Span,
    Speaker,
    Thing,
)
from tocsin.reader.jsonl import line, lines

QUOTE = Span(3, 24, "at least 10 were dead")
BARE = Claim(id="r#01", doc="r", kind=Kind.CASUALTIES, quote=QUOTE)


def test_what_is_unknown_is_left_out():
    assert line(BARE) == {
        "id": "r#01",
        "doc": "r",
        "kind": "casualties",
        "quote": {"text": "at least 10 were dead", "start": 3, "end": 24},
        "speaker": {"kind": "outlet"},
        "hedge": "asserted",
    }


def test_every_field_of_the_guide_has_its_name_and_form():
    number = Span(12, 14, "10")
    claim = Claim(
        id="r#02",
        doc="r",
        kind=Kind.CASUALTIES,
        quote=QUOTE,
        time=Moment(
            start="2022-03-01T17:24", end="2022-03-01T17:24", grain="minute", basis="explicit",
            part="afternoon", span=Span(0, 2, "at"),
        ),
        place=(
            Place(name="Kyiv", level="settlement", span=Span(1, 5, "Kyiv"), geonames=703448,
                  geocode="UA80", region="UA-30", country="UA", ambiguous=(1, 2)),
        ),
        killed=Figure(value=10, qualifier=Qualifier.AT_LEAST, low=10, high=None, span=number),
        injured=Figure(value=None, qualifier=Qualifier.DOZENS, low=24, high=99),
        affected=Figure(
            value=0, qualifier=Qualifier.NONE, low=0, high=0, what="missing", is_part=True
        ),
        infrastructure=(Thing(type="power", status="disrupted", span=number),),
        speaker=Speaker(
            kind="person", name="A. B.", role="mayor", org="city", span=number, via="X"
        ),
        hedge=Hedge.CLAIMED,
        event="kyiv-strike",
        event_reasons=("same day",),
        contradicts=("r#03",),
        note="n",
    )  # fmt: skip
    told = line(claim)
    span = {"text": "10", "start": 12, "end": 14}
    assert told["time"] == {
        "start": "2022-03-01T17:24",
        "end": "2022-03-01T17:24",
        "grain": "minute",
        "basis": "explicit",
        "part": "afternoon",
        "span": {"text": "at", "start": 0, "end": 2},
    }
    assert told["place"] == [
        {
            "span": {"text": "Kyiv", "start": 1, "end": 5},
            "name": "Kyiv",
            "level": "settlement",
            "geonames": 703448,
            "geocode": "UA80",
            "region": "UA-30",
            "country": "UA",
            "ambiguous": [1, 2],
        }
    ]
    assert told["killed"] == {
        "value": 10, "qualifier": "at_least", "low": 10, "high": None, "span": span
    }  # fmt: skip
    assert told["injured"] == {"value": None, "qualifier": "dozens", "low": 24, "high": 99}
    assert told["affected"] == {
        "value": 0, "qualifier": "none", "low": 0, "high": 0, "what": "missing", "is_part": True
    }  # fmt: skip
    assert told["infrastructure"] == [{"type": "power", "status": "disrupted", "span": span}]
    assert told["speaker"] == {
        "kind": "person", "name": "A. B.", "role": "mayor", "org": "city", "span": span, "via": "X"
    }  # fmt: skip
    assert (told["hedge"], told["event"], told["note"]) == ("claimed", "kyiv-strike", "n")
    assert (told["event_reasons"], told["contradicts"]) == (["same day"], ["r#03"])


def test_a_private_person_has_no_name_outside_the_quote():
    speaker = Speaker(kind="person", name="Olena K.", role="resident", is_private=True)
    told = line(Claim(id="r#1", doc="r", kind=Kind.STATEMENT, quote=QUOTE, speaker=speaker))
    assert told["speaker"] == {"kind": "person", "role": "resident", "is_private": True}


def test_lines_are_one_object_each_in_utf_8():
    claim = Claim(id="r#1", doc="звіт", kind=Kind.STRIKE, quote=Span(0, 5, "a\n“б”"))
    body = lines((claim, BARE))
    assert body.endswith(b"\n")
    assert [json.loads(each)["doc"] for each in body.decode().splitlines()] == ["звіт", "r"]
    assert lines(()) == b""
