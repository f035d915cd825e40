"""Small problems, and all weeks of a person by enumeration."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, product

import numpy as np

from optimize.rostering.activities.check import check
from optimize.rostering.activities.problem import (
    DAY_MIN,
    Person,
    Problem,
    Rules,
    Shift,
    Stretch,
)

HOUR_MIN = 60


def drawn(seed: int, *, people: int = 1, days: int = 3, tasks: int = 2) -> Problem:
    """Draw a problem on a grid of two hours with few shifts a day."""
    luck = np.random.default_rng(seed)
    width = 2 * HOUR_MIN
    rules = Rules(
        interval_min=width,
        starts_min=((0, 0), (480, 480 + width * int(luck.integers(2))), (1320, 1320)),
        shortest_min=2 * width,
        longest_min=width * int(luck.integers(2, 4)),
        stretch_min=width * int(luck.integers(1, 3)),
        rest_min=width * int(luck.integers(5)),
        days_in_a_row=int(luck.integers(1, days + 1)),
    )
    least = luck.integers(0, 3, (tasks, days * DAY_MIN // width))
    most = least + luck.integers(0, 2, least.shape)
    staff = []
    for number in range(people):
        fewest = int(luck.integers(0, 4))
        skills = None if luck.random() < 0.7 else (int(luck.integers(tasks)),)
        staff.append(
            Person(
                f"p{number}", fewest * width, (fewest + int(luck.integers(2, 5))) * width, skills
            )
        )
    return Problem(tuple(staff), least, most, width * int(luck.integers(4)), rules)


def shifts_of_day(problem: Problem, day: int) -> Iterator[Shift]:
    """Yield every sequence of tasks from every start of a day; many break rules."""
    rules = problem.rules
    width = rules.interval_min
    for start in range(day * DAY_MIN, (day + 1) * DAY_MIN, width):
        for length in range(rules.shortest_min // width, rules.longest_min // width + 1):
            for row in product(range(problem.tasks), repeat=length):
                runs = [(task, len(list(same))) for task, same in groupby(row)]
                yield Shift(start, tuple(Stretch(task, width * count) for task, count in runs))


def keeps_rules(problem: Problem, person: Person, shifts: tuple[Shift, ...]) -> bool:
    """Return whether the check finds nothing against somebody's shifts."""
    try:
        check(Problem((person,), problem.least, problem.most, problem.begin_min, problem.rules),
              (shifts,))  # fmt: skip
    except ValueError:
        return False
    return True


def weeks_of(problem: Problem, person: Person) -> list[tuple[Shift, ...]]:
    """Return every week of a person that keeps the rules."""
    free = Person(person.name, 0, 10**6, person.tasks)
    last = (problem.begin_min + problem.intervals * problem.rules.interval_min) // DAY_MIN
    weeks: list[tuple[Shift, ...]] = [()]
    for day in range(last + 1):
        shifts = [one for one in shifts_of_day(problem, day) if keeps_rules(problem, free, (one,))]
        weeks += [
            (*week, shift)
            for week in weeks
            for shift in shifts
            if keeps_rules(problem, free, (*week, shift))
        ]
    return [week for week in weeks if keeps_rules(problem, person, week)]


def intervals_of(problem: Problem, shifts: tuple[Shift, ...]) -> list[tuple[int, int]]:
    """Return task and interval of all work in a week."""
    width = problem.rules.interval_min
    found = []
    for shift in shifts:
        slot = (shift.start_min - problem.begin_min) // width
        for task, length_min in shift.stretches:
            found += [(task, slot + step) for step in range(length_min // width)]
            slot += length_min // width
    return found
