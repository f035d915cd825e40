"""Payment: authorised at once or later, declined and tried again, held for a look, or given up."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import simpy

from sim.log.facts import CancelReason, Fact
from sim.stages.house import CLERKS, House
from sim.stages.order import Order

DECLINED, CANCELLED = int(Fact.PAYMENT_DECLINED), int(Fact.CANCELLED)


def authorise(house: House, order: Order) -> Generator[simpy.Event, Any, bool]:
    """Wait for the money to be promised; return False if the customer gives up."""
    env, add = house.env, house.log.add
    if order.payment_delay_s > 0.0:
        yield env.timeout(order.payment_delay_s)
    if order.declines:
        add((env.now, DECLINED, order.number, -1, float(order.declines)))
    if not order.pays:
        add((env.now, CANCELLED, order.number, -1, float(CancelReason.PAYMENT)))
        return False
    if order.fraud_check_s > 0.0:
        yield house.staff.do(CLERKS, order.fraud_check_s, 0, order.number)
    return True
