from __future__ import annotations

import pytest

from sim.kpis.series import returns_by_reason, sales_and_returns_by_category
from sim.kpis.slices import Window
from sim.log.facts import Fact, ReturnReason, SplitKind
from tests.sim.kpis.journal import DAY, HOUR, Journal, demand_of


def two_orders() -> Journal:
    """Orders of 4 and 6 units, placed at 0 and on the second day, delivered 30 h later.

    Line 0: all 4 units asked back at day 10, received day 13, restocked day 14, refunded day 16.
    Line 1: 2 of 6 units asked back at day 4, received day 6, scrapped day 7.
    """
    journal = Journal(demand_of([(0.0, [(0, 4, 1000)]), (1.5 * DAY, [(1, 6, 500)])]))
    for order, placed_s in enumerate((0.0, 1.5 * DAY)):
        journal.sell(order, paid_s=placed_s)
        journal.ship(order, start_s=placed_s)
    for day, fact, line, units, value in (
        (10, Fact.RETURN_ASKED, 0, 4, ReturnReason.FIT), (13, Fact.RETURN_RECEIVED, 0, 4, 0),
        (14, Fact.RESTOCKED, 0, 4, 0), (16, Fact.REFUNDED, 0, 0, 4000),
        (4, Fact.RETURN_ASKED, 1, 2, ReturnReason.DAMAGED), (6, Fact.RETURN_RECEIVED, 1, 2, 0),
        (7, Fact.SCRAPPED, 1, 2, 0),
    ):  # fmt: skip
        journal.note(day * DAY, fact, line, units, value)
    return journal


def test_the_cohort_rate_follows_sales_and_the_raw_rate_the_calendar() -> None:
    """rate_of_return: units back of those sold in the window; the raw one: what came in it."""
    journal = two_orders()
    both = journal.kpis(Window(0.0, 30 * DAY))
    first = journal.kpis(Window(0.0, DAY))

    assert both["rate_of_return"] == both["rate_of_return_window"] == pytest.approx(6 / 10)
    assert first["rate_of_return"] == 1.0  # the 4 units of order 0, all back after the window
    assert first["rate_of_return_window"] == 0.0  # nothing came back on the first day


def test_reasons_share_the_rate_among_them() -> None:
    """The rates by reason add up to the rate of return."""
    journal = two_orders()
    kpis = journal.kpis()

    assert kpis["rate_of_return_fit"] == pytest.approx(4 / 10)
    assert kpis["rate_of_return_damaged"] == pytest.approx(2 / 10)
    by_reason = [kpis[f"rate_of_return_{r.name.lower()}"] or 0.0 for r in ReturnReason]
    assert sum(by_reason) == pytest.approx(6 / 10)
    assert sum(returns_by_reason(journal.account()).values()) == 6


def test_categories_share_what_was_sold_and_came_back() -> None:
    """Of ten units sold six came back, all of the one category."""
    account = two_orders().account()

    assert sales_and_returns_by_category(account) == {"general": (10, 6)}


def test_times_of_a_return() -> None:
    """Click to refund, request to refund, request to shelf, share restocked."""
    kpis = two_orders().kpis()

    assert kpis["click_to_refund_mean_h"] == pytest.approx(16 * 24)
    assert kpis["return_to_refund_mean_h"] == pytest.approx(6 * 24)
    assert kpis["return_cycle_mean_h"] == pytest.approx((4 + 3) / 2 * 24)
    assert kpis["restocked_share_rate"] == pytest.approx(4 / 6)


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_a_line_may_come_back_twice(size: int) -> None:
    """Facts go to the newest return of their line, however the log is cut into chunks."""
    journal = Journal(demand_of([(0.0, [(0, 1, 1000)])]))
    journal.sell(0, paid_s=0.0)
    journal.ship(0, start_s=0.0)
    journal.note(2 * DAY, Fact.RETURN_ASKED, 0, 1, ReturnReason.WRONG_ITEM)
    journal.note(3 * DAY, Fact.RETURN_RECEIVED, 0, 1)
    journal.note(4 * DAY, Fact.SCRAPPED, 0, 1)
    journal.note(4 * DAY, Fact.SPLIT, 1, 0, SplitKind.REPLACEMENT)
    journal.note(4 * DAY, Fact.REPLACED, 0, 1)
    journal.note(9 * DAY, Fact.RETURN_ASKED, 0, 1, ReturnReason.FIT)
    journal.note(10 * DAY, Fact.RETURN_RECEIVED, 0, 1)
    journal.note(11 * DAY, Fact.RESTOCKED, 0, 1)
    journal.note(13 * DAY, Fact.REFUNDED, 0, 0, 1000)

    returns = journal.tables(size=size).returns

    assert returns["asked_s"].tolist() == [2 * DAY, 9 * DAY]
    assert returns["received_s"].tolist() == [3 * DAY, 10 * DAY]
    assert returns["done_s"].tolist() == [4 * DAY, 11 * DAY]
    assert returns["reason"].tolist() == [int(ReturnReason.WRONG_ITEM), int(ReturnReason.FIT)]
    assert returns["replacement"].tolist() == [1, -1]
    assert returns["refunded_cents"].tolist() == [0, 1000]


def test_units_on_their_way_back_are_not_returned_yet() -> None:
    """Asked for is not returned: only what the returns desk has received counts."""
    journal = Journal(demand_of([(0.0, [(0, 1, 1000)])]))
    journal.sell(0, paid_s=0.0)
    journal.ship(0, start_s=0.0)
    journal.note(40 * HOUR, Fact.RETURN_ASKED, 0, 1, ReturnReason.FIT)

    assert journal.kpis()["rate_of_return"] == 0.0
