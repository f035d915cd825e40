"""Purchases, docks and pick faces: their laws hold in every warehouse, and find every fault."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from sim.engine.model import play
from sim.engine.setting import prepare
from sim.kpis.balance import balance
from sim.kpis.slices import Window
from sim.kpis.tables import Tables
from sim.log.facts import Fact
from sim.scenario.schema import Scenario
from tests.properties.goods_in_laws import check_goods_in
from tests.properties.test_always_true import SOMEWHERE
from tests.properties.test_law_book import Tamper, earlier, larger, more, twice, without
from tests.properties.worlds import scenarios_with_pick_faces
from tests.sim.engine.playing import Record, book_of, record, scenario_of, whole_minutes

F = Fact
HOUSE = {
    "orders": {"per_day": 150.0},
    "run": {"warm_up_days": 0.0, "horizon_days": 6.0, "cool_down_days": 0.0},
    "items": {"count": 40},
    "stock": {"service_level": 0.3, "order_days": 1.5, "partial_receipt_share": 0.5},
    "inbound": {"process": "step_by_step", "dock_doors": 2, "hours": {"end": "12:00"}},
    "pick_faces": {"used": True, "max_days": 1.0},
    "staff": {"day": {"start": "08:00", "end": "18:00", "clerks": 1, "pickers": 3, "packers": 2,
                      "dispatchers": 1, "receivers": 2, "returns_clerks": 1, "replenishers": 1}},
}  # fmt: skip
ONCE = [
    F.PURCHASED, F.RECEIVED, F.TRUCK_ARRIVED, F.DOCKED, F.UNLOADED, F.PUT_AWAY, F.TOP_UP_ASKED,
    F.TOP_UP_STARTED, F.TOPPED_UP,
]  # fmt: skip
CHANGES: list[tuple[Tamper, Fact]] = [
    *((twice, fact) for fact in [*ONCE, F.TOP_UP_LIFTED, F.TOP_UP_CALLED_OFF]),
    *((without, fact) for fact in [*ONCE, F.TOP_UP_CALLED_OFF]),
    *((larger, fact) for fact in (F.PURCHASED, F.RECEIVED, F.TRUCK_ARRIVED, F.DOCKED, F.TOPPED_UP)),
    *((more, fact) for fact in (F.PURCHASED, F.RECEIVED, F.TRUCK_ARRIVED, F.TOP_UP_STARTED)),
    *((earlier, fact) for fact in (F.UNLOADED, F.TOPPED_UP)),
]


@pytest.mark.slow
@SOMEWHERE
@given(scenarios_with_pick_faces())
def test_pick_faces_keep_every_account(scenario: Scenario) -> None:
    """In random warehouses the laws hold, and units, people and money add up; twice: same bytes.

    All times of the book are in whole minutes, so that much happens at once. What only the model
    can see (face + claimed + reserve + cart = on hand; nobody waits without a top-up that is asked
    for) is asserted at the end of every run.
    """
    setting = prepare(scenario, {})
    book = whole_minutes(book_of(setting))
    tables = Tables(book.demand, setting.catalogue, Window(0.0, 86_400.0))

    first = record(scenario, setting=setting, book=book)
    play(setting, 0, [tables.add], book=book)

    check_goods_in(first)
    assert balance(tables).faults == ()
    assert record(scenario, setting=setting, book=book).bytes == first.bytes


@pytest.fixture(scope="module")
def house() -> Record:
    """A run in which all that is tampered with happens."""
    return record(scenario_of(**HOUSE))


def test_untouched_log_is_lawful(house: Record) -> None:
    """The run itself obeys every law."""
    check_goods_in(house)


@pytest.mark.parametrize(
    ("tamper", "fact"), CHANGES, ids=[f"{t.__name__}-{f.name}" for t, f in CHANGES]
)
def test_tampered_log_is_refused(house: Record, tamper: Tamper, fact: Fact) -> None:
    """One fact left out, doubled, moved or changed by one breaks a law."""
    rows = np.flatnonzero(house.log.fact == fact)
    assert len(rows), "nothing to tamper with"

    tampered = replace(house, log=tamper(house.log, int(rows[len(rows) // 2])))

    with pytest.raises((AssertionError, KeyError, IndexError)):
        check_goods_in(tampered)
