from __future__ import annotations

import math

import numpy as np
import pytest

from sim.experiments.statistics.stability import growth, offered_loads
from sim.kpis.in_process import in_process
from tests.sim.experiments.statistics.claims import LAWS, called_unstable


def test_the_load_says_it_before_the_run() -> None:
    """Work by role over the hours of its people; nobody there is an infinite load."""
    found = offered_loads(
        {"pickers": 90.0, "packers": 96.0, "dispatchers": 100.0, "clerks": 1.0, "receivers": 0.0},
        {"pickers": 100.0, "packers": 100.0, "dispatchers": 100.0, "clerks": 0.0},
    )

    assert {role: one.verdict for role, one in found.items()} == {
        "pickers": "stable",
        "packers": "heavy",
        "dispatchers": "unstable",
        "clerks": "unstable",
        "receivers": "stable",
    }
    assert found["pickers"].load == pytest.approx(0.9)
    assert found["clerks"].load == math.inf


def test_work_in_process_by_hand() -> None:
    """One order from 1 to 3, one from 2 on for ever: 0.5 in 0 to 2, 1.5 in 2 to 4."""
    found = in_process([2.0, 1.0], [3.0, math.inf], np.array([0.0, 2.0, 4.0]))

    assert found == pytest.approx([0.5, 1.5])


def test_work_in_process_is_the_sum_of_stays() -> None:
    """Little's law pathwise: the area equals the sum of the stays, on random orders."""
    rng = np.random.Generator(np.random.Philox(1))
    came = rng.uniform(0.0, 50.0, 200)
    left = came + rng.exponential(5.0, 200)

    found = in_process(came, left, np.linspace(0.0, 200.0, 11))

    assert 20.0 * found.sum() == pytest.approx((left - came).sum(), rel=1e-12)


def test_a_line_is_measured_by_its_growth() -> None:
    """5 a period over 10 periods, 1,000 orders: growth 50, 5 per cent."""
    found = growth([[5.0 * k for k in range(10)]] * 3, came_in=1000.0)

    assert found.share == pytest.approx(0.05)
    assert (found.p, found.verdict) == (0.0, "unstable")


def test_growth_of_no_relevance_keeps_up() -> None:
    """A queue that fills by one order of a hundred is sure to grow, and no matter."""
    rows = [[100.0 + 0.1 * k + 0.001 * r * k for k in range(10)] for r in range(5)]

    found = growth(rows, came_in=1000.0)

    assert found.p is not None
    assert found.p < 1e-4
    assert found.verdict == "keeps up"
    assert growth([[3.0] * 10] * 4, came_in=100.0).p == 1.0


def test_one_replication_says_nothing() -> None:
    """Periods of one run resemble each other: growth needs replications to be tested."""
    found = growth([[5.0 * k for k in range(10)]], came_in=1000.0)

    assert (found.p, found.verdict) == (None, "too few replications")


@pytest.mark.parametrize("laws", LAWS)
def test_queues_that_keep_up_and_that_do_not(laws: str) -> None:
    """Load 0.95 is called unstable in none of 40 runs, load 1.05 in all but one at most.

    10 replications of 5,000 orders from an empty house; full: tests.benchmarks.statistics_coverage.
    """
    assert called_unstable(0.95, laws, 40) == 0.0
    assert called_unstable(1.05, laws, 40) >= 39 / 40


def test_several_servers() -> None:
    """Six servers are judged as one."""
    assert called_unstable(0.9, "M/M/c", 10, servers=6) == 0.0
    assert called_unstable(1.05, "M/M/c", 10, servers=6) >= 0.9


def test_bad_input_is_refused() -> None:
    """Each message says what was found and what was expected."""
    with pytest.raises(ValueError, match=r"work_s\.pickers: found -1"):
        offered_loads({"pickers": -1.0}, {"pickers": 1.0})
    with pytest.raises(ValueError, match=r"staffed_s\.pickers: found nan"):
        offered_loads({"pickers": 1.0}, {"pickers": math.nan})
    with pytest.raises(ValueError, match="at least 8 numbers"):
        growth([[1.0] * 7] * 3, 100.0)
    with pytest.raises(ValueError, match="found 1 axes"):
        growth(np.ones(10), 100.0)
    with pytest.raises(ValueError, match="came_in: found 0"):
        growth([[1.0] * 10] * 3, 0.0)
    with pytest.raises(ValueError, match="relevant: found 2"):
        growth([[1.0] * 10] * 3, 10.0, relevant=2.0)
