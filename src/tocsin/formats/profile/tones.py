"""``tones.toml``: how sirens sound in a country, and what each sound means there."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from tocsin.formats.profile.lint import Lint
from tocsin.formats.profile.problems import decode_tables, problem

FILE = "tones.toml"
Seconds = Annotated[float, Meta(gt=0, le=3600)]


class Segment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One piece of a tone; ``seconds`` None: no source states it."""

    sound: Literal["steady", "broken", "sweep", "silence"]
    seconds: Seconds | None = None


class Tone(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A siren signal; ``regions`` empty: the whole country."""

    names: dict[str, str]
    meaning: dict[str, str]
    segments: Annotated[list[Segment], Meta(min_length=1)]
    repeats: Annotated[int, Meta(ge=1)] = 1
    pause_s: Annotated[float, Meta(ge=0)] = 0
    total_s_least: Seconds | None = None
    total_s_most: Seconds | None = None
    regions: list[str] = []
    since: date | None = None
    source: str

    @property
    def is_complete(self) -> bool:
        """Say whether every length is known: only then may a siren play it."""
        return all(part.seconds is not None for part in self.segments)


def read_tones(data: bytes, lint: Lint, *, file: str = FILE) -> dict[str, Tone]:
    """Return the tones of a file by name.

    Raises:
        ProfileProblem: a key is unknown or missing, or a tone has no source.
    """
    tones = decode_tables(file, data, Tone)
    for name, tone in tones.items():
        lint.names(file, f"/{name}/names", tone.names)
        lint.names(file, f"/{name}/meaning", tone.meaning)
        if not tone.source.strip():
            raise problem(
                file, f"/{name}/source", "missing-text", "Say where the tone is described."
            )
        least, most = tone.total_s_least, tone.total_s_most
        if least is not None and most is not None and least > most:
            raise problem(file, f"/{name}/total_s_least", "bad-value", "It is above total_s_most.")
    return tones
