"""The parts of a lead time: what an order waited for, and what was done with it.

A shipment may be picked in several goes, and is packed twice if the packing check sends it back.
Each part is therefore a signed sum of clock times over all passes, for instance time waiting for a
picker = sum of PICK_STARTED - sum of RELEASED, REWORK and REJOINED. A time that the log does not
hold (a stage that is passed without people) is the time of the step before, so the parts always add
up to the whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.kpis.shipment_tables import DROPSHIP_LEG
from sim.kpis.tables import Tables
from sim.log.facts import Fact

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class ClockTimes:
    """Clock times of orders and one leg of each, s; sums over passes where a leg has several.

    ``queued_s`` is the sum of RELEASED, REWORK and REJOINED, ``picked_s`` that of PICKED and
    PART_PICKED, ``pack_ended_s`` of PACKED and REWORK. ``zones_later_s`` is how much later the last
    of several zones began than the first, ``apart_s`` how long parts waited for the rest or the put
    wall; ``all_there_s`` is the sum of PICKED and of the time at the put wall and at stations.
    """

    placed_s: Floats
    entered_s: Floats
    paid_s: Floats
    allocated_s: Floats
    released_s: Floats
    queued_s: Floats
    pick_started_s: Floats
    walk_s: Floats
    picked_s: Floats
    zones_later_s: Floats
    apart_s: Floats
    stations_s: Floats
    all_there_s: Floats
    pack_started_s: Floats
    pack_ended_s: Floats
    packed_s: Floats
    left_s: Floats
    delivered_s: Floats

    @property
    def lead_s(self) -> Floats:
        """Click to door."""
        return self.delivered_s - self.placed_s

    def part_s(self, part: str) -> Floats:
        """Return one part of the lead time of each order; ``part`` is one of :data:`PARTS`."""
        return _FORMULAS[part](self)


_FORMULAS: dict[str, Callable[[ClockTimes], Floats]] = {
    "wait_entry": lambda t: t.entered_s - t.placed_s,
    "wait_payment": lambda t: t.paid_s - t.entered_s,
    "wait_stock": lambda t: t.allocated_s - t.paid_s,
    "wait_release": lambda t: t.released_s - t.allocated_s,
    "wait_pick": lambda t: t.pick_started_s - t.queued_s + t.zones_later_s,
    "walk": lambda t: t.walk_s,
    "pick": lambda t: t.picked_s - t.pick_started_s - t.walk_s - t.zones_later_s,
    "consolidate": lambda t: t.apart_s,
    "stations": lambda t: t.stations_s,
    "wait_pack": lambda t: t.pack_started_s - t.all_there_s,
    "pack": lambda t: t.pack_ended_s - t.pack_started_s,
    "wait_carrier": lambda t: t.left_s - t.packed_s,
    "transit": lambda t: t.delivered_s - t.left_s,
}
PARTS = tuple(_FORMULAS)
PASSES = (
    *(Fact.PART_PICKED, Fact.REJOINED, Fact.ZONES_JOINED, Fact.CONSOLIDATED),
    Fact.STATIONS_PASSED,
)


def _else(time_s: Floats, before_s: Floats) -> Floats:
    """Return times with the missing ones replaced by those of the step before."""
    return np.where(np.isnan(time_s), before_s, time_s)


def _sum_else(time_s: Floats, before_s: Floats) -> Floats:
    """Return sums of times; a sum of 0 holds nothing, the step before stands in for it."""
    return np.where(time_s == 0.0, before_s, time_s)


def _per_leg(tables: Tables, leg: Integers, amount_s: Floats) -> Floats:
    total_s = np.zeros(tables.shipments.size)
    np.add.at(total_s, leg, amount_s)
    return total_s


def _of_passes(tables: Tables, fact: Fact) -> Floats:
    """Return for each leg the sum that its passes hold of a fact: clock times or lengths, s."""
    passes = tables.passes
    rows = passes["fact"] == int(fact)
    return _per_leg(tables, passes["shipment"][rows], passes["seconds"][rows])


def clock_times(tables: Tables, orders: Integers, legs: npt.NDArray[np.int32]) -> ClockTimes:
    """Return the clock times of orders and one leg of each.

    A leg sent by a supplier waits for stock until it leaves the supplier; then it is in transit.
    """
    of_order, of_leg = tables.orders, tables.shipments
    placed_s = tables.demand.placed_s[orders]
    entered_s = _else(of_order["entered_s"][orders], placed_s)
    paid_s = _else(of_order["paid_s"][orders], entered_s)
    left_s = of_leg["handed_over_s"][legs]
    dropship = (of_leg["flags"][legs] & DROPSHIP_LEG) != 0
    allocated_s = np.where(dropship, left_s, _else(of_leg["allocated_s"][legs], paid_s))
    released_s = np.where(dropship, left_s, _else(of_leg["released_s"][legs], allocated_s))
    reworked_s = _per_leg(tables, tables.reworks["shipment"], tables.reworks["time_s"])[legs]
    part_picked_s, rejoined_s, zones_later_s, put_wall_s, stations_s = (
        _of_passes(tables, fact)[legs] for fact in PASSES
    )
    queued_s = released_s + reworked_s + rejoined_s
    pick_started_s = _sum_else(of_leg["pick_started_s"][legs], queued_s)
    apart_s = rejoined_s - part_picked_s + put_wall_s
    picked_s = _sum_else(of_leg["picked_s"][legs] + part_picked_s, pick_started_s)
    all_there_s = picked_s - part_picked_s + put_wall_s + stations_s
    pack_started_s = _sum_else(of_leg["pack_started_s"][legs], all_there_s)
    packed_s = _else(of_leg["packed_s"][legs], pack_started_s - reworked_s)
    left_s = _else(left_s, packed_s)
    return ClockTimes(
        placed_s,
        entered_s,
        paid_s,
        allocated_s,
        released_s,
        queued_s,
        pick_started_s,
        of_leg["walk_s"][legs],
        picked_s,
        zones_later_s,
        apart_s,
        stations_s,
        all_there_s,
        pack_started_s,
        packed_s + reworked_s,
        packed_s,
        left_s,
        _else(of_leg["delivered_s"][legs], left_s),
    )
