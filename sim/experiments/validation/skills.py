"""Servers with skills: specialists of one station, each with classes in their order of choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.experiments.validation.house import (
    DAY_S,
    PILOT_ORDERS,
    clock_s,
    house_of_stations,
    put_channels,
)
from sim.experiments.validation.params import law, needed, only, positive
from sim.experiments.validation.stations import (
    THRESHOLDS,
    Chosen,
    everybody,
    no_measure,
    of_channel,
)
from sim.experiments.validation.system import Case, Measure, NotInScenarios, System
from sim.experiments.validation.visits import measure_of_visits

PILOT_OF_A_CLASS = 500.0
OF_CLASSES = ("Wq", "W", "Lq", "L", "p_wait", "throughput")
PARAMS = ("classes", "servers", "assign", "preemption")


def system(case: Case) -> System:
    """Return classes as channels, and servers as the specialists of a station.

    Raises
    ------
    NotInScenarios
        Work that is interrupted, or a choice that is not said.
    ValueError
        Params that are not those of servers with skills.
    """
    params = case.params
    only(params, PARAMS, "servers with skills")
    if params.get("preemption") not in (None, False, "none", "no"):
        raise NotInScenarios(f"servers with skills who interrupt work ({params['preemption']!r})")
    rates = {}
    for each in needed(params, "classes"):
        only(each, ("name", "rate"), "a class")
        rates[each["name"]] = positive(needed(each, "rate"), f"{each['name']}.rate")
    unit_s = clock_s(case.time_unit_s, sum(rates.values()))
    servers = {each["name"]: each for each in needed(params, "servers")}
    station = {
        "specialists": {
            name: _specialist(server, list(rates), unit_s) for name, server in servers.items()
        },
        "share": 1.0,
        "first_choice": _first_choice(params.get("assign", {}), servers, list(rates)),
    }
    per_day = {name: rate * DAY_S / unit_s for name, rate in rates.items()}
    sections = house_of_stations(
        sum(per_day.values()), case.warm_up * unit_s / DAY_S, len(servers), {"desk": station}
    )
    put_channels(sections, {name: {"per_day": rate} for name, rate in per_day.items()})
    measures = {
        row.metric: _measure(row.metric, list(rates), list(servers), unit_s) for row in case.rows
    }
    pilot = max(PILOT_ORDERS / sum(rates.values()), PILOT_OF_A_CLASS / min(rates.values()))
    return System(sections, measures, pilot * unit_s / DAY_S)


def _specialist(server: Mapping[str, Any], classes: Sequence[str], unit_s: float) -> dict[str, Any]:
    """Return a server as a specialist: trained for so many channels, each with a time."""
    name = needed(server, "name")
    only(server, ("name", "skills", "order"), f"the server {name}")
    skills = needed(server, "skills")
    order = server.get("order", list(skills))
    if "order" not in server and len(skills) > 1:
        raise NotInScenarios(f"the server {name} with several skills and no order of choice")
    if not skills or sorted(order) != sorted(skills) or not {*skills} <= {*classes}:
        raise ValueError(
            f"the server {name} chooses by {list(order)} among skills {list(skills)}; "
            "each class that it serves is expected once in both"
        )
    laws = {each: law(given, unit_s, f"{name}.{each}") for each, given in skills.items()}
    return {"channels": list(order), "time_s_by_channel": laws}


def _first_choice(
    assign: Mapping[str, Sequence[str]],
    servers: Mapping[str, Mapping[str, Any]],
    classes: Sequence[str],
) -> dict[str, list[str]]:
    """Return whom the orders of each channel take if several are free."""
    found = {}
    strange = assign.keys() - {*classes}
    for name in classes:
        able = [server for server, each in servers.items() if name in each["skills"]]
        if not able:
            raise ValueError(f"the class {name} has no server with that skill")
        if len(able) > 1 and name not in assign:
            raise NotInScenarios(f"the class {name} with several servers and no choice in assign")
        choice = list(assign.get(name, able))
        if strange or sorted(choice) != sorted(able):
            raise ValueError(
                f"assign {dict(assign)}; for {name} each of {', '.join(able)} is expected once"
            )
        found[name] = choice
    return found


def _measure(metric: str, classes: Sequence[str], servers: Sequence[str], unit_s: float) -> Measure:
    name, _, argument = metric.partition(":")
    measure = None
    who: dict[str, Chosen] = {each: of_channel(place) for place, each in enumerate(classes)}
    if name == "util" and argument in {"", *servers}:
        people = [servers.index(argument)] if argument else range(len(servers))
        measure = measure_of_visits(name, "", 0, people, unit_s)
    elif name in THRESHOLDS and argument:
        measure = measure_of_visits(name, argument, 0, (), unit_s)
    elif name in OF_CLASSES and argument in {"", *classes}:
        measure = measure_of_visits(name, "", 0, (), unit_s, who.get(argument, everybody))
    if measure is None:
        raise no_measure(metric, "servers with skills")
    return measure
