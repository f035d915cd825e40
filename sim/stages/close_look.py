"""What pickers find at the places: an empty pick face, fewer units than booked, a wrong item.

Before a tour the units on the pick faces are claimed for it; a line whose face is empty is walked
to in vain, and picked once the face is topped up. After a tour come what the scan put right on the
spot, and the lines whose place lacked units: they are looked for elsewhere, else they are short.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.log.facts import Fact
from sim.orders.book import PICK_SOUND
from sim.stages.allocation import found_short

if TYPE_CHECKING:
    from sim.stages.house import House
    from sim.stages.order import Line, PickTask
    from sim.stages.tours import Tour

SCAN_CAUGHT = int(Fact.SCAN_CAUGHT)


class CloseLook:
    """Looks at every line of a tour, where places can be other than the books say."""

    def __init__(self) -> None:
        self.house: House

    def before(self, tour: Tour) -> None:
        """Claim what lies on the pick faces; count what a scan will put right."""
        faces = self.house.pick_faces
        lines = [line for task in tour.tasks for line in task.to_pick]
        if faces is not None:
            for line in lines:
                if not line.claimed:
                    line.claimed = faces.claim(line.sku, line.units)
        there = [line for line in lines if self._is_within_reach(line)]
        tour.left = {line.number: line.units for line in lines if not self._is_within_reach(line)}
        tour.mended = sum(line.scan_finds and line.pick_error != PICK_SOUND for line in there)

    def _is_within_reach(self, line: Line) -> bool:
        """Tell whether a line can be taken on this tour; else it is walked to in vain."""
        return not line.lacking and (self.house.pick_faces is None or line.claimed)

    def after(self, tour: Tour) -> None:
        """Sort out what was found at the places, before the rest of the tour is noted."""
        for task in tour.tasks:
            if any(map(self._troubled, task.to_pick)):
                task.to_pick = [line for line in task.to_pick if self._is_there(task, line)]

    def _troubled(self, line: Line) -> bool:
        return (
            line.pick_error != PICK_SOUND
            or line.lacking > 0
            or self.house.stock.apart
            or (self.house.pick_faces is not None and not line.claimed)
        )

    def _is_there(self, task: PickTask, line: Line) -> bool:
        """Tell whether a line is picked on this tour; else see to what follows."""
        house, shipment = self.house, task.shipment
        faces = house.pick_faces
        if faces is not None and not line.claimed:
            line.claimed = True
            shipment.rest = [*shipment.rest, line]
            there = faces.top_up_for(house, line.sku, line.units)
            shipment.rest_there = [*shipment.rest_there, there]
            return False
        if line.lacking:
            if faces is not None:
                faces.settle(line.sku, line.units, min(line.lacking, line.units))
                line.claimed = False
            found_short(house, shipment, line)
            return False
        if not house.stock.claim(line):
            found_short(house, shipment, line)
            return False
        if line.pick_error != PICK_SOUND and line.scan_finds:
            house.log.add((house.env.now, SCAN_CAUGHT, line.number, -1, float(line.pick_error)))
            line.pick_error = PICK_SOUND
            line.scan_finds = False
        return True

    def taken(self, line: Line) -> None:
        """Settle the claims of a line: what was really taken off the shelf or the face."""
        self.house.stock.settle(line)
        if self.house.pick_faces is not None:
            self.house.pick_faces.settle(line.sku, line.units, line.taken)
            line.claimed = False
