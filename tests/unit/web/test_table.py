"""The table of endpoints, and the documents that are made of it."""

import dataclasses
import json

import msgspec
import pytest

from tocsin.checks.identity import Permission
from tocsin.core.alert import Realm
from tocsin.core.refusals import Rule
from tocsin.web.api.table import API
from tocsin.web.endpoint import Endpoint
from tocsin.web.openapi import document, rules_of


def test_a_line_without_a_permission_cannot_be_written():
    fields = {each.name: each for each in dataclasses.fields(Endpoint)}
    assert fields["permission"].default is dataclasses.MISSING
    with pytest.raises(TypeError, match="permission"):
        Endpoint(method="GET", path="/x", name="x", summary="x", handler=None)


def test_nobody_writes_without_a_permission_but_at_the_door_itself():
    writing = [line for line in API if line.method != "GET"]
    signed = {line.path for line in writing if line.signed}
    assert signed == {f"/api/v1/intake/{feed}" for feed in ("threats", "observations", "outages")}
    public = {line.path for line in writing if line.permission is Permission.PUBLIC}
    open_to_all = public - signed  # what feeds send is opened by its own signature
    assert open_to_all == {
        "/api/v1/session", "/api/v1/session/passkey/options", "/api/v1/session/passkey",
        "/api/v1/start/{token}",
    }  # fmt: skip
    alerts = [line for line in writing if "/alerts" in line.path]
    assert {line.permission for line in alerts} == {Permission.ISSUE}


def test_whatever_is_done_in_the_live_room_has_its_twin_in_the_drill_room():
    live = {(line.method, line.path): line for line in API}
    twins = [line for line in API if line.path.startswith("/api/v1/drill/")]
    assert len(twins) >= 15
    for twin in twins:
        other = live[twin.method, twin.path.replace("/drill/", "/", 1)]
        assert (twin.realm, other.realm) == (Realm.DRILL, Realm.LIVE)
        assert (twin.permission, twin.handler) == (other.permission, other.handler)


def test_every_line_of_the_api_looks_at_its_query_strictly():
    assert all(line.query is not None for line in API)
    assert all(line.query.__struct_config__.forbid_unknown_fields for line in API)
    requests = [line.request for line in API if line.request is not None]
    assert all(kind.__struct_config__.forbid_unknown_fields for kind in requests)


def test_names_and_places_are_unique():
    assert len({line.name for line in API}) == len(API)
    assert len({(line.method, line.path) for line in API}) == len(API)


def test_the_openapi_document_says_every_line_and_every_reference_leads_somewhere():
    said = json.loads(msgspec.json.encode(document(API)))
    calls = {(m.upper(), path) for path, methods in said["paths"].items() for m in methods}
    assert calls == {(line.method, line.path) for line in API}
    text = json.dumps(said)
    for reference in text.split('"$ref": "')[1:]:
        name = reference.split('"')[0].removeprefix("#/components/schemas/")
        assert name in said["components"]["schemas"], name
    issue = said["paths"]["/api/v1/alerts"]["post"]
    assert issue["security"] == [{"token": []}, {"session": []}]
    answers = {"201", "202", "401", "403", "409", "413", "415", "422", "503"}
    assert set(issue["responses"]) >= answers
    assert "404" in said["paths"]["/api/v1/alerts/{id}"]["get"]["responses"]


def test_requests_and_answers_of_the_document_are_closed_as_the_server_is():
    said = document(API)["components"]["schemas"]
    assert said["IssueAsk"]["additionalProperties"] is False
    assert said["IssueAsk"]["required"] == ["hazard", "area"]
    assert "imported" not in said["IssueAsk"]["properties"]


def test_every_line_may_refuse_for_want_of_a_credential_if_it_needs_one():
    for line in API:
        needs = line.permission is not Permission.PUBLIC
        assert (Rule.NO_CREDENTIAL in rules_of(line)) is needs
