"""A sentence as its verbs see it: auxiliaries, whom a verb can be said of, and what is told so far.

The walk itself is ``casualties``; each step of it (``takers``: to the right, ``lefts``: to the
left, ``parts``: parts and nouns) builds on this view.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tocsin.reader.amounts import Amount
from tocsin.reader.claim import Qualifier
from tocsin.reader.countwords import Verb, Words
from tocsin.reader.items import Item

FARTHEST = 40
NEAR = 8
PAIR = 2
PEOPLE = frozenset({"person", "bare"})
SERVED = frozenset(
    {"person", "bare", "customers", "households", "houses", "settlements", "businesses",
     "buildings", "schools", "hospitals"}
)  # fmt: skip
RUNNING = frozenset({"vehicles", "flights"})
MOVED = PEOPLE | {"customers", "households", "settlements"}


@dataclass(slots=True)
class Told:
    """A number with what is said of it; ``members`` are summed."""

    members: list[Amount]
    role: str
    what: str | None
    state: str | None
    at: int
    """The piece of the verb or noun that governs it."""
    is_part: bool = False
    is_negated: bool = False
    is_forecast: bool = False
    is_uncertain: bool = False
    is_old: bool = False
    is_total: bool = False

    @property
    def said(self) -> tuple[str, str | None, str | None]:
        """Return what its verb says, as the verb has it."""
        return self.role, self.what, self.state

    @property
    def end(self) -> int:
        """Return the piece after the last member."""
        return max(member.end for member in self.members)


@dataclass(slots=True)
class Group:
    """The auxiliaries before a verb, from item ``first`` on."""

    first: int
    is_passive: bool = False
    has_have: bool = False
    has_to: bool = False
    has_do: bool = False
    is_modal: bool = False
    is_maybe: bool = False
    is_negated: bool = False
    is_uncertain: bool = False
    is_forecast: bool = False
    is_almost: bool = False
    is_reported: bool = False
    """"Believed to be": no forecast."""


@dataclass(slots=True)
class Clause:
    """The items of one sentence, and what was told of them up to here."""

    items: list[Item]
    words: Words
    told: list[Told] = field(default_factory=list)
    by_verb: dict[int, list[Told]] = field(default_factory=dict)

    def group(self, index: int) -> Group:
        """Return the auxiliaries of the verb at that item."""
        words = self.words
        group = Group(index)
        for at in range(index - 1, max(-1, index - 10), -1):
            item = self.items[at]
            lower = item.lower
            if item.kind != "word":
                break
            if lower in words.almost:
                group.is_almost = True
            elif not self._auxiliary(lower, group) and not words.is_adverb(lower):
                break
            group.first = at
        is_believed = group.has_to and group.is_reported and not group.is_modal
        if (group.has_to and not is_believed) or (
            group.is_modal and not (group.is_maybe and group.has_have)
        ):
            group.is_forecast = not group.has_have
        before = self.items[group.first - 1].lower if group.first else ""
        if before in words.future and group.has_to and not group.has_have:
            group.is_forecast = True
        if before in words.uncertain or group.is_maybe:
            group.is_uncertain = True
        return group

    def _auxiliary(self, lower: str, group: Group) -> bool:
        words = self.words
        known = False
        if lower in words.be:
            group.is_passive = known = True
        if lower in words.have:
            group.has_have = known = True
        if lower in words.modal:
            group.is_modal = known = True
            group.is_maybe = lower in words.maybe
        if lower in words.do:
            group.has_do = known = True
        if lower in words.to:
            group.has_to = known = True
        if lower in words.not_:
            group.is_negated = known = True
        if lower in words.reported:
            known = True
            group.is_uncertain |= lower in words.uncertain
            group.is_reported = True
        return known

    def fits(self, amount: Amount, verb: Verb) -> bool:
        """Say whether that verb can be said of what is counted."""
        role = verb.role
        if amount.is_taken:
            return False
        if amount.what == "name":
            return role in {"killed", "injured"}
        if role in {"killed", "injured"}:
            return amount.may_suffer
        if not amount.is_numbered and amount.qualifier is Qualifier.SOME:
            return False
        if verb.said[1] == "cancelled":
            return amount.what in RUNNING
        if role == "service":
            return amount.what in SERVED
        if role == "damage":
            return amount.what not in {
                "person",
                "unit",
                "unknown",
                "name",
                "counted",
                "customers",
                "bare",
            } or (amount.what == "bare" and self._had(role))
        what = verb.said[1]
        if what == "alerted":
            return amount.what == "phones"
        if what == "missing" and amount.noun in self.words.hunted:
            return False
        if what in {"evacuated", "affected", "displaced", "stranded"}:
            return amount.what in MOVED or (what != "displaced" and amount.what in SERVED)
        return amount.what in PEOPLE | {"households"}

    def _had(self, role: str) -> bool:
        return any(told.role == role for told in self.told)

    def joins(self, at: int) -> bool:
        """Say whether "and", "or" or a comma stands there."""
        lower = self.items[at].lower
        return lower in self.words.conjunctions or lower in {",", "/"}

    def _past_adverbs(self, at: int) -> int:
        while (
            at < len(self.items)
            and self.items[at].kind == "word"
            and self.words.is_adverb(self.items[at].lower)
        ):
            at += 1
        return at

    def has_verb(self, at: int) -> bool:
        """Say whether the amount there has a verb of its own to its right."""
        after = self._past_adverbs(at + 1)
        if after >= len(self.items):
            return False
        item = self.items[after]
        if item.kind == "verb":
            # "pulled a woman and her sons alive": how they were found, no verb of their own
            return not all(verb.is_adjective and verb.role == "affected" for verb in item.verbs)
        return item.kind == "word" and (
            item.lower
            in self.words.be
            | self.words.have
            | self.words.modal
            | self.words.speech
            | self.words.do
            | self.words.reported
        )

    def amount_at(self, place: int) -> Amount:
        """Return the amount of that item, which has one."""
        amount = self.items[place].amount
        if amount is None:
            raise IndexError(place)
        return amount

    def _adds(self, amount: Amount, verb: Verb) -> bool:
        if amount.is_part or amount.is_taken or amount.qualifier is Qualifier.NONE:
            return False
        if not amount.is_numbered and amount.value is None:
            return False
        return amount.what in {"person", "name"} or (
            amount.what == "bare" and self.fits(amount, verb)
        )

    def _summed(self, found: list[Amount], *, has_and: bool) -> list[Amount]:
        """Leave out apposition: "12 people, three women and nine children" are twelve."""
        if len(found) < PAIR:
            return found
        if not has_and:
            return found[:1]
        first, rest = found[0], found[1:]
        if (
            first.value is not None
            and len(rest) > 1
            and sum(each.value or 0 for each in rest) == first.value
        ):
            return [first]
        if first.value is None and not first.is_numbered:
            return [first]
        return found

    def left_amount(self, first: int) -> Amount | None:
        """Return what is counted just before that item."""
        return self.items[first - 1].amount if first else None

    def _in_phrase(self, at: int) -> bool:
        """Say whether a preposition or a verb governs the amount there."""
        words = self.words
        amount = self.items[at].amount
        back = at - 1
        if amount is not None and not amount.is_numbered and amount.value is None:
            while (
                back > at - 4
                and back >= 0
                and self.items[back].kind == "word"
                and self.items[back].lower not in words.stops
            ):
                back -= 1
        if back < 0:
            return False
        item = self.items[back]
        if item.kind == "part":
            return True
        if item.kind == "verb":
            return any(verb.is_active for verb in item.verbs)
        if item.kind != "word":
            return False
        lower = item.lower
        if lower.endswith("ing") and lower not in words.not_verbs:
            return True
        return lower in words.prepositions and lower not in words.conjunctions

    def _is_placed(self, index: int) -> bool:
        after = self.items[index + 1].lower if index + 1 < len(self.items) else ""
        return after in self.words.placing
