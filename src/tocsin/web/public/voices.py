"""Pages of organisations: planned against done, claimed against denied, each with its report.

An organisation speaks by itself and by its people. Who speaks is known by the names that are told;
no id of the desk is here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from starlette.responses import Response

from tocsin.checks.identity import Permission
from tocsin.core.claims import SpeakerKind
from tocsin.formats.api import prose
from tocsin.projections.told import KEY_DIGITS, Board, Speaker
from tocsin.web.endpoint import Ask, Endpoint, Handler
from tocsin.web.public.situation import Telling, statements


def org_key(name: str) -> str:
    """Return by what people know an organisation: made of the name that is told."""
    plain = " ".join(name.split()).casefold()
    return hashlib.sha256(f"organisation {plain}".encode()).hexdigest()[:KEY_DIGITS]


def organisations(board: Board) -> dict[str, tuple[str, list[Speaker]]]:
    """Return every organisation by its key: its name, and who speaks for it."""
    found: dict[str, tuple[str, list[Speaker]]] = {}
    for speaker in board.speakers.values():
        for name in dict.fromkeys(_names(speaker)):
            found.setdefault(org_key(name), (name, []))[1].append(speaker)
    return found


async def listed(ask: Ask) -> Response:
    """Show every organisation that somebody speaks for."""
    t = Telling(ask)
    rows = [
        (key, prose(name), sum(len(each.said) for each in speakers))
        for key, (name, speakers) in organisations(t.board).items()
    ]
    rows.sort(key=lambda row: t.words.alphabetical(row[1]))
    return t.page(
        "situation_speakers.html",
        t.words.gettext("What organisations say"),
        t.words.gettext("Ministries, services and agencies, with all who speak for them."),
        rows=rows,
        base="/situation/organisations/",
    )


async def organisation(ask: Ask) -> Response:
    """Show all that one organisation says, through whomever."""
    t = Telling(ask)
    found = organisations(t.board).get(ask.path["org"])
    if found is None:
        return t.missing()
    name, speakers = found
    return statements(t, prose(name), speakers)


def _names(speaker: Speaker) -> Iterator[str]:
    voice = speaker.voice
    if voice.org.strip():
        yield voice.org
    if voice.kind is SpeakerKind.ORGANISATION and voice.name.strip():
        yield voice.name


def _line(path: str, name: str, summary: str, handler: Handler) -> Endpoint:
    return Endpoint(
        method="GET", path=path, name=name, summary=summary, permission=Permission.PUBLIC,
        handler=handler, media="text/html", past=True,
    )  # fmt: skip


PAGES: tuple[Endpoint, ...] = (
    _line("/situation/organisations", "page-situation-organisations",
          "Every organisation that somebody speaks for.", listed),
    _line("/situation/organisations/{org}", "page-situation-organisation",
          "All that one organisation says: planned and done, claimed and denied.", organisation),
)  # fmt: skip
