"""The watch over HTTP: signed, fresh or stale as it is read, and silent beside an alert."""

from datetime import timedelta

from kit.houses import KYIV, LVIV, issue
from kit.newsdesk import newsdesk
from kit.officers import yes
from kit.staff import staffed
from tocsin.keys.kinds import Purpose
from tocsin.keys.signed import misfit

WORDS = {"uk": "Рівні звичайні.", "en": "Levels are as usual. Nothing to do."}


def look(desk_or_crew, **more):
    clock = getattr(desk_or_crew, "crew", desk_or_crew).clock
    now = clock.now()
    return {
        "hazard": "radiation", "regions": [KYIV], "as_of": now.isoformat(), "text": WORDS,
        "fresh_until": (now + timedelta(hours=1)).isoformat(),
        "voice": {"kind": "organisation", "name": "Inspectorate", "official": True}, **more,
    }  # fmt: skip


async def listed(desk, query=""):
    """The watches that anybody reads."""
    seen = await desk.crew.ask("anybody", "GET", f"/api/v1/watches{query}")
    assert seen.status == 200, seen.text
    return seen.json()["watches"]


async def test_a_watch_is_signed_so_that_anybody_can_check_it(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        made = await desk.post("/watches", look(desk), 201)
        (told,) = await listed(desk)
        assert told == made
        assert (told["statement"], told["freshness"]) == ("no-danger-known", "fresh")
        assert (told["text"], told["says"]["name"]) == (WORDS, "Inspectorate")
        head = (await desk.crew.ask("anybody", "GET", "/api/v1/head")).json()
        assert told["key"] == head["key"]
        key = desk.crew.node.keys.key(Purpose.HEAD).public
        assert misfit(told, [key]) is None
        for change in ({"fresh_until": "2030-01-01T00:00:00Z"}, {"hazard": "flood"}):
            assert misfit({**told, **change}, [key]) is not None


async def test_it_goes_stale_by_itself_and_the_next_look_keeps_its_id(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        made = await desk.post("/watches", look(desk), 201)
        desk.crew.clock.step(hours=1)
        (stale,) = await listed(desk)
        assert (stale["id"], stale["freshness"]) == (made["id"], "stale")
        assert misfit(stale, [desk.crew.node.keys.key(Purpose.HEAD).public]) is None
        again = await desk.post(f"/watches/{made['id']}", look(desk))
        assert (again["id"], again["freshness"]) == (made["id"], "fresh")
        assert await listed(desk, f"?region={LVIV}") == []
        ended = await desk.post(f"/watches/{made['id']}/end", {})
        assert ended["ended"] is not None
        assert await listed(desk) == []
        assert await listed(desk, "?history=1") == [ended]


async def test_beside_an_alert_a_watch_says_nothing_and_none_is_kept(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        await desk.post("/watches", look(desk), 201)
        yes(await desk.crew.node.service.submit(issue(KYIV, hazard="radiation")))
        (silent,) = await listed(desk)
        assert (silent["freshness"], silent["statement"]) == ("beside-alert", None)
        found = await desk.refused("/watches", look(desk))
        assert found[1:] == ("real-alert-in-force", "/regions")


SLIPS = {
    "as an all-clear": ({"text": {**WORDS, "en": "\u0410LL  CLEAR"}}, "reads-as-all-clear",
                        "/text"),
    "in the other language": ({"text": {**WORDS, "uk": "Відбiй!"}}, "reads-as-all-clear", "/text"),
    "a promise": ({"text": {**WORDS, "en": "You are safe."}}, "reads-as-all-clear", "/text"),
    "one language": ({"text": {"en": "As usual."}}, "text-missing", "/text/uk"),
    "turned words": ({"text": {**WORDS, "en": "a\u202eb"}}, "control-character", "/text/en"),
    "a turned name": ({"voice": {"kind": "person", "name": "a\u202eb"}}, "control-character",
                      "/voice/name"),
    "nobody": ({"voice": {"kind": "group"}}, "source-missing", "/voice"),
    "nowhere": ({"regions": []}, "empty-area", "/regions"),
    "unknown region": ({"regions": ["X"]}, "unknown-region", "/regions/0"),
    "a foreign region": ({"regions": [LVIV]}, "outside-jurisdiction", "/regions/0"),
    "unknown hazard": ({"hazard": "ghosts"}, "unknown-hazard", "/hazard"),
    "from the future": ({"as_of": "2029-01-01T00:00:00Z"}, "time-in-future", "/as_of"),
    "stale already": ({"fresh_until": "2021-01-01T00:00:00Z"}, "deadline-past", "/fresh_until"),
    "fresh for ever": ({"fresh_until": "2029-01-01T00:00:00Z"}, "expires-too-late",
                       "/fresh_until"),
    "another age": ({"fresh_until": "9999-12-31T00:00:00Z"}, "bad-value", "/fresh_until"),
}  # fmt: skip


async def test_each_slip_is_refused_by_its_field_and_nothing_is_told(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        for name, (change, rule, field) in SLIPS.items():
            _, *found = await desk.refused("/watches", look(desk, **change))
            assert found == [rule, field], name
        assert (await desk.refused("/watches/nope", look(desk)))[1] == "unknown-watch"
        assert (await desk.refused("/watches/nope/end", {}))[1] == "unknown-watch"
        assert (await desk.ask("GET", "/watches?region=X")).rule == "unknown-region"
        assert await listed(desk) == []


async def test_only_an_officer_of_the_situation_keeps_a_watch(tmp_path):
    async with staffed(tmp_path / "data") as crew:
        path = "/api/v1/watches"
        for who, status in (("viewer", 403), ("anybody", 401)):
            assert (await crew.ask(who, "POST", path, look(crew))).status == status
        made = await crew.ask("situation-officer", "POST", path, look(crew))
        assert made.status == 201, made.text
