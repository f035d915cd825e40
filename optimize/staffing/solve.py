"""Find the cheapest teams: one whole-number program a role, grouped by shift and days.

Roles share no rule here, so each is solved on its own and the sum of the optima is the optimum.
People are counted by team, never one by one (a Boolean a person drowns the search in symmetry).
The number at work is written by differences: it changes only where a team starts, pauses, resumes
or ends, which keeps the rows short and the bound tight.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from optimize.solver.cp_sat import (
    CpResult,
    InfeasibleError,
    IntegerProgram,
    Row,
    solve_program,
)
from optimize.staffing.check import check
from optimize.staffing.problem import (
    SLOTS_A_WEEK,
    Need,
    Problem,
    Result,
    Team,
    Template,
    clock,
    day_wage_cents,
    forbidden,
    slot_words,
    week_slots,
)

DEFAULT_DETERMINISTIC_LIMIT_S = 10.0
Duty = tuple[Template, tuple[int, ...]]


def solve(
    problem: Problem,
    *,
    seed: int = 0,
    deterministic_limit_s: float = DEFAULT_DETERMINISTIC_LIMIT_S,
    workers: int = 1,
) -> Result:
    """Return the cheapest teams found, with a proven bound; checked by `optimize.staffing.check`.

    Parameters
    ----------
    problem
        Needs, shifts and rules.
    seed
        Seed of the search, 0 to 2**31 - 1.
    deterministic_limit_s
        Work for all roles together, in the solver's deterministic seconds (of each worker). Roles
        have equal shares; what a role leaves over is shared by those after it.
    workers
        See `optimize.solver.cp_sat.solve_program`.

    Raises
    ------
    InfeasibleError
        If the rules leave no shift, or nobody can be there when people are needed: in words.
    NoAnswerError
        If a role's share of the limit ended without an answer.
    CheckError
        If the plan does not do what it claims: a bug here, never of the input.
    """
    teams: list[Team] = []
    short: list[tuple[str, int, int]] = []
    cost = bound = 0
    used_s = 0.0
    proved = True
    asking = [need for need in problem.needs if any(need.heads) or need.covers]
    for place, need in enumerate(asking):
        # Workers count their time together, so several may use more than the limit they were given.
        share_s = max(
            deterministic_limit_s / len(asking),
            (deterministic_limit_s - used_s) / (len(asking) - place),
        )
        model = _RoleModel(problem, need)
        answer = solve_program(
            model.program(),
            seed=seed,
            deterministic_limit_s=share_s,
            workers=workers,
            linearization_level=2,
        )
        found, missing = model.teams(answer), model.short(answer)
        teams += found
        short += missing
        cost += model.cost_cents(found, missing)
        bound += answer.bound
        used_s += answer.deterministic_time_s
        proved = proved and answer.status == "optimal"
    result = Result(
        teams=tuple(teams),
        short=tuple(short),
        wage_cents=_wages(problem, teams),
        cost_cents=cost,
        bound_cents=bound,
        gap=(cost - bound) / max(1, cost),
        status="optimal" if proved else "feasible",
        deterministic_time_s=used_s,
        seed=seed,
    )
    check(problem, result)
    return result


def _wages(problem: Problem, teams: Iterable[Team]) -> int:
    wage = {need.role: need.wage_cents_per_h for need in problem.needs}
    return sum(
        team.people * len(team.days) * day_wage_cents(wage[team.role], team.template.length)
        for team in teams
    )


@dataclass(frozen=True)
class _Block:
    """Quarter-hours one after the other in which the same duties are at work."""

    first: int
    slots: tuple[int, ...]
    duties: tuple[int, ...]


class _RoleModel:
    """The program of one role.

    Variables: people of each duty, people at work in each block, people missing in each block at
    each height of the need.
    """

    def __init__(self, problem: Problem, need: Need) -> None:
        self._problem = problem
        self._need = need
        wanted = _wanted_slots(need)
        allowed = list(problem.duties_of(need))
        if not allowed:
            raise InfeasibleError(_no_duty_words(problem, need))
        self._hours = _hour_words(allowed)
        self._duties = [duty for duty in allowed if not wanted.isdisjoint(week_slots(*duty))]
        self._blocks = _blocks(self._duties)
        self._bounds = [(0, _most_useful(need, duty)) for duty in self._duties]
        self._rows: list[Row] = []
        self._cost = [
            (number, problem.duty_cents(need, *duty)) for number, duty in enumerate(self._duties)
        ]
        self._at_work = self._head_counts()
        self._need_rows()
        self._cover_rows()

    def program(self) -> IntegerProgram:
        """Return the rows and prices."""
        return IntegerProgram(tuple(self._bounds), tuple(self._rows), tuple(self._cost))

    def teams(self, answer: CpResult) -> list[Team]:
        """Return the teams of an answer."""
        return [
            Team(self._need.role, template, pattern, people)
            for (template, pattern), people in zip(self._duties, answer.values, strict=False)
            if people
        ]

    def short(self, answer: CpResult) -> list[tuple[str, int, int]]:
        """Return who is missing when."""
        found = [
            (self._need.role, slot, self._need.heads[slot] - answer.values[at_work])
            for block, at_work in zip(self._blocks, self._at_work, strict=True)
            for slot in block.slots
        ]
        return sorted(gap for gap in found if gap[2] > 0)

    def cost_cents(self, teams: list[Team], short: list[tuple[str, int, int]]) -> int:
        """Return what is really to be paid: a search cut short may have paid for too many gaps."""
        problem, need = self._problem, self._need
        cost = sum(
            team.people * problem.duty_cents(need, team.template, team.days) for team in teams
        )
        return cost + (problem.short_cents(need) * sum(gap[2] for gap in short) if short else 0)

    def _variable(self, most: int) -> int:
        self._bounds.append((0, most))
        return len(self._bounds) - 1

    def _head_counts(self) -> list[int]:
        numbers = [
            self._variable(sum(self._bounds[duty][1] for duty in block.duties))
            for block in self._blocks
        ]
        for place, block in enumerate(self._blocks):
            if place == 0:  # the anchor; every other count is the one before plus the changes
                terms = [(duty, 1) for duty in block.duties]
            else:
                before = self._blocks[place - 1].duties
                came = [(duty, 1) for duty in sorted(set(block.duties) - set(before))]
                went = [(duty, -1) for duty in sorted(set(before) - set(block.duties))]
                terms = [(numbers[place - 1], 1), *came, *went]
            name = f"{self._need.role} at work from {slot_words(block.first)}"
            self._rows.append(Row(name, (*terms, (numbers[place], -1)), 0, 0))
        return numbers

    def _need_rows(self) -> None:
        for place, block in enumerate(self._blocks):
            wanted = [self._need.heads[slot] for slot in block.slots]
            if self._problem.short_percent is None:
                if max(wanted):
                    self._need_row(place, max(wanted), None)
                continue
            price = self._problem.short_cents(self._need)
            for height in sorted(dict.fromkeys(wanted)):
                if height:
                    missing = self._variable(height)
                    self._cost.append((missing, price * wanted.count(height)))
                    self._need_row(place, height, missing)

    def _need_row(self, place: int, heads: int, missing: int | None) -> None:
        slots = self._blocks[place].slots
        words = slot_words(next(slot for slot in slots if self._need.heads[slot] == heads))
        if missing is None and not self._blocks[place].duties:
            raise InfeasibleError(
                f"{self._need.role}: {heads} needed on {words}, but no allowed shift is at work"
                f" then ({self._hours})"
            )
        terms = [(self._at_work[place], 1)] + ([] if missing is None else [(missing, 1)])
        self._rows.append(Row(f"{heads} {self._need.role} on {words}", tuple(terms), heads, None))

    def _cover_rows(self) -> None:
        place_of = {slot: place for place, block in enumerate(self._blocks) for slot in block.slots}
        for cover in self._need.covers:
            times: dict[int, int] = {}
            for slot in range(cover.first, cover.first + cover.length):
                place = place_of[slot % SLOTS_A_WEEK]
                if self._blocks[place].duties:
                    times[place] = times.get(place, 0) + 1
            window = f"{slot_words(cover.first)} to {slot_words(cover.first + cover.length)}"
            if not times:
                raise InfeasibleError(
                    f"{self._need.role}: work is due between {window}, but no allowed shift is at"
                    f" work then ({self._hours})"
                )
            terms = tuple((self._at_work[place], count) for place, count in times.items())
            name = f"{self._need.role} from {window}"
            self._rows.append(Row(name, terms, cover.person_slots, None))


def _wanted_slots(need: Need) -> set[int]:
    wanted = {slot for slot, heads in enumerate(need.heads) if heads}
    for cover in need.covers:
        window = range(cover.first, cover.first + cover.length)
        wanted.update(slot % SLOTS_A_WEEK for slot in window)
    return wanted


def _most_useful(need: Need, duty: Duty) -> int:
    """Return the number of people on a duty above which none of them helps anybody."""
    present = frozenset(week_slots(*duty))
    most = max(need.heads[slot] for slot in present)
    for cover in need.covers:
        window = range(cover.first, cover.first + cover.length)
        inside = sum(1 for slot in window if slot % SLOTS_A_WEEK in present)
        if inside:
            most = max(most, -(-cover.person_slots // inside))
    return most


def _blocks(duties: list[Duty]) -> list[_Block]:
    """Cut the week where the duties at work change."""
    present: list[list[int]] = [[] for _ in range(SLOTS_A_WEEK)]
    for number, duty in enumerate(duties):
        for slot in week_slots(*duty):
            present[slot].append(number)
    blocks: list[_Block] = []
    for slot, numbers in enumerate(present):
        key = tuple(numbers)
        if blocks and blocks[-1].duties == key:
            last = blocks.pop()
            blocks.append(_Block(last.first, (*last.slots, slot), key))
        else:
            blocks.append(_Block(slot, (slot,), key))
    return blocks


def _hour_words(allowed: list[Duty]) -> str:
    first = min(template.start for template, _ in allowed)
    last = max(template.start + template.length for template, _ in allowed)
    end = clock(last) if last <= 96 else f"{clock(last - 96)} on the next day"
    return f"they lie between {clock(first)} and {end}"


def _no_duty_words(problem: Problem, need: Need) -> str:
    if next(problem.duties(), None) is not None:
        return f"{need.role}: no allowed shift lies in the hours in which the house is open"
    reasons = [
        forbidden(template, pattern, problem.rules)
        for template in problem.templates
        for pattern in problem.patterns
    ]
    told = [reason for reason in dict.fromkeys(reasons) if reason]
    if not told:
        return "no shifts are given"
    return "the labour rules allow none of the shifts given: " + "; ".join(told)
