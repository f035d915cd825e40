"""Erlang's queue M/M/c: the share of work that waits, that waits long, and people against both.

Sources: Erlang 1917; Cooper, Introduction to Queueing Theory, 2nd ed. (1981), section 3.4.
"""

from __future__ import annotations

import math


def erlang_c(load: float, people: int) -> float:
    """Return the share of work that waits in M/M/c (Erlang 1917, by way of his B formula).

    Parameters
    ----------
    load
        Offered load in people, at least 0.
    people
        c, at least 0; 1.0 is returned where ``people <= load``.
    """
    if load <= 0.0:
        return 0.0 if people else 1.0
    if people <= load:
        return 1.0
    blocked = 1.0
    for c in range(1, people + 1):
        blocked = load * blocked / (c + load * blocked)
    return people * blocked / (people - load * (1.0 - blocked))


def wait_tail(load: float, people: int, patience: float) -> float:
    """Return P(W > x) = C(c, a) exp(-(c - a) x / task) in M/M/c, first come, first served.

    Parameters
    ----------
    load, people
        See `erlang_c`.
    patience
        x in mean lengths of a task, at least 0.
    """
    return erlang_c(load, people) * math.exp(-max(0.0, people - load) * patience)


def people_for(load: float, wait_share: float, patience: float = 0.0) -> int:
    """Return the fewest people with whom at most ``wait_share`` of the work waits.

    Parameters
    ----------
    load
        Offered load in people, at least 0.
    wait_share
        Above 0, at most 1.
    patience
        Waiting up to so many mean lengths of a task does not count; at least 0.
    """
    if not (
        math.isfinite(load)
        and load >= 0.0
        and 0.0 < wait_share <= 1.0
        and 0.0 <= patience < math.inf
    ):
        raise ValueError(
            f"load {load!r} with a waiting share of {wait_share!r} beyond {patience!r} tasks"
        )
    if load == 0.0:
        return 0
    blocked, people = 1.0, 0
    while True:
        people += 1
        blocked = load * blocked / (people + load * blocked)
        if people > load:
            waits = people * blocked / (people - load * (1.0 - blocked))
            if waits * math.exp(-(people - load) * patience) <= wait_share:
                return people
