"""What a page never does: fetch from elsewhere, set a cookie, weigh much, run what is inline."""

import gzip
import re

import pytest

from kit.houses import KYIV, LVIV
from kit.sites import site, visiting

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; trusted-types tocsin; "
    "require-trusted-types-for 'script'"
)
PATHS = ("/", f"/r/{KYIV}", "/places", "/about", "/r/nowhere", "/nothing-here")


async def test_pages_carry_the_policy_and_no_cookie(tmp_path):
    async with site(tmp_path) as house:
        for path in PATHS:
            answer = await house.anybody.get(path)
            assert answer.headers["content-security-policy"] == POLICY, path
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert answer.headers["permissions-policy"] == "geolocation=(self)"
            assert answer.headers["cache-control"] == "no-store"
            assert "set-cookie" not in answer.headers
            assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", answer.text)


async def test_pages_are_at_peace_with_their_policy_at_every_change(tmp_path):
    async with site(tmp_path) as house, visiting(house.url) as visitor:
        await visitor.open("/places?q=lviv&lang=en")
        await visitor.open("/about")
        country = await visitor.open("/")
        region = await visitor.open(f"/r/{LVIV}")
        alert = await house.issue(LVIV)
        await region.locator("html[data-state=alert]").wait_for()
        await house.post(f"/api/v1/alerts/{alert['id']}/clear")
        await region.locator("html[data-state=clear]").wait_for()
        await country.locator(f"#m-{LVIV}.clear").wait_for()
        assert await country.context.cookies() == []


async def test_the_first_view_is_light(tmp_path):
    """UX section 3: HTML at most 14 KB, the first view at most 50 KB, compressed."""
    async with site(tmp_path) as house:
        tree = house.home.world.tree
        for code in tree.children(tree.root):
            await house.issue(code)
        for path in ("/", f"/r/{KYIV}", f"/r/{LVIV}"):
            async with house.anybody.stream("GET", path) as answer:
                html = b"".join([part async for part in answer.aiter_raw()])
            assert answer.headers["content-encoding"] == "gzip"
            page = gzip.decompress(html).decode()
            whole = len(html)
            for address in set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page)):
                async with house.anybody.stream("GET", address) as file:
                    whole += len(b"".join([part async for part in file.aiter_raw()]))
                assert file.status_code == 200
                assert "immutable" in file.headers["cache-control"]
            assert len(html) <= 14 * 1024, f"{path}: {len(html)} bytes of HTML"
            assert whole <= 50 * 1024, f"{path}: {whole} bytes in all"


async def test_the_scripts_weigh_less_than_8_kb(tmp_path):
    async with site(tmp_path) as house:
        page = (await house.anybody.get("/")).text
        scripts = set(re.findall(r'src="(/static/[^"]+\.js)"', page))
        assert scripts
        size = 0
        for address in scripts:
            async with house.anybody.stream("GET", address) as file:
                size += len(b"".join([part async for part in file.aiter_raw()]))
        assert size < 8 * 1024


async def test_a_page_that_has_not_changed_is_not_sent_again(tmp_path):
    async with site(tmp_path) as house:
        path = f"/r/{KYIV}?fragment=1"
        first = await house.anybody.get(path)
        same = {"If-None-Match": first.headers["etag"]}
        house.clock.step(seconds=15)
        again = await house.anybody.get(path, headers=same)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["tocsin-now"] == "2022-10-11T09:00:15.000+00:00"
        await house.issue(KYIV)
        assert (await house.anybody.get(path, headers=same)).status_code == 200


async def test_other_names_of_a_place_lead_to_its_page(tmp_path):
    async with site(tmp_path) as house:
        for alias in ("UA-30", "ua-30", "ukrainealarm:31"):
            moved = await house.anybody.get(f"/r/{alias}", params={"lang": "en"})
            assert (moved.status_code, moved.headers["location"]) == (301, f"/r/{KYIV}?lang=en")
        moved = await house.anybody.get("/r/UA-30.txt")
        assert (moved.status_code, moved.headers["location"]) == (301, f"/r/{KYIV}.txt")
        unknown = await house.anybody.get("/r/atlantis", params={"lang": "en"})
        assert unknown.status_code == 404
        assert "This says nothing about danger." in unknown.text


async def test_the_text_twin_says_state_action_since_and_known(tmp_path):
    async with site(tmp_path) as house:
        await house.issue(KYIV)
        house.clock.step(minutes=107)
        text = await house.anybody.get(f"/r/{KYIV}.txt", params={"lang": "en"})
        assert text.headers["content-type"] == "text/plain; charset=utf-8"
        assert text.text.replace("\u00a0", " ") == (
            "AIR RAID ALERT: Kyiv City\n"
            "Go to shelter now. Stay there until the all-clear.\n"
            "1 h 47 min since 12:00 today\n"
            "Known at 13:47:00, 11 October 2022.\n"
        )


async def test_a_place_is_found_by_any_spelling_and_by_letter(tmp_path):
    async with site(tmp_path) as house:
        for asked in ("Kyiv", "kiev", "КИЇВ", "Київ"):
            page = await house.anybody.get("/places", params={"q": asked, "lang": "en"})
            found = page.headers.get("location", "") + page.text
            assert f"/r/{KYIV}?lang=en" in found, asked
        page = await house.anybody.get("/places", params={"letter": "Л", "lang": "uk"})
        assert "Львівська область" in page.text
        evil = await house.anybody.get("/places", params={"q": "<script>alert(1)</script>"})
        assert "<script>alert" not in evil.text


async def test_the_language_is_the_readers_unless_he_chose_one(tmp_path):
    async with site(tmp_path) as house:
        for headers, query, language in (
            ({"accept-language": "en-GB,en;q=0.9,uk;q=0.8"}, {}, "en"),
            ({"accept-language": "de"}, {}, "uk"),
            ({"accept-language": "en"}, {"lang": "uk"}, "uk"),
            ({"accept-language": "en"}, {"lang": "<b>"}, "en"),
        ):
            page = await house.anybody.get("/", headers=headers, params=query)
            assert f'<html lang="{language}"' in page.text


async def test_what_is_under_alert_stands_before_what_ran_out_long_ago(tmp_path):
    async with site(tmp_path) as house:
        old = await house.issue(LVIV)
        house.clock.step(hours=3)
        await house.expire(old["id"])
        await house.issue(KYIV)
        page = (await house.anybody.get("/", params={"lang": "en"})).text
        pressing = page[page.index('data-part="pressing"') : page.index("<template")]
        assert re.findall(r'data-region="(\w+)"', pressing) == [KYIV, LVIV]
