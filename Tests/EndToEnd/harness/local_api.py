# SPDX-License-Identifier: Apache-2.0
"""A client of the agent's local API over its unix socket; every answer is held to docs/openapi.yaml."""

import http.client
import json
import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from . import audit, openapi


@dataclass
class ApiAnswer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


class LocalApi:
    """One connection to each request, as curl makes them."""

    def __init__(self, path: Path):
        self.path = path

    def ask(self, method: str, path: str, body: object = None, timeout: float = 30) -> ApiAnswer:
        connection = http.client.HTTPConnection("agent", timeout=timeout)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(timeout)
        try:
            connection.sock.connect(str(self.path))
            headers = {} if body is None else {"Content-Type": "application/json"}
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            response = connection.getresponse()
            answer = ApiAnswer(
                response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
            )
        finally:
            connection.close()
        audit.look(f"{method} {path}", f"{answer.headers}\n{answer.body.decode(errors='replace')}")
        openapi.check_answer(method, path, answer.status, answer.headers, answer.body)
        return answer

    def session(self, backend: str, key: str, action: str = "") -> str:
        return f"/v1/backends/{quote(backend)}/sessions/{quote(key, safe='')}{action}"

    def put(self, backend: str, key: str, session: str, **more) -> ApiAnswer:
        return self.ask("PUT", self.session(backend, key), {"session_id": session, **more})

    def delete(self, backend: str, key: str) -> ApiAnswer:
        return self.ask("DELETE", self.session(backend, key))

    def sessions(self) -> list[dict]:
        return self.ask("GET", "/v1/sessions").json["sessions"]
