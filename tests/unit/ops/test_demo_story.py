"""The demo's story file: what is read of it, and every slip that it can have."""

from datetime import UTC, datetime

import pytest

from kit.houses import profile
from tocsin.core.claims import OUTLET
from tocsin.errors import ProfileProblem
from tocsin.ops.demo.situation import Account, Opening, Tie, read_story

GOOD = """
looks = [2022-03-02T05:00:00]
[reports.gazette]
outlet = "Gazette"
published = 2022-03-01
[reports.herald]
outlet = "Herald"
published = 2022-03-01
at = 17:24:00
[voices.mayor]
kind = "person"
name = "A. Mayor"
[[filings]]
at = 2022-03-01T18:00:00
report = "gazette"
[[filings.guidance]]
key = "boil"
regions = ["UA-30"]
words = { uk = "Кип'ятіть воду.", en = "Boil water." }
[[filings.incidents]]
key = "one"
kind = "fire"
site = "civilian"
region = "UA-30"
object = "the mill"
from = 2022-03-01T10:00:00
until = 2022-03-01T12:00:00
title = { uk = "Пожежа", en = "Fire" }
[[filings.incidents]]
key = "two"
kind = "collapse"
site = "civilian"
region = "UA-30"
from = 2022-03-01T10:00:00
until = 2022-03-01T12:00:00
title = { uk = "Обвал", en = "Collapse" }
[[filings.claims]]
ref = "a"
incident = "one"
kind = "hazard"
words = { uk = "Горить.", en = "It burns." }
[[filings.claims]]
ref = "b"
report = "herald"
voice = "mayor"
kind = "statement"
region = "UA-46"
words = { uk = "Каже.", en = "He says." }
[[filings.links]]
kind = "caused-by"
one = "two"
other = "one"
reason = "it burned through"
[[filings]]
at = 2022-03-01T19:00:00
report = "gazette"
ends = ["boil"]
"""


def read(text: str):
    return read_story(text.encode(), profile())


def test_claims_take_place_and_time_of_their_incident_and_the_date_of_their_report():
    story = read(GOOD)
    _, one, two, first, second, tie = story.filings[0].entries
    assert isinstance(one, Opening)
    assert isinstance(two, Opening)
    assert isinstance(first, Account)
    assert isinstance(second, Account)
    assert isinstance(tie, Tie)
    assert first.saying.where == one.command.where
    assert first.saying.happened == one.command.when
    assert first.saying.voice == OUTLET
    assert first.saying.outlet == "Gazette"
    assert first.saying.said_at == story.filings[0].at, "a day alone: no later than it is entered"
    assert second.saying.happened is None
    assert second.saying.said_at == datetime(2022, 3, 1, 15, 24, tzinfo=UTC)
    assert story.looks == [datetime(2022, 3, 2, 3, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('key = "one"', 'key = "one"\ncolour = "red"', "colour"),
        ('key = "two"', 'key = "one"', "/filings/0/incidents/1/key"),
        ('incident = "one"', 'incident = "three"', "/filings/0/claims/0/incident"),
        ('voice = "mayor"', 'voice = "nobody"', "/filings/0/claims/1/voice"),
        ('report = "herald"', 'report = "times"', "/filings/0/claims/1/report"),
        ('region = "UA-46"', 'region = "UA-99"', "/filings/0/claims/1/region"),
        ('regions = ["UA-30"]', 'regions = ["UA-99"]', "/filings/0/guidance/0/regions/0"),
        ('uk = "Каже.", ', "", "/filings/0/claims/1/words: say it in 'uk'"),
        ('other = "one"', 'other = "three"', "/filings/0/links/0"),
        ('ends = ["boil"]', 'ends = ["stir"]', "/filings/1/ends/0"),
        ("at = 2022-03-01T19:00:00", "at = 2022-03-01T17:00:00", "order of their times"),
        ('region = "UA-30"\nobject = "the mill"\n', "", "/filings/0/incidents/0"),
        ('kind = "statement"', 'kind = "gossip"', "gossip"),
        ("[reports.gazette]", "[reports.gazette", "situation.toml"),
    ],
)
def test_a_slip_is_told_with_its_place(old, new, said):
    assert old in GOOD
    with pytest.raises(ProfileProblem) as found:
        read(GOOD.replace(old, new, 1))
    assert said in str(found.value)
