from __future__ import annotations

import math

import pytest

from sim.experiments.statistics.run_length import (
    chance_to_wait,
    interval_warnings,
    settling_orders,
)
from tests.sim.experiments.statistics.claims import covered, enough_orders


def test_erlang_s_c_by_hand() -> None:
    """Two servers at load a / 2 each: C = a^2 / (2 + a), and one server waits by its load."""
    for load in (0.2, 0.5, 0.9):
        a = 2.0 * load
        assert chance_to_wait(load, 2) == pytest.approx(a * a / (2.0 + a))
        assert chance_to_wait(load, 1) == pytest.approx(load)


def test_the_settling_time_by_hand() -> None:
    """Load 0.25: 0.25 / (1 - 0.5)^2 = 1 order; twice as variable, twice as long."""
    assert settling_orders(0.25) == pytest.approx(1.0)
    assert settling_orders(0.25, 2.0) == pytest.approx(2.0)


def test_the_settling_time_is_that_of_the_queue() -> None:
    """The spectrum of M/M/1 begins at (1 - sqrt(load))^2 of the service rate.

    The rate matrix of 400 states, symmetrised, shows it: its gap is the relaxation rate.
    """
    import numpy as np

    load, states = 0.5, 400
    side = np.full(states - 1, math.sqrt(load))
    middle = np.full(states, -(1.0 + load))
    middle[0], middle[-1] = -load, -1.0
    rates = np.linalg.eigvalsh(np.diag(middle) + np.diag(side, 1) + np.diag(side, -1))

    gap = -rates[-2]

    assert settling_orders(load) == pytest.approx(load / gap, rel=1e-3)


BAD = [
    # load, warm-up, window, replications: known to cover 0.746, 0.910, 0.434 of 0.95
    (0.9, 0, 1000, 10),
    (0.8, 500, 500, 10),
    (0.95, 0, 1000, 10),
]


@pytest.mark.parametrize(("load", "warm_up", "window", "replications"), BAD)
def test_intervals_known_to_be_wrong_are_warned_of(
    load: float, warm_up: int, window: int, replications: int
) -> None:
    """Runs whose intervals are known to cover too rarely do not pass without a word."""
    assert interval_warnings(load, warm_up, window, replications)


def test_each_fault_has_its_own_warning() -> None:
    """At load 0.9 a settling time is 342 orders: 1,026 to warm up, 2,000 x 342 / 0.9 to look at."""
    assert interval_warnings(0.9, 1100, 80_000, 10) == []
    (warm_up,) = interval_warnings(0.9, 900, 80_000, 10)
    assert warm_up.startswith("warm-up: found 900 orders")
    (window,) = interval_warnings(0.9, 1100, 70_000, 10)
    assert window.startswith("window: found 70000 orders in 10")
    (few,) = interval_warnings(0.9, 1100, 200_000, 5)
    assert few.startswith("replications: found 5")
    (load,) = interval_warnings(1.0, 1100, 100_000, 50)
    assert load.startswith("load: found 1.00")
    assert interval_warnings(0.0, 0, 10, 10) == []


@pytest.mark.parametrize(("system", "runs"), [("M/M/1", 1000), ("M/M/6", 150), ("M/G/1", 300)])
def test_intervals_without_a_warning_cover(system: str, runs: int) -> None:
    """Mean waits at load 0.5, runs as short as the warnings allow: 95 % intervals cover.

    99.9 % of 1,000 intervals lie between 0.927 and 0.973. All loads, with 1,000 intervals each:
    ``python -m tests.benchmarks.statistics_coverage --claim coverage``.
    """
    warm_up, window = enough_orders(system, 0.5, 10)

    share = covered(system, 0.5, 10, warm_up, window, runs)

    assert abs(share - 0.95) <= 3.29 * math.sqrt(0.95 * 0.05 / runs)


def test_a_cold_start_covers_far_less() -> None:
    """Load 0.9, 1,000 orders from empty, 10 replications: about 0.75, and the warning says why."""
    assert covered("M/M/1", 0.9, 10, 0, 1000, 300) < 0.85
    found = interval_warnings(0.9, 0, 1000, 10)
    assert [warning.split(":")[0] for warning in found] == ["warm-up", "window"]


def test_bad_input_is_refused() -> None:
    """A queue at load 1 has no settling time."""
    with pytest.raises(ValueError, match="load: found 1"):
        settling_orders(1.0)
    with pytest.raises(ValueError, match="variability: found 0"):
        settling_orders(0.5, 0.0)
    with pytest.raises(ValueError, match="0 servers"):
        chance_to_wait(0.5, 0)
