"""The only door to HiGHS: mixed-integer programmes through SciPy, and not a word on stdout.

HiGHS writes lines of its own to the process's stdout past Python, which would end up in the middle
of what a command prints for a machine to read.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from optimize.solver import SolverError

if TYPE_CHECKING:
    from scipy.optimize import Bounds, LinearConstraint  # noqa: TID251 - a package of SciPy
    from scipy.optimize._milp import _OptionsMILP  # noqa: TID251 - its type alone
    from scipy.sparse import csc_array, csr_matrix

Floats = npt.NDArray[np.float64]

STDOUT = 1
NODE_LIMIT = "HiGHS Status 16"
_ONE_AT_A_TIME = RLock()
_STATUS: dict[int, Literal["optimal", "stopped", "infeasible"]] = {
    0: "optimal",
    1: "stopped",
    2: "infeasible",
}


class Answer(NamedTuple):
    """What a programme came to.

    Attributes
    ----------
    status
        "optimal" where proved; "stopped" at a limit, with or without values; "infeasible".
    values
        Value of each column, or None.
    bound
        No values cost less; None where nothing is known.
    """

    status: Literal["optimal", "stopped", "infeasible"]
    values: Floats | None
    bound: float | None


def solve_milp(
    costs: Floats,
    *,
    integrality: npt.NDArray[np.integer[Any]],
    bounds: Bounds,
    constraints: LinearConstraint | list[LinearConstraint],
    options: _OptionsMILP,
) -> Answer:
    """Minimise costs over columns, some of them whole numbers.

    Parameters
    ----------
    costs, integrality, bounds, constraints, options
        As `scipy.optimize.milp` takes them.

    Raises
    ------
    SolverError
        If HiGHS fails, or says that costs fall without end.
    """
    from scipy.optimize import milp  # noqa: TID251 - a package of SciPy

    def solved(**further: bool) -> tuple[Any, Literal["optimal", "stopped", "infeasible"] | None]:
        with _silent_stdout():
            found = milp(
                costs,
                integrality=integrality,
                bounds=bounds,
                constraints=constraints,
                options={**options, **further},  # type: ignore[arg-type]  # a dict of its keys
            )
        if NODE_LIMIT in found.message:  # SciPy knows no number of its own for it
            return found, "stopped"
        return found, _STATUS.get(found.status)

    found, status = solved()
    if status is None:  # its presolve can stumble over numbers that the programme itself does not
        found, status = solved(presolve=False)
    if status is None:
        raise SolverError(
            f"HiGHS failed on a programme with {len(costs)} columns, status {found.status}: "
            f"{found.message}"
        )
    if status == "infeasible":
        return Answer(status, None, None)
    if status == "optimal" and found.x is None:
        raise SolverError(f"HiGHS proved a best answer to {len(costs)} columns but gave none")
    bound = None if found.mip_dual_bound is None else float(found.mip_dual_bound)
    return Answer(status, found.x, bound)


def solve_lp(
    costs: Floats, matrix: csr_matrix, low: Floats, high: Floats, *, lower: Floats, upper: Floats
) -> Answer:
    """Minimise costs over broken numbers, by HiGHS's interior point method and a crossover.

    Parameters
    ----------
    costs, lower, upper
        Price and bounds of each column.
    matrix, low, high
        Rows by columns, and the bounds of each row.

    Raises
    ------
    SolverError
        If HiGHS fails, or says that costs fall without end.
    """
    from scipy.optimize import linprog  # noqa: TID251 - a package of SciPy
    from scipy.sparse import vstack

    same, above, below = low == high, low > -np.inf, high < np.inf
    with _silent_stdout():
        found = linprog(  # type: ignore[call-overload]  # the stubs know no sparse matrix
            costs,
            A_ub=vstack([matrix[below & ~same], -matrix[above & ~same]]),
            b_ub=np.concatenate([high[below & ~same], -low[above & ~same]]),
            A_eq=matrix[same],
            b_eq=low[same],
            bounds=np.column_stack([lower, upper]),
            method="highs-ipm",
        )
    if found.status == 2:
        return Answer("infeasible", None, None)
    if found.status != 0:
        raise SolverError(f"HiGHS failed on {len(costs)} broken numbers: {found.message}")
    return Answer("optimal", found.x, float(found.fun))


class LinearAnswer(NamedTuple):
    """The cheapest answer to a linear programme.

    Attributes
    ----------
    objective
        Its cost.
    values
        Value of each column.
    prices
        What one more on the right of each row would cost.
    """

    objective: float
    values: Floats
    prices: Floats


def solve_priced_lp(costs: Floats, rows: csc_array, right: Floats) -> LinearAnswer:
    """Minimise costs over columns of at least 0 whose rows equal the right-hand side.

    Parameters
    ----------
    costs, rows, right
        Cost of each column; the matrix; what each row comes to.

    Raises
    ------
    SolverError
        If no cheapest answer is found.
    """
    from scipy.optimize import linprog  # noqa: TID251 - a package of SciPy

    with _silent_stdout():
        found = linprog(costs, A_eq=rows, b_eq=right, method="highs")  # type: ignore[call-overload]
    if found.status != 0 or found.x is None:
        raise SolverError(
            f"HiGHS found no cheapest answer to {len(costs)} columns and {len(right)} rows, status "
            f"{found.status}: {found.message}"
        )
    return LinearAnswer(float(found.fun), found.x, found.eqlin.marginals)


@contextmanager
def _silent_stdout() -> Iterator[None]:
    """Point stdout to nowhere meanwhile; one thread at a time, and back again in any case."""
    with _ONE_AT_A_TIME:
        if sys.stdout is not None:
            sys.stdout.flush()
        try:
            kept = os.dup(STDOUT)
        except OSError:  # a process without stdout: nothing to keep clean
            yield
            return
        try:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            try:
                os.dup2(nowhere, STDOUT)
            finally:
                os.close(nowhere)
            yield
        finally:
            os.dup2(kept, STDOUT)
            os.close(kept)
