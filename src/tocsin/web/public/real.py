"""Is this page real? The public key, the latest signed head, how to check a message (DESIGN R13).

A false page can say all of this as well. So it shows what can be held against something else: the
key's fingerprint, which an authority prints on paper, and a statement that anybody checks with
tools of his own. It says so, also beside the check that the browser makes. No page here says that
anybody is safe.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from starlette.responses import Response

from tocsin.core.alert import AlertState, Realm
from tocsin.core.refusals import Refusal, Rule
from tocsin.fanout.select import selection
from tocsin.formats.api import encode
from tocsin.keys.kinds import PublicKey, Purpose
from tocsin.keys.store import KeyStore
from tocsin.service.heads import PublicHead, public_head
from tocsin.web.endpoint import Ask, Endpoint
from tocsin.web.ours import OursBody, verified
from tocsin.web.public.news import crier_of
from tocsin.web.public.pages import _line, _page, site_of
from tocsin.web.seen import counterfeits_in
from tocsin.web.words import Words


@dataclass(frozen=True, slots=True)
class KeyView:
    """The public key in the forms in which somebody may hold it."""

    fingerprint: str
    hex: str
    base64: str
    pem: str


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message of ours: what it says, and how its alert stands now."""

    headline: str
    where: str
    sent: str
    state: str
    handle: str
    revision: int
    is_latest: bool
    is_drill: bool


async def real(ask: Ask) -> Response:
    """Show the key, the latest head, the false warnings that are about, and how to check."""
    site, house = site_of(ask), ask.house
    language = site.language(ask.request)
    now = site.service.clock.now()
    lies = crier_of(house, site.words[language], now).lies(counterfeits_in(house))
    head, key = _head(ask), _key(ask)
    said = (head.sequence, head.hash, head.key) if head is not None else None
    return _page(
        ask, "real.html", language, now, sense=("real", said, lies),
        head=head, key=key, lies=lies,
        statement=encode(head).decode() if head is not None else "",
        base=_base(ask),
    )  # fmt: skip


def _base(ask: Ask) -> str:
    """Return the address that this page was asked by; what ends TLS in front of us says so."""
    request = ask.request
    is_tls = "https" in (request.url.scheme, request.headers.get("x-forwarded-proto"))
    return f"{'https' if is_tls else 'http'}://{request.url.netloc}"


async def verify(ask: Ask) -> Response:
    """Ask for a code, and say whether a message with it is ours."""
    site, asked = site_of(ask), ask.request.query_params
    language = site.language(ask.request)
    words, now = site.words[language], site.service.clock.now()
    typed, handle = asked.get("code", "")[:40].strip(), asked.get("handle", "")[:40].strip()
    found = await verified(ask, typed, handle) if typed else None
    is_unreadable = isinstance(found, Refusal) and found.rule is Rule.BAD_VALUE
    is_silent = isinstance(found, Refusal) and not is_unreadable
    messages = (
        [_message(ask, words, each) for each in found.messages]
        if found is not None and not isinstance(found, Refusal)
        else []
    )
    status = 200
    if isinstance(found, Refusal):
        status = {Rule.BAD_VALUE: 422, Rule.TOO_MANY_REQUESTS: 429}.get(found.rule, 503)
    return _page(
        ask, "verify.html", language, now, status=status,
        sense=("verify", typed, handle, messages, is_unreadable, is_silent),
        typed=typed, handle=handle, messages=messages, is_asked=found is not None,
        is_unreadable=is_unreadable, is_silent=is_silent,
    )  # fmt: skip


def _keys(ask: Ask) -> KeyStore | None:
    keys: KeyStore | None = ask.house.shared.get("keys")
    return keys


def _head(ask: Ask) -> PublicHead | None:
    keys, everything = _keys(ask), selection(ask.house.service.world)
    if keys is None or isinstance(everything, Refusal):
        return None
    return public_head(ask.house.service, ask.house.hub.hash_of(everything), keys.key(Purpose.HEAD))


def _key(ask: Ask) -> KeyView | None:
    keys = _keys(ask)
    if keys is None:
        return None
    public: PublicKey = keys.key(Purpose.HEAD).public
    digits = public.fingerprint
    return KeyView(
        fingerprint=" ".join(digits[at : at + 4] for at in range(0, len(digits), 4)),
        hex=public.public.hex(),
        base64=base64.b64encode(public.public).decode("ascii"),
        pem=public.pem().decode("ascii"),
    )


def _message(ask: Ask, words: Words, ours: OursBody) -> MessageView:
    alert, language = ours.alert, words.language
    said = ours.said.get(language) or next(iter(ours.said.values()), None)
    place = crier_of(ask.house, words, ask.house.service.clock.now())
    view = ask.house.service.view(alert.id, ours.revision)
    state = {
        AlertState.ACTIVE: words.gettext("In force. Do what it says."),
        AlertState.UNCONFIRMED: words.gettext(
            "It has run out, and nobody has given the all-clear. It may go on."
        ),
        AlertState.CLEARED: words.gettext("Over: the all-clear was given."),
        AlertState.CANCELLED: words.gettext("Withdrawn: it was issued in error."),
    }[alert.state]
    return MessageView(
        headline=said.headline if said is not None else "",
        where=place.area(view.alert.area) if view is not None else "",
        sent=words.when(alert.sent, ask.house.service.clock.now()),
        state=state,
        handle=alert.handle,
        revision=ours.revision,
        is_latest=ours.revision == alert.revision,
        is_drill=alert.realm is Realm.DRILL,
    )


PAGES: tuple[Endpoint, ...] = (
    _line("/real", "page-real", "Is this page real? The key, and how to check a message.", real),
    _line("/verify", "page-verify", "Is this message ours? Type its code.", verify),
)
"""In the public design, without cookies, complete without a script."""
