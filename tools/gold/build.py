"""Build the gold claims of our own reports from annotations that name words, not offsets.

    python tools/gold/build.py SET [--show NAME]

SET is ``dev`` or ``held``. Reads ``tools/gold/SET/*.gold`` and ``tests/data/reports/SET/texts``,
writes ``docs.jsonl`` and ``claims.jsonl`` beside the texts, in the form of the shared seed. Every
string of an annotation must stand in its text, or the run stops and says where. ``--show`` prints
the claims of one report for reading over. The form of a ``.gold`` file: ``README.md`` here.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]
KINDS = {
    *("strike", "explosion", "hazard", "casualties", "damage", "outage", "restoration"),
    *("evacuation-warning", "shelter", "alert", "statement"),
}
TYPES = {
    *("power", "substation", "tv-tower", "tv-signal", "control-room", "apartment-block", "house"),
    *("building", "bridge", "road", "metro", "airport", "hospital", "hotel", "place-of-worship"),
    *("public-place", "oil-gas", "water", "government", "military", "other"),
}
STATUSES = {
    *("hit", "damaged", "destroyed", "disrupted", "operating", "restoring", "restored"),
    "targeted",
}
HEDGES = {"asserted", "said", "claimed", "denied", "likely", "possible", "planned"}
PARTS = {"morning", "afternoon", "evening", "night"}
ROUNDS = {"dozens": (24, 99), "hundreds": (200, 999), "thousands": (2000, 9999)}
FIELDS = ("time", "place", "killed", "injured", "affected", "infrastructure", "speaker")
INHERITED = ("q", "t", "p", "s", "h", "e")
Json = dict[str, object]


@dataclass
class Report:
    """One annotation file: what it says of the text, and its claims as lines by their letter."""

    name: str
    text: str
    head: dict[str, str] = field(default_factory=dict)
    boilerplate: list[str] = field(default_factory=list)
    places: dict[str, Json] = field(default_factory=dict)
    speakers: dict[str, Json] = field(default_factory=dict)
    claims: list[dict[str, str]] = field(default_factory=list)


def main(arguments: list[str]) -> int:
    """Build one set; with ``--show NAME`` print that report's claims instead."""
    folder = ROOT / "tests/data/reports" / arguments[0]
    reports = [
        read(path, folder) for path in sorted((Path(__file__).parent / arguments[0]).glob("*.gold"))
    ]
    built = {report.name: list(claims(report)) for report in reports}
    if "--show" in arguments:
        show(built[arguments[-1]])
        return 0
    write(folder / "docs.jsonl", [document(report) for report in reports])
    write(folder / "claims.jsonl", [claim for each in built.values() for claim in each])
    print(f"{len(reports)} reports, {sum(map(len, built.values()))} claims")
    return 0


def read(path: Path, folder: Path) -> Report:
    """Return an annotation file's contents, with its text."""
    text = (folder / "texts" / f"{path.stem}.txt").read_bytes().decode()
    report = Report(path.stem, text)
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        word, _, rest = line.partition(" ")
        rest = rest.strip()
        if not line.strip() or word == "#":
            continue
        if word == "*":
            report.claims.append(start(report, rest, f"{path.name}:{number}"))
        elif report.claims:
            report.claims[-1][word] = rest
        elif word == "boilerplate":
            report.boilerplate.append(rest)
        elif word == "place":
            report.places.update([place(rest)])
        elif word == "speaker":
            report.speakers.update([speaker(rest)])
        else:
            report.head[word] = rest
    return report


def start(report: Report, kind: str, where: str) -> dict[str, str]:
    """Return a new claim; one whose kind begins with a plus takes over what the last one says."""
    lines = {"where": where}
    if kind.startswith("+"):
        lines |= {key: value for key, value in report.claims[-1].items() if key in INHERITED}
    return lines | {"kind": kind.removeprefix("+")}


def place(line: str) -> tuple[str, Json]:
    """Read ``KEY = LEVEL COUNTRY [REGION] [GEONAMES] [| NAME]``; without a name the key is it."""
    key, _, rest = (part.strip() for part in line.partition("="))
    told, _, name = (part.strip() for part in rest.partition("|"))
    level, *codes = told.split()
    region = next((code for code in codes if "-" in code), None)
    number = next((int(code) for code in codes if code.isdigit()), None)
    country = next((code for code in codes if code.isalpha()), None)
    return key, {
        "span": None, "name": name or key, "level": level,
        "geonames": number, "region": region, "country": country,
    }  # fmt: skip


def speaker(line: str) -> tuple[str, Json]:
    """Read ``KEY = KIND | NAME | ROLE | ORGANISATION``; what is empty is null."""
    key, _, rest = (part.strip() for part in line.partition("="))
    kind, *others = (part.strip() or None for part in rest.split("|"))
    name, role, org = [*others, None, None, None][:3]
    return key, {"kind": kind, "name": name, "role": role, "org": org, "span": None}


def document(report: Report) -> Json:
    """Return the line of ``docs.jsonl``."""
    head = report.head
    row: Json = {
        "doc": report.name,
        "file": f"texts/{report.name}.txt",
        "chars": len(report.text),
        "lang": head["lang"],
        "outlet": head.get("outlet"),
        "published": head["published"],
        "published_basis": head["basis"],
        "tz": head.get("tz"),
        "boilerplate": [quote(report, words, 0) for words in report.boilerplate],
    }
    date.fromisoformat(head["published"])
    if "time" in head:
        row["published_time"] = head["time"]
    return row


def claims(report: Report) -> Iterator[Json]:
    """Return the claims of one report in the order of the annotation."""
    cursor = 0
    for number, lines in enumerate(report.claims, 1):
        try:
            made = claim(report, lines, cursor)
        except (ValueError, KeyError) as error:
            sys.exit(f"{lines['where']}: {error!r}")
        cursor = int(str(made["quote"]["start"]))  # type: ignore[index]
        yield {"id": f"{report.name}#{number:02}", "doc": report.name, **made}


def claim(report: Report, lines: dict[str, str], cursor: int) -> Json:
    """Return one claim; ``cursor`` is where the quote before it began."""
    unknown = set(lines) - set("qtpskiaxhen") - {"kind", "where"}
    if unknown:
        raise ValueError(f"unknown lines: {unknown}")
    one_of(lines["kind"], KINDS)
    said = quote(report, lines["q"].removeprefix("^"), 0 if lines["q"][0] == "^" else cursor)
    outlet: Json = {"kind": "outlet", "name": report.head.get("outlet")}
    outlet |= dict.fromkeys(("role", "org", "span"))
    who = speaks(report, lines["s"], said) if "s" in lines else outlet
    made: Json = {
        "kind": lines["kind"],
        "quote": said,
        "time": moment(report, lines["t"], said) if lines.get("t", "-") != "-" else None,
        "place": [placed(report, one, said) for one in split(lines.get("p", ""))],
        "killed": figure(report, lines.get("k"), said),
        "injured": figure(report, lines.get("i"), said),
        "affected": figure(report, lines.get("a"), said),
        "infrastructure": [thing(report, one, said) for one in split(lines.get("x", ""))],
        "speaker": who,
        "hedge": lines.get("h") or ("asserted" if who["kind"] == "outlet" else "said"),
        "event": lines.get("e"),
    }
    one_of(str(made["hedge"]), HEDGES)
    counts_people = bool({"k", "i"} & set(lines)) or "missing" in lines.get("a", "")
    if counts_people != (made["kind"] == "casualties"):
        raise ValueError("casualties have a number of dead, hurt or missing, and no other kind has")
    if "n" in lines:
        made["note"] = lines["n"]
    return made


def quote(report: Report, words: str, start: int) -> Json:
    """Return the span of ``first words … last words``, the first found at or after ``start``."""
    first, _, last = (part.strip() for part in words.partition(" … "))
    begin = report.text.index(first.replace("\\n", "\n"), start)
    end = begin + len(first.replace("\\n", "\n"))
    if last:
        end = report.text.index(last, end) + len(last)
    return span(report, begin, end)


def span(report: Report, start: int, end: int) -> Json:
    """Return a span of the text."""
    return {"text": report.text[start:end], "start": start, "end": end}


def find(report: Report, words: str, near: Json) -> Json:
    """Return the words inside the quote, else the last before it, else the first after it.

    ``words@2`` is the second time that they stand in the text.
    """
    words, _, number = words.partition("@")
    edges = (r"(?<!\w)" if words[0].isalnum() else "", r"(?!\w)" if words[-1].isalnum() else "")
    found = [
        match.span() for match in re.finditer(edges[0] + re.escape(words) + edges[1], report.text)
    ]
    if not found:
        raise ValueError(f"not in the text: {words!r}")
    if number:
        return span(report, *found[int(number) - 1])
    low, high = int(str(near["start"])), int(str(near["end"]))
    inside = [pair for pair in found if low <= pair[0] and pair[1] <= high]
    before = [pair for pair in found if pair[1] <= low]
    return span(report, *(inside[:1] or before[-1:] or found[:1])[0])


def split(line: str) -> list[str]:
    """Return the parts between semicolons."""
    return [part.strip() for part in line.split(";") if part.strip()]


def moment(report: Report, line: str, said: Json) -> Json:
    """Read ``START[/END] [PART] [month|year] [| WORDS]``: with words it is explicit."""
    told, _, words = (part.strip() for part in line.partition("|"))
    times, *more = told.split()
    begin, _, end = times.partition("/")
    end = end or begin
    grains = [word for word in more if word in {"month", "year"}]
    parts = [word for word in more if word not in grains]
    datetime.fromisoformat(begin), datetime.fromisoformat(end)
    made: Json = {"start": begin, "end": end}
    made["grain"] = (grains or ["minute" if "T" in begin else "day" if begin == end else "range"])[
        0
    ]
    made["basis"] = "explicit" if words else "context"
    if parts:
        made["part"] = one_of(parts[0], PARTS)
    if words:
        made["span"] = find(report, words, said)
    return made


def placed(report: Report, line: str, said: Json) -> Json:
    """Read ``KEY``, ``KEY<words of the text>`` or ``KEY<>`` for a place that is only meant."""
    key, bracket, words = line.rstrip(">").partition("<")
    known = report.places[key]
    words = words if bracket else str(known["name"])
    return known | {"span": find(report, words, said) if words else None}


def speaks(report: Report, line: str, said: Json) -> Json:
    """Read ``KEY | WORDS [| VIA]``."""
    key, words, via = [*(part.strip() for part in line.split("|")), "", ""][:3]
    made = report.speakers[key] | {"span": find(report, words, said)}
    return made | ({"via": via} if via else {})


def figure(report: Report, line: str | None, said: Json) -> Json | None:
    """Read ``WORDS = QUALIFIER [VALUE] [| WHAT]``."""
    if not line:
        return None
    words, _, rest = (part.strip() for part in line.rpartition("="))
    told, _, what = (part.strip() for part in rest.partition("|"))
    qualifier, *number = told.split()
    value = int(number[0]) if number else 0 if qualifier == "none" else None
    low, high = limits(qualifier, value)
    made: Json = {
        "span": find(report, words, said),
        "value": value, "qualifier": qualifier, "low": low, "high": high,
    }  # fmt: skip
    return made | ({"what": what} if what else {})


def limits(qualifier: str, value: int | None) -> tuple[int | None, int | None]:
    """Return the lowest and highest number that the words allow."""
    if qualifier in ROUNDS:
        return ROUNDS[qualifier]
    if qualifier == "some":
        return 1, None
    if value is None:
        raise ValueError(f"{qualifier} needs a number")
    return {
        "exact": (value, value), "about": (value, value), "none": (0, 0), "at_least": (value, None),
        "more_than": (value + 1, None), "nearly": (None, value), "up_to": (None, value),
    }[qualifier]  # fmt: skip


def thing(report: Report, line: str, said: Json) -> Json:
    """Read ``TYPE STATUS [| WORDS]``."""
    told, _, words = (part.strip() for part in line.partition("|"))
    kind, status = told.split()
    return {
        "type": one_of(kind, TYPES),
        "status": one_of(status, STATUSES),
        "span": find(report, words, said) if words else None,
    }


def one_of(word: str, known: set[str]) -> str:
    """Return the word if the guide knows it."""
    if word not in known:
        raise ValueError(f"not in the guide: {word!r}")
    return word


def write(path: Path, rows: list[Json]) -> None:
    """Write JSON Lines."""
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")


def show(rows: list[Json]) -> None:
    """Print claims in short, with the words of their spans."""
    for row in rows:
        number, said = str(row["id"]).rpartition("#")[2], brief(row["quote"])
        print(f"\n{number} {row['kind']}, {row['hedge']}: {said}")
        rest = {key: brief(row[key]) for key in FIELDS if row[key] not in (None, [])}
        print("  ", "  ".join(f"{key}={value}" for key, value in rest.items()), "  #", row["event"])


def brief(value: object) -> str:
    """Return what a person needs to judge a value: its words, and what they were read as."""
    if isinstance(value, list):
        return "; ".join(brief(one) for one in value)
    if not isinstance(value, dict):
        return str(value)
    if {"start", "end", "text"} <= value.keys():
        return f"<{value['text']}>"
    left_out = {"geonames", "region", "country", "low", "high", "grain", "basis"}
    kept = [brief(one) for key, one in value.items() if one is not None and key not in left_out]
    return " ".join(kept)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
