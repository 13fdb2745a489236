"""Reports in the ledger: taken in, their drafts answered, their words erased.

A report is never a source of alerts, and a draft never an entry (RELIABILITY P28).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tocsin.core import ledger_commands as lc
from tocsin.core import ledger_events as le
from tocsin.core.ledger_checks import Answer, needs_reason, no_report
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import State


def take(state: State, asked: lc.TakeReport, now: datetime, ids: Sequence[str]) -> Answer:
    """Take a report in, once."""
    if state.ledger.report_with(asked.digest) is not None:
        return ()
    return (
        le.ReportTaken(at=now, report_id=ids[0], outlet=asked.outlet, published=asked.published,
                       language=asked.language, content=asked.content, digest=asked.digest,
                       title=asked.title, address=asked.address, proposed=asked.proposed,
                       by=asked.by),
    )  # fmt: skip


def reject(state: State, asked: lc.RejectDraft, now: datetime) -> Answer:
    """Answer a draft with no."""
    report = state.ledger.reports.get(asked.report_id)
    if report is None:
        return no_report(asked.report_id)
    if asked.draft in report.rejected:
        return ()
    return (
        le.DraftRejected(at=now, report_id=report.id, draft=asked.draft, reason=asked.reason,
                         by=asked.by),
    )  # fmt: skip


def finish(state: State, asked: lc.FinishReport, now: datetime) -> Answer:
    """Take a report out of the inbox."""
    report = state.ledger.reports.get(asked.report_id)
    if report is None:
        return no_report(asked.report_id)
    if report.done_at is not None:
        return ()
    return (le.ReportDone(at=now, report_id=report.id, by=asked.by),)


def erase(state: State, asked: lc.EraseWords, now: datetime) -> Answer:
    """Erase a quote, or a report's text with every quote taken from it."""
    ledger = state.ledger
    if (refused := needs_reason(asked.reason)) is not None:
        return refused
    if asked.report_id is not None:
        report = ledger.reports.get(asked.report_id)
        if report is None:
            return no_report(asked.report_id)
        quotes = {
            claim.saying.quote.content
            for claim in ledger.claims.values()
            if claim.saying.report_id == report.id and claim.saying.quote is not None
        }
        gone = {report.content, *quotes, *([report.proposed] if report.proposed else ())}
        if report.erased and all(
            claim.erased or claim.saying.quote is None
            for claim in ledger.claims.values()
            if claim.saying.report_id == report.id
        ):
            return ()
        return (
            le.WordsErased(at=now, contents=tuple(sorted(gone)), reason=asked.reason,
                           report_id=report.id, by=asked.by),
        )  # fmt: skip
    claim = ledger.claims.get(asked.claim_id or "")
    if claim is None:
        return Refusal(Rule.UNKNOWN_CLAIM, "/id", f"No claim {asked.claim_id!r} is known here.")
    if claim.saying.quote is None or claim.erased:
        return ()
    return (
        le.WordsErased(at=now, contents=(claim.saying.quote.content,), reason=asked.reason,
                       by=asked.by),
    )  # fmt: skip
