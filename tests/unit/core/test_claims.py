"""What a number means, and when two claims are of one voice."""

from __future__ import annotations

import pytest

from kit.chronicle import figure
from tocsin.core.claims import OUTLET, Qualifier, SpeakerKind, Voice, bounds

# the annotation guide of the reports, "numbers"
MEANS = [
    (Qualifier.EXACT, 19, (19, 19)),
    (Qualifier.AT_LEAST, 10, (10, None)),
    (Qualifier.MORE_THAN, 100, (101, None)),
    (Qualifier.ABOUT, 40, (40, 40)),
    (Qualifier.NEARLY, 30, (None, 30)),
    (Qualifier.UP_TO, 30, (None, 30)),
    (Qualifier.DOZENS, None, (24, 99)),
    (Qualifier.HUNDREDS, None, (200, 999)),
    (Qualifier.THOUSANDS, None, (2000, 9999)),
    (Qualifier.SOME, None, (1, None)),
    (Qualifier.NONE, None, (0, 0)),
    (Qualifier.NONE, 0, (0, 0)),
]


@pytest.mark.parametrize(("qualifier", "value", "expected"), MEANS)
def test_a_number_means_what_the_guide_says(qualifier, value, expected):
    assert bounds(qualifier, value) == expected
    said = figure(value, qualifier=qualifier)
    assert (said.low, said.high) == (expected[0] or 0, expected[1])


def test_every_qualifier_has_its_meaning():
    assert {qualifier for qualifier, _, _ in MEANS} == set(Qualifier)


def test_a_qualifier_of_a_number_needs_one():
    with pytest.raises(ValueError, match="at_least needs a number"):
        bounds(Qualifier.AT_LEAST, None)


def person(**more):
    return Voice(kind=SpeakerKind.PERSON, **more)


def test_a_named_person_is_one_voice_whatever_the_title_outlet_or_spacing():
    one = person(name="Ann  Lee", role="mayor", org="city")
    assert one.key("Gazette") == person(name="ann lee", role="governor").key("Herald")
    assert one.key("Gazette") != person(name="Ben Lee", role="mayor", org="city").key("Gazette")


def test_an_office_without_a_name_is_its_role_in_its_organisation_in_every_report():
    office = person(role="spokesman", org="Rescue Service")
    assert office.key("Gazette") == office.key("Herald")
    assert office.key("Gazette") != person(role="chief", org="Rescue Service").key("Gazette")


@pytest.mark.parametrize(
    "voice",
    [
        Voice(kind=SpeakerKind.GROUP, role="local officials"),
        Voice(kind=SpeakerKind.GROUP, role="officials", org="city"),
        Voice(kind=SpeakerKind.ANONYMOUS, role="a diplomat", org="Union"),
        person(role="a resident"),
        person(),
        OUTLET,
    ],
)
def test_nobody_known_by_name_or_office_is_one_voice_in_two_outlets(voice):
    assert voice.key("Gazette") != voice.key("Herald")
    assert voice.key("Gazette") == voice.key("  GAZETTE ")
