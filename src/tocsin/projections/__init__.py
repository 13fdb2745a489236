"""HELPERS OF ALL STAGES: the journal folded into what people ask, region states first.

Each node keeps its own in memory; they can be dropped and built again from the
journal at any time.

May import: formats, geo, phrases, core, keys.
Tests: ``tests/unit/projections``, ``tests/property``.
"""
