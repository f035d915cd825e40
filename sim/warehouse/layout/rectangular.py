"""A rectangular floor: parallel two-sided aisles, cut into blocks by cross-aisles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from sim.warehouse.layout import directions
from sim.warehouse.layout.protocol import DEPOT


@dataclass(frozen=True)
class RectangularLayout:
    """Parallel aisles with a cross-aisle in front, one behind, and maybe some between.

    Location ``((aisle * 2 + side) * positions_per_side + position) * levels + level``, so that the
    numbers run along an aisle as people read them from the shelves; position 0 is next to the
    front cross-aisle, side 0 is the left one, level 0 is the lowest. The picker reaches both sides
    from the centre line, so crossing an aisle costs nothing.

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
        Metres from a cross-aisle's centre line to the edge of the first position on either side
        of it, at least 0.
    depot_aisle
        Where the depot stands on the front cross-aisle's centre line, in aisle numbers: 0 is
        before the leftmost aisle, 1.5 is midway between the second and the third.
    blocks
        Blocks one behind the other, 1 to ``positions_per_side``; the positions are shared out as
        evenly as possible, the rest to the blocks in front.
    one_way
        Even aisles are walked from front to back only, odd ones from back to front only; at
        least 2 aisles are needed.
    access_s_per_level
        Seconds that reaching up to each level adds to a search; as many levels as entries.
    zones
        Groups of neighbouring aisles, 1 to ``aisles``, as equal as possible, from the left.

    Attributes
    ----------
    aisle_of, zone_of, level_of
        Aisle, zone and level of each location.
    block_of
        Block of each location, 0 in front.
    offset_m
        Centre of each location along its aisle, measured from the front cross-aisle's centre
        line in metres.
    cross_aisles_m
        Centre lines of the cross-aisles, measured likewise, front to back.
    access_s
        Seconds that reaching up to each location adds; None where all are 0.

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
    blocks: int = field(default=1, kw_only=True)
    one_way: bool = field(default=False, kw_only=True)
    access_s_per_level: tuple[float, ...] = field(default=(0.0,), kw_only=True)
    zones: int = field(default=1, kw_only=True)
    aisle_of: list[int] = field(init=False, repr=False, compare=False)
    offset_m: list[float] = field(init=False, repr=False, compare=False)
    block_of: list[int] = field(init=False, repr=False, compare=False)
    zone_of: list[int] = field(init=False, repr=False, compare=False)
    level_of: list[int] = field(init=False, repr=False, compare=False)
    access_s: list[float] | None = field(init=False, repr=False, compare=False)
    cross_aisles_m: tuple[float, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._check()
        per_block = shared_out(self.positions_per_side, self.blocks)
        cross_aisles_m = [0.0]
        offsets_m: list[float] = []
        blocks: list[int] = []
        for block, positions in enumerate(per_block):
            offsets_m += [
                cross_aisles_m[-1]
                + (self.cross_aisle_m + (position + 0.5) * self.position_length_m)
                for position in range(positions)
            ]
            blocks += [block] * positions
            length_m = 2.0 * self.cross_aisle_m + positions * self.position_length_m
            cross_aisles_m.append(cross_aisles_m[-1] + length_m)
        zone_of_aisle = [
            zone for zone, count in enumerate(shared_out(self.aisles, self.zones))
            for _ in range(count)
        ]  # fmt: skip
        levels = range(self.levels)
        sides = range(2 * self.aisles)
        in_aisle = range(2 * self.positions_per_side * self.levels)
        columns: dict[str, object] = {
            "cross_aisles_m": tuple(cross_aisles_m),
            "aisle_of": [aisle for aisle in range(self.aisles) for _ in in_aisle],
            "zone_of": [zone for zone in zone_of_aisle for _ in in_aisle],
            "offset_m": [offset for _ in sides for offset in offsets_m for _ in levels],
            "block_of": [block for _ in sides for block in blocks for _ in levels],
            "level_of": [level for _ in sides for _ in offsets_m for level in levels],
            "access_s": (
                list(self.access_s_per_level) * (2 * self.aisles * self.positions_per_side)
                if any(self.access_s_per_level)
                else None
            ),
        }
        for name, column in columns.items():
            object.__setattr__(self, name, column)

    def _check(self) -> None:
        for name, count, most in (
            ("aisles", self.aisles, math.inf),
            ("positions_per_side", self.positions_per_side, math.inf),
            ("blocks", self.blocks, self.positions_per_side),
            ("zones", self.zones, self.aisles),
        ):
            if count < 1:
                raise ValueError(f"{name} is {count}; at least 1 is needed")
            if count > most:
                raise ValueError(f"{name} is {count}; at most {most} are possible here")
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
        if self.one_way and self.aisles < 2:
            raise ValueError("one_way needs at least 2 aisles: no way leads back from a single one")
        if not self.access_s_per_level:
            raise ValueError("access_s_per_level is empty; at least one level is needed")
        for seconds in self.access_s_per_level:
            if not 0.0 <= seconds < math.inf:
                raise ValueError(f"access_s_per_level holds {seconds}; seconds from 0 are needed")

    @property
    def locations(self) -> int:
        """Number of locations."""
        return 2 * self.aisles * self.positions_per_side * self.levels

    @property
    def levels(self) -> int:
        """Number of locations one above the other."""
        return len(self.access_s_per_level)

    @property
    def depot(self) -> int:
        """Id of the depot, always -1."""
        return DEPOT

    @property
    def has_aisles(self) -> bool:
        """Return True: this floor is made of aisles."""
        return True

    @property
    def zone_names(self) -> tuple[str, ...]:
        """Names of the zones, from the left."""
        return tuple(f"zone {number}" for number in range(1, self.zones + 1))

    @property
    def aisle_length_m(self) -> float:
        """Metres between the centre lines of the front and the back cross-aisle."""
        return self.cross_aisles_m[-1]

    def location(self, aisle: int, side: int, position: int, level: int = 0) -> int:
        """Return the id of a location.

        Parameters
        ----------
        aisle, side, position, level
            Counted from 0: from the left, left before right, from the front, from the floor.

        Raises
        ------
        ValueError
            If there is no such location.
        """
        known = (
            0 <= aisle < self.aisles
            and 0 <= side <= 1
            and 0 <= position < self.positions_per_side
            and 0 <= level < self.levels
        )
        if not known:
            raise ValueError(
                f"no location at aisle {aisle}, side {side}, position {position}, level {level}"
            )
        return ((aisle * 2 + side) * self.positions_per_side + position) * self.levels + level

    def distance_m(self, start: int, end: int) -> float:
        """Return the shortest walk from a location (or the depot) to another in metres.

        Inside an aisle straight on; to another aisle through the better of the two cross-aisles
        of the block, or any cross-aisle that lies between. With one-way aisles along `way`.
        """
        if self.one_way:
            return directions.length_m(self.way(start, end), self.aisle_pitch_m)
        if start < 0 or end < 0:
            location = max(start, end)
            if location == DEPOT:
                return 0.0
            across_m = abs(self.aisle_of[location] - self.depot_aisle) * self.aisle_pitch_m
            return across_m + self.offset_m[location]
        aisles_apart = abs(self.aisle_of[start] - self.aisle_of[end])
        if aisles_apart == 0:
            return abs(self.offset_m[start] - self.offset_m[end])
        across_m = aisles_apart * self.aisle_pitch_m
        block = self.block_of[start]
        if block != self.block_of[end]:
            return across_m + abs(self.offset_m[start] - self.offset_m[end])
        there_m = self.offset_m[start] + self.offset_m[end]
        front_m = there_m - 2.0 * self.cross_aisles_m[block]
        back_m = 2.0 * self.cross_aisles_m[block + 1] - there_m
        return across_m + min(front_m, back_m)

    def way(self, start: int, end: int) -> Sequence[directions.Spot]:
        """Return the corners of the shortest walk through one-way aisles.

        Parameters
        ----------
        start, end
            Locations or the depot.
        """
        leave, enter = here, there = self._spot(start), self._spot(end)
        if start != DEPOT:
            if end != DEPOT and directions.is_ahead(here, there):
                return [here, there]
            leave = directions.behind(here, *self._block_ends_m(start))
        if end != DEPOT:
            enter = directions.before(there, *self._block_ends_m(end))
        return [here, *directions.across(leave, enter, self.aisles), there]

    def _spot(self, location: int) -> directions.Spot:
        if location == DEPOT:
            return (self.depot_aisle, 0.0)
        return (self.aisle_of[location], self.offset_m[location])

    def _block_ends_m(self, location: int) -> tuple[float, float]:
        block = self.block_of[location]
        return self.cross_aisles_m[block], self.cross_aisles_m[block + 1]

    def xy_m(self, location: int) -> tuple[float, float]:
        """Return where to draw a location (or the depot): x to the right, y to the back.

        The goods lie a quarter of the aisle pitch beside the centre line that people walk on.
        """
        if location == DEPOT:
            return (self.depot_aisle * self.aisle_pitch_m, 0.0)
        side = location // (self.positions_per_side * self.levels) % 2
        beside = 0.25 if side else -0.25
        return (
            (self.aisle_of[location] + beside) * self.aisle_pitch_m,
            self.offset_m[location],
        )


def shared_out(total: int, parts: int) -> list[int]:
    """Return whole numbers that add up to a total, as equal as possible, the larger ones first."""
    share, rest = divmod(total, parts)
    return [share + (part < rest) for part in range(parts)]
