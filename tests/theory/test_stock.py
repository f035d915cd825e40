"""Stock systems with exact answers: how the published ones follow from formulas, and three more.

The rows of V03, V08, V09 and V10 of the published validation cases are those of formulas. Played
are a periodic order-up-to system, (r, Q) with lost sales, and base stock whose deliveries do not
cross. Each is simulated once, from its own seed; each of its figures must be right within an
interval that is narrow. A figure raises a false alarm with chance 0.1 %; the seeds are fixed. Times
are days.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

import pytest

from sim.experiments.validation import inventory
from sim.experiments.validation.inventory_measures import kpi
from sim.experiments.validation.inventory_time import EQUALS
from tests.sim.experiments.validation.playing_a_system import Estimate, case_of, estimates

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
    """The exact value, and how narrow its interval must be."""

    value: float
    max_rel_half_width: float


@dataclass(frozen=True)
class Stock:
    """A stock system, how long it is warmed up and played in its days, and its figures."""

    params: Mapping[str, Any]
    warm_up_days: float
    measured_days: float
    seed: int
    figures: Mapping[str, Figure]


def poisson_demand(rate: float) -> dict[str, Any]:
    """Return demand that asks for one unit at a time."""
    return {"type": "poisson", "rate": rate}


# V03. The stock on order is an Erlang loss system: S servers, load lambda L.
_LOST = erlang_b(7, 10.0 * 0.5)
V03 = {
    "fill_rate": (0.8794813649, 1.0 - _LOST),
    "lost_rate": (1.205186351, 10.0 * _LOST),
    "on_hand": (2.602593175, 7.0 - 10.0 * 0.5 * (1.0 - _LOST)),
}

# V08. On order is Poisson(lambda E[L]) for any lead-time law (Palm 1938).
_ON_ORDER = poisson(4.0 * 1.75)
_BACK8 = mean_of(_ON_ORDER, lambda n: max(n - 9, 0))
V08 = {
    "backorders": (0.370824561, _BACK8),
    "on_hand": (2.370824561, mean_of(_ON_ORDER, lambda n: max(9 - n, 0))),
    "fill_rate": (0.7290912677, math.fsum(_ON_ORDER[:9])),
    "customer_wait": (0.09270614025, _BACK8 / 4.0),
}

# V09. The position is uniform on r + 1 .. r + Q; the net stock is it less Poisson(lambda L).
_R, _Q, _RATE = 6, 38, 20.0
_D9 = poisson(_RATE * 0.4)
_CYCLE = range(_R + 1, _R + _Q + 1)
_BACK9 = math.fsum(mean_of(_D9, lambda d, y=y: max(d - y, 0)) for y in _CYCLE) / _Q  # type: ignore[misc]
_HAND9 = math.fsum(mean_of(_D9, lambda d, y=y: max(y - d, 0)) for y in _CYCLE) / _Q  # type: ignore[misc]
V09 = {
    "cost_rate": (9.194835007, 0.25 * _HAND9 + 5.0 * _BACK9 + 8.0 * _RATE / _Q),
    "backorders": (0.1160587983, _BACK9),
    "fill_rate": (0.9381484956, math.fsum(math.fsum(_D9[:y]) for y in _CYCLE) / _Q),
    "order_rate": (0.5263157895, _RATE / _Q),
}


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
V10 = {"cost_rate": (8.034111561, cost_of_policy(4, 10, poisson(6.0), 5.0, 1.0, 4.0))}
PUBLISHED = [
    (case, figure, *values)
    for case, rows in {"V03": V03, "V08": V08, "V09": V09, "V10": V10}.items()
    for figure, values in rows.items()
]


def over_the_cycle(value: Callable[[float], float], start: float, length: float) -> float:
    """Return the mean of a smooth function over a stretch of time (Simpson's rule)."""
    steps = 1000
    ends = [start + length * k / steps for k in range(steps + 1)]
    weights = [1, *([4, 2] * (steps // 2 - 1)), 4, 1]
    return math.fsum(w * value(t) for w, t in zip(weights, ends, strict=True)) / (3 * steps)


# Order-up-to S every two days: what was ordered is there L later, and lasts until R + L.
_UP_TO = 26
R_S = Stock(
    {
        "policy": "base_stock",
        "S": _UP_TO,
        "review": "periodic",
        "period": 2,
        "demand": poisson_demand(6.0),
        "lead_time": {"type": "deterministic", "value": 1.5},
        "stockout": "backorder",
    },
    warm_up_days=10.0,
    measured_days=90.0,
    seed=111,
    figures={
        "backorders": Figure(
            over_the_cycle(
                lambda t: mean_of(poisson(6.0 * t), lambda d: max(d - _UP_TO, 0)), 1.5, 2.0
            ),
            0.1,
        ),
        "on_hand": Figure(
            over_the_cycle(
                lambda t: mean_of(poisson(6.0 * t), lambda d: max(_UP_TO - d, 0)), 1.5, 2.0
            ),
            0.02,
        ),
        "fill_rate": Figure(
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
R_Q_LOST = Stock(
    {
        "policy": "rQ",
        "r": _R_LOST,
        "Q": _Q_LOST,
        "max_outstanding": 1,
        "demand": poisson_demand(10.0),
        "lead_time": {"type": "deterministic", "value": _L_LOST},
        "stockout": "lost",
    },
    warm_up_days=10.0,
    measured_days=30.0,
    seed=112,
    figures={
        "order_rate": Figure(1.0 / _CYCLE_DAYS, 0.01),
        "fill_rate": Figure(_Q_LOST / (10.0 * _CYCLE_DAYS), 0.01),
        "on_hand": Figure((_BEFORE_IT_COMES + _AFTER_IT_CAME) / _CYCLE_DAYS, 0.02),
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
IN_LINE = Stock(
    {
        "policy": "base_stock",
        "S": _S_LINE,
        "demand": poisson_demand(_RATE_LINE),
        "lead_time": {"type": "exponential", "mean": _MEAN_LINE},
        "stockout": "backorder",
        "orders_may_cross": False,
    },
    warm_up_days=25.0,
    measured_days=130.0,
    seed=113,
    figures={
        "on_order": Figure(_ON_ORDER_LINE, 0.03),
        "backorders": Figure(_BACK_LINE, 0.1),
        "on_hand": Figure(_S_LINE - _ON_ORDER_LINE + _BACK_LINE, 0.05),
        "fill_rate": Figure(
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

CASES = {"R,S": R_S, "r,Q lost": R_Q_LOST, "in line": IN_LINE}
ROWS = [(case, figure) for case, rows in CASES.items() for figure in rows.figures]


@cache
def played(name: str) -> dict[str, Estimate]:
    """Play 20 replications of a case once and return the estimate of each figure."""
    stock = CASES[name]
    each = 1.0 / EQUALS
    further = {"on_order": partial(kpi, name="on_order_mean_units", factor=each)}
    rows = {
        figure: (row.value, row.max_rel_half_width)
        for figure, row in stock.figures.items()
        if figure not in further
    }
    case = case_of("inventory", stock.params, rows, warm_up=stock.warm_up_days, name=name)
    system = inventory.system(case)
    days = stock.measured_days * system.sections["run"]["warm_up_days"] / stock.warm_up_days
    system = replace(system, measures={**system.measures, **further})
    return estimates(system, 20, days, stock.seed)


@pytest.mark.parametrize(("case", "figure", "published", "formula"), PUBLISHED)
def test_published_value_follows_from_its_formula(
    case: str, figure: str, published: float, formula: float
) -> None:
    """The number copied from the published case is the one its formula gives."""
    assert formula == pytest.approx(published, rel=1e-9), (case, figure)


@pytest.mark.slow
@pytest.mark.parametrize(("case", "figure"), ROWS)
def test_stock_system_is_reproduced(case: str, figure: str) -> None:
    """The KPI shows the exact value inside a 95 % interval of at most the allowed width."""
    row, found = CASES[case].figures[figure], played(case)[figure]

    assert found.passes(row.value, row.max_rel_half_width), (row, found)
