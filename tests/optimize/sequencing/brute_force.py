"""The best plan of a few batches, by trying all of them, and random problems to try it on."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations, product

import numpy as np
from hypothesis import strategies as st

from optimize.sequencing.check import cost_of, overtime_of
from optimize.sequencing.problem import (
    OBJECTIVES,
    Batch,
    Due,
    Objective,
    Picker,
    Problem,
    Sequences,
    timed,
)


def all_sequences(batches: int, pickers: int) -> Iterator[Sequences]:
    """Yield every way to share out batches and to order them."""
    for owners in product(range(pickers), repeat=batches):
        rows = [[b for b in range(batches) if owners[b] == p] for p in range(pickers)]
        for ordered in product(*(permutations(row) for row in rows)):
            yield tuple(ordered)


def best_price(problem: Problem) -> tuple[int, int, int]:
    """Return overtime, cost and sum of ends of the best plan, the first counting first."""
    best = None
    for sequences in all_sequences(len(problem.batches), len(problem.pickers)):
        stints = timed(problem, sequences)
        price = (
            overtime_of(problem, stints),
            cost_of(problem, stints),
            sum(stint.end_s for stint in stints),
        )
        best = price if best is None else min(best, price)
    assert best is not None
    return best


def random_problem(
    batches: int, pickers: int, seed: int, objective: Objective = "tardiness"
) -> Problem:
    """Return batches with releases, two due dates each and weights, clashing enough to be late."""
    rng = np.random.default_rng(seed)
    time_s = rng.integers(1, 30, batches)
    release_s = rng.integers(0, 40, batches)
    slack_s = rng.integers(0, 40, (batches, 2))
    weight = rng.integers(1, 5, (batches, 2))
    made = tuple(
        Batch(
            int(time_s[b]),
            tuple(
                Due(int(release_s[b] + time_s[b] + slack_s[b, d]), int(weight[b, d]))
                for d in range(2)
            ),
            int(release_s[b]),
        )
        for b in range(batches)
    )
    return Problem(made, tuple(Picker(5 * p) for p in range(pickers)), objective)


def problems(most_batches: int = 5, most_pickers: int = 2) -> st.SearchStrategy[Problem]:
    """Return any small problems, with shifts and repeated numbers."""
    due = st.builds(Due, st.integers(-5, 60), st.integers(0, 4))
    batch = st.builds(
        Batch, st.integers(1, 20), st.lists(due, min_size=1, max_size=3).map(tuple),
        st.integers(0, 25),
    )  # fmt: skip
    picker = st.integers(0, 20).flatmap(
        lambda from_s: st.builds(
            Picker, st.just(from_s), st.none() | st.integers(from_s, from_s + 60)
        )
    )
    return st.builds(
        Problem,
        st.lists(batch, min_size=1, max_size=most_batches).map(tuple),
        st.lists(picker, min_size=1, max_size=most_pickers).map(tuple),
        st.sampled_from(OBJECTIVES),
    )
