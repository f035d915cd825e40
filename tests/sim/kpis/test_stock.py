from __future__ import annotations

import pytest

from sim.kpis.series import stockouts_by_answer
from sim.kpis.slices import Window
from sim.log.facts import CancelReason, Fact, ShortAnswer
from tests.sim.kpis.journal import DAY, HOUR, Journal, demand_of


def four_orders() -> Journal:
    """Four orders of two lines (3 + 1 units), 16 units; the last one does not pay.

    Line 0 (3 units) is backordered, line 2 (3 units) turned away, line 4 (3 units) dropshipped.
    """
    journal = Journal(demand_of([(0.0, [(0, 3, 1000), (1, 1, 500)])] * 4))
    for order in range(3):
        journal.sell(order, paid_s=0.0)
    answers = (ShortAnswer.BACKORDER, ShortAnswer.TURN_AWAY, ShortAnswer.DROPSHIP)
    for line, answer in zip((0, 2, 4), answers, strict=True):
        journal.note(0.0, Fact.SHORT, line, 3, answer)
    journal.note(0.0, Fact.PLACED, 3)
    journal.note(HOUR, Fact.CANCELLED, 3, -1, CancelReason.PAYMENT)
    journal.note(50 * HOUR, Fact.BACKORDER_FILLED, 0, 3)
    return journal


def test_fill_rates_are_taken_over_what_asked_for_stock() -> None:
    """Units, lines and orders met at once; the order that did not pay never asked."""
    kpis = four_orders().kpis()

    assert kpis["fill_rate_units"] == pytest.approx(3 / 12)  # 3 orders x 4 units, 9 short
    assert kpis["fill_rate_lines"] == pytest.approx(3 / 6)
    assert kpis["fill_rate_orders"] == 0.0


def test_answers_to_a_shortage_are_shares_of_the_lines() -> None:
    """Backordered, turned away, dropshipped and oversold lines / lines that asked for stock."""
    journal = four_orders()
    kpis = journal.kpis()

    assert kpis["backorder_lines_rate"] == pytest.approx(1 / 6)
    assert kpis["turned_away_rate"] == pytest.approx(1 / 6)
    assert kpis["dropship_rate"] == pytest.approx(1 / 6)
    assert kpis["oversale_rate"] == 0.0
    assert stockouts_by_answer(journal.account())["backorder"] == (1, 3)


def test_backorder_age_ends_when_it_is_filled_or_given_up() -> None:
    """Mean wait of backordered lines that ended; those still waiting are out."""
    journal = four_orders()  # line 0 waits 50 h
    journal.note(0.0, Fact.SHORT, 1, 1, ShortAnswer.BACKORDER)
    journal.note(10 * HOUR, Fact.BACKORDER_CANCELLED, 1, 1)
    journal.note(0.0, Fact.SHORT, 3, 1, ShortAnswer.BACKORDER)

    assert journal.kpis()["backorder_age_mean_h"] == pytest.approx((50 + 10) / 2)


def stocked() -> Journal:
    """SKU 0 (cost 10 EUR): 10 units; 4 picked on day 1; 6 received on day 2; 1 shrunk on day 3."""
    journal = Journal(demand_of([(0.0, [(0, 4, 2000)])]))
    journal.note(0.0, Fact.STOCK_OPENED, 0, 10)
    journal.sell(0, paid_s=0.0)
    journal.note(DAY, Fact.LINE_PICKED, 0, 4)
    journal.note(2 * DAY, Fact.RECEIVED, 0, 6, 1.0)
    journal.note(3 * DAY, Fact.SHRUNK, 0, 1)
    journal.note(4 * DAY, Fact.STOCK_CLOSED, 0, 11)
    return journal


def test_mean_stock_is_the_area_under_its_curve() -> None:
    """Units on the shelf on average, over a window that starts after the opening."""
    kpis = stocked().kpis(Window(0.0, 4 * DAY))
    late = stocked().kpis(Window(1.5 * DAY, 2.5 * DAY))

    assert kpis["on_hand_mean_units"] == pytest.approx((10 + 6 + 12 + 11) / 4)
    assert kpis["on_hand_mean_eur"] == pytest.approx((10 + 6 + 12 + 11) / 4 * 10.0)
    assert late["on_hand_mean_units"] == pytest.approx((6 + 12) / 2)


def test_turns_are_goods_out_a_year_over_mean_stock() -> None:
    """Stock turns at cost: 4 units of 10 EUR in 4 days against a mean stock of 97.5 EUR."""
    kpis = stocked().kpis(Window(0.0, 4 * DAY))

    assert kpis["turns_per_year"] == pytest.approx(40.0 * 365 / 4 / 97.5)


def test_a_mended_line_was_put_back() -> None:
    """A line found wrong at the check is put back: it leaves the shelf only once."""
    journal = Journal(demand_of([(0.0, [(0, 4, 2000)])]))
    journal.note(0.0, Fact.STOCK_OPENED, 0, 10)
    journal.sell(0, paid_s=0.0)
    journal.note(DAY, Fact.LINE_PICKED, 0, 4, 1.0)
    journal.note(2 * DAY, Fact.LINE_MENDED, 0, 4, 1.0)
    journal.note(3 * DAY, Fact.LINE_PICKED, 0, 4, 0.0)
    kpis = journal.kpis(Window(0.0, 4 * DAY))

    assert kpis["on_hand_mean_units"] == pytest.approx((10 + 6 + 10 + 6) / 4)
    assert kpis["turns_per_year"] == pytest.approx(40.0 * 365 / 4 / 80.0)


def test_a_line_typed_wrong_takes_what_was_typed() -> None:
    """From TYPED_AS on, stock and units of a line are those that were typed."""
    journal = Journal(demand_of([(0.0, [(0, 4, 2000)])]))
    for sku in (0, 1):
        journal.note(0.0, Fact.STOCK_OPENED, sku, 10)
    journal.note(0.0, Fact.PLACED, 0)
    journal.note(0.0, Fact.TYPED_AS, 0, 1, 3.0)
    journal.note(0.0, Fact.PAID, 0, -1, 6000.0)
    journal.note(DAY, Fact.LINE_PICKED, 0, 3)

    tables = journal.tables()

    assert tables.stock.picked.tolist() == [0, 3, 0]
    assert journal.account().ends.units.tolist() == [3]


def test_without_stock_in_the_log_stock_figures_are_undefined() -> None:
    """A log of unlimited stock has no mean stock and no turns."""
    journal = four_orders()

    assert journal.kpis()["on_hand_mean_units"] is None
    assert journal.kpis()["turns_per_year"] is None
