"""Accuracy of stock records against the exact result for units that vanish one by one.

A SKU loses a unit at the times of a Poisson process of rate a and is counted every T: its books are
right until the first loss after a count, so for E[min(X, T)] of the T, X exponential: a share of
(1 - exp(-aT)) / (aT) of the time. A count finds them right with the chance exp(-aT).
"""

from __future__ import annotations

import math

import pytest

from sim.engine.setting import prepare
from sim.kpis.account import Account
from sim.kpis.records import (
    phantom_stock_rate,
    record_accuracy_at_counts_rate,
    record_accuracy_rate,
    shrinkage_units,
)
from sim.kpis.slices import Window
from sim.kpis.tables import Tables
from sim.scenario.schema import ROLES, Scenario
from tests.sim.engine.playing import EVERY_DAY, record, scenario_of
from tests.theory.interval import Estimate, assert_reproduces
from tests.theory.systems import NOTHING

REPLICATIONS = 10
SKUS, DAYS = 100, 60.0
LOSSES_PER_DAY, COUNT_DAYS = 0.25, 4.0
LOST = LOSSES_PER_DAY * COUNT_DAYS


def house() -> Scenario:
    """Return a house of plenty, in which hardly anything is sold and counts take no time."""
    return scenario_of(
        run={"warm_up_days": COUNT_DAYS, "horizon_days": DAYS, "cool_down_days": 0.0},
        orders={"per_day": 1.0},
        items={"count": SKUS, "categories": {"all": {"return_rate": 0.0}}},
        stock={"order_days": 1e6, "opening": "full"},
        returns={"late_return_extra": 0.0},
        packing={"damage_rate": 0.0, "label_s": NOTHING},
        records={
            "shrinkage_units_per_sku_day": LOSSES_PER_DAY,
            "count_every_days": dict.fromkeys("abc", COUNT_DAYS),
            "count_s_per_sku": 0.0,
            "count_s_per_unit": 0.0,
        },
        staff={
            "always": {
                "days": EVERY_DAY, "start": "00:00", "end": "24:00", **dict.fromkeys(ROLES, 1),
            }
        },
    )  # fmt: skip


@pytest.mark.slow
def test_books_are_right_as_long_as_theory_says() -> None:
    """The share of the time, the share of the counts, and the number of losses."""
    scenario = house()
    setting = prepare(scenario, {})
    window = Window(COUNT_DAYS * 86_400.0, (COUNT_DAYS + DAYS) * 86_400.0)
    accuracy, at_counts, losses = [], [], []
    for replication in range(REPLICATIONS):
        played = record(scenario, replication, setting=setting)
        tables = Tables(played.book.demand, setting.catalogue, window)
        tables.add(played.log)
        account = Account(tables, scenario)
        shares = record_accuracy_rate(account), record_accuracy_at_counts_rate(account)
        lost, phantom = shrinkage_units(account), phantom_stock_rate(account)
        assert None not in (*shares, lost, phantom)
        accuracy.append(float(shares[0] or 0.0))
        at_counts.append(float(shares[1] or 0.0))
        losses.append(float(lost or 0.0))
        assert phantom == pytest.approx(1.0 - accuracy[-1]), "books only ever say too much"

    assert_reproduces(Estimate.of(accuracy), (1.0 - math.exp(-LOST)) / LOST, 0.02)
    assert_reproduces(Estimate.of(at_counts), math.exp(-LOST), 0.05)
    assert_reproduces(Estimate.of(losses), SKUS * DAYS * LOSSES_PER_DAY, 0.03)
