"""The grouped tour problem as a programme: starts, breaks, people at work by differences.

People at work change only where a shift starts, pauses, resumes or ends, so the rows are short.
Breaks are not tied to shifts: so many people of a class go on break at each quarter-hour, enough
for all whose window has closed, none before a window has opened (Bechtold, Jacobs, Management
Science 36 (1990) 1339-1351). That is exact where no window lies strictly inside another, so windows
of different widths have breaks of their own. Which skill somebody works with is left open: for each
set of skills that some group ties together enough people who have one of them must be there (Hall).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from optimize.staffing.problem import (
    SLOTS_A_DAY,
    SLOTS_A_WEEK,
    SLOTS_AN_HOUR,
    Template,
    day_wage_cents,
)
from optimize.staffing.tours.problem import Duty, Group, ShiftType, SkillNeed, TourProblem
from optimize.staffing.tours.programme import Programme, Terms

Floats = npt.NDArray[np.float64]
PeopleClass = tuple[str, tuple[str, ...]]
"""Role and skills: people whose work covers the same."""

SHORT_SETS = 6
"""Sets of more skills than this are covered by the sets inside them and the whole."""


def class_of(group: Group) -> PeopleClass:
    """Return the class of a group."""
    return group.role, tuple(sorted(group.skills))


def overtime_slot_cents(group: Group) -> int:
    """Return what a quarter-hour of overtime costs above the wage, rounded up to the cent."""
    return -(-group.wage_cents_per_h * group.contract.overtime_percent // (100 * SLOTS_AN_HOUR))


@dataclass(frozen=True)
class _Breaks:
    """Breaks of a class on a weekday whose windows have the same width and the same length."""

    people_class: PeopleClass
    day: int
    length: int
    width: int


class TourModel:
    """The programme of a tour problem, and what its columns mean.

    Attributes
    ----------
    programme
        Columns and rows.
    starts
        (group, weekday, shift) to the column of people who start.
    """

    def __init__(self, problem: TourProblem) -> None:
        self.problem = problem
        self.programme = Programme()
        self._needs = {need.skill: need for need in problem.needs}
        self.starts = dict(self._start_columns())
        self.people = {group.name: self._people_column(group) for group in problem.groups}
        self.overtime: dict[str, int] = {}
        self.breaks = self._break_columns()
        for group in problem.groups:
            self._group_rows(group)
        for key, columns in self.breaks.items():
            self._break_rows(key, columns)
        self.classes = tuple(dict.fromkeys(map(class_of, problem.groups)))
        self.at_work = {each: self._at_work(each) for each in self.classes}
        self.short: dict[tuple[str, int], int] = {}
        self._need_rows()
        self._cover_rows()
        self._cut_rows()

    # --- columns ----------------------------------------------------------------------------------

    def _start_columns(self) -> Iterator[tuple[tuple[Group, int, ShiftType], int]]:
        for group in self.problem.groups:
            for shift in dict.fromkeys(self.problem.shifts):
                if not group.contract.allows(shift):
                    continue
                cents = day_wage_cents(group.wage_cents_per_h, shift.length)
                for day in sorted(dict.fromkeys(shift.days)):
                    if self._open(group, day, shift):
                        column = self.programme.column(0, group.people_max, cents, whole=True)
                        yield (group, day, shift), column

    def _open(self, group: Group, day: int, shift: ShiftType) -> bool:
        need = self._needs.get(group.role)
        first = day * SLOTS_A_DAY + shift.start
        return need is None or all(
            need.opened[slot % SLOTS_A_WEEK] for slot in range(first, first + shift.length)
        )

    def _people_column(self, group: Group) -> int:
        return self.programme.column(
            group.people_min, group.people_max, group.person_cents_a_week, whole=True
        )

    def _break_columns(self) -> dict[_Breaks, dict[int, int]]:
        """Return for each kind of break the columns of people who begin it, by quarter-hour.

        Quarter-hours are counted from the weekday's midnight and may lie in the next day.
        """
        found: dict[_Breaks, dict[int, int]] = {}
        for (group, day, shift), _ in self.starts.items():
            if shift.break_length:
                columns = found.setdefault(_kind(group, day, shift), {})
                for after in range(shift.break_first, shift.break_last + 1):
                    columns.setdefault(shift.start + after, -1)
        for columns in found.values():
            for slot in sorted(columns):
                columns[slot] = self.programme.column(0, float("inf"), whole=True)
        return found

    # --- rules of a group -------------------------------------------------------------------------

    def _group_rows(self, group: Group) -> None:
        programme, contract, people = self.programme, group.contract, self.people[group.name]
        own = [(day, shift, x) for (g, day, shift), x in self.starts.items() if g is group]
        hours = [(x, float(shift.length)) for _, shift, x in own]
        days = [(x, 1.0) for _, _, x in own]
        over = contract.overtime_slots
        self.overtime[group.name] = programme.column(
            0, float(over * group.people_max), overtime_slot_cents(group), whole=True
        )
        extra = self.overtime[group.name]
        programme.row([(extra, 1.0), (people, -float(over))], high=0.0)
        programme.row([*hours, (extra, -1.0), (people, -float(contract.max_slots))], high=0.0)
        if contract.min_slots:
            programme.row([*hours, (people, -float(contract.min_slots))], low=0.0)
        programme.row([*days, (people, -float(contract.max_days_a_week))], high=0.0)
        for day in range(7):
            today = [(x, 1.0) for each, _, x in own if each == day]
            if today:
                programme.row([*today, (people, -1.0)], high=0.0)
            for later in (1, 2):
                self._rest_rows(group, own, day, later)

    def _rest_rows(
        self, group: Group, own: Sequence[tuple[int, ShiftType, int]], day: int, later: int
    ) -> None:
        """Who ends late on a day does not start early ``later`` days on: one row a threshold."""
        rest, away = group.contract.rest_slots, later * SLOTS_A_DAY
        ends = [(s.start + s.length + rest - away, x) for d, s, x in own if d == day]
        starts = [(s.start, x) for d, s, x in own if d == (day + later) % 7]
        seen: list[Terms] = []
        for threshold in sorted(dict.fromkeys(start for start, _ in starts)):
            late = [(x, 1.0) for end, x in ends if end > threshold]
            early = [(x, 1.0) for start, x in starts if start <= threshold]
            terms = [*late, *early, (self.people[group.name], -1.0)]
            if late and terms not in seen:
                seen.append(terms)
                self.programme.row(terms, high=0.0)

    # --- breaks -----------------------------------------------------------------------------------

    def _break_rows(self, key: _Breaks, columns: dict[int, int]) -> None:
        owed = [
            (shift.start + shift.break_first, shift.start + shift.break_last, x)
            for (group, day, shift), x in self.starts.items()
            if shift.break_length and _kind(group, day, shift) == key
        ]
        everybody = [(x, -1.0) for _, _, x in owed]
        self.programme.row([*((y, 1.0) for y in columns.values()), *everybody], 0.0, 0.0)
        for closing in sorted(dict.fromkeys(last for _, last, _ in owed))[:-1]:
            taken = [(y, 1.0) for slot, y in columns.items() if slot <= closing]
            due = [(x, -1.0) for _, last, x in owed if last <= closing]
            self.programme.row([*taken, *due], low=0.0)
        for opening in sorted(dict.fromkeys(first for first, _, _ in owed))[1:]:
            taken = [(y, 1.0) for slot, y in columns.items() if slot >= opening]
            due = [(x, -1.0) for first, _, x in owed if first >= opening]
            self.programme.row([*taken, *due], low=0.0)

    # --- at work ----------------------------------------------------------------------------------

    def _at_work(self, people_class: PeopleClass) -> list[int]:
        """Return the column of people at work in each quarter-hour; quarter-hours without a
        change share one.
        """
        change: dict[int, list[tuple[int, float]]] = {}

        def event(slot: int, column: int, value: float) -> None:
            change.setdefault(slot % SLOTS_A_WEEK, []).append((column, value))

        for (group, day, shift), x in self.starts.items():
            if class_of(group) == people_class:
                first = day * SLOTS_A_DAY + shift.start
                event(first, x, 1.0)
                event(first + shift.length, x, -1.0)
        for key, columns in self.breaks.items():
            if key.people_class == people_class:
                for slot, y in columns.items():
                    first = key.day * SLOTS_A_DAY + slot
                    event(first, y, -1.0)
                    event(first + key.length, y, 1.0)
        if not change:
            nobody = self.programme.column(0, 0)
            return [nobody] * SLOTS_A_WEEK
        changes = sorted(change)
        columns_at = {slot: self.programme.column(0, float("inf")) for slot in changes}
        for before, slot in zip(changes[-1:] + changes[:-1], changes, strict=True):
            if slot == changes[0]:
                continue  # the circle closes by itself
            terms = [(columns_at[slot], 1.0), (columns_at[before], -1.0)]
            self.programme.row([*terms, *((c, -v) for c, v in change[slot])], 0.0, 0.0)
        self._anchor(people_class, changes[0], columns_at[changes[0]])
        found, current = [], columns_at[changes[-1]]
        for slot in range(SLOTS_A_WEEK):
            current = columns_at.get(slot, current)
            found.append(current)
        return found

    def _anchor(self, people_class: PeopleClass, slot: int, column: int) -> None:
        """Say once who is at work, so that the differences do not hang in the air."""
        terms: list[tuple[int, float]] = [(column, 1.0)]
        for (group, day, shift), x in self.starts.items():
            if class_of(group) == people_class:
                ahead = (slot - day * SLOTS_A_DAY - shift.start) % SLOTS_A_WEEK
                if ahead < shift.length:
                    terms.append((x, -1.0))
        for key, columns in self.breaks.items():
            if key.people_class == people_class:
                for begin, y in columns.items():
                    if (slot - key.day * SLOTS_A_DAY - begin) % SLOTS_A_WEEK < key.length:
                        terms.append((y, 1.0))
        self.programme.row(terms, 0.0, 0.0)

    # --- what is needed ---------------------------------------------------------------------------

    def _sets(self) -> Iterator[tuple[tuple[str, ...], list[PeopleClass]]]:
        """Yield each set of needed skills that groups tie together, with the classes that help."""
        skills = tuple(self._needs)
        most = len(skills) if len(skills) <= SHORT_SETS else 2
        sizes = [*range(1, most + 1), *([len(skills)] if most < len(skills) else [])]
        for size in sizes:
            for chosen in combinations(skills, size):
                helping = [c for c in self.classes if not set(chosen).isdisjoint(c[1])]
                if size == 1 or _tied(chosen, helping):
                    yield chosen, helping

    def _need_rows(self) -> None:
        for need in self.problem.needs:
            if need.short_cents is not None:
                for slot, heads in enumerate(need.heads):
                    floor = need.minimum[slot] if need.minimum else 0
                    if heads > floor:
                        column = self.programme.column(0, heads - floor, need.short_cents)
                        self.short[need.skill, slot] = column
        for chosen, helping in self._sets():
            needs = [self._needs[skill] for skill in chosen]
            seen: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = {}
            for slot in range(SLOTS_A_WEEK):
                wanted = sum(_wanted(need, slot) for need in needs)
                if len(chosen) > 1 and sum(_wanted(need, slot) > 0 for need in needs) < 2:
                    continue  # the single sets say it already
                if not wanted:
                    continue
                there = tuple(dict.fromkeys(self.at_work[each][slot] for each in helping))
                short = tuple(
                    self.short[skill, slot] for skill in chosen if (skill, slot) in self.short
                )
                if not short and seen.get((there, short), -1) >= wanted:
                    continue
                seen[there, short] = wanted
                terms = [(column, 1.0) for column in (*there, *short)]
                self.programme.row(terms, low=float(wanted))

    def _cover_rows(self) -> None:
        """Windows: of each skill, and of skills that share people together in the same window."""
        for chosen, helping in self._sets():
            windows: dict[tuple[int, int], list[int]] = {}
            for skill in chosen:
                best: dict[tuple[int, int], int] = {}
                for cover in self._needs[skill].covers:
                    key = (cover.first, cover.length)
                    best[key] = max(best.get(key, 0), cover.person_slots)
                for key, work in best.items():
                    windows.setdefault(key, []).append(work)
            for (first, length), works in windows.items():
                if len(works) == len(chosen):
                    terms = [
                        (self.at_work[each][slot % SLOTS_A_WEEK], 1.0)
                        for each in helping
                        for slot in range(first, first + length)
                    ]
                    self.programme.row(terms, low=float(sum(works)))

    def _cut_rows(self) -> None:
        for cut in self.problem.cuts:
            terms = [
                (self.at_work[each][slot % SLOTS_A_WEEK], float(term.weight))
                for term in cut.terms
                for each in self.classes
                if each[0] == term.role
                for slot in range(term.first, term.first + term.length)
            ]
            self.programme.row(terms, low=float(cut.at_least))

    # --- reading an answer ------------------------------------------------------------------------

    def duties(self, values: Floats) -> tuple[Duty, ...]:
        """Return the duties of an answer; each break goes to the shift whose window closes first."""
        counts: dict[tuple[str, int, Template], int] = {}
        waiting: dict[_Breaks, list[tuple[int, int, str, ShiftType, int]]] = {}
        for (group, day, shift), x in self.starts.items():
            people = round(float(values[x]))
            if people and shift.break_length:
                window = (shift.start + shift.break_last, shift.start + shift.break_first)
                key = _kind(group, day, shift)
                waiting.setdefault(key, []).append((*window, group.name, shift, people))
            elif people:
                counts[group.name, day, Template(shift.start, shift.length)] = people
        for key, owed in waiting.items():
            for slot, y in sorted(self.breaks[key].items()):
                for _ in range(round(float(values[y]))):
                    self._give_break(counts, key, slot, owed)
        names = [group.name for group in self.problem.groups]
        return tuple(
            Duty(name, day, template, people)
            for (name, day, template), people in sorted(
                counts.items(), key=lambda item: (names.index(item[0][0]), item[0][1], item[0][2])
            )
        )

    @staticmethod
    def _give_break(
        counts: dict[tuple[str, int, Template], int],
        key: _Breaks,
        slot: int,
        owed: list[tuple[int, int, str, ShiftType, int]],
    ) -> None:
        place = min(
            (i for i, (last, first, _, _, n) in enumerate(owed) if n and first <= slot <= last),
            key=lambda i: owed[i][:3],
        )
        last, first, name, shift, people = owed[place]
        owed[place] = (last, first, name, shift, people - 1)
        template = Template(shift.start, shift.length, slot - shift.start, shift.break_length)
        where = (name, key.day, template)
        counts[where] = counts.get(where, 0) + 1


def _kind(group: Group, day: int, shift: ShiftType) -> _Breaks:
    width = shift.break_last - shift.break_first
    return _Breaks(class_of(group), day, shift.break_length, width)


def _wanted(need: SkillNeed, slot: int) -> int:
    return max(need.heads[slot], need.minimum[slot] if need.minimum else 0)


def _tied(skills: Sequence[str], helping: Sequence[PeopleClass]) -> bool:
    """Return whether the classes make one piece of the skills."""
    reached, grown = {skills[0]}, True
    while grown:
        grown = False
        for _, own in helping:
            inside = {skill for skill in own if skill in skills}
            if inside & reached and not inside <= reached:
                reached |= inside
                grown = True
    return len(reached) == len(skills)
