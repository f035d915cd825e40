"""Promises that slip, and who gets what comes in: each timeline reckoned by hand."""

from __future__ import annotations

from typing import Any

from sim.log.facts import CancelReason, Fact, ShortAnswer
from tests.sim.engine.playing import Record
from tests.sim.stages.by_hand import DAY_S, HOUR_S, HOUSE_S, Hand, always, merged

EMPTY = [0, 9, 9, 9]
NEVER_BOUGHT = (-100, 0)


def slow_dock(hand: Hand, patience_s: float = 50 * DAY_S, **stockouts: Any) -> Record:
    """Play an order of two units of an empty shelf whose delivery takes half a day to put away."""
    return hand.play(
        [(0.0, [(0, 2)])],
        stock=EMPTY,
        sections={
            "stock": {"receive_s_per_order": 12 * HOUR_S},
            "stockouts": {"repromise": True, **stockouts},
        },
        patience_s=patience_s,
    )


def test_a_slipped_promise_is_told_anew(hand: Hand) -> None:
    """Promised for day 2, when it is due; the law says no more then: tomorrow, and so it is."""
    played = slow_dock(hand)

    told = [(row.time_s, row.value) for row in played.rows(Fact.BACKORDER_PROMISED)]
    assert told == [(0.0, 2 * DAY_S), (2 * DAY_S, 3 * DAY_S)]
    (slipped,) = played.rows(Fact.BACKORDER_SLIPPED)
    assert (slipped.time_s, slipped.value) == (2 * DAY_S, 2 * DAY_S)
    assert played.first_s(Fact.HANDED_OVER)[0] == 2.5 * DAY_S + HOUSE_S


def test_nothing_is_told_anew_by_default(hand: Hand) -> None:
    """Without repromise the promise just passes."""
    played = slow_dock(hand, repromise=False)

    assert played.count(Fact.BACKORDER_PROMISED) == 1
    assert not played.rows(Fact.BACKORDER_SLIPPED)


def test_a_slip_may_end_patience(hand: Hand) -> None:
    """Every customer cancels when a promise slips: nothing is sent."""
    played = slow_dock(hand, cancel_on_slip_share=1.0)

    (given_up,) = played.rows(Fact.BACKORDER_CANCELLED)
    assert given_up.time_s == 2 * DAY_S
    (cancelled,) = played.rows(Fact.CANCELLED)
    assert cancelled.value == CancelReason.PATIENCE
    assert not played.rows(Fact.CAPTURED)


def test_patience_ends_once(hand: Hand) -> None:
    """Cancelled at the slip on day 2, the patience of 3 days finds nothing left to cancel."""
    played = slow_dock(hand, patience_s=3 * DAY_S, cancel_on_slip_share=1.0)

    assert played.count(Fact.BACKORDER_CANCELLED) == 1


def test_a_promise_that_is_kept_does_not_slip(hand: Hand) -> None:
    """The goods are there in the second of the promise: nobody hears of a new date."""
    played = hand.play([(0.0, [(0, 2)])], stock=EMPTY, sections={"stockouts": {"repromise": True}})

    assert played.count(Fact.BACKORDER_PROMISED) == 1
    assert not played.rows(Fact.BACKORDER_SLIPPED)


# who gets what comes in

TWO_CHANNELS = {
    "orders": {
        "channels": {
            "web": {"share": 0.5, "priority": 1},
            "phone": {"share": 0.5, "priority": 0},
        }
    }
}


def shared_out(hand: Hand, rule: str, units: list[int], channel: list[int], free: int) -> list[int]:
    """Return the lines that are filled when an order that holds some units is given up.

    The first order reserves all that is there and is not paid; the others wait for it.
    """
    orders = [(0.0, [(0, free)]), *((10.0 + k, [(0, each)]) for k, each in enumerate(units))]
    played = hand.play(
        orders,
        stock=[free, 0, 0, 0],
        levels=NEVER_BOUGHT,
        channel=[0, *channel],
        pays=[False, *([True] * len(units))],
        declines=[1, *([0] * len(units))],
        payment_delay_s=[500.0, *([0.0] * len(units))],
        sections=merged(TWO_CHANNELS, {"allocation": {"rule": rule}}),
    )
    filled = [row for row in played.rows(Fact.BACKORDER_FILLED) if row.time_s == 500.0]
    return [row.subject for row in filled]


def test_first_come_serves_the_longest_wait(hand: Hand) -> None:
    """Of two units the first two lines get one each, whatever their channel."""
    assert shared_out(hand, "first_come", [1, 1, 1], [0, 0, 1], free=2) == [1, 2]


def test_priority_serves_the_first_rank(hand: Hand) -> None:
    """The phone's line came last and is served first; then who waited longest."""
    assert shared_out(hand, "priority", [1, 1, 1], [0, 0, 1], free=2) == [3, 1]


def test_fair_share_serves_channels_by_what_they_wait_for(hand: Hand) -> None:
    """Six wait on the web, three by phone: of three units the web gets two, the phone one."""
    units, channel = [1] * 9, [0] * 6 + [1] * 3

    assert shared_out(hand, "fair_share", units, channel, free=3) == [1, 2, 7]


def test_fair_share_leaves_the_rest_to_the_longest_wait(hand: Hand) -> None:
    """Four units for 3 + 3: two each fit no line of three; the oldest line gets three of them."""
    assert shared_out(hand, "fair_share", [3, 3], [0, 1], free=4) == [1]


def a_large_line_and_a_small_one(hand: Hand, **sections: Any) -> Record:
    """Play a line of 5 units before a shelf of 3, then one of 2."""
    return hand.play(
        [(0.0, [(0, 5)]), (HOUR_S, [(0, 2)])],
        stock=[3, 9, 9, 9],
        sections={"stock": {"lead_time_days": always(2.0)}, **sections},
    )


def test_small_orders_overtake_by_default(hand: Hand) -> None:
    """The two units are there, so the second order leaves at once."""
    played = a_large_line_and_a_small_one(hand)

    assert played.first_s(Fact.HANDED_OVER)[1] == HOUR_S + HOUSE_S


def test_no_overtaking(hand: Hand) -> None:
    """The second order waits its turn: the delivery of day 2 serves both, the large one first."""
    played = a_large_line_and_a_small_one(hand, allocation={"no_overtaking": True})

    assert [row.value for row in played.rows(Fact.SHORT)] == [ShortAnswer.BACKORDER] * 2
    filled = [(row.time_s, row.subject) for row in played.rows(Fact.BACKORDER_FILLED)]
    assert filled == [(2 * DAY_S, 0), (2 * DAY_S, 1)]


def test_a_higher_rank_takes_its_turn_at_once(hand: Hand) -> None:
    """By priority the phone's two units come before the web's five, and are there."""
    played = hand.play(
        [(0.0, [(0, 5)]), (HOUR_S, [(0, 2)])],
        stock=[3, 9, 9, 9],
        channel=[0, 1],
        sections=merged(TWO_CHANNELS, {"allocation": {"rule": "priority", "no_overtaking": True}}),
    )

    filled = [(row.time_s, row.subject) for row in played.rows(Fact.BACKORDER_FILLED)]
    assert filled == [(HOUR_S, 1), (2 * DAY_S, 0)]
