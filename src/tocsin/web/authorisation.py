"""The reference page of who may do what: ``python -m tocsin.web.authorisation``.

Made from the table of endpoints and the roles' permissions, so that a change of either is seen
in the page, line by line, before it is merged (RELIABILITY T8).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tocsin.checks.identity import FIRST_TOKEN, Permission
from tocsin.core.alert import Realm
from tocsin.core.authority import MAY, Role
from tocsin.web.api.table import API
from tocsin.web.console import doors, pages, people, records
from tocsin.web.desk import infra_pages
from tocsin.web.desk import pages as desk_pages
from tocsin.web.desk import wave_pages as desk_waves
from tocsin.web.endpoint import Endpoint
from tocsin.web.public import real, situation, voices, wave_pages
from tocsin.web.public.pages import PAGES
from tocsin.web.refusals import REFUSALS

HEAD = """\
# Who may do what

Made by `python -m tocsin.web.authorisation > docs/reference/authorisation.md` from the table of
endpoints and the roles' permissions; a test compares the two, and another asks a running house
for every cell.

A cell says yes, `+`, or no. Where it says yes, three things may still say no:

* the **room**: what needs `issue` or `approve` asks for a credential of the room that the address
  stands in, live or drill (`wrong-room`); an alert of the other room is not found there to be
  changed (`other-realm`);
* the **place**: an alert is given, changed and approved within the credential's own regions only
  (`outside-jurisdiction`), and within its sender's mandate;
* the **person**: one's own credentials are for who has signed in, never for a machine's key;
  accounts and keys are changed, and proposals approved, after a fresh proof by a second factor
  (`needs-confirmation`); no machine is a second person (`not-an-approver`).

A machine's key may do what its own role may. The first token holds until an administrator has
signed in. `anybody` needs no credential; but one that is shown must be good.
"""


def every_line() -> tuple[Endpoint, ...]:
    """Return all that a house serves: the API's lines and the pages'."""
    console = (*pages.PAGES, *doors.PAGES, *people.PAGES, *records.PAGES)
    public = (*situation.PAGES, *real.PAGES, *wave_pages.PAGES, *voices.PAGES)
    desk = (*desk_pages.PAGES, *infra_pages.PAGES, *desk_waves.PAGES)
    return (*API, REFUSALS, *PAGES, *console, *public, *desk)


def page(lines: Sequence[Endpoint]) -> str:
    """Return the page as Markdown: permissions by role, then lines by room."""
    parts = [HEAD, "## Roles\n", _roles()]
    apis = [line for line in lines if line.is_api]
    for title, found in (
        ("Live", [line for line in apis if line.realm is Realm.LIVE]),
        ("Drill", [line for line in apis if line.realm is Realm.DRILL]),
        ("Pages", [line for line in lines if not line.is_api]),
    ):
        parts += [f"## {title}\n", _lines(found, machines=title != "Pages")]
    return "\n".join(parts).rstrip() + "\n"


def _roles() -> str:
    rows = [_row("", *(each.value for each in Permission)), _row(*["---"] * (len(Permission) + 1))]
    everybody = [("anybody", frozenset()), *((role.value, MAY[role]) for role in Role)]
    for name, allowed in (*everybody, ("first token", FIRST_TOKEN.permissions)):
        marks = [_mark(each is Permission.PUBLIC or each in allowed) for each in Permission]
        rows.append(_row(name, *marks))
    return "\n".join(rows) + "\n"


def _lines(lines: Sequence[Endpoint], *, machines: bool) -> str:
    """Return a table of lines; pages are for sessions, so the first token opens none."""
    last = ("first token",) if machines else ()
    head = ("line", "needs", "anybody", *(role.value for role in Role), *last)
    rows = [_row(*head), _row(*["---"] * len(head))]
    for line in sorted(lines, key=lambda line: (line.path, line.method)):
        need = line.permission
        marks = [_mark(need is Permission.PUBLIC)]
        marks += [_mark(need is Permission.PUBLIC or need in MAY[role]) for role in Role]
        if machines:
            marks.append(_mark(FIRST_TOKEN.may(need)))
        rows.append(_row(f"`{line.method} {line.path}`", need.value, *marks))
    return "\n".join(rows) + "\n"


def _mark(yes: bool) -> str:  # noqa: FBT001  # a cell is one of two
    return "+" if yes else ""


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.stdout.write(page(every_line()))
