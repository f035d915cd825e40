"""How much of a cart each order takes, and which orders go on a cart together."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from optimize.batching.problem import Problem

Floats = npt.NDArray[np.float64]
KINDS = ("orders", "items", "volume_ml", "weight_g", "boxes")
ROUNDING = 1e-9
"""Sums are allowed to be over a limit by so small a share, for they are rounded."""


class Loads:
    """What orders take of a cart.

    Parameters
    ----------
    problem
        Orders and what a cart holds.

    Attributes
    ----------
    of
        Row per order, column per kind of limit that is set.
    room
        Limit of each column.
    """

    def __init__(self, problem: Problem) -> None:
        limits = [float(getattr(problem.limits, kind)) for kind in KINDS]
        kept = [column for column, limit in enumerate(limits) if limit < float("inf")]
        taken = [
            (1.0, order.items, order.volume_ml, order.weight_g, order.boxes)
            for order in problem.orders
        ]
        self.of: Floats = np.array(taken, dtype=np.float64).reshape(-1, len(KINDS))[:, kept]
        self.room: Floats = np.array([limits[column] * (1.0 + ROUNDING) for column in kept])

    def sum_of(self, batch: Iterable[int]) -> Floats:
        """Return what orders take together."""
        total: Floats = self.of[list(batch)].sum(axis=0)
        return total

    def fits(self, batch: Iterable[int]) -> bool:
        """Return whether orders go on one cart together."""
        return bool((self.sum_of(batch) <= self.room).all())
