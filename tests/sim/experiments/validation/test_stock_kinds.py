"""Stock, returns and geometry with exact answers, each played by a scenario of its own.

The published cases run at doubled width; beside them stand systems with other numbers, whose
answers are formulas written out here. Seeds are fixed; a figure raises a false alarm with chance
0.1 %. Times are days.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from sim.experiments.validation import geometry, inventory, returns
from sim.experiments.validation.case_file import built_in_cases, chosen
from sim.experiments.validation.system import Case, NotInScenarios, Row, System
from tests.sim.experiments.validation.playing_a_system import DAY_S, case_of, estimates

SYSTEMS: dict[str, Callable[[Case], System]] = {
    "inventory": inventory.system,
    "returns": returns.system,
    "geometry": geometry.system,
}
SHORTER = 0.8
"""Of the days of a first replication: enough for doubled widths."""
DEMAND10 = {"type": "poisson", "rate": 10.0}
PAIRS = {"type": "poisson_batch", "rate": 1.0, "batch_pmf": {"2": 1.0}}
BASE_STOCK = {
    "policy": "base_stock",
    "S": 3,
    "review": "continuous",
    "demand": DEMAND10,
    "lead_time": {"type": "deterministic", "value": 0.2},
    "stockout": "lost",
}


def poisson(mean: float) -> list[float]:
    """Return P(N = 0), P(N = 1), ... of a Poisson law."""
    chances = [math.exp(-mean)]
    for count in range(1, 200):
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


def assert_reproduced(case: Case, **played: Any) -> None:
    """Each row of a case passes."""
    found = estimates(SYSTEMS[case.kind](case), **played)
    wrong = {
        row.metric: (row.expected, found[row.metric])
        for row in case.rows
        if not found[row.metric].passes(row.expected, row.max_rel_half_width)
    }
    assert not wrong


def published(name: str) -> Case:
    """Return a published case, its widths doubled."""
    (case,) = chosen(built_in_cases(), [name])
    rows = [replace(row, max_rel_half_width=2 * row.max_rel_half_width) for row in case.rows]
    return replace(case, rows=tuple(rows))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["V03", "V08", "V09", "V10"])
def test_published_stock_systems(name: str) -> None:
    """Base stock with lost sales and with backorders, (r, Q), and (s, S)."""
    case = published(name)

    days = inventory.system(case).pilot_days * SHORTER
    assert_reproduced(case, days=math.ceil(days))


@pytest.mark.slow
def test_published_returns() -> None:
    """Units returned in a window that starts empty, and lines picked right."""
    assert_reproduced(published("V12"))


def test_lost_sales_follow_erlang_whatever_the_lead_time() -> None:
    """Base stock with lost sales is an Erlang loss system for any law of the lead time."""
    lost = erlang_b(3, 0.1 * 30.0)
    params = {
        **BASE_STOCK,
        "demand": {"type": "poisson", "rate": 0.1},
        "lead_time": {"type": "lognormal", "mean": 30.0, "cv": 1.2},
    }
    rows = {
        "fill_rate": (1.0 - lost, 0.03),
        "lost_rate": (0.1 * lost, 0.05),
        "on_hand": (3.0 - 3.0 * (1.0 - lost), 0.05),
        "order_rate": (0.1 * (1.0 - lost), 0.03),
    }

    assert_reproduced(case_of("inventory", params, rows, warm_up=300.0, unit_s=60.0), days=25)


def test_backorders_follow_palm_and_waits_their_law() -> None:
    """With a constant lead time L, a unit waits beyond x if S or more are asked for in L - x."""
    rate, level, lead = 3.0, 5, 2.0
    on_order = poisson(rate * lead)
    back = mean_of(on_order, lambda n: max(n - level, 0))
    params = {
        "policy": "base_stock",
        "S": level,
        "stockout": "backorder",
        "orders_may_cross": True,
        "demand": {"type": "poisson", "rate": rate},
        "lead_time": {"type": "deterministic", "value": lead},
        "costs": {"holding": 0.5, "backorder": 2.0, "fixed_order": 0.1},
    }
    rows = {
        "backorders": (back, 0.1),
        "on_hand": (level - rate * lead + back, 0.1),
        "fill_rate": (math.fsum(on_order[:level]), 0.1),
        "customer_wait": (back / rate, 0.1),
        "p_customer_wait_gt:0.8": (1.0 - math.fsum(poisson(rate * (lead - 0.8))[:level]), 0.1),
        "cost_rate": (0.5 * (level - rate * lead + back) + 2.0 * back + 0.1 * rate, 0.1),
    }

    assert_reproduced(case_of("inventory", params, rows, warm_up=10.0), days=25)


def test_r_q_with_other_numbers() -> None:
    """The position is uniform on r + 1 .. r + Q; several orders are on their way at once."""
    rate, r, q, lead = 8.0, 10, 4, 1.0
    demand, cycle = poisson(rate * lead), range(r + 1, r + q + 1)

    def over_cycle(value: Callable[[int, int], float]) -> float:
        return math.fsum(mean_of(demand, partial(value, y)) for y in cycle) / q

    params = {
        "policy": "rQ",
        "r": r,
        "Q": q,
        "review": "continuous",
        "stockout": "backorder",
        "demand": {"type": "poisson", "rate": rate},
        "lead_time": {"type": "deterministic", "value": lead},
    }
    rows = {
        "backorders": (over_cycle(lambda y, d: max(d - y, 0)), 0.25),
        "on_hand": (over_cycle(lambda y, d: max(y - d, 0)), 0.03),
        "fill_rate": (over_cycle(lambda y, d: float(d < y)), 0.02),
        "order_rate": (rate / q, 0.02),
    }

    assert_reproduced(case_of("inventory", params, rows, warm_up=10.0), days=25)


@pytest.mark.parametrize(
    ("sequence", "demands"),
    [
        ("review-receive-demand-cost", 3),
        ("demand-review-receive-cost", 2),
        ("review-demand-cost-receive", 4),
        ("receive-cost-review-demand", 2),
    ],
)
def test_order_up_to_by_the_period(sequence: str, demands: int) -> None:
    """The net stock at the costs is S less what was asked for since the last review that counts.

    Demand of the review's own period counts where it comes behind the review, that of the costs'
    period where it comes before them; receipts behind the costs are seen a period later.
    """
    mean, level = 5.0, 5 * demands
    demand = poisson(mean * demands)
    back = mean_of(demand, lambda d: max(d - level, 0))
    params = {
        "policy": "base_stock",
        "S": level,
        "review": "periodic",
        "period": 7,
        "demand": {"type": "poisson_per_period", "mean": mean},
        "lead_time": {"type": "deterministic", "value": 14},
        "stockout": "backorder",
        "sequence": sequence,
        "costs": {"holding": 1.0, "backorder": 3.0},
    }
    rows = {"backorders": (back, 0.2), "on_hand": (back, 0.2), "cost_rate": (4.0 * back, 0.2)}

    assert_reproduced(case_of("inventory", params, rows, warm_up=70.0), days=25)


def test_lines_by_their_chances() -> None:
    """E[q^N] with listed chances of N, and lines of probability 1 - e (1 - d) to be right."""
    right = 1.0 - 0.1 * (1.0 - 0.3)
    params = {
        "lines": {"type": "pmf", "pmf": {"1": 0.5, "3": 0.3, "6": 0.2}},
        "line_error_prob": 0.1,
        "check_detects": 0.3,
    }
    accuracy = 0.5 * right + 0.3 * right**3 + 0.2 * right**6
    rows = {"order_accuracy": (accuracy, 0.01), "line_accuracy": (right, 0.005)}

    assert_reproduced(case_of("returns", params, rows))


def test_mistakes_at_the_pick_do_not_change_what_comes_back() -> None:
    """Of a constant delay D, what was sold until T - D has come back by T."""
    params = {
        "sales": {"type": "poisson", "rate": 30.0},
        "return_prob": 0.4,
        "window": 20.0,
        "return_delay": {"type": "deterministic", "value": 5.0},
        "lines": {"type": "one_plus_poisson", "mean_extra": 0.5},
        "line_error_prob": 0.5,
        "check_detects": 0.0,
    }
    rows = {
        "returned_units": (30.0 * 0.4 * 15.0, 0.02),
        "rate_of_return_window": (0.4 * 15.0 / 20.0, 0.02),
        "order_accuracy": (0.5 * math.exp(-0.5 * 0.5), 0.03),
    }

    assert_reproduced(case_of("returns", params, rows))


@pytest.mark.parametrize(("aisles", "picks"), [(4, 3), (12, 9)])
def test_picks_over_the_aisles(aisles: int, picks: int) -> None:
    """A (1 - (1 - 1/A)^n) aisles; the farthest of uniform ones; n / (n + 1) of an aisle."""
    params = {"aisles": aisles, "picks": picks, "placement": "random", "aisle_length": 40.0}
    farthest = aisles - math.fsum((k / aisles) ** picks for k in range(1, aisles))
    rows = {
        "aisles_visited": (aisles * (1.0 - (1.0 - 1.0 / aisles) ** picks), 0.01),
        "farthest_aisle": (farthest, 0.01),
    }
    if aisles == 4:
        rows["farthest_in_aisle_given_all_in_one"] = (40.0 * picks / (picks + 1.0), 0.03)

    assert_reproduced(case_of("geometry", params, rows))


REFUSED: list[tuple[str, Mapping[str, Any], str, str]] = [
    ("inventory", {**BASE_STOCK, "perishable": 3}, "fill_rate", "perishable"),
    ("inventory", {**BASE_STOCK, "policy": "can_order"}, "fill_rate", "can_order"),
    ("inventory", {**BASE_STOCK, "lead_time": {"type": "weibull"}}, "fill_rate", "weibull"),
    ("inventory", {**BASE_STOCK, "demand": {"type": "steps"}}, "fill_rate", "steps"),
    ("inventory", {**BASE_STOCK, "policy": "sS", "demand": PAIRS}, "fill_rate", "of a batch"),
    ("inventory", {**BASE_STOCK, "r": 3}, "fill_rate", "the policy base_stock with r"),
    ("inventory", {**BASE_STOCK, "period": 2.0}, "fill_rate", "with period"),
    ("inventory", BASE_STOCK, "stockout_days", "stockout_days"),
    ("returns", {"sales": {"type": "steps"}, "window": 3.0}, "returned_units", "steps"),
    ("returns", {"lines": {"type": "zipf"}}, "line_accuracy", "zipf"),
    ("geometry", {"aisles": 3, "picks": 2, "placement": "abc"}, "aisles_visited", "abc"),
    ("geometry", {"aisles": 3, "picks": 2}, "tour_length", "tour_length"),
]


@pytest.mark.parametrize(("kind", "params", "metric", "word"), REFUSED)
def test_what_no_scenario_can_say_is_refused_by_name(
    kind: str, params: Mapping[str, Any], metric: str, word: str
) -> None:
    """The words name what is not known."""
    with pytest.raises(NotInScenarios, match=word):
        SYSTEMS[kind](Case("T", kind, "", DAY_S, params, (Row(metric, 1.0, 0.1, 0.0),)))


def test_a_missing_number_is_named() -> None:
    """A rule of stock without its level."""
    params = {key: value for key, value in BASE_STOCK.items() if key != "S"}

    with pytest.raises(ValueError, match="S is None; a number from 0"):
        inventory.system(case_of("inventory", params, {"fill_rate": (1.0, 0.1)}))
