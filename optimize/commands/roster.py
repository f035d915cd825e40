"""A roster from work to names: required, searched for, held against today's, given to people."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np

from optimize.judge.block_moves import BlockMoves
from optimize.judge.effort import Effort
from optimize.judge.ladder import FLOOR_ROLES
from optimize.judge.loop import Found, cheapest_staff
from optimize.judge.points import Planned, Step
from optimize.judge.presence import at_work, blocks_of, week_wage_cents
from optimize.judge.price import HourPrice, prices_at
from optimize.judge.promise import Kpis, Promise, Score
from optimize.judge.stress import Stood, under_stress
from optimize.judge.tour_plans import TourPlans, kept_cents
from optimize.judge.trial import Play, simulated
from optimize.plan import Plan, write_plan
from optimize.solver import SolverError
from optimize.solver.cp_sat import InfeasibleError
from optimize.staffing.labour import tour_problem
from optimize.staffing.named import solve as named_solve
from optimize.staffing.named.labour import labour_people
from optimize.staffing.named.problem import NamedProblem, Person, Result, named_problem
from optimize.staffing.tours.contradiction import explain
from optimize.staffing.tours.problem import TourPlan, TourProblem
from optimize.staffing.tours.solve import solve
from optimize.workload import Workload
from sim.engine.setting import Setting
from sim.kpis import Paired, paired
from sim.scenario.schema import Scenario

FIRST_FRESH = 3_000_000
"""Replications on which rosters are held against each other; neither search nor certificate
sees them."""
MOST_PAIRED = 50
"""Fresh replications that the other rosters play: enough for a difference on the same orders."""
STAFF_COST = "cost_per_order_eur"
SEARCH_GAP = 0.01
"""Tours of a search end this close to their bound, as a share of it."""
NEIGHBOURHOODS = 4
"""Parts of large tour problems that are solved anew for each plan: a search asks for many."""


@dataclass(frozen=True)
class Asked:
    """What a roster is planned for.

    Parameters
    ----------
    setting
        The prepared scenario.
    work
        Work of the roles to be planned.
    promise
        What must be kept; None: only the requirement is planned.
    budget
        Replications that the search may play.
    fresh
        Fresh replications on which rosters are held against each other.
    jobs
        Processes.
    heard
        Called with each step of the search.
    """

    setting: Setting
    work: Workload
    promise: Promise | None
    budget: int
    fresh: int
    jobs: int
    heard: Callable[[Step], None] | None

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.setting.scenario


@dataclass(frozen=True)
class Rival:
    """A roster on fresh replications.

    Attributes
    ----------
    words
        Which.
    cost_cents
        Its wages a week.
    score
        How it keeps the promise.
    means
        Mean of each KPI promised.
    less
        By how much the chosen roster's cost of an order is lower, paired; None for itself.
    """

    words: str
    cost_cents: int
    score: Score
    means: tuple[float, ...]
    less: Paired | None


@dataclass(frozen=True)
class Roster:
    """A roster and all that is known of it.

    Parameters
    ----------
    asked
        What it was planned for.
    problem
        Groups, shifts and needs of the requirement.
    required
        The requirement plan.
    chosen
        The plan chosen: the requirement plan where nothing was searched.
    found
        What the search came to; None without one.
    names, named
        Who works what.
    """

    asked: Asked
    problem: TourProblem
    required: Planned
    chosen: Planned
    found: Found | None
    names: NamedProblem
    named: Result

    @classmethod
    def planned(cls, asked: Asked) -> Roster:
        """Plan a roster.

        Raises
        ------
        SolverError
            If there is none; rules that cannot hold together are named.
        """
        roles = tuple(role for role in FLOOR_ROLES if role in asked.work.work_s)
        plans = TourPlans(
            asked.scenario, asked.work, roles, partial(solve, effort=NEIGHBOURHOODS, gap=SEARCH_GAP)
        )
        problem = tour_problem(asked.scenario, plans.needs(0))
        try:
            required = plans.ladder(0)
        except InfeasibleError:
            raise SolverError(
                "\n  ".join(["these rules cannot hold together:", *explain(problem)])
            ) from None
        assert required is not None
        found = _searched(asked, plans, required, roles) if asked.promise and asked.budget else None
        chosen = required if found is None else found.planned
        assert chosen.made is not None
        people = labour_people(asked.scenario.labour, problem.groups)
        made, names, named = _named(problem, chosen.made, people)
        chosen = replace(chosen, made=made)
        return cls(asked, problem, required, chosen, found, names, named)

    @property
    def made(self) -> TourPlan:
        """The tours chosen."""
        assert self.chosen.made is not None
        return self.chosen.made

    @cached_property
    def today(self) -> dict[str, Any]:
        """Today's section ``staff``."""
        return {
            name: shift.model_dump(exclude_none=True, exclude_defaults=True)
            for name, shift in self.asked.scenario.staff.items()
        }

    def wages_cents(self, planned: Planned) -> int:
        """Return the wages of a week of a plan, overtime and roles not planned included."""
        assert planned.made is not None
        wages = self.asked.scenario.people.eur_per_hour
        kept = kept_cents(planned.staff, planned.made, self.problem.groups, wages)
        return planned.made.wage_cents + kept

    @property
    def chosen_cents(self) -> int:
        """Wages of a week of the roster chosen."""
        return self.wages_cents(self.chosen)

    @property
    def bound_cents(self) -> int:
        """No tours under the same needs and rows cost less, roles not planned included."""
        assert self.chosen.bound_cents is not None
        return self.chosen.bound_cents

    @property
    def required_cents(self) -> int:
        """Wages of a week of the requirement plan."""
        return self.wages_cents(self.required)

    @property
    def today_cents(self) -> int:
        """Wages of a week of today's roster, special dates left out."""
        return week_wage_cents(self.today, self.asked.scenario.people.eur_per_hour)

    @property
    def play(self) -> Play:
        """The trial by simulation."""
        return simulated(self.asked.setting, self.asked.jobs)

    @cached_property
    def today_score(self) -> Score | None:
        """How today's roster keeps the promise on the replications of the search."""
        if self.found is None or self.asked.promise is None:
            return None
        effort = _effort(self.asked)
        numbers = range(effort.first_number, effort.first_number + effort.replications)
        return self.asked.promise.score(self.play(self.today, numbers))

    @cached_property
    def prices(self) -> list[HourPrice]:
        """What one more hour is worth in the roster chosen, the one to buy first in front."""
        if self.found is None or self.asked.promise is None:
            return []
        effort = _effort(self.asked)
        numbers = range(effort.first_number, effort.first_number + effort.slope_replications)
        roles = [role for role in FLOOR_ROLES if role in self.asked.work.work_s]
        wages = self.asked.scenario.people.eur_per_hour
        return prices_at(self.play, self.asked.promise, self.chosen.staff, roles, wages, numbers)

    @cached_property
    def rivals(self) -> list[Rival]:
        """The chosen, the required and today's roster on fresh replications."""
        promise, count = self.asked.promise, self.asked.fresh
        if promise is None or not count:
            return []
        numbers = range(FIRST_FRESH, FIRST_FRESH + count)
        staffs = {
            "chosen": (self.chosen.staff, self.chosen_cents),
            "required": (self.required.staff, self.required_cents),
            "today": (self.today, self.today_cents),
        }
        rows = {
            words: self.play(staff, numbers if words == "chosen" else numbers[:MOST_PAIRED])
            for words, (staff, _) in staffs.items()
        }
        found = []
        for words, played in rows.items():
            score = promise.score(played)
            less = None if words == "chosen" else _paired(rows["chosen"][:MOST_PAIRED], played)
            found.append(Rival(words, staffs[words][1], score, promise.means(score), less))
        return found

    def under_stress(
        self, source: str, settings: Sequence[str], plan: Plan, replications: int
    ) -> Mapping[str, list[Stood]] | None:
        """Return how today's roster and the chosen one stand bad days; None without a promise."""
        if self.asked.promise is None:
            return None
        play = partial(
            under_stress, source, settings,
            promise=self.asked.promise, replications=range(replications), jobs=self.asked.jobs,
        )  # fmt: skip
        with tempfile.TemporaryDirectory(prefix="warelab-plan-") as folder:
            path = write_plan(Path(folder) / "plan.yaml", plan)
            return {"today": play(None), "chosen": play(path)}

    def heads(self) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        """Return people at work by quarter-hour: chosen, needed, today; planned roles alone."""
        today, chosen = at_work(self.today), self.chosen.at_work
        roles = [role for role in chosen if any(chosen[role]) or any(today[role])]
        needed = {need.skill: np.array(need.heads) for need in self.problem.needs}
        return (
            {role: np.array(chosen[role]) for role in roles},
            needed,
            {role: np.array(today[role]) for role in roles},
        )


def _named(
    problem: TourProblem, made: TourPlan, people: Sequence[Person]
) -> tuple[TourPlan, NamedProblem, Result]:
    """Give every duty somebody; a group that cannot take all of its own gets people while it may.

    Hours and days that suffice together may not do so one by one: three times six hours are not
    twenty.
    """
    most = {group.name: group.people_max for group in problem.groups}
    while True:
        names = named_problem(problem, made, people)
        named = named_solve.solve(names)
        short = {duty.group for duty in named.unassigned}
        counts = tuple(
            (name, count + 1 if name in short and count < most[name] else count)
            for name, count in made.people
        )
        if counts == made.people:
            return made, names, named
        made = replace(made, people=counts)


def _effort(asked: Asked) -> Effort:
    usual = Effort()
    return Effort(budget=max(asked.budget, usual.replications + usual.kept_back))


def _searched(asked: Asked, plans: TourPlans, required: Planned, roles: tuple[str, ...]) -> Found:
    wages = asked.scenario.people.eur_per_hour
    assert asked.promise is not None
    return cheapest_staff(
        plans.ladder,
        plans.master,
        simulated(asked.setting, asked.jobs),
        asked.promise,
        wages,
        roles=roles,
        allowed=plans.allowed,
        neighbours=BlockMoves(plans.master, tuple(blocks_of(required.at_work, roles)), wages),
        effort=_effort(asked),
        heard=asked.heard,
    )


def _paired(a: Sequence[Kpis], b: Sequence[Kpis]) -> Paired | None:
    return paired([row[STAFF_COST] for row in a], [row[STAFF_COST] for row in b])
