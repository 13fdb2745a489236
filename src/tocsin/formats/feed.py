"""RSS and Atom feeds -> their items; nothing is fetched, nothing in them is obeyed.

RSS 2.0, RSS 1.0 (RDF) and Atom 1.0. Parsed hardened: no DTD, no entities, no network, bounded size
and depth. What a feed says of itself is not believed further than an item's own link and day.

Source: RFC 4287; RSS 2.0; RELIABILITY section 4 (XML).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urljoin

from lxml import etree

from tocsin.errors import BadInput

LARGEST: Final = 2 * 1024 * 1024
MOST_ITEMS: Final = 500
DEEPEST: Final = 64
ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
DC_DATE = "{http://purl.org/dc/elements/1.1/}date"


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
    if _depth(root) > DEEPEST:
        raise BadInput("That nests deeper than any feed.", field="/feed")
    if root.tag == f"{ATOM}feed":
        found = [_entry(each, base) for each in root.findall(f"{ATOM}entry")[:MOST_ITEMS]]
        title = _text(root, f"{ATOM}title")
    elif etree.QName(root).localname in ("rss", "RDF"):
        rows = [each for each in root.iter() if _local(each) == "item"][:MOST_ITEMS]
        found = [_item(each, base) for each in rows]
        channel = next((each for each in root.iter() if _local(each) == "channel"), None)
        title = "" if channel is None else _local_text(channel, "title")
    else:
        raise BadInput("That is neither RSS nor Atom.", field="/feed")
    return Feed(title=title, items=tuple(each for each in found if each is not None))


def _entry(entry: etree._Element, base: str) -> Item | None:
    links = entry.findall(f"{ATOM}link")
    chosen = [each for each in links if each.get("rel", "alternate") == "alternate"] or links
    link = urljoin(base, chosen[0].get("href", "")) if chosen else ""
    name = _text(entry, f"{ATOM}id") or link
    if not name:
        return None
    when = _text(entry, f"{ATOM}published") or _text(entry, f"{ATOM}updated")
    body = _text(entry, f"{ATOM}content") or _text(entry, f"{ATOM}summary")
    return Item(id=name, link=link, title=_text(entry, f"{ATOM}title"), published=_iso(when),
                html=body)  # fmt: skip


def _item(item: etree._Element, base: str) -> Item | None:
    link = urljoin(base, _local_text(item, "link"))
    name = _local_text(item, "guid") or link
    if not name:
        return None
    when = _local_text(item, "pubDate")
    published = _rfc822(when) if when else _iso(_text(item, DC_DATE))
    body = _text(item, CONTENT) or _local_text(item, "description")
    return Item(id=name, link=link, title=_local_text(item, "title"), published=published,
                html=body)  # fmt: skip


def _text(parent: etree._Element, tag: str) -> str:
    found = parent.find(tag)
    return "" if found is None else "".join(found.itertext()).strip()


def _local_text(parent: etree._Element, name: str) -> str:
    """Return the text of a child by its name without a namespace: RSS has many dialects."""
    for child in parent:
        if _local(child) == name:
            return "".join(child.itertext()).strip()
    return ""


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _depth(root: etree._Element) -> int:
    deepest, waiting = 0, [(root, 1)]
    while waiting:
        element, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting += [(child, depth + 1) for child in element]
    return deepest


def _iso(text: str) -> datetime | None:
    try:
        return _zoned(datetime.fromisoformat(text))
    except ValueError:
        return None


def _rfc822(text: str) -> datetime | None:
    try:
        return _zoned(parsedate_to_datetime(text))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _zoned(at: datetime) -> datetime | None:
    """Return a moment with its zone; one without is not guessed at."""
    return at.astimezone(UTC) if at.tzinfo is not None else None
