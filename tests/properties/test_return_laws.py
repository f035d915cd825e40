"""Returns: their laws hold in every warehouse, and find every fault."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

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
from tests.properties.law_book import LawBook
from tests.properties.test_always_true import SOMEWHERE
from tests.properties.test_law_book import Tamper, earlier, larger, more, twice, without
from tests.properties.worlds import scenarios_with_returns
from tests.sim.engine.playing import Record, book_of, record, scenario_of, whole_minutes

F = Fact
HOUSE: dict[str, Any] = {
    "orders": {
        "per_day": 60.0,
        "units_per_line": {"distribution": "geometric", "mean": 1.5},
    },
    "run": {"warm_up_days": 0.0, "horizon_days": 4.0, "cool_down_days": 0.0},
    "items": {"count": 40, "categories": {"all": {"return_rate": 0.6}}},
    "stock": {"service_level": 0.3, "order_days": 1.5},
    "returns": {
        "part_of_line_share": 0.5,
        "window_days": 25.0,
        "authorisation": "clerk",
        "refuse_share": 0.1,
        "never_sent_share": 0.1,
        "refund_when": "scan",
        "exchange_share": 0.3,
        "exchange_when": "request",
        "restock": "cart",
        "restock_cart_units": 10,
        "restockable_share": 0.5,
        "refurbish_share": 0.5,
        "refurbished_to": "second_hand",
        "scrap_value_share": 0.1,
    },
}
ONCE = [
    F.RETURN_ASKED, F.AUTHORISE_STARTED, F.RETURN_AUTHORISED, F.RETURN_REFUSED, F.RETURN_SCANNED,
    F.RETURN_NEVER_CAME, F.RETURN_RECEIVED, F.INSPECT_STARTED, F.ON_CART, F.RESTOCKED, F.SCRAPPED,
    F.REFURBISH_STARTED, F.REFURBISHED, F.SOLD_OFF, F.REFUNDED, F.EXCHANGED,
]  # fmt: skip
CHANGES: list[tuple[Tamper, Fact]] = [
    *((twice, fact) for fact in ONCE),
    *((without, fact) for fact in ONCE),
    *((larger, fact) for fact in (
        F.RETURN_ASKED, F.RETURN_AUTHORISED, F.RETURN_REFUSED, F.RETURN_SCANNED,
        F.RETURN_NEVER_CAME, F.RETURN_RECEIVED, F.ON_CART, F.RESTOCKED, F.SCRAPPED, F.REFURBISHED,
        F.SOLD_OFF, F.REFUNDED, F.EXCHANGED,
    )),
    *((more, fact) for fact in (
        F.RETURN_REFUSED, F.REFURBISHED, F.SCRAPPED, F.SOLD_OFF, F.REFUNDED, F.EXCHANGED,
    )),
    *((earlier, fact) for fact in (F.RETURN_NEVER_CAME, F.RETURN_RECEIVED)),
]  # fmt: skip


@pytest.mark.slow
@SOMEWHERE
@given(scenarios_with_returns())
def test_returns_keep_every_account(scenario: Scenario) -> None:
    """Where most goods come back the laws hold, units and money add up; twice: same bytes.

    A refund never exceeds what was captured, what never came is never restocked, every return ends
    in one way, a line comes back once, an exchange is charged once. All times of the book are in
    whole minutes, so that much happens at once.
    """
    setting = prepare(scenario, {})
    book = whole_minutes(book_of(setting))
    tables = Tables(book.demand, setting.catalogue, Window(0.0, 86_400.0))

    first = record(scenario, setting=setting, book=book)
    play(setting, 0, [tables.add], book=book)

    LawBook(first).check()
    assert balance(tables).faults == ()
    assert record(scenario, setting=setting, book=book).bytes == first.bytes


@pytest.fixture(scope="module")
def house() -> Record:
    """A run in which all that is tampered with happens."""
    return record(scenario_of(**HOUSE))


def test_untouched_log_is_lawful(house: Record) -> None:
    """The run itself obeys every law."""
    LawBook(house).check()


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
