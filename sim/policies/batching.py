"""Which waiting shipments share a cart.

A rule is asked when a picker is free. It sees the shipments that wait, oldest first, and names
those that go on the tour. Rules are plain functions of numbers, apart from the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

LOOK_AHEAD = 60
"""Waiting shipments that a rule looks at, oldest first."""


class Waiting(Protocol):
    """What a batching rule may know of a waiting shipment."""

    volume_ml: float
    aisles: frozenset[int]


BatchingRule = Callable[[Sequence[Waiting], int, float], list[int]]
"""``rule(waiting, max_orders, max_volume_ml)`` returns indices into ``waiting``, at least one."""


def single(waiting: Sequence[Waiting], max_orders: int, max_volume_ml: float) -> list[int]:
    """One order a tour."""
    return [0]


def first_come(waiting: Sequence[Waiting], max_orders: int, max_volume_ml: float) -> list[int]:
    """The oldest orders that fit on the cart, without passing anybody over."""
    volume_ml = 0.0
    count = 0
    for shipment in waiting:
        volume_ml += shipment.volume_ml
        if count == max_orders or (count and volume_ml > max_volume_ml):
            break
        count += 1
    return list(range(count))


def nearest_aisles(waiting: Sequence[Waiting], max_orders: int, max_volume_ml: float) -> list[int]:
    """The oldest order as seed, then those that add the fewest aisles to the tour.

    References
    ----------
    De Koster, van der Poort, Wolters (1999), seed rules with the number of additional aisles.
    """
    chosen = [0]
    volume_ml = waiting[0].volume_ml
    visited = waiting[0].aisles
    rest = list(range(1, min(len(waiting), LOOK_AHEAD)))
    while rest and len(chosen) < max_orders:
        best = min(rest, key=lambda i: (len(waiting[i].aisles - visited), i))
        rest.remove(best)
        if volume_ml + waiting[best].volume_ml > max_volume_ml:
            continue
        chosen.append(best)
        volume_ml += waiting[best].volume_ml
        visited = visited | waiting[best].aisles
    return sorted(chosen)


LOOK_AT_AISLES = frozenset({"nearest_aisles"})
"""Rules that look at ``aisles`` of what waits."""

BATCHING: dict[str, BatchingRule] = {
    "single": single,
    "first_come": first_come,
    "nearest_aisles": nearest_aisles,
}
