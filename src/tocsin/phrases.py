"""An alert in a language's words: the alert, its all-clear and its retraction, all ready at once.

A correction is as fast as the error (DESIGN section 3, rule 12) because its words are
written before they are needed. Words are a function of hazard, level, place and realm;
times and handles are not in them, so that the same words are stored once however often
they are used. Each way out adds the time of sending in its own form.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

from tocsin.core.alert import Alert, Realm
from tocsin.core.area import Area
from tocsin.core.commands import Texts
from tocsin.core.hazard import Hazard, Phrase, Words
from tocsin.core.world import World

NAMED_AT_MOST = 8
"""More places than this are named by the regions above them, in an alert."""
NAMED_AT_AN_END = 60
"""An end must not name a place that it does not end: there the regions themselves are named."""


def place_of(world: World, area: Area, language: str, most: int = NAMED_AT_MOST) -> str:
    """Return the area in words: its regions, or the ones above where they are more than ``most``.

    Full names: a map's label says the same for a city and the region around it, and an all-clear
    for the one must never read like one for the other.
    """
    tree = world.tree
    regions = tuple(code for code in area.regions if code in tree)
    if area.excluded or not regions:
        regions = tree.fewest(tree.extent(area).touched)
    while len(regions) > most and (higher := _one_up(world, regions)) != regions:
        regions = higher
    return ", ".join(tree[code].name(language) for code in regions)


def short_name(world: World, geocode: str, language: str) -> str:
    """Return the label people use for a region; the full name where none is given."""
    label = world.short.get(geocode, {}).get(language)
    return label or world.tree[geocode].name(language)


def words_for(
    world: World,
    hazard: Hazard,
    level: str | None,
    area: Area,
    *,
    realm: Realm,
    given: Mapping[str, Mapping[str, str]] | None = None,
) -> Texts:
    """Return everything an alert may have to say, in every language of the profile.

    ``given`` are an operator's own words for the alert, language -> headline, description,
    instruction; what is missing there comes from the profile. In a drill every headline begins
    and every text ends with the drill word (DESIGN section 3, rule 7).
    """
    spoken: dict[Phrase, dict[str, Words]] = {}
    for phrase in Phrase:
        spoken[phrase] = {}
        for language in world.languages:
            words = _template(hazard, level, phrase, language)
            if words is None:
                continue
            most = NAMED_AT_MOST if phrase is Phrase.ALERT else NAMED_AT_AN_END
            words = _filled(words, place_of(world, area, language, most))
            if phrase is Phrase.ALERT and given and language in given:
                words = _overridden(words, given[language])
            if realm is Realm.DRILL:
                words = _as_drill(words, world.drill_words.get(language, ""))
            spoken[phrase][language] = words
    return spoken


def all_clear_beside(
    world: World,
    alert: Alert,
    ends: Area,
    freed: Area,
    under: Sequence[tuple[Area, Mapping[str, Words]]],
) -> Mapping[str, Words]:
    """Return an all-clear's words where people stay under other alerts (RELIABILITY P14).

    It names the places that are free now, and after them each alert that goes on with its place;
    nobody whose place stays under one is told to leave the shelter. Where nothing is free, the
    instruction is that of what goes on. ``ends`` is all that it ends, ``freed`` what of it lies
    under nothing else, ``under`` place and words of each alert that goes on.
    """
    hazard = world.hazards[alert.hazard]
    spoken: dict[str, Words] = {}
    for language in world.languages:
        template = _template(hazard, alert.level, Phrase.ALL_CLEAR, language)
        if template is None:
            continue
        nobody = freed.is_empty
        place = place_of(world, ends if nobody else freed, language, NAMED_AT_AN_END)
        words = _filled(template, place)
        goes_on = [
            f"{said[language].headline}: {place_of(world, area, language, NAMED_AT_AN_END)}."
            for area, said in under
            if language in said
        ]
        stay = next((said[language].instruction for _, said in under if language in said), "")
        spoken[language] = Words(
            words.headline,
            " ".join((words.description, *goes_on)),
            stay if nobody else words.instruction,
        )
        if alert.realm is Realm.DRILL:
            drill = world.drill_words.get(language, "")
            spoken[language] = _as_drill(spoken[language], drill)
    return spoken


def words_from_template(world: World, alert: Alert) -> Texts:
    """Return an imported alert's words: it carries no text of its own, only its place."""
    hazard = world.hazards.get(alert.hazard)
    if hazard is None:
        return {}
    return words_for(world, hazard, alert.level, alert.area, realm=alert.realm)


def stored(texts: Texts) -> tuple[str, bytes]:
    """Return the content hash (SHA-256, hex) and the canonical bytes of an alert's words."""
    plain = {
        phrase.value: {
            language: [words.headline, words.description, words.instruction]
            for language, words in sorted(by_language.items())
        }
        for phrase, by_language in sorted(texts.items())
    }
    body = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return hashlib.sha256(body).hexdigest(), body


def read_stored(body: bytes) -> Texts:
    """Return the words written by ``stored``."""
    return {
        Phrase(phrase): {language: Words(*parts) for language, parts in by_language.items()}
        for phrase, by_language in json.loads(body).items()
    }


def phrase_of(alert: Alert) -> Phrase:
    """Return which of its words an alert speaks at its present revision."""
    if alert.state.value == "cleared":
        return Phrase.ALL_CLEAR
    return Phrase.RETRACTION if alert.state.value == "cancelled" else Phrase.ALERT


def without_drill(world: World, language: str, words: Words) -> dict[str, str]:
    """Return an operator's own words as he gave them, without the drill word around them."""
    drill = world.drill_words.get(language, "")
    before, after = f"{drill}: ", f" {drill}."
    return {
        "headline": words.headline.removeprefix(before),
        "description": words.description.removeprefix(before).removesuffix(after),
        "instruction": words.instruction.removesuffix(after),
    }


def _one_up(world: World, regions: Iterable[str]) -> tuple[str, ...]:
    tree = world.tree
    return tuple(dict.fromkeys(tree[code].parent or code for code in regions))


def _template(hazard: Hazard, level: str | None, phrase: Phrase, language: str) -> Words | None:
    step = hazard.level(level)
    if phrase is Phrase.ALERT and step is not None and language in step.words:
        return step.words[language]
    return hazard.words.get(phrase, {}).get(language)


def _filled(words: Words, place: str) -> Words:
    return Words(
        words.headline.replace("{place}", place),
        words.description.replace("{place}", place),
        words.instruction.replace("{place}", place),
    )


def _overridden(words: Words, given: Mapping[str, str]) -> Words:
    return Words(
        given.get("headline", words.headline),
        given.get("description", words.description),
        given.get("instruction", words.instruction),
    )


def _as_drill(words: Words, drill: str) -> Words:
    ending = words.instruction or words.description
    ending = f"{ending} {drill}.".strip()
    headline = f"{drill}: {words.headline}"
    if words.instruction:
        return Words(headline, f"{drill}: {words.description}", ending)
    return Words(headline, f"{drill}: {ending}", "")
