"""Payment: authorised or declined, held for a look, on account; captured when goods leave.

What may follow what stands in one table, :data:`sim.stages.payment_states.NEXT`.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from sim.log.facts import CancelReason, Fact
from sim.stages.house import CLERKS
from sim.stages.payment_states import IS_AUTHORISED, IS_CAPTURED, IS_ON_ACCOUNT, Payment, move

if TYPE_CHECKING:
    from sim.stages.house import House
    from sim.stages.order import Order, Shipment

DECLINED, CANCELLED = int(Fact.PAYMENT_DECLINED), int(Fact.CANCELLED)
FRAUD_HELD, CAPTURED = int(Fact.FRAUD_HELD), int(Fact.CAPTURED)
EXPIRED, AGAIN = int(Fact.AUTHORISATION_EXPIRED), int(Fact.AUTHORISED_AGAIN)
REFUSED, LAPSED = int(Fact.AUTHORISATION_REFUSED), int(Fact.PAYMENT_LAPSED)
HOUR_S = 3600.0


def authorise(house: House, order: Order) -> Generator[simpy.Event, Any, bool]:
    """Wait until the house may ship; return False if the customer gives up or is rejected."""
    env, add, luck, number = house.env, house.log.add, house.book.luck, order.number
    if luck.pays_later[number]:
        move(order, IS_ON_ACCOUNT)
        return True
    if luck.payment_delay_s[number] > 0.0:
        yield env.timeout(float(luck.payment_delay_s[number]))
    if luck.declines[number]:
        move(order, Payment.DECLINED)
        add((env.now, DECLINED, number, -1, float(luck.declines[number])))
    if not luck.pays[number]:
        move(order, Payment.GIVEN_UP)
        add((env.now, CANCELLED, number, -1, float(CancelReason.PAYMENT)))
        return False
    if luck.fraud_check_s[number] > 0.0:
        move(order, Payment.HELD)
        add((env.now, FRAUD_HELD, number, -1, 0.0))
        yield house.staff.do(CLERKS, float(luck.fraud_check_s[number]), 0, number)
        if luck.fraud_rejected[number]:
            move(order, Payment.REJECTED)
            add((env.now, CANCELLED, number, -1, float(CancelReason.FRAUD)))
            return False
    move(order, IS_AUTHORISED)
    return True


def capture(house: House, leg: Shipment) -> None:
    """Charge what leaves: capture its price, or send an invoice; a replacement is free.

    An authorisation that has expired is asked for once more; if it is declined, the goods leave all
    the same, on account.
    """
    if not leg.paid_for:
        return
    if house.authorisation_s is not None and has_expired(house, leg):
        _ask_at_the_truck(house, leg)
    if leg.payment == IS_ON_ACCOUNT:
        house.invoices.send(house, leg)
        return
    move(leg, IS_CAPTURED)
    cents = float(leg.size.value_cents)
    house.log.add((house.env.now, CAPTURED, leg.order.number, leg.number, cents))


def has_expired(house: House, leg: Shipment) -> bool:
    """Tell whether a shipment's authorisation is older than it may be."""
    if house.authorisation_s is None or leg.payment != IS_AUTHORISED or not leg.paid_for:
        return False
    return house.env.now - leg.authorised_s > house.authorisation_s


def ask_again(house: House, leg: Shipment) -> Generator[simpy.Event, Any, bool]:
    """Ask for a new authorisation before the goods go to the floor.

    A declined customer tries again or gives up, as at the first time. Return False if the customer
    gives up: then the lines are cancelled.
    """
    env, add, order, rules = house.env, house.log.add, leg.order, house.scenario.payment
    move(leg, Payment.EXPIRED)
    add((env.now, EXPIRED, order.number, leg.number, 0.0))
    yield env.timeout(0.0)  # units given back below come after all that are being served now
    declines = 0
    while _declined(house, leg, declines):
        declines += 1
        key = 100 * leg.leg + declines
        gives_up = house.redraw_uniform("payment/again/gives-up", order.number, key)
        if declines > rules.retries or gives_up < rules.gives_up_share:
            move(leg, Payment.GIVEN_UP)
            add((env.now, REFUSED, order.number, leg.number, float(declines)))
            _lapse(house, leg)
            return False
        retry_h = house.redraw(rules.retry_h, "payment/again/retry", order.number, key)
        yield env.timeout(retry_h * HOUR_S)
    _authorised_again(house, leg, declines)
    return True


def _ask_at_the_truck(house: House, leg: Shipment) -> None:
    """Ask for a new authorisation for what is packed; declined, it leaves on account."""
    add, now, number = house.log.add, house.env.now, leg.order.number
    move(leg, Payment.EXPIRED)
    add((now, EXPIRED, number, leg.number, 0.0))
    if _declined(house, leg, 50):
        add((now, REFUSED, number, leg.number, 1.0))
        move(leg, IS_ON_ACCOUNT)
    else:
        _authorised_again(house, leg, 0)


def _declined(house: House, leg: Shipment, attempt: int) -> bool:
    key = 100 * leg.leg + attempt
    uniform = house.redraw_uniform("payment/again/declined", leg.order.number, key)
    return uniform < house.scenario.payment.decline_rate


def _authorised_again(house: House, leg: Shipment, declines: int) -> None:
    move(leg, IS_AUTHORISED)
    leg.authorised_s = now = house.env.now
    house.log.add((now, AGAIN, leg.order.number, leg.number, float(declines)))


def _lapse(house: House, leg: Shipment) -> None:
    """Cancel the lines of a shipment that nobody pays, and give back what is reserved for it."""
    order = leg.order
    for line in leg.lines:
        house.log.add((house.env.now, LAPSED, line.number, line.units, 0.0))
    gone, leg.lines = leg.lines, []
    order.lines = [kept for kept in order.lines if kept not in gone]
    for line in gone:
        house.stock.free(house, line.sku, line.units)
