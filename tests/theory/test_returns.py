"""Returns and accuracy with exact answers, played through ordinary scenarios and read off the KPIs.

The rows are V12 of the published validation cases. Units are sold as a Poisson process of rate
lambda; each comes back with probability p after an exponential delay of mean 1/theta. Inside a
window of T days that starts empty,

    E[returned] = lambda p (T - (1 - exp(-theta T)) / theta),

so the raw ratio returned / sold is biased low: 0.152 where the truth is 0.18. The rate by cohort,
which follows what was sold in the window to its end, has no such bias.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import pytest

from sim.engine.setting import prepare
from sim.experiments.validation.house import plain_house
from sim.kpis.account import Account
from sim.kpis.accuracy import arrived_wrong_lines_rate, shipped_accuracy_orders_rate
from sim.kpis.returns import rate_of_return, rate_of_return_window, units_returned_window
from sim.kpis.slices import Window
from sim.kpis.tables import Tables
from sim.scenario.schema import Scenario
from tests.sim.engine.playing import record, scenario_of
from tests.theory.interval import Estimate, assert_reproduces

DAY_S = 86_400.0
SALES, BACK, DELAY_DAYS, WINDOW_DAYS = 12.0, 0.18, 14.0, 90.0
EXTRA_LINES, WRONG, FOUND = 1.7, 0.02, 0.6

Kpi = Callable[[Account], float | None]


def shop(days: float, **sections: Any) -> Scenario:
    """Return a house in which nothing takes time and nothing goes wrong but what is asked for."""
    plain = plain_house(
        run={
            "warm_up_days": 0.0,
            "horizon_days": days,
            "cool_down_days": 0.0,
            "follow_up_days": 600.0,
            "seed": 112,
        },
        items={"count": 10},
    )
    for name, keys in sections.items():
        plain[name] = {**plain[name], **keys}
    return scenario_of(**plain)


def played(scenario: Scenario, replications: int, kpis: Mapping[str, Kpi]) -> dict[str, Estimate]:
    """Return the estimate of some KPIs over independent replications."""
    setting = prepare(scenario, {})
    window = Window(0.0, scenario.run.horizon_days * DAY_S)
    values: dict[str, list[float]] = {name: [] for name in kpis}
    for replication in range(replications):
        run = record(scenario, replication, setting=setting)
        assert run.played.open_lives == 0
        tables = Tables(run.book.demand, setting.catalogue, window)
        tables.add(run.log)
        account = Account(tables, scenario)
        for name, kpi in kpis.items():
            value = kpi(account)
            assert value is not None
            values[name].append(value)
    return {name: Estimate.of(sample) for name, sample in values.items()}


@cache
def returns() -> dict[str, Estimate]:
    """Play 90 days of sales 280 times: fewer would leave the number of returns too wide."""
    scenario = shop(
        WINDOW_DAYS,
        orders={"per_day": SALES},
        items={"categories": {"all": {"return_rate": BACK}}},
        returns={"lag_days": {"distribution": "exponential", "mean": DELAY_DAYS}},
    )
    kpis: dict[str, Kpi] = {
        "returned_units": units_returned_window,
        "rate_of_return_window": rate_of_return_window,
        "rate_of_return": rate_of_return,
    }
    return played(scenario, 280, kpis)


@cache
def accuracy(found_by: str) -> dict[str, Estimate]:
    """Play 5,000 orders of 1 + Poisson(1.7) lines 20 times.

    A scan at the pick puts right on the spot, as the published case has it; what the packing check
    finds is picked again, and may be wrong again.
    """
    by_scan = found_by == "scan"
    scan = {"of": "lines", "detects": FOUND} if by_scan else {}
    only_wrong_items = {"wrong_item": 1.0, "wrong_quantity": 0.0, "omitted": 0.0, "damaged": 0.0}
    scenario = shop(
        10.0,
        orders={
            "per_day": 500.0,
            "lines_per_order": {"distribution": "one_plus_poisson", "mean_extra": EXTRA_LINES},
        },
        items={"count": 500},
        picking={"error_rate_per_line": WRONG, "error_mix": only_wrong_items, "scan": scan},
        packing={"check_detects": 0.0 if by_scan else FOUND},
    )
    kpis: dict[str, Kpi] = {
        "order_accuracy": shipped_accuracy_orders_rate,
        "line_accuracy": lambda account: 1.0 - (arrived_wrong_lines_rate(account) or 0.0),
    }
    return played(scenario, 20, kpis)


def orders_right(line_right: float) -> float:
    """Return E[q^N] for N = 1 + Poisson(m) lines that are right with chance q."""
    return line_right * math.exp(-EXTRA_LINES * (1.0 - line_right))


_SEEN_DAYS = WINDOW_DAYS - DELAY_DAYS * (1.0 - math.exp(-WINDOW_DAYS / DELAY_DAYS))
_RIGHT = 1.0 - WRONG * (1.0 - FOUND)
# picked until the check finds nothing: wrong for good with e (1 - d), once more with e d
_RIGHT_BY_CHECK = 1.0 - WRONG * (1.0 - FOUND) / (1.0 - WRONG * FOUND)


@dataclass(frozen=True)
class Figure:
    """A KPI's name, what it is played by, its exact value, how narrow its interval must be."""

    name: str
    play: Callable[[], dict[str, Estimate]]
    formula: float
    max_rel_half_width: float
    published: float | None = None

    @property
    def id(self) -> str:
        """Name of the test."""
        return f"{self.name}-{'published' if self.published else 'formula'}"


SCAN, CHECK = partial(accuracy, "scan"), partial(accuracy, "check")
FIGURES = [
    Figure("returned_units", returns, SALES * BACK * _SEEN_DAYS, 0.01, 164.2088302),
    Figure("rate_of_return_window", returns, BACK * _SEEN_DAYS / WINDOW_DAYS, 0.01, 0.1520452132),
    Figure("order_accuracy", SCAN, orders_right(_RIGHT), 0.001, 0.9786001257),
    Figure("line_accuracy", SCAN, _RIGHT, 0.001, 0.992),
    Figure("rate_of_return", returns, BACK, 0.01),
    Figure("order_accuracy", CHECK, orders_right(_RIGHT_BY_CHECK), 0.001),
    Figure("line_accuracy", CHECK, _RIGHT_BY_CHECK, 0.001),
]


@pytest.mark.parametrize("figure", FIGURES[:4], ids=lambda figure: figure.id)
def test_the_published_figure_is_that_of_the_formula(figure: Figure) -> None:
    """Two independent sources of each exact value agree."""
    assert figure.formula == pytest.approx(figure.published, rel=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.id)
def test_the_simulator_reproduces(figure: Figure) -> None:
    """Each figure is right within an interval that is narrow enough."""
    estimate = figure.play()[figure.name]

    assert_reproduces(estimate, figure.formula, figure.max_rel_half_width)


@pytest.mark.slow
def test_the_raw_ratio_is_biased_where_the_cohort_rate_is_not() -> None:
    """After 90 days the raw ratio's interval lies below the true rate, the cohort's holds it."""
    from scipy.stats import t

    raw, cohort = returns()["rate_of_return_window"], returns()["rate_of_return"]

    reach = float(t.ppf(0.9995, cohort.replications - 1))
    assert raw.mean + reach * raw.standard_error < BACK
    assert abs(cohort.mean - BACK) <= reach * cohort.standard_error
