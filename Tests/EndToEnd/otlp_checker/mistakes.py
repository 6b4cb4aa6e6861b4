# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a payload: where and what, one line each."""

#: More of them help nobody.
LIMIT = 50


class Mistakes(AssertionError):
    """All that is wrong with one payload."""

    def __init__(self, found: list[str]):
        self.found = found
        super().__init__("\n".join(found))


class Report:
    """Collects mistakes while a payload is walked."""

    def __init__(self):
        self.found: list[str] = []

    def add(self, path: str, what: str):
        if len(self.found) < LIMIT:
            self.found.append(f"{path}: {what}")

    def require(self, condition, path: str, what: str) -> bool:
        """Notes `what` unless the condition holds; returns whether it does."""
        if not condition:
            self.add(path, what)
        return bool(condition)
