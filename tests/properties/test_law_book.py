"""The law book itself finds faults: every tampered log is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.log.event_log import Chunk
from sim.log.facts import OVERSALE, Fact
from tests.properties.law_book import LawBook
from tests.sim.engine.playing import EVERY_DAY, Record, record, scenario_of
from tests.sim.stages.by_hand import merged

RICH: dict[str, Any] = {
    "orders": {
        "per_day": 60.0,
        "channels": {"web": {"share": 0.5}, "phone": {"share": 0.5, "entry": "manual"}},
    },
    "run": {"warm_up_days": 0.0, "horizon_days": 3.0, "cool_down_days": 0.0},
    "items": {"count": 40, "categories": {"all": {"return_rate": 0.3}}},
    "entry": {"error_rate_per_line": 0.1, "found_at_payment_share": 0.3},
    "stock": {"service_level": 0.2, "order_days": 1.0},
    "stockouts": {"patience_days": {"distribution": "exponential", "mean": 6.0}},
    "picking": {"error_rate_per_line": 0.2},
    "packing": {"check_detects": 0.5},
    "release": {"policy": "wip_limit", "wip_max_shipments": 5},
    "shipping": {
        "services": {"standard": {"days": EVERY_DAY, "truck_capacity_parcels": 25}},
        "mark_shipped": "manual",
        "tracking_mail": True,
    },
}

SHORT_OF_STOCK: dict[str, Any] = {
    "orders": {"per_day": 80.0},
    "run": {"warm_up_days": 0.0, "horizon_days": 4.0, "cool_down_days": 0.0},
    "items": {"count": 40, "categories": {"all": {"return_rate": 0.0}}},
    "stock": {
        "service_level": 0.1,
        "order_days": 1.0,
        "lead_time_days": {"distribution": "exponential", "mean": 3.0},
        "promise_quantile": 0.3,
    },
    "stockouts": {
        "answer": "substitute",
        "by_class": {"best": {"abc": ["A"], "answer": "ask_customer"}},
        "repromise": True,
        "cancel_on_slip_share": 0.3,
    },
    "allocation": {"no_overtaking": True},
}

Tamper = Callable[[Chunk, int], Chunk]


def _each(log: Chunk, change: Callable[[Any], Any]) -> Chunk:
    return Chunk(*map(change, log))


def without(log: Chunk, row: int) -> Chunk:
    """Leave a fact out."""
    return _each(log, lambda column: np.delete(column, row))


def twice(log: Chunk, row: int) -> Chunk:
    """Tell a fact twice."""
    return _each(log, lambda column: np.insert(column, row, column[row]))


def more(log: Chunk, row: int) -> Chunk:
    """Add 1 to the value."""
    value = log.value.copy()
    value[row] += 1.0
    return log._replace(value=value)


def larger(log: Chunk, row: int) -> Chunk:
    """Add 1 to `other`."""
    other = log.other.copy()
    other[row] += 1
    return log._replace(other=other)


def earlier(log: Chunk, row: int) -> Chunk:
    """Let a fact happen an hour before."""
    time_s = log.time_s.copy()
    time_s[row] -= 3600.0
    return log._replace(time_s=time_s)


F = Fact
TWICE_OR_NOT_AT_ALL = [
    F.PLACED, F.PROMISED, F.ENTERED, F.PAID, F.SHORT, F.BACKORDER_FILLED, F.BACKORDER_CANCELLED,
    F.ALLOCATED, F.RELEASED, F.PICK_STARTED, F.PICKED, F.PACK_STARTED, F.PACKED,
    F.LABEL_STARTED, F.LABELLED, F.HANDED_OVER, F.DELIVERED, F.SPLIT, F.LINE_PICKED,
    F.LINE_MENDED, F.REWORK, F.RETURN_ASKED, F.RETURN_RECEIVED, F.INSPECT_STARTED, F.REPLACED,
    F.REFUNDED, F.CAPTURED, F.RECEIVED, F.RESTOCKED, F.ON_DUTY, F.OFF_DUTY, F.BREAK_STARTED,
    F.BREAK_ENDED, F.TYPED_AS, F.LINE_ARRIVED_WRONG, F.MISSED_TRUCK, F.MARKED_SHIPPED,
    F.TRACKING_SENT,
]  # fmt: skip
CHANGES: list[tuple[Tamper, Fact]] = [
    *((twice, fact) for fact in TWICE_OR_NOT_AT_ALL),
    *((without, fact) for fact in TWICE_OR_NOT_AT_ALL),
    *((larger, fact) for fact in (
        F.PLACED, F.SHORT, F.BACKORDER_FILLED, F.RECEIVED, F.STOCK_OPENED,
        F.STOCK_CLOSED, F.LINE_PICKED, F.LINE_MENDED, F.RETURN_ASKED, F.RETURN_RECEIVED,
        F.RESTOCKED, F.SCRAPPED, F.CAPTURED, F.PICKED, F.TOUR_ENDED, F.REFUNDED, F.MISSED_TRUCK,
        F.TRUCK_LEFT, F.MARKED_SHIPPED,
    )),
    *((more, fact) for fact in (
        F.PAID, F.CAPTURED, F.TOUR_STARTED, F.RECEIVED, F.MISSED_TRUCK, F.TRUCK_LEFT,
    )),
    *((earlier, fact) for fact in (F.ENTERED, F.DELIVERED, F.WORKED, F.OFF_DUTY)),
]  # fmt: skip


@pytest.fixture(scope="module")
def rich() -> Record:
    """A run in which all that is tampered with happens."""
    return record(scenario_of(**RICH))


def test_untouched_log_is_lawful(rich: Record) -> None:
    """The run itself obeys every law."""
    LawBook(rich).check()


@pytest.mark.parametrize(
    ("tamper", "fact"), CHANGES, ids=[f"{t.__name__}-{f.name}" for t, f in CHANGES]
)
def test_tampered_log_is_refused(rich: Record, tamper: Tamper, fact: Fact) -> None:
    """One fact left out, doubled, moved or changed by one breaks a law."""
    rows = np.flatnonzero(rich.log.fact == fact)
    assert len(rows), "nothing to tamper with"

    tampered = replace(rich, log=tamper(rich.log, int(rows[len(rows) // 2])))

    with pytest.raises((AssertionError, KeyError, ValueError, IndexError)):
        LawBook(tampered).check()


def test_longer_work_is_refused(rich: Record) -> None:
    """A piece of work that is told an hour longer overlaps something or leaves the paid time."""
    rows = np.flatnonzero(rich.log.fact == Fact.WORKED)
    value = rich.log.value.copy()
    value[rows[len(rows) // 2]] += 9 * 3600.0

    with pytest.raises(AssertionError, match=r"two things|outside paid time"):
        LawBook(replace(rich, log=rich.log._replace(value=value))).check()


def other_kind(log: Chunk, row: int) -> Chunk:
    """Mark a line that was shown as out as an oversale, or the other way round."""
    value = log.value.copy()
    value[row] = value[row] - OVERSALE if value[row] >= OVERSALE else value[row] + OVERSALE
    return log._replace(value=value)


@pytest.fixture(scope="module")
def short_of_stock() -> Record:
    """A run in which customers are asked, take substitutes, wait and hear of new dates."""
    return record(scenario_of(**SHORT_OF_STOCK))


@pytest.mark.parametrize(
    ("tamper", "fact"),
    [
        *((twice, fact) for fact in (F.SUBSTITUTED, F.BACKORDER_SLIPPED)),
        *((without, fact) for fact in (F.SUBSTITUTED, F.BACKORDER_SLIPPED)),
        *((more, fact) for fact in (F.SUBSTITUTED, F.BACKORDER_SLIPPED, F.SHORT)),
        *((larger, fact) for fact in (F.SUBSTITUTED, F.SHORT)),
        *((earlier, fact) for fact in (F.BACKORDER_FILLED, F.BACKORDER_SLIPPED)),
        (other_kind, F.SHORT),
    ],
)
def test_tampered_stockouts_are_refused(short_of_stock: Record, tamper: Tamper, fact: Fact) -> None:
    """So is what is told of lines that were not there."""
    LawBook(short_of_stock).check()
    rows = np.flatnonzero(short_of_stock.log.fact == fact)

    tampered = replace(short_of_stock, log=tamper(short_of_stock.log, int(rows[len(rows) // 2])))

    with pytest.raises((AssertionError, KeyError, ValueError, IndexError)):
        LawBook(tampered).check()


ROOMY: dict[str, Any] = {
    "wip_limit": {"release": {"wip_max_shipments": 4}},
    "truck": {"shipping": {"services": {"standard": {"truck_capacity_parcels": 24}}}},
}


@pytest.mark.parametrize("less", ROOMY)
def test_what_was_played_with_more_room_breaks_the_law_of_less(rich: Record, less: str) -> None:
    """A log with five under way, or 25 parcels on a truck, is refused where one less is allowed."""
    scenario = scenario_of(**merged(RICH, ROOMY[less]))
    tighter = replace(rich, setting=replace(rich.setting, scenario=scenario))

    with pytest.raises(AssertionError, match="too many"):
        LawBook(tighter).check()


LEAVING: dict[str, Any] = {
    "run": {"warm_up_days": 0.0, "horizon_days": 20.0, "cool_down_days": 0.0},
    "customers": {
        "law": "bg_nbd",
        "r": 2.0,
        "alpha_weeks": 1.0,
        "opening_customers": 60,
        "experience": {"late": 0.5, "followed_up_recovers": 0.5},
    },
    "shipping": {"services": {"standard": {"days": EVERY_DAY, "promised_transit_days": 1.0}}},
    "follow_up": {
        "after_days": 1.0,
        "cross_sell_share": 0.5,
        "cross_sell_days": {"distribution": "uniform", "low": 3.0, "high": 9.0},
    },
}
CUSTOMER_CHANGES: list[tuple[Tamper, Fact]] = [
    (twice, F.DROPPED_OUT),
    (larger, F.DROPPED_OUT),
    (more, F.DROPPED_OUT),
    (larger, F.WON_BACK),
    (twice, F.WON_BACK),
    (larger, F.LOST),
    (more, F.LOST),
    (twice, F.LOST),
    (without, F.LOST),
    (earlier, F.WON_BACK),
]


@pytest.fixture(scope="module")
def leaving() -> Record:
    """A run whose customers leave, are won back and follow contacts."""
    return record(scenario_of(**LEAVING))


def test_a_run_whose_customers_leave_is_lawful(leaving: Record) -> None:
    """The run itself obeys every law, and customers leave and come back in it."""
    LawBook(leaving).check()
    for fact in (F.DROPPED_OUT, F.WON_BACK, F.LOST):
        assert leaving.count(fact) > 3


@pytest.mark.parametrize(
    ("tamper", "fact"),
    CUSTOMER_CHANGES,
    ids=[f"{t.__name__}-{f.name}" for t, f in CUSTOMER_CHANGES],
)
def test_a_tampered_log_of_customers_is_refused(
    leaving: Record, tamper: Tamper, fact: Fact
) -> None:
    """Somebody else left, left twice, or was won back by nobody."""
    rows = np.flatnonzero(leaving.log.fact == fact)
    tampered = replace(leaving, log=tamper(leaving.log, int(rows[len(rows) // 2])))

    with pytest.raises((AssertionError, KeyError, ValueError, IndexError)):
        LawBook(tampered).check()
