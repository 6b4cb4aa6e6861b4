# SPDX-License-Identifier: Apache-2.0
"""The verbs that say what a configuration can be, is, and means: `config`, `explain`, `completion`."""

import json
import os
import re
import subprocess

import jsonschema
import pytest
import yaml
from harness.agent import require_binary, run_command, write_configuration
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
        "api: { writable: { token_file: a } }",
        "api: { writable: { listen: 'a:1', tls: { key_file: a } } }",
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


CONFIGURATION_FILE = """
telemetry: { headers: { authorization: "Bearer canary" } }
defaults: { interval: 4m }
backends:
  db:
    url: http://127.0.0.1:1/mcp?key=canary
    session_ttl: 9m
    own_sessions: 1
"""


def test_the_effective_configuration_has_origins_and_no_secrets(tmp_path):
    path = write_configuration(tmp_path, CONFIGURATION_FILE)
    done = run_command(
        "config",
        "print",
        cwd=tmp_path,
        MCP_KEEPALIVE_CONFIG=str(path),
        OTEL_EXPORTER_OTLP_ENDPOINT="http://user:canary@collector:4318",
        OTEL_METRIC_EXPORT_INTERVAL="15000",
        OTEL_EXPORTER_OTLP_COMPRESSION="zip",
        OTEL_TRACES_SAMPLER="always_on",
        RUNTIME_DIRECTORY="/run/keep",
        MCP_KEEPALIVE_API="",
    )
    assert done.returncode == OK and "canary" not in done.stdout + done.stderr
    lines = [re.sub(" +", " ", line).strip() for line in done.stdout.splitlines()]
    for line in [
        f"# {path}, named by MCP_KEEPALIVE_CONFIG",
        "# also counts: OTEL_TRACES_SAMPLER",
        "endpoint: http://collector:4318 # OTEL_EXPORTER_OTLP_ENDPOINT",
        "authorization: •••• # mcp-keepalive.yaml:1",
        "compression: gzip # default",
        "interval: 15s # OTEL_METRIC_EXPORT_INTERVAL",
        'url: "http://127.0.0.1:1/mcp?••••" # mcp-keepalive.yaml:5',
        "interval: 4m # defaults, mcp-keepalive.yaml:2",
        "# in force: 3m, a third of session_ttl",
        "failure_threshold: 3 # default",
        "socket: /run/keep/api.sock # RUNTIME_DIRECTORY",
    ]:
        assert line in lines, line
    assert load(done.stdout)["backends"]["db"]["session_ttl"] == "9m"


def test_the_effective_configuration_as_json(tmp_path):
    write_configuration(tmp_path, CONFIGURATION_FILE)
    done = run_command("config", "print", "--output", "json", cwd=tmp_path)
    assert done.returncode == OK and done.stderr == "" and done.stdout.count("\n") == 1
    values = {".".join(value["path"]): value for value in json.loads(done.stdout)["values"]}
    assert values["backends.db.interval"]["origin"] == "defaults, mcp-keepalive.yaml:2"
    assert values["backends.db.jitter"] == {"path": ["backends", "db", "jitter"], "value": "10%", "origin": "default"}


def test_what_the_sample_says_is_what_counts(tmp_path, sample):
    write_configuration(tmp_path, sample)
    done = run_command("config", "print", cwd=tmp_path)
    assert done.returncode == OK and "own_sessions: 1" in done.stdout


def test_explain_says_when_and_why(tmp_path):
    write_configuration(tmp_path, CONFIGURATION_FILE)
    done = run_command("explain", "db", cwd=tmp_path)
    assert done.returncode == OK and "canary" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    said = " ".join(done.stdout.split())
    assert "ping (default), every 2m42s to 3m" in said
    # 3 intervals of 3 min and one timeout of 10 s.
    assert "is disabled at most 9m10s after the last success" in said
    assert "9m (mcp-keepalive.yaml:6), covered with 6m to spare" in said

    data = json.loads(run_command("explain", "db", "--output", "json", cwd=tmp_path).stdout)
    assert (data["interval_seconds"], data["worst_case_detection_seconds"]) == (180, 550)
    assert (data["session_ttl_margin_seconds"], data["off"]) == (360, False)


@pytest.mark.parametrize(
    "arguments, status, code, words",
    [
        (["explain", "bd"], USAGE, "no_such_backend", "did you mean 'db'?"),
        (["explain", "db", "-c", "nowhere.yaml"], NO_INPUT, "no_such_file", "nowhere.yaml"),
        (["explain", "db", "-c", "broken.yaml"], CONFIGURATION, "configuration_invalid", "broken.yaml:1:1"),
        (["config", "print", "-c", "broken.yaml"], CONFIGURATION, "configuration_invalid", "broken.yaml:1:1"),
        (["explain"], USAGE, "usage", "<backend>"),
        (["expalin", "db"], USAGE, "usage", "did you mean 'explain'?"),
    ],
)
def test_a_failure_is_one_line_of_json_where_that_is_asked_for(tmp_path, arguments, status, code, words):
    write_configuration(tmp_path, CONFIGURATION_FILE)
    write_configuration(tmp_path, "zebra: 1\nbackends: {}\nlion: 2\n", "broken.yaml")
    done = run_command(*arguments, "--output", "json", cwd=tmp_path)
    assert done.returncode == status and done.stdout == "" and done.stderr.count("\n") == 1
    error = json.loads(done.stderr)["error"]
    assert error["code"] == code and words in error["message"]
    assert len(error.get("problems", [])) == (3 if code == "configuration_invalid" else 1 if status == NO_INPUT else 0)

    done = run_command(*arguments, cwd=tmp_path)
    assert done.returncode == status and not done.stderr.startswith("{") and words in done.stderr


def test_a_variable_with_which_the_agent_would_not_start(tmp_path):
    write_configuration(tmp_path, CONFIGURATION_FILE)
    done = run_command("config", "print", "--output=json", cwd=tmp_path, OTEL_EXPORTER_OTLP_PROTOCOL="grpc")
    assert done.returncode == CONFIGURATION and done.stdout == ""
    assert "OTEL_EXPORTER_OTLP_PROTOCOL" in json.loads(done.stderr)["error"]["message"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_knows_the_verbs(tmp_path, shell):
    done = run_command("completion", shell, cwd=tmp_path)
    assert done.returncode == OK and done.stderr == ""
    assert all(verb in done.stdout for verb in ["explain", "config", "schema", "output"])


def test_bash_completes_a_verb(tmp_path):
    script = tmp_path / "completion.bash"
    script.write_text(run_command("completion", "bash", cwd=tmp_path).stdout)
    # What bash does at the tab key after "mcp-keepalive expl".
    lines = f"""
        source {script}
        function_name="$(complete -p mcp-keepalive | sed -n 's/.*-F \\([^ ]*\\).*/\\1/p')"
        COMP_WORDS=(mcp-keepalive expl) COMP_CWORD=1 COMP_LINE="mcp-keepalive expl" COMP_POINT=18 COMP_TYPE=9
        "$function_name" mcp-keepalive expl mcp-keepalive
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    environment = {**os.environ, "PATH": f"{require_binary().parent}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", lines], capture_output=True, text=True, env=environment, check=False)
    assert done.stdout.split() == ["explain"], done.stderr


def test_completion_of_another_shell(tmp_path):
    done = run_command("completion", "csh", cwd=tmp_path)
    assert done.returncode == USAGE and "bash" in done.stderr
