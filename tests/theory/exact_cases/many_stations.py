"""Networks of stations, orders that fork and join, batches, machines under repair."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from tests.theory.exact_cases import laws
from tests.theory.exact_cases.chains import birth_death, long_run
from tests.theory.exact_cases.laws import Law
from tests.theory.exact_cases.one_station import m_d_c, m_g_1, m_m_c

Answers = dict[str, float]
Nodes = Sequence[tuple[str, int, Law]]
"""Name, servers and service of each node."""
Routing = Mapping[str, Mapping[str, float]]


def network(external: Mapping[str, float], nodes: Nodes, routing: Routing) -> Answers:
    """Return an open network (Jackson 1957), figures of a node per visit.

    A node of another law than the exponential has to have one server, lie on no cycle and lead to
    no node: what reaches it is then a Poisson stream (Burke 1956). Many servers, so that nobody
    waits, may have any law anywhere (Baskett et al. 1975).
    """
    names = [name for name, _, _ in nodes]
    size = len(nodes)
    go = np.array([[routing.get(a, {}).get(b, 0.0) for b in names] for a in names])
    came = np.array([external.get(name, 0.0) for name in names])
    rate = np.linalg.solve(np.eye(size) - go.T, came)
    answers: Answers = {}
    for (name, servers, service), through in zip(nodes, rate.tolist(), strict=True):
        if servers > 1 or laws.cv(service) == 1.0:
            here = m_m_c(through, servers, laws.mean(service))
            if laws.cv(service) != 1.0 and here["p_wait"] > 1e-6:
                raise ValueError(f"{name}: several servers that are waited for, and no exponential")
        else:
            if any(routing.get(name, {}).values()):
                raise ValueError(f"{name}: what leaves it is no Poisson stream")
            here = m_g_1(through, service)
        for metric in ("W", "Wq", "L", "Lq", "util"):
            answers[f"{metric}:{name}"] = here[metric]
        answers[f"throughput:{name}"] = through
    answers["L"] = sum(answers[f"L:{name}"] for name in names)
    answers["W"] = answers["L"] / float(came.sum())
    return answers


def constant_line(rate: float, nodes: Sequence[tuple[str, float]]) -> Answers:
    """Return single servers in a line with constant times: name and time of each.

    Up to and with each node the waits sum to that of M/D/1 with the longest time so far (Friedman
    1965): behind a slower one nobody waits.
    """
    answers: Answers = {}
    waited = longest = gone = 0.0
    for name, time in nodes:
        longest = max(longest, time)
        gone += time
        upto = m_g_1(rate, laws.deterministic(longest))["Wq"]
        answers[f"Wq:{name}"] = upto - waited
        answers[f"W:{name}"] = upto - waited + time
        answers[f"Lq:{name}"] = rate * (upto - waited)
        answers[f"L:{name}"] = rate * (upto - waited + time)
        answers[f"util:{name}"] = rate * time
        answers[f"throughput:{name}"] = rate
        waited = upto
    answers["W"] = waited + gone
    answers["L"] = rate * answers["W"]
    return answers


def two_branches_exponential(rate: float, service: float) -> Answers:
    """Return two branches M/M/1: W = (12 - rho) / 8 of that of one (Nelson & Tantawi 1988)."""
    busy = rate * service
    stay = (12.0 - busy) / 8.0 * service / (1.0 - busy)
    return {"W": stay, "L": rate * stay, "util": busy}


def two_branches_erlang(rate: float, service: Law, most: int) -> Answers:
    """Return two branches M/E_k/1: an order is there as long as either of its tasks.

    Both branches serve in the order of arrival, so the orders there are the larger of the two
    numbers of tasks. A state is the phases that are left in each branch.
    """
    stages = laws.phases(service)
    speed = stages / laws.mean(service)

    def moves(state: tuple[int, int]) -> list[tuple[float, tuple[int, int]]]:
        one, other = state
        full = max(one, other) > (most - 1) * stages
        return [
            (0.0 if full else rate, (one + stages, other + stages)),
            (speed if one else 0.0, (one - 1, other)),
            (speed if other else 0.0, (one, other - 1)),
        ]

    p = long_run((0, 0), moves)
    number = sum(-(-max(state) // stages) * share for state, share in p.items())
    return {"W": number / rate, "L": number, "util": rate * laws.mean(service)}


def branches_exponential(rate: float, branches: int, service: float, most: int) -> Answers:
    """Return branches M/M/1: an order is there as long as any of its tasks (a chain)."""

    def moves(state: tuple[int, ...]) -> list[tuple[float, tuple[int, ...]]]:
        full = max(state) == most
        ways = [(0.0 if full else rate, tuple(tasks + 1 for tasks in state))]
        for at, tasks in enumerate(state):
            left = (*state[:at], tasks - 1, *state[at + 1 :])
            ways.append((1.0 / service if tasks else 0.0, tuple(sorted(left))))
        return ways

    p = long_run((0,) * branches, moves)
    number = sum(max(state) * share for state, share in p.items())
    return {"W": number / rate, "L": number, "util": rate * service}


def branches_alike(rate: float, servers: int, time: float) -> Answers:
    """Return branches of one constant time: they all do the same at once, as M/D/c."""
    here = m_d_c(rate, servers, time)
    return {metric: here[metric] for metric in ("W", "L", "util")}


def branches_unhurried(rate: float, branches: int, servers: int, service: float) -> Answers:
    """Return branches where nobody waits: the longest of exponential times, a harmonic sum."""
    if m_m_c(rate, servers, service)["p_wait"] > 1e-6:
        raise ValueError("there should be so many servers that nobody waits")
    stay = service * sum(1.0 / k for k in range(1, branches + 1))
    return {"W": stay, "L": rate * stay, "util": rate * service / servers}


def batches(rate: float, size: int, servers: int, service: Law, most: int = 400) -> Answers:
    """Return batches of ``size`` orders: E_size/G/c.

    Constant times: every (size x servers)-th order meets the same server, and so meets what it
    would in M/D/(size x servers) (Iversen 1983). Erlang times: a chain of how many orders wait for
    a batch, how many batches wait, and the phases that are left of the served.
    """
    form = (size - 1) / (2.0 * rate)
    if service["type"] == "deterministic":
        wait = m_d_c(rate, size * servers, laws.mean(service))["Wq"]
    else:
        wait = _erlang_batches(rate, size, servers, service, most)
    stay = form + wait + laws.mean(service)
    return {
        "batch_form_wait": form,
        "Wq_batch": wait,
        "W": stay,
        "L": rate * stay,
        "util": rate / size * laws.mean(service) / servers,
    }


def _erlang_batches(rate: float, size: int, servers: int, service: Law, most: int) -> float:
    stages = laws.phases(service)
    speed = stages / laws.mean(service)

    def moves(state: tuple[int, ...]) -> list[tuple[float, tuple[int, ...]]]:
        # state: orders without a batch, batches that wait, those served by phases left
        loose, line, served = state[0], state[1], list(state[2:])
        ways: list[tuple[float, tuple[int, ...]]] = []
        if loose + 1 < size:
            ways.append((rate, (loose + 1, line, *served)))
        elif sum(served) < servers:
            ways.append((rate, (0, 0, *served[:-1], served[-1] + 1)))
        elif line < most:
            ways.append((rate, (0, line + 1, *served)))
        for phase, jobs in enumerate(served):
            after = served.copy()
            after[phase] -= 1
            if phase > 0:
                after[phase - 1] += 1
            elif line:
                after[-1] += 1
            left = line - 1 if line and phase == 0 else line
            ways.append((jobs * speed, (loose, left, *after)))
        return ways

    p = long_run((0,) * (stages + 2), moves)
    return sum(state[1] * share for state, share in p.items()) / (rate / size)


def repair(machines: int, repairers: int, up: float, mend: Law) -> Answers:
    """Return machines under repair, ``up`` the mean of any law (product form, BCMP 1975).

    Exponential repairs: birth and death. Erlang repairs, exponential times up: a chain.
    """
    if laws.cv(mend) == 1.0:
        n = np.arange(machines)
        shares = birth_death((machines - n) / up, np.minimum(n + 1, repairers) / laws.mean(mend))
        down = np.arange(machines + 1)
        return _repair_answers(
            machines,
            repairers,
            mend,
            float(down @ shares),
            float(np.maximum(down - repairers, 0) @ shares),
        )
    stages = laws.phases(mend)
    speed = stages / laws.mean(mend)

    def moves(state: tuple[int, ...]) -> list[tuple[float, tuple[int, ...]]]:
        line, served = state[0], list(state[1:])
        working = machines - line - sum(served)
        ways: list[tuple[float, tuple[int, ...]]] = []
        if sum(served) < repairers:
            ways.append((working / up, (0, *served[:-1], served[-1] + 1)))
        else:
            ways.append((working / up, (line + 1, *served)))
        for phase, jobs in enumerate(served):
            after = served.copy()
            after[phase] -= 1
            if phase > 0:
                after[phase - 1] += 1
            elif line:
                after[-1] += 1
            left = line - 1 if line and phase == 0 else line
            ways.append((jobs * speed, (left, *after)))
        return ways

    p = long_run((0,) * (stages + 1), moves)
    return _repair_answers(
        machines,
        repairers,
        mend,
        sum(sum(state) * share for state, share in p.items()),
        sum(state[0] * share for state, share in p.items()),
    )


def repair_at_once(machines: int, repairers: int, up: Law, mend: Law) -> Answers:
    """Return a repairer for each machine: it works for its share of a cycle, whatever the laws."""
    if repairers < machines:
        raise ValueError("there should be a repairer for each machine")
    broken = laws.mean(mend) / (laws.mean(up) + laws.mean(mend))
    answers = _repair_answers(machines, repairers, mend, machines * broken, 0.0)
    del answers["Wq_repair"]
    return answers


def _repair_answers(
    machines: int, repairers: int, mend: Law, down: float, waiting: float
) -> Answers:
    mended = (down - waiting) / laws.mean(mend)
    return {
        "L_down": down,
        "availability": 1.0 - down / machines,
        "Wq_repair": waiting / mended,
        "util": (down - waiting) / repairers,
        "throughput": mended,
    }


def skills(
    rates: Mapping[str, float],
    servers: Sequence[tuple[str, Mapping[str, float], Sequence[str]]],
    assign: Mapping[str, Sequence[str]],
    most: int = 100,
) -> Answers:
    """Return cross-trained servers with exponential times: name, mean of each skill, order.

    An arrival takes the first of its class's servers that is idle. A server that becomes free
    takes the longest waiting of the first class of its order that has anybody waiting.
    """
    classes = list(rates)
    names = [name for name, _, _ in servers]

    def moves(state: tuple[tuple[int, ...], tuple[str, ...]]) -> list[tuple[float, object]]:
        lines, work = state
        ways: list[tuple[float, object]] = []
        for at, kind in enumerate(classes):
            idle = [name for name in assign[kind] if not work[names.index(name)]]
            if idle:
                who = names.index(idle[0])
                ways.append((rates[kind], (lines, _with(work, who, kind))))
            elif lines[at] < most:
                ways.append((rates[kind], (_with(lines, at, lines[at] + 1), work)))
        for who, (_, means, order) in enumerate(servers):
            if not work[who]:
                continue
            waiting = [kind for kind in order if lines[classes.index(kind)]]
            if waiting:
                at = classes.index(waiting[0])
                after = (_with(lines, at, lines[at] - 1), _with(work, who, waiting[0]))
            else:
                after = (lines, _with(work, who, ""))
            ways.append((1.0 / means[work[who]], after))
        return ways

    start = ((0,) * len(classes), ("",) * len(servers))
    p = long_run(start, moves)  # type: ignore[arg-type]
    answers: Answers = {}
    total = number = 0.0
    for at, kind in enumerate(classes):
        line = sum(lines[at] * share for (lines, _), share in p.items())
        served = sum(work.count(kind) * share for (_, work), share in p.items())
        answers[f"Wq:{kind}"] = line / rates[kind]
        answers[f"W:{kind}"] = (line + served) / rates[kind]
        total += line
        number += line + served
    for who, name in enumerate(names):
        answers[f"util:{name}"] = sum(share for (_, work), share in p.items() if work[who])
    entered = math.fsum(rates.values())
    return answers | {"Wq": total / entered, "W": number / entered, "Lq": total, "L": number}


def _with(values: tuple, at: int, value: object) -> tuple:  # type: ignore[type-arg]
    return (*values[:at], value, *values[at + 1 :])
