"""Queues that start empty, or whose rate or staff changes: many days alike, each a run of its own.

A day of the case is a day or a week of the scenario. Its changes fall on whole hours there, as the
profile of orders knows hours; no answer depends on the unit of time, so the scenario's clock is set
so that they do. After the case's end nobody comes and all are there, and the house must be empty
before the next day begins: that is checked, day by day.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.experiments.validation.house import DAY_S, EVERY_DAY, line_house
from sim.experiments.validation.params import (
    Params,
    count,
    customers,
    law,
    mean_of,
    needed,
    only,
)
from sim.experiments.validation.station_queue import OF_STATIONS, station_house, station_of
from sim.experiments.validation.stations import (
    PICK,
    Window,
    everybody,
    measure_of_station,
    no_measure,
)
from sim.experiments.validation.system import Case, Measure, NotInScenarios, Played, System
from sim.experiments.validation.visits import Visits, measure_of_visits

HOUR_S = 3600.0
WEEK_H = 168
PILOT_CYCLES = 14
TIMES = ("N_at", "p_wait_at")


@dataclass(frozen=True)
class Steps:
    """A function of time that is constant between edges.

    Parameters
    ----------
    edges
        From 0 on, rising; one more than values.
    values
        Between them.
    """

    edges: tuple[float, ...]
    values: tuple[float, ...]

    @classmethod
    def of(cls, given: Mapping[str, Any], key: str) -> Steps:
        """Return the steps of a case.

        Raises
        ------
        ValueError
            Edges that do not rise from 0, or of another number than the values.
        """
        edges = tuple(float(edge) for edge in needed(given, "edges"))
        values = tuple(float(value) for value in needed(given, key))
        rises = all(a < b for a, b in pairwise(edges))
        if len(edges) != len(values) + 1 or edges[0] != 0.0 or not rises or min(values) < 0.0:
            raise ValueError(
                f"edges {list(edges)} with {key} {list(values)}; expected edges that rise from 0, "
                f"one more than {key}, which are not below 0"
            )
        return cls(edges, values)

    def at(self, time: float) -> float:
        """Return the value at a time: from an edge on the new one, at the end the last."""
        place = int(np.searchsorted(self.edges, time, side="right")) - 1
        return self.values[min(place, len(self.values) - 1)]


def changes(params: Params) -> bool:
    """Tell whether a queue starts empty, or its rate or staff changes."""
    arrivals, servers = params.get("arrivals"), params.get("servers")
    steps = isinstance(arrivals, Mapping) and arrivals.get("type") == "steps"
    return steps or "start" in params or isinstance(servers, Mapping)


def days_of(case: Case) -> System:
    """Return a transient case as days or weeks alike.

    Raises
    ------
    NotInScenarios
        Edges that are no whole hours of a week on any clock, or no time to empty the house.
    ValueError
        Params that are not those of a queue.
    """
    if "classes" in case.params:
        raise NotInScenarios("classes in a queue whose rate or staff changes")
    arrivals, servers = _steps(case)
    at_station = any(key in case.params for key in OF_STATIONS)
    end = max(arrivals.edges[-1], servers.edges[-1])
    last = max((float(_argument(row.metric)) for row in case.rows if _name(row.metric) in TIMES),
               default=0.0)  # fmt: skip
    if last > end:
        raise NotInScenarios(f"a time after the case's end ({last:g} after {end:g})")
    rates, levels = _until(arrivals, end, 0.0), _until(servers, end, servers.values[-1])
    candidates = _hours(rates.edges[:-1], levels.edges[:-1], end)
    hour, cycle_h = _cycle(case, rates, levels, candidates)
    hours = round(end / hour)
    unit_s = HOUR_S / hour
    most = int(max(levels.values))
    by_hour = [rates.at((k + 0.5) * hour) if k < hours else 0.0 for k in range(cycle_h)]
    given = needed(case.params, "arrivals")
    at_once = None if given["type"] == "steps" else customers(given).at_once
    per_day = sum(by_hour) * hour * 24.0 / cycle_h
    if at_station:
        role = "specialists"
        sections = station_house(per_day, 0.0, most, station_of(case.params, unit_s), at_once)
    else:
        role = "pickers"
        sections = line_house(per_day, 0.0, {role: most}, at_once)
        sections["picking"]["time_s"] = law(needed(case.params, "service"), unit_s, "service")
    if cycle_h == 24:
        sections["orders"]["hourly_profile"] = by_hour
    else:
        web = sections["orders"].setdefault("channels", {}).setdefault("web", {})
        web["hour_of_week_profile"] = by_hour
    if len(set(levels.values)) > 1:
        if "server_mean_times" in case.params:
            raise NotInScenarios("unequal servers whose number changes")
        people = [int(levels.at((k + 0.5) * hour)) if k < hours else most for k in range(cycle_h)]
        others = {"pickers": 1} if at_station else {}
        sections["staff"] = _shifts(people, role, others)
        sections["people"] = {"at_shift_end": "preempt_resume"}
    cycle_s = cycle_h * HOUR_S
    measures = {
        row.metric: _measure(row.metric, levels, unit_s, cycle_s, at_station) for row in case.rows
    }
    return System(sections, measures, PILOT_CYCLES * cycle_s / DAY_S)


def _name(metric: str) -> str:
    return metric.partition(":")[0]


def _argument(metric: str) -> str:
    return metric.partition(":")[2]


def _steps(case: Case) -> tuple[Steps, Steps]:
    """Return rates and servers, over the same stretch where only one of them changes."""
    arrivals, servers = needed(case.params, "arrivals"), needed(case.params, "servers")
    given = arrivals.get("type") == "steps"
    if given:
        only(arrivals, ("type", "edges", "rates"), "arrivals in steps")
    rates = Steps.of(arrivals, "rates") if given else None
    levels = None
    if isinstance(servers, Mapping):
        only(servers, ("edges", "levels", "on_drop"), "servers in steps")
        levels = Steps.of(servers, "levels")
        if any(level != int(level) for level in levels.values):
            raise ValueError(f"levels {list(levels.values)}; whole numbers are expected")
        falls = any(a > b for a, b in pairwise(levels.values))
        if servers.get("on_drop", "preempt_resume") != "preempt_resume" or (
            falls and "on_drop" not in servers
        ):
            raise NotInScenarios(f"servers that go by {servers.get('on_drop')!r}")
    times = [float(_argument(row.metric)) for row in case.rows if _name(row.metric) in TIMES]
    known = [steps.edges[-1] for steps in (rates, levels) if steps is not None]
    end = max(known) if known else max(times, default=0.0)
    if end <= 0.0:
        raise NotInScenarios("a queue that starts empty, without a time at which it is looked at")
    if rates is None:
        rates = Steps((0.0, end), (customers(arrivals).rate,))
    if levels is None:
        levels = Steps((0.0, end), (float(count(servers, "servers")),))
    return rates, levels


def _until(steps: Steps, end: float, then: float) -> Steps:
    """Return steps that last to an end."""
    if steps.edges[-1] >= end:
        return steps
    return Steps((*steps.edges, end), (*steps.values, then))


def _hours(rates: Sequence[float], levels: Sequence[float], end: float) -> list[float]:
    """Return stretches of which all edges and the end are multiples, the shortest first.

    A short case may be cut into more of them than its edges ask for; where that leaves no time to
    empty the house, fewer do.
    """
    edges = [Fraction(edge).limit_denominator(1000) for edge in (*rates, *levels) if edge > 0.0]
    last = Fraction(end).limit_denominator(1000)
    shared = last
    for edge in edges:
        shared = Fraction(
            math.gcd(shared.numerator * edge.denominator, edge.numerator * shared.denominator),
            shared.denominator * edge.denominator,
        )
    found = [float(shared)]
    while last / shared < 6:
        shared /= 2
        found.insert(0, float(shared))
    return found


def _cycle(
    case: Case, rates: Steps, levels: Steps, candidates: Sequence[float]
) -> tuple[float, int]:
    """Return how long an hour is, and the hours of a day or a week that leave time behind it."""
    mean = mean_of(needed(case.params, "service"))
    most = max(levels.values)
    work = sum(
        rate * (b - a) for rate, (a, b) in zip(rates.values, pairwise(rates.edges), strict=True)
    )  # fmt: skip
    # at worst nobody was served before the end; then the long tails of the last services
    empty = min(work, 4.0 * math.sqrt(work) + 0.2 * work) * mean / max(most, 1.0) + 40.0 * mean
    end = rates.edges[-1]
    for hour in candidates:
        for cycle in (24, WEEK_H):
            if round(end / hour) + math.ceil(empty / hour) <= cycle:
                return hour, cycle
    hour = candidates[-1]
    raise NotInScenarios(
        f"edges that share no hour: {round(end / hour)} steps of {hour:g} and time to empty the "
        f"house are more than the {WEEK_H} hours of a week"
    )


def _shifts(
    people: Sequence[int], role: str, others: Mapping[str, int]
) -> dict[str, dict[str, Any]]:
    """Return shifts with so many people of a role hour by hour, over a day or a week."""
    shifts: dict[str, dict[str, Any]] = {}
    if others:
        shifts["always"] = {"days": EVERY_DAY, "start": "00:00", "end": "24:00", **others}
    days = [EVERY_DAY] if len(people) == 24 else [[day] for day in EVERY_DAY]
    for place, names in enumerate(days):
        today = people[24 * place : 24 * place + 24]
        for layer in range(max(today)):
            for begin, end in _stretches([heads > layer for heads in today]):
                times = {"start": f"{begin:02d}:00", "end": f"{end:02d}:00"}
                shift = shifts.setdefault(
                    f"{names[0]} {begin:02d}-{end:02d}", {"days": names, **times, role: 0}
                )
                shift[role] += 1
    return shifts


def _stretches(there: Sequence[bool]) -> list[tuple[int, int]]:
    """Return the stretches of hours in which somebody is there."""
    edges = np.flatnonzero(np.diff([0, *map(int, there), 0]))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _measure(
    metric: str, levels: Steps, unit_s: float, cycle_s: float, at_station: bool
) -> Measure:
    name, argument = _name(metric), _argument(metric)
    if name in TIMES:
        time = float(argument)
        servers = levels.at(time)

        def measure(played: Played) -> float:
            there = number_at(played, time * unit_s, cycle_s, at_station)
            return float((there if name == "N_at" else there >= servers).mean())

        return measure
    if name in ("L", "Lq", "util", "throughput"):
        raise no_measure(metric, "a queue that starts empty")
    if at_station:
        found = measure_of_visits(name, argument, 0, (), unit_s)
    else:
        found = measure_of_station(name, argument, PICK, int(levels.values[0]), unit_s, everybody)
    if found is None:
        raise no_measure(metric, "a queue that starts empty")
    return found


def number_at(
    played: Played, time_s: float, cycle_s: float, at_station: bool = False
) -> npt.NDArray[np.int64]:
    """Return the number in the house at a time of each cycle.

    Raises
    ------
    AssertionError
        Somebody was still there when a cycle began: the cycles would not be independent.
    """
    window = Window(played)
    came, went = window.times_of(PICK.joins), window.times_of(PICK.leaves)
    if at_station:
        visits = Visits(played, 0)
        came, went = np.sort(visits.joined_s), np.sort(visits.left_s)
    cycles = round((window.end_s - window.start_s) / cycle_s)
    starts = window.start_s + np.arange(cycles, dtype=np.float64) * cycle_s

    def there(times: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        number: npt.NDArray[np.int64] = np.searchsorted(came, times) - np.searchsorted(went, times)
        return number

    assert not there(starts).any(), "the house was not empty when a day began"
    return there(starts + time_s)
