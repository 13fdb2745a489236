"""A page never shows the present as a moment that it was asked for and does not heed."""

from __future__ import annotations

import pytest

from kit.houses import KYIV
from kit.newsdesk import OFFICER, newsdesk

pytestmark = pytest.mark.timeout(120)
ENGLISH = {"Accept-Language": "en"}
NO_MOMENT = "This address names no moment."
NOT_HERE = "This page cannot be asked for the past."


async def test_a_public_page_refuses_a_moment_that_it_does_not_heed_in_its_own_words(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        for path, said in (
            ("/situation?day=2022-13-45&time=99:99", NO_MOMENT),
            ("/situation?day=2022-10-11&time=12:00", NO_MOMENT),
            ("/?time=99:99", NO_MOMENT),
            (f"/r/{KYIV}?day=2022-10-11", NO_MOMENT),
            ("/real?at=1", NOT_HERE),
            ("/verify?at=2022-10-11T08:00:00Z", NOT_HERE),
            ("/about?at=2022-10-11T08:00:00Z", NOT_HERE),
        ):
            seen = await desk.crew.ask("anybody", "GET", path, **ENGLISH)
            assert 400 <= seen.status < 500, (path, seen.status)
            assert seen.header("content-type").startswith("text/html"), path
            assert said in seen.text, path


async def test_the_form_of_a_moment_and_its_garbage_are_answered_by_its_own_page(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        path = "/then?to=/situation&day=2022-13-45&time=99:99"
        seen = await desk.crew.ask("anybody", "GET", path, **ENGLISH)
        assert seen.status == 400
        assert 'role="alert"' in seen.text
        for path in ("/real", "/situation?before=2022-10-11", "/verify"):
            assert (await desk.crew.ask("anybody", "GET", path)).status == 200, path


async def test_the_desk_of_now_cannot_be_asked_for_the_past(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        seen = await desk.crew.ask(OFFICER, "GET", "/desk?at=2022-10-11T08:00:00Z")
        assert 400 <= seen.status < 500
        seen = await desk.crew.ask(OFFICER, "GET", "/desk/incidents?day=2022-10-11")
        assert seen.status == 200
