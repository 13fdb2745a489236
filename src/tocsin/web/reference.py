"""The reference page of the API, made from the table: ``python -m tocsin.web.reference``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Any

from tocsin.checks.identity import Permission
from tocsin.web.api.table import API
from tocsin.web.endpoint import JSON, Endpoint
from tocsin.web.openapi import document, rules_of, status_in

HEAD = """\
# The API, version 1

Made from the table of endpoints by `python -m tocsin.web.reference > docs/reference/api.md`; a test
compares the two. The same as OpenAPI 3.1: `GET /api/v1/openapi.json`.

JSON in UTF-8, times RFC 3339 with their zone, positions `[lon, lat]`. Unknown members, members
given twice and times without a zone are refused. What anybody may read needs no credential; to
write, send the token as `Authorization: Bearer ...` (the first one stands in the data folder's
`first-token`).

**2xx is yes, 4xx is no, anything else is unknown**: send the request again with the same
`Idempotency-Key` until you know. Same key and body return the first answer, same key and another
body `409`. A 2xx is sent after the alert is synced to disk.

A refusal is `application/problem+json`: `rule` is a stable code, `field` a JSON pointer into the
request (or the name of a parameter or header), `help` says what would work.
"""

STREAM = """\
## The stream

`GET /api/v1/stream` sends server-sent events: `data` is one line of JSON, `id` the audience's
sequence.

| event | data |
|---|---|
| `snapshot` | `sequence`, `as_of`, `alerts`, `hash`, `no_information`: first on every new stream |
| `alert` | an alert's new revision, whole |
| `notice` | `kind` says what |
| `heartbeat` | `sequence`, `server_time`, `hash`, every 15 s |
| `reset` | the id you came back with is unknown, too old or from the future; a snapshot follows |
| `stale` | `since`: this node lost its source; it stands in place of the heartbeat |

A snapshot holds the alerts in force and those that ended in the last 30 minutes. A notice of kind
`mandate` carries `no_information`, whole; one without `id` says how it is now. No heartbeat for
45 s: say so, and keep showing the last alarm.

`hash` is the SHA-256 over the lines `id revision` (each with a line feed) of the alerts `active` or
`unconfirmed` that your filters select, sorted by id; the first 16 hex digits. None in force:
`e3b0c44298fc1c14`.
If yours differs, open the stream anew without `Last-Event-ID`.

A connection that falls behind by 256 events or 1 MiB gets each alert's present state only; one that
stays behind for 10 s is closed with a `retry` of 1 to 15 s.
"""


def page(endpoints: Sequence[Endpoint]) -> str:
    """Return the page as Markdown."""
    said = document(endpoints)
    parts = [HEAD, "## Calls\n", *_overview(endpoints)]
    for line in endpoints:
        if line.is_api:
            parts += ["", *_call(line, said)]
    parts += ["", STREAM, "## Shapes\n"]
    for name, schema in sorted(said["components"]["schemas"].items()):
        parts += [*_shape(name, schema), ""]
    return "\n".join(parts).rstrip() + "\n"


def _overview(endpoints: Sequence[Endpoint]) -> Iterator[str]:
    yield "| call | does | who |"
    yield "|---|---|---|"
    for line in endpoints:
        if line.is_api:
            who = "anybody" if line.permission is Permission.PUBLIC else line.permission.value
            yield f"| [`{line.method} {line.path}`](#{line.name}) | {line.summary} | {who} |"


def _call(line: Endpoint, said: dict[str, Any]) -> Iterator[str]:
    yield f"### {line.name}\n"
    yield f"`{line.method} {line.path}`\n"
    yield f"{line.summary}.{' ' + line.description if line.description else ''}\n"
    operation = said["paths"][line.path][line.method.lower()]
    rows = [each for each in operation["parameters"] if each["in"] != "path"]
    if rows:
        yield "| parameter | kind | |"
        yield "|---|---|---|"
        for row in rows:
            text = row.get("description") or _description(row["schema"])
            yield f"| `{row['name']}` ({row['in']}) | {_kind(row['schema'])} | {text} |"
        yield ""
    if line.request is not None:
        yield f"Body: [{line.request.__name__}](#{line.request.__name__.lower()})."
    answer = f"`{line.media}`" if line.media != JSON else "a JSON document"
    if line.response is not None:
        answer = f"[{line.response.__name__}](#{line.response.__name__.lower()})"
    others = "".join(
        f"; or {status}, [{kind.__name__}](#{kind.__name__.lower()})"
        for status, kind in line.also.items()
    )
    yield f"Answer: {line.status}, {answer}{others}.\n"
    by_status: dict[int, list[str]] = {}
    for rule in rules_of(line):
        by_status.setdefault(status_in(line, rule), []).append(f"`{rule.value}`")
    refused = "; ".join(
        f"{status}: {', '.join(rules)}" for status, rules in sorted(by_status.items())
    )
    yield f"Refused: {refused}."


def _shape(name: str, schema: dict[str, Any]) -> Iterator[str]:
    yield f"### {name}\n"
    if text := schema.get("description"):
        yield f"{text}\n"
    if "enum" in schema:
        yield ", ".join(f"`{value}`" for value in schema["enum"])
        return
    needed = set(schema.get("required", ()))
    yield "| member | kind | |"
    yield "|---|---|---|"
    for member, inner in schema.get("properties", {}).items():
        mark = "" if member in needed else " (may be left out)"
        yield f"| `{member}` | {_kind(inner)}{mark} | {_description(inner)} |"


def _kind(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_kind(each) for each in schema["anyOf"])
    if "allOf" in schema:
        return " and ".join(_kind(each) for each in schema["allOf"])
    if "const" in schema:
        return f"`{schema['const']}`"
    kind = str(schema.get("type", "anything"))
    if kind == "array":
        inner = schema.get("items")
        if isinstance(inner, dict):
            return f"list of {_kind(inner)}"
        return "list of " + ", ".join(_kind(each) for each in schema.get("prefixItems", ()))
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"object of {_kind(schema['additionalProperties'])}"
    return "time" if schema.get("format") == "date-time" else kind


def _description(schema: dict[str, Any]) -> str:
    said = str(schema.get("description", ""))
    if not said:
        inner = [each for each in schema.get("anyOf", ()) if "description" in each]
        said = str(inner[0]["description"]) if inner else ""
    limits = [
        words.format(schema[key])
        for key, words in (
            ("minimum", "at least {}"), ("maximum", "at most {}"),
            ("maxLength", "at most {} characters"), ("maxItems", "at most {} entries"),
        )
        if key in schema
    ]  # fmt: skip
    return " ".join(part for part in (said, "; ".join(limits)) if part).replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(page(API))
