"""What the authorisation matrix does not turn on: previews, a key's own limits, two tokens at once.

The cells themselves are in ``tests/faults/test_authorisation_matrix.py``.
"""

from dataclasses import replace

import pytest

from kit.staff import DRILL, LIVE, OWN, scope_of, staffed
from tocsin.core.alert import Severity
from tocsin.core.authority import Role

WARNING = {"hazard": "air-raid", "area": {"regions": [OWN]}}


@pytest.mark.timeout(60)
async def test_without_a_preview_only_a_direct_key_warns(tmp_path):
    async with staffed(tmp_path / "data") as crew:
        for who in ("operator", "operator-key", "supervisor"):
            seen = await crew.ask(who, "POST", "/api/v1/alerts", WARNING)
            assert (seen.status, seen.rule) == (422, "token-mismatch"), who
        assert (await crew.ask("direct-key", "POST", "/api/v1/alerts", WARNING)).status == 201


@pytest.mark.timeout(60)
async def test_a_preview_is_good_for_who_made_it_and_in_its_room_alone(tmp_path):
    async with staffed(tmp_path / "data") as crew:
        preview = await crew.ask("operator", "POST", "/api/v1/drill/alerts/preview", WARNING)
        body = {**WARNING, "token": preview.json()["token"]}
        for who, path in (
            ("supervisor", "/api/v1/drill/alerts"), ("operator", "/api/v1/alerts"),
        ):  # fmt: skip
            seen = await crew.ask(who, "POST", path, body)
            assert (seen.status, seen.rule) == (422, "token-mismatch"), (who, path)
        assert (await crew.ask("operator", "POST", "/api/v1/drill/alerts", body)).status == 201


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("narrow", "rule"),
    [
        ({"hazards": ("flood",)}, "hazard-not-allowed"),
        ({"severity": Severity.MODERATE}, "severity-not-allowed"),
        ({"realms": (DRILL,)}, "wrong-room"),
        ({"regions": ("UA46000000000026241",)}, "outside-jurisdiction"),
    ],
)
async def test_a_keys_own_scope_is_narrower_than_its_owners(narrow, rule, tmp_path):
    async with staffed(tmp_path / "data") as crew:
        scope = replace(scope_of(Role.OPERATOR, (LIVE, DRILL)), **narrow)
        owner = crew["author"]
        key = await crew.give_key("narrow", owner, scope=scope, direct=True)
        seen = await crew.ask(key, "POST", "/api/v1/alerts", WARNING)
        assert (seen.status, seen.rule) == (403, rule)


@pytest.mark.timeout(60)
async def test_a_bearer_token_counts_before_a_cookie_and_a_bad_one_is_not_made_good(tmp_path):
    async with staffed(tmp_path / "data") as crew:
        person = crew["supervisor"]
        path = "/api/v1/session"
        for token, role in ((crew["viewer-key"].headers, "viewer"), ({}, "supervisor")):
            seen = await crew.ask(person, "GET", path, **token)
            assert seen.json()["role"] == role
        seen = await crew.ask(person, "GET", path, Authorization="Bearer x")
        assert (seen.status, seen.rule) == (401, "bad-credential")


@pytest.mark.timeout(60)
async def test_a_change_from_another_site_is_refused_with_the_cookie_that_it_carries(tmp_path):
    async with staffed(tmp_path / "data") as crew:
        head = crew.node.journal.head().seq
        for given in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            seen = await crew.ask("supervisor", "POST", "/api/v1/alerts", WARNING, **given)
            assert (seen.status, seen.rule) == (403, "cross-site"), given
        bare = replace(crew["supervisor"], headers={"Cookie": crew["supervisor"].headers["Cookie"]})
        seen = await crew.ask(bare, "POST", "/api/v1/alerts", WARNING)
        assert (seen.status, seen.rule) == (403, "cross-site")
        assert crew.node.journal.head().seq == head
