"""A batch over several hosts: network namespaces that see each other over a bridge."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import uuid
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from archive_world import (
    call,
    command,
    counts,
    environment,
    has_journal,
    journal_rows,
    values,
    wait_for,
    write_walk,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytest.importorskip("distributed")

WALKS = 8
PORT = 8786
HOSTS = ("first", "second", "third")


class Host:
    """A network namespace with an address of its own, and what runs in it."""

    def __init__(self, namespace: str, address: str) -> None:
        self.namespace = namespace
        self.address = address
        self._running: list[subprocess.Popen[str]] = []

    def run(self, *words: str) -> subprocess.Popen[str]:
        """Start a program on this host."""
        process = subprocess.Popen(
            ["ip", "netns", "exec", self.namespace, *words],
            env=environment() | {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._running.append(process)
        return process

    def dask(self, *words: str) -> None:
        """Start a part of dask on this host."""
        self.run(sys.executable, "-m", "dask", *words, "--no-dashboard")

    def lose_power(self) -> None:
        """Kill everything that runs on this host."""
        listed = _ip("netns", "pids", self.namespace)
        for pid in listed.stdout.split():
            subprocess.run(["kill", "-9", pid], capture_output=True, check=False)
        for process in self._running:
            process.communicate()


def _ip(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["ip", *words], capture_output=True, text=True, check=False, timeout=20
    )


@pytest.fixture
def hosts() -> Iterator[dict[str, Host]]:
    """Return three hosts on one bridge; nothing of the machine's own network."""
    if shutil.which("ip") is None or os.geteuid() != 0:
        pytest.skip("network namespaces need ip (iproute2) and root")
    tag = uuid.uuid4().hex[:6]
    bridge = f"gk{tag}net"
    with ExitStack() as stack:
        for name in (bridge, *(f"gk{tag}{host}" for host in HOSTS)):
            if _ip("netns", "add", name).returncode:
                pytest.skip("this machine makes no network namespaces")
            stack.callback(_ip, "netns", "del", name)
        inside = ("-n", bridge)
        made = [_ip(*inside, "link", "add", "br0", "type", "bridge")]
        made.append(_ip(*inside, "link", "set", "br0", "up"))
        found = {}
        for number, host in enumerate(HOSTS, start=1):
            space, port = f"gk{tag}{host}", f"port{number}"
            address = f"10.213.7.{number}"
            made += [
                _ip(
                    *inside, "link", "add", port, "type", "veth",
                    "peer", "name", "eth0", "netns", space,
                ),
                _ip(*inside, "link", "set", port, "master", "br0", "up"),
                _ip("-n", space, "addr", "add", f"{address}/24", "dev", "eth0"),
                _ip("-n", space, "link", "set", "eth0", "up"),
                _ip("-n", space, "link", "set", "lo", "up"),
            ]  # fmt: skip
            found[host] = Host(space, address)
            stack.callback(found[host].lose_power)
        if any(each.returncode for each in made):
            pytest.skip("this machine makes no bridge between network namespaces")
        yield found


def test_a_host_that_loses_power_costs_nothing(
    hosts: dict[str, Host], tmp_path: Path
) -> None:
    archive = tmp_path / "archive"
    for number in range(WALKS):
        write_walk(archive / f"walk_{number}.trc", seed=number)
    first, second, third = (hosts[name] for name in HOSTS)
    scheduler = f"tcp://{first.address}:{PORT}"
    first.dask("scheduler", "--host", first.address, "--port", str(PORT))
    for host in (second, third):
        host.dask(
            "worker", scheduler, "--host", host.address, "--nthreads", "1",
            "--nworkers", "1", "--local-directory", str(tmp_path / host.address),
        )  # fmt: skip
    store = tmp_path / "store"
    _await_scheduler(first)
    batch = first.run(
        *command("batch", archive, "--store", store, "--scheduler", scheduler)
    )
    wait_for(lambda: _both_work(store))
    third.lose_power()
    said, wrong = batch.communicate(timeout=300)
    assert batch.returncode == 0, wrong
    assert f"{WALKS} done" in said
    alone = tmp_path / "alone"
    shutil.copy(tmp_path / "store.key", tmp_path / "alone.key")
    assert call("batch", archive, "--store", alone, "--workers", 1).returncode == 0
    assert values(store) == values(alone)
    assert counts(store) == {"done": WALKS}


def _await_scheduler(host: Host) -> None:
    """Wait until the scheduler on a host takes connections."""
    look = f"import socket; socket.create_connection(('{host.address}', {PORT}), 1)"

    def answers() -> bool:
        words = ["ip", "netns", "exec", host.namespace, sys.executable, "-c", look]
        return not subprocess.run(words, capture_output=True, check=False).returncode

    wait_for(answers)


def _both_work(store: Path) -> bool:
    """Return whether both workers have a recording, or have had one."""
    if not has_journal(store):
        return False
    rows = journal_rows(store, "state, worker")
    ended = {worker for state, worker in rows if state == "done"}
    return len(ended) == 2 or sum(state == "running" for state, _ in rows) == 2
