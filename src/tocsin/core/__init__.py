"""DECIDED: the product's own rules, pure.

Values in, values out: time and ids are arguments, nothing here reads a clock, a
file or a socket. Every rule of the house (overlap, all-clear by reference, expiry
that is never an all-clear) can be tested in microseconds and replayed years later
with the same answer.

May import: the standard library's pure part, nothing of ours outside ``core``.
Tests: ``tests/unit/core``, ``tests/property``.
"""
