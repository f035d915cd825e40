"""Queues at a station: full rooms, impatient customers, interruptions, vacations, unequal servers.

The exact values are those of short Markov chains, solved here, or of textbook formulas.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from sim.experiments.validation.kinds import system
from sim.experiments.validation.play import validate
from sim.experiments.validation.system import NotInScenarios
from tests.sim.experiments.validation.cases import case_of, exponential, half_used, poisson

Floats = npt.NDArray[np.float64]


ONE = {"type": "deterministic", "value": 1.0}


def birth_and_death(births: Floats, deaths: Floats) -> Floats:
    """Return the chances of states 0, 1, ... of a chain with rates up and down."""
    weights = np.cumprod(np.r_[1.0, births / deaths])
    chances: Floats = weights / weights.sum()
    return chances


def reproduced(kind: str, params: dict[str, Any], figures: dict[str, float]) -> None:
    """Play a case and expect every figure."""
    found = validate([case_of(kind, params, figures)])
    assert [(each.row.metric, each.verdict) for each in found] == [
        (metric, "reproduced") for metric in figures
    ]


def test_room_for_three() -> None:
    """M/M/2 with three places: Erlang's chain; who finds it full is lost."""
    chances = birth_and_death(np.full(3, 1.5), np.array([1.0, 2.0, 2.0]))
    inside = float(chances @ np.arange(4))
    params = {
        "arrivals": poisson(1.5),
        "servers": 2,
        "service": exponential(1.0),
        "capacity": 3,
    }
    entered = 1.5 * (1.0 - chances[3])
    figures = {
        "p_block": chances[3],
        "L": inside,
        "W": inside / entered,
        "util": entered / 2.0,
        "Lq": chances[3],
    }
    reproduced("queue", params, {name: float(value) for name, value in figures.items()})


def test_customers_who_do_not_wait_for_ever() -> None:
    """M/M/1 + M (Palm's Erlang A): the chain of births and deaths with leaving."""
    rate, patience = 1.5, 2.0
    there = np.arange(60)
    chances = birth_and_death(np.full(60, rate), 1.0 + there / patience)
    queue = float(chances @ np.maximum(np.arange(61) - 1, 0))
    params = {
        "arrivals": poisson(rate),
        "servers": 1,
        "service": exponential(1.0),
        "patience": exponential(patience),
    }
    # whoever leaves, leaves at rate 1 / patience while waiting
    reproduced(
        "queue", params, {"p_abandon": queue / patience / rate, "Lq": queue, "Wq": queue / rate}
    )


def test_ranks_that_interrupt() -> None:
    """M/G/1 preemptive resume: the first rank does not see the second (Cobham 1954)."""
    params = {
        "priority": "pr",
        "servers": 1,
        "classes": [
            {"name": "late", "rank": 1, "rate": 0.3, "service": ONE},
            {"name": "soon", "rank": 0, "rate": 0.4, "service": exponential(1.0)},
        ],
    }
    residual = 0.4 * 2.0 / 2.0 + 0.3 / 2.0
    figures = {
        "W:soon": 1.0 / 0.6,
        "W:late": 1.0 / 0.6 + residual / (0.6 * 0.3),
        "Wq:soon": 1.0 / 0.6 - 1.0,
    }
    reproduced("queue", params, figures)


def test_servers_who_go_on_vacation() -> None:
    """M/G/1 with multiple vacations: Wq = Pollaczek-Khinchine + E[V**2] / 2 E[V] (Levy 1975)."""
    vacation = {"type": "deterministic", "value": 3.0, "rule": "multiple"}
    reproduced("queue", half_used(vacation=vacation), {"Wq": 1.0 + 1.5, "util": 0.5})


def test_the_faster_of_two_servers_is_taken_first() -> None:
    """Two servers of means 1 and 2: a chain of who is busy and how many wait (Gumbel 1960)."""
    states = [(0, 0, 0), (1, 0, 0), (0, 1, 0), *((1, 1, waiting) for waiting in range(60))]
    number = {state: place for place, state in enumerate(states)}
    rates = np.zeros((len(states), len(states)))

    def goes(origin: tuple[int, int, int], to: tuple[int, int, int], rate: float) -> None:
        if to in number:
            rates[number[origin], number[to]] += rate

    for fast, slow, waiting in states:
        busy = (fast, slow, waiting)
        if not fast:
            goes(busy, (1, slow, 0), 1.0)
        else:
            goes(busy, (1, 1, waiting + slow), 1.0)
        if waiting:
            goes(busy, (1, 1, waiting - 1), 1.5)
        else:
            goes(busy, (0, slow, 0), 1.0 * fast)
            goes(busy, (fast, 0, 0), 0.5 * slow)
    rates -= np.diag(rates.sum(axis=1))
    equations = np.vstack([rates.T, np.ones(len(states))])
    chances = np.linalg.lstsq(equations, np.r_[np.zeros(len(states)), 1.0], rcond=None)[0]
    params = {
        "arrivals": poisson(1.0),
        "server_mean_times": [2.0, 1.0],
        "dispatch": "fastest_idle_first",
    }
    figures = {
        "L": sum(float(chance) * sum(state) for chance, state in zip(chances, states, strict=True)),
        "util:1": sum(float(chance) * s[1] for chance, s in zip(chances, states, strict=True)),
        "util:2": sum(float(chance) * s[0] for chance, s in zip(chances, states, strict=True)),
    }
    reproduced("queue", params, figures)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"vacation": {**exponential(1.0), "rule": "single"}}, "vacations of the rule 'single'"),
        ({"dispatch": "fastest_idle_first"}, "dispatch without server_mean_times"),
        ({"server_mean_times": [1.0], "dispatch": "random"}, "the dispatch 'random'"),
        ({"priority": "shortest"}, "a queue of the priority 'shortest'"),
    ],
)
def test_what_no_station_does_is_said(more: dict[str, Any], words: str) -> None:
    """The words name it."""
    with pytest.raises(NotInScenarios, match=words):
        system(case_of("queue", half_used(**more), {"Wq": 1.0}))
