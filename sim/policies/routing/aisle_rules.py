"""The rules of the literature for floors with aisles, as policies.

Hall 1993; Petersen 1997; Roodbergen and de Koster 2001.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import ClassVar

from sim.policies.routing.one_block_lengths import (
    combined_m,
    largest_gap_m,
    midpoint_m,
    return_m,
    s_shape_m,
)
from sim.policies.routing.one_block_walks import (
    around_visits,
    before_largest_gap,
    combined_visits,
    return_visits,
    s_shape_visits,
)
from sim.policies.routing.walks import AisleVisit, Column, Corner, corners_of, stops_along
from sim.warehouse.layout import Layout, RectangularLayout


class AisleRouting:
    """A rule that thinks in aisles.

    Parameters
    ----------
    layout
        A rectangular floor.

    Raises
    ------
    ValueError
        If the floor has no aisles.
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    needs_aisles: ClassVar[bool] = True

    def __init__(self, layout: Layout) -> None:
        if not isinstance(layout, RectangularLayout):
            raise ValueError(  # noqa: TRY004 - a wrong choice of the planner, not of a type
                f"routing rule '{self.name}' needs aisles and cannot walk a floor from a "
                "location file; use nearest or ortools"
            )
        self.layout = layout
        self._aisle_of = layout.aisle_of
        self._offset_m = layout.offset_m
        self._aisle_length_m = layout.aisle_length_m
        self._aisle_pitch_m = layout.aisle_pitch_m
        self._depot_aisle = layout.depot_aisle

    def length_m(self, stops: Sequence[int]) -> float:
        """Return the length of the round trip in metres."""
        if not stops:
            return 0.0
        if min(stops) < 0:
            raise ValueError(f"{min(stops)} is not a location")
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
        offsets: dict[int, list[float]] = {}
        for stop in sorted(dict.fromkeys(stops)):
            offsets.setdefault(self._aisle_of[stop], []).append(self._offset_m[stop])
        columns = [Column(aisle, sorted(offsets[aisle])) for aisle in sorted(offsets)]
        visits = self._visits(columns) if columns else []
        return corners_of(visits, self._aisle_length_m, self._depot_aisle)

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
        raise NotImplementedError


class SShapeRouting(AisleRouting):
    """Cross every aisle with stops, up one and down the next."""

    name: ClassVar[str] = "s_shape"
    summary: ClassVar[str] = (
        "Walk all the way through every aisle with picks, from left to right; turn back in the "
        "last one if their number is odd."
    )
    _length_m = staticmethod(s_shape_m)

    def _visits(self, columns: list[Column]) -> list[AisleVisit]:
        return s_shape_visits(columns)


class ReturnRouting(AisleRouting):
    """Enter and leave every aisle at its front end."""

    name: ClassVar[str] = "return"
    summary: ClassVar[str] = (
        "Enter every aisle with picks from the front, walk to its farthest pick and back."
    )
    _length_m = staticmethod(return_m)

    def _visits(self, columns: list[Column]) -> list[AisleVisit]:
        return return_visits(columns)


class MidpointRouting(AisleRouting):
    """Walk around the block; reach each stop between from the nearer end."""

    name: ClassVar[str] = "midpoint"
    summary: ClassVar[str] = (
        "Walk through the first and the last aisle with picks; in the aisles between reach the "
        "front half from the front and the back half from the back."
    )
    _length_m = staticmethod(midpoint_m)

    def _visits(self, columns: list[Column]) -> list[AisleVisit]:
        half_m = 0.5 * self._aisle_length_m
        return around_visits(
            columns, self._depot_aisle, lambda offsets_m: bisect_right(offsets_m, half_m)
        )


class LargestGapRouting(AisleRouting):
    """Walk around the block; leave out the widest gap of each aisle between."""

    name: ClassVar[str] = "largest_gap"
    summary: ClassVar[str] = (
        "Walk through the first and the last aisle with picks; in the aisles between leave out "
        "only the widest stretch without picks."
    )
    _length_m = staticmethod(largest_gap_m)

    def _visits(self, columns: list[Column]) -> list[AisleVisit]:
        length_m = self._aisle_length_m
        return around_visits(
            columns, self._depot_aisle, lambda offsets_m: before_largest_gap(offsets_m, length_m)
        )


class CombinedRouting(AisleRouting):
    """Cross each aisle or turn back in it, whichever is better for the whole trip."""

    name: ClassVar[str] = "combined"
    summary: ClassVar[str] = (
        "From left to right, cross each aisle with picks or turn back in it, whichever makes the "
        "whole trip shortest."
    )
    _length_m = staticmethod(combined_m)

    def _visits(self, columns: list[Column]) -> list[AisleVisit]:
        return combined_visits(columns, self._aisle_length_m)
