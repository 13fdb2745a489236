"""``hazards.toml``: what may happen in a country, and what is said when it does."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.core.alert import Category, Certainty, Severity, Urgency
from tocsin.core.hazard import Hazard, Level, Phrase, Words
from tocsin.formats.profile.lint import Lint
from tocsin.formats.profile.problems import decode_tables, problem

FILE = "hazards.toml"
LONGEST_HOURS = 72
"""No alert lasts longer without being renewed by a named person (DESIGN section 7)."""

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
Names = dict[str, str]
Hours = Annotated[float, Meta(gt=0, le=LONGEST_HOURS)]


class WordsTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What people read at one moment, in one language."""

    headline: str
    description: str
    instruction: str


class LevelTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A step of a hazard, lowest first."""

    id: str
    names: Names
    siren: bool = True
    severity: Severity | None = None
    urgency: Urgency | None = None
    words: dict[str, WordsTable] = {}


class HazardTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One hazard; its id is the table's name."""

    category: Category
    event_code: str
    names: Names
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    default_h: Hours
    longest_h: Hours
    extends_by_min: Annotated[float, Meta(gt=0, le=60)] | None = None
    levels: list[LevelTable] = []
    tone: str | None = None
    all_clear_tone: str | None = None
    colour: str = ""
    pattern: str = ""
    icon: str = ""
    needs_instruction: bool = False
    needs_plan: bool = False
    issuers: list[str] = []
    alert: dict[str, WordsTable]
    all_clear: dict[str, WordsTable]
    retraction: dict[str, WordsTable]


def read_hazards(
    data: bytes, lint: Lint, tones: Collection[str], *, file: str = FILE
) -> dict[str, Hazard]:
    """Return the hazards of a file by id, in its order.

    Args:
        data: the file's bytes.
        lint: what every text must keep to.
        tones: names of the tones that the profile defines; there is no tone without a profile.
        file: how to call the file when it has a slip.

    Raises:
        ProfileProblem: a key is unknown or missing, a tone is not defined, a text breaks a rule.
    """
    tables = decode_tables(file, data, HazardTable)
    if not tables:
        raise problem(file, "", "missing-hazard", "A profile has at least one hazard.")
    return {name: _hazard(file, name, table, lint, tones) for name, table in tables.items()}


def _hazard(file: str, name: str, table: HazardTable, lint: Lint, tones: Collection[str]) -> Hazard:
    at = f"/{name}"
    if not _ID.fullmatch(name):
        raise problem(file, at, "bad-id", "A hazard's id is kebab-case: small letters and hyphens.")
    if table.default_h > table.longest_h:
        raise problem(file, f"{at}/default_h", "bad-value", "The default is longer than longest_h.")
    for key in ("tone", "all_clear_tone"):
        tone = getattr(table, key)
        if tone is not None and tone not in tones:
            raise problem(
                file,
                f"{at}/{key}",
                "unknown-tone",
                f"{tone!r} is not in tones.toml; there is no tone without a profile.",
            )
    lint.names(file, f"{at}/names", table.names)
    phrases = {
        Phrase.ALERT: table.alert,
        Phrase.ALL_CLEAR: table.all_clear,
        Phrase.RETRACTION: table.retraction,
    }
    words = {}
    for phrase, tables in phrases.items():
        here = f"{at}/{phrase.name.lower()}"
        written_each_time = table.needs_instruction and phrase is Phrase.ALERT
        words[phrase] = _words(file, here, tables, lint, instruction=not written_each_time)
    return Hazard(
        id=name,
        category=table.category,
        event_code=table.event_code,
        names=table.names,
        urgency=table.urgency,
        severity=table.severity,
        certainty=table.certainty,
        words=words,
        default=timedelta(hours=table.default_h),
        longest=timedelta(hours=table.longest_h),
        levels=tuple(_levels(file, at, table, lint)),
        extends_by=None
        if table.extends_by_min is None
        else timedelta(minutes=table.extends_by_min),
        tone=table.tone,
        all_clear_tone=table.all_clear_tone,
        colour=table.colour,
        pattern=table.pattern,
        icon=table.icon,
        needs_instruction=table.needs_instruction,
        needs_plan=table.needs_plan,
        issuers=tuple(table.issuers),
    )


def _levels(file: str, at: str, table: HazardTable, lint: Lint) -> list[Level]:
    found: list[Level] = []
    for number, step in enumerate(table.levels):
        here = f"{at}/levels/{number}"
        if not _ID.fullmatch(step.id) or any(step.id == other.id for other in found):
            raise problem(
                file, f"{here}/id", "bad-id", "A level's id is kebab-case and stands once."
            )
        lint.names(file, f"{here}/names", step.names)
        words: Mapping[str, Words] = {}
        if step.words:
            words = _words(
                file, f"{here}/words", step.words, lint, instruction=not table.needs_instruction
            )
        found.append(Level(step.id, step.names, step.siren, step.severity, step.urgency, words))
    return found


def _words(
    file: str, at: str, tables: Mapping[str, WordsTable], lint: Lint, *, instruction: bool
) -> dict[str, Words]:
    words = {
        language: Words(table.headline, table.description, table.instruction)
        for language, table in tables.items()
    }
    lint.words(file, at, words, instruction=instruction)
    return words
