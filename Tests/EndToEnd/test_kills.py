# SPDX-License-Identifier: Apache-2.0
"""SIGKILL at random moments under load: nothing acknowledged is lost, nothing released is back, nothing bursts.

`MCP_KEEPALIVE_KILLS=200` for more of them, `MCP_KEEPALIVE_SEED` for others; both are by hand.
"""

import os
import random
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from harness.agent import Agent, write_configuration
from harness.load_counter import LoadCounter, most_within
from harness.local_api import LocalApi
from harness.registration_load import ApiConnection, Promises, load_until_gone, register, stored
from harness.waiting import wait_until

KILLS = int(os.environ.get("MCP_KEEPALIVE_KILLS", "45"))
SEED = int(os.environ.get("MCP_KEEPALIVE_SEED", "4"))
# Agents side by side, each with a folder of its own.
LANES = 3
MANY, MANY_KILLS = 10_000, max(3, KILLS // 25)
# The promise for the first keepalive on the wire after the start of the process.
FIRST_KEEPALIVE = 2
# What a busy machine may make of a rate.
SLACK = 1.25


class Lane:
    """An agent that is killed and started again in the same folder."""

    def __init__(self, directory: Path, url: str, chance: random.Random, rate: int, in_flight: int, interval: str):
        directory.mkdir()
        self.directory, self.chance, self.rate = directory, chance, rate
        self.promises = Promises()
        self.kills = 0
        self.configuration = write_configuration(
            directory,
            f"""
            version: 1
            state_dir: state
            api: {{ listen: "off", socket: api.sock }}
            backends:
              alpha:
                url: '{url}'
                interval: {interval}
                timeout: 1s
                failure_threshold: 1000
                max_requests_per_second: {rate}
                max_requests_in_flight: {in_flight}
            """,
        )
        self.socket = directory / "api.sock"
        self.agent: Agent | None = None

    def start(self):
        self.started = time.monotonic()
        self.agent = Agent(self.configuration, OTEL_SDK_DISABLED="true", MCP_KEEPALIVE_API="")

    def until_ready(self):
        wait_until(lambda: self.agent.require_running() and is_ready(LocalApi(self.socket)), 30, "ready", every=0.01)

    def kill(self):
        self.agent.signal(signal.SIGKILL)
        self.agent.wait(10)
        self.kills += 1

    def check(self):
        """What is on the disk, and then what a new process makes of it."""
        found = stored(self.directory / "state", self.directory / "copy")
        self.promises.check(found)
        self.start()
        self.until_ready()
        connection = ApiConnection(self.socket)
        assert connection.keys() == set(found)
        connection.close()

    def one_kill(self):
        if self.chance.random() < 0.15:
            # While it still starts, or has hardly begun.
            time.sleep(self.chance.uniform(0, 0.3))
            self.kill()
            self.start()
            self.until_ready()
        clients = load_until_gone(self.socket, self.promises, self.chance)
        time.sleep(self.chance.uniform(0, 0.5))
        self.kill()
        for client in clients:
            client.join(30)
        self.check()

    def stop(self):
        code, _ = self.agent.terminate(15)
        assert code == 0


def is_ready(api: LocalApi) -> bool:
    try:
        return api.ask("GET", "/readyz").status == 200
    except (FileNotFoundError, ConnectionError):
        return False


def require_paced(lane: Lane, counter: LoadCounter):
    for times in counter.by_process():
        most = most_within(times, 1)
        assert most <= lane.rate * SLACK, f"{most} calls in a second, {lane.rate} are allowed"


def test_nothing_is_lost_and_nothing_is_back(cleanup, scripted, tmp_path):
    print(f"seed {SEED}")

    def run(number: int) -> Lane:
        counter = LoadCounter(0.01)
        chance = random.Random(f"{SEED} {number}")
        lane = Lane(tmp_path / str(number), scripted(counter).url, chance, rate=20, in_flight=2, interval="5s")
        lane.start()
        cleanup.callback(lambda: lane.agent.stop())
        lane.until_ready()
        for _ in range(number, KILLS, LANES):
            lane.one_kill()
        lane.stop()
        require_paced(lane, counter)
        assert counter.most == 2 and counter.count > 2 * lane.kills
        return lane

    with ThreadPoolExecutor(LANES) as lanes:
        done = list(lanes.map(run, range(LANES)))
    acknowledged = sum(lane.promises.acknowledged for lane in done)
    print(f"{sum(lane.kills for lane in done)} kills, {acknowledged} acknowledged requests")
    assert acknowledged > KILLS * 10


def test_ten_thousand_sessions_are_kept_alive_at_once_after_a_kill(cleanup, scripted, tmp_path):
    counter = LoadCounter(0.02)
    chance = random.Random(SEED)
    lane = Lane(tmp_path / "many", scripted(counter).url, chance, rate=100, in_flight=4, interval="60s")
    lane.start()
    cleanup.callback(lambda: lane.agent.stop())
    lane.until_ready()
    # Every second one is overdue.
    register(lane.socket, lane.promises, MANY, idle=120)
    firsts = []
    for _ in range(MANY_KILLS):
        lane.one_kill()
        first = wait_until(lambda: counter.newest(lane.started), 30, "a keepalive", every=0.01)[0]
        firsts.append(first - lane.started)
        # Long enough for a second at full rate: 10,000 sessions in a minute are more than is allowed.
        before = counter.count
        wait_until(lambda before=before: counter.count > before + lane.rate, 20, "as many as are allowed")
    lane.stop()
    print(f"{len(lane.promises.kept)} sessions: seconds to the first keepalive {[round(each, 2) for each in firsts]}")
    assert len(lane.promises.kept) >= MANY
    assert max(firsts) < FIRST_KEEPALIVE
    require_paced(lane, counter)
    assert counter.most == 4
