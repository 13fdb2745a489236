"""A codec that keeps the register of installations out of the chain (DESIGN section 3, rule 14).

An event that enters an installation is written without its description; the chain holds the hash of
the sealed words, which lie beside it and can be erased. Read again, the description is opened where
the house has its key, and None where it has not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import msgspec

from tocsin.core import events as ev
from tocsin.core.facilities import Facility
from tocsin.core.infra_events import InstallationRegistered
from tocsin.keys.kinds import Purpose
from tocsin.keys.sealed import content_of, seal, unseal
from tocsin.keys.store import KeyStore
from tocsin.service.record import Codec

_FACILITY = msgspec.json.Decoder(Facility)


class SealedCodec:
    """The journal's codec, with what is sealed taken out and put back."""

    def __init__(
        self, codec: Codec, text: Callable[[str], bytes | None], keys: KeyStore | None
    ) -> None:
        self._codec = codec
        self._text = text
        self._keys = keys

    def encode(self, event: ev.Event) -> tuple[str, int, bytes]:
        """Return kind, version and bytes of an event, without what is sealed."""
        return self._codec.encode(event)

    def decode(self, kind: str, version: int, data: bytes) -> ev.Event:
        """Return the event, with what is sealed where it opens."""
        event = self._codec.decode(kind, version, data)
        if isinstance(event, InstallationRegistered):
            return replace(event, facility=self.facility(event.content))
        return event

    def facility(self, content: str) -> Facility | None:
        """Return the description that is sealed under that hash, if it opens."""
        body = self.opened(content)
        try:
            return _FACILITY.decode(body) if body is not None else None
        except msgspec.MsgspecError:
            return None

    def sealed(self, words: bytes) -> tuple[str, bytes] | None:
        """Return words sealed, with the hash that names them; None where there is no key."""
        if self._keys is None:
            return None
        sealed = seal(self._keys.key(Purpose.SEAL), words)
        return content_of(sealed), sealed

    def opened(self, content: str) -> bytes | None:
        """Return what is sealed under that hash, if it opens."""
        sealed = self._text(content) if self._keys is not None else None
        if sealed is None or self._keys is None:
            return None
        return unseal(self._keys.all(Purpose.SEAL), sealed)


def sealed_facility(keys: KeyStore, facility: Facility) -> tuple[str, bytes]:
    """Return a description sealed: the hash by which the chain names it, and its bytes."""
    sealed = seal(keys.key(Purpose.SEAL), msgspec.json.encode(facility))
    return content_of(sealed), sealed
