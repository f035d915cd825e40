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
    env, add, luck, number = house.env, house.log.add, house.book.luck, order.number
    if luck.payment_delay_s[number] > 0.0:
        yield env.timeout(float(luck.payment_delay_s[number]))
    if luck.declines[number]:
        add((env.now, DECLINED, number, -1, float(luck.declines[number])))
    if not luck.pays[number]:
        add((env.now, CANCELLED, number, -1, float(CancelReason.PAYMENT)))
        return False
    if luck.fraud_check_s[number] > 0.0:
        yield house.staff.do(CLERKS, float(luck.fraud_check_s[number]), 0, number)
    return True
