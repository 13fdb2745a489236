"""A whole plan of an evacuation, as a request says it."""

from __future__ import annotations

from typing import Any

from kit.houses import KYIV

PLAN: dict[str, Any] = {
    "destination": {"uk": "До Вінниці.", "en": "To Vinnytsia."},
    "routes": {"uk": "Трасою на південь.", "en": "By the southern road."},
    "transport": {"uk": "Автобусами безкоштовно.", "en": "By bus, free of charge."},
    "assembly": {
        "uk": "Школа 7, 14:00; вокзал, 15:00.", "en": "School 7 at 14:00; the station at 15:00.",
    },
    "help": {"uk": "Дзвоніть 112.", "en": "Call 112; an ambulance bus comes to you."},
    "deadline": "2022-10-11T18:00:00Z",
}  # fmt: skip
EVACUATION: dict[str, Any] = {
    "hazard": "evacuation",
    "area": {"regions": [KYIV]},
    "text": {"uk": {"instruction": "Виїжджайте зараз."}, "en": {"instruction": "Leave now."}},
    "evacuation": PLAN,
}


def without(field: str, language: str | None = None) -> dict[str, Any]:
    """The same with a field of its plan left out, or one language of it."""
    plan = dict(PLAN)
    if language is None:
        del plan[field]
    else:
        plan[field] = {code: said for code, said in plan[field].items() if code != language}
    return {**EVACUATION, "evacuation": plan}
