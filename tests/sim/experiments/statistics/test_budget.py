from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiments.statistics.budget import (
    chance_of_right_choice,
    next_replications,
    ocba_shares,
)


def test_the_shares_by_hand() -> None:
    """Means 1 2 3 5, deviations 1 1 2 2.

    Others (s / d)^2: 1, 1, 1/4. The best: 1 sqrt(1 / 1 + 1 / 4 + (1/16) / 4) = sqrt(81 / 64) = 9/8.
    In all 27/8.
    """
    shares = ocba_shares([1.0, 2.0, 3.0, 5.0], [1.0, 1.0, 2.0, 2.0])

    assert shares == pytest.approx([9 / 27, 8 / 27, 8 / 27, 2 / 27])


def test_high_is_better_turns_the_shares() -> None:
    """The best is the largest mean then; the ratio of the others follows (s / d)^2."""
    shares = ocba_shares([1.0, 4.0, 5.0], [2.0, 1.0, 1.0], "high")

    assert shares[0] / shares[1] == pytest.approx((2.0 / 4.0) ** 2 / (1.0 / 1.0) ** 2)
    assert shares[2] == pytest.approx(math.sqrt(shares[0] ** 2 / 4.0 + shares[1] ** 2))


MEANS = st.lists(st.floats(-100.0, 100.0), min_size=2, max_size=8, unique=True)


@given(MEANS, st.data(), st.integers(0, 500))
def test_every_replication_is_given(means: list[float], data: st.DataObject, more: int) -> None:
    """Shares add up to 1; the next replications add up to what there is, none negative."""
    n = len(means)
    sds = data.draw(st.lists(st.floats(0.0, 10.0), min_size=n, max_size=n))
    played = data.draw(st.lists(st.integers(2, 50), min_size=n, max_size=n))

    shares = ocba_shares(means, sds, smallest=0.01)
    given_now = next_replications(means, sds, played, more, smallest=0.01)

    assert math.fsum(shares.tolist()) == pytest.approx(1.0)
    assert sum(given_now) == more
    assert min(given_now) >= 0


def test_steps_lead_to_the_shares() -> None:
    """With a large step the replications in all stand as the shares do."""
    means, sds = [1.0, 2.0, 3.0], [1.0, 1.0, 2.0]

    step = next_replications(means, sds, [10, 10, 10], 100_000)

    whole = [10 + n for n in step]
    assert np.array(whole) / sum(whole) == pytest.approx(ocba_shares(means, sds), abs=2e-5)


def test_who_has_too_many_gets_none() -> None:
    """A policy that is far above its share waits for the others."""
    step = next_replications([1.0, 2.0, 50.0], [1.0, 1.0, 1.0], [10, 10, 500], 20)

    assert step[2] == 0
    assert sum(step) == 20


def test_nothing_that_varies_is_divided_evenly() -> None:
    """Without any spread every division is as good."""
    assert next_replications([1.0, 2.0], [0.0, 0.0], [2, 2], 10) == [5, 5]


def test_a_tie_needs_a_smallest_difference() -> None:
    """Two equal best would get everything; with a smallest difference they share."""
    with pytest.raises(ValueError, match="policy 1 equal to the best"):
        ocba_shares([1.0, 1.0, 2.0], [1.0, 1.0, 1.0])

    shares = ocba_shares([1.0, 1.0, 2.0], [1.0, 1.0, 1.0], smallest=0.5)

    assert shares[1] / shares[2] == pytest.approx((1.0 / 0.5) ** 2)


def test_the_chance_by_hand() -> None:
    """Two policies 1 apart, deviation 1, 8 replications each: Phi(1 / sqrt(1/4)) = Phi(2)."""
    chance = chance_of_right_choice([1.0, 2.0], [1.0, 1.0], [8, 8])

    assert chance == pytest.approx(0.5 * math.erfc(-2.0 / math.sqrt(2.0)))
    assert chance_of_right_choice([1.0, 2.0], [0.0, 0.0], [2, 2]) == 1.0
    assert chance_of_right_choice([1.0, 1.0, 1.0, 1.0], [1.0] * 4, [9] * 4) == 0.0


def test_the_budget_is_spent_better_than_evenly() -> None:
    """Ten policies, best 0, others 1 to 9, deviation 6, 400 replications: more right than evenly.

    Over 300 budgets; the difference is several deviations wide.
    """
    draws = np.random.Generator(np.random.Philox(3))
    truth, right_even, right = np.arange(10.0), 0, 0
    for _ in range(300):
        values = draws.normal(truth[:, np.newaxis], 6.0, (10, 400))
        right_even += int(values[:, :40].mean(axis=1).argmin() == 0)
        played = [10] * 10
        while sum(played) < 400:
            means = [values[k, : played[k]].mean() for k in range(10)]
            sds = [values[k, : played[k]].std(ddof=1) for k in range(10)]
            step = next_replications(means, sds, played, min(30, 400 - sum(played)))
            played = [n + m for n, m in zip(played, step, strict=True)]
        right += int(np.argmin([values[k, : played[k]].mean() for k in range(10)]) == 0)
        assert sum(played) == 400

    assert right > right_even + 15


def test_bad_input_is_refused() -> None:
    """Each message says what was found and what was expected."""
    with pytest.raises(ValueError, match="expected 2, all >= 0"):
        ocba_shares([1.0, 2.0], [1.0, -1.0])
    with pytest.raises(ValueError, match="means: found shape"):
        ocba_shares([1.0], [1.0])
    with pytest.raises(ValueError, match="numbers >= 2"):
        next_replications([1.0, 2.0], [1.0, 1.0], [1, 5], 10)
    with pytest.raises(ValueError, match="more: found -1"):
        next_replications([1.0, 2.0], [1.0, 1.0], [5, 5], -1)
    with pytest.raises(ValueError, match="equal lengths"):
        chance_of_right_choice([1.0, 2.0], [1.0, 1.0], [5, 5, 5])
