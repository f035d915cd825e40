"""People in whole runs: who is absent when, and what a difference between people changes."""

from __future__ import annotations

from typing import Any

import pytest

from sim.log.facts import Fact
from tests.sim.engine.playing import EVERY_DAY, Record, record, scenario_of

RULES = ["finish", "hand_over", "preempt_resume"]
ALONE = {"clerks": 1, "packers": 2, "dispatchers": 1, "receivers": 1, "returns_clerks": 1}


def played(people: dict[str, Any], pickers: int = 2, **shift: Any) -> Record:
    """Play three days of a house that is open from 6 to 22."""
    return record(
        scenario_of(
            orders={"per_day": 60.0},
            run={"warm_up_days": 0.0, "horizon_days": 3.0, "cool_down_days": 0.0},
            stock={"unlimited": True},
            people=people,
            staff={
                "night": {"days": ["sun"], "start": "22:00", "end": "23:00", "pickers": 1},
                "day": {
                    "days": EVERY_DAY, "start": "06:00", "end": "22:00",
                    **ALONE, "pickers": pickers, **shift,
                },
            },
        )
    )  # fmt: skip


def missed(run: Record, role: int) -> list[list[float]]:
    """Return the times of missed shifts, person by person of a role in their order."""
    numbers = sorted({row.subject for row in run.rows(Fact.ON_DUTY) if row.other == role})
    early = [row for row in run.rows(Fact.ABSENT) if row.time_s < 10 * 86_400.0]
    return [[row.time_s for row in early if row.subject == number] for number in numbers]


@pytest.mark.parametrize("rule", RULES)
def test_a_spare_person_moves_nobody_s_luck(rule: str) -> None:
    """With one picker more, everybody else misses the same shifts as before."""
    few = played({"absence_rate": 0.3, "at_shift_end": rule})
    more = played({"absence_rate": 0.3, "at_shift_end": rule}, pickers=3)

    assert any(missed(few, 2))
    assert missed(few, 2) == missed(more, 2)  # packers
    assert missed(few, 1) == missed(more, 1)[: len(missed(few, 1))]  # pickers


def test_everybody_absent_leaves_the_orders_waiting() -> None:
    """At a rate of 1 nobody ever comes, nothing is picked, and every planned shift is missed."""
    run = played({"absence_rate": 1.0})

    assert run.count(Fact.ON_DUTY) == run.count(Fact.TOUR_STARTED) == 0
    first_day = [row for row in run.rows(Fact.ABSENT) if row.time_s == 6 * 3600.0]
    assert [row.value for row in first_day] == [16 * 3600.0] * (2 + sum(ALONE.values()))


def test_new_people_take_longer_until_they_have_learnt() -> None:
    """With the same orders the work of a new crew is more, but less than at its first factor."""
    experienced = played({})
    new = played(
        {"learning": {"first_factor": 2.0, "experienced_after_tasks": 50}}, new_people=True
    )

    def work_s(run: Record) -> float:
        rows = run.rows(Fact.WORKED)
        return sum(row.value for row in rows if row.other == 2)  # packing does not batch

    assert work_s(experienced) < work_s(new) < 2.0 * work_s(experienced)


def test_alike_people_written_as_a_spread_of_0_leave_the_same_bytes() -> None:
    """Options at their defaults, spelled out, change no byte of the log."""
    spelled = {
        "moving": "own_line_first", "absence_rate": 0.0, "overtime_max_min": 0.0, "pace_cv": 0.0,
        "pace": 1.0,
    }  # fmt: skip

    assert played(spelled).bytes == played({}).bytes
