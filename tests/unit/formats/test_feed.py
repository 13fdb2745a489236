"""Feeds of three dialects give their items; a hostile one gives nothing and costs nothing."""

import time
from datetime import UTC, datetime

import pytest

from tocsin.errors import BadInput
from tocsin.formats.feed import LARGEST, MOST_ELEMENTS, MOST_ITEMS, read_feed, text_of

BASE = "https://news.example/feeds/all.xml"

RSS2 = b"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
     xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>Example News</title><link>https://news.example/</link>
<atom:link rel="self" href="https://news.example/feed"/>
<item>
  <media:title>A photo's own title</media:title>
  <title>Two killed in strike &amp; fire</title>
  <atom:link href="https://elsewhere.example/"/>
  <link> /2022/10/10/strike </link>
  <guid isPermaLink="false">tag:1</guid>
  <pubDate>Mon, 10 Oct 2022 09:15:00 +0300</pubDate>
  <description>&lt;p&gt;Short.&lt;/p&gt;</description>
  <content:encoded><![CDATA[<p>Two people were <b>killed</b>.</p>]]></content:encoded>
</item>
<item><guid>https://news.example/by-guid</guid><description>Only a guid.</description></item>
<item><title>Nobody can name this one</title></item>
</channel></rss>"""

RSS1 = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="x"><title>Old News</title></channel>
<item rdf:about="y"><title>One</title><link>https://old.example/1</link>
<dc:date>2022-10-10T09:15:00+03:00</dc:date><description>Plain.</description></item>
</rdf:RDF>"""

ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://atom.example/a/">
<title>Atom News</title>
<entry><id>urn:1</id><title type="html">One &lt;b&gt;</title>
  <link rel="enclosure" href="/sound.mp3"/><link rel="alternate" href="one"/>
  <updated>2022-10-11T00:00:00Z</updated><published>2022-10-10T06:15:00.25Z</published>
  <summary>2 &lt; 3</summary></entry>
<entry><id>urn:2</id><link href="https://other.example/2"/><updated>2022-10-11T01:00:00Z</updated>
  <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>2 &lt; 3</p></div></content>
</entry>
<entry><id>urn:3</id><content type="html">&lt;p&gt;Three&lt;/p&gt;</content></entry>
<entry><title>no name</title></entry>
</feed>"""


def rss(*items):
    """A feed with those items."""
    return (
        b"<rss><channel>"
        + b"".join(b"<item>%s</item>" % each for each in items)
        + (b"</channel></rss>")
    )


def only(data, base=BASE):
    """The one item of a feed."""
    (item,) = read_feed(data, base).items
    return item


def test_rss_2_gives_links_days_and_the_fullest_text():
    feed = read_feed(RSS2, BASE)
    assert feed.title == "Example News"
    first, second = feed.items
    assert (first.id, first.link) == ("tag:1", "https://news.example/2022/10/10/strike")
    assert first.title == "Two killed in strike & fire"
    assert first.published == datetime(2022, 10, 10, 6, 15, tzinfo=UTC)
    assert first.html == "<p>Two people were <b>killed</b>.</p>"
    assert (second.link, second.published) == ("https://news.example/by-guid", None)


def test_rss_1_gives_items_that_stand_beside_the_channel():
    feed = read_feed(RSS1)
    assert feed.title == "Old News"
    (item,) = feed.items
    assert (item.id, item.title, item.html) == ("https://old.example/1", "One", "Plain.")
    assert item.published == datetime(2022, 10, 10, 6, 15, tzinfo=UTC)


def test_atom_gives_the_page_and_not_the_enclosure_and_text_as_html():
    one, two, three = read_feed(ATOM, BASE).items
    assert one.link == "https://atom.example/a/one"
    assert one.published == datetime(2022, 10, 10, 6, 15, 0, 250_000, tzinfo=UTC)
    assert one.html == "2 &lt; 3"
    assert two.published == datetime(2022, 10, 11, 1, tzinfo=UTC)
    assert "<p>2 &lt; 3</p>" in two.html
    assert (three.html, three.link) == ("<p>Three</p>", "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1251", "koi8-u"])
def test_a_feed_is_read_in_the_encoding_it_names(encoding):
    text = f'<?xml version="1.0" encoding="{encoding}"?><rss><channel><item><guid>1</guid>'
    text += "<title>Київ</title></item></channel></rss>"
    assert only(text.encode(encoding)).title == "Київ"


def test_the_same_name_twice_is_one_item():
    items = read_feed(rss(b"<guid>a</guid><title>1</title>", b"<guid>a</guid>", b"<guid>b</guid>"))
    assert [(each.id, each.title) for each in items.items] == [("a", "1"), ("b", "")]


@pytest.mark.parametrize(
    "told",
    ["javascript:alert(1)", "file:///etc/passwd", "http://[::1", "http://", "ftp://a.example/",
     "data:text/html,x", "mailto:a@b.example", "https://a.example/" + "x" * 2000,
     "https://a.example/\u202egpj", "//["],
)  # fmt: skip
def test_a_link_that_is_no_page_of_the_web_is_none(told):
    item = only(rss(b"<guid isPermaLink='false'>1</guid><link>%s</link>" % told.encode()))
    assert item.link == ""


def test_a_guid_that_is_said_to_be_no_address_is_no_link():
    guid = b"<guid isPermaLink='%s'>https://news.example/1</guid>"
    assert only(rss(guid % b"false")).link == ""
    assert only(rss(guid % b"true")).link == "https://news.example/1"


@pytest.mark.parametrize(
    "told",
    [b"soon", b"Mon, 99 Oct 2022 09:15:00 +0300", b"Mon, 10 Oct 2022 09:15:00",
     b"Fri, 31 Dec 9999 23:59:59 -1400",
     b"Mon, 10 Oct 2022 09:15:00 +9999", b"1" * 5000],
)  # fmt: skip
def test_a_day_that_is_none_or_without_a_zone_is_not_guessed_at(told):
    assert only(rss(b"<guid>1</guid><pubDate>%s</pubDate>" % told)).published is None
    dated = b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id><published>%s</published>"
    for iso in (b"0001-01-01T00:00:00+14:00", b"9999-12-31T23:59:59-14:00", b"2022-10-10", told):
        assert only(dated % iso + b"</entry></feed>").published is None


BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
HOSTILE = {
    "nothing": b"",
    "noise": bytes(range(256)),
    "a page": b"<html><body>Not a feed</body></html>",
    "another XML": b"<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'/>",
    "unclosed": b"<rss><channel><item>",
    "a file of ours": b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><channel><item>'
    b"<guid>1</guid><title>&a;</title></item></channel></rss>",
    "an outer DTD": b'<!DOCTYPE rss SYSTEM "http://127.0.0.1/x.dtd"><rss><channel/></rss>',
    "a harmless DTD": b"<!DOCTYPE rss><rss><channel/></rss>",
    "a billion laughs": f'<!DOCTYPE r [<!ENTITY a0 "ha">{BOMB}]><rss>&a11;</rss>'.encode(),
    "the same in an attribute": f'<!DOCTYPE r [<!ENTITY a0 "ha">{BOMB}]><rss x="&a11;"/>'.encode(),
    "one entity 100,000 times": b'<!DOCTYPE r [<!ENTITY a "%s">]><rss x="%s"/>'
    % (b"x" * 100_000, b"&a;" * 100_000),
    "too large": b"<rss>" + b" " * LARGEST + b"</rss>",
    "too deep": b"<rss>" + b"<a>" * 64 + b"</a>" * 64 + b"</rss>",
    "far too deep": b"<rss>" + b"<a>" * 300_000,
    "too many elements": b"<rss>" + b"<a/>" * MOST_ELEMENTS + b"</rss>",
    "half a million elements": b"<rss>" + b"<a/>" * 500_000 + b"</rss>",
    "200,000 attributes": b"<r " + b" ".join(b"a%d=''" % n for n in range(150_000)) + b"/>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_feed_is_refused_within_a_second(name):
    began = time.perf_counter()
    with pytest.raises(BadInput) as refused:
        read_feed(HOSTILE[name])
    assert refused.value.field == "/feed"
    assert time.perf_counter() - began < 1


def test_more_items_than_anybody_reads_are_left_out():
    feed = read_feed(rss(*(b"<guid>%d</guid>" % n for n in range(MOST_ITEMS + 10))))
    assert [each.id for each in feed.items] == [str(n) for n in range(MOST_ITEMS)]


def test_items_inside_items_are_none_and_their_text_is_not_read_again_and_again():
    nested = b"<item><guid>x</guid><description>" * 20 + b"y" * 1_000_000
    data = b"<rss><channel>" + nested + b"</description></item>" * 20 + b"</channel></rss>"
    feed = read_feed(data)
    assert len(feed.items) == 1
    assert sum(len(each.html) for each in feed.items) < 1_001_000


def test_sixty_four_levels_are_read():
    data = rss(b"<guid>1</guid>" + b"<a>" * 60 + b"</a>" * 60)
    assert only(data).id == "1"


def test_html_becomes_its_words_and_nothing_that_runs():
    told = "<p>Two people <b>were</b> killed.</p><script>x()</script><style>p{}</style><p>More.</p>"
    assert text_of(told) == "Two people were killed.\n\nMore."
    assert text_of("Plain &amp; simple, 2 &lt; 3.") == "Plain & simple, 2 < 3."
    for nothing in ("", " ", "<p></p>", "<!-- x -->", "<img src='x'>", "<"):
        assert text_of(nothing) in {"", "<"}
    assert text_of("<i>" * 5_000 + "deep") in {"deep", ""}
