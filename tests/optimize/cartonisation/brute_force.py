"""Another way to say whether up to four units go into a box: try every place there may be.

Pushed into a corner, each unit begins at the wall or where others end, so its places are sums of
sides. Shares nothing with the planner but the problem.
"""

from __future__ import annotations

from itertools import permutations, product

from optimize.cartonisation.problem import FitProblem, Sides

Placed = tuple[Sides, Sides]


def goes_in(problem: FitProblem) -> bool:
    """Tell whether some way of turning and placing the units keeps them apart."""
    ways = [sorted(set(permutations(unit))) for unit in problem.units]
    return any(_placed(problem.box, list(turned)) for turned in product(*ways))


def _placed(box: Sides, sides: list[tuple[int, ...]]) -> bool:
    starts = []
    for k in range(len(sides)):
        others = sides[:k] + sides[k + 1 :]
        starts.append([_sums(others, sides[k], box, axis) for axis in range(3)])
    return _next(starts, sides, [])


def _sums(others: list[tuple[int, ...]], own: tuple[int, ...], box: Sides, axis: int) -> list[int]:
    sums = {0}
    for other in others:
        sums |= {before + other[axis] for before in sums}
    return sorted(start for start in sums if start + own[axis] <= box[axis])


def _next(
    starts: list[list[list[int]]],
    sides: list[tuple[int, ...]],
    placed: list[tuple[tuple[int, ...], tuple[int, ...]]],
) -> bool:
    k = len(placed)
    if k == len(sides):
        return True
    for corner in product(*starts[k]):
        if all(_apart(corner, sides[k], *other) for other in placed) and _next(
            starts, sides, [*placed, (corner, sides[k])]
        ):
            return True
    return False


def _apart(
    corner: tuple[int, ...],
    sides: tuple[int, ...],
    other_corner: tuple[int, ...],
    other_sides: tuple[int, ...],
) -> bool:
    return any(
        corner[axis] + sides[axis] <= other_corner[axis]
        or other_corner[axis] + other_sides[axis] <= corner[axis]
        for axis in range(3)
    )
