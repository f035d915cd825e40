"""Rules of stock with exact answers from small Markov chains and sums, each played by a scenario.

All that the vocabulary of ``inventory`` allows beside the published cases: losses with several
rules, reviews with a lead time, one order out at a time, deliveries that keep their order, units
asked for together, points below zero. Half-widths of 95 % are given by row; a false alarm has
chance 0.1 %. Times are days.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from sim.experiments.validation import inventory
from tests.sim.experiments.validation.playing_a_system import case_of, estimates
from tests.sim.experiments.validation.test_stock_kinds import mean_of, poisson

Law = Mapping[Any, float]
Moves = Callable[[Any], Iterator[tuple[Any, float]]]
"""State to the states it goes to, each with a rate (a chance, where time goes in steps)."""

EXPONENTIAL = {"type": "exponential", "mean": 0.4}


def fixed(value: float) -> dict[str, Any]:
    """Return a constant as a case writes it."""
    return {"type": "deterministic", "value": value}


def steady(moves: Moves, first: object) -> Law:
    """Return the stationary law of a chain: of rates, or of chances with what stays left out."""
    states: dict[Any, int] = {first: 0}
    rates: list[tuple[int, int, float]] = []
    queue = [first]
    while queue:
        state = queue.pop()
        for to, rate in moves(state):
            if to not in states:
                states[to] = len(states)
                queue.append(to)
            rates.append((states[state], states[to], rate))
    matrix = np.zeros((len(states), len(states)))
    for row, column, rate in rates:
        matrix[row, column] += rate
        matrix[row, row] -= rate
    matrix[:, 0] = 1.0
    law = np.linalg.solve(matrix.T, np.eye(len(states))[0])
    return dict(zip(states, law.tolist(), strict=True))


def over(law: Law, value: Callable[[Any], float]) -> float:
    """Return the mean of a function of the state."""
    return math.fsum(chance * value(state) for state, chance in law.items())


def assert_reproduced(
    params: Mapping[str, Any], rows: Mapping[str, tuple[float, float]], days: float
) -> None:
    """Each figure of an inventory passes, over so many days of the house."""
    case = case_of("inventory", params, rows, warm_up=20.0)
    found = estimates(inventory.system(case), days=days)
    wrong = {
        metric: (expected, found[metric])
        for metric, (expected, width) in rows.items()
        if not found[metric].passes(expected, width)
    }
    assert not wrong


# continuous review


@pytest.mark.slow
@pytest.mark.parametrize(("outstanding", "q"), [(None, 3), (1, 3), (2, 2)])
def test_losses_with_r_q(outstanding: int | None, q: int) -> None:
    """Exponential lead times and lost sales: stock and orders out are a Markov chain.

    An order is placed whenever the position has fallen to r, if not too many are out.
    """
    rate, r, lead = 5.0, 2, 0.4
    most = 10**9 if outstanding is None else outstanding

    def bought(stock: int, out: int) -> tuple[int, int]:
        while stock + q * out <= r and out < most:
            out += 1
        return stock, out

    def moves(state: tuple[int, int]) -> Iterator[tuple[tuple[int, int], float]]:
        stock, out = state
        if stock:
            yield bought(stock - 1, out), rate
        if out:
            yield bought(stock + q, out - 1), out / lead

    law = steady(moves, (r + q, 0))
    filled = over(law, lambda state: float(state[0] > 0))
    params = {
        "policy": "rQ", "r": r, "Q": q, "review": "continuous", "stockout": "lost",
        "demand": {"type": "poisson", "rate": rate}, "lead_time": EXPONENTIAL,
        **({} if outstanding is None else {"max_outstanding": outstanding}),
    }  # fmt: skip
    rows = {
        "fill_rate": (filled, 0.02),
        "lost_rate": (rate * (1.0 - filled), 0.05),
        "on_hand": (over(law, lambda state: state[0]), 0.03),
        "order_rate": (rate * filled / q, 0.03),
        "backorders": (0.0, 0.0),
    }

    assert_reproduced(params, rows, days=20.0)


@pytest.mark.slow
@pytest.mark.parametrize("stockout", ["lost", "backorder"])
def test_s_s_with_one_order_out(stockout: str) -> None:
    """(s, S), one order out: it was placed at a position of s or below, so it is known how large.

    State: net stock, and the units on order. When it comes and the stock is still at s or below,
    the next one is placed at once.
    """
    rate, s, up_to, lead = 6.0, 2, 6, 0.4

    def bought(stock: int) -> tuple[int, int]:
        return (stock, up_to - stock) if stock <= s else (stock, 0)

    def moves(state: tuple[int, int]) -> Iterator[tuple[tuple[int, int], float]]:
        stock, out = state
        if stock > (0 if stockout == "lost" else -80):
            yield (stock - 1, out) if out else bought(stock - 1), rate
        if out:
            yield bought(stock + out), 1.0 / lead

    law = steady(moves, (up_to, 0))
    filled = over(law, lambda state: float(state[0] > 0))
    on_hand = over(law, lambda state: max(state[0], 0))
    back = over(law, lambda state: max(-state[0], 0))
    orders = over(law, lambda state: float(state[1] > 0)) / lead
    params = {
        "policy": "sS", "s": s, "S": up_to, "stockout": stockout, "max_outstanding": True,
        "demand": {"type": "poisson", "rate": rate}, "lead_time": EXPONENTIAL,
        "costs": {"holding": 2.0, "backorder": 5.0, "fixed_order": 3.0},
    }  # fmt: skip
    rows = {
        "fill_rate": (filled, 0.03),
        "on_hand": (on_hand, 0.03),
        "backorders": (back, 0.1),
        "order_rate": (orders, 0.03),
        "cost_rate": (2.0 * on_hand + 5.0 * back + 3.0 * orders, 0.05),
    }

    assert_reproduced(params, rows, days=20.0)


@pytest.mark.slow
def test_points_below_zero() -> None:
    """(r, Q) that waits for three backorders: the position is uniform on r + 1 .. r + Q."""
    rate, r, q, lead = 8.0, -3, 6, 0.25
    demand = poisson(rate * lead)

    def over_cycle(value: Callable[[int], float]) -> float:
        positions = range(r + 1, r + q + 1)
        return math.fsum(
            mean_of(demand, lambda d, y=y: value(y - d)) for y in positions  # type: ignore[misc]
        ) / q  # fmt: skip

    back = over_cycle(lambda net: max(-net, 0))
    params = {
        "policy": "rQ", "r": r, "Q": q, "stockout": "backorder", "lead_time": fixed(lead),
        "demand": {"type": "poisson", "rate": rate},
    }  # fmt: skip
    rows = {
        "backorders": (back, 0.05),
        "on_hand": (over_cycle(lambda net: max(net, 0)), 0.05),
        "fill_rate": (over_cycle(lambda net: float(net > 0)), 0.05),
        "customer_wait": (back / rate, 0.05),
    }

    assert_reproduced(params, rows, days=20.0)


@pytest.mark.slow
def test_s_s_under_continuous_review_is_r_q() -> None:
    """Of demand by single units, (s, S) orders S - s at s: r = s, Q = S - s."""
    rate, s, up_to, lead = 4.0, 5, 9, 1.0
    demand = poisson(rate * lead)

    def over_cycle(value: Callable[[int], float]) -> float:
        positions = range(s + 1, up_to + 1)
        return math.fsum(
            mean_of(demand, lambda d, y=y: value(y - d)) for y in positions  # type: ignore[misc]
        ) / (up_to - s)  # fmt: skip

    params = {
        "policy": "sS", "s": s, "S": up_to, "stockout": "backorder", "lead_time": fixed(lead),
        "demand": {"type": "poisson", "rate": rate},
    }  # fmt: skip
    rows = {
        "backorders": (over_cycle(lambda net: max(-net, 0)), 0.2),
        "on_hand": (over_cycle(lambda net: max(net, 0)), 0.03),
        "fill_rate": (over_cycle(lambda net: float(net > 0)), 0.02),
        "order_rate": (rate / (up_to - s), 0.02),
    }

    assert_reproduced(params, rows, days=20.0)


@pytest.mark.slow
def test_waits_with_random_lead_times() -> None:
    """Base stock S: who comes waits for the S-th demand before, beyond x with a known chance.

    With exponential lead times and orders that cross, the net stock is S less a Poisson number on
    order. Who finds n >= S on order waits until n - S + 1 of the orders are there; all of them are
    exponential from then on, and later orders may help too: deliveries go to who waits longest. So
    beyond x waits who still has more than S on order, of what was ordered until then, less what was
    ordered after and has come: of the earlier orders a Poisson number of mean lambda m e^(-x/m) is
    still out at x, of later ones one of mean lambda (x - m (1 - e^(-x/m))) has come.
    """
    rate, level, mean, x = 5.0, 3, 0.6, 0.3
    kept = math.exp(-x / mean)
    old = poisson(rate * mean * kept)
    # the own order of the unit, placed with it, is one of those on order: still out or come
    helped = poisson(rate * (x - mean * (1.0 - kept)))
    beyond = math.fsum(
        chance * come * (kept * (n + 1 - level - k > 0) + (1.0 - kept) * (n - level - k > 0))
        for n, chance in enumerate(old[:60])
        for k, come in enumerate(helped[:60])
    )
    on_order = poisson(rate * mean)
    params = {
        "policy": "base_stock", "S": level, "stockout": "backorder", "orders_may_cross": True,
        "demand": {"type": "poisson", "rate": rate},
        "lead_time": {"type": "exponential", "mean": mean},
    }  # fmt: skip
    rows = {
        f"p_customer_wait_gt:{x}": (beyond, 0.08),
        "p_customer_wait_gt:0": (math.fsum(on_order[level:]), 0.05),
    }

    assert_reproduced(params, rows, days=20.0)


@pytest.mark.slow
def test_deliveries_that_keep_their_order() -> None:
    """What is on order is what was ordered since the oldest order that is still out, with it.

    Orders out are aged like a Poisson process of intensity lambda P(L > u), so the oldest one is
    younger than a with chance exp(-lambda integral from a of P(L > u)) (exponential L: m e^(-a/m)).
    """
    rate, level, mean = 4.0, 4, 0.7
    steps = np.linspace(0.0, 40.0 * mean, 40_001)
    younger = np.exp(-rate * mean * np.exp(-steps / mean))
    chance, age = np.diff(younger), (steps[1:] + steps[:-1]) / 2.0
    on_order: npt.NDArray[np.float64] = np.zeros(200)
    on_order[0] = younger[0]
    term = np.exp(-rate * age)
    for number in range(1, 200):
        on_order[number] = float((chance * term).sum())
        term = term * rate * age / number
    back = mean_of(on_order.tolist(), lambda n: max(n - level, 0))
    params = {
        "policy": "base_stock", "S": level, "stockout": "backorder", "orders_may_cross": False,
        "demand": {"type": "poisson", "rate": rate},
        "lead_time": {"type": "exponential", "mean": mean},
    }  # fmt: skip
    rows = {
        "backorders": (back, 0.15),
        "on_hand": (mean_of(on_order.tolist(), lambda n: max(level - n, 0)), 0.06),
        "fill_rate": (math.fsum(on_order[:level].tolist()), 0.06),
        "customer_wait": (back / rate, 0.15),
    }

    assert_reproduced(params, rows, days=20.0)


# units asked for together


PMF = {1: 0.5, 2: 0.3, 4: 0.2}
MEAN = 1.9
TOGETHER = {
    "type": "poisson_batch",
    "rate": 3.0,
    "batch_pmf": {str(size): chance for size, chance in PMF.items()},
}
BEFORE = {k: math.fsum(c for size, c in PMF.items() if size > k) / MEAN for k in range(4)}
"""Chance that a unit has k others of its batch before it."""


def compound(batches: float, most: int = 150) -> list[float]:
    """Return P(N = 0), P(N = 1), ... of a compound Poisson law (Panjer 1981)."""
    chances = [math.exp(-batches)]
    for number in range(1, most):
        chances.append(
            batches / number * math.fsum(
                size * chance * chances[number - size]
                for size, chance in PMF.items() if size <= number
            )
        )  # fmt: skip
    return chances


def with_those_before(value: Callable[[int], float]) -> float:
    """Return the mean over a unit's place in its batch of a function of those before it."""
    return math.fsum(share * value(k) for k, share in BEFORE.items())


def test_base_stock_of_units_asked_for_together() -> None:
    """S less what was asked for over a lead time; a unit's batch stands before it in part."""
    level, lead, x = 9, 0.9, 0.5
    asked = compound(3.0 * lead)
    lately = compound(3.0 * (lead - x))
    back = mean_of(asked, lambda n: max(n - level, 0))
    params = {
        "policy": "base_stock", "S": level, "stockout": "backorder", "demand": TOGETHER,
        "lead_time": fixed(lead), "costs": {"holding": 1.0, "backorder": 4.0, "fixed_order": 0.5},
    }  # fmt: skip
    on_hand = level - 3.0 * MEAN * lead + back
    rows = {
        "backorders": (back, 0.15),
        "on_hand": (on_hand, 0.05),
        "fill_rate": (with_those_before(lambda k: math.fsum(asked[: level - k])), 0.03),
        "customer_wait": (back / (3.0 * MEAN), 0.15),
        f"p_customer_wait_gt:{x}": (
            1.0 - with_those_before(lambda k: math.fsum(lately[: level - k])), 0.25,
        ),
        "order_rate": (3.0 * MEAN, 0.03),
        "cost_rate": (on_hand + 4.0 * back + 0.5 * 3.0 * MEAN, 0.05),
    }  # fmt: skip

    assert_reproduced(params, rows, days=15.0)


def test_losses_of_units_asked_for_together() -> None:
    """Base stock, exponential lead times: of a batch, as many as there are are sold."""
    level, lead = 6, 0.7

    def moves(out: int) -> Iterator[tuple[int, float]]:
        for size, chance in PMF.items():
            yield min(out + size, level), 3.0 * chance
        if out:
            yield out - 1, out / lead

    law = steady(moves, 0)
    filled = over(law, lambda out: with_those_before(lambda k: float(out + k < level)))
    params = {
        "policy": "base_stock", "S": level, "stockout": "lost", "demand": TOGETHER,
        "lead_time": {"type": "exponential", "mean": lead},
    }  # fmt: skip
    rows = {
        "fill_rate": (filled, 0.03),
        "lost_rate": (3.0 * MEAN * (1.0 - filled), 0.09),
        "on_hand": (over(law, lambda out: level - out), 0.05),
    }

    assert_reproduced(params, rows, days=15.0)


def test_r_q_of_units_asked_for_together() -> None:
    """The position is uniform on r + 1 .. r + Q, whatever is asked for at a time."""
    r, q, lead = 4, 5, 0.8
    asked = compound(3.0 * lead)

    def over_cycle(value: Callable[[int], float]) -> float:
        positions = range(r + 1, r + q + 1)
        return math.fsum(
            mean_of(asked, lambda d, y=y: value(y - d)) for y in positions  # type: ignore[misc]
        ) / q  # fmt: skip

    params = {
        "policy": "rQ", "r": r, "Q": q, "stockout": "backorder", "demand": TOGETHER,
        "lead_time": fixed(lead),
    }  # fmt: skip
    rows = {
        "backorders": (over_cycle(lambda net: max(-net, 0)), 0.2),
        "on_hand": (over_cycle(lambda net: max(net, 0)), 0.05),
        "fill_rate": (
            over_cycle(lambda net: with_those_before(lambda k: float(net - k > 0))), 0.04,
        ),
        "order_rate": (3.0 * MEAN / q, 0.04),
    }  # fmt: skip

    assert_reproduced(params, rows, days=15.0)


def test_losses_with_r_q_of_units_asked_for_together() -> None:
    """Lost sales, exponential lead times: the chain of losses with (r, Q), a batch in turn."""
    r, q, lead = 3, 4, 0.5

    def after(stock: int, out: int) -> tuple[int, int]:
        while stock + q * out <= r:
            out += 1
        return stock, out

    def moves(state: tuple[int, int]) -> Iterator[tuple[tuple[int, int], float]]:
        for size, chance in PMF.items():
            now = state
            for _ in range(min(size, state[0])):
                now = after(now[0] - 1, now[1])
            yield now, 3.0 * chance
        if state[1]:
            yield (state[0] + q, state[1] - 1), state[1] / lead

    law = steady(moves, (r + q, 0))
    filled = over(law, lambda state: with_those_before(lambda k: float(state[0] > k)))
    params = {
        "policy": "rQ", "r": r, "Q": q, "stockout": "lost", "demand": TOGETHER,
        "lead_time": {"type": "exponential", "mean": lead},
    }  # fmt: skip
    rows = {
        "fill_rate": (filled, 0.03),
        "lost_rate": (3.0 * MEAN * (1.0 - filled), 0.08),
        "on_hand": (over(law, lambda state: state[0]), 0.05),
        "order_rate": (3.0 * MEAN * filled / q, 0.05),
    }

    assert_reproduced(params, rows, days=15.0)


# periodic review


def test_reviews_of_units_asked_for_together() -> None:
    """Base stock reviewed every half day, three periods under way: S less what four asked for.

    Demand comes all the time and costs are counted at a period's end.
    """
    level, period = 14, 0.5
    asked = compound(3.0 * 4 * period)
    back = mean_of(asked, lambda n: max(n - level, 0))
    params = {
        "policy": "base_stock", "S": level, "review": "periodic", "period": period,
        "demand": TOGETHER, "lead_time": fixed(3 * period), "stockout": "backorder",
        "sequence": "receive-review-demand-cost", "costs": {"holding": 1.0, "backorder": 6.0},
    }  # fmt: skip
    rows = {"cost_rate": (level - 3.0 * MEAN * 4 * period + 7.0 * back, 0.08)}

    assert_reproduced(params, rows, days=1_000.0)


def test_s_s_by_the_period_with_a_lead_time() -> None:
    """The position after a review is a chain; L + 1 periods' demand takes it to the costs."""
    mean, s, up_to, lead = 3.0, 8, 14, 1
    demand, later = poisson(mean), poisson(mean * (lead + 1))

    def moves(position: int) -> Iterator[tuple[int, float]]:
        for asked, chance in enumerate(demand[:60]):
            left = position - asked
            yield (left if left > s else up_to), chance

    law = steady(moves, up_to)
    on_hand = over(law, lambda y: mean_of(later, lambda d: max(y - d, 0)))
    back = over(law, lambda y: mean_of(later, lambda d: max(d - y, 0)))
    orders = over(law, lambda y: 1.0 - math.fsum(demand[: y - s]))
    params = {
        "policy": "sS", "s": s, "S": up_to, "review": "periodic", "period": 1,
        "lead_time": fixed(lead), "demand": {"type": "poisson_per_period", "mean": mean},
        "stockout": "backorder", "costs": {"holding": 1.0, "backorder": 9.0, "fixed_order": 8.0},
    }  # fmt: skip
    rows = {
        "on_hand": (on_hand, 0.03),
        "backorders": (back, 0.15),
        "order_rate": (orders, 0.02),
        "customer_wait": (back / mean, 0.15),
        "cost_rate": (on_hand + 9.0 * back + 8.0 * orders, 0.03),
    }

    assert_reproduced(params, rows, days=100.0)


@pytest.mark.parametrize("one_out", [False, True])
def test_losses_by_the_period(one_out: bool) -> None:
    """(s, S) that loses what it lacks, orders come a period later: a chain of stock and what comes.

    With one order out, a review that meets one on its way lets it pass.
    """
    mean, s, up_to = 3.0, 5, 8
    demand = poisson(mean)

    def bought(stock: int, comes: int) -> int:
        position = stock + comes
        return 0 if position > s or (one_out and comes) else up_to - position

    def moves(state: tuple[int, int]) -> Iterator[tuple[tuple[int, int], float]]:
        stock, comes = state
        for asked, chance in enumerate(demand[:60]):
            yield (max(stock + comes - asked, 0), bought(stock, comes)), chance

    law = steady(moves, (up_to, 0))
    lost = over(law, lambda t: mean_of(demand, lambda d: max(d - t[0] - t[1], 0)))
    params = {
        "policy": "sS", "s": s, "S": up_to, "review": "periodic", "period": 2, "stockout": "lost",
        "lead_time": fixed(2), "demand": {"type": "poisson_per_period", "mean": mean},
        **({"max_outstanding": 1} if one_out else {}),
    }  # fmt: skip
    rows = {
        "on_hand": (over(law, lambda t: t[0]), 0.03),  # the stock before a review
        "fill_rate": (1.0 - lost / mean, 0.02),
        "lost_rate": (lost / 2.0, 0.06),
        "order_rate": (over(law, lambda t: float(bought(*t) > 0)) / 2.0, 0.02),
    }

    assert_reproduced(params, rows, days=60.0)


def test_waits_by_the_period() -> None:
    """Base stock, one period under way: of a period's demand waits what two periods leave short."""
    mean, level = 4.0, 7
    demand = poisson(mean)

    def left(now: int, before: int) -> int:
        return min(now, max(now + before - level, 0))

    one = mean_of(demand, lambda a: mean_of(demand[:60], lambda b: left(a, b)))
    two = mean_of(demand, lambda a: max(a - level, 0))
    params = {
        "policy": "base_stock", "S": level, "review": "periodic", "period": 3,
        "stockout": "backorder", "lead_time": fixed(3),
        "demand": {"type": "poisson_per_period", "mean": mean},
    }  # fmt: skip
    rows = {
        "p_customer_wait_gt:0": (one / mean, 0.08),
        "p_customer_wait_gt:3": (two / mean, 0.4),
        "customer_wait": (3.0 * (one + two) / mean, 0.1),
    }

    assert_reproduced(params, rows, days=60.0)


# one order out at a time


def test_one_unit_out_at_a_time_is_a_queue() -> None:
    """Base stock, one order of one unit out: M/M/1 make to stock, P(N = n) = (1 - rho) rho^n."""
    rate, mean, level = 1.0, 0.7, 3
    rho = rate * mean
    back = rho ** (level + 1) / (1.0 - rho)
    params = {
        "policy": "base_stock", "S": level, "stockout": "backorder", "max_outstanding": 1,
        "demand": {"type": "poisson", "rate": rate},
        "lead_time": {"type": "exponential", "mean": mean},
    }  # fmt: skip
    rows = {
        "backorders": (back, 0.25),
        "on_hand": (level - rho / (1.0 - rho) + back, 0.1),
        "fill_rate": (1.0 - rho**level, 0.05),
        "order_rate": (rate, 0.04),
    }

    assert_reproduced(params, rows, days=15.0)


@pytest.mark.slow
def test_r_q_with_one_order_out_and_customers_who_wait() -> None:
    """(r, Q), one lot out at a time: net stock and whether a lot is out are a chain."""
    rate, r, q, mean = 4.0, 3, 2, 0.3

    def moves(state: tuple[int, bool]) -> Iterator[tuple[tuple[int, bool], float]]:
        net, out = state
        if net > -150:
            yield (net - 1, out or net - 1 <= r), rate
        if out:
            yield (net + q, net + q <= r), 1.0 / mean

    law = steady(moves, (r + q, False))
    back = over(law, lambda state: max(-state[0], 0))
    params = {
        "policy": "rQ", "r": r, "Q": q, "stockout": "backorder", "max_outstanding": 1,
        "demand": {"type": "poisson", "rate": rate},
        "lead_time": {"type": "exponential", "mean": mean},
    }  # fmt: skip
    rows = {
        "backorders": (back, 0.3),
        "on_hand": (over(law, lambda state: max(state[0], 0)), 0.05),
        "fill_rate": (over(law, lambda state: float(state[0] > 0)), 0.05),
        "order_rate": (rate / q, 0.03),
    }

    assert_reproduced(params, rows, days=20.0)
