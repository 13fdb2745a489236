"""What alerts and places are called in one language: names, levels, senders, an alert's words."""

from __future__ import annotations

from tocsin.core.hazard import Hazard, Phrase
from tocsin.core.hazard import Words as Spoken
from tocsin.core.world import World
from tocsin.phrases import short_name
from tocsin.service.submit import Service
from tocsin.web.public.faces import Face, Glance, Sight
from tocsin.web.words import Words

UNDER_ALERT = (Face.ALERT, Face.PART)


class Voice:
    """Finds the profile's and the alerts' own words; where a language has none, another's."""

    def __init__(self, service: Service, words: Words) -> None:
        self.words = words
        self._service = service
        self._world: World = service.world

    def name(self, geocode: str) -> str:
        """Return a region's full name; its Latin spelling where this language has none."""
        return self._world.tree[geocode].name(self.words.language)

    def label(self, geocode: str) -> str:
        """Return the short name that stands on the map."""
        if geocode not in self._world.tree:  # drawn once, redrawn since
            return ""
        return short_name(self._world, geocode, self.words.language)

    def hazard(self, glance: Glance) -> Hazard | None:
        """Return the profile's hazard, None for a place where none has anything to say."""
        return self._world.hazards.get(glance.hazard or "")

    def hazard_name(self, glance: Glance) -> str:
        """Return what the danger is called."""
        hazard = self.hazard(glance)
        return hazard.names.get(self.words.language, hazard.id) if hazard else ""

    def level(self, glance: Glance) -> str:
        """Return the level's name, where the alert has one."""
        hazard = self.hazard(glance)
        level = hazard.level(glance.level) if hazard and glance.face in UNDER_ALERT else None
        return level.names.get(self.words.language, "") if level else ""

    def sender(self, sight: Sight) -> str:
        """Return who says so; empty where no alert is open."""
        alert = sight.alert
        if alert is None:
            return ""
        names = self._world.senders.get(alert.sender, {})
        for language in (self.words.language, *self._world.languages):
            if name := names.get(language):
                return name
        return alert.sender

    def spoken(self, sight: Sight) -> Spoken:
        """Return what the alert says at this moment of its life, in this language or another."""
        phrase = {Face.CLEAR: Phrase.ALL_CLEAR, Face.CANCEL: Phrase.RETRACTION}.get(
            sight.glance.face, Phrase.ALERT
        )
        if sight.alert is not None:
            texts = self._service.words(sight.alert).get(phrase, {})
            for language in (self.words.language, *self._world.languages):
                if language in texts:
                    return texts[language]
        return self._template(sight.glance, phrase)

    def _template(self, glance: Glance, phrase: Phrase) -> Spoken:
        hazard = self.hazard(glance)
        if hazard is None:
            return Spoken("", "", "")
        texts = hazard.words.get(phrase, {})
        for language in (self.words.language, *self._world.languages):
            if language in texts:  # nobody's alert: its line about the place is left out
                return Spoken(texts[language].headline, "", texts[language].instruction)
        return Spoken(hazard.names.get(self.words.language, hazard.id), "", "")
