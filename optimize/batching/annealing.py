"""Runs the compiled search: arrays for it, its temperatures, and when it ends."""

from __future__ import annotations

import time
from collections.abc import Sequence
from math import inf

import numpy as np

from optimize.batching.effort import Effort
from optimize.batching.floors import MaskPrices
from optimize.batching.kernels.passing import FIELDS
from optimize.batching.kernels.search import (
    BEST,
    COST,
    PRICED,
    RANDOM,
    Carts,
    Flags,
    Memory,
    Orders,
    rebuild,
    search,
)
from optimize.batching.kernels.trips import BITS, EXACT, Words
from optimize.batching.loads import Loads
from optimize.batching.prices import Batch, Floats

SPARE_CARTS = 12
REMEMBERED = 1 << 18
NEAR = 60
FIRST_ROUNDS_AN_ORDER, ROUNDS_AN_ORDER = 100, 500
"""Rounds of the first annealing, and of all together where nobody says."""
WORTH_ANOTHER = 3
"""With less left than so many times the next annealing, that takes all that is left."""
CHUNKS = 50
SAME_M = 1e-6
FEW_ORDERS = 25
HOT_SHARE, COLD_SHARE = 0.02, 0.003
"""Temperatures as shares of the metres of one cart."""


class Annealing:
    """Where a search stands, as arrays.

    Parameters
    ----------
    prices, loads
        What batches cost, and what orders take of a cart.
    start
        Batches to begin with.
    seed
        Seed of the search.
    """

    def __init__(self, prices: MaskPrices, loads: Loads, start: Sequence[Batch], seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.prices = prices
        self.floor = prices.floor
        count = len(loads.of)
        self.orders = _orders(prices, loads, rng)
        carts = min(count, len(start) + SPARE_CARTS)
        most = _most_on_a_cart(loads)
        self.carts, self.saved = (self._no_carts(carts, most, loads.of.shape[1]) for _ in "12")
        self.memory = Memory(
            np.full((count, carts), -1, dtype=np.int64), np.zeros((count, carts)),
            np.full(REMEMBERED, -1, dtype=np.int64), np.zeros(REMEMBERED),
        )  # fmt: skip
        self.counters = np.zeros(5, dtype=np.int64)
        self.counters[RANDOM] = int(rng.integers(1, 1 << 32))
        self.totals = np.zeros(2)
        self.cart_of = np.zeros(count, dtype=np.int64)
        self.most = max(2, min(10, count // 3))
        self.best = np.zeros(count, dtype=np.int64)
        self.load(start)

    def _no_carts(self, carts: int, most: int, kinds: int) -> Carts:
        stretches, words = self.floor.base.shape
        noted = stretches if self.floor.rule == EXACT else 0
        return Carts(
            np.zeros((carts, most), dtype=np.int64), np.zeros(carts, dtype=np.int64),
            np.zeros((carts, kinds)), np.zeros((carts, stretches, words), dtype=np.int64),
            np.zeros((carts, stretches)), np.zeros((carts, stretches)),
            np.zeros((carts, stretches)), np.zeros((carts, noted, FIELDS)),
            np.full(carts, -1, dtype=np.int64), np.zeros(carts), np.zeros(carts, dtype=np.int64),
        )  # fmt: skip

    def load(self, batches: Sequence[Batch]) -> None:
        """Begin anew from these batches."""
        self.carts.held[:] = 0
        for cart, batch in enumerate(batches):
            self.carts.held[cart] = len(batch)
            self.carts.members[cart, : len(batch)] = batch
            self.cart_of[list(batch)] = cart
        for cart in range(len(self.carts.held)):
            rebuild(self.floor, self.orders, self.carts, self.memory, cart, self.counters)
        self.totals[:] = self.carts.price_m.sum()
        self.best[:] = self.cart_of
        self.cart_m = self.totals[COST] / len(batches)

    def cool(self, rounds: int, clock: _Clock, *, is_last: bool) -> None:
        """Anneal once: for so many rounds, or for all that the clock has left."""
        began_s = clock.spent_s()
        by_time = is_last and clock.rounds_left == inf
        if is_last and not by_time:
            rounds = int(clock.rounds_left)
        share = 0.0
        while share < 1.0:
            step = rounds if clock.limit_s is None else max(1, rounds // CHUNKS)
            before = share
            self.run(step, before, min(1.0, before + step / rounds))
            clock.rounds_done += step
            clock.rounds_left -= step
            share = before + step / rounds
            if clock.limit_s is not None:
                spent_s = clock.spent_s()
                if by_time:
                    share = (spent_s - began_s) / (clock.limit_s - began_s)
                if spent_s >= clock.limit_s:
                    return

    def best_batches(self) -> list[Batch]:
        """Return the best batches since the last beginning."""
        found: dict[int, list[int]] = {}
        for order, cart in enumerate(self.best.tolist()):
            found.setdefault(cart, []).append(order)
        return [tuple(batch) for batch in found.values()]

    def run(self, rounds: int, begin: float, end: float) -> None:
        """Search for some rounds of an annealing, from one share of its cooling to another."""
        hot_m, ratio = HOT_SHARE * self.cart_m, COLD_SHARE / HOT_SHARE
        search(
            self.floor, self.orders, self.carts, self.saved, self.memory, self.cart_of, self.best,
            self.totals, self.counters, rounds, hot_m * ratio**begin, hot_m * ratio**end, self.most,
        )  # fmt: skip


def _orders(prices: MaskPrices, loads: Loads, rng: np.random.Generator) -> Orders:
    count = len(loads.of)
    singles = [(order,) for order in range(count)]
    alone_m = prices.joined_m((), singles)
    near = np.empty((count, min(NEAR, count - 1)), dtype=np.int64)
    for order in range(count):
        apart = prices.joined_m((order,), singles) / (alone_m[order] + alone_m)
        apart[order] = np.inf
        near[order] = np.argsort(apart, kind="stable")[: near.shape[1]]
    has: Flags = np.any(prices.bits, axis=2)
    weight = (loads.of / loads.room).max(axis=1) if len(loads.room) else np.zeros(count)
    sign = rng.integers(1, 1 << 62, size=count)
    begin, stop_m = _stops(prices, has)
    return Orders(
        prices.bits, has, begin, stop_m, loads.of, loads.room, weight, near, alone_m, sign
    )


def _stops(prices: MaskPrices, has: Flags) -> tuple[Words, Floats]:
    """Return where the stops of each order and stretch begin in a list of metres, and that list."""
    count, stretches = has.shape
    is_stop = (prices.bits[..., np.newaxis] >> np.arange(BITS)) & 1 == 1
    is_stop = is_stop.reshape(count, stretches, -1)
    stop_m: Floats = np.broadcast_to(prices.floor.offset_m, is_stop.shape)[is_stop]
    begin = np.full((count, stretches + 3), -1, dtype=np.int64)
    ends = np.cumsum(is_stop.sum(axis=2)).reshape(count, stretches)
    begin[:, 1 : stretches + 1] = ends
    begin[0, 0] = 0
    begin[1:, 0] = ends[:-1, -1]
    for order, row in enumerate(has):
        if row.any():
            begin[order, stretches + 1 :] = np.flatnonzero(row)[[0, -1]]
    return begin, stop_m


def _most_on_a_cart(loads: Loads) -> int:
    """Return a number of orders that no cart exceeds."""
    count = len(loads.of)
    ascending: Floats = np.cumsum(np.sort(loads.of, axis=0), axis=0)
    fitting = (ascending <= loads.room).all(axis=1)
    return max(1, int(fitting.sum())) if count else 1


def annealed(
    prices: MaskPrices, loads: Loads, start: Sequence[Batch], effort: Effort
) -> list[Batch]:
    """Return the best batches of several annealings from the same start.

    Each goes on twice as long as the one before. Where two agree the search ends, unless it was
    given seconds and has more than `FEW_ORDERS`, which may well agree on what is not the best.
    """
    annealing = Annealing(prices, loads, start, effort.seed)
    annealing.run(1, 0.0, 0.0)  # compiles: no part of the seconds that a search may take
    clock = _Clock(effort, ROUNDS_AN_ORDER * len(loads.of))
    best_m, best = inf, list(start)
    rounds = FIRST_ROUNDS_AN_ORDER * len(loads.of)
    is_last = False
    may_agree = effort.limit_s is None or len(loads.of) <= FEW_ORDERS
    while not is_last:
        is_last = clock.is_enough_for_one_of(rounds)
        annealing.load(start)
        annealing.cool(rounds, clock, is_last=is_last)
        found_m = annealing.totals[BEST]
        if found_m < best_m - SAME_M:
            best_m, best = found_m, annealing.best_batches()
        elif may_agree and found_m <= best_m + SAME_M:
            break
        rounds *= 2
    prices.priced += int(annealing.counters[PRICED])
    return best


class _Clock:
    """What is left of the rounds and the seconds of a search."""

    def __init__(self, effort: Effort, usual_rounds: int) -> None:
        self.began_s: float = time.perf_counter()
        self.limit_s = effort.limit_s
        no_limit = effort.iterations is None and effort.limit_s is not None
        self.rounds_left = (
            inf
            if no_limit
            else float(usual_rounds if effort.iterations is None else effort.iterations)
        )
        self.rounds_done = 0

    def spent_s(self) -> float:
        """Return the seconds since the search began."""
        return time.perf_counter() - self.began_s

    def is_enough_for_one_of(self, rounds: int) -> bool:
        """Return whether what is left should all go into one annealing, the last."""
        if self.rounds_left < WORTH_ANOTHER * rounds:
            return True
        if self.limit_s is None or not self.rounds_done:
            return False
        rate = self.rounds_done / self.spent_s()
        return (self.limit_s - self.spent_s()) * rate < WORTH_ANOTHER * rounds
