"""Narrow aisles: who waits for whom, and for how long, reckoned by hand."""

from __future__ import annotations

from typing import Any

import pytest

from sim.log.facts import Fact
from tests.sim.engine.playing import EVERY_DAY, Record
from tests.sim.stages.aisles_by_hand import PLACES, SEARCH_S, picking
from tests.sim.stages.by_hand import HOUR_S, Hand, merged

SETUP_S = 10.0
INSIDE_S = 4.0 + SEARCH_S + 2.0  # 2 m there and back, one line of one unit
ACROSS_S = 4.0
BLOCKED = (Fact.AISLE_BLOCKED, Fact.TOUR_ENDED)


def told(played: Record, *facts: Fact) -> list[tuple[Any, ...]]:
    """Return time, kind, tour, other and value of some facts."""
    return [tuple(row) for row in played.rows(*facts)]


@pytest.mark.parametrize("heads", [2, 3])
def test_the_next_one_waits_exactly_the_time_inside_of_those_before(hand: Hand, heads: int) -> None:
    """All set up together; the second waits 11 s at the aisle's end, the third 22 s."""
    played = hand.play(
        [(0.0, [(0, 1)])] * heads,
        sections=picking(heads, aisles="narrow"),
        places=PLACES,
        search_s=SEARCH_S,
    )

    assert [(row.time_s, row.subject, row.other, row.value) for row in
            played.rows(Fact.AISLE_BLOCKED)] == [
        (SETUP_S + place * INSIDE_S, place, 0, place * INSIDE_S) for place in range(1, heads)
    ]  # fmt: skip
    assert [row.time_s for row in played.rows(Fact.TOUR_ENDED)] == [
        SETUP_S + place * INSIDE_S for place in range(1, heads + 1)
    ]


def test_in_wide_aisles_nobody_waits(hand: Hand) -> None:
    """The same two tours end together."""
    played = hand.play([(0.0, [(0, 1)])] * 2, sections=picking(2), places=PLACES, search_s=SEARCH_S)

    assert told(played, *BLOCKED) == [
        (SETUP_S + INSIDE_S, Fact.TOUR_ENDED, tour, 1, 4.0) for tour in (0, 1)
    ]


def test_two_aisles_are_no_bottleneck_for_two_pickers(hand: Hand) -> None:
    """One in each aisle: the one bound for the far aisle only walks there."""
    played = hand.play(
        [(0.0, [(0, 1)]), (0.0, [(3, 1)])],
        sections=picking(2, aisles="narrow"),
        places=PLACES,
        search_s=SEARCH_S,
    )

    assert told(played, *BLOCKED) == [
        (SETUP_S + INSIDE_S, Fact.TOUR_ENDED, 0, 1, 4.0),
        (SETUP_S + INSIDE_S + 2 * ACROSS_S, Fact.TOUR_ENDED, 1, 1, 12.0),
    ]


def test_who_waits_outside_blocks_nobody(hand: Hand) -> None:
    """Both go through both aisles: the second waits for the first aisle alone, then follows."""
    both = [(0, 1), (3, 1)]

    played = hand.play(
        [(0.0, both)] * 2,
        sections=picking(2, aisles="narrow"),
        places=PLACES,
        search_s=SEARCH_S,
    )

    tour_s = SETUP_S + INSIDE_S + ACROSS_S + INSIDE_S + ACROSS_S
    assert told(played, *BLOCKED) == [
        (SETUP_S + INSIDE_S, Fact.AISLE_BLOCKED, 1, 0, INSIDE_S),
        (tour_s, Fact.TOUR_ENDED, 0, 1, 16.0),
        (tour_s + INSIDE_S, Fact.TOUR_ENDED, 1, 1, 16.0),
    ]


def break_at_1(rule: str) -> dict[str, Any]:
    """Return narrow aisles with a picker who breaks at 01:00 and one who does not."""
    shift = {"days": EVERY_DAY, "start": "00:00", "end": "24:00", "pickers": 1}
    return merged(
        picking(0, aisles="narrow"),
        {
            "people": {"at_shift_end": rule},
            "staff": {
                "resting": {**shift, "breaks": {"tea": {"start": "01:00", "minutes": 30}}},
                "steady": shift,
            },
        },
    )


@pytest.mark.parametrize("rule", ["preempt_resume", "hand_over"])
def test_a_tour_is_left_where_the_aisle_ends_and_somebody_else_goes_on(
    hand: Hand, rule: str
) -> None:
    """Inside at 01:00: they come out a second later, and the other walks on to the next aisle."""
    start_s = HOUR_S - 20.0  # 10 s of set-up, 10 of 11 s in the aisle before the break

    played = hand.play(
        [(start_s, [(0, 1), (3, 1)])],
        sections=break_at_1(rule),
        places=PLACES,
        search_s=SEARCH_S,
    )

    out_s = start_s + SETUP_S + INSIDE_S
    end_s = out_s + ACROSS_S + INSIDE_S + ACROSS_S
    (started,) = played.rows(Fact.TOUR_STARTED)
    (ended,) = played.rows(Fact.TOUR_ENDED)
    (rests,) = [row for row in played.rows(Fact.BREAK_STARTED) if row.subject == started.other]
    work = [row for row in played.rows(Fact.WORKED) if row.other == 1]
    assert out_s == HOUR_S + 1.0 == rests.time_s
    assert ended.time_s == end_s
    assert [(row.time_s, row.value) for row in work] == [(out_s, 21.0), (end_s, 19.0)]
    assert [row.subject == started.other for row in work] == [True, False]


def test_by_the_rule_finish_the_break_waits_for_the_tour(hand: Hand) -> None:
    """The same tour in one hand: the break begins 20 s late."""
    start_s = HOUR_S - 20.0

    played = hand.play(
        [(start_s, [(0, 1), (3, 1)])],
        sections=break_at_1("finish"),
        places=PLACES,
        search_s=SEARCH_S,
    )

    (ended,) = played.rows(Fact.TOUR_ENDED)
    assert ended.time_s == HOUR_S + 20.0
    assert HOUR_S + 20.0 in [row.time_s for row in played.rows(Fact.BREAK_STARTED)]


def test_the_aisle_is_free_for_others_while_a_tour_is_left(hand: Hand) -> None:
    """Left at the end of aisle 0 with nobody else there: a later tour finds the aisle free.

    The only picker takes the left tour up after the break, then the other order.
    """
    start_s = HOUR_S - 20.0
    alone = merged(break_at_1("preempt_resume"), {"staff": {"steady": {"pickers": 0}}})

    played = hand.play(
        [(start_s, [(0, 1), (3, 1)]), (start_s + 1.0, [(0, 1)])],
        sections=alone,
        places=PLACES,
        search_s=SEARCH_S,
    )

    back_s = HOUR_S + 1.0 + 30 * 60.0
    first_s = back_s + ACROSS_S + INSIDE_S + ACROSS_S
    assert told(played, *BLOCKED) == [
        (first_s, Fact.TOUR_ENDED, 0, 1, 16.0),
        (first_s + SETUP_S + INSIDE_S, Fact.TOUR_ENDED, 1, 1, 4.0),
    ]
