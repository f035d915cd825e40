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
    def aisle_of(self) -> list[int]:
        """Aisle of each location, counted from the left."""
        ...

    @property
    def offset_m(self) -> list[float]:
        """Position of each location along its aisle, in metres."""
        ...

    def distance_m(self, start: int, end: int) -> float:
        """Return the shortest walk between two locations (or the depot) in metres."""
        ...

    def xy_m(self, location: int) -> tuple[float, float]:
        """Return where to draw a location (or the depot), in metres."""
        ...
