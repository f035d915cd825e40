"""Several people who come at once take several waiting orders at once.

SimPy's own ``Resource`` grants one waiter each time it is asked: after its capacity rises by
three, two people would stand idle beside waiting work until the next release.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.log.facts import Fact
from tests.sim.engine.playing import EVERY_DAY, Record, record, scenario_of
from tests.theory.systems import NOTHING, minutes, queue_scenario

HOUR_S = 3600.0
RULES = ["finish", "hand_over", "preempt_resume"]


def played_with(rule: str, staff: dict[str, Any], hours: list[float]) -> Record:
    """Play a day whose orders come in the given hours; a pick takes 20 minutes."""
    line = queue_scenario(
        30 / 1440.0,
        0.0,
        1440.0,
        {"time_s": minutes("deterministic", 20.0)},
        {"label_s": NOTHING},
        {"pickers": 1},
    )
    sections = line.model_dump()
    sections["orders"]["hourly_profile"] = hours
    sections["people"]["at_shift_end"] = rule
    sections["staff"] = staff
    sections.pop("name")
    return record(scenario_of(**sections))


def starts_at(played: Record, time_s: float) -> list[int]:
    """Return the people who take up a tour at a moment."""
    return [row.other for row in played.rows(Fact.TOUR_STARTED) if row.time_s == time_s]


@pytest.mark.parametrize("rule", RULES)
def test_three_who_come_together_start_three_orders(rule: str) -> None:
    """At 06:00 three pickers come to a line of night orders: three tours begin at 06:00 sharp."""
    staff = {"day": {"days": EVERY_DAY, "start": "06:00", "end": "18:00", "pickers": 3}}

    played = played_with(rule, staff, [1.0] * 6 + [0.0] * 18)

    assert played.book.demand.placed_s[-1] < 6 * HOUR_S
    assert sorted(starts_at(played, 6 * HOUR_S)) == [0, 1, 2]
    # everybody stays busy until the line is empty: order k starts in round k // 3
    starts = np.sort(played.first_s(Fact.PICK_STARTED))
    rounds = np.arange(len(starts)) // 3
    assert np.array_equal(starts, 6 * HOUR_S + rounds * 20 * 60.0)


@pytest.mark.parametrize("rule", RULES)
def test_three_who_join_one_at_work_start_three_orders(rule: str) -> None:
    """At 08:00 three more come to one who works since 07:50: three tours begin at 08:00 sharp."""
    staff = {
        "early": {"days": EVERY_DAY, "start": "07:50", "end": "20:00", "pickers": 1},
        "late": {"days": EVERY_DAY, "start": "08:00", "end": "20:00", "pickers": 3},
    }

    played = played_with(rule, staff, [1.0] * 7 + [0.0] * 17)

    assert starts_at(played, 7 * HOUR_S + 50 * 60.0) == [0]
    assert sorted(starts_at(played, 8 * HOUR_S)) == [1, 2, 3]
    assert starts_at(played, 8 * HOUR_S + 10 * 60.0) == [0]


@pytest.mark.parametrize("rule", RULES)
def test_three_who_end_their_break_together_start_three_orders(rule: str) -> None:
    """All three go on break at 07:00 and at 07:20 three tours go on or begin at once."""
    meal = {"meal": {"start": "07:00", "minutes": 20}}
    staff = {
        "day": {"days": EVERY_DAY, "start": "06:00", "end": "20:00", "pickers": 3, "breaks": meal}
    }

    played = played_with(rule, staff, [1.0] * 6 + [0.0] * 18)

    # 06:00, 06:20 and 06:40 each see three tours, which end at 07:00 with the break
    assert sorted(starts_at(played, 7 * HOUR_S + 20 * 60.0)) == [0, 1, 2]
    ends = [row.time_s for row in played.rows(Fact.BREAK_ENDED)]
    assert ends == [7 * HOUR_S + 20 * 60.0] * 3
