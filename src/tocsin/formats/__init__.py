"""HELPERS OF ALL STAGES: bytes to core values and back, no sockets, no files.

One module or folder for each format; what cannot be read is a ``BadInput`` that names
the field and the rule, never a guess.

May import: ``core``, ``settings``, ``errors``; not ``geo`` and not ``phrases``.
Tests: ``tests/unit/formats``, ``tests/property``, ``tests/conformance``.
"""
