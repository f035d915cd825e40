from __future__ import annotations

import pytest

from sim.kpis.slices import Window
from sim.log.facts import Fact
from sim.orders.book import PICK_DAMAGED, PICK_SOUND, PICK_WRONG_ITEM
from tests.sim.kpis.journal import DAY, HOUR, Journal, demand_of


def three_lines() -> Journal:
    """Two orders of the first day, with lines 0, 1 and 2, and one of the third day, with line 3."""
    return Journal(
        demand_of(
            [(0.0, [(0, 1, 100), (1, 3, 100)]), (HOUR, [(0, 1, 100)]), (2 * DAY, [(1, 1, 1)])]
        )
    )


def test_short_picked_lines_are_a_share_of_the_lines_tried() -> None:
    """Four of the cohort's tries: three picked, one left; what was left is picked later."""
    journal = three_lines()
    journal.note(HOUR, Fact.SHORT_PICKED, 1, 2)
    for line, hour in ((0, 1), (2, 2), (1, 5), (3, 50)):
        journal.note(hour * HOUR, Fact.LINE_PICKED, line, 1, PICK_SOUND)
    journal.note(50 * HOUR, Fact.SHORT_PICKED, 3, 1)

    kpis = journal.kpis(Window(0.0, DAY))

    assert kpis["short_picked_lines_rate"] == 1 / 4


def test_no_line_was_tried() -> None:
    """Without a pick there is no rate of short ones and none of found mistakes."""
    kpis = three_lines().kpis()

    assert kpis["short_picked_lines_rate"] is None
    assert kpis["pick_errors_found_at_scan_rate"] is None


def test_mistakes_found_at_the_scan_are_a_share_of_all_made() -> None:
    """Line 0 is put right on the spot, 1 and 2 pass; that of the third day is no matter here."""
    journal = three_lines()
    journal.note(HOUR, Fact.SCAN_CAUGHT, 0, -1, PICK_WRONG_ITEM)
    journal.note(50 * HOUR, Fact.SCAN_CAUGHT, 3, -1, PICK_WRONG_ITEM)
    for line, code in ((0, PICK_SOUND), (1, PICK_WRONG_ITEM), (2, PICK_DAMAGED)):
        journal.note(HOUR, Fact.LINE_PICKED, line, 1, code)

    kpis = journal.kpis(Window(0.0, DAY))

    assert kpis["pick_errors_found_at_scan_rate"] == pytest.approx(1 / 3)


def blocked_tours() -> Journal:
    """Tour 0, 7 to 10 h, waits for aisles 0.5 h and 1 h; tour 1, 8 to 12 h, 0.25 h; 12 + 4 lines.

    Tour 2 waits for an hour and ends at 30 h.
    """
    journal = three_lines()
    for tour, start_h, end_h, lines, waits in (
        (0, 7, 10, 12, (0.5, 1.0)), (1, 8, 12, 4, (0.25,)), (2, 20, 30, 8, (1.0,)),
    ):  # fmt: skip
        journal.note(start_h * HOUR, Fact.TOUR_STARTED, tour, 0, lines)
        for wait_h in waits:
            journal.note((start_h + wait_h) * HOUR, Fact.AISLE_BLOCKED, tour, 3, wait_h * HOUR)
        journal.note(end_h * HOUR, Fact.TOUR_ENDED, tour, 1, 100.0)
    return journal


def test_waits_for_aisles_are_a_share_of_the_time_on_tour() -> None:
    """1.75 h of 3 + 4 h, and 1.75 h for 16 lines; only tours that end in the window count."""
    kpis = blocked_tours().kpis(Window(0.0, DAY))

    assert kpis["blocked_share_rate"] == pytest.approx(1.75 / 7)
    assert kpis["blocked_s_per_line"] == pytest.approx(1.75 * HOUR / 16)


def test_nobody_waits_where_aisles_are_wide() -> None:
    """Tours without AISLE_BLOCKED: 0, not nothing; without tours there is nothing to say."""
    journal = three_lines()
    journal.note(HOUR, Fact.TOUR_STARTED, 0, 0, 1.0)
    journal.note(2 * HOUR, Fact.TOUR_ENDED, 0, 1, 10.0)

    assert journal.kpis()["blocked_share_rate"] == 0.0
    assert three_lines().kpis()["blocked_share_rate"] is None
