"""The planner's batches as batching rules that the simulator can follow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from optimize.batching.effort import Effort
from optimize.batching.loads import Loads
from optimize.batching.prices import Prices, prices_of
from optimize.batching.problem import CartLimits, Order, Problem
from optimize.batching.solve import Method, batches_by
from sim.policies.batching import LOOK_AHEAD, Cart, Waiting
from sim.warehouse.layout import Layout, RectangularLayout

if TYPE_CHECKING:
    from optimize.batching.tours import KnownFloor

ITERATIONS = 50
"""Rounds of the search for one tour's batch, the same on every machine.

The line changes before most of a longer plan is walked, so that more rounds buy little.
"""

PRICED_BY = {"ortools": "nearest"}
"""Routing rules that are too slow for thousands of prices a tour, and what stands in for them."""


class PlannedBatching:
    """All that waits, put on carts with few metres; the cart with the first of the line goes.

    Nobody starves: whoever has become the first of the line is on the next tour. A longer line is
    looked at as far as `LOOK_AHEAD`. What goes on one cart altogether is not searched.

    Parameters
    ----------
    layout
        The floor of a zone.
    routing
        Name of the scenario's routing rule; it prices a tour (``ortools`` is priced by
        ``nearest``).
    cart
        What a cart holds.
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    method: ClassVar[Method]
    iterations: ClassVar[int | None] = None

    def __init__(self, layout: Layout, routing: str, cart: Cart) -> None:
        self._layout = layout
        self._routing = PRICED_BY.get(routing, routing)
        self._limits = cart_limits(cart)
        self._known: KnownFloor | None = None

    def choose(self, waiting: Sequence[Waiting]) -> list[int]:
        """Return the places in the line of those that share a cart with the first."""
        seen = min(len(waiting), LOOK_AHEAD)
        if seen == 1 or self._limits.orders == 1:
            return [0]
        orders = tuple(order_of(waiting[place]) for place in range(seen))
        if on_one_cart(orders, self._limits):
            return list(range(seen))
        problem = Problem(self._layout, orders, self._limits, self._routing)
        effort = Effort(iterations=self.iterations)
        found = batches_by(self.method, self._prices(problem), Loads(problem), effort)
        return sorted(next(batch for batch in found if 0 in batch))

    def _prices(self, problem: Problem) -> Prices:
        """Return prices that remember single orders and pairs, where the floor allows."""
        # Imported here: it compiles, and a floor on which nobody waits does without.
        from optimize.batching.floors import has_compiled_price
        from optimize.batching.tours import KnownFloor

        if not has_compiled_price(problem):
            return prices_of(problem)
        if self._known is None:
            assert isinstance(self._layout, RectangularLayout)
            self._known = KnownFloor(self._layout, self._routing)
        return self._known.prices(problem.orders)


class SavingsBatching(PlannedBatching):
    """Carts merged by the metres they save."""

    name: ClassVar[str] = "savings"
    summary: ClassVar[str] = (
        "Merge the two carts that save most metres, again and again (Clarke & Wright 1964)."
    )
    method: ClassVar[Method] = "savings"


class RuinRecreateBatching(PlannedBatching):
    """Savings, then a search that takes orders out and puts them back where they add least."""

    name: ClassVar[str] = "ruin_recreate"
    summary: ClassVar[str] = (
        "Begin with savings, then take orders out and put them back where they add the fewest "
        "metres, a fixed number of times."
    )
    method: ClassVar[Method] = "ruin_recreate"
    iterations: ClassVar[int | None] = ITERATIONS


def cart_limits(cart: Cart) -> CartLimits:
    """Return what a cart holds as the planner counts it."""
    return CartLimits(
        orders=cart.orders, items=cart.units, volume_ml=cart.volume_ml, weight_g=cart.weight_g
    )


def order_of(task: Waiting) -> Order:
    """Return a waiting shipment, or a zone's part of one, as the planner counts it."""
    return Order(tuple(task.stops), task.units, task.volume_ml, task.weight_g)


def on_one_cart(orders: Sequence[Order], limits: CartLimits) -> bool:
    """Tell whether one cart holds all of these orders."""
    return (
        len(orders) <= limits.orders
        and sum(order.items for order in orders) <= limits.items
        and sum(order.volume_ml for order in orders) <= limits.volume_ml
        and sum(order.weight_g for order in orders) <= limits.weight_g
    )
