"""A day of orders: the batches of today against planned ones, and what each walks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from optimize.batching.policy import PRICED_BY, cart_limits
from optimize.batching.problem import Order, Problem
from optimize.batching.solve import Method, Result, solve
from sim.policies.batching import Cart, resolve_batching
from sim.policies.routing import resolve_routing
from sim.warehouse.layout import Layout

Batch = tuple[int, ...]


@dataclass(frozen=True)
class DayOrder:
    """An order, or as much of one as a zone picks in one go.

    Parameters
    ----------
    name
        What people call it.
    zone
        Number of the zone that picks it, 0 where one picks all.
    order
        Where its lines lie and what it takes of a cart.
    release, due
        When it may be and must be picked, where that is known.
    """

    name: str
    zone: int
    order: Order
    release: str = ""
    due: str = ""


@dataclass(frozen=True)
class Way:
    """One way to pick the day.

    Parameters
    ----------
    batching, routing
        Rules or methods by name.
    batches
        Orders of each cart by their number in the day.
    walk_m
        Metres of each cart.
    bound_m
        No batches walk less by this routing rule; None where nothing is known.
    status
        "optimal" where proved, else "feasible".
    """

    batching: str
    routing: str
    batches: tuple[Batch, ...]
    walk_m: tuple[float, ...]
    bound_m: float | None = None
    status: str = "feasible"

    @property
    def cost_m(self) -> float:
        """Metres of all carts together."""
        return fsum(self.walk_m)

    @property
    def gap(self) -> float | None:
        """(cost - bound) / cost; None without a bound."""
        if self.bound_m is None:
            return None
        return (self.cost_m - self.bound_m) / self.cost_m if self.cost_m else 0.0


def stops_of(orders: Sequence[DayOrder], batch: Batch) -> tuple[int, ...]:
    """Return the location of each line of a batch."""
    return tuple(stop for number in batch for stop in orders[number].order.stops)


def walked(
    floors: Sequence[Layout],
    orders: Sequence[DayOrder],
    batches: Sequence[Batch],
    *,
    batching: str,
    routing: str,
) -> Way:
    """Return given batches, walked by a routing rule.

    Parameters
    ----------
    floors
        The floor as the pickers of each zone see it.
    orders
        Orders of the day, first come first.
    batches
        Orders of each cart, all of one zone.
    batching, routing
        What made the batches, and the rule by which they are walked.
    """
    rules = [resolve_routing(routing, floor) for floor in floors]
    return Way(
        batching,
        routing,
        tuple(batches),
        tuple(rules[orders[batch[0]].zone].length_m(stops_of(orders, batch)) for batch in batches),
    )


def as_they_come(
    floors: Sequence[Layout],
    orders: Sequence[DayOrder],
    cart: Cart,
    *,
    batching: str,
    routing: str,
) -> Way:
    """Return the batches that a scenario's rule makes if all orders wait when the day begins."""
    batches: list[Batch] = []
    for zone, floor in enumerate(floors):
        rule = resolve_batching(batching, floor, routing, cart)
        line = [number for number, each in enumerate(orders) if each.zone == zone]
        while line:
            chosen = rule([_Waits(orders[number].order, floor) for number in line], cart)
            batches.append(tuple(line[place] for place in chosen))
            taken = frozenset(chosen)
            line = [number for place, number in enumerate(line) if place not in taken]
    return walked(floors, orders, batches, batching=batching, routing=routing)


class _Waits:
    """An order as a batching rule sees it."""

    def __init__(self, order: Order, floor: Layout) -> None:
        self.volume_ml, self.weight_g, self.units = order.volume_ml, order.weight_g, order.items
        self.stops: Sequence[int] = order.stops
        self.aisles = frozenset([floor.aisle_of[stop] for stop in order.stops])


def planned(
    floors: Sequence[Layout],
    orders: Sequence[DayOrder],
    cart: Cart,
    *,
    method: Method,
    routing: str,
    seed: int = 0,
    iterations: int | None = None,
) -> Way:
    """Return batches planned with the whole day known, zone by zone.

    Parameters
    ----------
    floors, orders
        As for :func:`walked`.
    cart
        What a cart holds.
    method, seed, iterations
        As for :func:`optimize.batching.solve.solve`.
    routing
        The rule by which the batches are walked; it prices them (``ortools``: ``nearest`` does).
    """
    batches: list[Batch] = []
    results: list[Result] = []
    priced_by = PRICED_BY.get(routing, routing)
    for zone, floor in enumerate(floors):
        line = [number for number, each in enumerate(orders) if each.zone == zone]
        if not line:
            continue
        problem = Problem(
            floor, tuple(orders[number].order for number in line), cart_limits(cart), priced_by
        )
        found = solve(problem, method=method, seed=seed, iterations=iterations)
        results.append(found)
        batches += [tuple(line[place] for place in batch) for batch in found.batches]
    way = walked(floors, orders, batches, batching=method, routing=routing)
    bounds = [
        result.bound_m for result in results if result.bound_m is not None and priced_by == routing
    ]
    proved = priced_by == routing and all(result.status == "optimal" for result in results)
    return Way(
        method, routing, way.batches, way.walk_m,
        fsum(bounds) if len(bounds) == len(results) else None,
        "optimal" if proved else "feasible",
    )  # fmt: skip
