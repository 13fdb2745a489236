"""What an alert would do, before it is given: whom it reaches, what it says, who must agree.

Nothing is recorded. It is decided as the real one would be, with the same right: what would be
refused stands in ``refusals``, whole, and what would become a proposal says so. A token is
given only where nothing would be refused.

Source: RELIABILITY P18, P19; DESIGN section 3, rule 8.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from tocsin.core import commands as co
from tocsin.core import events as ev
from tocsin.core.alert import Severity, Status
from tocsin.core.authority import EVERY, Role, Scope, Warrant
from tocsin.core.evacuation import missing
from tocsin.core.hazard import Phrase
from tocsin.core.overlap import sounding
from tocsin.core.people import people_in
from tocsin.core.proposal import needs_second
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.world import World
from tocsin.formats import api as shapes
from tocsin.web.api import asks
from tocsin.web.api.speaker import about
from tocsin.web.api.staff import desk_hub_of
from tocsin.web.api.token import token_of
from tocsin.web.api.writing import given_words, issue_command
from tocsin.web.endpoint import Answer, Ask


class PeopleBody(Struct, frozen=True, kw_only=True):
    """How many people live there; ``count`` null where nobody published a figure."""

    count: int | None
    about: Annotated[bool, Meta(description="An estimate, or the figures of an earlier year.")]


class SecondPersonBody(Struct, frozen=True, kw_only=True):
    """Whether this would wait for a second person, as judged for whoever asks."""

    needed: Annotated[bool, Meta(description="It becomes a proposal: nothing sounds yet.")]
    why: Annotated[
        list[str],
        Meta(description="What policy wants two people for, also where this asker needs none."),
    ]


class PreviewBody(Struct, frozen=True, kw_only=True):
    """What an alert would do."""

    token: Annotated[str | None, Meta(description="Issue exactly this with it; null if refused.")]
    area: shapes.AreaBody | None
    regions: Annotated[list[str], Meta(description="The fewest regions that hold all of it.")]
    leaf_regions: int
    people: PeopleBody
    sounds_in: list[str]
    already_under: Annotated[
        list[str], Meta(description="Leaf regions under such an alert: no second siren there.")
    ]
    already_regions: Annotated[list[str], Meta(description="The same as the fewest regions.")]
    larger_than_usual: Annotated[
        bool, Meta(description="Far larger than this danger's alerts of late: look again.")
    ]
    text: Annotated[
        dict[str, dict[str, shapes.WordsBody]],
        Meta(description="Alert, all-clear and retraction, each by language."),
    ]
    channels: list[str]
    second_person: SecondPersonBody
    refusals: list[shapes.ProblemBody]


CHANNELS = ("stream", "page", "api")
"""The ways out that this house has."""
AUDIBLE = (Status.ACTUAL, Status.EXERCISE)
HOUSE = Warrant(
    account="",
    credential="",
    name="",
    scope=Scope(role=Role.OPERATOR, hazards=(EVERY,)),
)
"""By whom policy is asked where the house itself asks: nothing is unusual for it."""


async def preview(ask: Ask) -> Answer | Refusal:
    """Work out what an alert would do."""
    body: asks.IssueAsk = ask.body
    service = ask.house.service
    world = service.world
    command = await issue_command(ask, body)
    if isinstance(command, Refusal):
        return Answer(_nothing(command))
    tried = service.try_out(command, given=given_words(body.text), warrant=ask.identity.warrant)
    refusals: list[shapes.ProblemBody] = []
    texts: co.Texts = {}
    proposed = False
    if isinstance(tried, Refusal):
        refusals.extend(shapes.problem_body(about(each)) for each in _all_of(world, command, tried))
    else:
        worded, events = tried
        if isinstance(worded, co.IssueAlert):
            texts = worded.words
        proposed = bool(events) and isinstance(events[0], ev.ProposalMade)
    leaves = world.tree.extent(command.area).touched
    sounds = sounding(
        world, service.state, command.area,
        realm=command.realm, hazard=command.hazard, level=command.level,
    )  # fmt: skip
    under = leaves & ~sounds
    step = world.hazards[command.hazard].level(command.level)
    silent = refusals or (step is not None and not step.siren) or command.status not in AUDIBLE
    return Answer(
        PreviewBody(
            token=None if refusals else token_of(ask.house.preview_key, body, command),
            area=shapes.area_body(command.area),
            regions=list(world.tree.fewest(leaves)),
            leaf_regions=leaves.bit_count(),
            people=PeopleBody(count=people_in(world.tree, command.area), about=True),
            sounds_in=[] if silent else list(world.tree.leaf_names(sounds)),
            already_under=list(world.tree.leaf_names(under)),
            already_regions=list(world.tree.fewest(under)),
            larger_than_usual=_is_large(ask, command, leaves.bit_count()),
            text=_said(texts),
            channels=list(command.channels or CHANNELS),
            second_person=SecondPersonBody(
                needed=proposed, why=_why(world, ask.identity.warrant, command)
            ),
            refusals=refusals,
        )
    )


def _all_of(world: World, command: co.IssueAlert, refused: Refusal) -> list[Refusal]:
    """Return a refusal, and with it whatever else a plan of an evacuation does not say yet."""
    if refused.rule is not Rule.EVACUATION_INCOMPLETE:
        return [refused]
    return list(missing(world.languages, command.evacuation)) or [refused]


def _why(world: World, warrant: Warrant | None, command: co.IssueAlert) -> list[str]:
    """Return what a second person is wanted for: by policy, and by the author."""
    hazard = world.hazards[command.hazard]
    step = hazard.level(command.level)
    severity: Severity = command.severity or (step and step.severity) or hazard.severity
    why = needs_second(
        world, warrant or HOUSE, hazard=hazard.id, area=command.area, severity=severity,
        status=command.status,
    )  # fmt: skip
    return [*why, "asked"] if command.ask_second else list(why)


def _is_large(ask: Ask, command: co.IssueAlert, leaves: int) -> bool:
    hub = desk_hub_of(ask.house)
    return hub is not None and hub.desk.is_large(command.hazard, leaves)


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
        already_under=[],
        already_regions=[],
        larger_than_usual=False,
        text={},
        channels=list(CHANNELS),
        second_person=SecondPersonBody(needed=False, why=[]),
        refusals=[shapes.problem_body(about(refusal))],
    )
