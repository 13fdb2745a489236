"""Waves as people may know them: what API and pages share."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from tocsin.core import waves as core
from tocsin.core.alert import Alert, Audience, Status
from tocsin.formats import ledger as bodies
from tocsin.formats import waves as waves_
from tocsin.projections.told import Board, Told
from tocsin.web.house import House
from tocsin.web.seen import board_of, kept, words_of

READ, ALERTS = "wave-bodies", "wave-alerts"


def wave_rows(house: House) -> list[waves_.WaveRow]:
    """Return the waves that people may know of, the latest first."""
    found = [public_wave(house, each.id) for each in _waves(board_of(house))]
    return [waves_.wave_row(each) for each in found if each is not None]


def public_wave(house: House, public_id: str) -> waves_.WaveBody | None:
    """Return a wave as people may know it, by its public id; None where they know of none.

    It is made of what ``Visible`` lets through, and of alerts, which are public facts; that they
    belong to this wave is told with the wave's own release.
    """
    board = board_of(house)
    told = board.find(public_id)
    if told is None or told.incident.kind != core.WAVE:
        return None
    made = kept(house, READ, board)
    if told.id not in made:
        made[told.id] = _public(house, board, told)
    plain: waves_.WaveBody = made[told.id]
    ids = core.alerts_of(board.visible.ledger, told.incident.id)
    return msgspec.structs.replace(plain, alerts=alert_bodies_of(house, ids))


def _public(house: House, board: Board, told: Told) -> waves_.WaveBody:
    visible, words = board.visible, words_of(house)
    ledger, wave = visible.ledger, told.incident.id
    parts = [board.find(ledger.incidents[i].public_id) for i in core.incidents_of(ledger, wave)]
    local = core.local(visible.tree, ledger, wave, ledger.claims.values(), bodies.TALLIED)

    def body(each: Told) -> bodies.IncidentBody:
        plain = bodies.incident_body(visible, each.incident, words)
        return msgspec.structs.replace(plain, known_since=each.since)

    return waves_.wave_body(
        body(told), alerts=[], incidents=[body(each) for each in parts if each is not None],
        local=waves_.local_bodies(local),
    )  # fmt: skip


def _waves(board: Board) -> list[Told]:
    return [each for each in board.incidents if each.incident.kind == core.WAVE]


def alert_bodies_of(house: House, ids: Iterable[str]) -> list[waves_.WaveAlertBody]:
    """Return alerts as they stand in this house; closed ones are read once for each number.

    The moment is a part of what they are kept by: a house of the past begins with what the present
    one keeps, and an alert that was over then was not over as it is now.
    """
    service = house.service
    now = (house.at, service.head(Audience.PUBLIC))
    known: dict[str, Alert]
    of, known = house.shared.get(ALERTS, (None, {}))
    if of != now:
        known = {}
        house.shared[ALERTS] = (now, known)
    found = []
    for each in ids:
        alert = service.state.alert(each) or known.get(each)
        if alert is None and (view := service.view(each)) is not None:
            alert = known[each] = view.alert
        if alert is not None and alert.status is Status.ACTUAL:
            found.append(alert)
    return waves_.alert_bodies(service.world.tree, found)
