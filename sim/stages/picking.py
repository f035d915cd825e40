"""Picking: released shipments wait for a picker, who takes a cart, walks a tour, drops off.

The tour = set-up + walk by the routing rule + search at each line + taking each unit. Lines may be
picked wrong; the reservation of a wrongly picked line holds until the packing check has seen it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import simpy

from sim.clock.lines import Job, LineCount
from sim.clock.process import Wake
from sim.log.facts import Fact
from sim.orders.book import (
    PICK_OMITTED,
    PICK_SOUND,
    PICK_WRONG_QUANTITY,
)
from sim.policies.batching import BatchingRule
from sim.scenario.schema.picking import PickingSection
from sim.stages.house import PICKERS, House
from sim.stages.order import Line, Shipment

PICK_STARTED, PICKED, LINE_PICKED = int(Fact.PICK_STARTED), int(Fact.PICKED), int(Fact.LINE_PICKED)
TOUR_STARTED, TOUR_ENDED = int(Fact.TOUR_STARTED), int(Fact.TOUR_ENDED)


class PickLine(LineCount):
    """Shipments waiting for a picker, and the tours made of them.

    Parameters
    ----------
    picking
        The scenario's picking section.
    batching
        Rule that says which waiting shipments share a cart.
    length_m
        Length of the round trip through a list of locations, metres.
    walk_speed_m_per_s
        Walking speed.
    """

    def __init__(
        self,
        picking: PickingSection,
        batching: BatchingRule,
        length_m: Callable[[list[int]], float],
        walk_speed_m_per_s: float,
    ) -> None:
        super().__init__()
        self._picking = picking
        self._batching = batching
        self._length_m = length_m
        self._walk_speed = walk_speed_m_per_s
        self._max_volume_ml = picking.cart_volume_l * 1000.0
        self._line: deque[Shipment] = deque()
        self._dropped: deque[Job] = deque()
        self._tours = 0
        self.house: House

    def join(self, shipment: Shipment) -> Wake:
        """Queue a shipment; the event returned happens when its tour has ended."""
        env = self.house.env
        shipment.passes += 1
        if self.house.aisle_of_sku is not None:
            aisle_of = self.house.aisle_of_sku
            shipment.aisles = frozenset([aisle_of[line.sku] for line in shipment.to_pick])
        shipment.joined_s = env.now
        shipment.picked = picked = Wake(env)
        self._line.append(shipment)
        self.changes(1, env.now)
        self.house.staff.wake(PICKERS)
        return picked

    def put_back(self, job: Job, now_s: float) -> None:
        """Keep a tour dropped at a shift's end for the next picker."""
        job.joined_s = now_s
        self._dropped.append(job)
        self.changes(1, now_s)

    def next_job(self, now_s: float) -> Job:
        """Make the next tour."""
        if self._dropped:
            job = self._dropped.popleft()
            self.changes(-1, now_s)
            self.waits_s += now_s - job.joined_s
            return job
        batch = self._take_batch(now_s)
        tour = self._tours
        self._tours += 1
        add = self.house.log.add
        for shipment in batch:
            add((now_s, PICK_STARTED, shipment.number, tour, 0.0))
        work_s, walk_m, lines = self._tour(batch)
        job = Job(self.house.env, work_s, TOUR_STARTED, tour)
        job.callbacks.append(_TourEnd(self, batch, tour, walk_m))
        job.value_of_fact = float(lines)
        return job

    def _take_batch(self, now_s: float) -> list[Shipment]:
        line = self._line
        chosen = self._batching(line, self._picking.batch_max_orders, self._max_volume_ml)
        batch = [line[place] for place in chosen]
        for shipment in batch:
            self.waits_s += now_s - shipment.joined_s
        if chosen[-1] == len(chosen) - 1:
            for _ in chosen:
                line.popleft()
        else:
            for place in reversed(chosen):
                del line[place]
        self.changes(-len(batch), now_s)
        return batch

    def _tour(self, batch: list[Shipment]) -> tuple[float, float, int]:
        """Return the seconds, the metres and the lines of a tour."""
        picking, house = self._picking, self.house
        if picking.time_s is not None:
            return (
                sum(self._given_s(shipment) for shipment in batch),
                0.0,
                sum(len(shipment.to_pick) for shipment in batch),
            )
        location, take_s = house.location_of_sku, picking.take_s_per_unit
        work_s = picking.tour_setup_s
        stops = []
        for shipment in batch:
            for line in shipment.to_pick:
                stops.append(location[line.sku])
                work_s += line.search_s + take_s * line.units
        walk_m = self._length_m(stops)
        return work_s + walk_m / self._walk_speed, walk_m, len(stops)

    def _given_s(self, shipment: Shipment) -> float:
        """Return the picking time that the scenario's law gives this pass of a shipment."""
        if shipment.passes == 1 and shipment.leg == 0:
            return shipment.order.pick_s
        law = self._picking.time_s
        assert law is not None
        key = 1000 * shipment.leg + shipment.passes
        return self.house.redraw(law, "pick/time/again", shipment.order.number, key)

    def ended(self, batch: list[Shipment], tour: int, walk_m: float) -> None:
        """Drop off: note every line, and let the shipments go on."""
        house = self.house
        add, now = house.log.add, house.env.now
        add((now, TOUR_ENDED, tour, len(batch), walk_m))
        walk_s = walk_m / self._walk_speed
        take = house.stock.take
        for shipment in batch:
            for line in shipment.to_pick:
                error = line.pick_error
                taken = line.units if error == PICK_SOUND else _taken(house, line)
                line.taken = taken
                take(line.sku, min(taken, line.units), taken)
                add((now, LINE_PICKED, line.number, taken, float(error)))
            add((now, PICKED, shipment.number, tour, walk_s))
            if shipment.picked is not None:
                shipment.picked.now()


def _taken(house: House, line: Line) -> int:
    """Return the units that leave the shelf when a line is picked wrong."""
    if line.pick_error == PICK_OMITTED:
        return 0
    if line.pick_error == PICK_WRONG_QUANTITY:
        if line.units > 1:
            return line.units - 1
        return 2 if house.stock.has_spare(line.sku) else 0
    return line.units


class _TourEnd:
    """Callback at the end of a tour."""

    __slots__ = ("batch", "line", "tour", "walk_m")

    def __init__(self, line: PickLine, batch: list[Shipment], tour: int, walk_m: float) -> None:
        self.line = line
        self.batch = batch
        self.tour = tour
        self.walk_m = walk_m

    def __call__(self, _: simpy.Event) -> None:
        self.line.ended(self.batch, self.tour, self.walk_m)
