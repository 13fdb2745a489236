"""IN, CHECKED: every key the house holds: made, found, rotated and listed, in one place.

``store`` keeps them in ``DATA/keys``; ``signed`` is how a statement is signed and checked.
Nobody else opens a key's file, so that who holds what can be read off this package alone.

May import: formats, geo, phrases, core. Tests: ``tests/unit/keys``,
``tests/component/test_heads.py``.

Source: RELIABILITY P23a; DESIGN section 7, "keys".
"""
