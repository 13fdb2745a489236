"""Counts without a verb of their own: nouns ("12 deaths"), parts, and verbs said only once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from tocsin.reader.amounts import Amount
from tocsin.reader.claim import Qualifier
from tocsin.reader.governed import NEAR, Group, Told
from tocsin.reader.items import Item
from tocsin.reader.lefts import DASHES, Lefts


class Parts(Lefts):
    """Reads what is left when every verb has taken its own."""

    __slots__ = ()

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
            forecast = (
                before is not None and before.kind == "word" and self.group(index).is_forecast
            )
            amount.is_taken = True
            self.told.append(
                Told(
                    [amount],
                    words.counted[noun],
                    None,
                    None,
                    amount.end - 1,
                    is_part=amount.is_part,
                    is_forecast=forecast,
                )
            )
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
            self._brought(index, amount, self.words.to_hospital, ("injured", None))
            if not amount.is_taken:
                self._brought(index, amount, self.words.to_safety, ("affected", "evacuated"))
        elif noun in words.struck.get("nouns", ()):
            for at in range(index - 1, max(-1, index - NEAR), -1):
                if self.items[at].lower in words.struck["verbs"]:
                    self.told.append(
                        Told([amount], "affected", "strikes", "struck", self.items[at].start)
                    )
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

    def _brought(
        self,
        index: int,
        amount: Amount,
        words: Mapping[str, frozenset[str]],
        said: tuple[str, str | None],
    ) -> None:
        """Read "sent 65 to hospitals", "brought 75 to safety"."""
        if index == 0 or self.items[index - 1].lower not in words.get("heads", ()):
            return
        for at in range(index + 1, min(index + 10, len(self.items))):
            if self.items[at].lower in words["ends"]:
                group = self.group(index - 1)
                amount.is_taken = True
                self.told.append(
                    Told(
                        [amount],
                        said[0],
                        said[1],
                        None,
                        self.items[index - 1].start,
                        is_forecast=group.is_forecast,
                    )
                )
                return
            if self.items[at].kind not in {"word", "amount"} and self.items[at].lower != ",":
                return

    def _live(self, amount: Amount, at: int, group: Group) -> None:
        amount.is_taken = True
        self.told.append(
            Told(
                [amount],
                "killed",
                None,
                None,
                at,
                is_forecast=group.is_forecast,
                is_uncertain=group.is_uncertain,
            )
        )

    def _parts(self) -> None:
        """Give "including a child" and "two of them" the role of the whole before them."""
        is_part = False
        role = None
        for index, item in enumerate(self.items):
            if item.kind == "part":
                is_part = True
                told = (self.words.verbless.get(word) for word in item.lower.split())
                role = next((each for each in told if each in {"killed", "injured"}), None)
                continue
            led = index > 0 and self.items[index - 1].kind == "part" and item.lower in DASHES
            is_end = item.kind == "mark" and item.lower != "," and not led
            if is_end or item.kind == "verb" or item.lower in self.words.speech:
                is_part = False
            amount = item.amount
            if amount is None:
                continue
            then = self.items[index + 1].lower if index + 1 < len(self.items) else ""
            if amount.is_part and not amount.is_taken and self._fares_otherwise(index):
                continue
            if then in self.words.speech and not amount.is_numbered:
                is_part = False  # who says it is no part of those told of
                continue
            marked = amount.is_part or self._is_grave(index, amount) or self._is_kind(index, amount)
            if is_part and amount.is_taken and self.items[index - 1].kind == "part":
                self._mark(amount)
            if (
                amount.is_taken
                or not (is_part or marked)
                or amount.what == "unit"
                or not (amount.may_suffer or amount.what == "name")
            ):
                continue
            if amount.value is None and not amount.is_numbered:
                continue
            whole = self._whole(item)
            if whole is None and is_part and role:
                # "among the wounded are 31 policemen": the whole was told a sentence ago
                whole = Told([amount], role, None, None, item.start)
            if whole is not None:
                amount.is_taken = True
                self.told.append(
                    Told(
                        [amount],
                        whole.role,
                        whole.what,
                        whole.state,
                        whole.at,
                        is_part=True,
                        is_forecast=whole.is_forecast,
                        is_uncertain=whole.is_uncertain,
                    )
                )

    def _again(self) -> None:
        """Read "injured two in Kherson and three in Beryslav": the verb is said once."""
        for index, item in enumerate(self.items):
            amount = item.amount
            if (
                amount is None
                or amount.is_taken
                or not amount.is_numbered
                or amount.qualifier is Qualifier.NONE
                or not amount.may_suffer
                or not self._is_placed(index)
            ):
                continue
            back = index - 1
            if self.items[back].lower not in self.words.conjunctions | {","}:
                continue
            while back >= 0 and index - back < NEAR and self.items[back].kind in {"word", "mark"}:
                back -= 1
            before = self.items[back].amount if back >= 0 else None
            told = (
                self.by_verb.get(back, [])
                if before is None
                else [each for each in self.told if before in each.members]
            )
            if told and self._is_placed(back):
                amount.is_taken = True
                self.told.extend(replace(each, members=[amount]) for each in told)

    def _fares_otherwise(self, index: int) -> bool:
        """Read "before four of them were caught": a part with a verb of its own."""
        run = [each.lower for each in self.items[index + 1 : index + 3]]
        if len(run) < 2 or run[0] not in self.words.be:  # noqa: PLR2004
            return False
        return run[1] in self.words.fates or (
            run[1].endswith("ed") and run[1] not in self.words.aged
        )

    def _mark(self, amount: Amount) -> None:
        for told in self.told:
            if amount in told.members:
                told.is_part = True

    def _is_kind(self, index: int, amount: Amount) -> bool:
        """Read "and 54 were men", "three were Chinese" as parts of those told of."""
        if amount.what != "bare" or index + 2 >= len(self.items):
            return False
        what = self.items[index + 2]
        if what.kind == "word" and what.lower not in self.words.stops and not what.is_capital:
            what = self.items[min(index + 3, len(self.items) - 1)]  # "were health workers"
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
        all_ = [told for told in self.told if told.end <= item.start and told.members[0].value != 0]
        before = [told for told in all_ if not told.is_part] or all_
        return max(
            before, key=lambda told: (max(told.end, told.at), told.role == "killed"), default=None
        )


def _both(roles: tuple[str, ...]) -> Iterator[str]:
    """Return killed and injured for "casualties"."""
    wanted = {"killed", "injured"} if "both" in roles else set(roles)
    return iter(sorted(wanted, reverse=True))
