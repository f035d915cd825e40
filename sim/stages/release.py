"""The release desk: allocated shipments wait here until they may go to the floor.

Without a desk (waveless) they go at once. Nobody looks at the desk now and then: a wave has its
clock time, and under a limit on the work in progress whoever leaves calls the next one.
"""

from __future__ import annotations

from collections.abc import Generator
from heapq import heappop, heappush
from typing import Any

import simpy

from sim.clock.lines import LineCount
from sim.clock.process import LeanProcess, Wake
from sim.policies.release import RELEASE_SEQUENCE, Key, WaveRule, resolve_waves
from sim.scenario.schema.release import ReleaseSection
from sim.stages.house import House
from sim.stages.order import Shipment

Waiting = tuple[tuple[float, ...], int, Shipment, Wake]
"""Key, ticket, and who is to be woken: a tuple that sorts as the shipments shall go."""


def release_desk(section: ReleaseSection) -> ReleaseDesk | None:
    """Return the desk of a scenario; None where shipments go at once."""
    key = RELEASE_SEQUENCE[section.sequence]
    waves = resolve_waves(section)
    if waves is not None:
        return WaveDesk(waves, key)
    return LimitDesk(section.wip_max_shipments, key) if section.policy == "wip_limit" else None


class WaveDesk(LineCount):
    """Shipments that wait for their wave.

    Parameters
    ----------
    wave
        Rule that names the time of a shipment's wave.
    key
        Sequence of the shipments of one wave.
    """

    def __init__(self, wave: WaveRule, key: Key) -> None:
        super().__init__()
        self._wave = wave
        self._key = key
        self._waves: dict[float, list[Waiting]] = {}

    def ask(self, house: House, shipment: Shipment) -> Wake | None:
        """Return what to wait for; None where the wave is now."""
        now = house.env.now
        wave_s = self._wave(now, _truck_s(house, shipment))
        if wave_s <= now:
            return None
        if wave_s not in self._waves:
            self._waves[wave_s] = []
            LeanProcess(self._go(house, wave_s))
        joining = self._waves[wave_s]
        wake = Wake(house.env)
        joining.append((self._key(shipment), len(joining), shipment, wake))
        shipment.joined_s = now
        self.changes(1, now)
        return wake

    def _go(self, house: House, wave_s: float) -> Generator[simpy.Event, Any, None]:
        """Release a wave at its time."""
        yield house.env.timeout(wave_s - house.env.now)
        now = house.env.now
        wave = sorted(self._waves.pop(wave_s))
        self.changes(-len(wave), now)
        for _, _, shipment, wake in wave:
            self.waits_s += now - shipment.joined_s
            wake.now()

    def is_through(self, house: House) -> None:
        """A packed shipment calls nobody here."""


class LimitDesk(LineCount):
    """A limit on the shipments under way from release to the packing bench (CONWIP).

    Parameters
    ----------
    limit
        Shipments released and not yet packed, at most.
    key
        Sequence of those that wait.

    References
    ----------
    Spearman, Woodruff & Hopp (1990), CONWIP: a pull alternative to kanban.
    """

    def __init__(self, limit: int, key: Key) -> None:
        super().__init__()
        self._room = limit
        self._key = key
        self._line: list[Waiting] = []
        self._tickets = 0

    def ask(self, house: House, shipment: Shipment) -> Wake | None:
        """Return what to wait for; None as long as there is room."""
        if self._room:
            self._room -= 1
            return None
        wake = Wake(house.env)
        self._tickets += 1
        heappush(self._line, (self._key(shipment), self._tickets, shipment, wake))
        shipment.joined_s = house.env.now
        self.changes(1, house.env.now)
        return wake

    def is_through(self, house: House) -> None:
        """Let the next one go in its place."""
        if not self._line:
            self._room += 1
            return
        _, _, shipment, wake = heappop(self._line)
        self.changes(-1, house.env.now)
        self.waits_s += house.env.now - shipment.joined_s
        wake.now()


ReleaseDesk = WaveDesk | LimitDesk
"""``ask`` before going to the floor; say when a released shipment ``is_through``."""


def _truck_s(house: House, shipment: Shipment) -> float:
    """Return the truck that a shipment is to make: the promised one; if that has left, the next."""
    now = house.env.now
    carrier = house.carriers[house.carrier_of_channel[shipment.order.channel]]
    if carrier.service.continuous:
        return now
    promised_s = shipment.promised_truck_s
    return promised_s if promised_s >= now else carrier.trucks.next_s(now)
