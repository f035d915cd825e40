"""Named people take every duty, by the labour rules; what nobody may take is counted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from optimize.staffing.check import CheckError, check_people
from optimize.staffing.problem import (
    SLOTS_A_WEEK,
    Need,
    Problem,
    Result,
    Rules,
    Team,
    Template,
)
from optimize.staffing.roster import Person, Roster, roster, roster_rows, staff_section
from sim.scenario.schema import Scenario
from sim.scenario.schema.people import Break, Shift

EARLY, LATE = Template(24, 32, 15, 2), Template(56, 32, 15, 2)
PROBLEM = Problem((Need("pickers", 1950, (0,) * SLOTS_A_WEEK),), templates=(EARLY, LATE))


def planned(*teams: Team) -> Result:
    """Return a result with these teams; its prices play no part here."""
    return Result(teams, (), 0, 0, 0, 0.0, "feasible", 0.0, 0)


def test_tours_lose_nothing() -> None:
    """Whole-week tours are one person each: as many people as heads, and no loss."""
    result = planned(
        Team("pickers", EARLY, (0, 1, 2, 3, 4), 3), Team("pickers", LATE, (2, 3, 4, 5, 6), 2)
    )

    dealt = roster(PROBLEM, result)

    check_people(PROBLEM, result, dealt)
    assert len(dealt.people) == 5
    assert dealt.loss_hours == 0.0
    assert {person.hours for person in dealt.people} == {40.0}
    assert dict(dealt.fewest_people) == {"pickers": 5}


def test_single_days_are_dealt_out_with_rest() -> None:
    """Late on Monday and early on Tuesday leave 8 h of rest: two people; early and early: one."""
    late_early = planned(Team("pickers", LATE, (0,), 1), Team("pickers", EARLY, (1,), 1))
    early_early = planned(Team("pickers", EARLY, (0,), 1), Team("pickers", EARLY, (1,), 1))
    over_sunday = planned(Team("pickers", EARLY, (0,), 1), Team("pickers", LATE, (6,), 1))

    assert len(roster(PROBLEM, late_early).people) == 2
    assert len(roster(PROBLEM, early_early).people) == 1
    assert len(roster(PROBLEM, over_sunday).people) == 2


def test_any_single_days_keep_the_rules() -> None:
    """Whatever single days are to be dealt, everybody's week keeps hours, days and rest."""
    draw = np.random.Generator(np.random.Philox(4))
    teams = [
        Team("pickers", template, (day,), int(draw.integers(1, 5)))
        for day in range(7)
        for template in (EARLY, LATE)
    ]
    result = planned(*teams)

    dealt = roster(PROBLEM, result)

    check_people(PROBLEM, result, dealt)
    assert sum(len(person.duties) for person in dealt.people) == sum(t.people for t in teams)
    assert len(dealt.people) >= dict(dealt.fewest_people)["pickers"]


def test_loss_is_counted() -> None:
    """Where only two people are at hand, a third tour and a sixth day are lost, hour for hour."""
    result = planned(Team("pickers", EARLY, (0, 1, 2, 3, 4), 3), Team("pickers", EARLY, (5,), 1))

    dealt = roster(PROBLEM, result, {"pickers": 2})

    check_people(PROBLEM, result, dealt)
    assert len(dealt.people) == 2
    # a tour of 5 x 8 h, and 8 h on Saturday
    assert dealt.loss_hours == 48.0


def test_planted_faults_are_found() -> None:
    """A duty too few, one too many, two in a day or a name twice are found out."""
    result = planned(Team("pickers", EARLY, (0,), 2), Team("pickers", LATE, (0,), 1))
    good = roster(PROBLEM, result)
    first = good.people[0]
    planted = {
        "1 too few": replace(good, people=good.people[1:]),
        "1 too many": replace(good, unassigned=(("pickers", EARLY, 0),)),
        "of rest": replace(good, people=(replace(first, duties=((EARLY, 0), (LATE, 0))),)),
        "same name": replace(good, people=(first, *good.people)),
    }

    check_people(PROBLEM, result, good)
    for words, dealt in planted.items():
        with pytest.raises(CheckError, match=words):
            check_people(PROBLEM, result, dealt)


def test_tighter_rules_refuse_a_roster() -> None:
    """Forty hours are refused where thirty are allowed."""
    result = planned(Team("pickers", EARLY, (0, 1, 2, 3, 4), 1))
    problem = replace(PROBLEM, rules=Rules(max_hours_a_week=30))

    with pytest.raises(CheckError, match="40 h a week, 30 are allowed"):
        check_people(problem, result, roster(PROBLEM, result))


def test_rows_for_the_plan_file() -> None:
    """A person is one row: name, role, hours, and the clock times of each weekday."""
    night = Template(88, 32)
    people = (Person("pickers-001", "pickers", ((EARLY, 0), (night, 2))),)

    rows = roster_rows(Roster(people, (), ()))

    assert rows == [
        {
            "name": "pickers-001",
            "role": "pickers",
            "hours": 16.0,
            "mon": "06:00-14:00",
            "wed": "22:00-06:00",
        }
    ]


def test_shifts_as_a_scenario_writes_them() -> None:
    """Teams of the same shift and days share one entry; its hours and break are clock times."""
    result = planned(
        Team("pickers", EARLY, (0, 1, 2, 3, 4), 3),
        Team("packers", EARLY, (0, 1, 2, 3, 4), 2),
        Team("pickers", Template(88, 32, 15, 2), (6,), 1),
    )

    section = staff_section(result, {}, ("pickers", "packers"))

    assert section == {
        "mon-fri-0600-8h": {
            "days": ["mon", "tue", "wed", "thu", "fri"],
            "start": "06:00",
            "end": "14:00",
            "breaks": {"meal": {"start": "09:45", "minutes": 30}},
            "pickers": 3,
            "packers": 2,
        },
        "sun-2200-8h": {
            "days": ["sun"],
            "start": "22:00",
            "end": "06:00",
            "breaks": {"meal": {"start": "01:45", "minutes": 30}},
            "pickers": 1,
        },
    }
    assert Scenario(name="planned", staff=section).staff["sun-2200-8h"].pickers == 1


def test_roles_that_were_not_planned_keep_their_shifts() -> None:
    """A plan for pickers leaves today's clerks where they are, breaks and all."""
    today = {
        "early": Shift(
            start="06:00",
            end="14:00",
            breaks={"meal": Break(start="10:00", minutes=30.0)},
            pickers=4,
            clerks=2,
        ),
        "late": Shift(start="14:00", end="22:00", pickers=4),
    }

    section = staff_section(planned(Team("pickers", EARLY, (0,), 1)), today, ("pickers",))
    staff = Scenario(name="planned", staff=section).staff

    assert list(section) == ["mon-0600-8h", "early"]
    assert (staff["early"].clerks, staff["early"].pickers) == (2, 0)
    assert staff["early"].breaks == today["early"].breaks
    assert staff["early"].days == today["early"].days


def test_roles_that_were_not_planned_keep_their_days_that_differ() -> None:
    """Saturday's hours and the clerks of a date stay; the planned pickers leave those days too."""
    today = {
        "early": Shift.model_validate(
            {
                "start": "06:00", "end": "14:00", "days": ["fri", "sat"], "pickers": 3,
                "by_day": {"sat": {"end": "10:00", "pickers": 1}},
                "by_date": {
                    "2026-11-27": {"clerks": 1, "pickers": 9},
                    "2026-12-04": {"pickers": 9},
                },
            }
        )
    }  # fmt: skip

    section = staff_section(planned(Team("pickers", EARLY, (0,), 1)), today, ("pickers",))

    assert section["early"] == {
        "start": "06:00",
        "end": "14:00",
        "days": ["fri", "sat"],
        "by_day": {"sat": {"end": "10:00"}},
        "by_date": {"2026-11-27": {"clerks": 1}},
    }
    assert Scenario(name="planned", staff=section).staff["early"].most_heads("pickers") == 0
