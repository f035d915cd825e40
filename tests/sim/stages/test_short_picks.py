"""Places that lack units, and every answer to them, each timeline reckoned by hand."""

from __future__ import annotations

from typing import Any

import pytest

from sim.log.facts import CancelReason, Fact, ShortAnswer, SplitKind
from sim.orders.book import PICK_WRONG_ITEM
from tests.sim.engine.playing import Record
from tests.sim.stages.aisles_by_hand import PLACES, SEARCH_S, picking
from tests.sim.stages.by_hand import (
    DAY_S,
    HOUSE_S,
    PACK_S,
    PICK_S,
    PRICE_CENTS,
    Hand,
    always,
    merged,
)

ALL_OF_2 = 0.9  # 1 + whole part of 0.9 * 2: both units are lacking
ONE_OF_2 = 0.0
NOTHING = 1.0
LEAD_S = 2 * DAY_S


def answer(kind: str, **more: Any) -> dict[str, Any]:
    """Return the sections of places that lack units, and of an answer to that."""
    short_picks = {"picking": {"short_picks": {"share_of_lines": 0.5}}}
    return merged(short_picks, {"stockouts": {"answer": kind, **more}})


def times(played: Record, *facts: Fact) -> list[tuple[float, Fact, int]]:
    """Return time, kind and subject of some facts."""
    return [(row.time_s, row.fact, row.subject) for row in played.rows(*facts)]


def captured(played: Record) -> list[tuple[float, int, float]]:
    """Return when each parcel was paid for, which one, and how much."""
    return [(row.time_s, row.other, row.value) for row in played.rows(Fact.CAPTURED)]


def test_a_line_found_short_is_picked_elsewhere(hand: Hand) -> None:
    """One unit of 2 is lacking, 4 more lie elsewhere: a second tour, and one packing as usual.

    Five were booked: one leaves the books, two are sold.
    """
    played = hand.play(
        [(0.0, [(0, 2)])],
        sections=answer("backorder"),
        stock=[5, 9, 9, 9],
        levels=(-100, 0),
        lacking_u=ONE_OF_2,
    )

    facts = (Fact.SHORT_PICKED, Fact.PART_PICKED, Fact.REJOINED, Fact.PICKED, Fact.PACKED)
    assert times(played, *facts) == [
        (PICK_S, Fact.SHORT_PICKED, 0),
        (PICK_S, Fact.PART_PICKED, 0),
        (PICK_S, Fact.REJOINED, 0),
        (2 * PICK_S, Fact.PICKED, 0),
        (2 * PICK_S + PACK_S, Fact.PACKED, 0),
    ]
    assert [(row.subject, row.other) for row in played.rows(Fact.SHRUNK)] == [(0, 1)]
    assert [row.other for row in played.rows(Fact.LINE_PICKED)] == [2]
    assert not played.rows(Fact.SHORT)
    assert played.rows(Fact.STOCK_CLOSED)[0].other == 5 - 1 - 2


def test_two_goes_at_picking_are_packed_as_one(hand: Hand) -> None:
    """40 s a parcel and 6 s for each of 3 units, although the parcel was picked in two tours."""
    work = {"packing": {"time_s": None, "base_s": 40.0, "per_unit_s": 6.0}}

    played = hand.play(
        [(0.0, [(0, 2), (1, 1)])],
        sections=merged(answer("backorder"), work),
        stock=[5, 9, 9, 9],
        levels=(-100, 0),
        lacking_u=[ONE_OF_2, NOTHING],
        pack_factor=1.0,
    )

    assert played.first_s(Fact.PACKED)[0] == 2 * PICK_S + 40.0 + 3 * 6.0


def test_who_waits_is_served_after_the_line_itself(hand: Hand) -> None:
    """3 booked, one lacking for the first of 2: it takes the others before the one who waits."""
    played = hand.play(
        [(0.0, [(0, 2)]), (1.0, [(0, 2)])],
        sections=answer("backorder"),
        stock=[3, 9, 9, 9],
        levels=(-100, 0),
        lacking_u=[ONE_OF_2, NOTHING],
        patience_s=DAY_S,
    )

    assert played.first_s(Fact.PICKED)[0] == 2 * PICK_S
    assert times(played, Fact.BACKORDER_CANCELLED) == [(1.0 + DAY_S, Fact.BACKORDER_CANCELLED, 1)]
    assert played.rows(Fact.STOCK_CLOSED)[0].other == 0


def test_what_is_left_of_a_short_line_goes_to_who_waits(hand: Hand) -> None:
    """2 booked for the first, one lacking: too few for it, enough for the order of 1 in line."""
    played = hand.play(
        [(0.0, [(0, 2)]), (1.0, [(0, 1)])],
        sections=answer("backorder"),
        stock=[2, 9, 9, 9],
        levels=(-100, 0),
        lacking_u=[ONE_OF_2, NOTHING],
        patience_s=DAY_S,
    )

    facts = (Fact.SHORT_PICKED, Fact.BACKORDER_FILLED, Fact.BACKORDER_CANCELLED)
    assert times(played, *facts) == [
        (PICK_S, Fact.SHORT_PICKED, 0),
        (PICK_S, Fact.BACKORDER_FILLED, 1),
        (PICK_S + DAY_S, Fact.BACKORDER_CANCELLED, 0),
    ]


@pytest.mark.parametrize("units", [2, 1])
def test_turned_away_at_the_pick(hand: Hand, units: int) -> None:
    """The line is cancelled as an oversale, and the shipment goes on without it."""
    played = hand.play(
        [(0.0, [(0, 2), (1, units)])],
        sections=answer("turn_away"),
        stock=[2, 9, 9, 9],
        lacking_u=[ALL_OF_2, NOTHING],
    )

    (short,) = played.rows(Fact.SHORT)
    assert (short.time_s, short.subject, short.other, short.value) == (
        PICK_S, 0, 2, ShortAnswer.OVERSOLD,
    )  # fmt: skip
    assert played.first_s(Fact.PICKED)[0] == PICK_S
    assert captured(played) == [(HOUSE_S, 0, float(units * PRICE_CENTS))]


def test_an_order_of_which_nothing_is_there_is_cancelled_at_the_pick(hand: Hand) -> None:
    """Its only line is an oversale: the shipment is void, and nothing is charged."""
    played = hand.play(
        [(0.0, [(0, 2)])], sections=answer("turn_away"), stock=[2, 9, 9, 9], lacking_u=ALL_OF_2
    )

    assert times(played, Fact.PART_PICKED, Fact.VOID, Fact.CANCELLED) == [
        (PICK_S, Fact.PART_PICKED, 0),
        (PICK_S, Fact.VOID, 0),
        (PICK_S, Fact.CANCELLED, 0),
    ]
    assert [row.value for row in played.rows(Fact.CANCELLED)] == [CancelReason.OVERSOLD]
    assert not played.rows(Fact.CAPTURED, Fact.PACK_STARTED)


@pytest.mark.parametrize("lines", [[(0, 2), (1, 1)], [(0, 2)]])
def test_the_supplier_sends_what_is_short(hand: Hand, lines: list[tuple[int, int]]) -> None:
    """Found short at 120 s, sent 2 days later; what there is of the order leaves as usual."""
    played = hand.play(
        [(0.0, lines)],
        sections=answer("dropship"),
        stock=[2, 9, 9, 9],
        lacking_u=[ALL_OF_2, *[NOTHING] * (len(lines) - 1)],
        dropship_s=2 * DAY_S,
    )

    assert [row.value for row in played.rows(Fact.SHORT)] == [ShortAnswer.DROPSHIP]
    assert [(row.subject, row.other, row.value) for row in played.rows(Fact.SPLIT)] == [
        (1, 0, SplitKind.DROPSHIP)
    ]
    from_supplier = (PICK_S + 2 * DAY_S, 1, 2.0 * PRICE_CENTS)
    own = [(HOUSE_S, 0, 1.0 * PRICE_CENTS)] if len(lines) > 1 else []
    assert captured(played) == [*own, from_supplier]
    assert played.count(Fact.VOID) == (len(lines) == 1)


def test_a_short_line_follows_in_a_shipment_of_its_own(hand: Hand) -> None:
    """With split: the other line leaves now, this one when the delivery of day 2 is there."""
    played = hand.play(
        [(0.0, [(0, 2), (1, 1)])],
        sections=answer("backorder", split=True),
        stock=[2, 9, 9, 9],
        lacking_u=[ALL_OF_2, NOTHING],
    )

    assert [row.value for row in played.rows(Fact.SHORT)] == [ShortAnswer.FOLLOWS]
    assert times(played, Fact.PICKED, Fact.BACKORDER_FILLED) == [
        (PICK_S, Fact.PICKED, 0),
        (LEAD_S, Fact.BACKORDER_FILLED, 0),
        (LEAD_S + PICK_S, Fact.PICKED, 1),
    ]
    assert captured(played) == [
        (HOUSE_S, 0, 1.0 * PRICE_CENTS),
        (LEAD_S + HOUSE_S, 1, 2.0 * PRICE_CENTS),
    ]


@pytest.mark.parametrize(
    ("lines", "split"), [([(0, 2), (1, 1)], False), ([(0, 2)], False), ([(0, 2)], True)]
)
def test_a_shipment_waits_for_its_short_line(
    hand: Hand, lines: list[tuple[int, int]], split: bool
) -> None:
    """Without split, or with nothing else to ship: all of it leaves when the line is there."""
    played = hand.play(
        [(0.0, lines)],
        sections=answer("backorder", split=split),
        stock=[2, 9, 9, 9],
        lacking_u=[ALL_OF_2, *[NOTHING] * (len(lines) - 1)],
    )

    assert [row.value for row in played.rows(Fact.SHORT)] == [ShortAnswer.WAITS]
    assert times(played, Fact.PART_PICKED, Fact.REJOINED, Fact.PICKED) == [
        (PICK_S, Fact.PART_PICKED, 0),
        (LEAD_S, Fact.REJOINED, 0),
        (LEAD_S + PICK_S, Fact.PICKED, 0),
    ]
    units = sum(units for _, units in lines)
    assert captured(played) == [(LEAD_S + HOUSE_S, 0, float(units * PRICE_CENTS))]
    assert not played.rows(Fact.SPLIT)


def test_patience_ends_while_the_shipment_waits_for_its_short_line(hand: Hand) -> None:
    """After a day the line is cancelled; what was picked before goes to the packer, unwalked."""
    played = hand.play(
        [(0.0, [(0, 2), (1, 1)])],
        sections=answer("backorder", split=False),
        stock=[2, 9, 9, 9],
        lacking_u=[ALL_OF_2, NOTHING],
        patience_s=DAY_S,
    )

    given_up_s = PICK_S + DAY_S
    assert times(played, Fact.BACKORDER_CANCELLED, Fact.REJOINED, Fact.PICKED, Fact.PACKED) == [
        (given_up_s, Fact.BACKORDER_CANCELLED, 0),
        (given_up_s, Fact.REJOINED, 0),
        (given_up_s, Fact.PICKED, 0),
        (given_up_s + PACK_S, Fact.PACKED, 0),
    ]
    assert [row.other for row in played.rows(Fact.PICK_STARTED, Fact.PICKED)] == [0, -1, -1]
    assert [row.value for row in played.rows(Fact.CAPTURED)] == [PRICE_CENTS]
    assert not played.rows(Fact.CANCELLED)


def test_patience_ends_and_nothing_is_left(hand: Hand) -> None:
    """The only line: the shipment is void, and the order is cancelled for patience."""
    played = hand.play(
        [(0.0, [(0, 2)])],
        sections=answer("backorder"),
        stock=[2, 9, 9, 9],
        lacking_u=ALL_OF_2,
        patience_s=DAY_S,
    )

    assert times(played, Fact.VOID, Fact.CANCELLED) == [
        (PICK_S + DAY_S, Fact.VOID, 0),
        (PICK_S + DAY_S, Fact.CANCELLED, 0),
    ]
    assert [row.value for row in played.rows(Fact.CANCELLED)] == [CancelReason.PATIENCE]
    assert not played.rows(Fact.CAPTURED)


def test_patience_ends_with_what_was_to_follow(hand: Hand) -> None:
    """The rest is void; the order ends with what it got."""
    played = hand.play(
        [(0.0, [(0, 2), (1, 1)])],
        sections=answer("backorder", split=True),
        stock=[2, 9, 9, 9],
        lacking_u=[ALL_OF_2, NOTHING],
        patience_s=DAY_S,
    )

    assert times(played, Fact.DELIVERED, Fact.VOID, Fact.CANCELLED) == [
        (played.first_s(Fact.DELIVERED)[0], Fact.DELIVERED, 0),
        (PICK_S + DAY_S, Fact.VOID, 1),
    ]


def test_patience_ends_while_the_other_zone_is_still_picked(hand: Hand) -> None:
    """Short in zone 0 at 19 s and given up at 24: the other line goes on when zone 1 is done."""
    sections = merged(picking(2, method="parallel_zones"), answer("backorder", split=False))

    played = hand.play(
        [(0.0, [(0, 1), (1, 3)])],
        sections=sections,
        places=PLACES,
        stock=[1, 9, 9, 9],
        search_s=SEARCH_S,
        lacking_u=[ONE_OF_2, NOTHING],
        patience_s=5.0,
    )

    facts = (Fact.SHORT_PICKED, Fact.BACKORDER_CANCELLED, Fact.PART_PICKED, Fact.PICKED)
    assert times(played, *facts) == [
        (19.0, Fact.SHORT_PICKED, 0),
        (24.0, Fact.BACKORDER_CANCELLED, 0),
        (29.0, Fact.PART_PICKED, 0),
        (29.0, Fact.PICKED, 0),
    ]
    assert [row.value for row in played.rows(Fact.CAPTURED)] == [3 * PRICE_CENTS]


def test_a_scan_takes_its_time_where_the_line_is(hand: Hand) -> None:
    """Nothing is taken nor put right at an empty place: 2 s and 20 s wait for the second tour."""
    scan = {"of": "lines", "s_per_scan": 0.0, "mend_s": 20.0}
    sections = merged(picking(1, scan=scan), answer("backorder"))

    played = hand.play(
        [(0.0, [(0, 1)])],
        sections=sections,
        places=PLACES,
        stock=[5, 9, 9, 9],
        search_s=SEARCH_S,
        lacking_u=ONE_OF_2,
        pick_error=PICK_WRONG_ITEM,
        scan_finds=True,
    )

    assert [row.time_s for row in played.rows(Fact.TOUR_ENDED)] == [19.0, 19.0 + 41.0]
    assert times(played, Fact.SCAN_CAUGHT) == [(60.0, Fact.SCAN_CAUGHT, 0)]


def test_a_second_tour_does_not_outrun_the_sorting_of_the_first(hand: Hand) -> None:
    """Sorted for 2000 s from 240 on; order 1, picked again alone by 360, waits until 2240."""
    sections = merged(
        answer("backorder"),
        {
            "picking": {
                "time_s": None,
                "tour_time_s": always(120.0),
                "batching": "first_come",
                "sorting": "after",
                "sort_s_per_line": 1000.0,
            }
        },
    )

    played = hand.play(
        [(0.0, [(0, 1)]), (1.0, [(1, 1)]), (2.0, [(2, 1)])],
        sections=sections,
        stock=[9, 9, 9, 9],
        lacking_u=[NOTHING, ONE_OF_2, NOTHING],
    )

    assert played.first_s(Fact.PICKED).tolist() == [120.0, 360.0, 240.0]
    assert [(r.time_s, r.subject, r.value) for r in played.rows(Fact.CONSOLIDATED)] == [
        (2240.0, 2, 2000.0),
        (2240.0, 1, 1880.0),
    ]
