"""When the carrier's truck comes, and which truck an order is promised."""

from __future__ import annotations

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
        Pick-ups, weekdays, cut-off.
    first_weekday
        Weekday of the scenario's second 0, Monday is 0.
    """

    def __init__(self, service: Service, first_weekday: int) -> None:
        self._week_s = _week_times(service.days, service.pickups, first_weekday)
        self._days = tuple(WEEKDAYS[(first_weekday + day) % 7] in service.days for day in range(7))
        self._clock_s = sorted(float(clock_s(time)) for time in service.pickups)
        # With no truck after it, the day's last truck is the cut-off: no promise in the past.
        self._cut_off_s = min(float(clock_s(service.order_cut_off)), self._clock_s[-1])
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
        key = (int(day), clock < self._cut_off_s)
        truck = self._promises.get(key)
        if truck is None:
            truck = self._promises[key] = self._promise(*key)
        return truck

    def promised_all_s(self, placed_s: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return :meth:`promised_s` of many orders; shape as given."""
        day = np.floor(placed_s / DAY_S)
        key = day * 2.0 + (placed_s - day * DAY_S < self._cut_off_s)
        keys, place = np.unique(key, return_inverse=True)
        trucks = [self._promise(int(k // 2), bool(k % 2)) for k in keys.tolist()]
        return np.array(trucks, dtype=np.float64)[place]

    def _promise(self, day: int, in_time: bool) -> float:
        if not in_time:
            day += 1
        while not self._days[day % 7]:
            day += 1
        return day * DAY_S + next(clock for clock in self._clock_s if clock >= self._cut_off_s)


def _week_times(days: Sequence[str], pickups: Sequence[str], first_weekday: int) -> list[float]:
    return sorted(
        day * DAY_S + clock_s(pickup)
        for day in range(7)
        if WEEKDAYS[(first_weekday + day) % 7] in days
        for pickup in pickups
    )
