"""Staffing plans are the cheapest there are, keep the rules, and a false one is found out."""

from __future__ import annotations

import datetime
import itertools
from dataclasses import replace

import numpy as np
import pytest

from optimize.solver.cp_sat import InfeasibleError
from optimize.staffing.check import CheckError, at_work, check
from optimize.staffing.problem import (
    FIVE_DAYS,
    SLOTS_A_WEEK,
    Cover,
    Need,
    Problem,
    Result,
    Rules,
    Team,
    Template,
    forbidden,
    templates,
    week_slots,
)
from optimize.staffing.roster import staff_section
from optimize.staffing.solve import solve
from sim.clock.calendar import Turn, crews, moments
from sim.scenario.schema import ROLES, Scenario


def week(*parts: tuple[int, int, int]) -> tuple[int, ...]:
    """Return heads of a week from parts (first slot, slot after the last, heads)."""
    asked = [0] * SLOTS_A_WEEK
    for first, end, heads in parts:
        for slot in range(first, end):
            asked[slot] = heads
    return tuple(asked)


def tiny(number: int, *, short_percent: int | None = None) -> Problem:
    """Return a problem of three shifts on three day patterns that can be tried out by hand."""
    draw = np.random.Generator(np.random.Philox(number))
    parts = [
        (day * 96 + int(hour) * 4, day * 96 + int(hour) * 4 + int(draw.integers(1, 20)), heads)
        for day in range(2)
        for hour, heads in zip(
            draw.integers(8, 13, size=2), draw.integers(1, 3, size=2).tolist(), strict=True
        )
    ]
    return Problem(
        needs=(
            Need(
                "pickers",
                1950,
                week(*parts),
                (Cover(32, 48, int(draw.integers(1, 33))),) if number % 2 else (),
            ),
        ),
        templates=(Template(32, 16), Template(40, 20), Template(40, 32, 15, 2)),
        patterns=((0, 1), (0,), (1,)),
        short_percent=short_percent,
    )


def cheapest(problem: Problem) -> int | None:
    """Return the least cost by trying up to two people on every duty."""
    need = problem.needs[0]
    duties = list(problem.duties())
    there = np.zeros((len(duties), SLOTS_A_WEEK), dtype=np.int64)
    for row, (template, pattern) in enumerate(duties):
        there[row, list(week_slots(template, pattern))] = 1
    price = np.array([problem.duty_cents(need, *duty) for duty in duties])
    crowds = np.array(list(itertools.product(range(3), repeat=len(duties))))
    present = crowds @ there
    missing = np.maximum(0, np.array(need.heads) - present).sum(axis=1)
    good = np.ones(len(crowds), dtype=np.bool_)
    for cover in need.covers:
        inside = present[:, cover.first : cover.first + cover.length].sum(axis=1)
        good &= inside >= cover.person_slots
    cost = crowds @ price
    if problem.short_percent is None:
        good &= missing == 0
    else:
        cost = cost + missing * problem.short_cents(need)
    return int(cost[good].min()) if good.any() else None


@pytest.mark.parametrize("short_percent", [None, 150])
@pytest.mark.parametrize("number", range(6))
def test_plans_are_the_cheapest(number: int, short_percent: int | None) -> None:
    """On problems small enough to try everything the plan is the cheapest, gaps or not."""
    problem = tiny(number, short_percent=short_percent)

    result = solve(problem)

    assert result.status == "optimal"
    assert result.cost_cents == result.bound_cents == cheapest(problem)


def test_a_steady_week_by_hand() -> None:
    """Two people from 08 to 12 on five days: a team of two on a whole-week tour."""
    asked = week(*((day * 96 + 32, day * 96 + 48, 2) for day in range(5)))
    problem = Problem((Need("packers", 2000, asked),))

    result = solve(problem)

    assert result.teams == (Team("packers", Template(32, 16), (0, 1, 2, 3, 4), 2),)
    # 2 people x 5 days x 4 h x 20.00
    assert result.wage_cents == result.cost_cents == 80_000


def test_nobody_needed_costs_nothing() -> None:
    """Without any need the plan is empty, optimal and free."""
    result = solve(Problem((Need("clerks", 2200, (0,) * SLOTS_A_WEEK),)))

    assert (result.teams, result.cost_cents, result.gap, result.status) == ((), 0, 0.0, "optimal")


def test_roles_do_not_disturb_each_other() -> None:
    """Two roles together cost the sum of each alone."""
    one, two = tiny(2).needs[0], replace(tiny(3).needs[0], role="packers")
    both = replace(tiny(2), needs=(one, two))

    costs = [solve(replace(both, needs=(need,))).cost_cents for need in (one, two)]

    assert solve(both).cost_cents == sum(costs)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rules": Rules(min_shift_h=9)}, "no shift may be shorter than 9 h"),
        ({"rules": Rules(max_hours_a_week=3)}, "more than 3 h a week"),
        ({"rules": Rules(max_days_a_week=0)}, "more than 0 days a week"),
        ({"patterns": FIVE_DAYS, "rules": Rules(min_rest_h=21)}, "rests at least 21 h"),
        ({"templates": ()}, "no shifts are given"),
        ({"templates": (Template(0, 16),)}, "pickers: 1 needed on mon 08:30.*00:00 and 04:00"),
    ],
)
def test_impossible_rules_are_said_in_words(change: dict[str, object], words: str) -> None:
    """Where no plan exists the message names the rule, or who is missing when."""
    need = Need("pickers", 1950, week((34, 40, 1)))
    problem = replace(tiny(0), needs=(need,), **change)  # type: ignore[arg-type]

    with pytest.raises(InfeasibleError, match=words):
        solve(problem)


def test_a_window_that_no_shift_reaches_is_said() -> None:
    """Work due in a night without shifts is named with its window."""
    need = Need("pickers", 1950, week((32, 40, 1)), (Cover(0, 8, 3),))

    with pytest.raises(InfeasibleError, match="due between mon 00:00 to mon 02:00"):
        solve(replace(tiny(0), needs=(need,)))


def test_labour_rules_by_hand() -> None:
    """Six days, 50 hours, short shifts and short nights are forbidden, each by its own rule."""
    day = Template(32, 32, 15, 2)

    assert forbidden(day, (0, 1, 2, 3, 4), Rules()) is None
    assert "5 days" in str(forbidden(day, (0, 1, 2, 3, 4, 5), Rules()))
    assert "40 h" in str(forbidden(Template(32, 40), (0, 1, 2, 3, 4), Rules()))
    assert "4 h" in str(forbidden(Template(32, 8), (0,), Rules()))
    # 24 h less a shift of 14 h leave 10 h; Sunday and Monday touch
    assert "11 h" in str(forbidden(Template(32, 56), (6, 0), Rules()))
    assert forbidden(Template(32, 56), (6, 1), Rules()) is None


def test_templates_of_the_grid() -> None:
    """Twelve starts of three lengths; the long ones pause for half an hour in the middle."""
    found = templates()

    assert len(found) == 36
    # 8 h from 05:00 pause from 08:45 to 09:15
    assert Template(20, 32, 15, 2) in found
    assert len(Template(20, 32, 15, 2).working) == 30
    assert Template(20, 16) in found


def real_problem(short_percent: int | None = None) -> Problem:
    """Return two roles of a week with two peaks a day and noise."""
    draw = np.random.Generator(np.random.Philox(11))
    hours = np.arange(SLOTS_A_WEEK) % 96 / 4.0
    shape = np.where((hours >= 6) & (hours < 20), 3.0 + 2.0 * np.sin(hours / 2.0), 0.0)
    noisy = [np.ceil(shape * draw.uniform(0.8, 1.4, SLOTS_A_WEEK)) for _ in range(2)]
    needs = tuple(
        Need(role, 1950, tuple(int(n) for n in asked))
        for role, asked in zip(("pickers", "packers"), noisy, strict=True)
    )
    return Problem(needs, templates(range(6, 15)), short_percent=short_percent)


def test_ten_times_the_same_bytes() -> None:
    """A search that ends at its limit gives the same plan ten times, to the byte."""
    problem = real_problem(short_percent=300)

    plans = [repr(solve(problem, seed=3, deterministic_limit_s=0.1)) for _ in range(10)]

    assert "status='feasible'" in plans[0]
    assert len(dict.fromkeys(plans)) == 1


def test_a_week_with_27_shifts_is_proved_within_five_per_cent() -> None:
    """27 shifts on 14 sets of days: the plan is proved to be within 5 per cent of the cheapest."""
    problem = real_problem()

    result = solve(problem, deterministic_limit_s=4.0)

    assert len(problem.templates) == 27
    assert result.gap <= 0.05


@pytest.fixture(scope="module")
def good() -> tuple[Problem, Result]:
    """A plan with tours, single days and a few gaps."""
    problem = real_problem(short_percent=300)
    result = solve(problem, deterministic_limit_s=0.5)
    assert result.short
    return problem, result


def test_a_good_plan_passes(good: tuple[Problem, Result]) -> None:
    """The plan as solved passes the check."""
    check(*good)


def test_planted_faults_are_found(good: tuple[Problem, Result]) -> None:
    """A plan with a person too few, a false price or a false claim is refused, with the reason."""
    problem, result = good
    first = result.teams[0]
    fewer = (replace(first, people=first.people + 1), *result.teams[1:])
    foreign = (replace(first, template=Template(3, 16)), *result.teams[1:])
    crowd = (replace(first, people=0), *result.teams[1:])
    planted = {
        "wages": replace(result, wage_cents=result.wage_cents - 1),
        "claims a cost": replace(result, cost_cents=result.cost_cents + 1),
        "less than its bound": replace(result, bound_cents=result.cost_cents + 1),
        "claims a gap": replace(result, gap=float("nan")),
        "optimal": replace(result, status="optimal"),
        "gaps": replace(result, short=result.short[1:]),
        "claims wages": replace(result, teams=fewer),
        "not one of the shifts": replace(result, teams=foreign),
        "at least one person": replace(result, teams=crowd),
        "nobody asked": replace(
            result, teams=(replace(first, role="returns_clerks"), *result.teams)
        ),
        "not one of the patterns": replace(result, teams=(replace(first, days=(0, 2)),)),
    }

    for words, plan in planted.items():
        with pytest.raises(CheckError, match=words):
            check(problem, plan)


def test_gaps_are_faults_where_nobody_may_be_missing() -> None:
    """Without a price for gaps a missing person refuses the plan, and so does a window not kept."""
    need = Need("pickers", 1950, week((32, 48, 2)), (Cover(32, 16, 40),))
    problem = Problem((need,))
    one = Result(
        (Team("pickers", Template(32, 16), (0,), 1),), (), 0, 0, 0, 0.0, "feasible", 0.0, 0
    )

    with pytest.raises(CheckError, match="1 pickers missing on mon 08:00") as caught:
        check(problem, one)

    assert "16 of 40 person-quarter-hours" in str(caught.value.faults)


def test_labour_rules_are_checked_anew() -> None:
    """The checker counts for itself: tighter rules refuse a plan made for wider ones."""
    asked = week(*((day * 96 + 32, day * 96 + 47, 1) for day in range(5)))
    problem = Problem((Need("packers", 2000, asked),), templates=(Template(32, 32, 15, 2),))

    result = solve(problem)

    assert [team.days for team in result.teams] == [(0, 1, 2, 3, 4)]
    for rules, words in (
        (Rules(max_hours_a_week=30), "40 h a week, 30 are allowed"),
        (Rules(max_days_a_week=4), "5 days a week, 4 are allowed"),
        (Rules(min_rest_h=17), "16 h of rest, 17 are the least"),
        (Rules(min_shift_h=9), "a shift of 8 h, 9 is the least"),
    ):
        with pytest.raises(CheckError, match=words):
            check(replace(problem, rules=rules), result)


def test_the_simulator_sees_the_same_heads(good: tuple[Problem, Result]) -> None:
    """The plan's shifts, read by the simulator's calendar, have the heads that were planned."""
    problem, result = good
    section = staff_section(result, {}, ("pickers", "packers"))
    staff = Scenario(name="planned", staff=section).staff

    for need in problem.needs:
        minutes = np.zeros(3 * 10_080, dtype=np.int64)
        for crew in crews(staff):
            if ROLES[crew.role] != need.role:
                continue
            there = {Turn.COME: 1, Turn.BREAK: -1, Turn.GO: 0}
            for moment in moments(crew, staff[crew.shift], datetime.date(2026, 1, 5), 21):
                first_s, last_s = moment.time_s, moment.time_s + moment.length_s
                change = there[moment.turn] * len(moment.people)
                minutes[int(first_s) // 60 : int(last_s) // 60] += change
        second_week = minutes[10_080:20_160].reshape(SLOTS_A_WEEK, 15)
        planned = at_work([team for team in result.teams if team.role == need.role])

        assert (second_week == planned[:, np.newaxis]).all()


def test_nobody_is_put_into_a_closed_house() -> None:
    """Tours that touch a closed Saturday are not used, and the check finds one that is."""
    asked = week(*((day * 96 + 32, day * 96 + 48, 1) for day in range(1, 5)))
    opened = tuple(slot < 5 * 96 for slot in range(SLOTS_A_WEEK))
    free = Need("packers", 2000, asked)
    problem = Problem((replace(free, opened=opened),), single_day_extra_percent=100)

    result = solve(problem)

    # Tuesday to Friday lie in three tours; only the one from Monday on stays out of the weekend.
    assert [team.days for team in result.teams] == [(0, 1, 2, 3, 4)]
    weekend = (replace(result.teams[0], days=(1, 2, 3, 4, 5)),)
    check(replace(problem, needs=(free,)), replace(result, teams=weekend))
    with pytest.raises(CheckError, match="packers in a closed house on sat 08:00"):
        check(problem, replace(result, teams=weekend))


def test_a_house_too_short_open_is_said() -> None:
    """Where the house opens for less than the shortest shift, that is the reason given."""
    opened = tuple(32 <= slot < 40 for slot in range(SLOTS_A_WEEK))
    need = Need("packers", 2000, week((33, 36, 1)), opened=opened)

    with pytest.raises(InfeasibleError, match="packers: no allowed shift lies in the hours"):
        solve(Problem((need,)))
