"""One station: orders wait for pickers, who take so long as the case says.

Stationary cases run around the clock; cases that start empty, or whose rate or staff changes, are
played as many days alike (:mod:`sim.experiments.validation.days`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.experiments.validation.days import changes, days_of
from sim.experiments.validation.house import DAY_S, PILOT_ORDERS, clock_s, line_house
from sim.experiments.validation.params import count, customers, law, needed, only, positive
from sim.experiments.validation.station_queue import (
    KEYS,
    OF_STATIONS,
    ranked_channels,
    station_queue,
)
from sim.experiments.validation.stations import (
    PICK,
    THRESHOLDS,
    Chosen,
    everybody,
    measure_of_station,
    no_measure,
    of_channel,
)
from sim.experiments.validation.system import Case, Measure, NotInScenarios, System


def system(case: Case) -> System:
    """Return a queue as a picking line, or as a station where it has what only stations have.

    Raises
    ------
    NotInScenarios
        For what neither has.
    ValueError
        For params that are not those of a queue.
    """
    params = case.params
    only(params, KEYS, "a queue")
    if params.get("start", "empty") != "empty":
        raise NotInScenarios(f"a queue that starts {params['start']!r}")
    if changes(params):
        return days_of(case)
    if any(key in params for key in OF_STATIONS) or params.get("priority") == "pr":
        return station_queue(case)
    if "classes" in params or "priority" in params:
        return _ranked(case)
    come, servers = customers(needed(params, "arrivals")), needed(params, "servers")
    rate = come.rate
    unit_s = clock_s(case.time_unit_s, rate)
    heads = count(servers, "servers")
    sections = _sections(case, rate, unit_s, heads, come.at_once)
    sections["picking"]["time_s"] = law(needed(params, "service"), unit_s, "service")
    measures = {
        row.metric: _measure(row.metric, heads, unit_s, {"": everybody}) for row in case.rows
    }
    return System(sections, measures, _pilot_days(rate, unit_s))


def _sections(
    case: Case, rate: float, unit_s: float, heads: int, at_once: Mapping[str, Any] | None = None
) -> dict[str, dict[str, Any]]:
    per_day = rate * DAY_S / unit_s
    return line_house(per_day, case.warm_up * unit_s / DAY_S, {"pickers": heads}, at_once)


def _pilot_days(rate: float, unit_s: float) -> float:
    return PILOT_ORDERS / rate * unit_s / DAY_S


def _ranked(case: Case) -> System:
    """Return a queue with classes: channels with ranks, one who waits longest first inside each."""
    params = case.params
    rule = needed(params, "priority")
    if rule != "np":
        raise NotInScenarios(f"a queue of the priority {rule!r}")
    only(params, ("priority", "servers", "classes"), "a queue with ranks")
    heads = count(needed(params, "servers"), "servers")
    classes = needed(params, "classes")
    rates = {each["name"]: positive(each["rate"], "rate") for each in classes}
    total = sum(rates.values())
    unit_s = clock_s(case.time_unit_s, total)
    sections = _sections(case, total, unit_s, heads)
    sections["picking"] |= {"sequence": "priority", **ranked_channels(sections, params, unit_s)}
    who: dict[str, Chosen] = {name: of_channel(place) for place, name in enumerate(rates)}
    measures = {
        row.metric: _measure(row.metric, heads, unit_s, {"": everybody, **who}) for row in case.rows
    }
    return System(sections, measures, _pilot_days(min(rates.values()), unit_s))


def _measure(metric: str, heads: int, unit_s: float, who: Mapping[str, Chosen]) -> Measure:
    name, _, argument = metric.partition(":")
    chosen = who[""] if name in THRESHOLDS else who.get(argument)
    if chosen is None:
        raise no_measure(metric, "a queue")
    measure = measure_of_station(name, argument, PICK, heads, unit_s, chosen)
    if measure is None or (name in THRESHOLDS and not argument):
        raise no_measure(metric, "a queue that runs around the clock")
    return measure
