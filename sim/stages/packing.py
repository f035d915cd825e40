"""Picking and packing of a shipment until the check is content: check, wrap, box, label.

A wrong line that the check finds goes back on the shelf and is picked again. What it does not find
travels to the customer.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import simpy

from sim.log.facts import Fact
from sim.orders.book import FOUND_BY_SCAN, PICK_SOUND
from sim.policies.boxes import Carton, smallest_box
from sim.scenario.schema import is_nothing
from sim.scenario.schema.packing import PackingSection
from sim.scenario.schema.picking import PickingSection
from sim.stages.house import DISPATCHERS, PACKERS, House
from sim.stages.order import Line, Shipment

PACK_STARTED, PACKED, REWORK = int(Fact.PACK_STARTED), int(Fact.PACKED), int(Fact.REWORK)
LABEL_STARTED, LABELLED = int(Fact.LABEL_STARTED), int(Fact.LABELLED)
EXTRA_BOX, LINE_MENDED = int(Fact.EXTRA_BOX), int(Fact.LINE_MENDED)


class PackingBench:
    """Times and boxes of the packing stations, ready for use."""

    def __init__(self, packing: PackingSection, picking: PickingSection) -> None:
        self.packing = packing
        self.picking = picking
        self.cartons = [
            Carton(box.volume_ml * packing.fill_share, box.volume_ml, box.max_weight_kg * 1000.0)
            for box in sorted(packing.boxes.values(), key=lambda box: box.volume_ml)
        ]
        self.packs_by_itself = is_nothing(packing.time_s)
        self.labels_by_itself = is_nothing(packing.label_s)
        self._padding = packing.fragile_padding - 1.0 if packing.protect_fragile else 0.0
        self._wrap_s = packing.fragile_extra_s if packing.protect_fragile else 0.0
        self._mix = _cumulated(picking)
        self._found_by_scan = FOUND_BY_SCAN[picking.scan.of]

    def work_s(self, house: House, leg: Shipment) -> float:
        """Return the packing time of this pass."""
        packing, order = self.packing, leg.order
        if packing.time_s is not None:
            if leg.passes == 1 and leg.leg == 0:
                return order.pack_factor
            key = 1000 * leg.leg + leg.passes
            return house.redraw(packing.time_s, "pack/time/again", order.number, key)
        if leg.passes > 1:
            return packing.base_s * order.pack_factor
        return (
            packing.base_s
            + packing.per_unit_s * leg.size.units
            + self._wrap_s * leg.size.fragile_units
        ) * order.pack_factor

    def boxes(self, house: House, leg: Shipment) -> list[tuple[int, float]]:
        """Return the boxes of a shipment, fragile units padded."""
        volume_ml = leg.volume_ml
        if leg.size.fragile_units and self._padding:
            for line in leg.lines:
                if house.fragile[line.sku]:
                    volume_ml += self._padding * house.volume_ml[line.sku] * line.units
        return smallest_box(volume_ml, leg.size.weight_g, self.cartons)

    def pick_again(self, house: House, leg: Shipment, line: Line) -> None:
        """Throw the dice of a further pass for a line that is picked again."""
        key = 1000 * leg.leg + leg.passes
        uniform = house.redraw_uniform("pick/error/again", line.number, key)
        rate = self.picking.wrong_line_rate
        line.pick_error = PICK_SOUND
        if uniform < rate:
            place = uniform / rate
            line.pick_error = next(
                (kind for kind, bound in enumerate(self._mix, 1) if place < bound), len(self._mix)
            )
        if line.pick_error in self._found_by_scan:
            uniform = house.redraw_uniform("pick/scan/again", line.number, key)
            line.scan_finds = uniform < self.picking.scan.detects
        uniform = house.redraw_uniform("pack/check/again", line.number, key)
        line.check_finds = uniform < self.packing.check_detects


def _cumulated(picking: PickingSection) -> list[float]:
    """Return the cumulated shares of the kinds of errors, in the order of their codes."""
    mix = picking.error_mix
    weights = [mix.wrong_item, mix.wrong_quantity, mix.omitted, mix.damaged]
    total = sum(weights) or 1.0
    return [sum(weights[: kind + 1]) / total for kind in range(len(weights))]


def pack_and_check(house: House, leg: Shipment) -> Generator[simpy.Event, Any, bool]:
    """Pick, pack and check until the check is content; then box and label.

    Return False if nothing of it was there and wanted.
    """
    env, add, staff, bench = house.env, house.log.add, house.staff, house.bench
    number = leg.number
    while True:
        if house.pick is None:
            leg.passes += 1
            yield house.pick_lines[0].join(leg)
        elif not (yield from house.pick(house, leg)):
            return False
        if bench.packs_by_itself:
            add((env.now, PACK_STARTED, number, -1, 0.0))
        else:
            yield staff.do(PACKERS, bench.work_s(house, leg), PACK_STARTED, number)
        found = _found_wrong(house, leg)
        if not found:
            break
        leg.to_pick = found
        add((env.now, REWORK, number, -1, 0.0))
    box, void_ml = _box(house, leg)
    add((env.now, PACKED, number, box, void_ml))
    if house.release_desk is not None:
        house.release_desk.is_through(house)
    if bench.labels_by_itself:
        add((env.now, LABEL_STARTED, number, -1, 0.0))
    else:
        label_s = leg.order.label_s
        if leg.leg:
            label_s = house.redraw(
                bench.packing.label_s, "label/time/again", leg.order.number, leg.leg
            )
        yield staff.do(DISPATCHERS, label_s, LABEL_STARTED, number)
    add((env.now, LABELLED, number, -1, 0.0))
    return True


def _found_wrong(house: House, leg: Shipment) -> list[Line]:
    """Check what was picked in this pass; put found mistakes back, let the others pass."""
    found: list[Line] = []
    for line in leg.to_pick:
        if line.pick_error == PICK_SOUND:
            continue
        missing = max(0, line.units - line.taken)
        if not line.check_finds:
            if missing:
                house.stock.free(house, line.sku, missing)
            continue
        house.log.add((house.env.now, LINE_MENDED, line.number, line.taken, float(line.pick_error)))
        house.stock.put_back(house, line.sku, line.taken, min(line.taken, line.units))
        if house.pick_faces is not None:
            house.pick_faces.put_back(house, line.sku, line.taken)
        house.bench.pick_again(house, leg, line)
        found.append(line)
    return found


def _box(house: House, leg: Shipment) -> tuple[int, float]:
    """Choose the boxes; log those beyond the first."""
    boxes = house.bench.boxes(house, leg)
    for box, void_ml in boxes[1:]:
        house.log.add((house.env.now, EXTRA_BOX, leg.number, box, void_ml))
    return boxes[0]
