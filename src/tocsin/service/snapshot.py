"""The fold of a journal, saved: open state and boards at one row, so that a start is quick.

Always rebuildable and never trusted: it names the row and the hash it was taken at and the
region tree it was taken with, and is dropped where one of them differs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

import msgspec

from tocsin.core.alert import Alert, Audience
from tocsin.core.area import Leaves, RegionTree
from tocsin.core.authority import Delegation, Mandate
from tocsin.core.claims import Claim
from tocsin.core.control import Holding
from tocsin.core.facilities import Facility
from tocsin.core.inbox import Inbox
from tocsin.core.incidents import Guidance, Incident, Ledger, Link, Report
from tocsin.core.infrastructure import Infrastructure
from tocsin.core.layered import Layered
from tocsin.core.notices import Notices
from tocsin.core.overlap import Picture, RegionState
from tocsin.core.proposal import Proposal
from tocsin.core.state import State, Tombstone
from tocsin.projections.regions import Board, Change, Cover, Kept, Run

VERSION = 4
FacilityOf = Callable[[str], Facility | None]
"""Opens the sealed description of an installation, by its content hash."""


class Snapshots(Protocol):
    """Where a snapshot is kept; one, the newest."""

    def load(self) -> tuple[int, bytes] | None:
        """Return the row it was taken at and its bytes, if it fits the journal; else None."""
        ...

    def save(self, seq: int, row_hash: bytes, data: bytes) -> None:
        """Keep ``data`` as the fold of everything up to row ``seq``, whose hash is given."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedLedger:
    """A ledger, of plain lists."""

    incidents: list[Incident]
    claims: list[Claim]
    reports: list[Report]
    links: list[Link]
    guidance: list[Guidance]
    waves: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A snapshot's content, of plain values."""

    version: int
    tree: str
    heads: dict[str, int]
    sequences: dict[str, int | None]
    active: list[Alert]
    unconfirmed: list[Alert]
    ended: list[Alert]
    tombstones: list[tuple[str, str, Tombstone]]
    mandates: list[Mandate]
    under: dict[str, str]
    delegations: list[Delegation]
    proposals: list[Proposal]
    kept: dict[str, datetime]
    ledger: SavedLedger
    shown: SavedLedger
    waiting: list[tuple[str, int, bytes]]
    infra: Infrastructure
    notices: Notices
    inbox: Inbox
    control: list[Holding]
    last_at: datetime
    regions: dict[str, dict[str, Any]]


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Saved)


def fingerprint(tree: RegionTree) -> str:
    """Return a hash of the tree's numbering: masks mean nothing under another."""
    return hashlib.sha256("\n".join(tree.codes).encode()).hexdigest()


def layout(tree: RegionTree) -> str:
    """Return what a snapshot's bytes depend on: this module's version and the tree's numbering."""
    return f"fold {VERSION} {fingerprint(tree)}"


def written(
    tree: RegionTree,
    state: State,
    heads: dict[Audience, int],
    sequences: dict[str, int | None],
    regions: dict[str, Kept],
    *,
    shown: Ledger | None = None,
    waiting: Sequence[tuple[str, int, bytes]] = (),
) -> bytes:
    """Return a snapshot's bytes.

    ``shown`` and ``waiting``: what people see of the ledger, and what the next slots bring, as
    kind, version and bytes of its events.
    """
    saved = Saved(
        version=VERSION,
        tree=fingerprint(tree),
        heads={audience.value: number for audience, number in heads.items()},
        sequences={name: s for name, s in sequences.items() if state.alert(name)},
        active=list(state.active.values()),
        unconfirmed=list(state.unconfirmed.values()),
        ended=list(state.ended.values()),
        tombstones=[(*name, stone) for name, stone in state.tombstones.items()],
        mandates=list(state.mandates),
        under=dict(state.under),
        delegations=list(state.delegations),
        proposals=list(state.proposals.values()),
        kept=dict(state.kept),
        ledger=_ledger_out(state.ledger),
        shown=_ledger_out(shown or Ledger()),
        waiting=list(waiting),
        infra=_sealed(state.infra),
        notices=state.notices,
        inbox=state.inbox,
        control=list(state.control),
        last_at=state.last_at,
        regions={name: _kept_out(kept) for name, kept in regions.items()},
    )
    return _ENCODER.encode(saved)


def read(tree: RegionTree, data: bytes) -> Saved | None:
    """Return a snapshot's content; None where it was written otherwise or for another tree."""
    try:
        saved = _DECODER.decode(data)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None
    if saved.version != VERSION or saved.tree != fingerprint(tree):
        return None
    return saved


def state_of(saved: Saved, facility_of: FacilityOf) -> State:
    """Return the open state of a snapshot; ``facility_of`` opens what is sealed."""
    everything = (*saved.active, *saved.unconfirmed, *saved.ended)
    return State(
        active={alert.id: alert for alert in saved.active},
        unconfirmed={alert.id: alert for alert in saved.unconfirmed},
        ended=Layered({alert.id: alert for alert in saved.ended}),
        identities=Layered({(a.sender, a.identifier): a.id for a in everything}),
        handles=Layered({alert.handle: alert.id for alert in everything}),
        tombstones={(sender, name): stone for sender, name, stone in saved.tombstones},
        mandates=tuple(saved.mandates),
        under=saved.under,
        delegations=tuple(saved.delegations),
        proposals={each.id: each for each in saved.proposals},
        kept=saved.kept,
        ledger=ledger_of(saved.ledger),
        infra=_opened(saved.infra, facility_of),
        notices=saved.notices,
        inbox=saved.inbox,
        control=tuple(saved.control),
        last_at=saved.last_at,
    )


def _sealed(infra: Infrastructure) -> Infrastructure:
    """Return it without what the chain keeps sealed: a snapshot lies beside it on the disk."""
    bare = {name: replace(each, facility=None) for name, each in infra.installations.items()}
    return replace(infra, installations=bare)


def _opened(infra: Infrastructure, facility_of: FacilityOf) -> Infrastructure:
    return replace(
        infra,
        installations={
            name: each if each.erased else replace(each, facility=facility_of(each.content))
            for name, each in infra.installations.items()
        },
    )


def ledger_of(saved: SavedLedger) -> Ledger:
    """Return a ledger of a snapshot."""
    return Ledger(
        incidents=Layered({each.id: each for each in saved.incidents}),
        claims=Layered({each.id: each for each in saved.claims}),
        reports=Layered({each.id: each for each in saved.reports}),
        links=tuple(saved.links),
        guidance={each.id: each for each in saved.guidance},
        waves=saved.waves,
    )


def _ledger_out(ledger: Ledger) -> SavedLedger:
    return SavedLedger(
        incidents=list(ledger.incidents.values()),
        claims=list(ledger.claims.values()),
        reports=list(ledger.reports.values()),
        links=list(ledger.links),
        guidance=list(ledger.guidance.values()),
        waves=dict(ledger.waves),
    )


def kept_of(tree: RegionTree, saved: Saved, name: str) -> Kept:
    """Return the boards of one audience."""
    plain = saved.regions[name]
    mandates = msgspec.convert(plain["mandates"], list[Mandate])
    changes = tuple(
        Change(
            msgspec.convert(at, datetime), "", None,
            mandates=tuple(msgspec.convert(held, list[Mandate])),
        )
        for at, held in plain["mandate_changes"]
    )  # fmt: skip
    boards = {hazard: _board_in(tree, board) for hazard, board in plain["boards"].items()}
    return Kept(boards, dict(plain["hazard_of"]), tuple(mandates), changes)


def _kept_out(kept: Kept) -> dict[str, Any]:
    return {
        "boards": {hazard: _board_out(board) for hazard, board in kept.boards.items()},
        "hazard_of": kept.hazard_of,
        "mandates": list(kept.mandates),
        "mandate_changes": [(c.at, list(c.mandates or ())) for c in kept.mandate_changes],
    }


def _board_out(board: Board) -> dict[str, Any]:
    picture = board.picture
    return {
        "active": _covers_out(board.active),
        "ran_out": _covers_out(board.ran_out),
        "cleared": [(until, f"{leaves:x}") for until, leaves in board.cleared],
        "withdrawn": [(at, f"{leaves:x}") for at, leaves in board.withdrawn],
        "mandates": list(board.mandates),
        "picture": [
            f"{leaves:x}"
            for leaves in (
                picture.whole, picture.touched, picture.unconfirmed, picture.cleared,
                picture.mandated,
            )
        ],
        "runs": _runs_out(board.runs),
        "at": board.at,
    }  # fmt: skip


def _board_in(tree: RegionTree, plain: dict[str, Any]) -> Board:
    def times(pairs: list[list[str]]) -> list[tuple[datetime, Leaves]]:
        return [(msgspec.convert(at, datetime), int(leaves, 16)) for at, leaves in pairs]

    return Board(
        tree,
        _covers_in(plain["active"]),
        _covers_in(plain["ran_out"]),
        times(plain["cleared"]),
        times(plain["withdrawn"]),
        tuple(msgspec.convert(plain["mandates"], list[Mandate])),
        Picture(*(int(leaves, 16) for leaves in plain["picture"])),
        _runs_in(plain["runs"]),
        msgspec.convert(plain["at"], datetime),
    )


def _covers_out(covers: dict[str, Cover]) -> dict[str, tuple[str, str, str | None]]:
    return {n: (f"{c.whole:x}", f"{c.touched:x}", c.level) for n, c in covers.items()}


def _covers_in(plain: dict[str, list[Any]]) -> dict[str, Cover]:
    return {n: Cover(int(w, 16), int(t, 16), level) for n, (w, t, level) in plain.items()}


def _runs_out(runs: list[Run]) -> list[tuple[int, str, datetime | None]]:
    """Return the runs, neighbours that are alike told once with their number."""
    told: list[tuple[int, str, datetime | None]] = []
    for state, since in runs:
        if told and told[-1][1:] == (state.value, since):
            told[-1] = (told[-1][0] + 1, state.value, since)
        else:
            told.append((1, state.value, since))
    return told


def _runs_in(told: list[list[Any]]) -> list[Run]:
    runs: list[Run] = []
    for count, state, since in told:
        at = None if since is None else msgspec.convert(since, datetime)
        runs += [(RegionState(state), at)] * count
    return runs
