"""Folders of workers: the dead leave none behind for long."""

from __future__ import annotations

import multiprocessing.spawn
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, fields
from multiprocessing import resource_tracker
from pathlib import Path

import pytest

from sim.engine.setting import Setting, prepare
from sim.experiments.replication import play_replication
from sim.experiments.worker_folder import PREFIX, worker_folder
from sim.experiments.workers import WorkerProcesses
from tests.sim.experiments.small import small

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are asked by signal 0")


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, of this test alone."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_folder_of_a_dead_process_goes_away(temporary: Path) -> None:
    """What a process left that is no more is removed; the living and strangers keep theirs."""
    mine = worker_folder()
    here = mine.name.removesuffix(mine.name.rpartition(f"{os.getpid()}-")[2])
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left = temporary / f"{here.replace(f'{os.getpid()}-', f'{gone.pid}-')}abc"
    living = temporary / f"{here.replace(f'{os.getpid()}-', f'{os.getppid()}-')}abc"
    elsewhere = temporary / f"{PREFIX}another_machine-{gone.pid}-abc"
    others = temporary / "warelab-abc"
    for folder in (left, living, elsewhere, others):
        folder.mkdir()
        (folder / "1").touch()

    second = worker_folder()

    there = set(temporary.iterdir())
    assert there == {mine, second, living, elsewhere, others}


def test_a_link_is_not_followed(temporary: Path) -> None:
    """A link with the name of a dead process's folder takes nothing away elsewhere."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    precious = temporary / "precious"
    precious.mkdir()
    (precious / "file").touch()
    name = worker_folder().name.replace(f"-{os.getpid()}-", f"-{gone.pid}-")
    (temporary / name).symlink_to(precious)

    worker_folder()

    assert (precious / "file").exists()


@dataclass(frozen=True)
class Large(Setting):
    """A setting that is larger than a pipe.

    Parameters
    ----------
    ballast
        Bytes.
    """

    ballast: bytes


def test_a_worker_that_dies_at_its_start_does_not_block_the_first_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workers that end in their first moment break the executor, however large the setting is."""
    loaded = small(tmp_path)
    setting = prepare(loaded.scenario, loaded.external_files)
    values = {field.name: getattr(setting, field.name) for field in fields(setting)}
    resource_tracker.ensure_running()  # it is to be started by the true program
    # A program that ends at once instead of Python: nobody reads what the worker is told.
    monkeypatch.setattr(multiprocessing.spawn, "get_executable", lambda: b"/bin/true")

    def late(*_: object) -> None:
        raise AssertionError("the first process is blocked")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(20)
    try:
        pool = WorkerProcesses(Large(**values, ballast=bytes(2**20)), 1)
        with pytest.raises((OSError, RuntimeError)):  # broken pool, or cut connection
            pool.submit(play_replication, setting, 0).result()
        pool.shutdown(cancel_futures=True)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _nothing() -> None:
    return None
