"""CHECKED: what must hold before anyone decides.

Who is asking, is it theirs, is it bearable, is it complete, where is it: each question a
file, each answer a value for the core or a refusal.

May import: ``keys``, ``formats``, ``geo``, ``phrases``, ``core`` and below.
Tests: ``tests/unit/checks``.
"""
