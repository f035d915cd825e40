"""The claims of docs/statistics.md as experiments: each returns how often something happened.

The tests run them small, ``python -m tests.benchmarks.statistics_coverage`` in full. Numbers of
KPIs are skewed, as waits are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sim.experiments.statistics.run_length import (
    WARM_UP_TIMES,
    interval_warnings,
    settling_orders,
    window_needed_orders,
)
from sim.experiments.statistics.selection import kim_nelson, rinott
from sim.experiments.statistics.stability import growth
from sim.kpis.estimates import Direction, estimate, verdicts
from sim.kpis.in_process import in_process
from tests.sim.experiments.statistics.queues import (
    Floats,
    Law,
    erlang,
    exponential,
    hyperexponential,
    mean_wait,
    waits,
)

SYSTEMS: dict[str, tuple[int, Law, float]] = {
    "M/M/1": (1, exponential, 1.0),
    "M/M/6": (6, exponential, 1.0),
    "M/G/1": (1, hyperexponential(2.0), 2.0),
}
"""Servers, law of the service time, its squared coefficient of variation."""

MOST_NUMBERS = 4_000_000
"""Waits that are held at once."""


def rng(seed: int) -> np.random.Generator:
    """Return a generator of its own."""
    return np.random.Generator(np.random.Philox(seed))


def enough_orders(system: str, load: float, replications: int) -> tuple[int, int]:
    """Return the shortest warm-up and window that draw no warning."""
    servers, _, scv = SYSTEMS[system]
    variability = 0.5 * (1.0 + scv)
    warm_up = math.ceil(WARM_UP_TIMES * settling_orders(load, variability))
    window = math.ceil(window_needed_orders(load, servers, variability) / replications)
    assert not interval_warnings(
        load, warm_up, window, replications, servers=servers, variability=variability
    )
    return warm_up, window


def covered(
    system: str,
    load: float,
    replications: int,
    warm_up: int,
    window: int,
    runs: int,
    seed: int = 1,
) -> float:
    """Return the share of 95 % intervals of the mean wait that cover the exact one."""
    servers, service, scv = SYSTEMS[system]
    exact, draws = mean_wait(load, servers, scv), rng(seed)
    at_once = max(1, MOST_NUMBERS // ((warm_up + window) * replications))
    hits = done = 0
    while done < runs:
        part = min(at_once, runs - done)
        wait = waits(draws, part * replications, warm_up + window, load, servers, service)[1]
        means = wait[warm_up:].mean(axis=0).reshape(part, replications)
        for row in means.tolist():
            found = estimate(row)
            assert found is not None
            assert found.half_width is not None
            hits += abs(found.mean - exact) <= found.half_width
        done += part
    return hits / runs


def false_alarms(suites: int, correlation: float, seed: int = 2) -> int:
    """Return how many suites of 25 KPIs call the same policy different on new seeds."""
    draws = rng(seed)
    names = [f"k{k}" for k in range(25)]
    better: dict[str, Direction] = dict.fromkeys(names, "low")
    alarms = 0
    for _ in range(suites):
        shared = draws.standard_normal((2, 1, 10))
        own = draws.standard_normal((2, 25, 10))
        z = np.sqrt(correlation) * shared + np.sqrt(1.0 - correlation) * own
        a, b = (dict(zip(names, side, strict=True)) for side in np.exp(0.5 * z).tolist())
        found = verdicts(a, b, better)
        alarms += any(v.judgement in ("better", "worse") for v in found.values())
    return alarms


SLIPPAGE = [
    ((1.0, 0.0, 0.0), (0.1, 10.0, 0.1)),
    ((0.0, 1.0, 0.0), (0.1, 10.0, 0.1)),
    ((0.0, 0.0, 1.0), (0.1, 10.0, 0.1)),
    ((1.0, 0.0, 0.0, 0.0, 0.0), (1.0, 6.0, 1.0, 6.0, 1.0)),
    ((0.0, 0.0, 1.0, 0.0, 0.0), (1.0, 6.0, 1.0, 6.0, 1.0)),
    ((0.0, 0.0, 0.0, 0.0, 1.0), (1.0, 6.0, 1.0, 6.0, 1.0)),
]
"""Means and standard deviations: the best is better than each other by delta = 1."""


def right_choices(
    means: tuple[float, ...],
    sds: tuple[float, ...],
    runs: int,
    *,
    procedure: str = "KN",
    shared: float = 0.0,
    seed: int = 3,
) -> tuple[int, float]:
    """Return how often the largest mean is chosen, with delta 1, and the mean replications.

    ``shared`` is the standard deviation of what the policies share in a replication (common random
    numbers).
    """
    draws, level, spread = rng(seed), np.array(means), np.array(sds)

    def observe(policies: Sequence[int], first: int, count: int) -> Floats:
        del first
        luck = draws.standard_normal((count, len(policies))) * spread[list(policies)]
        values: Floats = level[list(policies)] + luck + shared * draws.standard_normal((count, 1))
        return values

    right, played = 0, 0
    for _ in range(runs):
        if procedure == "Rinott":
            found = rinott(observe, len(level), 1.0, better="high", first_stage=10)
        else:
            found = kim_nelson(
                observe,
                len(level),
                1.0,
                better="high",
                at_once=64,
                update_variances=procedure == "KN++",
            )
        right += found.best == int(level.argmax())
        played += sum(found.replications)
    return right, played / runs


LAWS: dict[str, tuple[Law, Law]] = {
    "M/E4/c": (erlang(4), exponential),
    "M/M/c": (exponential, exponential),
    "M/H2/c": (hyperexponential(2.0), exponential),
    "H2/H2/c": (hyperexponential(2.0), hyperexponential(2.0)),
}


def called_unstable(
    load: float, laws: str, suites: int, *, servers: int = 1, orders: int = 5000, seed: int = 4
) -> float:
    """Return the share of runs of 10 replications, from empty, that are called unstable."""
    service, gaps = LAWS[laws]
    draws = rng(seed)
    at_once = max(1, MOST_NUMBERS // (orders * 10))
    said = done = 0
    while done < suites:
        part = min(at_once, suites - done)
        arrive, wait, serve = waits(draws, part * 10, orders, load, servers, service, gaps)
        left = arrive + wait + serve
        ends = np.linspace(0.0, arrive[-1], 11)
        rows = [in_process(arrive[:, r], left[:, r], ends[:, r]) for r in range(part * 10)]
        for suite in range(part):
            ten = np.array(rows[10 * suite : 10 * suite + 10])
            said += growth(ten, orders).verdict == "unstable"
        done += part
    return said / suites
