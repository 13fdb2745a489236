"""Who governs a number: the verb or noun that says what became of those who are counted.

Each verb takes what stands on its side: "killed 12" the right, "12 were killed", "12 died" and
"12 dead" the left, "killed and wounded dozens" one number for both. A number that no verb takes
is nobody's: ages, rescuers and populations are kept out by grammar, not by lists alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tocsin.reader.amounts import Amount
from tocsin.reader.claim import Qualifier
from tocsin.reader.countwords import Verb, Words
from tocsin.reader.phrasing import Item

FARTHEST = 40
NEAR = 8
PEOPLE = frozenset({"person", "bare"})
SERVED = frozenset(
    {"person", "bare", "customers", "households", "houses", "settlements", "businesses",
     "buildings", "schools", "hospitals"}
)  # fmt: skip
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


@dataclass(slots=True)
class Governor:
    """Walks one sentence, verb by verb, from left to right."""

    items: list[Item]
    words: Words
    told: list[Told] = field(default_factory=list)
    _by_verb: dict[int, list[Told]] = field(default_factory=dict)

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

    # Verbs

    def _verb(self, index: int, item: Item) -> None:
        """Give the verb whom it governs; the first of its meanings that fits."""
        if index in self._by_verb:
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
                    self._joined(index, verb, group)
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
        if group.has_to or (group.is_modal and not (group.is_maybe and group.has_have)):
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
        return known

    def _fits(self, amount: Amount, verb: Verb) -> bool:
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
        if role == "service":
            return amount.what in SERVED
        if role == "damage":
            return amount.what not in {"person", "unit", "unknown", "name", "counted", "customers",
                                       "bare"} or (amount.what == "bare" and self._had(role))
        what = verb.said[1]
        if what in {"evacuated", "affected", "displaced", "stranded"}:
            return amount.what in MOVED or (what != "displaced" and amount.what in SERVED)
        return amount.what in PEOPLE

    def _had(self, role: str) -> bool:
        return any(told.role == role for told in self.told)

    def _object(self, index: int, verb: Verb, group: Group) -> list[Amount]:
        """Return what stands to the right of an active verb."""
        if not (verb.is_active or verb.is_base) or group.is_passive:
            return []
        if verb.is_base and not (verb.is_active or verb.is_participle) and group.has_to \
                and not group.is_negated:
            group.is_forecast = True
        at = self._past_adverbs(self._past_joined(index))
        if at >= len(self.items):
            return []
        at = self._past_listed(at) if verb.role == "damage" else self._past_title(at)
        amount = self.items[at].amount
        if amount is None or not self._fits(amount, verb):
            return []
        left = self._left_amount(group.first)
        if left is not None and verb.is_participle and left.is_numbered and self._has_verb(at):
            return []
        return self._run_right(at, verb)

    def _past_joined(self, index: int) -> int:
        """Go from "killed" past "and wounded" to what both govern."""
        at = index + 1
        while at + 1 < len(self.items) and self._joins(at) and self.items[at + 1].kind == "verb":
            if not any(verb.is_active for verb in self.items[at + 1].verbs):
                break
            at += 2
        return at

    def _around(self, index: int, verb: Verb, group: Group) -> list[Amount]:
        """Return those counted where verbs stand before or after them: the nearer side."""
        left = self._left_amount(group.first)
        if left is not None and left.is_numbered and self._fits(left, verb) and (
            verb.is_adjective or not self._in_phrase(group.first - 1)
        ):
            return self._run_left(group.first - 1, verb)
        if not verb.is_adjective:
            for at in range(index + 1, min(index + NEAR, len(self.items))):
                item = self.items[at]
                if item.amount is not None:
                    if self._fits(item.amount, verb) and not (
                        at > index + 1 and self._in_phrase(at)
                    ):
                        return self._run_right(at, verb)
                    if item.amount.what != "unit" and item.amount.is_numbered:
                        break
                elif item.kind != "word" or item.lower in self.words.relatives | self.words.speech:
                    break
        if left is not None and self._fits(left, verb) and not self._in_phrase(group.first - 1):
            return self._run_left(group.first - 1, verb)
        if shared := self._joined(index, verb, group):
            return shared
        if verb.is_adjective and not group.is_passive:
            return []
        return self._scan(group.first, verb)

    def _joins(self, at: int) -> bool:
        lower = self.items[at].lower
        return lower in self.words.conjunctions or lower in {",", "/"}

    def _past_adverbs(self, at: int) -> int:
        while at < len(self.items) and self.items[at].kind == "word" and \
                self.words.is_adverb(self.items[at].lower):
            at += 1
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
            known = item.lower in words.determiners or self._joins(step)
            if item.kind not in {"word", "mark"} or (item.lower in words.stops and not known) or (
                item.kind == "mark" and not known
            ):
                break
        return at

    def _has_verb(self, at: int) -> bool:
        """Say whether the amount there has a verb of its own to its right."""
        after = self._past_adverbs(at + 1)
        if after >= len(self.items):
            return False
        item = self.items[after]
        if item.kind == "verb":
            return True
        return item.kind == "word" and (
            item.lower in self.words.be | self.words.have | self.words.modal | self.words.speech
            | self.words.do | self.words.reported
        )

    def _run_right(self, at: int, verb: Verb) -> list[Amount]:
        """Return the amount there and those joined to it: "two adults and three children"."""
        places = [at]
        index = at
        has_and = False
        while index + 2 < len(self.items) and self._joins(index + 1):
            step = index + 2
            if self.items[step].lower in self.words.conjunctions:
                step += 1
            following = self.items[step].amount if step < len(self.items) else None
            if following is None or not self._adds(following, verb):
                break
            has_and |= self.items[step - 1].lower in self.words.conjunctions
            places.append(step)
            index = step
        if len(places) > 1 and self._has_verb(places[-1]):
            places.pop()
            has_and = len(places) > 1 and self.items[places[-1] - 1].lower in self.words.conjunctions
        found = [self._amount(place) for place in places]
        return self._summed(found, has_and=has_and)

    def _amount(self, place: int) -> Amount:
        amount = self.items[place].amount
        assert amount is not None
        return amount

    def _adds(self, amount: Amount, verb: Verb) -> bool:
        if amount.is_part or amount.is_taken or amount.qualifier is Qualifier.NONE:
            return False
        if not amount.is_numbered and amount.value is None:
            return False
        return amount.what in {"person", "name"} or (amount.what == "bare" and self._fits(amount, verb))

    def _summed(self, found: list[Amount], *, has_and: bool) -> list[Amount]:
        """Leave out apposition: "12 people, three women and nine children" are twelve."""
        if len(found) == 1:
            return found
        if not has_and:
            return found[:1]
        first, rest = found[0], found[1:]
        if first.value is not None and len(rest) > 1 and \
                sum(each.value or 0 for each in rest) == first.value:
            return [first]
        if first.value is None and not first.is_numbered:
            return [first]
        return found

    def _joined(self, index: int, verb: Verb, group: Group) -> list[Amount]:
        """Return those of "killed" for "wounded" in "were killed and wounded", "dead or missing"."""
        before = group.first - 1
        if before < 1 or not self._joins(before) or self.items[before - 1].kind != "verb":
            return []
        if not (verb.is_participle or verb.is_adjective or verb.is_intransitive):
            return []
        told = self._by_verb.get(before - 1, [])
        found = [member for each in told for member in each.members]
        if not found or found[0].start >= self.items[before].start:
            return []
        if told[0].role == verb.role:
            return []
        role = verb.role
        if verb.said[1] == "missing":
            return []  # "dead or missing": one number, told of the dead
        fits = all(
            each.may_suffer or each.what == "name" or role == "damage" or role == "service"
            for each in found
        )
        return found if fits else []

    def _left_amount(self, first: int) -> Amount | None:
        return self.items[first - 1].amount if first else None

    def _subject(self, index: int, verb: Verb, group: Group) -> list[Amount]:
        """Return what stands to the left of a passive, an adjective or "died"."""
        if not (verb.is_participle or verb.is_intransitive or verb.is_adjective):
            return []
        first = group.first
        left = self._left_amount(first)
        full = group.is_passive or (verb.is_intransitive and not self._is_ing(index)) or (
            verb.role == "service" and self.items[index].lower in self.words.not_
        )
        if left is not None and self._fits(left, verb):
            after = self.items[index + 1].lower if index + 1 < len(self.items) else ""
            reduced_ok = left.is_numbered or full or (
                self._is_led(first - 1)
                and after not in self.words.determiners | self.words.owners
            )
            if reduced_ok and not (full and self._in_phrase(first - 1)):
                return self._run_left(first - 1, verb)
        if index and self.items[index - 1].lower in self.words.plain_determiners:
            return self._among(index, verb)
        if full:
            return self._scan(first, verb)
        if verb.is_participle or verb.is_adjective:
            return self._gap(first, verb)
        return []

    def _among(self, index: int, verb: Verb) -> list[Amount]:
        """Read "a child was among the wounded": a part of them."""
        if index < 3 or self.items[index - 2].lower not in self.words.among:
            return []
        group = self.group(index - 2)
        members = self._scan(group.first, verb) if group.is_passive else []
        for member in members:
            member.is_part = True
        return members

    def _is_ing(self, index: int) -> bool:
        return self.items[index].lower.endswith("ing")

    def _is_led(self, at: int) -> bool:
        """Say whether "left", "with" or the beginning of a headline stands before."""
        if at == 0:
            return True
        return self.items[at - 1].lower in self.words.leave

    def _in_phrase(self, at: int) -> bool:
        """Say whether a preposition or a verb governs the amount there."""
        words = self.words
        amount = self.items[at].amount
        back = at - 1
        if amount is not None and not amount.is_numbered and amount.value is None:
            while back > at - 4 and back >= 0 and self.items[back].kind == "word" and \
                    self.items[back].lower not in words.stops:
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

    def _run_left(self, at: int, verb: Verb) -> list[Amount]:
        """Return the amount there and those joined before it."""
        places = [at]
        index = at
        has_and = False
        while index >= 2:
            joint = index - 1
            if not self._joins(joint):
                break
            step = joint - 1
            if self.items[joint].lower in self.words.conjunctions and self.items[step].lower == ",":
                step -= 1
            before = self.items[step].amount if step >= 0 else None
            if before is None or not self._adds(before, verb) or self._in_phrase(step):
                break
            if self.items[joint].lower == "," and not has_and and len(places) == 1:
                break
            has_and |= self.items[joint].lower in self.words.conjunctions
            places.append(step)
            index = step
        found = [self._amount(place) for place in reversed(places)]
        if self._amount(at).qualifier is Qualifier.NONE:
            return [self._amount(at)]
        last = found[-1]
        if len(found) > 1 and not last.is_numbered and last.value is None:
            return [last]
        return self._summed(found, has_and=has_and)

    def _scan(self, first: int, verb: Verb) -> list[Amount]:
        """Look left for the subject, past phrases and appositions, to the clause's beginning."""
        words = self.words
        commas = 0
        for at in range(first - 1, max(-1, first - FARTHEST), -1):
            item = self.items[at]
            if item.kind in {"verb", "toll", "zero", "some"}:
                break
            if item.amount is not None:
                amount = item.amount
                if amount.is_taken:
                    break
                near = first - at <= NEAR or amount.is_numbered
                aside = at > 0 and self.items[at - 1].lower == ","
                if not near or (amount.is_part and commas and aside):
                    continue
                if self._in_phrase(at) and not self._is_whole_place(at, amount, verb):
                    continue
                if self._fits(amount, verb):
                    return self._run_left(at, verb)
                if commas == 0 and amount.what != "unit":
                    break
                continue
            if item.kind == "mark":
                if item.lower != ",":
                    break
                commas += 1
                if commas > 4:
                    break
            elif item.kind == "word":
                lower = item.lower
                if lower in words.speech or lower in words.subordinators:
                    break
                if lower in words.relatives and not self._is_aside(at, commas):
                    break
                if lower in words.conjunctions and self._starts_clause(at + 1, first):
                    break
        return []

    def _is_aside(self, at: int, commas: int) -> bool:
        """Say whether a relative clause hangs on a count, or stands between two commas."""
        if at == 0:
            return False
        before = self.items[at - 1]
        return before.amount is not None or (before.lower == "," and commas > 0)

    def _is_whole_place(self, at: int, amount: Amount, verb: Verb) -> bool:
        """Read "residents of 250 villages are without power" as 250 villages."""
        before = self.items[at - 1].lower if at else ""
        return verb.role == "service" and amount.what == "settlements" and \
            before in self.words.partitive

    def _starts_clause(self, start: int, first: int) -> bool:
        """Say whether a subject of its own stands between a conjunction and the verb."""
        between = self.items[start:first]
        return len(between) > 3 or any(
            item.kind != "word"
            or item.lower in self.words.determiners
            or item.lower in self.words.pronouns
            or item.lower in self.words.prepositions
            for item in between
        )

    def _gap(self, first: int, verb: Verb) -> list[Amount]:
        """Read "30 others in nearby villages injured": a participle after a place."""
        for at in range(first - 1, max(-1, first - NEAR), -1):
            item = self.items[at]
            if item.amount is not None:
                amount = item.amount
                if self._in_phrase(at):
                    continue
                after = self.items[at + 1]
                if not amount.is_numbered or not self._fits(amount, verb) or \
                        after.lower not in self.words.prepositions:
                    return []
                before = self.items[at - 1].lower if at else ","
                if before in self.words.conjunctions or before in self.words.leave | {",", ";", ":"}:
                    return self._run_left(at, verb)
                return []
            if item.kind != "word" or item.lower in self.words.relatives | self.words.subordinators \
                    | self.words.be | self.words.conjunctions:
                return []
        return []

    def _inverted(self, index: int, verb: Verb, group: Group) -> list[Amount]:
        """Read "Among the dead were two children", "Also killed was a nurse"."""
        if not (verb.is_participle or verb.is_adjective):
            return []
        words, at = self.words, index
        for at in range(index, min(index + 4, len(self.items) - 2)):
            following = self.items[at + 1]
            if following.kind != "word" or following.lower not in (
                words.be | words.includes | words.number_verbs | words.modal | words.have
            ):
                break
            group.is_uncertain |= following.lower in words.maybe
        else:
            at += 1
        if at == index or at + 1 >= len(self.items):
            return []
        amount = self.items[at + 1].amount
        if amount is None or not self._fits(amount, verb) or amount.qualifier is Qualifier.NONE:
            return []
        before = [each.lower for each in self.items[max(0, group.first - 3) : group.first]]
        if any(word in self.words.among for word in before) or \
                self.items[at].lower in self.words.includes:
            amount.is_part = True
        return self._run_right(at + 1, verb)

    def _tell(
        self, index: int, item: Item, verb: Verb, group: Group, members: list[Amount]
    ) -> None:
        left = all(member.start < item.start for member in members)
        leaver = Group(index)
        if left and not group.is_passive:
            leaver = self._leaver(members[0], index)
        if members[0].what == "bare" and verb.role == "damage":
            members[0].what = self._last_thing()
        role, what, state = verb.said
        told = Told(
            members,
            role,
            what,
            state,
            item.start,
            is_part=(members[0].is_part and not self._starts_new(members[0], role))
            or (members[0].what == "bare" and self._is_state(item, role)),
            is_negated=group.is_negated,
            is_forecast=(group.is_forecast and not self._is_state_now(group, verb))
            or leaver.is_forecast,
            is_uncertain=group.is_uncertain or leaver.is_uncertain,
        )
        if members[0].qualifier is not Qualifier.NONE or not left:
            for member in members:
                member.is_taken = True
        self._by_verb[index] = [told]
        self.told.append(told)

    def _leaver(self, amount: Amount, index: int) -> Group:
        """Return the auxiliaries of "leave" in "could leave 12 dead"."""
        at = next(
            (at for at in range(index - 1, max(-1, index - FARTHEST), -1)
             if self.items[at].amount is amount),
            0,
        )
        if at and self.items[at - 1].lower in self.words.leave:
            return self.group(at - 1)
        return Group(0)

    def _is_state_now(self, group: Group, verb: Verb) -> bool:
        """Say whether "could be" doubts how they are, and tells nothing of what will be."""
        return group.is_maybe and group.is_passive and (
            verb.is_adjective or verb.role == "affected"
        )

    def _last_thing(self) -> str:
        """Return what "300 destroyed" counts: the houses told of before."""
        told = [each for each in self.told if each.role == "damage"]
        return told[-1].members[0].what

    def _is_state(self, item: Item, role: str) -> bool:
        """Read "30 hurt, eight in critical condition": how badly some of the hurt are."""
        return item.lower in self.words.prepositions and role == "injured" and any(
            told.role == role for told in self.told
        )

    def _starts_new(self, amount: Amount, role: str) -> bool:
        """Say whether a part has another role than its whole: "10 hurt, three of whom died"."""
        return (amount.is_whose or bool(self.told)) and all(
            told.role != role for told in self.told
        )

    # Nouns and parts

    def _zero(self, item: Item) -> None:
        nobody = Amount(item.start, item.end, 0, Qualifier.NONE, 0, 0, None, "person")
        for role in _both(tuple(role for role, _, _ in item.roles)):
            self.told.append(Told([nobody], role, None, None, item.start))

    def _some(self, item: Item) -> None:
        some = Amount(item.start, item.end, None, Qualifier.SOME, 1, None, None, "person")
        for role, _, _ in item.roles:
            self.told.append(Told([some], role, None, None, item.start))

    def _noun(self, index: int, item: Item, amount: Amount) -> None:
        """Read "12 deaths", "12 bodies", "claimed 12 lives" and "struck at least three times"."""
        words = self.words
        noun = amount.noun or ""
        if amount.what == "counted":
            before = self.items[index - 1] if index else None
            forecast = before is not None and before.kind == "word" and self.group(index).is_forecast
            amount.is_taken = True
            self.told.append(Told([amount], words.counted[noun], None, None, amount.end - 1,
                                  is_part=amount.is_part, is_forecast=forecast))
        elif noun in words.lives.get("nouns", ()):
            before_word = self.items[index - 1].lower if index else ""
            after = [each.lower for each in self.items[index + 1 : index + 5]]
            if before_word in words.lives["verbs"]:
                group = self.group(index - 1)
                self._live(amount, self.items[index - 1].start, group)
            elif any(word in words.lives["after"] for word in after):
                self._live(amount, item.start, Group(index))
        elif noun in words.victims.get("nouns", ()) and not amount.is_taken:
            self._victims(index, item, amount)
        elif self.items[index + 1 : index + 2] and self.items[index + 1].lower in (
            words.victims.get("reports", ())
        ):
            self._reports(index, amount)
        elif amount.may_suffer and amount.is_numbered and not amount.is_taken:
            self._to_hospital(index, amount)
        elif noun in words.struck.get("nouns", ()):
            for at in range(index - 1, max(-1, index - NEAR), -1):
                if self.items[at].lower in words.struck["verbs"]:
                    self.told.append(Told([amount], "affected", "strikes", "struck",
                                          self.items[at].start))
                    return

    def _victims(self, index: int, item: Item, amount: Amount) -> None:
        """Read victims that are counted or found as dead."""
        words = self.words.victims
        before = [each.lower for each in self.items[max(0, index - 3) : index]]
        after = [each.lower for each in self.items[index + 1 : index + 5]]
        if words["before"] & set(before) or words["after"] & set(after):
            self._live(amount, item.start, Group(index))

    def _reports(self, index: int, amount: Amount) -> None:
        """Read "355 reports of missing people"."""
        for each in self.items[index + 1 : index + 4]:
            if any(verb.said[1] == "missing" for verb in each.verbs):
                amount.is_taken = True
                self.told.append(Told([amount], "affected", "missing", None, each.start))
                return

    def _to_hospital(self, index: int, amount: Amount) -> None:
        """Read "sent 65 to hospitals"."""
        words = self.words.to_hospital
        if index == 0 or self.items[index - 1].lower not in words.get("heads", ()):
            return
        for at in range(index + 1, min(index + 10, len(self.items))):
            if self.items[at].lower in words["ends"]:
                group = self.group(index - 1)
                amount.is_taken = True
                self.told.append(Told([amount], "injured", None, None,
                                      self.items[index - 1].start, is_forecast=group.is_forecast))
                return
            if self.items[at].kind not in {"word", "amount"} and self.items[at].lower != ",":
                return

    def _live(self, amount: Amount, at: int, group: Group) -> None:
        amount.is_taken = True
        self.told.append(Told([amount], "killed", None, None, at,
                              is_forecast=group.is_forecast, is_uncertain=group.is_uncertain))

    def _parts(self) -> None:
        """Give "including a child" and "two of them" the role of the whole before them."""
        is_part = False
        for index, item in enumerate(self.items):
            if item.kind == "part":
                is_part = True
                continue
            if item.kind == "mark" and item.lower != "," or item.kind == "verb":
                is_part = False
            amount = item.amount
            if amount is None:
                continue
            marked = amount.is_part or self._is_grave(index, amount) or self._is_kind(index, amount)
            if is_part and amount.is_taken and self.items[index - 1].kind == "part":
                self._mark(amount)
            if amount.is_taken or not (is_part or marked) or amount.what == "unit" or \
                    not (amount.may_suffer or amount.what == "name"):
                continue
            if amount.value is None and not amount.is_numbered:
                continue
            whole = self._whole(item)
            if whole is not None:
                amount.is_taken = True
                self.told.append(Told([amount], whole.role, whole.what, whole.state, whole.at,
                                      is_part=True, is_forecast=whole.is_forecast,
                                      is_uncertain=whole.is_uncertain))

    def _again(self) -> None:
        """Read "injured two in Kherson and three in Beryslav": the verb is said once."""
        for index, item in enumerate(self.items):
            amount = item.amount
            if amount is None or amount.is_taken or not amount.is_numbered or \
                    amount.qualifier is Qualifier.NONE or not amount.may_suffer or \
                    not self._is_placed(index):
                continue
            back = index - 1
            if self.items[back].lower not in self.words.conjunctions | {","}:
                continue
            while back >= 0 and index - back < NEAR and self.items[back].kind in {"word", "mark"}:
                back -= 1
            before = self.items[back].amount if back >= 0 else None
            told = self._by_verb.get(back, []) if before is None else [
                each for each in self.told if before in each.members
            ]
            if told and self._is_placed(back):
                amount.is_taken = True
                self.told.extend(replace(each, members=[amount]) for each in told)

    def _is_placed(self, index: int) -> bool:
        after = self.items[index + 1].lower if index + 1 < len(self.items) else ""
        return after in self.words.placing

    def _mark(self, amount: Amount) -> None:
        for told in self.told:
            if amount in told.members:
                told.is_part = True

    def _is_kind(self, index: int, amount: Amount) -> bool:
        """Read "and 54 were men", "three were Chinese" as parts of those told of."""
        if amount.what != "bare" or index + 2 >= len(self.items):
            return False
        what = self.items[index + 2]
        person = what.amount is not None and not what.amount.is_numbered
        return self.items[index + 1].lower in self.words.be and (
            person or (what.is_capital and what.lower.endswith(self.words.nationals))
        )

    def _is_grave(self, index: int, amount: Amount) -> bool:
        """Read "30 injured, two critically"."""
        after = self.items[index + 1].lower if index + 1 < len(self.items) else ""
        following = self.items[index + 2].kind if index + 2 < len(self.items) else "mark"
        return amount.what == "bare" and after in self.words.grave and following != "verb"

    def _whole(self, item: Item) -> Told | None:
        """Return what was told last before that item."""
        all_ = [
            told for told in self.told if told.end <= item.start and told.members[0].value != 0
        ]
        before = [told for told in all_ if not told.is_part] or all_
        return max(before, key=lambda told: (max(told.end, told.at), told.role == "killed"),
                   default=None)


def _both(roles: tuple[str, ...]) -> Iterator[str]:
    """Return killed and injured for "casualties"."""
    wanted = {"killed", "injured"} if "both" in roles else set(roles)
    return iter(sorted(wanted, reverse=True))
