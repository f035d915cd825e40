"""Markov chains: every state that can be reached, and how often each of them holds."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
State = TypeVar("State", bound=Hashable)


def long_run(
    start: State, moves: Callable[[State], Iterable[tuple[float, State]]]
) -> dict[State, float]:
    """Return the stationary probability of each state that can be reached from ``start``.

    Parameters
    ----------
    start : state
        Any state of the one class that is visited for ever.
    moves : callable
        Gives (rate, next state) for each way out of a state; a way back to itself counts nothing.

    """
    from scipy import sparse
    from scipy.sparse.linalg import spsolve

    number: dict[State, int] = {start: 0}
    states = [start]
    row: list[int] = []
    column: list[int] = []
    value: list[float] = []
    for state in states:  # grows while it is walked
        here = number[state]
        for rate, after in moves(state):
            if rate <= 0.0 or after == state:
                continue
            if after not in number:
                number[after] = len(states)
                states.append(after)
            row += [number[after], here]
            column += [here, here]
            value += [rate, -rate]
    size = len(states)
    balance = sparse.csc_matrix((value, (row, column)), shape=(size, size))
    # One state's probability is set to one and its balance left out; then all are scaled.
    rest = spsolve(balance[1:, 1:].tocsc(), -balance[1:, 0].toarray().ravel())
    weight = np.concatenate(([1.0], np.atleast_1d(rest)))
    return dict(zip(states, (weight / weight.sum()).tolist(), strict=True))


def long_run_of_steps(step: Floats) -> Floats:
    """Return the stationary law of a chain in discrete time; ``step[i, j]`` is P(i to j)."""
    size = len(step)
    balance = step.T - np.eye(size)
    balance[0] = 1.0
    right = np.zeros(size)
    right[0] = 1.0
    return np.asarray(np.linalg.solve(balance, right))


def birth_death(up: Floats, down: Floats) -> Floats:
    """Return the stationary law of a chain with rates ``up[n]`` to n + 1, ``down[n]`` back."""
    weight = np.concatenate(([0.0], np.cumsum(np.log(up) - np.log(down))))
    p = np.exp(weight - weight.max())
    return np.asarray(p / p.sum())


def after_a_while(p: Floats, up: Floats, down: Floats, time: float) -> Floats:
    """Return a birth-and-death chain's law ``time`` later (Kolmogorov's forward equations).

    ``up`` and ``down`` have an entry for each state: its rate to the next, to the one before.
    """
    from scipy import sparse
    from scipy.sparse.linalg import expm_multiply

    generator = sparse.csc_matrix(np.diag(up[:-1], -1) - np.diag(up + down) + np.diag(down[1:], 1))
    return np.asarray(expm_multiply(generator * time, p))
