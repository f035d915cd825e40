"""Work as a fluid: what comes in an hour is done in it if there are hands, else it waits.

A picker who is free takes what waits, be it one order: with time to spare carts leave almost empty,
in a rush they are full. So pickers are busier than the least work on full carts says, and yet keep
up until even full carts do not suffice.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from sim.experiments.explain.tour_prices import TourPrices

Floats = npt.NDArray[np.float64]
HOUR_S = 3600.0
HALVINGS = 16
LITTLE = 1e-6
"""Share of their time below which pickers never meet."""
MOST_PEOPLE = 200
"""So many free one another all the time; more change nothing."""
SHARES = tuple(step / 32.0 for step in range(33))


@dataclass(frozen=True)
class Done:
    """What people did, hour by hour: pieces that left, seconds they were busy, pieces that wait."""

    left: Floats
    busy_s: Floats
    waiting: Floats


def flow(pieces: Floats, piece_s: float, hands_s: Floats) -> Done:
    """Let pieces of one length be worked off.

    Parameters
    ----------
    pieces
        That come in each hour.
    piece_s
        Seconds of each.
    hands_s
        Seconds that people have in each hour; the shape of ``pieces``.
    """
    return tours_flow(pieces, TourPrices((1.0,), (piece_s,), sampled=False), hands_s)


def tours_flow(orders: Floats, prices: TourPrices, hands_s: Floats) -> Done:
    """Let orders be picked, on carts as full as what waits makes them. See :func:`flow`."""
    left, busy, waiting = np.zeros(len(orders)), np.zeros(len(orders)), np.zeros(len(orders))
    queue = 0.0
    for hour, (come, hands) in enumerate(zip(orders.tolist(), hands_s.tolist(), strict=True)):
        there = queue + come
        if prices.full_s == 0.0:
            left[hour], queue = there, 0.0
            continue
        if there * prices.full_s >= hands:
            left[hour] = hands / prices.full_s
            busy[hour] = hands
            queue = there - left[hour]
        else:
            old_s = queue * prices.at(queue)
            busy[hour] = min(hands, old_s + come * _fresh_s(come, prices, hands - old_s))
            left[hour], queue = there, 0.0
        waiting[hour] = queue
    return Done(left, busy, waiting)


def _fresh_s(come: float, prices: TourPrices, hands_s: float) -> float:
    """Return the seconds an order that comes while nothing is left from before.

    Pickers who are busy a share u of the time are all busy at once with the chance of Erlang's
    second formula. An order that finds one free goes alone; the others share a cart with what comes
    until somebody is free, of mean 1 + u x the orders of a tour if those moments are as random as
    the orders. The u that makes both sides equal is found by halving.
    """
    if len(prices.orders) == 1 or come * prices.alone_s <= LITTLE * hands_s:
        return prices.alone_s
    people = min(MOST_PEOPLE, max(1, round(hands_s / HOUR_S)))
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        share = (low + high) / 2.0
        if come * _shared_s(share, people, prices) > share * hands_s:
            low = share
        else:
            high = share
    return min(prices.alone_s, high * hands_s / come)


def _shared_s(share: float, people: int, prices: TourPrices) -> float:
    """Return the seconds an order when pickers are busy a share of the time."""
    waits = float(np.interp(share, SHARES, _all_busy(people)))
    shared = 1.0
    for _ in range(HALVINGS):
        on_a_tour = 1.0 / ((1.0 - waits) + waits / shared)
        shared = min(prices.orders[-1], 1.0 + share * on_a_tour)
    return (1.0 - waits) * prices.alone_s + waits * prices.at(shared)


@lru_cache(maxsize=256)
def _all_busy(people: int) -> tuple[float, ...]:
    """Return the chance that all are busy at each of SHARES: Erlang's second formula, M/M/c."""
    found = []
    for share in SHARES:
        lost = 1.0
        for busy in range(1, people + 1):
            load = share * people
            lost = load * lost / (busy + load * lost)
        found.append(lost / (1.0 - share * (1.0 - lost)))
    return tuple(found)
