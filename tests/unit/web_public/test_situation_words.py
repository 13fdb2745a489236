"""How the situation is said: counts that name what they count, speakers, things, notes."""

import pytest

from tocsin.core.claims import Figure, Measure, Qualifier, SpeakerKind, Thing, Voice
from tocsin.reader.draft import UNREAD
from tocsin.reader.happenings import SUPERSEDED
from tocsin.reader.proposed import NOTE, NOTE_UNSUPPORTED
from tocsin.web.desk.notes import note
from tocsin.web.public.situation_words import Phrases
from tocsin.web.words import Words

EN = Phrases(Words("en", "Europe/Kyiv"), ("uk", "en"))
UK = Phrases(Words("uk", "Europe/Kyiv"), ("uk", "en"))


def figure(*measures, qualifier=Qualifier.EXACT, value=None, what="", is_part=False):
    return Figure(measures=measures, qualifier=qualifier, value=value, what=what, is_part=is_part)


@pytest.mark.parametrize(
    ("said", "en"),
    [
        (figure(Measure.AFFECTED, qualifier=Qualifier.AT_LEAST, value=3, what="strikes"),
         "strikes: at least 3"),
        (figure(Measure.AFFECTED, qualifier=Qualifier.HUNDREDS, what="people sheltering"),
         "people in shelters: hundreds"),
        (figure(Measure.AFFECTED, value=7), "7 affected"),
        (figure(Measure.DAMAGED, value=4, what="houses"), "4 damaged (houses)"),
        (figure(Measure.KILLED, qualifier=Qualifier.SOME), "killed: a number not given"),
        (figure(Measure.KILLED, Measure.INJURED, qualifier=Qualifier.SOME),
         "killed and wounded: a number not given"),
        (figure(Measure.KILLED, value=2, is_part=True), "of them 2 killed"),
    ],
)  # fmt: skip
def test_a_figure_is_said_as_it_was_and_names_what_it_counts(said, en):
    assert EN.figure(said) == en


def test_a_range_has_a_heading_that_names_what_it_counts():
    assert EN.counted(Measure.AFFECTED, "strikes") == "strikes"
    assert EN.counted(Measure.OUT, "people sheltering") == "without service (people in shelters)"
    assert EN.counted(Measure.KILLED, "") == "killed"
    assert UK.counted(Measure.AFFECTED, "people sheltering") != "people sheltering"


@pytest.mark.parametrize(
    ("voice", "en"),
    [
        (Voice(kind=SpeakerKind.ANONYMOUS), "somebody without a name"),
        (Voice(kind=SpeakerKind.ANONYMOUS, role="diplomats"), "diplomats, not named"),
        (Voice(kind=SpeakerKind.ANONYMOUS, via="Reuters"),
         "somebody without a name, through Reuters"),
    ],
)  # fmt: skip
def test_who_has_no_name_is_told_to_have_none_once(voice, en):
    assert EN.speaker(voice, "Gazette") == en


@pytest.mark.parametrize(
    ("thing", "uk"),
    [
        ("substation", "підстанція"),
        ("control-room", "диспетчерська"),
        ("hospital", "лікарня"),
        ("military", "військовий обʼєкт"),
    ],
)
def test_things_that_only_the_desk_sees_have_their_words_too(thing, uk):
    assert UK.thing(Thing(type=thing, status="hit")).partition(": ")[0] == uk


@pytest.mark.parametrize(
    ("kept", "uk"),
    [
        (NOTE, "Запропонувала мовна модель; слова прочитано за нашими правилами."),
        (SUPERSEDED, "Попереднє число, яке повідомлення виправляє."),
        (UNREAD.format(most=900), "Прочитано лише перші 900 знаків повідомлення."),
        (NOTE_UNSUPPORTED % {"kind": "damage"},
         "Мовна модель вважає, що це: Пошкодження. Наші правила цього не знаходять."),
        (NOTE_UNSUPPORTED % {"kind": "no-kind"}, NOTE_UNSUPPORTED % {"kind": "no-kind"}),
        ("Ask the mayor again.", "Ask the mayor again."),
        ("", ""),
    ],
)  # fmt: skip
def test_the_readers_notes_are_translated_and_an_officers_stay(kept, uk):
    assert note(UK.words, UK, kept) == uk
