"""A small Dask cluster for tests: a scheduler and workers, each a process on this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_S = 30.0


def free_port() -> int:
    """Return a port of this machine that nobody uses."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def cluster(
    folder: Path, *, workers: int, threads: int = 1, python: str = sys.executable
) -> Iterator[str]:
    """Start a cluster on the loopback interface and yield its address.

    Dask gives a replication up at its first worker's death, so that tests need not kill many.
    """
    address = f"tcp://127.0.0.1:{free_port()}"
    port = address.rsplit(":", 1)[1]
    quiet = ["--host", "127.0.0.1", "--no-dashboard"]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
        "DASK_TEMPORARY_DIRECTORY": str(folder),
    }
    commands = [["scheduler", *quiet, "--port", port]]
    one = ["worker", address, *quiet, "--nthreads", str(threads), "--memory-limit", "0"]
    commands += [[*one, "--death-timeout", "20"]] * workers
    running = []
    with (folder / "cluster.log").open("w", encoding="utf-8") as log:
        try:
            for words in commands:
                command = [python, "-m", "dask", *words]
                running.append(
                    subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
                )
            await_workers(address, workers)
            yield address
        finally:
            for process in reversed(running):
                process.terminate()
            for process in reversed(running):
                try:
                    process.wait(PATIENCE_S)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def await_workers(address: str, count: int) -> None:
    """Wait until so many workers have joined."""
    from distributed import Client

    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            with Client(address, timeout=PATIENCE_S, set_as_default=False) as client:
                client.wait_for_workers(count, timeout=PATIENCE_S)
        except OSError:
            if time.monotonic() > until:
                raise
        else:
            return
