"""Shipping: which truck is promised, which truck takes the parcel."""

from __future__ import annotations

import simpy

from sim.clock.process import LeanProcess
from sim.log.facts import Fact
from sim.policies.trucks import TruckTimes
from sim.scenario.schema.shipping import Service, ShippingSection
from sim.stages.house import House
from sim.stages.loading import LoadingBay
from sim.stages.order import Shipment
from sim.stages.payment import capture
from sim.stages.telling import tell

HANDED_OVER = int(Fact.HANDED_OVER)
DAY_S = 86_400.0


class Carrier:
    """A carrier service: its trucks, and the one that all labelled parcels wait for now.

    ``bay`` is where they wait if its trucks are noted or can be full; else None.
    """

    def __init__(
        self, number: int, service: Service, *, shipping: ShippingSection, first_weekday: int
    ) -> None:
        self.number = number
        self.service = service
        self.trucks = TruckTimes(service, first_weekday)
        self.promised_transit_s = service.promised_transit_days * DAY_S
        self.continuous = service.continuous
        noted = (shipping.note_trucks or service.is_limited) and not service.continuous
        self.bay = LoadingBay(number, service, self.trucks) if noted else None
        self._ml_per_kg = shipping.volumetric_ml_per_kg
        self._truck: simpy.Event | None = None
        self._truck_s = -1.0

    def next_truck(self, env: simpy.Environment) -> simpy.Event:
        """Return the event of the next truck; parcels labelled before it share it."""
        if self._truck is None or self._truck_s <= env.now:
            self._truck_s = self.trucks.next_s(env.now)
            self._truck = env.timeout(self._truck_s - env.now)
        return self._truck

    def billed_g(self, leg: Shipment) -> float:
        """Return the billed weight: the larger of weight and volume by the divisor."""
        return max(leg.size.weight_g, leg.volume_ml * 1000.0 / self._ml_per_kg)


def next_truck(house: House, leg: Shipment) -> simpy.Event | None:
    """Return the truck that takes a labelled shipment; None if the carrier takes it at once."""
    carrier = house.carriers[house.carrier_of_channel[leg.order.channel]]
    if carrier.bay is not None:
        return carrier.bay.place(house, leg)
    return None if carrier.continuous else carrier.next_truck(house.env)


def hand_over(house: House, leg: Shipment) -> float:
    """Load and charge what leaves; return the seconds to the door."""
    order = leg.order
    carrier = house.carriers[house.carrier_of_channel[order.channel]]
    house.log.add((house.env.now, HANDED_OVER, leg.number, carrier.number, carrier.billed_g(leg)))
    capture(house, leg)
    if house.tells:
        LeanProcess(tell(house, leg))
    transit_s = order.transit_s if leg.leg == 0 else _transit_s(house, carrier, leg)
    if order.wrong_address:
        transit_s += 2.0 * _transit_s(house, carrier, leg)  # to the wrong door, and back
    return transit_s


def _transit_s(house: House, carrier: Carrier, leg: Shipment) -> float:
    law = carrier.service.transit_days
    return DAY_S * house.redraw(law, "shipping/transit/again", leg.order.number, leg.leg)
