"""What every floor can say: how many locations there are, and how far it is between them.

Locations are the numbers 0, 1, 2, …; the depot is -1. People walk on centre lines, at right angles.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

DEPOT = -1


@runtime_checkable
class Layout(Protocol):
    """What every floor can say."""

    @property
    def locations(self) -> int:
        """Number of locations; their ids are 0 … locations - 1."""
        ...

    @property
    def depot(self) -> int:
        """Id of the depot, always -1."""
        ...

    @property
    def has_aisles(self) -> bool:
        """Whether routing rules that think in aisles may be used."""
        ...

    @property
    def one_way(self) -> bool:
        """Whether the way from a to b may be longer than that from b to a."""
        ...

    @property
    def aisle_of(self) -> list[int]:
        """Aisle of each location, counted from 0."""
        ...

    @property
    def offset_m(self) -> list[float]:
        """Position of each location along its aisle, in metres."""
        ...

    @property
    def zone_of(self) -> list[int]:
        """Zone of each location, an index into `zone_names`."""
        ...

    @property
    def zone_names(self) -> tuple[str, ...]:
        """Names of the zones, at least one."""
        ...

    @property
    def level_of(self) -> list[int]:
        """Level of each location above the floor; 0 is within reach."""
        ...

    @property
    def access_s(self) -> list[float] | None:
        """Seconds that reaching up to each location adds to its search; None where all are 0."""
        ...

    def distance_m(self, start: int, end: int) -> float:
        """Return the shortest walk from a location (or the depot) to another in metres."""
        ...

    def xy_m(self, location: int) -> tuple[float, float]:
        """Return where to draw a location (or the depot), in metres."""
        ...
