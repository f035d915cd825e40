"""Accounts of lines that were found short at the pick: what follows, what waits, what ends."""

from __future__ import annotations

import pytest

from sim.kpis.account import Account
from sim.kpis.balance import Balance, balance
from sim.kpis.trucks import promised
from sim.log.facts import Fact, ShortAnswer, SplitKind
from tests.sim.kpis.journal import DAY, HOUR, Journal, demand_of, plain_scenario

PRICE = 1000
TRUCK_H = 18


def leave(journal: Journal, shipment: int, line: int, hour: float) -> None:
    """Note that a line is picked, handed over and paid for at an hour; at the door a day later."""
    units = int(journal.demand.units[line])
    journal.note(hour * HOUR, Fact.LINE_PICKED, line, units)
    journal.note(hour * HOUR, Fact.HANDED_OVER, shipment, 0, 100.0)
    journal.note(hour * HOUR, Fact.CAPTURED, 0, shipment, units * PRICE)
    journal.note(hour * HOUR + DAY, Fact.DELIVERED, shipment)


def short_at_the_pick(journal: Journal, line: int, hour: float, answer: ShortAnswer) -> None:
    """Note that a place lacks all units of a line, and what is answered."""
    units = int(journal.demand.units[line])
    journal.note(hour * HOUR, Fact.SHORT_PICKED, line, units)
    if answer == ShortAnswer.FOLLOWS:
        journal.note(hour * HOUR, Fact.SPLIT, 1, 0, SplitKind.BACKORDER)
    journal.note(hour * HOUR, Fact.SHORT, line, units, answer)


def all_on_backorder_first() -> Journal:
    """Both lines (2 units and 1) wait in the order's own shipment, and leave the queue at 10 h.

    At 11 h the place of line 1 lacks its unit: it follows, and line 0 leaves at 12 h.
    """
    journal = Journal(demand_of([(0.0, [(0, 2, PRICE), (1, 1, PRICE)])]))
    journal.sell(0, paid_s=0.0)
    for line, units in ((0, 2), (1, 1)):
        journal.note(0.0, Fact.SHORT, line, units, ShortAnswer.BACKORDER)
        journal.note(10 * HOUR, Fact.BACKORDER_FILLED, line, units)
    short_at_the_pick(journal, 1, 11, ShortAnswer.FOLLOWS)
    leave(journal, 0, 0, 12)
    return journal


def ends(found: Balance) -> tuple[int, int, int, int, int]:
    """Return orders delivered and open, units shipped, cancelled and open."""
    return (
        found.delivered,
        found.open_orders,
        found.units_shipped,
        found.units_cancelled,
        found.units_open,
    )


def test_the_own_shipment_is_not_taken_for_the_rest() -> None:
    """Line 0 has arrived, line 1 is still to come: open, with two units shipped and one open."""
    found = balance(all_on_backorder_first().tables())

    assert found.faults == ()
    assert ends(found) == (0, 1, 2, 0, 1)


def test_an_order_ends_when_what_followed_has_come() -> None:
    """Line 1 leaves at 60 h in its own leg, and decides the lead time."""
    journal = all_on_backorder_first()
    journal.note(50 * HOUR, Fact.BACKORDER_FILLED, 1, 1)
    leave(journal, 1, 1, 60)

    found = balance(journal.tables())

    assert found.faults == ()
    assert ends(found) == (1, 0, 3, 0, 0)
    assert journal.kpis()["order_lead_time_mean_h"] == pytest.approx(84.0)


def test_an_order_ends_when_what_was_to_follow_is_given_up() -> None:
    """Patience ends at 100 h: the leg is void, and the order is delivered with what it got."""
    journal = all_on_backorder_first()
    journal.note(100 * HOUR, Fact.BACKORDER_CANCELLED, 1, 1)
    journal.note(100 * HOUR, Fact.VOID, 1)

    found = balance(journal.tables())

    assert found.faults == ()
    assert ends(found) == (1, 0, 2, 1, 0)


@pytest.mark.parametrize("answer", [ShortAnswer.BACKORDER, ShortAnswer.WAITS, ShortAnswer.FOLLOWS])
def test_a_line_that_waits_for_stock_is_backordered_however_it_travels(
    answer: ShortAnswer,
) -> None:
    """One of two lines, 6 h in the queue: the same rate and the same age for every such answer."""
    journal = Journal(demand_of([(0.0, [(0, 2, PRICE), (1, 1, PRICE)])]))
    journal.sell(0, paid_s=0.0)
    short_at_the_pick(journal, 1, 4, answer)
    journal.note(10 * HOUR, Fact.BACKORDER_FILLED, 1, 1)

    kpis = journal.kpis()

    assert kpis["backorder_lines_rate"] == 0.5
    assert kpis["backorder_age_mean_h"] == pytest.approx(6.0)


@pytest.mark.parametrize("chunk", [1, 2, 1000])
def test_only_what_follows_is_held_to_its_own_promise(chunk: int) -> None:
    """Of a split order one line follows, the other waits in the own shipment at the pick.

    The own shipment keeps the truck of the click; what follows has that of day 3.
    """
    journal = Journal(demand_of([(6 * HOUR, [(0, 1, PRICE), (1, 1, PRICE)])]))
    journal.sell(0, paid_s=7 * HOUR)
    journal.note(6 * HOUR, Fact.PROMISED, 0, TRUCK_H * 3600, 2 * DAY)
    for line, answer, day in ((0, ShortAnswer.FOLLOWS, 3), (1, ShortAnswer.WAITS, 5)):
        short_at_the_pick(journal, line, 8, answer)
        journal.note(8 * HOUR, Fact.BACKORDER_PROMISED, line, 0, day * DAY + TRUCK_H * HOUR)
    for shipment in (0, 1):
        journal.note(6 * DAY, Fact.HANDED_OVER, shipment, 0, 100.0)

    found = promised(Account(journal.tables(size=chunk), plain_scenario()))

    assert found.shipment.tolist() == [0, 1]
    assert found.truck_s.tolist() == [TRUCK_H * HOUR, 3 * DAY + TRUCK_H * HOUR]
