"""What a place is doing in its sentence: scene, speaker, somebody's title, or only an adjective.

"X said", "a strike on X", "told reporters in X", "X's mayor": four uses of one name. Only small
words and the place's rank are looked at; what no rule knows is a scene for a town and an actor for
a country.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tocsin.reader.placenames import Hit
    from tocsin.reader.placewords import Vocabulary, Word

WHERE, SAID_AT, TITLE = "where", "said-at", "title"
ACTOR, ADJECTIVE, AFFECTED = "actor", "adjective", "affected-noun"
ROUTE, DISTANCE = "route", "distance"
ROUTE_REACH = 6
SHORT = 3
PROFESSION_REACH = 5
BACK_MOST = 8


def use_of(row: list[Word], hit: Hit, language: Vocabulary, earlier: tuple[Hit, str] | None) -> str:
    """Return the use of a hit whose entry is chosen; ``earlier`` is the hit before it, its use."""
    use = _by_what_follows(row, hit, language)
    if use is None:
        lead = _lead(row, hit, language)
        use = _by_what_stands_around(row, hit, lead, language) or _inherited(
            row, hit, earlier, language
        )
        use = use or _by_what_leads(row, hit, lead, language)
    return use


def _by_what_follows(row: list[Word], hit: Hit, language: Vocabulary) -> str | None:
    """Look at the word after: an office, an act, a happening, people."""
    has = language.has
    after = row[hit.last] if hit.last < len(row) else None
    if after is None or not after.joins:
        return ADJECTIVE if hit.kind == "nation" else None
    is_title = _opens_title(row, hit.last, language)
    is_country = _level(hit) == "country"
    use = None
    if hit.kind == "nation":
        use = TITLE if is_title else ADJECTIVE
    elif hit.possessive:
        acts = any(has("grammar", "acts", each.key) for each in row[hit.last : hit.last + 2])
        use = TITLE if is_title else ACTOR if acts else AFFECTED if is_country else WHERE
        if use == AFFECTED and after.is_capital and not has("never", "calendar", after.key):
            use = ADJECTIVE  # "the governor of X's Y region"
    elif has("grammar", "happenings", after.key):
        use = WHERE
    elif has("grammar", "residents", after.key):
        use = AFFECTED if is_country else WHERE
    elif is_title and _level(hit) != "water":
        use = TITLE
    return use


def _by_what_stands_around(
    row: list[Word], hit: Hit, lead: int | None, language: Vocabulary
) -> str | None:
    """Look for what the name is only a part of: an adjective, an office, a dateline."""
    has = language.has
    if (
        _level(hit) == "water"
        and hit.label is None
        and not _has_article(row, hit, language)
        and not has("levels", "narrow", row[hit.first].key)
    ):
        return ADJECTIVE
    if lead is None:
        return SAID_AT if _is_dateline(row, hit) else None
    of_office = (
        lead and has("grammar", "of", row[lead].key) and has("roles", "of", row[lead - 1].key)
    )
    return TITLE if of_office or has("roles", "genitive", row[lead].key) else None


def _by_what_leads(row: list[Word], hit: Hit, lead: int | None, language: Vocabulary) -> str:
    """Look at the word that governs it, and for a state at its verb."""
    has = language.has
    if is_distance(row, hit.first, language):
        return DISTANCE
    into = lead is not None and has("grammar", "into", row[lead].key)
    if into and _level(hit) == "water":
        return ROUTE
    if is_route(row, hit.first if lead is None else lead + 1, language):
        return ROUTE
    if _is_part(row, hit, lead, language):
        return WHERE
    if lead is not None and has("grammar", "where", row[lead].key):
        return _after_preposition(row, hit, lead, language)
    if not _is_state(hit) or (lead is not None and has("grammar", "objects", row[lead].key)):
        return WHERE
    if lead is not None and has("grammar", "favours", row[lead].key):
        return ACTOR
    return _subject(row, hit, language)


def _opens_title(row: list[Word], at: int, language: Vocabulary) -> bool:
    """Say whether an office or its holder follows: "Foreign Minister", "emergency service"."""
    has = language.has
    first = row[at]
    if not first.joins or not has("roles", "words", first.key):
        return False
    if not has("roles", "weak", first.key):
        return True
    # "air", "state", "first" open a title only as names or where an office follows soon
    if first.is_capital:
        return True
    for step, each in enumerate(row[at + 1 : at + 5]):
        if not each.joins:
            return False
        if has("roles", "words", each.key):
            return step == 0 or not has("roles", "weak", each.key)
    return False


def _lead(row: list[Word], hit: Hit, language: Vocabulary) -> int | None:
    """Return the word that governs the name: over "the southern town of" back to "in"."""
    has = language.has
    at = hit.first
    for _ in range(BACK_MOST):
        if at == 0 or not row[at].joins:
            return None
        word = row[at - 1]
        key = word.key
        skipped = (
            has("levels", "directions", key)
            or has("levels", "settlement", key)
            or has("levels", "region", key)
            or has("levels", "part", key)
            or has("grammar", "articles", key)
            or key in language.nations
            or word.is_possessive
            or (
                has("grammar", "of", key)
                and at > 1
                and (
                    has("levels", "settlement", row[at - 2].key)
                    or has("levels", "region", row[at - 2].key)
                    or has("levels", "part", row[at - 2].key)
                    or has("levels", "directions", row[at - 2].key)
                    or has("grammar", "parts", row[at - 2].key)
                )
            )
            or has("grammar", "parts", key)
        )
        if not skipped:
            return at - 1
        at -= 1
    return None


def is_distance(row: list[Word], first: int, language: Vocabulary) -> bool:
    """Say whether a distance is measured from there: "70 km southwest of", "miles from"."""
    has = language.has
    at = first - 1
    while at >= 0 and (
        has("grammar", "articles", row[at].key)
        or has("levels", "settlement", row[at].key)
        or has("levels", "directions", row[at].key)
        or (at and has("grammar", "of", row[at].key) and has("grammar", "middle", row[at - 1].key))
        or has("grammar", "middle", row[at].key)
        or (at and has("grammar", "of", row[at].key) and _is_settlement(row[at - 1], language))
    ):
        at -= 1
    if at < 0 or not (has("grammar", "of", row[at].key) or has("grammar", "from", row[at].key)):
        return False
    if at > 1 and has("levels", "directions", row[at - 1].key):
        side = row[at - 1]
        if side.gap.strip() in {",", "("} and row[at - 2].is_capital:
            return True  # "X, east of Y"
    return any(has("grammar", "measures", each.key) for each in row[max(0, at - 3) : at])


def _is_settlement(word: Word, language: Vocabulary) -> bool:
    return language.has("levels", "settlement", word.key)


def is_route(row: list[Word], first: int, language: Vocabulary) -> bool:
    """Say whether something only goes there or comes from there: "taken to", "from X to"."""
    has = language.has
    at = first - 1
    while at >= 0 and has("grammar", "articles", row[at].key):
        at -= 1
    if at < 0 or not row[at + 1].joins:
        return False
    if has("grammar", "to", row[at].key):
        back = row[max(0, at - ROUTE_REACH) : at]
        return any(
            has("grammar", "travels", each.key) or has("grammar", "from", each.key) for each in back
        )
    if has("grammar", "from", row[at].key):
        ahead = row[first + 1 : first + 4]
        return any(has("grammar", "to", each.key) for each in ahead) or any(
            has("grammar", "travels", each.key) for each in row[max(0, at - 3) : at]
        )
    return False


def _has_article(row: list[Word], hit: Hit, language: Vocabulary) -> bool:
    """Say whether an article stands before; a language without articles always says yes."""
    if not language.of("grammar", "needs_article"):
        return True
    return hit.first > 0 and language.has("grammar", "needs_article", row[hit.first - 1].key)


def _is_part(row: list[Word], hit: Hit, lead: int | None, language: Vocabulary) -> bool:
    """Say whether a part of it is named before: "swathes of", "the coast of"."""
    low = 0 if lead is None else lead + 1
    if lead is not None and language.has("grammar", "where", row[lead].key):
        return False
    linked = language.of("grammar", "of")
    return any(
        language.has("grammar", "parts", row[at].key) and (not linked or row[at + 1].key in linked)
        for at in range(low, hit.first)
    )


def _inherited(
    row: list[Word], hit: Hit, earlier: tuple[Hit, str] | None, language: Vocabulary
) -> str | None:
    """In "X, Y and Z" each does what the first does."""
    if earlier is None:
        return None
    other, use = earlier
    between = row[other.last : hit.first]
    then = row[hit.last] if hit.last < len(row) else None
    has_verb = then is not None and then.joins and language.has("grammar", "verbs", then.key)
    if _is_state(hit) and not between and has_verb:
        return None  # "in X, Y condemned it"
    if other.kind == "nation" or use == TITLE or other.possessive:
        return None
    if not between and row[hit.first].gap.strip() in (",", "(", "/", "-", "\u2013"):
        return use
    joined = len(between) == 1 and language.has("grammar", "and", between[0].key)
    return use if joined and use in (WHERE, SAID_AT) else None


def _after_preposition(row: list[Word], hit: Hit, lead: int, language: Vocabulary) -> str:
    has = language.has
    key = row[lead].key
    if has("grammar", "strong_where", key) and _is_said_there(row, lead, language):
        return SAID_AT
    if not has("grammar", "relation", key) or not _is_state(hit):
        return WHERE
    if has("grammar", "between", key) and _level(hit) != "country":
        return WHERE
    before = row[lead - 1].key if lead else ""
    if has("grammar", "movement", key):
        return ACTOR if has("grammar", "acts", before) else WHERE
    return ACTOR


def _is_said_there(row: list[Word], lead: int, language: Vocabulary) -> bool:
    """Say whether something is said, not done, there: "told reporters in", "analyst at X in"."""
    has = language.has
    at = lead - 1
    while at > 0 and (has("never", "calendar", row[at].key) or has("grammar", "on", row[at].key)):
        at -= 1
    if at >= 0 and has("grammar", "said_before", row[at].key):
        return True
    back = row[max(0, lead - PROFESSION_REACH) : lead]
    return any(has("grammar", "professions", each.key) for each in back)


def _subject(row: list[Word], hit: Hit, language: Vocabulary) -> str:
    """A country, or the capital that stands for it, before its verb: who does, or where it is."""
    has = language.has
    at = hit.last
    while at < len(row) and row[at].joins and has("grammar", "adverbs", row[at].key):
        at += 1
    default = ACTOR if _level(hit) == "country" else WHERE
    if at >= len(row) or not row[at].joins:
        return WHERE if hit.first and row[hit.first].joins else default
    verb, then = row[at].key, row[at + 1].key if at + 1 < len(row) else ""
    if has("grammar", "and", verb) and has("grammar", "its", then):
        return ACTOR
    if has("grammar", "suffers", verb):
        return ACTOR if has("grammar", "doing", then) else WHERE
    if has("grammar", "auxiliaries", verb):
        if has("grammar", "suffers", then):
            return WHERE
        return ACTOR if _level(hit) == "country" or has("grammar", "verbs", then) else WHERE
    if has("grammar", "verbs", verb):
        return ACTOR
    return default


def _is_dateline(row: list[Word], hit: Hit) -> bool:
    """Say whether it opens the report: "TOWN (Agency) -", "TOWN, Country -"."""
    if hit.first or hit.number:
        return False
    after = row[hit.last].gap if hit.last < len(row) else ""
    return any(mark in after for mark in ("(", "\u2014", "\u2013", " - ", "--")) or (
        row[0].text.isupper() and len(row[0].text) > SHORT and "," in after
    )


def _is_state(hit: Hit) -> bool:
    """Say whether the name can stand for a government."""
    return _level(hit) == "country" or (hit.entry is not None and hit.entry.is_capital)


def _level(hit: Hit) -> str:
    if hit.entry is not None:
        return hit.entry.level
    return hit.level or "other"
