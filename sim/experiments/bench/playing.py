"""The cells of a suite, played over several processes: one task a cell."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool

from sim.errors import WorkerDied
from sim.experiments.bench.suite import Suite
from sim.experiments.run import execute
from sim.kpis.estimates import Number
from sim.scenario.loading import LoadedScenario

CellValues = dict[str, list[Number]]
"""KPI name to one number a replication, from replication 0."""


def play_suite(
    suite: Suite,
    *,
    replications: int | None = None,
    jobs: int = 1,
    done: Callable[[int], None] | None = None,
) -> dict[str, CellValues]:
    """Return the values of every cell, by its name, in the order of the suite.

    Parameters
    ----------
    suite
        What to play.
    replications
        Only the first so many; default all.
    jobs
        Processes; the numbers do not depend on it.
    done
        Hears the number of replications after each cell.

    Raises
    ------
    WorkerDied
        A process ended in the middle of its work.
    """
    count = replications or suite.replications
    kpis = tuple(suite.smallest)
    found: dict[str, CellValues] = {}
    if jobs <= 1:
        for cell in suite.cells:
            found[cell.name] = _played(cell.loaded, count, kpis)
            if done:
                done(count)
        return found
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(jobs, len(suite.cells)), context, _leave_ctrl_c) as pool:
        tasks = {pool.submit(_played, c.loaded, count, kpis): c.name for c in suite.cells}
        try:
            for task in as_completed(tasks):
                found[tasks[task]] = task.result()
                if done:
                    done(count)
        except BrokenProcessPool:
            raise WorkerDied(range(count), 1) from None
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    return {cell.name: found[cell.name] for cell in suite.cells}


def _leave_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _played(loaded: LoadedScenario, count: int, kpis: tuple[str, ...]) -> CellValues:
    run = execute(loaded, replications=range(count))
    return {kpi: run.values(kpi) for kpi in kpis}


def first(values: Mapping[str, CellValues], count: int) -> dict[str, CellValues]:
    """Return the first so many replications of every cell."""
    return {
        cell: {kpi: numbers[:count] for kpi, numbers in kpis.items()}
        for cell, kpis in values.items()
    }
