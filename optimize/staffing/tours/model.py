"""The programme of tours: people by group, day and shift, counted by differences.

Three things keep it small and its bound tight. People are numbers of a group. The number at work
changes only where somebody starts, pauses, resumes or ends, so a row names changes and not all who
are there. Who does whose work is no column: people suffice exactly if for each set of skills those
who have one of them are as many as the set needs (Hall 1935), and only sets that some group ties
together say anything new.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from optimize.staffing.problem import SLOTS_A_DAY, SLOTS_A_WEEK, SLOTS_AN_HOUR, day_wage_cents
from optimize.staffing.tours.breaks import chains, movable, placed, window
from optimize.staffing.tours.problem import (
    EVERY_DAY,
    Duty,
    Group,
    ShiftType,
    SkillNeed,
    TourProblem,
)
from optimize.staffing.tours.programme import Floats, Programme, Term


def overtime_cents(group: Group) -> int:
    """Return what a quarter-hour of overtime costs above its wage, rounded up."""
    return -(-group.wage_cents_per_h * group.contract.overtime_percent // (100 * SLOTS_AN_HOUR))


def shifts_of(problem: TourProblem, group: Group) -> list[ShiftType]:
    """Return the shifts a group's contract allows, each once."""
    return [shift for shift in dict.fromkeys(problem.shifts) if group.contract.allows(shift)]


def open_days(problem: TourProblem, group: Group, shift: ShiftType) -> list[int]:
    """Return the weekdays on which a shift of the group lies in its role's open hours."""
    opened = next((need.opened for need in problem.needs if need.skill == group.role), None)
    return [
        day
        for day in sorted(dict.fromkeys(shift.days))
        if opened is None
        or all(
            opened[(day * SLOTS_A_DAY + shift.start + slot) % SLOTS_A_WEEK]
            for slot in range(shift.length)
        )
    ]


def tied_sets(ties: Sequence[int], skills: int) -> list[int]:
    """Return the sets of skills, as bits, that do not fall apart into sets no group joins."""
    found = []
    for chosen in range(1, 1 << skills):
        reached = chosen & -chosen
        while True:
            more = reached
            for tie in ties:
                if tie & more:
                    more |= tie & chosen
            if more == reached:
                break
            reached = more
        if reached == chosen:
            found.append(chosen)
    return found


@dataclass(frozen=True)
class Ask:
    """What the skills of a problem need at the same time."""

    wanted: tuple[int, ...]
    floor: tuple[int, ...]

    @staticmethod
    def at(needs: Sequence[SkillNeed], slot: int) -> Ask:
        """Return the people wanted, and those that must be there, in a quarter-hour."""
        least = [need.minimum[slot] if need.minimum else 0 for need in needs]
        heads = [need.heads[slot] for need in needs]
        floor = [
            max(most, low) if need.short_cents is None else low
            for need, most, low in zip(needs, heads, least, strict=True)
        ]
        wanted = [max(most, low) for most, low in zip(heads, least, strict=True)]
        return Ask(tuple(wanted), tuple(floor))


class TourModel:
    """The programme of one problem whose skills hang together.

    Attributes
    ----------
    programme
        Columns and rows.
    day, group
        For each column its weekday and its group's number, -1 where it has none.
    starts
        Which columns are people who start a shift.
    """

    def __init__(self, problem: TourProblem) -> None:
        self.problem = problem
        self.programme = Programme()
        self._shifts = [shifts_of(problem, group) for group in problem.groups]
        self._people: list[int] = []
        self._starts: dict[tuple[int, int, int], int] = {}
        self._breaks: dict[tuple[int, int, int], dict[int, int]] = {}
        self._chains = [chains(shifts) for shifts in self._shifts]
        self._day: dict[int, int] = {}
        self._group: dict[int, int] = {}
        bits = {need.skill: 1 << place for place, need in enumerate(problem.needs)}
        self._can = [
            sum(bits.get(skill, 0) for skill in dict.fromkeys(group.skills))
            for group in problem.groups
        ]
        self._keys = list(
            dict.fromkeys(
                (group.role, can) for group, can in zip(problem.groups, self._can, strict=True)
            )
        )
        for number in range(len(problem.groups)):
            self._group_columns(number)
            self._rest_rows(number)
            self._break_rows(number)
        self._sets = tied_sets(self._can, len(problem.needs))
        self._at_work = [self._head_counts(key) for key in range(len(self._keys))]
        self._need_rows()
        self._window_rows()
        self._cut_rows()
        columns = range(len(self.programme.costs))
        self.day = np.array([self._day.get(column, -1) for column in columns])
        self.group = np.array([self._group.get(column, -1) for column in columns])
        self.starts = np.zeros(len(columns), dtype=np.bool_)
        self.starts[list(self._starts.values())] = True

    def _owned(self, column: int, day: int, group: int) -> int:
        self._day[column], self._group[column] = day, group
        return column

    def _group_columns(self, number: int) -> None:
        group, programme = self.problem.groups[number], self.programme
        contract = group.contract
        people = programme.column(
            group.person_cents_a_week, least=group.people_min, most=group.people_max, whole=True
        )
        self._people.append(self._owned(people, -1, number))
        for place, shift in enumerate(self._shifts[number]):
            wage = day_wage_cents(group.wage_cents_per_h, shift.length)
            for day in open_days(self.problem, group, shift):
                column = programme.column(wage, most=group.people_max, whole=True)
                self._starts[number, day, place] = self._owned(column, day, number)
        for day in EVERY_DAY:
            terms = [(column, 1.0) for _, column in self._starting(number, day)]
            programme.row([*terms, (people, -1.0)], high=0)
        every = [
            (shift, column) for day in EVERY_DAY for shift, column in self._starting(number, day)
        ]
        programme.row(
            [*((column, 1.0) for _, column in every), (people, -contract.max_days_a_week)], high=0
        )
        paid = [(column, float(shift.length)) for shift, column in every]
        if contract.min_hours_a_week:
            least = contract.min_hours_a_week * SLOTS_AN_HOUR
            programme.row([*paid, (people, -least)], low=0)
        most = contract.max_hours_a_week * SLOTS_AN_HOUR
        if contract.overtime_hours_a_week:
            over = self._owned(programme.column(overtime_cents(group)), -1, number)
            extra = contract.overtime_hours_a_week * SLOTS_AN_HOUR
            programme.row([(over, 1.0), (people, -extra)], high=0)
            paid.append((over, -1.0))
        programme.row([*paid, (people, -most)], high=0)

    def _starting(self, number: int, day: int) -> Iterator[tuple[ShiftType, int]]:
        for place, shift in enumerate(self._shifts[number]):
            column = self._starts.get((number, day, place))
            if column is not None:
                yield shift, column

    def _rest_rows(self, number: int) -> None:
        """Whoever ends late on one day is none of those who start early on a day soon after."""
        rest = self.problem.groups[number].contract.min_rest_h * SLOTS_AN_HOUR
        for day in EVERY_DAY:
            for later in (1, 2):
                lates = [
                    (shift.start + shift.length + rest - later * SLOTS_A_DAY, column)
                    for shift, column in self._starting(number, day)
                ]
                earlies = [
                    (shift.start, column)
                    for shift, column in self._starting(number, (day + later) % len(EVERY_DAY))
                ]
                before = 0
                for start in sorted(dict.fromkeys(start for start, _ in earlies), reverse=True):
                    late = [(column, 1.0) for ready, column in lates if ready > start]
                    if len(late) == before:
                        continue
                    before = len(late)
                    early = [(column, 1.0) for first, column in earlies if first <= start]
                    self.programme.row([*late, *early, (self._people[number], -1.0)], high=0)

    def _break_rows(self, number: int) -> None:
        for place, chain in enumerate(self._chains[number]):
            for day in EVERY_DAY:
                self._breaks[number, place, day] = self._break_flow(number, chain, day)

    def _break_flow(self, number: int, chain: Sequence[int], day: int) -> dict[int, int]:
        """Add who waits for a break: opened windows come in, breaks go out, none stays too long."""
        programme = self.programme
        columns = [
            (*window(self._shifts[number][shift]), self._starts[number, day, shift])
            for shift in chain
            if (number, day, shift) in self._starts
        ]
        slots = sorted({slot for first, last, _ in columns for slot in range(first, last + 1)})
        most = self.problem.groups[number].people_max
        breaks: dict[int, int] = {}
        waiting: int | None = None
        for slot in slots:
            column = programme.column(most=most, whole=True)
            breaks[slot] = self._owned(column, day, number)
            terms: list[Term] = [(column, -1.0)]
            terms += [(start, 1.0) for first, _, start in columns if first == slot]
            terms += [] if waiting is None else [(waiting, 1.0)]
            staying = [start for first, last, start in columns if first <= slot < last]
            waiting = programme.column() if staying else None
            if waiting is not None:
                terms.append((waiting, -1.0))
                programme.row([(waiting, 1.0), *((start, -1.0) for start in staying)], high=0)
            programme.row(terms, 0, 0)
        return breaks

    def _events(self, key: int) -> tuple[list[list[Term]], np.ndarray]:
        """Return who comes and goes in each quarter-hour, and whether anybody can be there.

        The list has a further entry for those already there when the week begins.
        """
        events: list[list[Term]] = [[] for _ in range(SLOTS_A_WEEK + 1)]
        there = np.zeros(SLOTS_A_WEEK, dtype=bool)

        def span(column: int, first: int, length: int, sign: float) -> None:
            end = first + length
            events[first % SLOTS_A_WEEK].append((column, sign))
            if end % SLOTS_A_WEEK:  # at the week's end all counts begin anew
                events[end % SLOTS_A_WEEK].append((column, -sign))
            if first < SLOTS_A_WEEK < end:
                events[SLOTS_A_WEEK].append((column, sign))

        for (number, day, place), column in self._starts.items():
            group = self.problem.groups[number]
            if (group.role, self._can[number]) != self._keys[key]:
                continue
            shift = self._shifts[number][place]
            first = day * SLOTS_A_DAY + shift.start
            span(column, first, shift.length, 1.0)
            there[np.arange(first, first + shift.length) % SLOTS_A_WEEK] = True
            if shift.break_length and not movable(shift):
                span(column, first + shift.break_first, shift.break_length, -1.0)
        for (number, place, day), breaks in self._breaks.items():
            group = self.problem.groups[number]
            if (group.role, self._can[number]) != self._keys[key]:
                continue
            length = self._shifts[number][self._chains[number][place][0]].break_length
            for slot, column in breaks.items():
                span(column, day * SLOTS_A_DAY + slot, length, -1.0)
        return events, there

    def _head_counts(self, key: int) -> list[int]:
        """Return for each quarter-hour the column of people at work, -1 where there is nobody."""
        events, there = self._events(key)
        counts: list[int] = []
        before = -1
        for slot in range(SLOTS_A_WEEK):
            # Across the week's end the count begins anew: those who are there, and who come now.
            changes = [*events[slot], *(events[SLOTS_A_WEEK] if slot == 0 else [])]
            if not there[slot]:
                before = -1
            elif changes or before < 0:
                column = self.programme.column()
                terms: list[Term] = [*changes, (column, -1.0)]
                if before >= 0:
                    terms.append((before, 1.0))
                self.programme.row(terms, 0, 0)
                before = column
            counts.append(before)
        return counts

    def _present(self, chosen: int, slot: int) -> Iterator[int]:
        for (_, can), counts in zip(self._keys, self._at_work, strict=True):
            if can & chosen and counts[slot] >= 0:
                yield counts[slot]

    def _need_rows(self) -> None:
        needs = self.problem.needs
        times: dict[tuple[tuple[int, ...], Ask], list[int]] = {}
        for slot in range(SLOTS_A_WEEK):
            ask = Ask.at(needs, slot)
            if any(ask.wanted):
                counts = tuple(at_work[slot] for at_work in self._at_work)
                times.setdefault((counts, ask), []).append(slot)
        for (_, ask), slots in times.items():
            missing = [
                self.programme.column((need.short_cents or 0) * len(slots), most=wanted - floor)
                for need, wanted, floor in zip(needs, ask.wanted, ask.floor, strict=True)
            ]
            asked = sum(1 << place for place, wanted in enumerate(ask.wanted) if wanted)
            for chosen in self._sets:
                if chosen & ~asked:
                    continue
                places = [place for place in range(len(needs)) if chosen >> place & 1]
                terms = [(column, 1.0) for column in self._present(chosen, slots[0])]
                terms += [(missing[place], 1.0) for place in places]
                self.programme.row(terms, low=sum(ask.wanted[place] for place in places))

    def _window_rows(self) -> None:
        windows: dict[tuple[int, int], dict[int, int]] = {}
        for place, need in enumerate(self.problem.needs):
            for cover in need.covers:
                work = windows.setdefault((cover.first, cover.length), {})
                work[place] = max(work.get(place, 0), cover.person_slots)
        for (first, length), work in windows.items():
            for chosen in self._sets:
                places = [place for place in range(len(self.problem.needs)) if chosen >> place & 1]
                if any(place not in work for place in places):
                    continue
                terms = [
                    (column, 1.0)
                    for slot in range(first, first + length)
                    for column in self._present(chosen, slot % SLOTS_A_WEEK)
                ]
                self.programme.row(terms, low=sum(work[place] for place in places))

    def _cut_rows(self) -> None:
        for cut in self.problem.cuts:
            terms = [
                (counts[slot % SLOTS_A_WEEK], float(term.weight))
                for term in cut.terms
                for (role, _), counts in zip(self._keys, self._at_work, strict=True)
                if role == term.role
                for slot in range(term.first, term.first + term.length)
                if counts[slot % SLOTS_A_WEEK] >= 0
            ]
            self.programme.row(terms, low=cut.at_least)

    def duties(self, values: Floats) -> list[Duty]:
        """Return the duties of an answer in whole numbers, breaks in place."""
        found: dict[Duty, int] = {}

        def add(number: int, day: int, template: object, people: int) -> None:
            duty = Duty(self.problem.groups[number].name, day, template, 0)  # type: ignore[arg-type]
            found[duty] = found.get(duty, 0) + people

        for (number, day, place), column in self._starts.items():
            shift = self._shifts[number][place]
            if not movable(shift) and round(values[column]):
                add(number, day, next(shift.templates()), round(values[column]))
        for (number, place, day), breaks in self._breaks.items():
            chain = [
                shift
                for shift in self._chains[number][place]
                if (number, day, shift) in self._starts
            ]
            people = [round(values[self._starts[number, day, shift]]) for shift in chain]
            taken = {slot: round(values[column]) for slot, column in breaks.items()}
            shifts = [self._shifts[number][shift] for shift in chain]
            for template, some in placed(shifts, people, taken).items():
                add(number, day, template, some)
        order = {group.name: place for place, group in enumerate(self.problem.groups)}
        duties = [Duty(d.group, d.day, d.template, people) for d, people in found.items()]
        return sorted(duties, key=lambda duty: (order[duty.group], duty.day, duty.template))
