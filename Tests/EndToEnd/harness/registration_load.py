# SPDX-License-Identifier: Apache-2.0
"""Clients that register and release sessions as fast as an agent answers, and remember what it has promised."""

import http.client
import json
import random
import shutil
import socket
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

CLIENTS = 4


class ApiConnection:
    """A connection to the local API that stays open, for load: answers are not checked."""

    def __init__(self, path: Path):
        self.connection = http.client.HTTPConnection("agent", timeout=30)
        self.connection.sock = socket.socket(socket.AF_UNIX)
        self.connection.sock.settimeout(30)
        self.connection.sock.connect(str(path))

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, bytes]:
        headers = {} if body is None else {"Content-Type": "application/json"}
        self.connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = self.connection.getresponse()
        return response.status, response.read()

    def put(self, key: str, session: str, idle: float) -> int:
        """A session that has been idle for so many seconds, so that its keepalive may be due."""
        used = (datetime.now(UTC) - timedelta(seconds=idle)).isoformat().replace("+00:00", "Z")
        body = {"session_id": session, "lease_seconds": 86_400, "last_activity": used}
        return self.ask("PUT", f"/v1/backends/alpha/sessions/{quote(key)}", body)[0]

    def delete(self, key: str) -> int:
        return self.ask("DELETE", f"/v1/backends/alpha/sessions/{quote(key)}")[0]

    def keys(self) -> set[str]:
        """The keys of all sessions, page by page."""
        keys, after = set(), ""
        while True:
            page = json.loads(self.ask("GET", f"/v1/sessions?limit=1000{after}")[1])
            keys |= {session["key"] for session in page["sessions"]}
            if not page.get("next"):
                return keys
            after = f"&after={quote(page['next'], safe='')}"

    def close(self):
        self.connection.close()


@dataclass
class Promises:
    """What an agent has acknowledged: the session id of each key, None for a released one.

    A request without an answer may count or not: then both the last promise and its wish are fine.
    """

    kept: dict[str, str | None] = field(default_factory=dict)
    wished: dict[str, list[str | None]] = field(default_factory=dict)
    acknowledged: int = 0
    refusals: list[int] = field(default_factory=list)

    def check(self, found: dict[str, str]):
        """Holds what a state has to the promises, and goes on from there."""
        assert self.refusals == []
        for key in self.kept.keys() | self.wished.keys() | found.keys():
            allowed = [self.kept.get(key), *self.wished.get(key, [])]
            if found.get(key) not in allowed:
                if key not in found:
                    raise AssertionError(f"{key}: an acknowledged registration is lost")
                what = "a released registration is back" if allowed == [None] else "an old id is back"
                raise AssertionError(f"{key}: {what}")
        self.kept, self.wished = dict(found), {}


def register(path: Path, promises: Promises, count: int, idle: float):
    """Many sessions at once, which have been idle for up to so many seconds."""

    def some(number: int):
        connection = ApiConnection(path)
        for key in range(number, count, CLIENTS):
            session = f"id-of-{key}"
            assert connection.put(f"many-{key}", session, idle * key / count) == 201
            promises.kept[f"many-{key}"] = session
        connection.close()

    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(some, range(CLIENTS)))


def load_until_gone(path: Path, promises: Promises, chance: random.Random) -> list[threading.Thread]:
    """Clients, each with keys of its own, until the agent hangs up on them."""

    def client(number: int, mine: random.Random):
        try:
            connection = ApiConnection(path)
        except OSError:
            return
        while True:
            key = f"{number}-{mine.randrange(30)}"
            wish = f"id-{number}-{mine.getrandbits(64):x}" if mine.random() < 0.7 else None
            promises.wished.setdefault(key, []).append(wish)
            try:
                status = connection.put(key, wish, mine.uniform(0, 10)) if wish else connection.delete(key)
            except (OSError, http.client.HTTPException):
                connection.close()
                return
            if status not in (200, 201, 204, 404):
                promises.refusals.append(status)
                return
            promises.kept[key] = wish
            del promises.wished[key]
            promises.acknowledged += 1

    threads = [threading.Thread(target=client, args=(n, random.Random(chance.random()))) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    return threads


def stored(state: Path, scratch: Path) -> dict[str, str]:
    """The session ids by key in a copy of an agent's state, for a reader would change what the agent finds."""
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(state, scratch)
    database = sqlite3.connect(scratch / "state.sqlite")
    try:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return {
            key: bytes(session).decode() for key, session in database.execute("SELECT key, session_id FROM session")
        }
    finally:
        database.close()
