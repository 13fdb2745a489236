"""SHOWN: the situation desk, where reports become entries and a person stands behind each.

Inbox, report beside its drafts, incident with its claims, contradictions and tally, and what the
public sees from when. Server-rendered; one ES module a page.

May import: what ``web`` may. Tests: ``tests/browser/test_desk_*.py``, ``tests/component/web``.
"""
