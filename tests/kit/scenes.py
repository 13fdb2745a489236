"""Who asks which line about which place, and what a sample of a request is.

What requests are about (an alert to end, a proposal to answer, an account to close) is made
here by the services, not over HTTP, so that the only thing which can be refused is the request
itself. ``SAMPLES`` is by the line's name; its twin in the drill room shares it.
"""

from __future__ import annotations

import enum
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from kit.officers import yes
from kit.staff import DRILL, FOREIGN, LIVE, OWN, SPARE, Crew, Member, scope_of
from tocsin.checks.identity import FIRST_TOKEN
from tocsin.core import commands as co
from tocsin.core.alert import Realm, Status
from tocsin.core.area import Area
from tocsin.core.authority import Role
from tocsin.core.proposal import Proposal
from tocsin.service.accounts import Linked
from tocsin.web.endpoint import Endpoint

STATUS = {LIVE: Status.ACTUAL, DRILL: Status.EXERCISE}
numbers = itertools.count()


class Place(enum.StrEnum):
    """Where the request means: one's own territory, another's, or an alert of the other room."""

    OWN = "own"
    FOREIGN = "foreign"
    OTHER_ROOM = "other-room"


@dataclass
class Scene:
    """Who is about to ask which line, and about which place."""

    crew: Crew
    member: Member
    line: Endpoint
    place: Place = Place.OWN

    @property
    def realm(self) -> Realm:
        """The room of the alert that is meant."""
        if self.place is Place.OTHER_ROOM:
            return LIVE if self.line.realm is DRILL else DRILL
        return self.line.realm

    @property
    def region(self) -> str:
        """The region that is meant."""
        if self.place is Place.OTHER_ROOM:
            return SPARE[self.realm]
        return FOREIGN if self.place is Place.FOREIGN else OWN

    def may_issue(self) -> bool:
        """Whether who asks may warn in this room at all."""
        return (
            self.member.realms != () and self.realm in self.member.realms
            and not self.member.is_over
            and (self.member.is_house or self.member.role in (Role.OPERATOR, Role.SUPERVISOR))
        )  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """A request as it will be sent."""

    path: str
    body: object = None


Make = Callable[[Scene], Awaitable[Sent]]


@dataclass(frozen=True)
class Sample:
    """How a line is asked, and what a good answer is; the rest says what it takes besides."""

    make: Make
    good: int = 200
    places: tuple[Place, ...] = (Place.OWN,)
    open_to: tuple[Place, ...] = ()
    """Further places that may be read, though nothing may be changed there."""
    person: bool = False
    """Only who has signed in, never a machine's key."""
    proved: bool = False
    """Only who has just proved himself by a second factor; the first token counts as one."""
    second: bool = False
    """Only who may be a second person: never a machine."""
    in_body: bool = False
    """A place where one may not warn is told in the answer, not refused."""
    at_once: bool = False
    """No preview stands before it: a machine needs the right to speak without one."""
    previewed: bool = False
    """Without the token of a preview nothing happens, and a foreign place's preview gives none."""
    always: tuple[int, str] | None = None
    """The answer that even a good one is: a sign-in with a wrong password."""
    house: tuple[int, str] | None = None
    """What the first token is answered, which is nobody with a proposal of his own."""


SAMPLES: dict[str, Sample] = {}
LAST = ("new-recovery-codes", "change-password", "sign-out")
"""Lines that end what their own asker has; they are asked after all others."""
ANYWHERE = (Place.OWN, Place.FOREIGN, Place.OTHER_ROOM)


def sample(name: str, **more: Any) -> Callable[[Make], Make]:
    """Register how the line of that name is asked."""

    def registered(make: Make) -> Make:
        assert name not in SAMPLES, name
        SAMPLES[name] = Sample(make, **more)
        return make

    return registered


def plain(name: str, query: str = "", body: object = None, **more: Any) -> None:
    """Register a line whose request is always the same."""

    @sample(name, **more)
    async def _(scene: Scene) -> Sent:
        path = scene.line.path.replace("{region}", OWN).replace("{geocode}", OWN)
        return Sent(path + query, body)


def sample_of(line: Endpoint) -> Sample | None:
    """Return how a line is asked; a line of the drill room as its twin."""
    if not line.is_api and f"{line.name} (page)" in SAMPLES:
        return SAMPLES[f"{line.name} (page)"]
    return SAMPLES.get(line.name) or SAMPLES.get(line.name.removesuffix("-drill"))


def in_order(lines: tuple[Endpoint, ...]) -> list[Endpoint]:
    """Return the lines drills first: over people under a real alert none is given."""
    return sorted(
        lines, key=lambda line: (line.name in LAST and 1 + LAST.index(line.name),
                                 line.realm is LIVE)
    )  # fmt: skip


# -- what requests are about ---------------------------------------------------------------------


async def an_alert(scene: Scene, region: str = "") -> str:
    """Issue an alert by the house and return its id."""
    service = scene.crew.node.service
    area = Area(regions=(region or scene.region,))
    known = [
        each.id for each in service.state.active.values()
        if each.area == area and each.realm is scene.realm and each.status is STATUS[scene.realm]
        and not each.reason and each.revision == 1
    ]  # fmt: skip
    if known:
        return known[0]
    authority = service.world.authority
    yes(
        await service.submit(
            co.IssueAlert(
                realm=scene.realm, status=STATUS[scene.realm], sender=authority,
                hazard="air-raid", area=area, by="house",
            )
        )
    )  # fmt: skip
    return await an_alert(scene, region)


async def a_proposal(scene: Scene, author: Member | None = None) -> Proposal:
    """Propose an alert; the author may warn everywhere, unless another is named."""
    service = scene.crew.node.service
    warrant = scene.crew.identity(author or scene.crew["author"]).warrant
    assert warrant is not None
    for each in service.state.proposals.values():
        if (
            each.is_waiting and each.account == warrant.account and not each.declined
            and each.realm is scene.realm and each.area.regions == (scene.region,)
            and each.credential == warrant.credential
        ):  # fmt: skip
            return each
    yes(
        await service.submit(
            co.IssueAlert(
                realm=scene.realm, status=STATUS[scene.realm], sender=warrant.scope.sender,
                hazard="air-raid", area=Area(regions=(scene.region,)), ask_second=True,
                by=warrant.account,
            ),
            warrant=warrant,
        )
    )  # fmt: skip
    return await a_proposal(scene, author)


async def a_victim(scene: Scene) -> Linked:
    """Open an account for something to be done to."""
    login = f"victim-{next(numbers)}"
    return yes(
        await scene.crew.node.officers.accounts.open(
            FIRST_TOKEN, login=login, name="Victim", scope=scope_of(Role.VIEWER)
        )
    )


def at(scene: Scene, **names: str) -> str:
    """Return the line's path with its parameters."""
    path = scene.line.path
    for name, value in names.items():
        path = path.replace(f"{{{name}}}", value)
    return path
