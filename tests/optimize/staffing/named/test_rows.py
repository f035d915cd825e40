"""The named weeks as tables and CSV say what the duties say."""

from __future__ import annotations

import csv
import datetime
import io

import pytest

from optimize.staffing.named.problem import NamedProblem, Person, Result
from optimize.staffing.named.rows import (
    HEADS,
    csv_week,
    day_rows,
    duty_rows,
    fairness_rows,
    person_rows,
    quarter_rows,
)
from optimize.staffing.named.solve import solve
from optimize.staffing.problem import Template
from optimize.staffing.tours.problem import Contract, Duty, Group
from tests.optimize.staffing.named.drawn import problem as drawn

NIGHT, DAY = Template(88, 32, 15, 2), Template(24, 16)
FULL = Group("full", "pickers", ("pickers",), Contract("full", 0, 40), 0, 9, 1500)


def nights(*names: str) -> tuple[NamedProblem, Result]:
    """Return everybody with a night on Sunday."""
    people = tuple(Person(name, "full") for name in names)
    problem = NamedProblem((FULL,), (Duty("full", 6, NIGHT, len(names)),), people)
    return problem, solve(problem)


def test_a_duty_says_who_when_and_the_break() -> None:
    """A night over the week's end, by weekday and by date."""
    _, found = nights("Ada")
    row = ("Ada", "pickers", "full", "sun", "22:00", "06:00", "01:45", "02:15", 8.0)
    assert duty_rows(found) == [row]
    monday = datetime.date(2026, 11, 23)
    assert duty_rows(found, monday)[0].day == "2026-11-29"
    with pytest.raises(ValueError, match="2026-11-24, a Tuesday"):
        duty_rows(found, datetime.date(2026, 11, 24))
    assert person_rows(found)[0]["sun"] == "22:00-06:00"


def test_a_shift_that_ends_at_midnight_ends_at_24() -> None:
    """The end of the day is 24:00, not 00:00."""
    duty = Duty("full", 0, Template(64, 32), 1)
    found = solve(NamedProblem((FULL,), (duty,), (Person("Ada", "full"),)))
    assert duty_rows(found)[0].end == "24:00"


@pytest.mark.parametrize("seed", range(5))
def test_tables_add_up_to_the_duties(seed: int) -> None:
    """Hours by person, by day and by quarter-hour are the same hours."""
    problem = drawn(seed)
    found = solve(problem, rounds=1)
    slots = sum(week.paid_slots for week in found.weeks)
    assert sum(row["hours"] for row in person_rows(found)) == slots / 4
    assert sum(row.paid_h for day in range(7) for row in day_rows(found, day)) == slots / 4
    assert sum(row["on_duty"] for row in quarter_rows(found)) == slots
    breaks = sum(t.break_length for week in found.weeks for _, t in week.duties)
    assert sum(row["on_break"] for row in quarter_rows(found)) == breaks
    assert sum(row.people for row in fairness_rows(problem, found)) == len(problem.people)


def test_quarter_hours_show_who_is_on_break() -> None:
    """Two on a night: both on break at 01:45 on Monday, both on duty."""
    rows = {row["time"]: row for row in quarter_rows(nights("Ada", "Bo")[1])}
    assert (rows["mon 01:45"]["on_duty"], rows["mon 01:45"]["on_break"]) == (2, 2)
    assert (rows["sun 22:00"]["on_duty"], rows["sun 22:00"]["on_break"]) == (2, 0)
    assert "mon 06:00" not in rows


@pytest.mark.parametrize("name", ["=1+1", "+49 30", "-Ada", "@Bo", "|x", 'A "B", C;', "Zoë 雪"])
def test_no_cell_of_the_csv_is_a_formula(name: str) -> None:
    """Whatever people are called, their row reads back, and starts no formula."""
    text = csv_week(nights(name)[1])
    heads, row = csv.reader(io.StringIO(text, newline=""))
    assert tuple(heads) == HEADS
    assert row[0].removeprefix("'") == name
    assert not row[0].startswith(("=", "+", "-", "@", "|"))


def test_fairness_shows_the_spread() -> None:
    """One night for two people: one has 8 h and a weekend, the other none."""
    people = (Person("Ada", "full"), Person("Bo", "full"))
    problem = NamedProblem((FULL,), (Duty("full", 6, NIGHT, 1),), people)
    (row,) = fairness_rows(problem, solve(problem))
    assert (row.least_h, row.most_h, row.weekend, row.late) == (0.0, 8.0, (0, 1), (0, 1))
    assert row.early == (0, 0)
