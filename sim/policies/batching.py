"""Which waiting shipments share a cart.

A rule is asked when a picker is free. It sees the shipments that wait, oldest first, and names
those that go on the tour. Rules are plain functions of numbers, apart from the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf
from typing import NamedTuple, Protocol

LOOK_AHEAD = 60
"""Waiting shipments that a rule looks at, oldest first."""


class Waiting(Protocol):
    """What a batching rule may know of a waiting shipment."""

    volume_ml: float
    aisles: frozenset[int]

    @property
    def units(self) -> int:
        """Units of goods."""
        ...

    @property
    def weight_g(self) -> float:
        """Grams of goods."""
        ...


class Cart(NamedTuple):
    """What a cart holds: orders, litres, and units and grams where these are limited."""

    orders: int
    volume_ml: float
    units: float = inf
    weight_g: float = inf


BatchingRule = Callable[[Sequence[Waiting], Cart], list[int]]
"""``rule(waiting, cart)`` returns ascending indices into ``waiting``, at least one.

The first shipment goes even if it alone is more than the cart holds: the picker walks twice.
"""


class Load:
    """What is on a cart so far; units and grams are only added up where they are limited."""

    __slots__ = ("_cart", "_limited", "_units", "_volume_ml", "_weight_g")

    def __init__(self, cart: Cart, first: Waiting) -> None:
        self._cart = cart
        self._volume_ml = first.volume_ml
        self._limited = cart.units < inf or cart.weight_g < inf
        self._units: float = first.units if self._limited else 0
        self._weight_g = first.weight_g if self._limited else 0.0

    def takes(self, shipment: Waiting) -> bool:
        """Put a shipment on the cart if it fits; tell whether it did."""
        volume_ml = self._volume_ml + shipment.volume_ml
        if volume_ml > self._cart.volume_ml:
            return False
        if self._limited:
            units, weight_g = self._units + shipment.units, self._weight_g + shipment.weight_g
            if units > self._cart.units or weight_g > self._cart.weight_g:
                return False
            self._units, self._weight_g = units, weight_g
        self._volume_ml = volume_ml
        return True


def single(waiting: Sequence[Waiting], cart: Cart) -> list[int]:  # one is one
    """One order a tour."""
    return [0]


def first_come(waiting: Sequence[Waiting], cart: Cart) -> list[int]:
    """The oldest orders that fit on the cart, without passing anybody over."""
    count = 0
    load: Load | None = None
    for shipment in waiting:
        if load is None:
            load = Load(cart, shipment)
        elif count == cart.orders or not load.takes(shipment):
            break
        count += 1
    return list(range(count))


def nearest_aisles(waiting: Sequence[Waiting], cart: Cart) -> list[int]:
    """The oldest order as seed, then those that add the fewest aisles to the tour.

    References
    ----------
    De Koster, van der Poort, Wolters (1999), seed rules with the number of additional aisles.
    """
    chosen = [0]
    load = Load(cart, waiting[0])
    visited = waiting[0].aisles
    rest = list(range(1, min(len(waiting), LOOK_AHEAD)))
    while rest and len(chosen) < cart.orders:
        best = min(rest, key=lambda i: (len(waiting[i].aisles - visited), i))
        rest.remove(best)
        if not load.takes(waiting[best]):
            continue
        chosen.append(best)
        visited = visited | waiting[best].aisles
    return sorted(chosen)


LOOK_AT_AISLES = frozenset({"nearest_aisles"})
"""Rules that look at ``aisles`` of what waits."""

BATCHING: dict[str, BatchingRule] = {
    "single": single,
    "first_come": first_come,
    "nearest_aisles": nearest_aisles,
}
