"""Stretches of aisles and cross-aisles that are walked, and the walk along all of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import inf

from optimize.routing.classes import AISLE_PICKS
from sim.policies.routing import Corner


class Drawing:
    """Stretches between corners, each as often as it is walked.

    Parameters
    ----------
    directed
        Whether a stretch is walked from its first corner to its second only.
    """

    def __init__(self, *, directed: bool = False) -> None:
        self._stretches: dict[Corner, list[Corner]] = {}
        self._directed = directed

    def add(self, start: Corner, end: Corner, times: int) -> None:
        """Draw a stretch."""
        for _ in range(times):
            self._stretches.setdefault(start, []).append(end)
            there = self._stretches.setdefault(end, [])
            if not self._directed:
                there.append(start)

    def add_pick(
        self, way: int, aisle: float, offsets_m: Sequence[float], ends_m: tuple[float, float]
    ) -> None:
        """Draw the way in which an aisle of a block is picked.

        Parameters
        ----------
        way
            Index into `AISLE_PICKS`.
        aisle, offsets_m
            The aisle and the offsets of its stops in the block, ascending.
        ends_m
            Offsets of the cross-aisles in front of the block and behind it.
        """
        near, far = Corner(aisle, ends_m[0]), Corner(aisle, ends_m[1])
        name = AISLE_PICKS[way].name
        if name == "through":
            self.add(near, far, 1)
        if name == "twice":
            self.add(near, far, 2)
        if name == "from_front":
            self.add(near, Corner(aisle, offsets_m[-1]), 2)
        if name == "from_back":
            self.add(far, Corner(aisle, offsets_m[0]), 2)
        if name == "around_gap":
            before_m, behind_m = max(pairwise(offsets_m), key=lambda gap: gap[1] - gap[0])
            self.add(near, Corner(aisle, before_m), 2)
            self.add(far, Corner(aisle, behind_m), 2)

    def walk_from(self, depot: Corner) -> list[Corner]:
        """Return one closed walk along every stretch, from and to the depot (Hierholzer 1873)."""
        waiting = {corner: list(ends) for corner, ends in self._stretches.items()}
        walk: list[Corner] = []
        open_walk = [next(iter(waiting))]
        while open_walk:
            here = open_walk[-1]
            if waiting[here]:
                there = waiting[here].pop()
                if not self._directed:
                    waiting[there].remove(here)
                open_walk.append(there)
            else:
                walk.append(open_walk.pop())
        if self._directed:
            walk.reverse()
        home = walk.index(depot)
        closed = [*walk[home:-1], *walk[: home + 1]]
        return [
            corner
            for index, corner in enumerate(closed)
            if not index or corner != closed[index - 1]
        ]


def pick_costs_m(offsets_m: Sequence[float], near_m: float, far_m: float) -> list[float]:
    """Return the metres of each of the `AISLE_PICKS` in an aisle; infinite where impossible.

    Parameters
    ----------
    offsets_m
        Offsets of the stops, ascending; may be empty.
    near_m, far_m
        Offsets of the cross-aisles in front of the block and behind it.
    """
    length_m = far_m - near_m
    if not offsets_m:
        return [length_m, inf, inf, inf, 0.0, 2.0 * length_m]
    nearest_m, farthest_m = offsets_m[0], offsets_m[-1]
    widest_m = 0.0
    before_m = nearest_m
    for offset in offsets_m:
        if offset - before_m > widest_m:  # noqa: PLR1730 - called for every stop; max() is slower
            widest_m = offset - before_m
        before_m = offset
    return [
        length_m,
        2.0 * (farthest_m - near_m),
        2.0 * (far_m - nearest_m),
        2.0 * (length_m - widest_m) if widest_m > 0.0 else inf,
        inf,
        2.0 * length_m,
    ]
