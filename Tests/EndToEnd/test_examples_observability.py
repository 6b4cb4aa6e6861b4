# SPDX-License-Identifier: Apache-2.0
"""examples/observability. There are no containers here to run it in, so its files are held against each other: paths,
names, ports and versions. What promtool, amtool and the agent can check, they check."""

import re
import shutil
from pathlib import Path, PurePosixPath

import pytest
import yaml
from harness.agent import run_command
from harness.tools import ROOT, load_script, run

EXAMPLE = ROOT / "examples" / "observability"
DOCKERFILE = (EXAMPLE / "Dockerfile").read_text()
README = (EXAMPLE / "README.md").read_text()
SERVER = (ROOT / "examples" / "stateful_server.py").read_text()
SETUPS = ["prometheus-exporter", "prometheus-otlp", "remote-write"]
# Where these images look for their configuration when no argument says so, and what they listen on.
DEFAULT_FILES = {
    "agent": "/etc/mcp-keepalive/mcp-keepalive.yaml",
    "alertmanager": "/etc/alertmanager/alertmanager.yml",
    "collector": "/etc/otelcol-contrib/config.yaml",
}
DEFAULT_PORTS = {"alertmanager": 9093, "grafana": 3000, "prometheus": 9090}


class Loader(yaml.SafeLoader):
    """PyYAML takes the last of two equal keys; the programs that read these files refuse them."""

    def construct_mapping(self, node, deep=False):
        keys = [key.value for key, _ in node.value]
        assert len(keys) == len(set(keys)), f"{node.start_mark}: a key twice: {keys}"
        return super().construct_mapping(node, deep)


def load(path):
    return yaml.load(path.read_text(), Loader)


COMPOSE = load(EXAMPLE / "compose.yaml")
SERVICES = COMPOSE["services"]
every_setup = pytest.mark.parametrize("setup", SETUPS)


def chosen(text, setup):
    return text.replace("${SETUP:-prometheus-exporter}", setup)


def mounts(service, setup="prometheus-exporter"):
    """What is mounted where: a path in the repository, or the name of a volume."""
    for entry in SERVICES[service].get("volumes", []):
        if isinstance(entry, str):
            source, target, *options = entry.split(":")
            entry = {"source": source, "target": target, "read_only": options == ["ro"]}
        source = chosen(entry["source"], setup)
        if source.startswith("."):
            assert entry["read_only"], f"{source} could be changed from {service}"
            yield PurePosixPath(entry["target"]), (EXAMPLE / source).resolve()
        else:
            yield PurePosixPath(entry["target"]), source


def behind(service, path, setup="prometheus-exporter"):
    """What a path in the container of a service is: a file of the repository, or the name of a volume."""
    path = PurePosixPath(path)
    found = [(target, source) for target, source in mounts(service, setup) if path.is_relative_to(target)]
    assert found, f"nothing is mounted at {service}:{path}"
    target, source = max(found, key=lambda one: len(one[0].parts))
    return source / path.relative_to(target) if isinstance(source, Path) else source


def configuration_file(service):
    """The path in the container."""
    arguments = SERVICES[service].get("command", [])
    named = [argument.partition("=")[2] for argument in arguments if argument.lstrip("-").startswith("config.file=")]
    return named[0] if named else DEFAULT_FILES[service]


def configuration(service, setup="prometheus-exporter"):
    return load(behind(service, configuration_file(service), setup))


def provisioned(kind):
    """Every file of that kind which Grafana reads at its start."""
    for target, source in mounts("grafana"):
        if target.is_relative_to(f"/etc/grafana/provisioning/{kind}"):
            yield from sorted(source.glob("*.yaml")) if source.is_dir() else [source]


def data_sources():
    return [source for path in provisioned("datasources") for source in load(path)["datasources"]]


def texts(value):
    if isinstance(value, dict | list | tuple):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts(one)
    elif isinstance(value, str):
        yield value


def addresses(*values):
    """(host, port) of every text that is an address of another service."""
    for text in texts(values):
        if found := re.fullmatch(r"(?:https?://)?([a-z][a-z0-9-]*):(\d+)(?:/\S*)?", text):
            yield found[1], int(found[2])


def listening(setup):
    """The ports that each service serves on all addresses of its container, as its configuration says."""
    collector, tempo = configuration("collector", setup), configuration("tempo")
    endpoints = {
        "collector": texts([collector["receivers"], collector["exporters"].get("prometheus"), collector["extensions"]]),
        "tempo": texts(tempo["distributor"]["receivers"]),
    }
    ports = {service: {port} for service, port in DEFAULT_PORTS.items()}
    for service, found in endpoints.items():
        ports[service] = {int(text[len("0.0.0.0:") :]) for text in found if text.startswith("0.0.0.0:")}
    ports["tempo"].add(tempo["server"]["http_listen_port"])
    ports["loki"] = {configuration("loki")["server"]["http_listen_port"]}
    ports["backend"] = {int(re.search(r"port=(\d+)", SERVER)[1])}
    return ports


def published(service):
    return [port.rsplit(":", 1) for port in SERVICES[service].get("ports", [])]


@pytest.mark.parametrize("path", sorted(EXAMPLE.rglob("*.yaml")), ids=lambda path: str(path.relative_to(EXAMPLE)))
def test_every_file_is_sound_yaml_and_mounted(path):
    assert load(path) and path.read_text().startswith("# SPDX-License-Identifier: Apache-2.0\n")
    used = {source for service in SERVICES for setup in SETUPS for _, source in mounts(service, setup)}
    assert path in used or path.name == "compose.yaml"


def test_setups_have_a_file_for_the_collector_and_one_for_prometheus():
    for directory in ("collector", "prometheus"):
        assert sorted(path.stem for path in (EXAMPLE / directory).iterdir()) == SETUPS


@every_setup
def test_what_is_mounted_exists(setup):
    sources = [source for service in SERVICES for _, source in mounts(service, setup)]
    assert [str(source) for source in sources if isinstance(source, Path) and not source.exists()] == []
    assert {source for source in sources if isinstance(source, str)} == set(COMPOSE["volumes"])


@every_setup
def test_rules_and_dashboards_are_those_of_the_repository(setup):
    beside = PurePosixPath(configuration_file("prometheus")).parent
    (rules,) = configuration("prometheus", setup)["rule_files"]
    assert behind("prometheus", beside / rules, setup) == ROOT / "alerts" / "mcp-keepalive.rules.yaml"
    assert behind("alertmanager", configuration_file("alertmanager")) == ROOT / "alerts" / "alertmanager.example.yaml"
    (provider,) = [provider for path in provisioned("dashboards") for provider in load(path)["providers"]]
    for path in (ROOT / "dashboards" / "mcp-keepalive").glob("*.json"):
        assert behind("grafana", f"{provider['options']['path']}/mcp-keepalive/{path.name}") == path
    home = SERVICES["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert behind("grafana", home) == ROOT / "dashboards" / "mcp-keepalive" / "fleet.json"


def test_data_is_kept_in_volumes():
    tempo, loki = configuration("tempo")["storage"]["trace"], configuration("loki")["common"]
    paths = [
        ("agent", configuration("agent")["telemetry"]["spool"]["directory"]),
        ("tempo", tempo["wal"]["path"]),
        ("tempo", tempo["local"]["path"]),
        ("loki", loki["path_prefix"]),
        *(("loki", path) for path in loki["storage"]["filesystem"].values()),
        *(
            ("prometheus", argument.partition("=")[2])
            for argument in SERVICES["prometheus"]["command"]
            if argument.startswith("--storage.tsdb.path=")
        ),
    ]
    assert len(paths) == 7
    assert [(service, path) for service, path in paths if behind(service, path) != service] == []
    # The folder has to be in the image, and the agent's own, for a new volume takes its owner from there.
    assert f"--owner=keepalive --group=keepalive --mode=0700 {PurePosixPath(paths[0][1]).parent}" in DOCKERFILE


@every_setup
def test_every_address_is_a_service_that_listens_there(setup):
    ports = listening(setup)
    files = [configuration("agent"), configuration("prometheus", setup), data_sources()]
    used = {*addresses(*files), *addresses(configuration("collector", setup)["exporters"])}
    assert {host for host, _ in used} >= {"collector", "backend", "alertmanager", "prometheus", "tempo", "loki"}
    assert [(host, port) for host, port in used if port not in ports.get(host, ())] == []
    for host, port in used:
        declared = {*SERVICES[host].get("expose", []), *(port for _, port in published(host))}
        assert str(port) in declared, f"compose.yaml does not tell port {port} of {host}"


@pytest.mark.parametrize("service", SERVICES)
def test_services_are_reached_from_this_machine_only_and_known_to_each_other(service):
    ports = listening("prometheus-exporter").get(service, set())
    for outside, inside in published(service):
        assert outside == f"127.0.0.1:{inside}" and int(inside) in ports
    assert {int(port) for port in SERVICES[service].get("expose", [])} <= ports
    health = " ".join(SERVICES[service].get("healthcheck", {}).get("test", []))
    assert {int(port) for port in re.findall(r"127\.0\.0\.1(?::|', )(\d+)", health)} <= ports
    for needed, how in SERVICES[service].get("depends_on", {}).items():
        assert how["condition"] != "service_healthy" or "healthcheck" in SERVICES[needed]


def test_data_sources_fit_each_other_and_the_dashboards():
    sources = {source["uid"]: source["type"] for source in data_sources()}
    assert sources == {uid: uid for uid in ("prometheus", "tempo", "loki", "alertmanager")}
    assert len(data_sources()) == len(sources)
    assert [source["uid"] for source in data_sources() if source.get("isDefault")] == ["prometheus"]
    options = {source["uid"]: source.get("jsonData", {}) for source in data_sources()}
    links = options["prometheus"]["exemplarTraceIdDestinations"] + options["loki"]["derivedFields"]
    assert [sources[link["datasourceUid"]] for link in links] == ["tempo", "tempo"]
    assert options["loki"]["derivedFields"][0]["url"] == "$${__value.raw}"
    assert options["alertmanager"]["implementation"] == "prometheus"
    for path in (ROOT / "dashboards" / "mcp-keepalive").glob("*.json"):
        asked = {variable["query"] for variable in load(path)["templating"]["list"] if variable["type"] == "datasource"}
        assert asked and asked <= set(sources.values())


@every_setup
def test_collector_uses_all_that_it_defines_and_nothing_else(setup):
    collector = configuration("collector", setup)
    pipelines = collector["service"]["pipelines"]
    assert set(pipelines) == {"metrics", "traces", "logs"}
    for kind in ("receivers", "processors", "exporters"):
        used = [name for pipeline in pipelines.values() for name in pipeline[kind]]
        assert set(used) == set(collector[kind]), kind
    assert collector["service"]["extensions"] == list(collector["extensions"])
    for pipeline in pipelines.values():
        assert (pipeline["receivers"], pipeline["processors"]) == (["otlp"], ["memory_limiter", "batch"])
    assert collector["receivers"]["otlp"]["protocols"]["http"]["endpoint"] == "0.0.0.0:4318"
    assert (pipelines["traces"]["exporters"], pipelines["logs"]["exporters"]) == (
        ["otlp_grpc/tempo"],
        ["otlp_http/loki"],
    )
    assert collector["exporters"]["otlp_http/loki"]["endpoint"].endswith("/otlp")
    limit, memory = collector["processors"]["memory_limiter"]["limit_mib"], SERVICES["collector"]["mem_limit"]
    assert limit < int(SERVICES["collector"]["environment"]["GOMEMLIMIT"].removesuffix("MiB")) < int(memory[:-1])


def test_setups_agree_between_collector_and_prometheus():
    flags = SERVICES["prometheus"]["command"]
    prometheus = {setup: configuration("prometheus", setup) for setup in SETUPS}
    exporter = {}
    for setup in SETUPS:
        collector = configuration("collector", setup)
        (name,) = collector["service"]["pipelines"]["metrics"]["exporters"]
        exporter[setup] = (name, collector["exporters"][name])
        # Nothing else may differ: the rest of the three files is the same.
        del collector["exporters"][name], collector["service"]["pipelines"]["metrics"]["exporters"]
        del prometheus[setup]["global"], prometheus[setup]["rule_files"], prometheus[setup]["alerting"]
        exporter.setdefault("rest", collector)
        assert collector == exporter["rest"]

    name, settings = exporter["prometheus-exporter"]
    assert name == "prometheus" and settings["enable_open_metrics"] is True
    assert settings["translation_strategy"] == "UnderscoreEscapingWithSuffixes"
    (scrape,) = prometheus["prometheus-exporter"].pop("scrape_configs")
    assert scrape["honor_labels"] is True and scrape.get("metrics_path", "/metrics") == "/metrics"
    port = settings["endpoint"].rpartition(":")[2]
    assert [target for one in scrape["static_configs"] for target in one["targets"]] == [f"collector:{port}"]
    assert "--enable-feature=exemplar-storage" in flags and prometheus["prometheus-exporter"] == {}

    window = {"tsdb": {"out_of_order_time_window": "30m"}}
    name, settings = exporter["remote-write"]
    assert name == "prometheusremotewrite" and set(settings) == {"endpoint", "tls"}
    assert settings["endpoint"] == "http://prometheus:9090/api/v1/write"
    assert "--web.enable-remote-write-receiver" in flags and prometheus["remote-write"] == {"storage": window}

    name, settings = exporter["prometheus-otlp"]
    assert (name, settings["endpoint"]) == ("otlp_http/prometheus", "http://prometheus:9090/api/v1/otlp")
    assert "--web.enable-otlp-receiver" in flags and prometheus["prometheus-otlp"] == {
        "otlp": {"translation_strategy": "UnderscoreEscapingWithSuffixes"},
        "storage": window,
    }
    assert int(re.match(r"prom/prometheus:v(\d+)\.", SERVICES["prometheus"]["image"])[1]) >= 3


@every_setup
def test_promtool_takes_the_configuration_where_it_lies(setup, tmp_path):
    """As far as Debian's promtool 2.42 knows it: `otlp` is younger."""
    for target, source in mounts("prometheus", setup):
        if isinstance(source, Path):
            (tmp_path / target.relative_to("/")).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, tmp_path / target.relative_to("/"))
    path = tmp_path / configuration_file("prometheus").lstrip("/")
    document = load(path)
    document.pop("otlp", None)
    path.write_text(yaml.safe_dump(document))
    status, output = run("promtool", "check", "config", str(path))
    assert status == 0 and re.search(r"SUCCESS: \d\d+ rules found", output), output


def test_amtool_takes_what_alertmanager_gets():
    status, output = run("amtool", "check-config", str(behind("alertmanager", configuration_file("alertmanager"))))
    assert status == 0, output


def test_agent_takes_its_configuration_and_it_fits_the_server(tmp_path):
    path = behind("agent", configuration_file("agent"))
    done = run_command("check", path, "--deny-warnings", cwd=tmp_path)
    assert done.returncode == 0 and "1 backend, 1 kept alive" in done.stdout
    agent = configuration("agent")
    assert agent["telemetry"]["resource"]["service.instance.id"]
    # Shorter than metric_expiration of the collector, and than what the alerts allow for.
    assert re.fullmatch(r"[1-5]?\ds", agent["telemetry"]["interval"])
    (backend,) = agent["backends"].values()
    assert backend["session_ttl"] == re.search(r"http_session_idle_timeout = (\d+)", SERVER)[1] + "s"
    assert f"async def {backend['fallback_tool']['name']}(" in SERVER and backend["own_sessions"] > 0
    # On loopback unless the variable of the image says otherwise.
    assert "host=" not in SERVER and "ENV FASTMCP_HOST=0.0.0.0\n" in DOCKERFILE


def images():
    """Those of the compose file and those that ours are built on."""
    stages = re.findall(r"^FROM \S+ AS (\S+)$", DOCKERFILE, re.MULTILINE)
    found = [service["image"] for service in SERVICES.values() if "image" in service]
    return found + [name for name in re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE) if name not in stages]


@pytest.mark.parametrize("image", sorted(set(images())))
def test_images_are_pinned_and_name_no_host(image):
    assert re.fullmatch(r"([a-z0-9-]+/)?[a-z0-9-]+:v?\d+\.\d+\.\d+(-[a-z0-9-]+)?", image)


def test_dockerfile_fits_the_repository():
    stages = dict(re.findall(r"^FROM \S+ AS (\S+)$(.*?)(?=^FROM|\Z)", DOCKERFILE, re.MULTILINE | re.DOTALL))
    for service in ("agent", "backend"):
        build = SERVICES[service]["build"]
        assert (EXAMPLE / build["context"]).resolve() == ROOT and "image" not in SERVICES[service]
        assert ROOT / build["dockerfile"] == EXAMPLE / "Dockerfile"
        assert re.findall(r"^USER (\d+)", stages[build["target"]], re.MULTILINE) == ["10001"]
    copied = [ROOT / source for source in re.findall(r"^COPY (?!--from)(\S+)", DOCKERFILE, re.MULTILINE)]
    assert [str(path) for path in copied if not path.exists()] == []
    # What `swift build` looks for: the manifest, the usual folders and those that it names.
    manifest = (ROOT / "Package.swift").read_text().partition("if coreOnly {")[0]
    named = re.findall(r'path: "([^"]+)"', manifest)
    assert named and {ROOT / path for path in ("Package.swift", "Sources", "Tests", *named)} <= set(copied)
    installed = re.search(r"--no-install-recommends (.*) \\\n", stages["build"])[1].split()
    assert set(installed) <= set((ROOT / "scripts" / "setup").read_text().replace(")", " ").split())
    requirements = (ROOT / "Tests" / "EndToEnd" / "requirements" / "fastmcp-4.1.2.txt").read_text()
    assert re.search(r"fastmcp==[\d.]+", stages["backend"])[0] in requirements


def test_readme_tells_what_is_there():
    assert re.findall(r"^\| `([a-z-]+)`", README, re.MULTILINE) == [
        "prometheus-exporter",
        "remote-write",
        "prometheus-otlp",
    ]
    assert set(re.findall(r"SETUP=([a-z-]+)", README)) <= set(SETUPS)
    assert set(re.findall(r"docker compose (?:stop|start|kill|logs --follow) ([a-z]+)", README)) <= set(SERVICES)
    outside = {outside for service in SERVICES for outside, _ in published(service)}
    assert {url.removeprefix("http://") for url in re.findall(r"http://127\.0\.0\.1:\d+", README)} <= outside
    rules = (ROOT / "alerts" / "mcp-keepalive.rules.yaml").read_text()
    alerts = re.findall(r"McpKeepalive\w+", README)
    assert alerts and [alert for alert in alerts if f"alert: {alert}\n" not in rules] == []
    lint = load_script("lint-alerts")
    for target, anchor in re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", README):
        path = (EXAMPLE / (target or "README.md")).resolve()
        assert path.exists(), target
        assert not anchor or anchor in lint.anchors(path), f"{target}#{anchor}"
    assert "**Not checked**" in README
