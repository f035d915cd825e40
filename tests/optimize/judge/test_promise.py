"""A promise is certified by one-sided intervals, and wrongly so in at most one of twenty cases."""

from __future__ import annotations

import math

import numpy as np
import pytest

from optimize.judge.promise import Bound, Estimated, Promise, promise_of
from sim.scenario.schema import Target

RATE, HOURS = "on_time_ship_rate", "order_lead_time_p95_h"
BOTH = Promise((Bound(RATE, "at_least", 0.8), Bound(HOURS, "at_most", 120.0)))


def test_slack_is_how_much_a_bound_is_kept() -> None:
    """At least 0.8 is kept by 0.05 at 0.85, at most 120 by -3 at 123; undefined is missed."""
    assert BOTH.slacks({RATE: 0.85, HOURS: 123.0}) == pytest.approx((0.05, -3.0))
    assert BOTH.slacks({RATE: None, HOURS: 120.0}) == (-math.inf, 0.0)
    assert not BOTH.score([{RATE: None, HOURS: 1.0}] * 3).certified(0.05)


def test_the_interval_is_students() -> None:
    """0, 1, 2: mean 1, sd 1; the one-sided 95 % limit is 1 - 2.919986 / sqrt 3 (t table)."""
    assert Estimated(1.0, 1.0, 3).lower(0.05) == pytest.approx(1.0 - 2.919986 / math.sqrt(3))
    assert Estimated(1.0, 0.0, 1).lower(0.05) == -math.inf


def test_targets_are_a_promise() -> None:
    """Every bound of the targets counts, or of those named; a name without a target is refused."""
    targets = {RATE: Target(at_least=0.8), HOURS: Target(at_least=1.0, at_most=120.0)}

    assert promise_of(targets).words == (
        "on_time_ship_rate >= 0.8, order_lead_time_p95_h >= 1, order_lead_time_p95_h <= 120"
    )
    assert promise_of(targets, [RATE]).words == "on_time_ship_rate >= 0.8"
    with pytest.raises(ValueError, match="no target for 'walk'"):
        promise_of(targets, ["walk"])
    with pytest.raises(ValueError, match="without a bound"):
        promise_of({})
    with pytest.raises(ValueError, match="no KPI"):
        Bound("walk", "at_least", 1.0)


def test_a_plan_at_the_target_is_certified_in_one_of_twenty_cases() -> None:
    """At the target exactly the risk is 5 %: 20,000 plans of 10 replications, 5 sigma about it."""
    draws = np.random.default_rng(20261126).normal(0.8, 0.02, (20_000, 10))
    only = Promise((Bound(RATE, "at_least", 0.8),))

    given = sum(only.score([{RATE: x} for x in row]).certified(0.05) for row in draws.tolist())

    assert abs(given / 20_000 - 0.05) < 5 * math.sqrt(0.05 * 0.95 / 20_000)


def test_of_two_bounds_the_broken_one_decides() -> None:
    """One bound kept by far, one broken by a hair: still at most 5 % are certified."""
    rng = np.random.default_rng(7)
    rates, hours = rng.normal(0.7999, 0.02, (10_000, 10)), rng.normal(100.0, 1.0, (10_000, 10))

    given = sum(
        BOTH.score([{RATE: x, HOURS: y} for x, y in zip(*pair, strict=True)]).certified(0.05)
        for pair in zip(rates.tolist(), hours.tolist(), strict=True)
    )

    assert given / 10_000 < 0.05 + 5 * math.sqrt(0.05 * 0.95 / 10_000)
    assert given > 0


def test_four_attempts_share_the_risk() -> None:
    """A plan at the target that gets four attempts with fresh luck passes in at most 5 %."""
    rng = np.random.default_rng(11)
    only = Promise((Bound(RATE, "at_least", 0.8),))

    def passes() -> bool:
        return any(
            only.score([{RATE: x} for x in rng.normal(0.8, 0.02, 10).tolist()]).certified(
                0.05 / 2.0**attempt
            )
            for attempt in range(1, 5)
        )

    given = sum(passes() for _ in range(5_000)) / 5_000

    assert 0.025 < given < 0.05 + 5 * math.sqrt(0.05 * 0.95 / 5_000)
