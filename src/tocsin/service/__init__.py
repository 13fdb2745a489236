"""HELPERS OF ALL STAGES: the one path, from a command to events that everybody is told.

``submit`` checks, decides, records and answers; ``project`` folds what was recorded;
``schedule`` lets time pass. The journal is reached through ``ports`` only, so that an
engine can be exchanged.

May import: checks, projections, keys, formats, geo, phrases, core.
Tests: ``tests/component/service``, ``tests/scenarios``.
"""
