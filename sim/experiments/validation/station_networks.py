"""Open networks of any shape: stations beside the usual way, routed by chance."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from sim.experiments.validation.house import (
    DAY_S,
    PILOT_ORDERS,
    clock_s,
    house_of_stations,
)
from sim.experiments.validation.params import count, law, needed, only, positive
from sim.experiments.validation.stations import (
    Station,
    Window,
    measure_of_station,
    no_measure,
)
from sim.experiments.validation.system import Case, Measure, Played, System
from sim.experiments.validation.visits import measure_of_visits
from sim.log.facts import Fact

NETWORK = Station("specialists", (Fact.TO_STATIONS,), (), (Fact.STATIONS_PASSED,))
"""All nodes together."""
CAME, BEGUN = (Fact.AT_STATION,), (Fact.STATION_STARTED,)

OF_ORDERS = ("W", "L", "throughput", "p_sojourn_gt")
OF_NODES = ("Wq", "W", "Lq", "L", "p_wait", "util", "throughput")


def stations_of(case: Case) -> System:
    """Return a network whose nodes are stations.

    Raises
    ------
    NotInScenarios
        Options or figures that stations do not have.
    ValueError
        Params that are not those of a network.
    """
    external = {
        name: positive(rate, f"external.{name}")
        for name, rate in needed(case.params, "external").items()
        if rate
    }
    total = math.fsum(external.values())
    unit_s = clock_s(case.time_unit_s, positive(total, "the sum of the external rates"))
    routing = case.params.get("routing", {})
    stations: dict[str, dict[str, Any]] = {}
    for node in needed(case.params, "nodes"):
        only(node, ("name", "servers", "service"), f"the node {node.get('name')}")
        name = needed(node, "name")
        stations[name] = {
            "people": count(needed(node, "servers"), f"{name}.servers"),
            "time_s": law(needed(node, "service"), unit_s, name),
            "share": min(1.0, external.get(name, 0.0) / total),
            "then": {to: chance for to, chance in routing.get(name, {}).items() if chance},
        }
    heads = {name: station["people"] for name, station in stations.items()}
    per_day, warm_up_days = total * DAY_S / unit_s, case.warm_up * unit_s / DAY_S
    sections = house_of_stations(per_day, warm_up_days, sum(heads.values()), stations)
    measures = {row.metric: _measure(row.metric, heads, unit_s) for row in case.rows}
    return System(sections, measures, PILOT_ORDERS / total * unit_s / DAY_S)


def check_that_all_leave(
    external: Mapping[str, float], routing: Mapping[str, Mapping[str, float]]
) -> None:
    """Refuse a network that some order would never leave.

    Raises
    ------
    ValueError
        It has nodes without a way out that orders come to.
    """
    look = [name for name, rate in external.items() if rate]
    come = set(look)
    while look:
        ways = [to for to, chance in routing.get(look.pop(), {}).items() if chance > 0.0]
        look += [to for to in ways if to not in come]
        come.update(ways)
    leave = {name for name in come if math.fsum(routing.get(name, {}).values()) < 1.0 - 1e-9}
    while True:
        more = {
            name
            for name in come - leave
            if any(to in leave and chance > 0.0 for to, chance in routing.get(name, {}).items())
        }
        if not more:
            break
        leave |= more
    if come - leave:
        raise ValueError(
            f"orders that come to {', '.join(sorted(come - leave))} never leave; "
            "a way out is expected from every node"
        )


def _measure(metric: str, heads: Mapping[str, int], unit_s: float) -> Measure:
    name, _, argument = metric.partition(":")
    measure = None
    if name in OF_ORDERS and bool(argument) == (name == "p_sojourn_gt"):
        measure = measure_of_station(name, argument, NETWORK, 0, unit_s)
    elif not argument and name == "Wq":
        measure = _wait_of_an_order(unit_s)
    elif not argument and name == "Lq":
        measure = _number_in_lines
    elif not argument and name == "util":
        measure = measure_of_visits(name, "", 0, range(sum(heads.values())), unit_s)
    elif name in OF_NODES and argument in heads:
        number = list(heads).index(argument)
        before = sum(list(heads.values())[:number])
        people = range(before, before + heads[argument])
        measure = measure_of_visits(name, "", number, people, unit_s)
    if measure is None:
        raise no_measure(metric, "a network")
    return measure


def _wait_of_an_order(unit_s: float) -> Measure:
    """Mean of all waits of an order together."""

    def measure(played: Played) -> float:
        window = Window(played)
        waits = (window.total_s(BEGUN) - window.total_s(CAME))[window.inside]
        return float(waits.mean()) / unit_s

    return measure


def _number_in_lines(played: Played) -> float:
    return Window(played).mean_number(CAME, BEGUN)
