# SPDX-License-Identifier: Apache-2.0
"""State on a disk that fails: the agent goes on from memory, says so everywhere, and recovers by itself."""

import errno
import signal
import sqlite3
import subprocess
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from harness.agent import clean_environment, require_binary, run_command, write_configuration
from harness.local_api import LocalApi
from harness.processes import Process
from harness.waiting import wait_until

GAUGE = "keepalive_storage_degraded"


class Stage:
    """An agent with state, a backend and a collector; `disk` is its folder for state.

    `mount` is what a shell does with that folder, "$0", where only the agent sees it; without it nothing is special.
    """

    def __init__(self, directory: Path, sink, server, cleanup, mount: str = ""):
        self.sink, self.server, self.directory = sink, server, directory
        self.disk = directory / "state"
        self.configuration = write_configuration(
            directory,
            f"""
            version: 1
            telemetry: {{ endpoint: '{sink.url}', interval: 300ms }}
            state_dir: state
            api: {{ listen: "off", socket: api.sock }}
            backends:
              alpha: {{ url: '{server.url}', interval: 1s }}
            """,
        )
        self.cleanup = cleanup
        self.api = LocalApi(directory / "api.sock")
        self.start(mount)

    def start(self, mount: str = ""):
        wrapper = ["unshare", "-rm", "sh", "-c", mount + ' && exec "$@"', self.disk] if mount else []
        command = [*wrapper, require_binary(), "run", "-c", self.configuration]
        self.agent = Process(command, self.directory, "agent", clean_environment(MCP_KEEPALIVE_API=""))
        self.cleanup.callback(self.agent.stop)
        wait_until(lambda: self.agent.require_running() and self.is_ready(), 20, "the API answers")

    def is_ready(self) -> bool:
        try:
            return self.api.ask("GET", "/readyz").status == 200
        except (FileNotFoundError, ConnectionError):
            return False

    @property
    def seen_disk(self) -> Path:
        """The folder as the agent sees it, which may have a volume of its own there."""
        return Path(f"/proc/{self.agent.popen.pid}/root") / self.disk.relative_to("/")

    def until_gauge(self, value: int):
        """Waits for an export with this value; those that are on their way may have the one of before."""
        wait_until(lambda: [point.as_int for point in self.sink.points(GAUGE)] == [value], 30, f"{GAUGE} {value}")

    def until_kept_alive(self, session: str):
        before = self.server.count("ping", session)
        wait_until(lambda: self.server.count("ping", session) >= before + 2, 20, "keepalives from memory")

    def put(self, key: str, session: str = "", **more) -> bool:
        """Registers a session; returns whether that is durable."""
        return self.api.put("alpha", key, session or self.server.open_session(), **more).json["durable"]

    def status(self) -> dict:
        return self.api.ask("GET", "/v1/status").json["storage"]

    def shown(self) -> str:
        return run_command("status", "--api", self.api.path, cwd=self.directory).stdout

    def until_durable(self):
        wait_until(lambda: self.put("probe"), 30, "registrations are durable", every=0.2)


@pytest.fixture
def stage(tmp_path, sink, scripted, cleanup):
    (tmp_path / "state").mkdir()
    return lambda mount="": Stage(tmp_path, sink, scripted(), cleanup, mount)


@pytest.fixture
def on_volume(stage):
    """A stage where the folder is a mount."""
    if subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode != 0:
        pytest.skip("this machine does not let its users mount anything")
    return stage


def fill(volume: Path) -> Path:
    """Takes all the room that is left."""
    filler = volume / "filler"
    with open(filler, "wb", buffering=0) as file:
        for size in (4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError as error:
                assert error.errno == errno.ENOSPC
    return filler


def test_a_full_disk_costs_no_keepalive_and_is_told_until_there_is_room(on_volume):
    stage = on_volume('mount -t tmpfs -o size=512k,mode=0700 none "$0"')
    session = stage.server.open_session()
    assert stage.put("mine", session)
    stage.until_gauge(0)
    filler = fill(stage.seen_disk)
    # The log has room of its own, which it uses again: not the first change fails, but soon one does.
    large = {"X-Large": "x" * 8000}
    wait_until(lambda: not stage.put("large", headers=large), 30, "a registration that is not durable")
    stage.until_gauge(1)
    assert not stage.put("later")
    stage.until_kept_alive(session)
    status = stage.status()
    assert status["state"] == "degraded" and "full" in status["problem"]
    shown = stage.shown()
    assert "state DEGRADED" in shown and "full" in shown
    filler.unlink()
    stage.until_durable()
    stage.until_gauge(0)
    assert stage.status()["state"] == "ok"
    said = stage.agent.stderr
    assert said.count("registrations do not survive a restart") == said.count("can be written again") == 1


def test_a_read_only_disk_is_read_and_written_as_soon_as_it_can_be(on_volume):
    # Linux makes a volume read-only only while nothing is open for writing there: that is before the start.
    stage = on_volume('mount --bind "$0" "$0"')
    session = stage.server.open_session()
    assert stage.put("mine", session)
    assert stage.agent.terminate()[0] == 0
    stage.start('mount --bind "$0" "$0" && mount -o remount,bind,ro "$0"')
    stage.until_gauge(1)
    assert not stage.put("later")
    stage.until_kept_alive(session)
    assert stage.status()["state"] == "degraded" and "read-only" in stage.status()["problem"].lower()
    pid = stage.agent.popen.pid
    inside = ["nsenter", "-t", str(pid), "-U", "-m", "--preserve-credentials"]
    subprocess.run([*inside, "mount", "-o", "remount,bind,rw", stage.disk], check=True)
    stage.until_durable()
    stage.until_gauge(0)


def test_a_database_that_somebody_holds_is_told_and_written_anew_afterwards(stage):
    stage = stage()
    kept, released, late = (stage.server.open_session() for _ in range(3))
    assert stage.put("kept", kept) and stage.put("released", released)
    stage.until_gauge(0)
    with closing(sqlite3.connect(stage.disk / "state.sqlite")) as database:
        database.execute("BEGIN IMMEDIATE")
        assert not stage.put("late", late)
        stage.until_gauge(1)
        undone = stage.api.delete("alpha", "released")
        assert undone.status == 200 and undone.json["durable"] is False
        stage.until_kept_alive(late)
        assert "another process has locked it" in stage.status()["problem"]
    stage.until_durable()
    stage.until_gauge(0)
    assert stage.api.delete("alpha", "probe").status == 204
    # What was missed is on the disk now.
    stage.agent.signal(signal.SIGKILL)
    stage.agent.wait(5)
    before = stage.server.count("ping", released)
    stage.start()
    assert {one["key"] for one in stage.api.sessions()} == {"kept", "late"}
    stage.until_kept_alive(late)
    assert stage.server.count("ping", released) == before


def test_a_suspension_outlasts_the_agent(stage):
    stage = stage()
    suspended, other = stage.server.open_session(), stage.server.open_session()
    assert stage.put("suspended", suspended) and stage.put("other", other)
    grant = stage.api.ask("POST", stage.api.session("alpha", "suspended", "/suspend"), {"seconds": 8}).json
    assert grant["durable"]
    next_keepalive = stage.api.ask("GET", stage.api.session("alpha", "suspended")).json["next_keepalive"]
    early = datetime.fromisoformat(grant["suspended_until"]) - datetime.fromisoformat(next_keepalive)
    assert early < timedelta(seconds=1), "nothing is sent before the end"
    before = stage.server.count("ping", suspended)
    stage.agent.signal(signal.SIGKILL)
    stage.agent.wait(5)
    stage.start()
    assert {one["key"]: one["state"] for one in stage.api.sessions()} == {"suspended": "suspended", "other": "active"}
    stage.until_kept_alive(other)
    assert stage.server.count("ping", suspended) == before
    stage.until_kept_alive(suspended)


def test_a_damaged_file_is_set_aside_and_told_although_all_is_well_again(stage, tmp_path):
    (tmp_path / "state" / "state.sqlite").write_text("garbage")
    stage = stage()
    assert stage.put("mine")
    stage.until_gauge(1)
    assert stage.status()["state"] == "ok"
    assert len(list(stage.disk.glob("state.sqlite.corrupt-*"))) == 1
    assert "state.sqlite.corrupt-" in stage.agent.stderr
