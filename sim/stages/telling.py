"""Telling that a parcel is on its way: marked shipped in its channels, then the tracking mail.

Both run beside the parcel's own way. The customer gets the tracking number from the channel, so the
mail waits for the marking where that is played.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import Any

import simpy

from sim.log.facts import Fact
from sim.scenario.schema import ROLES
from sim.scenario.schema.shipping import ShippingSection
from sim.stages.house import House
from sim.stages.order import Shipment

MARKED_SHIPPED, TRACKING_SENT = int(Fact.MARKED_SHIPPED), int(Fact.TRACKING_SENT)
MINUTE_S = 60.0


def tells_anything(shipping: ShippingSection) -> bool:
    """Tell whether anybody hears that a parcel is on its way."""
    return shipping.mark_shipped != "off" or shipping.tracking_mail


def tell(house: House, leg: Shipment) -> Generator[simpy.Event, Any, None]:
    """Mark a shipment that has left in every channel that lists its order, then mail the customer.

    A replacement is not marked: its order has been.
    """
    house.life_begins()
    shipping, number = house.scenario.shipping, leg.order.number
    if shipping.mark_shipped != "off" and leg.paid_for:
        channels = house.listed_in[leg.order.channel]
        if shipping.mark_shipped == "manual":
            once_s = house.redraw(shipping.mark_shipped_s, "shipping/mark/time", number, leg.leg)
            role = ROLES.index(shipping.mark_shipped_by)
            yield house.staff.do(role, channels * once_s, 0, leg.number, leg.order.rank)
        house.log.add((house.env.now, MARKED_SHIPPED, leg.number, channels, 0.0))
    if shipping.tracking_mail and _is_mailed(house, leg):
        wait_s = _mailing_s(shipping, house.env.now) - house.env.now
        if wait_s > 0.0:
            yield house.env.timeout(wait_s)
        house.log.add((house.env.now, TRACKING_SENT, leg.number, -1, 0.0))
    house.life_ends()


def _is_mailed(house: House, leg: Shipment) -> bool:
    share = house.scenario.shipping.tracking_mail_share
    if share == 1.0:
        return True
    return house.redraw_uniform("shipping/tracking", leg.order.number, leg.leg) < share


def _mailing_s(shipping: ShippingSection, now_s: float) -> float:
    """Return when the mail goes out: after the lag, with the next mailing if they go together."""
    ready_s = now_s + shipping.tracking_mail_lag_min * MINUTE_S
    every_min = shipping.tracking_mail_every_min
    if every_min is None:
        return ready_s
    return math.ceil(ready_s / (every_min * MINUTE_S)) * every_min * MINUTE_S
