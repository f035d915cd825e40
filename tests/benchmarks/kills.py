"""Kills at random moments: ``python -m tests.benchmarks.kills --kills 300 --pairs 50``.

A run is played again and again by the same call while SIGKILL falls on its first process or on one
of its workers, until nobody kills it any more. The first process writes down, outside the store,
what it gives out and what it has been told is kept. In the end nothing that was kept may be lost or
have been played again, and the digest of all KPIs must be that of a run that nobody disturbed.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np

from sim.engine.setting import Setting, prepare
from sim.experiments.replication import Outcome
from sim.experiments.run import execute
from sim.experiments.shards import open_store
from sim.experiments.workers import WorkerProcesses
from sim.scenario.loading import LoadedScenario
from tests.sim.experiments.small import small

QUICK = (
    "orders.per_day=10",
    "run.warm_up_days=0",
    "run.horizon_days=1",
    "run.follow_up_days=5",
    "items.count=20",
)
REPLICATIONS = 24
JOBS = 2
KILLS_A_RUN = 6
WORKERS_KILLED_AT_MOST = 2  # by one first process: three deaths would make an innocent one guilty
PATIENCE_S = 120.0


@dataclass
class Tally:
    """What all runs together came to."""

    driver_kills: int = 0
    worker_kills: int = 0
    runs: int = 0
    faults: list[str] = field(default_factory=list)


class Recorded(WorkerProcesses):
    """Workers whose replications are written down when they are given out."""

    diary: Path

    def submit(  # type: ignore[override]  # as that of all workers
        self, task: Callable[..., Outcome], /, *words: object
    ) -> Future[Outcome]:
        """Write the replication down and give it out."""
        note(self.diary, f"given {words[0]}")
        return super().submit(task, *words)


def note(diary: Path, line: str) -> None:
    """Write a line that outlives the process."""
    number = os.open(diary, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(number, f"{line}\n".encode())
    os.close(number)


def children_of(parent: int) -> list[int]:
    """Return the living worker processes of a process: all but Python's resource tracker."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
            words = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) == parent and fields[0] != "Z" and b"resource_tracker" not in words:
            found.append(int(folder.name))
    return sorted(found)


class Trial:
    """One run that is disturbed until it is finished."""

    def __init__(self, folder: Path, loaded: LoadedScenario, setting: Setting, start: str) -> None:
        self.results = folder / "results"
        self.diary = folder / "diary"
        self.digest = folder / "digest"
        self._loaded = loaded
        self._setting = setting
        self._start = start

    def begun(self) -> int:
        """Start a first process that plays what is missing, and return its number."""
        sys.stdout.flush()
        number = os.fork()
        if number:
            return number
        code = 1
        try:
            self._play()
            code = 0
        finally:
            os._exit(code)

    def _play(self) -> None:
        Recorded.diary = self.diary
        with open_store(self.results, self._loaded) as store:
            played = execute(
                self._loaded,
                replications=range(REPLICATIONS),
                jobs=JOBS,
                setting=self._setting,
                store=store,
                executor=partial(Recorded, start=self._start),
                done=lambda outcome: note(self.diary, f"kept {outcome.replication}"),
            )
        self.digest.write_text(played.digest, encoding="utf-8")

    def kept(self) -> dict[int, str]:
        """Return the digests of what is in the store."""
        with open_store(self.results, self._loaded) as store:
            found = store.read(store.numbers())
        return {number: outcome.digest for number, outcome in found.items()}

    def faults(self, undisturbed: dict[int, str], digest: str) -> list[str]:
        """Return what is wrong after the last process has ended by itself."""
        wrong = []
        acknowledged: set[int] = set()
        for line in self.diary.read_text(encoding="utf-8").splitlines():
            what, number = line.split()
            if what == "given" and int(number) in acknowledged:
                wrong.append(f"replication {number} was played although it was kept")
            elif what == "kept":
                acknowledged.add(int(number))
        if self.kept() != undisturbed:
            wrong.append("the store does not keep what an undisturbed run plays")
        if self.digest.read_text(encoding="utf-8") != digest:
            wrong.append("another digest")
        return wrong


def ended(process: int) -> int:
    """Wait for a process and return its exit code, -9 if it was killed."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        number, status = os.waitpid(process, os.WNOHANG)
        if number:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    raise TimeoutError(f"process {process} did not end within {PATIENCE_S:.0f} s")


def disturbed(trial: Trial, luck: np.random.Generator, longest_s: float, tally: Tally) -> None:
    """Play one run to its end, killing on the way; at most six times."""
    for _ in range(KILLS_A_RUN):
        process = trial.begun()
        if luck.random() < 0.5:
            time.sleep(luck.uniform(0.0, longest_s))
            os.kill(process, signal.SIGKILL)
            tally.driver_kills += ended(process) == -signal.SIGKILL
        else:
            for _ in range(WORKERS_KILLED_AT_MOST):
                time.sleep(luck.uniform(0.0, longest_s / 2))
                if victims := children_of(process):
                    tally.worker_kills += _killed(victims[int(luck.integers(len(victims)))])
            if (code := ended(process)) != 0:
                tally.faults.append(f"a run whose workers were killed ended with {code}")
        if trial.digest.exists():
            return
    if ended(trial.begun()) != 0:
        tally.faults.append("the last process, which nobody killed, failed")


def _killed(process: int) -> bool:
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def main() -> int:
    """Kill, look, say."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--kills", type=int, default=300)
    words.add_argument("--pairs", type=int, default=0, help="two runs at once on one folder")
    words.add_argument("--start", choices=("spawn", "forkserver", "fork"), default="spawn")
    words.add_argument("--seed", type=int, default=1)
    asked = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tally = _kill(Path(folder), asked.kills, asked.pairs, asked.start, asked.seed)
    _say(
        f"{tally.driver_kills} kills of the first process, {tally.worker_kills} of workers, "
        f"{asked.pairs} pairs; {tally.runs} runs of {REPLICATIONS} replications"
    )
    for fault in tally.faults:
        _say(f"FAULT {fault}")
    _say(f"{len(tally.faults)} faults")
    return 1 if tally.faults else 0


def _kill(folder: Path, kills: int, pairs: int, start: str, seed: int) -> Tally:
    loaded = small(folder, *QUICK)
    setting = prepare(loaded.scenario, loaded.external_files)
    whole = execute(loaded, replications=range(REPLICATIONS), setting=setting)
    undisturbed = {outcome.replication: outcome.digest for outcome in whole.outcomes}
    luck = np.random.Generator(np.random.Philox(seed))
    tally = Tally()

    def trial() -> Trial:
        tally.runs += 1
        place = folder / str(tally.runs)
        place.mkdir()
        return Trial(place, loaded, setting, start)

    first = trial()
    began = time.monotonic()
    ended(first.begun())
    longest_s = time.monotonic() - began
    tally.faults += first.faults(undisturbed, whole.digest)
    while tally.driver_kills + tally.worker_kills < kills:
        one = trial()
        disturbed(one, luck, longest_s, tally)
        tally.faults += one.faults(undisturbed, whole.digest)
    for _ in range(pairs):
        one = trial()
        both = (one.begun(), one.begun())
        tally.faults += [f"one of two ended with {code}" for p in both if (code := ended(p))]
        tally.faults += one.faults(undisturbed, whole.digest)
    return tally


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
