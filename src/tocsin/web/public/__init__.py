"""SHOWN, to everybody: the map, a region's page and its text twin, complete without a script.

``faces`` says what a place is (values in, values out), ``views`` puts it into a language,
``pages`` is the table's lines, ``drawing`` the map, ``files`` what is served as written,
``answers`` the headers that every page owes.

May import: what ``web`` may. Tests: ``tests/unit/web_public``, ``tests/browser``.
"""
