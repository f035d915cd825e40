"""One item under continuous review: one-for-one orders, and orders of a fixed quantity."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from tests.theory.exact_cases import laws
from tests.theory.exact_cases.chains import long_run, long_run_of_steps
from tests.theory.exact_cases.laws import Law
from tests.theory.exact_cases.one_station import erlang_b

Floats = npt.NDArray[np.float64]
Answers = dict[str, float]
Costs = Mapping[str, float]


def cost_rate(answers: Mapping[str, float], costs: Costs) -> float:
    """Return the cost a time unit of levels and orders that are known."""
    return (
        costs.get("holding", 0.0) * answers["on_hand"]
        + costs.get("backorder", 0.0) * answers.get("backorders", 0.0)
        + costs.get("fixed_order", 0.0) * answers["order_rate"]
    )


def poisson(mean: float, most: int = 400) -> Floats:
    """Return the Poisson probabilities of 0 .. most."""
    from scipy import stats

    return np.asarray(stats.poisson.pmf(np.arange(most + 1), mean))


def compound_poisson(mean: float, batch: Mapping[int, float], most: int = 400) -> Floats:
    """Return the probabilities of the units of a Poisson number of batches (Panjer 1981)."""
    p = np.zeros(most + 1)
    p[0] = math.exp(-mean)
    for n in range(1, most + 1):
        p[n] = mean / n * sum(k * q * p[n - k] for k, q in batch.items() if k <= n)
    return p


def levels(most: int, p: Floats) -> tuple[float, float]:
    """Return E[(S - N)+] and E[(N - S)+] for a number N on order."""
    free = most - np.arange(len(p))
    return float(np.maximum(free, 0) @ p), float(np.maximum(-free, 0) @ p)


def base_stock(
    top: int, rate: float, lead: Law, costs: Costs | None = None, late: Sequence[float] = ()
) -> Answers:
    """Return base stock with backorders: Poisson numbers on order, whatever the law (Palm 1938).

    A unit demanded waits longer than x if, of those on order when it comes, S or more are still to
    come then, after what was ordered later and came earlier has been used up, its own order too.
    """
    p = poisson(rate * laws.mean(lead))
    on_hand, short = levels(top, p)
    answers = {
        "on_hand": on_hand,
        "backorders": short,
        "fill_rate": float(p[:top].sum()),
        "customer_wait": short / rate,
        "order_rate": rate,
    }
    for x in late:
        to_come = poisson(rate * (laws.mean(lead) - laws.mean_up_to(lead, x)))
        newer = poisson(rate * (x - laws.mean_up_to(lead, x)))
        own = 1.0 - laws.survival(lead, x)
        helped = np.convolve(newer, [1.0 - own, own])[: len(newer)]
        at_least = np.cumsum(to_come[::-1])[::-1]
        answers[f"p_customer_wait_gt:{x:g}"] = float(at_least[top:] @ helped[: len(p) - top])
    if costs:
        answers["cost_rate"] = cost_rate(answers, costs)
    return answers


def base_stock_batches(
    top: int, rate: float, batch: Mapping[int, float], lead: float, costs: Costs
) -> Answers:
    """Return base stock with backorders, demand in batches and a constant lead time.

    A batch takes what is there; the rest of it waits.
    """
    p = compound_poisson(rate * lead, batch)
    on_hand, short = levels(top, p)
    units = rate * sum(size * share for size, share in batch.items())
    met = rate * sum(
        share * float(np.minimum(np.maximum(top - np.arange(len(p)), 0), size) @ p)
        for size, share in batch.items()
    )
    held = costs["holding"] * on_hand + costs["backorder"] * short
    return {
        "on_hand": on_hand,
        "backorders": short,
        "fill_rate": met / units,
        "customer_wait": short / units,
        "cost_rate": held,
    }


def base_stock_lost(top: int, rate: float, lead: Law, costs: Costs | None = None) -> Answers:
    """Return base stock with lost sales: what is on order is M/G/S/S, whatever the law."""
    load = rate * laws.mean(lead)
    lost = erlang_b(top, load)
    answers = {
        "on_hand": top - load * (1.0 - lost),
        "fill_rate": 1.0 - lost,
        "lost_rate": rate * lost,
        "order_rate": rate * (1.0 - lost),
    }
    if costs:
        answers["cost_rate"] = cost_rate(answers, costs)
    return answers


def fixed_quantity(
    point: int,
    quantity: int,
    rate: float,
    lead: float,
    costs: Costs,
    late: Sequence[float] = (),
) -> Answers:
    """Return (r, Q) with backorders and a constant lead time (Hadley & Whitin 1963).

    The position is uniform on r + 1 .. r + Q, independent of the demand of a lead time later.
    """
    demand = poisson(rate * lead)
    number = np.arange(len(demand))
    on_hand = short = met = 0.0
    longer = dict.fromkeys(late, 0.0)
    for position in range(point + 1, point + quantity + 1):
        on_hand += float(np.maximum(position - number, 0) @ demand) / quantity
        short += float(np.maximum(number - position, 0) @ demand) / quantity
        met += float(demand[: max(position, 0)].sum()) / quantity
        for x in late:
            since = poisson(rate * max(lead - x, 0.0)) if x < lead else np.zeros(1)
            longer[x] += float(since[max(position, 0) :].sum()) / quantity
    answers = {
        "on_hand": on_hand,
        "backorders": short,
        "fill_rate": met,
        "customer_wait": short / rate,
        "order_rate": rate / quantity,
        **{f"p_customer_wait_gt:{x:g}": share for x, share in longer.items()},
    }
    answers["cost_rate"] = cost_rate(answers, costs)
    return answers


def fixed_quantity_crossing(
    point: int, quantity: int, rate: float, lead: float, costs: Costs, most: int = 60
) -> Answers:
    """Return (r, Q) with backorders and independent exponential lead times: a chain.

    A state is the position and the orders that are out.
    """

    def moves(state: tuple[int, int]) -> list[tuple[float, tuple[int, int]]]:
        position, out = state
        if position > point + 1:
            after = (position - 1, out)
        else:
            after = (point + quantity, min(out + 1, most))
        return [(rate, after), (out / lead, (position, out - 1))]

    p = long_run((point + quantity, 0), moves)
    level = {state: state[0] - quantity * state[1] for state in p}
    answers = {
        "on_hand": sum(max(level[state], 0) * share for state, share in p.items()),
        "backorders": sum(max(-level[state], 0) * share for state, share in p.items()),
        "fill_rate": sum(share for state, share in p.items() if level[state] > 0),
        "order_rate": rate / quantity,
    }
    answers["customer_wait"] = answers["backorders"] / rate
    answers["cost_rate"] = cost_rate(answers, costs)
    return answers


def fixed_quantity_lost_crossing(point: int, quantity: int, rate: float, lead: float) -> Answers:
    """Return (r, Q) with lost sales, exponential lead times and any number of orders: a chain."""

    def moves(state: tuple[int, int]) -> list[tuple[float, tuple[int, int]]]:
        held, out = state
        ways = [(out / lead, (held + quantity, out - 1))]
        if held:
            low = held - 1 + quantity * out <= point
            ways.append((rate, (held - 1, out + 1 if low else out)))
        return ways

    p = long_run((point + quantity, 0), moves)
    met = 1.0 - sum(share for (held, _), share in p.items() if held == 0)
    return {
        "on_hand": sum(held * share for (held, _), share in p.items()),
        "fill_rate": met,
        "lost_rate": rate * (1.0 - met),
        "order_rate": rate * met / quantity,
    }


def fixed_quantity_lost(
    point: int, quantity: int, rate: float, lead: Law, costs: Costs | None = None
) -> Answers:
    """Return (r, Q) with lost sales and at most one order out, any lead time (Hadley & Whitin).

    What is held when an order goes out is a chain: r, or what the last order brought if that is
    no more than r. Between two orders lie a lead time and the demands from there down to r.
    """
    most = point + 1  # more demands in a lead time than are held: all alike
    counts = laws.poisson_counts(lead, rate, most)
    more = 1.0 - np.cumsum(counts)  # P(more than j demands)
    step = np.zeros((point + 1, point + 1))
    cycle, held, lost = np.zeros(point + 1), np.zeros(point + 1), np.zeros(point + 1)
    for start in range(point + 1):
        for left in range(start + 1):
            after = start - left
            chance = counts[after] if left else (1.0 if start == 0 else more[start - 1])
            arrived = left + quantity
            step[start, min(arrived, point)] += chance
            down = np.arange(arrived, point, -1)
            cycle[start] += chance * len(down) / rate
            held[start] += chance * float(down.sum()) / rate
        cycle[start] += laws.mean(lead)
        # The time with j demands so far is P(more than j) / rate.
        held[start] += sum((start - j) * more[j] for j in range(start)) / rate
        lost[start] = rate * laws.mean(lead) - float(more[:start].sum())
    reached = _visited(step, point)
    often = np.zeros(point + 1)
    often[reached] = long_run_of_steps(step[np.ix_(reached, reached)])
    length = float(often @ cycle)
    answers = {
        "on_hand": float(often @ held) / length,
        "lost_rate": float(often @ lost) / length,
        "order_rate": 1.0 / length,
        "fill_rate": 1.0 - float(often @ lost) / length / rate,
    }
    if costs:
        answers["cost_rate"] = cost_rate(answers, costs)
    return answers


def _visited(step: Floats, start: int) -> list[int]:
    """Return the states that are reached from one of them."""
    seen, todo = {start}, [start]
    while todo:
        for after in np.flatnonzero(step[todo.pop()]).tolist():
            if after not in seen:
                seen.add(after)
                todo.append(after)
    return sorted(seen)
