"""SHOWN, and the door of those at a terminal: one file for each verb; prints, never decides.

Verbs that issue or ask speak HTTP to a running house; verbs of the host open its data folder.
Shared: ``output`` (how things are printed, exit codes), ``client`` (HTTP, retries), ``options``
(settings from file, variables and flags), ``confirm`` (the typed word).

May import: everything below ``cli``. Tests: ``tests/unit/cli``, ``tests/component/cli``.
"""

from tocsin.cli.app import main

__all__ = ["main"]
