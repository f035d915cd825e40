"""When an allocated shipment goes to the floor, and who of those that wait goes first.

A wave rule names the moment at which a shipment goes. A limit on the work in progress (CONWIP)
names no moment: the next shipment goes when one leaves the packing bench. A sequence is a key;
smaller keys go first, equal keys in the order of waiting.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Protocol

from sim.scenario.schema.release import ReleaseSection

MINUTE_S = 60.0


class Urgent(Protocol):
    """What a sequence may know of a waiting shipment."""

    promised_truck_s: float

    @property
    def rank(self) -> int:
        """Rank of its channel, 0 first."""
        ...


WaveRule = Callable[[float, float], float]
"""``rule(now_s, truck_s)`` returns the time of a shipment's wave, ``now_s`` for at once.

``truck_s`` is the truck it is to make: the promised one, or the next if that has left; ``now_s``
where parcels leave without waiting for a truck.
"""

Key = Callable[[Urgent], tuple[float, ...]]


def interval(interval_s: float) -> WaveRule:
    """Release everything at whole multiples of the interval."""

    def next_wave_s(now_s: float, _truck_s: float) -> float:
        return math.ceil(now_s / interval_s) * interval_s

    return next_wave_s


def cut_off_wave(lead_s: float, waves: int) -> WaveRule:
    """Release what is for a truck in waves, spread evenly over the last ``lead_s`` before it.

    Wave k of n (from 0) goes at truck - lead (n - k) / n. What comes after the last wave goes at
    once.
    """
    step_s = lead_s / waves

    def next_wave_s(now_s: float, truck_s: float) -> float:
        since_first_s = now_s - (truck_s - lead_s)
        wave = max(0, math.ceil(since_first_s / step_s))
        return truck_s - lead_s + wave * step_s if wave < waves else now_s

    return next_wave_s


RELEASE = ("waveless", "interval", "cut_off_wave", "wip_limit")


def resolve_waves(section: ReleaseSection) -> WaveRule | None:
    """Return the wave rule of a scenario, None for a policy without waves.

    Raises
    ------
    KeyError
        For an unknown policy.
    """
    if section.policy == "interval":
        return interval(section.interval_min * MINUTE_S)
    if section.policy == "cut_off_wave":
        return cut_off_wave(section.lead_min * MINUTE_S, section.waves_before_truck)
    if section.policy not in RELEASE:
        raise KeyError(section.policy)
    return None


RELEASE_SEQUENCE: dict[str, Key] = {
    "first_come": lambda _: (),
    "due_time": lambda shipment: (shipment.promised_truck_s,),
    "priority": lambda shipment: (shipment.rank, shipment.promised_truck_s),
}
"""Sequences by name."""
