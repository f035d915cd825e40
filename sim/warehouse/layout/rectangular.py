"""A rectangular floor: parallel two-sided aisles between cross-aisles."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from sim.warehouse.layout.protocol import DEPOT


@dataclass(frozen=True)
class RectangularLayout:
    """One block of parallel aisles with a walkway in front and one behind.

    Location ``(aisle * 2 + side) * positions_per_side + position``; position 0 is next to the
    front cross-aisle, side 0 is the left one. The picker reaches both sides from the centre line,
    so crossing an aisle costs nothing.

    Parameters
    ----------
    aisles
        Number of aisles, at least 1.
    positions_per_side
        Positions along each side of an aisle, at least 1.
    position_length_m
        Metres of aisle for each position, above 0.
    aisle_pitch_m
        Metres between the centre lines of neighbouring aisles, above 0.
    cross_aisle_m
        Metres from a cross-aisle's centre line to the edge of the first position, at least 0.
    depot_aisle
        Where the depot stands on the front cross-aisle's centre line, in aisle numbers: 0 is
        before the leftmost aisle, 1.5 is midway between the second and the third.

    Attributes
    ----------
    aisle_of
        Aisle of each location.
    offset_m
        Centre of each location along its aisle, measured from the front cross-aisle's centre
        line in metres.

    Raises
    ------
    ValueError
        If a value is outside its range.
    """

    aisles: int
    positions_per_side: int
    position_length_m: float = 1.0
    aisle_pitch_m: float = 5.0
    cross_aisle_m: float = 1.0
    depot_aisle: float = 0.0
    aisle_of: list[int] = field(init=False, repr=False, compare=False)
    offset_m: list[float] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name, count in (
            ("aisles", self.aisles),
            ("positions_per_side", self.positions_per_side),
        ):
            if count < 1:
                raise ValueError(f"{name} is {count}; at least 1 is needed")
        for name, length, least in (
            ("position_length_m", self.position_length_m, "above 0"),
            ("aisle_pitch_m", self.aisle_pitch_m, "above 0"),
            ("cross_aisle_m", self.cross_aisle_m, "at least 0"),
        ):
            too_small = length <= 0.0 if least == "above 0" else length < 0.0
            if too_small or not math.isfinite(length):
                raise ValueError(f"{name} is {length}; a finite number {least} is needed")
        if not math.isfinite(self.depot_aisle):
            raise ValueError(f"depot_aisle is {self.depot_aisle}; a finite number is needed")
        offsets = [
            self.cross_aisle_m + (position + 0.5) * self.position_length_m
            for position in range(self.positions_per_side)
        ]
        aisle_of = [
            aisle for aisle in range(self.aisles) for _ in range(2 * self.positions_per_side)
        ]
        object.__setattr__(self, "aisle_of", aisle_of)
        object.__setattr__(self, "offset_m", offsets * (2 * self.aisles))

    @property
    def locations(self) -> int:
        """Number of locations."""
        return 2 * self.aisles * self.positions_per_side

    @property
    def depot(self) -> int:
        """Id of the depot, always -1."""
        return DEPOT

    @property
    def has_aisles(self) -> bool:
        """Return True: this floor is made of aisles."""
        return True

    @property
    def aisle_length_m(self) -> float:
        """Metres between the centre lines of the front and the back cross-aisle."""
        return 2.0 * self.cross_aisle_m + self.positions_per_side * self.position_length_m

    def location(self, aisle: int, side: int, position: int) -> int:
        """Return the id of a location.

        Parameters
        ----------
        aisle, side, position
            Counted from 0: from the left, left before right, from the front.

        Raises
        ------
        ValueError
            If there is no such location.
        """
        known = (
            0 <= aisle < self.aisles and 0 <= side <= 1 and 0 <= position < self.positions_per_side
        )
        if not known:
            raise ValueError(f"no location at aisle {aisle}, side {side}, position {position}")
        return (aisle * 2 + side) * self.positions_per_side + position

    def distance_m(self, start: int, end: int) -> float:
        """Return the shortest walk between two locations (or the depot) in metres.

        Inside an aisle straight on; to another aisle through the better of its two ends.
        """
        if start < 0 or end < 0:
            location = max(start, end)
            if location == DEPOT:
                return 0.0
            across_m = abs(self.aisle_of[location] - self.depot_aisle) * self.aisle_pitch_m
            return across_m + self.offset_m[location]
        aisles_apart = abs(self.aisle_of[start] - self.aisle_of[end])
        if aisles_apart == 0:
            return abs(self.offset_m[start] - self.offset_m[end])
        front_m = self.offset_m[start] + self.offset_m[end]
        back_m = 2.0 * self.aisle_length_m - front_m
        return aisles_apart * self.aisle_pitch_m + min(front_m, back_m)

    def xy_m(self, location: int) -> tuple[float, float]:
        """Return where to draw a location (or the depot): x to the right, y to the back.

        The goods lie a quarter of the aisle pitch beside the centre line that people walk on.
        """
        if location == DEPOT:
            return (self.depot_aisle * self.aisle_pitch_m, 0.0)
        side = location // self.positions_per_side % 2
        beside = 0.25 if side else -0.25
        return (
            (self.aisle_of[location] + beside) * self.aisle_pitch_m,
            self.offset_m[location],
        )
