"""``profile.toml`` and the whole folder: bytes in, a ``Profile`` with its ``World`` out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.core.area import RegionTree
from tocsin.core.world import Reminders, SecondPerson, World
from tocsin.errors import ProfileProblem
from tocsin.formats.profile import channels, hazards, policies, regions, sources, tones
from tocsin.formats.profile.lint import Lint
from tocsin.formats.profile.problems import decode_tables, decode_toml, problem

FILE = "profile.toml"
SHORT_FILE = "short.toml"

Read = Callable[[str], bytes]
"""Return a file of the folder by its name; raise FileNotFoundError or KeyError where it is not."""


class LevelName(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A level of the tree and its names."""

    id: str
    names: dict[str, str]


class Authority(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The sender in whose name the house warns until there are accounts."""

    id: str
    names: dict[str, str]


class Attribution(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line that a licence asks to be shown; ``of`` says where: map, regions, names, alerts ..."""

    of: str
    text: str


class ProfileFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``profile.toml`` as written."""

    id: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]*$")]
    names: dict[str, str]
    languages: Annotated[list[str], Meta(min_length=1)]
    time_zone: str
    root: str
    map_level: Annotated[int, Meta(ge=1)] = 1
    local_level: Annotated[int, Meta(ge=1)] = 2
    levels: Annotated[list[LevelName], Meta(min_length=1)]
    authority: Authority
    drill: dict[str, str]
    never: dict[str, list[str]]
    not_an_all_clear: dict[str, list[str]] = {}
    attributions: list[Attribution] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A country: its ``world`` for the rules, and what pages, sirens and the importer need.

    ``map_level`` is the depth of the regions on the live map, ``local_level`` that on a region's
    own map. ``attributions`` must be shown where they say.
    """

    world: World
    levels: Mapping[str, LevelName]
    map_level: int
    local_level: int
    attributions: tuple[Attribution, ...]
    tones: Mapping[str, tones.Tone]
    sources: Mapping[str, sources.Source]
    policies: policies.Policies

    def attribution(self, of: str) -> str:
        """Return the line to show with ``of``; empty where none is owed."""
        return "; ".join(line.text for line in self.attributions if line.of == of)


def load_profile(read: Read) -> Profile:
    """Read a country's folder, all but borders and maps. About 40 ms for 1,600 regions.

    Args:
        read: returns the bytes of a file of the folder by its name.

    Raises:
        ProfileProblem: a file is missing or has a slip; the message names file, key and rule.
    """
    head = decode_toml(FILE, _needed(read, FILE), ProfileFile)
    lint = _lint(head)
    tree = _tree(head, _needed(read, regions.FILE))
    all_tones = tones.read_tones(_needed(read, tones.FILE), lint)
    for name, tone in all_tones.items():
        for number, code in enumerate(tone.regions):
            if code not in tree:
                raise problem(
                    tones.FILE,
                    f"/{name}/regions/{number}",
                    "unknown-region",
                    f"{code} is not in regions.json.",
                )
    all_hazards = hazards.read_hazards(_needed(read, hazards.FILE), lint, all_tones)
    rules = policies.read_policies(_maybe(read, policies.FILE), all_hazards)
    known = sources.read_sources(_maybe(read, sources.FILE), tree, lint)
    if head.authority.id in known:
        raise problem(FILE, "/authority/id", "taken", "A source of the history has this id.")
    second = rules.second_person
    world = World(
        id=head.id,
        tree=tree,
        hazards=all_hazards,
        languages=tuple(head.languages),
        names=head.names,
        time_zone=head.time_zone,
        drill_words=head.drill,
        short=_short(_maybe(read, SHORT_FILE), tree, head.languages),
        senders={
            head.authority.id: head.authority.names,
            **{source.id: source.names for source in known.values()},
        },
        authority=head.authority.id,
        superiors={source.id: source.above for source in known.values() if source.above},
        spill_share=rules.area.spill_share,
        second_person=SecondPerson(
            people_above=second.people_above,
            top_regions_above=second.top_regions_above,
            hazards=frozenset(second.hazards),
            single_person=frozenset(second.single_person),
            approvers=frozenset(second.approvers),
            page_after=timedelta(seconds=second.page_after_s),
            lasts=timedelta(minutes=second.lasts_min),
            override=second.override,
        ),
        reminders=Reminders(
            first=timedelta(minutes=rules.reminders.first_min), shares=rules.reminders.shares
        ),
        alerts_per_minute=rules.rates.alerts_per_minute,
        publication=policies.publication(rules.publication),
        channels=channels.read_channels(_maybe(read, channels.FILE), tree, lint),
        never_said=tuple(word for words in head.never.values() for word in words),
        like_all_clear=tuple(word for words in head.not_an_all_clear.values() for word in words),
        least_to_leave=timedelta(minutes=rules.evacuation.least_min),
        feeds=policies.feeds(rules.threats, rules.doses),
    )
    return Profile(
        world=world,
        levels={level.id: level for level in head.levels},
        map_level=head.map_level,
        local_level=head.local_level,
        attributions=tuple(head.attributions),
        tones=all_tones,
        sources=known,
        policies=rules,
    )


def _lint(head: ProfileFile) -> Lint:
    for language in head.languages:
        if not head.never.get(language):
            raise problem(
                FILE,
                f"/never/{language}",
                "missing-language",
                "Say in every language which words no alert may hold.",
            )
    lint = Lint(head.languages, head.never)
    lint.names(FILE, "/names", head.names)
    lint.names(FILE, "/drill", head.drill)
    lint.names(FILE, "/authority/names", head.authority.names)
    for number, level in enumerate(head.levels):
        lint.names(FILE, f"/levels/{number}/names", level.names)
    return lint


def _tree(head: ProfileFile, data: bytes) -> RegionTree:
    tree = regions.read_tree(data, (level.id for level in head.levels))
    if tree.root != head.root:
        raise problem(
            FILE,
            "/root",
            "unknown-region",
            f"The root of {regions.FILE} is {tree.root}, not {head.root}.",
        )
    return tree


def _short(data: bytes, tree: RegionTree, languages: list[str]) -> Mapping[str, Mapping[str, str]]:
    found = decode_tables(SHORT_FILE, data, dict[str, str])
    for code, names in found.items():
        if code not in tree:
            raise problem(
                SHORT_FILE, f"/{code}", "unknown-region", f"{code} is not in {regions.FILE}."
            )
        for language in names:
            if language not in languages:
                raise problem(
                    SHORT_FILE,
                    f"/{code}/{language}",
                    "unknown-language",
                    "The profile does not speak it.",
                )
    return found


def _needed(read: Read, name: str) -> bytes:
    try:
        return read(name)
    except (FileNotFoundError, KeyError) as slip:
        raise ProfileProblem(f"{name}: /: missing-file: a profile needs it.") from slip


def _maybe(read: Read, name: str) -> bytes:
    try:
        return read(name)
    except (FileNotFoundError, KeyError):
        return b""
