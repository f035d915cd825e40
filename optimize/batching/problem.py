"""What is to be planned: orders, the floor they lie on, and what a cart holds."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from math import inf
from typing import NamedTuple

from sim.policies.routing import Corner
from sim.warehouse.layout import Layout


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
        ``exact`` walks from elsewhere.
    """

    layout: Layout
    orders: tuple[Order, ...]
    limits: CartLimits = field(default_factory=CartLimits)
    routing: str = "exact"
    start: Corner | None = None
    end: Corner | None = None
