"""FANNED OUT: what was recorded reaches everybody who listens.

``hub`` is the one place that writes to live streams; ``select`` says whom an alert concerns,
``replay`` what a returning connection missed, ``frames`` what the bytes look like. Nothing here
decides anything, and nothing here waits for the slowest.

May import: ``service``, ``checks``, ``projections``, ``keys``, ``formats``, ``geo``, ``phrases``,
``core`` and below. Tests: ``tests/unit/fanout``, ``tests/property/test_catch_up.py``.
"""
