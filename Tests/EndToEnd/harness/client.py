# SPDX-License-Identifier: Apache-2.0
"""A small MCP client over Streamable HTTP, standard library only: the tests' own user of a server."""

import http.client
import itertools
import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from . import canaries

PROTOCOL_VERSION = "2025-11-25"
_ids = itertools.count(1)


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    message: dict | None

    @property
    def result(self) -> dict:
        assert self.message and "result" in self.message, f"no result: {self.status} {self.message}"
        return self.message["result"]


class MCPClient:
    """One session, or none before `open`."""

    def __init__(self, url: str, session: str | None = None, headers: dict[str, str] | None = None):
        self.url, self.session, self.headers = url, session, headers or {}

    def open(self) -> "MCPClient":
        """initialize and notifications/initialized."""
        about = {"name": "end-to-end-tests", "version": "1"}
        parameters = {"protocolVersion": PROTOCOL_VERSION, "capabilities": {}, "clientInfo": about}
        answer = self.request("initialize", parameters)
        self.session = answer.headers.get("mcp-session-id")
        assert answer.status == 200 and self.session, answer
        canaries.know(self.session)
        assert self.post({"jsonrpc": "2.0", "method": "notifications/initialized"}).status == 202
        return self

    def ping(self) -> Answer:
        return self.request("ping")

    def bump(self) -> int | str:
        """The per-session counter of servers/stateful_server.py after one more, or in words why there is none."""
        answer = self.request("tools/call", {"name": "bump", "arguments": {}})
        if not answer.message or "result" not in answer.message:
            return f"{answer.status} {answer.message}"
        return int(answer.result["content"][0]["text"])

    def delete(self) -> Answer:
        return self.send("DELETE")

    def request(self, method: str, parameters: dict | None = None) -> Answer:
        message = {"jsonrpc": "2.0", "id": f"test-{next(_ids)}", "method": method}
        return self.post(message | ({"params": parameters} if parameters is not None else {}))

    def post(self, message: dict) -> Answer:
        return self.send("POST", json.dumps(message).encode())

    def send(self, method: str, body: bytes | None = None) -> Answer:
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=20)
        headers = {"accept": "application/json, text/event-stream", "content-type": "application/json"} | self.headers
        if self.session:
            headers |= {"mcp-session-id": self.session, "mcp-protocol-version": PROTOCOL_VERSION}
        try:
            connection.request(method, parts.path or "/", body, headers)
            response = connection.getresponse()
            content = response.read().decode()
            answered = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, answered, _message(answered.get("content-type", ""), content))
        finally:
            connection.close()


def _message(content_type: str, content: str) -> dict | None:
    """The JSON-RPC response in a body: plain JSON, or the event of a stream that bears one."""
    texts = [content]
    if content_type.startswith("text/event-stream"):
        texts = [line.removeprefix("data:") for line in content.splitlines() if line.startswith("data:")]
    for text in texts:
        try:
            message = json.loads(text)
        except ValueError:
            continue
        if isinstance(message, dict) and ("result" in message or "error" in message):
            return message
    return None
