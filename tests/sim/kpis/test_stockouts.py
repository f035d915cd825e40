from __future__ import annotations

import pytest

from sim.log.facts import OVERSALE, CancelReason, Fact, ShortAnswer, SplitKind
from tests.sim.kpis.journal import DAY, HOUR, Journal, demand_of, plain_scenario

TRUCK = 10 * HOUR


def ten_lines() -> Journal:
    """Ten orders of one line of two units at 15.00; SKU 0 costs 10.00."""
    journal = Journal(demand_of([(0.0, [(0, 2, 1500)])] * 10))
    for order in range(10):
        journal.note(0.0, Fact.PLACED, order, 0)
        journal.note(0.0, Fact.PROMISED, order, int(TRUCK), 40 * HOUR)
    return journal


def backorder(journal: Journal, line: int, promised_s: float, mark: int = 0) -> None:
    """Note a line on backorder from the click on."""
    journal.sell(line, paid_s=0.0)
    journal.note(0.0, Fact.SHORT, line, 2, ShortAnswer.BACKORDER + mark)
    journal.note(0.0, Fact.BACKORDER_PROMISED, line, 0, promised_s)


def test_oversales_count_under_every_answer() -> None:
    """Backordered, replaced, sent and cancelled: what was shown and is not there; 4 of 10 lines."""
    journal = ten_lines()
    kinds = (ShortAnswer.BACKORDER, ShortAnswer.SUBSTITUTE, ShortAnswer.DROPSHIP)
    for line, kind in enumerate(kinds):
        journal.note(0.0, Fact.SHORT, line, 2, kind + OVERSALE)
        journal.note(0.0, Fact.SHORT, line + 3, 2, kind)  # the customer knew
    journal.note(0.0, Fact.SHORT, 6, 2, ShortAnswer.OVERSOLD)
    journal.note(0.0, Fact.SHORT_PICKED, 7, 1)
    journal.note(0.0, Fact.SHORT, 7, 2, ShortAnswer.OVERSOLD)  # found at the pick: no oversale
    for order in range(10):
        journal.note(0.0, Fact.PAID, order)

    kpis = journal.kpis()

    assert kpis["oversold_lines_rate"] == pytest.approx(4 / 10)
    assert kpis["oversale_rate"] == pytest.approx(2 / 10)
    assert kpis["backorder_lines_rate"] == pytest.approx(2 / 10)


def test_ages_of_backorders_are_observed_ones() -> None:
    """Waits of 10, 20, ... 100 h: half are over within 50 h, nine in ten within 90 h."""
    journal = ten_lines()
    for line in range(10):
        backorder(journal, line, DAY)
        journal.note((line + 1) * 10 * HOUR, Fact.BACKORDER_FILLED, line, 2)

    kpis = journal.kpis()

    assert (kpis["backorder_age_p50_h"], kpis["backorder_age_p90_h"]) == (50.0, 90.0)


def test_promises_of_backorders_are_kept_by_the_date_first_told() -> None:
    """There on day 1, slipped to day 3, given up after and before its date, waiting beyond it."""
    journal = ten_lines()
    for line in range(5):
        backorder(journal, line, 2 * DAY)
    journal.note(DAY, Fact.BACKORDER_FILLED, 0, 2)
    journal.note(2 * DAY, Fact.BACKORDER_SLIPPED, 1, -1, 2 * DAY)
    journal.note(2 * DAY, Fact.BACKORDER_PROMISED, 1, 0, 3 * DAY)
    journal.note(2.5 * DAY, Fact.BACKORDER_FILLED, 1, 2)
    journal.note(2.2 * DAY, Fact.BACKORDER_CANCELLED, 2, 2)
    journal.note(DAY, Fact.BACKORDER_CANCELLED, 3, 2)
    journal.note(9 * DAY, Fact.FOLLOWED_UP, 9)  # the log ends here

    kpis = journal.kpis()

    assert kpis["backorder_promise_kept_rate"] == pytest.approx(1 / 4)  # out: line 3
    assert kpis["repromises_per_backordered_line"] == pytest.approx(1 / 5)
    assert kpis["backorder_age_mean_h"] == pytest.approx((24 + 60 + 52.8 + 24) / 4)


def test_an_oversale_breaks_the_promise_of_the_click() -> None:
    """Both leave by the date told of the backorder; only one customer knew of it when buying."""
    journal = ten_lines()
    for line, mark in enumerate((0, OVERSALE)):
        backorder(journal, line, 3 * DAY, mark)
        journal.note(2 * DAY, Fact.BACKORDER_FILLED, line, 2)
        journal.note(3 * DAY, Fact.HANDED_OVER, line, 0, 1000.0)

    kpis = journal.kpis()

    assert kpis["promise_kept_rate"] == pytest.approx(2 / 10)  # the others have not left
    assert kpis["sale_promise_kept_rate"] == pytest.approx(1 / 10)


def test_what_is_there_and_waits_is_held_to_the_backorder() -> None:
    """One line follows, another one holds up what is there: both shipments are told later dates."""
    journal = Journal(demand_of([(0.0, [(0, 1, 1000), (1, 1, 1000), (2, 1, 1000)])]))
    journal.sell(0, paid_s=0.0)
    journal.note(0.0, Fact.PROMISED, 0, int(TRUCK), 40 * HOUR)
    journal.note(0.0, Fact.SPLIT, 1, 0, SplitKind.BACKORDER)
    for line, kind in ((1, ShortAnswer.HOLDS), (2, ShortAnswer.BACKORDER)):
        journal.note(0.0, Fact.SHORT, line, 1, kind)
        journal.note(0.0, Fact.BACKORDER_PROMISED, line, 0, 3 * DAY)
    for shipment in (0, 1):
        journal.note(2 * DAY, Fact.HANDED_OVER, shipment, 0, 1000.0)
        journal.note(3 * DAY, Fact.DELIVERED, shipment)

    kpis = journal.kpis()

    assert kpis["promise_kept_rate"] == 1.0
    assert kpis["orders_delivered"] == 1.0
    assert journal.account().ends.short.later.tolist() == [0, 1]


def test_lost_margin_is_that_of_what_nobody_sold() -> None:
    """Turned away, oversold, given up, bought elsewhere, done without: 2 units x (15 - 10) each."""
    journal = ten_lines()
    kinds = (
        *(ShortAnswer.TURN_AWAY, ShortAnswer.OVERSOLD),
        *(ShortAnswer.ELSEWHERE, ShortAnswer.DROPPED),
    )
    for line, kind in enumerate(kinds):
        journal.note(0.0, Fact.SHORT, line, 2, kind)
    backorder(journal, 4, DAY)
    journal.note(DAY, Fact.BACKORDER_CANCELLED, 4, 2)
    backorder(journal, 5, DAY)  # still waits
    journal.note(0.0, Fact.CANCELLED, 6, -1, CancelReason.PAYMENT)

    kpis = journal.kpis()

    assert kpis["lost_margin_eur"] == 5 * 2 * 5.0
    assert kpis["bought_elsewhere_lines_rate"] == kpis["done_without_lines_rate"] == 1 / 6
    assert kpis["given_up_lines_rate"] == 1 / 6


def test_what_nobody_would_have_paid_is_no_margin_lost_to_stock() -> None:
    """Turned away from an order that is rejected; in stock, and the payment lapsed."""
    journal = ten_lines()
    journal.note(0.0, Fact.SHORT, 0, 2, ShortAnswer.TURN_AWAY)
    journal.note(0.0, Fact.CANCELLED, 0, -1, CancelReason.FRAUD)
    journal.sell(1, paid_s=0.0)
    journal.note(DAY, Fact.PAYMENT_LAPSED, 1, 2)

    assert journal.kpis()["lost_margin_eur"] == 0.0


def test_a_substitute_is_counted_by_its_own_sku_and_price() -> None:
    """SKU 2 (cost 5.00) at 12.00 leaves in the place of SKU 0: stock, goods and money follow."""
    journal = Journal(demand_of([(0.0, [(0, 2, 1500)])]))
    for sku in (0, 2):
        journal.note(0.0, Fact.STOCK_OPENED, sku, 9)
    journal.note(0.0, Fact.PLACED, 0, 0)
    journal.note(0.0, Fact.SHORT, 0, 2, ShortAnswer.SUBSTITUTE)
    journal.note(0.0, Fact.SUBSTITUTED, 0, 2, 1200.0)
    journal.note(0.0, Fact.ENTERED, 0)
    journal.note(0.0, Fact.PAID, 0, -1, 2400.0)
    journal.note(HOUR, Fact.LINE_PICKED, 0, 2, 0.0)
    journal.note(HOUR, Fact.HANDED_OVER, 0, 0, 1000.0)
    journal.note(HOUR, Fact.CAPTURED, 0, 0, 2400.0)
    journal.note(DAY, Fact.DELIVERED, 0)

    tables, kpis = journal.tables(size=3), journal.kpis(size=3)

    assert tables.stock.picked.tolist() == [0, 0, 2]
    assert tables.of_lines.price_cents().tolist() == [1200]
    assert kpis["goods_eur"] == 10.0
    assert kpis["substituted_lines_rate"] == 1.0
    assert kpis["perfect_order_rate"] == 0.0


@pytest.mark.parametrize("size", [1, 2, 100])
def test_the_last_change_of_a_line_holds(size: int) -> None:
    """Replaced at the click, then typed as the next SKU, however the log is cut."""
    journal = Journal(demand_of([(0.0, [(0, 2, 1500)])]))
    journal.note(0.0, Fact.SUBSTITUTED, 0, 1, 1200.0)
    journal.note(1.0, Fact.TYPED_AS, 0, 2, 3.0)
    journal.note(2.0, Fact.LINE_PICKED, 0, 3, 0.0)

    lines = journal.tables(size=size).of_lines

    assert lines.picks_by_sku.tolist() == [0, 0, 1]
    assert lines.units_as_typed().tolist() == [3]


def test_the_supplier_charges_what_the_class_says() -> None:
    """SKU 0 is class A and pays 50 %, SKU 1 the usual 20 %: 0.5 x 30 + 0.2 x 10."""
    journal = Journal(demand_of([(0.0, [(0, 2, 1500), (1, 1, 1000)])]))
    journal.sell(0, paid_s=0.0)
    for line, units in ((0, 2), (1, 1)):
        journal.note(0.0, Fact.SHORT, line, units, ShortAnswer.DROPSHIP)
    journal.note(DAY, Fact.SENT_BY_SUPPLIER, 0)
    scenario = plain_scenario(
        stockouts={
            "answer": "dropship",
            "dropship_cost_share": 0.2,
            "by_class": {"best": {"abc": ["A"], "dropship_cost_share": 0.5}},
        },
        warehouse={"abc": {"a_share": 0.34, "b_share": 0.0}},
    )

    assert journal.kpis(scenario=scenario)["cost_dropship_per_order_eur"] == pytest.approx(17.0)
