"""The ledger as people may see it: folded up to the last release slot, and no further.

The events after that slot wait here, unseen, until the next one has come: every public byte is
then the same whether they exist or not (RELIABILITY P27). Asking is what moves it on.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import datetime

from tocsin.core.area import RegionTree
from tocsin.core.incidents import Ledger, fold
from tocsin.core.ledger_events import LedgerEvent
from tocsin.core.publication import Publication, Visible


class Shown:
    """What people see of the ledger; one for the house."""

    def __init__(self, policy: Publication, tree: RegionTree) -> None:
        self._policy = policy
        self._tree = tree
        self._ledger = Ledger()
        self._waiting: deque[LedgerEvent] = deque()
        self._visible = Visible(policy, tree, self._ledger)

    def apply(self, event: LedgerEvent) -> None:
        """Take an event in; it is seen from its slot on."""
        self._waiting.append(event)

    def at(self, now: datetime) -> Visible:
        """Return what people may see at that moment. A clock that went back shows nothing less."""
        before = self._ledger
        while self._waiting and self._policy.seen_from(self._waiting[0].at) <= now:
            self._ledger = fold(self._ledger, self._waiting.popleft())
        if self._ledger is not before:
            self._visible = Visible(self._policy, self._tree, self._ledger)
        return self._visible

    def kept(self) -> tuple[Ledger, tuple[LedgerEvent, ...]]:
        """Return what a snapshot must hold to go on from here."""
        return self._ledger, tuple(self._waiting)

    def restore(self, ledger: Ledger, waiting: Iterable[LedgerEvent]) -> None:
        """Go on from a snapshot."""
        self._ledger = ledger
        self._waiting = deque(waiting)
        self._visible = Visible(self._policy, self._tree, ledger)
