"""A random day of alerts: the rules and the naive model come to the same (T23)."""

from __future__ import annotations

from dataclasses import replace

import hypothesis
import pytest
from hypothesis.stateful import run_state_machine_as_test

from property.day import Day
from tocsin.core import alerts, endings, second_person, state
from tocsin.core import events as ev
from tocsin.core.alert import Audience
from tocsin.core.area import Area
from tocsin.core.overlap import _same_shapes
from tocsin.projections import regions

PROOF_STEPS = 2_000  # RELIABILITY, "PR counts": T23
A_DAY = 40


def run(steps: int, **more: object) -> None:
    """Run the machine for so many steps, at a hundred times the profile's usual as often."""
    profile = hypothesis.settings.default
    often = max(1, profile.max_examples // 100)
    settings = hypothesis.settings(
        profile, max_examples=often * steps // A_DAY, stateful_step_count=A_DAY, **more
    )
    run_state_machine_as_test(Day, settings=settings)


@pytest.mark.timeout(300)
def test_a_random_day_ends_as_the_naive_model_says():
    run(600)


@pytest.mark.proof
@pytest.mark.timeout(1200)
def test_two_thousand_steps_of_random_days_end_as_the_naive_model_says():
    run(PROOF_STEPS)


# -- the machine must notice ---------------------------------------------------------------------


def every_alert_over_the_region_ends(patch):
    def ticked(world, held, asked, alert, ends, now):  # as the rule's
        del asked, now
        tree = world.tree
        return [
            other for other in held.in_force()
            if other.id != alert.id and other.hazard == alert.hazard
            and other.audience is alert.audience and tree.extent(other.area).touched & ends
        ]  # fmt: skip

    patch.setattr(endings, "_ticked", ticked)


def an_expiry_counts_as_an_all_clear(patch):
    right = state.after

    def after(alert, event):
        if isinstance(event, ev.AlertRanOut):
            event = ev.AlertCleared(
                at=event.at, alert_id=event.alert_id, revision=event.revision,
                status=event.status, sender=alert.sender,
            )  # fmt: skip
        return right(alert, event)

    patch.setattr(state, "after", after)


def sounding_where(under):
    """Return a wrong ``sounding`` that takes as "already under" what ``under`` says."""

    def sounding(world, now, area, *, realm, hazard, level, instead_of=None):
        danger, covered = world.hazards[hazard], 0
        for alert in now.active.values():
            if alert.hazard == hazard and danger.rank(alert.level) >= danger.rank(level):
                covered |= under(world, alert, realm, same=(
                    alert.id == instead_of and _same_shapes(alert.area, area)
                ))  # fmt: skip
        return world.tree.extent(area).touched & ~covered

    return sounding


def a_leaf_covered_in_part_counts_as_already_under(patch):
    def under(world, alert, realm, *, same):
        del same
        mine = alert.realm is realm and alert.status != "Test"
        return world.tree.extent(alert.area).touched if mine else 0

    patch.setattr(alerts, "sounding", sounding_where(under))


def a_drill_keeps_the_actual_alert_silent(patch):
    def under(world, alert, realm, *, same):
        del realm
        extent = world.tree.extent(alert.area)
        return extent.touched if same else extent.whole

    patch.setattr(alerts, "sounding", sounding_where(under))


def a_drill_is_shown_as_an_actual_alert(patch):
    patch.setattr(ev, "audience_of", lambda _status: Audience.PUBLIC)


def a_cancel_is_an_all_clear(patch):
    patch.setattr(
        "tocsin.core.decide.cancel",
        lambda world, now, asked, at, _warrant: endings.clear(
            world, now,
            endings.co.ClearAlert(sender=asked.sender, alert_id=asked.alert_id), at,
        ),
    )  # fmt: skip


def a_second_part_cleared_brings_the_first_back(patch):
    def without(area, world, ends):
        return replace(area, excluded=world.tree.fewest(ends))

    patch.setattr(endings, "without", without)


def a_part_cleared_is_forgotten_in_the_region_states(patch):
    right = regions.RegionStates._cover  # noqa: SLF001  # what is broken is private

    def cover(self, name, area, level):
        return right(self, name, Area(**{
            each: getattr(area, each) for each in ("regions", "polygons", "circles", "touched")
        }), level)  # fmt: skip

    patch.setattr(regions.RegionStates, "_cover", cover)


def since_is_when_anything_last_happened(patch):
    def settle(self, number, picture, at):
        self.runs[number] = (picture.state(self.tree.leaves[number]), at)

    patch.setattr(regions.Board, "_settle", settle)


def a_drill_goes_on_under_a_real_alert(patch):
    patch.setattr(alerts, "_broken_off", lambda *_args, **_more: ())


def a_drill_begins_under_a_real_alert(patch):
    patch.setattr(alerts, "beside_real", lambda *_args: None)


def a_delegate_ends_the_whole_alert(patch):
    right = endings.not_yours

    def not_yours_to_end(world, held, alert, sender, ends, now):
        refused = right(world, held, alert, sender)
        lent = any(
            (each.to, alert.sender) == (sender, each.sender)
            and each.covers(world.tree, alert.hazard, ends, now)
            for each in held.delegations
        )
        return None if lent else refused

    patch.setattr(endings, "_not_yours_to_end", not_yours_to_end)


def the_author_approves(patch):
    right = second_person._may_answer  # noqa: SLF001  # what is broken is private

    def may_answer(world, held, asked, proposal, now, warrant):
        return right(world, held, asked, replace(proposal, account="nobody"), now, warrant)

    patch.setattr(second_person, "_may_answer", may_answer)


DEFECTS = (
    a_drill_goes_on_under_a_real_alert,
    a_drill_begins_under_a_real_alert,
    a_delegate_ends_the_whole_alert,
    the_author_approves,
    every_alert_over_the_region_ends,
    an_expiry_counts_as_an_all_clear,
    a_leaf_covered_in_part_counts_as_already_under,
    a_drill_keeps_the_actual_alert_silent,
    a_drill_is_shown_as_an_actual_alert,
    a_cancel_is_an_all_clear,
    a_second_part_cleared_brings_the_first_back,
    a_part_cleared_is_forgotten_in_the_region_states,
    since_is_when_anything_last_happened,
)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("defect", DEFECTS, ids=lambda each: each.__name__)
def test_the_machine_notices_when(defect, monkeypatch):
    defect(monkeypatch)
    with pytest.raises(AssertionError):
        look()


def look() -> None:
    """Draw days, and more of them where the first show nothing.

    What is drawn changes with every constant in the program: hypothesis tries those as well.
    """
    for steps in (PROOF_STEPS, 5 * PROOF_STEPS):
        run(
            steps, database=None, report_multiple_bugs=False, derandomize=True,
            phases=[hypothesis.Phase.generate],
        )  # fmt: skip
