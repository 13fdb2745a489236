"""SHOWN: the doors people use, all from one table of endpoints.

``endpoint`` is the table's line and what it does with a request before a handler sees it;
``app`` makes a Starlette application of a table; ``api`` is version 1; ``stream`` opens live
streams, whose bytes the hub writes.

May import: ``fanout``, ``service``, ``checks``, ``projections``, ``formats``, ``geo``, ``phrases``,
``core`` and below. Tests: ``tests/unit/web``, ``tests/component/web``.
"""
