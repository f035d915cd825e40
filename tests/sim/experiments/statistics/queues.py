"""Queues by recursion, many runs side by side: what the statistics are judged on.

Own short code that shares nothing with the simulator. All servers together serve one order a unit
of time, and orders come at the rate of the load.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Law = Callable[[np.random.Generator, tuple[int, ...]], Floats]
"""Draws of mean 1."""


def exponential(rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    """Draw with squared coefficient of variation 1."""
    return rng.standard_exponential(shape)


def erlang(phases: int) -> Law:
    """Draw with squared coefficient of variation 1 / phases."""

    def draw(rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
        return rng.standard_gamma(phases, shape) / phases

    return draw


def hyperexponential(scv: float) -> Law:
    """Draw from two exponential laws of balanced means; variation scv > 1."""
    share = 0.5 * (1.0 + np.sqrt((scv - 1.0) / (scv + 1.0)))

    def draw(rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
        first = rng.random(shape) < share
        scale = np.where(first, 0.5 / share, 0.5 / (1.0 - share))
        drawn: Floats = rng.standard_exponential(shape) * scale
        return drawn

    return draw


def waits(
    rng: np.random.Generator,
    runs: int,
    orders: int,
    load: float,
    servers: int = 1,
    service: Law = exponential,
    gaps: Law = exponential,
) -> tuple[Floats, Floats, Floats]:
    """Return arrivals, waits and services, orders x runs, all starting empty.

    One server by Lindley (1952), W' = max(0, W + S - T); several by the next server to be free
    (Kiefer, Wolfowitz 1955).
    """
    arrive = np.cumsum(gaps(rng, (orders, runs)) / load, axis=0)
    serve = service(rng, (orders, runs)) * servers
    wait = np.empty((orders, runs))
    if servers == 1:
        steps = serve[:-1] - np.diff(arrive, axis=0)
        walk = np.concatenate([np.zeros((1, runs)), np.cumsum(steps, axis=0)])
        wait[:] = walk - np.minimum.accumulate(walk, axis=0)
        return arrive, wait, serve
    free = np.zeros((servers, runs))
    every = np.arange(runs)
    for n in range(orders):
        soonest = free.argmin(axis=0)
        begin = np.maximum(free[soonest, every], arrive[n])
        wait[n] = begin - arrive[n]
        free[soonest, every] = begin + serve[n]
    return arrive, wait, serve


def mean_wait(load: float, servers: int = 1, service_scv: float = 1.0) -> float:
    """Return the exact mean wait: Pollaczek-Khinchine, or Erlang C for several servers."""
    if servers == 1:
        return load * (1.0 + service_scv) / (2.0 * (1.0 - load))
    blocked = 1.0
    for n in range(1, servers + 1):  # Erlang B by recursion
        blocked = load * servers * blocked / (n + load * servers * blocked)
    return blocked / (1.0 - load * (1.0 - blocked)) / (1.0 - load)


def autoregressive(rng: np.random.Generator, runs: int, n: int, phi: float, start: float) -> Floats:
    """Return runs x n numbers x' = phi x + normal, after ``start``; their mean tends to 0."""
    from scipy.signal import lfilter

    noise = rng.standard_normal((runs, n))
    series: Floats = lfilter([1.0], [1.0, -phi], noise, zi=np.full((runs, 1), phi * start))[0]
    return series
