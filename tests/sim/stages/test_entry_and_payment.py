from __future__ import annotations

from sim.log.facts import CancelReason, EntryFault, Fact
from sim.orders.book import ENTRY_WRONG_SKU, ENTRY_WRONG_UNITS
from tests.sim.engine.playing import Record
from tests.sim.stages.by_hand import (
    DAY_S,
    HOUR_S,
    HOUSE_S,
    LABEL_S,
    PACK_S,
    PICK_S,
    TRANSIT_S,
    Hand,
)

ONE = [(0, 1)]


def when(played: Record, fact: Fact) -> list[float]:
    """Return the times of a fact."""
    return [row.time_s for row in played.rows(fact)]


def test_plain_order_by_hand(hand: Hand) -> None:
    """Placed at 1000: picked 1120, packed 1180, labelled and gone 1210, at the door 4810."""
    played = hand.play([(1000.0, ONE)])

    assert when(played, Fact.PAID) == when(played, Fact.RELEASED) == [1000.0]
    assert when(played, Fact.PICK_STARTED) == [1000.0]
    assert when(played, Fact.PICKED) == when(played, Fact.PACK_STARTED) == [1000.0 + PICK_S]
    assert when(played, Fact.PACKED) == [1000.0 + PICK_S + PACK_S]
    assert when(played, Fact.LABELLED) == [1000.0 + PICK_S + PACK_S + LABEL_S]
    assert when(played, Fact.HANDED_OVER) == when(played, Fact.CAPTURED) == [1210.0]
    assert when(played, Fact.DELIVERED) == [1210.0 + TRANSIT_S]
    assert played.played.ended_s == DAY_S  # the window of a day is longer than this order
    assert played.played.open_lives == 0


def test_manual_orders_are_typed_one_after_the_other(hand: Hand) -> None:
    """One clerk, 300 s an order: three calls at 0, 10 and 20 are entered at 300, 600 and 900."""
    played = hand.play([(0.0, ONE), (10.0, ONE), (20.0, ONE)], channel=[1, 1, 1], entry_s=300.0)

    assert when(played, Fact.ENTRY_STARTED) == [0.0, 300.0, 600.0]
    assert when(played, Fact.ENTERED) == [300.0, 600.0, 900.0]


def test_late_hand_in_delays_the_entry_not_the_promise(hand: Hand) -> None:
    """Handed in two hours late: entered two hours late, promised as if it had come in time."""
    played = hand.play([(50.0, ONE)], hand_in_delay_s=2 * HOUR_S)

    assert when(played, Fact.HANDED_IN) == when(played, Fact.ENTERED) == [50.0 + 2 * HOUR_S]
    (promised,) = played.rows(Fact.PROMISED)
    assert promised.time_s == 50.0
    assert promised.value == 50.0 + 24 * HOUR_S


def test_entry_fault_that_the_confirmation_shows_is_mended(hand: Hand) -> None:
    """A wrong SKU is found: a clerk mends it in 240 s and the right one is picked."""
    played = hand.play(
        [(0.0, [(2, 3)])],
        channel=[1],
        entry_s=300.0,
        entry_error=ENTRY_WRONG_SKU,
        entry_found=True,
        mend_s=240.0,
    )

    (fault,) = played.rows(Fact.ENTRY_FAULT)
    assert (fault.time_s, fault.other, fault.value) == (300.0, 0, EntryFault.WRONG_SKU)
    assert when(played, Fact.ENTRY_FAULT_MENDED) == when(played, Fact.ENTERED) == [540.0]
    assert not played.rows(Fact.TYPED_AS)
    assert not played.rows(Fact.LINE_ARRIVED_WRONG)


def test_wrong_sku_is_picked_as_typed_and_claimed(hand: Hand) -> None:
    """SKU 3, the last of the list, becomes SKU 0: it is taken from that shelf and arrives wrong."""
    played = hand.play([(0.0, [(3, 1)])], stock=[5, 5, 5, 5], entry_error=ENTRY_WRONG_SKU)

    (typed,) = played.rows(Fact.TYPED_AS)
    assert (typed.subject, typed.other, typed.value) == (0, 0, 1.0)
    # 5 - 1, and the wrong item comes back and is sound
    assert [row.other for row in played.rows(Fact.STOCK_CLOSED)] == [5, 5, 5, 5]
    assert len(played.rows(Fact.LINE_ARRIVED_WRONG)) == len(played.rows(Fact.RETURN_ASKED)) == 1


def test_wrong_units_are_one_less_or_two_for_one(hand: Hand) -> None:
    """Three become two, one becomes two; both are paid as typed."""
    played = hand.play([(0.0, [(0, 3)]), (9.0, [(1, 1)])], entry_error=ENTRY_WRONG_UNITS)

    assert [row.value for row in played.rows(Fact.TYPED_AS)] == [2.0, 2.0]
    assert [row.value for row in played.rows(Fact.CAPTURED)] == [2000.0, 2000.0]


def test_wrong_address_travels_three_times(hand: Hand) -> None:
    """To the wrong door, back, and to the right one: three hours in place of one."""
    played = hand.play([(0.0, ONE)], wrong_address=True)

    assert when(played, Fact.DELIVERED) == [HOUSE_S + 3 * TRANSIT_S]


def test_slow_payment_holds_the_order_not_the_reservation(hand: Hand) -> None:
    """Entered at 0 with the last unit, paid at 5000: the order of 100 finds nothing."""
    played = hand.play(
        [(0.0, ONE), (100.0, ONE)],
        stock=[1, 0, 0, 0],
        payment_delay_s=[5000.0, 0.0],
    )

    assert played.first_s(Fact.PAID).tolist() == [5000.0, 100.0]
    assert [row.subject for row in played.rows(Fact.SHORT)] == [1]
    assert played.first_s(Fact.RELEASED)[0] == 5000.0


def test_declined_customer_who_gives_up_frees_the_stock(hand: Hand) -> None:
    """Cancelled at 700 after two declines; the backorder that waits gets the unit at once."""
    played = hand.play(
        [(0.0, ONE), (100.0, ONE)],
        stock=[1, 0, 0, 0],
        declines=[2, 0],
        pays=[False, True],
        payment_delay_s=[700.0, 0.0],
    )

    (cancelled,) = played.rows(Fact.CANCELLED)
    assert (cancelled.time_s, cancelled.subject) == (700.0, 0)
    assert cancelled.value == CancelReason.PAYMENT
    assert [row.value for row in played.rows(Fact.PAYMENT_DECLINED)] == [2.0]
    assert when(played, Fact.BACKORDER_FILLED) == [700.0]
    assert [row.subject for row in played.rows(Fact.CAPTURED)] == [1]


def test_fraud_check_waits_for_the_clerk(hand: Hand) -> None:
    """The clerk types until 300, then looks at the held order for 200 s: paid at 500."""
    played = hand.play(
        [(0.0, ONE), (10.0, ONE)],
        channel=[1, 0],
        entry_s=300.0,
        fraud_check_s=[0.0, 200.0],
    )

    assert played.first_s(Fact.PAID).tolist() == [300.0, 500.0]
