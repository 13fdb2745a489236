"""Whom an active verb takes on its right: "killed two adults and three children"."""

from __future__ import annotations

from tocsin.reader.amounts import Amount
from tocsin.reader.countwords import Verb
from tocsin.reader.governed import NEAR, Clause, Group


class Takers(Clause):
    """Reads to the right of a verb."""

    __slots__ = ()

    def _object(self, index: int, verb: Verb, group: Group) -> list[Amount]:
        """Return what stands to the right of an active verb."""
        is_going_on = self.items[index].lower.endswith("ing")  # "were looking for"
        if not (verb.is_active or verb.is_base) or (group.is_passive and not is_going_on):
            return []
        if (
            verb.is_base
            and not (verb.is_active or verb.is_participle)
            and group.has_to
            and not group.is_negated
        ):
            group.is_forecast = True
        at = self._past_adverbs(self._past_joined(index))
        if at >= len(self.items):
            return []
        at = self._past_listed(at) if verb.role == "damage" else self._past_title(at)
        amount = self.items[at].amount
        if amount is None or not self.fits(amount, verb):
            return []
        left = self.left_amount(group.first)
        if left is not None and verb.is_participle and left.is_numbered and self.has_verb(at):
            return []
        return self._run_right(at, verb)

    def _past_joined(self, index: int) -> int:
        """Go from "killed" past "and wounded" to what both govern."""
        at = index + 1
        while at + 1 < len(self.items) and self.joins(at) and self.items[at + 1].kind == "verb":
            if not any(verb.is_active for verb in self.items[at + 1].verbs):
                break
            at += 2
        return at

    def _past_title(self, at: int) -> int:
        """Go past "former" of "killed former Prime Minister John Smith"."""
        step = at
        while step < min(at + 3, len(self.items) - 1) and (
            self.items[step].lower == "."
            or (self.items[step].kind == "word" and self.items[step].lower not in self.words.stops)
        ):
            step += 1
        amount = self.items[step].amount
        return step if amount is not None and not amount.is_numbered and amount.value == 1 else at

    def _past_listed(self, at: int) -> int:
        """Go past "a school, a clinic and" to the 28 houses that were damaged too."""
        words = self.words
        for step in range(at, min(at + NEAR, len(self.items))):
            item = self.items[step]
            if item.amount is not None:
                return step
            known = item.lower in words.determiners or self.joins(step)
            if (
                item.kind not in {"word", "mark"}
                or (item.lower in words.stops and not known)
                or (item.kind == "mark" and not known)
            ):
                break
        return at

    def _past_owner(self, index: int) -> int:
        """Go past "of the goods train" of "the driver of the goods train and the guard"."""
        items, words, amount = self.items, self.words, self.items[index].amount
        joint = index + 1
        is_one = amount is not None and amount.value == 1 and not amount.is_numbered
        if not is_one or items[joint].lower not in words.partitive:
            return joint
        for at in range(joint + 1, min(joint + 6, len(items) - 1)):
            if items[at].lower in words.conjunctions:
                other = items[at + 1].amount
                is_single = other is not None and other.value == 1 and not other.is_numbered
                return at if is_single else joint
            if items[at].kind != "word" or (
                items[at].lower in words.stops and items[at].lower not in words.determiners
            ):
                break
        return joint

    def _run_right(self, at: int, verb: Verb) -> list[Amount]:
        """Return the amount there and those joined to it: "two adults and three children"."""
        places = [at]
        index = at
        has_and = False
        while index + 2 < len(self.items):
            joint = self._past_owner(index)
            if not self.joins(joint):
                break
            step = joint + 1
            if self.items[step].lower in self.words.conjunctions:
                step += 1
            following = self.items[step].amount if step < len(self.items) else None
            if following is None or not self._adds(following, verb):
                break
            has_and |= self.items[step - 1].lower in self.words.conjunctions
            places.append(step)
            index = step
        if len(places) > 1 and self.has_verb(places[-1]):
            places.pop()
            has_and = (
                len(places) > 1 and self.items[places[-1] - 1].lower in self.words.conjunctions
            )
        found = [self.amount_at(place) for place in places]
        return self._summed(found, has_and=has_and)
