"""A scenario's labour rules as groups, shifts and needs."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest

from optimize.staffing.labour import not_planned, open_house, tour_problem
from optimize.staffing.problem import SLOTS_A_WEEK, Cover, Need
from optimize.staffing.tours.problem import Duty, TourPlan
from optimize.staffing.tours.staff import staff_section
from sim.scenario.schema import Scenario

ONE = (1,) * SLOTS_A_WEEK
DAY = {"start": "06:00", "end": "14:00", "pickers": 2}


def scenario(**sections: Any) -> Scenario:
    """Return a small scenario."""
    return Scenario.model_validate({"name": "x", "staff": {"day": DAY}, **sections})


def pickers(heads: tuple[int, ...] = ONE, *covers: Cover) -> Need:
    """Return a need of pickers."""
    return Need("pickers", 1950, heads, covers)


def test_without_crews_each_role_of_today_works_under_each_contract() -> None:
    """Nobody is planned for a role that nobody works in."""
    problem = tour_problem(scenario(), [pickers()])
    assert [group.name for group in problem.groups] == ["pickers-full", "pickers-part"]
    assert not_planned(scenario(), [Need("packers", 1950, ONE)]) == ("packers",)


def test_shifts_lie_in_the_open_hours_and_reach_their_edges() -> None:
    """A house open from 05:30 to 13:30 has shifts that start with it and that end with it."""
    hours = {"house": {"days": ["mon"], "start": "05:30", "end": "13:30"}}
    found = scenario(labour={"open": hours})
    assert int(open_house(found).sum()) == 32
    problem = tour_problem(found, [pickers()])
    assert {(s.start, s.start + s.length) for s in problem.shifts} >= {(22, 54), (22, 38), (38, 54)}
    assert all(s.start >= 22 and s.start + s.length <= 54 for s in problem.shifts)
    assert all(s.days == (0,) for s in problem.shifts)


def test_open_hours_may_reach_over_midnight() -> None:
    """Sunday 22:00 to 06:00 is open on Monday morning."""
    hours = {"night": {"days": ["sun"], "start": "22:00", "end": "06:00"}}
    opened = open_house(scenario(labour={"open": hours}))
    assert [slot for slot in range(SLOTS_A_WEEK) if opened[slot]] == [*range(24), *range(664, 672)]


def test_the_break_may_lie_anywhere_in_its_play() -> None:
    """A 6-hour shift with 30 minutes of break has it at most 30 minutes from the middle."""
    window = {"any": {"lengths_h": [4.0, 6.0], "break_play_min": 30}}
    problem = tour_problem(scenario(labour={"shifts": window}), [pickers()])
    long = next(shift for shift in problem.shifts if shift.length == 24)
    short = next(shift for shift in problem.shifts if shift.length == 16)
    assert (long.break_length, long.break_first, long.break_last) == (2, 9, 13)
    assert short.break_length == 0


def test_cross_training_gives_skills() -> None:
    """People can do their own role and those they are trained for."""
    trained = scenario(people={"cross_training": {"pickers": ["packers"]}})
    problem = tour_problem(trained, [pickers(), Need("packers", 1950, ONE)])
    assert problem.groups[0].skills == ("pickers", "packers")
    assert [need.skill for need in problem.needs] == ["pickers", "packers"]


def test_the_least_that_must_be_there() -> None:
    """Rules of one role are laid over each other, the higher one counts."""
    least = {
        "a": {"role": "pickers", "days": ["mon"], "start": "06:00", "end": "08:00", "heads": 1},
        "b": {"role": "pickers", "days": ["mon"], "start": "07:00", "end": "08:00", "heads": 3},
    }
    need = tour_problem(scenario(labour={"least": least}), [pickers()]).needs[0]
    assert need.minimum[24:32] == (1,) * 4 + (3,) * 4
    assert sum(need.minimum) == 16


@pytest.mark.parametrize("wanted", [1, 2, 5, 12])
def test_the_reserve_lets_enough_come_on_most_days(wanted: int) -> None:
    """With one in five absent, enough come with a chance of one half; one less would not do."""
    reserved = scenario(labour={"absence_reserve_share": 0.2})
    heads = tour_problem(reserved, [pickers((wanted,) * SLOTS_A_WEEK)]).needs[0].heads
    planned = heads[24]

    def chance(people: int) -> float:
        """Return the chance that enough of so many come, over all who may stay away."""
        return math.fsum(
            0.8 ** sum(came) * 0.2 ** (people - sum(came))
            for came in itertools.product((0, 1), repeat=people)
            if sum(came) >= wanted
        )

    assert chance(planned) >= 0.5
    assert planned == wanted or chance(planned - 1) < 0.5
    assert heads[0] == 0


def test_the_reserve_makes_windows_larger() -> None:
    """Work for 10 person-quarter-hours needs 13 if a fifth stays away."""
    reserved = scenario(people={"absence_rate": 0.2})
    need = tour_problem(reserved, [pickers(ONE, Cover(24, 8, 10))]).needs[0]
    assert need.covers == (Cover(24, 8, 13),)


def test_duties_become_shifts_with_the_days_on_which_heads_are_the_same() -> None:
    """Days alike are one shift, and the people of two groups of a role stand together."""
    problem = tour_problem(scenario(), [pickers()])
    template = next(shift for shift in problem.shifts if shift.length == 32).templates()
    shift = next(iter(template))
    full, part = "pickers-full", "pickers-part"
    duties = tuple(
        Duty(group, day, shift, people)
        for group, day, people in [(full, 0, 2), (part, 0, 1), (full, 2, 3), (full, 4, 1)]
    )
    plan = TourPlan(duties, (), (), (), 0, 0, 0, 0.0, "feasible", "by hand", 0)
    today = Scenario.model_validate({"name": "x", "staff": {"day": {**DAY, "clerks": 1}}}).staff
    section = staff_section(plan, problem.groups, today, ["pickers"])
    heads = {tuple(each["days"]): each["pickers"] for each in section.values() if "days" in each}
    assert heads[("mon", "wed")] == 3
    assert heads[("fri",)] == 1
    assert section["day"]["clerks"] == 1
    assert "pickers" not in section["day"]
    Scenario.model_validate({"name": "x", "staff": section})
