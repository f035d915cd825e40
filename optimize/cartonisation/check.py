"""Checks a packing without trusting who made it: every unit whole, inside, in nobody's way."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from optimize.cartonisation.problem import FitProblem


class Place(NamedTuple):
    """Where a unit lies: its corner nearest to that of the box, and its sides along the axes."""

    corner: tuple[int, int, int]
    sides: tuple[int, int, int]


def broken_places(problem: FitProblem, places: Sequence[Place]) -> list[str]:
    """Return in words everything that is wrong with a packing; empty if it holds."""
    if len(places) != len(problem.units):
        return [f"{len(places)} places for {len(problem.units)} units"]
    broken = []
    for number, (place, unit) in enumerate(zip(places, problem.units, strict=True)):
        if sorted(place.sides) != sorted(unit):
            broken.append(f"unit {number} has the sides {unit}, not {place.sides}")
        for start, side, room in zip(place.corner, place.sides, problem.box, strict=True):
            if start < 0 or start + side > room:
                broken.append(f"unit {number} sticks out: {start} to {start + side} of {room}")
    for (a, one), (b, other) in combinations(enumerate(places), 2):
        if _overlap(one, other):
            broken.append(f"units {a} and {b} are in each other's way")
    return broken


def _overlap(one: Place, other: Place) -> bool:
    return all(
        a < b + other_side and b < a + side
        for a, side, b, other_side in zip(
            one.corner, one.sides, other.corner, other.sides, strict=True
        )
    )
