"""Inbound: a truck comes to the gate, waits for a door, is unloaded; then check and put-away.

All of it is the receivers' work, first come, first served. The door is held until the last unit is
out of the truck, also over a night in which nobody unloads.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Generator
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any

import simpy

from sim.clock.lines import LineCount
from sim.clock.process import Wake
from sim.log.facts import Fact
from sim.policies.gate_hours import GateTimes
from sim.scenario.schema.inbound import InboundSection

if TYPE_CHECKING:
    from sim.stages.house import House

RECEIVERS = 4  # house.py stands above this file
TRUCK_ARRIVED, DOCKED = int(Fact.TRUCK_ARRIVED), int(Fact.DOCKED)
UNLOADED, PUT_AWAY = int(Fact.UNLOADED), int(Fact.PUT_AWAY)
NO_DOOR = -1
ML_PER_L = 1000.0


class AtTheGate(Wake):
    """A truck that waits for a door; it is woken with the door it gets."""

    def __init__(self, env: simpy.Environment) -> None:
        super().__init__(env)
        self.joined_s = env.now
        self.door = NO_DOOR


class Docks(LineCount):
    """The doors, and the trucks that wait for one.

    Parameters
    ----------
    doors
        Number of doors, >= 1.
    """

    def __init__(self, doors: int) -> None:
        super().__init__()
        self._free = list(range(doors))
        self._line: deque[AtTheGate] = deque()

    def dock(self, env: simpy.Environment) -> Generator[simpy.Event, Any, int]:
        """Wait for a door if none is free; return the lowest free one."""
        if self._free:
            return heappop(self._free)
        truck = AtTheGate(env)
        self._line.append(truck)
        self.changes(1, env.now)
        yield truck
        return truck.door

    def leave(self, door: int, now_s: float) -> None:
        """Leave a door to the truck that has waited longest."""
        if not self._line:
            heappush(self._free, door)
            return
        truck = self._line.popleft()
        self.changes(-1, now_s)
        self.waits_s += now_s - truck.joined_s
        truck.door = door
        truck.now()


class Inbound:
    """Brings deliveries from the gate to the shelf, step by step."""

    def __init__(self, rules: InboundSection, gate: GateTimes) -> None:
        self.docks = Docks(rules.dock_doors) if rules.dock_doors is not None else None
        self._rules = rules
        self._gate = gate
        self._deliveries = 0

    def bring_in(
        self, house: House, sku: int, units: int, purchase: int
    ) -> Generator[simpy.Event, Any, None]:
        """Let one delivery of one SKU in; it is on the shelf when this ends."""
        env, add, docks = house.env, house.log.add, self.docks
        opens_s = self._gate.next_open_s(env.now)
        if opens_s > env.now:
            yield env.timeout(opens_s - env.now)
        number = self._deliveries
        self._deliveries += 1
        add((env.now, TRUCK_ARRIVED, number, units, float(purchase)))
        door = NO_DOOR if docks is None else (yield from docks.dock(env))
        add((env.now, DOCKED, number, door, 0.0))
        unload_s, check_s, put_away_s = self.work_s(units, house.volume_ml[sku])
        yield from _work(house, unload_s, number)
        add((env.now, UNLOADED, number, -1, 0.0))
        if docks is not None:
            docks.leave(door, env.now)
        yield from _work(house, check_s, number)
        yield from _work(house, put_away_s, number)
        add((env.now, PUT_AWAY, number, -1, 0.0))

    def work_s(self, units: int, unit_volume_ml: float) -> tuple[float, float, float]:
        """Return the seconds to unload, to check and to put away some units of a SKU."""
        rules = self._rules
        trips = math.ceil(units * unit_volume_ml / (rules.put_away_trip_l * ML_PER_L))
        return (
            rules.unload_s_per_delivery + rules.unload_s_per_unit * units,
            rules.check_s_per_unit * units,
            rules.put_away_s_per_trip * trips + rules.put_away_s_per_unit * units,
        )


def _work(house: House, work_s: float, delivery: int) -> Generator[simpy.Event, Any, None]:
    """Have a receiver do some work, if it is any."""
    if work_s > 0.0:
        yield house.staff.do(RECEIVERS, work_s, 0, delivery)
