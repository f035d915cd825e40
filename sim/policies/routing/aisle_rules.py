"""The rules of the literature for floors with aisles, as policies.

Hall 1993; Petersen 1997; Roodbergen and de Koster 2001.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import ClassVar

from sim.policies.routing.blocks import block_walk
from sim.policies.routing.one_block_lengths import (
    combined_m,
    largest_gap_m,
    midpoint_m,
    return_m,
    s_shape_m,
)
from sim.policies.routing.sweeps import (
    Block,
    around_one_block,
    around_sweep,
    before_largest_gap,
    combined_sweep,
    return_sweep,
    s_shape_sweep,
)
from sim.policies.routing.walks import (
    AisleVisit,
    Column,
    Corner,
    corners_of,
    round_trip,
    stops_along,
    walked_m,
)
from sim.warehouse.layout import DEPOT, Layout, RectangularLayout


class AisleRouting:
    """A rule that thinks in aisles.

    Parameters
    ----------
    layout
        A rectangular floor.

    Raises
    ------
    ValueError
        If the rule does not fit the floor.
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    needs_aisles: ClassVar[bool] = True
    turns_in_aisles: ClassVar[bool] = True

    def __init__(self, layout: Layout) -> None:
        if not isinstance(layout, RectangularLayout):
            raise ValueError(  # noqa: TRY004 - a wrong choice of the planner, not of a type
                f"routing rule '{self.name}' needs aisles and cannot walk a floor from a "
                "location file; use nearest or ortools"
            )
        if layout.one_way and self.turns_in_aisles:
            raise ValueError(
                f"routing rule '{self.name}' turns round inside aisles, and these are one-way; "
                "use s_shape, exact, nearest or ortools"
            )
        self.layout = layout
        self._aisle_of = layout.aisle_of
        self._offset_m = layout.offset_m
        self._aisle_length_m = layout.aisle_length_m
        self._aisle_pitch_m = layout.aisle_pitch_m
        self._depot_aisle = layout.depot_aisle
        self._is_one_block = layout.blocks == 1 and not layout.one_way

    def length_m(self, stops: Sequence[int]) -> float:
        """Return the length of the round trip in metres."""
        if not stops:
            return 0.0
        if min(stops) < 0:
            raise ValueError(f"{min(stops)} is not a location")
        if not self._is_one_block:
            return walked_m(self.corners(stops), self._aisle_pitch_m)
        aisle_of, offset_m = self._aisle_of, self._offset_m
        return self._length_m(
            [aisle_of[stop] for stop in stops],
            [offset_m[stop] for stop in stops],
            self._aisle_length_m,
            self._aisle_pitch_m,
            self._depot_aisle,
        )

    def visit_order(self, stops: Sequence[int]) -> list[int]:
        """Return the distinct stops in the order in which the picker passes them."""
        return stops_along(self.corners(stops), stops, self._aisle_of, self._offset_m)

    def walk_xy_m(self, stops: Sequence[int]) -> list[tuple[float, float]]:
        """Return the corners of the walk on centre lines, depot to depot, in metres."""
        pitch_m = self._aisle_pitch_m
        return [(aisle * pitch_m, offset) for aisle, offset in self.corners(stops)]

    def corners(self, stops: Sequence[int]) -> list[Corner]:
        """Return the corners of the walk from the depot to the depot.

        From one corner to the next the picker stays in an aisle or on a cross-aisle.
        """
        columns = self._columns(stops)
        corners: list[Corner] = []
        if self.layout.blocks == 1 and columns[0]:
            corners = corners_of(self._visits(columns[0]), 0.0, self._aisle_length_m)
        elif any(columns):
            corners = block_walk(columns, self.layout.cross_aisles_m, self._sweep)
        return round_trip(self._depot_aisle, corners)

    def _columns(self, stops: Sequence[int]) -> list[list[Column]]:
        """Return the aisles with stops of each block, left to right."""
        offsets: list[dict[int, list[float]]] = [{} for _ in range(self.layout.blocks)]
        for stop in sorted(dict.fromkeys(stops)):
            block = offsets[self.layout.block_of[stop]]
            block.setdefault(self._aisle_of[stop], []).append(self._offset_m[stop])
        return [
            [Column(aisle, sorted(block[aisle])) for aisle in sorted(block)] for block in offsets
        ]

    @staticmethod
    def _length_m(
        aisles: list[int],
        offsets_m: list[float],
        aisle_length_m: float,
        aisle_pitch_m: float,
        depot_aisle: float,
    ) -> float:
        raise NotImplementedError

    def _visits(self, columns: list[Column]) -> list[AisleVisit]:
        """Return the entries into the aisles of the only block."""
        return self._sweep(Block(columns, 0.0, self._aisle_length_m, columns[0].aisle, False))

    def _sweep(self, block: Block) -> list[AisleVisit]:
        raise NotImplementedError


class SShapeRouting(AisleRouting):
    """Cross every aisle with stops, up one and down the next."""

    name: ClassVar[str] = "s_shape"
    summary: ClassVar[str] = (
        "Walk all the way through every aisle with picks, from left to right; turn back in the "
        "last one if their number is odd."
    )
    turns_in_aisles: ClassVar[bool] = False
    _length_m = staticmethod(s_shape_m)
    _sweep = staticmethod(s_shape_sweep)

    def corners(self, stops: Sequence[int]) -> list[Corner]:
        """Return the corners of the walk from the depot to the depot.

        Where aisles are one-way the picker walks through those with picks from left to right,
        each in its direction, and between them through whichever aisle is the shortest way.
        """
        if not self.layout.one_way:
            return super().corners(stops)
        legs = pairwise([DEPOT, *self._one_way_order(stops), DEPOT])
        corners = [Corner(*spot) for start, end in legs for spot in self.layout.way(start, end)]
        return round_trip(self._depot_aisle, corners)

    def _one_way_order(self, stops: Sequence[int]) -> list[int]:
        def place(stop: int) -> tuple[int, float, int]:
            aisle, offset_m = self._aisle_of[stop], self._offset_m[stop]
            return (aisle, offset_m if aisle % 2 == 0 else -offset_m, stop)

        return sorted(dict.fromkeys(stops), key=place)


class ReturnRouting(AisleRouting):
    """Enter and leave every aisle at its front end."""

    name: ClassVar[str] = "return"
    summary: ClassVar[str] = (
        "Enter every aisle with picks from the front, walk to its farthest pick and back."
    )
    _length_m = staticmethod(return_m)
    _sweep = staticmethod(return_sweep)


class AroundRouting(AisleRouting):
    """Walk around a block; look into the aisles between the outer ones from both ends."""

    def _visits(self, columns: list[Column]) -> list[AisleVisit]:
        return around_one_block(columns, self._depot_aisle, self._aisle_length_m, self._from_front)

    def _sweep(self, block: Block) -> list[AisleVisit]:
        return around_sweep(block, self._from_front)

    @staticmethod
    def _from_front(offsets_m: list[float], near_m: float, far_m: float) -> int:
        """Return how many stops of an aisle are reached from its front."""
        raise NotImplementedError


def before_midpoint(offsets_m: list[float], near_m: float, far_m: float) -> int:
    """Return how many stops lie in the front half of an aisle; the middle belongs to it."""
    return bisect_right(offsets_m, 0.5 * (near_m + far_m))


class MidpointRouting(AroundRouting):
    """Walk around the block; reach each stop between from the nearer end."""

    name: ClassVar[str] = "midpoint"
    summary: ClassVar[str] = (
        "Walk through the first and the last aisle with picks; in the aisles between reach the "
        "front half from the front and the back half from the back."
    )
    _length_m = staticmethod(midpoint_m)
    _from_front = staticmethod(before_midpoint)


class LargestGapRouting(AroundRouting):
    """Walk around the block; leave out the widest gap of each aisle between."""

    name: ClassVar[str] = "largest_gap"
    summary: ClassVar[str] = (
        "Walk through the first and the last aisle with picks; in the aisles between leave out "
        "only the widest stretch without picks."
    )
    _length_m = staticmethod(largest_gap_m)
    _from_front = staticmethod(before_largest_gap)


class CombinedRouting(AisleRouting):
    """Cross each aisle or turn back in it, whichever is better for the whole trip."""

    name: ClassVar[str] = "combined"
    summary: ClassVar[str] = (
        "From left to right, cross each aisle with picks or turn back in it, whichever makes the "
        "whole trip shortest."
    )
    _length_m = staticmethod(combined_m)
    _sweep = staticmethod(combined_sweep)
