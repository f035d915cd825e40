"""Picking and packing of a shipment until the check is content: check, wrap, box, label.

A wrong line that the check finds goes back on the shelf and is picked again. What it does not find
travels to the customer. What was typed wrong and is seen here goes another way (`order_form.py`).
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import simpy

from sim.clock.lines import Job
from sim.log.facts import Fact
from sim.orders.book import FOUND_BY_SCAN, PICK_SOUND
from sim.policies.boxes import Chosen
from sim.scenario.schema import is_nothing
from sim.scenario.schema.packing import PackingSection
from sim.scenario.schema.picking import PickingSection
from sim.stages.bench import BenchLine
from sim.stages.box_choice import BoxChoice
from sim.stages.house import DISPATCHERS, PACKERS, House
from sim.stages.material import Material
from sim.stages.order import Line, Shipment
from sim.stages.order_form import put_right, typed_wrong

PACK_STARTED, PACKED, REWORK = int(Fact.PACK_STARTED), int(Fact.PACKED), int(Fact.REWORK)
LABEL_STARTED, LABELLED = int(Fact.LABEL_STARTED), int(Fact.LABELLED)
EXTRA_BOX, LINE_MENDED = int(Fact.EXTRA_BOX), int(Fact.LINE_MENDED)
BOX_DOUBTED = int(Fact.BOX_DOUBTED)


class PackingBench:
    """Times and boxes of the packing stations, ready for use.

    Attributes
    ----------
    line
        The line before a limited number of benches; None where there are as many as needed.
    boxes
        The box rule.
    material
        Boxes and labels that can run out; None where none can.
    sees_forms
        Whether a packer compares with the order form.
    forms
        SKU and units that the order form says, by line typed wrong.
    bills_boxes
        Whether the carrier bills the volume of the boxes, not that of the goods.
    """

    def __init__(
        self, packing: PackingSection, picking: PickingSection, *, sees_forms: bool
    ) -> None:
        self.packing = packing
        self.picking = picking
        self.sees_forms = sees_forms
        self.forms: dict[int, tuple[int, int]] = {}
        self.line = None if packing.benches is None else BenchLine(packing.benches)
        self.boxes = BoxChoice(packing)
        material = Material(packing, self.boxes)
        self.material = material if material.can_run_out else None
        self.packs_by_itself = is_nothing(packing.time_s)
        self.labels_by_itself = is_nothing(packing.label_s)
        self.bills_boxes = packing.billed_volume == "boxes"
        self._law = packing.time_s
        self._in_steps = packing.steps is not None
        self._base_s, self._unit_s = packing.base_s, packing.per_unit_s
        self._wrap_s = packing.fragile_extra_s if packing.protect_fragile else 0.0
        self._step_s = _step_seconds(packing)
        self._mix = _cumulated(picking)
        self._found_by_scan = FOUND_BY_SCAN[picking.scan.of]

    def work_s(self, house: House, leg: Shipment) -> float:
        """Return the packing time of this pass."""
        order = leg.order
        if self._law is not None:
            if leg.packings == 1 and leg.leg == 0:
                return order.pack_factor
            key = 1000 * leg.leg + leg.packings
            return house.redraw(self._law, "pack/time/again", order.number, key)
        if self._in_steps:
            return self._steps_s(house, leg) * order.pack_factor
        if leg.packings > 1:
            return self._base_s * order.pack_factor
        size = leg.size
        work_s = self._base_s + self._unit_s * size.units + self._wrap_s * size.fragile_units
        return work_s * order.pack_factor

    def _steps_s(self, house: House, leg: Shipment) -> float:
        """Return the seconds of all steps; a second pass opens and closes one parcel again."""
        a_parcel_s, a_line_s, a_unit_s, a_fragile_s = self._step_s
        if leg.packings > 1:
            return a_parcel_s
        parcels = len(self.boxes.choose(house, leg).parcels)
        size = leg.size
        return (
            a_parcel_s * parcels
            + a_line_s * len(leg.lines)
            + a_unit_s * size.units
            + a_fragile_s * size.fragile_units
        )

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


def _step_seconds(packing: PackingSection) -> tuple[float, float, float, float]:
    """Return the seconds of all steps for a parcel, a line, a unit and a fragile unit."""
    steps = (packing.steps or {}).values()
    wraps = 1.0 if packing.protect_fragile else 0.0
    return (
        sum(step.s_per_parcel for step in steps),
        sum(step.s_per_line for step in steps),
        sum(step.s_per_unit for step in steps),
        sum(step.s_per_fragile_unit for step in steps) * wraps,
    )


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
    while True:
        if house.pick is None:
            leg.passes += 1
            yield house.pick_lines[0].join(leg)
        elif not (yield from house.pick(house, leg)):
            return False
        if house.stations is not None and leg.packings == 0:
            yield from house.stations.pass_them(leg)
        packed = _pack(house, leg)
        if packed is not None:
            yield packed
        if house.bench.sees_forms and (typed := typed_wrong(house, leg)):
            leg.to_pick = [line for line in leg.to_pick if line not in typed]
            found = _found_wrong(house, leg)
            found += yield from put_right(house, leg, typed)
            if not leg.lines:
                return False
        else:
            found = _found_wrong(house, leg)
        if not found:
            break
        leg.to_pick = found
        house.log.add((house.env.now, REWORK, leg.number, -1, 0.0))
    if house.bench.material is None:
        _close(house, leg, house.bench.boxes.choose(house, leg))
    else:
        yield from _close_with(house.bench.material, house, leg)
    labelled = _label(house, leg)
    if labelled is not None:
        yield labelled
    house.log.add((house.env.now, LABELLED, leg.number, -1, 0.0))
    return True


def _pack(house: House, leg: Shipment) -> Job | None:
    """Let a packer pack and check, at a bench where these are few; None if it packs by itself."""
    bench, number = house.bench, leg.number
    leg.packings += 1
    if bench.packs_by_itself:
        house.log.add((house.env.now, PACK_STARTED, number, -1, 0.0))
        return None
    work_s = bench.work_s(house, leg)
    if bench.line is None:
        return house.staff.do(PACKERS, work_s, PACK_STARTED, number, leg.order.rank)
    return bench.line.pack(work_s, PACK_STARTED, number, leg.order.rank)


def _close_with(
    material: Material, house: House, leg: Shipment
) -> Generator[simpy.Event, Any, None]:
    """Choose the boxes, wait for what has run out, close; wait for labels that have run out."""
    boxes = house.bench.boxes
    chosen, contents = boxes.choose(house, leg), boxes.contents(house, leg)
    chosen = yield from material.boxes(house, leg.number, contents, chosen)
    _close(house, leg, chosen)
    yield from material.labels(house, leg.number, chosen)


def _label(house: House, leg: Shipment) -> Job | None:
    """Let a dispatcher print and apply the label; None if that is done by itself."""
    bench, number = house.bench, leg.number
    if bench.labels_by_itself:
        house.log.add((house.env.now, LABEL_STARTED, number, -1, 0.0))
        return None
    label_s = leg.order.label_s
    if leg.leg:
        label_s = house.redraw(bench.packing.label_s, "label/time/again", leg.order.number, leg.leg)
    return house.staff.do(DISPATCHERS, label_s, LABEL_STARTED, number, leg.order.rank)


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


def _close(house: House, leg: Shipment, chosen: Chosen) -> None:
    """Log the boxes of a shipment, those beyond the first before it is packed; let the next in."""
    leg.parcels = len(chosen.parcels)
    add, now, bench = house.log.add, house.env.now, house.bench
    box, void_ml = chosen.parcels[0]
    if chosen.doubt:
        add((now, BOX_DOUBTED, leg.number, box, float(chosen.doubt)))
    for extra, extra_void_ml in chosen.parcels[1:]:
        add((now, EXTRA_BOX, leg.number, extra, extra_void_ml))
    if bench.bills_boxes:
        leg.volume_ml = sum(bench.boxes.cartons[number].volume_ml for number, _ in chosen.parcels)
    add((now, PACKED, leg.number, box, void_ml))
    if house.release_desk is not None:
        house.release_desk.is_through(house)
