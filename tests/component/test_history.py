"""The bundled history down the real road: every count, and the same file twice."""

import pytest

from tocsin import settings
from tocsin.bootstrap import read_only, recorded, verified, writing
from tocsin.core import events as ev
from tocsin.core.overlap import RegionState
from tocsin.ops.history import Importer, read_history

pytestmark = pytest.mark.timeout(240)


def brought_in(folder, *sources, data=None):
    """Import sources of the bundled file, or of other bytes; return the summary."""
    house = settings.load(flags={"journal.folder": folder})
    with writing(house) as writer:
        world, known = writer.profile.world, writer.profile.sources
        data = data or (writer.folder / known[sources[0]].file).read_bytes()
        rows, reported = read_history(data, world, sources, "air-raid")
        importer = Importer(
            world=world, journal=writer.journal, codec=writer.codec, clock=writer.clock,
            new_id=writer.new_id, importer="the importer",
        )  # fmt: skip
        return house, importer.run(rows, reported, known)


def test_the_official_history_whole(tmp_path):
    house, done = brought_in(tmp_path, "official")
    assert (done.issued, done.cleared, done.standing, done.unconfirmed) == (43029, 43029, 3, 0)
    assert [each.number for each in done.reported] == [1178, 16307]
    assert all("no region" in each.why for each in done.reported)
    events = [(row, event) for row, event in recorded(house)]
    alerts = [(row, event) for row, event in events if isinstance(event, ev.AlertEvent)]
    assert len(alerts) == 2 * 43029 + 3
    assert all(row.audience_seq is None for row, _ in alerts), "it enters no stream"
    issued = [event for _, event in alerts if isinstance(event, ev.AlertIssued)]
    assert not any(event.sounds_in or event.texts for event in issued)
    standing = [event for _, event in alerts if isinstance(event, ev.AlertExtended)]
    assert [event.standing_by for event in standing] == ["the importer"] * 3
    began = {event.alert_id: event.at for event in issued}
    assert all((e.at - began[e.alert_id]).total_seconds() == 24 * 3600 for e in standing)
    assert verified(house).is_ok

    head = len(events)
    _, again = brought_in(tmp_path, "official")
    assert (again.issued, again.cleared, again.standing) == (0, 0, 0)
    assert sum(1 for _ in recorded(house)) == head


def test_an_end_that_nobody_announced_is_unconfirmed(tmp_path):
    house, done = brought_in(tmp_path, "volunteer-naive")
    assert (done.issued, done.unconfirmed, done.cleared) == (2395, 2395, 0)
    assert not any(isinstance(event, ev.AlertCleared) for _, event in recorded(house))
    with read_only(house) as reader:
        state = reader.seen.state
        assert (len(state.unconfirmed), len(state.active)) == (2395, 0)
        at = max(alert.ended for alert in state.unconfirmed.values())
        shown = {line.state for line in reader.seen.regions.lines(at)}
        assert RegionState.UNCONFIRMED in shown
        assert RegionState.CLEARED not in shown
    _, again = brought_in(tmp_path, "volunteer-naive")
    assert (again.issued, again.unconfirmed) == (0, 0)


HEAD = "region_id,region_name,level,started_at_utc,ended_at_utc,source\n"


def csv(*lines):
    return (HEAD + "\n".join(lines) + "\n").encode()


def test_rows_that_cannot_be_used_are_reported_by_line(tmp_path):
    data = csv(
        "UA46000000000026241,Lviv,oblast,2022-10-11T05:00:00Z,2022-10-11T06:00:00Z,official",
        ",Nowhere,hromada,2022-10-11T05:00:00Z,2022-10-11T06:00:00Z,official",
        "UA46000000000026241,Lviv,oblast,2022-10-11T09:00:00Z,2022-10-11T08:00:00Z,official",
        "UA46000000000026241,Lviv,oblast,2022-10-11T09:00:00,2022-10-11T10:00:00Z,official",
        "UA99,Atlantis,oblast,2022-10-11T09:00:00Z,2022-10-11T10:00:00Z,official",
    )
    _, done = brought_in(tmp_path, "official", data=data)
    assert done.issued == 1
    assert [each.number for each in done.reported] == [3, 4, 5, 6]


def test_an_import_that_was_cut_off_is_taken_up(tmp_path):
    rows = [
        f"UA46000000000026241,Lviv,oblast,2022-10-{day}T05:00:00Z,2022-10-{day}T06:00:00Z,official"
        for day in range(10, 20)
    ]
    house, first = brought_in(tmp_path, "official", data=csv(*rows[:4]))
    assert first.issued == 4
    _, second = brought_in(tmp_path, "official", data=csv(*rows))
    assert (second.issued, second.cleared) == (6, 6)
    issued = [e.identifier for _, e in recorded(house) if isinstance(e, ev.AlertIssued)]
    assert len(issued) == len(set(issued)) == 10


def test_an_imported_all_clear_names_what_ran_out_below_it(tmp_path):
    data = csv(
        "UA46000000000026241,Lviv,oblast,2022-10-11T05:00:00Z,2022-10-11T05:30:00Z,volunteer-naive",
        "UA46000000000026241,Lviv,oblast,2022-10-11T07:00:00Z,2022-10-11T08:00:00Z,official",
    )
    house, done = brought_in(tmp_path, "volunteer-naive", "official", data=data)
    assert (done.issued, done.unconfirmed, done.cleared) == (2, 1, 1)
    ends = [event for _, event in recorded(house) if isinstance(event, ev.AlertCleared)]
    assert [bool(event.with_alert) for event in ends] == [False, True]
    with read_only(house) as reader:
        assert not reader.seen.state.unconfirmed
