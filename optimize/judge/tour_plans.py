"""Requirement plans by rung, and plans under cuts, by the tour solver: all roles at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from optimize.judge.ladder import LOWEST, RUNGS, needs_of, rung_words
from optimize.judge.points import Planned
from optimize.judge.presence import Heads, Staff, at_work, week_wage_cents
from optimize.solver import SolverError
from optimize.staffing.labour import not_planned, tour_problem
from optimize.staffing.problem import Need, day_wage_cents
from optimize.staffing.tours.problem import Cut, Group, TourPlan, TourProblem
from optimize.staffing.tours.staff import staff_section
from optimize.workload import Workload
from sim.scenario.schema import Scenario
from sim.scenario.schema.people import Wages


@dataclass
class TourPlans:
    """Plans under a scenario's labour rules.

    Parameters
    ----------
    scenario
        Labour rules, wages, trucks and today's shifts.
    work
        Work of the roles to be planned.
    roles
        Whose hours rungs and cuts change.
    solve
        The tour solver.
    """

    scenario: Scenario
    work: Workload
    roles: tuple[str, ...]
    solve: Callable[[TourProblem], TourPlan]

    def ladder(self, rung: int) -> Planned | None:
        """Return the plan of a rung, None where there is no such rung."""
        if rung not in RUNGS:
            return None
        return self._planned(self.needs(rung), (), rung_words(rung))

    def allowed(self, heads: Heads) -> bool:
        """Return whether as many are at work as the lowest rung asks in each quarter-hour.

        Roles that share people by cross-training are not looked at one by one.
        """
        shared = {
            role for role, others in self.scenario.people.cross_training.items() if others
        }.union(*self.scenario.people.cross_training.values())
        return all(
            there >= wanted
            for need in self._lowest
            if need.role not in shared
            for there, wanted in zip(heads[need.role], need.heads, strict=True)
        )

    def master(self, cuts: Sequence[Cut]) -> Planned | None:
        """Return the cheapest plan found that satisfies the rows, None where there is none."""
        try:
            return self._planned(self._lowest, cuts, "a plan under rows")
        except SolverError:
            return None

    @cached_property
    def _lowest(self) -> tuple[Need, ...]:
        return self.needs(LOWEST)

    def needs(self, rung: int) -> tuple[Need, ...]:
        """Return what each role needs on a rung."""
        return needs_of(self.scenario, self.work, self.roles, RUNGS[rung])

    def _planned(self, needs: Sequence[Need], cuts: Sequence[Cut], words: str) -> Planned:
        problem = replace(tour_problem(self.scenario, needs), cuts=tuple(cuts))
        plan = self.solve(problem)
        left_out = not_planned(self.scenario, needs)
        planned = [need.role for need in needs if need.role not in left_out]
        staff = staff_section(plan, problem.groups, self.scenario.staff, planned)
        kept = kept_cents(staff, plan, problem.groups, self.scenario.people.eur_per_hour)
        return Planned(
            staff, plan.cost_cents + kept, plan.bound_cents + kept, at_work(staff), words, plan
        )


def kept_cents(staff: Staff, plan: TourPlan, groups: Sequence[Group], wages: Wages) -> int:
    """Return the wages of a week of people in a staff section who are not in its plan."""
    cents = {group.name: group.wage_cents_per_h for group in groups}
    planned = sum(
        duty.people * day_wage_cents(cents[duty.group], duty.template.length)
        for duty in plan.duties
    )
    return week_wage_cents(staff, wages) - planned
