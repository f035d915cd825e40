"""When an allocated shipment goes to the floor."""

from __future__ import annotations

import math
from collections.abc import Callable

ReleaseRule = Callable[[float], float]
"""``rule(now_s)`` returns the time of release, ``now_s`` for at once."""


def waveless() -> ReleaseRule:
    """Release at once."""
    return lambda now_s: now_s


def interval(interval_s: float) -> ReleaseRule:
    """Release everything at whole multiples of the interval."""

    def next_wave_s(now_s: float) -> float:
        return math.ceil(now_s / interval_s) * interval_s

    return next_wave_s


RELEASE = ("waveless", "interval")


def resolve_release(policy: str, interval_min: float) -> ReleaseRule:
    """Return the rule of a name; raises KeyError for an unknown one."""
    if policy == "waveless":
        return waveless()
    if policy == "interval":
        return interval(interval_min * 60.0)
    raise KeyError(policy)
