"""Open networks that are a line of stations: entry, picking, packing, label; with a way back.

Orders that go back are those whose packing check finds a line picked wrong: every such line is
found, so the chance of a wrong line is the chance of going back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.experiments.validation.house import DAY_S, clock_s, line_house
from sim.experiments.validation.params import count, law, needed, only, positive
from sim.experiments.validation.queues import PILOT_ORDERS, THRESHOLDS
from sim.experiments.validation.stations import (
    ENTRY,
    LABEL,
    PACK,
    PICK,
    Station,
    measure_of_station,
    no_measure,
    time_in_house,
)
from sim.experiments.validation.system import Case, Measure, NotInScenarios, System
from sim.log.facts import Fact

NEAR = 1e-9


def system(case: Case) -> System:
    """Return a network as a line of stations.

    Raises
    ------
    NotInScenarios
        A network that is no such line.
    ValueError
        Params that are not those of a network.
    """
    only(case.params, ("external", "nodes", "routing"), "a network")
    nodes = {node["name"]: node for node in needed(case.params, "nodes")}
    chain, back = _chain(case.params, list(nodes))
    rate = positive(case.params["external"][chain[0]], "external rate")
    unit_s = clock_s(case.time_unit_s, rate)
    places = _places(chain, back)
    heads: dict[str, int] = {}
    for name in chain:
        only(nodes[name], ("name", "servers", "service"), f"the node {name}")
        heads[name] = count(needed(nodes[name], "servers"), f"{name}.servers")
    people = {places[name].role: heads[name] for name in chain}
    sections = line_house(rate * DAY_S / unit_s, case.warm_up * unit_s / DAY_S, people)
    for name in chain:
        _put_to_work(sections, places[name], law(nodes[name]["service"], unit_s, name))
    if back is not None:
        sections["picking"]["error_rate_per_line"] = back[2]
        sections["packing"]["check_detects"] = 1.0
    measures = {row.metric: _measure(row.metric, chain, places, heads, unit_s) for row in case.rows}
    return System(sections, measures, PILOT_ORDERS / rate * unit_s / DAY_S)


def _chain(
    params: Mapping[str, Any], nodes: list[str]
) -> tuple[list[str], tuple[int, int, float] | None]:
    """Return the nodes in their order, and the way back: from, to, chance."""
    external = {name: rate for name, rate in needed(params, "external").items() if rate}
    routing = needed(params, "routing")
    strange = {*external, *routing, *(to for row in routing.values() for to in row)} - {*nodes}
    if strange:
        raise ValueError(f"routing between unknown nodes {', '.join(sorted(strange))}")
    if len(external) != 1:
        raise NotInScenarios(f"a network entered at {len(external)} nodes")
    chain, backs = [next(iter(external))], []
    while True:
        ways = {to: chance for to, chance in routing.get(chain[-1], {}).items() if chance > 0.0}
        onward = [to for to in ways if to not in chain]
        backs += [(len(chain) - 1, chain.index(to), ways[to]) for to in ways if to in chain]
        total = sum(ways.values())
        if total > 1.0 + NEAR:
            raise ValueError(f"{chain[-1]} sends away {total:g} of its orders; at most 1")
        if len(onward) > 1:
            raise NotInScenarios(f"a network that branches after {chain[-1]}")
        if not onward:
            break
        if abs(total - 1.0) > NEAR:
            raise NotInScenarios(f"a network that orders leave in its middle, after {chain[-1]}")
        chain += onward
    if len(chain) < len(nodes):
        raise NotInScenarios("a network with nodes that nobody comes to")
    if len(backs) > 1:
        raise NotInScenarios("a network with more than one way back")
    return chain, backs[0] if backs else None


def _places(chain: list[str], back: tuple[int, int, float] | None) -> dict[str, Station]:
    """Return which station each node is.

    Only packing sends orders back, to picking; where a node sends them back to itself, it is
    picking and packing takes no time.
    """
    if back is None:
        stations = {
            1: [PICK],
            2: [PICK, PACK],
            3: [PICK, PACK, LABEL],
            4: [ENTRY, PICK, PACK, LABEL],
        }
        if len(chain) not in stations:
            raise NotInScenarios(f"a line of {len(chain)} stations; there are at most 4")
        return dict(zip(chain, stations[len(chain)], strict=True))
    begin, end, _ = back
    if begin - end > 1:
        raise NotInScenarios(
            f"a way back over several stations, from {chain[begin]} to {chain[end]}"
        )
    before = [ENTRY] if end == 1 else []
    core = [PICK, PACK] if begin > end else [PICK]
    after = [LABEL] if len(chain) == begin + 2 else []
    stations_of_line = [*before, *core, *after]
    if len(stations_of_line) != len(chain):
        raise NotInScenarios(f"a way back from {chain[begin]} in a line of {len(chain)} stations")
    return dict(zip(chain, stations_of_line, strict=True))


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
    metric: str,
    chain: list[str],
    places: Mapping[str, Station],
    heads: Mapping[str, int],
    unit_s: float,
) -> Measure:
    name, _, node = metric.partition(":")
    measure = None
    if not node and name == "W":
        measure = time_in_house(places[chain[-1]], unit_s)
    elif not node and name in ("L", "throughput"):
        # what follows the last station takes no time
        whole = Station("", (Fact.PLACED,), (), (Fact.LABELLED,))
        measure = measure_of_station(name, "", whole, 1, unit_s)
    elif node in places and name not in THRESHOLDS:
        measure = measure_of_station(name, "", places[node], heads[node], unit_s)
    if measure is None:
        raise no_measure(metric, "a network")
    return measure
