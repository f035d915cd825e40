"""Few orders: all batches that fit on a cart, and the cheapest that hold each order once, proved.

Orders are put on carts like a set that is cut into parts: one yes or no for each possible batch
(Gademann & van de Velde 2005, IIE Transactions 37(1)).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optimize.batching.loads import Loads
from optimize.batching.prices import Batch, Floats, Prices
from optimize.solver import SolverError
from optimize.solver.highs import solve_milp

MOST_ORDERS, MOST_BATCHES = 25, 2_000
"""With more orders, or more possible batches, a search is faster."""


def possible_batches(loads: Loads, most: int) -> list[Batch] | None:
    """Return all batches that fit on a cart, or None if there are more than so many.

    An order that alone is too much counts as a batch of its own.
    """
    found: list[Batch] = []
    count = len(loads.of)

    def grow(batch: Batch, taken: Floats) -> bool:
        for order in range(batch[-1] + 1 if batch else 0, count):
            together = taken + loads.of[order]
            fits = bool((together <= loads.room).all())
            if fits or not batch:
                if len(found) >= most:
                    return False
                found.append((*batch, order))
                if fits and not grow(found[-1], together):
                    return False
        return True

    return found if grow((), np.zeros(len(loads.room))) else None


def cheapest_partition(
    prices: Prices, loads: Loads, batches: Sequence[Batch]
) -> tuple[list[Batch], float]:
    """Return the cheapest of these batches that hold each order once, and a bound on their metres.

    Parameters
    ----------
    prices, loads
        What batches cost, and the orders.
    batches
        Those to choose from; each order must be in one alone.
    """
    from scipy.optimize import Bounds, LinearConstraint  # noqa: TID251 - not our optimize
    from scipy.sparse import csc_array

    cost_m = prices.joined_m((), batches)
    rows = [order for batch in batches for order in batch]
    columns = [column for column, batch in enumerate(batches) for _ in batch]
    holds = csc_array((np.ones(len(rows)), (rows, columns)), shape=(len(loads.of), len(batches)))
    found = solve_milp(
        cost_m,
        integrality=np.ones(len(batches), dtype=np.int64),
        bounds=Bounds(0.0, 1.0),
        constraints=LinearConstraint(holds, 1.0, 1.0),
        options={"mip_rel_gap": 0.0},
    )
    if found.values is None or found.bound is None:
        raise SolverError(f"the partition of {len(batches)} batches ended {found.status}")
    chosen = [batch for batch, share in zip(batches, found.values, strict=True) if share > 0.5]
    return chosen, found.bound
