"""Good and bad days: a factor on all orders of a day, with the variance that it should bring."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.orders.arrivals import arrivals, channel_times_s, days_luck
from sim.orders.streams import stream
from sim.scenario.loading import load
from sim.scenario.schema.scenario import Scenario

DAY_S = 86_400.0


def scenario(*settings: str, days: int = 400) -> Scenario:
    """Return the baseline with equal days and other values."""
    words = ["run.warm_up_days=0", f"run.horizon_days={days}", "run.cool_down_days=0",
             f"orders.weekday_profile={[1] * 7}", "orders.per_day=100",
             "orders.channels.phone.weekday_profile=null", *settings]  # fmt: skip
    return load("baseline", settings=words).scenario


def test_days_have_the_variance_of_a_mixed_poisson_law() -> None:
    """Mean m and factor spread c: variance m + (c m)^2; both by moments over 400 days."""
    placed_s, _ = arrivals(scenario("orders.day_cv=0.4"), 0)

    a_day = np.bincount((placed_s // DAY_S).astype(np.int64), minlength=400)
    variance = 100.0 + 40.0**2
    assert abs(a_day.mean() - 100.0) < 4 * math.sqrt(variance / 400)
    # A negative binomial count with shape 1/0.16 has a kurtosis near 3 + 6 * 0.16.
    error = variance * math.sqrt((2 + 6 * 0.16) / 400)
    assert abs(a_day.var(ddof=1) - variance) < 4 * error


def test_all_channels_have_the_same_good_days() -> None:
    """What a day brings, it brings to every channel: their counts go together."""
    placed_s, channel = arrivals(scenario("orders.day_cv=0.4"), 0)
    day = (placed_s // DAY_S).astype(np.int64)

    web, marketplace = (np.bincount(day[channel == k], minlength=400) for k in (0, 1))

    # Means 78 and 18: covariance (0.4 * 78) (0.4 * 18), standard deviations with Poisson parts.
    expected = 0.16 * 78 * 18 / math.sqrt((78 + 31.2**2) * (18 + 7.2**2))
    found = float(np.corrcoef(web, marketplace)[0, 1])
    assert abs(math.atanh(found) - math.atanh(expected)) < 4 / math.sqrt(397)


def test_without_scatter_nothing_is_drawn_and_nothing_moves() -> None:
    """The default is 0: times are those of a Poisson process, to the last bit."""
    plain = scenario(days=7)

    assert plain.orders.day_cv == 0.0
    again = scenario("orders.day_cv=0.0", days=7)
    assert channel_times_s(plain, "web", 0).tolist() == channel_times_s(again, "web", 0).tolist()


def test_a_vanishing_scatter_is_none() -> None:
    """A factor that is 1 to nine digits moves no order by more than a second."""
    plain, close = scenario(days=7), scenario("orders.day_cv=1e-9", days=7)

    assert days_luck(close, 0) == pytest.approx(np.ones(7), rel=1e-7)
    assert channel_times_s(close, "web", 0) == pytest.approx(
        channel_times_s(plain, "web", 0), abs=1.0
    )


def test_days_share_no_luck_with_a_channel_of_that_name() -> None:
    """A channel may be called day; its orders come from ``arrivals/day``."""
    shape = 1.0 / 0.4**2
    of_the_channel = stream(scenario().run.seed, "arrivals/day", 0).standard_gamma(shape, 400)

    of_the_days = days_luck(scenario("orders.day_cv=0.4"), 0)

    assert not np.any(of_the_days == of_the_channel * 0.4**2)
