"""Cheap proofs that some units cannot lie in a box together.

Too long, too much volume, two that exclude each other, or too much volume once sides are measured
by scales that no packing can cheat.
"""

from __future__ import annotations

from itertools import combinations, product

from optimize.cartonisation.problem import FitProblem, Sides, volume

WHOLE = 2**20
"""Length of a box side on every scale."""
MOST_THRESHOLDS = 4


def cannot_fit(problem: FitProblem) -> bool:
    """Tell whether one of the quick proofs holds: the single unit, the volume, a pair."""
    box, units = problem.box, problem.units
    if any(side > room for unit in units for side, room in zip(unit, box, strict=True)):
        return True
    if sum(map(volume, units)) > volume(box):
        return True
    least = {unit: _least_along(unit, box) for unit in units}
    return any(
        all(a + b > room for a, b, room in zip(least[unit], least[other], box, strict=True))
        for unit, other in combinations(units, 2)
    )


def turned(unit: Sides, box: Sides) -> list[Sides]:
    """Return the ways in which a unit may lie in a box."""
    a, b, c = unit
    ways = dict.fromkeys(((a, b, c), (a, c, b), (b, a, c), (b, c, a), (c, a, b), (c, b, a)))
    return [way for way in ways if all(s <= room for s, room in zip(way, box, strict=True))]


def _least_along(unit: Sides, box: Sides) -> Sides:
    """Return the least that a unit takes along each axis, however it lies."""
    x, y, z = (min(sides) for sides in zip(*turned(unit, box), strict=True))
    return x, y, z


def scaled_volume_exceeds(problem: FitProblem) -> bool:
    """Tell whether the units are too much by some scale of the sides.

    A dual feasible function keeps what lies side by side on an axis within the whole of it, so the
    product of three of them keeps a packing within the box; a unit counts as it lies least. Scales:
    the length itself; long sides stretched to the whole while short ones vanish; halves for what is
    longer than a third (Fekete and Schepers 2004, A general framework for bounds, section 3).
    """
    ways = [turned(unit, problem.box) for unit in problem.units]
    scales = [_scales(problem.units, room) for room in problem.box]
    for of_x, of_y, of_z in product(*scales):
        least = [min(of_x[x] * of_y[y] * of_z[z] for x, y, z in of_unit) for of_unit in ways]
        if sum(least) > WHOLE**3:
            return True
    return False


def _scales(units: tuple[Sides, ...], room: int) -> list[dict[int, int]]:
    """Return the length of every side on each scale; the whole axis has the length WHOLE."""
    sides = sorted({side for unit in units for side in unit if side <= room})
    plain = {side: side * WHOLE // room for side in sides}
    halves = {
        side: plain[side] if 3 * side % room == 0 else 3 * side // room * (WHOLE // 2)
        for side in sides
    }
    short = sorted({min(side, room - side) for side in sides} - {0})[-MOST_THRESHOLDS:]
    stretched = [
        {
            side: WHOLE if side > room - least else plain[side] if side >= least else 0
            for side in sides
        }
        for least in short
    ]
    return [plain, halves, *stretched]
