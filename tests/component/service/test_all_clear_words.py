"""What an all-clear says where people stay under another alert: never to leave the shelter."""

from kit.clocks import FakeClock
from kit.houses import KYIV, house, issue, profile
from tocsin.core import commands as co
from tocsin.core.hazard import Phrase

OBLAST, BUCHA = "UA32000000000030281", "UA32080000000084076"
AUTHORITY = profile().world.authority
FREE = "You may leave the shelter"


async def _given(home, *regions, **more):
    accepted = await home.service.submit(issue(*regions, **more))
    return accepted.alert_id


def _said(home, alert_id, phrase):
    return home.service.words(home.service.view(alert_id).alert)[phrase]


async def test_an_all_clear_names_only_who_is_free_and_what_goes_on(tmp_path):
    async with house(tmp_path, FakeClock()) as home:
        wide = await _given(home, OBLAST)
        await _given(home, BUCHA, hazard="artillery")
        await home.service.submit(co.ClearAlert(sender=AUTHORITY, alert_id=wide))
        said = _said(home, wide, Phrase.ALL_CLEAR)
        english = said["en"]
        freed, _, goes_on = english.description.partition("Artillery")
        assert "Bucha" not in freed
        assert "Fastiv" in freed
        assert "Bucha" in goes_on
        assert FREE in english.instruction
        assert "Бучанський" in said["uk"].description
        assert "Київська область" not in said["uk"].description


async def test_an_all_clear_where_everybody_stays_under_another_tells_them_to_stay(tmp_path):
    async with house(tmp_path, FakeClock()) as home:
        await _given(home, OBLAST)
        local = await _given(home, BUCHA)
        await home.service.submit(co.ClearAlert(sender=AUTHORITY, alert_id=local))
        said = _said(home, local, Phrase.ALL_CLEAR)
        assert "Stay there until the all-clear" in said["en"].instruction
        assert not any(FREE in words.instruction for words in said.values())


async def test_what_is_ticked_along_keeps_nobody_in(tmp_path):
    async with house(tmp_path, FakeClock()) as home:
        wide = await _given(home, OBLAST)
        local = await _given(home, BUCHA)
        command = co.ClearAlert(sender=AUTHORITY, alert_id=wide, ticked=(local,))
        await home.service.submit(command)
        for each in (wide, local):
            assert FREE in _said(home, each, Phrase.ALL_CLEAR)["en"].instruction


async def test_an_alert_that_is_reduced_speaks_of_what_is_left(tmp_path):
    async with house(tmp_path, FakeClock()) as home:
        wide = await _given(home, OBLAST)
        command = co.ClearAlert(sender=AUTHORITY, alert_id=wide, regions=(BUCHA,))
        await home.service.submit(command)
        for phrase in (Phrase.ALERT, Phrase.ALL_CLEAR):
            description = _said(home, wide, phrase)["en"].description
            assert "Bucha" not in description
            assert "Kyiv Oblast" not in description
            assert "Fastiv" in description


async def test_an_all_clear_beside_nothing_keeps_the_words_that_were_ready(tmp_path):
    async with house(tmp_path, FakeClock()) as home:
        alert = await _given(home, KYIV)
        before = home.service.view(alert).alert.texts
        await home.service.submit(co.ClearAlert(sender=AUTHORITY, alert_id=alert))
        assert home.service.view(alert).alert.texts == before
