"""Who stands at the door: officers by session, machines by key, the house by its first token.

``identify`` is asked at every request and reads by index only. The flows are in parts:
``signing`` (sessions), ``links`` (one-time links), ``accounts`` (what administrators do),
``keys`` (machines), ``own`` (one's own credentials). ``desk`` says in which order things are
recorded and take effect.

A session's token changes every quarter of an hour. The one before holds until 60 s after the new
one was first used, so that parallel requests and a lost answer end nobody's shift. Whoever
shows one that is older than that has a copy: the session ends.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Coroutine
from datetime import datetime, timedelta

import structlog

from tocsin.checks.identity import (
    ANYBODY,
    FIRST_TOKEN,
    Credentials,
    Identity,
    bearer,
    of_warrant,
    unknown,
)
from tocsin.checks.limits import Limit, source_of
from tocsin.checks.passkeys import Passkeys
from tocsin.core.audit import OfficerRefused
from tocsin.core.authority import Warrant
from tocsin.core.refusals import Refusal, Rule
from tocsin.errors import TocsinError
from tocsin.service.accounts import Accounts
from tocsin.service.cookies import SESSION, set_cookie
from tocsin.service.desk import FIRST_TOKEN_OVER, Desk, digest
from tocsin.service.enrol import Links
from tocsin.service.machines import KEY_PREFIX, MachineKeys
from tocsin.service.own import Own
from tocsin.service.registry import Held, Registry
from tocsin.service.scopes import too_wide
from tocsin.service.signin import TOKEN_BYTES, SignIn, over, warrant_of
from tocsin.service.strangers import Strangers
from tocsin.settings import Settings

log = structlog.get_logger()

OLD_TOKEN_HOLDS = timedelta(seconds=60)
FLUSH_S = 5.0
FLUSHED_AT_ONCE = 50
"""Summed-up events that share a write to the disk: alerts pass between two groups of them."""
EVENTS_PER_MINUTE = 60
"""Refusals of one account that are an event each; a machine that runs wild is summed up then."""
KEY_USE_NOTED = timedelta(minutes=1)
HEADER_MOST = 512
_COUNTED_THERE = frozenset((Rule.SIGN_IN_REFUSED, Rule.CODE_USED))
"""``signing`` has counted these itself, where it knew whose they were."""


def origin_of(settings: Settings, port: int | None = None) -> str:
    """Return the address that officers open, by the settings; ``port`` if the system chose it."""
    if port is None:
        port = settings.web.port if settings.officers.port is None else settings.officers.port
    return settings.officers.origin or f"http://localhost:{port}"


class Officers:
    """The officers' side of one house; lives in one event loop.

    Args:
        desk: registry, audit, clock and the rest that the flows share.
        credentials: the first token.
        house: the house's name, as authenticators and generators show it.
    """

    def __init__(self, desk: Desk, credentials: Credentials, *, house: str) -> None:
        self._desk = desk
        self._credentials = credentials
        self._strangers = Strangers()
        self.signing = SignIn(desk, self._strangers)
        self.links = Links(desk, house=house)
        self.keys = MachineKeys(desk)
        self.accounts = Accounts(desk, self.links, self.signing, self.keys)
        self.own = Own(desk, self.signing, house=house)
        self._house = house
        self._events = Limit(desk.now, EVENTS_PER_MINUTE)
        self._due: dict[str, Held] = {}
        self._ending: set[str] = set()
        self._claimed: set[bytes] = set()
        self._key_used: dict[str, datetime] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._keeper: asyncio.Task[None] | None = None

    @property
    def origin(self) -> str:
        """The address that officers open."""
        return self._desk.passkeys.origin

    @property
    def registry(self) -> Registry:
        """The engine, for what needs no flow: saved groups of regions."""
        return self._desk.registry

    def serve_at(self, origin: str) -> None:
        """Take another origin: once the system has chosen the port."""
        self._desk.passkeys = Passkeys(origin, self._house)

    # -- life ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to record what is summed up, and to end shifts that are over."""
        self._keeper = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """Record what is left. The service must still take commands."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
            self._keeper = None
        await self.settle()
        await self.flush(everything=True)

    async def settle(self) -> None:
        """Wait until everything that was begun in the background is done."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def flush(self, *, everything: bool = False) -> None:
        """Record refusals of the minutes that are over, and end the sessions whose shift is."""
        now = self._desk.now()
        events = self._strangers.ended(now, everything=everything)
        while events:
            group, events = events[:FLUSHED_AT_ONCE], events[FLUSHED_AT_ONCE:]
            try:
                await asyncio.gather(*(self._desk.audit(event) for event in group))
            except TocsinError:
                self._strangers.put_back(group + events, now)
                raise
        for session in await self._desk.write(self._desk.registry.over, now):
            await self.signing.end_for(session.account_id, session.id, "shift-over")

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_S)
            try:
                await self.flush()
            except TocsinError as problem:
                log.warning("door_not_recorded", reason=type(problem).__name__)
            except Exception:  # the door is kept whatever happens
                log.exception("door_failed")

    # -- asking ----------------------------------------------------------------------------------

    def identify(
        self, authorization: str | None, cookie: str | None, device: str | None
    ) -> Identity | Refusal:
        """Return who shows these: an ``Authorization`` header, or else the two cookies.

        Nothing shown is anybody. Quick: at most one read by index.

        Raises:
            RegistryUnavailable: it cannot be known now.
        """
        if authorization is not None:
            token = bearer(authorization)
            if token is None or len(token) > HEADER_MOST:
                return unknown()
            if self._credentials.is_first(token):
                return self._first()
            return self._by_key(token)
        if cookie is not None:
            return self._by_session(cookie, device)
        return ANYBODY

    def note_refusal(self, identity: Identity | None, source: str, rule: Rule, line: str) -> None:
        """Take note that ``line`` refused somebody; returns at once.

        A stranger's is summed up, an officer's own is an event (P23).
        """
        desk, warrant = self._desk, identity.warrant if identity is not None else None
        now = desk.now()
        if warrant is None:
            if rule not in _COUNTED_THERE:
                self._strangers.count(desk.device(source_of(source)), rule, now)
            return
        if rule is Rule.TOO_MANY_REQUESTS or not self._events.hit(warrant.account):
            self._strangers.count(desk.device(f"account {warrant.account}"), rule, now)
            return
        event = OfficerRefused(
            at=now, account_id=warrant.account, credential_id=warrant.credential, rule=rule,
            line=line,
        )  # fmt: skip
        self._later(desk.audit(event))

    async def renewed(self, identity: Identity) -> tuple[str, ...]:
        """Return the ``Set-Cookie`` value of a session's next token, where it is due; mostly none.

        Of parallel requests one gets it.
        """
        held = self._due.pop(identity.session, None)
        if held is None:
            return ()
        desk, now = self._desk, self._desk.now()
        token = secrets.token_urlsafe(TOKEN_BYTES)
        if not await desk.write(desk.registry.rotate, held.session, digest(token), now):
            return ()
        left = held.session.ends_at - now
        return (set_cookie(SESSION, token, left, origin=self.origin),)

    # -- parts -----------------------------------------------------------------------------------

    def _first(self) -> Identity | Refusal:
        if self._desk.registry.noted(FIRST_TOKEN_OVER) is None:
            return FIRST_TOKEN
        return Refusal(
            Rule.BAD_CREDENTIAL, "/Authorization",
            "The first token is over: an administrator has signed in. Sign in, or use a key.",
        )  # fmt: skip

    def _by_key(self, token: str) -> Identity | Refusal:
        """Return whose key it is. The id leads to one row; its hash is compared as a whole."""
        desk, now = self._desk, self._desk.now()
        id_ = token.removeprefix(KEY_PREFIX).partition("_")[0]
        found = desk.registry.key(id_) if token.startswith(KEY_PREFIX) else None
        if found is None or not secrets.compare_digest(found[0].hash, digest(token)):
            return unknown()
        key, account = found
        if (
            key.revoked_at is not None
            or (key.valid_until is not None and key.valid_until <= now)
            or not account.holds(now)
            or too_wide(desk.tree, key.scope, account.scope) is not None
        ):
            return Refusal(
                Rule.BAD_CREDENTIAL, "/Authorization", "This key was revoked or is over."
            )
        self._note_key_used(key.id, key.last_used_at, now)
        return of_warrant(
            Warrant(
                account=account.id, credential=key.id, name=key.name, scope=key.scope,
                device=f"key {key.id}", is_machine=True, direct=key.direct,
                per_minute=key.per_minute,
            )
        )  # fmt: skip

    def _by_session(self, cookie: str, device: str | None) -> Identity | Refusal:
        """Return whose session it is: its token, from the device that signed in."""
        desk, now = self._desk, self._desk.now()
        if len(cookie) > HEADER_MOST:
            return over()
        token = digest(cookie)
        held = desk.registry.held(token)
        if held is None or held.session.id in self._ending:
            return over()
        session, account = held.session, held.account
        if session.ends_at <= now or not account.holds(now):
            return over()
        if held.retired_at is not None and held.retired_at + OLD_TOKEN_HOLDS <= now:
            self._end_replayed(held)
            return over()
        if not secrets.compare_digest(desk.device(device), session.device):
            return over()
        if not held.is_claimed and token not in self._claimed:
            self._claimed.add(token)
            self._later(self._claim(token, now))
        if now - session.rotated_at >= timedelta(minutes=desk.rules.session_rotate_min):
            self._due[session.id] = held
        return of_warrant(warrant_of(session, account))

    def _end_replayed(self, held: Held) -> None:
        """End a session of which somebody has a copy: refused from this moment on."""
        session = held.session
        self._ending.add(session.id)
        log.warning("session_replayed", account_id=session.account_id, session_id=session.id)
        self._later(self.signing.end_for(session.account_id, session.id, "replayed"))

    async def _claim(self, token: bytes, now: datetime) -> None:
        await self._desk.write(self._desk.registry.claim_token, token, now)
        self._claimed.discard(token)

    def _note_key_used(self, key_id: str, last: datetime | None, now: datetime) -> None:
        last = self._key_used.get(key_id, last)
        if last is None or now - last >= KEY_USE_NOTED:
            self._key_used[key_id] = now
            self._later(self._desk.write(self._desk.registry.note_key_used, key_id, now))

    def _later(self, work: Coroutine[None, None, None]) -> None:
        """Do something in the background; it is waited for by ``settle``."""

        async def done() -> None:
            try:
                await work
            except TocsinError as problem:
                log.warning("door_not_recorded", reason=type(problem).__name__)

        task = asyncio.get_running_loop().create_task(done())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
