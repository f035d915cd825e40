"""The laws of records find faults: every tampered log of a house whose books drift is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from sim.engine.setting import prepare
from sim.kpis.balance import balance
from sim.kpis.slices import Window
from sim.kpis.tables import Tables
from sim.log.facts import Fact
from sim.scenario.schema import Scenario
from tests.properties.law_book import LawBook
from tests.properties.test_always_true import SOMEWHERE
from tests.properties.test_law_book import Tamper, earlier, larger, more, twice, without
from tests.properties.worlds import scenarios_with_drift
from tests.sim.engine.playing import Record, book_of, record, scenario_of, whole_minutes

F = Fact
HOUSE: dict[str, Any] = {
    "run": {"warm_up_days": 0.0, "horizon_days": 4.0, "cool_down_days": 0.0},
    "orders": {"per_day": 150.0, "units_per_line": {"distribution": "geometric", "mean": 2.0}},
    "items": {"count": 30, "categories": {"all": {"return_rate": 0.4}}},
    "stock": {
        "service_level": 0.3,
        "order_days": 1.0,
        "lead_time_days": {"distribution": "exponential", "mean": 1.0},
    },
    "records": {
        "opening_wrong_share": 0.3,
        "shrinkage_units_per_sku_day": 2.0,
        "misput_receipt_share": 0.4,
        "miscount_receipt_share": 0.4,
        "miscount_return_share": 0.4,
        "count_every_days": {"a": 1.0, "b": 2.0, "c": 3.0},
        "count_when_zero": True,
        "count_wrong_share": 0.2,
    },
}
TWICE_OR_NOT_AT_ALL = [
    F.VANISHED, F.MISPUT, F.MISCOUNTED, F.COUNT_ASKED, F.COUNT_STARTED, F.COUNTED, F.RECORD_MENDED,
    F.FOUND_AGAIN, F.SHORT_PICKED,
]  # fmt: skip
CHANGES: list[tuple[Tamper, Fact]] = [
    *((twice, fact) for fact in TWICE_OR_NOT_AT_ALL),
    *((without, fact) for fact in TWICE_OR_NOT_AT_ALL),
    *((larger, fact) for fact in (
        F.VANISHED, F.MISPUT, F.MISCOUNTED, F.COUNTED, F.RECORD_MENDED, F.FOUND_AGAIN,
        F.RECORD_CLOSED, F.STOCK_CLOSED,
    )),
    *((more, fact) for fact in (F.RECORD_MENDED, F.RECORD_CLOSED)),
    (earlier, F.COUNTED),
]  # fmt: skip


@pytest.mark.slow
@SOMEWHERE
@given(scenarios_with_drift())
def test_books_and_shelf_keep_every_account(scenario: Scenario) -> None:
    """In random warehouses whose books drift the laws hold and everything adds up.

    All times of the book are in whole minutes, so that much happens at once.
    """
    setting = prepare(scenario, {})
    played = record(scenario, setting=setting, book=whole_minutes(book_of(setting)))
    tables = Tables(played.book.demand, setting.catalogue, Window(0.0, 86_400.0))
    tables.add(played.log)

    LawBook(played).check()
    assert balance(tables).faults == ()


@pytest.fixture(scope="module")
def house() -> Record:
    """A run in which all that is tampered with happens."""
    return record(scenario_of(**HOUSE))


def test_untouched_log_is_lawful(house: Record) -> None:
    """The run itself obeys every law, and its accounts add up."""
    tables = Tables(house.book.demand, house.setting.catalogue, Window(0.0, 86_400.0))
    tables.add(house.log)

    LawBook(house).check()
    assert balance(tables).faults == ()


@pytest.mark.parametrize(
    ("tamper", "fact"), CHANGES, ids=[f"{t.__name__}-{f.name}" for t, f in CHANGES]
)
def test_tampered_log_is_refused(house: Record, tamper: Tamper, fact: Fact) -> None:
    """One fact left out, doubled, moved or changed by one breaks a law."""
    rows = np.flatnonzero(house.log.fact == fact)
    assert len(rows), "nothing to tamper with"

    tampered = replace(house, log=tamper(house.log, int(rows[len(rows) // 2])))

    with pytest.raises((AssertionError, KeyError, ValueError, IndexError)):
        LawBook(tampered).check()
