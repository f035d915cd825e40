"""What a person's week weighs, and which duties it may hold: one group, everybody one contract.

Shifts that differ only in their break are the same to the law and to every wish, so the search
deals out kinds: weekday, start and length.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from optimize.staffing.named.problem import (
    EARLY_BEFORE,
    LATE_AFTER,
    NIGHT_ENDS,
    WEEKEND,
    NamedProblem,
    Person,
    Weights,
)
from optimize.staffing.problem import SLOTS_A_DAY, SLOTS_A_WEEK, SLOTS_AN_HOUR
from optimize.staffing.tours.problem import Contract, Group

Kinds = tuple[int, ...]
"""Numbers of kinds, ascending."""

STEPS = (0, 4 * SLOTS_AN_HOUR, 8 * SLOTS_AN_HOUR)
"""Quarter-hours away from the mean from which each more weighs once more."""


@dataclass(frozen=True, order=True)
class Kind:
    """A duty as the law sees it: weekday, quarter-hour of the day, paid quarter-hours."""

    day: int
    start: int
    length: int

    @property
    def week_start(self) -> int:
        """Quarter-hour of the week at which it starts."""
        return self.day * SLOTS_A_DAY + self.start

    @property
    def early(self) -> bool:
        """Whether it starts before 07:00."""
        return self.start < EARLY_BEFORE

    @property
    def late(self) -> bool:
        """Whether it ends after 20:00."""
        return self.start + self.length > LATE_AFTER

    @property
    def weekend(self) -> bool:
        """Whether it starts on a Saturday or Sunday."""
        return self.day in WEEKEND

    @property
    def evening_start(self) -> int:
        """Quarter-hour of its start on a clock that turns at 03:00, 12 to 107."""
        return self.start if self.start >= NIGHT_ENDS else self.start + SLOTS_A_DAY


def apart(one: Kind, other: Kind, rest: int) -> bool:
    """Return whether one person may work both every week with ``rest`` quarter-hours between."""
    ahead = (other.week_start - one.week_start) % SLOTS_A_WEEK
    return (
        one.day != other.day
        and ahead >= one.length + rest
        and SLOTS_A_WEEK - ahead >= other.length + rest
    )


@dataclass(frozen=True)
class GroupDeal:
    """What there is to deal out in one group.

    Parameters
    ----------
    group
        Contract.
    people
        Who there is.
    kinds
        Ascending, each once.
    counts
        People wanted for each kind.
    weights
        What is better.
    """

    group: Group
    people: tuple[Person, ...]
    kinds: tuple[Kind, ...]
    counts: tuple[int, ...]
    weights: Weights

    @property
    def contract(self) -> Contract:
        """The contract of everybody."""
        return self.group.contract

    @cached_property
    def rest(self) -> int:
        """Quarter-hours between two duties."""
        return self.contract.rest_slots

    @cached_property
    def least(self) -> int:
        """Paid quarter-hours of the contract at least."""
        return self.contract.min_slots

    @cached_property
    def most(self) -> int:
        """Paid quarter-hours of the contract at most, overtime left out."""
        return self.contract.max_slots

    @cached_property
    def cap(self) -> int:
        """Paid quarter-hours that a person may work, overtime included."""
        return self.most + self.contract.overtime_slots

    @cached_property
    def total(self) -> int:
        """Paid quarter-hours of all duties."""
        return sum(kind.length * count for kind, count in zip(self.kinds, self.counts, strict=True))

    @cached_property
    def target(self) -> int:
        """Mean of duties, paid leave and balances, rounded down: a fair week."""
        return fair_target(self.total, self.people)

    @cached_property
    def together(self) -> tuple[tuple[bool, ...], ...]:
        """Which kinds one person may have both."""
        return tuple(
            tuple(apart(one, other, self.rest) for other in self.kinds) for one in self.kinds
        )

    @cached_property
    def profiles(self) -> tuple[int, ...]:
        """Number of each person's profile: people of one profile are the same but for the name."""
        numbers: dict[object, int] = {}
        return tuple(
            numbers.setdefault((p.absences, p.wishes, p.balance_slots), len(numbers))
            for p in self.people
        )

    @cached_property
    def can_come(self) -> tuple[tuple[bool, ...], ...]:
        """For each person which kinds their absences leave."""
        return tuple(
            tuple(
                not any(a.window.meets(k.week_start, k.length) for a in person.absences)
                and k.length <= self.cap
                for k in self.kinds
            )
            for person in self.people
        )

    @cached_property
    def wish_kinds(self) -> tuple[tuple[tuple[int, bool, frozenset[int]], ...], ...]:
        """For each person: what a wish weighs, whether for work, and the kinds it speaks of."""
        return tuple(
            tuple(
                (
                    self.weights.wish * wish.weight,
                    wish.kind == "work",
                    frozenset(
                        number
                        for number, kind in enumerate(self.kinds)
                        if wish.window.meets(
                            kind.week_start, 1 if wish.kind == "work" else kind.length
                        )
                    ),
                )
                for wish in person.wishes
            )
            for person in self.people
        )

    def cost(self, person: int, week: Sequence[int]) -> int:
        """Return what a lawful week of a person weighs."""
        weights = self.weights
        kinds = [self.kinds[number] for number in week]
        paid = sum(kind.length for kind in kinds)
        who = self.people[person]
        credited = paid + who.paid_leave_slots
        away = abs(credited + who.balance_slots - self.target)
        cost = weights.outside * (max(0, self.least - credited) + max(0, paid - self.most))
        cost += weights.hours * sum(max(0, away - step) for step in STEPS)
        for weight, work, spoken in self.wish_kinds[person]:
            if (not spoken.isdisjoint(week)) != work:
                cost += weight
        if kinds:
            starts = [kind.evening_start for kind in kinds]
            cost += weights.steady * (max(starts) - min(starts))
            cost += weights.weekend * sum(kind.weekend for kind in kinds) ** 2
            cost += weights.late * sum(kind.late for kind in kinds) ** 2
            cost += weights.early * sum(kind.early for kind in kinds) ** 2
        return cost

    def may_add(self, person: int, week: Sequence[int], number: int) -> bool:
        """Return whether a person with a lawful week may also take the kind ``number``."""
        if len(week) >= self.contract.max_days_a_week or not self.can_come[person][number]:
            return False
        together = self.together[number]
        paid = self.kinds[number].length
        for other in week:
            if not together[other]:
                return False
            paid += self.kinds[other].length
        return paid <= self.cap


def fair_target(total_slots: int, people: Sequence[Person]) -> int:
    """Return the mean of paid time, paid leave and balances, rounded down; 0 without people."""
    before = sum(person.paid_leave_slots + person.balance_slots for person in people)
    return (total_slots + before) // len(people) if people else 0


def group_deal(problem: NamedProblem, group: Group) -> GroupDeal:
    """Return a group's people and kinds of duties."""
    counts: dict[Kind, int] = {}
    for duty in problem.duties:
        if duty.group == group.name:
            kind = Kind(duty.day, duty.template.start, duty.template.length)
            counts[kind] = counts.get(kind, 0) + duty.people
    kinds = tuple(sorted(counts))
    people = tuple(person for person in problem.people if person.group == group.name)
    return GroupDeal(group, people, kinds, tuple(counts[kind] for kind in kinds), problem.weights)
