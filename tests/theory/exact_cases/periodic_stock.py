"""One item under periodic review: at a review, up to S if the position is s or less."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from tests.theory.exact_cases.chains import long_run, long_run_of_steps
from tests.theory.exact_cases.stock import Costs, poisson

Floats = npt.NDArray[np.float64]
Answers = dict[str, float]


def positions(low: int, top: int, mean: float) -> Floats:
    """Return how often the position behind a review is s + 1 .. S (Veinott & Wagner 1965).

    ``mean`` is the demand of a period; demands are Poisson and met late, never lost.
    """
    demand = poisson(mean)
    size = top - low
    step = np.zeros((size, size))
    for here in range(size):
        step[here, : here + 1] = demand[: here + 1][::-1]
        step[here, -1] += 1.0 - step[here].sum()
    return long_run_of_steps(step)


def by_period(
    low: int, top: int, mean: float, lead: int, costs: Costs, sequence: str, period: float = 1.0
) -> Answers:
    """Return (s, S) with backorders where a period's demand comes at once.

    The events of a period come in the order of ``sequence``; ``lead`` is in periods. Levels are
    those behind the costs are charged.
    """
    place = {event: at / 4.0 for at, event in enumerate(sequence.split("-"))}

    if place["receive"] + lead <= place["review"]:
        raise ValueError("an order would come before it is placed")

    def since(event: str) -> tuple[int, int]:
        """Periods since the last review whose order has come, and demands since that."""
        ago = next(
            k for k in range(-1, lead + 3) if place["receive"] + lead - k < place[event] - 1e-9
        )
        ordered = place["review"] - ago
        return ago, sum(ordered < place["demand"] - k < place[event] for k in range(-1, ago + 1))

    position = positions(low, top, mean)
    level = np.arange(low + 1, top + 1)
    often = ordering(low, top, mean, position)
    before = poisson(since("cost")[1] * mean)
    gap = level[:, None] - np.arange(len(before))
    on_hand = float(position @ np.maximum(gap, 0) @ before)
    short = float(position @ np.maximum(-gap, 0) @ before)
    earlier = poisson(since("demand")[1] * mean)
    there = np.maximum(level[:, None] - np.arange(len(earlier)), 0)
    # E[min(D, x)] for the demand D that meets x on the shelf
    more = 1.0 - np.cumsum(poisson(mean))
    met_of = np.concatenate(([0.0], np.cumsum(more)))[: top + 1]
    answers = {
        "on_hand": on_hand,
        "backorders": short,
        "fill_rate": float(position @ met_of[there] @ earlier) / mean,
        "order_rate": often / period,
    }
    per_period = (
        costs.get("holding", 0.0) * on_hand
        + costs.get("backorder", 0.0) * short
        + costs.get("fixed_order", 0.0) * often
    )
    if costs:
        answers["cost_rate"] = per_period / period
    return answers


def ordering(low: int, top: int, mean: float, position: Floats) -> float:
    """Return the share of reviews at which an order is placed."""
    reached = np.cumsum(poisson(mean))  # P(D <= d)
    level = np.arange(low + 1, top + 1)
    return float(position @ (1.0 - reached[level - low - 1]))


def all_the_time(low: int, top: int, rate: float, period: float, lead: float) -> Answers:
    """Return (s, S) with backorders, Poisson demand all the time, any constant lead time.

    From a lead time behind a review to that behind the next, the level is the position behind
    that review less the demand since; averaged over these times (Hadley & Whitin 1963).
    """
    position = positions(low, top, rate * period)
    level = np.arange(low + 1, top + 1)
    node, weight = np.polynomial.legendre.leggauss(40)
    on_hand = short = met = 0.0
    for at, share in zip((node + 1.0) / 2.0, weight / 2.0, strict=True):
        demand = poisson(rate * (lead + at * period))
        gap = level[:, None] - np.arange(len(demand))
        on_hand += share * float(position @ np.maximum(gap, 0) @ demand)
        short += share * float(position @ np.maximum(-gap, 0) @ demand)
        met += share * float(position @ (gap > 0) @ demand)
    return {
        "on_hand": on_hand,
        "backorders": short,
        "fill_rate": met,
        "customer_wait": short / rate,
        "order_rate": ordering(low, top, rate * period, position) / period,
    }


def lost_by_period(
    low: int, top: int, mean: float, lead: int, costs: Mapping[str, float]
) -> Answers:
    """Return (s, S) with lost sales, review - receive - demand - cost: a chain.

    A state is what is held before a review, and what is on its way by the periods it still takes.
    """
    demand = poisson(mean)
    more = 1.0 - np.cumsum(demand)

    def after_review(state: tuple[int, ...]) -> tuple[int, ...]:
        """What is held for the demand, then the orders that are still out; last the new one."""
        position = sum(state)
        order = top - position if position <= low else 0
        held, *way = (*state, order)
        return (held + way[0], *way[1:])

    def moves(state: tuple[int, ...]) -> list[tuple[float, tuple[int, ...]]]:
        held, *way = after_review(state)
        sold = [(float(demand[d]), (held - d, *way)) for d in range(held)]
        rest = 1.0 if held == 0 else float(more[held - 1])
        return [*sold, (rest, (0, *way))]

    p = long_run((top,) + (0,) * lead, moves)
    met_of = np.concatenate(([0.0], np.cumsum(more)))
    met = sum(share * met_of[after_review(state)[0]] for state, share in p.items())
    on_hand = sum(share * state[0] for state, share in p.items())
    often = sum(share for state, share in p.items() if sum(state) <= low)
    answers = {
        "on_hand": on_hand,
        "fill_rate": met / mean,
        "lost_rate": mean - met,
        "order_rate": often,
    }
    answers["cost_rate"] = costs["holding"] * on_hand + costs["fixed_order"] * often
    return {name: float(value) for name, value in answers.items()}
