"""The seconds that people can work: shifts, breaks, nights, closed days, absence, pace."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.experiments.explain.hands import staffed_s
from sim.scenario.schema import ROLES, Scenario
from tests.sim.engine.playing import scenario_of

PICKERS, PACKERS = ROLES.index("pickers"), ROLES.index("packers")
MONDAY = "2026-01-05"


def house(shift: dict[str, Any], **people: object) -> Scenario:
    """Return a scenario of one shift that begins on a Monday."""
    return scenario_of(run={"start_date": MONDAY}, staff={"only": shift}, people=people)


def test_hours_with_a_break_inside() -> None:
    """Hours with a break inside."""
    shift = {"start": "06:30", "end": "10:00", "pickers": 2, "packers": 1}
    shift["breaks"] = {"tea": {"start": "08:45", "minutes": 30}}
    hands = staffed_s(house(shift), 1)
    expected = np.zeros(24)
    expected[6:10] = [1800.0, 3600.0, 2700.0, 2700.0]
    assert hands[PICKERS] == pytest.approx(2.0 * expected)
    assert hands[PACKERS] == pytest.approx(expected)


def test_a_night_shift_works_on_both_days_and_before_the_first() -> None:
    """A night shift works on both days and before the first."""
    hands = staffed_s(house({"days": ["sun", "mon"], "start": "22:00", "end": "02:00",
                             "pickers": 1}), 2)  # fmt: skip
    worked = np.flatnonzero(hands[PICKERS])
    assert worked.tolist() == [0, 1, 22, 23, 24, 25]
    assert set(hands[PICKERS][worked].tolist()) == {3600.0}


def test_absence_pace_and_closed_days() -> None:
    """Absence pace and closed days."""
    shift = {"start": "08:00", "end": "16:00", "pickers": 5}
    scenario = house(shift, absence_rate=0.1, pace=0.9, closed_dates=["2026-01-06"])
    days = staffed_s(scenario, 7)[PICKERS].reshape(7, 24).sum(axis=1)
    whole = 5 * 8 * 3600.0 * 0.9 * 0.9
    assert days == pytest.approx([whole, 0.0, whole, whole, whole, 0.0, 0.0])


def test_fewer_heads_on_one_weekday() -> None:
    """Fewer heads on one weekday."""
    shift = {"start": "08:00", "end": "16:00", "pickers": 5, "by_day": {"fri": {"pickers": 2}}}
    days = staffed_s(house(shift), 5)[PICKERS].reshape(5, 24).sum(axis=1) / (8 * 3600.0)
    assert days == pytest.approx([5, 5, 5, 5, 2])
