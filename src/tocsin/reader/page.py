"""The article inside a page: its paragraphs, and nothing that stands around or between them.

What a page calls its navigation, its advertisements, its most-read list, its comments, is taken
away by its own names first; then trafilatura finds the body. A line that is nothing but a link
leads elsewhere and goes too, and so does the headline, which says in fewer words, with no
speaker, what the article says. A page of such lines alone has no article.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_PAGE = re.compile(
    r"\s*(?:\ufeff)?\s*(?:<!--.{0,2000}?-->\s*|<\?xml[^>]{0,200}>\s*)*<(?:!doctype\s+html|html|head|body)\b"
    r"|.{0,2000}?<(?:p|div|article|section|h[1-6]|br)\b[^>]{0,300}>.{0,2000}?</?(?:p|div|article|section|a)\b",
    re.IGNORECASE | re.DOTALL,
)
_GONE = (
    *("script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "canvas"),
    *("form", "button", "input", "select", "textarea", "nav", "aside", "footer", "dialog"),
    *("h1", "figure", "figcaption", "video", "audio", "menu"),
)
_NAMES = re.compile(
    r"(?:^|[\s_-])(?:nav(?:bar|igation)?|menu|breadcrumbs?|footer|sidebar|aside|comments?|disqus|replies|"
    r"respond|commentlist|related|recommend(?:ed|ations?)?|most[-_]?(?:read|popular|viewed)|popular|"
    r"trending|share|sharing|social|follow|newsletter|subscribe|subscription|signup|sign-up|promo|"
    r"ad|ads|advert(?:s|isement|ising)?|sponsor(?:ed)?|banner|teaser|outbrain|taboola|cookie|consent|"
    r"gdpr|paywall|popup|modal|byline|author|bio|tags?|read[-_]?(?:more|also|next)|more[-_]stories|"
    r"see[-_]also|widget|hidden|sr-only|visually-hidden|caption|credit|copyright|toolbar|skip)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_STOPPED = re.compile(r"[.!?\u2026][\"'\u201d\u2019\u00bb)]*$")
_SPACE = re.compile(r"\s+")
_SHARE = 0.4
"""Something named so that holds more of the page's words than this is no addition to it."""


def is_page(text: str) -> bool:
    """Say whether a text is HTML."""
    return _PAGE.match(text) is not None


def article(html: str) -> str:
    """Return the article of a page, a blank line between its paragraphs; empty where it has none.

    Nothing runs, nothing is fetched; the page's own dates are not asked (they are often those of
    the template).
    """
    import logging

    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring
    from trafilatura import extract

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # a page without text is no fault
    try:
        tree = document_fromstring(
            html.encode("utf-8", "replace"),
            parser=HTMLParser(encoding="utf-8", remove_comments=True),
        )
    except (etree.ParserError, etree.XMLSyntaxError):
        return ""
    _prune(tree)
    links = {_folded(link.text_content()) for link in tree.iter("a")}
    found = extract(tree, include_comments=False, include_tables=False, output_format="txt") or ""
    kept = [line.strip() for line in found.splitlines()]
    kept = [line for line in kept if line and _folded(line) not in links]
    return "\n\n".join(kept) if any(_STOPPED.search(line) for line in kept) else ""


def _prune(tree: HtmlElement) -> None:
    """Take away what the page itself says is not its article."""
    most = len(tree.text_content()) * _SHARE
    for element in list(tree.iter()):
        if not isinstance(element.tag, str) or element.getparent() is None:
            continue
        if element.tag in _GONE or _is_hidden(element):
            if element.tag in {"script", "style"} or _is_addition(element, most):
                element.drop_tree()
        elif element.tag not in {"html", "body", "main", "article", "p"}:
            names = f"{element.get('class') or ''} {element.get('id') or ''}"
            if len(names) > 1 and _NAMES.search(names) and _is_addition(element, most):
                element.drop_tree()


def _is_hidden(element: HtmlElement) -> bool:
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or _HIDDEN.search(element.get("style") or "") is not None
    )


def _is_addition(element: HtmlElement, most: float) -> bool:
    """Say whether it is small beside the page, or holds no paragraph of its own."""
    return len(element.text_content()) <= most or not any(True for _ in element.iter("p"))


def _folded(text: str) -> str:
    return _SPACE.sub(" ", text).strip(" \t\n>\u00bb\u2022-").casefold()
