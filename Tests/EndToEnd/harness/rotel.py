# SPDX-License-Identifier: Apache-2.0
"""rotel, a real OTLP collector, receiving on OTLP/HTTP and forwarding as protobuf to a sink."""

import socket
from pathlib import Path

from .processes import TOOLS, Process
from .waiting import wait_until


def free_port() -> int:
    """A port that was free a moment ago: for programs that cannot be told to choose one themselves."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def accepts(port: int) -> bool:
    with socket.socket() as connection:
        connection.settimeout(1)
        return connection.connect_ex(("127.0.0.1", port)) == 0


class Rotel(Process):
    def __init__(self, directory: Path, sink_url: str):
        binary = TOOLS / "rotel" / "rotel" / "rotel-agent"
        assert binary.exists(), f"{binary} is missing: run scripts/environments"
        self.port = free_port()
        command = [binary, "start"]
        command += [
            "--otlp-grpc-endpoint",
            f"127.0.0.1:{free_port()}",
            "--otlp-http-endpoint",
            f"127.0.0.1:{self.port}",
        ]
        command += ["--exporter", "otlp", "--otlp-exporter-protocol", "http", "--otlp-exporter-endpoint", sink_url]
        command += ["--otlp-exporter-compression", "gzip", "--disable-batching"]
        super().__init__(command, directory, "rotel")
        self.url = f"http://127.0.0.1:{self.port}"

    def wait_until_ready(self) -> "Rotel":
        wait_until(lambda: self.require_running() and accepts(self.port), 20, "rotel listens")
        return self
