"""A mixed-integer programme that is put together row by row, and solved with some columns fixed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from optimize.solver.highs import Answer, solve_milp

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = npt.NDArray[np.float64]
Terms = Sequence[tuple[int, float]]
ENDLESS = float("inf")


@dataclass
class Programme:
    """Columns with bounds and costs, rows between them."""

    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    _rows: list[int] = field(default_factory=list)
    _columns: list[int] = field(default_factory=list)
    _values: list[float] = field(default_factory=list)
    _row_low: list[float] = field(default_factory=list)
    _row_high: list[float] = field(default_factory=list)

    def column(self, low: float, high: float, cost: float = 0.0, *, whole: bool = False) -> int:
        """Add a column and return its number."""
        self.low.append(low)
        self.high.append(high)
        self.cost.append(cost)
        self.whole.append(whole)
        return len(self.cost) - 1

    def row(self, terms: Terms, low: float = -ENDLESS, high: float = ENDLESS) -> None:
        """Add a row ``low <= sum(value * column) <= high``; a column may be named twice."""
        number = len(self._row_low)
        for column, value in terms:
            self._rows.append(number)
            self._columns.append(column)
            self._values.append(value)
        self._row_low.append(low)
        self._row_high.append(high)

    @cached_property
    def matrix(self) -> csr_array:
        """All rows; no row may be added afterwards."""
        from scipy.sparse import coo_array

        shape = (len(self._row_low), len(self.cost))
        return coo_array((self._values, (self._rows, self._columns)), shape=shape).tocsr()

    def solve(
        self,
        whole: Iterable[int],
        fixed: Mapping[int, float],
        *,
        node_limit: int,
        rel_gap: float = 0.0,
        below: float | None = None,
        limit_s: float | None = None,
    ) -> Answer:
        """Minimise the cost.

        Parameters
        ----------
        whole
            Columns that must be whole numbers; all others are relaxed.
        fixed
            Columns with a given value.
        node_limit, rel_gap, limit_s
            When HiGHS may stop; seconds are for scoring alone.
        below
            The cost must not be above this.
        """
        from scipy.optimize import Bounds, LinearConstraint  # noqa: TID251 - a package of SciPy

        low, high = np.array(self.low), np.array(self.high)
        for column, value in fixed.items():
            low[column] = high[column] = value
        costs = np.array(self.cost)
        integrality = np.zeros(len(costs), dtype=np.int64)
        integrality[list(whole)] = 1
        constraints = [LinearConstraint(self.matrix, self._row_low, self._row_high)]
        if below is not None:
            constraints.append(LinearConstraint(costs[np.newaxis, :], -ENDLESS, below))
        options = {"node_limit": node_limit, "mip_rel_gap": rel_gap, "disp": False}
        if limit_s is not None:
            options["time_limit"] = limit_s
        return solve_milp(
            costs,
            integrality=integrality,
            bounds=Bounds(low, high),
            constraints=constraints,
            options=options,  # type: ignore[arg-type]
        )
