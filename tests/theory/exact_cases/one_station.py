"""One station with one kind of customers: limited room, patience, batches, vacations."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from tests.theory.exact_cases import laws
from tests.theory.exact_cases.chains import birth_death, long_run, long_run_of_steps
from tests.theory.exact_cases.laws import Law

Floats = npt.NDArray[np.float64]
Answers = dict[str, float]


def erlang_b(servers: int, load: float) -> float:
    """Return the blocking probability of M/G/c/c (Erlang 1917; insensitive to the law)."""
    blocked = 1.0
    for c in range(1, servers + 1):
        blocked = load * blocked / (c + load * blocked)
    return blocked


def erlang_c(servers: int, load: float) -> float:
    """Return the probability of waiting in M/M/c (Erlang 1917)."""
    blocked = erlang_b(servers, load)
    return blocked / (1.0 - load / servers * (1.0 - blocked))


def m_m_c(rate: float, servers: int, service: float) -> Answers:
    """Return M/M/c with room for all: Erlang C, and exponential waits of those who wait."""
    load = rate * service
    waits = erlang_c(servers, load)
    wait = waits * service / (servers - load)
    return {
        "p_wait": waits,
        "Wq": wait,
        "W": wait + service,
        "Lq": rate * wait,
        "L": rate * (wait + service),
        "util": load / servers,
    }


def m_m_c_tail(rate: float, servers: int, service: float, x: float) -> Answers:
    """Return P(wait > x) and P(sojourn > x) of M/M/c."""
    load, spare = rate * service, (servers - rate * service) / service
    waits, mu = erlang_c(servers, load), 1.0 / service
    late = waits * math.exp(-spare * x)
    if math.isclose(spare, mu):
        stays = math.exp(-mu * x) * (1.0 + waits * mu * x)
    else:
        both = waits * mu * (math.exp(-spare * x) - math.exp(-mu * x)) / (mu - spare)
        stays = math.exp(-mu * x) + both
    return {f"p_wait_gt:{x:g}": late, f"p_sojourn_gt:{x:g}": stays}


def m_m_c_room(
    rate: float,
    servers: int,
    service: float,
    room: int = 2000,
    patience: float = math.inf,
) -> Answers:
    """Return M/M/c/K + M: ``room`` places in all, exponential patience of those who wait.

    Waits are of those who entered, also of those who then left; shares are of all arrivals.
    """
    n = np.arange(room + 1)
    waiting = np.maximum(n - servers, 0)
    down = np.minimum(n, servers) / service + waiting / patience
    p = birth_death(np.full(room, rate), down[1:])
    entered = rate * (1.0 - p[-1])
    line, busy = float(waiting @ p), float(np.minimum(n, servers) @ p)
    return {
        "p_block": float(p[-1]),
        "p_abandon": line / patience / rate,
        "p_wait": float(p[servers:room].sum()),
        "L": float(n @ p),
        "Lq": line,
        "Wq": line / entered,
        "W": float(n @ p) / entered,
        "util": busy / servers,
        "throughput": busy / service,
    }


def m_m_c_patience(
    rate: float, servers: int, service: float, patience: Law, late: Sequence[float] = ()
) -> Answers:
    """Return M/M/c + G: each customer leaves the line when a patience of this law runs out.

    The wait V that a customer of endless patience would find has for v > 0 the density
    rate P(c - 1) exp(rate E[min(patience, v)] - c v / service) (Baccelli & Hebuterne 1981;
    Zeltyn & Mandelbaum 2005); a customer waits min(V, patience).
    """
    from scipy.integrate import quad

    def density(v: float) -> float:
        return math.exp(rate * laws.mean_up_to(patience, v) - servers * v / service)

    def integral(of: Callable[[float], float], start: float = 0.0) -> float:
        cut = laws.mean(patience)
        end = 200.0 * max(service, cut)
        edges = [start, *(e for e in (cut / 2, cut, 2 * cut, 4 * cut, 10 * cut) if e > start), end]
        return sum(
            quad(of, a, b, epsabs=1e-14, epsrel=1e-12, limit=400)[0] for a, b in pairwise(edges)
        )

    few = np.cumprod([1.0] + [rate * service / n for n in range(1, servers)])
    longer = rate * few[-1]
    total = float(few.sum()) + longer * integral(density)
    scale = longer / total
    waits = scale * integral(density)
    gone = scale * integral(lambda v: density(v) * (1.0 - laws.survival(patience, v)))
    wait = scale * integral(lambda v: density(v) * laws.mean_up_to(patience, v))
    served = rate * (1.0 - gone)
    return {
        "p_abandon": gone,
        "p_wait": waits,
        "Wq": wait,
        "W": wait + (1.0 - gone) * service,
        "Lq": rate * wait,
        "L": rate * wait + served * service,
        "util": served * service / servers,
        "throughput": served,
        **{
            f"p_wait_gt:{x:g}": scale * integral(density, x) * laws.survival(patience, x)
            for x in late
        },
    }


def m_g_1(rate: float, service: Law, vacation: Law | None = None) -> Answers:
    """Return M/G/1 (Pollaczek-Khinchine), with multiple vacations (Fuhrmann & Cooper 1985)."""
    busy = rate * laws.mean(service)
    wait = rate * laws.second_moment(service) / (2.0 * (1.0 - busy))
    if vacation is not None:
        wait += laws.second_moment(vacation) / (2.0 * laws.mean(vacation))
    stay = wait + laws.mean(service)
    return {
        "Wq": wait,
        "W": stay,
        "Lq": rate * wait,
        "L": rate * stay,
        "util": busy,
        "p_wait": busy if vacation is None else 1.0,
    }


def m_m_1_vacation_late(rate: float, service: float, vacation: float, x: float) -> float:
    """Return P(wait > x) of M/M/1 with exponential multiple vacations.

    The wait is that of M/M/1 and, independent of it, what is left of a vacation.
    """
    busy, spare, back = rate * service, 1.0 / service - rate, 1.0 / vacation
    both = (back * math.exp(-spare * x) - spare * math.exp(-back * x)) / (back - spare)
    return (1.0 - busy) * math.exp(-back * x) + busy * both


def m_g_1_room(rate: float, service: Law, room: int) -> Answers:
    """Return M/G/1/K: the chain seen by those who leave (Gross et al. 2008, section 5.1.8)."""
    arrivals = laws.poisson_counts(service, rate, room)
    step = np.zeros((room, room))
    for here in range(room):
        kept = max(here - 1, 0)
        step[here, kept:] = arrivals[: room - kept]
        step[here, -1] = 1.0 - step[here, :-1].sum()
    left = long_run_of_steps(step)
    busy = rate * laws.mean(service)
    open_share = 1.0 / (left[0] + busy)
    p = np.append(left * open_share, 1.0 - open_share)
    entered = rate * open_share
    number = float(np.arange(room + 1) @ p)
    line = number - (1.0 - float(p[0]))
    return {
        "p_block": float(p[-1]),
        "p_wait": float(p[1:-1].sum()),
        "L": number,
        "Lq": line,
        "Wq": line / entered,
        "W": number / entered,
        "util": 1.0 - float(p[0]),
        "throughput": entered,
    }


def m_d_c(
    rate: float, servers: int, service: float, late: Sequence[float] = (), most: int = 250
) -> Answers:
    """Return M/D/c: after one service all who were served are gone (Crommelin 1932).

    P(wait > x) after Franx (2001), A simple solution for the M/D/c waiting time distribution.
    """
    counts = laws.poisson_counts(laws.deterministic(service), rate, most)
    step = np.zeros((most + 1, most + 1))
    for here in range(most + 1):
        kept = max(here - servers, 0)
        step[here, kept:] = counts[: most + 1 - kept]
        step[here, -1] += 1.0 - step[here].sum()
    p = long_run_of_steps(step)
    n = np.arange(most + 1)
    line = float(np.maximum(n - servers, 0) @ p)
    answers = {
        "p_wait": float(p[servers:].sum()),
        "Wq": line / rate,
        "W": line / rate + service,
        "Lq": line,
        "L": line + rate * service,
        "util": rate * service / servers,
    }
    at_most = np.cumsum(p)  # P(at most so many in the system)
    for x in late:
        k = math.floor(x / service) + 1
        rest = laws.poisson_counts(laws.deterministic(k * service - x), rate, k * servers - 1)
        waiting = at_most[servers + np.arange(k * servers)]  # P(queue <= m)
        answers[f"p_wait_gt:{x:g}"] = 1.0 - float(rest @ waiting[::-1])
    return answers


def m_e_c(rate: float, servers: int, service: Law, most: int = 300) -> Answers:
    """Return M/E_k/c: how many are there, and how many phases each of the served has left."""
    stages = laws.phases(service)
    speed = stages / laws.mean(service)

    def moves(state: tuple[int, ...]) -> list[tuple[float, tuple[int, ...]]]:
        # state: waiting, then those served by phases left: 1 .. stages
        line, served = state[0], list(state[1:])
        ways: list[tuple[float, tuple[int, ...]]] = []
        if sum(served) < servers:
            ways.append((rate, (0, *served[:-1], served[-1] + 1)))
        elif line < most:
            ways.append((rate, (line + 1, *served)))
        for phase, people in enumerate(served):
            after = served.copy()
            after[phase] -= 1
            if phase > 0:
                after[phase - 1] += 1
                ways.append((people * speed, (line, *after)))
            elif line:
                after[-1] += 1
                ways.append((people * speed, (line - 1, *after)))
            else:
                ways.append((people * speed, (0, *after)))
        return ways

    p = long_run((0,) * (stages + 1), moves)
    line = sum(state[0] * share for state, share in p.items())
    mean = laws.mean(service)
    return {
        "p_wait": sum(share for state, share in p.items() if sum(state[1:]) == servers),
        "Wq": line / rate,
        "W": line / rate + mean,
        "Lq": line,
        "L": line + rate * mean,
        "util": rate * mean / servers,
    }


def batches_m_c(
    rate: float,
    batch: Mapping[int, float],
    servers: int,
    service: float,
    most: int = 1500,
) -> Answers:
    """Return M^X/M/c by cuts: up through n in batches = down from n + 1; per line of a batch."""
    biggest = max(batch)
    above = [sum(share for size, share in batch.items() if size > k) for k in range(biggest)]
    p = np.zeros(most + 1)
    p[0] = 1.0
    for here in range(most):
        up = sum(p[here - k] * above[k] for k in range(min(biggest, here + 1)))
        p[here + 1] = rate * up * service / min(here + 1, servers)
    p /= p.sum()
    n = np.arange(most + 1)
    lines = rate * sum(size * share for size, share in batch.items())
    line = float(np.maximum(n - servers, 0) @ p)
    # Of a batch that finds n, the lines that find fewer than c before them start at once.
    at_once = sum(
        share * sum(p[found] * min(size, servers - found) for found in range(servers))
        for size, share in batch.items()
    )
    return {
        "Wq": line / lines,
        "W": line / lines + service,
        "Lq": line,
        "L": float(n @ p),
        "p_wait": 1.0 - rate * at_once / lines,
        "util": lines * service / servers,
        "throughput": lines,
    }


def batches_g_1(rate: float, batch: Mapping[int, float], service: Law) -> Answers:
    """Return M^X/G/1 per line (Burke 1975): its batch waits, and it for lines before it."""
    size = sum(k * share for k, share in batch.items())
    size_2 = sum(k * k * share for k, share in batch.items())
    lines = rate * size
    busy = lines * laws.mean(service)
    before = (size_2 / size - 1.0) / 2.0 * laws.mean(service)
    wait = (lines * laws.second_moment(service) / 2.0 + before) / (1.0 - busy)
    stay = wait + laws.mean(service)
    return {"Wq": wait, "W": stay, "Lq": lines * wait, "L": lines * stay, "util": busy}


def unequal(rate: float, means: Sequence[float], most: int = 400) -> Answers:
    """Return servers of unequal exponential times, the fastest of the idle first (Gumbel 1960).

    ``most`` wait at once; who finds that many is lost.
    """
    order = sorted(range(len(means)), key=lambda i: means[i])

    def moves(state: tuple[int, frozenset[int]]) -> list[tuple[float, tuple[int, frozenset[int]]]]:
        line, busy = state
        idle = [i for i in order if i not in busy]
        ways = []
        if idle:
            ways.append((rate, (0, busy | {idle[0]})))
        elif line < most:
            ways.append((rate, (line + 1, busy)))
        ways += [
            (1.0 / means[i], (line - 1, busy) if line else (0, busy - {i})) for i in sorted(busy)
        ]
        return ways

    p = long_run((0, frozenset[int]()), moves)
    line = sum(n * share for (n, _), share in p.items())
    busy = [sum(share for (_, at), share in p.items() if i in at) for i in range(len(means))]
    number = line + sum(busy)
    full = sum(share for (n, at), share in p.items() if n == most and len(at) == len(means))
    entered = rate * (1.0 - full)
    return {
        "p_block": full,
        "L": number,
        "Lq": line,
        "Wq": line / entered,
        "W": number / entered,
        "p_wait": sum(share for (_, at), share in p.items() if len(at) == len(means)) - full,
        "util": sum(busy) / len(means),
        **{f"util:{i + 1}": share for i, share in enumerate(busy)},
    }
