"""Allocation: reserve what is there, answer for what is not, and make shipments of the rest.

The answers to a shortage: turn away (at the click, by the figure shown; later it is an oversale),
backorder with a promised date, or dropship from the supplier.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import simpy

from sim.clock.process import LeanProcess, Wake
from sim.log.facts import CancelReason, Fact, ShortAnswer, SplitKind
from sim.stages.backorders import Waiting, one_less_missing, tell_promise
from sim.stages.house import House, size_of
from sim.stages.order import Line, Order, Shipment

SHORT, CANCELLED, SPLIT = int(Fact.SHORT), int(Fact.CANCELLED), int(Fact.SPLIT)
BACKORDER_CANCELLED = int(Fact.BACKORDER_CANCELLED)
SHORT_PICKED, SHRUNK = int(Fact.SHORT_PICKED), int(Fact.SHRUNK)


def turn_away_at_the_click(house: House, order: Order) -> bool:
    """Drop the lines the channel shows as sold out; return False if nothing is left to sell."""
    stock, add, now = house.stock, house.log.add, house.env.now
    kept = []
    for line in order.lines:
        if stock.shown_units(line.sku) >= line.units:
            kept.append(line)
        else:
            add((now, SHORT, line.number, line.units, float(ShortAnswer.TURN_AWAY)))
            order.refused = True
    if order.refused:
        order.lines = kept
        order.size = size_of(house, kept)
    if not kept:
        add((now, CANCELLED, order.number, -1, float(CancelReason.TURNED_AWAY)))
    return bool(kept)


def give_back(house: House, order: Order, short: list[Line]) -> None:
    """End the reservations of an order that will not be shipped."""
    for line in order.lines:
        if line not in short:
            house.stock.free(house, line.sku, line.units)


def answer_shortage(house: House, order: Order, short: list[Line]) -> list[Shipment]:
    """Ask again for the missing lines, then answer by the scenario; return the legs to ship."""
    short = house.stock.reserve(house, short)
    if not short:
        return [make_leg(house, order, order.lines, 0)]
    answer = house.scenario.stockouts.answer
    there = [line for line in order.lines if line not in short]
    if answer == "turn_away":
        order.refused = True
        return _oversold(house, order, there, short)
    order.short = True
    if answer == "dropship":
        return _dropship(house, order, there, short)
    return _backorder(house, order, there, short)


def make_leg(house: House, order: Order, lines: list[Line], split: int) -> Shipment:
    """Make a shipment: the order's own number first, then further ones."""
    if order.legs == 0:
        number = order.number
    else:
        number = house.next_shipment_number()
        house.log.add((house.env.now, SPLIT, number, order.number, float(split)))
    leg = Shipment(number, order, lines, size_of(house, lines))
    leg.leg = order.legs
    order.legs += 1
    order.open_legs += 1
    return leg


def _oversold(house: House, order: Order, there: list[Line], short: list[Line]) -> list[Shipment]:
    now = house.env.now
    for line in short:
        house.log.add((now, SHORT, line.number, line.units, float(ShortAnswer.OVERSOLD)))
    order.lines = there
    if there:
        return [make_leg(house, order, there, 0)]
    house.log.add((now, CANCELLED, order.number, -1, float(CancelReason.OVERSOLD)))
    return []


def _dropship(house: House, order: Order, there: list[Line], short: list[Line]) -> list[Shipment]:
    now = house.env.now
    for line in short:
        house.log.add((now, SHORT, line.number, line.units, float(ShortAnswer.DROPSHIP)))
    legs = [make_leg(house, order, there, 0)] if there else []
    supplier = make_leg(house, order, short, SplitKind.DROPSHIP)
    supplier.passes = -1
    return [*legs, supplier]


def _backorder(house: House, order: Order, there: list[Line], short: list[Line]) -> list[Shipment]:
    if there and house.scenario.stockouts.split:
        legs = [
            make_leg(house, order, there, 0),
            make_leg(house, order, short, SplitKind.BACKORDER),
        ]
        waits = legs[1]
    else:
        legs = [make_leg(house, order, order.lines, 0)]
        waits = legs[0]
    waits.missing = len(short)
    waits.ready = Wake(house.env)
    patience_s = float(house.book.luck.patience_s[order.number])
    for line in short:
        _promise(house, waits, line, patience_s)
    return legs


def found_short(house: House, shipment: Shipment, line: Line) -> None:
    """A picker found fewer units than the books say: mend the books, look for the line elsewhere.

    If the rest of the stock meets it, it is picked in another tour; else it gets the answer of the
    scenario, and the shipment goes without it or waits.
    """
    stock, add, now = house.stock, house.log.add, house.env.now
    lacking = min(line.lacking, line.units)
    line.lacking = 0
    add((now, SHORT_PICKED, line.number, lacking, 0.0))
    add((now, SHRUNK, line.sku, lacking, 0.0))
    stock.shrink(house, line.sku, line.units, lacking)
    if not stock.reserve(house, [line]):
        shipment.rest = [*shipment.rest, line]
    else:
        answer_found_short(house, shipment, line)
        stock.queues.fill(house, line.sku)


def answer_found_short(house: House, shipment: Shipment, line: Line) -> None:
    """Answer for a line of a shipment that is on the floor and turns out not to be there."""
    add, now, order = house.log.add, house.env.now, shipment.order
    answer = house.scenario.stockouts.answer
    if answer == "turn_away":
        order.refused = True
        order.lines = [kept for kept in order.lines if kept is not line]
        _leave_out(house, shipment, line)
        add((now, SHORT, line.number, line.units, float(ShortAnswer.OVERSOLD)))
        return
    order.short = True
    if answer == "dropship":
        _leave_out(house, shipment, line)
        add((now, SHORT, line.number, line.units, float(ShortAnswer.DROPSHIP)))
        leg = make_leg(house, order, [line], SplitKind.DROPSHIP)
        leg.passes = -1
        _send_apart(house, leg)
    elif house.scenario.stockouts.split and len(shipment.lines) > 1:
        _leave_out(house, shipment, line)
        leg = make_leg(house, order, [line], SplitKind.BACKORDER)
        _wait_for(house, leg, line, ShortAnswer.FOLLOWS)
        _send_apart(house, leg)
    else:
        shipment.rest = [*shipment.rest, line]
        _wait_for(house, shipment, line, ShortAnswer.WAITS)


def _leave_out(house: House, shipment: Shipment, line: Line) -> None:
    """Let a shipment go on without a line."""
    shipment.lines = [kept for kept in shipment.lines if kept is not line]
    shipment.size = size_of(house, shipment.lines)
    shipment.volume_ml = shipment.size.volume_ml


def _send_apart(house: House, leg: Shipment) -> None:
    """Start the life of a leg that parts from its shipment at the pick."""
    house.life_begins()
    LeanProcess(house.leg_life(house, leg))


def _wait_for(house: House, shipment: Shipment, line: Line, answer: ShortAnswer) -> None:
    """Let a shipment wait for one more line."""
    if shipment.ready is None or shipment.ready.processed:
        shipment.ready = Wake(house.env)
    shipment.missing += 1
    patience_s = float(house.book.luck.patience_s[shipment.order.number])
    _promise(house, shipment, line, patience_s, answer)


def _promise(
    house: House,
    shipment: Shipment,
    line: Line,
    patience_s: float,
    answer: ShortAnswer = ShortAnswer.BACKORDER,
) -> None:
    """Put a line on backorder and tell the customer when it will leave."""
    waiting = Waiting(line, shipment)
    house.log.add((house.env.now, SHORT, line.number, line.units, float(answer)))
    purchase, due_s = house.stock.queues.join(house, waiting)
    tell_promise(house, waiting, purchase, due_s)
    LeanProcess(_patience(house, waiting, patience_s))


def _patience(
    house: House, waiting: Waiting, patience_s: float
) -> Generator[simpy.Event, Any, None]:
    """The customer cancels what is still missing when their patience ends."""
    yield house.env.timeout(patience_s)
    if waiting.filled:
        return
    house.stock.queues.give_up(house, waiting)
    line = waiting.line
    house.log.add((house.env.now, BACKORDER_CANCELLED, line.number, line.units, 0.0))
    order = waiting.shipment.order
    order.lines = [kept for kept in order.lines if kept is not line]
    waiting.shipment.lines = [kept for kept in waiting.shipment.lines if kept is not line]
    waiting.shipment.to_pick = [kept for kept in waiting.shipment.to_pick if kept is not line]
    one_less_missing(waiting.shipment)
