"""Textbook queues written as ordinary scenarios, and what is measured on their logs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.log.facts import Fact
from sim.scenario.schema import ROLES, Scenario
from tests.sim.engine.playing import EVERY_DAY, Record, scenario_of

MINUTE_S = 60.0
DAY_MIN = 1440.0
Floats = npt.NDArray[np.float64]


def minutes(distribution: str, mean: float, **spread: float) -> dict[str, Any]:
    """Return a law of a work time whose mean is given in minutes."""
    mean_key = "value" if distribution == "deterministic" else "mean"
    return {"distribution": distribution, mean_key: mean * MINUTE_S, **spread}


NOTHING = {"distribution": "deterministic", "value": 0.0}
ONE = {"distribution": "deterministic", "value": 1.0}


def queue_scenario(
    rate_per_min: float,
    warm_up_min: float,
    measured_min: float,
    picking: Mapping[str, Any],
    packing: Mapping[str, Any],
    people: Mapping[str, int],
) -> Scenario:
    """Return a house that is only a picking line (and what the packing section adds).

    Orders of one line arrive as a Poisson process around the clock, are paid at once and leave
    as soon as they are labelled; people are there day and night; nothing comes back.
    """
    return scenario_of(
        run={
            "warm_up_days": warm_up_min / DAY_MIN,
            "horizon_days": measured_min / DAY_MIN,
            "cool_down_days": 0.0,
        },
        orders={
            "per_day": rate_per_min * DAY_MIN,
            "hourly_profile": [1.0] * 24,
            "weekday_profile": [1.0] * 7,
            "lines_per_order": ONE,
            "units_per_line": ONE,
        },
        items={"count": 1, "categories": {"all": {"return_rate": 0.0}}},
        entry={"automated_error_rate_per_line": 0.0},
        payment={"instant_share": 1.0, "decline_rate": 0.0, "fraud_hold_share": 0.0},
        stock={"unlimited": True},
        picking={"batching": "single", "error_rate_per_line": 0.0, **picking},
        packing={
            "time_s": NOTHING,
            "label_s": NOTHING,
            "damage_rate": 0.0,
            "damage_rate_unprotected": 0.0,
            **packing,
        },
        shipping={"services": {"standard": {"continuous": True, "transit_days": NOTHING}}},
        follow_up={"share": 0.0},
        returns={"late_return_extra": 0.0},
        staff={"always": {"days": EVERY_DAY, "start": "00:00", "end": "24:00", **people}},
    )


class Measured:
    """The measured window of a queue's log; every time in minutes.

    Orders count that are placed inside the window, and they are followed to their end.
    """

    def __init__(self, record: Record) -> None:
        run = record.setting.scenario.run
        self._record = record
        self.start = run.warm_up_days * DAY_MIN
        self.end = self.start + run.horizon_days * DAY_MIN
        placed = record.book.demand.placed_s / MINUTE_S
        self._inside = np.flatnonzero(placed >= self.start)

    def between(self, begin: Fact, end: Fact) -> Floats:
        """Return the minutes from one fact of an order to another."""
        first, last = self._record.first_s(begin), self._record.first_s(end)
        return (last - first)[self._inside] / MINUTE_S

    def mean_number(self, joins: tuple[Fact, ...], leaves: tuple[Fact, ...]) -> float:
        """Return the time average of the number between joining and leaving facts."""
        log = self._record.log
        steps = np.isin(log.fact, joins).astype(np.int64) - np.isin(log.fact, leaves)
        changes = np.flatnonzero(steps)
        times = np.clip(log.time_s[changes] / MINUTE_S, self.start, self.end)
        number = np.cumsum(steps[changes])
        assert number[-1] == 0, "somebody never left"
        area = float(np.dot(number, np.diff(times, append=self.end)))
        return area / (self.end - self.start)

    def rate(self, fact: Fact) -> float:
        """Return how often a fact happens a minute."""
        times = self._record.log.time_s[self._record.log.fact == fact] / MINUTE_S
        inside = np.count_nonzero((times >= self.start) & (times < self.end))
        return float(inside) / (self.end - self.start)

    def utilisation(self, role: str, heads: int) -> float:
        """Return the busy share of the people of a role."""
        log = self._record.log
        chosen = (log.fact == Fact.WORKED) & (log.other == ROLES.index(role))
        ended = log.time_s[chosen] / MINUTE_S
        begun = ended - log.value[chosen] / MINUTE_S
        inside = np.clip(ended, self.start, self.end) - np.clip(begun, self.start, self.end)
        return float(inside.sum()) / (heads * (self.end - self.start))
