"""Networks of any shape, servers with skills and machines under repair, all at stations.

The exact values are those of product-form networks, of textbook formulas and of short chains.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from sim.experiments.validation.kinds import system
from sim.experiments.validation.play import validate
from sim.experiments.validation.system import NotInScenarios
from tests.sim.experiments.validation.cases import case_of, exponential

NODES: dict[str, tuple[int, float]] = {"a": (1, 0.8), "b": (2, 1.2), "c": (1, 0.9)}
"""Servers and mean time of work."""
EXTERNAL = {"a": 0.5, "b": 0.4}
ROUTING = {"a": {"b": 0.5, "c": 0.3}, "b": {"b": 0.1, "c": 0.4}, "c": {"a": 0.2}}


def network(**changed: Any) -> dict[str, Any]:
    """Return a network with two inputs, branches, ways back and exits in its middle."""
    nodes = [
        {"name": name, "servers": servers, "service": exponential(mean)}
        for name, (servers, mean) in NODES.items()
    ]
    return {"external": EXTERNAL, "nodes": nodes, "routing": ROUTING, **changed}


def waits_at_all(load: float, servers: int) -> float:
    """Return the chance of waiting in an M/M/c (Erlang C)."""
    blocked = 1.0
    for heads in range(1, servers + 1):
        blocked = load * blocked / (heads + load * blocked)
    return blocked / (1.0 - load / servers * (1.0 - blocked))


def reproduced(
    kind: str, params: dict[str, Any], figures: dict[str, float], rel: float = 0.15
) -> None:
    """Play a case and expect every figure."""
    found = validate([case_of(kind, params, figures, rel=rel)])
    assert [(each.row.metric, each.verdict) for each in found] == [
        (metric, "reproduced") for metric in figures
    ]


def test_a_network_with_everything_has_product_form() -> None:
    """Each node is an M/M/c of its own with the rate of the traffic equations (Jackson 1963)."""
    names = list(NODES)
    ways = np.array([[ROUTING[i].get(j, 0.0) for j in names] for i in names])
    rates = np.linalg.solve(np.eye(3) - ways.T, [EXTERNAL.get(name, 0.0) for name in names])
    figures: dict[str, float] = {}
    lines = number = 0.0
    for name, rate in zip(names, map(float, rates), strict=True):
        servers, mean = NODES[name]
        load = rate * mean
        waits = waits_at_all(load, servers)
        line = waits * load / (servers - load)
        lines, number = lines + line, number + line + load
        figures |= {f"W:{name}": (line + load) / rate, f"p_wait:{name}": waits}
        figures |= {f"throughput:{name}": rate, f"util:{name}": load / servers}
        figures |= {f"L:{name}": line + load}
    figures |= {"L": number, "W": number / 0.9, "Lq": lines, "Wq": lines / 0.9, "throughput": 0.9}
    reproduced("network", network(), figures)


def test_the_usual_line_stays_where_it_says_the_case() -> None:
    """Pick and pack are picking and packing; a figure they do not have makes them stations."""
    line = network(external={"a": 0.5}, routing={"a": {"b": 1.0}, "b": {"c": 1.0}})

    assert "stations" not in system(case_of("network", line, {"W": 1.0})).sections
    assert "stations" in system(case_of("network", line, {"W": 1.0, "Lq": 1.0})).sections


def test_a_way_back_to_the_only_node_lengthens_the_stay() -> None:
    """A quarter comes back: W = 1 / (mu - lambda / 0.75) a visit, 4/3 visits."""
    nodes = [{"name": "a", "servers": 1, "service": exponential(1.0)}]
    params = network(external={"a": 0.3}, nodes=nodes, routing={"a": {"a": 0.25}})
    reproduced("network", params, {"W:a": 1.0 / 0.6, "W": 4.0 / 3.0 / 0.6, "L": 0.4 / 0.6})


def two_servers(**changed: Any) -> dict[str, Any]:
    """Return two servers alike who prefer class a; free, the first is taken."""
    both = {"a": exponential(1.0), "b": exponential(1.0)}
    return {
        "classes": [{"name": "a", "rate": 0.6}, {"name": "b", "rate": 0.6}],
        "servers": [
            {"name": "p", "skills": both, "order": ["a", "b"]},
            {"name": "q", "skills": both, "order": ["a", "b"]},
        ],
        "assign": {"a": ["p", "q"], "b": ["p", "q"]},
        "preemption": False,
        **changed,
    }


def test_servers_who_prefer_a_class() -> None:
    """Alike, they are an M/M/2 with ranks (Kella & Yechiali 1985); p is busier, as it is first."""
    load = 1.2
    waits = waits_at_all(load, 2)
    first = waits / 2.0 / (1.0 - 0.3)
    empty = (1.0 - load / 2.0) / (1.0 + load / 2.0)
    two = load**2 / 2.0 * empty
    only_second = two / (load + 1.0)
    figures = {
        "Wq:a": first,
        "Wq:b": first / (1.0 - load / 2.0),
        "W:a": first + 1.0,
        "p_wait:b": waits,
        "Lq": waits * load / (2.0 - load),
        "throughput:a": 0.6,
        "util:p": 1.0 - empty - only_second,
        "util:q": 1.0 - empty - (load * empty - only_second),
    }
    reproduced("skills", two_servers(), figures, 0.25)


def test_servers_with_one_skill_each_are_queues_apart() -> None:
    """Two M/M/1 side by side, each with its own time."""
    servers = [
        {"name": "p", "skills": {"a": exponential(1.0)}},
        {"name": "q", "skills": {"b": exponential(0.5)}},
    ]
    params = two_servers(servers=servers)
    del params["assign"]
    reproduced("skills", params, {"W:a": 2.5, "W:b": 0.5 / 0.7, "util:p": 0.6, "util:q": 0.3}, 0.2)


def test_machines_that_wait_for_one_repairer() -> None:
    """The chain of the machines that are down, births by the running ones (Palm 1947)."""
    machines, up, repair = 4, 10.0, 3.0
    births = [(machines - down) / up for down in range(machines)]
    weights = [1.0]
    for birth in births:
        weights.append(weights[-1] * birth * repair)
    chances = [weight / math.fsum(weights) for weight in weights]
    down = sum(number * chance for number, chance in enumerate(chances))
    repairs = (1.0 - chances[0]) / repair
    figures = {
        "L_down": down,
        "availability": 1.0 - down / machines,
        "Wq_repair": down / repairs - repair,
        "util": 1.0 - chances[0],
        "throughput": repairs,
        "Lq": down - (1.0 - chances[0]),
    }
    params = {
        "machines": machines,
        "repairers": 1,
        "up": exponential(up),
        "repair": exponential(repair),
    }
    reproduced("repair", params, figures)


@pytest.mark.parametrize(
    ("kind", "params", "metric", "words"),
    [
        ("network", network(blocking=True), "W", "a network with blocking"),
        ("network", network(), "N_at:3", "the metric N_at:3 of a network"),
        ("skills", two_servers(preemption=True), "Wq", "who interrupt work"),
        ("skills", two_servers(assign={"a": ["p", "q"]}), "Wq", "the class b with several servers"),
        ("skills", two_servers(), "util:r", "the metric util:r"),
        ("skills", two_servers(), "p_wait_gt", "the metric p_wait_gt"),
        ("repair", {"spares": 2}, "L_down", "machines under repair with spares"),
    ],
)
def test_what_stations_do_not_do_is_said(
    kind: str, params: dict[str, Any], metric: str, words: str
) -> None:
    """The words name it."""
    with pytest.raises(NotInScenarios, match=words):
        system(case_of(kind, params, {metric: 1.0}))


@pytest.mark.parametrize(
    ("kind", "params", "words"),
    [
        ("network", network(routing={"a": {"b": 1.0}, "b": {"a": 1.0}}), "never leave"),
        ("network", network(routing={"a": {"b": 0.7, "c": 0.7}}), "at most 1 in all"),
        ("network", network(routing={"a": {"d": 0.7}}), "unknown nodes d"),
        ("network", network(external={}), "sum of the external rates 0"),
        ("skills", two_servers(assign={"a": ["p"], "b": ["p", "q"]}), "for a each of p, q"),
        ("skills", two_servers(classes=[{"name": "c", "rate": 1.0}]), "each class that it serves"),
        ("repair", {"machines": 3, "repairers": 1, "up": exponential(1.0)}, "without 'repair'"),
    ],
)
def test_params_that_are_none_are_refused(kind: str, params: dict[str, Any], words: str) -> None:
    """A fault of the file, not of the scenarios."""
    with pytest.raises(ValueError, match=words) as refused:
        system(case_of(kind, params, {"L": 1.0}))

    assert not isinstance(refused.value, NotInScenarios)
