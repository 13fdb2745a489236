"""``demo.toml``: which days are played, by which sources, and at what pace."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from tocsin.core.world import World
from tocsin.errors import ProfileProblem
from tocsin.formats.profile import Profile

FILE = "demo.toml"

Local = Annotated[datetime, Meta(tz=False)]
"""A time in the profile's time zone, written without one."""
Seconds = Annotated[float, Meta(gt=0)]


class Pace(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How fast the demo goes, in seconds of the one who watches."""

    act_s: Seconds
    longest_gap_s: Seconds
    shortest_gap_s: Seconds
    down_s: Seconds
    hold_s: Seconds


class Scene(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A stretch of time that is shown at the pace of its events; half-open."""

    begin: Local = msgspec.field(name="from")
    until: Local


class Hold(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The moment before which the replay waits for the key, and whose all-clear the key gives."""

    region: str
    before: Local


class Act(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One act. ``continues``: it plays on what the act before began, from ``begins``."""

    names: dict[str, str]
    begins: Local
    shown: list[Scene]
    sources: list[str] = []
    days: list[date] = []
    continues: bool = False
    hold: Hold | None = None


class Acts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file."""

    pace: Pace
    acts: Annotated[list[Act], Meta(min_length=1)]


def read_acts(data: bytes, profile: Profile) -> Acts:
    """Return the acts of a profile.

    Raises:
        ProfileProblem: a key is unknown or missing, or a source or region is not the profile's.
    """
    try:
        found = msgspec.convert(tomllib.loads(data.decode("utf-8")), Acts)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as slip:
        raise ProfileProblem(f"{FILE}: {slip}") from slip
    for number, act in enumerate(found.acts):
        where = f"{FILE}: /acts/{number}"
        if act.continues == bool(act.sources and act.days) or (act.continues and number == 0):
            raise ProfileProblem(f"{where}: give sources and days, or continue the act before.")
        for name in act.sources:
            if name not in profile.sources:
                raise ProfileProblem(f"{where}/sources: the profile has no source {name!r}.")
        if act.hold is not None and act.hold.region not in profile.world.tree:
            raise ProfileProblem(f"{where}/hold/region: the profile has no {act.hold.region!r}.")
    return found


def moment(world: World, local: datetime) -> datetime:
    """Return a time of the file as an aware one in the profile's time zone."""
    return local.replace(tzinfo=ZoneInfo(world.time_zone))
