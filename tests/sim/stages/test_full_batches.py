"""Full batches: when a tour begins by count, and when by the longest wait."""

from __future__ import annotations

from typing import Any

from sim.log.facts import Fact
from tests.sim.engine.playing import EVERY_DAY, Record
from tests.sim.stages.by_hand import HOUR_S, Hand, Lines, always, merged

TOUR_S = 120.0
LONGEST_S = HOUR_S


def batches_of(least: int, most: int, **more: Any) -> dict[str, Any]:
    """Return the sections of tours of 120 s that begin with so many orders, or after an hour."""
    picking = {
        "time_s": None,
        "tour_time_s": always(TOUR_S),
        "batching": "first_come",
        "batch_min_orders": least,
        "batch_max_orders": most,
        "batch_wait_max_min": LONGEST_S / 60.0,
    }
    return merged({"picking": picking}, more)


def placed(*times_s: float) -> list[tuple[float, Lines]]:
    """Return orders of one unit placed at some times."""
    return [(time_s, [(0, 1)]) for time_s in times_s]


def tours(played: Record) -> list[tuple[float, int]]:
    """Return when each tour began, and with how many lines (here as many as orders)."""
    return [(row.time_s, int(row.value)) for row in played.rows(Fact.TOUR_STARTED)]


def test_a_tour_begins_with_the_last_order_that_makes_it_full(hand: Hand) -> None:
    """Three make a tour: that of 200 s is the third."""
    played = hand.play(placed(0.0, 100.0, 200.0), sections=batches_of(3, 3))

    assert tours(played) == [(200.0, 3)]


def test_a_tour_that_does_not_fill_up_begins_after_the_longest_wait(hand: Hand) -> None:
    """An hour after the first of two; the second, which has waited for less, goes with it."""
    played = hand.play(placed(0.0, 100.0), sections=batches_of(3, 3))

    assert tours(played) == [(LONGEST_S, 2)]


def test_the_longest_wait_counts_from_the_oldest_that_is_left(hand: Hand) -> None:
    """Two leave together at 10 s; the third has come at 20 and waits its own hour."""
    played = hand.play(placed(0.0, 10.0, 20.0), sections=batches_of(2, 2))

    assert tours(played) == [(10.0, 2), (20.0 + LONGEST_S, 1)]


def test_a_free_picker_takes_more_than_the_least(hand: Hand) -> None:
    """Five come while the picker is away with two: four are taken, the fifth is too few."""
    played = hand.play(placed(0.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0), sections=batches_of(2, 4))

    assert tours(played) == [(0.0, 2), (TOUR_S, 4), (5.0 + LONGEST_S, 1)]


def test_who_has_waited_long_enough_goes_with_the_next_free_picker(hand: Hand) -> None:
    """Its hour ends while the only picker is away for two: then it goes, alone."""
    played = hand.play(placed(0.0, 0.0, 0.0), sections=batches_of(2, 2, **slow_tours()))

    assert tours(played) == [(0.0, 2), (2 * LONGEST_S, 1)]


def slow_tours() -> dict[str, Any]:
    """Return tours of two hours: longer than the longest wait."""
    return {"picking": {"tour_time_s": always(2 * LONGEST_S)}}


def test_a_dropped_tour_is_taken_up_although_nothing_else_waits(hand: Hand) -> None:
    """Two hours' work, dropped at 01:00 at the shift's end; the shift of 02:00 does the rest."""
    people = {
        "people": {"at_shift_end": "preempt_resume"},
        "staff": {
            "always": {"pickers": 0},
            "early": {"days": EVERY_DAY, "start": "00:00", "end": "01:00", "pickers": 1},
            "later": {"days": EVERY_DAY, "start": "02:00", "end": "08:00", "pickers": 1},
        },
    }

    played = hand.play(placed(0.0, 0.0), sections=batches_of(2, 2, **merged(slow_tours(), people)))

    (ended,) = played.rows(Fact.TOUR_ENDED)
    assert tours(played) == [(0.0, 2)]
    assert (ended.time_s, ended.other) == (3 * HOUR_S, 2)
