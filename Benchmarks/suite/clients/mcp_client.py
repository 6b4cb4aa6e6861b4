# SPDX-License-Identifier: Apache-2.0
"""Sends pings with the official MCP SDK, on so many sessions at once, and prints what a window of it took."""

import asyncio
import json
import resource
import sys
import time

from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client


def used() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


async def main(url: str, in_flight: int, warm_up: float, window: float):
    done = 0

    async def ping():
        nonlocal done
        async with streamable_http_client(url) as streams, ClientSession(streams[0], streams[1]) as session:
            await session.initialize()
            while True:
                await session.send_ping()
                done += 1

    tasks = [asyncio.create_task(ping()) for _ in range(in_flight)]
    await asyncio.sleep(warm_up)
    before = done, used(), time.monotonic()
    await asyncio.sleep(window)
    after = done, used(), time.monotonic()
    for task in tasks:
        if task.done():
            task.result()
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    calls, processor, wall = (late - early for early, late in zip(before, after, strict=True))
    print(json.dumps({"calls": calls, "processorMicroseconds": processor * 1e6, "wallMicroseconds": wall * 1e6}))


if __name__ == "__main__":
    # SSL_CERT_FILE names the certificates.
    url, in_flight, warm_up, window = sys.argv[1:]
    asyncio.run(main(url, int(in_flight), float(warm_up), float(window)))
