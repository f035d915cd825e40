from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from sim.errors import ScenarioError
from sim.orders.arrivals import (
    DAY_S,
    HOUR_S,
    arrivals,
    channel_times_s,
    cumulated_rate,
    hourly_rates,
)
from sim.scenario.schema import Scenario


def scenario(run: dict[str, Any] | None = None, **orders: object) -> Scenario:
    """Return a scenario of four weeks from a Monday without warm-up."""
    window = {"warm_up_days": 0.0, "horizon_days": 28.0, "cool_down_days": 0.0, "seed": 11}
    return Scenario.model_validate({"name": "t", "run": window | (run or {}), "orders": orders})


def test_counts_are_poisson() -> None:
    """Counts of 400 replications have the Poisson law's mean and variance, within their errors."""
    declared = scenario({"horizon_days": 7.0}, per_day=20.0)
    counts = np.array([len(channel_times_s(declared, "web", r)) for r in range(400)])
    expected = 140.0
    assert abs(counts.mean() - expected) < 4.5 * math.sqrt(expected / 400)
    # Index of dispersion: (n - 1) s^2 / mean is chi-square with n - 1 degrees of freedom.
    assert abs(counts.var(ddof=1) / expected - 1.0) < 4.5 * math.sqrt(2.0 / 399)


def test_an_ordinary_week_has_seven_times_the_daily_mean() -> None:
    """Whatever the profiles, a week of all channels expects 7 times per_day, to rounding."""
    declared = scenario(
        {"horizon_days": 7.0, "start_date": "2026-01-08"},
        per_day=1000.0,
        channels={
            "web": {"share": 0.7, "hourly_profile": [float(h) for h in range(24)]},
            "mail": {"share": 0.3, "weekday_profile": [9.0, 1.0, 0.0, 4.0, 0.0, 0.0, 2.0]},
        },
    )
    total = sum(cumulated_rate(declared, name)[1][-1] for name in ("web", "mail"))
    assert total == pytest.approx(7000.0, rel=1e-12)


def test_hours_of_the_week_follow_the_profile() -> None:
    """Orders of four weeks spread over the 168 hours of the week as the profiles say."""
    import scipy.stats

    declared = scenario(per_day=5000.0)
    times_s = channel_times_s(declared, "web", 0)
    seen = np.bincount((times_s // HOUR_S).astype(int) % 168, minlength=168)
    hours = np.array(declared.orders.hourly_profile)
    weekdays = np.array(declared.orders.weekday_profile)
    shares = np.outer(weekdays / weekdays.sum(), hours / hours.sum()).reshape(-1)
    assert scipy.stats.chisquare(seen, shares * len(times_s)).pvalue > 1e-4


def test_the_start_date_sets_the_weekday() -> None:
    """A run from a Saturday on begins with Saturday's rate: no orders if Saturdays have none."""
    profile = [1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 1.0]
    declared = scenario({"start_date": "2026-01-10"}, per_day=240.0, weekday_profile=profile)
    days = hourly_rates(declared, "web").reshape(-1, 24).sum(axis=1)
    assert days[:3] == pytest.approx([0.0, 280.0, 280.0])
    times_s = channel_times_s(declared, "web", 0)
    assert times_s[0] >= DAY_S
    assert not np.any((times_s // DAY_S).astype(int) % 7 == 0)


def test_months_and_promotions_multiply() -> None:
    """A promotion of factor 3 in a month of factor 2 brings six times the orders of its days."""
    months = [1.0] * 12
    months[1] = 2.0
    declared = scenario(
        {"start_date": "2026-01-30", "horizon_days": 5.0},
        per_day=100.0,
        weekday_profile=[1.0] * 7,
        monthly_profile=months,
        promotions={"sale": {"date": "2026-01-31", "days": 2, "factor": 3.0}},
    )
    days = hourly_rates(declared, "web").reshape(-1, 24).sum(axis=1)
    assert days == pytest.approx([100.0, 300.0, 600.0, 200.0, 200.0])


def test_a_promotion_that_began_before_the_run_still_counts() -> None:
    """Only its days inside the run are raised; one that is over raises nothing."""
    declared = scenario(
        {"start_date": "2026-01-05", "horizon_days": 3.0},
        per_day=100.0,
        weekday_profile=[1.0] * 7,
        promotions={
            "begun": {"date": "2026-01-03", "days": 3, "factor": 2.0},
            "over": {"date": "2025-12-24", "days": 2, "factor": 9.0},
        },
    )
    days = hourly_rates(declared, "web").reshape(-1, 24).sum(axis=1)
    assert days == pytest.approx([200.0, 100.0, 100.0])


def test_orders_stay_inside_the_played_days() -> None:
    """Warm-up, window and cool-down are played, parts of a day and of an hour included."""
    run = {"warm_up_days": 0.5, "horizon_days": 1.01, "cool_down_days": 0.25}
    declared = scenario(run, per_day=20_000.0, hourly_profile=[1.0] * 24)
    knots_s, expected = cumulated_rate(declared, "web")
    assert knots_s[-1] == pytest.approx(1.76 * DAY_S)
    assert len(knots_s) == len(expected) == 44
    times_s = channel_times_s(declared, "web", 0)
    assert 0.0 <= times_s[0] < 60.0
    assert 1.76 * DAY_S - 60.0 < times_s[-1] <= 1.76 * DAY_S


def test_another_channel_moves_no_order() -> None:
    """Adding a channel leaves the times of the others as they were."""
    channels = {"web": {"share": 0.5}, "mail": {"share": 0.5}}
    before = scenario(per_day=300.0, channels={"web": {"share": 0.5}})
    after = scenario(per_day=300.0, channels=channels)
    placed_s, channel = arrivals(after, 3)
    assert np.array_equal(placed_s[channel == 0], arrivals(before, 3)[0])
    assert np.all(np.diff(placed_s) >= 0.0)
    assert np.any(channel == 1)


def test_more_orders_a_day_only_add_times() -> None:
    """With twice the orders a day every time of before is still there."""
    few = channel_times_s(scenario(per_day=100.0), "web", 0)
    many = channel_times_s(scenario(per_day=200.0), "web", 0)
    assert len(many) > len(few)
    # The inverse of twice the cumulated rate rounds differently in the last digits.
    nearest = np.abs(many[np.clip(np.searchsorted(many, few), 1, len(many) - 1)] - few)
    below = np.abs(many[np.clip(np.searchsorted(many, few) - 1, 0, None)] - few)
    assert np.max(np.minimum(nearest, below)) < 1e-6


def test_replications_differ_and_repeat() -> None:
    """The same replication has the same times, another one others."""
    declared = scenario(per_day=50.0)
    first = channel_times_s(declared, "web", 0)
    assert np.array_equal(first, channel_times_s(declared, "web", 0))
    assert not np.array_equal(first[:20], channel_times_s(declared, "web", 1)[:20])


def test_a_channel_without_share_has_no_orders() -> None:
    """A share of 0 means no orders, not an error."""
    channels = {"web": {"share": 1.0}, "fax": {"share": 0.0}}
    assert not np.any(arrivals(scenario(channels=channels), 0)[1] == 1)


def test_a_profile_of_zeros_is_refused() -> None:
    """An hourly profile without any weight is named with its key."""
    channels = {"web": {"share": 1.0, "hourly_profile": [0.0] * 24}}
    with pytest.raises(ScenarioError, match=r"orders\.channels\.web\.hourly_profile"):
        arrivals(scenario(channels=channels), 0)
