"""Whether any plan by groups keeps the rules of a small problem: asked as plainly as can be.

Columns are people a group, shift and weekday, and people of a group at each skill in each
quarter-hour; nothing is saved, merged or made tight.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from optimize.solver.highs import solve_milp
from optimize.staffing.tours.problem import Group, SkillNeed, TourProblem

WEEK = 672


class Programme:
    """Columns with bounds and rows with terms, as they come."""

    def __init__(self) -> None:
        self.whole: list[int] = []
        self.low: list[float] = []
        self.high: list[float] = []
        self.rows: list[tuple[dict[int, float], float]] = []

    def column(self, low: float, high: float, *, whole: bool) -> int:
        """Add a column and return its number."""
        self.whole.append(int(whole))
        self.low.append(low)
        self.high.append(high)
        return len(self.whole) - 1

    def at_least(self, terms: dict[int, float], low: float) -> None:
        """Add a row."""
        self.rows.append((terms, low))

    def possible(self) -> bool:
        """Return whether any values keep bounds and rows."""
        from scipy.optimize import Bounds, LinearConstraint  # noqa: TID251  # a package of SciPy
        from scipy.sparse import coo_array

        places = [(r, c, v) for r, (terms, _) in enumerate(self.rows) for c, v in terms.items()]
        matrix = coo_array(
            ([v for *_, v in places], ([r for r, *_ in places], [c for _, c, _ in places])),
            shape=(len(self.rows), len(self.whole)),
        )
        answer = solve_milp(
            np.zeros(len(self.whole)),
            integrality=np.array(self.whole),
            bounds=Bounds(np.array(self.low), np.array(self.high)),
            constraints=LinearConstraint(
                matrix.tocsr(), np.array([low for _, low in self.rows]), np.inf
            ),
            options={},
        )
        return answer.status != "infeasible"


def possible(problem: TourProblem) -> bool:
    """Return whether any plan keeps the rules, nobody missing for money."""
    programme = Programme()
    working = [_group(programme, problem, group) for group in problem.groups]
    at: dict[tuple[str, int], dict[int, float]] = {}
    for group, slots in zip(problem.groups, working, strict=True):
        for slot in range(WEEK):
            spread = {}
            for skill in group.skills:
                column = programme.column(0, np.inf, whole=False)
                spread[column] = -1.0
                at.setdefault((skill, slot), {})[column] = 1.0
            programme.at_least({**slots.get(slot, {}), **spread}, 0)
    for need in problem.needs:
        _need(programme, need, [at.get((need.skill, slot), {}) for slot in range(WEEK)])
    for cut in problem.cuts:
        total: dict[int, float] = {}
        for term, (group, slots) in product(cut.terms, zip(problem.groups, working, strict=True)):
            if group.role == term.role:
                for slot in range(term.first, term.first + term.length):
                    for column in slots.get(slot % WEEK, {}):
                        total[column] = total.get(column, 0.0) + term.weight
        programme.at_least(total, cut.at_least)
    return programme.possible()


def _need(programme: Programme, need: SkillNeed, there: list[dict[int, float]]) -> None:
    """Ask for people of a skill in quarter-hours and windows."""
    hard = need.heads if need.short_cents is None else (0,) * WEEK
    for slot, least in enumerate(map(max, hard, need.minimum or (0,) * WEEK)):
        if least:
            programme.at_least(there[slot], least)
    for cover in need.covers:
        terms: dict[int, float] = {}
        for slot in range(cover.first, cover.first + cover.length):
            terms.update(there[slot % WEEK])
        programme.at_least(terms, cover.person_slots)


def _group(programme: Programme, problem: TourProblem, group: Group) -> dict[int, dict[int, float]]:
    """Add a group's people and shifts, and return who is at work in each quarter-hour."""
    contract = group.contract
    people = programme.column(group.people_min, group.people_max, whole=True)
    opened = next((n.opened for n in problem.needs if n.skill == group.role), (True,) * WEEK)
    starts: dict[int, dict[int, float]] = {}
    lengths: dict[int, float] = {}
    held: list[tuple[int, int, int]] = []
    working: dict[int, dict[int, float]] = {}
    for shift, day in product(problem.shifts, range(7)):
        first = day * 96 + shift.start
        inside = [opened[(first + slot) % WEEK] for slot in range(shift.length)]
        if day not in shift.days or not contract.allows(shift) or not all(inside):
            continue
        for template in shift.templates():
            column = programme.column(0, group.people_max, whole=True)
            starts.setdefault(day, {})[column] = -1.0
            lengths[column] = -float(template.length)
            held.append((column, first, template.length))
            for slot in template.working:
                working.setdefault((first + slot) % WEEK, {})[column] = 1.0
    for today in starts.values():
        programme.at_least({people: 1.0, **today}, 0)
    rest = contract.min_rest_h * 4
    for moment in dict.fromkeys(first for _, first, _ in held):
        crowd = {c: -1.0 for c, first, n in held if (moment - first) % WEEK < n + rest}
        programme.at_least({people: 1.0, **crowd}, 0)
    most = contract.max_hours_a_week + contract.overtime_hours_a_week
    programme.at_least({people: float(contract.max_days_a_week), **dict.fromkeys(lengths, -1.0)}, 0)
    programme.at_least({people: most * 4.0, **lengths}, 0)
    below = {column: -length for column, length in lengths.items()}
    programme.at_least({people: -contract.min_hours_a_week * 4.0, **below}, 0)
    return working
