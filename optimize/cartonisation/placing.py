"""Fills a box by hand, so to say: unit by unit, each into the first corner that takes it.

Corners are where a unit may lie against what is there already: the ends of the placed units, pulled
back towards the walls (extreme points: Crainic, Perboli and Tadei 2008).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations

from optimize.cartonisation.bounds import turned
from optimize.cartonisation.check import Place
from optimize.cartonisation.problem import FitProblem, Sides, volume

Corner = tuple[int, int, int]


class PlacedBox:
    """A box with the units placed so far.

    Parameters
    ----------
    box
        Its inside sides.
    axes
        Which axis is filled first, second and third: the order in which corners are tried.
    """

    def __init__(self, box: Sides, axes: tuple[int, int, int] = (2, 1, 0)) -> None:
        self._box = box
        self._axes = axes
        self._corners: list[Corner] = [(0, 0, 0)]
        self.places: list[Place] = []

    def takes(self, ways: Sequence[Sides]) -> bool:
        """Place a unit in the first corner that takes it one of some ways; tell whether it did."""
        first, second, third = self._axes
        self._corners.sort(key=lambda corner: (corner[first], corner[second], corner[third]))
        for corner in self._corners:
            for way in ways:
                if self._is_free(corner, way):
                    self._place(Place(corner, way))
                    return True
        return False

    def _is_free(self, corner: Corner, sides: Sides) -> bool:
        x, y, z = corner
        x_end, y_end, z_end = x + sides[0], y + sides[1], z + sides[2]
        long, wide, high = self._box
        if x_end > long or y_end > wide or z_end > high:
            return False
        for (a, b, c), (da, db, dc) in self.places:
            if a < x_end and b < y_end and c < z_end and x < a + da and y < b + db and z < c + dc:
                return False
        return True

    def _place(self, new: Place) -> None:
        self.places.append(new)
        (x, y, z), (dx, dy, dz) = new
        ends = ((x + dx, y, z), (x, y + dy, z), (x, y, z + dz))
        found = dict.fromkeys(self._corners)
        for axis, end in enumerate(ends):
            for other in range(3):
                if other != axis:
                    found[self._pulled_back(end, other)] = None
        found.pop(new.corner, None)
        self._corners = [
            (a, b, c)
            for a, b, c in found
            if not (x <= a < x + dx and y <= b < y + dy and z <= c < z + dz)
            and a < self._box[0]
            and b < self._box[1]
            and c < self._box[2]
        ]

    def _pulled_back(self, corner: Corner, axis: int) -> Corner:
        """Move a corner along an axis until it meets a unit or the wall."""
        p, q = (k for k in range(3) if k != axis)
        stop = 0
        for start, sides in self.places:
            end = start[axis] + sides[axis]
            if (
                stop < end <= corner[axis]
                and start[p] <= corner[p] < start[p] + sides[p]
                and start[q] <= corner[q] < start[q] + sides[q]
            ):
                stop = end
        moved = list(corner)
        moved[axis] = stop
        return moved[0], moved[1], moved[2]


def placed(problem: FitProblem) -> list[Place] | None:
    """Return a packing found by one of some simple sequences, or None if none leads to one."""
    ways = {unit: turned(unit, problem.box) for unit in problem.units}
    for axes in permutations(range(3)):
        # lie flat on what is filled first
        flat = {
            unit: sorted(of, key=lambda way: (way[axes[0]], way[axes[1]]))
            for unit, of in ways.items()
        }
        for sequence in _sequences(problem.units):
            found = _in_sequence(problem, sequence, axes, flat)
            if found is not None:
                return found
    return None


def _sequences(units: tuple[Sides, ...]) -> Iterable[list[int]]:
    numbers = range(len(units))
    yield sorted(numbers, key=lambda k: -volume(units[k]))
    yield sorted(numbers, key=lambda k: (-units[k][0], -units[k][1], -units[k][2]))
    yield sorted(numbers, key=lambda k: (-units[k][0] * units[k][1], -units[k][2]))


def _in_sequence(
    problem: FitProblem,
    sequence: Sequence[int],
    axes: tuple[int, ...],
    ways: Mapping[Sides, Sequence[Sides]],
) -> list[Place] | None:
    box = PlacedBox(problem.box, (axes[0], axes[1], axes[2]))
    for number in sequence:
        if not box.takes(ways[problem.units[number]]):
            return None
    of_unit = dict(zip(sequence, box.places, strict=True))
    return [of_unit[number] for number in range(len(sequence))]
