"""News feeds into the inbox, from a real web server: each item once, and no feed does harm."""

import asyncio
import contextlib
import functools
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

import pytest

from kit.newsdesk import Page, newsdesk, newsstand
from tocsin.errors import JournalUnavailable, TocsinError
from tocsin.intake.feedcheck import tried
from tocsin.intake.fetch import Fetched, fetch
from tocsin.intake.reports import LONGEST, Feeds, FeedStatus, feeds_of
from tocsin.service.reports import Reports
from tocsin.settings import Reports as Section

PUBLISHED = datetime(2022, 10, 10, 6, 15, tzinfo=UTC)
FEED, RSS = "/feed.xml", "application/rss+xml"


def story(number, more=""):
    """The words of one report, and of no other."""
    return (
        f"Russian missiles struck central Kyiv on Monday, killing at least {10 + number} people, "
        f"Mayor Vitali Klitschko said.{more}"
    )


def page(text):
    return Page.of(f"<html><body><nav>Home</nav><article><p>{text}</p></article></body></html>")


def item(number, link="", own="", published=PUBLISHED, title=None):
    """One item of an RSS feed."""
    day = f"<pubDate>{format_datetime(published)}</pubDate>" if published else ""
    return (
        f"<item><guid isPermaLink='false'>tag:{number}</guid><link>{escape(link)}</link>{day}"
        f"<title>{escape(title or f'Story {number}')}</title>"
        f"<description>{escape(own)}</description></item>"
    )


def feed(*items, **more):
    return Page.of(f"<rss><channel>{''.join(items)}</channel></rss>", RSS, **more)


class Stall:
    """A newsstand, a desk, and one feed of it that the desk asks when told to."""

    def __init__(self, stand, desk, **more):
        self.stand, self.desk = stand, desk
        self.status = FeedStatus(outlet="Gazette", address=stand.at(FEED))
        options = {"every_s": 300.0, "most_at_once": 20, "chance": lambda: 0.5,
                   "inside": (stand.host,), **more}  # fmt: skip
        self.reports = desk.crew.node.reports
        get = functools.partial(fetch, allow=(stand.host,))
        self.feeds = Feeds(self.reports, [self.status], get, **options)

    def offer(self, *numbers):
        """Put items with pages on the stand."""
        for number in numbers:
            self.stand.pages[f"/{number}"] = page(story(number))
        self.stand.pages[FEED] = feed(*(item(n, self.stand.at(f"/{n}")) for n in numbers))

    async def ask(self):
        return await self.feeds.ask(self.status)

    def taken(self):
        """The reports in the inbox, oldest first."""
        return list(self.desk.crew.node.service.ledger.reports.values())

    def texts(self):
        return [self.reports.text(each) for each in self.taken()]


@contextlib.asynccontextmanager
async def stall(folder, **more):
    with newsstand() as stand:
        async with newsdesk(folder / "data") as desk:
            yield Stall(stand, desk, **more)


async def test_each_new_item_comes_into_the_inbox_once_with_its_page(tmp_path):
    async with stall(tmp_path) as at:
        at.offer(1, 2)
        assert await at.ask() == 2
        first = at.taken()[0]
        assert (first.outlet, first.taken_by, first.published) == (
            "Gazette", "feed:Gazette", "2022-10-10",
        )  # fmt: skip
        assert (first.title, first.address) == ("Story 1", at.stand.at("/1"))
        assert at.texts() == [story(1), story(2)]
        assert at.status.last_success == at.desk.crew.clock.now()
        at.offer(3, 2, 1)
        at.stand.asked.clear()
        assert await at.ask() == 1
        assert at.stand.paths() == [FEED, "/3"]
        assert (at.status.taken, len(at.taken())) == (3, 3)
        service = at.desk.crew.node.service
        assert service.state.active == {}  # a report is never a source of alerts
        assert service.ledger.claims == {}  # nor an entry before a person says so
        listed = await at.desk.get("/reports")
        assert [each["by"] for each in listed["reports"]] == ["feed:Gazette"] * 3


async def test_a_feed_is_asked_with_what_it_answered_last(tmp_path):
    async with stall(tmp_path) as at:
        at.offer(1)
        at.stand.pages[FEED].etag = '"one"'
        at.stand.pages[FEED].headers = {"Last-Modified": "Mon, 10 Oct 2022 06:15:00 GMT"}
        assert await at.ask() == 1
        at.stand.asked.clear()
        for _ in range(2):  # 304 repeats no header but the mark, and nothing is forgotten
            assert await at.ask() == 0
            assert at.stand.asked[-1][1]["if-none-match"] == '"one"'
            assert "if-modified-since" in at.stand.asked[-1][1]
        assert at.stand.paths() == [FEED, FEED]
        assert at.status.failures == 0


async def test_no_round_takes_more_than_it_may_and_the_rest_comes_later(tmp_path):
    async with stall(tmp_path, most_at_once=2) as at:
        at.offer(1, 2, 3, 4, 5)
        at.stand.pages[FEED].etag = '"one"'
        assert [await at.ask() for _ in range(4)] == [2, 2, 1, 0]
        assert len(at.taken()) == 5
        assert at.status.etag == '"one"'


async def test_after_a_restart_nothing_is_asked_for_again(tmp_path):
    with newsstand() as stand:
        async with newsdesk(tmp_path / "data") as desk:
            at = Stall(stand, desk)
            at.offer(1, 2)
            await at.ask()
            again = Stall(stand, desk)  # it remembers nothing
            stand.pages["/1"] = page(story(1, " It was changed since."))
            stand.asked.clear()
            assert await again.ask() == 0
            assert stand.paths() == [FEED]


async def test_the_same_story_of_two_items_is_one_report(tmp_path):
    async with stall(tmp_path) as at:
        at.stand.pages |= {"/1": page(story(1)), "/2": page(story(1).upper())}
        at.stand.pages[FEED] = feed(*(item(n, at.stand.at(f"/{n}")) for n in (1, 2)))
        assert await at.ask() == 1
        assert len(at.taken()) == 1


async def test_a_page_that_is_away_is_asked_for_again_and_then_the_items_own_text_taken(tmp_path):
    async with stall(tmp_path) as at:
        own = f"<p>{story(1)}</p><script>alert(1)</script>"
        at.stand.pages[FEED] = feed(item(1, at.stand.at("/1"), own), etag='"one"')
        assert [await at.ask(), await at.ask()] == [0, 0]
        assert at.taken() == []
        assert at.status.etag is None  # or the feed would say that nothing is new
        assert await at.ask() == 1
        assert at.texts() == [story(1)]
        assert at.stand.paths().count("/1") == 3
        assert await at.ask() == 0
        assert at.stand.paths().count("/1") == 3


async def test_a_page_that_comes_back_is_taken_whole(tmp_path):
    async with stall(tmp_path) as at:
        at.stand.pages[FEED] = feed(item(1, at.stand.at("/1"), "Short."))
        assert await at.ask() == 0
        at.stand.pages["/1"] = page(story(1))
        assert await at.ask() == 1
        assert at.texts() == [story(1)]
        assert at.status.tries == {}


@pytest.mark.parametrize(
    "bad",
    [
        Page(body=b"%PDF-1.7", media="application/pdf"),
        Page(body=b"\x89PNG\r\n\x1a\n" + bytes(50), media="text/html"),
        Page.of("<html><body><nav><a href='/'>Home</a></nav></body></html>"),
        Page.of("x" * (2 * 1024 * 1024 + 1)),
        Page(status=302, headers={"Location": "http://127.0.0.1:1/"}),
        Page(status=302, headers={"Location": "file:///etc/passwd"}),
        page(("word " * 30 + ". ") * 1_000),
    ],
    ids=["a PDF", "a picture", "no article", "too large", "leads in", "a file of ours", "a book"],
)
async def test_a_page_that_is_no_report_leaves_the_items_own_text_at_once(tmp_path, bad):
    async with stall(tmp_path) as at:
        at.stand.pages["/1"] = bad
        at.stand.pages[FEED] = feed(item(1, at.stand.at("/1"), story(1)), item(2, "", story(2)))
        assert await at.ask() == 2
        assert at.texts() == [story(1), story(2)]


async def test_a_page_is_read_in_the_encoding_that_it_is_said_to_have(tmp_path):
    told = "Wybuch zranił 10 osób w Łodzi, podała straż pożarna w poniedziałek."
    async with stall(tmp_path) as at:
        at.stand.pages["/1"] = Page(
            body=f"<html><body><article><p>{told}</p></article></body></html>".encode("iso8859-2"),
            media="text/html; charset=iso-8859-2",
        )
        at.stand.pages[FEED] = feed(item(1, at.stand.at("/1")))
        assert await at.ask() == 1
        assert at.texts() == [told]


HOSTILE = {
    "nothing": Page.of("", RSS),
    "a page": Page.of("<html><body>Moved</body></html>"),
    "a bomb": Page.of('<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rss>&b;</rss>', RSS),
    "a file of ours": Page.of(
        '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><channel><item><guid>1</guid>'
        "<description>&a;</description></item></channel></rss>", RSS,
    ),
    "too large": Page.of("<rss>" + " " * (2 * 1024 * 1024) + "</rss>", RSS),
    "half a million elements": Page.of("<rss>" + "<a/>" * 500_000 + "</rss>", RSS),
    "an error": Page(status=500),
    "gone": Page(status=410),
    "a circle": Page(status=301, headers={"Location": FEED}),
    "leads in": Page(status=301, headers={"Location": "http://127.0.0.1:1/feed"}),
    "packed, it says": Page(body=b"no", media=RSS, headers={"Content-Encoding": "gzip"}),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_feed_that_fails_is_said_to_and_harms_nothing(tmp_path, name):
    async with stall(tmp_path) as at:
        at.stand.pages[FEED] = HOSTILE[name]
        head = at.desk.crew.node.journal.head()
        assert await at.ask() == 0
        assert (at.status.failures, at.status.last_success) == (1, None)
        assert at.status.problem
        assert at.status.last_failure == at.desk.crew.clock.now()
        assert at.desk.crew.node.journal.head() == head
        at.offer(1)
        assert await at.ask() == 1  # and it is taken up again as if nothing had been
        assert (at.status.failures, at.status.problem) == (0, "")


async def test_a_feed_that_fails_is_asked_less_and_less_and_said_to_be_silent(tmp_path):
    async with stall(tmp_path) as at:
        waits = []
        for _ in range(7):
            waits.append(at.feeds.wait_s(at.status))
            await at.ask()
        assert waits == [300, 600, 1200, 2400, 4800, 4800, 4800]
        assert at.status.is_silent
        at.status.failures = 100_000  # years of silence end no task
        assert at.feeds.wait_s(at.status) == 4800
        early = Stall(at.stand, at.desk, chance=lambda: 0.0)
        late = Stall(at.stand, at.desk, chance=lambda: 0.999)
        assert early.feeds.wait_s(early.status) == pytest.approx(270)
        assert late.feeds.wait_s(late.status) == pytest.approx(330, abs=0.1)
        at.offer(1)
        await at.ask()
        assert not at.status.is_silent


async def test_what_a_feed_says_of_day_title_and_link_is_bounded(tmp_path):
    now = datetime(2022, 10, 11, 9, 0, tzinfo=UTC)
    days = [now + timedelta(days=2), datetime(1970, 1, 1, tzinfo=UTC), now + timedelta(hours=3),
            None]  # fmt: skip
    async with stall(tmp_path) as at:
        items = [
            item(n, "javascript:alert(1)", story(n), published=day,
                 title="\u202eevil\x85 " + "long " * 100)
            for n, day in enumerate(days)
        ]  # fmt: skip
        at.stand.pages[FEED] = feed(*items)
        assert await at.ask() == 4
        assert [each.published for each in at.taken()] == ["", "", "2022-10-11", ""]
        for each in at.taken():
            assert each.address == ""
            assert len(each.title) <= 200
            assert "\u202e" not in each.title


async def test_no_item_is_longer_than_a_report_nor_remembered_by_more_than_its_mark(tmp_path):
    async with stall(tmp_path) as at:
        book = story(1, " A word." * LONGEST)
        long_name = (
            f"<item><guid>{'x' * 100_000}</guid><description>{story(2)}</description></item>"
        )
        at.stand.pages[FEED] = feed(item(1, "", book), long_name)
        assert await at.ask() == 1
        assert at.texts() == [story(2)]
        assert all(len(mark) == 64 for mark in at.status.known)
        assert len(at.status.known) == 2


@pytest.mark.parametrize(
    ("address", "allow"),
    [
        ("https://outer.example/feed", set()),
        ("https://inner.example/feed", {"inner.example", "wire.example:8080"}),
        ("http://wire.example:8080/feed", {"inner.example", "wire.example:8080"}),
        ("http://wire.example/feed", set()),
    ],
)
async def test_only_a_feed_of_the_own_network_points_into_it(tmp_path, address, allow):
    asked = []

    async def seen(address, *, allow=None, **_):
        asked.append((address, allow))
        body = feed(item(1, "http://inner.example/secret", story(1))).body
        return Fetched(body=body, media_type=RSS, charset=None, final_address=address)

    async with stall(tmp_path) as at:
        status = FeedStatus(outlet="Gazette", address=address)
        inside = ("inner.example", "wire.example:8080")
        feeds = Feeds(at.reports, [status], seen, every_s=300, most_at_once=9,
                      chance=lambda: 0.5, inside=inside)  # fmt: skip
        await feeds.ask(status)
        assert asked[0] == (address, None)  # as the settings say
        assert asked[1][0] == "http://inner.example/secret"
        assert set(asked[1][1]) == allow


async def test_one_item_that_breaks_the_reader_does_not_stop_those_behind_it(tmp_path, monkeypatch):
    async with stall(tmp_path) as at:
        at.offer(1, 2, 3)
        take = Reports.take

        async def breaks(self, incoming, **more):
            if b"least 12" in incoming.body:
                raise OverflowError("a reader's own fault")
            return await take(self, incoming, **more)

        monkeypatch.setattr(Reports, "take", breaks)
        assert await at.ask() == 2
        assert at.texts() == [story(1), story(3)]
        assert await at.ask() == 0
        assert at.status.failures == 0


async def test_what_the_disk_did_not_take_comes_again(tmp_path, monkeypatch):
    async with stall(tmp_path) as at:
        at.offer(1, 2)
        take = Reports.take

        async def refuses(*_, **__):
            raise JournalUnavailable("the disk is full")

        monkeypatch.setattr(Reports, "take", refuses)
        with pytest.raises(JournalUnavailable):
            await at.ask()
        monkeypatch.setattr(Reports, "take", take)
        assert await at.ask() == 2


async def test_a_running_house_asks_by_itself_and_stops_when_told(tmp_path):
    with newsstand() as stand:
        stand.pages["/1"] = page(story(1))
        stand.pages[FEED] = feed(item(1, stand.at("/1"), story(1)))
        section = Section(
            feeds=(f"Gazette = {stand.at(FEED)}", f"Silent = {stand.at('/none')}"),
            inside=(stand.host,), every_s=0.05,
        )  # fmt: skip
        async with newsdesk(tmp_path / "data", reports=section) as desk:
            feeds = desk.crew.node.feeds
            gazette, silent = feeds.feeds
            async with asyncio.timeout(20):
                while gazette.taken < 1 or silent.failures < 1:  # noqa: ASYNC110  # a real server
                    await asyncio.sleep(0.01)
            assert (gazette.outlet, gazette.failures) == ("Gazette", 0)
            assert "404" in silent.problem
            await feeds.stop()
            asked = len(stand.asked)
            await asyncio.sleep(0.2)
            assert len(stand.asked) == asked
            assert [each["outlet"] for each in (await desk.get("/reports"))["reports"]] == [
                "Gazette"
            ]


@pytest.mark.parametrize("line", ["", "Gazette", "= https://a.example/", "Gazette =", " = "])
def test_a_line_of_the_settings_names_outlet_and_address(line):
    with pytest.raises(TocsinError, match=r"reports\.feeds"):
        feeds_of([line])


def test_an_address_may_hold_an_equals_sign():
    (found,) = feeds_of(["The Gazette = https://a.example/feed?format=rss"])
    assert (found.outlet, found.address) == ("The Gazette", "https://a.example/feed?format=rss")


async def test_every_feed_of_the_settings_is_tried_and_what_is_wrong_is_said():
    with newsstand() as stand:
        stand.pages |= {
            "/good": feed(item(1), item(2, published=None)),
            "/undated": feed(item(1, published=None)),
            "/empty": feed(),
            "/page": page(story(1)),
        }  # fmt: skip
        names = ("good", "undated", "empty", "page", "gone")
        lines = [f"{name} = {stand.at(f'/{name}')}" for name in names]
        lines += ["inner = http://127.0.0.1:1/", "no line"]
        found = await tried(lines, (stand.host,))
    assert [each.outlet for each in found] == [*names, "inner", ""]
    assert [bool(each.fix) for each in found] == [False, False, *[True] * 5]
    assert found[0].told == "2 items, the latest of 2022-10-10 06:15 UTC"
    assert found[1].told == "1 items, none with its day"
    assert "RSS" in found[3].told
    assert "404" in found[4].told
    assert "reports.inside" in found[5].fix
    assert "OUTLET = ADDRESS" in found[6].told
