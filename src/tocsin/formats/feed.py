"""RSS and Atom feeds -> their items; nothing is fetched, nothing in them is obeyed.

RSS 2.0, RSS 1.0 (RDF) and Atom 1.0. Parsed hardened: no DTD, no entities, no network, bounded size,
depth and number of elements. What a feed says of itself is not believed further than an item's own
link and day; a link is one of the web or none.

Source: RFC 4287; RSS 2.0; RELIABILITY section 4 (XML).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import escape
from typing import Final
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from tocsin.errors import BadInput

LARGEST: Final = 2 * 1024 * 1024
MOST_ITEMS: Final = 500
MOST_ELEMENTS: Final = 50_000
DEEPEST: Final = 64
LONGEST_LINK: Final = 2_000
ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
DC_DATE = "{http://purl.org/dc/elements/1.1/}date"
_UNREAD = ("script", "style", "noscript", "template", "iframe", "object", "svg")
_BLOCKS = ("p", "div", "br", "li", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "tr")
_TOO_DEEP = "/" + "/".join("*" * (DEEPEST + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry. ``id`` tells it from all others of its feed; ``html`` is its own text, if any."""

    id: str
    link: str
    title: str = ""
    published: datetime | None = None
    html: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed's title and items, in its own order."""

    title: str
    items: tuple[Item, ...]


def read_feed(data: bytes, base: str = "") -> Feed:
    """Return the items of a feed; relative links are taken from ``base``.

    Raises:
        BadInput: it is too large or too deep, no XML, has a DTD, or is no feed.
    """
    if len(data) > LARGEST:
        raise BadInput(f"A feed has at most {LARGEST} bytes.", field="/feed")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise BadInput("That is not XML.", field="/feed") from None
    if root.getroottree().docinfo.doctype:
        raise BadInput("A feed with a DTD is not read.", field="/feed")
    if root.xpath("count(//*)") > MOST_ELEMENTS:
        raise BadInput(f"A feed has at most {MOST_ELEMENTS} elements.", field="/feed")
    if root.xpath(f"boolean({_TOO_DEEP})"):
        raise BadInput("That nests deeper than any feed.", field="/feed")
    if root.tag == f"{ATOM}feed":
        rows, title = root.findall(f"{ATOM}entry"), _text(root, f"{ATOM}title")
        return _feed(title, rows, base, _entry)
    if _local(root) in {"rss", "RDF"}:
        channel = next((each for each in root if _local(each) == "channel"), root)
        rows = [each for parent in (channel, root) for each in parent if _local(each) == "item"]
        title = "" if channel is root else _local_text(channel, "title")
        return _feed(title, rows, base, _item)
    raise BadInput("That is neither RSS nor Atom.", field="/feed")


def text_of(html: str) -> str:
    """Return the words of an item's own HTML, a blank line between its paragraphs."""
    if not html.strip():
        return ""
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        tree = document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return ""
    for element in list(tree.iter(*_UNREAD)):
        element.drop_tree()
    for element in tree.iter(*_BLOCKS):
        element.tail = f"\n\n{element.tail or ''}"
    parts = (" ".join(part.split()) for part in str(tree.text_content()).split("\n\n"))
    return "\n\n".join(part for part in parts if part)


def _feed(
    title: str,
    rows: list[etree._Element],
    base: str,
    read: Callable[[etree._Element, str], Item | None],
) -> Feed:
    """Return the first of the items that have a name, each name once."""
    found: dict[str, Item] = {}
    for row in rows[:MOST_ITEMS]:
        if (item := read(row, base)) is not None:
            found.setdefault(item.id, item)
    return Feed(title=title, items=tuple(found.values()))


def _entry(entry: etree._Element, base: str) -> Item | None:
    links = [each for each in entry.findall(f"{ATOM}link") if each.get("href")]
    own = [each for each in links if each.get("rel", "alternate") == "alternate"]
    link = _link(own[0].get("href", ""), base, own[0].base) if own else ""
    name = _text(entry, f"{ATOM}id") or link
    if not name:
        return None
    when = _text(entry, f"{ATOM}published") or _text(entry, f"{ATOM}updated")
    body = _atom_html(entry, "content") or _atom_html(entry, "summary")
    return Item(id=name, link=link, title=_text(entry, f"{ATOM}title"), published=_iso(when),
                html=body)  # fmt: skip


def _atom_html(entry: etree._Element, name: str) -> str:
    """Return a text construct as HTML: plain text escaped, XHTML as it stands."""
    found = entry.find(f"{ATOM}{name}")
    if found is None:
        return ""
    kind = found.get("type", "text").lower()
    if kind == "xhtml":
        parts = [etree.tostring(child, encoding="unicode", with_tail=False) for child in found]
        return "".join(parts)
    text = "".join(found.itertext()).strip()
    return text if "html" in kind else escape(text, quote=False)


def _item(item: etree._Element, base: str) -> Item | None:
    told, guid = _local_text(item, "link"), _local_text(item, "guid")
    link = _link(told, base, item.base)
    if not told and guid and _is_permalink(item):
        link = _link(guid, "", None)
    name = guid or link
    if not name:
        return None
    when = _local_text(item, "pubDate")
    published = _rfc822(when) if when else _iso(_text(item, DC_DATE))
    body = _text(item, CONTENT) or _local_text(item, "description")
    return Item(id=name, link=link, title=_local_text(item, "title"), published=published,
                html=body)  # fmt: skip


def _is_permalink(item: etree._Element) -> bool:
    guid = item.find(item.tag.removesuffix("item") + "guid")
    return guid is not None and str(guid.get("isPermaLink", "true")).strip().lower() == "true"


def _link(told: str, base: str, inner: str | None) -> str:
    """Return an address of the web, taken from what surrounds it; empty where it is none."""
    told = told.strip()
    try:
        link = urljoin(urljoin(base, inner or ""), told) if told else ""
        is_web = urlsplit(link).scheme in {"http", "https"} and bool(urlsplit(link).hostname)
    except ValueError:  # half an IPv6 address
        return ""
    return link if is_web and link.isprintable() and len(link) <= LONGEST_LINK else ""


def _text(parent: etree._Element, tag: str) -> str:
    found = parent.find(tag)
    return "" if found is None else "".join(found.itertext()).strip()


def _local_text(parent: etree._Element, name: str) -> str:
    """Return the text of a child of the same vocabulary: RSS has many dialects and extensions."""
    tag = parent.tag.removesuffix(_local(parent)) + name
    return _text(parent, tag)


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _iso(text: str) -> datetime | None:
    try:
        return _zoned(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None


def _rfc822(text: str) -> datetime | None:
    try:
        return _zoned(parsedate_to_datetime(text))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _zoned(at: datetime) -> datetime | None:
    """Return a moment with its zone; one without is not guessed at."""
    return at.astimezone(UTC) if at.tzinfo is not None else None
