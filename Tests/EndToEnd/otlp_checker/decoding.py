# SPDX-License-Identifier: Apache-2.0
"""Layer 2: protobuf's own parser of JSON, which knows base64 where OTLP writes hexadecimal."""

import base64

from google.protobuf import json_format
from google.protobuf.message import Message
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from .shape import IDENTIFIERS

MESSAGES = {
    "/v1/metrics": ExportMetricsServiceRequest,
    "/v1/traces": ExportTraceServiceRequest,
    "/v1/logs": ExportLogsServiceRequest,
}


def decode(value: dict, path: str) -> Message:
    """The request; raises ValueError or json_format.ParseError for anything that is not one."""
    message = MESSAGES[path]()
    json_format.ParseDict(with_base64_identifiers(value), message, ignore_unknown_fields=False)
    return message


def with_base64_identifiers(value):
    """The same with identifiers as protobuf's JSON mapping has them."""
    if isinstance(value, list):
        return [with_base64_identifiers(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: base64.b64encode(bytes.fromhex(item)).decode()
        if key in IDENTIFIERS and isinstance(item, str)
        else with_base64_identifiers(item)
        for key, item in value.items()
    }
