"""Find the cheapest tours: a bound from the relaxed programme, then whole numbers.

Skills that no group and no row ties together are solved apart. Few columns are left to branch and
bound. Many are first fixed day by day (relax and fix), then parts are freed and solved anew (large
neighbourhood search): two days, or three groups, each under a limit of nodes and not of time, so
the same problem gives the same plan on a busy machine as on an idle one.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from optimize.solver.cp_sat import InfeasibleError, NoAnswerError
from optimize.solver.highs import Answer
from optimize.staffing.problem import SLOTS_A_DAY, day_wage_cents
from optimize.staffing.tours.check import check
from optimize.staffing.tours.cover import shortages
from optimize.staffing.tours.model import TourModel, overtime_slot_cents
from optimize.staffing.tours.problem import Duty, Group, TourPlan, TourProblem

Floats = npt.NDArray[np.float64]

FEW_COLUMNS = 1500
"""Programmes with fewer whole columns go to branch and bound at once."""
SAFE = 1e-6
"""Share of the bound by which it is lowered before it is rounded up: HiGHS works in doubles."""


@dataclass(frozen=True)
class Effort:
    """How much work is done for each piece of a problem.

    Parameters
    ----------
    nodes
        Nodes of branch and bound where there are few columns.
    part_nodes
        Nodes for each part that is solved anew.
    rounds
        Parts that are solved anew.
    rel_gap
        Branch and bound stops when the answer is proved to be this close, as a share of it.
    first_rel_gap
        The same while the numbers are made whole for the first time.
    """

    nodes: int = 400
    part_nodes: int = 30
    rounds: int = 40
    rel_gap: float = 0.0005
    first_rel_gap: float = 0.003


def solve(
    problem: TourProblem,
    *,
    seed: int = 0,
    effort: Effort = Effort(),
    limit_s: float | None = None,
) -> TourPlan:
    """Return the cheapest tours found, with a proven bound; checked by `check`.

    Parameters
    ----------
    problem
        Groups, shifts, needs and rows.
    seed
        Order in which parts are solved anew.
    effort
        Limits of the search.
    limit_s
        Seconds after which no new part is begun and branch and bound stops; for scoring alone, for
        the plan then depends on the machine.

    Raises
    ------
    InfeasibleError
        If no tours keep all rules.
    NoAnswerError
        If the limits ended the search without an answer.
    CheckError
        If the plan does not do what it claims: a bug here, never of the input.
    """
    ends_s = None if limit_s is None else time.monotonic() + limit_s
    pieces = list(_pieces(problem))
    found = []
    for place, piece in enumerate(pieces):
        ends_here = None
        if ends_s is not None:
            left_s = max(1.0, ends_s - time.monotonic())
            ends_here = time.monotonic() + left_s / (len(pieces) - place)
        if ends_here is None:
            found.append(_remembered(piece, seed, effort))
        else:
            found.append(_Search(piece, seed, effort, ends_here).run())
    plan = _together(problem, found, seed)
    check(problem, plan)
    return plan


def relaxed_bound_cents(problem: TourProblem) -> float | None:
    """Return the cost of the relaxed programme, None if even that has no answer."""
    costs = [_relaxed_cost(TourModel(piece)) for piece in _pieces(problem)]
    return None if None in costs else math.fsum(cost for cost in costs if cost is not None)


# --- pieces ---------------------------------------------------------------------------------------


def _pieces(problem: TourProblem) -> Iterator[TourProblem]:
    """Yield the problem in pieces that share no group, no skill and no row."""
    tied = [tuple(dict.fromkeys((group.role, *group.skills))) for group in problem.groups]
    tied += [tuple(dict.fromkeys(term.role for term in cut.terms)) for cut in problem.cuts]
    tied += [(need.skill,) for need in problem.needs]
    piece_of: dict[str, str] = {}
    for roles in tied:
        ends = {piece_of.get(role, role) for role in roles}
        for role in roles:
            piece_of.setdefault(role, role)
        if roles:
            first = piece_of[roles[0]]
            for role, end in piece_of.items():
                if end in ends or role in ends:
                    piece_of[role] = first
    for name in dict.fromkeys(piece_of.values()):
        groups = tuple(g for g in problem.groups if piece_of[g.role] == name)
        needs = tuple(n for n in problem.needs if piece_of[n.skill] == name)
        cuts = tuple(c for c in problem.cuts if c.terms and piece_of[c.terms[0].role] == name)
        if needs or groups:
            yield replace(problem, groups=groups, needs=needs, cuts=cuts)


@dataclass(frozen=True)
class _Found:
    """What a piece came to."""

    problem: TourProblem
    duties: tuple[Duty, ...]
    short: tuple[tuple[str, int, int], ...]
    bound_cents: int
    method: str


def _together(problem: TourProblem, found: Sequence[_Found], seed: int) -> TourPlan:
    order = {group.name: place for place, group in enumerate(problem.groups)}
    duties = sorted(
        (duty for each in found for duty in each.duties),
        key=lambda duty: (order[duty.group], duty.day, duty.template),
    )
    people, overtime, wages, cost = [], [], 0, 0
    for group in problem.groups:
        own = [duty for duty in duties if duty.group == group.name]
        count = people_needed(group, own)
        slots = sum(duty.people * duty.template.length for duty in own)
        over = max(0, slots - count * group.contract.max_slots)
        people.append((group.name, count))
        if over:
            overtime.append((group.name, over))
        wages += sum(
            duty.people * day_wage_cents(group.wage_cents_per_h, duty.template.length)
            for duty in own
        )
        wages += over * overtime_slot_cents(group)
        cost += count * group.person_cents_a_week
    short = sorted(gap for each in found for gap in each.short)
    price = {need.skill: need.short_cents or 0 for need in problem.needs}
    cost += wages + sum(price[skill] * missing for skill, _, missing in short)
    bound = min(cost, sum(each.bound_cents for each in found))
    methods = dict.fromkeys(each.method for each in found)
    return TourPlan(
        duties=tuple(duties),
        people=tuple(people),
        overtime_slots=tuple(overtime),
        short=tuple(short),
        wage_cents=wages,
        cost_cents=cost,
        bound_cents=bound,
        gap=(cost - bound) / max(1, cost),
        status="optimal" if bound == cost else "feasible",
        method=", ".join(methods),
        seed=seed,
    )


def people_needed(group: Group, duties: Iterable[Duty]) -> int:
    """Return the fewest people whom the rules of the contract, taken together, let do the duties.

    Where a person costs nothing and overtime does, as many as there may be to do it without.
    """
    contract, own = group.contract, list(duties)
    slots = sum(duty.people * duty.template.length for duty in own)
    count = max(
        group.people_min,
        -(-slots // max(1, contract.max_slots + contract.overtime_slots)),
        -(-sum(duty.people for duty in own) // contract.max_days_a_week),
        *(sum(duty.people for duty in own if duty.day == day) for day in range(7)),
        *_resting(group, own),
    )
    most = min(group.people_max, slots // contract.min_slots if contract.min_slots else 10**9)
    over_cents = overtime_slot_cents(group)
    best, best_cents = count, None
    # Cost falls, then rises with the number of people: one who saves less overtime than they cost.
    for people in range(count, max(count, most) + 1):
        over = max(0, slots - people * contract.max_slots)
        cents = over * over_cents + people * group.person_cents_a_week
        if best_cents is None or cents < best_cents:
            best, best_cents = people, cents
        if not over:
            break
    return best


def _resting(group: Group, duties: Sequence[Duty]) -> Iterator[int]:
    """Yield how many different people the duties of two days need, because of rest between them."""
    rest = group.contract.rest_slots
    for day in range(7):
        for later in (1, 2):
            next_day = [duty for duty in duties if duty.day == (day + later) % 7]
            for start in dict.fromkeys(duty.template.start for duty in next_day):
                late = sum(
                    duty.people
                    for duty in duties
                    if duty.day == day
                    and duty.template.start + duty.template.length + rest
                    > later * SLOTS_A_DAY + start
                )
                if late:
                    yield late + sum(d.people for d in next_day if d.template.start <= start)


@lru_cache(maxsize=512)
def _remembered(piece: TourProblem, seed: int, effort: Effort) -> _Found:
    """Solve a piece, or remember it: plans that differ in one role share all the others."""
    return _Search(piece, seed, effort, None).run()


# --- the search -----------------------------------------------------------------------------------


def _relaxed(model: TourModel) -> Answer:
    return model.programme.solve((), {}, node_limit=0)


def _relaxed_cost(model: TourModel) -> float | None:
    answer = _relaxed(model)
    return None if answer.values is None else float(np.array(model.programme.cost) @ answer.values)


class _Search:
    """The search for the tours of one piece."""

    def __init__(
        self, problem: TourProblem, seed: int, effort: Effort, ends_s: float | None
    ) -> None:
        self._problem = problem
        self._effort = effort
        self._ends_s = ends_s
        self._luck = np.random.Generator(np.random.Philox(seed))
        self._model = TourModel(problem)
        programme = self._model.programme
        self._whole = [column for column, whole in enumerate(programme.whole) if whole]
        self._costs = np.array(programme.cost)

    def run(self) -> _Found:
        relaxed = _relaxed(self._model)
        if relaxed.status == "infeasible":
            raise InfeasibleError("no tours keep all rules, not even in fractions of people")
        if relaxed.values is None:
            raise NoAnswerError("the relaxed programme was not solved")
        values, bound, method = None, self._cost(relaxed.values), "relax and fix"
        if len(self._whole) <= FEW_COLUMNS:
            answer = self._branch()
            values, bound, method = answer.values, max(bound, answer.bound or bound), "exact"
        if values is None:
            values = self._relax_and_fix(relaxed.values)
        bound_cents = self._rounded_up(bound)
        if method != "exact" or self._cost(values) > (1 + self._effort.rel_gap) * bound:
            values = self._improved(values, bound_cents)
            method += " and large neighbourhoods"
        return self._read(values, bound_cents, method)

    def _rounded_up(self, bound: float) -> int:
        """Return the least cost of whole numbers that is not below a bound in fractions."""
        step = math.gcd(*(round(cost) for cost in self._model.programme.cost)) or 1
        return max(0, step * math.ceil((bound - SAFE * max(1.0, abs(bound))) / step))

    def _left_s(self) -> float | None:
        return None if self._ends_s is None else max(0.5, self._ends_s - time.monotonic())

    def _late(self) -> bool:
        return self._ends_s is not None and time.monotonic() >= self._ends_s

    def _cost(self, values: Floats) -> float:
        return float(self._costs @ values)

    def _branch(self) -> Answer:
        answer = self._model.programme.solve(
            self._whole, {}, node_limit=self._effort.nodes,
            rel_gap=self._effort.rel_gap, limit_s=self._left_s(),
        )  # fmt: skip
        if answer.status == "infeasible":
            raise InfeasibleError("no tours keep all rules")
        return answer

    # --- relax and fix ----------------------------------------------------------------------------

    def _day_columns(self) -> list[list[int]]:
        days: list[list[int]] = [[] for _ in range(7)]
        for (_, day, _), x in self._model.starts.items():
            days[day].append(x)
        for key, columns in self._model.breaks.items():
            days[key.day] += columns.values()
        return days

    def _relax_and_fix(self, relaxed: Floats) -> Floats:
        """Make the numbers whole day after day, the busiest first.

        The other days are held where they are, in fractions or whole, which leaves a small
        programme; where that cannot be, the days still to come are left free.
        """
        days = self._day_columns()
        order = sorted(range(7), key=lambda day: -float(relaxed[days[day]].sum()))
        values: Floats = relaxed.copy()
        for place, day in enumerate(order):
            whole = [*days[day], *(self._counted() if place == len(order) - 1 else ())]
            settled = [column for each in order[:place] for column in days[each]]
            coming = [column for each in order[place + 1 :] for column in days[each]]
            for held in ([*settled, *coming], settled):
                answer = self._part(
                    whole,
                    {column: float(values[column]) for column in held},
                    rel_gap=self._effort.first_rel_gap,
                )
                if answer.values is not None:
                    break
            else:
                return self._all_at_once()
            values = answer.values
            values[days[day]] = np.round(values[days[day]])
        return self._rounded(values)

    def _counted(self) -> list[int]:
        return [*self._model.people.values(), *self._model.overtime.values()]

    def _all_at_once(self) -> Floats:
        answer = self._model.programme.solve(
            self._whole, {}, node_limit=20 * self._effort.nodes, limit_s=self._left_s()
        )
        if answer.status == "infeasible":
            raise InfeasibleError("no tours keep all rules")
        if answer.values is None:
            raise NoAnswerError("no tours were found within the limit of nodes; allow more effort")
        return self._rounded(answer.values)

    def _part(
        self,
        whole: Iterable[int],
        fixed: dict[int, float],
        *,
        rel_gap: float,
        below: float | None = None,
    ) -> Answer:
        return self._model.programme.solve(
            whole, fixed, node_limit=self._effort.part_nodes,
            rel_gap=rel_gap, below=below, limit_s=self._left_s(),
        )  # fmt: skip

    def _rounded(self, values: Floats) -> Floats:
        found: Floats = values.copy()
        found[self._whole] = np.round(found[self._whole])
        return found

    # --- large neighbourhoods ---------------------------------------------------------------------

    def _neighbourhoods(self) -> list[list[int]]:
        """Return sets of columns to be freed: pairs of days, triples of groups."""
        days = self._day_columns()
        pairs = [[*days[a], *days[b]] for a in range(7) for b in range(a + 1, 7)]
        by_group: dict[str, list[int]] = {}
        for (group, _, _), x in self._model.starts.items():
            by_group.setdefault(group.name, []).append(x)
        breaks = [y for columns in self._model.breaks.values() for y in columns.values()]
        names = list(by_group)
        size = min(3, max(1, len(names) - 1))
        groups = [
            [*breaks, *(x for k in range(size) for x in by_group[names[(n + k) % len(names)]])]
            for n in range(len(names))
        ]
        return pairs + (groups if len(names) > 1 else [])

    def _improved(self, values: Floats, bound_cents: int) -> Floats:
        parts = self._neighbourhoods()
        counted = self._counted()
        order: list[int] = []
        for _ in range(self._effort.rounds):
            if self._late() or self._cost(values) <= bound_cents + 0.5:
                break
            if not order:
                order = self._luck.permutation(len(parts)).tolist()
            free = [*parts[order.pop()], *counted]
            freed = np.zeros(len(values), dtype=np.bool_)
            freed[free] = True
            fixed = {column: float(values[column]) for column in self._whole if not freed[column]}
            answer = self._part(
                free, fixed, rel_gap=self._effort.rel_gap, below=self._cost(values) - 0.5
            )
            if answer.values is not None:
                better = self._rounded(answer.values)
                if self._cost(better) < self._cost(values):
                    values = better
        return values

    # --- reading ----------------------------------------------------------------------------------

    def _read(self, values: Floats, bound_cents: int, method: str) -> _Found:
        duties = self._model.duties(values)
        return _Found(self._problem, duties, shortages(self._problem, duties), bound_cents, method)
