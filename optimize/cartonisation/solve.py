"""Decides whether units go into a box: quick proofs, then a packing by hand, then CP-SAT.

Most questions end before the search. Every packing is looked at again before it is believed; the
search ends after a fixed amount of work, so the same question has the same answer everywhere.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from optimize.cartonisation.bounds import cannot_fit, scaled_volume_exceeds, turned
from optimize.cartonisation.check import Place, broken_places
from optimize.cartonisation.placing import placed
from optimize.cartonisation.problem import FitProblem
from optimize.solver import SolverError
from optimize.solver.cp_sat import InfeasibleError, NoAnswerError
from optimize.solver.cuboids import cuboids_in_a_box

DETERMINISTIC_LIMIT_S = 1.0
MOST_UNITS_SEARCHED = 12


class Fit(NamedTuple):
    """Whether units go into a box; ``places`` are those of the problem's units where they do."""

    answer: Literal["fits", "does not fit", "not proved"]
    places: tuple[Place, ...]
    by: str


def fit(problem: FitProblem) -> Fit:
    """Return whether the units of a problem go into its box.

    Raises
    ------
    SolverError
        If the places found do not hold.
    """
    if cannot_fit(problem):
        return Fit("does not fit", (), "quick proof")
    by_hand = placed(problem)
    if by_hand is not None:
        return _fits(problem, by_hand, "by hand")
    if len(problem.units) <= 2:  # what keeps two apart is among the quick proofs
        return Fit("does not fit", (), "quick proof")
    if scaled_volume_exceeds(problem):
        return Fit("does not fit", (), "scaled volume")
    if len(problem.units) > MOST_UNITS_SEARCHED:
        return Fit("not proved", (), "too many units")
    return _searched(problem)


def _searched(problem: FitProblem) -> Fit:
    ways = [turned(unit, problem.box) for unit in problem.units]
    try:
        found = cuboids_in_a_box(problem.box, ways, deterministic_limit_s=DETERMINISTIC_LIMIT_S)
    except InfeasibleError:
        return Fit("does not fit", (), "search")
    except NoAnswerError:
        return Fit("not proved", (), "search")
    return _fits(problem, [Place(corner, sides) for corner, sides in found], "search")


def _fits(problem: FitProblem, places: list[Place], by: str) -> Fit:
    """Look at a packing again before it is believed."""
    broken = broken_places(problem, places)
    if broken:
        raise SolverError(f"a packing ({by}) does not hold: {broken[0]}")
    return Fit("fits", tuple(places), by)
