"""People who change activity inside a shift: Qu & Curtois 2020, quarter-hours of a week."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from optimize.rostering.activities.problem import (
    DAY_MIN,
    Person,
    Problem,
    Roster,
    Shift,
    Stretch,
)
from optimize.rostering.activities.solve import solve
from tests.benchmarks.published.frame import Answer, Instance, PublishedSet

BEST_KNOWN = {
    "1_7_10_1": 383,
    "2_7_10_1": 200,
    "5_7_10_2": 263,
    "7_7_20_1": 1221,
    "10_7_20_3": 193,
}
"""From reference solutions, or by a plain model of constraint programming in 110 s."""
PROVEN = ("1_7_10_1",)
BEGIN_MIN = 360
"""Horizons begin at 06:00 of the first day."""
INTERVAL_MIN = 15


def minute_of(clock: str) -> int:
    """Return the minute of the day of hh:mm or hh:mm:ss."""
    hours, minutes = clock.split(":")[:2]
    return 60 * int(hours) + int(minutes)


def sections(text: str) -> dict[str, list[list[str]]]:
    """Return the rows of fields of each section of a file."""
    found: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for line in text.splitlines():
        if line.startswith("SECTION_"):
            rows = found[line.strip()] = []
        elif line.strip() and not line.startswith("#"):
            rows.append(line.strip().split(","))
    return found


def problem_of(text: str) -> Problem:
    """Return the problem in a file."""
    found = sections(text)
    days = int(found["SECTION_HORIZON"][0][0])
    tasks = int(found["SECTION_TASKS"][0][0])
    people = [Person(name, int(least), int(most)) for name, least, most in found["SECTION_STAFF"]]
    least = np.zeros((tasks, days * DAY_MIN // INTERVAL_MIN), np.int64)
    most = np.zeros_like(least)
    for day, clock, task, fewest, enough in found["SECTION_COVER"]:
        minute = DAY_MIN * (int(day) - 1) + minute_of(clock.split("-")[0])
        slot = (minute - BEGIN_MIN) // INTERVAL_MIN
        least[int(task) - 1, slot] = int(fewest)
        most[int(task) - 1, slot] = int(enough)
    return Problem(tuple(people), least, most, BEGIN_MIN)


def roster_of(problem: Problem, text: str) -> tuple[int, Roster]:
    """Return the penalty and the roster in a solution's file."""
    root = ElementTree.fromstring(text)  # noqa: S314 - a file of the set, not a stranger's
    found: dict[str, tuple[Shift, ...]] = {}
    for employee in root.iter("Employee"):
        shifts = []
        for shift in employee.iter("Shift"):
            start_min = DAY_MIN * int(shift.findtext("Day", "")) + minute_of(
                shift.findtext("Start", "")
            )
            # A task is a list of pairs of elements: ID, Length, ID, Length.
            numbers = [int(part.text or "") for task in shift.iter("Task") for part in task]
            stretches = zip(numbers[::2], numbers[1::2], strict=True)
            shifts.append(
                Shift(start_min, tuple(Stretch(task - 1, minutes) for task, minutes in stretches))
            )
        found[employee.get("ID", "")] = tuple(sorted(shifts))
    roster = tuple(found.get(person.name, ()) for person in problem.people)
    return int(root.findtext("Penalty", "")), roster


def problems(folder: Path) -> Iterator[tuple[str, Problem]]:
    """Yield the name and the problem of each file of a folder, the smallest first."""
    for path in sorted(folder.glob("*.txt"), key=lambda path: int(path.stem.split("_")[0])):
        yield path.stem, problem_of(path.read_text(encoding="utf-8"))


def instances(folder: Path) -> Iterator[Instance]:
    """Read the instances of a folder."""
    for name, problem in problems(folder):
        best_known = float(BEST_KNOWN.get(name, math.nan))
        yield Instance(name, best_known, name in PROVEN, partial(_solve, problem))


def _solve(problem: Problem, limit_s: float, seed: int) -> Answer:
    found = solve(problem, seed=seed, limit_s=limit_s)
    value = float(found.cost) if not found.missing else math.inf
    return Answer(value, found.status == "optimal", bound=float(found.bound))


SETS = [PublishedSet("matsp", "Qu & Curtois 2020, 11 of 225", "matsp", False, instances)]
