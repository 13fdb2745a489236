"""``tocsin read``: what a news report claims, as drafts for a person; nothing is kept or sent."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated
from urllib.parse import unquote, urlsplit

import typer

from tocsin.cli.options import AsJson, Config, settings
from tocsin.cli.output import Exit, console, fail, text, told_failures
from tocsin.clock import SystemClock
from tocsin.settings import Settings

if TYPE_CHECKING:
    from tocsin.reader.claim import Claim
    from tocsin.reader.document import Document
    from tocsin.reader.gazetteer import Gazetteer

FIELD = "FILE"
LANGUAGE_SHOWS = 3
"""Sentences by which a language can be told."""

Source = Annotated[
    str,
    typer.Argument(
        help="A file of plain text or HTML, an address (https://...), or - for standard input.",
        metavar="FILE",
        show_default=False,
    ),
]
Published = Annotated[
    str | None,
    typer.Option(
        "--published",
        help="The day it was published, such as 2022-03-01; else its own dateline's.",
        metavar="DATE",
    ),
]
Outlet = Annotated[
    str | None,
    typer.Option("--outlet", help="Whose report it is; else what it says.", metavar="NAME"),
]
Spoken = Annotated[
    str | None,
    typer.Option("--language", help="Its language, such as en; else by its words.", metavar="LANG"),
]
TextOut = Annotated[
    Path | None,
    typer.Option(
        "--text-out",
        help="Write the text that offsets count in to this file (of a page: its article).",
        metavar="FILE",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """The bytes that were given, and what came with them."""

    body: bytes
    name: str
    charset: str | None = None
    is_page: bool | None = None
    """HTML; None: the text itself tells."""


def read(
    source: Source,
    published: Published = None,
    outlet: Outlet = None,
    language: Spoken = None,
    text_out: TextOut = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Draft what a report claims: what happened, where, when, to how many, and who says so.

    Nothing is saved or published: a person confirms drafts at the desk. With --json each draft is
    one JSON object a line, with the exact words and where they stand; what is unknown is left
    out. A report without a claim gives an empty draft and ends well.
    """
    from tocsin.reader.draft import draft  # the reader is loaded by the verb that reads
    from tocsin.reader.gazetteer import Gazetteer
    from tocsin.reader.text import read_document

    day = _day(published)
    _known_language(language)
    with told_failures():
        house = settings(config)
        given = _given(source, house)
        words = _text(given)
        if text_out is not None:
            _write(text_out, words)
        document = read_document(
            words,
            name=given.name,
            published=day,
            outlet=outlet,
            language=language,
            before=SystemClock().now().date(),
        )
        claims: tuple[Claim, ...] = ()
        if document.sentences:
            gazetteer = Gazetteer.open(_profile(house))
            claims = _assisted(document, draft(document, gazetteer), gazetteer, house)
    if as_json:
        from tocsin.reader.jsonl import lines

        sys.stdout.buffer.write(lines(claims))
        sys.stdout.flush()
    else:
        from tocsin.cli.drafts import show

        show(document, claims)
    _note(document)


def _assisted(
    document: Document, claims: tuple[Claim, ...], gazetteer: Gazetteer, house: Settings
) -> tuple[Claim, ...]:
    """Let the model that the settings name point at more; none is asked by default."""
    if not house.reader_model.address:
        return claims
    import asyncio

    from tocsin.reader.model import assist

    found = asyncio.run(assist(document, claims, gazetteer, settings=house.reader_model))
    if found.sentence is not None:
        console(stderr=True).print(f"[bold yellow]![/] reader_model: {text(found.sentence)}")
    return found.drafts


def _day(written: str | None) -> date | None:
    if written is None:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        fail(Exit.USAGE, "--published", "bad-value", "write the day as 2022-03-01")


def _known_language(language: str | None) -> None:
    from tocsin.reader.lexicon import languages

    if language is not None and language not in languages():
        known = ", ".join(languages())
        fail(Exit.USAGE, "--language", "bad-value", f"the reader has words of: {known}")


def _given(source: str, house: Settings) -> _Given:
    """Return what was given, never more than one byte over the limit of it."""
    from tocsin.reader.text import LARGEST, too_large

    if source == "-":
        body = sys.stdin.buffer.read(LARGEST + 1)
        return _Given(body=body, name="stdin")
    if "://" in source:
        return _fetched(source, house)
    path = Path(source)
    if not path.exists():
        fail(Exit.USAGE, FIELD, "no-such-file", f"{source} is not there")
    if path.is_dir():
        fail(Exit.USAGE, FIELD, "no-such-file", f"{source} is a folder: give one report")
    try:
        if path.stat().st_size > LARGEST:
            raise too_large(FIELD)
        with path.open("rb") as file:
            body = file.read(LARGEST + 1)
    except OSError as failed:
        fail(Exit.UNREACHABLE, FIELD, "not-readable", failed.strerror or "cannot be read")
    is_page = True if path.suffix.lower() in {".html", ".htm", ".xhtml"} else None
    return _Given(body=body, name=path.stem, is_page=is_page)


def _fetched(address: str, house: Settings) -> _Given:
    import asyncio

    from tocsin.intake.fetch import FetchFailed, fetch

    try:
        answer = asyncio.run(fetch(address, allow=house.reports.inside))
    except FetchFailed as failed:
        fail(Exit.UNREACHABLE, "/address", "not-reached", str(failed))
    media = answer.media_type or ""
    parts = urlsplit(answer.final_address)
    stem = PurePosixPath(unquote(parts.path)).stem
    return _Given(
        body=answer.body,
        name=stem or parts.hostname or "page",
        charset=answer.charset,
        is_page=True if "html" in media else False if media == "text/plain" else None,
    )


def _text(given: _Given) -> str:
    """Return the report's text: as it was given, or the article of the page."""
    from tocsin.reader.text import article, decode, is_page

    words = decode(given.body, charset=given.charset, field=FIELD)
    is_html = is_page(words) if given.is_page is None else given.is_page
    return article(words) if is_html else words


def _write(file: Path, words: str) -> None:
    try:
        file.write_bytes(words.encode("utf-8"))
    except OSError as failed:
        why = failed.strerror or "cannot be written"
        fail(Exit.USAGE, "--text-out", "not-writable", f"{file}: {why}")


def _profile(house: Settings) -> Path | None:
    """Return the folder of the profile, whose places are looked up first."""
    if house.profile.folder is not None:
        return house.profile.folder
    bundled = Path(str(resources.files("tocsin") / "data" / "profiles"))
    names = sorted(each.name for each in bundled.iterdir() if each.is_dir())
    name = house.profile.id or (names[0] if len(names) == 1 else "")
    return bundled / name if name in names else None


def _note(document: Document) -> None:
    """Say on standard error what would make the drafts better."""
    from tocsin.reader.dateline import dateline
    from tocsin.reader.text import recognised

    shown = console(stderr=True)
    if document.published is None and document.sentences:
        told = dateline(document.text)
        days = " or ".join(day.isoformat() for day in told.candidates) if told else ""
        why = f"published {days}?" if days else "the report does not say when it was published:"
        shown.print(f"[bold yellow]![/] {why} with --published DATE its days are known")
    if len(document.sentences) >= LANGUAGE_SHOWS and recognised(document.text) is None:
        shown.print(
            f"[bold yellow]![/] its language is not known; read as {text(document.language)}"
        )
