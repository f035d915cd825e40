"""What is to be planned: orders, the floor they lie on, and what a cart holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from math import fsum, inf
from typing import NamedTuple

from sim.policies.routing import Corner, RoutingPolicy
from sim.warehouse.layout import Layout, RectangularLayout


class Order(NamedTuple):
    """An order, or as much of one as goes on a cart in one piece.

    Attributes
    ----------
    stops
        Location of each line; repeats count once in the walk.
    items, volume_ml, weight_g, boxes
        What it takes of a cart.
    """

    stops: tuple[int, ...]
    items: int = 0
    volume_ml: float = 0.0
    weight_g: float = 0.0
    boxes: int = 0


@dataclass(frozen=True)
class CartLimits:
    """What a cart holds; an order that alone is more goes on a cart of its own.

    Parameters
    ----------
    orders
        Number of orders.
    items, volume_ml, weight_g, boxes
        Sums over its orders.
    """

    orders: float = inf
    items: float = inf
    volume_ml: float = inf
    weight_g: float = inf
    boxes: float = inf

    def __post_init__(self) -> None:
        for limit in fields(self):
            if not getattr(self, limit.name) > 0:
                raise ValueError(f"a cart with {limit.name} {getattr(self, limit.name)} holds none")

    def hold(self, orders: Sequence[Order]) -> bool:
        """Return whether orders go on one cart together; one alone always does."""
        return len(orders) <= 1 or (
            len(orders) <= self.orders
            and sum(order.items for order in orders) <= self.items
            and fsum(order.volume_ml for order in orders) <= self.volume_ml
            and fsum(order.weight_g for order in orders) <= self.weight_g
            and sum(order.boxes for order in orders) <= self.boxes
        )


@dataclass(frozen=True)
class Problem:
    """Orders to be put on carts.

    Parameters
    ----------
    layout
        The floor.
    orders
        The orders, first come first.
    limits
        What a cart holds.
    routing
        Name of the rule by which pickers walk; it prices a batch.
    start, end
        Where carts are fetched and dropped: points on a cross-aisle; None: the depot. Only
        ``exact`` walks from elsewhere, through aisles that are walked both ways.
    rule
        A rule that is known by no name, to price a batch instead of ``routing``.

    Raises
    ------
    ValueError
        If a stop is not a location, or the rule cannot walk from start to end.
    """

    layout: Layout
    orders: tuple[Order, ...]
    limits: CartLimits = field(default_factory=CartLimits)
    routing: str = "exact"
    start: Corner | None = None
    end: Corner | None = None
    rule: RoutingPolicy | None = None

    def __post_init__(self) -> None:
        for number, order in enumerate(self.orders):
            for stop in order.stops:
                if not 0 <= stop < self.layout.locations:
                    raise ValueError(
                        f"order {number} stops at {stop}, which is not a location; the floor has 0 "
                        f"to {self.layout.locations - 1}"
                    )
        for name, corner in (("start", self.start), ("end", self.end)):
            if corner is not None:
                self._check_end(name, corner)

    def _check_end(self, name: str, corner: Corner) -> None:
        layout = self.layout
        if self.routing != "exact" or not isinstance(layout, RectangularLayout) or layout.one_way:
            raise ValueError(
                f"a {name} other than the depot needs the rule exact and aisles that are walked "
                f"both ways, not the rule {self.routing}"
            )
        if corner.offset_m not in layout.cross_aisles_m:
            raise ValueError(
                f"the {name} at {corner.offset_m:g} m is on no cross-aisle; they are at "
                f"{', '.join(f'{offset_m:g}' for offset_m in layout.cross_aisles_m)} m"
            )
