"""Open networks: a line of entry, picking, packing and label with a way back, or extra stations.

In the line, orders that go back are those whose packing check finds a line picked wrong: every such
line is found, so the chance of a wrong line is the chance of going back.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sim.experiments.validation.house import DAY_S, PILOT_ORDERS, clock_s, line_house
from sim.experiments.validation.params import count, law, needed, only, positive
from sim.experiments.validation.station_networks import check_that_all_leave, stations_of
from sim.experiments.validation.stations import (
    ENTRY,
    LABEL,
    PACK,
    PICK,
    THRESHOLDS,
    Station,
    measure_of_station,
    no_measure,
)
from sim.experiments.validation.system import Case, Measure, System
from sim.log.facts import Fact

NEAR = 1e-9
OF_ORDERS = ("W", "L", "throughput")


def system(case: Case) -> System:
    """Return a network as the usual line, or as stations beside it where that says more.

    Raises
    ------
    NotInScenarios
        Options or figures of no network that is played.
    ValueError
        Params that are not those of a network.
    """
    only(case.params, ("external", "nodes", "routing"), "a network")
    nodes = {node["name"]: node for node in needed(case.params, "nodes")}
    _check_routing(case.params, nodes)
    check_that_all_leave(case.params["external"], case.params["routing"])
    found = _line(case.params, list(nodes))
    measured_there = all(_in_line(row.metric, nodes) for row in case.rows)
    if found is None or not measured_there:
        return stations_of(case)
    places, chance_back = found
    chain = list(places)
    rate = positive(case.params["external"][chain[0]], "external rate")
    unit_s = clock_s(case.time_unit_s, rate)
    heads: dict[str, int] = {}
    for name in chain:
        only(nodes[name], ("name", "servers", "service"), f"the node {name}")
        heads[name] = count(needed(nodes[name], "servers"), f"{name}.servers")
    people = {places[name].role: heads[name] for name in chain}
    sections = line_house(rate * DAY_S / unit_s, case.warm_up * unit_s / DAY_S, people)
    for name in chain:
        _put_to_work(sections, places[name], law(nodes[name]["service"], unit_s, name))
    if chance_back:
        sections["picking"]["error_rate_per_line"] = chance_back
        sections["packing"]["check_detects"] = 1.0
    measures = {row.metric: _measure(row.metric, places, heads, unit_s) for row in case.rows}
    return System(sections, measures, PILOT_ORDERS / rate * unit_s / DAY_S)


def _check_routing(params: Mapping[str, Any], nodes: Collection[str]) -> None:
    """Refuse ways to nowhere, and more than all orders sent away."""
    external, routing = needed(params, "external"), needed(params, "routing")
    strange = {*external, *routing, *(to for row in routing.values() for to in row)} - {*nodes}
    if strange:
        raise ValueError(f"routing between unknown nodes {', '.join(sorted(strange))}")
    for name, row in routing.items():
        if min(row.values(), default=0.0) < 0.0 or sum(row.values()) > 1.0 + NEAR:
            raise ValueError(f"{name} sends away {dict(row)} of its orders; at most 1 in all")


def _in_line(metric: str, nodes: Collection[str]) -> bool:
    """Tell whether a figure can be read off the usual line."""
    name, _, node = metric.partition(":")
    return node in nodes if node else name in OF_ORDERS


def _line(params: Mapping[str, Any], nodes: list[str]) -> tuple[dict[str, Station], float] | None:
    """Return which station of the usual line each node is, and the chance of the way back.

    None if the network is no such line.
    """
    external = [name for name, rate in params["external"].items() if rate]
    if len(external) != 1:
        return None
    routing = params["routing"]
    chain, backs = external, []
    while True:
        ways = {to: chance for to, chance in routing.get(chain[-1], {}).items() if chance > 0.0}
        onward = [to for to in ways if to not in chain]
        backs += [(len(chain) - 1, chain.index(to), ways[to]) for to in ways if to in chain]
        if not onward:
            break
        if len(onward) > 1 or abs(sum(ways.values()) - 1.0) > NEAR:
            return None
        chain += onward
    if len(chain) < len(nodes) or len(backs) > 1:
        return None
    back = backs[0] if backs else None
    places = _places(chain, back)
    return None if places is None else (places, back[2] if back else 0.0)


def _places(chain: list[str], back: tuple[int, int, float] | None) -> dict[str, Station] | None:
    """Return which station each node is; None if the line has no such stations.

    Only packing sends orders back, to picking; where a node sends them back to itself, it is
    picking and packing takes no time.
    """
    if back is None:
        stations = {
            1: [PICK],
            2: [PICK, PACK],
            3: [PICK, PACK, LABEL],
            4: [ENTRY, PICK, PACK, LABEL],
        }.get(len(chain))
        return None if stations is None else dict(zip(chain, stations, strict=True))
    begin, end, _ = back
    if begin - end > 1:
        return None
    before = [ENTRY] if end == 1 else []
    core = [PICK, PACK] if begin > end else [PICK]
    after = [LABEL] if len(chain) == begin + 2 else []
    line = [*before, *core, *after]
    return dict(zip(chain, line, strict=True)) if len(line) == len(chain) else None


def _put_to_work(sections: dict[str, dict[str, Any]], place: Station, time: dict[str, Any]) -> None:
    if place is ENTRY:
        sections["orders"]["channels"] = {"web": {"entry": "manual", "entry_time_s": time}}
        sections["entry"] |= {"error_rate_per_line": 0.0, "wrong_address_rate": 0.0}
    elif place is PICK:
        sections["picking"]["time_s"] = time
    elif place is PACK:
        sections["packing"]["time_s"] = time
    else:
        sections["packing"]["label_s"] = time


def _measure(
    metric: str, places: Mapping[str, Station], heads: Mapping[str, int], unit_s: float
) -> Measure:
    name, _, node = metric.partition(":")
    measure = None
    if not node and name in OF_ORDERS:
        # what follows the last station takes no time
        whole = Station("", (Fact.PLACED,), (), (Fact.LABELLED,))
        measure = measure_of_station(name, "", whole, 1, unit_s)
    elif node in places and name not in THRESHOLDS:
        measure = measure_of_station(name, "", places[node], heads[node], unit_s)
    if measure is None:
        raise no_measure(metric, "a network")
    return measure
