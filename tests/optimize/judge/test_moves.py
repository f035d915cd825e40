"""Small changes of a staff section: each saves wages, and nobody gains or loses hours unasked."""

from __future__ import annotations

import pytest

from optimize.judge.moves import SIZES, Size, moves
from optimize.judge.presence import presence, shifts_of, week_wage_cents
from sim.scenario.schema import ROLES
from sim.scenario.schema.people import Wages
from tests.optimize.judge.test_presence import DAY, NIGHT

LONG = {key: value for key, value in DAY.items() if key != "by_day"}
STAFF = {"long": LONG, "night": NIGHT, "mixed": DAY}


@pytest.mark.parametrize("size", SIZES)
def test_every_change_takes_hours_of_one_role_away_and_nothing_else(size: Size) -> None:
    """People at work fall in quarter-hours of one role; the wages fall; the section is valid."""
    for words, _, staff in moves(STAFF, ("pickers", "packers"), size):
        less = presence(STAFF) - presence(staff)
        changed = [role for role, row in zip(ROLES, less, strict=True) if row.any()]
        assert len(changed) == 1
        assert changed[0] in words
        assert week_wage_cents(staff, Wages()) < week_wage_cents(STAFF, Wages())
        assert shifts_of(staff)["mixed"] == shifts_of(STAFF)["mixed"]
        if size != "hours":
            assert less.min() == 0


def test_a_shorter_shift_keeps_its_break_if_it_is_long_enough() -> None:
    """Six hours from 06:00 keep the break at 10:00; a four-hour shift is not shortened."""
    found = {key: staff for _, key, staff in moves(STAFF, ("packers", "pickers"), "hours")}

    assert {key[1] for key in found} == {"long"}
    short = shifts_of(found["shorter", "long", "packers"])["long-shorter"]
    late = shifts_of(found["later", "long", "packers"])["long-later"]
    assert (short.start, short.end, list(short.breaks)) == ("06:00", "12:00", ["meal"])
    assert (late.start, late.end, list(late.breaks)) == ("08:00", "14:00", ["meal"])


def test_a_day_less_joins_the_shift_that_is_there_already() -> None:
    """Two people without Tuesdays stand in one shift of Mondays."""
    (after, *_) = [s for _, key, s in moves({"long": LONG}, ("pickers",), "day") if key[0] == "tue"]
    (again, *_) = [
        s for _, key, s in moves(after, ("pickers",), "day") if key[:2] == ("tue", "long")
    ]

    assert {name: shift.pickers for name, shift in shifts_of(again).items()} == {
        "long": 1, "long-not-tue": 2
    }  # fmt: skip


def test_the_last_person_takes_the_shift_along() -> None:
    """A shift with nobody left is no shift."""
    staff = {"night": {**NIGHT, "pickers": 1}, "long": LONG}

    found = {key: after for _, key, after in moves(staff, ROLES, "person")}

    assert found["person", "night", "pickers"] == {"long": LONG}


def test_the_last_person_of_a_role_stays() -> None:
    """A house without anybody of a role is none that can be played."""
    assert [key for _, key, _ in moves({"long": LONG}, ROLES, "person")] == [
        ("person", "long", "pickers")
    ]
