"""A problem as rows of numbers, and the state of a search among its aisles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimize.waves.problem import Problem

Ints = NDArray[np.int64]


class Rows(NamedTuple):
    """Compressed rows: the entries of row n are ``first[n]:first[n + 1]``."""

    first: Ints
    column: Ints
    units: Ints

    def turned(self, columns: int) -> Rows:
        """Return columns as rows, the entries of each with the fewest units first."""
        row = np.repeat(np.arange(len(self.first) - 1), np.diff(self.first))
        by = np.lexsort((row, self.units, self.column))
        counts = np.bincount(self.column, minlength=columns)
        first = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
        return Rows(first, row[by].astype(np.int64), self.units[by])


@dataclass(frozen=True)
class Arrays:
    """A problem in arrays, less the orders that no wave can hold.

    Attributes
    ----------
    orders
        Lines of each order left: item and units.
    aisles
        Stock of each aisle: item and units, of items that are ordered.
    order_units
        Units of each order left.
    numbers
        Its number in the problem.
    by_item, keepers
        Orders of each item, the fewest units first; aisles of each item.
    items
        Number of items.
    """

    orders: Rows
    aisles: Rows
    order_units: Ints
    numbers: Ints
    by_item: Rows
    keepers: Rows
    items: int


def _rows(rows: list[list[tuple[int, int]]]) -> Rows:
    first = np.concatenate(([0], np.cumsum([len(row) for row in rows]))).astype(np.int64)
    column = np.array([item for row in rows for item, _ in row], np.int64)
    units = np.array([units for row in rows for _, units in row], np.int64)
    return Rows(first, column, units)


def arrays_of(problem: Problem) -> Arrays:
    """Return a problem as arrays; orders that all aisles together cannot serve are left out."""
    stock: dict[int, int] = {}
    for aisle in problem.aisles:
        for item, units in aisle.items():
            stock[item] = stock.get(item, 0) + units
    numbers = [
        number
        for number, order in enumerate(problem.orders)
        if sum(order.values()) <= problem.upper
        and all(units <= stock.get(item, 0) for item, units in order.items())
    ]
    column: dict[int, int] = {}
    lines = [
        [(column.setdefault(item, len(column)), units) for item, units in order.items()]
        for order in (problem.orders[number] for number in numbers)
    ]
    orders = _rows(lines)
    aisles = _rows(
        [
            [(column[item], units) for item, units in aisle.items() if item in column]
            for aisle in problem.aisles
        ]
    )
    order_units = np.array([sum(units for _, units in line) for line in lines], np.int64)
    return Arrays(
        orders, aisles, order_units, np.array(numbers, np.int64),
        orders.turned(len(column)), aisles.turned(len(column)), len(column),
    )  # fmt: skip
