"""What is to be planned: orders that wait, aisles with stock, and how large a wave may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """Orders and aisles of which one wave is to be made (SBPO challenge 2025).

    A wave is a set of orders and a set of aisles. Every unit of its orders is in stock in its
    aisles, and its units are neither too few nor too many. The best wave has the most units for
    each aisle that pickers must visit.

    Parameters
    ----------
    orders
        Units of each item for each order, at least 1; no order is empty.
    aisles
        Units of each item in stock in each aisle, at least 1; an aisle may be empty.
    lower, upper
        Fewest and most units of a wave; 0 <= lower <= upper, upper at least 1.
    """

    orders: tuple[Mapping[int, int], ...]
    aisles: tuple[Mapping[int, int], ...]
    lower: int
    upper: int

    def __post_init__(self) -> None:
        if not (0 <= self.lower <= self.upper and self.upper >= 1):
            raise ValueError(
                f"a wave of {self.lower} to {self.upper} units: the lower bound must be at least "
                "0, the upper one at least 1 and not below the lower one"
            )
        for kind, rows in (("order", self.orders), ("aisle", self.aisles)):
            for number, row in enumerate(rows):
                for item, units in row.items():
                    if not (isinstance(units, int) and units >= 1):
                        raise ValueError(
                            f"{kind} {number} has {units!r} units of item {item}: a whole number "
                            "of at least 1 is expected; leave the item out if it has none"
                        )
        for number, order in enumerate(self.orders):
            if not order:
                raise ValueError(f"order {number} is empty; leave it out")
