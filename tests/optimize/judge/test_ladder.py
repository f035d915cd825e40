"""The ladder: safer plans are dearer; a plan under rows satisfies every one of them."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from optimize.judge.block_moves import BlockMoves
from optimize.judge.ladder import FLOOR_ROLES, LOWEST, RUNGS
from optimize.judge.points import Planned
from optimize.judge.presence import blocks_of, presence, week_wage_cents
from optimize.judge.tour_plans import TourPlans
from optimize.staffing.problem import SLOTS_A_WEEK
from optimize.staffing.tours.problem import Cut, Term
from optimize.staffing.tours.solve import solve
from optimize.workload import Workload
from sim.scenario.schema import Scenario

SCENARIO = Scenario(name="by-hand")


@pytest.fixture(scope="module")
def plans() -> TourPlans:
    """Some work for three roles from 06:00 to 20:00 on weekdays, a little of it random."""
    rng = np.random.default_rng(5)
    busy = [slot for slot in range(SLOTS_A_WEEK) if slot < 480 and 24 <= slot % 96 < 80]
    work = {}
    for role, people in (("pickers", 3.0), ("packers", 2.0), ("receivers", 0.5)):
        seconds = np.zeros((3, SLOTS_A_WEEK))
        seconds[:, busy] = 900.0 * people * rng.uniform(0.8, 1.2, (3, len(busy)))
        work[role] = seconds
    tasks = dict.fromkeys(work, 300.0)
    return TourPlans(
        SCENARIO, Workload(work, tasks), ("pickers", "packers"), partial(solve, gap=0.02, effort=2)
    )


def planned(plans: TourPlans, rung: int) -> Planned:
    """Return a plan of the ladder."""
    found = plans.ladder(rung)
    assert found is not None
    return found


def satisfied(cut: Cut, plan: Planned) -> bool:
    """Return whether a plan satisfies a row."""
    return cut.at_least <= sum(
        term.weight * sum(plan.at_work[term.role][term.first : term.first + term.length])
        for term in cut.terms
    )


def test_half_the_work_costs_less_and_twice_the_work_more(plans: TourPlans) -> None:
    """The lowest rung, the requirement plan and the highest one, by their wages."""
    low, middle, high = (planned(plans, rung) for rung in (LOWEST, 0, max(RUNGS)))

    assert low.cost_cents < middle.cost_cents < high.cost_cents
    assert plans.ladder(LOWEST - 1) is None
    assert middle.made is not None
    people = sum(count for _, count in middle.made.people)  # a euro each breaks ties
    wages = week_wage_cents(middle.staff, SCENARIO.people.eur_per_hour)  # others as today
    assert middle.cost_cents == wages + 100 * people


def test_other_roles_are_planned_alike_on_every_rung(plans: TourPlans) -> None:
    """Receivers are no role of the floor: their hours do not depend on the rung."""
    low, high = (planned(plans, rung).at_work for rung in (LOWEST, 2))

    assert "receivers" not in FLOOR_ROLES
    assert low["receivers"] == high["receivers"]
    assert low["pickers"] != high["pickers"]


def test_a_plan_under_rows_satisfies_them(plans: TourPlans) -> None:
    """A row over two roles, and one of a single window, hold; the bound is below the cost."""
    days = [day * 96 for day in range(5)]
    both = [
        Term(role, day + 40, 16, w) for role, w in (("pickers", 3), ("packers", 5)) for day in days
    ]
    cuts = [Cut("both", tuple(both), 4000), Cut("one", (Term("packers", 24, 16, 1),), 60)]

    plan = plans.master(cuts)
    free = plans.master([])

    assert plan is not None
    assert free is not None
    assert [satisfied(cut, plan) for cut in cuts] == [True, True]
    assert [satisfied(cut, free) for cut in cuts] == [False, False]
    assert plan.bound_cents is not None
    assert plan.bound_cents <= plan.cost_cents
    assert free.cost_cents < plan.cost_cents


def test_a_plan_on_the_lowest_rung_is_allowed_and_an_empty_house_is_not(
    plans: TourPlans,
) -> None:
    """The floor below which nothing is taken away is that of the lowest rung."""
    heads = planned(plans, LOWEST).at_work

    assert plans.allowed(heads)
    assert not plans.allowed(dict.fromkeys(heads, (0,) * SLOTS_A_WEEK))


def test_the_planner_itself_gives_up_a_block(plans: TourPlans) -> None:
    """One picker fewer in a block, no fewer people in any other: a cheaper plan of the planner."""
    here = planned(plans, 0)
    blocks = tuple(blocks_of(here.at_work, ("pickers", "packers")))
    moves = BlockMoves(plans.master, blocks, SCENARIO.people.eur_per_hour)
    prices = np.ones(presence(here.staff).shape)

    change = next(moves.ranked(here, "person", prices, {}))

    after = change.planned
    assert after.made is not None
    assert after.cost_cents < here.cost_cents
    given_up = [b for b in blocks if b.words in change.words]
    assert len(given_up) == 1
    for block in blocks:
        least = block.heads_in(here.at_work) - (block.person_slots if block in given_up else 0)
        assert block.heads_in(after.at_work) >= least
    second = next(moves.ranked(here, "person", prices, {change.key: True}))
    assert second.key != change.key
    assert not list(moves.ranked(here, "hours", prices, {}))
