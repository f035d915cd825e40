"""What integer programmes add to a search: the best orders of its best aisles, and proofs."""

from __future__ import annotations

import time

import numpy as np

from optimize.waves.arrays import Arrays
from optimize.waves.programme import best_wave
from optimize.waves.search import Search, Wave

PROOF_NODES = 300
"""Nodes of branch and bound for one programme that also chooses the aisles."""
FILL_NODES = 20
"""The same, when the aisles are given."""
ROUNDS = 20
"""Most programmes in a row; each has the ratio of the one before, and few are needed."""


def _left_s(until: float | None) -> float | None:
    return None if until is None else until - time.perf_counter()


def improved(search: Search, until: float | None) -> Wave | None:
    """Return the best wave of a search after each of its best sets of aisles is filled anew.

    Parameters
    ----------
    search
        A search that has run.
    until
        Reading of ``time.perf_counter`` at which to stop; None: none.
    """
    best = search.best
    sets = search.best_sets or [np.arange(len(search.state.chosen))]
    for aisles in reversed(sets):
        left_s = _left_s(until)
        if left_s is not None and left_s <= 0:
            break
        wave = best_wave(
            search.arrays, aisles, 0.0, search.lower, search.upper,
            all_aisles=True, nodes=FILL_NODES, limit_s=left_s,
        ).wave  # fmt: skip
        if wave is not None and (best is None or wave.ratio > best.ratio):
            best = wave
    return best


def proved(
    arrays: Arrays, wave: Wave, bound: float, lower: int, upper: int, until: float | None
) -> tuple[Wave, float]:
    """Return the best wave and a bound on all, equal if the wave is proven to be the best.

    While a wave with more units than the ratio of the best allows is found, it is the best
    (Dinkelbach 1967). If at most m more units are possible, no ratio exceeds the best one by more
    than m; with u units in k aisles, k m < 1 proves it, for k times the excess is a whole number.
    """
    pool = np.arange(len(arrays.aisles.first) - 1)
    for _ in range(ROUNDS):
        left_s = _left_s(until)
        if left_s is not None and left_s <= 0:
            break
        found = best_wave(
            arrays, pool, wave.ratio, lower, upper,
            all_aisles=False, nodes=PROOF_NODES, limit_s=left_s,
        )  # fmt: skip
        if found.most * len(wave.aisles) < 1 - 1e-6:
            return wave, wave.ratio
        bound = min(bound, wave.ratio + max(found.most, 0.0))
        if found.wave is None or found.wave.ratio <= wave.ratio:
            break
        wave = found.wave
    return wave, bound
