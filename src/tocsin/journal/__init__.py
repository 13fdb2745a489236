"""RECORDED: the truth, append-only, hash-chained and ordered.

One transaction writes events, keys, words and the clock reading, or none of them, and it
is on the disk before ``append`` returns (RELIABILITY P1). Everything else in Tocsin is a
projection of these rows.

``chain`` is the hash chain, ``plan`` gives a batch its numbers, ``codec`` turns events into
bytes and back, ``sqlite`` and ``memory`` are the engines, ``verify`` says where a chain breaks
and ``snapshots`` keeps folded state that can always be rebuilt.

May import: ``service.ports``, ``core``, ``errors``. Imported by ``bootstrap`` alone.
Tests: ``tests/unit/journal``, ``tests/component/journal`` (one contract suite for all
engines), ``tests/faults``.
"""
