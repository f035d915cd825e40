from __future__ import annotations

import pytest

from sim.kpis.series import errors_by_cause
from sim.log.facts import EntryFault, Fact, WrongCause
from sim.orders.book import PICK_DAMAGED, PICK_OMITTED, PICK_WRONG_ITEM, PICK_WRONG_QUANTITY
from tests.sim.kpis.journal import DAY, HOUR, Journal, demand_of


def three_orders() -> Journal:
    """Three orders of two lines, all delivered at 30 h.

    Line 0 is picked wrong, found, picked again right. Line 2 is omitted and not found. Line 5
    breaks on the way. So there are 7 picks: 5 right, 1 wrong item, 1 omitted.
    """
    journal = Journal(demand_of([(0.0, [(0, 1, 1000), (1, 2, 500)])] * 3))
    for order in range(3):
        journal.sell(order, paid_s=0.0)
        journal.ship(order, start_s=0.0, lines=[])
    picks = (
        (0, 1, PICK_WRONG_ITEM),
        (1, 2, 0),
        (2, 0, PICK_OMITTED),
        (3, 2, 0),
        (4, 1, 0),
        (5, 2, 0),
    )
    for line, units, code in picks:
        journal.note(2.0 * HOUR, Fact.LINE_PICKED, line, units, code)
    journal.note(2.5 * HOUR, Fact.LINE_MENDED, 0, 1, PICK_WRONG_ITEM)
    journal.note(2.5 * HOUR, Fact.REWORK, 0)
    journal.note(2.6 * HOUR, Fact.LINE_PICKED, 0, 1, 0.0)
    journal.note(30 * HOUR, Fact.LINE_ARRIVED_WRONG, 2, 0, WrongCause.OMITTED)
    journal.note(30 * HOUR, Fact.LINE_ARRIVED_WRONG, 5, 2, WrongCause.DAMAGED_IN_TRANSIT)
    return journal


def test_picking_accuracy_counts_every_pick_before_the_check() -> None:
    """Lines right at the pick / lines picked, second passes included."""
    kpis = three_orders().kpis()

    assert kpis["picking_accuracy_lines_rate"] == pytest.approx(5 / 7)
    assert kpis["pick_error_wrong_item_lines_rate"] == pytest.approx(1 / 7)
    assert kpis["pick_error_omitted_lines_rate"] == pytest.approx(1 / 7)
    assert kpis["pick_error_damaged_lines_rate"] == 0.0
    assert kpis["pick_errors_found_at_check_rate"] == pytest.approx(1 / 2)
    assert kpis["rework_rate"] == pytest.approx(1 / 3)


def test_shipped_accuracy_leaves_out_damage_on_the_way() -> None:
    """An order shipped right and broken on the way was shipped right, but it arrived wrong."""
    kpis = three_orders().kpis()

    assert kpis["shipped_accuracy_orders_rate"] == pytest.approx(2 / 3)  # order 1 misses a line
    assert kpis["arrived_wrong_lines_rate"] == pytest.approx(2 / 6)
    assert kpis["arrived_wrong_omitted_lines_rate"] == pytest.approx(1 / 6)
    assert kpis["arrived_wrong_damaged_in_transit_lines_rate"] == pytest.approx(1 / 6)


def test_a_faulty_replacement_is_no_second_error_of_the_order() -> None:
    """What arrives wrong after the order itself has arrived came with a replacement: it is out."""
    journal = three_orders()
    journal.note(20 * DAY, Fact.LINE_ARRIVED_WRONG, 4, 1, WrongCause.WRONG_ITEM)

    assert journal.kpis()["shipped_accuracy_orders_rate"] == pytest.approx(2 / 3)


def test_entry_errors_are_counted_as_made_and_as_found() -> None:
    """Lines typed wrong / lines, addresses / orders, and the share that the confirmation showed."""
    journal = three_orders()
    journal.note(0.0, Fact.ENTRY_FAULT, 0, 0, EntryFault.WRONG_SKU)
    journal.note(0.0, Fact.ENTRY_FAULT, 1, 2, EntryFault.WRONG_UNITS)
    journal.note(0.0, Fact.ENTRY_FAULT, 1, -1, EntryFault.WRONG_ADDRESS)
    journal.note(1.0, Fact.ENTRY_FAULT_MENDED, 0, 0)

    kpis = journal.kpis()

    assert kpis["entry_error_lines_rate"] == pytest.approx(2 / 6)
    assert kpis["wrong_address_orders_rate"] == pytest.approx(1 / 3)
    assert kpis["entry_errors_found_rate"] == pytest.approx(1 / 3)


def test_every_pick_error_is_found_at_the_check_or_at_the_door() -> None:
    """The table of errors says for each cause how many were made and where they were found."""
    rows = {row.cause: row for row in errors_by_cause(three_orders().account())}

    wrong_item, omitted = rows["picked: wrong item"], rows["picked: omitted"]
    assert (wrong_item.made, wrong_item.at_packing_check, wrong_item.at_the_door) == (1, 1, 0)
    assert (omitted.made, omitted.at_packing_check, omitted.at_the_door) == (1, 0, 1)
    assert rows["damaged in transit"].made == 1


@pytest.mark.parametrize("code", [PICK_WRONG_ITEM, PICK_WRONG_QUANTITY, PICK_OMITTED, PICK_DAMAGED])
def test_every_kind_of_pick_error_has_its_rate(code: int) -> None:
    """Each PICK_* code lowers the accuracy and raises exactly one of the four error rates."""
    journal = Journal(demand_of([(0.0, [(0, 1, 1000)])]))
    journal.note(0.0, Fact.PLACED, 0)
    journal.note(1.0, Fact.LINE_PICKED, 0, 1, code)

    kpis = journal.kpis()
    rates = [value for name, value in kpis.items() if name.startswith("pick_error_")]

    assert kpis["picking_accuracy_lines_rate"] == 0.0
    assert sorted(rate or 0.0 for rate in rates) == [0.0, 0.0, 0.0, 1.0]
