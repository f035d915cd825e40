"""Queues with what only stations have.

Limited room, patience, ranks that interrupt, side work for vacations, people who are not alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.experiments.validation.house import (
    DAY_S,
    PILOT_ORDERS,
    Sections,
    clock_s,
    house_of_stations,
    put_channels,
)
from sim.experiments.validation.params import (
    Params,
    count,
    customers,
    law,
    needed,
    positive,
)
from sim.experiments.validation.stations import (
    THRESHOLDS,
    Chosen,
    everybody,
    no_measure,
    of_channel,
)
from sim.experiments.validation.system import Case, Measure, NotInScenarios, System
from sim.experiments.validation.visits import measure_of_visits

OF_STATIONS = ("capacity", "patience", "vacation", "server_mean_times", "dispatch")
KEYS = (*OF_STATIONS, "arrivals", "servers", "service", "start", "priority", "classes")
STATION = "desk"


def station_queue(case: Case) -> System:
    """Return a queue as the one station that all orders pass.

    Raises
    ------
    NotInScenarios
        For what no station has.
    ValueError
        For params that are not those of a queue.
    """
    params = case.params
    come = None if "classes" in params else customers(needed(params, "arrivals"))
    classes = _classes(params) if come is None else {"": come.rate}
    total = sum(classes.values())
    unit_s = clock_s(case.time_unit_s, total)
    heads = heads_of(params)
    sections = station_house(
        total * DAY_S / unit_s,
        case.warm_up * unit_s / DAY_S,
        heads,
        station_of(params, unit_s),
        None if come is None else come.at_once,
    )
    who: dict[str, Chosen] = {"": everybody}
    if "classes" in params:
        sections["stations"][STATION] |= ranked_channels(sections, params, unit_s)
        who |= {name: of_channel(place) for place, name in enumerate(classes)}
    servers = _servers(case, heads)
    measures = {row.metric: _measure(row.metric, heads, unit_s, who, servers) for row in case.rows}
    return System(sections, measures, PILOT_ORDERS / min(classes.values()) * unit_s / DAY_S)


def _classes(params: Params) -> dict[str, float]:
    """Return the rate of each class."""
    return {each["name"]: positive(each["rate"], "rate") for each in params["classes"]}


def heads_of(params: Params) -> int:
    """Return the number of servers."""
    if "server_mean_times" in params:
        times = params["server_mean_times"]
        if params.get("servers", len(times)) != len(times):
            raise ValueError(f"servers {params['servers']!r} with {len(times)} server_mean_times")
        return len(times)
    return count(needed(params, "servers"), "servers")


def station_house(
    per_day: float,
    warm_up_days: float,
    heads: int,
    station: Mapping[str, Any],
    at_once: Mapping[str, Any] | None = None,
) -> Sections:
    """Return a house whose orders all pass one station, and all else takes no time."""
    stations = {STATION: {"share": 1.0, **station}}
    return house_of_stations(per_day, warm_up_days, heads, stations, at_once)


def station_of(params: Params, unit_s: float) -> dict[str, Any]:
    """Return a queue's rules as those of a station.

    Raises
    ------
    NotInScenarios
        For rules that stations do not have.
    ValueError
        For rules that are none.
    """
    station: dict[str, Any] = {}
    if "service" in params and "server_mean_times" not in params:
        station["time_s"] = law(params["service"], unit_s, "service")
    if "capacity" in params:
        station["places"] = count(params["capacity"], "capacity")
    if "patience" in params:
        station["patience_s"] = law(params["patience"], unit_s, "patience")
    if "vacation" in params:
        vacation = dict(params["vacation"])
        rule = vacation.pop("rule", "multiple")
        if rule != "multiple":
            raise NotInScenarios(f"vacations of the rule {rule!r}")
        station["side_work_s"] = law(vacation, unit_s, "vacation")
    if "server_mean_times" in params:
        station |= _unequal(params, unit_s)
    elif "dispatch" in params:
        raise NotInScenarios("dispatch without server_mean_times")
    if "priority" in params:
        rule = params["priority"]
        if rule not in ("np", "pr"):
            raise NotInScenarios(f"a queue of the priority {rule!r}")
        station |= {"sequence": "priority", "interrupts": rule == "pr"}
    return station


def _unequal(params: Params, unit_s: float) -> dict[str, Any]:
    kind = params.get("service", {}).get("type", "exponential")
    if kind != "exponential":
        raise NotInScenarios(f"unequal servers of the law {kind!r}")
    dispatch = params.get("dispatch", "fastest_idle_first")
    if dispatch != "fastest_idle_first":
        raise NotInScenarios(f"the dispatch {dispatch!r}")
    means = [positive(mean, "server_mean_times") * unit_s for mean in params["server_mean_times"]]
    return {
        "free_first": "fastest",
        "specialists": {
            str(place): {
                "time_s_by_channel": {"web": {"distribution": "exponential", "mean": mean}}
            }
            for place, mean in enumerate(means, 1)
        },
    }


def ranked_channels(sections: Sections, params: Params, unit_s: float) -> dict[str, Any]:
    """Make a channel of each class, with its rank; return the laws of their work by channel."""
    classes, ranked = params["classes"], "priority" in params
    channels = {
        each["name"]: {
            "per_day": each["rate"] * DAY_S / unit_s,
            "priority": each["rank"] if ranked else 1,
        }
        for each in classes
    }
    put_channels(sections, channels)
    laws = {each["name"]: law(each["service"], unit_s, "service") for each in classes}
    return {"time_s": next(iter(laws.values())), "time_s_by_channel": laws}


def _measure(
    metric: str, heads: int, unit_s: float, who: Mapping[str, Chosen], servers: Mapping[str, int]
) -> Measure:
    name, _, argument = metric.partition(":")
    people = list(range(heads))
    chosen = who.get(argument)
    if name in THRESHOLDS and argument:
        chosen = everybody
    if name == "util" and argument in servers:
        chosen, people = everybody, [servers[argument]]
    measure = None
    if chosen is not None:
        measure = measure_of_visits(name, argument, 0, people, unit_s, chosen)
    if measure is None or (name in THRESHOLDS and not argument):
        raise no_measure(metric, "a queue that runs around the clock")
    return measure


def _servers(case: Case, heads: int) -> dict[str, int]:
    """Return the places of servers that are not alike, by their numbers: from 1, or from 0 on."""
    if "server_mean_times" not in case.params:
        return {}
    first = 0 if any(row.metric == "util:0" for row in case.rows) else 1
    return {str(first + place): place for place in range(heads)}
