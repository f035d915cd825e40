"""The order form at the packing bench: a packer sees that a line was typed wrong.

What was typed goes back on the shelf, a clerk puts the order right, and what the customer wants is
picked; if it is not there, it gets the answer of the scenario to a shortage.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from sim.log.facts import Fact
from sim.stages.allocation import answer_found_short
from sim.stages.house import CLERKS, size_of

if TYPE_CHECKING:
    from sim.stages.house import House
    from sim.stages.order import Line, Shipment

PUT_ASIDE, FOUND = int(Fact.PUT_ASIDE), int(Fact.ENTRY_FAULT_FOUND)
TYPED_RIGHT = int(Fact.TYPED_RIGHT)


def typed_wrong(house: House, leg: Shipment) -> list[Line]:
    """Return the lines of this pass that the packer sees to differ from the order form."""
    finds = house.book.luck.form_finds
    return [line for line in leg.to_pick if line.entry_fault and finds[line.number]]


def put_right(
    house: House, leg: Shipment, lines: list[Line]
) -> Generator[simpy.Event, Any, list[Line]]:
    """Put lines back, have a clerk put them right; return those that are to be picked anew.

    The parcel is put aside and keeps no bench. What is not there in time may be cancelled meanwhile
    or follow in another shipment; then the shipment may be left without any line.
    """
    work_s = float(house.book.luck.mend_s[leg.order.number])
    house.log.add((house.env.now, PUT_ASIDE, leg.number, len(lines), work_s))
    for line in lines:
        _goes_back(house, line)
    yield house.staff.do(CLERKS, work_s, 0, leg.order.number)
    for line in lines:
        _as_ordered(house, line)
        if house.stock.reserve(house, [line]):
            answer_found_short(house, leg, line)
    leg.rest = ()  # nothing of it is on a tour: the lines are named below
    if leg.missing:
        assert leg.ready is not None
        yield leg.ready
    again = [line for line in lines if line in leg.lines]
    for line in again:
        house.bench.pick_again(house, leg, line)
    leg.size = size_of(house, leg.lines)
    leg.volume_ml = leg.size.volume_ml
    return again


def _goes_back(house: House, line: Line) -> None:
    """Put what was picked on its shelf again, whatever it was; its reservation ends."""
    house.log.add((house.env.now, FOUND, line.number, line.taken, 0.0))
    missing = max(0, line.units - line.taken)
    house.stock.put_back(house, line.sku, line.taken, 0)
    if missing:
        house.stock.free(house, line.sku, missing)
    if house.pick_faces is not None:
        house.pick_faces.put_back(house, line.sku, line.taken)


def _as_ordered(house: House, line: Line) -> None:
    """From now on the floor works with what the customer wants."""
    line.sku, line.units = house.bench.forms.pop(line.number)
    line.entry_fault = 0
    house.log.add((house.env.now, TYPED_RIGHT, line.number, line.sku, float(line.units)))
