"""How much of what a house keeps sealed does not open with the keys that it has.

A seal key that is gone is silent otherwise: the register is short, reports have no text, assembly
places are empty, and the house goes on warning. What was erased is not there and is not counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from tocsin.core import events as ev
from tocsin.core.incidents import Ledger
from tocsin.core.infra_events import InstallationRegistered
from tocsin.core.ledger_events import ReportTaken
from tocsin.core.state import State
from tocsin.keys.kinds import Purpose
from tocsin.keys.sealed import unseal
from tocsin.keys.store import KeyStore

INSTALLATION, PLAN, REPORT = "installation descriptions", "assembly plans", "reports"

Sealed = tuple[str, str, datetime]
"""What it is, the hash that names it, and since when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unopened:
    """What does not open. ``since``: when the first of it was sealed."""

    by_kind: Mapping[str, int]
    sealed: int
    """How many sealed things there are."""
    since: datetime | None
    oldest_key: str | None
    """The oldest seal key that is here; None: none is."""

    @property
    def count(self) -> int:
        """Return how many do not open."""
        return sum(self.by_kind.values())

    def said(self) -> str:
        """Return it in a sentence."""
        if self.since is None:
            return f"{self.sealed:,} open"
        kinds = ", ".join(f"{count:,} {what}" for what, count in self.by_kind.items())
        key = f"the oldest seal key here is {self.oldest_key}" if self.oldest_key else "no key here"
        return (
            f"{self.count:,} of {self.sealed:,} do not open ({kinds}): the first was sealed "
            f"{self.since:%Y-%m-%d %H:%M} UTC, {key}"
        )


def unopened(
    sealed: Iterable[Sealed], text: Callable[[str], bytes | None], keys: KeyStore
) -> Unopened:
    """Try each sealed thing once."""
    secrets = keys.all(Purpose.SEAL)
    shut: Counter[str] = Counter()
    tried: set[str] = set()
    since: datetime | None = None
    for what, content, at in sealed:
        if content in tried or (body := text(content)) is None:
            continue
        tried.add(content)
        if unseal(secrets, body) is None:
            shut[what] += 1
            since = at if since is None else min(since, at)
    oldest = min((each.id for each in secrets), default=None)
    return Unopened(by_kind=dict(shut), sealed=len(tried), since=since, oldest_key=oldest)


def of_events(events: Iterable[ev.Event]) -> Iterator[Sealed]:
    """Yield what events keep sealed, whatever became of it since."""
    for event in events:
        match event:
            case InstallationRegistered():
                yield INSTALLATION, event.content, event.at
            case ReportTaken():
                yield REPORT, event.content, event.at
            case _ if (plan := getattr(event, "plan", None)) is not None:
                yield PLAN, plan.sealed, event.at
            case _:
                pass


def of_house(state: State, ledger: Ledger) -> Iterator[Sealed]:
    """Yield what a house that runs needs open now, without a walk through its journal."""
    for one in state.infra.installations.values():
        yield INSTALLATION, one.content, one.registered_at
    for report in ledger.reports.values():
        yield REPORT, report.content, report.taken_at
    for alert in state.active.values():
        if alert.plan is not None:
            yield PLAN, alert.plan.sealed, alert.sent
