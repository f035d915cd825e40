"""A tour: who is on it, what it comes to in seconds and metres, aisle by aisle if need be.

Work = set-up + walk + for each line its search, the way up to its level, its scans and each unit;
or whatever law the scenario gives in their place.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple, Protocol, runtime_checkable

import simpy

from sim.policies.routing import Corner, RoutingPolicy
from sim.scenario.schema.laws import law_mean
from sim.scenario.schema.picking import PickingSection
from sim.stages.house import PACKERS, House
from sim.stages.order import PickTask, Shipment
from sim.warehouse.layout import Layout, RectangularLayout

OUTSIDE = -1


@runtime_checkable
class Walkable(Protocol):
    """A routing rule that can say where it turns."""

    def corners(self, stops: Sequence[int]) -> list[Corner]:
        """Return the corners of the round trip, depot to depot."""
        ...


class Tour:
    """One walk of one picker.

    Attributes
    ----------
    number
        Number of the tour in the log.
    tasks
        Shipments, or zones' parts of shipments, on the cart.
    started_s
        When somebody took it up.
    work_s, walk_m, lines
        What it comes to: seconds, metres, lines on the list.
    mended
        Lines that a scan puts right on it.
    left
        Units of the lines that are walked to in vain, by line.
    put_wall
        The sorting of its goods after it, once asked for.
    """

    __slots__ = (
        "left", "lines", "mended", "number", "put_wall", "started_s", "tasks", "walk_m", "work_s",
    )  # fmt: skip

    def __init__(self, number: int, tasks: list[PickTask], started_s: float) -> None:
        self.number = number
        self.tasks = tasks
        self.started_s = started_s
        self.work_s = 0.0
        self.walk_m = 0.0
        self.lines = 0
        self.mended = 0
        self.left: dict[int, int] = {}
        self.put_wall: simpy.Event | None = None


class Step(NamedTuple):
    """A stretch of a tour: in which aisle (numbered block by block; OUTSIDE: in none), how long."""

    aisle: int
    seconds: float


class TourWork:
    """What tours come to.

    Parameters
    ----------
    picking
        The scenario's picking section.
    walk_speed_m_per_s
        Walking speed.
    routing
        The routing rule on the floor (or on a zone of it).
    location_of_sku
        Where each SKU lies.
    layout
        The floor.
    cross_aisles_m
        Offsets of the middle cross-aisles, ascending; they end an aisle for those who wait for it.
    """

    def __init__(
        self,
        picking: PickingSection,
        walk_speed_m_per_s: float,
        routing: RoutingPolicy,
        location_of_sku: Sequence[int],
        layout: Layout,
        cross_aisles_m: Sequence[float],
    ) -> None:
        scan = picking.scan
        self.walk_speed_m_per_s = walk_speed_m_per_s
        self._picking = picking
        self._routing = routing
        self._location_of = location_of_sku
        self._layout = layout
        self._aisle_of = layout.aisle_of
        self._offset_m = layout.offset_m
        self._access_s = layout.access_s
        self._cross_m = cross_aisles_m
        self._pitch_m = layout.aisle_pitch_m if isinstance(layout, RectangularLayout) else 0.0
        self._by_law = picking.tour_time_s is not None or picking.time_s is not None
        self._setup_s = picking.tour_setup_s
        self._mean_search_s = law_mean(picking.search_s)
        self._line_s = scan.s_per_scan if scan.of == "lines" else 0.0
        self._unit_s = picking.take_s_per_unit + (scan.s_per_scan if scan.of == "units" else 0.0)
        self._mend_s = scan.mend_s if scan.of != "nothing" else 0.0
        sorts_on_the_way = picking.sorting == "while_picking"
        self._sort_on_the_way_s = picking.sort_s_per_line if sorts_on_the_way else 0.0
        self._sort_after_s = 0.0 if sorts_on_the_way else picking.sort_s_per_line

    def note_aisles(self, task: PickTask) -> None:
        """Note the aisles in which a task's lines lie."""
        location, aisle = self._location_of, self._aisle_of
        task.aisles = frozenset([aisle[location[line.sku]] for line in task.to_pick])

    def note_stops(self, task: PickTask) -> None:
        """Note where each of a task's lines lies."""
        location = self._location_of
        task.stops = [location[line.sku] for line in task.to_pick]

    def expected_s(self, task: PickTask) -> float:
        """Return the seconds that a task's lines and units should take, before any luck or walk."""
        units = sum([line.units for line in task.to_pick])
        return (self._mean_search_s + self._line_s) * len(task.to_pick) + self._unit_s * units

    def plan(self, house: House, tour: Tour) -> None:
        """Set the seconds, the metres and the lines of a tour."""
        if self._by_law:
            self._plan_by_law(house, tour)
            return
        location, unit_s, access_s = self._location_of, self._unit_s, self._access_s
        work_s = self._setup_s
        stops = []
        for task in tour.tasks:
            for line in task.to_pick:
                stops.append(location[line.sku])
                work_s += line.search_s + unit_s * line.units
        work_s -= unit_s * sum(tour.left.values())
        if access_s is not None:
            work_s += sum([access_s[stop] for stop in stops])
        tour.lines = len(stops)
        tour.walk_m = self._routing.length_m(stops)
        tour.work_s = work_s + tour.walk_m / self.walk_speed_m_per_s + self._extra_s(tour)

    def _extra_s(self, tour: Tour) -> float:
        """Return the seconds of scans, of what they put right, and of keeping orders apart."""
        line_s = self._line_s
        if len(tour.tasks) > 1:
            line_s += self._sort_on_the_way_s
        return line_s * tour.lines + self._mend_s * tour.mended

    def _plan_by_law(self, house: House, tour: Tour) -> None:
        law = self._picking.tour_time_s
        tour.lines = sum([len(task.to_pick) for task in tour.tasks])
        if law is not None:
            tour.work_s = house.redraw(law, "pick/tour-time", tour.number, 0)
        else:
            tour.work_s = sum([_given_s(house, task.shipment) for task in tour.tasks])

    def steps(self, tour: Tour) -> list[Step]:
        """Set the seconds, metres and lines of a tour, and return it aisle by aisle."""
        speed = self.walk_speed_m_per_s
        at_stop_s: dict[int, float] = {}
        for task in tour.tasks:
            for line in task.to_pick:
                stop = self._location_of[line.sku]
                taken = line.units - tour.left.get(line.number, 0)
                seconds = line.search_s + self._unit_s * taken
                if self._access_s is not None:
                    seconds += self._access_s[stop]
                at_stop_s[stop] = at_stop_s.get(stop, 0.0) + seconds
                tour.lines += 1
        stops = sorted(at_stop_s)
        tour.walk_m = self._routing.length_m(stops)
        outside_s = self._setup_s + self._extra_s(tour)
        steps = [Step(OUTSIDE, outside_s)]
        waiting: dict[float, list[int]] = {}
        for stop in stops:
            waiting.setdefault(float(self._aisle_of[stop]), []).append(stop)
        assert isinstance(self._routing, Walkable)
        for aisle, start_m, end_m in self._stretches(self._routing.corners(stops)):
            seconds = abs(end_m - start_m) / speed
            if aisle >= 0:
                seconds += self._picked_on_the_way_s(aisle, start_m, end_m, waiting, at_stop_s)
            if steps[-1].aisle == aisle:
                steps[-1] = Step(aisle, steps[-1].seconds + seconds)
            else:
                steps.append(Step(aisle, seconds))
        tour.work_s = sum([step.seconds for step in steps])
        return steps

    def _stretches(self, corners: Sequence[Corner]) -> list[tuple[int, float, float]]:
        """Cut a walk into stretches: aisle (block by block) or OUTSIDE, and from where to where.

        A stretch along a cross-aisle runs from 0 to its length.
        """
        found: list[tuple[int, float, float]] = []
        blocks = len(self._cross_m) + 1
        for start, end in pairwise(corners):
            if start.aisle != end.aisle:
                across_m = abs(end.aisle - start.aisle) * self._pitch_m
                found.append((OUTSIDE, 0.0, across_m))
                continue
            low_m, high_m = sorted((start.offset_m, end.offset_m))
            inner = [cross_m for cross_m in self._cross_m if low_m < cross_m < high_m]
            cuts = [low_m, *inner, high_m]
            if end.offset_m < start.offset_m:
                cuts.reverse()
            for from_m, to_m in pairwise(cuts):
                block = sum([cross_m < (from_m + to_m) / 2.0 for cross_m in self._cross_m])
                found.append((int(start.aisle) * blocks + block, from_m, to_m))
        return found

    def _picked_on_the_way_s(
        self,
        aisle: int,
        start_m: float,
        end_m: float,
        waiting: dict[float, list[int]],
        at_stop_s: dict[int, float],
    ) -> float:
        """Return the seconds at the stops passed for the first time; they wait no longer."""
        column = float(aisle // (len(self._cross_m) + 1))
        low_m, high_m = sorted((start_m, end_m))
        here = [s for s in waiting.get(column, ()) if low_m <= self._offset_m[s] <= high_m]
        waiting[column] = [s for s in waiting.get(column, ()) if s not in here]
        return sum([at_stop_s[stop] for stop in here])

    def sorting(self, house: House, tour: Tour) -> simpy.Event | None:
        """Return the sorting of a tour's goods at the put wall, where they are sorted after it."""
        if self._sort_after_s and len(tour.tasks) > 1 and tour.put_wall is None:
            work_s = self._sort_after_s * tour.lines
            rank = min(task.shipment.order.rank for task in tour.tasks)
            tour.put_wall = house.staff.do(PACKERS, work_s, 0, tour.number, rank)
        return tour.put_wall


def _given_s(house: House, shipment: Shipment) -> float:
    """Return the picking time that the scenario's law gives this pass of a shipment."""
    order = shipment.order
    if shipment.passes == 1 and shipment.leg == 0:
        return order.pick_s
    law = house.pick_law_of_channel[order.channel]
    assert law is not None
    key = 1000 * shipment.leg + shipment.passes
    return house.redraw(law, "pick/time/again", order.number, key)
