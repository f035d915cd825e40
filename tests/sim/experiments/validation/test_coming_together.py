"""Customers who come together: batches with exact answers, each played as messages of orders.

The rate of a case is that of its batches, everything is counted by the customer. Half-widths of
95 % are given by row; a false alarm has chance 0.1 %. Times are minutes.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest

from sim.experiments.validation.kinds import system
from tests.sim.experiments.validation.playing_a_system import case_of, estimates

PMF = {1: 0.5, 2: 0.2, 5: 0.3}
MEAN = 2.4
PAIRS = 0.2 * 2 + 0.3 * 20
"""E[X (X - 1)]."""
COME = {
    "type": "poisson_batch",
    "rate": 0.25,
    "batch_pmf": {str(size): chance for size, chance in PMF.items()},
}


def assert_reproduced(
    params: dict[str, object], rows: dict[str, tuple[float, float]], days: float
) -> None:
    """Each figure of a queue passes."""
    case = case_of("queue", params, rows, warm_up=600.0, unit_s=60.0)
    found = estimates(system(case), days=days)
    wrong = {
        metric: (expected, found[metric])
        for metric, (expected, width) in rows.items()
        if not found[metric].passes(expected, width)
    }
    assert not wrong


def test_one_server_and_any_law_of_service() -> None:
    """M^X/G/1: Wq = rho s (1 + c^2) / (2 (1 - rho)) + E[X (X - 1)] s / (2 E[X] (1 - rho))."""
    rho, s, cv2 = 0.6, 1.0, 0.25
    wait = (rho * s * (1.0 + cv2) + PAIRS * s / MEAN) / (2.0 * (1.0 - rho))
    params = {"arrivals": COME, "servers": 1, "service": {"type": "gamma", "mean": s, "cv": 0.5}}
    rows = {
        "Wq": (wait, 0.1),
        "W": (wait + s, 0.1),
        "Lq": (0.6 * wait, 0.1),
        "L": (0.6 * (wait + s), 0.1),
        "util": (rho, 0.05),
        "throughput": (0.6, 0.05),
        "p_wait": (1.0 - (1.0 - rho) / MEAN, 0.05),
    }

    assert_reproduced(params, rows, days=12.0)


def number_there(servers: int, rate: float, mean: float, most: int) -> npt.NDArray[np.float64]:
    """Return the law of the number in an M^X/M/c queue, cut at a number; solved as a chain."""
    moves = np.zeros((most + 1, most + 1))
    for number in range(most + 1):
        for size, chance in PMF.items():
            moves[number, min(number + size, most)] += rate * chance
        if number:
            moves[number, number - 1] += min(number, servers) / mean
    np.fill_diagonal(moves, moves.diagonal() - moves.sum(axis=1))
    moves[:, 0] = 1.0
    wanted = np.zeros(most + 1)
    wanted[0] = 1.0
    return np.linalg.solve(moves.T, wanted).astype(np.float64)


def later_than(time: float, ends: int, rate: float) -> float:
    """Return the chance that so many services end later than a time, each at a rate."""
    if ends <= 0:
        return 0.0
    return math.fsum(
        math.exp(-rate * time) * (rate * time) ** k / math.factorial(k) for k in range(ends)
    )


@pytest.mark.slow
@pytest.mark.parametrize("servers", [3])
def test_several_servers(servers: int) -> None:
    """M^X/M/c as a chain; who is the k-th of a batch that finds n there waits for n + k - c."""
    mean, x = 4.0, 2.0
    law = number_there(servers, 0.25, mean, 400)
    lq = math.fsum(max(n - servers, 0) * chance for n, chance in enumerate(law.tolist()))
    rank = {k: math.fsum(c for size, c in PMF.items() if size > k) / MEAN for k in range(5)}

    def waits(time: float) -> float:
        return math.fsum(
            chance * share * later_than(time, n + k - servers + 1, servers / mean)
            for n, chance in enumerate(law[:150].tolist())
            for k, share in rank.items()
        )

    rows = {
        "Lq": (lq, 0.15),
        "Wq": (lq / 0.6, 0.15),
        "W": (lq / 0.6 + mean, 0.15),
        "util": (0.6 * mean / servers, 0.05),
        "p_wait": (waits(0.0), 0.05),
        f"p_wait_gt:{x}": (waits(x), 0.1),
    }
    service = {"type": "exponential", "mean": mean}

    assert_reproduced({"arrivals": COME, "servers": servers, "service": service}, rows, days=30.0)


def test_a_limited_room_takes_what_finds_a_place() -> None:
    """M^X/M/1 with four places: of a batch, as many as there are places come in."""
    places, mean = 4, 1.5
    moves = np.zeros((places + 1, places + 1))
    for number in range(places + 1):
        for size, chance in PMF.items():
            moves[number, min(number + size, places)] += 0.25 * chance
        if number:
            moves[number, number - 1] += 1.0 / mean
    np.fill_diagonal(moves, 0.0)
    np.fill_diagonal(moves, -moves.sum(axis=1))
    moves[:, 0] = 1.0
    law = np.linalg.solve(moves.T, np.eye(places + 1)[0]).tolist()
    lost = math.fsum(
        chance * share * max(number + size - places, 0) / MEAN
        for number, chance in enumerate(law)
        for size, share in PMF.items()
    )
    there = math.fsum(number * chance for number, chance in enumerate(law))
    params = {
        "arrivals": COME,
        "servers": 1,
        "service": {"type": "exponential", "mean": mean},
        "capacity": places,
    }
    rows = {
        "p_block": (lost, 0.05),
        "L": (there, 0.05),
        "W": (there / (0.6 * (1.0 - lost)), 0.05),
        "util": (1.0 - law[0], 0.03),
    }

    assert_reproduced(params, rows, days=5.0)


def test_an_empty_start() -> None:
    """With servers for all, the mean number at t is rate E[X] m (1 - e^(-t / m))."""
    mean = 0.8
    params = {
        "arrivals": COME,
        "servers": 60,
        "service": {"type": "exponential", "mean": mean},
        "start": "empty",
    }
    rows = {
        f"N_at:{time:g}": (0.6 * mean * (1.0 - math.exp(-time / mean)), 0.3) for time in (0.5, 20.0)
    }

    assert_reproduced(params, rows, days=200.0)
