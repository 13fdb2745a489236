"""RECORDED: what is not an event: accounts, credentials, sessions, machine keys, links, groups.

It can be changed, taken back and erased, so it stands beside the journal and not in it; what
happened to it is in the journal's chain, by ids. ``service.registry`` says what an engine is;
``sqlite`` is the one that comes with the house.

May import: ``service`` and below. Imported by ``bootstrap`` alone.
Tests: ``tests/component/registry``.
"""
