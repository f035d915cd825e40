"""People's luck is their own."""

from __future__ import annotations

import numpy as np
import pytest

from sim.orders.people import missed_days, own_paces

NAMES = [f"early/pickers/{place}" for place in range(4000)]


def test_nobody_s_luck_depends_on_how_many_there_are() -> None:
    """The first three of ten have the paces of a crew of three."""
    three = own_paces(NAMES[:3], 0.2, seed=1, replication=0)

    assert own_paces(NAMES[:10], 0.2, seed=1, replication=0)[:3] == three
    assert len(set(three)) == 3


def test_a_longer_run_begins_with_the_absences_of_the_shorter_one() -> None:
    """What happens on the first days does not depend on how long is played."""
    short = missed_days(NAMES[0], 0.3, 10, seed=1, replication=0)
    longer = missed_days(NAMES[0], 0.3, 50, seed=1, replication=0)

    assert len(short) == 11
    assert np.array_equal(longer[:11], short)


def test_a_higher_rate_takes_no_absence_away() -> None:
    """Whoever misses a day at 10 % misses it at 20 % too."""
    few = missed_days(NAMES[0], 0.1, 400, seed=1, replication=0)
    many = missed_days(NAMES[0], 0.2, 400, seed=1, replication=0)

    assert few.any()
    assert np.all(many[few])
    assert np.count_nonzero(many) > np.count_nonzero(few)


def test_the_share_of_missed_days_is_the_rate() -> None:
    """20,000 shifts of 50 people at 10 %: within 4 standard deviations, a false alarm in 16,000."""
    missed = [missed_days(name, 0.1, 399, seed=7, replication=0) for name in NAMES[:50]]

    assert np.mean(missed) == pytest.approx(0.1, abs=4 * (0.09 / 20_000) ** 0.5)


def test_speeds_have_the_mean_1_and_the_spread_asked_for() -> None:
    """4,000 people with a spread of 0.25: mean speed 1 and spread within 4 standard errors."""
    speeds = 1.0 / np.array(own_paces(NAMES, 0.25, seed=7, replication=0))

    assert speeds.mean() == pytest.approx(1.0, abs=4 * 0.25 / 4000**0.5)
    # a lognormal sd has a standard error of about 0.25 x sqrt((kurtosis - 1) / 4 / n), kurtosis 4.1
    assert speeds.std() == pytest.approx(0.25, abs=4 * 0.25 * (3.1 / 4 / 4000) ** 0.5)


def test_without_spread_all_work_alike() -> None:
    """A spread of 0 draws nothing: everybody's pace is exactly 1."""
    assert own_paces(NAMES[:5], 0.0, seed=1, replication=0) == [1.0] * 5


@pytest.mark.parametrize("cv", [0.0, 0.2])
def test_a_slow_day_makes_everybody_slower_by_the_same_share(cv: float) -> None:
    """At half the pace each person takes twice their own time."""
    usual = own_paces(NAMES[:5], cv, seed=1, replication=0)
    slow = own_paces(NAMES[:5], cv, seed=1, replication=0, mean=0.5)

    assert slow == [2.0 * pace for pace in usual]
