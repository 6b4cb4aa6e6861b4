# SPDX-License-Identifier: Apache-2.0
"""Sends the constant ping with aiohttp, so many at once, and prints what a window of it took as one line of JSON."""

import asyncio
import json
import resource
import ssl
import sys
import time

import aiohttp


def used() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


async def main(url: str, in_flight: int, warm_up: float, window: float, request: dict, ca_file: str):
    context = ssl.create_default_context(cafile=ca_file) if ca_file else None
    connector = aiohttp.TCPConnector(limit=in_flight, ssl=context or True)
    done = 0

    async def ping(session):
        nonlocal done
        while True:
            async with session.post(url, data=request["body"].encode(), headers=request["headers"]) as answer:
                text = await answer.read()
                if answer.status != 200 or b'"result"' not in text:
                    sys.exit(f"error: {answer.status}: {text[:100]}")
                done += 1

    async with aiohttp.ClientSession(connector=connector) as session:
        tasks = [asyncio.create_task(ping(session)) for _ in range(in_flight)]
        await asyncio.sleep(warm_up)
        before = done, used(), time.monotonic()
        await asyncio.sleep(window)
        after = done, used(), time.monotonic()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    calls, processor, wall = (late - early for early, late in zip(before, after, strict=True))
    print(json.dumps({"calls": calls, "processorMicroseconds": processor * 1e6, "wallMicroseconds": wall * 1e6}))


if __name__ == "__main__":
    url, in_flight, warm_up, window, request, ca_file = sys.argv[1:]
    asyncio.run(main(url, int(in_flight), float(warm_up), float(window), json.loads(request), ca_file))
