"""A box and the units that should go into it: whole tenths of a millimetre, so sums are exact.

Units are cuboids, laid parallel to the box and turned as it suits. The box is measured down to the
tenth, the units up to it: what fits here fits in the warehouse.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

TENTHS = 10.0
SLACK = 1e-6
"""Tenths of a millimetre by which a side may miss a whole tenth: the error of its computation."""

Sides = tuple[int, int, int]
"""Sides in tenths of a millimetre, longest first."""


@dataclass(frozen=True)
class FitProblem:
    """Units that should go into a box together.

    Parameters
    ----------
    box
        Inside sides, longest first.
    units
        Sides of each unit, longest first; the unit of the largest volume first.
    """

    box: Sides
    units: tuple[Sides, ...]


def box_sides(sides_mm: Sequence[float]) -> Sides:
    """Return the sides of a box in whole tenths, rounded down."""
    return _sorted([math.floor(side * TENTHS + SLACK) for side in sides_mm])


def unit_sides(sides_mm: Sequence[float]) -> Sides:
    """Return the sides of a unit in whole tenths, rounded up."""
    return _sorted([max(1, math.ceil(side * TENTHS - SLACK)) for side in sides_mm])


def fit_problem(box: Sides, units: Sequence[Sides]) -> FitProblem:
    """Return the problem with its units in order: the largest first, equal ones side by side."""
    return FitProblem(box, tuple(sorted(units, key=lambda s: (-volume(s), s))))


def volume(sides: Sides) -> int:
    """Return a volume in cubic tenths of a millimetre."""
    return sides[0] * sides[1] * sides[2]


def _sorted(sides: list[int]) -> Sides:
    long, middle, short = sorted(sides, reverse=True)
    return long, middle, short
