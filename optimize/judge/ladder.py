"""Requirement plans by rung, and plans under cuts, made by the teams solver role by role.

Rung 0 is the requirement plan. Higher rungs let less work wait, fit more of the replications and
plan for more work than there is; lower ones plan for less. Rows from the simulation bind several
roles, and the solver takes one role at a time: a linear programme over blocks first decides which
block gets how many hours, the same on each day, and the solver then finds shifts for them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from optimize.judge.points import Planned
from optimize.judge.presence import Heads, at_work, week_wage_cents
from optimize.solver.highs import solve_milp
from optimize.staffing.problem import SLOTS_A_WEEK, SLOTS_AN_HOUR, Cover, Need, Problem, Result
from optimize.staffing.requirement import RULES, Rule, staffing_problem
from optimize.staffing.roster import staff_section
from optimize.staffing.solve import solve
from optimize.staffing.tours.problem import Cut
from optimize.workload import Workload
from sim.scenario.schema import Scenario

FLOOR_ROLES = ("pickers", "packers", "dispatchers")
"""Roles whose hours decide when an order leaves; the others keep what they are required."""


@dataclass(frozen=True)
class Rung:
    """How much safer or cheaper than the requirement plan.

    Parameters
    ----------
    work_share
        Work that is planned for / work measured.
    wait_share
        Share of the work that may wait where a role has such a limit: this, if it is smaller.
    busy_share, replication_share
        Of the windows; see `optimize.staffing.requirement.covers`.
    """

    work_share: float = 1.0
    wait_share: float = 1.0
    busy_share: float = 0.9
    replication_share: float = 0.9


LOWEST = -10
RUNGS: Mapping[int, Rung] = {
    **{rung: Rung(1.0 + 0.08 * rung) for rung in range(LOWEST, 0)},
    0: Rung(),
    1: Rung(1.0, 0.8, 0.85, 0.95),
    2: Rung(1.0, 0.6, 0.8, 1.0),
    3: Rung(1.1, 0.4, 0.8, 1.0),
    4: Rung(1.25, 0.2, 0.8, 1.0),
    5: Rung(1.5, 0.2, 0.8, 1.0),
    6: Rung(2.0, 0.2, 0.8, 1.0),
}
"""From the cheapest to the safest."""


@dataclass
class RequirementPlans:
    """Plans of a scenario whose work was measured.

    Parameters
    ----------
    scenario
        Wages, trucks and today's shifts.
    work
        Work of the roles to be planned.
    roles
        Whose hours rungs and cuts change; rows name no others, nor roles without work.
    effort_s
        Deterministic seconds of the solver for all roles of a plan.
    seed
        Seed of the solver.
    """

    scenario: Scenario
    work: Workload
    roles: tuple[str, ...] = FLOOR_ROLES
    effort_s: float = 10.0
    seed: int = 0
    _solved: dict[Need, Result] = field(default_factory=dict)

    def ladder(self, rung: int) -> Planned | None:
        """Return the plan of a rung, None where there is no such rung."""
        if rung not in RUNGS:
            return None
        problem = self._problem(RUNGS[rung])
        return self._planned(problem, rung_words(rung), None)

    def allowed(self, heads: Heads) -> bool:
        """Return whether as many are at work as the lowest rung asks in each quarter-hour."""
        return all(
            there >= wanted
            for need in self._lowest.needs
            for there, wanted in zip(heads[need.role], need.heads, strict=True)
        )

    def master(self, cuts: Sequence[Cut]) -> Planned | None:
        """Return a plan that satisfies the rows, None where no hours do.

        The bound is that of the hours alone: no breaks, no shifts, each day by itself.
        """
        problem = self._lowest
        hours = _Hours(problem, self.roles, cuts)
        windows = hours.windows(even=True)
        least = hours.cost_cents()
        if windows is None or least is None:
            return None
        needs = tuple(
            replace(need, covers=(*need.covers, *windows.get(need.role, ())))
            for need in problem.needs
        )
        others = sum(self._solve(n, problem).bound_cents for n in needs if n.role not in self.roles)
        return self._planned(replace(problem, needs=needs), "a plan under rows", least + others)

    @cached_property
    def _lowest(self) -> Problem:
        return self._problem(RUNGS[LOWEST])

    def _problem(self, rung: Rung) -> Problem:
        return _problem(self.scenario, self.work, self.roles, rung)

    def _solve(self, need: Need, problem: Problem) -> Result:
        if need not in self._solved:
            alone = replace(problem, needs=(need,))
            limit_s = self.effort_s / len(problem.needs)
            self._solved[need] = solve(alone, seed=self.seed, deterministic_limit_s=limit_s)
        return self._solved[need]

    def _planned(self, problem: Problem, words: str, bound_cents: int | None) -> Planned:
        results = [self._solve(need, problem) for need in problem.needs]
        every = _together(results)
        staff = staff_section(every, self.scenario.staff, [need.role for need in problem.needs])
        wages = week_wage_cents(staff, self.scenario.people.eur_per_hour)
        return Planned(staff, wages, bound_cents, at_work(staff), words, every)


def _together(results: Sequence[Result]) -> Result:
    """Return the answers of single roles as one."""
    cost, bound = (
        sum(getattr(one, name) for one in results) for name in ("cost_cents", "bound_cents")
    )
    return Result(
        teams=tuple(team for one in results for team in one.teams),
        short=tuple(row for one in results for row in one.short),
        wage_cents=sum(one.wage_cents for one in results),
        cost_cents=cost,
        bound_cents=bound,
        gap=(cost - bound) / max(1, cost),
        status="optimal" if all(one.status == "optimal" for one in results) else "feasible",
        deterministic_time_s=sum(one.deterministic_time_s for one in results),
        seed=results[0].seed,
    )


def _rule(rule: Rule, rung: Rung) -> Rule:
    return replace(
        rule,
        wait_share=None if rule.wait_share is None else min(rule.wait_share, rung.wait_share),
        busy_share=rung.busy_share,
        replication_share=rung.replication_share,
    )


def rung_words(rung: int) -> str:
    """Return a rung in words."""
    if rung == 0:
        return "the requirement plan"
    written = RUNGS[rung]
    words = f"a requirement plan for {100 * written.work_share:.0f} % of the work"
    return words if rung < 0 else f"{words}, {100 * written.replication_share:.0f} % of the weeks"


def needs_of(
    scenario: Scenario, work: Workload, roles: Sequence[str], rung: Rung
) -> tuple[Need, ...]:
    """Return what each role needs on a rung; it changes the needs of some roles alone."""
    return _problem(scenario, work, roles, rung).needs


def _problem(scenario: Scenario, work: Workload, roles: Sequence[str], rung: Rung) -> Problem:
    work_s = {
        role: seconds * rung.work_share if role in roles else seconds
        for role, seconds in work.work_s.items()
    }
    rules = {role: _rule(RULES[role], rung) for role in roles}
    return staffing_problem(scenario, work_s, work.task_s, rules=rules)


class _Hours:
    """Hours by role and window that satisfy cuts at the least wage: a linear programme."""

    def __init__(self, problem: Problem, roles: Sequence[str], cuts: Sequence[Cut]) -> None:
        self._wage = {n.role: n.wage_cents_per_h / SLOTS_AN_HOUR for n in problem.needs}
        length: dict[tuple[str, int], int] = {}
        for term in (term for cut in cuts for term in cut.terms):
            if term.role not in roles or term.role not in self._wage:
                raise ValueError(f"a row about {term.role}, who are not planned here")
            if length.setdefault((term.role, term.first), term.length) != term.length:
                raise ValueError(f"rows with two windows of {term.role} from {term.first}")
        self._length = length
        heads = {need.role: need.heads for need in problem.needs}
        self._least = {
            (role, first): sum(heads[role][slot % SLOTS_A_WEEK] for slot in range(first, first + n))
            for (role, first), n in length.items()
        }
        self._rows = []
        for cut in cuts:
            if len(cut.terms) == 1 and cut.terms[0].weight > 0:
                (term,) = cut.terms
                key = (term.role, term.first)
                self._least[key] = max(self._least[key], -(-cut.at_least // term.weight))
            else:
                self._rows.append(cut)

    def windows(self, *, even: bool) -> dict[str, list[Cover]] | None:
        """Return by role the person-quarter-hours of each window, None where nothing will do."""
        more = self._more(even=even)
        if more is None:
            return None
        found: dict[str, list[Cover]] = {}
        for (role, first), least in self._least.items():
            wanted = math.ceil(least + more[role, first] - 1e-6)
            if wanted > 0:
                cover = Cover(first, self._length[role, first], wanted)
                found.setdefault(role, []).append(cover)
        return found

    def cost_cents(self) -> int | None:
        """Return a lower bound on the wages of the windows."""
        more = self._more(even=False)
        if more is None:
            return None
        return math.floor(
            math.fsum(self._wage[key[0]] * (self._least[key] + more[key]) for key in self._least)
        )

    def _more(self, *, even: bool) -> dict[tuple[str, int], float] | None:
        """Return what each window gets above its least; ``even``: the same on every day."""
        column = {key: (key[0], key[1] % 96 if even else key[1]) for key in self._least}
        columns = list(dict.fromkeys(column.values()))
        if not self._rows or not columns:
            return dict.fromkeys(self._least, 0.0)
        place = {key: columns.index(name) for key, name in column.items()}
        costs, rows = np.zeros(len(columns)), np.zeros((len(self._rows), len(columns)))
        lower = np.zeros(len(self._rows))
        for key in self._least:
            costs[place[key]] += self._wage[key[0]]
        for number, cut in enumerate(self._rows):
            scale = max(abs(term.weight) for term in cut.terms)
            lower[number] = cut.at_least / scale
            for term in cut.terms:
                key = (term.role, term.first)
                rows[number, place[key]] += term.weight / scale
                lower[number] -= term.weight / scale * self._least[key]
        values = _least_cost(costs, rows, lower)
        return None if values is None else {key: float(values[place[key]]) for key in self._least}


def _least_cost(costs: np.ndarray, rows: np.ndarray, lower: np.ndarray) -> np.ndarray | None:
    from scipy.optimize import Bounds, LinearConstraint  # noqa: TID251 - a package of SciPy

    answer = solve_milp(
        costs,
        integrality=np.zeros(len(costs), dtype=np.int64),
        bounds=Bounds(0.0, np.inf),
        constraints=LinearConstraint(rows, lb=lower),
        options={},
    )
    return answer.values
