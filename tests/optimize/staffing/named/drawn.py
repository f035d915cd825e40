"""Random people and duties, small enough to look at."""

from __future__ import annotations

import numpy as np

from optimize.staffing.named.problem import (
    Absence,
    NamedProblem,
    Person,
    Weights,
    Window,
    Wish,
    weekday,
)
from optimize.staffing.problem import Template
from optimize.staffing.tours.problem import Contract, Duty, Group

LENGTHS = (16, 24, 32, 36)


def template(luck: np.random.Generator) -> Template:
    """Draw a shift, the long ones with a break anywhere."""
    length = int(luck.choice(LENGTHS))
    start = int(luck.integers(0, 24)) * 4
    if length < 24:
        return Template(start, length)
    return Template(start, length, int(luck.integers(8, length - 8)), 2)


def window(luck: np.random.Generator) -> Window:
    """Draw a weekday, or some hours."""
    if luck.random() < 0.5:
        return weekday(int(luck.integers(0, 7)))
    return Window(int(luck.integers(0, 672)), int(luck.integers(1, 60)))


def person(luck: np.random.Generator, name: str, group: str) -> Person:
    """Draw somebody with leave, wishes and a balance."""
    absences = tuple(
        Absence(found := window(luck), int(luck.integers(0, found.length + 1)))
        for _ in range(int(luck.integers(0, 3)))
    )
    wishes = tuple(
        Wish("free" if luck.random() < 0.5 else "work", window(luck), int(luck.integers(1, 11)))
        for _ in range(int(luck.integers(0, 4)))
    )
    return Person(name, group, absences, wishes, int(luck.integers(-40, 41)))


def contract(luck: np.random.Generator) -> Contract:
    """Draw a contract."""
    least = int(luck.integers(0, 30))
    return Contract(
        "drawn",
        least,
        least + int(luck.integers(4, 20)),
        overtime_hours_a_week=int(luck.integers(0, 9)),
        max_days_a_week=int(luck.integers(2, 7)),
        min_rest_h=int(luck.integers(8, 14)),
    )


def problem(seed: int, *, groups: int = 2, people: int = 5, duties: int = 8) -> NamedProblem:
    """Draw a problem of a few people and duties in each group."""
    luck = np.random.default_rng(seed)
    made, given, wanted = [], [], []
    for number in range(groups):
        name = f"group-{number}"
        made.append(
            Group(name, "pickers", ("pickers",), contract(luck), 0, 50, 1500)
            if number % 2 == 0
            else Group(name, "packers", ("packers", "pickers"), contract(luck), 0, 50, 1500)
        )
        shifts = [template(luck) for _ in range(3)]
        given += [
            person(luck, f"{name} {place}", name)
            for place in range(int(luck.integers(1, people + 1)))
        ]
        found: dict[tuple[int, Template], int] = {}
        for _ in range(int(luck.integers(1, duties + 1))):
            shift = (int(luck.integers(0, 7)), shifts[int(luck.integers(0, 3))])
            found[shift] = found.get(shift, 0) + int(luck.integers(1, 3))
        wanted += [Duty(name, day, shift, count) for (day, shift), count in found.items()]
    return NamedProblem(tuple(made), tuple(wanted), tuple(given), Weights())
