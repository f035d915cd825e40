"""The laws of purchase orders find every fault."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.log.facts import Fact
from tests.properties.buying_laws import check_purchases
from tests.properties.law_book import LawBook
from tests.properties.test_law_book import Tamper, larger, more, twice, without
from tests.sim.engine.playing import Record, record, scenario_of
from tests.sim.stages.by_hand import merged

F = Fact
HOUSE: dict[str, Any] = {
    "orders": {"per_day": 100.0},
    "run": {"warm_up_days": 0.0, "horizon_days": 10.0, "cool_down_days": 0.0},
    "items": {"count": 12},
    "stock": {
        "review": "periodic",
        "review_days": 1,
        "max_outstanding": 3,
        "reorder_point": 30,
        "order_up_to": 50,
        "lead_time_days": {"distribution": "exponential", "mean": 1.0},
        "orders_cross": False,
    },
    "suppliers": {
        "near": {"pack_units": 4, "partial_receipt_share": 0.5},
        "far": {"pack_units": 4, "min_order_units": 24},
        "fast": {
            "use": "emergency",
            "lead_time_days": {"distribution": "exponential", "mean": 0.2},
            "pack_units": 4,
            "emergency_point": 5,
        },
    },
    "staff": {"always": {"start": "00:00", "end": "24:00", "clerks": 1, "pickers": 3, "packers": 2,
                         "dispatchers": 1, "receivers": 2, "returns_clerks": 1}},
}  # fmt: skip
OF_PURCHASES = [F.PURCHASED, F.SUPPLIED_BY, F.GOODS_ARRIVED, F.RECEIVED]
CHANGES: list[tuple[Tamper, Fact]] = [
    *((twice, fact) for fact in OF_PURCHASES),
    *((without, fact) for fact in OF_PURCHASES),
    *((larger, fact) for fact in (F.PURCHASED, F.GOODS_ARRIVED, F.RECEIVED)),
    *((more, fact) for fact in OF_PURCHASES),
]


@pytest.fixture(scope="module")
def house() -> Record:
    """A run in which all that is tampered with happens."""
    return record(scenario_of(**HOUSE))


def test_untouched_log_is_lawful(house: Record) -> None:
    """The run itself obeys every law, and three suppliers took part."""
    LawBook(house).check()

    assert {row.other for row in house.rows(F.SUPPLIED_BY)} == {0, 1, 2}


@pytest.mark.parametrize(
    ("tamper", "fact"), CHANGES, ids=[f"{t.__name__}-{f.name}" for t, f in CHANGES]
)
def test_tampered_log_is_refused(house: Record, tamper: Tamper, fact: Fact) -> None:
    """One fact left out, doubled, moved or changed by one breaks a law."""
    rows = np.flatnonzero(house.log.fact == fact)
    assert len(rows), "nothing to tamper with"

    tampered = replace(house, log=tamper(house.log, int(rows[len(rows) // 3])))

    with pytest.raises((AssertionError, KeyError, ValueError, IndexError)):
        LawBook(tampered).check()


def under_other_rules(played: Record, **sections: Any) -> Record:
    """Return a log as if it came from a house with other rules."""
    scenario = scenario_of(**merged(HOUSE, sections))
    return replace(played, setting=replace(played.setting, scenario=scenario))


STRICTER: dict[str, tuple[dict[str, Any], str]] = {
    "reviews": ({"stock": {"review_time": "09:00"}}, "between reviews"),
    "outstanding": ({"stock": {"max_outstanding": 1}}, "too many"),
    "in one go": ({"suppliers": {"near": {"partial_receipt_share": 0.0}}}, "in one go"),
    "packs": ({"suppliers": {"near": {"pack_units": 5}}}, "part of a pack"),
    "minimum": ({"suppliers": {"far": {"min_order_units": 32}}}, "least units"),
    "value": ({"suppliers": {"far": {"min_order_eur": 1e6}}}, "least value"),
}


@pytest.mark.parametrize("rule", STRICTER)
def test_a_log_breaks_stricter_rules(house: Record, rule: str) -> None:
    """What was played under these rules is refused under stricter ones."""
    sections, told = STRICTER[rule]

    with pytest.raises(AssertionError, match=told):
        check_purchases(under_other_rules(house, **sections))


def test_deliveries_that_cross_break_the_law_of_those_that_do_not() -> None:
    """Played with crossing, judged without."""
    crossing = record(scenario_of(**merged(HOUSE, {"stock": {"orders_cross": True}})))

    with pytest.raises(AssertionError, match="overtook"):
        check_purchases(under_other_rules(crossing))


@pytest.mark.parametrize(("point", "told"), [(28, "not low"), (32, "not bought")])
def test_a_log_breaks_the_law_of_another_reorder_point(point: int, told: str) -> None:
    """Bought at 30 at once; at 28 that is too early, at 32 too late."""
    at_once = {"orders": HOUSE["orders"], "run": HOUSE["run"], "items": HOUSE["items"]}
    levels = {"reorder_point": 30, "order_up_to": 60}
    played = record(scenario_of(**at_once, stock=levels))
    LawBook(played).check()
    other = scenario_of(**at_once, stock=levels | {"reorder_point": point})

    with pytest.raises(AssertionError, match=told):
        LawBook(replace(played, setting=replace(played.setting, scenario=other))).check()
