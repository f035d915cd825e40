from __future__ import annotations

from typing import Any

import pytest

from sim.log.facts import CancelReason, Fact, ShortAnswer, SplitKind
from sim.policies.new_dates import NewDates
from sim.scenario.schema.laws import Deterministic
from sim.stages.backorders import Waiting
from sim.stages.order import Line, Shipment
from sim.stages.suppliers import PurchaseOrder
from tests.sim.engine.playing import Record
from tests.sim.stages.by_hand import (
    DAY_S,
    HOUR_S,
    HOUSE_S,
    PRICE_CENTS,
    TRANSIT_S,
    Hand,
    always,
)

NONE_OF_0 = [0, 9, 9, 9]


def answers(answer: str, **more: Any) -> dict[str, Any]:
    """Return the sections of an answer to shortages."""
    return {"stockouts": {"answer": answer, **more}}


def closing(played: Record) -> list[int]:
    """Return the units on hand at the end."""
    return [row.other for row in played.rows(Fact.STOCK_CLOSED)]


def test_backorder_is_filled_when_the_supplier_has_delivered(hand: Hand) -> None:
    """Short at 1000 with s = 0, S = 10: 12 bought for the 2 owed, on the shelf two days later."""
    played = hand.play([(1000.0, [(0, 2)])], stock=NONE_OF_0)

    (bought,) = played.rows(Fact.PURCHASED)
    assert (bought.time_s, bought.subject, bought.other) == (1000.0, 0, 12)
    (filled,) = played.rows(Fact.BACKORDER_FILLED)
    assert filled.time_s == 1000.0 + 2 * DAY_S
    assert played.first_s(Fact.DELIVERED)[0] == filled.time_s + HOUSE_S + TRANSIT_S
    assert closing(played) == [10, 9, 9, 9]


def test_backorder_promise_is_the_truck_after_the_delivery(hand: Hand) -> None:
    """Bought Monday 01:00 with two days of lead time: promised for Wednesday's truck at 18:00."""
    trucks = {"continuous": False, "pickups": ["18:00"], "order_cut_off": "14:00"}

    played = hand.play(
        [(HOUR_S, [(0, 2)])],
        stock=NONE_OF_0,
        sections={"shipping": {"services": {"standard": trucks}}},
    )

    (promised,) = played.rows(Fact.BACKORDER_PROMISED)
    assert (promised.other, promised.value) == (0, 2 * DAY_S + 18 * HOUR_S)
    assert played.first_s(Fact.HANDED_OVER)[0] == promised.value


def test_backorder_promise_without_trucks_is_the_delivery_itself(hand: Hand) -> None:
    """Where parcels leave at any time, the promise is the supplier's own time."""
    played = hand.play([(HOUR_S, [(0, 2)])], stock=NONE_OF_0)

    assert [row.value for row in played.rows(Fact.BACKORDER_PROMISED)] == [HOUR_S + 2 * DAY_S]


def test_who_waits_longest_is_served_first(hand: Hand) -> None:
    """Two units come back into stock for orders of 2, 1 and 1: the oldest takes both."""
    played = hand.play(
        [(0.0, [(0, 2)]), (10.0, [(0, 2)]), (20.0, [(0, 1)]), (30.0, [(0, 1)])],
        stock=[2, 0, 0, 0],
        levels=(-100, 0),  # nothing is ever bought
        pays=[False, True, True, True],
        declines=[1, 0, 0, 0],
        payment_delay_s=[500.0, 0.0, 0.0, 0.0],
    )

    assert [row.subject for row in played.rows(Fact.BACKORDER_FILLED)] == [1]
    assert played.first_s(Fact.BACKORDER_FILLED)[1] == 500.0
    assert played.count(Fact.BACKORDER_CANCELLED) == 2


def test_order_is_split_and_charged_by_parcel(hand: Hand) -> None:
    """What is there leaves at once, the rest two days later; each parcel captures its own price."""
    played = hand.play(
        [(0.0, [(1, 1), (0, 2)])], stock=NONE_OF_0, sections=answers("backorder", split=True)
    )

    (split,) = played.rows(Fact.SPLIT)
    assert (split.subject, split.other, split.value) == (1, 0, SplitKind.BACKORDER)
    captured = [(row.time_s, row.other, row.value) for row in played.rows(Fact.CAPTURED)]
    assert captured == [
        (HOUSE_S, 0, PRICE_CENTS),
        (2 * DAY_S + HOUSE_S, 1, 2 * PRICE_CENTS),
    ]


def test_order_that_is_not_split_waits_in_one_piece(hand: Hand) -> None:
    """One parcel, two days later, for the whole price."""
    played = hand.play(
        [(0.0, [(1, 1), (0, 2)])], stock=NONE_OF_0, sections=answers("backorder", split=False)
    )

    assert not played.rows(Fact.SPLIT)
    (captured,) = played.rows(Fact.CAPTURED)
    assert (captured.time_s, captured.value) == (2 * DAY_S + HOUSE_S, 3 * PRICE_CENTS)


def test_second_delivery_is_waited_for_where_the_first_is_promised_away(hand: Hand) -> None:
    """The order of 30 units is filled with the second purchase; the first goes to the first."""
    played = hand.play([(0.0, [(0, 10)]), (DAY_S, [(0, 30)])], stock=[0, 0, 0, 0], levels=(0, 5))

    # -10 <= 0: 15 bought at 0; then 15 - 10 - 30 = -25: 30 bought on day 1
    assert [(row.time_s, row.other) for row in played.rows(Fact.PURCHASED)] == [
        (0.0, 15),
        (DAY_S, 30),
    ]
    assert [row.other for row in played.rows(Fact.BACKORDER_PROMISED)] == [0, 1]
    assert [row.time_s for row in played.rows(Fact.BACKORDER_FILLED)] == [2 * DAY_S, 3 * DAY_S]


@pytest.mark.parametrize("split", [True, False])
def test_customer_who_loses_patience_pays_only_for_what_comes(hand: Hand, split: bool) -> None:
    """The missing line is cancelled after a day: only the other is charged and can come back."""
    played = hand.play(
        [(0.0, [(1, 1), (0, 2)])],
        stock=NONE_OF_0,
        sections=answers("backorder", split=split),
        patience_s=DAY_S,
        return_u=0.0,  # every line that arrives comes back
    )

    (given_up,) = played.rows(Fact.BACKORDER_CANCELLED)
    assert (given_up.time_s, given_up.subject, given_up.other) == (DAY_S, 1, 2)
    assert [row.value for row in played.rows(Fact.CAPTURED)] == [PRICE_CENTS]
    assert [row.subject for row in played.rows(Fact.RETURN_ASKED)] == [0]
    assert [row.value for row in played.rows(Fact.REFUNDED)] == [PRICE_CENTS]
    assert not played.rows(Fact.CANCELLED)


def test_customer_who_gives_up_everything_cancels(hand: Hand) -> None:
    """Nothing was there and patience ended: the order is cancelled and nothing is charged."""
    played = hand.play([(0.0, [(0, 2)])], stock=NONE_OF_0, patience_s=DAY_S)

    (cancelled,) = played.rows(Fact.CANCELLED)
    assert (cancelled.time_s, cancelled.value) == (DAY_S, CancelReason.PATIENCE)
    assert not played.rows(Fact.CAPTURED, Fact.ALLOCATED)


def test_patience_that_ends_after_the_filling_plays_no_part(hand: Hand) -> None:
    """Filled after two days, patience of three: delivered."""
    played = hand.play([(0.0, [(0, 2)])], stock=NONE_OF_0, patience_s=3 * DAY_S)

    assert played.count(Fact.DELIVERED) == 1
    assert not played.rows(Fact.BACKORDER_CANCELLED)


def test_turned_away_at_the_click(hand: Hand) -> None:
    """The line that is shown as sold out is dropped, the rest is sold."""
    played = hand.play(
        [(0.0, [(0, 1), (1, 2)]), (10.0, [(0, 1)])],
        stock=NONE_OF_0,
        sections=answers("turn_away"),
    )

    assert [(row.subject, row.value) for row in played.rows(Fact.SHORT)] == [
        (0, ShortAnswer.TURN_AWAY),
        (2, ShortAnswer.TURN_AWAY),
    ]
    assert [row.value for row in played.rows(Fact.PAID)] == [2 * PRICE_CENTS]
    (cancelled,) = played.rows(Fact.CANCELLED)
    assert (cancelled.subject, cancelled.value) == (1, CancelReason.TURNED_AWAY)
    assert closing(played)[:2] == [0, 7]


def test_stale_figures_oversell(hand: Hand) -> None:
    """Figures are an hour old: the second click buys what is gone, and hears no later."""
    played = hand.play(
        [(60.0, [(0, 1)]), (120.0, [(0, 1)]), (2 * HOUR_S, [(0, 1)])],
        stock=[1, 0, 0, 0],
        levels=(-100, 0),
        sections=answers("turn_away") | {"stock": {"sync_min": 60.0}},
    )

    reasons = [(row.subject, row.value) for row in played.rows(Fact.CANCELLED)]
    assert reasons == [(1, CancelReason.OVERSOLD), (2, CancelReason.TURNED_AWAY)]
    assert [row.value for row in played.rows(Fact.SHORT)] == [
        ShortAnswer.OVERSOLD,
        ShortAnswer.TURN_AWAY,
    ]


def test_live_figures_never_oversell(hand: Hand) -> None:
    """In real time the second click is turned away at once."""
    played = hand.play(
        [(60.0, [(0, 1)]), (120.0, [(0, 1)])],
        stock=[1, 0, 0, 0],
        levels=(-100, 0),
        sections=answers("turn_away"),
    )

    assert [row.value for row in played.rows(Fact.CANCELLED)] == [CancelReason.TURNED_AWAY]


@pytest.mark.parametrize("wrong", [False, True])
def test_dropshipped_line_travels_from_the_supplier(hand: Hand, wrong: bool) -> None:
    """Two parcels: ours at once, the supplier's after two days, charged when it leaves there."""
    played = hand.play(
        [(0.0, [(1, 1), (0, 2)])],
        stock=NONE_OF_0,
        sections=answers("dropship"),
        dropship_wrong=wrong,
    )

    (split,) = played.rows(Fact.SPLIT)
    assert (split.subject, split.value) == (1, SplitKind.DROPSHIP)
    assert played.first_s(Fact.SENT_BY_SUPPLIER)[1] == 2 * DAY_S
    assert played.first_s(Fact.DELIVERED)[1] == 2 * DAY_S + TRANSIT_S
    assert [row.value for row in played.rows(Fact.CAPTURED)] == [1000.0, 2000.0]
    assert [row.subject for row in played.rows(Fact.LINE_PICKED)] == [0]
    assert [row.subject for row in played.rows(Fact.LINE_ARRIVED_WRONG)] == ([1] if wrong else [])


def test_delivery_waits_for_the_receiver(hand: Hand) -> None:
    """Two deliveries come at the same time, ten minutes of work each: on the shelf one by one."""
    played = hand.play(
        [(0.0, [(0, 1)]), (0.0, [(1, 1)])],
        stock=[1, 1, 9, 9],
        sections={"stock": {"receive_s_per_order": 600.0}},
    )

    assert [row.time_s for row in played.rows(Fact.RECEIVED)] == []  # the run ends before they come
    longer = hand.play(
        [(0.0, [(0, 1)]), (0.0, [(1, 1)]), (5 * DAY_S, [(2, 1)])],
        stock=[1, 1, 9, 9],
        sections={"stock": {"receive_s_per_order": 600.0, "lead_time_days": always(2.0)}},
    )
    assert [row.time_s - 2 * DAY_S for row in longer.rows(Fact.RECEIVED)] == [600.0, 1200.0]


def test_unlimited_stock_plays_no_part(hand: Hand) -> None:
    """A thousand units of a SKU are simply there, and the log does not speak of stock."""
    played = hand.play([(0.0, [(0, 1000)])])

    assert played.count(Fact.DELIVERED) == 1
    assert not played.rows(Fact.STOCK_OPENED, Fact.PURCHASED, Fact.SHORT, Fact.STOCK_CLOSED)


def test_units_of_a_given_up_backorder_are_promised_to_the_next() -> None:
    """A purchase order of 3: the second line of 3 is promised later, unless the first gave up."""
    purchase = PurchaseOrder(
        0, 3, 100.0, NewDates(Deterministic(distribution="deterministic", value=1.0), 0.9)
    )
    line = Line(0, 0, 3, 100, 0.0, 0, False, False, 0)
    waiting = Waiting(line, Shipment.__new__(Shipment))
    waiting.promise(purchase, 3)

    waiting.leaves()

    assert purchase.promised == 0
