"""A false warning is answered by one request, everywhere at once; keep-away holds until its end."""

from kit.houses import KYIV, LVIV
from kit.newsdesk import newsdesk
from kit.servers import listening, server
from tocsin.core import notice_commands as nc
from tocsin.core.area import Area
from tocsin.formats.api import stored_words

LIE = {"uk": "Повідомлення про міст хибне.", "en": "The message about the bridge is false."}
TELL = {"area": {"regions": [KYIV]}, "text": LIE}
AWAY = {
    "area": {"regions": [KYIV]}, "about": "unexploded", "until": "2022-10-11T15:00:00Z",
    "text": {"uk": "Не підходьте.", "en": "Stay away."},
}  # fmt: skip


async def test_a_notice_is_read_by_anybody_the_moment_it_is_given_and_until_it_ends(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        given = await desk.post("/counterfeits", TELL, 201)
        assert (given["text"], given["ended"], given["refutes"]) == (LIE, None, None)
        seen = await desk.crew.ask("anybody", "GET", "/api/v1/counterfeits")
        assert seen.json() == {"counterfeits": [given]}
        assert desk.crew.node.service.state.active == {}
        for region, found in ((KYIV, [given]), (LVIV, [])):
            listed = await desk.get(f"/counterfeits?region={region}")
            assert listed["counterfeits"] == found
        ended = await desk.post(f"/counterfeits/{given['handle']}/end", {})
        assert ended["ended"] is not None
        assert (await desk.get("/counterfeits"))["counterfeits"] == []
        assert (await desk.get("/counterfeits?history=1"))["counterfeits"] == [ended]


async def test_slips_are_refused_by_name_and_nothing_is_written(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        head = desk.crew.node.journal.head()
        for more, found in (
            ({"text": {"en": "False."}}, (422, "text-missing", "/text/uk")),
            ({"text": {**LIE, "en": "a\u202eb"}}, (422, "control-character", "/text/en")),
            ({"area": {}}, (422, "empty-area", "/area")),
            ({"area": {"regions": ["XX"]}}, (422, "unknown-region", "/area/regions/0")),
            ({"refutes": "nothing"}, (422, "unknown-claim", "/refutes")),
        ):
            said = await desk.refused("/counterfeits", {**TELL, **more})
            assert said[1:] == found[1:], more
        assert (await desk.refused("/counterfeits/x/end", {}))[:2] == (404, "unknown-notice")
        assert desk.crew.node.journal.head() == head


async def test_it_goes_out_as_a_stream_notice(tmp_path):
    async with server(tmp_path) as running, listening(running) as event:
        await event("snapshot")
        name, words = stored_words(LIE)
        given = await running.home.service.submit(
            nc.TellCounterfeit(
                area=Area(regions=(KYIV,)), words=name, languages=tuple(LIE)
            ),
            texts={name: words},
        )  # fmt: skip
        told = await event("notice")
        assert told.data["kind"] == "counterfeit"
        assert told.data["counterfeit"]["id"] == given.alert_id


async def test_what_it_refutes_is_told_only_where_people_may_see_that(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        await desk.post("/claims", {"saying": {
            "kind": "evacuation-warning", "outlet": "Gazette",
            "voice": {"kind": "person", "name": "Mayor"},
            "where": {"geocode": KYIV}, "said_at": "2022-10-11T08:00:00Z",
        }}, 201)  # fmt: skip
        (claim,) = desk.crew.node.service.ledger.claims
        hidden = await desk.post("/counterfeits", {**TELL, "refutes": claim}, 201)
        assert hidden["refutes"] is None
        page = await desk.crew.ask("anybody", "GET", "/real")
        assert claim not in page.text
        desk.crew.clock.step(minutes=11)
        (shown,) = (await desk.get("/counterfeits"))["counterfeits"]
        assert shown["refutes"]["incident"] is None
        key = shown["refutes"]["speaker"]
        speaker = await desk.crew.ask("anybody", "GET", f"/situation/speakers/{key}")
        assert "Mayor" in speaker.text


async def test_keep_away_says_from_what_and_until_when_and_then_holds_no_more(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        given = await desk.post("/guidance", AWAY, 201)
        assert (given["about"], given["until"]) == ("unexploded", AWAY["until"])
        assert (await desk.get("/guidance"))["guidance"] == [given]
        past = {**AWAY, "until": "2022-10-11T08:00:00Z"}
        assert await desk.refused("/guidance", past) == (422, "deadline-past", "/until")
        assert (await desk.refused("/guidance", {**AWAY, "about": "dragon"}))[2] == "/about"
        desk.crew.clock.step(hours=7)
        assert (await desk.get("/guidance"))["guidance"] == []
        seen = await desk.crew.ask("anybody", "GET", "/api/v1/situation")
        assert seen.json()["guidance"] == []
