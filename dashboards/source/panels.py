# SPDX-License-Identifier: Apache-2.0
"""The parts that Grafana dashboards (classic JSON, schemaVersion 41) are made of."""

import re

PROMETHEUS = {"type": "prometheus", "uid": "${datasource}"}
TEMPO = {"type": "tempo", "uid": "${tempo}"}
AGENT = 'job=~"$job",instance=~"$instance"'
BACKEND = AGENT + ',backend=~"$backend"'
# Alerts that are about a backend have no instance, and those about an agent no backend.
ALERTS = 'ALERTS{alertname=~"McpKeepalive.+",alertstate="firing",job=~"$job",instance=~"$instance|"%s}'
WIDTH = 24
# Keepalives are minutes apart: shorter steps would draw combs instead of lines.
SPARSE = "15m"

# Lines that are all bad, told apart by shades of one color.
BAD = {"mode": "shades", "fixedColor": "red"}
GREEN, YELLOW, ORANGE, RED, BLUE, GRAY = "green", "yellow", "orange", "red", "blue", "text"


def fill(expression: str) -> str:
    """Puts the selectors into a query: S for what is about a backend, A for what is about an agent."""
    return re.sub(r"\{(S|A)(?=[,}])", lambda match: "{" + {"S": BACKEND, "A": AGENT}[match[1]], expression)


def steps(*pairs: tuple) -> dict:
    """Thresholds: a color, then pairs of the value from which on another color holds."""
    first, *rest = pairs
    return {
        "mode": "absolute",
        "steps": [{"color": first, "value": None}, *({"color": color, "value": value} for value, color in rest)],
    }


def values(**texts: tuple[str, str]) -> list[dict]:
    """A mapping of values to a text and a color: values(_0=("closed", GREEN))."""
    options = {
        key.lstrip("_"): {"text": text, "color": color, "index": index}
        for index, (key, (text, color)) in enumerate(texts.items())
    }
    return [{"type": "value", "options": options}]


def query(expression: str, legend: str = "", **more) -> dict:
    return {"datasource": PROMETHEUS, "editorMode": "code", "expr": fill(expression), "legendFormat": legend, **more}


def now(expression: str, **more) -> dict:
    """A query for the last moment of the time range, for tables and single values."""
    return query(expression, "", instant=True, range=False, **more)


def over(expression: str, legend: str = "", **more) -> dict:
    return query(expression, legend, instant=False, range=True, **more)


def panel(kind: str, title: str, description: str, targets: list[dict], size: tuple[int, int], **more) -> dict:
    """A panel; where it stands is found out by dashboard()."""
    for letter, target in zip("ABCDEFGHIJ", targets, strict=False):
        target["refId"] = letter
    defaults = {
        "unit": more.pop("unit", "short"),
        "color": more.pop("color", {"mode": "thresholds"}),
        "mappings": more.pop("mappings", []),
        "thresholds": more.pop("thresholds", steps(GREEN)),
        "links": more.pop("links", []),
        **more.pop("defaults", {}),
    }
    return {
        "type": kind,
        "title": title,
        "description": description,
        "datasource": more.pop("datasource", PROMETHEUS),
        "gridPos": {"w": size[0], "h": size[1]},
        "fieldConfig": {"defaults": defaults, "overrides": more.pop("overrides", [])},
        "options": more.pop("options", {}),
        "targets": targets,
        **more,
    }


def stat(title: str, description: str, expression: str, unit: str, thresholds: dict, size=(4, 4), **more) -> dict:
    """One number, on a ground that is colored by what it means."""
    options = {
        "colorMode": "background",
        "graphMode": "none",
        "justifyMode": "center",
        "orientation": "auto",
        "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
        "textMode": "value",
    }
    return panel(
        "stat", title, description, [now(expression)], size, unit=unit, thresholds=thresholds, options=options, **more
    )


def series(title: str, description: str, targets: list[dict], unit: str, size=(12, 8), **more) -> dict:
    """Lines over time with a table of their last and highest values below them."""
    custom = {
        "drawStyle": "line",
        "lineWidth": 2,
        "fillOpacity": 8,
        "showPoints": "auto",
        "pointSize": 4,
        "spanNulls": False,
        "axisSoftMin": 0,
        "thresholdsStyle": {"mode": more.pop("limits", "off")},
        "stacking": {"mode": "none", "group": "A"},
        **more.pop("custom", {}),
    }
    options = {
        "legend": {"displayMode": "table", "placement": "bottom", "showLegend": True, "calcs": ["lastNotNull", "max"]},
        "tooltip": {"mode": "multi", "sort": "desc"},
    }
    more.setdefault("color", {"mode": "palette-classic"})
    defaults = {"custom": custom, **more.pop("defaults", {})}
    return panel("timeseries", title, description, targets, size, unit=unit, defaults=defaults, options=options, **more)


def bars(title: str, description: str, targets: list[dict], unit: str = "short", size=(12, 8), **more) -> dict:
    """Events per step, stacked: for counters that grow a few times in an hour."""
    custom = {
        "drawStyle": "bars",
        "fillOpacity": 70,
        "lineWidth": 0,
        "stacking": {"mode": "normal", "group": "A"},
    }
    more.setdefault("interval", SPARSE)
    # increase() extrapolates: two events are two, not 2.14.
    more["defaults"] = {"decimals": 0, **more.get("defaults", {})}
    return series(title, description, targets, unit, size, custom=custom, **more)


def timeline(title: str, description: str, targets: list[dict], mappings: list[dict], size=(24, 7), **more) -> dict:
    """Which state each row was in, and when."""
    options = {
        "alignValue": "left",
        "mergeValues": True,
        "rowHeight": 0.85,
        "showValue": "auto",
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True},
        "tooltip": {"mode": "single", "sort": "none"},
    }
    defaults = {"custom": {"fillOpacity": 80, "lineWidth": 0}, **more.pop("defaults", {})}
    return panel(
        "state-timeline",
        title,
        description,
        targets,
        size,
        unit="none",
        mappings=mappings,
        defaults=defaults,
        options=options,
        **more,
    )


def heatmap(title: str, description: str, expression: str, unit: str, size=(12, 9)) -> dict:
    options = {
        "calculate": False,
        "cellGap": 1,
        "color": {"mode": "scheme", "scheme": "Turbo", "steps": 64, "fill": "dark-orange", "exponent": 0.5},
        "filterValues": {"le": 1e-9},
        "legend": {"show": True},
        "rowsFrame": {"layout": "auto"},
        "tooltip": {"mode": "single", "yHistogram": False},
        "yAxis": {"axisPlacement": "left", "unit": unit},
    }
    targets = [over(expression, "{{le}}", format="heatmap")]
    return panel("heatmap", title, description, targets, size, unit="short", options=options, interval=SPARSE)


def of(name: str, properties: dict) -> dict:
    """Properties of one column, or of one line."""
    return {
        "matcher": {"id": "byName", "options": name},
        "properties": [{"id": key, "value": value} for key, value in properties.items()],
    }


def table(title: str, description: str, columns: list[tuple], size, **more) -> dict:
    """Columns are (name, query, override properties); rows that agree in all labels become one."""
    renamed, overrides = {}, []
    for letter, (name, _, properties) in zip("ABCDEFGHIJ", columns, strict=False):
        renamed[f"Value #{letter}" if len(columns) > 1 else "Value"] = name
        overrides.append(of(name, properties))
    ranked = (
        [{"id": "sortBy", "options": {"fields": {}, "sort": [{"field": more.pop("rank"), "desc": True}]}}]
        if "rank" in more
        else []
    )
    hidden = {"Time": True, **dict.fromkeys(more.pop("hidden", []), True)}
    return panel(
        "table",
        title,
        description,
        [now(expression, format="table") for _, expression, _ in columns],
        size,
        overrides=[*more.pop("overrides", []), *overrides],
        defaults={
            "custom": {"align": "left", "cellOptions": {"type": "auto"}, "filterable": False},
            **more.pop("defaults", {}),
        },
        options={"showHeader": True, "cellHeight": "sm", **({"sortBy": more.pop("sort")} if "sort" in more else {})},
        transformations=[
            {"id": "merge", "options": {}},
            *ranked,
            {
                "id": "organize",
                "options": {
                    "excludeByName": hidden,
                    "indexByName": {name: index for index, name in enumerate(more.pop("order", []))},
                    "renameByName": renamed,
                },
            },
        ],
        **more,
    )


def traces(title: str, description: str, traceql: str, size=(24, 8)) -> dict:
    target = {"datasource": TEMPO, "queryType": "traceql", "query": traceql, "limit": 20, "tableType": "traces"}
    return panel(
        "table", title, description, [target], size, datasource=TEMPO, unit="none", options={"showHeader": True}
    )


def row(title: str) -> dict:
    return {"type": "row", "title": title, "collapsed": False, "panels": [], "gridPos": {"w": WIDTH, "h": 1}}


def lead_to(uid: str, variables: str = "") -> str:
    """A link to another dashboard that keeps the time range and the variables."""
    kept = "${datasource:queryparam}&${tempo:queryparam}&${job:queryparam}&${instance:queryparam}"
    return f"/d/{uid}?${{__url_time_range}}&{kept}&{variables or '${backend:queryparam}'}"


def link(title: str, uid: str, variables: str = "") -> dict:
    return {"title": title, "url": lead_to(uid, variables), "targetBlank": False}


def colored(thresholds: dict, unit: str, **more) -> dict:
    """Properties of a table column whose cells are colored."""
    return {
        "unit": unit,
        "thresholds": thresholds,
        "custom.cellOptions": {"type": "color-background", "mode": "basic"},
        **more,
    }


def _variable(name: str, text: str) -> dict:
    return {
        "type": "query",
        "name": name,
        "label": name,
        "datasource": PROMETHEUS,
        "definition": text,
        "query": {"qryType": 1, "query": text, "refId": "PrometheusVariableQueryEditor-VariableQuery"},
        "refresh": 2,
        "sort": 1,
        "multi": True,
        "includeAll": True,
        "allValue": ".+",
        "current": {"selected": True, "text": ["All"], "value": ["$__all"]},
        "options": [],
        "regex": "",
        "hide": 0,
        "skipUrlSync": False,
    }


def _source(name: str, label: str, kind: str) -> dict:
    return {
        "type": "datasource",
        "name": name,
        "label": label,
        "query": kind,
        "refresh": 1,
        "multi": False,
        "includeAll": False,
        "current": {},
        "options": [],
        "regex": "",
        "hide": 0,
        "skipUrlSync": False,
    }


def _annotation(name: str, expression: str, title: str, color: str) -> dict:
    return {
        "name": name,
        "datasource": PROMETHEUS,
        "enable": True,
        "hide": False,
        "iconColor": color,
        "expr": fill(expression),
        "step": "60s",
        "titleFormat": title,
        "tagKeys": "backend,instance,reason,severity",
        "useValueForTime": False,
    }


def placed(panels: list[dict]) -> list[dict]:
    """The panels with ids and positions: from left to right, and below what is there where a line is full."""
    x = y = height = 0
    for number, one in enumerate(panels, 1):
        grid = one["gridPos"]
        if x + grid["w"] > WIDTH or one["type"] == "row":
            x, y, height = 0, y + height, 0
        one["id"], one["gridPos"] = number, {"x": x, "y": y, **grid}
        x, height = x + grid["w"], max(height, grid["h"])
    return panels


def dashboard(uid: str, title: str, description: str, panels: list[dict]) -> dict:
    agents = "keepalive_heartbeat_timestamp_seconds"
    return {
        "uid": uid,
        "title": title,
        "description": description,
        "tags": ["mcp-keepalive"],
        "schemaVersion": 41,
        "version": 1,
        "editable": False,
        "graphTooltip": 1,
        "timezone": "",
        "refresh": "1m",
        "time": {"from": "now-6h", "to": "now"},
        "fiscalYearStartMonth": 0,
        "preload": False,
        "links": [
            {
                "type": "dashboards",
                "title": "mcp-keepalive",
                "tags": ["mcp-keepalive"],
                "asDropdown": False,
                "includeVars": True,
                "keepTime": True,
                "targetBlank": False,
                "icon": "external link",
                "tooltip": "",
                "url": "",
            }
        ],
        "annotations": {
            "list": [
                _annotation("Alerts", ALERTS % ',backend=~"$backend|"', "{{alertname}}", "red"),
                _annotation(
                    "Disabled backends",
                    "max by (backend, reason) (keepalive_backend_disabled{S}) > 0",
                    "{{backend}} is disabled",
                    "orange",
                ),
            ]
        },
        "templating": {
            "list": [
                _source("datasource", "Data source", "prometheus"),
                _source("tempo", "Traces", "tempo"),
                _variable("job", f"label_values({agents}, job)"),
                _variable("instance", f'label_values({agents}{{job=~"$job"}}, instance)'),
                _variable("backend", f"label_values(keepalive_attempt_count_total{{{AGENT}}}, backend)"),
            ]
        },
        "panels": placed(panels),
    }
