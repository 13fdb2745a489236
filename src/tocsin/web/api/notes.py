"""Notes: for the next shift, or about an alert. Their words stand beside the chain."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from itertools import islice
from typing import Annotated, Literal

from msgspec import Meta, Struct

from tocsin.checks.text import prose_refusal
from tocsin.core import commands as co
from tocsin.core.alert import Audience
from tocsin.core.authority import Permission
from tocsin.core.refusals import Refusal, Rule
from tocsin.formats.api import prose
from tocsin.formats.officers import NameOf, PersonBody, person
from tocsin.projections.desk import Note
from tocsin.service.submit import Service
from tocsin.web.api import alerts
from tocsin.web.api.asks import Name
from tocsin.web.api.staff import NO_DESK, desk_hub_of, names
from tocsin.web.api.writing import request_key
from tocsin.web.endpoint import Answer, Ask, Endpoint, NoQuery

NO_STORE = {"Cache-Control": "no-store"}


class NotesQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which notes, the latest first."""

    alert: Annotated[Name | None, Meta(description="About this alert.")] = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class NoteAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Leave a note."""

    kind: Literal["hand-over", "remark"]
    text: Annotated[str, Meta(min_length=1, max_length=4000)]
    alert: Annotated[Name | None, Meta(description="Id or handle.")] = None


class NoteBody(Struct, frozen=True, kw_only=True):
    """A note."""

    id: str
    kind: str
    text: str
    alert: Annotated[str | None, Meta(description="The alert's id.")]
    handle: str
    by: PersonBody
    at: datetime


class NotesBody(Struct, frozen=True, kw_only=True):
    """Notes, the latest first."""

    notes: list[NoteBody]


async def notes(ask: Ask) -> Answer | Refusal:
    """Return notes."""
    hub = desk_hub_of(ask.house)
    if hub is None:
        return NO_DESK
    query: NotesQuery = ask.query
    service, alert_id = ask.house.service, None
    if query.alert is not None:
        alert_id = service.resolve(query.alert)
        if alert_id is None:
            return Refusal(Rule.UNKNOWN_ALERT, "/alert", "No alert of that name is known here.")
    name_of = names(ask.house)
    found = islice(hub.desk.notes(alert_id), query.limit)
    body = NotesBody(notes=[_body(service, each, name_of) for each in found])
    return Answer(body, headers=NO_STORE)


async def write(ask: Ask) -> Answer | Refusal:
    """Leave a note."""
    hub = desk_hub_of(ask.house)
    if hub is None:
        return NO_DESK
    body: NoteAsk = ask.body
    service, alert_id = ask.house.service, None
    if body.alert is not None:
        alert_id = service.resolve(body.alert)
        if alert_id is None:
            return Refusal(Rule.UNKNOWN_ALERT, "/alert", "No alert of that name is known here.")
    refused = prose_refusal(body.text, "/text")
    if refused is None and not body.text.strip():
        refused = Refusal(Rule.TEXT_MISSING, "/text", "Write at least a word.")
    key = request_key(ask)
    if refused is not None or isinstance(key, Refusal):
        return refused or key  # type: ignore[return-value]  # one of the two is a refusal
    words = body.text.encode()
    content = hashlib.sha256(words).hexdigest()
    note_id = secrets.token_hex(16)
    if key is not None:  # the same note again has the same name
        note_id = hashlib.sha256(f"{key.credential}\n{key.key}".encode()).hexdigest()[:32]
    command = co.WriteNote(
        note_id=note_id, kind=body.kind, text=content, alert_id=alert_id, by=ask.identity.name
    )
    outcome = await service.submit(
        command, key=key, warrant=ask.identity.warrant, texts={content: words}
    )
    if isinstance(outcome, Refusal):
        return outcome
    written = next(note for note in hub.desk.notes() if note.note_id == note_id)
    return Answer(_body(service, written, names(ask.house)), 201)


def _body(service: Service, note: Note, name_of: NameOf) -> NoteBody:
    words = service.text(note.text)
    view = service.view(note.alert_id) if note.alert_id is not None else None
    return NoteBody(
        id=note.note_id, kind=note.kind, text="" if words is None else prose(words.decode()),
        alert=note.alert_id, handle=view.alert.handle if view is not None else "",
        by=person(note.by, name_of), at=note.at,
    )  # fmt: skip


BASE = "/api/v1"
LINES: tuple[Endpoint, ...] = (
    Endpoint(
        method="GET", path=f"{BASE}/notes", name="list-notes",
        summary="Return the notes of the desk, the latest first",
        permission=Permission.VIEW, query=NotesQuery, response=NotesBody, handler=notes,
        refusals=(Rule.UNKNOWN_ALERT, Rule.NOT_ACCEPTED), audience=Audience.DESK,
        headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/notes", name="write-note",
        summary="Leave a note for the next shift, or about an alert",
        permission=Permission.SITUATION, request=NoteAsk, query=NoQuery, response=NoteBody,
        status=201, handler=write,
        refusals=(
            Rule.UNKNOWN_ALERT, Rule.CONTROL_CHARACTER, Rule.TEXT_MISSING, *alerts.KEYED,
        ),
        audience=Audience.DESK, headers=NO_STORE,
    ),
)  # fmt: skip
