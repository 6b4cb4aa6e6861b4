# SPDX-License-Identifier: Apache-2.0
"""How a gateway hands its backend sessions to mcp-keepalive: standard library only, to be copied.

The gateway registers a session when it has opened one, renews while its front session lives, and releases at the end.
Before it re-initializes a backend session it suspends the old one, so that nothing is sent on it meanwhile.
"""

import http.client
import json
import socket
from urllib.parse import quote


class KeepaliveError(Exception):
    """A refusal: `code` is stable, the text is for people."""

    def __init__(self, problem: dict):
        super().__init__(problem.get("detail", problem.get("title", "unknown problem")))
        self.code = problem.get("code", "unknown")


class Keepalive:
    """The local API of the agent behind a unix socket. One connection to each call, so that threads can share it."""

    def __init__(self, path: str = "/run/mcp-keepalive/api.sock", timeout: float = 10):
        self.path, self.timeout = path, timeout

    def register(self, backend: str, key: str, session_id: str, lease_seconds: int = 120, **more) -> dict:
        """Hands a session over, or replaces the one of this name: then the old id is never used again."""
        body = {"session_id": session_id, "lease_seconds": lease_seconds, **more}
        return self._ask("PUT", self._session(backend, key), body)

    def renew(self, backend: str, key: str, last_activity: str | None = None) -> dict:
        """Still wanted; with the time of the last real request (RFC 3339) the next keepalive is put off."""
        body = {} if last_activity is None else {"last_activity": last_activity}
        return self._ask("POST", self._session(backend, key) + "/renew", body)

    def suspend(self, backend: str, key: str, seconds: int = 60) -> dict:
        """Nothing is in flight on the session when this returns, and nothing is sent until it is registered again."""
        return self._ask("POST", self._session(backend, key) + "/suspend", {"seconds": seconds})

    def release(self, backend: str, key: str) -> bool:
        """No longer wanted; false when the agent did not know it any more, which is as good."""
        try:
            self._ask("DELETE", self._session(backend, key))
        except KeepaliveError as problem:
            if problem.code != "no_such_session":
                raise
            return False
        return True

    @staticmethod
    def _session(backend: str, key: str) -> str:
        return f"/v1/backends/{quote(backend, safe='')}/sessions/{quote(key, safe='')}"

    def _ask(self, method: str, path: str, body: dict | None = None) -> dict:
        connection = http.client.HTTPConnection("agent", timeout=self.timeout)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(self.timeout)
        try:
            connection.sock.connect(self.path)
            text = None if body is None else json.dumps(body)
            connection.request(method, path, text, {"Content-Type": "application/json"} if text else {})
            response = connection.getresponse()
            answer = response.read()
        finally:
            connection.close()
        if response.status >= 400:
            raise KeepaliveError(json.loads(answer))
        return json.loads(answer) if answer else {}
