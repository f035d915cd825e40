from __future__ import annotations

from collections.abc import Callable

import pytest

from sim.kpis.balance import balance
from sim.kpis.people_tables import PICKERS
from sim.log.facts import CancelReason, Fact, Refusal, ReturnReason, ShortAnswer, SplitKind
from tests.sim.kpis.journal import DAY, HOUR, Journal, demand_of


def sound() -> Journal:
    """A small sound house: five orders of 2 x SKU 0, one of each end, stock and people noted.

    0 delivered and returned; 1 delivered in two legs; 2 turned away; 3 has not paid; 4 is open.
    """
    journal = Journal(demand_of([(0.0, [(0, 2, 1000), (1, 1, 500)])] * 5))
    for sku, units in ((0, 20), (1, 20)):
        journal.note(0.0, Fact.STOCK_OPENED, sku, units)
    for order in (0, 1, 4):
        journal.sell(order, paid_s=0.0)
    journal.ship(0, start_s=0.0)
    _two_legs(journal)
    for line, units in ((4, 2), (5, 1)):
        journal.note(0.0, Fact.SHORT, line, units, ShortAnswer.TURN_AWAY)
    journal.note(0.0, Fact.PLACED, 2)
    journal.note(0.0, Fact.CANCELLED, 2, -1, CancelReason.TURNED_AWAY)
    journal.note(0.0, Fact.PLACED, 3)
    journal.note(HOUR, Fact.CANCELLED, 3, -1, CancelReason.PAYMENT)
    journal.note(3 * DAY, Fact.RETURN_ASKED, 0, 2, ReturnReason.FIT)
    journal.note(4 * DAY, Fact.RETURN_RECEIVED, 0, 2)
    journal.note(5 * DAY, Fact.RESTOCKED, 0, 2)
    journal.note(6 * DAY, Fact.REFUNDED, 0, 0, 2000)
    for time_h, fact, value in (
        (0, Fact.ON_DUTY, 0), (3, Fact.WORKED, 3 * HOUR), (3, Fact.BREAK_STARTED, 0),
        (4, Fact.BREAK_ENDED, 0), (8, Fact.WORKED, HOUR), (8, Fact.OFF_DUTY, 0),
    ):  # fmt: skip
        journal.note(time_h * HOUR, fact, 0, PICKERS, value)
    # SKU 0: 20 - 2 (order 0) - 2 (order 1) + 2 restocked = 18. SKU 1: 20 - 1 - 1 = 18.
    for sku in (0, 1):
        journal.note(20 * DAY, Fact.STOCK_CLOSED, sku, 18)
    return journal


def _two_legs(journal: Journal) -> None:
    """Order 1: line 2 ships at once, line 3 follows from backorder as shipment 5."""
    journal.note(0.0, Fact.SHORT, 3, 1, ShortAnswer.BACKORDER)
    journal.note(0.0, Fact.SPLIT, 5, 1, SplitKind.BACKORDER)
    journal.note(2 * HOUR, Fact.LINE_PICKED, 2, 2)
    journal.note(6 * HOUR, Fact.HANDED_OVER, 1, 0, 1000.0)
    journal.note(6 * HOUR, Fact.CAPTURED, 1, 1, 2000)
    journal.note(30 * HOUR, Fact.DELIVERED, 1)
    journal.note(3 * DAY, Fact.BACKORDER_FILLED, 3, 1)
    journal.note(3.5 * DAY, Fact.LINE_PICKED, 3, 1)
    journal.note(4 * DAY, Fact.HANDED_OVER, 5, 0, 500.0)
    journal.note(4 * DAY, Fact.CAPTURED, 1, 5, 500)
    journal.note(5 * DAY, Fact.DELIVERED, 5)


def test_a_sound_house_is_in_balance() -> None:
    """Orders and units are told by their ends, each exactly once."""
    found = balance(sound().tables())

    assert found.faults == ()
    assert found.line() == (
        "balance: 5 placed = 2 delivered + 2 cancelled + 1 open; units, stock, people, money: exact"
    )
    # 5 orders x 3 units: two orders shipped, one turned away, one not paid, one open
    assert found.units == 15
    assert (found.units_shipped, found.units_turned_away, found.units_cancelled) == (6, 3, 3)
    assert (found.units_dropshipped, found.units_open) == (0, 3)


def without(fact: Fact, subject: int) -> Callable[[Journal], None]:
    """Take a fact out of the log."""

    def take(journal: Journal) -> None:
        journal.facts = [f for f in journal.facts if f[1:3] != (int(fact), subject)]

    return take


def also(
    time_s: float, fact: Fact, subject: int, other: int = -1, value: float = 0.0
) -> Callable[[Journal], None]:
    """Put a fact into the log."""

    def put(journal: Journal) -> None:
        journal.note(time_s, fact, subject, other, value)

    return put


def fewer_units_picked(journal: Journal) -> None:
    """Pick one unit of line 0 instead of two, and close the stock accordingly."""
    picked = int(Fact.LINE_PICKED)
    journal.facts = [f if f[1:3] != (picked, 0) else (*f[:3], 1, f[4]) for f in journal.facts]
    closed = int(Fact.STOCK_CLOSED)
    journal.facts = [f if f[1:3] != (closed, 0) else (*f[:3], 19, f[4]) for f in journal.facts]


FAULTS: dict[str, tuple[Callable[[Journal], None], str]] = {
    "a unit lost between shelf and truck": (fewer_units_picked, "units lost or doubled"),
    "a unit gone from the shelf": (without(Fact.LINE_PICKED, 0), "stock does not add up: SKUs (0)"),
    "a delivery that never came": (
        also(7 * DAY, Fact.RECEIVED, 1, 5),
        "stock does not add up: SKUs (1)",
    ),
    "stock below zero": (also(HOUR, Fact.SHRUNK, 1, 50), "stock of SKU 1 fell to"),
    "delivered twice": (also(40 * HOUR, Fact.DELIVERED, 0), "delivered shipment 0 twice"),
    "delivered twice at once": (also(30 * HOUR, Fact.DELIVERED, 0), "delivered shipment 0 twice"),
    "handed over twice": (
        also(29 * HOUR, Fact.HANDED_OVER, 0, 0, 1.0),
        "handed over shipment 0 twice",
    ),
    "placed twice": (also(HOUR, Fact.PLACED, 0), "placed order 0 twice"),
    "placed and lost": (also(0.0, Fact.LOST, 0), "placed and lost: orders (0)"),
    "cancelled twice": (
        also(2 * HOUR, Fact.CANCELLED, 3, -1, CancelReason.PAYMENT),
        "cancelled order 3 twice",
    ),
    "cancelled after shipping": (
        also(7 * DAY, Fact.CANCELLED, 0, -1, CancelReason.OVERSOLD),
        "cancelled yet shipped: orders (0)",
    ),
    "never sent yet delivered": (
        without(Fact.HANDED_OVER, 0),
        "delivered yet never sent: shipments (0)",
    ),
    "served without an order": (without(Fact.PLACED, 0), "never placed yet served: orders (0)"),
    "a unit ended twice": (
        also(0.0, Fact.SHORT, 4, 1, ShortAnswer.DROPSHIP),
        "units ended twice: lines (4)",
    ),
    "every unit gone, order alive": (without(Fact.CANCELLED, 2), "not cancelled: orders (2)"),
    "more back than went out": (
        also(8 * DAY, Fact.RETURN_RECEIVED, 0, 2),
        "came back yet never sent: lines (0)",
    ),
    "restocked twice": (
        also(8 * DAY, Fact.RESTOCKED, 0, 2),
        "more found a place than came back: lines (0)",
    ),
    "refused yet here": (
        also(3.5 * DAY, Fact.RETURN_REFUSED, 0, 2, Refusal.TOO_LATE),
        "refused or never sent yet received: lines (0)",
    ),
    "never sent yet here": (
        also(9 * DAY, Fact.RETURN_NEVER_CAME, 0, 2),
        "refused or never sent yet received: lines (0)",
    ),
    "refused and paid back": (
        also(3.5 * DAY, Fact.RETURN_REFUSED, 0, 2, Refusal.NOT_AUTHORISED),
        "refused yet answered: lines (0)",
    ),
    "paid back and exchanged": (
        also(9 * DAY, Fact.EXCHANGED, 0, 6, 0),
        "a return answered twice: lines (0)",
    ),
    "two things at once": (
        also(2 * HOUR, Fact.WORKED, 0, PICKERS, HOUR),
        "does two things at once: persons (0)",
    ),
    "more work than paid time": (
        also(8 * HOUR, Fact.WORKED, 0, PICKERS, 4 * HOUR),
        "worked or rested longer than paid: persons (0)",
    ),
    "off duty twice": (
        also(9 * HOUR, Fact.OFF_DUTY, 0, PICKERS),
        "coming and going do not alternate",
    ),
    "more refunded than captured": (
        also(9 * DAY, Fact.REFUNDED, 0, 0, 1000),
        "more refunded than captured: orders (0)",
    ),
    "captured for nothing": (
        also(9 * DAY, Fact.CAPTURED, 1, 1, 1),
        "captured is not the price of what was shipped",
    ),
    "captured without payment": (
        also(9 * DAY, Fact.CAPTURED, 3, 3, 1),
        "cancelled for payment yet captured: orders (3)",
    ),
    "paid more than invoiced": (
        also(9 * DAY, Fact.INVOICE_PAID, 0, 0, 100),
        "paid, lost and credited more than invoiced: orders (0)",
    ),
    "credited for nothing": (
        also(9 * DAY, Fact.CREDITED, 1, 1, 100),
        "credited more than refunded: orders (1)",
    ),
    "a loss below nothing": (
        also(9 * DAY, Fact.WRITTEN_OFF, 0, -1, -100),
        "lost less than nothing: orders (0)",
    ),
    "picked before released": (also(2.5 * HOUR, Fact.PICK_STARTED, 0), "negative pick: orders (0)"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found_and_named(name: str) -> None:
    """Each fault that is planted into the sound log breaks the balance and is said in its line."""
    plant, sentence = FAULTS[name]
    journal = sound()
    plant(journal)

    found = balance(journal.tables())

    assert not found.holds
    assert any(sentence in fault for fault in found.faults), found.faults
    assert "BROKEN" in found.line()


@pytest.mark.parametrize("size", [3, 10_000])
def test_a_clock_that_goes_back_is_found(size: int) -> None:
    """A fact logged before its predecessor is a fault, inside a chunk and across two."""
    journal = sound()
    tables = journal.tables(size=size)
    late = Journal(journal.demand)
    late.note(DAY, Fact.FOLLOWED_UP, 0)
    for chunk in late.chunks():
        tables.add(chunk)

    assert "clock goes back from 1728000.000 s to 86400.000 s" in balance(tables).faults


def test_unlimited_stock_has_nothing_to_balance() -> None:
    """A log without STOCK_OPENED may pick what it likes."""
    journal = Journal(demand_of([(0.0, [(0, 2, 1000)])]))
    journal.sell(0, paid_s=0.0)
    journal.ship(0, start_s=0.0)

    assert balance(journal.tables()).holds


def test_an_empty_log_is_in_balance() -> None:
    """Nothing placed, nothing owed."""
    assert balance(Journal(demand_of([])).tables()).holds


def test_large_numbers_are_grouped_in_the_line() -> None:
    """The line is made for people: thousands are grouped."""
    journal = Journal(demand_of([(0.0, [(0, 1, 100)])] * 1200))
    for order in range(1200):
        journal.note(0.0, Fact.PLACED, order)

    assert balance(journal.tables()).line().startswith("balance: 1,200 placed = 0 delivered")
