"""Payments against exact laws: how often one is asked, how long it takes, how many it loses."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from sim.log.facts import CancelReason, Fact
from tests.sim.engine.playing import EVERY_DAY, Record, record, scenario_of
from tests.theory.interval import Estimate, assert_reproduces

NOTHING = {"distribution": "deterministic", "value": 0.0}
ONE = {"distribution": "deterministic", "value": 1.0}
REPLICATIONS = 10
HOUR_S = 3600.0


def played(replication: int, **payment: Any) -> Record:
    """Play 2,000 orders of a house that does nothing but take money."""
    scenario = scenario_of(
        run={"warm_up_days": 0.0, "horizon_days": 2.0, "cool_down_days": 0.0},
        orders={"per_day": 1000.0, "lines_per_order": ONE, "units_per_line": ONE},
        items={"count": 1, "categories": {"all": {"return_rate": 0.0}}},
        entry={"automated_error_rate_per_line": 0.0},
        payment=payment,
        stock={"unlimited": True},
        picking={"time_s": NOTHING, "error_rate_per_line": 0.0},
        packing={"time_s": NOTHING, "label_s": NOTHING},
        shipping={"services": {"standard": {"continuous": True, "transit_days": NOTHING}}},
        follow_up={"share": 0.0},
        staff={
            "always": {
                "days": EVERY_DAY,
                "start": "00:00",
                "end": "24:00",
                "clerks": 2,
                "pickers": 9,
            }
        },
    )
    return record(scenario, replication)


def waits_h(of: Record) -> npt.NDArray[np.float64]:
    """Return the hours from entered to paid of every order that was paid."""
    waits: npt.NDArray[np.float64] = (of.first_s(Fact.PAID) - of.first_s(Fact.ENTERED)) / HOUR_S
    return waits[~np.isnan(waits)]


def test_attempts_are_geometric() -> None:
    """With declines d, giving up g and no limit on retries: attempts have mean 1 / (1 - d (1 - g)).

    The share that pays is (1 - d) / (1 - d (1 - g)).
    """
    d, g = 0.3, 0.39
    attempts, paying = [], []
    for replication in range(REPLICATIONS):
        of = played(replication, decline_rate=d, gives_up_share=g, retries=40, fraud_hold_share=0.0)
        declines = sum(row.value for row in of.rows(Fact.PAYMENT_DECLINED))
        paid, placed = of.count(Fact.PAID), of.count(Fact.PLACED)
        attempts.append((declines + paid) / placed)
        paying.append(paid / placed)

    again = d * (1.0 - g)
    assert_reproduces(Estimate.of(attempts), 1.0 / (1.0 - again), 0.02)
    assert_reproduces(Estimate.of(paying), (1.0 - d) / (1.0 - again), 0.02)


def test_the_delay_has_two_humps_of_known_mean() -> None:
    """Without declines the mean wait is (1 - instant share) x the mean of the slow law."""
    slow = {"distribution": "gamma", "mean": 18.0, "cv": 0.8}
    means = [
        float(
            np.mean(
                waits_h(
                    played(
                        replication,
                        instant_share=0.66,
                        slow_h=slow,
                        decline_rate=0.0,
                        fraud_hold_share=0.0,
                    )
                )
            )
        )
        for replication in range(REPLICATIONS)
    ]

    assert_reproduces(Estimate.of(means), 0.34 * 18.0, 0.05)


def test_olists_lags_come_back() -> None:
    """With a slow law of mean 30 h, cv 0.7: 63 % within an hour, 18 % above a day (as measured).

    Of first attempts; P(slow > h) is the gamma law's.
    """
    from scipy.stats import gamma

    slow = {"distribution": "gamma", "mean": 30.0, "cv": 0.7}
    rules: dict[str, Any] = {"instant_share": 0.66, "slow_h": slow, "fraud_hold_share": 0.0}
    within, above = [], []
    for replication in range(REPLICATIONS):
        of = played(replication, decline_rate=0.05, gives_up_share=1.0, **rules)
        waits = waits_h(of)
        within.append(float(np.count_nonzero(waits <= 1.0)) / of.count(Fact.PLACED))
        above.append(float(np.mean(waits > 24.0)))

    def late(hours: float) -> float:
        return float(gamma.sf(hours, 1.0 / 0.49, scale=30.0 * 0.49))

    assert_reproduces(Estimate.of(within), 0.95 * (1.0 - 0.34 * late(1.0)), 0.02)
    assert_reproduces(Estimate.of(above), 0.34 * late(24.0), 0.06)
    assert 0.95 * (1.0 - 0.34 * late(1.0)) == pytest.approx(0.63, abs=0.005)
    assert 0.34 * late(24.0) == pytest.approx(0.18, abs=0.005)


def test_rejections_are_the_product_of_two_shares() -> None:
    """A tenth is held and half of that rejected: one order in twenty."""
    rejected = []
    for replication in range(REPLICATIONS):
        of = played(
            replication,
            decline_rate=0.0,
            fraud_hold_share=0.1,
            fraud_reject_share=0.5,
            fraud_check_s=ONE,
        )
        reasons = [row.value for row in of.rows(Fact.CANCELLED)]
        assert set(reasons) == {float(CancelReason.FRAUD)}
        rejected.append(len(reasons) / of.count(Fact.PLACED))

    assert_reproduces(Estimate.of(rejected), 0.05, 0.12)


def test_bad_debt_is_its_share_of_what_is_on_account() -> None:
    """Half of the orders on account, of which a tenth never pays; of 20,000 within 4.5 errors."""
    invoiced = lost = placed = 0
    for replication in range(REPLICATIONS):
        of = played(
            replication, decline_rate=0.0, pay_later_share=0.5, bad_debt_share=0.1, retries=0
        )
        placed += of.count(Fact.PLACED)
        invoiced += of.count(Fact.INVOICED)
        lost += of.count(Fact.WRITTEN_OFF)

    assert abs(invoiced / placed - 0.5) < 4.5 * math.sqrt(0.25 / placed)
    assert abs(lost / invoiced - 0.1) < 4.5 * math.sqrt(0.09 / invoiced)
