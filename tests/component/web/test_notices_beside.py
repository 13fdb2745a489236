"""Neither a watch nor a notice brings people out of the shelter, on the page or by the API."""

from __future__ import annotations

from datetime import timedelta

from kit.houses import KYIV, LVIV, issue
from kit.officers import yes
from kit.staff import staffed

SAW = {"uk": "Змін не видно. Робити нічого не треба.", "en": "No change. There is nothing to do."}
WATCH = {
    "hazard": "radiation", "regions": [KYIV, LVIV], "text": SAW,
    "voice": {"kind": "organisation", "name": "Inspectorate"},
}  # fmt: skip


async def page(crew, region=KYIV):
    seen = await crew.ask("anybody", "GET", f"/r/{region}", **{"Accept-Language": "en"})
    assert seen.status == 200, seen.text
    return seen.text


async def test_a_page_under_any_alert_says_nothing_of_nothing_to_do(tmp_path):
    async with staffed(tmp_path) as crew:
        now = crew.clock.now()
        asked = {**WATCH, "as_of": now.isoformat(),
                 "fresh_until": (now + timedelta(hours=2)).isoformat()}  # fmt: skip
        made = await crew.ask("author", "POST", "/api/v1/watches", asked)
        assert made.status == 201, made.text
        assert "nothing to do" in await page(crew)
        yes(await crew.node.service.submit(issue(KYIV)))
        under = await page(crew)
        assert "nothing to do" not in under
        assert "Says: Inspectorate" in under
        assert "nothing to do" in await page(crew, LVIV), "no alert is there"
        situation = await crew.ask("anybody", "GET", "/situation", **{"Accept-Language": "en"})
        assert "nothing to do" not in situation.text
        for query, stands in (("", "beside-alert"), (f"?region={LVIV}", "fresh")):
            seen = await crew.ask("anybody", "GET", f"/api/v1/watches{query}")
            (watch,) = seen.json()["watches"]
            assert watch["freshness"] == stands
            assert (watch["statement"] is None) == (stands != "fresh")
            assert watch["signature"]
            (told,) = (await crew.ask("anybody", "GET", f"/api/v1/situation{query}")).json()[
                "watches"
            ]
            assert bool(told["text"]) == (stands == "fresh")


async def test_a_lie_is_answered_by_few_words_and_never_by_an_all_clear(tmp_path):
    async with staffed(tmp_path) as crew:

        def asked(en, uk="Хибне."):
            return {"area": {"regions": [KYIV]}, "text": {"en": en, "uk": uk}}

        path = "/api/v1/counterfeits"
        for en, uk in (
            ("All-clear.", "x"), ("False. Come out now.", "x"), ("x", "Відбій тривоги."),
            ("x", "Виходьте з укриття."), ("Look at evil.example", "x"), ("You are safe.", "x"),
        ):  # fmt: skip
            seen = await crew.ask("author", "POST", path, asked(en, uk))
            assert (seen.status, seen.rule) == (422, "reads-as-all-clear"), (en, uk)
        blank = await crew.ask("author", "POST", path, asked("\u2800 ."))
        assert (blank.status, blank.rule) == (422, "text-missing")
        refused = await crew.ask("operator-key", "POST", path, asked("It is false."))
        assert (refused.status, refused.rule) == (403, "not-allowed")
        texts = [f"Message {number} is false. Stay until the all-clear." for number in range(5)]
        for text in texts:
            done = await crew.ask("direct-key", "POST", path, asked(text))
            assert done.status == 201, done.text
            crew.clock.step(minutes=1)
        seen = await page(crew)
        open_, _, folded = seen.partition('<details class="false-more">')
        assert [text in open_ for text in texts] == [False, False, True, True, True]
        assert all(text in folded for text in texts[:2])
        assert "2 more false warnings" in folded


async def test_supervisors_are_called_where_a_notice_reaches_many(tmp_path):
    async with staffed(tmp_path) as crew:
        asked = {"area": {"regions": [KYIV]}, "text": {"en": "It is false.", "uk": "Хибне."}}
        assert (await crew.ask("author", "POST", "/api/v1/counterfeits", asked)).status == 201
        desk = (await crew.ask("supervisor", "GET", "/api/v1/desk")).json()
        assert "counterfeit" in [each["why"] for each in desk["calls"]]
        console = await crew.ask("supervisor", "GET", "/console", **{"Accept-Language": "en"})
        assert "One person told many that a warning is false" in console.text
