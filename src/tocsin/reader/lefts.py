"""Who stands on the left of a passive, an adjective or "died", and how far that may be.

A subject is looked for back to the beginning of its clause: past places, appositions and
relative clauses, never past another verb that counts or past who says so.
"""

from __future__ import annotations

from tocsin.reader.amounts import Amount
from tocsin.reader.claim import Qualifier
from tocsin.reader.countwords import Verb
from tocsin.reader.governed import FARTHEST, MOVED, NEAR, Group
from tocsin.reader.takers import Takers

MOST_COMMAS = 4
PAIRED = {"-": "-", "\u2013": "\u2013", "\u2014": "\u2014", ")": "("}
SHORT_SUBJECT = 3
DASHES = frozenset({"-", "\u2013", "\u2014"})


class Lefts(Takers):
    """Reads to the left of a verb."""

    __slots__ = ()

    def _joined(self, verb: Verb, group: Group) -> list[Amount]:
        """Give "wounded" of "were killed and wounded" those of "killed"."""
        before = group.first - 1
        if before < 1 or not self.joins(before):
            return []
        if self.items[before - 1].kind != "verb":
            return self._shared(before, verb)
        if not (verb.is_participle or verb.is_adjective or verb.is_intransitive):
            return []
        told = self.by_verb.get(before - 1, [])
        found = [member for each in told for member in each.members]
        if not found or found[0].start >= self.items[before].start:
            return []
        if told[0].role == verb.role:
            return []
        role = verb.role
        if verb.said[1] == "missing":
            return []  # "dead or missing": one number, told of the dead
        fits = all(
            each.may_suffer or each.what == "name" or role in {"damage", "service"}
            for each in found
        )
        return found if fits else []

    def _shared(self, at: int, verb: Verb) -> list[Amount]:
        """Read "97,000 were told to leave on Monday and spent the night in gyms"."""
        if not verb.is_intransitive or verb.role != "affected":
            return []
        back = at - 1
        while back > 0 and at - back < SHORT_SUBJECT + 2 and self.items[back].kind == "word":
            back -= 1
        told = self.by_verb.get(back, []) if self.items[back].kind == "verb" else []
        if not told or told[0].said == verb.said or told[0].role != "affected":
            return []
        found = [member for each in told for member in each.members]
        fits = all(each.what in MOVED for each in found)
        return found if fits and found[0].start < self.items[back].start else []

    def _subject(self, index: int, verb: Verb, group: Group) -> list[Amount]:
        """Return what stands to the left of a passive, an adjective or "died"."""
        if not (verb.is_participle or verb.is_intransitive or verb.is_adjective):
            return []
        first = group.first
        left = self.left_amount(first)
        full = (
            group.is_passive
            or (verb.is_intransitive and not self._is_ing(index))
            or (verb.role == "service" and self.items[index].lower in self.words.not_)
        )
        if left is not None and self._is_of_whom(first - 1, left) and self.fits(left, verb):
            left.is_part = True
            return [left]
        if left is not None and self.fits(left, verb):
            after = self.items[index + 1].lower if index + 1 < len(self.items) else ""
            reduced_ok = (
                left.is_numbered
                or full
                or self._is_gapped(first - 1, verb)
                or (
                    self._is_led(first - 1)
                    and after not in self.words.determiners | self.words.owners
                )
            )
            is_made = group.has_to and self._is_made(first - 1)
            if is_made:
                group.is_forecast = False
            if reduced_ok and (is_made or not (full and self._in_phrase(first - 1))):
                return self._run_left(first - 1, verb)
        if index and self.items[index - 1].lower in self.words.plain_determiners:
            return self._among(index, verb)
        if full:
            return self._scan(first, verb)
        if verb.is_participle or verb.is_adjective:
            return self._gap(first, verb)
        return []

    def _is_of_whom(self, at: int, amount: Amount) -> bool:
        """Read "350 were aboard, of whom 43 died" as 43, a part of them."""
        if not at or not amount.is_numbered or self.items[at - 1].kind != "part":
            return False
        return bool(self.words.them & set(self.items[at - 1].lower.split()))

    def _is_made(self, at: int) -> bool:
        """Read "forcing hundreds to flee": who is made to."""
        return at > 0 and self.items[at - 1].lower in self.words.makes

    def _is_gapped(self, at: int, verb: Verb) -> bool:
        """Read "a woman was killed and a man wounded": the auxiliary is said once."""
        if not verb.is_participle or at < SHORT_SUBJECT or not self.joins(at - 1):
            return False
        back = at - 2
        while back > 0 and at - back < NEAR and self.items[back].kind in {"word", "mark"}:
            back -= 1
        return (
            self.items[back].kind == "verb"
            and back in self.by_verb
            and self.group(back).is_passive
            and self.by_verb[back][0].role != verb.role
        )

    def _among(self, index: int, verb: Verb) -> list[Amount]:
        """Read "a child was among the wounded": a part of them."""
        if index < SHORT_SUBJECT or self.items[index - 2].lower not in self.words.among:
            return []
        there = self.items[index - 3].amount
        if there is not None and there.is_numbered and self.fits(there, verb):
            there.is_part = True
            return [there]  # "there were 19 foreigners among the dead"
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

    def _run_left(self, at: int, verb: Verb) -> list[Amount]:
        """Return the amount there and those joined before it."""
        places = [at]
        index = at
        has_and = False
        while index > 1:
            joint = index - 1
            if not self.joins(joint):
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
        found = [self.amount_at(place) for place in reversed(places)]
        if self.amount_at(at).qualifier is Qualifier.NONE:
            return [self.amount_at(at)]
        last = found[-1]
        if len(found) > 1 and not last.is_numbered and last.value is None:
            return self._summed([each for each in found if each.is_numbered], has_and=True) or [
                last
            ]  # "26 adults and children" are 26
        return self._summed(found, has_and=has_and)

    def _scan(self, first: int, verb: Verb) -> list[Amount]:  # noqa: C901, PLR0912 - one walk
        """Look left for the subject, past phrases and appositions, to the clause's beginning."""
        words = self.words
        commas = 0
        inside: str | None = None
        for at in range(first - 1, max(-1, first - FARTHEST), -1):
            item = self.items[at]
            if inside is not None:  # between dashes or brackets: said by the way
                inside = None if item.lower == inside else inside
                continue
            if item.kind == "mark" and item.lower in PAIRED:
                inside = self._opening(at)
                if inside is not None:
                    continue
            if item.kind in {"verb", "toll", "zero", "some"}:
                break
            if item.amount is not None:
                amount = item.amount
                if amount.is_taken:
                    break
                near = first - at <= NEAR or amount.is_numbered
                aside = at > 0 and self.items[at - 1].lower == ","
                set_in = commas and aside and (amount.is_part or self._is_set_in(at))
                if not near or set_in:
                    continue
                if self._in_phrase(at) and not self._is_whole_place(at, amount, verb):
                    continue
                if self.fits(amount, verb):
                    return self._run_left(at, verb)
                if commas == 0 and amount.what != "unit":
                    break
                continue
            if item.kind == "mark":
                if item.lower != ",":
                    break
                commas += 1
                if commas > MOST_COMMAS:
                    break
            elif item.kind == "word":
                lower = item.lower
                if lower in words.speech or lower in words.subordinators:
                    break
                if lower in words.relatives and not self._is_aside(at, commas):
                    break
                if lower in words.conjunctions and self._starts_clause(at + 1, first):
                    if self._is_pair_of_things(at):
                        continue
                    break
        return []

    def _is_pair_of_things(self, at: int) -> bool:
        """Read "2 million homes and businesses around X were without power" as one subject."""
        before, after = self.items[at - 1].amount if at else None, self.items[at + 1]
        if before is None or not before.is_numbered:
            return False
        return after.kind == "word" and after.lower in self.words.things

    def _is_set_in(self, at: int) -> bool:
        """Read "nine people, three from each family, died" as nine."""
        amount, before = self.items[at].amount, self.items[at - 2].amount if at > 1 else None
        if amount is None or before is None or amount.what != "bare":
            return False
        whole, part = before.value or 0, amount.value or 0
        return before.what == "person" and before.is_numbered and 0 < part < whole

    def _opening(self, at: int) -> str | None:
        """Return the mark that opens what closes there, where it is near."""
        mark = PAIRED[self.items[at].lower]
        near = self.items[max(0, at - FARTHEST // 2) : at]
        return mark if any(item.lower == mark for item in near) else None

    def _is_aside(self, at: int, commas: int) -> bool:
        """Say whether a relative clause hangs on a count, or stands between two commas."""
        if at == 0:
            return False
        before = self.items[at - 1]
        if before.amount is not None or (before.lower == "," and commas > 0):
            return True
        return before.lower == "," and self.items[at].lower in self.words.who

    def _is_whole_place(self, at: int, amount: Amount, verb: Verb) -> bool:
        """Read "residents of 250 villages are without power" as 250 villages."""
        before = self.items[at - 1].lower if at else ""
        return (
            verb.role == "service"
            and amount.what == "settlements"
            and before in self.words.partitive
        )

    def _starts_clause(self, start: int, first: int) -> bool:
        """Say whether a subject of its own stands between a conjunction and the verb."""
        between = self.items[start:first]
        if between and all(
            each.is_capital or each.lower in self.words.articles for each in between
        ):
            return False  # "residents of X and the Y Nation were"
        return len(between) > SHORT_SUBJECT or any(
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
                if (
                    not amount.is_numbered
                    or not self.fits(amount, verb)
                    or after.lower not in self.words.prepositions
                ):
                    return []
                before = self.items[at - 1].lower if at else ","
                if before in self.words.conjunctions or before in self.words.leave | {
                    ",",
                    ";",
                    ":",
                }:
                    return self._run_left(at, verb)
                return []
            if (
                item.kind != "word"
                or item.lower
                in self.words.relatives
                | self.words.subordinators
                | self.words.be
                | self.words.conjunctions
            ):
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
        if amount is None or not self.fits(amount, verb) or amount.qualifier is Qualifier.NONE:
            return []
        before = [each.lower for each in self.items[max(0, group.first - 3) : group.first]]
        if any(word in self.words.oldest for word in before):
            return []  # "the oldest of the dead was 90"
        if not amount.is_numbered and any(word in words.partitive for word in before):
            return []  # "many of the dead were children": what they were, not how many
        if (
            any(word in self.words.among for word in before)
            or self.items[at].lower in self.words.includes
        ):
            amount.is_part = True
        return self._run_right(at + 1, verb)

    def _then_counted(self, index: int, verb: Verb) -> Amount | None:
        """Read "of the wounded there are eight", in a language of free order."""
        then = self.items[index + 1].amount if index + 1 < len(self.items) else None
        if then is None or not verb.is_adjective or then.what != "bare":
            return None
        return then if then.is_numbered and self.fits(then, verb) else None

    def _around(self, index: int, verb: Verb, group: Group) -> list[Amount]:
        """Return those counted where verbs stand before or after them: the nearer side."""
        if group.first > 1 and self.items[group.first - 1].lower in DASHES:
            group.first -= 1  # "14 — wounded": the dash stands for "are"
        left = self.left_amount(group.first)
        if (
            left is not None
            and left.is_numbered
            and self.fits(left, verb)
            and (verb.is_adjective or not self._in_phrase(group.first - 1))
        ):
            return self._run_left(group.first - 1, verb)
        if left is None and (then := self._then_counted(index, verb)):
            return [then]
        if not verb.is_adjective:
            for at in range(index + 1, min(index + NEAR, len(self.items))):
                item = self.items[at]
                if item.amount is not None:
                    if self.fits(item.amount, verb) and not (
                        at > index + 1 and self._in_phrase(at)
                    ):
                        return self._run_right(at, verb)
                    if item.amount.what != "unit" and item.amount.is_numbered:
                        break
                elif item.kind != "word" or item.lower in self.words.relatives | self.words.speech:
                    break
        if left is not None and self.fits(left, verb) and not self._in_phrase(group.first - 1):
            return self._run_left(group.first - 1, verb)
        if shared := self._joined(verb, group):
            return shared
        if verb.is_adjective and not group.is_passive:
            return []
        return self._scan(group.first, verb)
