"""Cuboids in a box for CP-SAT: where each lies and which way it is turned, in whole numbers.

The answer is proved either way or there is none: "not" needs a proof, and places are checked by
whoever asked. The search ends after a deterministic amount of work, never by the clock.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations
from typing import Any

from optimize.solver.cp_sat import SUM_LIMIT, InvalidModelError, check_status, run_search

Sides = tuple[int, int, int]


def cuboids_in_a_box(
    box: Sides, ways: Sequence[Sequence[Sides]], *, deterministic_limit_s: float
) -> list[tuple[Sides, Sides]]:
    """Return for each cuboid its corner nearest to the box's, and its sides along the axes.

    Parameters
    ----------
    box
        Inside sides, above 0.
    ways
        For each cuboid the ways in which it may lie: its sides along the axes, within the box. Two
        cuboids with the same ways are taken to be alike.
    deterministic_limit_s
        Work after which the search ends, in CP-SAT's deterministic seconds.

    Raises
    ------
    InvalidModelError
        If the question is refused.
    InfeasibleError
        If it is proved that there are no such places.
    NoAnswerError
        If the limit came first.

    Notes
    -----
    Any two cuboids are apart along one axis. What follows for all together is said too, so that the
    search proves more at once: a cut through the box meets no more than its section (the
    cumulative relaxation: Clautiaux, Jouglet, Carlier, Moukrim 2008). Of mirror images one is
    looked at, and cuboids that are alike stand in order.
    """
    _check(box, ways)

    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    cuboids = [_Cuboid(model, box, of) for of in ways]
    for one, other in combinations(cuboids, 2):
        _keep_apart(model, one, other)
    for axis, room in enumerate(box):
        _keep_within_sections(model, cuboids, axis, room, math.prod(box) // room)
    _leave_out_images(model, cuboids, box)
    solver = cp_model.CpSolver()
    settings = solver.parameters
    settings.num_workers = 1
    settings.max_deterministic_time = deterministic_limit_s
    # Small models: what presolve and the linear relaxation find out costs more than it saves.
    settings.cp_model_presolve = False
    settings.linearization_level = 0
    settings.catch_sigint_signal = False
    check_status(cp_model, run_search(solver, model), solver, deterministic_limit_s)
    return [(_values(solver, each.corner), _values(solver, each.sides)) for each in cuboids]


def _values(solver: Any, variables: Sequence[Any]) -> Sides:  # noqa: ANN401
    x, y, z = (int(solver.value(variable)) for variable in variables)
    return x, y, z


def _check(box: Sides, ways: Sequence[Sequence[Sides]]) -> None:
    if math.prod(box) >= SUM_LIMIT or min(box) < 1:
        raise InvalidModelError(f"the box {box} must have sides above 0 and less than 2**53 in all")
    for number, of in enumerate(ways):
        if not of:
            raise InvalidModelError(f"cuboid {number} has no way to lie")
        for way in of:
            if len(way) != 3 or any(
                not 1 <= side <= room for side, room in zip(way, box, strict=True)
            ):
                raise InvalidModelError(f"cuboid {number} does not lie within {box}: {way}")


class _Cuboid:
    """The variables of a cuboid: its corner, its sides and its faces across each axis."""

    def __init__(self, model: Any, box: Sides, ways: Sequence[Sides]) -> None:  # noqa: ANN401
        self.ways = tuple(ways)
        turned = [model.new_bool_var("") for _ in ways]
        model.add_exactly_one(turned)
        self.corner, self.sides, self.faces = [], [], []
        for axis, room in enumerate(box):
            lengths = [way[axis] for way in ways]
            side = _chosen(model, turned, lengths)
            start = model.new_int_var(0, room - min(lengths), "")
            model.add(start + side <= room)
            self.corner.append(start)
            self.sides.append(side)
            self.faces.append(_chosen(model, turned, [math.prod(way) // way[axis] for way in ways]))


def _chosen(model: Any, turned: Sequence[Any], values: Sequence[int]) -> Any:  # noqa: ANN401
    """Return a variable with the value of the way that is chosen."""
    variable = model.new_int_var(min(values), max(values), "")
    model.add(variable == sum(value * flag for value, flag in zip(values, turned, strict=True)))
    return variable


def _keep_apart(model: Any, one: _Cuboid, other: _Cuboid) -> None:  # noqa: ANN401
    """One lies before the other along some axis."""
    before = []
    for axis in range(3):
        for first, second in ((one, other), (other, one)):
            flag = model.new_bool_var("")
            end = first.corner[axis] + first.sides[axis]
            model.add(end <= second.corner[axis]).only_enforce_if(flag)
            before.append(flag)
    model.add_bool_or(before)


def _keep_within_sections(
    model: Any,  # noqa: ANN401
    cuboids: Sequence[_Cuboid],
    axis: int,
    room: int,
    section: int,
) -> None:
    """No cut across an axis meets more than its section."""
    spans = [
        model.new_interval_var(
            each.corner[axis], each.sides[axis], model.new_int_var(0, room, ""), ""
        )
        for each in cuboids
    ]
    model.add_cumulative(spans, [each.faces[axis] for each in cuboids], section)


def _leave_out_images(model: Any, cuboids: Sequence[_Cuboid], box: Sides) -> None:  # noqa: ANN401
    """Cuboids that are alike stand in order; one without its like lies in the first half."""
    last: dict[tuple[Sides, ...], _Cuboid] = {}
    alone = {each.ways: each for each in cuboids}
    for each in cuboids:
        if each.ways in last:
            model.add(last[each.ways].corner[0] <= each.corner[0])
            alone.pop(each.ways, None)
        last[each.ways] = each
    for each in list(alone.values())[:1]:
        for axis, room in enumerate(box):
            model.add(2 * each.corner[axis] + each.sides[axis] <= room)
