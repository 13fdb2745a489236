"""Keys of signed feeds and stations: made and withdrawn by administrators, recorded in the chain.

An administrator enters the public half; the private half is made where it is used and never comes
here. A key's id is given once for ever, so what a withdrawn key has sent stays nobody else's.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from tocsin.checks.identity import Identity
from tocsin.checks.signature import fits, public_refusal
from tocsin.checks.text import name_refusal
from tocsin.core.audit import CredentialChanged
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.threats import ACCOUNT, Feed
from tocsin.service.desk import Desk
from tocsin.service.feedrecords import FeedKey, FeedKind, Station
from tocsin.service.registry import Taken

_ID = re.compile(r"[a-z0-9][a-z0-9.-]{2,62}")


def account_of(key_id: str) -> str:
    """Return the name under which what a key sends is recorded."""
    return f"{ACCOUNT}{key_id}"


def feed_of(key: FeedKey) -> Feed:
    """Return a key as the rules see it."""
    return Feed(
        key=key.id, sender=key.sender, regions=key.regions, hazards=key.hazards,
        issues=key.issues, is_weak=key.is_weak,
    )  # fmt: skip


class FeedKeys:
    """The flows of feeds' keys and of stations; lives in one event loop. ``by`` is who asks."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def active(self, key_id: str) -> FeedKey | None:
        """Return a key that holds."""
        found = self._desk.registry.feed_key(key_id)
        return found if found is not None and found.withdrawn_at is None else None

    def all(self) -> list[FeedKey]:
        """Return all keys, withdrawn ones too."""
        return self._desk.registry.feed_keys()

    async def add(self, by: Identity, asked: FeedKey, public: str) -> FeedKey | Refusal:
        """Let a key send; ``asked`` but for its times, ``public`` in base64."""
        desk = self._desk
        refused = desk.known_administrator(by) or _id(asked.id)
        refused = refused or _named(asked.name, "/name") or _named(asked.sender, "/sender")
        refused = refused or self._unfit(asked)
        if refused is not None:
            return refused
        found = public_refusal(public, "/public")
        if isinstance(found, Refusal):
            return found
        async with desk.changing:
            if desk.registry.feed_key(asked.id) is not None:
                return Refusal(
                    Rule.NOT_AS_IT_STANDS, "/id", "This id was given before; choose another."
                )
            if any(each.public == found for each in desk.registry.feed_keys()):
                return Refusal(
                    Rule.NOT_AS_IT_STANDS, "/public", "This public key was entered before."
                )
            now = desk.now()
            key = replace(asked, public=found, made_at=now, made_by=by.name)
            await desk.audit(_changed(account_of(key.id), key.id, "key", "made", by, now))
            try:
                await desk.write(desk.registry.add_feed_key, key)
            except Taken:
                return Refusal(Rule.NOT_AS_IT_STANDS, "", "This house has too many keys of feeds.")
            return key

    async def withdraw(self, by: Identity, key_id: str) -> FeedKey | Refusal:
        """Take a key back for good; what it sent stays."""
        desk = self._desk
        refused = desk.known_administrator(by, lately=False)
        if refused is not None:
            return refused
        async with desk.changing:
            key = self.active(key_id)
            if key is None:
                return Refusal(Rule.UNKNOWN_PATH, "", "There is no such key that still holds.")
            now = desk.now()
            await desk.audit(_changed(account_of(key_id), key_id, "key", "revoked", by, now))
            await desk.write(desk.registry.withdraw_feed_key, key_id, now)
            after = desk.registry.feed_key(key_id)
            return after or key

    async def save_station(self, by: Identity, station: Station) -> Station | Refusal:
        """Enter a station, or write it anew: whole values."""
        desk = self._desk
        refused = desk.known_administrator(by)
        refused = refused or _id(station.id) or _named(station.name, "/name")
        if refused is not None:
            return refused
        async with desk.changing:
            key = self.active(station.key_id)
            if key is None or FeedKind.OBSERVATIONS not in key.feeds:
                return Refusal(
                    Rule.BAD_VALUE, "/key", "Name a key that holds and sends observations."
                )
            mine = desk.tree.mask(code for code in key.regions if code in desk.tree)
            if station.region not in desk.tree:
                return Refusal(Rule.UNKNOWN_REGION, "/region", "The profile has no such region.")
            if desk.tree.mask((station.region,)) & ~mine:
                return Refusal(
                    Rule.OUTSIDE_JURISDICTION, "/region", f"{key.id} has no say in that region."
                )
            change = "made" if desk.registry.station(station.id) is None else "changed"
            name = f"station:{station.id}"
            await desk.audit(_changed(name, station.id, "station", change, by, desk.now()))
            try:
                await desk.write(desk.registry.save_station, station)
            except Taken:
                return Refusal(Rule.NOT_AS_IT_STANDS, "", "This house has too many stations.")
            return station

    def _unfit(self, asked: FeedKey) -> Refusal | None:
        if not asked.feeds:
            return Refusal(Rule.MISSING_MEMBER, "/feeds", "Say what it sends.")
        if not asked.regions:
            return Refusal(Rule.EMPTY_AREA, "/regions", "Name the regions that it speaks of.")
        for number, code in enumerate(asked.regions):
            if code not in self._desk.tree:
                return Refusal(
                    Rule.UNKNOWN_REGION, f"/regions/{number}", "The profile has no such region."
                )
        for number, hazard in enumerate(asked.hazards):
            if hazard not in self._desk.hazards:
                return Refusal(
                    Rule.UNKNOWN_HAZARD, f"/hazards/{number}", "The profile has no such hazard."
                )
        if asked.issues and not asked.hazards:
            return Refusal(
                Rule.MISSING_MEMBER, "/hazards", "Name the hazards that it may issue at once."
            )
        if asked.issues and asked.is_weak:
            return Refusal(
                Rule.BAD_VALUE, "/issues", "A weak source drafts; it never issues by itself."
            )
        return None


def opened(key: FeedKey | None, signature: bytes, body: bytes) -> FeedKey | Refusal:
    """Return the key that signed a body, or why it did not."""
    if key is None:
        return Refusal(
            Rule.UNKNOWN_FEED_KEY, "/Tocsin-Key", "No feed of that key is known here."
        )  # fmt: skip
    if not fits(key.public, signature, body):
        return Refusal(
            Rule.BAD_SIGNATURE, "/Tocsin-Signature", "It does not fit the body as it came."
        )
    return key


def _changed(
    account: str, credential: str, kind: str, change: str, by: Identity, now: datetime
) -> CredentialChanged:
    return CredentialChanged(
        at=now, account_id=account, credential_id=credential, kind=kind, change=change, by=by.name
    )


def _id(text: str) -> Refusal | None:
    if _ID.fullmatch(text):
        return None
    return Refusal(
        Rule.BAD_VALUE, "/id", "3 to 63 small letters, digits, points and hyphens."
    )  # fmt: skip


def _named(text: str, field: str) -> Refusal | None:
    if not text.strip():
        return Refusal(Rule.BAD_VALUE, field, "Give at least one character.")
    return name_refusal(text, field)
