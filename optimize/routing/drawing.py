"""Stretches of one-way aisles and cross-aisles that are walked, and the walk along all of them."""

from __future__ import annotations

from sim.policies.routing import Corner


class Drawing:
    """Stretches from corner to corner, each as often as it is walked."""

    def __init__(self) -> None:
        self._stretches: dict[Corner, list[Corner]] = {}

    def add(self, start: Corner, end: Corner, times: int) -> None:
        """Draw a stretch."""
        for _ in range(times):
            self._stretches.setdefault(start, []).append(end)
            self._stretches.setdefault(end, [])

    def walk_from(self, depot: Corner) -> list[Corner]:
        """Return one closed walk along every stretch, from and to the depot (Hierholzer 1873)."""
        waiting = {corner: list(ends) for corner, ends in self._stretches.items()}
        walk: list[Corner] = []
        open_walk = [next(iter(waiting))]
        while open_walk:
            here = open_walk[-1]
            if waiting[here]:
                open_walk.append(waiting[here].pop())
            else:
                walk.append(open_walk.pop())
        walk.reverse()
        home = walk.index(depot)
        closed = [*walk[home:-1], *walk[: home + 1]]
        return [
            corner
            for index, corner in enumerate(closed)
            if not index or corner != closed[index - 1]
        ]
