"""Those a report has named so far, and whom "he", "it", "the ministry" mean among them."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, field, replace

from tocsin.reader.claim import Speaker
from tocsin.reader.people import Party

_LOOK_BACK = 8
"""Sentences that a pronoun looks back over."""
_MOST = 160
"""Names kept of a text; more is not a report."""


@dataclass(slots=True, eq=False)
class Introduced:
    """Somebody named in the text so far."""

    speaker: Speaker
    head: str
    female: bool | None
    sentence: int
    spoke: bool = False

    @property
    def is_body(self) -> bool:
        """Say whether it is an organisation with a name of its own, no nation and no town."""
        name = self.speaker.name or ""
        return " " in name and name[:1].isupper()


@dataclass(slots=True)
class Memory:
    """Those named so far, the latest last."""

    known: list[Introduced] = field(default_factory=list)
    names: dict[str, Introduced] = field(default_factory=dict)

    def add(self, met: Party, sentence: int, *, spoke: bool) -> Speaker:
        """Keep somebody; return the speaker with what was known of the name before."""
        speaker = met.speaker
        self.body(speaker, sentence)
        old = self._same(speaker)
        if old is not None:
            speaker = _joined(speaker, old.speaker)
        female = met.female if met.female is not None else (old.female if old else None)
        entry = Introduced(speaker, met.head, female, sentence, spoke)
        if old is not None and old.sentence == sentence and old in self.known[-4:]:
            entry.spoke = spoke or old.spoke
            self.known.remove(old)
        self.known.append(entry)
        if len(self.known) > _MOST:
            del self.known[: _MOST // 2]
        if speaker.name and speaker.kind in {"person", "organisation"}:
            self.names[last_name(speaker.name)] = entry
        return speaker

    def _same(self, speaker: Speaker) -> Introduced | None:
        if not speaker.name:
            return None
        old = self.names.get(last_name(speaker.name))
        if old is None and speaker.kind == "organisation" and " " in speaker.name:
            short = speaker.name.casefold() + " "
            return next(
                (
                    each
                    for each in reversed(self.known)
                    if each.speaker.kind == "organisation"
                    and (each.speaker.name or "").casefold().startswith(short)
                ),
                None,
            )
        if old is None or (old.speaker.kind != speaker.kind and speaker.role):
            return None
        if " " in speaker.name and " " in (old.speaker.name or ""):
            first, other = speaker.name.split(" ")[0], (old.speaker.name or "").split(" ")[0]
            if first[:1].casefold() != other[:1].casefold():
                return None
        return old

    def pronoun(self, met: Party, sentence: int) -> Speaker | None:
        """Return whom "he", "she", "it", "they" mean."""
        last_seen = None
        for entry in self._candidates(sentence):
            if not _fits(entry, met):
                continue
            if last_seen is None or (
                entry.sentence == last_seen.sentence and _before(entry, last_seen)
            ):
                last_seen = entry
            elif entry.sentence < last_seen.sentence:
                break
        if last_seen is None:
            return None
        if met.female is not None and last_seen.female is None:
            last_seen.female = met.female
        return last_seen.speaker

    def _candidates(self, sentence: int) -> Iterable[Introduced]:
        for entry in reversed(self.known):
            if sentence - entry.sentence > _LOOK_BACK:
                return
            yield entry

    def definite(self, met: Party, sentence: int, generic: Container[str]) -> Speaker | None:
        """Return whom "the minister", "the ministry" mean: the latest of that kind.

        "The company" may be any body named in this sentence or the one before.
        """
        near: Speaker | None = None
        for entry in reversed(self.known):
            speaker = entry.speaker
            role = (speaker.role or "").casefold().split(" ")
            if met.speaker.kind != "organisation":
                if role[-1] == met.head and speaker.kind in {"person", "anonymous"}:
                    return speaker
                continue
            if near is not None and sentence - entry.sentence > 1:
                break
            if speaker.kind != "organisation":
                continue
            names = (*role, *(speaker.name or "").casefold().split(" "))
            if met.head in names or any(each.startswith(met.head) for each in names):
                return speaker
            is_near = sentence - entry.sentence <= 1 and met.head in generic
            if near is None and is_near and entry.is_body and " " not in (met.speaker.name or ""):
                near = speaker
        return near

    def body(self, speaker: Speaker, sentence: int) -> None:
        """Keep the organisation that somebody belongs to."""
        org = speaker.org
        if speaker.kind in {"person", "group"} and org and last_name(org) not in self.names:
            body = Speaker(kind="organisation", name=org, org=org, span=speaker.span)
            self.known.append(Introduced(body, last_name(org), None, sentence))
            self.names[last_name(org)] = self.known[-1]


def last_name(name: str) -> str:
    """Return the last word of a name, case-folded: by it somebody is named again."""
    return name.casefold().split(" ")[-1]


def _before(entry: Introduced, other: Introduced) -> bool:
    """Say whether the first is the likelier antecedent of two in one sentence."""
    if entry.spoke != other.spoke:
        return entry.spoke
    left, right = entry.speaker.span, other.speaker.span
    return bool(left and right and left.start < right.start)


def _fits(entry: Introduced, met: Party) -> bool:
    kind = entry.speaker.kind
    if met.pronoun in {"he", "she"}:
        return kind in {"person", "anonymous"} and (
            entry.female is None or met.female is None or entry.female == met.female
        )
    if met.pronoun == "it":
        return kind == "organisation"
    return kind in {"group", "organisation"} or (kind == "anonymous" and entry.head.endswith("s"))


def _joined(new: Speaker, old: Speaker) -> Speaker:
    """Return the new mention with what the old one knew."""
    name = new.name
    if old.name and name and len(old.name) > len(name) and last_name(old.name) == last_name(name):
        name = old.name
    if new.kind == "organisation" and old.name and old.name.startswith(f"{name} "):
        name = old.name
    return replace(
        new,
        kind=old.kind if new.role is None else new.kind,
        name=name,
        role=new.role or old.role,
        org=new.org or old.org,
        is_private=(new.is_private or old.is_private) and not (new.role and not new.is_private),
    )
