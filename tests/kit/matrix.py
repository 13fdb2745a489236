"""The authorisation matrix: every line x every credential x room x place, over a real house.

What is expected is worked out here from ``MAY``, the room and the place alone; what is seen is
the HTTP answer. Both ways count: who may is answered well, who may not is refused by the right
rule. Source: RELIABILITY T8, P18, P20, P21.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import kit.samples_desk
import kit.samples_infra_pages
import kit.samples_installations
import kit.samples_intake
import kit.samples_ledger
import kit.samples_notices
import kit.samples_outages
import kit.samples_public5
import kit.samples_situation
import kit.samples_waves
from kit.asgi import Seen
from kit.samples import in_order, sample_of
from kit.scenes import Place, Sample, Scene
from kit.staff import Crew, Member
from tocsin.bootstrap import ALL_PAGES
from tocsin.core.authority import MAY, Permission
from tocsin.web.api.table import API
from tocsin.web.endpoint import Endpoint
from tocsin.web.refusals import REFUSALS

assert kit.samples_ledger  # they register their samples
assert kit.samples_situation
assert kit.samples_desk
assert kit.samples_infra_pages
assert kit.samples_installations
assert kit.samples_intake
assert kit.samples_notices
assert kit.samples_outages
assert kit.samples_public5
assert kit.samples_waves
TABLE: tuple[Endpoint, ...] = (*API, REFUSALS, *ALL_PAGES)
"""Everything that a house serves, but for nothing."""
HOUSE_MAY = frozenset((Permission.VIEW, Permission.ISSUE, Permission.ADMINISTER))
"""What the first token is for: the same as a house that nobody has signed in to needs."""
ROOMED = (Permission.ISSUE, Permission.APPROVE)


@dataclass(frozen=True)
class Expected:
    """The status, and the rule where it is a refusal; a page says no in HTML, without one."""

    status: int
    rule: str = ""


def may(member: Member, permission: Permission) -> bool:
    """Say whether somebody's role has a permission."""
    if permission is Permission.PUBLIC:
        return True
    if member.is_house:
        return permission in HOUSE_MAY
    return member.role is not None and permission in MAY[member.role]


def expected(scene: Scene, sample: Sample) -> Expected:
    """Work out what must be answered: credential, permission, room, what it takes, place."""
    line, member = scene.line, scene.member
    if line.is_api and member.is_over:
        return Expected(401, "bad-credential")
    nobody = not member.headers or (not line.is_api and not member.has_session)
    if line.permission is not Permission.PUBLIC:
        if nobody:
            return Expected(401, "no-credential") if line.is_api else Expected(303)
        if not may(member, line.permission):
            return Expected(403, "not-allowed") if line.is_api else Expected(403)
        if (line.roomed or line.permission in ROOMED) and line.realm not in member.realms:
            return Expected(403, "wrong-room")
    if member.is_machine and (sample.person or (sample.at_once and not member.direct)):
        return Expected(403, "not-allowed")
    if sample.proved and member.is_machine:
        return Expected(403, "needs-confirmation")
    if scene.place is Place.OTHER_ROOM:
        return Expected(422, "other-realm")
    if sample.house and member.is_house:
        return Expected(*sample.house)
    if sample.second and member.is_machine:
        return Expected(403, "not-an-approver")
    is_free = member.is_house or scene.place in sample.open_to
    if scene.place is Place.FOREIGN and not is_free and not sample.in_body:
        if sample.previewed and not member.direct:
            return Expected(422, "token-mismatch")
        return Expected(403, "outside-jurisdiction")
    return Expected(*(sample.always or (sample.good,)))


async def faults_of(
    crew: Crew, lines: Iterable[Endpoint] = TABLE, members: Iterable[str] | None = None
) -> tuple[list[str], int]:
    """Ask every cell; return what was answered otherwise than expected, and how many were asked."""
    found: list[str] = []
    count = 0
    names = list(crew.members if members is None else members)
    for line in in_order(tuple(lines)):
        sample = sample_of(line)
        if sample is None:
            found.append(f"{line.method} {line.path} ({line.name}): no sample request is known")
            continue
        for place in sample.places:
            for name in names:
                scene = Scene(crew, crew[name], line, place)
                sent = await sample.make(scene)
                seen = await crew.ask(name, line.method, sent.path, sent.body)
                count += 1
                fault = _fault(scene, sample, seen)
                if fault is not None:
                    found.append(f"{line.method} {line.path} {place} by {name}: {fault}")
    return found, count


def _fault(scene: Scene, sample: Sample, seen: Seen) -> str | None:
    want = expected(scene, sample)
    if (seen.status, seen.rule) != (want.status, want.rule):
        return f"{seen.status} {seen.rule}, not {want.status} {want.rule}: {seen.body[:200]!r}"
    if want.status == 303 and not seen.header("location").startswith("/sign-in?to="):
        return f"leads to {seen.header('location')}, not to the door"
    if sample.in_body and want.status == sample.good:
        told = "outside-jurisdiction" in [each["rule"] for each in seen.json()["refusals"]]
        if told is not (scene.place is Place.FOREIGN and not scene.member.is_house):
            return f"refusals in the answer: {seen.json()['refusals']}"
    return None
