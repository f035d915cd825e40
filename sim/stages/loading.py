"""The loading bay of a carrier service: labelled parcels wait for its trucks.

A truck takes what fits, the oldest promise first, and leaves when everything else of its second has
happened. The bay knows which shipments each truck was promised for, and tells who missed it.
"""

from __future__ import annotations

from collections.abc import Generator
from operator import itemgetter
from typing import Any, NamedTuple

import simpy

from sim.clock.lines import LineCount
from sim.clock.process import EndOfMoment, Wake
from sim.log.facts import Fact
from sim.policies.trucks import TruckTimes, choose_load, room_of
from sim.scenario.schema.shipping import Service
from sim.stages.house import House
from sim.stages.order import Order, Shipment

MISSED_TRUCK, TRUCK_LEFT = int(Fact.MISSED_TRUCK), int(Fact.TRUCK_LEFT)


class Parcel(NamedTuple):
    """A labelled shipment in the bay."""

    promised_truck_s: float
    ticket: int
    shipment: Shipment
    parcels: int
    loaded: Wake


class LoadingBay(LineCount):
    """The bay of one service.

    Parameters
    ----------
    number
        Number of the service in the log.
    service
        Room of its trucks.
    trucks
        When they come.
    """

    def __init__(self, number: int, service: Service, trucks: TruckTimes) -> None:
        super().__init__()
        self._number = number
        self._trucks = trucks
        self._room_parcels, self._room_g = room_of(service)
        self._line: list[Parcel] = []
        self._tickets = 0
        self._truck_of: dict[int, float] = {}
        self._promised_for: dict[float, dict[int, None]] = {}

    def promise(self, number: int, truck_s: float) -> None:
        """Note that a shipment is promised a truck; its last promise counts."""
        self.strike(number)
        self._truck_of[number] = truck_s
        self._promised_for.setdefault(truck_s, {})[number] = None

    def strike(self, number: int) -> None:
        """Note that a shipment left, or is not wanted any more; it may be unknown."""
        truck_s = self._truck_of.pop(number, None)
        if truck_s is not None:
            del self._promised_for[truck_s][number]

    def place(self, house: House, shipment: Shipment) -> Wake:
        """Put a labelled shipment down; the event returned happens when it is loaded."""
        now = house.env.now
        loaded = Wake(house.env)
        self._tickets += 1
        self._line.append(
            Parcel(shipment.promised_truck_s, self._tickets, shipment, shipment.parcels, loaded)
        )
        shipment.joined_s = now
        self.changes(1, now)
        return loaded

    def trucks_come(self, house: House) -> Generator[simpy.Event, Any, None]:
        """Let truck after truck come and leave: a process of the clock."""
        env = house.env
        truck_s = self._trucks.next_s(env.now)
        while True:
            yield EndOfMoment(env, truck_s - env.now)
            self._load(house)
            self._tell_who_missed_it(house)
            truck_s = self._trucks.next_s(truck_s + 1.0)

    def _load(self, house: House) -> None:
        """Load what fits; the rest waits for the next truck."""
        now, line = house.env.now, self._line
        line.sort(key=itemgetter(0, 1))
        sizes = [(each.parcels, each.shipment.size.weight_g) for each in line]
        chosen = choose_load(sizes, self._room_parcels, self._room_g)
        load = [line[place] for place in chosen]
        for place in reversed(chosen):
            del line[place]
        self.changes(-len(load), now)
        for each in load:
            self.waits_s += now - each.shipment.joined_s
            self.strike(each.shipment.number)
            each.loaded.now()
        parcels = sum(each.parcels for each in load)
        left_behind = sum(each.parcels for each in line)
        house.log.add((now, TRUCK_LEFT, self._number, parcels, float(left_behind)))

    def _tell_who_missed_it(self, house: House) -> None:
        now = house.env.now
        for number in self._promised_for.pop(now, ()):
            del self._truck_of[number]
            house.log.add((now, MISSED_TRUCK, number, self._number, now))


def note_promise(house: House, order: Order, number: int, truck_s: float) -> None:
    """Note the truck promised to a shipment, if its service's trucks are noted."""
    bay = _bay(house, order)
    if bay is not None:
        bay.promise(number, truck_s)


def strike_promise(house: House, order: Order, number: int) -> None:
    """Strike the promise to a shipment that no truck will take: cancelled, or the supplier's."""
    bay = _bay(house, order)
    if bay is not None:
        bay.strike(number)


def _bay(house: House, order: Order) -> LoadingBay | None:
    return house.carriers[house.carrier_of_channel[order.channel]].bay
