from __future__ import annotations

import pytest

from sim.log.facts import CancelReason, Fact, ShortAnswer, SplitKind, WrongCause
from tests.sim.kpis.journal import DAY, HOUR, Journal, demand_of


def five_orders() -> Journal:
    """Five one-line orders, all promised for the truck at 6 h and the door at 30 h.

    0 and 1 keep both promises; 2 misses the truck but not the door (it is fast); 3 misses both;
    4 is cancelled for payment.
    """
    journal = Journal(demand_of([(0.0, [(0, 1, 1000)])] * 5))
    for order in range(5):
        journal.sell(order, paid_s=0.0)
        journal.note(0.0, Fact.PROMISED, order, int(6 * HOUR), 30 * HOUR)
    for order, (left_h, door_h) in enumerate(((6, 30), (5, 20), (7, 29), (7, 31))):
        journal.note(left_h * HOUR, Fact.HANDED_OVER, order, 0, 1000.0)
        journal.note(door_h * HOUR, Fact.DELIVERED, order)
    journal.note(HOUR, Fact.CANCELLED, 4, -1, CancelReason.PAYMENT)
    return journal


def test_a_promise_is_kept_at_the_very_instant() -> None:
    """On time = by the promised time; cancelled orders are out of the count."""
    kpis = five_orders().kpis()

    assert kpis["on_time_ship_rate"] == 2 / 4
    assert kpis["on_time_delivery_rate"] == 3 / 4
    assert kpis["promise_kept_rate"] == 2 / 4
    assert kpis["missed_truck_rate"] == 2 / 4


def test_an_open_order_whose_promise_has_passed_is_late() -> None:
    """An order still open when the log ends counts as late once its promise has passed."""
    journal = Journal(demand_of([(0.0, [(0, 1, 1000)])] * 3))
    for order, door_h in enumerate((30, 30, 90)):
        journal.sell(order, paid_s=0.0)
        journal.note(0.0, Fact.PROMISED, order, int(6 * HOUR), door_h * HOUR)
    journal.note(5 * HOUR, Fact.HANDED_OVER, 0, 0, 1000.0)
    journal.note(29 * HOUR, Fact.DELIVERED, 0)
    journal.note(40 * HOUR, Fact.FOLLOWED_UP, 0)  # the log ends here

    kpis = journal.kpis()

    assert kpis["on_time_delivery_rate"] == 1 / 2  # order 2's promise still holds: not counted
    assert kpis["on_time_ship_rate"] == 1 / 3


def test_a_perfect_order_is_on_time_complete_and_unhurt() -> None:
    """Late, incomplete and wrong orders are not perfect; unpaid orders are out of the count."""
    journal = five_orders()  # 0, 1, 2 arrive on time, 3 is late, 4 could not pay
    journal.note(30 * HOUR, Fact.LINE_ARRIVED_WRONG, 1, 1, WrongCause.DAMAGED_IN_TRANSIT)

    assert journal.kpis()["perfect_order_rate"] == 2 / 4


def test_refused_orders_are_imperfect() -> None:
    """An order turned away because stock ended counts in the perfect order rate."""
    journal = Journal(demand_of([(0.0, [(0, 1, 1000)])] * 2))
    journal.sell(0, paid_s=0.0)
    journal.ship(0, start_s=0.0)
    journal.note(0.0, Fact.PLACED, 1, 0)
    journal.note(0.0, Fact.SHORT, 1, 1, ShortAnswer.TURN_AWAY)
    journal.note(0.0, Fact.CANCELLED, 1, -1, CancelReason.TURNED_AWAY)

    assert journal.kpis()["perfect_order_rate"] == 1 / 2


def test_a_backordered_rest_is_held_to_the_promise_of_its_backorder() -> None:
    """promise_kept_rate follows the last promise of a shipment, on_time the first of the order."""
    journal = Journal(demand_of([(0.0, [(0, 1, 1000), (1, 1, 1000)])]))
    journal.sell(0, paid_s=0.0)
    journal.note(0.0, Fact.PROMISED, 0, int(6 * HOUR), 30 * HOUR)
    journal.note(0.0, Fact.SHORT, 1, 1, ShortAnswer.BACKORDER)
    journal.note(0.0, Fact.SPLIT, 1, 0, SplitKind.BACKORDER)
    journal.note(0.0, Fact.BACKORDER_PROMISED, 1, 7, 5 * DAY)
    for shipment, left_s in ((0, 6 * HOUR), (1, 4 * DAY)):
        journal.note(left_s, Fact.HANDED_OVER, shipment, 0, 1000.0)
        journal.note(left_s + DAY, Fact.DELIVERED, shipment)

    kpis = journal.kpis()

    assert kpis["promise_kept_rate"] == 2 / 2
    assert kpis["on_time_ship_rate"] == 0.0
    assert kpis["on_time_delivery_rate"] == 0.0
    assert kpis["missed_truck_rate"] is None  # the only order was short of stock


@pytest.mark.parametrize(("told_last_d", "kept"), [(3, 0.0), (5, 1.0)])
def test_a_promise_made_anew_replaces_the_one_before(told_last_d: int, kept: float) -> None:
    """Day 4 was told, then day 3 or 5; what left on day 4 is held to what was told last."""
    journal = Journal(demand_of([(0.0, [(0, 1, 1000)])]))
    journal.sell(0, paid_s=0.0)
    journal.note(0.0, Fact.PROMISED, 0, int(6 * HOUR), 30 * HOUR)
    journal.note(0.0, Fact.SHORT, 0, 1, ShortAnswer.BACKORDER)
    journal.note(0.0, Fact.BACKORDER_PROMISED, 0, 7, 4 * DAY)
    journal.note(DAY, Fact.BACKORDER_RELINKED, 0, 8, told_last_d * DAY)
    journal.note(DAY, Fact.BACKORDER_PROMISED, 0, 8, told_last_d * DAY)
    journal.note(4 * DAY, Fact.HANDED_OVER, 0, 0, 1000.0)
    journal.note(5 * DAY, Fact.DELIVERED, 0)

    assert journal.kpis()["promise_kept_rate"] == kept


def test_a_rest_that_was_given_up_breaks_no_promise() -> None:
    """A backordered rest whose customer lost patience never leaves: it is out of the count."""
    journal = Journal(demand_of([(0.0, [(0, 1, 1000), (1, 1, 1000)])]))
    journal.sell(0, paid_s=0.0)
    journal.note(0.0, Fact.PROMISED, 0, int(6 * HOUR), 30 * HOUR)
    journal.note(0.0, Fact.SHORT, 1, 1, ShortAnswer.BACKORDER)
    journal.note(0.0, Fact.SPLIT, 1, 0, SplitKind.BACKORDER)
    journal.note(0.0, Fact.BACKORDER_PROMISED, 1, 7, 5 * DAY)
    journal.note(6 * HOUR, Fact.HANDED_OVER, 0, 0, 1000.0)
    journal.note(DAY, Fact.DELIVERED, 0)
    journal.note(9 * DAY, Fact.BACKORDER_CANCELLED, 1, 1)

    assert journal.kpis()["promise_kept_rate"] == 1 / 1


def test_a_backordered_order_in_one_piece_is_held_to_its_backorder() -> None:
    """Without a split the order's own shipment carries the backordered line and its promise."""
    journal = Journal(demand_of([(0.0, [(0, 1, 1000)])]))
    journal.sell(0, paid_s=0.0)
    journal.note(0.0, Fact.PROMISED, 0, int(6 * HOUR), 30 * HOUR)
    journal.note(0.0, Fact.SHORT, 0, 1, ShortAnswer.BACKORDER)
    journal.note(0.0, Fact.BACKORDER_PROMISED, 0, 7, 5 * DAY)
    journal.note(6 * DAY, Fact.HANDED_OVER, 0, 0, 1000.0)
    journal.note(7 * DAY, Fact.DELIVERED, 0)

    assert journal.kpis()["promise_kept_rate"] == 0.0


def test_a_continuous_carrier_promises_no_truck() -> None:
    """A promised truck at the click itself is no promise of a truck."""
    journal = Journal(demand_of([(1.5, [(0, 1, 1000)])]))
    journal.sell(0, paid_s=1.5)
    journal.note(1.5, Fact.PROMISED, 0, 1, 3 * DAY)
    journal.ship(0, start_s=1.5)

    kpis = journal.kpis()

    assert kpis["on_time_ship_rate"] is None
    assert kpis["on_time_delivery_rate"] == pytest.approx(1.0)
