"""Orders a day, hours, weekdays and months come back from histories drawn by known laws."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from sim.fitting.rhythm import REJECT, fit_rhythm, product_test
from tests.sim.fitting.histories import drawn_history, imported

FAR = 4.0
"""Standard errors within which a fitted figure lies: the chance of more is 6 in 100,000."""


def test_a_small_history_is_fitted_as_by_hand(tmp_path: Path) -> None:
    """Five orders on three days: level, weekdays and hours are those counted by hand."""
    days = ("2024-03-01 09:00:00", "2024-03-01 09:30:00", "2024-03-01 12:00:00")
    rows = [(k, time, "A", 1, "1.00", "c") for k, time in enumerate(days)]
    rows += [(8, "2024-03-02 09:00:00", "A", 1, "1.00", "c")]
    rows += [(9, "2024-03-03 23:59:59", "A", 1, "1.00", "c")]

    rhythm = fit_rhythm(imported(tmp_path / "h.csv", rows))

    # Friday 3, Saturday 1, Sunday 1: 5 / 3 a day; the other weekdays never were and count as 1.
    assert rhythm.per_day == pytest.approx(5 / 3)
    assert rhythm.weekdays == pytest.approx([1, 1, 1, 1, 9 / 5, 3 / 5, 3 / 5])
    assert {hour: count for hour, count in enumerate(rhythm.hours) if count} == {9: 3, 12: 1, 23: 1}
    assert rhythm.week[4 * 24 + 9] == 2
    assert rhythm.week.sum() == 5
    assert rhythm.months == pytest.approx(np.ones(12))
    assert not rhythm.product.rejects


def test_level_hours_and_weekdays_are_recovered(tmp_path: Path) -> None:
    """Orders a day and every hour and weekday lie within four standard errors of the truth."""
    history, declared = drawn_history(tmp_path, "orders.per_day=400")

    rhythm = fit_rhythm(history)

    assert abs(rhythm.per_day - 400.0) < FAR * rhythm.per_day_error
    # Poisson days: the dispersion is chi2 / df with 21 degrees of freedom, or 1.
    assert 1.0 <= rhythm.dispersion < 1.0 + FAR * math.sqrt(2.0 / 21.0)
    hours = np.array(declared.orders.hourly_profile)
    expected = hours / hours.sum() * rhythm.orders
    assert (np.abs(rhythm.hours - expected) < FAR * np.sqrt(expected)).all()
    weekdays = np.array(declared.orders.weekday_profile)
    weekdays = weekdays / weekdays.mean()
    assert (np.abs(rhythm.weekdays - weekdays) < FAR * np.sqrt(weekdays / (400.0 * 4))).all()
    assert not rhythm.product.rejects
    assert not rhythm.seasons.rejects
    assert rhythm.day_cv == 0.0


def test_good_and_bad_days_are_recovered(tmp_path: Path) -> None:
    """The scatter of 120 days lies within its error; the error of the level knows of it."""
    history, _ = drawn_history(tmp_path, "orders.per_day=60", "orders.day_cv=0.5", days=120)

    rhythm = fit_rhythm(history)

    assert rhythm.scatter.rejects
    # Spread of a variance over 120 days of a gamma factor with kurtosis 3 + 6 * 0.25, halved.
    assert abs(rhythm.day_cv - 0.5) < 4 * 0.5 / 2 * math.sqrt((2 + 6 * 0.25) / 120)
    assert abs(rhythm.per_day - 60.0) < FAR * rhythm.per_day_error
    # Variance 60 + 30^2 over 60.
    assert rhythm.dispersion == pytest.approx(16.0, rel=0.7)


def test_hours_that_differ_by_weekday_need_the_whole_week(tmp_path: Path) -> None:
    """A shop that sleeps in on Sundays is told from one that does not; its week comes back."""
    week = np.ones((7, 24))
    week[6, :12] = 0.1
    profile = str(week.ravel().tolist())

    history, _ = drawn_history(
        tmp_path, "orders.per_day=300", f"orders.channels.web.hour_of_week_profile={profile}"
    )
    rhythm = fit_rhythm(history)

    assert rhythm.product.rejects
    expected = week.ravel() / week.sum() * rhythm.week.sum()
    # Four weeks were seen: a mean of four Poisson numbers.
    assert (np.abs(rhythm.week - expected) < FAR * np.sqrt(expected / 4) + 1e-9).mean() > 0.99


def test_months_are_recovered_and_unseen_ones_are_1(tmp_path: Path) -> None:
    """Factors of the months seen lie within their errors, relative to each other."""
    months = [1.0, 0.5, 1.5, *[1.0] * 9]

    history, _ = drawn_history(
        tmp_path, "orders.per_day=60", f"orders.monthly_profile={months}",
        "run.start_date='2026-01-01'", days=90,
    )  # fmt: skip
    rhythm = fit_rhythm(history)

    assert rhythm.seasons.rejects
    assert rhythm.months[:3].mean() == pytest.approx(1.0)
    assert (np.abs(rhythm.months[:3] - months[:3]) < FAR * rhythm.month_errors[:3]).all()
    assert rhythm.months[3:].tolist() == [1.0] * 9
    assert np.isnan(rhythm.month_errors[3:]).all()


def test_the_product_test_is_pearsons() -> None:
    """A table of two weekdays and two hours: chi2 by hand, and an exact product has none."""
    table = np.zeros((7, 24))
    table[0, 8:10] = (30, 10)
    table[1, 8:10] = (20, 20)

    test = product_test(table)

    # Expected 25, 15, 25, 15: 4 terms of 25/25, 25/15, 25/25, 25/15.
    assert test.statistic == pytest.approx(2 + 10 / 3)
    assert test.freedom == 1
    assert test.chance == pytest.approx(math.erfc(math.sqrt(test.statistic / 2)))
    assert test.rejects == (test.chance < REJECT)
    assert product_test(np.outer(np.arange(1.0, 8.0), np.ones(24))).statistic == pytest.approx(0.0)
