"""The cheapest week of one person, against all their weeks."""

from __future__ import annotations

import numpy as np
import pytest

from optimize.rostering.activities.arrays import fixed_of, roster_of, state_of
from optimize.rostering.activities.kernels.search import insert
from tests.optimize.rostering.activities.small import drawn, intervals_of, weeks_of


@pytest.mark.parametrize("seed", range(40))
def test_the_week_of_one_person_is_the_cheapest_of_all(seed: int) -> None:
    """The week of one person is the cheapest of all that keep the rules."""
    problem = drawn(seed, days=3 if seed % 2 else 2, tasks=1 if seed % 2 else 2)
    fixed = fixed_of(problem)
    state = state_of(fixed, seed)
    luck = np.random.default_rng(seed)
    state.cover[:] = luck.integers(0, 5, state.cover.shape)
    state.weights[:] = luck.integers(1, 20, state.cover.shape)
    above = state.cover - problem.most
    prices = np.where(above >= 0, 2 * above + 1, 0)
    prices = np.where(state.cover < problem.least, -state.weights, prices)

    weeks = weeks_of(problem, problem.people[0])
    costs = [sum(prices[place] for place in intervals_of(problem, week)) for week in weeks]
    found = insert(fixed, state, 0, 0.0)

    assert found == min(costs, default=np.inf)
    if weeks:
        chosen = roster_of(problem, state.plan)[0]
        assert chosen in weeks
        assert sum(prices[place] for place in intervals_of(problem, chosen)) == found
