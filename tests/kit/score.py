"""Our own scorer of drafted claims against annotated ones: what of a report the reader found.

The rules are those of the shared guide, so that its ``score.py`` and this one count alike (a
test holds them together): claims of one kind whose quotes overlap by half of the shorter one are
paired, the likeliest first; a field of a claim that was not found is missed, a field of a claim
that nobody annotated is a false alarm.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

from kit.alike import Json, is_outlet, overlap, same_number, same_place, same_speaker

FIGURES = {"killed": "numbers", "injured": "numbers", "affected": "affected"}
MARKED = ("claimed", "denied", "likely", "possible", "planned")
ENOUGH = 0.5
SHORT_EVENT = 3
"""Event ids up to this length (``e1``) are a report's own; longer ones may be shared."""


@dataclass(slots=True)
class Row:
    """One line of the table: found, found though not there, not found."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """The share of what was found that is right; 0 where nothing was found."""
        found = self.right + self.wrong
        return self.right / found if found else 0.0

    @property
    def recall(self) -> float:
        """The share of what is there that was found; 0 where nothing is there."""
        there = self.right + self.missed
        return self.right / there if there else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(slots=True)
class Table:
    """The result: a row for each field, and what no draft may ever do."""

    rows: defaultdict[str, Row] = field(default_factory=lambda: defaultdict(Row))
    broken: list[str] = field(default_factory=list)
    """Ids of drafts whose quote is not the exact text at its offsets."""
    leaks: list[str] = field(default_factory=list)
    """Ids of drafts from boilerplate."""
    misses: list[str] = field(default_factory=list)
    """``-`` a claim that was not found, ``+`` a draft that nobody annotated."""

    def add(self, name: str, *, right: int = 0, wrong: int = 0, missed: int = 0) -> None:
        """Count into one row."""
        row = self.rows[name]
        row.right += right
        row.wrong += wrong
        row.missed += missed

    def judge(self, name: str, is_right: bool) -> None:  # noqa: FBT001 - reads as a verdict
        """Count a field that both sides have: right, or wrong and missed at once."""
        self.add(name, right=is_right, wrong=not is_right, missed=not is_right)

    def __str__(self) -> str:
        """Return the table as people read it."""
        lines = [f"{'field':30}{'P':>7}{'R':>7}{'F1':>7}   right/wrong/missed"]
        for name, row in self.rows.items():
            figures = f"{row.precision:7.3f}{row.recall:7.3f}{row.f1:7.3f}"
            lines.append(f"{name:30}{figures}   {row.right}/{row.wrong}/{row.missed}")
        lines.append(f"broken quotes: {len(self.broken)}   from boilerplate: {len(self.leaks)}")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Reports:
    """A folder of reports: their rows, their texts, and what people found in them."""

    docs: Mapping[str, Json]
    texts: Mapping[str, str]
    gold: tuple[Json, ...]

    @classmethod
    def read(cls, folder: Path, prefix: str = "") -> Reports:
        """Read ``docs.jsonl``, ``claims.jsonl`` and the texts; a prefix stands before the names."""
        docs = {row["doc"]: row for row in lines(folder / f"{prefix}docs.jsonl")}
        texts = {name: (folder / row["file"]).read_bytes().decode() for name, row in docs.items()}
        return cls(docs, texts, tuple(lines(folder / f"{prefix}claims.jsonl")))


def lines(path: Path) -> Iterator[Json]:
    """Return the rows of a JSON Lines file."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


def score(reports: Reports, drafts: Iterable[Json], *, with_statements: bool = False) -> Table:
    """Return how the drafts fare against the annotated claims."""
    table = Table()
    drafted = _sound(reports, drafts, table, with_statements=with_statements)
    gold: defaultdict[str, list[Json]] = defaultdict(list)
    for claim in reports.gold:
        if with_statements or claim["kind"] != "statement":
            gold[claim["doc"]].append(claim)
    pairs: list[tuple[Json, Json]] = []
    for doc in reports.docs:
        pairs += _report(gold[doc], drafted[doc], table)
    _links(pairs, table)
    return table


def _sound(
    reports: Reports, drafts: Iterable[Json], table: Table, *, with_statements: bool
) -> Mapping[str, list[Json]]:
    """Return the drafts by report whose quotes are exact; note the others, and the leaks."""
    sound: defaultdict[str, list[Json]] = defaultdict(list)
    for draft in drafts:
        doc, quote = draft["doc"], draft["quote"]
        if doc not in reports.texts:
            continue
        start, end = quote["start"], quote["end"]
        inside = 0 <= start < end <= len(reports.texts[doc])
        if not inside or reports.texts[doc][start:end] != quote["text"]:
            table.broken.append(draft["id"])
            continue
        if any(overlap(quote, run) > ENOUGH for run in reports.docs[doc]["boilerplate"]):
            table.leaks.append(draft["id"])
        if with_statements or draft["kind"] != "statement":
            sound[doc].append(draft)
    return sound


def _report(gold: Sequence[Json], drafts: Sequence[Json], table: Table) -> list[tuple[Json, Json]]:
    """Count one report and return the pairs."""
    paired = match(gold, drafts)
    for number, claim in enumerate(gold):
        found = drafts[paired[number]] if number in paired else None
        for name in ("claims", f"kind {claim['kind']}"):
            table.add(name, right=found is not None, missed=found is None)
        if found is None:
            table.misses.append(f"- {_told(claim)}")
        _fields(claim, found, table)
    for number in sorted(set(range(len(drafts))) - set(paired.values())):
        draft = drafts[number]
        for name in ("claims", f"kind {draft['kind']}"):
            table.add(name, wrong=1)
        table.misses.append(f"+ {_told(draft)}")
        _fields(None, draft, table)
    return [(gold[left], drafts[right]) for left, right in paired.items()]


def match(gold: Sequence[Json], drafts: Sequence[Json]) -> dict[int, int]:
    """Pair claims with drafts, each at most once, those that agree most first."""
    candidates = []
    for left, claim in enumerate(gold):
        for right, draft in enumerate(drafts):
            shared = overlap(claim["quote"], draft["quote"])
            if claim["kind"] == draft["kind"] and shared >= ENOUGH:
                candidates.append((-_likeness(claim, draft, shared), left, right))
    paired: dict[int, int] = {}
    taken: set[int] = set()
    for _, left, right in sorted(candidates):
        if left not in paired and right not in taken:
            paired[left] = right
            taken.add(right)
    return paired


def _likeness(claim: Json, draft: Json, shared: float) -> float:
    alike = shared + sum(
        0.5
        for name in FIGURES
        if claim.get(name) and draft.get(name) and same_number(claim[name], draft[name])
    )
    alike += 0.2 * any(same_place(one, other) for one in _places(claim) for other in _places(draft))
    return alike + 0.2 * same_speaker(claim.get("speaker"), draft.get("speaker"))


def _fields(claim: Json | None, draft: Json | None, table: Table) -> None:
    """Count the fields of a pair, of a claim not found, or of a draft that nobody annotated."""
    _figures(claim or {}, draft or {}, table)
    _speaker(claim, draft, table)
    _where(_places(claim or {}), _places(draft or {}), table)
    _when((claim or {}).get("time"), (draft or {}).get("time"), table)
    there, found = _types(claim or {}), _types(draft or {})
    table.add(
        "infrastructure",
        right=len(there & found),
        wrong=len(found - there),
        missed=len(there - found),
    )
    if claim and draft:
        _hedge(claim.get("hedge") or "asserted", draft.get("hedge") or "asserted", table)


def _figures(claim: Json, draft: Json, table: Table) -> None:
    for name, row in FIGURES.items():
        there, found = claim.get(name), draft.get(name)
        if there and found and same_number(there, found):
            table.add(row, right=1)
            table.judge("qualifier", there.get("qualifier") == found.get("qualifier"))
            continue
        for counted in (row, "qualifier"):
            table.add(counted, missed=bool(there), wrong=bool(found))


def _speaker(claim: Json | None, draft: Json | None, table: Table) -> None:
    there, found = (claim or {}).get("speaker"), (draft or {}).get("speaker")
    agree = bool(claim and draft and same_speaker(there, found))
    is_named = claim is not None and not is_outlet(there)
    if is_named:
        table.add("speaker", right=agree, missed=not agree)
    if draft is not None and not is_outlet(found) and not (agree and is_named):
        table.add("speaker", wrong=1)
    if claim and draft:
        table.judge("speaker+outlet (matched)", agree)


def _where(there: Sequence[Json], found: Sequence[Json], table: Table) -> None:
    left = list(found)
    for place in there:
        hit = next((other for other in left if same_place(place, other)), None)
        if hit is not None:
            left.remove(hit)
        table.add("place", right=hit is not None, missed=hit is None)
    table.add("place", wrong=sum(not _encloses(place, there) for place in left))


def _encloses(place: Json, there: Sequence[Json]) -> bool:
    """Say whether it is only a coarser answer: a region or country of an annotated place."""
    return place.get("level") in {"country", "region"} and any(
        place.get("country") and place.get("country") == other.get("country") for other in there
    )


def _when(there: Json | None, found: Json | None, table: Table) -> None:
    agree = bool(there and found) and _days(there) == _days(found)
    if there:
        table.add("date", right=agree, missed=not agree)
    if found and not agree:
        table.add("date", wrong=1)
    if there and there.get("grain") == "minute":
        to_the_minute = found is not None and (found.get("start") or "")[:16] == there["start"][:16]
        table.add("clock time", right=to_the_minute, missed=not to_the_minute)


def _hedge(there: str, found: str, table: Table) -> None:
    table.judge("hedge (matched)", there == found)
    for name in MARKED:
        if name in {there, found}:
            is_right = there == found
            table.add(
                "hedge: marked ones",
                right=is_right,
                wrong=found == name and not is_right,
                missed=there == name and not is_right,
            )


def _links(pairs: Sequence[tuple[Json, Json]], table: Table) -> None:
    """Count pairs of claims that tell of one event, across reports where events are shared."""
    told = {(claim["doc"], claim.get("event")) for claim, _ in pairs}
    named = [event for _, event in told if event and len(event) > SHORT_EVENT]
    across = len(named) > len(set(named))
    row = "event links (matched pairs)"
    table.add(row)
    for (claim, draft), (other, its_draft) in combinations(pairs, 2):
        if claim["doc"] != other["doc"] and not across:
            continue
        there = claim.get("event") is not None and claim.get("event") == other.get("event")
        found = draft.get("event") is not None and draft.get("event") == its_draft.get("event")
        table.add(row, right=there and found, wrong=found and not there, missed=there and not found)


def _days(moment: Json | None) -> tuple[str, str]:
    told = moment or {}
    start = told.get("start") or ""
    return start[:10], (told.get("end") or start)[:10]


def _places(claim: Json) -> list[Json]:
    return list(claim.get("place") or [])


def _types(claim: Json) -> set[str]:
    return {thing["type"] for thing in claim.get("infrastructure") or []}


def _told(claim: Json) -> str:
    return f"{claim['id']} {claim['kind']}: {claim['quote']['text'][:90]}"
