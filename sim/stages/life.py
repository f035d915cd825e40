"""An order's life, told as a foreman would tell it; each step stands in a file of its own."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import simpy

from sim.clock.process import LeanProcess
from sim.log.facts import CancelReason, Fact
from sim.stages.after_sales import after_delivery
from sim.stages.allocation import answer_shortage, give_back
from sim.stages.click import at_the_click, lines_shown_out
from sim.stages.customers import hears_no
from sim.stages.delivery import arrive, travel_from_supplier
from sim.stages.entry import enter
from sim.stages.house import House, size_of
from sim.stages.loading import note_promise, strike_promise
from sim.stages.order import Line, Order, Shipment
from sim.stages.packing import pack_and_check
from sim.stages.payment import ask_again, authorise, has_expired
from sim.stages.payment_states import Payment
from sim.stages.shipping import hand_over, next_truck

ENTERED, PAID, ALLOCATED = int(Fact.ENTERED), int(Fact.PAID), int(Fact.ALLOCATED)
RELEASED, CANCELLED = int(Fact.RELEASED), int(Fact.CANCELLED)
PROMISED, VOID = int(Fact.PROMISED), int(Fact.VOID)


def order_life(house: House, order: Order) -> Generator[simpy.Event, Any, None]:
    """Enter, reserve, wait for the money, allocate, and send every shipment on its way."""
    env, add, number = house.env, house.log.add, order.number
    add((env.now, PROMISED, number, int(order.promised_truck_s), order.promised_door_s))
    if house.looks_at_the_click and not at_the_click(house, order):
        return house.life_ends()
    if house.notes_trucks:
        note_promise(house, order, number, order.promised_truck_s)
    if order.needs_entry:
        if house.stockouts.notes_shown_out:
            order.shown_out = lines_shown_out(house, order)
        yield from enter(house, order)
    add((env.now, ENTERED, number, -1, 0.0))
    short = house.stock.reserve(house, order.lines)
    if short and not order.needs_entry and not house.looks_at_the_click:
        order.shown_out = short  # the click was just now
    if order.needs_payment:
        paid = yield from authorise(house, order)
        if not paid:
            give_back(house, order, short)
            if house.notes_trucks:
                strike_promise(house, order, number)
            return house.life_ends()
    order.authorised_s = env.now
    add((env.now, PAID, number, -1, float(order.size.value_cents)))
    if short:
        part = _first_of_the_parts(house, order, short)
        if part is None:
            return house.life_ends()
        first = part
    else:
        order.open_legs = order.legs = 1
        first = Shipment(number, order, order.lines, order.size)
    LeanProcess(leg_life(house, first))


def _first_of_the_parts(house: House, order: Order, short: list[Line]) -> Shipment | None:
    """Answer what is short; send all parts but the first on their way; None if nothing is left."""
    legs = answer_shortage(house, order, short)
    if not legs:
        if house.notes_trucks:
            strike_promise(house, order, order.number)
        hears_no(house, order)
        return None
    for leg in legs[1:]:
        house.life_begins()
        LeanProcess(leg_life(house, leg))
    return legs[0]


def leg_life(house: House, leg: Shipment) -> Generator[simpy.Event, Any, None]:
    """Wait for stock, release, pick, check, pack, label, load, travel, arrive; then after-sales."""
    env, add, number = house.env, house.log.add, leg.number
    if leg.passes < 0:
        if house.notes_trucks:
            strike_promise(house, leg.order, number)
        yield from travel_from_supplier(house, leg)
    else:
        if leg.missing:
            assert leg.ready is not None
            yield leg.ready
            leg.size = size_of(house, leg.lines)
            leg.volume_ml = leg.size.volume_ml
        if not leg.lines or (
            house.authorisation_s is not None
            and has_expired(house, leg)
            and not (yield from ask_again(house, leg))
        ):
            return _gave_up(house, leg)
        add((env.now, ALLOCATED, number, -1, 0.0))
        desk = house.release_desk
        if desk is not None and (its_turn := desk.ask(house, leg)) is not None:
            yield its_turn
        add((env.now, RELEASED, number, -1, 0.0))
        if not (yield from pack_and_check(house, leg)):
            _gave_up(house, leg)
            if desk is not None:
                desk.is_through(house)
            return None
        if (truck := next_truck(house, leg)) is not None:
            yield truck
        transit_s = hand_over(house, leg)
        if transit_s > 0.0:
            yield env.timeout(transit_s)
    arrive(house, leg)
    order = leg.order
    order.open_legs -= 1
    order.arrived = True
    if order.open_legs == 0 and leg.paid_for:
        after_delivery(house, order)
    house.life_ends()


def _gave_up(house: House, leg: Shipment) -> None:
    """Nothing of the leg is wanted any more: the order ends with what it got."""
    order = leg.order
    house.log.add((house.env.now, VOID, leg.number, -1, 0.0))
    if house.notes_trucks:
        strike_promise(house, order, leg.number)
    order.open_legs -= 1
    if order.open_legs == 0 and leg.paid_for:
        if order.arrived:
            after_delivery(house, order)
        else:
            unpaid = leg.payment == Payment.GIVEN_UP
            reason = CancelReason.PATIENCE if order.gave_up else CancelReason.OVERSOLD
            reason = CancelReason.PAYMENT if unpaid else reason
            house.log.add((house.env.now, CANCELLED, order.number, -1, float(reason)))
            if not unpaid:
                hears_no(house, order)
    house.life_ends()
