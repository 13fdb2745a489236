"""The one path: a command comes in, events go out, everybody who follows is told.

``submit`` checks, decides, records and answers; ``project`` folds what was recorded;
``schedule`` lets time pass. The journal is reached through ``ports`` only, so that an
engine can be exchanged.

May import: checks, projections, keys, formats, geo, phrases, core. Tests: ``tests/component``.
"""
