# SPDX-License-Identifier: Apache-2.0
"""The verbs that say what a configuration can be, is, and means: `config`, `explain`, `completion`."""

import json
import re

import jsonschema
import pytest
import yaml
from harness.agent import run_command, write_configuration
from harness.processes import ROOT

OK, USAGE, NO_INPUT, CONFIGURATION = 0, 64, 66, 78
EXAMPLES = [ROOT / "examples" / "mcp-keepalive.yaml", ROOT / "examples" / "observability" / "mcp-keepalive.yaml"]


class CoreLoader(yaml.SafeLoader):
    """YAML 1.2, as the agent and editors read it: `off` and `on` are texts, dates as well."""


CoreLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.rpartition(":")[2] not in ("bool", "timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
CoreLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|True|TRUE|false|False|FALSE)$"), "tTfF")


def load(text):
    return yaml.load(text, CoreLoader)


@pytest.fixture(scope="module")
def schema(tmp_path_factory):
    done = run_command("config", "schema", cwd=tmp_path_factory.mktemp("schema"))
    assert done.returncode == OK and done.stderr == ""
    schema = json.loads(done.stdout)
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    done = run_command("config", "init", cwd=tmp_path_factory.mktemp("sample"))
    assert done.returncode == OK and done.stderr == ""
    return done.stdout


def test_the_sample_passes_the_check_as_it_is(tmp_path, sample):
    write_configuration(tmp_path, sample)
    done = run_command("check", "--deny-warnings", cwd=tmp_path)
    assert done.returncode == OK and "1 backend, 1 kept alive" in done.stdout


def test_the_schema_accepts_the_sample_and_the_examples(schema, sample):
    schema.validate(load(sample))
    for path in EXAMPLES:
        schema.validate(load(path.read_text()))


def test_the_schema_accepts_each_key_of_the_sample(schema, sample):
    lines = sample.splitlines()
    options = [number for number, line in enumerate(lines) if re.match(r"\s*#\S", line)]
    assert len(options) > 30
    for number in options:
        text = "\n".join([*lines[:number], lines[number].replace("#", "", 1), *lines[number + 1 :]])
        schema.validate(load(text))


BACKEND = "backends: { a: { url: http://h/mcp } }\n"


@pytest.mark.parametrize(
    "text",
    [
        "telemetry: { compresion: gzip }",
        "sesions_file: x",
        "backends: { a: { url: http://h/mcp, intervall: 5m } }",
        "backends: { a: { interval: 5m } }",
        "defaults: { url: http://h/mcp }",
        "defaults: { interval: 300 }",
        "defaults: { interval: 5min }",
        "defaults: { interval: 30m1h }",
        "defaults: { jitter: 0.1 }",
        "defaults: { failure_threshold: 0 }",
        "defaults: { max_requests_per_second: 0 }",
        "defaults: { keepalive_method: pong }",
        "defaults: { stateful: maybe }",
        "api: false",
        "api: { listen: 7464 }",
        "api: { writable: { listen: 'a:1' } }",
        "api: { allowed_users: root }",
        "telemetry: { spool: { max_size: 64MB, directory: x } }",
    ],
)
def test_the_schema_refuses_what_the_check_refuses(tmp_path, schema, text):
    text += "" if text.startswith("backends") else "\n" + BACKEND
    assert not schema.is_valid(load(text))
    write_configuration(tmp_path, text)
    assert run_command("check", cwd=tmp_path).returncode == CONFIGURATION


@pytest.mark.parametrize(
    "text",
    [
        "api: off",
        "api:",
        "api: { listen: off, socket: off, allowed_users: [root, 7], max_sessions: '${env:X:-5}' }",
        "api: { listen: '[::1]:7464' }",
        "defaults: { interval: 1h30m, timeout: 500ms, jitter: 12.5%, reinitialize: '${env:X:-true}', stateful: true }",
        "defaults: { keepalive_method: tool:x, interval: '${env:X:-5m}', max_requests_per_second: 2.5 }",
        "version: '1'",
    ],
)
def test_the_schema_accepts_what_the_check_accepts(tmp_path, schema, text):
    schema.validate(load(text + "\n" + BACKEND))
    write_configuration(tmp_path, text + "\n" + BACKEND)
    assert run_command("check", cwd=tmp_path).returncode == OK
