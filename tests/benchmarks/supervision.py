"""What supervision costs: ``python -m tests.benchmarks.supervision``.

200 tasks that sleep 0.1 s on two workers would take 10 s if nothing came between them. The time is
that from the first result to the last, so the start of two Python processes is said apart. With
``--store`` each result, an outcome of a small replication, is kept as well.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from concurrent.futures import Executor, Future
from functools import partial
from pathlib import Path

from sim.engine.setting import prepare
from sim.experiments.replication import Outcome, play_replication
from sim.experiments.shards import open_store
from sim.experiments.supervisor import supervised
from sim.experiments.workers import WorkerProcesses
from tests.sim.experiments.small import small

TASKS, WORKERS, SLEEP_S = 200, 2, 0.1


def slept(outcome: Outcome) -> Outcome:
    """Sleep, and give back what was given; runs in the worker."""
    time.sleep(SLEEP_S)
    return outcome


def main() -> None:
    """Measure and say."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--store", action="store_true")
    keep = words.parse_args().store
    with tempfile.TemporaryDirectory() as folder:
        loaded = small(Path(folder), "orders.per_day=10")
        setting = prepare(loaded.scenario, loaded.external_files)
        outcome = play_replication(setting, 0)

        def submit(pool: Executor, _: int) -> Future[Outcome]:
            return pool.submit(slept, outcome)

        with open_store(Path(folder) / "results", loaded) as store:
            began, own_s = time.monotonic(), time.process_time()
            first = None
            executor = partial(WorkerProcesses, setting)
            for result in supervised(range(TASKS), submit, executor, workers=WORKERS):
                first = first or time.monotonic()
                if keep:
                    store.add(result)
            last, own_s = time.monotonic(), time.process_time() - own_s
    assert first is not None
    # The first result stands for the first task of each worker.
    ideal_s, bare_s = (TASKS - WORKERS) / WORKERS * SLEEP_S, bare_sleep_s()
    sys.stdout.write(
        f"{last - first:.2f} s for {ideal_s:.1f} s of sleep: ratio {(last - first) / ideal_s:.3f}; "
        f"two bare loops take {bare_s:.2f} s here and now: ratio {(last - first) / bare_s:.3f}; "
        f"{first - began - SLEEP_S:.2f} s to start the workers, {own_s:.2f} CPU s in all\n"
    )


def bare_sleep_s() -> float:
    """Return how long two processes take that do nothing but sleep as often."""
    loop = (
        "import time; began = time.monotonic()\n"
        f"for _ in range({(TASKS - WORKERS) // WORKERS}): time.sleep({SLEEP_S})\n"
        "print(time.monotonic() - began)"
    )
    both = [
        subprocess.Popen([sys.executable, "-c", loop], stdout=subprocess.PIPE)
        for _ in range(WORKERS)
    ]
    return max(float(process.communicate()[0]) for process in both)


if __name__ == "__main__":
    main()
