"""When the carrier's truck comes, which truck an order is promised, and which parcels fit on it."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sim.scenario.schema import WEEKDAYS, clock_s
from sim.scenario.schema.shipping import Service

DAY_S = 86_400.0
WEEK_S = 7 * DAY_S


class TruckTimes:
    """Pick-ups of a carrier service, week after week.

    Parameters
    ----------
    service
        Pick-ups, weekdays, cut-offs; at least one truck a week.
    first_weekday
        Weekday of the scenario's second 0, Monday is 0.
    """

    def __init__(self, service: Service, first_weekday: int) -> None:
        weekdays = [WEEKDAYS[(first_weekday + day) % 7] for day in range(7)]
        self._clock_s = [
            sorted(float(clock_s(time)) for time in service.pickups_on(weekday))
            for weekday in weekdays
        ]
        self._week_s = [
            day * DAY_S + clock for day, times in enumerate(self._clock_s) for clock in times
        ]
        self._cut_off_s = [
            _cut_off_s(service.cut_off_on(weekday), times)
            for weekday, times in zip(weekdays, self._clock_s, strict=True)
        ]
        self._cut_offs_s = np.array(self._cut_off_s)
        self._promises: dict[tuple[int, bool], float] = {}

    def next_s(self, now_s: float) -> float:
        """Return the first truck at or after ``now_s``."""
        week, inside = divmod(now_s, WEEK_S)
        place = bisect_left(self._week_s, inside)
        if place == len(self._week_s):
            return (week + 1) * WEEK_S + self._week_s[0]
        return week * WEEK_S + self._week_s[place]

    def promised_s(self, placed_s: float) -> float:
        """Return the truck promised to an order placed at ``placed_s``.

        On a pick-up day before the cut-off it is that day's first truck after the cut-off (or the
        day's last truck, as long as it has not left); otherwise the same truck of the next pick-up
        day.
        """
        day, clock = divmod(placed_s, DAY_S)
        key = (int(day), clock < self._cut_off_s[int(day) % 7])
        truck = self._promises.get(key)
        if truck is None:
            truck = self._promises[key] = self._promise(*key)
        return truck

    def promised_all_s(self, placed_s: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return :meth:`promised_s` of many orders; shape as given."""
        day = np.floor(placed_s / DAY_S)
        cut_off_s = self._cut_offs_s[day.astype(np.int64) % 7]
        key = day * 2.0 + (placed_s - day * DAY_S < cut_off_s)
        keys, place = np.unique(key, return_inverse=True)
        trucks = [self._promise(int(k // 2), bool(k % 2)) for k in keys.tolist()]
        return np.array(trucks, dtype=np.float64)[place]

    def _promise(self, day: int, in_time: bool) -> float:
        if not in_time:
            day += 1
        while not self._clock_s[day % 7]:
            day += 1
        cut_off_s = self._cut_off_s[day % 7]
        return day * DAY_S + next(c for c in self._clock_s[day % 7] if c >= cut_off_s)


def _cut_off_s(cut_off: str, pickups_s: Sequence[float]) -> float:
    """Return the cut-off of a day, seconds since midnight.

    With no truck after it, the day's last truck is the cut-off: no promise in the past.
    """
    return min(float(clock_s(cut_off)), pickups_s[-1]) if pickups_s else 0.0


def choose_load(
    sizes: Sequence[tuple[int, float]], room_parcels: float, room_g: float
) -> list[int]:
    """Return the places of the shipments that go on a truck.

    Each is loaded in turn if it still fits; one that does not is left, and smaller ones behind it
    fill the room. One that is larger than a whole truck gets the truck to itself when it is the
    first in turn: the carrier sends a larger one.

    Parameters
    ----------
    sizes
        Parcels and grams of each waiting shipment, the oldest promise first.
    room_parcels, room_g
        Room of the truck; infinite where it is not limited.
    """
    if sizes and (sizes[0][0] > room_parcels or sizes[0][1] > room_g):
        return [0]
    chosen, parcels, weight_g = [], 0, 0.0
    for place, (more, more_g) in enumerate(sizes):
        if parcels + more <= room_parcels and weight_g + more_g <= room_g:
            chosen.append(place)
            parcels += more
            weight_g += more_g
    return chosen


def room_of(service: Service) -> tuple[float, float]:
    """Return how many parcels and grams a truck of a service has room for."""
    parcels, weight_kg = service.truck_capacity_parcels, service.truck_capacity_kg
    return (
        math.inf if parcels is None else parcels,
        math.inf if weight_kg is None else weight_kg * 1000.0,
    )
