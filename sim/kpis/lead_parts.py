"""The parts of a lead time: what an order waited for, and what was done with it.

A shipment that the packing check sends back is picked and packed twice. Each part is therefore a
signed sum of clock times over all passes, for instance time waiting for a picker = sum of
PICK_STARTED - sum of RELEASED and REWORK. A time that the log does not hold (a stage that is passed
without people) is the time of the step before, so the parts always add up to the whole.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.kpis.shipment_tables import DROPSHIP_LEG
from sim.kpis.tables import Tables

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

PARTS = (
    "wait_entry",
    "wait_payment",
    "wait_stock",
    "wait_release",
    "wait_pick",
    "walk",
    "pick",
    "wait_pack",
    "pack",
    "wait_carrier",
    "transit",
)


@dataclass(frozen=True)
class ClockTimes:
    """Clock times of orders and one leg of each, s; sums over passes where a leg has several.

    ``queued_s`` is the sum of RELEASED and REWORK, ``pack_ended_s`` of PACKED and REWORK.
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
        match part:
            case "wait_entry":
                return self.entered_s - self.placed_s
            case "wait_payment":
                return self.paid_s - self.entered_s
            case "wait_stock":
                return self.allocated_s - self.paid_s
            case "wait_release":
                return self.released_s - self.allocated_s
            case "wait_pick":
                return self.pick_started_s - self.queued_s
            case "walk":
                return self.walk_s
            case "pick":
                return self.picked_s - self.pick_started_s - self.walk_s
            case "wait_pack":
                return self.pack_started_s - self.picked_s
            case "pack":
                return self.pack_ended_s - self.pack_started_s
            case "wait_carrier":
                return self.left_s - self.packed_s
            case "transit":
                return self.delivered_s - self.left_s
            case _:
                raise KeyError(part)


def _else(time_s: Floats, before_s: Floats) -> Floats:
    """Return times with the missing ones replaced by those of the step before."""
    return np.where(np.isnan(time_s), before_s, time_s)


def _sum_else(time_s: Floats, before_s: Floats) -> Floats:
    """Return sums of times; a sum of 0 holds nothing, the step before stands in for it."""
    return np.where(time_s == 0.0, before_s, time_s)


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
    rework_s = np.zeros(of_leg.size)
    np.add.at(rework_s, tables.reworks["shipment"], tables.reworks["time_s"])
    reworked_s = rework_s[legs]
    queued_s = released_s + reworked_s
    pick_started_s = _sum_else(of_leg["pick_started_s"][legs], queued_s)
    picked_s = _sum_else(of_leg["picked_s"][legs], pick_started_s)
    # Told at standard speed; a tour in quick hands may end sooner.
    walk_s = np.minimum(of_leg["walk_s"][legs], np.maximum(picked_s - pick_started_s, 0.0))
    pack_started_s = _sum_else(of_leg["pack_started_s"][legs], picked_s)
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
        walk_s,
        picked_s,
        pack_started_s,
        packed_s + reworked_s,
        packed_s,
        left_s,
        _else(of_leg["delivered_s"][legs], left_s),
    )
