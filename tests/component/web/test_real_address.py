"""What a page tells people to type works; a refusal says what may not be done, in words."""

from __future__ import annotations

import re

from kit.staff import staffed
from tocsin.core.authority import DOING, Permission


async def test_the_command_on_the_page_names_the_address_that_was_asked(tmp_path):
    async with staffed(tmp_path) as crew:
        for headers, scheme in (({}, "http"), ({"X-Forwarded-Proto": "https"}, "https")):
            seen = await crew.ask("anybody", "GET", "/real", **headers)
            found = re.search(r"curl -s (\w+)://[^/]+/api/v1/head", seen.text)
            assert found is not None
            assert found[1] == scheme


async def test_a_refusal_says_in_words_what_a_credential_may_not_do(tmp_path):
    async with staffed(tmp_path) as crew:
        seen = await crew.ask("viewer", "POST", "/api/v1/outages", {})
        assert seen.rule == "not-allowed"
        assert seen.json()["help"] == "This credential may not work on the situation."
        assert set(DOING) == set(Permission)
