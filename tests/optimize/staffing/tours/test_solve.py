"""Tours are the cheapest there are, keep every rule, and a false plan is found out."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from optimize.faults import CheckError
from optimize.solver.cp_sat import InfeasibleError
from optimize.staffing.problem import SLOTS_A_WEEK, Cover
from optimize.staffing.tours.check import _handed_out, check
from optimize.staffing.tours.problem import (
    Contract,
    Cut,
    Group,
    ShiftType,
    SkillNeed,
    Term,
    TourProblem,
)
from optimize.staffing.tours.solve import solve

FREE = Contract("free", max_hours_a_week=168, max_days_a_week=7, min_rest_h=0)
BY_DAY = ShiftType(32, 16)
PAUSED = ShiftType(36, 24, 2, 8, 12)


def week(*parts: tuple[int, int, int]) -> tuple[int, ...]:
    """Return heads of a week from parts (first slot, slot after the last, heads)."""
    asked = [0] * SLOTS_A_WEEK
    for first, end, heads in parts:
        for slot in range(first, end):
            asked[slot % SLOTS_A_WEEK] = heads
    return tuple(asked)


def one(
    heads: tuple[int, ...],
    *shifts: ShiftType,
    contract: Contract = FREE,
    most: int = 3,
    short: int | None = None,
) -> TourProblem:
    """Return a problem of one role and one group."""
    group = Group("pickers", "pickers", ("pickers",), contract, 0, most, 400)
    return TourProblem((group,), shifts, (SkillNeed("pickers", heads, short_cents=short),))


def test_one_shift_is_worked_by_as_many_as_are_wanted() -> None:
    """Two wanted for the length of a shift are two people."""
    plan = solve(one(week((32, 48, 2)), BY_DAY))
    assert [(duty.day, duty.people) for duty in plan.duties] == [(0, 2)]
    assert (plan.cost_cents, plan.status) == (2 * 1600, "optimal")


def test_two_breaks_leave_one_at_work() -> None:
    """Two people in a shift of 6 h must take breaks one after the other where one is needed."""
    plan = solve(one(week((36, 60, 1)), PAUSED), gap=0.0)
    places = [duty.template.break_after for duty in plan.duties for _ in range(duty.people)]
    assert len(places) == 2
    assert abs(places[0] - places[1]) >= 2


def test_a_shift_over_the_end_of_the_week_covers_monday() -> None:
    """A night shift of Sunday is at work on Monday morning."""
    night = ShiftType(88, 32)
    plan = solve(one(week((664, 672, 1), (0, 24, 1)), night))
    assert [(duty.day, duty.people) for duty in plan.duties] == [(6, 1)]


def test_rest_keeps_a_late_person_from_an_early_shift() -> None:
    """With 11 h of rest the two shifts need two people, and one is not enough."""
    late, early = ShiftType(56, 32), ShiftType(24, 16)
    heads = week((56, 88, 1), (96 + 24, 96 + 40, 1))
    contract = replace(FREE, min_rest_h=11)
    problem = one(heads, late, early, contract=contract)
    group = replace(problem.groups[0], person_cents_a_week=100)
    plan = solve(replace(problem, groups=(group,)))
    assert plan.people == (("pickers", 2),)
    with pytest.raises(InfeasibleError):
        solve(one(heads, late, early, contract=contract, most=1))


def brute_force(problem: TourProblem) -> int:
    """Return the least cost over all duties of two days and one group without breaks."""
    need, (group,) = problem.needs[0], problem.groups
    starts = [(day, shift) for day in range(2) for shift in problem.shifts]
    best = 10**9
    for counts in itertools.product(range(group.people_max + 1), repeat=len(starts)):
        present = np.zeros(SLOTS_A_WEEK, dtype=np.int64)
        cost = 0
        by_day = [0, 0]
        for (day, shift), people in zip(starts, counts, strict=True):
            first = day * 96 + shift.start
            present[first : first + shift.length] += people
            cost += people * shift.length * group.wage_cents_per_h // 4
            by_day[day] += people
        if max(by_day) > group.people_max:
            continue
        missing = np.maximum(0, np.array(need.heads) - present)
        best = min(best, cost + int(missing.sum()) * (need.short_cents or 0))
    return best


@pytest.mark.parametrize("number", range(8))
def test_no_plan_of_a_tiny_problem_is_cheaper(number: int) -> None:
    """Brute force over every number of people on every shift finds the same cost."""
    draw = np.random.Generator(np.random.Philox(number))
    parts = [
        (day * 96 + first, day * 96 + first + int(draw.integers(4, 24)), int(draw.integers(1, 3)))
        for day in range(2)
        for first in (30 + int(draw.integers(8)), 50)
    ]
    shifts = (ShiftType(32, 16), ShiftType(40, 16), ShiftType(36, 24))
    problem = one(week(*parts), *shifts, most=2, short=int(draw.integers(50, 300)))
    plan = solve(problem, gap=0.0)
    assert plan.status == "optimal"
    assert plan.cost_cents == brute_force(problem)


def mixed(number: int, *, crossed: bool = True) -> TourProblem:
    """Return a random problem of two roles, a window, a floor and contracts with limits."""
    draw = np.random.Generator(np.random.Philox(number))
    contract = Contract("full", 0, 40, int(draw.integers(3)), 50, 5, 11)
    both = ("packers", "pickers") if crossed else ("packers",)
    groups = (
        Group("a", "pickers", ("pickers",), contract, 0, 6, 1700, 100),
        Group("b", "packers", both, contract, 2, 4, 1800),
    )
    needs = []
    for skill in ("pickers", "packers"):
        heads = np.zeros(SLOTS_A_WEEK, dtype=np.int64)
        for day in range(3):
            first = day * 96 + int(draw.integers(28, 40))
            heads[first : first + int(draw.integers(8, 40))] = int(draw.integers(1, 4))
        covers = (Cover(96 * int(draw.integers(3)) + int(draw.integers(24, 40)), 40, 12),)
        needs.append(
            SkillNeed(skill, tuple(int(n) for n in heads), covers=covers, short_cents=1200)
        )
    shifts = tuple(
        shift
        for start in (28, 36, 44)
        for shift in (ShiftType(start, 16), ShiftType(start, 32, 2, 12, 17))
    )
    return TourProblem(groups, shifts, tuple(needs))


@pytest.mark.parametrize("number", range(6))
def test_random_plans_have_no_fault_and_a_true_bound(number: int) -> None:
    """Every rule holds, the bound is below the cost, and the same plan comes twice."""
    plan = solve(mixed(number), effort=4)  # checked by solve
    assert plan.bound_cents <= plan.cost_cents
    assert plan == solve(mixed(number), effort=4)


def test_people_who_can_do_more_never_cost_more() -> None:
    """A further skill takes nothing away."""
    alone, crossed = (solve(mixed(1, crossed=way), gap=0.0) for way in (False, True))
    assert crossed.bound_cents <= alone.cost_cents
    assert crossed.cost_cents <= alone.cost_cents


def test_a_cut_is_kept() -> None:
    """Three people reach the 36 weighted quarter-hours, two do not."""
    problem = one(week((32, 48, 1)), BY_DAY)
    cut = Cut("more in the morning", (Term("pickers", 32, 4, 3),), 36)
    plan = solve(replace(problem, cuts=(cut,)))
    assert plan.cost_cents == 3 * 1600


def test_nobody_is_in_a_closed_house() -> None:
    """Whoever would be in the house before it opens is missing instead."""
    problem = one(week((32, 48, 1)), BY_DAY, short=10)
    opened = tuple(slot >= 36 for slot in range(SLOTS_A_WEEK))
    need = replace(problem.needs[0], opened=opened)
    plan = solve(replace(problem, needs=(need,)))
    assert plan.duties == ()
    assert sum(count for _, _, count in plan.short) == 16


def test_a_floor_is_kept_whatever_it_costs() -> None:
    """One must be there; the second is cheaper missing."""
    problem = one(week((32, 48, 2)), BY_DAY, short=1)
    need = replace(problem.needs[0], minimum=week((32, 48, 1)))
    plan = solve(replace(problem, needs=(need,)))
    assert sum(duty.people for duty in plan.duties) == 1
    assert plan.cost_cents == 1600 + 16


def test_a_false_plan_is_found_out() -> None:
    """A person too few and a false price are both named."""
    problem = one(week((32, 48, 2)), BY_DAY)
    plan = solve(problem)
    with pytest.raises(CheckError, match="not enough people"):
        check(problem, replace(plan, duties=(replace(plan.duties[0], people=1),)))
    with pytest.raises(CheckError, match="claims a cost"):
        check(problem, replace(plan, cost_cents=1))


def test_work_is_handed_out_along_a_chain_of_skills() -> None:
    """The maximum flow moves people along when their skill is needed elsewhere."""
    able = {("a", "b"): 1, ("b", "c"): 1, ("a",): 1}
    assert _handed_out(able, {"a": 1, "b": 1, "c": 1}) == 3
    assert _handed_out(able, {"a": 2, "c": 1}) == 3
    assert _handed_out(able, {"c": 2, "a": 1}) == 2
