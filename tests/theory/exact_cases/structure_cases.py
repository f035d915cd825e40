"""Cases of several stations: networks, fork and join, batches, skills, machines under repair."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from tests.theory.exact_cases import many_stations
from tests.theory.exact_cases.case import Case, chosen
from tests.theory.exact_cases.laws import Law, deterministic, exponential, gamma, lognormal
from tests.theory.exact_cases.many_stations import Nodes, Routing


def cases() -> Iterator[Case]:
    """Yield the cases."""
    yield from _networks()
    yield from _skills()
    yield from _repairs()
    yield from _forks()
    yield from _batches()


def network(external: Mapping[str, float], nodes: Nodes, routing: Routing) -> dict[str, Any]:
    """Return the params of a network."""
    return {
        "external": dict(external),
        "nodes": [
            {"name": name, "servers": servers, "service": service}
            for name, servers, service in nodes
        ],
        "routing": {name: dict(routing.get(name, {})) for name, _, _ in nodes},
    }


def _of_nodes(answers: Mapping[str, float], *metrics: str) -> dict[str, float]:
    return chosen(answers, "W", "L", *metrics)


def _networks() -> Iterator[Case]:
    jackson = "Jackson: product form, M/M/c per node, W = sum L / sum external"
    solved = "computed (traffic equations + Erlang C)"
    nodes: Nodes = (
        ("pick", 3, exponential(1.8)),
        ("wrap", 1, exponential(1.2)),
        ("pack", 2, exponential(1.2)),
        ("ship", 1, exponential(0.5)),
    )
    external: dict[str, float] = {"pick": 1.2}
    routing: dict[str, dict[str, float]] = {
        "pick": {"wrap": 0.4, "pack": 0.5},
        "wrap": {"pack": 1.0},
        "pack": {"ship": 1.0},
    }
    yield Case(
        "network",
        "Two ways from pick to pack; a tenth of the orders leaves behind pick",
        network(external, nodes, routing),
        _of_nodes(
            many_stations.network(external, nodes, routing),
            "W:wrap",
            "Wq:pack",
            "L:pick",
            "Lq:pack",
            "util:ship",
            "throughput:wrap",
            "throughput:ship",
        ),
        jackson,
        solved,
        warmup=1500,
        width=0.04,
    )
    nodes = (
        ("a", 2, exponential(1.0)),
        ("b", 1, exponential(0.9)),
        ("c", 3, exponential(2.0)),
    )
    external = {"a": 0.7, "b": 0.3}
    routing = {"a": {"a": 0.2, "b": 0.3, "c": 0.4}, "b": {"c": 0.5, "a": 0.2}, "c": {"b": 0.1}}
    yield Case(
        "network",
        "Two ways in, a node that feeds itself, ways back and out everywhere",
        network(external, nodes, routing),
        _of_nodes(
            many_stations.network(external, nodes, routing),
            "L:a",
            "L:b",
            "L:c",
            "Lq:a",
            "W:a",
            "Wq:c",
            "util:a",
            "util:b",
            "throughput:a",
            "throughput:c",
        ),
        jackson,
        solved,
        warmup=1500,
        width=0.04,
    )
    nodes = (("pack", 1, exponential(1.0)),)
    yield Case(
        "network",
        "One packer; a quarter of the orders comes back at once",
        network({"pack": 0.6}, nodes, {"pack": {"pack": 0.25}}),
        _of_nodes(
            many_stations.network({"pack": 0.6}, nodes, {"pack": {"pack": 0.25}}),
            "W:pack",
            "throughput:pack",
            "util:pack",
        ),
        jackson,
        solved,
        warmup=2000,
        width=0.04,
    )
    nodes = (
        ("gate", 2, exponential(1.0)),
        ("small", 1, deterministic(1.0)),
        ("large", 1, lognormal(2.0, 0.8)),
    )
    external = {"gate": 1.1}
    routing = {"gate": {"small": 0.7, "large": 0.3}}
    yield Case(
        "network",
        "A gate, then one of two stations of other laws",
        network(external, nodes, routing),
        _of_nodes(
            many_stations.network(external, nodes, routing),
            "Wq:small",
            "W:large",
            "Lq:large",
            "util:small",
        ),
        "Burke: what leaves M/M/c is Poisson; then M/G/1 each",
        "computed (closed form)",
        warmup=1500,
        width=0.04,
    )
    for times in ((("pick", 0.6), ("pack", 0.8), ("ship", 0.5)), (("pick", 1.0), ("pack", 1.25))):
        rate = 0.9 if len(times) == 3 else 0.6
        line: Nodes = [(name, 1, deterministic(time)) for name, time in times]
        onwards = {a: {b: 1.0} for (a, _), (b, _) in pairwise(times)}
        yield Case(
            "network",
            "Constant times in a line",
            network({"pick": rate}, line, onwards),
            _of_nodes(
                many_stations.constant_line(rate, times),
                "Wq:pick",
                "Wq:pack",
                "L:pack",
                "util:pack",
            ),
            "waits up to a node sum to that of M/D/1 with the longest time so far",
            "computed (Friedman 1965)",
            warmup=1500,
        )
    external = {"a": 1.0, "b": 0.5}
    nodes = (("a", 30, lognormal(3.0, 1.0)), ("b", 40, deterministic(4.0)))
    routing = {"a": {"b": 0.6, "a": 0.1}, "b": {"a": 0.2}}
    yield Case(
        "network",
        "So many servers that nobody waits, any law",
        network(external, nodes, routing),
        _of_nodes(many_stations.network(external, nodes, routing), "L:a", "L:b", "throughput:b"),
        "L = lam m per node (product form, BCMP 1975)",
        "computed (traffic equations)",
        warmup=200,
        width=0.02,
    )


def _skills() -> Iterator[Case]:
    chain = "chain of the lines and of who does what"
    for title, rates, servers, assign, preemption in (
        (
            "N: one server for a, one for both who prefers b",
            {"a": 0.9, "b": 0.5},
            (("one", {"a": 1.0}, ("a",)), ("both", {"a": 1.25, "b": 1.0}, ("b", "a"))),
            {"a": ("one", "both"), "b": ("both",)},
            False,
        ),
        (
            "N: the one for both prefers a, and is asked first",
            {"a": 1.0, "b": 0.35},
            (("one", {"a": 1.2}, ("a",)), ("both", {"a": 1.0, "b": 1.0}, ("a", "b"))),
            {"a": ("both", "one"), "b": ("both",)},
            False,
        ),
        (
            "W: one for each class and one for both",
            {"small": 1.3, "large": 0.5},
            (
                ("s", {"small": 0.9}, ("small",)),
                ("x", {"small": 1.1, "large": 2.0}, ("large", "small")),
                ("l", {"large": 2.0}, ("large",)),
            ),
            {"small": ("s", "x"), "large": ("l", "x")},
            False,
        ),
        (
            "Everybody does everything, at a speed and in an order of their own",
            {"a": 0.8, "b": 0.8},
            (
                ("p", {"a": 1.0, "b": 1.4}, ("a", "b")),
                ("q", {"a": 1.4, "b": 1.0}, ("b", "a")),
            ),
            {"a": ("p", "q"), "b": ("q", "p")},
            False,
        ),
    ):
        params: dict[str, Any] = {
            "classes": [{"name": name, "rate": rate} for name, rate in rates.items()],
            "servers": [
                {
                    "name": name,
                    "skills": {kind: exponential(mean) for kind, mean in means.items()},
                    "order": list(order),
                }
                for name, means, order in servers
            ],
            "assign": {kind: list(names) for kind, names in assign.items()},
            "preemption": preemption,
        }
        answers = many_stations.skills(rates, servers, assign)
        yield Case(
            "skills",
            title,
            params,
            chosen(
                answers,
                *(f"Wq:{kind}" for kind in rates),
                *(f"W:{kind}" for kind in rates),
                *(f"util:{name}" for name, _, _ in servers),
                "Wq",
                "L",
            ),
            chain,
            "computed (Markov chain)",
            warmup=1500,
            width=0.04,
        )


def _repairs() -> Iterator[Case]:
    metrics = ("L_down", "availability", "Wq_repair", "util", "throughput")
    for machines, repairers, up, mend, law in (
        (6, 2, exponential(20.0), exponential(5.0), "exponential"),
        (10, 1, exponential(50.0), exponential(4.0), "exponential"),
        (8, 3, gamma(12.0, 0.6), exponential(4.0), "gamma up"),
        (5, 1, lognormal(30.0, 1.2), exponential(6.0), "lognormal up"),
        (5, 1, exponential(10.0), gamma(2.0, 1.0 / math.sqrt(2.0)), "Erlang repair"),
        (7, 2, exponential(9.0), gamma(3.0, 1.0 / math.sqrt(3.0)), "Erlang repair"),
    ):
        yield Case(
            "repair",
            f"{machines} machines, {repairers} repairers, {law}",
            {"machines": machines, "repairers": repairers, "up": up, "repair": mend},
            chosen(many_stations.repair(machines, repairers, float(up["mean"]), mend), *metrics),
            "finite source: down rate (M - n) / up, up rate min(n, R) / repair; any law of up "
            "where repairs are exponential",
            "computed (Markov chain)",
            time_unit="hour",
            warmup=1000,
            width=0.02,
            widths={"Wq_repair": 0.04},
        )
    up, mend_law = gamma(16.0, 0.4), deterministic(4.0)
    yield Case(
        "repair",
        "A repairer for each of 4 machines, other laws",
        {"machines": 4, "repairers": 4, "up": up, "repair": mend_law},
        chosen(
            many_stations.repair_at_once(4, 4, up, mend_law),
            "L_down",
            "availability",
            "util",
            "throughput",
        ),
        "each machine is down for repair / (up + repair) of the time",
        "computed (renewal)",
        time_unit="hour",
        warmup=500,
        width=0.02,
    )


def fork(rate: float, branches: int, servers: int, service: Law) -> dict[str, Any]:
    """Return the params of orders that fork and join."""
    return {
        "arrivals": {"type": "poisson", "rate": rate},
        "branches": branches,
        "servers": servers,
        "service": service,
    }


def _forks() -> Iterator[Case]:
    for rate, mean in ((0.7, 1.0), (0.25, 2.4)):
        yield Case(
            "forkjoin",
            "Two zones at once, M/M/1 each",
            fork(rate, 2, 1, exponential(mean)),
            many_stations.two_branches_exponential(rate, mean),
            "W = (12 - rho) / 8 / (mu - lam)",
            "computed (Nelson & Tantawi 1988, exact for two)",
            warmup=2000,
        )
    service = gamma(1.0, 1.0 / math.sqrt(2.0))
    yield Case(
        "forkjoin",
        "Two zones at once, M/E2/1 each",
        fork(0.65, 2, 1, service),
        many_stations.two_branches_erlang(0.65, service, 60),
        "chain of the phases left in each branch; orders there = the larger number of tasks",
        "computed (Markov chain)",
        warmup=2000,
    )
    for branches, servers, rate in ((3, 1, 0.7), (2, 2, 1.5)):
        yield Case(
            "forkjoin",
            f"{branches} zones at once, constant time, {servers} servers each",
            fork(rate, branches, servers, deterministic(1.0)),
            many_stations.branches_alike(rate, servers, 1.0),
            "all branches do the same: M/D/c",
            "computed (Crommelin 1932)",
            warmup=1500,
        )
    yield Case(
        "forkjoin",
        "Four zones at once, so many servers that nobody waits",
        fork(1.5, 4, 25, exponential(2.0)),
        many_stations.branches_unhurried(1.5, 4, 25, 2.0),
        "longest of n exponential times: m (1 + 1/2 + ... + 1/n)",
        "computed (closed form)",
        warmup=200,
        width=0.02,
    )


def _batches() -> Iterator[Case]:
    for rate, size, servers, service in (
        (1.2, 3, 1, exponential(2.0)),
        (2.0, 6, 2, exponential(4.5)),
        (1.0, 4, 1, deterministic(3.5)),
        (1.6, 3, 2, deterministic(3.2)),
        (0.9, 2, 1, gamma(1.9, 0.5)),
        (1.5, 5, 2, gamma(5.0, 1.0 / math.sqrt(2.0))),
    ):
        yield Case(
            "batch_queue",
            f"Batches of {size}, {servers} servers, {service['type']} batch time",
            {
                "arrivals": {"type": "poisson", "rate": rate},
                "batch_size": size,
                "servers": servers,
                "service": service,
            },
            many_stations.batches(rate, size, servers, service),
            "forming (k - 1) / (2 lam) + wait of E_k/G/c + service",
            "computed (constant times: M/D/(k c), Iversen 1983)"
            if service["type"] == "deterministic"
            else "computed (Markov chain)",
            warmup=1500,
            widths={"batch_form_wait": 0.01, "util": 0.02},
        )
