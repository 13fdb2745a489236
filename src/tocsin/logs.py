"""How Tocsin logs: one JSON object a line, or columns on a terminal; always on standard error.

The event's name is static snake_case, facts are keyword arguments::

    log = structlog.get_logger()
    log.info("alert_recorded", alert_id=alert.id, seq=41, regions=3)

``set_up`` is called once by ``bootstrap`` or the CLI; before that nothing below a warning is
written. What may never be in a line, the bodies of messages, secrets, and the place or address
of a person, is taken out here too, in case a caller forgets: a log is the first thing a
self-hoster sends to a stranger.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

KEPT_BACK = frozenset(
    {
        *("body", "message", "text", "texts", "description", "instruction", "headline"),
        *("password", "token", "secret", "authorization", "cookie"),
        *("address", "client", "remote", "position", "lat", "lon"),
    }
)
"""Keys whose values are never written, whoever logs them."""

_LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}


Level = Literal["debug", "info", "warning", "error"]
Form = Literal["auto", "json", "console"]


def set_up(
    level: Level = "info",
    form: Form = "auto",
    *,
    now: Callable[[], datetime],
    stream: TextIO | None = None,
) -> None:
    """Log from now on as told (settings ``log.level``, ``log.form``); the last call holds.

    Args:
        level: the least important level that is written.
        form: one JSON object a line, or columns; ``auto``: columns on a terminal.
        now: where a line's time comes from: the system's clock, also in a replay.
        stream: where lines go; None for standard error.
    """
    out = stream or sys.stderr
    if form == "auto":
        form = "console" if out.isatty() else "json"
    least = _LEVELS[level]
    steps = list(_steps(now))
    structlog.configure(
        processors=[*steps, *_last(form, out)],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    _libraries(steps, form, out, least)


def _steps(now: Callable[[], datetime]) -> Iterable[Processor]:
    def add_time(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
        line["at"] = now().isoformat(timespec="milliseconds")
        return line

    yield structlog.contextvars.merge_contextvars
    yield structlog.processors.add_log_level
    yield add_time
    yield keep_back


def keep_back(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """Replace what must not be in a log by ``***``; a ``Secret`` prints so under any key."""
    for key in KEPT_BACK.intersection(line):
        line[key] = "***"
    return line


def _last(form: Form, out: TextIO) -> Iterable[Processor]:
    if form == "json":
        without_values = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        yield structlog.processors.ExceptionRenderer(without_values)
        yield structlog.processors.JSONRenderer(ensure_ascii=False)
    else:
        yield structlog.dev.ConsoleRenderer(
            colors=out.isatty(),
            timestamp_key="at",
            exception_formatter=structlog.dev.plain_traceback,
        )


def _libraries(steps: list[Processor], form: Form, out: TextIO, least: int) -> None:
    """Let libraries' own lines through, in the same form, from a warning up."""
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=steps,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_last(form, out),
            ],
        )
    )
    root = logging.getLogger()
    for old in [h for h in root.handlers if getattr(h, "tocsin", False)]:
        root.removeHandler(old)
    handler.tocsin = True  # type: ignore[attr-defined]  # so that a second call replaces it
    root.addHandler(handler)
    root.setLevel(max(least, logging.WARNING))
