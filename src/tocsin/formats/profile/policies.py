"""``policies.toml``: who needs whom, how far, how often. Every key has a default."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.core.authority import Role
from tocsin.formats.profile.problems import decode_toml, problem

FILE = "policies.toml"
Share = Annotated[float, Meta(ge=0, le=1)]


class SecondPersonTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a second person must approve. Source: RELIABILITY P18."""

    people_above: Annotated[int, Meta(ge=0)] = 500_000
    top_regions_above: Annotated[int, Meta(ge=0)] = 1
    hazards: list[str] = []
    single_person: list[str] = []
    approvers: tuple[Role, ...] = (Role.OPERATOR, Role.SUPERVISOR)
    page_after_s: Annotated[float, Meta(gt=0)] = 90
    lasts_min: Annotated[float, Meta(gt=0)] = 15
    override: bool = True


class AreaTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a drawn area may do. Source: RELIABILITY P21."""

    spill_share: Share = 0.02


class ReminderTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When the issuer is asked whether an alert still holds. Source: DESIGN section 7."""

    first_min: Annotated[float, Meta(gt=0)] = 60
    shares: tuple[Share, ...] = (0.8, 0.95)


class RateTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often is unusual. Source: DESIGN section 7, "rates"."""

    alerts_per_minute: Annotated[int, Meta(ge=1)] = 6


class Policies(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file."""

    second_person: SecondPersonTable = SecondPersonTable()
    area: AreaTable = AreaTable()
    reminders: ReminderTable = ReminderTable()
    rates: RateTable = RateTable()


def read_policies(data: bytes, hazards: Collection[str], *, file: str = FILE) -> Policies:
    """Return the policies of a file.

    Raises:
        ProfileProblem: a key or hazard is unknown, or a value is out of range.
    """
    policies = decode_toml(file, data, Policies)
    for key in ("hazards", "single_person"):
        for number, name in enumerate(getattr(policies.second_person, key)):
            if name not in hazards:
                raise problem(
                    file,
                    f"/second_person/{key}/{number}",
                    "unknown-hazard",
                    f"{name!r} is not in hazards.toml.",
                )
    return policies
