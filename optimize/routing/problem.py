"""What is to be planned: one pick list on one floor."""

from __future__ import annotations

from dataclasses import dataclass

from sim.warehouse.layout import Layout


@dataclass(frozen=True)
class Problem:
    """One round trip from the depot past every stop.

    Parameters
    ----------
    layout
        The floor.
    stops
        Location ids in any order; repeats count once.

    Raises
    ------
    ValueError
        If a stop is not a location of the floor.
    """

    layout: Layout
    stops: tuple[int, ...]

    def __post_init__(self) -> None:
        for stop in self.stops:
            if not 0 <= stop < self.layout.locations:
                raise ValueError(
                    f"stop {stop} is not a location; the floor has 0 to {self.layout.locations - 1}"
                )

    @property
    def distinct_stops(self) -> tuple[int, ...]:
        """The stops in ascending order, each once."""
        return tuple(sorted(dict.fromkeys(self.stops)))
