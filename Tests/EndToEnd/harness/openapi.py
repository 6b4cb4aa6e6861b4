# SPDX-License-Identifier: Apache-2.0
"""Holds answers of the local API to docs/openapi.yaml.

A test that has a way to send requests gives each exchange to `check_answer`; what the document does not allow is an
`AnswerError`.
"""

import functools
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import jsonschema
import yaml

DOCUMENT = Path(__file__).parents[3] / "docs" / "openapi.yaml"
PROBLEM = "application/problem+json"
EVENTS = "text/event-stream"
# Problems of the connection or of who asks, which come before anybody looks at the path.
BEFORE_ROUTING = {400, 401, 403, 408, 413, 421, 431, 503}


class AnswerError(AssertionError):
    """An answer that is not one of those that the document has."""


@functools.cache
def document():
    return yaml.safe_load(DOCUMENT.read_text())


def check_answer(method, path, status, headers, body):
    """Raises `AnswerError` unless the document has this answer to this request.

    `path` may have a query, `headers` is a mapping or a list of pairs, `body` is bytes or text: all of the answer's, or
    of a stream of events as much as came.
    """
    headers = {name.lower(): value for name, value in (headers.items() if hasattr(headers, "items") else headers)}
    text = body.decode() if isinstance(body, bytes) else body
    where = f"{method} {path} -> {status}"
    response = _response(method, path, status, where)
    if headers.get("cache-control") != "no-store":
        raise AnswerError(f"{where}: Cache-Control is {headers.get('cache-control')!r}")
    for name, header in response.get("headers", {}).items():
        if name.lower() in headers:
            _validate(headers[name.lower()], header["schema"], f"{where}: {name}")
        elif header.get("required"):
            raise AnswerError(f"{where}: there is no {name}")
    content = response.get("content", {})
    kind = headers.get("content-type", "").split(";")[0]
    if kind not in content and (kind or content):
        raise AnswerError(f"{where}: Content-Type is {kind!r}, expected one of {sorted(content)}")
    if method == "HEAD" or not content:
        if text:
            raise AnswerError(f"{where}: there is a body where there is none")
        return
    if kind == EVENTS:
        check_events(text, where)
    elif kind.endswith("json"):
        _validate(_parsed(text, where), content[kind]["schema"], where)
    else:
        _validate(text, content[kind]["schema"], where)


def check_events(text, where="events"):
    """Checks the complete events of a stream and returns them as parsed JSON."""
    events = []
    for block in text.split("\n\n")[:-1]:
        fields = dict(re.split(": ?", line, maxsplit=1) for line in block.split("\n"))
        if set(fields) == {""}:
            continue  # A comment.
        if not {"event", "data"} <= set(fields) <= {"id", "event", "data"}:
            raise AnswerError(f"{where}: an event has the fields {sorted(fields)}")
        event = _parsed(fields["data"], where)
        _validate(event, _resolved({"$ref": "#/components/schemas/AgentEvent"}), where)
        if (event["kind"], event["id"]) != (fields["event"], fields.get("id", "")):
            raise AnswerError(f"{where}: the fields of an event differ from its data: {block!r}")
        events.append(event)
    return events


def check_webhook(body):
    """Checks the body of a POST to a webhook and returns its events as parsed JSON."""
    content = document()["webhooks"]["events"]["post"]["requestBody"]["content"]
    parsed = _parsed(body.decode(), "webhook")
    _validate(parsed, _resolved(content["application/json"]["schema"]), "webhook")
    return parsed["events"]


def template(path):
    """The path of the document that a path of a request belongs to; none when there is none."""
    path = urlsplit(path).path
    for candidate in document()["paths"]:
        if re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(candidate)), path):
            return candidate
    return None


def _response(method, path, status, where):
    known = template(path)
    operations = document()["paths"].get(known, {})
    operation = operations.get("get" if method == "HEAD" else method.lower())
    if operation:
        responses = operation["responses"]
        if str(status) not in responses:
            raise AnswerError(f"{where}: the document has {sorted(responses)} only")
        return _resolved(responses[str(status)])
    # Nothing that the document has: some problem.
    allowed = BEFORE_ROUTING | ({405} if known else {404})
    if status not in allowed:
        raise AnswerError(f"{where}: expected one of {sorted(allowed)}")
    for response in document()["components"]["responses"].values():
        schema = response["content"].get(PROBLEM, {}).get("schema")
        if schema and schema["allOf"][1]["properties"]["status"]["const"] == status:
            return _resolved(response)
    raise AnswerError(f"{where}: the document has no problem with this status")


def _resolved(node):
    """A part of the document without references, of which objects have no other keys than those listed."""
    if isinstance(node, list):
        return [_resolved(item) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        target = document()
        for key in node["$ref"].removeprefix("#/").split("/"):
            target = target[key]
        node = target | {key: value for key, value in node.items() if key != "$ref"}
        return _resolved(node)
    resolved = {key: _resolved(value) for key, value in node.items()}
    if resolved.get("type") == "object" and "properties" in resolved:
        resolved.setdefault("additionalProperties", False)
    return resolved


def _validate(value, schema, where):
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
    errors = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]
    if errors:
        raise AnswerError(f"{where}: {'; '.join(errors)}")


def _parsed(text, where):
    try:
        return json.loads(text)
    except ValueError as error:
        raise AnswerError(f"{where}: this is not JSON: {text[:200]!r}") from error
