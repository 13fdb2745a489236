"""Through whatever door: nobody is told to leave without a whole plan that there is time for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from kit.world import (
    DRILL,
    HOUR,
    LANGUAGES,
    NOW,
    POLICED,
    Story,
    approving,
    hazard,
    issuing,
    officer,
)
from tocsin.core import commands as co
from tocsin.core import events as ev
from tocsin.core.alert import Status
from tocsin.core.area import Area
from tocsin.core.evacuation import FIELDS, Evacuation
from tocsin.core.proposal import ProposalState
from tocsin.core.refusals import Refusal

WORLD = replace(
    POLICED, hazards={**POLICED.hazards, "evacuation": hazard("evacuation", needs_plan=True)}
)
SAID = dict.fromkeys(LANGUAGES, "Go south.")
WHOLE = Evacuation(
    deadline=NOW, destination=SAID, routes=SAID, transport=SAID, assembly=SAID, help=SAID,
    words="words-1", sealed="sealed-1",
)  # fmt: skip
ANNA, MYKOLA = officer("anna"), officer("mykola")
plans = st.one_of(
    st.none(),
    st.builds(
        lambda hours, gap, number: (hours, gap, number),
        st.none() | st.integers(-1, 8), st.none() | st.sampled_from(FIELDS), st.integers(1, 3),
    ),
)  # fmt: skip
rooms = st.sampled_from(({}, {}, DRILL, {"status": Status.TEST}))
places = st.sampled_from(("n1a", "n1", "land"))
steps = st.one_of(
    st.tuples(st.just("issue"), places, plans, rooms, st.booleans()),
    st.tuples(st.just("update"), places, plans, st.booleans()),
    st.tuples(st.just("approve"), plans, st.booleans()),
    st.tuples(st.just("wait"), st.integers(1, 5)),
)


def plan(story: Story, asked) -> Evacuation | None:
    """A plan, whole or with one gap, in time or late."""
    if asked is None:
        return None
    hours, gap, number = asked
    deadline = None if hours is None else story.now + hours * HOUR
    made = replace(WHOLE, deadline=deadline, words=f"words-{number}")
    return made if gap is None else replace(made, **{gap: {LANGUAGES[0]: "Go."}})


def commands(story: Story, step):
    """What a step asks for, and by whom."""
    match step:
        case ("issue", place, asked, more, alone):
            found = issuing(
                place, hazard="evacuation", evacuation=plan(story, asked),
                expires=story.now + 12 * HOUR, by="" if alone else "anna", **more,
            )  # fmt: skip
            yield found, None if alone else ANNA
        case ("update", place, asked, alone):
            for alert in list(story.state.active.values())[-2:]:
                change = co.UpdateAlert(
                    alert_id=alert.id, sender=alert.sender, area=Area(regions=(place,)),
                    evacuation=plan(story, asked), reason="so", by="" if alone else "anna",
                )  # fmt: skip
                yield change, None if alone else ANNA
        case ("approve", asked, as_it_was):
            for each in list(story.state.proposals.values()):
                if each.state is ProposalState.WAITING:
                    held = (each.issue or each.update).evacuation
                    shown = full(held) if as_it_was else plan(story, asked)
                    yield approving(each, evacuation=shown), MYKOLA


def full(held: Evacuation | None) -> Evacuation | None:
    """The plan that was stored with a proposal, its words read again."""
    return None if held is None else replace(held, **dict.fromkeys(FIELDS, SAID))


@given(st.lists(steps, max_size=14))
def test_no_door_lets_an_evacuation_out_without_a_plan_that_there_is_time_for(script):
    story = Story.with_mandates(WORLD)
    for step in script:
        if step[0] == "wait":
            story.wait(timedelta(hours=step[1]))
            continue
        for command, warrant in commands(story, step):
            found = story.ask(command, warrant)
            if isinstance(found, Refusal):
                continue
            for event in story.tell(command, warrant):
                if isinstance(event, ev.AlertIssued):
                    assert event.plan is not None
                    assert event.plan.deadline > story.now
                if isinstance(event, ev.AlertUpdated) and event.area is not None:
                    held = story.state.alert(event.alert_id)
                    assert held.plan is not None
                    assert held.plan.deadline > story.now
