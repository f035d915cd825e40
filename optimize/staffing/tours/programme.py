"""A sparse mixed-integer programme, built row by row and solved by HiGHS."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from optimize.solver.highs import Answer, solve_lp, solve_milp

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Floats = npt.NDArray[np.float64]
Term = tuple[int, float]


class Limits(NamedTuple):
    """When HiGHS ends before the proof.

    Attributes
    ----------
    nodes
        Nodes of its tree.
    gap
        Relative distance between answer and bound that counts as proved.
    wall_s
        Seconds by the clock; None on every path whose answer must not depend on the machine.
    """

    nodes: int
    gap: float
    wall_s: float | None = None


class Programme:
    """Columns with prices and bounds, rows between two bounds."""

    def __init__(self) -> None:
        self.costs: list[float] = []
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.whole: list[bool] = []
        self._numbers: list[int] = []
        self._factors: list[float] = []
        self._starts = [0]
        self._row_low: list[float] = []
        self._row_high: list[float] = []
        self._matrix: csr_matrix | None = None

    def column(
        self, cost: float = 0.0, *, most: float = np.inf, least: float = 0.0, whole: bool = False
    ) -> int:
        """Add a column and return its number."""
        self.costs.append(cost)
        self.lower.append(least)
        self.upper.append(most)
        self.whole.append(whole)
        return len(self.costs) - 1

    def row(self, terms: Iterable[Term], low: float = -np.inf, high: float = np.inf) -> None:
        """Add ``low <= sum(factor * column) <= high``."""
        for number, factor in terms:
            self._numbers.append(number)
            self._factors.append(factor)
        self._starts.append(len(self._numbers))
        self._row_low.append(low)
        self._row_high.append(high)

    @property
    def matrix(self) -> csr_matrix:
        """Rows by columns; terms that name a column twice are added."""
        if self._matrix is None:
            from scipy.sparse import csr_matrix

            self._matrix = csr_matrix(
                (self._factors, self._numbers, self._starts),
                shape=(len(self._row_low), len(self.costs)),
            )
            self._matrix.sum_duplicates()
        return self._matrix

    def nearest(self, values: Floats, kept: npt.NDArray[np.bool_]) -> Floats | None:
        """Return whole numbers close to values that keep the rows of some columns among themselves.

        Parameters
        ----------
        values
            One a column.
        kept
            The columns; a row that names another is left out. The others stay as they are.
        """
        chosen = [int(number) for number in np.flatnonzero(kept)]
        outside = abs(self.matrix[:, ~kept]).sum(axis=1)
        rows = np.flatnonzero(np.asarray(outside).ravel() == 0)
        part = self.matrix[rows][:, chosen].tocoo()
        away = Programme()
        for number in chosen:
            away.column(least=self.lower[number], most=self.upper[number], whole=self.whole[number])
        terms: list[list[Term]] = [[] for _ in rows]
        for place, inside, factor in zip(part.row, part.col, part.data, strict=True):
            terms[place].append((int(inside), float(factor)))
        for row, found in zip(rows, terms, strict=True):
            if found:
                away.row(found, self._row_low[row], self._row_high[row])
        for column, number in enumerate(chosen):
            if self.whole[number]:
                above, below = away.column(1.0), away.column(1.0)
                value = float(values[number])
                away.row([(column, 1.0), (above, -1.0), (below, 1.0)], value, value)
        answer = away.solved(Limits(nodes=1, gap=0.02))
        if answer.values is None:
            return None
        near = values.copy()
        near[chosen] = answer.values[: len(chosen)]
        return near

    def relaxed(self) -> Answer:
        """Return the answer in broken numbers."""
        return solve_lp(
            np.array(self.costs),
            self.matrix,
            np.array(self._row_low),
            np.array(self._row_high),
            lower=np.array(self.lower),
            upper=np.array(self.upper),
        )

    def solved(
        self,
        limits: Limits,
        *,
        lower: Floats | None = None,
        upper: Floats | None = None,
        whole: npt.NDArray[np.bool_] | None = None,
    ) -> Answer:
        """Return HiGHS's answer.

        Parameters
        ----------
        limits
            When to end.
        lower, upper, whole
            In the place of the columns' own bounds and integrality.
        """
        from scipy.optimize import Bounds, LinearConstraint  # noqa: TID251 - a package of SciPy

        costs = np.array(self.costs)
        rules = LinearConstraint(self.matrix, self._row_low, self._row_high)
        options: dict[str, float | int] = {"mip_rel_gap": limits.gap, "node_limit": limits.nodes}
        if limits.wall_s is not None:
            options["time_limit"] = max(0.01, limits.wall_s)
        return solve_milp(
            costs,
            integrality=np.array(self.whole if whole is None else whole, dtype=np.int64),
            bounds=Bounds(
                np.array(self.lower) if lower is None else lower,
                np.array(self.upper) if upper is None else upper,
            ),
            constraints=rules,
            options=options,  # type: ignore[arg-type]
        )
