"""Is service 2 % faster found?  ``python -m tests.benchmarks.two_percent --macros 1000``.

One picker at load 0.8 (M/M/1), 10 replications of 10,000 orders, mean work 1.0 against 0.98
minutes on the same orders: the verdict on the mean wait, one of a family of 25 KPIs of which the
other 24 do not change. First the simulator plays it; its waits are those of
Lindley's recursion on its own draws. Then the recursion alone plays it many times over.

References
----------
Lindley (1952), The theory of queues with a single server: W' = max(0, W + S - A).
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.engine.setting import prepare
from sim.kpis.estimates import Verdict, verdicts
from sim.log.facts import Fact
from sim.scenario.schema import Scenario
from tests.sim.engine.playing import Record, record
from tests.theory.systems import DAY_MIN, MINUTE_S, minutes, queue_scenario

Floats = npt.NDArray[np.float64]
RATE_PER_MIN, WORK_MIN, FASTER = 0.8, 1.0, 0.98
ORDERS, SETTLING, REPLICATIONS, FAMILY = 10_000, 500, 10, 25


def scenario(work_min: float) -> Scenario:
    """Return the queue with a mean work time, some 10,000 measured orders long."""
    time_s = {"time_s": minutes("exponential", work_min)}
    settling, measured = SETTLING / RATE_PER_MIN, ORDERS / RATE_PER_MIN
    return queue_scenario(RATE_PER_MIN, settling, measured, time_s, {}, {"pickers": 1})


def lindley(gaps: Floats, work: Floats) -> Floats:
    """Return the waits of customers one after the other; the first one finds nobody.

    Parameters
    ----------
    gaps
        Time from each customer's arrival to the next one's, last axis customers.
    work
        Their service times, of the same shape.
    """
    # W_n is the sum of the steps so far less its least value so far.
    steps = np.cumsum(work - gaps, axis=-1)[..., :-1]
    walk = np.concatenate([np.zeros((*steps.shape[:-1], 1)), steps], axis=-1)
    waits: Floats = walk - np.minimum.accumulate(walk, axis=-1)
    return waits


def simulated(played: Record) -> tuple[Floats, Floats]:
    """Return the waits of a replication in minutes, and those of the recursion on its draws."""
    released = played.first_s(Fact.RELEASED) / MINUTE_S
    started = played.first_s(Fact.PICK_STARTED) / MINUTE_S
    work = played.first_s(Fact.PICKED) / MINUTE_S - started
    order = np.argsort(released, kind="stable")
    gaps = np.append(np.diff(released[order]), 0.0)
    return (started - released)[order], lindley(gaps, work[order])


def verdict_of(old: Floats, new: Floats) -> Verdict:
    """Return the verdict on the mean wait, with 24 KPIs beside it that did not change."""
    names = ["wait", *(f"unchanged {k}" for k in range(FAMILY - 1))]
    still = [float(value) for value in old]
    a = dict.fromkeys(names, still)
    b = {**a, "wait": [float(value) for value in new]}
    return verdicts(a, b, dict.fromkeys(names, "low"))["wait"]


@dataclass(frozen=True)
class Found:
    """What many experiments gave.

    Parameters
    ----------
    share
        In which the faster service was found.
    ratio
        Variance of the paired difference over the sum of the variances, both pooled.
    difference
        Mean difference, minutes.
    """

    share: float
    ratio: float
    difference: float


def recursion(macros: int, seed: int) -> Found:
    """Repeat the experiment by the recursion alone."""
    luck = np.random.default_rng(seed)
    shape = (REPLICATIONS, SETTLING + ORDERS)
    found = 0
    apart = together = difference = 0.0
    for _ in range(macros):
        gaps = luck.exponential(1.0 / RATE_PER_MIN, shape)
        work = luck.exponential(WORK_MIN, shape)
        old, new = (
            lindley(gaps, work * factor)[:, SETTLING:].mean(axis=1) for factor in (1.0, FASTER)
        )
        found += verdict_of(old, new).judgement == "better"
        apart += old.var(ddof=1) + new.var(ddof=1)
        together += (new - old).var(ddof=1)
        difference += float((new - old).mean())
    return Found(found / macros, together / apart, difference / macros)


def by_simulator(macros: int) -> tuple[Found, float]:
    """Repeat the experiment in the simulator; return also the recursion's largest error."""
    largest = apart = together = difference = 0.0
    found = 0
    settings = [prepare(scenario(WORK_MIN * factor), {}) for factor in (1.0, FASTER)]
    for macro in range(macros):
        means: list[list[float]] = []
        for setting in settings:
            row = []
            for replication in range(macro * REPLICATIONS, (macro + 1) * REPLICATIONS):
                played = record(setting.scenario, replication, setting=setting)
                waits, twin = simulated(played)
                largest = max(largest, float(np.abs(waits - twin).max()))
                placed = np.sort(played.first_s(Fact.RELEASED)) / MINUTE_S
                inside = placed >= setting.scenario.run.warm_up_days * DAY_MIN
                row.append(float(waits[inside].mean()))
            means.append(row)
        old, new = np.array(means)
        found += verdict_of(old, new).judgement == "better"
        apart += float(old.var(ddof=1) + new.var(ddof=1))
        together += float((new - old).var(ddof=1))
        difference += float((new - old).mean())
    return Found(found / macros, together / apart, difference / macros), largest


def said(found: Found, macros: int, began: float) -> str:
    """Return what experiments gave, in words."""
    return (
        f"{macros} experiments: found in {100.0 * found.share:.1f} %, {found.difference:+.3f} min; "
        f"variance paired / unpaired {found.ratio:.4f}; CPU {time.process_time() - began:.1f} s"
    )


def main() -> None:
    """Print both."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--macros", type=int, default=1000)
    parser.add_argument("--simulated", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    began = time.process_time()
    found, largest = by_simulator(chosen.simulated)
    print(f"simulator, {said(found, chosen.simulated, began)}")  # noqa: T201  # its output
    print(f"largest error of the recursion: {largest:.1e} min")  # noqa: T201  # its output
    began = time.process_time()
    found = recursion(chosen.macros, chosen.seed)
    print(f"recursion, {said(found, chosen.macros, began)}")  # noqa: T201  # its output


if __name__ == "__main__":
    main()
