"""The queue Mt/M/ct exactly: Kolmogorov's equations of a day that repeats.

The rate of arrival is mean (1 + swing sin) over 24 hours, people change every half-hour. Where
fewer come than went, work in hand is handed over: it goes back to the head of the line and keeps
what was done (with exponential work the same as starting anew), so c people serve min(n, c) tasks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from optimize.staffing.heads import heads
from optimize.staffing.offered import Method

Floats = npt.NDArray[np.float64]

PERIODS = 48
STEPS = 60
"""Steps of a half-hour in which the requirement takes the rate as constant."""


@dataclass(frozen=True)
class Setting:
    """A day: mean arrivals an hour, services an hour, largest share that may wait, the swing."""

    mean: float
    served: float
    target: float
    swing: float = 0.8

    def rate(self, hours: npt.NDArray[np.floating]) -> Floats:
        """Return the arrivals an hour at these hours."""
        rate: Floats = self.mean * (1.0 + self.swing * np.sin(math.pi * hours / 12.0))
        return rate

    def load(self) -> Floats:
        """Return the offered load of the day at the middle of every step, in people."""
        hours = (np.arange(PERIODS * STEPS) + 0.5) / (2 * STEPS)
        return self.rate(hours) / self.served

    def heads(self, method: Method) -> tuple[int, ...]:
        """Return the people of each half-hour."""
        slot_s = 1800.0 / STEPS
        task_s = 3600.0 / self.served
        work_s = self.load() * slot_s
        return heads(work_s, task_s, self.target, method=method, slot_s=slot_s, slots=STEPS)


SETTINGS = (
    Setting(100.0, 4.0, 0.2),
    Setting(60.0, 1.0, 0.2),
    Setting(100.0, 12.0, 0.1),
    Setting(30.0, 0.5, 0.2),
)


def exact_waits(setting: Setting, people: Sequence[int]) -> list[float]:
    """Return for each half-hour the share of its arrivals that find everybody busy.

    Runge and Kutta's fourth order, in steps short enough for the fastest rate; the first day
    forgets the empty house, the second is measured.
    """
    served = setting.served
    states = 2 * max(people) + 60
    fastest = (1.0 + setting.swing) * setting.mean + served * max(people)
    steps = math.ceil(0.5 * fastest / 0.8)
    step_h = 0.5 / steps
    numbers = np.arange(states)
    chances = np.zeros(states)
    chances[0] = 1.0
    waits = []
    for period in range(2 * PERIODS):
        now = people[period % PERIODS]
        # One grid for start, middle and end of every step.
        hours = period / 2.0 + np.arange(2 * steps + 1) * step_h / 2.0
        rates = setting.rate(hours).tolist()
        out = served * np.minimum(numbers, now)
        leave, serve = -out, out[1:]
        waiting = came = 0.0

        def change(rate: float, p: Floats, leave: Floats = leave, serve: Floats = serve) -> Floats:
            flow: Floats = leave * p
            flow[:-1] += serve * p[1:]
            up = rate * p[:-1]  # who comes to a full waiting room is lost
            flow[:-1] -= up
            flow[1:] += up
            return flow

        for at in range(0, 2 * steps, 2):
            first = change(rates[at], chances)
            second = change(rates[at + 1], chances + step_h / 2.0 * first)
            third = change(rates[at + 1], chances + step_h / 2.0 * second)
            fourth = change(rates[at + 2], chances + step_h * third)
            after = chances + step_h / 6.0 * (first + 2.0 * (second + third) + fourth)
            begin, end = float(chances[now:].sum()), float(after[now:].sum())
            waiting += rates[at] * begin + rates[at + 2] * end
            came += rates[at] + rates[at + 2]
            chances = after
        waits.append(waiting / came)
    return waits[PERIODS:]


def failing_share(waits: Sequence[float], target: float) -> float:
    """Return the share of periods more than a tenth over the target."""
    return sum(wait > 1.1 * target for wait in waits) / len(waits)
