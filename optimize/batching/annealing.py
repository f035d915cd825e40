"""Runs the compiled search: arrays for it, its temperatures, and when it ends."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optimize.batching.effort import Effort
from optimize.batching.floors import MaskPrices
from optimize.batching.kernels.search import (
    BEST,
    COST,
    PRICED,
    RANDOM,
    Carts,
    Memory,
    Orders,
    rebuild,
    search,
)
from optimize.batching.loads import Loads
from optimize.batching.mending import mended
from optimize.batching.prices import Batch, Floats, Prices

SPARE_CARTS = 12
REMEMBERED = 1 << 18
NEAR = 60
ROUNDS_AN_ORDER = 400
HOT_SHARE, COLD_SHARE = 0.02, 0.0005
"""Temperatures as shares of the metres of one cart."""


class Annealing:
    def __init__(self, prices: MaskPrices, loads: Loads, start: Sequence[Batch], seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.prices = prices
        self.floor = prices.floor
        count = len(loads.of)
        self.orders = _orders(prices, loads, rng)
        carts = min(count, len(start) + SPARE_CARTS)
        most = _most_on_a_cart(loads)
        self.carts, self.saved = (self._no_carts(carts, most, loads.of.shape[1]) for _ in "12")
        self.memory = Memory(np.full(REMEMBERED, -1, dtype=np.int64), np.zeros(REMEMBERED))
        self.counters = np.zeros(5, dtype=np.int64)
        self.counters[RANDOM] = int(rng.integers(1, 1 << 32))
        self.totals = np.zeros(2)
        self.cart_of = np.zeros(count, dtype=np.int64)
        self.most = max(2, min(10, count // 3))
        self.load(start)
        self.best = self.cart_of.copy()
        self.totals[BEST] = self.totals[COST]

    def _no_carts(self, carts: int, most: int, kinds: int) -> Carts:
        stretches, words = self.floor.base.shape
        return Carts(
            np.zeros((carts, most), dtype=np.int64), np.zeros(carts, dtype=np.int64),
            np.zeros((carts, kinds)), np.zeros((carts, stretches, words), dtype=np.int64),
            np.zeros((carts, stretches)), np.zeros((carts, stretches)),
            np.zeros((carts, stretches)), np.zeros(carts), np.zeros(carts, dtype=np.int64),
        )  # fmt: skip

    def load(self, batches: Sequence[Batch]) -> None:
        """Go on from these batches."""
        self.carts.held[:] = 0
        for cart, batch in enumerate(batches):
            self.carts.held[cart] = len(batch)
            self.carts.members[cart, : len(batch)] = batch
            self.cart_of[list(batch)] = cart
        for cart in range(len(self.carts.held)):
            rebuild(self.floor, self.orders, self.carts, cart, self.counters)
        self.totals[COST] = self.carts.price_m.sum()

    def best_batches(self) -> list[Batch]:
        found: dict[int, list[int]] = {}
        for order, cart in enumerate(self.best.tolist()):
            found.setdefault(cart, []).append(order)
        return [tuple(batch) for batch in found.values()]

    def run(self, rounds: int, hot_m: float, cold_m: float) -> None:
        search(
            self.floor,
            self.orders,
            self.carts,
            self.saved,
            self.memory,
            self.cart_of,
            self.best,
            self.totals,
            self.counters,
            rounds,
            hot_m,
            cold_m,
            self.most,
        )


def _orders(prices: MaskPrices, loads: Loads, rng: np.random.Generator) -> Orders:
    count = len(loads.of)
    singles = [(order,) for order in range(count)]
    alone_m = prices.joined_m((), singles)
    near = np.empty((count, min(NEAR, count - 1)), dtype=np.int64)
    for order in range(count):
        apart = prices.joined_m((order,), singles) / (alone_m[order] + alone_m)
        apart[order] = np.inf
        near[order] = np.argsort(apart, kind="stable")[: near.shape[1]]
    weight = (loads.of / loads.room).max(axis=1) if len(loads.room) else np.zeros(count)
    sign = rng.integers(1, 1 << 62, size=count)
    return Orders(
        prices.bits, prices.bits.any(axis=2), loads.of, loads.room, weight, near, alone_m, sign
    )


def _most_on_a_cart(loads: Loads) -> int:
    """Return a number of orders that no cart exceeds."""
    count = len(loads.of)
    ascending: Floats = np.cumsum(np.sort(loads.of, axis=0), axis=0)
    fitting = (ascending <= loads.room).all(axis=1)
    return max(1, int(fitting.sum())) if count else 1


def annealed(prices: Prices, loads: Loads, start: Sequence[Batch], effort: Effort) -> list[Batch]:
    """Return the best batches that annealing finds."""
    if not isinstance(prices, MaskPrices):
        return mended(prices, loads, start)
    annealing = Annealing(prices, loads, start, effort.seed)
    per_cart_m = annealing.totals[COST] / len(start)
    count = len(loads.of)
    rounds = effort.iterations if effort.iterations is not None else ROUNDS_AN_ORDER * count
    annealing.run(rounds, HOT_SHARE * per_cart_m, COLD_SHARE * per_cart_m)
    prices.priced += int(annealing.counters[PRICED])
    return annealing.best_batches()
