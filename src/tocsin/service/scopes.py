"""Is it a scope that can be given: names that exist, and nothing that its owner may not."""

from __future__ import annotations

from collections.abc import Container, Sequence

from tocsin.core.area import RegionTree
from tocsin.core.authority import EVERY, MAY, Permission, Scope
from tocsin.core.refusals import Refusal, Rule
from tocsin.service.desk import Desk


def unfit(desk: Desk, scope: Scope) -> Refusal | None:
    """Return why a scope makes no sense here: an unknown name, or a role that can do nothing."""
    for number, code in enumerate(scope.regions):
        if code not in desk.tree:
            return Refusal(
                Rule.UNKNOWN_REGION, f"/scope/regions/{number}", f"There is no region {code}."
            )
    for member, names in (("hazards", scope.hazards), ("usual", scope.usual)):
        unknown = _unknown(names, desk.hazards)
        if unknown is not None:
            return Refusal(
                Rule.UNKNOWN_HAZARD, f"/scope/{member}/{unknown}",
                f"There is no hazard {names[unknown]}.",
            )  # fmt: skip
    if Permission.ISSUE in MAY[scope.role]:
        for member, given in (
            ("sender", scope.sender), ("regions", scope.regions),
            ("hazards", scope.hazards), ("realms", scope.realms),
        ):  # fmt: skip
            if not given:
                return Refusal(
                    Rule.MISSING_MEMBER, f"/scope/{member}",
                    f"A {scope.role} needs {member}: what is not named is not allowed.",
                )  # fmt: skip
    return None


def too_wide(tree: RegionTree, scope: Scope, owner: Scope) -> Refusal | None:
    """Return why a key's scope is not within its owner's, regions too; None where it is."""
    if not scope.within(owner):
        return Refusal(
            Rule.SCOPE_TOO_WIDE, "/scope", "A key may do nothing that its owner may not."
        )
    mine = tree.mask(code for code in owner.regions if code in tree)
    for number, code in enumerate(scope.regions):
        if code not in tree or tree.mask((code,)) & ~mine:
            return Refusal(
                Rule.SCOPE_TOO_WIDE, f"/scope/regions/{number}",
                f"The key's owner has no say in {code}.",
            )  # fmt: skip
    return None


def _unknown(names: Sequence[str], known: Container[str]) -> int | None:
    found = (n for n, name in enumerate(names) if name != EVERY and name not in known)
    return next(found, None)
