"""A false warning is answered at once, in every language, where one may warn."""

import pytest

from kit.world import LANGUAGES, Story
from tocsin.core import notice_commands as nc
from tocsin.core import notice_events as ne
from tocsin.core.alert import Audience, Realm
from tocsin.core.area import Area
from tocsin.core.authority import Role, Scope, Warrant
from tocsin.core.events import audience_of_event
from tocsin.core.refusals import Rule

HERE = Area(regions=("n1",))
TELL = nc.TellCounterfeit(area=HERE, words="hash", languages=LANGUAGES)


@pytest.fixture
def story() -> Story:
    return Story.with_mandates()


def warrant(role=Role.SITUATION_OFFICER, *, realms=(Realm.LIVE,), regions=("n1",)):
    scope = Scope(role=role, sender="n1-office", hazards=("*",), realms=realms, regions=regions)
    return Warrant(account="anna", credential="key", name="anna", scope=scope)


def test_it_is_public_at_once_and_ends_once(story):
    (told,) = story.tell(TELL)
    assert isinstance(told, ne.CounterfeitTold)
    assert audience_of_event(told) is Audience.PUBLIC
    assert len(told.handle) == 4
    (ended,) = story.tell(nc.EndCounterfeit(notice_id=told.notice_id))
    assert isinstance(ended, ne.CounterfeitEnded)
    held = story.state.notices.counterfeits[told.notice_id]
    assert held.ended_at == story.now
    assert story.tell(nc.EndCounterfeit(notice_id=told.notice_id)) == ()


@pytest.mark.parametrize(
    ("more", "rule", "field"),
    [
        ({"area": Area()}, Rule.EMPTY_AREA, "/area"),
        ({"area": Area(regions=("atlantis",))}, Rule.UNKNOWN_REGION, "/area/regions/0"),
        ({"languages": LANGUAGES[:1]}, Rule.TEXT_MISSING, f"/text/{LANGUAGES[1]}"),
        ({"refutes": "nothing"}, Rule.UNKNOWN_CLAIM, "/refutes"),
    ],
)
def test_what_it_must_be(story, more, rule, field):
    asked = nc.TellCounterfeit(**{"area": HERE, "words": "hash", "languages": LANGUAGES, **more})
    found = story.refused(asked)
    assert (found.rule, found.field) == (rule, field)
    assert story.refused(nc.EndCounterfeit(notice_id="x")).rule is Rule.UNKNOWN_NOTICE


def test_it_is_for_officers_of_the_situation_in_their_own_room_and_place(story):
    (told,) = story.tell(TELL, warrant())
    assert story.refused(TELL, warrant(Role.VIEWER)).rule is Rule.NOT_ALLOWED
    assert story.refused(TELL, warrant(realms=(Realm.DRILL,))).rule is Rule.WRONG_ROOM
    elsewhere = warrant(regions=("south",))
    assert story.refused(TELL, elsewhere).rule is Rule.OUTSIDE_JURISDICTION
    end = nc.EndCounterfeit(notice_id=told.notice_id)
    assert story.refused(end, elsewhere).rule is Rule.OUTSIDE_JURISDICTION
    assert story.tell(end, warrant())
