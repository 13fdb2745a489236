"""What the public pages keep between requests: templates, words, maps, files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import datetime
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from starlette.requests import Request

from tocsin.core.world import World
from tocsin.formats.profile.maps import MapFile, RegionMap
from tocsin.service.submit import Service
from tocsin.web.public.files import Files
from tocsin.web.public.rows import known_at
from tocsin.web.public.search import Index
from tocsin.web.public.then import ThenWords
from tocsin.web.words import Words, negotiate

NOTHING_DRAWN = MapFile(attribution="", maps={})


class Site:
    """The public pages of one house.

    Args:
        service: what the pages tell about.
        maps: the profile's drawings; pages do without where there are none.
        credits: lines that the licences of the profile's data ask for.
        demo: the house replays past days; every page says so.
    """

    def __init__(
        self,
        service: Service,
        *,
        maps: MapFile = NOTHING_DRAWN,
        credits: Sequence[str] = (),  # noqa: A002  # the word for it
        demo: bool = False,
    ) -> None:
        world: World = service.world
        self.service = service
        self.maps = maps
        self.credits = tuple(credits)
        self.demo = demo
        self.files = Files()
        self.index = Index(world.tree)
        self.words: Mapping[str, Words] = {
            language: Words(language, world.time_zone) for language in world.languages
        }
        self._pages = {language: self._environment(words) for language, words in self.words.items()}
        self._fresh_at = service.clock.now()

    def as_of(self, service: Service) -> Site:
        """Return the same pages for a service of a past moment; see ``web.past``."""
        then = copy(self)
        then.service = service
        then.words = {
            language: ThenWords(language, service.world.time_zone) for language in self.words
        }
        return then

    def known_at(self, now: datetime) -> datetime:
        """Return when the house last knew that its journal is whole: now, unless it is stale."""
        if self.service.freshness == "fresh":
            self._fresh_at = now
        return self._fresh_at

    def language(self, request: Request) -> str:
        """Return the language of a page for this reader."""
        return negotiate(
            self.words, request.query_params.get("lang"), request.headers.get("accept-language")
        )

    def map_of(self, geocode: str) -> RegionMap | None:
        """Return the drawing of a region's parts, where there is one."""
        return self.maps.maps.get(geocode)

    def render(self, template: str, language: str, **values: object) -> str:
        """Return a page in a language."""
        words = self.words[language]
        return self._pages[language].get_template(template).render(
            w=words, files=self.files, demo=self.demo, credits=self.credits,
            languages=self.words, map_credit=self.maps.attribution, **values,
        )  # fmt: skip

    def _environment(self, words: Words) -> Environment:
        folder = files("tocsin") / "web" / "templates"
        pages = Environment(
            autoescape=True,
            loader=FunctionLoader(lambda name: (folder / name).read_text(encoding="utf-8")),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        pages.install_gettext_callables(  # type: ignore[attr-defined]
            words.gettext, words.plain_ngettext, newstyle=True
        )
        pages.globals["known_at"] = lambda at: known_at(at, words)
        return pages
