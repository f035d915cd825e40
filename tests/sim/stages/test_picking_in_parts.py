"""Zones, put wall and scans, each timeline reckoned by hand."""

from __future__ import annotations

from typing import Any

import pytest

from sim.log.facts import Fact, WrongCause
from sim.orders.book import PICK_OMITTED, PICK_SOUND, PICK_WRONG_ITEM, PICK_WRONG_QUANTITY
from tests.sim.engine.playing import Record
from tests.sim.stages.aisles_by_hand import PLACES, SEARCH_S, picking
from tests.sim.stages.by_hand import PACK_S, Hand, always, merged

WALL_S = 2 * 10.0 + 2 * 2.0  # two zones, two lines
ZONE_0_S = 10.0 + 4.0 + SEARCH_S + 2.0  # SKU 0: 2 m there and back, 1 unit
ZONE_1_S = 10.0 + 8.0 + SEARCH_S + 6.0  # SKU 1: 4 m there and back, 3 units
ONE_EACH = [(0, 1), (1, 3)]


def told(played: Record, *facts: Fact) -> list[tuple[Any, ...]]:
    """Return time, kind, shipment, other and value of some facts."""
    return [tuple(row) for row in played.rows(*facts)]


def test_two_zones_at_once(hand: Hand) -> None:
    """Each zone's picker walks from the middle of the zone; the longer tour is the order's.

    Then a packer brings both parts together: 10 s a zone and 2 s a line.
    """
    sections = picking(2, method="parallel_zones")
    assert (ZONE_0_S, ZONE_1_S, WALL_S) == (21.0, 29.0, 24.0)

    played = hand.play([(0.0, ONE_EACH)], sections=sections, places=PLACES, search_s=SEARCH_S)

    facts = (Fact.PICK_STARTED, Fact.ZONES_JOINED, Fact.PICKED, Fact.CONSOLIDATED)
    assert told(played, *facts) == [
        (0.0, Fact.PICK_STARTED, 0, 0, 0.0),
        (29.0, Fact.ZONES_JOINED, 0, 2, 0.0),
        (29.0, Fact.PICKED, 0, 1, 8.0),
        (53.0, Fact.CONSOLIDATED, 0, -1, 24.0),
    ]
    assert [(row.time_s, row.subject) for row in played.rows(Fact.LINE_PICKED)] == [
        (21.0, 0),
        (29.0, 1),
    ]
    assert played.first_s(Fact.PACK_STARTED)[0] == 53.0
    assert played.first_s(Fact.PACKED)[0] == 53.0 + PACK_S


def test_a_lone_picker_goes_from_zone_to_zone(hand: Hand) -> None:
    """The second zone begins when the first is done, 21 s later than the order's start."""
    sections = picking(1, method="parallel_zones")

    played = hand.play([(0.0, ONE_EACH)], sections=sections, places=PLACES, search_s=SEARCH_S)

    assert told(played, Fact.ZONES_JOINED, Fact.PICKED) == [
        (50.0, Fact.ZONES_JOINED, 0, 2, 21.0),
        (50.0, Fact.PICKED, 0, 1, 8.0),
    ]


def test_pickers_who_do_not_help_leave_the_other_zone_alone(hand: Hand) -> None:
    """One picker a zone: two orders of zone 1 are picked one after the other by its own."""
    sections = picking(2, method="parallel_zones", zones={"help_other_zones": False})

    played = hand.play([(0.0, [(1, 3)])] * 2, sections=sections, places=PLACES, search_s=SEARCH_S)

    started = played.rows(Fact.TOUR_STARTED)
    assert [row.time_s for row in started] == [0.0, ZONE_1_S]
    assert len({row.other for row in started}) == 1


def test_an_order_of_one_zone_goes_past_the_put_wall(hand: Hand) -> None:
    """There is nothing to bring together: from the pick straight to the packer."""
    sections = picking(2, method="parallel_zones")

    played = hand.play([(0.0, [(1, 3)])], sections=sections, places=PLACES, search_s=SEARCH_S)

    assert not played.rows(Fact.CONSOLIDATED)
    assert played.first_s(Fact.PACK_STARTED)[0] == ZONE_1_S


def test_a_tote_is_passed_from_left_to_right(hand: Hand) -> None:
    """Zone 0, 15 s on the conveyor, zone 1; there is no put wall."""
    sections = picking(2, method="pick_and_pass", zones={"pass_on_s": 15.0})

    played = hand.play([(0.0, ONE_EACH[::-1])], sections=sections, places=PLACES, search_s=SEARCH_S)

    facts = (Fact.PICK_STARTED, Fact.PART_PICKED, Fact.REJOINED, Fact.PICKED, Fact.PACK_STARTED)
    assert told(played, *facts) == [
        (0.0, Fact.PICK_STARTED, 0, 0, 0.0),
        (21.0, Fact.PART_PICKED, 0, 0, 4.0),
        (36.0, Fact.REJOINED, 0, -1, 0.0),
        (36.0, Fact.PICK_STARTED, 0, 1, 0.0),
        (65.0, Fact.PICKED, 0, 1, 8.0),
        (65.0, Fact.PACK_STARTED, 0, 3, 0.0),
    ]
    assert not played.rows(Fact.CONSOLIDATED, Fact.ZONES_JOINED)


def test_a_cart_of_two_orders_is_sorted_after_its_tour(hand: Hand) -> None:
    """The packer sorts 3 lines at 20 s each; both orders wait for it, the lone one before not."""
    sections = {
        "picking": {
            "time_s": None,
            "tour_time_s": always(120.0),
            "batching": "first_come",
            "sorting": "after",
            "sort_s_per_line": 20.0,
        }
    }

    played = hand.play(
        [(0.0, [(0, 1)]), (1.0, [(1, 1)]), (2.0, [(2, 1), (3, 1)])], sections=sections
    )

    assert told(played, Fact.CONSOLIDATED) == [
        (300.0, Fact.CONSOLIDATED, 1, -1, 60.0),
        (300.0, Fact.CONSOLIDATED, 2, -1, 60.0),
    ]
    assert played.first_s(Fact.PACK_STARTED).tolist() == [120.0, 300.0, 360.0]


def test_keeping_orders_apart_on_the_way_makes_the_tour_longer(hand: Hand) -> None:
    """7 s for each of the 2 lines of a shared cart, nothing for the order that has its own."""
    sections = picking(1, batching="first_come", sort_s_per_line=7.0)

    played = hand.play(
        [(0.0, [(0, 1)]), (1.0, [(0, 1)]), (2.0, [(0, 1)])],
        sections=sections,
        places=PLACES,
        search_s=SEARCH_S,
    )

    two_lines_s = 10.0 + 4.0 + 2 * (SEARCH_S + 2.0 + 7.0)
    assert [row.time_s for row in played.rows(Fact.TOUR_ENDED)] == [21.0, 21.0 + two_lines_s]


@pytest.mark.parametrize(
    ("of", "error", "units", "scans"),
    [("lines", PICK_WRONG_ITEM, 3, 1), ("units", PICK_WRONG_QUANTITY, 3, 3)],
)
def test_a_scan_that_finds_a_mistake_puts_it_right(
    hand: Hand, of: str, error: int, units: int, scans: int
) -> None:
    """2 s a scan, once a line or once a unit, and 20 s to put it right; the customer gets all."""
    sections = picking(1, scan={"of": of, "s_per_scan": 2.0, "mend_s": 20.0})

    played = hand.play(
        [(0.0, [(0, units)])],
        sections=sections,
        places=PLACES,
        search_s=SEARCH_S,
        pick_error=error,
        scan_finds=True,
    )

    work_s = 10.0 + 4.0 + SEARCH_S + 2.0 * units + 2.0 * scans + 20.0
    assert told(played, Fact.SCAN_CAUGHT, Fact.LINE_PICKED) == [
        (work_s, Fact.SCAN_CAUGHT, 0, -1, float(error)),
        (work_s, Fact.LINE_PICKED, 0, units, float(PICK_SOUND)),
    ]
    assert not played.rows(Fact.LINE_ARRIVED_WRONG, Fact.REWORK)


def test_a_scan_that_finds_nothing_only_takes_its_time(hand: Hand) -> None:
    """The mistake is overlooked at the pick and at the check, and travels."""
    sections = picking(1, scan={"of": "lines", "s_per_scan": 2.0, "mend_s": 20.0})

    played = hand.play(
        [(0.0, [(0, 1)])],
        sections=sections,
        places=PLACES,
        search_s=SEARCH_S,
        pick_error=PICK_OMITTED,
    )

    assert told(played, Fact.LINE_PICKED) == [
        (ZONE_0_S + 2.0, Fact.LINE_PICKED, 0, 0, float(PICK_OMITTED))
    ]
    assert [row.value for row in played.rows(Fact.LINE_ARRIVED_WRONG)] == [WrongCause.OMITTED]


def test_urgent_orders_are_picked_first(hand: Hand) -> None:
    """While the picker is busy two web orders and one of the urgent channel come: it goes first."""
    urgent = {"channels": {"phone": {"entry": "automated", "priority": 0}}}
    sections = merged({"orders": urgent}, {"picking": {"sequence": "priority"}})

    played = hand.play(
        [(float(order), [(0, 1)]) for order in range(4)], sections=sections, channel=[0, 0, 0, 1]
    )

    assert [row.subject for row in played.rows(Fact.PICK_STARTED)] == [0, 3, 1, 2]


def test_short_work_is_picked_first(hand: Hand) -> None:
    """Four orders wait behind a first one: two lines last, then by units, equals as they came."""
    wanted = [[(0, 1)], [(0, 1), (1, 1)], [(0, 4)], [(0, 1)], [(1, 1)]]
    sections = {"picking": {"sequence": "shortest_first"}}

    played = hand.play(
        [(float(order), lines) for order, lines in enumerate(wanted)], sections=sections
    )

    assert [row.subject for row in played.rows(Fact.PICK_STARTED)] == [0, 3, 4, 2, 1]
