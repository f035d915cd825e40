"""Plans by the tour solver: what it is asked, and what becomes of its answer."""

from __future__ import annotations

import numpy as np
import pytest

from optimize.judge.ladder import LOWEST
from optimize.judge.tour_plans import TourPlans
from optimize.solver import SolverError
from optimize.staffing.problem import SLOTS_A_WEEK, Template
from optimize.staffing.tours.problem import Cut, Duty, Term, TourPlan, TourProblem
from optimize.workload import Workload
from sim.scenario.schema import Scenario

ROLES = ("pickers", "packers")
CUT = Cut("row", (Term("pickers", 24, 16, 1),), 40)


class Clerk:
    """A solver that writes down what it is asked and sends one picker on Monday morning."""

    def __init__(self, *, fails: bool = False) -> None:
        self.asked: list[TourProblem] = []
        self.fails = fails

    def __call__(self, problem: TourProblem) -> TourPlan:
        """Answer always the same."""
        self.asked.append(problem)
        if self.fails:
            raise SolverError("nothing will do")
        group = next(group.name for group in problem.groups if group.role == "pickers")
        duties = (Duty(group, 0, Template(24, 16), 1),)
        return TourPlan(duties, ((group, 1),), (), (), 7800, 7800, 7000, 0.1, "feasible", "stub", 0)


def plans(clerk: Clerk) -> TourPlans:
    """Return plans for two roles with work from 08:00 to 16:00 on Mondays."""
    seconds = np.zeros((2, SLOTS_A_WEEK))
    seconds[:, 32:64] = 1800.0
    work = Workload(dict.fromkeys(ROLES, seconds), dict.fromkeys(ROLES, 300.0))
    return TourPlans(Scenario(name="by-hand"), work, ROLES, clerk)


def test_a_rung_asks_for_less_work_and_an_answer_becomes_a_staff_section() -> None:
    """The lowest rung needs fewer heads than the requirement plan; the duty is in the section."""
    clerk = Clerk()
    both = plans(clerk)

    plan, low = both.ladder(0), both.ladder(LOWEST)

    assert plan is not None
    assert low is not None
    others = plan.cost_cents - 7800  # people of roles that are not planned stay as they are
    assert others > 0
    assert (plan.bound_cents, plan.made is not None) == (7000 + others, True)
    assert [slot for slot in range(672) if plan.at_work["pickers"][slot]] == list(range(24, 40))
    heads = [sum(need.heads) for problem in clerk.asked for need in problem.needs]
    assert heads[2] < heads[0]
    assert both.ladder(LOWEST - 1) is None


def test_rows_go_to_the_solver_as_they_are() -> None:
    """The solver is asked with the rows on the lowest rung; where it fails there is no plan."""
    clerk = Clerk()

    assert plans(clerk).master([CUT]) is not None
    assert clerk.asked[0].cuts == (CUT,)
    assert plans(Clerk(fails=True)).master([CUT]) is None


@pytest.mark.parametrize("fewer", [0, 1])
def test_fewer_than_the_lowest_rung_are_not_allowed(fewer: int) -> None:
    """As many as it asks are enough; one picker less in one quarter-hour is not."""
    clerk = Clerk()
    both = plans(clerk)
    both.ladder(LOWEST)
    heads = {need.skill: need.heads for need in clerk.asked[0].needs}
    busiest = max(range(SLOTS_A_WEEK), key=lambda slot: heads["pickers"][slot])
    pickers = list(heads["pickers"])
    pickers[busiest] -= fewer

    assert both.allowed({**heads, "pickers": tuple(pickers)}) is (fewer == 0)
