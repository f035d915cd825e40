"""Machines of a station: they run, break down, and wait for somebody to repair them.

Whoever works at a machine stands still while it is broken; their work is dropped and resumed by
whoever is free first.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from typing import Any

import numpy as np
import simpy

from sim.clock.process import LeanProcess
from sim.log.facts import Fact
from sim.orders.draws import draw
from sim.stages.house import House
from sim.stages.stations import Station

BROKE_DOWN, REPAIR_STARTED = int(Fact.BROKE_DOWN), int(Fact.REPAIR_STARTED)
REPAIRED = int(Fact.REPAIRED)
HOUR_S = 3600.0


def run_machines(house: House, stations: Sequence[Station]) -> None:
    """Let every machine of every station run."""
    by_name = {station.name: station for station in stations}
    number = 0
    for station in stations:
        if station.rules.machines is None:
            continue
        for place, people in enumerate(station.place.people):
            luck = station.luck(f"machine {place}")
            LeanProcess(_runs(house, station, by_name, number, people, luck))
            number += 1


def _runs(
    house: House,
    station: Station,
    by_name: Mapping[str, Station],
    number: int,
    people: Sequence[int],
    luck: np.random.Generator,
) -> Generator[simpy.Event, Any, None]:
    env, add, staff = house.env, house.log.add, house.staff
    rules = station.rules.machines
    assert rules is not None
    workshop = by_name[rules.repaired_at]
    while True:
        yield env.timeout(HOUR_S * float(draw(rules.runs_h, luck, 1)[0]))
        broke_s = env.now
        add((broke_s, BROKE_DOWN, number, station.number, 0.0))
        for who in people:
            staff.stand_still(staff.people[who])
        repair_s = float(draw(rules.repair_s, luck, 1)[0])
        yield workshop.ask(REPAIR_STARTED, number, -1, repair_s, luck)
        add((env.now, REPAIRED, number, station.number, env.now - broke_s))
        for who in people:
            staff.go_on(staff.people[who])
