"""Is it their passkey: the relying party's half of WebAuthn, user verification always asked for.

A passkey that verifies its user (fingerprint, face, PIN) proves two factors by itself, so it
signs in alone, and without a login: it is discoverable.

A challenge is a random number, its time, what it is for, and the house's seal over the three: so
that whoever asks for a hundred thousand of them takes no memory and pushes nobody's out. Good for
five minutes, for its purpose, once: those that were answered rightly are kept until then.

Source: WebAuthn Level 3 sections 7.1 and 7.2; FIDO2 server of Yubico's ``fido2``.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from fido2.cbor import decode, encode
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from tocsin.core.refusals import Refusal, Rule

CHALLENGE_LASTS = timedelta(minutes=5)
SKEW = timedelta(seconds=60)
RANDOM_BYTES, TIME_BYTES, SEAL_BYTES = 24, 8, 32
MEMBER_MOST = 16_384
"""Characters of one member of an answer; keys of the largest kind that is taken have 2,000."""
NO_ID = b"\0" * 16
"""The maker of an authenticator is not asked for."""

T = TypeVar("T")
Options = Mapping[str, Any]
"""What ``navigator.credentials`` takes, as JSON (``parseCreationOptionsFromJSON``)."""
Answer = Mapping[str, Any]
"""What it gave back, as JSON (``PublicKeyCredential.toJSON``); nothing in it is trusted."""


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A passkey as it was registered; ``public_key`` is its COSE key."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class Proved:
    """A passkey has signed the challenge. Whether its count may be believed, the registry says."""

    credential_id: bytes
    sign_count: int


class Passkeys:
    """Makes and checks the two ceremonies for one origin.

    Args:
        origin: the address that officers open, as ``https://warn.example.org``.
        name: the house's name, as authenticators show it.
    """

    def __init__(self, origin: str, name: str) -> None:
        parts = urlsplit(origin)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("the officers' origin is an address such as https://warn.example.org")
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self._server = Fido2Server(
            PublicKeyCredentialRpEntity(id=parts.hostname, name=name),
            verify_origin=lambda given: given == self.origin,
        )
        self._seal = secrets.token_bytes(SEAL_BYTES)
        self._spent: dict[bytes, datetime] = {}
        self._lock = threading.Lock()

    # -- registering -----------------------------------------------------------------------------

    def registration(
        self, account_id: str, login: str, name: str, known: Sequence[bytes], now: datetime
    ) -> Options:
        """Return what the browser needs to make a passkey; ``known`` are those it has."""
        options, _ = self._server.register_begin(
            PublicKeyCredentialUserEntity(id=account_id.encode(), name=login, display_name=name),
            [_descriptor(each) for each in known],
            resident_key_requirement=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
            challenge=self._challenge(f"register {account_id}", now),
        )
        return dict(options)

    def registered(self, account_id: str, answer: Answer, now: datetime) -> NewPasskey | Refusal:
        """Return the passkey that was made for this account, or why it cannot be one."""
        try:
            response = _present(
                RegistrationResponse.from_dict(_shaped(answer, "attestationObject"))
            )
            challenge = response.response.client_data.challenge
            if (refusal := self._unfit(challenge, f"register {account_id}", now)) is not None:
                return refusal
            auth_data = self._server.register_complete(_state(challenge), response)
            made = _present(auth_data.credential_data)
            if type(made.public_key) not in _ALGORITHMS:
                raise ValueError("no algorithm that was asked for")
        except _UNREADABLE:
            return _refused("This passkey cannot be used here; make one with a PIN or fingerprint.")
        if not self._spend(challenge, now):
            return _used()
        return NewPasskey(
            bytes(made.credential_id), encode(dict(made.public_key)), auth_data.counter
        )

    # -- signing in ------------------------------------------------------------------------------

    def request(
        self, now: datetime, *, purpose: str = "sign-in", known: Sequence[bytes] = ()
    ) -> Options:
        """Return what the browser needs to sign; ``known`` empty: whichever the officer has."""
        options, _ = self._server.authenticate_begin(
            [_descriptor(each) for each in known] or None,
            user_verification=UserVerificationRequirement.REQUIRED,
            challenge=self._challenge(purpose, now),
        )
        return dict(options)

    def proved(
        self,
        answer: Answer,
        now: datetime,
        find: Callable[[bytes], tuple[str, bytes] | None],
        *,
        purpose: str = "sign-in",
    ) -> Proved | Refusal:
        """Return which passkey has signed, or why it has not.

        ``find``: a WebAuthn id's account and COSE key, None where it is unknown.
        """
        try:
            response = _present(
                AuthenticationResponse.from_dict(_shaped(answer, "authenticatorData", "signature"))
            )
            challenge = response.response.client_data.challenge
            if (refusal := self._unfit(challenge, purpose, now)) is not None:
                return refusal
            known = find(response.raw_id)
            if known is None:
                return _refused("This passkey is not known here.")
            account_id, public_key = known
            said = response.response.user_handle
            if said is not None and said != account_id.encode():
                return _refused("This passkey is not known here.")
            credential = AttestedCredentialData.create(
                NO_ID, response.raw_id, CoseKey.parse(cast(Mapping[int, Any], decode(public_key)))
            )
            self._server.authenticate_complete(_state(challenge), [credential], response)
            counter = response.response.authenticator_data.counter
        except _UNREADABLE:
            return _refused("The passkey's answer does not hold; try again.")
        if not self._spend(challenge, now):
            return _used()
        return Proved(bytes(response.raw_id), counter)

    # -- challenges ------------------------------------------------------------------------------

    def _challenge(self, purpose: str, now: datetime) -> bytes:
        stamp = int(now.timestamp()).to_bytes(TIME_BYTES, "big")
        body = secrets.token_bytes(RANDOM_BYTES) + stamp
        return body + self._sealed(body, purpose)

    def _sealed(self, body: bytes, purpose: str) -> bytes:
        return hmac.digest(self._seal, body + purpose.encode(), "sha256")

    def _unfit(self, challenge: bytes, purpose: str, now: datetime) -> Refusal | None:
        body, seal = challenge[:-SEAL_BYTES], challenge[-SEAL_BYTES:]
        if len(body) != RANDOM_BYTES + TIME_BYTES or not hmac.compare_digest(
            seal, self._sealed(body, purpose)
        ):
            return _refused("This was not asked for here; begin again.")
        made_s = int.from_bytes(body[RANDOM_BYTES:], "big")
        age_s = now.timestamp() - made_s
        if not -SKEW.total_seconds() <= age_s <= CHALLENGE_LASTS.total_seconds():
            return _refused("This took too long; begin again.")
        with self._lock:
            return _used() if challenge in self._spent else None

    def _spend(self, challenge: bytes, now: datetime) -> bool:
        """Use a challenge up; False where somebody did already."""
        with self._lock:
            oldest = now - CHALLENGE_LASTS - SKEW - timedelta(seconds=1)
            for old in [each for each, at in self._spent.items() if at < oldest]:
                del self._spent[old]
            if challenge in self._spent:
                return False
            self._spent[challenge] = now
            return True


_UNREADABLE = (
    ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, AssertionError,
    NotImplementedError, RecursionError, UnsupportedAlgorithm,
)  # fmt: skip
"""What ``fido2`` raises for what it cannot read or does not believe: it parses a stranger's bytes
with Python's own means. Each is a refusal."""

_ALGORITHMS = tuple(CoseKey.for_alg(each) for each in CoseKey.supported_algorithms())


def _shaped(answer: Answer, *needed: str) -> dict[str, Any]:
    """Return an answer's known members, each a text of bearable length; all others are dropped.

    ``fido2`` takes a number for so many zero bytes: 2^40 of them would take the machine.
    """
    inner = answer["response"]
    given = {name: inner[name] for name in ("clientDataJSON", *needed)}
    if inner.get("userHandle") is not None:
        given["userHandle"] = inner["userHandle"]
    outer = {name: answer[name] for name in ("id", "rawId", "type")}
    for text in (*outer.values(), *given.values()):
        if not isinstance(text, str) or len(text) > MEMBER_MOST:
            raise ValueError("a member is no text, or too long a one")
    if outer["type"] != PublicKeyCredentialType.PUBLIC_KEY:
        raise ValueError("no passkey")
    return {**outer, "response": given}


def _present(found: T | None) -> T:
    if found is None:
        raise ValueError("nothing is there")
    return found


def _descriptor(credential_id: bytes) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=credential_id)


def _state(challenge: bytes) -> dict[str, Any]:
    """Return what the server half would have kept: the challenge is proved to be ours already."""
    return {
        "challenge": websafe_encode(challenge),
        "user_verification": UserVerificationRequirement.REQUIRED,
    }


def _refused(words: str) -> Refusal:
    return Refusal(Rule.SIGN_IN_REFUSED, "/passkey", words)


def _used() -> Refusal:
    return Refusal(Rule.CODE_USED, "/passkey", "This was used once; begin again.")
