"""Named people over two to eight weeks: Curtois & Qu 2014, twelve of the 24 instances."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from optimize.rostering.days.problem import Cover, Person, Problem, Request, Shift
from tests.benchmarks.published.frame import Answer, Instance, PublishedSet

FOLDER = "nrp24"
BEST_KNOWN = {
    1: 607, 2: 828, 4: 1716, 5: 1143, 7: 1056, 8: 1300, 10: 4631, 11: 3443, 13: 1348, 14: 1278,
    16: 3225, 17: 5746,
}  # fmt: skip
"""All of them proved (list of results of schedulingbenchmarks.org)."""


def problem_of(text: str) -> Problem:
    """Return the problem in a file."""
    part = _sections(text)
    shifts = tuple(
        Shift(name, int(minutes), tuple(one for one in after.split("|") if one))
        for name, minutes, after in part["SHIFTS"]
    )
    off = {name: tuple(int(day) for day in days) for name, *days in part["DAYS_OFF"]}
    people = tuple(_person(row, shifts, off.get(row[0], ())) for row in part["STAFF"])
    requests = tuple(
        Request(name, int(day), shift, int(weight), wanted)
        for wanted, section in ((True, "SHIFT_ON_REQUESTS"), (False, "SHIFT_OFF_REQUESTS"))
        for name, day, shift, weight in part[section]
    )
    covers = tuple(
        Cover(int(day), shift, int(wanted), int(under), int(over))
        for day, shift, wanted, under, over in part["COVER"]
    )
    return Problem(int(part["HORIZON"][0][0]), shifts, people, covers, requests)


def _sections(text: str) -> dict[str, list[list[str]]]:
    part: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for line in (one.strip() for one in text.splitlines()):
        if line.startswith("SECTION_"):
            rows = part.setdefault(line.removeprefix("SECTION_"), [])
        elif line and not line.startswith("#"):
            rows.append([word.strip() for word in line.split(",")])
    return part


def _person(row: list[str], shifts: tuple[Shift, ...], off: tuple[int, ...]) -> Person:
    name, limits, *numbers = row
    most = dict(one.split("=") for one in limits.split("|"))
    max_minutes, min_minutes, max_run, min_run, min_off, max_weekends = map(int, numbers)
    return Person(
        name, tuple(int(most[shift.name]) for shift in shifts), min_minutes, max_minutes,
        max_run, min_run, min_off, max_weekends, off,
    )  # fmt: skip


def instances(folder: Path) -> Iterator[Instance]:
    """Read the instances of a folder, the small ones first."""
    for number, best_known in BEST_KNOWN.items():
        text = (folder / f"Instance{number}.txt").read_text(encoding="utf-8")
        solve = partial(_solve, problem_of(text))
        yield Instance(f"Instance{number}", best_known, True, solve)


def _solve(problem: Problem, limit_s: float, seed: int) -> Answer:
    from optimize.rostering.days.solve import solve

    found = solve(problem, limit_s=limit_s, seed=seed)
    return Answer(found.cost, found.status == "optimal", f"bound {found.bound:g}")


SETS = [PublishedSet("nrp24", "Curtois & Qu 2014", FOLDER, False, instances)]
