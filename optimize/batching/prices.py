"""What a batch costs: the metres of its round trip by the rule that pickers walk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from optimize.batching.problem import Problem
from sim.policies.routing import resolve_routing

Floats = npt.NDArray[np.float64]
Batch = tuple[int, ...]
MAX_REMEMBERED = 200_000


class Prices(Protocol):
    """Metres of batches.

    Attributes
    ----------
    priced
        Number of prices worked out so far.
    """

    priced: int

    def batch_m(self, batch: Batch) -> float:
        """Return the metres of one batch."""
        ...

    def joined_m(self, batch: Batch, others: Sequence[Batch]) -> Floats:
        """Return the metres of a batch joined with each of others."""
        ...


class RulePrices:
    """Metres by any routing rule on any floor, each batch walked once.

    Parameters
    ----------
    problem
        Orders, floor and rule.
    """

    def __init__(self, problem: Problem) -> None:
        self.priced = 0
        self._stops = [order.stops for order in problem.orders]
        self._rule = problem.rule or resolve_routing(problem.routing, problem.layout)
        self._remembered: dict[Batch, float] = {}

    def batch_m(self, batch: Batch) -> float:
        """Return the metres of one batch."""
        key = tuple(sorted(batch))
        found_m = self._remembered.get(key)
        if found_m is None:
            stops = sorted({stop for order in key for stop in self._stops[order]})
            found_m = self._rule.length_m(stops) if stops else 0.0
            self.priced += 1
            if len(self._remembered) >= MAX_REMEMBERED:
                del self._remembered[next(iter(self._remembered))]
            self._remembered[key] = found_m
        return found_m

    def joined_m(self, batch: Batch, others: Sequence[Batch]) -> Floats:
        """Return the metres of a batch joined with each of others."""
        return np.array([self.batch_m((*batch, *other)) for other in others], dtype=np.float64)


def prices_of(problem: Problem) -> Prices:
    """Return the fastest prices that fit a floor and a rule.

    Raises
    ------
    ValueError
        If there is no such rule or it does not fit the floor.
    """
    from optimize.batching.floors import MaskPrices, has_compiled_price

    return MaskPrices(problem) if has_compiled_price(problem) else RulePrices(problem)
