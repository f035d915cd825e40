"""Mistakes of entry by hand: seen by packer, carrier or customer, and what they cost."""

from __future__ import annotations

from typing import Any

import pytest

from sim.kpis.balance import balance
from sim.kpis.registry import compute
from sim.kpis.slices import Window
from sim.kpis.tables import Tables
from sim.log.event_log import Chunk
from sim.log.facts import CancelReason, Fact, ShortAnswer
from sim.orders.book import ENTRY_WRONG_SKU, ENTRY_WRONG_UNITS
from tests.properties.law_book import LawBook
from tests.sim.engine.playing import Record
from tests.sim.stages.by_hand import (
    DAY_S,
    HOUSE_S,
    LABEL_S,
    PACK_S,
    PICK_S,
    TRANSIT_S,
    Hand,
    merged,
)

MEND_S = 240.0
FORMS: dict[str, Any] = {"entry": {"found_at_packing_share": 0.5}}
SEEN: dict[str, Any] = {"form_finds": True, "mend_s": MEND_S}


def when(played: Record, fact: Fact) -> list[float]:
    """Return the times of a fact."""
    return [row.time_s for row in played.rows(fact)]


def tables_of(played: Record, chunk: int | None = None) -> Tables:
    """Fold the log in one go, or in chunks of so many facts."""
    tables = Tables(played.book.demand, played.setting.catalogue, Window(0.0, DAY_S))
    size = chunk or len(played.log.time_s)
    for start in range(0, len(played.log.time_s), size):
        part = slice(start, start + size)
        tables.add(Chunk(*(column[part] for column in played.log)))  # type: ignore[arg-type]  # in the order of the fields
    return tables


def kpis(played: Record) -> dict[str, float | None]:
    """Check every law, in whatever chunks the log is read; return the first day's KPIs."""
    LawBook(played).check()
    figures = []
    for chunk in (None, 1, 3):
        tables = tables_of(played, chunk)
        assert balance(tables).faults == ()
        figures.append(compute(tables, played.setting.scenario))
    assert figures[0] == figures[1] == figures[2]
    return figures[0]


def forms(hand: Hand, lines: list[tuple[int, int]], **play: Any) -> Record:
    """Play an order whose packer compares with the form."""
    sections = merged(FORMS, play.pop("sections", {}))
    return hand.play([(0.0, lines)], sections=sections, **(SEEN | play))


def test_the_packer_sees_a_wrong_item_and_the_right_one_goes_out(hand: Hand) -> None:
    """Picked 120, seen at 180, mended until 420, picked anew until 540, packed until 600.

    What was typed is back on its shelf, what was ordered is gone.
    """
    played = forms(hand, [(2, 1)], stock=[5, 5, 5, 5], entry_error=ENTRY_WRONG_SKU)
    seen_s = PICK_S + PACK_S

    (aside,) = played.rows(Fact.PUT_ASIDE)
    assert (aside.time_s, aside.other, aside.value) == (seen_s, 1, MEND_S)
    (found,) = played.rows(Fact.ENTRY_FAULT_FOUND)
    assert (found.time_s, found.subject, found.other) == (seen_s, 0, 1)
    (right,) = played.rows(Fact.TYPED_RIGHT)
    assert (right.time_s, right.other, right.value) == (seen_s + MEND_S, 2, 1.0)
    assert when(played, Fact.REWORK) == [seen_s + MEND_S]
    gone_s = seen_s + MEND_S + PICK_S + PACK_S + LABEL_S
    assert when(played, Fact.HANDED_OVER) == [gone_s]
    assert not played.rows(Fact.LINE_ARRIVED_WRONG)
    assert [row.other for row in played.rows(Fact.STOCK_CLOSED)] == [5, 5, 4, 5]
    figures = kpis(played)
    assert figures["entry_errors_found_at_packing_rate"] == 1.0
    assert figures["entry_errors_per_1000_lines"] == 1000.0
    assert figures["entry_error_cost_eur"] == pytest.approx(MEND_S / 3600.0 * 22.0)


def test_a_wrong_quantity_is_paid_as_ordered(hand: Hand) -> None:
    """Three were ordered, two typed and picked: two go back, three go out and are captured."""
    played = forms(hand, [(0, 3)], stock=[5, 5, 5, 5], entry_error=ENTRY_WRONG_UNITS)

    assert [row.value for row in played.rows(Fact.PAID)] == [2000.0]
    assert [row.value for row in played.rows(Fact.CAPTURED)] == [3000.0]
    assert [row.other for row in played.rows(Fact.STOCK_CLOSED)] == [2, 5, 5, 5]
    assert kpis(played)["units_sold"] == 3.0


def test_a_line_picked_wrong_and_typed_wrong_is_put_right_at_once(hand: Hand) -> None:
    """Of two typed units one was picked: it goes back, the other line is left alone."""
    played = forms(
        hand,
        [(0, 3), (1, 1)],
        stock=[5, 5, 5, 5],
        entry_error=[ENTRY_WRONG_UNITS, 0],
        pick_error=[2, 0],
        check_finds=True,
    )

    assert [row.other for row in played.rows(Fact.ENTRY_FAULT_FOUND)] == [1]
    assert not played.rows(Fact.LINE_MENDED)
    assert [row.other for row in played.rows(Fact.STOCK_CLOSED)] == [2, 4, 5, 5]
    kpis(played)


def missing(hand: Hand, lines: list[tuple[int, int]], **stockouts: Any) -> Record:
    """Play an order whose first line is typed wrong and, put right, is not there."""
    errors = [ENTRY_WRONG_SKU, *[0] * (len(lines) - 1)]
    return forms(
        hand,
        lines,
        sections={"stockouts": stockouts},
        stock=[5, 5, 0, 5],
        levels=(0, 5),
        entry_error=errors,
    )


def test_what_is_not_there_is_waited_for(hand: Hand) -> None:
    """It is bought when the clerk is done: the shipment waits two days for it."""
    played = missing(hand, [(2, 1), (0, 1)], answer="backorder", split=False)

    (short,) = played.rows(Fact.SHORT)
    assert (short.subject, short.value) == (0, ShortAnswer.WAITS)
    assert when(played, Fact.REWORK) == [PICK_S + PACK_S + MEND_S + 2 * DAY_S]
    assert len(played.rows(Fact.DELIVERED)) == 1
    assert kpis(played)["units_sold"] == 2.0


def test_what_is_not_there_follows(hand: Hand) -> None:
    """The other line leaves after the clerk's work; the missing one in a shipment of its own."""
    played = missing(hand, [(2, 1), (0, 1)], answer="backorder", split=True)

    (short,) = played.rows(Fact.SHORT)
    assert short.value == ShortAnswer.FOLLOWS
    right_s = PICK_S + PACK_S + MEND_S
    assert when(played, Fact.HANDED_OVER) == [right_s + LABEL_S, right_s + 2 * DAY_S + HOUSE_S]
    kpis(played)


def test_what_is_not_there_is_cancelled(hand: Hand) -> None:
    """Sold to the next order while it was typed as something else: alone, it ends its order."""
    played = hand.play(
        [(0.0, [(2, 1)]), (10.0, [(2, 1)])],
        sections=merged(FORMS, {"stockouts": {"answer": "turn_away"}}),
        stock=[5, 5, 1, 5],
        levels=(-100, 0),
        entry_error=[ENTRY_WRONG_SKU, 0],
        **SEEN,
    )

    (cancelled,) = played.rows(Fact.CANCELLED)
    assert cancelled.value == CancelReason.OVERSOLD
    assert len(played.rows(Fact.VOID)) == 1
    assert [row.subject for row in played.rows(Fact.CAPTURED)] == [1]
    kpis(played)


def test_what_is_not_there_is_sent_by_the_supplier(hand: Hand) -> None:
    """The other line leaves alone; the supplier sends what is missing, as ordered."""
    played = missing(hand, [(2, 1), (0, 1)], answer="dropship")

    assert len(played.rows(Fact.SENT_BY_SUPPLIER)) == 1
    assert len(played.rows(Fact.DELIVERED)) == 2
    assert not played.rows(Fact.LINE_ARRIVED_WRONG)
    kpis(played)


def test_who_waits_for_the_right_item_may_lose_patience(hand: Hand) -> None:
    """After a day the missing line is cancelled; the other one is packed and leaves."""
    played = forms(
        hand,
        [(2, 1), (0, 1)],
        sections={"stockouts": {"answer": "backorder", "split": False}},
        stock=[5, 5, 0, 5],
        levels=(0, 5),
        entry_error=[ENTRY_WRONG_SKU, 0],
        patience_s=DAY_S,
    )

    seen_s = PICK_S + PACK_S + MEND_S
    assert when(played, Fact.BACKORDER_CANCELLED) == [seen_s + DAY_S]
    assert not played.rows(Fact.REWORK)
    assert when(played, Fact.PACKED) == [seen_s + DAY_S]
    assert kpis(played)["units_sold"] == 1.0


def test_who_does_not_compare_sees_nothing(hand: Hand) -> None:
    """Without the comparison the wrong item arrives and is claimed: the customer finds it.

    It costs the carriage back, 500 s of inspection (law: 480 s) and 100 s to the shelf.
    """
    sections = {
        "returns": {
            "carriage_eur": 4.0,
            "inspect_s": {"distribution": "deterministic", "value": 500.0},
        }
    }
    played = hand.play(
        [(0.0, [(2, 1)])],
        sections=sections,
        stock=[5, 5, 5, 5],
        entry_error=ENTRY_WRONG_SKU,
        **SEEN,
    )

    assert not played.rows(Fact.PUT_ASIDE)
    figures = kpis(played)
    assert figures["entry_errors_found_at_door_rate"] == 1.0
    assert figures["entry_errors_found_at_packing_rate"] == 0.0
    expected = 4.0 + 600.0 / 3600.0 * 20.0
    assert figures["entry_error_cost_eur"] == pytest.approx(expected)
    assert figures["entry_error_cost_per_order_eur"] == pytest.approx(expected)


def test_the_carrier_charges_for_a_wrong_address(hand: Hand) -> None:
    """The parcel goes to a wrong door first: 15.00 more carriage, found by the carrier."""
    plain, costly = (
        hand.play(
            [(0.0, [(0, 1)])],
            sections={"entry": {"address_correction_eur": eur}},
            wrong_address=True,
        )
        for eur in (0.0, 15.0)
    )

    (corrected,) = costly.rows(Fact.ADDRESS_CORRECTED)
    assert (corrected.time_s, corrected.subject) == (HOUSE_S + 3 * TRANSIT_S, 0)
    figures, others = kpis(costly), kpis(plain)
    assert figures["entry_errors_found_by_carrier_rate"] == 1.0
    assert figures["entry_error_cost_eur"] == 15.0
    assert figures["cost_carriage_per_order_eur"] == pytest.approx(
        (others["cost_carriage_per_order_eur"] or 0.0) + 15.0
    )


def test_the_confirmation_costs_a_clerks_minutes(hand: Hand) -> None:
    """Two lines and the address are mended in one piece of work of 240 s."""
    played = hand.play(
        [(0.0, [(0, 1), (1, 1)])],
        entry_error=ENTRY_WRONG_SKU,
        wrong_address=True,
        entry_found=True,
        mend_s=MEND_S,
    )

    assert [row.value for row in played.rows(Fact.ENTRY_FAULT_MENDED)] == [MEND_S, 0.0, 0.0]
    figures = kpis(played)
    assert figures["entry_errors_found_rate"] == 1.0
    assert figures["entry_error_cost_per_order_eur"] == pytest.approx(MEND_S / 3600.0 * 22.0)


# beside substitutes

SUBSTITUTE: dict[str, Any] = {"answer": "substitute", "otherwise": "dropship"}


def test_what_was_taken_at_the_click_is_as_ordered(hand: Hand) -> None:
    """SKU 0 is out and the customer takes SKU 1; typed as SKU 2, it is put right to SKU 1."""
    played = forms(
        hand,
        [(0, 1)],
        sections={"stockouts": SUBSTITUTE},
        stock=[0, 5, 5, 5],
        levels=(-9, 0),
        entry_error=ENTRY_WRONG_SKU,
        takes_substitute=True,
    )

    (taken,) = played.rows(Fact.SUBSTITUTED)
    assert [row.other for row in played.rows(Fact.TYPED_RIGHT)] == [taken.other] == [1]
    assert [row.value for row in played.rows(Fact.CAPTURED)] == [taken.value]
    assert [row.other for row in played.rows(Fact.STOCK_CLOSED)] == [0, 4, 5, 5]
    assert kpis(played)["units_sold"] == 1.0


def test_a_line_put_right_is_answered_by_its_own_sku_without_a_substitute(hand: Hand) -> None:
    """Another order has taken the last SKU 2 when the clerk is done: the supplier sends it."""
    played = hand.play(
        [(0.0, [(2, 1), (0, 1)]), (60.0, [(2, 1)])],
        sections=merged(FORMS, {"stockouts": SUBSTITUTE}),
        stock=[5, 5, 1, 5],
        levels=(-9, 0),
        entry_error=[ENTRY_WRONG_SKU, 0, 0],
        takes_substitute=True,
        **SEEN,
    )

    (short,) = played.rows(Fact.SHORT)
    assert (short.subject, short.value) == (0, ShortAnswer.DROPSHIP)
    assert not played.rows(Fact.SUBSTITUTED)
    assert len(played.rows(Fact.SENT_BY_SUPPLIER)) == 1
    assert kpis(played)["units_sold"] == 3.0
