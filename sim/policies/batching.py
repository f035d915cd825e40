"""Which waiting shipments share a cart.

A rule is asked when a picker is free. It sees the shipments that wait, oldest first, and names
those that go on the tour. Rules apart from the clock: plain functions of numbers, or, where a rule
looks at the floor, a class that is made once for the floor of a zone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import fsum, inf
from typing import ClassVar, NamedTuple, Protocol

from sim.policies.finding import find_rule
from sim.warehouse.layout import Layout

DECISION = "batching"

# A source checkout has no entry points: the planner's rules are then found by these names.
PLANNER_RULES = {
    "savings": "optimize.batching.policy:SavingsBatching",
    "ruin_recreate": "optimize.batching.policy:RuinRecreateBatching",
}

LOOK_AHEAD = 60
"""Waiting shipments that a rule looks at, oldest first."""


class Waiting(Protocol):
    """What a batching rule may know of a waiting shipment.

    ``aisles`` is set only for the built-in rules that look at it, ``stops`` (the location of each
    line) only for rules that are made for a floor.
    """

    volume_ml: float
    aisles: frozenset[int]
    stops: Sequence[int]

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


ROUNDING = 1e-9


class FloorBatching(Protocol):
    """A rule that looks at the floor: made once for each zone's floor, then asked for every tour.

    Attributes
    ----------
    name
        What a scenario calls the rule.
    summary
        The rule in one sentence.
    """

    name: ClassVar[str]
    summary: ClassVar[str]

    def __init__(self, layout: Layout, routing: str, cart: Cart) -> None:
        """Take the floor, the name of the scenario's routing rule, and what a cart holds."""

    def choose(self, waiting: Sequence[Waiting]) -> list[int]:
        """Return ascending indices into ``waiting``, the first of the line (0) among them.

        The same waiting shipments give the same answer, whatever was asked before.
        """
        ...


class _AskedOnTheFloor:
    """A rule for a floor in the form of a plain rule; its answers are looked at."""

    def __init__(self, rule: FloorBatching) -> None:
        self._rule = rule

    def __call__(self, waiting: Sequence[Waiting], cart: Cart) -> list[int]:
        chosen = self._rule.choose(waiting)
        fault = _fault(chosen, waiting, cart)
        if fault:
            raise ValueError(
                f"batching rule '{self._rule.name}' puts {chosen} of {len(waiting)} waiting "
                f"shipments on a cart: {fault}"
            )
        return chosen


def _fault(chosen: Sequence[int], waiting: Sequence[Waiting], cart: Cart) -> str:
    """Return what is wrong with an answer, or nothing."""
    if not chosen or chosen[0] != 0:
        return "expected the first of the line (0) among them"
    if chosen[-1] >= len(waiting) or any(right <= left for left, right in pairwise(chosen)):
        return "expected ascending places in the line"
    if len(chosen) > 1 and not _fits([waiting[place] for place in chosen], cart):
        return "expected no more than a cart holds"
    return ""


def _fits(tasks: Sequence[Waiting], cart: Cart) -> bool:
    """Tell whether a cart holds several shipments, but for rounding."""
    loads = (
        (len(tasks), cart.orders),
        (sum(task.units for task in tasks), cart.units),
        (fsum(task.volume_ml for task in tasks), cart.volume_ml),
        (fsum(task.weight_g for task in tasks), cart.weight_g),
    )
    return all(load <= limit * (1.0 + ROUNDING) for load, limit in loads)


def looks_at_stops(name: str) -> bool:
    """Tell whether a rule is made for a floor and looks at the ``stops`` of what waits."""
    return name not in BATCHING


def resolve_batching(name: str, layout: Layout, routing: str, cart: Cart) -> BatchingRule:
    """Return the batching rule of this name for the floor of a zone.

    Built-in rules come first, then entry points ``batching.<name>`` of the group
    ``warelab.policies``.

    Parameters
    ----------
    name
        What the scenario says.
    layout
        The floor as the pickers of a zone see it.
    routing
        Name of the rule by which they walk.
    cart
        What a cart holds.

    Raises
    ------
    ValueError
        If there is no such rule, it cannot be loaded, or it does not fit the floor.
    """
    built_in = BATCHING.get(name)
    if built_in is not None:
        return built_in
    rule: type[FloorBatching] = find_rule(DECISION, name, BATCHING, PLANNER_RULES)
    return _AskedOnTheFloor(rule(layout, routing, cart))
