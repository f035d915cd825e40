"""How a shipment is picked: on one cart, in all zones at once, or from zone to zone.

What a pass could not pick (an empty face, a place that lacked units) is picked in another one, once
it is there. Parts are brought together, and carts of several orders sorted, at the put wall.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import simpy

from sim.log.facts import Fact
from sim.scenario.schema.picking import Zones
from sim.stages.house import PACKERS, House, size_of
from sim.stages.order import Line, Shipment, ZonePart

PICK_STARTED, PICKED = int(Fact.PICK_STARTED), int(Fact.PICKED)
REJOINED, CONSOLIDATED = int(Fact.REJOINED), int(Fact.CONSOLIDATED)
NO_TOUR = -1

Pass = Callable[[House, Shipment], Generator[simpy.Event, Any, None]]
"""Picks what a shipment's ``to_pick`` names, as far as it is there."""


def pick_to_the_end(
    house: House, shipment: Shipment, one_pass: Pass
) -> Generator[simpy.Event, Any, bool]:
    """Pick until nothing is left to pick; return False if nothing of it is wanted any more."""
    asked = shipment.to_pick
    yield from one_pass(house, shipment)
    while shipment.rest or not shipment.lines:
        yield from shipment.rest_there
        if shipment.missing:
            assert shipment.ready is not None
            yield shipment.ready
        _still_wanted(house, shipment)
        if not shipment.lines:
            return False
        house.log.add((house.env.now, REJOINED, shipment.number, -1, 0.0))
        if shipment.to_pick:
            yield from one_pass(house, shipment)
        else:
            _nothing_left(house, shipment)
    # what the packing check looks at is all that was picked, in however many passes
    shipment.to_pick = [line for line in asked if line in shipment.lines]
    yield from _put_wall(house, shipment)
    return True


def _put_wall(house: House, shipment: Shipment) -> Generator[simpy.Event, Any, None]:
    """Bring the parts of a shipment together, or wait until its tours are sorted."""
    since_s = house.env.now
    if shipment.put_wall_s:
        rank = shipment.order.rank
        yield house.staff.do(PACKERS, shipment.put_wall_s, 0, shipment.number, rank)
        shipment.put_wall_s = 0.0
    elif shipment.sortings:
        yield from shipment.sortings
        shipment.sortings = ()
    else:
        return
    now = house.env.now
    house.log.add((now, CONSOLIDATED, shipment.number, -1, now - since_s))


def _still_wanted(house: House, shipment: Shipment) -> None:
    """Go on with those lines of the rest that nobody has cancelled meanwhile."""
    shipment.to_pick = [line for line in shipment.rest if line in shipment.lines]
    shipment.rest = shipment.rest_there = ()
    shipment.size = size_of(house, shipment.lines)
    shipment.volume_ml = shipment.size.volume_ml


def _nothing_left(house: House, shipment: Shipment) -> None:
    """The rest was cancelled: what was picked before is all there is."""
    add, now = house.log.add, house.env.now
    add((now, PICK_STARTED, shipment.number, NO_TOUR, 0.0))
    add((now, PICKED, shipment.number, NO_TOUR, 0.0))


def whole_orders(house: House, shipment: Shipment) -> Generator[simpy.Event, Any, None]:
    """Pick a shipment on one cart."""
    shipment.passes += 1
    yield house.pick_lines[0].join(shipment)


class ByZone:
    """Picks shipments zone by zone.

    Parameters
    ----------
    zones
        The scenario's rules.
    zone_of_sku
        Zone of each SKU.
    """

    def __init__(self, zones: Zones, zone_of_sku: list[int]) -> None:
        self._zones = zones
        self._zone_of = zone_of_sku

    def at_once(self, house: House, shipment: Shipment) -> Generator[simpy.Event, Any, None]:
        """Pick in all zones at once; bring the parts together at the put wall."""
        parts = self._parts(house, shipment)
        shipment.passes += 1
        shipment.parts = shipment.parts_open = len(parts)
        if len(parts) > 1 or shipment.put_wall_s:
            shipment.put_wall_s += self._zones.consolidate_s_per_zone * len(parts)
            shipment.put_wall_s += self._zones.consolidate_s_per_line * len(shipment.to_pick)
        yield from [house.pick_lines[zone].join(part) for zone, part in parts]

    def one_after_the_other(
        self, house: House, shipment: Shipment
    ) -> Generator[simpy.Event, Any, None]:
        """Pass a tote from zone to zone, left to right."""
        parts = self._parts(house, shipment)
        shipment.passes += 1
        for place, (zone, part) in enumerate(parts):
            if place:
                yield house.env.timeout(self._zones.pass_on_s)
                house.log.add((house.env.now, REJOINED, shipment.number, -1, 0.0))
            shipment.zones_to_come = len(parts) - place - 1
            yield house.pick_lines[zone].join(part)

    def _parts(self, house: House, shipment: Shipment) -> list[tuple[int, ZonePart]]:
        """Return the zones of what is to be picked, left to right, with their parts."""
        lines: dict[int, list[Line]] = {}
        for line in shipment.to_pick:
            lines.setdefault(self._zone_of[line.sku], []).append(line)
        return [
            (zone, ZonePart(shipment, lines[zone], size_of(house, lines[zone])))
            for zone in sorted(lines)
        ]
