"""Stations that start empty, or whose arrivals or servers change: how many are there at a time."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tests.theory.exact_cases import laws
from tests.theory.exact_cases.chains import after_a_while
from tests.theory.exact_cases.laws import Law

Answers = dict[str, float]
Steps = tuple[Sequence[float], Sequence[float]]
"""Edges, and the values between them."""


def at(steps: Steps, time: float) -> float:
    """Return the value that holds up to ``time`` (at an edge: the one before it)."""
    edges, values = steps
    return next(v for edge, v in zip(edges[1:], values, strict=True) if time <= edge)


def exponential_station(
    rate: Steps,
    servers: Steps,
    service: float,
    times: Sequence[float],
    room: int = 500,
    patience: float = math.inf,
) -> Answers:
    """Return M(t)/M/c(t)/K + M from an empty start (Kolmogorov's forward equations).

    Who is sent back to the line when servers leave goes on later: an exponential rest is as good
    as new, so that numbers are a chain.
    """
    n = np.arange(room + 1)
    p = np.zeros(room + 1)
    p[0] = 1.0
    stops = sorted({*times, *(e for e in (*rate[0], *servers[0]) if 0.0 < e < max(times))})
    answers: dict[float, tuple[float, float]] = {}
    now = 0.0
    for stop in stops:
        c = at(servers, stop)
        up = np.full(room + 1, at(rate, stop))
        up[-1] = 0.0
        down = np.minimum(n, c) / service + np.maximum(n - c, 0) / patience
        p = after_a_while(p, up, down, stop - now)
        answers[stop] = (float(n @ p), float(p[n >= c].sum()))
        now = stop
    return {
        **{f"N_at:{time:g}": answers[time][0] for time in times},
        **{f"p_wait_at:{time:g}": answers[time][1] for time in times},
    }


def nobody_waits(rate: Steps, service: Law, times: Sequence[float]) -> Answers:
    """Return M(t)/G, servers for all: integral of rate(u) P(S > t - u) (Eick et al. 1993)."""
    edges, values = rate
    answers: Answers = {}
    for time in times:
        number = 0.0
        for start, end, value in zip(edges, edges[1:], values, strict=False):
            near, far = max(time - end, 0.0), max(time - start, 0.0)
            number += value * (laws.mean_up_to(service, far) - laws.mean_up_to(service, near))
        answers[f"N_at:{time:g}"] = number
    return answers
