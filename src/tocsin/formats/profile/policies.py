"""``policies.toml``: who needs whom, how far, how often. Every key has a default."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from tocsin.core.authority import Role
from tocsin.core.publication import DEFAULT_SITES, Publication, SiteRule
from tocsin.core.threats import ThreatKind
from tocsin.core.world import FeedPolicy
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


class SiteTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long a kind of place waits, how exactly it is told then. Source: RELIABILITY P24, P25."""

    delay_h: Annotated[float, Meta(ge=0)] | None = None
    never: bool = False
    after_alert_h: Annotated[float, Meta(ge=0, le=24)] = 3
    exact: Literal["settlement", "region"] = "settlement"


class PublicationTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What people may see of an incident, and when. Source: RELIABILITY P24-P28."""

    slot_min: Annotated[float, Meta(gt=0)] = 10
    hazards: list[str] = []
    after_unconfirmed_h: Annotated[float, Meta(ge=0, le=24)] = 12
    round_min: Annotated[float, Meta(gt=0)] = 60
    outage_silent_h: Annotated[float, Meta(gt=0)] = 72
    unnamed: tuple[str, ...] = ("substation", "control-room", "military", "hospital")
    sites: dict[str, SiteTable] = {}


class ThreatTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may come of a threat report. Source: DESIGN R11, LESSONS L13."""

    hazards: dict[str, str] = {}
    issue_people_above: Annotated[int, Meta(ge=0)] = 500_000
    merge_within_s: Annotated[float, Meta(gt=0)] = 180
    draft_lasts_min: Annotated[float, Meta(gt=0)] = 15
    oldest_min: Annotated[float, Meta(gt=0)] = 5
    ahead_s: Annotated[float, Meta(ge=0)] = 60
    weak_regions: Annotated[int, Meta(ge=0)] = 1


class DoseTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When dose rates draft a proposal. Source: DESIGN R10."""

    hazard: str = "radiation"
    agreeing: Annotated[int, Meta(ge=2)] = 3
    window_min: Annotated[float, Meta(gt=0)] = 30
    times_background: Annotated[float, Meta(gt=1)] = 5
    at_least_nsv_h: Annotated[float, Meta(gt=0)] = 1_000
    readings: Annotated[int, Meta(ge=2)] = 3
    most_nsv_h: Annotated[float, Meta(gt=0)] = 100_000_000


class EvacuationTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a plan of an evacuation must leave people. Source: DESIGN R4."""

    least_min: Annotated[float, Meta(ge=1)] = 10


class Policies(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file."""

    second_person: SecondPersonTable = SecondPersonTable()
    area: AreaTable = AreaTable()
    reminders: ReminderTable = ReminderTable()
    rates: RateTable = RateTable()
    publication: PublicationTable = PublicationTable()
    threats: ThreatTable = ThreatTable()
    doses: DoseTable = DoseTable()
    evacuation: EvacuationTable = EvacuationTable()


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
    for number, name in enumerate(policies.publication.hazards):
        if name not in hazards:
            raise problem(
                file, f"/publication/hazards/{number}", "unknown-hazard",
                f"{name!r} is not in hazards.toml.",
            )  # fmt: skip
    for kind, name in policies.threats.hazards.items():
        if kind not in tuple(ThreatKind):
            raise problem(
                file, f"/threats/hazards/{kind}", "unknown-kind",
                f"A threat is one of {', '.join(ThreatKind)}.",
            )  # fmt: skip
        if name not in hazards:
            raise problem(
                file, f"/threats/hazards/{kind}", "unknown-hazard",
                f"{name!r} is not in hazards.toml.",
            )  # fmt: skip
    if policies.doses != DoseTable() and policies.doses.hazard not in hazards:
        raise problem(
            file, "/doses/hazard", "unknown-hazard",
            f"{policies.doses.hazard!r} is not in hazards.toml.",
        )  # fmt: skip
    for name, site in policies.publication.sites.items():
        if site.never == (site.delay_h is not None):
            raise problem(
                file, f"/publication/sites/{name}", "delay",
                "Give either delay_h, or never = true.",
            )  # fmt: skip
    return policies


def publication(table: PublicationTable) -> Publication:
    """Return the publication policy; kinds of places that the file does not name keep theirs."""
    sites = {
        name: SiteRule(
            delay=None if site.delay_h is None else timedelta(hours=site.delay_h),
            after_alert=timedelta(hours=site.after_alert_h),
            exact=site.exact,
        )
        for name, site in table.sites.items()
    }
    return Publication(
        sites={**DEFAULT_SITES, **sites},
        slot=timedelta(minutes=table.slot_min),
        hazards=frozenset(table.hazards),
        after_unconfirmed=timedelta(hours=table.after_unconfirmed_h),
        round_to=timedelta(minutes=table.round_min),
        silent_after=timedelta(hours=table.outage_silent_h),
        unnamed=frozenset(table.unnamed),
    )


def feeds(threats: ThreatTable, doses: DoseTable) -> FeedPolicy:
    """Return what may come of what feeds send."""
    return FeedPolicy(
        hazards=threats.hazards,
        issue_people_above=threats.issue_people_above,
        merge_within=timedelta(seconds=threats.merge_within_s),
        draft_lasts=timedelta(minutes=threats.draft_lasts_min),
        oldest=timedelta(minutes=threats.oldest_min),
        ahead=timedelta(seconds=threats.ahead_s),
        weak_regions=threats.weak_regions,
        dose_hazard=doses.hazard,
        agreeing=doses.agreeing,
        window=timedelta(minutes=doses.window_min),
        times_background=doses.times_background,
        at_least_nsv_h=doses.at_least_nsv_h,
        readings=doses.readings,
        most_nsv_h=doses.most_nsv_h,
    )
