"""The desk's pages of what a country runs on, as they are served: to whom, whole, and escaped."""

import contextlib
import re
from datetime import timedelta

import pytest

from kit.houses import KYIV, LVIV
from kit.ledgers import Book
from kit.officers import yes
from kit.staff import house, scope_of
from tocsin.core import infra_commands as ic
from tocsin.core import notice_commands as nc
from tocsin.core.area import Area
from tocsin.core.authority import Role
from tocsin.core.claims import ClaimKind, Figure, Measure, Qualifier, SpeakerKind, Voice, Where
from tocsin.core.facilities import Condition, Facility, Need, PostureLevel, Serves, Tie
from tocsin.formats.api import stored_words
from tocsin.service.facilities import describe
from tocsin.service.sealing import SealedCodec

MARKUP = "<img src=x onerror=alert(1)>"
SECTIONS = {
    Role.SITUATION_OFFICER: {"Outages", "Installations", "Coverage", "Posture", "Watches"},
    Role.OPERATOR: {"Outages", "Coverage", "Posture", "Watches"},
    Role.VIEWER: {"Coverage", "Posture", "Watches"},
    Role.SUPERVISOR: {"Outages", "Installations", "Coverage", "Posture", "Watches"},
}


@contextlib.asynccontextmanager
async def desk(folder):
    """A house with one of each role, signed in."""
    async with house(folder) as crew:
        await crew.hire_first()
        for role in (Role.SITUATION_OFFICER, *SECTIONS):
            if role.value not in crew.members:
                crew.members[role.value] = await crew.hire(role.value, scope_of(role))
                await crew.sign_in(crew[role.value])
        yield crew


async def page(crew, path, who="situation-officer", *, status=200):
    """A page as it is served, in English."""
    seen = await crew.ask(who, "GET", f"{path}{'&' if '?' in path else '?'}lang=en")
    assert seen.status == status, seen.text[:2000]
    return seen.text


def words(html):
    """What of a page is read: its text without tags."""
    inside = re.search(r"<main.*?>(.*)</main>", html, re.DOTALL)[1]
    text = " ".join(re.sub(r"<[^>]+>", " ", inside).replace("&#39;", "'").split())
    return re.sub(r" (?=[.,;:])", "", text)


def keys_of(crew):
    """The keys that seal the register."""
    codec = crew.node.service._codec  # noqa: SLF001  # nobody else holds them
    assert isinstance(codec, SealedCodec)
    return codec._keys  # noqa: SLF001


async def installation(crew, kind="substation", name="Podil 110", *, needs=(), **more):
    """Enter an installation in the capital by the house; return its id."""
    facility = Facility(
        kind=kind, name=name, where=Where(geocode=KYIV, site="by the bridge"),
        needs=tuple(Need(tie=Tie.POWERED_BY, on=each) for each in needs), **more,
    )  # fmt: skip
    return str(yes(await describe(crew.node.service, keys_of(crew), facility)).alert_id)


async def tell(crew, command, **words_):
    """Ask the service for something that must be accepted."""
    texts = None
    if words_:
        content, body = stored_words(words_)
        texts = {content: body}
    return str(yes(await crew.node.service.submit(command, texts=texts)).alert_id)


def down(name, **more):
    """Report an installation down."""
    return ic.ReportCondition(
        installation_id=name, condition=Condition.DOWN, source="Grid operator", **more
    )


@pytest.mark.parametrize("role", list(SECTIONS))
async def test_a_section_that_is_not_permitted_is_not_in_the_navigation(tmp_path, role):
    async with desk(tmp_path) as crew:
        html = await page(crew, "/desk/coverage", role.value)
        nav = html.split('class="parts"')[1]
        shown = {
            name for name in SECTIONS[Role.SITUATION_OFFICER]
            if f">{name}</a>" in nav.split("</nav>")[0]
        }  # fmt: skip
        assert shown == SECTIONS[role]
        for path, name in (("/desk/outages", "Outages"), ("/desk/installations", "Installations")):
            await page(crew, path, role.value, status=200 if name in shown else 403)


async def test_the_register_shows_trouble_first_and_what_hangs_on_what(tmp_path):
    async with desk(tmp_path) as crew:
        grid = await installation(crew)
        room = await installation(crew, "control-room", "Dispatch", needs=(grid,))
        tower = await installation(
            crew, "tv-tower", MARKUP, needs=(room,),
            serves=(Serves(channel="tv", regions=(KYIV,)),),
        )  # fmt: skip
        await tell(crew, down(grid, struck=True))
        html = await page(crew, "/desk/installations")
        text = words(html)
        assert text.index("Podil 110") < text.index("Dispatch")
        assert "Down hit 1 time" in text
        assert text.count("At risk Podil 110 is down") == 2
        assert MARKUP not in html
        assert "Podil 110" not in words(
            await page(crew, "/desk/installations?state=at-risk")
        ).replace("Podil 110 is down", "")
        assert "Dispatch" in words(await page(crew, "/desk/installations?kind=control-room&q=disp"))

        html = await page(crew, f"/desk/installations/{tower}")
        text = words(html)
        assert MARKUP not in html
        assert "At risk is not down." in text
        assert "controlled by" not in text
        assert "powered by Dispatch At risk powered by Podil 110 Down" in text
        assert "Television Kyiv City about 3" in text.replace("\u00a0", " ")
        assert "by the bridge" in text
        text = words(await page(crew, f"/desk/installations/{grid}"))
        assert "powers Dispatch At risk powers" in text
        assert "What it carried is lost wherever nothing else that works carries it." in text
        await page(crew, "/desk/installations/nothing", status=404)


async def test_an_erased_installation_keeps_what_was_reported_and_cannot_be_changed(tmp_path):
    async with desk(tmp_path) as crew:
        grid = await installation(crew)
        tower = await installation(crew, "tv-tower", "Tower", needs=(grid,))
        await tell(crew, down(grid))
        await tell(crew, ic.EraseInstallation(installation_id=grid, reason="It leaked."))
        html = await page(crew, f"/desk/installations/{grid}")
        assert "Its description was erased." in words(html)
        assert "Grid operator" in words(html)
        assert "data-condition=" not in html
        assert "Podil" not in html
        assert "Podil" not in await page(crew, f"/desk/installations/{tower}")


async def test_an_outage_is_read_whole_and_its_installation_by_who_may_read_the_register(tmp_path):
    async with desk(tmp_path) as crew:
        grid = await installation(crew)
        incident = await Book(crew.node.service, crew.clock).open(
            title={"en": "Strike on the grid"}
        )
        count = Figure(measures=(Measure.OUT,), qualifier=Qualifier.HUNDREDS, value=None,
                       what="settlements")  # fmt: skip
        name = await tell(crew, ic.ReportOutage(
            service="power", source=MARKUP, regions=(KYIV,), settlements=("Podil", "Obolon"),
            figure=count, restored_share=1 / 3, installations=(grid,), incident_id=incident,
            tell=False,
        ))  # fmt: skip
        html = await page(crew, "/desk/outages")
        assert MARKUP not in html
        assert "Power" in words(html)
        assert "For the desk alone" in words(html)
        assert (
            "Power"
            not in words(await page(crew, "/desk/outages?state=over")).split("What is out")[-1]
        )
        html = await page(crew, f"/desk/outages/{name}")
        text = words(html).replace("\u00a0", " ")
        assert MARKUP not in html
        for said in ("33.3 % back", "Podil, Obolon", "hundreds without service (settlements)",
                     "Strike on the grid", "Podil 110", "nobody says when it is back"):  # fmt: skip
            assert said in text
        text = words(await page(crew, f"/desk/outages/{name}", "operator"))
        assert "Podil 110" not in text
        assert "an installation" in text
        await page(crew, "/desk/outages/nothing", status=404)


async def test_coverage_is_loud_where_no_channel_is_left_that_wakes_people(tmp_path):
    async with desk(tmp_path) as crew:
        html = await page(crew, "/desk/coverage", "viewer")
        assert 'class="loud"' not in html
        assert "<form id=" not in html
        for channel in ("sirens", "tv", "radio", "mobile"):
            await tell(crew, ic.SetChannel(
                channel=channel, regions=(KYIV,), condition=Condition.DOWN, source=MARKUP,
            ))  # fmt: skip
        html = await page(crew, "/desk/coverage")
        text = words(html).replace("\u00a0", " ")
        assert MARKUP not in html
        assert "No channel wakes people here any more Kyiv City, about 3" in text
        assert "Loudspeaker cars" in text
        assert "/desk/coverage/patrol?lang=en" in html
        listed = words(await page(crew, "/desk/coverage/patrol", "viewer"))
        assert "Kyiv" in listed
        assert "Loudspeaker cars" in listed
        ukrainian = (await crew.ask("viewer", "GET", "/desk/coverage/patrol?lang=uk")).text
        assert "Машини з гучномовцями" in ukrainian
        await tell(crew, ic.SetChannel(
            channel="tv", regions=(KYIV,), condition=Condition.WORKING, source="Duty engineer",
        ))  # fmt: skip
        assert 'class="loud"' not in await page(crew, "/desk/coverage")


async def test_a_posture_names_an_installation_to_who_may_read_the_register_alone(tmp_path):
    async with desk(tmp_path) as crew:
        grid = await installation(crew)
        until = crew.clock.now() + timedelta(hours=1)
        order = {"ordered_by": "Ministry", "for_whom": "Guards", "reason": MARKUP}
        await tell(crew, ic.SetPosture(
            level=PostureLevel.HIGH, installation_id=grid, until=until, **order
        ))  # fmt: skip
        await tell(crew, ic.SetPosture(level=PostureLevel.RAISED, regions=(LVIV,), **order))
        await tell(crew, ic.SetPosture(level=PostureLevel.CRITICAL, regions=(LVIV,), **order))
        html = await page(crew, "/desk/postures")
        text = words(html)
        assert MARKUP not in html
        assert "What holds 2" in text
        assert "High: Podil 110" in text
        assert "Critical: Lviv Oblast" in text
        assert "A later order came" in text
        seen = words(await page(crew, "/desk/postures", "viewer"))
        assert "What holds 1" in seen
        assert "Critical: Lviv Oblast" in seen
        for word in ("Podil", "High:", "Ministry", "Guards"):
            assert word not in seen
        crew.clock.step(hours=2)
        await crew.sign_in(crew["situation-officer"])
        text = words(await page(crew, "/desk/postures"))
        assert "What holds 1" in text
        assert "Ran out" in text


async def test_a_watch_says_its_age_and_goes_stale(tmp_path):
    async with desk(tmp_path) as crew:
        now = crew.clock.now()
        said = {"en": "Levels are usual.", "uk": "Рівні звичайні."}
        content, _ = stored_words(said)
        await tell(crew, nc.KeepWatch(
            hazard="radiation", regions=(KYIV,),
            voice=Voice(kind=SpeakerKind.ORGANISATION, org=MARKUP),
            as_of=now - timedelta(minutes=20), fresh_until=now + timedelta(minutes=10),
            words=content, languages=tuple(said), sentences=tuple(said.values()),
        ), **said)  # fmt: skip
        html = await page(crew, "/desk/watches", "viewer")
        text = words(html).replace("\u00a0", " ")
        assert MARKUP not in html
        assert "Fresh seen" in text
        assert "20 min ago" in text
        assert "Levels are usual." in text
        assert "data-look" not in html
        crew.clock.step(minutes=15)
        text = words(await page(crew, "/desk/watches")).replace("\u00a0", " ")
        assert "Stale seen" in text
        assert "35 min ago. Nobody has looked since." in text


async def test_a_false_warning_stands_with_what_it_refutes(tmp_path):
    async with desk(tmp_path) as crew:
        book = Book(crew.node.service, crew.clock)
        incident = await book.open(title={"en": "A rumour"})
        claim = await book.enter(incident, kind=ClaimKind.EVACUATION)
        said = {"en": f"A warning that says {MARKUP} is false.", "uk": "Це неправда."}
        content, _ = stored_words(said)
        await tell(crew, nc.TellCounterfeit(
            area=Area(regions=(KYIV,)), words=content, languages=tuple(said), refutes=claim,
        ), **said)  # fmt: skip
        html = await page(crew, f"/desk/counterfeits?claim={claim}")
        text = words(html)
        assert MARKUP not in html
        assert "is false." in text
        assert "refutes a claim A rumour" in text
        assert f'value="{claim}"' in html
        assert 'id="tell"' not in await page(crew, "/desk/counterfeits", "viewer")
