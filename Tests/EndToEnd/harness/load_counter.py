# SPDX-License-Identifier: Apache-2.0
"""What a scripted server sees of the load that an agent makes."""

import threading
import time
from bisect import bisect_left

from .scripted import Request, result


class LoadCounter:
    """A script that takes its time to answer every ping, and knows what each process of the agent sent.

    A request that a process left behind may be read when the next one runs already; its id says whose it is.
    """

    def __init__(self, seconds: float):
        self.seconds, self.lock = seconds, threading.Lock()
        #: When requests came, by the prefix of their ids, which each process draws anew.
        self.starts: dict[str, list[float]] = {}
        self.now: dict[str, int] = {}
        self.most = 0

    def __call__(self, request: Request):
        process = request.message["id"].rpartition("-")[0]
        with self.lock:
            self.starts.setdefault(process, []).append(request.at)
            self.now[process] = self.now.get(process, 0) + 1
            self.most = max(self.most, self.now[process])
        # A slow server is what this is.
        time.sleep(self.seconds)
        with self.lock:
            self.now[process] -= 1
        return result(request)

    @property
    def count(self) -> int:
        return sum(map(len, self.by_process()))

    def by_process(self) -> list[list[float]]:
        """When requests came, process by process."""
        with self.lock:
            return [sorted(times) for times in self.starts.values()]

    def newest(self, since: float) -> list[float]:
        """When requests came of the process that has sent nothing before."""
        return next((times for times in self.by_process() if times[0] >= since), [])


def most_within(times: list[float], seconds: float) -> int:
    """The most of these sorted times that lie within so many seconds."""
    return max((index + 1 - bisect_left(times, at - seconds) for index, at in enumerate(times)), default=0)
