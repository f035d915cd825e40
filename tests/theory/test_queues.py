"""Queues with exact answers, played through ordinary scenarios.

The rows are V01, V02, V04 and V06 of the published validation cases, with a deterministic server
added. Each case is simulated once, from its own seed; each of its figures must be right within an
interval that is narrow. A figure raises a false alarm with chance 0.1 %; the seeds are fixed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

import pytest

from sim.engine.setting import prepare
from sim.log.facts import Fact
from sim.scenario.schema import Scenario
from tests.sim.engine.playing import record
from tests.theory.interval import Estimate, assert_reproduces
from tests.theory.systems import DAY_MIN, Measured, minutes, queue_scenario

RELEASED, PICK_STARTED, PICKED = Fact.RELEASED, Fact.PICK_STARTED, Fact.PICKED
PACKED, REWORK, LABELLED = Fact.PACKED, Fact.REWORK, Fact.LABELLED


def erlang_c(servers: int, load: float) -> float:
    """Return the chance that all servers are busy (Erlang's recursion; load = rate x mean work)."""
    blocked = 1.0
    for count in range(1, servers + 1):
        blocked = load * blocked / (count + load * blocked)
    used = load / servers
    return blocked / (1.0 - used * (1.0 - blocked))


def mean_number(servers: int, rate: float, work: float) -> float:
    """Return the mean number in an M/M/c system."""
    wait = erlang_c(servers, rate * work) / (servers / work - rate)
    return rate * (wait + work)


@dataclass(frozen=True)
class Figure:
    """What is measured, its exact value as published and by formula, and how narrow it must be."""

    measure: Callable[[Measured], float]
    published: float
    formula: float
    max_rel_half_width: float = 0.05


@dataclass(frozen=True)
class Case:
    """A system, how often it is played, and its figures."""

    scenario: Scenario
    seed: int
    figures: Mapping[str, Figure] = field(default_factory=dict)
    replications: int = 20


def wait(measured: Measured) -> float:
    """Mean minutes from release to the start of the pick."""
    return float(measured.between(RELEASED, PICK_STARTED).mean())


def wait_above(minute: float) -> Callable[[Measured], float]:
    """Share of orders that wait longer than some minutes for a picker."""
    return lambda measured: float((measured.between(RELEASED, PICK_STARTED) > minute).mean())


V01 = Case(
    queue_scenario(
        0.8, 2000.0, 27 * DAY_MIN, {"time_s": minutes("exponential", 1.0)}, {}, {"pickers": 1}
    ),
    seed=101,
    figures={
        # rho = 0.8, Wq = rho / (mu - lambda)
        "Wq": Figure(wait, 4.0, 0.8 / (1.0 - 0.8)),
        "W": Figure(
            lambda measured: float(measured.between(RELEASED, PICKED).mean()),
            5.0,
            1.0 / (1.0 - 0.8),
        ),
        "L": Figure(
            lambda measured: measured.mean_number((RELEASED,), (PICKED,)), 4.0, 0.8 / (1.0 - 0.8)
        ),
        # the sojourn time is exponential with rate mu - lambda
        "p_sojourn_gt:10": Figure(
            lambda measured: float((measured.between(RELEASED, PICKED) > 10.0).mean()),
            0.1353352832,
            math.exp(-(1.0 - 0.8) * 10.0),
        ),
    },
)

_C6 = erlang_c(6, 4.0 * 1.25)
_SPARE6 = 6 / 1.25 - 4.0
V02 = Case(
    queue_scenario(
        4.0, 500.0, 9.5 * DAY_MIN, {"time_s": minutes("exponential", 1.25)}, {}, {"pickers": 6}
    ),
    seed=102,
    figures={
        "p_wait": Figure(wait_above(0.0), 0.5875164505, _C6, 0.03),
        "Wq": Figure(wait, 0.7343955631, _C6 / _SPARE6),
        "util": Figure(
            lambda measured: measured.utilisation("pickers", 6), 0.8333333333, 5.0 / 6.0, 0.02
        ),
        "p_wait_gt:1": Figure(wait_above(1.0), 0.2639881581, _C6 * math.exp(-_SPARE6)),
    },
)

# Pollaczek-Khinchine: Wq = lambda E[S^2] / (2 (1 - rho)), E[S^2] = 1 + cv^2
_WQ4 = 0.7 * (1.0 + 1.5**2) / (2.0 * (1.0 - 0.7))
V04 = Case(
    queue_scenario(
        0.7,
        3000.0,
        24 * DAY_MIN,
        {"time_s": minutes("lognormal", 1.0, cv=1.5)},
        {},
        {"pickers": 1},
    ),
    seed=104,
    figures={
        "Wq": Figure(wait, 3.791666667, _WQ4),
        "Lq": Figure(
            lambda measured: measured.mean_number((RELEASED,), (PICK_STARTED,)),
            2.654166667,
            0.7 * _WQ4,
        ),
    },
)

# The same formula with E[S^2] = 1: a deterministic server makes half the wait of V01.
M_D_1 = Case(
    queue_scenario(
        0.8, 1000.0, 8 * DAY_MIN, {"time_s": minutes("deterministic", 1.0)}, {}, {"pickers": 1}
    ),
    seed=105,
    figures={"Wq": Figure(wait, 2.0, 0.8 / (2.0 * (1.0 - 0.8)))},
)

# Traffic equations: 10 % of the packed orders go back, so picking and packing see 1 / 0.9 a minute.
_L_PICK = mean_number(3, 1.0 / 0.9, 20.0 / 9.0)
_L_PACK = mean_number(2, 1.0 / 0.9, 10.0 / 7.0)
_L_SHIP = mean_number(1, 1.0, 2.0 / 3.0)
V06 = Case(
    queue_scenario(
        1.0,
        1500.0,
        8 * DAY_MIN,
        {"time_s": minutes("exponential", 20.0 / 9.0), "error_rate_per_line": 0.1},
        {
            "time_s": minutes("exponential", 10.0 / 7.0),
            "label_s": minutes("exponential", 2.0 / 3.0),
            "check_detects": 1.0,
        },
        {"pickers": 3, "packers": 2, "dispatchers": 1},
    ),
    seed=106,
    figures={
        "W": Figure(
            lambda measured: float(measured.between(Fact.PLACED, LABELLED).mean()),
            11.94419222,
            _L_PICK + _L_PACK + _L_SHIP,
        ),
        "L:pick": Figure(
            lambda measured: measured.mean_number((RELEASED, REWORK), (PICKED,)),
            5.655560499,
            _L_PICK,
        ),
        "L:pack": Figure(
            lambda measured: measured.mean_number((PICKED,), (PACKED, REWORK)),
            4.288631722,
            _L_PACK,
        ),
        "L:ship": Figure(
            lambda measured: measured.mean_number((PACKED,), (LABELLED,)), 2.0, _L_SHIP
        ),
        "throughput:pack": Figure(
            lambda measured: measured.rate(PACKED) + measured.rate(REWORK),
            1.111111111,
            1.0 / 0.9,
            0.01,
        ),
    },
)

CASES = {"V01": V01, "V02": V02, "V04": V04, "M/D/1": M_D_1, "V06": V06}
ROWS = [(case, figure) for case, rows in CASES.items() for figure in rows.figures]


@cache
def estimates(name: str) -> dict[str, Estimate]:
    """Play all replications of a case once and return the estimate of each figure."""
    case = CASES[name]
    run = case.scenario.run.model_copy(update={"seed": case.seed})
    setting = prepare(case.scenario.model_copy(update={"run": run}), {})
    samples: dict[str, list[float]] = {figure: [] for figure in case.figures}
    for replication in range(case.replications):
        measured = Measured(record(setting.scenario, replication, setting=setting))
        for figure, row in case.figures.items():
            samples[figure].append(row.measure(measured))
    return {figure: Estimate.of(values) for figure, values in samples.items()}


@pytest.mark.parametrize(("case", "figure"), ROWS)
def test_published_value_follows_from_its_formula(case: str, figure: str) -> None:
    """The number copied from the published case is the one its formula gives."""
    row = CASES[case].figures[figure]

    assert row.published == pytest.approx(row.formula, rel=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize(("case", "figure"), ROWS)
def test_queue_is_reproduced(case: str, figure: str) -> None:
    """The scenario shows the exact value inside a 95 % interval of at most the allowed width."""
    row = CASES[case].figures[figure]

    assert_reproduces(estimates(case)[figure], row.formula, row.max_rel_half_width)
