"""The inner loop of the search: sets of aisles, changed one aisle at a time.

An order is *served* by a set of aisles if each of its lines alone is in stock there; served orders
compete for scarce units, and a greedy fill chooses among them. Stock, served orders and their
demand are kept up to date as aisles come and go, so that a step costs what it changes. The least of
stock and demand, summed over the items, is never below what the fill finds: most steps are
rejected on it alone.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimize.compiled import compiled

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

BUCKETS = 256
TRIES = 12

# Places in ``State.tally``.
CHOSEN = 0
SERVED = 1
REACH = 2
UNITS = 3
BEST_UNITS = 4
BEST_CHOSEN = 5
RANDOM = 6


class Given(NamedTuple):
    """A problem; the entries of row n are ``first[n]:first[n + 1]``.

    Attributes
    ----------
    line_first, line_item, line_units
        Lines of each order.
    order_units
        Units of each order.
    item_first, item_order, item_units
        Lines of each item, the fewest units first.
    aisle_first, aisle_item, aisle_units
        Stock of each aisle.
    keeper_first, keeper
        Aisles of each item.
    by_worth
        Aisles, those that can give the most units first.
    noise
        Draws of the exponential law with mean 1.
    """

    line_first: Ints
    line_item: Ints
    line_units: Ints
    order_units: Ints
    item_first: Ints
    item_order: Ints
    item_units: Ints
    aisle_first: Ints
    aisle_item: Ints
    aisle_units: Ints
    keeper_first: Ints
    keeper: Ints
    by_worth: Ints
    noise: Floats


class State(NamedTuple):
    """Where a search stands.

    Attributes
    ----------
    chosen
        1 for each aisle of the set, else 0.
    stock, demand
        Units of each item in the set, and in the served orders.
    reached
        Of each item's lines the first that the stock does not cover.
    unmet
        Lines of each order that the stock does not cover.
    served, place
        Served orders, and where each stands among them.
    left, bucket, ranked
        Work of the fill.
    taken
        Orders of the last fill, -1 after the last.
    best_chosen, best_taken
        The same of the best wave.
    tally
        Aisles of the set, served orders, sum of the least of stock and demand, units of the current
        fill, units and aisles of the best wave, state of the random numbers.
    """

    chosen: Ints
    stock: Ints
    demand: Ints
    reached: Ints
    unmet: Ints
    served: Ints
    place: Ints
    left: Ints
    bucket: Ints
    ranked: Ints
    taken: Ints
    best_chosen: Ints
    best_taken: Ints
    tally: Ints


@compiled
def _random(tally: Ints, below: int) -> int:
    """Return a number from 0 to below - 1 (xorshift of 32 bits, Marsaglia 2003)."""
    drawn = tally[RANDOM]
    drawn ^= (drawn << 13) & 0xFFFFFFFF
    drawn ^= drawn >> 17
    drawn ^= (drawn << 5) & 0xFFFFFFFF
    tally[RANDOM] = drawn
    return int((drawn * below) >> 32)


@compiled
def _serve(given: Given, state: State, order: int, sign: int) -> None:
    """Put an order on the list of served ones, or take it off."""
    stock, demand, tally = state.stock, state.demand, state.tally
    for line in range(given.line_first[order], given.line_first[order + 1]):
        item = given.line_item[line]
        before = min(stock[item], demand[item])
        demand[item] += sign * given.line_units[line]
        tally[REACH] += min(stock[item], demand[item]) - before
    if sign > 0:
        state.place[order] = tally[SERVED]
        state.served[tally[SERVED]] = order
        tally[SERVED] += 1
    else:
        tally[SERVED] -= 1
        last = state.served[tally[SERVED]]
        state.served[state.place[order]] = last
        state.place[last] = state.place[order]


@compiled
def change(given: Given, state: State, aisle: int, sign: int) -> None:
    """Add an aisle to the set (sign 1) or take it out (sign -1)."""
    stock, demand, unmet, tally = state.stock, state.demand, state.unmet, state.tally
    state.chosen[aisle] += sign
    tally[CHOSEN] += sign
    for entry in range(given.aisle_first[aisle], given.aisle_first[aisle + 1]):
        item = given.aisle_item[entry]
        before = min(stock[item], demand[item])
        stock[item] += sign * given.aisle_units[entry]
        tally[REACH] += min(stock[item], demand[item]) - before
        at = state.reached[item]
        while at < given.item_first[item + 1] and given.item_units[at] <= stock[item]:
            order = given.item_order[at]
            unmet[order] -= 1
            if unmet[order] == 0:
                _serve(given, state, order, 1)
            at += 1
        while at > given.item_first[item] and given.item_units[at - 1] > stock[item]:
            at -= 1
            order = given.item_order[at]
            if unmet[order] == 0:
                _serve(given, state, order, -1)
            unmet[order] += 1
        state.reached[item] = at


@compiled
def _rank(given: Given, state: State) -> None:
    """Rank the served orders by the share of their units that is wanted in vain, the least first.

    A unit of an item of which the served orders want d, and s are in stock, counts
    max(0, 1 - s / d).
    """
    stock, demand, bucket = state.stock, state.demand, state.bucket
    counts = np.zeros(BUCKETS + 1, np.int64)
    for at in range(state.tally[SERVED]):
        order = state.served[at]
        vain = 0.0
        for line in range(given.line_first[order], given.line_first[order + 1]):
            item = given.line_item[line]
            state.left[item] = stock[item]
            if demand[item] > stock[item]:
                vain += given.line_units[line] * (1.0 - stock[item] / demand[item])
        bucket[at] = min(int(BUCKETS * vain / given.order_units[order]), BUCKETS - 1)
        counts[bucket[at] + 1] += 1
    for one in range(BUCKETS):
        counts[one + 1] += counts[one]
    for at in range(state.tally[SERVED]):
        state.ranked[counts[bucket[at]]] = state.served[at]
        counts[bucket[at]] += 1


@compiled
def fill(given: Given, state: State, upper: int) -> int:
    """Choose among the served orders, at most ``upper`` units; return the units."""
    _rank(given, state)
    left = state.left
    units = 0
    number = 0
    for at in range(state.tally[SERVED]):
        order = state.ranked[at]
        fits = units + given.order_units[order] <= upper
        for line in range(given.line_first[order], given.line_first[order + 1]):
            if left[given.line_item[line]] < given.line_units[line]:
                fits = False
                break
        if fits:
            for line in range(given.line_first[order], given.line_first[order + 1]):
                left[given.line_item[line]] -= given.line_units[line]
            units += given.order_units[order]
            state.taken[number] = order
            number += 1
    state.taken[number] = -1
    return units


@compiled
def keep(state: State, units: int, lower: int) -> None:
    """Take the last fill as the current one, and as the best if it is."""
    tally = state.tally
    tally[UNITS] = units
    if units >= max(lower, 1) and units * tally[BEST_CHOSEN] >= tally[BEST_UNITS] * tally[CHOSEN]:
        tally[BEST_UNITS] = units
        tally[BEST_CHOSEN] = tally[CHOSEN]
        state.best_chosen[:] = state.chosen
        state.best_taken[:] = state.taken


@compiled
def _wanted_aisle(given: Given, state: State) -> int:
    """Return an aisle out of the set: one that helps an order which lacks few lines, or a rich one.

    A rank drawn below a rank drawn below all favours the first ranks, and leaves none out.
    """
    unmet, tally = state.unmet, state.tally
    nearest = -1
    for _ in range(TRIES if _random(tally, 2) > 0 else 0):
        order = _random(tally, len(unmet))
        if unmet[order] > 0 and (nearest < 0 or unmet[order] < unmet[nearest]):
            nearest = order
    aisle = -1
    if nearest >= 0:
        lacking = _random(tally, unmet[nearest])
        for line in range(given.line_first[nearest], given.line_first[nearest + 1]):
            item = given.line_item[line]
            if state.stock[item] < given.line_units[line]:
                if lacking == 0:
                    first = given.keeper_first[item]
                    aisle = given.keeper[
                        first + _random(tally, given.keeper_first[item + 1] - first)
                    ]
                lacking -= 1
    if aisle < 0:
        aisle = given.by_worth[_random(tally, 1 + _random(tally, len(state.chosen)))]
    while state.chosen[aisle] == 1:
        aisle = (aisle + 1) % len(state.chosen)
    return aisle


@compiled
def _energy(units: int, chosen: int, ratio: float, lower: int) -> float:
    """Return the lack of units against a ratio; units below the lower bound lack twice."""
    return ratio * chosen - units + max(0, lower - units)


@compiled
def anneal(given: Given, state: State, steps: int, heat: float, lower: int, upper: int) -> None:
    """Take steps at one temperature, ``heat`` times the best ratio yet.

    The energy of a set of k aisles that fill u units is r k - u, where r is the best ratio yet: a
    set below 0 is a better one (Dinkelbach 1967).
    """
    tally = state.tally
    aisles = len(state.chosen)
    for _ in range(steps):
        ratio = tally[BEST_UNITS] / tally[BEST_CHOSEN] if tally[BEST_CHOSEN] > 0 else 1.0
        limit = _energy(tally[UNITS], tally[CHOSEN], ratio, lower)
        limit += heat * ratio * given.noise[_random(tally, len(given.noise))]
        kind = _random(tally, 10)  # 0: one aisle less, 1: one more, else one for another
        out = -1
        into = -1
        if tally[CHOSEN] > 1 and kind != 1:
            out = _random(tally, aisles)
            while state.chosen[out] == 0:
                out = (out + 1) % aisles
            change(given, state, out, -1)
        if tally[CHOSEN] < aisles and kind != 0:
            into = _wanted_aisle(given, state)
            change(given, state, into, 1)
        if _energy(min(tally[REACH], upper), tally[CHOSEN], ratio, lower) <= limit:
            units = fill(given, state, upper)
            if _energy(units, tally[CHOSEN], ratio, lower) <= limit:
                keep(state, units, lower)
                continue
        if into >= 0:
            change(given, state, into, -1)
        if out >= 0:
            change(given, state, out, 1)
