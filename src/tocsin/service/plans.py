"""The words of an evacuation's plan: written beside the chain, the assembly places sealed.

What people may read of a plan is stored in the clear, under its content hash; where they gather is
sealed like a quote (RELIABILITY P25a; ``keys.sealed``). The core sees the plan whole and records
the two hashes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace

import msgspec

from tocsin.core.evacuation import PUBLIC_FIELDS, Evacuation, Plan
from tocsin.service.record import Codec

_WORDS = msgspec.json.Decoder(dict[str, dict[str, str]])
_SEALED = msgspec.json.Decoder(dict[str, str])
_ENCODE = msgspec.json.Encoder(order="deterministic").encode


class Plans:
    """Writes plans and reads them again."""

    def __init__(self, codec: Codec, text: Callable[[str], bytes | None]) -> None:
        self._codec = codec
        self._text = text

    def written(
        self, asked: Evacuation, held: Plan | None = None
    ) -> tuple[Evacuation, Mapping[str, bytes]] | None:
        """Return a plan that names its words, and those words; None where nothing can be sealed.

        ``held``: the plan that it would replace. Assembly places that are the same stay under their
        seal, so that a plan said twice is the same plan.
        """
        body = _ENCODE({name: dict(asked.said(name)) for name in PUBLIC_FIELDS})
        words = hashlib.sha256(body).hexdigest()
        before = self.read(held)
        if held is not None and before is not None and before.assembly == dict(asked.assembly):
            return replace(asked, words=words, sealed=held.sealed), {words: body}
        sealed = self._codec.sealed(_ENCODE(dict(asked.assembly)))
        if sealed is None:
            return None
        return replace(asked, words=words, sealed=sealed[0]), {words: body, sealed[0]: sealed[1]}

    def read(self, held: Plan | Evacuation | None) -> Evacuation | None:
        """Return a plan with its words; what is gone or does not open is empty there."""
        if held is None:
            return None
        body = self._text(held.words)
        said = _WORDS.decode(body) if body is not None else {}
        opened = self._codec.opened(held.sealed)
        return Evacuation(
            deadline=held.deadline,
            **{name: said.get(name, {}) for name in PUBLIC_FIELDS},
            assembly=_SEALED.decode(opened) if opened is not None else {},
            assembly_public=held.assembly_public,
            words=held.words,
            sealed=held.sealed,
        )
