"""What is to be planned: one pick list on one floor."""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.policies.routing import Corner
from sim.warehouse.layout import Layout


@dataclass(frozen=True)
class Problem:
    """One way past every stop, from the depot and back to it unless said otherwise.

    Parameters
    ----------
    layout
        The floor.
    stops
        Location ids in any order; repeats count once.
    start, end
        Where the way starts and ends: points on a cross-aisle; None: the depot.
    turns
        Whether a cart can turn round inside an aisle.

    Raises
    ------
    ValueError
        If a stop is not a location of the floor.
    """

    layout: Layout
    stops: tuple[int, ...]
    start: Corner | None = field(default=None, kw_only=True)
    end: Corner | None = field(default=None, kw_only=True)
    turns: bool = field(default=True, kw_only=True)

    def __post_init__(self) -> None:
        for stop in self.stops:
            if not 0 <= stop < self.layout.locations:
                raise ValueError(
                    f"stop {stop} is not a location; the floor has 0 to {self.layout.locations - 1}"
                )

    @property
    def is_plain(self) -> bool:
        """Whether it is a round trip from the depot on which carts can turn anywhere."""
        return self.start is None and self.end is None and self.turns

    @property
    def distinct_stops(self) -> tuple[int, ...]:
        """The stops in ascending order, each once."""
        return tuple(sorted(dict.fromkeys(self.stops)))
