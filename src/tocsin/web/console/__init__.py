"""Shown to officers: the console, the drill room, and the screens around them.

Pages are rendered here and complete to be read without a script. To change anything, their
scripts ask the public JSON API and nothing else (STYLE section 2: no private API). Lives in
``web``; may import what ``web`` may. Tests: ``tests/browser/test_console_*.py``,
``tests/browser/test_signin.py``, ``tests/browser/test_officer_pages.py``.
"""
