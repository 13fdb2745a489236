"""HELPERS OF WHO RUNS IT: import, backup, doctor, bench, demo.

Everything that a host does once or now and then, each in a file of its own; nothing here
is on the road of an alert.

May import: everything below ``bootstrap``; not ``web`` and not ``intake``.
Tests: ``tests/unit/ops``, ``tests/component``, ``tests/scenarios``.
"""
