"""The console's map and finder, as a hand and a keyboard use them."""

import contextlib

import pytest

from kit.pages import WATCH, bench

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60)]

SQUARES = "".join(
    f'<path class="r alert" data-geocode="{code}" d="M{x} 0h90v90h-90z"/>'
    for code, x in (("A", 0), ("B", 100))
)
PARTS = "".join(
    f'<path class="r" data-geocode="{code}" data-within="{code[0]}" d="M{x} 0h40v90h-40z"/>'
    for code, x in (("A1", 0), ("A2", 50), ("B1", 100))
)


def drawn(inside):
    return (
        f'<svg class="map" viewBox="0 0 200 100" role="img" aria-label="Map">{inside}'
        '<path data-outline="A" d="M0 0h90"/></svg>'
    )


PAGE = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Map</title>
<link rel="icon" href="/static/b/icon-quiet.svg"><link rel="stylesheet" href="/static/b/tokens.css">
<script type="module" src="/page.js"></script></head><body><main><h1>Map</h1>{drawn(SQUARES)}
<form><label for="where">Where</label><input id="where"><ul id="found" hidden></ul>
<input id="other" aria-label="Other"></form><p id="said" role="status"></p></main></body></html>"""
SCRIPT = (
    WATCH
    + """
import { wireMap } from '/static/b/console/map.js';
import { wireFinder } from '/static/b/console/finder.js';
self.chosen = new Set();
self.did = [];
self.sent = 0;
document.querySelector('form').addEventListener('submit', (e) => { e.preventDefault(); sent++; });
self.map = wireMap(document.querySelector('svg.map'), {
  chosen, sentence: (all) => `Chosen: ${[...all].join(' ')}`,
  onPick(code) { chosen.has(code) ? chosen.delete(code) : chosen.add(code); map.paint(); },
});
const PLACES = ['Kyiv City', 'Kyiv oblast', 'Kryvyi Rih', 'Lviv'];
self.asked = [];
self.gates = null; // where a test holds answers back: one function for each question
self.finder = wireFinder(document.getElementById('where'), document.getElementById('found'), {
  async search(query) {
    asked.push(query);
    if (gates) await new Promise((open) => gates.push(open));
    if (query === 'broken') throw new Error('no answer');
    const items = PLACES.filter((name) => name.toLowerCase().startsWith(query.toLowerCase()));
    const all = { id: 'g', name: 'all', note: 'saved group', group: true };
    return [...(query === 'all' ? [all] : []),
      ...items.map((name) => ({ id: name, name, note: '<b>code</b>' }))];
  },
  onAdd: (item) => did.push(item.id), onDropLast: () => did.push('back'),
  single: () => self.letters ?? true,
  say: (text) => { document.getElementById('said').textContent = text; },
  words: { none: 'Nothing found', failed: 'No answer', count: (n) => `${n} found` },
});
self.ready = true;
"""
)
BODIES = {
    "/": (PAGE, "text/html"),
    "/page.js": (SCRIPT, "text/javascript"),
    "/parts": (f"<!doctype html><title>x</title>{drawn(PARTS)}<script>did.push('evil')</script>",
               "text/html"),
    "/broken": 503,
}  # fmt: skip


@contextlib.asynccontextmanager
async def console():
    async with bench(BODIES) as it:
        await it.until("self.ready")
        yield it


def picked(page):
    return page.evaluate(
        "[...document.querySelectorAll('.r.pick')].map((it) => it.dataset.geocode)"
    )


async def test_a_press_picks_a_region_and_another_drops_it():
    async with console() as it:
        await it.page.click("[data-geocode=A]")
        await it.page.click("[data-geocode=B]")
        assert await picked(it.page) == ["A", "B"]
        label = await it.page.locator("svg.map").get_attribute("aria-label")
        assert label == "Chosen: A B"
        assert await it.page.locator("[data-geocode=A]").get_attribute("class") == "r alert pick"
        await it.page.click("[data-geocode=A]")
        assert await picked(it.page) == ["B"]
        await it.at_peace()


async def test_the_parts_show_what_is_picked_around_them_and_can_be_picked():
    async with console() as it:
        await it.page.click("[data-geocode=A]")
        await it.page.evaluate("map.swap('/parts')")
        assert await picked(it.page) == ["A1", "A2"]
        await it.page.click("[data-geocode=B1]")
        assert await it.page.evaluate("[...chosen]") == ["A", "B1"]
        await it.page.evaluate("chosen.clear(), chosen.add('A2'), map.paint()")
        assert await it.page.locator("[data-outline=A].pick-part").count() == 1
        assert await it.page.locator("svg.map").count() == 1
        assert await it.page.evaluate("did") == []
        await it.at_peace()


async def test_a_map_that_does_not_come_leaves_the_one_there_is():
    async with console() as it:
        failed = await it.page.evaluate("map.swap('/broken').catch((problem) => problem.message)")
        assert failed == "status 503"
        await it.page.click("[data-geocode=B]")
        assert await picked(it.page) == ["B"]
        assert await it.page.evaluate("violations") == []


async def test_slash_letters_enter_adds_the_first_and_backspace_takes_it_back():
    async with console() as it:
        keys = it.page.keyboard
        await keys.press("/")
        await keys.type("ky")
        await keys.press("Enter")  # at once: before the list has come
        await it.until("did.length === 1")
        assert await it.page.evaluate("[did, sent, asked]") == [["Kyiv City"], 0, ["ky"]]
        assert await it.page.locator("#where").input_value() == ""
        await keys.press("Backspace")
        assert await it.page.evaluate("did") == ["Kyiv City", "back"]
        await it.at_peace()


async def test_arrows_point_and_the_list_says_what_it_points_at():
    async with console() as it:
        field, keys = it.page.locator("#where"), it.page.keyboard
        assert await field.get_attribute("role") == "combobox"
        await keys.press("/")
        await keys.type("k")
        await it.page.get_by_role("option").nth(2).wait_for()
        assert await it.page.locator("#said").inner_text() == "3 found"
        assert await field.get_attribute("aria-expanded") == "true"
        for _ in range(2):
            await keys.press("ArrowDown")
        pointed = it.page.locator(f"#{await field.get_attribute('aria-activedescendant')}")
        assert await pointed.get_attribute("aria-selected") == "true"
        assert await pointed.inner_text() == "Kryvyi Rih <b>code</b>"
        assert await it.page.locator("[aria-selected=true]").count() == 1
        await keys.press("ArrowUp")
        await keys.press("Enter")
        await it.until("did.length === 1")
        assert await it.page.evaluate("did") == ["Kyiv oblast"]
        assert await field.get_attribute("aria-expanded") == "false"
        assert await field.get_attribute("aria-activedescendant") is None
        await it.at_peace()


async def test_an_answer_that_was_overtaken_is_never_added():
    async with console() as it:
        keys = it.page.keyboard
        await it.page.evaluate("self.gates = []")
        await keys.press("/")
        await keys.type("ky")
        await it.until("gates.length === 1")
        await it.page.locator("#where").fill("lv")
        await it.until("gates.length === 2")
        await keys.press("Enter")
        await keys.press("Enter")  # a double press adds once
        await it.page.evaluate("gates[0]()")
        assert await it.page.locator("[role=option]").count() == 0
        assert await it.page.evaluate("did") == []
        await it.page.evaluate("gates[1]()")
        await it.until("did.length === 1")
        assert await it.page.evaluate("did") == ["Lviv"]
        await it.at_peace()


async def test_groups_stand_in_the_list_and_silence_is_said():
    async with console() as it:
        field, said = it.page.locator("#where"), it.page.locator("#said")
        await field.fill("all")
        group = it.page.locator("[role=option].group")
        await group.click()
        assert await it.page.evaluate("did") == ["g"]
        assert await it.page.evaluate("document.activeElement.id") == "where"
        await field.fill("nowhere")
        await said.get_by_text("Nothing found").wait_for()
        await field.fill("broken")
        await said.get_by_text("No answer").wait_for()
        await it.page.keyboard.press("Enter")
        assert await it.page.evaluate("did") == ["g"]
        await it.at_peace()


async def test_slash_is_a_letter_where_somebody_types_and_can_be_turned_off():
    async with console() as it:
        await it.page.focus("#other")
        await it.page.keyboard.press("/")
        assert await it.page.locator("#other").input_value() == "/"
        await it.page.evaluate("document.activeElement.blur(), self.letters = false")
        await it.page.keyboard.press("/")
        assert await it.page.evaluate("document.activeElement.tagName") == "BODY"
        await it.page.evaluate("self.letters = true")
        await it.page.keyboard.press("/")
        assert await it.page.evaluate("document.activeElement.id") == "where"
        await it.at_peace()
