# SPDX-License-Identifier: Apache-2.0
"""Waiting for an event with a deadline, never for a guessed time."""

import time


def wait_until(condition, timeout: float, what: str, every: float = 0.05):
    """The first true value of condition(); fails the test when there is none within `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, f"not within {timeout:g} s: {what}"
        time.sleep(every)


def wait_until_quiet(count, seconds: float, timeout: float, what: str) -> int:
    """The value of count() once it has not changed for `seconds`."""
    last, since, deadline = count(), time.monotonic(), time.monotonic() + timeout
    while time.monotonic() - since < seconds:
        assert time.monotonic() < deadline, f"still going on after {timeout:g} s: {what}"
        time.sleep(0.05)
        if (now := count()) != last:
            last, since = now, time.monotonic()
    return last
