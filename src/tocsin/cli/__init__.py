"""SHOWN, and the door of those at a terminal: one file for each verb; prints, never decides.

Verbs that issue or ask speak HTTP to a running house; verbs of the host open its data folder.
Shared: ``output`` (how things are printed, exit codes), ``client`` (HTTP, retries), ``options``
(settings from file, variables and flags), ``confirm`` (the typed word).

May import: everything below ``cli``. Tests: ``tests/unit/cli``, ``tests/component/cli``.
"""

import importlib.util
import sys


def _load_when_used(name: str) -> None:
    """Put a module in its place now and run it when somebody first asks it for something.

    httpx takes a fifth of a second, and most verbs that an operator waits for never use it.
    """
    if name in sys.modules or (spec := importlib.util.find_spec(name)) is None:
        return
    if spec.loader is None:
        return
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)


_load_when_used("httpx")

from tocsin.cli.app import main  # noqa: E402  # after the line above, or it would do nothing

__all__ = ["main"]
