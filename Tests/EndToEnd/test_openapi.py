# SPDX-License-Identifier: Apache-2.0
"""The document of the local API, and what holds answers to it."""

import json

import jsonschema
import pytest
from harness import openapi
from harness.openapi import AnswerError, check_answer, check_events
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

JSON = {"Content-Type": "application/json", "Cache-Control": "no-store"}
PROBLEM = JSON | {"Content-Type": "application/problem+json"}
GRANT = {"backend": "b", "key": "k", "lease_expires_at": "2026-11-26T08:00:00.000Z", "durable": True}
SESSION = "/v1/backends/b/sessions/a%2Fb"


def problem(status, code, **more):
    return json.dumps(
        {"type": f"urn:mcp-keepalive:problem:{code}", "title": "t", "status": status, "code": code, "detail": "d"}
        | more
    )


def test_the_document_is_valid():
    validate(openapi.document(), cls=OpenAPIV31SpecValidator)


def test_every_reference_leads_somewhere():
    assert openapi._resolved(openapi.document())


def test_every_operation_has_an_identifier_and_every_component_but_one_is_used():
    operations = [
        operation
        for path in openapi.document()["paths"].values()
        for method, operation in path.items()
        if method != "parameters"
    ]
    identifiers = {operation["operationId"] for operation in operations}
    assert len(identifiers) == len(operations) == 15
    text = openapi.DOCUMENT.read_text()
    unused = {
        f"#/components/{group}/{name}"
        for group, parts in openapi.document()["components"].items()
        for name in parts
        if f'#/components/{group}/{name}"' not in text
    }
    # Tokens are named without a reference, and other methods than those listed have no operation.
    assert unused == {
        "#/components/securitySchemes/token",
        "#/components/responses/MethodNotAllowed",
    }


@pytest.mark.parametrize(
    "method, path, status, headers, body",
    [
        ("PUT", SESSION, 201, JSON, json.dumps(GRANT)),
        ("PUT", SESSION, 200, list(JSON.items()), json.dumps(GRANT).encode()),
        ("POST", SESSION + "/suspend", 200, JSON, json.dumps(GRANT | {"suspended_until": "2026-11-26T08:01:00.000Z"})),
        ("DELETE", SESSION, 204, {"cache-control": "no-store"}, b""),
        ("GET", "/v1/sessions?limit=1", 200, JSON, '{"sessions": [], "next": "x"}'),
        ("HEAD", "/v1/sessions", 200, JSON, ""),
        ("GET", "/v1/sessions", 404, PROBLEM, problem(404, "no_such_backend")),
        ("GET", "/v1/status", 401, PROBLEM | {"WWW-Authenticate": "Bearer realm=x"}, problem(401, "unauthorized")),
        ("PATCH", "/v1/status", 405, PROBLEM | {"Allow": "GET, HEAD"}, problem(405, "method_not_allowed")),
        ("GET", "/nothing", 404, PROBLEM, problem(404, "no_such_path")),
        ("GET", "/nothing", 421, PROBLEM, problem(421, "host_not_allowed")),
        ("GET", "/livez", 200, JSON | {"Content-Type": "text/plain; charset=utf-8"}, "ok\n"),
        ("GET", "/readyz", 503, JSON | {"Content-Type": "text/plain"}, "not ok\n"),
        ("GET", "/readyz", 503, PROBLEM, problem(503, "too_many_connections")),
    ],
)
def test_what_the_document_has_is_accepted(method, path, status, headers, body):
    check_answer(method, path, status, headers, body)


@pytest.mark.parametrize(
    "method, path, status, headers, body",
    [
        ("PUT", SESSION, 202, JSON, json.dumps(GRANT)),
        ("PUT", SESSION, 201, JSON, json.dumps(GRANT | {"session_id": "s"})),
        ("PUT", SESSION, 201, JSON, json.dumps(GRANT | {"lease_expires_at": "tomorrow"})),
        ("PUT", SESSION, 201, JSON, json.dumps({"backend": "b", "key": "k", "durable": True})),
        ("PUT", SESSION, 201, JSON, "{"),
        ("PUT", SESSION, 201, {"Content-Type": "application/json"}, json.dumps(GRANT)),
        ("PUT", SESSION, 201, PROBLEM, json.dumps(GRANT)),
        ("DELETE", SESSION, 204, {"cache-control": "no-store"}, b"{}"),
        ("DELETE", SESSION, 204, JSON, b""),
        ("HEAD", "/v1/sessions", 200, JSON, '{"sessions": []}'),
        ("GET", "/v1/sessions", 404, PROBLEM, problem(404, "unauthorized")),
        ("GET", "/v1/sessions", 404, PROBLEM, problem(400, "no_such_backend")),
        ("GET", "/v1/sessions", 404, PROBLEM, problem(404, "no_such_backend", more=1)),
        ("GET", "/v1/status", 401, PROBLEM, problem(401, "unauthorized")),
        ("PATCH", "/v1/status", 405, PROBLEM, problem(405, "method_not_allowed")),
        ("PATCH", "/v1/status", 404, PROBLEM, problem(404, "no_such_path")),
        ("GET", "/nothing", 200, JSON, "{}"),
        ("GET", "/livez", 200, JSON | {"Content-Type": "text/plain"}, "OK"),
        ("GET", "/v1/events", 200, JSON | {"Content-Type": "text/event-stream"}, "event: lost\ndata: {}\n\n"),
    ],
)
def test_what_it_does_not_have_is_an_error(method, path, status, headers, body):
    with pytest.raises(AnswerError):
        check_answer(method, path, status, headers, body)


def test_events_are_read():
    event = {"id": "1", "kind": "lost", "time": "2026-11-26T08:00:00.000Z", "backend": "b"}
    text = f":\n\nid: 1\nevent: lost\ndata: {json.dumps(event)}\n\n"
    assert check_events(text + "id: 2\nev") == [event]
    for wrong in [text.replace("id: 1\n", ""), text.replace("event: lost", "event: enabled"), "retry: 1\n\n"]:
        with pytest.raises(AnswerError):
            check_events(wrong)


def test_times_are_looked_at():
    assert "date-time" in jsonschema.Draft202012Validator.FORMAT_CHECKER.checkers
