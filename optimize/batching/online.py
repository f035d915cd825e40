"""Orders come one by one: open batches that wait for a picker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf

from optimize.batching.problem import CartLimits, Order
from sim.policies.routing import RoutingPolicy

GAIN_M = 1e-9
"""A smaller gain is rounding."""


@dataclass
class OpenBatch:
    """Orders that will share a cart.

    Attributes
    ----------
    orders
        Their keys, as they joined.
    length_m
        Metres of their round trip.
    """

    orders: list[int] = field(default_factory=list)
    length_m: float = 0.0


class OpenBatches:
    """Batches of waiting orders, mended whenever an order arrives.

    An arriving order joins the batch to which it adds the fewest metres, if it fits, or opens a new
    one where that adds fewer still. Then a few orders, in turn, look for a better place. A free
    picker takes the batch that holds the most urgent order.

    Parameters
    ----------
    rule
        By which pickers walk; it prices a batch.
    limits
        What a cart holds.
    looks
        After each arrival, most orders that look for a better place; 0: none.
    """

    def __init__(self, rule: RoutingPolicy, limits: CartLimits, *, looks: int = 8) -> None:
        if looks < 0:
            raise ValueError(f"looks is {looks}; 0 or more orders may look for a better place")
        self.batches: list[OpenBatch] = []
        self._rule, self._limits, self._looks = rule, limits, looks
        self._orders: dict[int, Order] = {}
        self._urgency: dict[int, tuple[float, int]] = {}
        self._arrived = 0
        self._next_look = 0

    def __len__(self) -> int:
        """Return the number of waiting orders."""
        return len(self._orders)

    def add(self, key: int, order: Order, *, due_s: float = inf) -> None:
        """Let an order join.

        Parameters
        ----------
        key
            By which the order is known; not that of an order that waits.
        order
            Its stops and what it takes of a cart.
        due_s
            When it is due; of orders due at the same time the first come is the most urgent.

        Raises
        ------
        ValueError
            If an order of this key waits.
        """
        if key in self._orders:
            raise ValueError(f"an order with the key {key} waits; keys are to differ")
        self._orders[key] = order
        self._urgency[key] = (due_s, self._arrived)
        self._arrived += 1
        self._join(key)
        self._mend()

    def take(self) -> tuple[int, ...]:
        """Remove the batch with the most urgent order; return its keys, the most urgent first.

        Raises
        ------
        ValueError
            If no order waits.
        """
        if not self.batches:
            raise ValueError("no order waits; ask len() before")
        urgency = self._urgency
        urgent = min(self.batches, key=lambda batch: min(urgency[key] for key in batch.orders))
        self.batches.remove(urgent)
        taken = tuple(sorted(urgent.orders, key=urgency.__getitem__))
        for key in taken:
            del self._orders[key], urgency[key]
        return taken

    def _length_m(self, keys: Sequence[int]) -> float:
        stops = sorted({stop for key in keys for stop in self._orders[key].stops})
        return self._rule.length_m(stops) if stops else 0.0

    def _join(self, key: int) -> None:
        """Put an order where it adds the fewest metres."""
        joined: list[tuple[float, int, float]] = []
        for row, batch in enumerate(self.batches):
            keys = [*batch.orders, key]
            if self._limits.hold([self._orders[one] for one in keys]):
                length_m = self._length_m(keys)
                joined.append((length_m - batch.length_m, row, length_m))
        alone_m = self._length_m([key])
        added_m, row, length_m = min(joined, default=(inf, 0, 0.0))
        if added_m <= alone_m + GAIN_M:
            self.batches[row].orders.append(key)
            self.batches[row].length_m = length_m
        else:
            self.batches.append(OpenBatch([key], alone_m))

    def _mend(self) -> None:
        """Let the next few orders, in turn, leave for a batch where they add fewer metres."""
        for _ in range(min(self._looks, len(self._orders))):
            waiting = [key for batch in self.batches for key in batch.orders]
            key = waiting[self._next_look % len(waiting)]
            self._next_look += 1
            home = next(batch for batch in self.batches if key in batch.orders)
            home.orders.remove(key)
            home.length_m = self._length_m(home.orders)
            if not home.orders:
                self.batches.remove(home)
            self._join(key)
