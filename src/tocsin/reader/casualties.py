"""Who governs a number: the verb or noun that says what became of those who are counted.

Each verb takes what stands on its side: "killed 12" the right, "12 were killed", "12 died" and
"12 dead" the left, "killed and wounded dozens" one number for both. A number that no verb takes
is nobody's: ages, rescuers and populations are kept out by grammar, not by lists alone.
"""

from __future__ import annotations

from tocsin.reader.amounts import Amount
from tocsin.reader.claim import Qualifier
from tocsin.reader.countwords import Verb
from tocsin.reader.governed import FARTHEST, Group, Told
from tocsin.reader.items import Item
from tocsin.reader.parts import Parts


class Governor(Parts):
    """Walks one sentence, verb by verb, from left to right."""

    __slots__ = ()

    def walk(self) -> list[Told]:
        """Return all that is told, in the order it was found."""
        for index, item in enumerate(self.items):
            if item.kind == "verb":
                self._verb(index, item)
            elif item.kind == "zero":
                self._zero(item)
            elif item.kind == "some":
                self._some(item)
            elif item.amount is not None:
                self._noun(index, item, item.amount)
        self._parts()
        self._again()
        return self.told

    def _verb(self, index: int, item: Item) -> None:
        """Give the verb whom it governs; the first of its meanings that fits."""
        if index in self.by_verb:
            return
        group = self.group(index)
        if group.is_almost:
            return
        for verb in item.verbs:
            if self.words.is_free:
                members = self._around(index, verb, group)
            elif members := self._object(index, verb, group):
                self._tell_all(index, verb, group, members)
                return
            else:
                members = (
                    self._joined(verb, group)
                    or self._subject(index, verb, group)
                    or self._inverted(index, verb, group)
                )
            if members:
                self._tell(index, item, verb, group, members)
                return

    def _tell_all(self, index: int, verb: Verb, group: Group, members: list[Amount]) -> None:
        """Give "dozens" to both verbs of "killed and wounded dozens"."""
        self._tell(index, self.items[index], verb, group, members)
        for at in range(index + 2, self._past_joined(index), 2):
            other = next(each for each in self.items[at].verbs if each.is_active)
            self._tell(at, self.items[at], other, group, members)

    def _tell(
        self, index: int, item: Item, verb: Verb, group: Group, members: list[Amount]
    ) -> None:
        left = all(member.start < item.start for member in members)
        before = self.items[index - 1].lower if index else ""
        if members[0].value == 0 and verb.role == "injured" and before in self.words.grave:
            return  # "none was seriously hurt": some were, slightly
        leaver = Group(index)
        if left and not group.is_passive:
            leaver = self._leaver(members[0], index)
        if members[0].what == "bare" and verb.role == "damage":
            members[0].what = self._last_thing()
        role, what, state = verb.said
        if role == "injured" and not group.is_passive and self._is_gap_of_died(members[0], item):
            role = "killed"
        told = Told(
            members,
            role,
            what,
            state,
            item.start,
            is_part=(members[0].is_part and not self._starts_new(members[0], role))
            or (members[0].what == "bare" and self._is_state(item, role))
            or self._is_found(item, role),
            is_negated=group.is_negated,
            is_forecast=(
                group.is_forecast and state != "restored" and not self._is_state_now(group, verb)
            )
            or leaver.is_forecast,
            is_uncertain=group.is_uncertain or leaver.is_uncertain,
        )
        if members[0].qualifier is not Qualifier.NONE or not left:
            for member in members:
                member.is_taken = True
        self.by_verb[index] = [told]
        self.told.append(told)

    def _is_gap_of_died(self, amount: Amount, item: Item) -> bool:
        """Read "seven died at the scene and two in hospital" as nine dead."""
        words = self.words
        if item.lower not in words.prepositions or not self.told or self.told[-1].role != "killed":
            return False
        at = next((n for n, each in enumerate(self.items) if each.amount is amount), 0)
        if at == 0 or self.items[at - 1].lower not in words.conjunctions:
            return False
        for back in range(at - 2, max(0, at - FARTHEST // 2), -1):
            each = self.items[back]
            if each.kind == "verb":
                died = any(verb.is_intransitive and verb.role == "killed" for verb in each.verbs)
                return died and self.items[back + 1].lower in words.prepositions
        return False

    def _leaver(self, amount: Amount, index: int) -> Group:
        """Return the auxiliaries of "leave" in "could leave 12 dead"."""
        at = next(
            (
                at
                for at in range(index - 1, max(-1, index - FARTHEST), -1)
                if self.items[at].amount is amount
            ),
            0,
        )
        if at and self.items[at - 1].lower in self.words.leave:
            return self.group(at - 1)
        return Group(0)

    def _is_state_now(self, group: Group, verb: Verb) -> bool:
        """Say whether "could be" doubts how they are, and tells nothing of what will be."""
        return (
            group.is_maybe and group.is_passive and (verb.is_adjective or verb.role == "affected")
        )

    def _last_thing(self) -> str:
        """Return what "300 destroyed" counts: the houses told of before."""
        told = [each for each in self.told if each.role == "damage"]
        return told[-1].members[0].what

    def _is_state(self, item: Item, role: str) -> bool:
        """Read "30 hurt, eight in critical condition": how badly some of the hurt are."""
        return (
            item.lower in self.words.prepositions
            and role == "injured"
            and any(told.role == role for told in self.told)
        )

    def _is_found(self, item: Item, role: str) -> bool:
        """Read "eight died, and the bodies of three were found" as three of the eight."""
        nominal = item.lower in self.words.counted or item.lower in self.words.determiners
        return nominal and any(told.role == role and not told.is_total for told in self.told)

    def _starts_new(self, amount: Amount, role: str) -> bool:
        """Say whether a part has another role than its whole: "10 hurt, three of whom died"."""
        return (amount.is_whose or bool(self.told)) and all(told.role != role for told in self.told)
