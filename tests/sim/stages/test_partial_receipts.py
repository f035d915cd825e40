"""Purchase orders that come in two parts, and the backorders that wait for them."""

from __future__ import annotations

from typing import Any

import pytest

from sim.log.facts import Fact
from sim.orders.streams import stream
from sim.scenario.schema.stock import StockSection
from sim.stages.buying import Buying
from sim.stages.suppliers import Part, PartReceipts, PurchaseOrder
from tests.properties.law_book import LawBook
from tests.sim.engine.playing import record, scenario_of
from tests.sim.stages.by_hand import DAY_S, Hand, always

NONE_OF_0 = [0, 9, 9, 9]
IN_PARTS: dict[str, Any] = {
    "stock": {
        "partial_receipt_share": 1.0,
        "partial_first_share": 0.25,
        "partial_rest_days": always(3.0),
    }
}


def test_the_rest_comes_later_under_the_same_number(hand: Hand) -> None:
    """12 bought for day 2: a quarter comes then, the rest three days later."""
    played = hand.play([(0.0, [(0, 2)]), (6 * DAY_S, [(1, 1)])], stock=NONE_OF_0, sections=IN_PARTS)

    received = [(row.time_s, row.other, row.value) for row in played.rows(Fact.RECEIVED)]
    assert received == [(2 * DAY_S, 3, 0.0), (5 * DAY_S, 9, 0.0)]
    assert next(row.other for row in played.rows(Fact.STOCK_CLOSED)) == 10
    assert [row.time_s for row in played.rows(Fact.BACKORDER_FILLED)] == [2 * DAY_S]


def test_a_partial_receipt_links_the_remaining_backorder_to_the_rest(hand: Hand) -> None:
    """2 + 6 units wait for 12: 3 come, which fills the first line.

    The second is promised anew: from the rest of the same purchase order, on day 5. What is
    backordered is then 6 units, no longer 8, and the 9 that are on order meet it: nothing more is
    bought.
    """
    played = hand.play([(0.0, [(0, 2)]), (0.0, [(0, 6)])], stock=NONE_OF_0, sections=IN_PARTS)

    # at 0: position -2, 12 bought; then 12 - 2 - 6 = 4, above s = 0
    assert [row.other for row in played.rows(Fact.PURCHASED)] == [12]
    first, second = played.rows(Fact.RECEIVED)
    assert (first.other, second.other) == (3, 9)
    filled = [(row.time_s, row.subject, row.other) for row in played.rows(Fact.BACKORDER_FILLED)]
    assert filled == [(2 * DAY_S, 0, 2), (5 * DAY_S, 1, 6)]
    (relinked,) = played.rows(Fact.BACKORDER_RELINKED)
    assert (relinked.time_s, relinked.subject, relinked.other) == (2 * DAY_S, 1, 0)
    promises = [(row.subject, row.value) for row in played.rows(Fact.BACKORDER_PROMISED)]
    assert promises == [(0, 2 * DAY_S), (1, 2 * DAY_S), (1, 5 * DAY_S)]


def test_a_purchase_order_that_is_due_earlier_takes_over(hand: Hand) -> None:
    """10 units wait for the first purchase order (20 for day 2); 12 more are bought on day 1.

    Those were for a customer who gives up. On day 2 only 5 come: the 10 are promised from the
    second one, due on day 3, not from the first one's rest, due on day 5. On day 3 it brings 3 of
    12 and its rest is due on day 6: back to the first one, which fills them on day 5.
    """
    played = hand.play(
        [(0.0, [(0, 10)]), (DAY_S, [(0, 12)])],
        stock=NONE_OF_0,
        sections=IN_PARTS,
        patience_s=[50 * DAY_S, 0.5 * DAY_S],
    )

    assert [row.other for row in played.rows(Fact.PURCHASED)] == [20, 12]
    relinked = [(row.time_s, row.other, row.value) for row in played.rows(Fact.BACKORDER_RELINKED)]
    assert relinked == [(2 * DAY_S, 1, 3 * DAY_S), (3 * DAY_S, 0, 5 * DAY_S)]
    mine = [row.value for row in played.rows(Fact.BACKORDER_PROMISED) if row.subject == 0]
    assert mine == [2 * DAY_S, 3 * DAY_S, 5 * DAY_S]
    assert [row.time_s for row in played.rows(Fact.BACKORDER_FILLED)] == [5 * DAY_S]


def test_no_new_promise_where_the_due_time_stays(hand: Hand) -> None:
    """The rest comes with the first part's truck: linked anew, promised as before."""
    at_once = {"stock": IN_PARTS["stock"] | {"partial_rest_days": always(0.0)}}

    played = hand.play([(0.0, [(0, 2)]), (0.0, [(0, 6)])], stock=NONE_OF_0, sections=at_once)

    assert [row.other for row in played.rows(Fact.BACKORDER_RELINKED)] == [0]
    assert [row.subject for row in played.rows(Fact.BACKORDER_PROMISED)] == [0, 1]


def test_a_single_unit_comes_in_one_go(hand: Hand) -> None:
    """One unit is bought: nothing is left for a rest."""
    played = hand.play(
        [(0.0, [(0, 1)]), (6 * DAY_S, [(1, 1)])],
        stock=[1, 9, 9, 9],
        levels=(0, 1),
        sections=IN_PARTS,
    )

    assert [row.other for row in played.rows(Fact.RECEIVED)] == [1]


def test_shortness_belongs_to_the_sku_and_its_purchase() -> None:
    """The k-th purchase of a SKU is short or not, whatever was bought of others before."""
    rules = StockSection(partial_receipt_share=0.5)
    alone, busy = (PartReceipts(rules, 7, 0, 3) for _ in range(2))
    for _ in range(4):
        busy.parts(0, 10, 1.0)

    mine = [alone.parts(2, 10, 1.0) for _ in range(6)]

    assert mine == [busy.parts(2, 10, 1.0) for _ in range(6)]
    short = [stream(7, f"supplier/short/{k}", 0).random(3)[2] < 0.5 for k in range(6)]
    assert [len(parts) == 2 for parts in mine] == short
    assert True in short
    assert False in short
    assert mine[short.index(False)] == [Part(1.0, 10)]


@pytest.mark.parametrize(("units", "first"), [(2, 1), (3, 1), (40, 4), (5, 1)])
def test_both_parts_bring_something(units: int, first: int) -> None:
    """A tenth first, rounded, but never nothing."""
    rules = StockSection(partial_receipt_share=1.0, partial_first_share=0.1)

    parts = PartReceipts(rules, 1, 0, 1).parts(0, units, 2.0)

    assert [part.units for part in parts] == [first, units - first]


@pytest.mark.parametrize(("seed", "rest_days"), [(0, 3.0), (1, 0.5), (2, 20.0)])
def test_nothing_promised_exceeds_what_is_coming(
    monkeypatch: pytest.MonkeyPatch, seed: int, rest_days: float
) -> None:
    """After every receipt, of every purchase order and every waiting line.

    A purchase order has promised no more units than are still to come of it, and exactly those its
    lines hold; every waiting line is linked to a purchase order that is still coming. What is on
    order is what purchase orders still bring; what is backordered is what lines still wait for.
    """
    checked = {"receipts": 0, "linked": 0}
    receive = Buying._receive

    def and_check(self: Buying, house: Any, sku: int, purchase: PurchaseOrder, units: int) -> None:
        receive(self, house, sku, purchase, units)
        coming, queues = self.coming(sku), house.stock.queues
        queue = queues._queues.get(sku, ())
        for each in coming:
            held = [waits.promised_units for waits in queue if waits.promised_from is each]
            assert sum(held) == each.promised <= each.units
        assert all(waits.promised_from in coming for waits in queue)
        assert [each.due_s for each in coming] == sorted(each.due_s for each in coming)
        assert sum(each.units for each in coming) == self.on_order[sku]
        assert sum(waits.line.units for waits in queue) == queues.units[sku]
        checked["receipts"] += 1
        checked["linked"] += len(queue)

    monkeypatch.setattr(Buying, "_receive", and_check)
    patience = {"distribution": "exponential", "mean": 6.0}
    played = record(
        scenario_of(
            orders={"per_day": 80.0, "units_per_line": {"distribution": "geometric", "mean": 2.5}},
            run={"warm_up_days": 0.0, "horizon_days": 20.0, "cool_down_days": 0.0, "seed": seed},
            items={"count": 30, "categories": {"all": {"return_rate": 0.3}}},
            stock={
                "service_level": 0.1,
                "order_days": 1.0,
                "partial_receipt_share": 0.7,
                "partial_rest_days": {"distribution": "exponential", "mean": rest_days},
            },
            stockouts={"patience_days": patience},
        )
    )

    LawBook(played).check()
    assert checked["receipts"] > 200
    assert checked["linked"] > 200
    assert played.count(Fact.BACKORDER_RELINKED) > 200
