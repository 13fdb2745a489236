"""Totals and what they were before: "rose from nine to 12", "down from nine reported earlier".

A toll's own number stands after "to", "at", "of" or a verb that reaches or passes it; what
stands after "from" is the earlier one, kept and marked, for the ledger shows both.
"""

from __future__ import annotations

from tocsin.reader.amounts import Amount, qualified
from tocsin.reader.casualties import Governor
from tocsin.reader.claim import Qualifier
from tocsin.reader.governed import Told
from tocsin.reader.items import Item
from tocsin.reader.numerals import Numeral

REACH = 18


def tolls(governor: Governor) -> None:
    """Add the totals of the sentence to what is told; their numbers are taken."""
    for index, item in enumerate(governor.items):
        if item.kind == "toll":
            _brought(governor, index, item)
            _toll(governor, index, item)


PAIR = 2


def _toll(governor: Governor, index: int, item: Item) -> None:  # noqa: PLR0912 - one walk
    words = governor.words
    toll = words.toll
    forecast = uncertain = got = False
    for at in range(index + 1, min(len(governor.items), index + REACH)):
        each = governor.items[at]
        if each.kind == "mark" and each.lower not in {",", "("}:
            return
        if each.kind == "word":
            if each.lower in words.modal or each.lower in words.future:
                forecast = True
            uncertain |= each.lower in words.maybe
            if each.lower in words.conjunctions and got and not _again(governor, at):
                return
            continue
        if each.kind == "toll":
            return
        amount = each.amount
        if amount is None or not amount.may_suffer or amount.is_taken:
            continue
        if got and each.amount and governor.has_verb(at):
            return
        before = governor.items[at - 1].lower
        if not amount.is_numbered or before in toll["by"]:
            continue
        if before in toll["from"] or (got and before in toll["equal_verbs"]):
            _add(governor, item, amount, is_old=True)
        elif not got and (
            before in toll["more_verbs"]
            or before in toll["equal_verbs"]
            or amount.qualifier in {Qualifier.MORE_THAN, Qualifier.UP_TO}
            or words.is_adverb(before)
        ):
            if amount.qualifier is Qualifier.UP_TO and before not in toll["equal_verbs"]:
                _reach(amount)
            if before in toll["more_verbs"]:
                _exceed(amount)
            _add(
                governor,
                item,
                amount,
                forecast=forecast,
                uncertain=uncertain,
                is_old=_is_old(governor, index),
            )
            got = True


def _brought(governor: Governor, index: int, item: Item) -> None:
    """Read "bringing to three the number of people killed"."""
    words = governor.words
    at = index - 1
    if at >= 0 and governor.items[at].lower in words.articles:
        at -= 1
    amount = governor.items[at].amount if at > 0 else None
    if amount is None or not amount.is_numbered or amount.is_taken or not amount.may_suffer:
        return
    if governor.items[at - 1].lower in words.toll["equal_verbs"] & words.to:
        _add(governor, item, amount)


def _is_old(governor: Governor, index: int) -> bool:
    """Read "an earlier toll of 31"."""
    before = {each.lower for each in governor.items[max(0, index - 3) : index]}
    return bool(before & governor.words.old_marks)


def _again(governor: Governor, at: int) -> bool:
    """Read "at 67 on Friday and at 55 the day before"."""
    following = governor.items[at + 1 : at + 3]
    return (
        len(following) == PAIR
        and following[0].lower in governor.words.toll["equal_verbs"]
        and (following[1].amount is not None)
    )


def _reach(amount: Amount) -> None:
    """Read "has gone up to 153" as 153: "up" belongs to the verb."""
    amount.qualifier, amount.low, amount.high = Qualifier.EXACT, amount.value, amount.value
    amount.start = amount.numeral


def _exceed(amount: Amount) -> None:
    """Read "exceeded 45" as more than 45."""
    if amount.qualifier is Qualifier.EXACT and amount.value is not None:
        plain = Numeral(0, 0, amount.value, Qualifier.EXACT, amount.value, amount.value)
        more = qualified(plain, Qualifier.MORE_THAN)
        amount.qualifier, amount.low, amount.high = more.qualifier, more.low, more.high


def _add(
    governor: Governor,
    item: Item,
    amount: Amount,
    *,
    forecast: bool = False,
    uncertain: bool = False,
    is_old: bool = False,
) -> None:
    amount.is_taken = True
    for role, what, state in item.roles:
        governor.told.append(
            Told(
                [amount],
                role,
                what,
                state,
                item.start,
                is_forecast=forecast,
                is_uncertain=uncertain,
                is_old=is_old,
                is_total=not is_old,
            )
        )


def corrections(governor: Governor) -> None:
    """Mark "up from nine" after a count as the earlier figure of the same role."""
    toll = governor.words.toll
    for index, item in enumerate(governor.items):
        amount = item.amount
        if amount is None or amount.is_taken or not amount.may_suffer or not amount.is_numbered:
            continue
        before = governor.items[index - 1].lower if index else ""
        marks = {each.lower for each in governor.items[max(0, index - 4) : index - 1]}
        is_denied = before in governor.words.not_ and amount.what == "bare" and amount.value
        if is_denied or (before in toll.get("from", ()) and marks & toll["mended"]):
            told = [
                each
                for each in governor.told
                if each.end <= item.start and not each.is_old and not each.is_part
            ]
            if told:
                last = max(told, key=lambda each: each.end)
                amount.is_taken = True
                governor.told.append(
                    Told([amount], last.role, last.what, last.state, last.at, is_old=True)
                )
