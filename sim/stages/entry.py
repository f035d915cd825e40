"""Order entry: late hand-in, a clerk's typing, its mistakes, the confirmation that shows some."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import simpy

from sim.log.facts import EntryFault, Fact
from sim.orders.book import ENTRY_WRONG_SKU
from sim.stages.house import CLERKS, House, size_of
from sim.stages.order import Line, Order

HANDED_IN, ENTRY_STARTED = int(Fact.HANDED_IN), int(Fact.ENTRY_STARTED)
FAULT, MENDED, TYPED_AS = int(Fact.ENTRY_FAULT), int(Fact.ENTRY_FAULT_MENDED), int(Fact.TYPED_AS)


def enter(house: House, order: Order) -> Generator[simpy.Event, Any, None]:
    """Hand in, type, and mend what the confirmation shows."""
    env, add, luck, number = house.env, house.log.add, house.book.luck, order.number
    if luck.hand_in_delay_s[number] > 0.0:
        yield env.timeout(float(luck.hand_in_delay_s[number]))
        add((env.now, HANDED_IN, number, -1, 0.0))
    if house.manual_channel[order.channel]:
        yield house.staff.do(CLERKS, float(luck.entry_s[number]), ENTRY_STARTED, number)
    faulty = [line for line in order.lines if line.entry_fault]
    wrong_address = bool(luck.wrong_address[number])
    if not faulty and not wrong_address:
        return
    for line in faulty:
        add((env.now, FAULT, number, line.number, float(line.entry_fault)))
    if wrong_address:
        add((env.now, FAULT, number, -1, float(EntryFault.WRONG_ADDRESS)))
    if luck.entry_found[number]:
        yield house.staff.do(CLERKS, float(luck.mend_s[number]), 0, number)
        work_s = float(luck.mend_s[number])  # all of it is told of the first mistake
        for line in faulty:
            line.entry_fault = 0
            add((env.now, MENDED, number, line.number, work_s))
            work_s = 0.0
        if wrong_address:
            add((env.now, MENDED, number, -1, work_s))
        return
    order.wrong_address = wrong_address
    for line in faulty:
        _work_with_the_mistake(house, line)
    order.size = size_of(house, order.lines)


def _work_with_the_mistake(house: House, line: Line) -> None:
    """From now on the floor works with what was typed: the list's next SKU, or one unit off."""
    if house.bench.sees_forms:
        house.bench.forms[line.number] = (line.sku, line.units)
    if line.entry_fault == ENTRY_WRONG_SKU:
        line.sku = (line.sku + 1) % house.catalogue.count
    else:
        line.units = line.units - 1 if line.units > 1 else line.units + 1
    house.log.add((house.env.now, TYPED_AS, line.number, line.sku, float(line.units)))
