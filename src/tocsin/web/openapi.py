"""The OpenAPI 3.1 document of a table of endpoints.

Schemas come from the very types that decode requests and encode answers, so the document
cannot say anything else than what the server does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

import tocsin
from tocsin.checks.identity import Permission
from tocsin.core.refusals import Refusal, Rule
from tocsin.formats.api import TITLES, ProblemBody, status_of
from tocsin.web.door import SESSION
from tocsin.web.endpoint import JSON, PROBLEM, Endpoint
from tocsin.web.past import PARAMETER

_REFERENCE = "#/components/schemas/{name}"
_PARAMETER = re.compile(r"\{([a-z_]+)\}")

ALWAYS: tuple[Rule, ...] = (Rule.BAD_CREDENTIAL,)
WITH_BODY: tuple[Rule, ...] = (
    Rule.WRONG_CONTENT_TYPE, Rule.TOO_LARGE, Rule.BAD_JSON, Rule.DUPLICATE_MEMBER, Rule.TOO_DEEP,
    Rule.WRONG_TYPE, Rule.UNKNOWN_MEMBER, Rule.MISSING_MEMBER, Rule.BAD_VALUE,
    Rule.TIME_WITHOUT_ZONE, Rule.TEXT_TOO_LONG,
)  # fmt: skip
WITH_QUERY: tuple[Rule, ...] = (
    Rule.UNKNOWN_MEMBER, Rule.DUPLICATE_MEMBER, Rule.BAD_VALUE, Rule.WRONG_TYPE,
    Rule.TIME_WITHOUT_ZONE,
)  # fmt: skip


SIGNED = (
    ("Tocsin-Key", "The id of the key that signs."),
    ("Tocsin-Signature", "`ed25519=` and the signature of the raw body in base64."),
)
"""What a line that takes signed bodies wants in its headers."""
OF_A_MOMENT = (
    Rule.TIME_IN_FUTURE, Rule.BEFORE_THE_RECORD, Rule.TIME_WITHOUT_ZONE, Rule.BAD_VALUE,
    Rule.DUPLICATE_MEMBER,
)  # fmt: skip
"""How ``?at=`` may be refused, where a line can be asked for the past."""


def rules_of(endpoint: Endpoint) -> tuple[Rule, ...]:
    """Return every rule by which a line may refuse: its own, and those of its shape."""
    found: dict[Rule, None] = dict.fromkeys(ALWAYS)
    if endpoint.permission is not Permission.PUBLIC:
        found |= dict.fromkeys((Rule.NO_CREDENTIAL, Rule.NOT_ALLOWED))
    if endpoint.query is not None:
        found |= dict.fromkeys(WITH_QUERY)
    if endpoint.request is not None:
        found |= dict.fromkeys(WITH_BODY)
    if endpoint.past:
        found |= dict.fromkeys(OF_A_MOMENT)
    found |= dict.fromkeys(endpoint.refusals)
    return tuple(found)


def status_in(line: Endpoint, rule: Rule) -> int:
    """Return the status that a rule has in a line: what the path itself names is 404."""
    last = _PARAMETER.findall(line.path)
    in_path = (rule is Rule.UNKNOWN_ALERT and "/alerts/{id}" in line.path) or (
        rule is Rule.UNKNOWN_REGION and "/alerts" not in line.path and bool(last)
    )
    return status_of(Refusal(rule, "/id" if in_path else "", ""))


def document(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """Return the document of the API's lines, as plain values."""
    lines = [line for line in endpoints if line.is_api]
    kinds: list[Any] = [ProblemBody]
    for line in lines:
        mine = (line.request, line.query, line.response, *line.also.values())
        kinds += [kind for kind in mine if kind is not None]
    kinds = list(dict.fromkeys(kinds))
    schemas, components = msgspec.json.schema_components(kinds, ref_template=_REFERENCE)
    schema_of = dict(zip(kinds, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for line in lines:
        paths.setdefault(line.path, {})[line.method.lower()] = _operation(
            line, schema_of, components
        )
    used = {line.query.__name__ for line in lines if line.query is not None}
    shown = {name: each for name, each in components.items() if name not in used}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tocsin",
            "version": tocsin.__version__,
            "description": "Public warning, from the first siren to the all-clear.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": shown,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": SESSION},
            },
        },
    }


def _operation(
    line: Endpoint, schema_of: dict[Any, Any], components: dict[str, Any]
) -> dict[str, Any]:
    said: dict[str, Any] = {
        "operationId": line.name,
        "summary": line.summary,
        "parameters": [
            *_path_parameters(line),
            *_query_parameters(line, components),
            *_moment(line),
        ],
        "responses": _responses(line, schema_of),
        "security": []
        if line.permission is Permission.PUBLIC
        else [{"token": []}, {"session": []}],
        "x-permission": line.permission.value,
        "x-audience": line.audience.value,
        "x-rules": [rule.value for rule in rules_of(line)],
    }
    if line.description:
        said["description"] = line.description
    if line.request is not None:
        said["requestBody"] = {
            "required": True,
            "content": {JSON: {"schema": schema_of[line.request]}},
        }
        if line.signed:
            said["parameters"] += [
                {"name": name, "in": "header", "required": True, "schema": {"type": "string"},
                 "description": text}
                for name, text in SIGNED
            ]  # fmt: skip
        if Rule.BAD_KEY in line.refusals:
            said["parameters"].append(
                {
                    "name": "Idempotency-Key", "in": "header", "required": False,
                    "schema": {"type": "string", "minLength": 1, "maxLength": 128},
                    "description": "Same key and body: the first answer again.",
                }
            )  # fmt: skip
    return said


def _path_parameters(line: Endpoint) -> Iterable[dict[str, Any]]:
    for name in _PARAMETER.findall(line.path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _query_parameters(line: Endpoint, components: dict[str, Any]) -> Iterable[dict[str, Any]]:
    if line.query is None:
        return
    shape = components[line.query.__name__]
    for name, schema in shape.get("properties", {}).items():
        yield {
            "name": name,
            "in": "query",
            "required": name in shape.get("required", ()),
            "schema": schema,
            **({"explode": True, "style": "form"} if schema.get("type") == "array" else {}),
        }


def _moment(line: Endpoint) -> Iterable[dict[str, Any]]:
    if line.past:
        yield {
            "name": PARAMETER, "in": "query", "required": False,
            "schema": {"type": "string", "format": "date-time"},
            "description": "As it was known at that past moment.",
        }  # fmt: skip


def _responses(line: Endpoint, schema_of: dict[Any, Any]) -> dict[str, Any]:
    content: dict[str, Any] = {line.media: {}}
    if line.response is not None:
        content = {line.media: {"schema": schema_of[line.response]}}
    found: dict[str, Any] = {str(line.status): {"description": line.summary, "content": content}}
    for status, kind in line.also.items():
        found[str(status)] = {
            "description": (kind.__doc__ or "").partition("\n")[0],
            "content": {line.media: {"schema": schema_of[kind]}},
        }
    if line.path.startswith("/api/v1/state"):
        found["304"] = {"description": "What the client holds is what there is."}
    by_status: dict[int, list[str]] = {}
    for rule in rules_of(line):
        by_status.setdefault(status_in(line, rule), []).append(TITLES[rule])
    for status, titles in sorted(by_status.items()):
        found[str(status)] = {
            "description": "; ".join(titles),
            "content": {PROBLEM: {"schema": schema_of[ProblemBody]}},
        }
    return found
