# SPDX-License-Identifier: Apache-2.0
"""Every payload of an agent that a server of the harness receives is strictly checked and looked through for secrets.

The checker is slow. One thread checks in the order of arrival, so that servers answer at once and note requests when
they come; whoever asks for the mistakes waits for that thread.
"""

import gzip
import queue
import threading
from collections.abc import Mapping

from otlp_checker import Checker, Mistakes

from . import canaries

_lock = threading.Lock()
_checker = Checker()
_mistakes: list[str] = []


_arrived: queue.Queue = queue.Queue()


def check(path: str, headers: Mapping[str, str], body: bytes, is_accepted: bool = True):
    """Lets a request be checked, body as it came; not those of collectors and of the tests themselves."""
    if headers.get("content-type") == "application/x-protobuf" or is_own(headers):
        return
    _arrived.put((path, headers, body, is_accepted))


def _check_all():
    while True:
        path, headers, body, is_accepted = _arrived.get()
        try:
            plain = gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body
            look(path, plain)
            _checker.check_request(path, headers, body, is_accepted)
        except Mistakes as error:
            note(f"{path}: {error}\n{body[:2000]!r}")
        except Exception as error:  # a checker that fails has checked nothing
            note(f"{path}: the checker failed: {error!r}\n{body[:2000]!r}")
        finally:
            _arrived.task_done()


threading.Thread(target=_check_all, daemon=True, name="audit").start()


def is_own(headers: Mapping[str, str]) -> bool:
    return (headers.get("user-agent") or "").startswith("Python-urllib/")


def note(mistake: str):
    with _lock:
        _mistakes.append(mistake)


def look(where: str, text: str | bytes):
    """Notes each secret in a text, so that the test fails when it ends."""
    for place in canaries.found(text):
        note(f"{where} shows a secret: {place!r}")


def checked() -> int:
    """How many bodies have been checked, of those that have arrived."""
    _arrived.join()
    return _checker.checked


def take_mistakes() -> list[str]:
    """The mistakes in what has arrived since the last call."""
    _arrived.join()
    with _lock:
        taken = list(_mistakes)
        _mistakes.clear()
    return taken


def require_correct():
    found = take_mistakes()
    assert not found, f"{len(found)} mistakes in what agents sent or said:\n" + "\n\n".join(found[:5])
