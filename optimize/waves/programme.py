"""The wave as an integer programme (HiGHS): the best orders of given aisles, or aisles as well."""

from __future__ import annotations

from math import inf
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimize.solver.highs import solve_milp
from optimize.waves.arrays import Arrays, Ints
from optimize.waves.search import Wave


class Found(NamedTuple):
    """What the programme came to.

    Attributes
    ----------
    wave
        The best wave found, if any.
    most
        No wave has more units than the ratio times its aisles plus so many.
    """

    wave: Wave | None
    most: float


class Model(NamedTuple):
    """Columns: orders that the pool serves, then the aisles of the pool."""

    orders: Ints
    pool: Ints
    rows: Any


def _stock(arrays: Arrays, pool: Ints) -> Any:  # noqa: ANN401 - sparse matrices have no common type
    """Return the stock of the pool as a sparse matrix of items and aisles."""
    from scipy.sparse import csr_array

    first, column, units = arrays.aisles
    whole = csr_array((units, column, first), shape=(len(first) - 1, arrays.items))
    return whole[pool].T.tocsr()


def model_of(arrays: Arrays, pool: Ints, *, single_lines: bool) -> Model:
    """Return the rows of the programme, each at most 0.

    The orders want no more of an item than is in stock in the chosen aisles, together and, with
    ``single_lines``, each alone: that follows for whole numbers and tightens the relaxation.
    """
    from scipy.sparse import csr_array, vstack

    stock = _stock(arrays, pool)
    total = np.asarray(stock.sum(axis=1)).ravel()
    first, column, units = arrays.orders
    lacking = np.add.reduceat(units > total[column], first[:-1])
    orders = np.flatnonzero(lacking == 0)
    demand = csr_array((units, column, first), shape=(len(first) - 1, arrays.items))[orders]
    scarce = np.flatnonzero(np.asarray(demand.sum(axis=0)).ravel())
    rows = [_side_by_side(demand.T.tocsr()[scarce], -stock[scarce])]
    if single_lines:
        lines = demand.tocoo()
        give = stock[lines.col].tocoo()
        least = np.minimum(give.data, lines.data[give.row])
        rows.append(
            _side_by_side(
                csr_array(
                    (lines.data, (np.arange(lines.nnz), lines.row)),
                    shape=(lines.nnz, len(orders)),
                ),
                csr_array((-least, (give.row, give.col)), shape=give.shape),
            )
        )
    return Model(orders, pool, vstack(rows, format="csr"))


def _side_by_side(left: Any, right: Any) -> Any:  # noqa: ANN401 - sparse matrices have no common type
    from scipy.sparse import hstack

    return hstack([left, right], format="csr")


def best_wave(
    arrays: Arrays, pool: Ints, ratio: float, lower: int, upper: int, *,
    all_aisles: bool, nodes: int, limit_s: float | None = None,
) -> Found:  # fmt: skip
    """Return the wave with the most units less ``ratio`` times its aisles (Dinkelbach 1967).

    Parameters
    ----------
    arrays
        The problem.
    pool
        Aisles that may be chosen.
    ratio
        What an aisle must bring.
    lower, upper
        Fewest and most units.
    all_aisles
        Whether all of the pool are chosen; else the programme chooses among them.
    nodes
        Most nodes of branch and bound.
    limit_s
        Most seconds, if any.
    """
    from scipy.optimize import Bounds, LinearConstraint  # noqa: TID251  # a package of SciPy

    model = model_of(arrays, pool, single_lines=not all_aisles)
    count, size = len(model.orders), len(pool)
    if not count:
        return Found(None, -ratio)
    gain: NDArray[np.float64] = np.concatenate((arrays.order_units[model.orders], np.zeros(size)))
    visits: NDArray[np.float64] = np.concatenate((np.zeros(count), np.ones(size)))
    least = visits if all_aisles else 0 * visits
    answer = solve_milp(
        ratio * visits - gain,
        integrality=np.ones(count + size, np.int64),
        bounds=Bounds(least, 1),
        constraints=[
            LinearConstraint(model.rows, -inf, 0),
            LinearConstraint(gain[np.newaxis], lower, upper),
        ],
        options={
            "node_limit": nodes,
            "mip_rel_gap": 0.0,
            "time_limit": inf if limit_s is None else max(limit_s, 0.01),
        },
    )
    most = inf if answer.bound is None else -answer.bound
    if answer.values is None:
        return Found(None, -inf if answer.status == "infeasible" else most)
    taken = answer.values > 0.5
    orders = model.orders[taken[:count]]
    aisles = pool[taken[count:]]
    if not (len(orders) and len(aisles)):
        return Found(None, most)
    units = int(arrays.order_units[orders].sum())
    return Found(Wave(units, tuple(orders.tolist()), tuple(aisles.tolist())), most)
