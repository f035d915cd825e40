"""The exact programme of some people of a group: who takes which of these duties.

Rest is written by cliques: a duty and the rest after it cover an arc of the week, and of all duties
whose arcs hold one moment a person has at most one. That is exact, and far tighter than pairs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from optimize.solver import SolverError
from optimize.solver.cp_sat import CpResult, IntegerProgram, Row, Terms, solve_program
from optimize.staffing.named.price import STEPS, GroupDeal, Kind, Kinds
from optimize.staffing.problem import DAYS_A_WEEK, SLOTS_A_DAY, SLOTS_A_WEEK

CLOCK_TOP = 2 * SLOTS_A_DAY
Weeks = dict[int, Kinds]
"""Kinds of each person, by the person's number."""


class _Program:
    """Columns and rows as they come."""

    def __init__(self) -> None:
        self.bounds: list[tuple[int, int]] = []
        self.rows: list[Row] = []
        self.cost: list[tuple[int, int]] = []
        self.hint: list[int] = []

    def column(self, low: int, high: int, cost: int = 0, hint: int = 0) -> int:
        self.bounds.append((low, high))
        self.hint.append(hint)
        if cost:
            self.cost.append((len(self.bounds) - 1, cost))
        return len(self.bounds) - 1

    def row(self, name: str, terms: Sequence[tuple[int, int]], **sides: int) -> None:
        if terms:
            self.rows.append(Row(name, tuple(terms), **sides))


def dealt_exactly(
    deal: GroupDeal,
    weeks: Mapping[int, Kinds],
    counts: Mapping[int, int],
    *,
    seed: int,
    deterministic_limit_s: float,
) -> tuple[Weeks, CpResult] | None:
    """Return the best weeks of these people for these duties, or None if the limit came first.

    Parameters
    ----------
    deal
        The group.
    weeks
        The people with the weeks they have: where the search starts.
    counts
        Kinds with the number of people wanted.
    seed, deterministic_limit_s
        See `optimize.solver.cp_sat.solve_program`.
    """
    program = _Program()
    chosen: dict[int, dict[int, int]] = {
        person: _person(program, deal, person, weeks[person], tuple(counts)) for person in weeks
    }
    for number, count in counts.items():
        taken = [columns[number] for columns in chosen.values() if number in columns]
        held = sum(number in week for week in weeks.values())
        weight = deal.weights.lost * deal.kinds[number].length
        lost = program.column(0, count, weight, count - held)
        program.row(
            "a duty is taken or lost", [(c, 1) for c in (*taken, lost)], low=count, high=count
        )
    try:
        found = solve_program(
            IntegerProgram(tuple(program.bounds), tuple(program.rows), tuple(program.cost)),
            seed=seed,
            deterministic_limit_s=deterministic_limit_s,
            hint=program.hint,
        )
    except SolverError:
        return None
    values = found.values
    return {
        person: tuple(sorted(n for n, column in columns.items() if values[column]))
        for person, columns in chosen.items()
    }, found


def _person(
    program: _Program, deal: GroupDeal, person: int, week: Kinds, numbers: Sequence[int]
) -> dict[int, int]:
    """Add one person's columns and rows, and return the column of each kind."""
    columns = {
        number: program.column(0, 1, 0, int(number in week))
        for number in numbers
        if deal.can_come[person][number]
    }
    kinds = {number: deal.kinds[number] for number in columns}
    _law(program, deal, columns, kinds)
    _hours(program, deal, person, week, columns)
    for weight, work, spoken in deal.wish_kinds[person]:
        terms = [(columns[number], 1) for number in columns if number in spoken]
        kept = not spoken.isdisjoint(week)
        refused = program.column(0, 1, weight, int(kept != work))
        if work:
            program.row("a wish for work", [*terms, (refused, 1)], low=1)
        else:
            days = deal.contract.max_days_a_week
            program.row("a wish to be free", [*terms, (refused, -days)], high=0)
    for cost, marked in (
        (deal.weights.weekend, [n for n, kind in kinds.items() if kind.weekend]),
        (deal.weights.late, [n for n, kind in kinds.items() if kind.late]),
        (deal.weights.early, [n for n, kind in kinds.items() if kind.early]),
    ):
        held = sum(number in week for number in marked)
        _square(program, [(columns[number], 1) for number in marked], cost, held)
    _steadiness(program, deal, week, columns, kinds)
    return columns


def _law(
    program: _Program, deal: GroupDeal, columns: Mapping[int, int], kinds: Mapping[int, Kind]
) -> None:
    for day in range(DAYS_A_WEEK):
        today = [(columns[n], 1) for n, kind in kinds.items() if kind.day == day]
        if len(today) > 1:
            program.row("one duty a day", today, high=1)
    seen: dict[Terms, None] = {}
    for moment in dict.fromkeys(kind.week_start for kind in kinds.values()):
        clique = tuple(
            (columns[n], 1)
            for n, kind in kinds.items()
            if (moment - kind.week_start) % SLOTS_A_WEEK < kind.length + deal.rest
        )
        if len(clique) > 1:
            seen[clique] = None
    for clique in seen:
        program.row("rest between duties", clique, high=1)
    everything = [(column, 1) for column in columns.values()]
    program.row("days a week", everything, high=deal.contract.max_days_a_week)
    hours = [(columns[n], kind.length) for n, kind in kinds.items()]
    program.row("hours a week", hours, high=deal.cap)


def _hours(
    program: _Program, deal: GroupDeal, person: int, week: Kinds, columns: Mapping[int, int]
) -> None:
    """Price hours below and above the contract's, and those away from the group's mean."""
    who, weights = deal.people[person], deal.weights
    paid = [(column, deal.kinds[number].length) for number, column in columns.items()]
    held = sum(deal.kinds[number].length for number in week)
    below = deal.least - who.paid_leave_slots
    if below > 0:
        missed = program.column(0, below, weights.outside, max(0, below - held))
        program.row("least hours", [*paid, (missed, 1)], low=below)
    if deal.cap > deal.most:
        over = program.column(0, deal.cap - deal.most, weights.outside, max(0, held - deal.most))
        program.row("overtime", [*paid, (over, -1)], high=deal.most)
    if not weights.hours:
        return
    mean = deal.target - who.paid_leave_slots - who.balance_slots
    for step in STEPS:
        top = max(mean, deal.cap - mean, 0) + abs(mean)
        away = program.column(0, top, weights.hours, max(0, abs(held - mean) - step))
        program.row("above the mean", [*paid, (away, -1)], high=mean + step)
        program.row("below the mean", [*paid, (away, 1)], low=mean - step)


def _square(program: _Program, terms: list[tuple[int, int]], cost: int, held: int) -> None:
    """Price the square of a sum: the largest of its chords, one for each step."""
    most = min(len(terms), DAYS_A_WEEK)
    if not cost or not most:
        return
    square = program.column(0, most * most, cost, held * held)
    for step in range(most):
        # The chord through step and step + 1 is (2 step + 1) n - step (step + 1).
        chord = [(column, 2 * step + 1) for column, _ in terms]
        program.row("a square", [*chord, (square, -1)], high=step * (step + 1))


def _steadiness(
    program: _Program,
    deal: GroupDeal,
    week: Kinds,
    columns: Mapping[int, int],
    kinds: Mapping[int, Kind],
) -> None:
    """Price the quarter-hours between the earliest and the latest start."""
    if not deal.weights.steady or not kinds:
        return
    held = [deal.kinds[number].evening_start for number in week]
    last = program.column(0, CLOCK_TOP, 0, max(held, default=0))
    first = program.column(0, CLOCK_TOP, 0, min(held, default=CLOCK_TOP))
    spread = max(held) - min(held) if held else 0
    wide = program.column(0, CLOCK_TOP, deal.weights.steady, spread)
    program.row("spread of starts", [(last, 1), (first, -1), (wide, -1)], high=0)
    for day in range(DAYS_A_WEEK):
        today = [(columns[n], kind.evening_start) for n, kind in kinds.items() if kind.day == day]
        program.row("latest start", [*today, (last, -1)] if today else [], high=0)
        early = [(column, CLOCK_TOP - start) for column, start in today]
        program.row("earliest start", [*early, (first, 1)] if today else [], high=CLOCK_TOP)
