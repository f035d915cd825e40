"""Stock systems with exact answers, played through ordinary scenarios and measured by KPIs.

The rows are V03, V08, V09 and V10 of the published validation cases. Added are a periodic
order-up-to system, (r, Q) with lost sales, and base stock whose deliveries do not cross. Each case
is simulated once, from its own seed; each of its figures must be right within an interval that is
narrow. A figure raises a false alarm with chance 0.1 %; the seeds are fixed. Times are days.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from sim.engine.setting import prepare
from sim.scenario.schema import Scenario
from tests.theory.interval import Estimate, assert_reproduces
from tests.theory.stocks import figures, holding, stock_scenario

ENOUGH = 200
"""Units of demand beyond which the chance of every case here is below 1e-30."""


def poisson(mean: float) -> list[float]:
    """Return P(N = 0), P(N = 1), ... of a Poisson law."""
    chances = [math.exp(-mean)]
    for count in range(1, ENOUGH):
        chances.append(chances[-1] * mean / count)
    return chances


def mean_of(chances: list[float], value: Callable[[int], float]) -> float:
    """Return the mean of a function of the number."""
    return math.fsum(chance * value(count) for count, chance in enumerate(chances))


def erlang_b(servers: int, load: float) -> float:
    """Return the blocking probability (Erlang's recursion)."""
    blocked = 1.0
    for count in range(1, servers + 1):
        blocked = load * blocked / (count + load * blocked)
    return blocked


@dataclass(frozen=True)
class Figure:
    """The exact value as published (None: by formula only) and by formula, and how narrow."""

    published: float | None
    formula: float
    max_rel_half_width: float


@dataclass(frozen=True)
class Case:
    """A system, how often it is played, and its figures."""

    scenario: Scenario
    seed: int
    figures: Mapping[str, Figure]
    replications: int = 20


def days(value: float) -> dict[str, Any]:
    """Return a lead time that is always the same."""
    return {"distribution": "deterministic", "value": value}


# V03. The stock on order is an Erlang loss system: S servers, load lambda L.
_LOST = erlang_b(7, 10.0 * 0.5)
V03 = Case(
    stock_scenario(
        10.0,
        10.0,
        45.0,
        {
            "policy": "base_stock",
            "order_up_to": 7,
            "opening": "full",
            "lead_time_days": days(0.5),
        },
        answer="turn_away",
    ),
    seed=103,
    figures={
        "fill_rate": Figure(0.8794813649, 1.0 - _LOST, 0.01),
        "lost_rate": Figure(1.205186351, 10.0 * _LOST, 0.03),
        "on_hand": Figure(2.602593175, 7.0 - 10.0 * 0.5 * (1.0 - _LOST), 0.02),
    },
)

# V08. On order is Poisson(lambda E[L]) for any lead-time law (Palm 1938).
_ON_ORDER = poisson(4.0 * 1.75)
_BACK8 = mean_of(_ON_ORDER, lambda n: max(n - 9, 0))
V08 = Case(
    stock_scenario(
        4.0,
        25.0,
        175.0,
        {
            "policy": "base_stock",
            "order_up_to": 9,
            "opening": "full",
            "lead_time_days": {"distribution": "gamma", "mean": 1.75, "cv": 0.8},
        },
    ),
    seed=108,
    figures={
        "backorders": Figure(0.370824561, _BACK8, 0.05),
        "on_hand": Figure(2.370824561, mean_of(_ON_ORDER, lambda n: max(9 - n, 0)), 0.02),
        "fill_rate": Figure(0.7290912677, math.fsum(_ON_ORDER[:9]), 0.01),
        "customer_wait": Figure(0.09270614025, _BACK8 / 4.0, 0.05),
        "on_order": Figure(None, 4.0 * 1.75, 0.02),
    },
)

# V09. The position is uniform on r + 1 .. r + Q; the net stock is it less Poisson(lambda L).
_R, _Q, _RATE, _COST9 = 6, 38, 20.0, 91.25
_D9 = poisson(_RATE * 0.4)
_CYCLE = range(_R + 1, _R + _Q + 1)
_BACK9 = math.fsum(mean_of(_D9, lambda d, y=y: max(d - y, 0)) for y in _CYCLE) / _Q  # type: ignore[misc]
_HAND9 = math.fsum(mean_of(_D9, lambda d, y=y: max(y - d, 0)) for y in _CYCLE) / _Q  # type: ignore[misc]
V09 = Case(
    stock_scenario(
        _RATE,
        5.0,
        55.0,
        {
            "policy": "r_Q",
            "reorder_point": _R,
            "order_quantity": _Q,
            "lead_time_days": days(0.4),
            "holding_cost_rate_per_year": holding(0.25, _COST9),
            "shortage_cost_eur_per_unit_day": 5.0,
            "order_cost_eur": 8.0,
        },
        cost_eur=_COST9,
    ),
    seed=109,
    figures={
        "cost_rate": Figure(9.194835007, 0.25 * _HAND9 + 5.0 * _BACK9 + 8.0 * _RATE / _Q, 0.01),
        "backorders": Figure(0.1160587983, _BACK9, 0.05),
        "fill_rate": Figure(0.9381484956, math.fsum(math.fsum(_D9[:y]) for y in _CYCLE) / _Q, 0.01),
        "order_rate": Figure(0.5263157895, _RATE / _Q, 0.01),
    },
)


def cost_of_policy(
    s: int,
    up_to: int,
    demand: list[float],
    fixed: float,
    holds: float,
    lacks: float,
) -> float:
    """Return the cost a period of an (s, S) system that is reviewed before each period's demand.

    References
    ----------
    Zheng, Federgruen (1991), eq. 3 and 4: (K + sum m(j) G(S - j)) / M(S - s), where m(j) is the
    renewal density of the demand. Orders come at once; costs are those of the period's end.
    """

    def period(level: int) -> float:
        return mean_of(demand, lambda d: holds * max(level - d, 0) + lacks * max(d - level, 0))

    density: list[float] = []
    for j in range(up_to - s):
        earlier = math.fsum(density[i] * demand[j - i] for i in range(j))
        density.append((float(j == 0) + earlier) / (1.0 - demand[0]))
    cost = math.fsum(m * period(up_to - j) for j, m in enumerate(density))
    return (fixed + cost) / math.fsum(density)


# V10. Snyder & Shen, Fundamentals of Supply Chain Theory, Example 4.7: s = 4, S = 10, 8.034.
_COST10 = 365.0
V10 = Case(
    stock_scenario(
        6.0,
        10.0,
        60.0,
        {
            "policy": "s_S",
            "review": "periodic",
            "review_days": 1,
            "review_time": "00:00",
            "reorder_point": 4,
            "order_up_to": 10,
            "opening": "full",
            "lead_time_days": days(0.0),
            "holding_cost_rate_per_year": holding(1.0, _COST10),
            "shortage_cost_eur_per_unit_day": 4.0,
            "order_cost_eur": 5.0,
            "costs_counted": "at_day_end",
        },
        cost_eur=_COST10,
    ),
    seed=110,
    figures={
        "cost_rate": Figure(8.034111561, cost_of_policy(4, 10, poisson(6.0), 5.0, 1.0, 4.0), 0.01)
    },
)


def over_the_cycle(value: Callable[[float], float], start: float, length: float) -> float:
    """Return the mean of a smooth function over a stretch of time (Simpson's rule)."""
    steps = 1000
    ends = [start + length * k / steps for k in range(steps + 1)]
    weights = [1, *([4, 2] * (steps // 2 - 1)), 4, 1]
    return math.fsum(w * value(t) for w, t in zip(weights, ends, strict=True)) / (3 * steps)


# Order-up-to S every two days: what was ordered is there L later, and lasts until R + L.
_UP_TO = 26
R_S = Case(
    stock_scenario(
        6.0,
        10.0,
        90.0,
        {
            "policy": "base_stock",
            "review": "periodic",
            "review_days": 2,
            "review_time": "06:00",
            "order_up_to": _UP_TO,
            "opening": "full",
            "lead_time_days": days(1.5),
        },
    ),
    seed=111,
    figures={
        "backorders": Figure(
            None,
            over_the_cycle(
                lambda t: mean_of(poisson(6.0 * t), lambda d: max(d - _UP_TO, 0)), 1.5, 2.0
            ),
            0.1,
        ),
        "on_hand": Figure(
            None,
            over_the_cycle(
                lambda t: mean_of(poisson(6.0 * t), lambda d: max(_UP_TO - d, 0)), 1.5, 2.0
            ),
            0.02,
        ),
        "fill_rate": Figure(
            None,
            over_the_cycle(lambda t: math.fsum(poisson(6.0 * t)[:_UP_TO]), 1.5, 2.0),
            0.01,
        ),
    },
)

# (r, Q) with lost sales and one order outstanding, r < Q: the renewal cycle from order to order
# (Hadley & Whitin 1963, section 4-12). Q units are sold in each.
_R_LOST, _Q_LOST, _L_LOST = 4, 10, 0.5
_D_LOST = poisson(10.0 * _L_LOST)
_LEFT = mean_of(_D_LOST, lambda d: max(_R_LOST - d, 0))
_CYCLE_DAYS = _L_LOST + (_Q_LOST + _LEFT - _R_LOST) / 10.0
_BEFORE_IT_COMES = _L_LOST * over_the_cycle(
    lambda t: mean_of(poisson(10.0 * t), lambda d: max(_R_LOST - d, 0)), 0.0, _L_LOST
)
_AFTER_IT_CAME = mean_of(
    _D_LOST,
    lambda d: math.fsum(range(_R_LOST + 1, _Q_LOST + max(_R_LOST - d, 0) + 1)) / 10.0,
)
R_Q_LOST = Case(
    stock_scenario(
        10.0,
        10.0,
        30.0,
        {
            "policy": "r_Q",
            "reorder_point": _R_LOST,
            "order_quantity": _Q_LOST,
            "max_outstanding": 1,
            "lead_time_days": days(_L_LOST),
        },
        answer="turn_away",
    ),
    seed=112,
    figures={
        "order_rate": Figure(None, 1.0 / _CYCLE_DAYS, 0.01),
        "fill_rate": Figure(None, _Q_LOST / (10.0 * _CYCLE_DAYS), 0.01),
        "on_hand": Figure(None, (_BEFORE_IT_COMES + _AFTER_IT_CAME) / _CYCLE_DAYS, 0.02),
    },
)

# Base stock whose deliveries do not cross, lead times exponential. An order is there when it and
# all before it are: P(D <= t) = P(own <= t) P(none before is out after t). The unit asked for now
# is met by the order of S units ago, whose D depends only on what was ordered earlier still.
_S_LINE, _RATE_LINE, _MEAN_LINE = 20, 4.0, 1.75


def there_within(t: float) -> float:
    """Return the chance that an order has come, in its turn, t days after it was placed."""
    late = math.exp(-t / _MEAN_LINE)
    return (1.0 - late) * math.exp(-_RATE_LINE * _MEAN_LINE * late)


def asked_within(t: float) -> float:
    """Return the chance that S units are asked for in t days."""
    return 1.0 - math.fsum(poisson(_RATE_LINE * t)[:_S_LINE])


_LONG = 30.0
_ON_ORDER_LINE = _RATE_LINE * _LONG * over_the_cycle(lambda t: 1.0 - there_within(t), 0.0, _LONG)
_BACK_LINE = (
    _RATE_LINE
    * _LONG
    * over_the_cycle(lambda t: asked_within(t) * (1.0 - there_within(t)), 0.0, _LONG)
)
IN_LINE = Case(
    stock_scenario(
        _RATE_LINE,
        25.0,
        130.0,
        {
            "policy": "base_stock",
            "order_up_to": _S_LINE,
            "opening": "full",
            "orders_cross": False,
            "lead_time_days": {"distribution": "exponential", "mean": _MEAN_LINE},
        },
    ),
    seed=113,
    figures={
        "on_order": Figure(None, _ON_ORDER_LINE, 0.03),
        "backorders": Figure(None, _BACK_LINE, 0.1),
        "on_hand": Figure(None, _S_LINE - _ON_ORDER_LINE + _BACK_LINE, 0.05),
        "fill_rate": Figure(
            None,
            _LONG
            * over_the_cycle(
                lambda t: there_within(t) * _RATE_LINE * poisson(_RATE_LINE * t)[_S_LINE - 1],
                0.0,
                _LONG,
            ),
            0.03,
        ),
    },
)

CASES = {
    "V03": V03,
    "V08": V08,
    "V09": V09,
    "V10": V10,
    "R,S": R_S,
    "r,Q lost": R_Q_LOST,
    "in line": IN_LINE,
}
ROWS = [(case, figure) for case, rows in CASES.items() for figure in rows.figures]
PUBLISHED = [(case, f) for case, f in ROWS if CASES[case].figures[f].published is not None]


@cache
def estimates(name: str) -> dict[str, Estimate]:
    """Play all replications of a case once and return the estimate of each figure."""
    case = CASES[name]
    run = case.scenario.run.model_copy(update={"seed": case.seed})
    setting = prepare(case.scenario.model_copy(update={"run": run}), {})
    played = [figures(setting, replication) for replication in range(case.replications)]
    return {figure: Estimate.of([each[figure] for each in played]) for figure in case.figures}


@pytest.mark.parametrize(("case", "figure"), PUBLISHED)
def test_published_value_follows_from_its_formula(case: str, figure: str) -> None:
    """The number copied from the published case is the one its formula gives."""
    row = CASES[case].figures[figure]

    assert row.published == pytest.approx(row.formula, rel=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize(("case", "figure"), ROWS)
def test_stock_system_is_reproduced(case: str, figure: str) -> None:
    """The KPI shows the exact value inside a 95 % interval of at most the allowed width."""
    row = CASES[case].figures[figure]

    assert_reproduces(estimates(case)[figure], row.formula, row.max_rel_half_width)
