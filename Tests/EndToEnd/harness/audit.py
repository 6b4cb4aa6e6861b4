# SPDX-License-Identifier: Apache-2.0
"""Every payload of an agent that any server of the harness receives goes through the strict checker."""

import threading
from collections.abc import Mapping

from otlp_checker import Checker, Mistakes

_lock = threading.Lock()
_checker = Checker()
_mistakes: list[str] = []


def check(path: str, headers: Mapping[str, str], body: bytes, is_accepted: bool = True):
    """Checks a request, body as it came. Requests of collectors and of the tests themselves are not the agent's."""
    if headers.get("content-type") == "application/x-protobuf" or is_own(headers):
        return
    try:
        _checker.check_request(path, headers, body, is_accepted)
    except Mistakes as error:
        note(f"{path}: {error}\n{body[:2000]!r}")
    except Exception as error:  # a checker that fails has checked nothing
        note(f"{path}: the checker failed: {error!r}\n{body[:2000]!r}")


def is_own(headers: Mapping[str, str]) -> bool:
    return (headers.get("user-agent") or "").startswith("Python-urllib/")


def note(mistake: str):
    with _lock:
        _mistakes.append(mistake)


def checked() -> int:
    """How many bodies have been checked so far."""
    return _checker.checked


def take_mistakes() -> list[str]:
    """The mistakes since the last call."""
    with _lock:
        taken = list(_mistakes)
        _mistakes.clear()
    return taken


def require_correct():
    found = take_mistakes()
    assert not found, f"{len(found)} payloads are not correct OTLP:\n" + "\n\n".join(found[:5])
