"""What stands round an alert on the duty screen: channels cut to a place, calls and their words."""

import pytest

from kit.houses import KYIV, LVIV, profile
from tocsin.core.audit import PageReason
from tocsin.core.authority import Role
from tocsin.web.console.around import cover, leaves_of

BUCHA = "UA32080000000084076"
OBLAST = "UA32000000000030281"


def told(**more):
    """A channel of the coverage's answer: it carries in the capital, in nothing else."""
    return {
        "channel": "tv", "name": {"uk": "Телебачення", "en": "Television"}, "wakes": True,
        "by_hand": False, "carries": [KYIV], "lost": [], "at_risk": [], "unknown": [], **more,
    }  # fmt: skip


def places(*codes):
    return [{"region": code, "people": None} for code in codes]


@pytest.mark.parametrize(
    ("channel", "place", "state"),
    [
        (told(), (KYIV,), "carries"),
        (told(), (LVIV,), "none"),
        (told(carries=[], lost=places(KYIV)), (KYIV,), "lost"),
        (told(carries=[OBLAST], lost=places(KYIV)), (KYIV, OBLAST), "part"),
        (told(carries=[OBLAST], lost=places(KYIV)), (OBLAST,), "carries"),
        (told(at_risk=places(KYIV)), (KYIV,), "at-risk"),
        (told(unknown=places(KYIV)), (KYIV,), "unknown"),
        (told(at_risk=places(OBLAST), carries=[KYIV, OBLAST]), (KYIV,), "carries"),
        (told(carries=["gone"]), (KYIV,), "none"),
    ],
)
def test_a_channel_is_cut_to_the_place_that_is_asked_for(channel, place, state):
    world = profile().world
    mask = leaves_of(world, place)
    (way,) = cover(world, {"channels": [channel]}, mask, mask, "en").ways
    assert (way.state, way.name) == (state, "Television")
    if state == "lost":
        assert way.reached == 0
        assert way.people > 2_000_000


def test_what_nobody_tells_is_no_coverage_and_a_missing_name_is_the_first_there_is():
    world = profile().world
    mask = leaves_of(world, (KYIV,))
    assert cover(world, None, mask, mask, "en").ways == ()
    (way,) = cover(world, {"channels": [told(name={"uk": "ТБ"})]}, mask, mask, "en").ways
    assert way.name == "ТБ"


def test_the_alarm_is_of_ones_own_regions_and_names_what_people_can_carry_there():
    world = profile().world
    cars = told(channel="cars", name={"en": "Cars"}, by_hand=True, carries=[KYIV])
    found = {"channels": [told(carries=[], lost=places(KYIV)), cars],
             "without_any": places(KYIV, LVIV)}  # fmt: skip
    mine = leaves_of(world, (KYIV,))
    alarm = cover(world, found, mine, mine, "en").alarm
    assert (alarm.regions, alarm.left) == ((KYIV,), ("Cars",))
    other = leaves_of(world, (OBLAST,))
    assert cover(world, found, mine, other, "en").alarm is None


def test_the_newest_word_on_a_channel_there_dates_it():
    world = profile().world
    mask = leaves_of(world, (KYIV,))
    said = [
        {"channel": "tv", "regions": [KYIV], "as_of": "2022-10-11T08:00:00Z"},
        {"channel": "tv", "regions": [KYIV], "as_of": "2022-10-11T08:30:00Z"},
        {"channel": "tv", "regions": [LVIV], "as_of": "2022-10-11T08:50:00Z"},
        {"channel": "radio", "regions": [KYIV], "as_of": "2022-10-11T08:55:00Z"},
    ]
    (way,) = cover(world, {"channels": [told()], "said": said}, mask, mask, "en").ways
    assert way.as_of == "2022-10-11T08:30:00Z"


def test_every_reason_to_call_officers_has_words():
    from tocsin.web.console.speech import Speech

    class Words:
        language = "en"

        def gettext(self, said):
            return said

    class Service:
        world = profile().world

        class clock:  # noqa: N801
            now = staticmethod(lambda: None)

    said = Speech(Service(), Words())
    assert {each.value for each in PageReason} <= set(said.calls)
    assert set(said.roles) == {each.value for each in Role}
