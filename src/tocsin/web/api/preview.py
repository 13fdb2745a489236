"""What an alert would do, before it is given: whom it reaches, what it says, who must agree.

Nothing is recorded. What would be refused stands in ``refusals``, whole; a token is given
only where nothing would be.

Source: RELIABILITY P18, P19; DESIGN section 3, rule 8.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from tocsin.core import commands as co
from tocsin.core import events as ev
from tocsin.core.area import Leaves
from tocsin.core.hazard import Phrase
from tocsin.core.people import people_in
from tocsin.core.refusals import Refusal
from tocsin.core.world import World
from tocsin.formats import api as shapes
from tocsin.web.api import asks
from tocsin.web.api.speaker import about
from tocsin.web.api.token import token_of
from tocsin.web.api.writing import given_words, issue_command
from tocsin.web.endpoint import Answer, Ask


class PeopleBody(Struct, frozen=True, kw_only=True):
    """How many people live there; ``count`` null where nobody published a figure."""

    count: int | None
    about: Annotated[bool, Meta(description="An estimate, or the figures of an earlier year.")]


class SecondPersonBody(Struct, frozen=True, kw_only=True):
    """Whether policy asks for a second person; enforced where there are accounts."""

    needed: bool
    why: list[str]


class PreviewBody(Struct, frozen=True, kw_only=True):
    """What an alert would do."""

    token: Annotated[str | None, Meta(description="Issue exactly this with it; null if refused.")]
    area: shapes.AreaBody | None
    regions: Annotated[list[str], Meta(description="The fewest regions that hold all of it.")]
    leaf_regions: int
    people: PeopleBody
    sounds_in: list[str]
    text: Annotated[
        dict[str, dict[str, shapes.WordsBody]],
        Meta(description="Alert, all-clear and retraction, each by language."),
    ]
    channels: list[str]
    second_person: SecondPersonBody
    refusals: list[shapes.ProblemBody]


CHANNELS = ("stream", "page", "api")
"""The ways out that this house has."""


async def preview(ask: Ask) -> Answer | Refusal:
    """Work out what an alert would do."""
    body: asks.IssueAsk = ask.body
    service = ask.house.service
    world = service.world
    command = await issue_command(ask, body)
    if isinstance(command, Refusal):
        return Answer(_nothing(command))
    tried = service.try_out(command, given=given_words(body.text))
    refusals: list[shapes.ProblemBody] = []
    sounds_in: list[str] = []
    texts: co.Texts = {}
    if isinstance(tried, Refusal):
        refusals.append(shapes.problem_body(about(tried)))
    else:
        worded, events = tried
        if isinstance(worded, co.IssueAlert):
            texts = worded.words
        for event in events:
            if isinstance(event, ev.AlertIssued):
                sounds_in = list(event.sounds_in)
    leaves = world.tree.extent(command.area).touched
    people = PeopleBody(count=people_in(world.tree, command.area), about=True)
    return Answer(
        PreviewBody(
            token=None if refusals else token_of(ask.house.preview_key, body, command),
            area=shapes.area_body(command.area),
            regions=list(world.tree.fewest(leaves)),
            leaf_regions=leaves.bit_count(),
            people=people,
            sounds_in=sounds_in,
            text=_said(texts),
            channels=list(CHANNELS),
            second_person=second_person(world, command.hazard, leaves, people.count),
            refusals=refusals,
        )
    )


def second_person(
    world: World, hazard: str, leaves: Leaves, people: int | None
) -> SecondPersonBody:
    """Return whether policy asks for a second person, and why. Source: RELIABILITY P18."""
    policy = world.second_person
    why: list[str] = []
    if hazard not in policy.single_person:
        if hazard in policy.hazards:
            why.append("hazard")
        if people is not None and people > policy.people_above:
            why.append("people")
        tree = world.tree
        tops = sum(1 for code in tree.children(tree.root) if tree.leaves[tree.index[code]] & leaves)
        if tops > policy.top_regions_above:
            why.append("regions")
    return SecondPersonBody(needed=bool(why), why=why)


def _said(texts: co.Texts) -> dict[str, dict[str, shapes.WordsBody]]:
    return {phrase.value: shapes.text_body(texts.get(phrase, {})) for phrase in Phrase}


def _nothing(refusal: Refusal) -> PreviewBody:
    return PreviewBody(
        token=None,
        area=None,
        regions=[],
        leaf_regions=0,
        people=PeopleBody(count=None, about=True),
        sounds_in=[],
        text={},
        channels=list(CHANNELS),
        second_person=SecondPersonBody(needed=False, why=[]),
        refusals=[shapes.problem_body(about(refusal))],
    )
