"""Tiny random rosters, and the cheapest of each found by trying every row of everybody."""

from __future__ import annotations

from itertools import product

import numpy as np

from optimize.rostering.days.check import broken_rules, price
from optimize.rostering.days.problem import Cover, Person, Problem, Request, Shift

Row = tuple[str | None, ...]


def random_problem(seed: int) -> Problem:
    """Return two or three people over six to eight days with one or two shifts."""
    rng = np.random.default_rng(seed)
    days = int(rng.integers(6, 9))
    shifts = (Shift("E", 480), Shift("L", int(rng.choice([480, 600])), ("E",)))[
        : int(rng.integers(1, 3))
    ]
    people = tuple(
        Person(
            name,
            tuple(int(rng.integers(1, 5)) for _ in shifts),
            int(rng.integers(0, 2)) * 480,
            int(rng.integers(2, 6)) * 480,
            (longest := int(rng.integers(2, 5))),
            int(rng.integers(1, longest + 1)),
            int(rng.integers(1, 4)),
            int(rng.integers(0, 2)),
            tuple(int(day) for day in rng.choice(days, 1)),
        )
        for name in ("Ada", "Bob", "Cy")[: 2 + (len(shifts) == 1)]
    )
    covers = tuple(
        Cover(
            day, shift.name, int(rng.integers(0, 3)), int(rng.integers(1, 50)), int(rng.integers(4))
        )
        for day in range(days)
        for shift in shifts
    )
    requests = tuple(
        Request(
            people[int(rng.integers(len(people)))].name,
            int(rng.integers(days)),
            shifts[int(rng.integers(len(shifts)))].name,
            int(rng.integers(1, 20)),
            bool(rng.integers(2)),
        )
        for _ in range(5)
    )
    return Problem(days, shifts, people, covers, requests)


def lawful_rows(problem: Problem, person: Person) -> list[Row]:
    """Return every row that keeps a person's rules, one by one through the check."""
    alone = Problem(problem.days, problem.shifts, (person,))
    names = [None, *(shift.name for shift in problem.shifts)]
    return [row for row in product(names, repeat=problem.days) if not broken_rules(alone, [row])]


def least_cost(problem: Problem, rows: list[list[Row]]) -> int:
    """Return the cost of the cheapest roster, by trying all that matter.

    Of several rows of a person that give the same cover only the wishes differ; the cost of covers
    is added up for all pairs or triples at once.
    """
    cells = {(cover.day, cover.shift): n for n, cover in enumerate(problem.covers)}
    wanted, under, over = np.array(
        [(one.people, one.under_weight, one.over_weight) for one in problem.covers]
    ).T
    parts = []
    for person, own in zip(problem.people, rows, strict=True):
        cover = np.zeros((len(own), len(cells)), dtype=np.int64)
        for number, row in enumerate(own):
            for day, name in enumerate(row):
                if name is not None:
                    cover[number, cells[day, name]] = 1
        wishes = tuple(one for one in problem.requests if one.person == person.name)
        alone = Problem(problem.days, problem.shifts, (person,), (), wishes)
        parts.append((cover, np.array([price(alone, [row]) for row in own])))
    best = 10**9
    *firsts, (last, last_cost) = parts
    for chosen in product(*(range(len(cost)) for _, cost in firsts)):
        there = last + sum(part[0][n] for part, n in zip(firsts, chosen, strict=True))
        missing = wanted - there
        cost = np.where(missing > 0, under * missing, -over * missing).sum(axis=1) + last_cost
        best = min(
            best, int(cost.min()) + sum(int(p[1][n]) for p, n in zip(firsts, chosen, strict=True))
        )
    return best
