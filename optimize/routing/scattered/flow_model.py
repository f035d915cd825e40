"""The shortest walk and the best places at once, as a flow through the classes of drawings.

Hessler & Irnich 2024 (INFORMS Journal on Computing, doi 10.1287/ijoc.2023.0075): a walk is a path
from class to class, place by place and block by block. In which way an aisle of a block is picked
is chosen once, whatever the class; the ways say which stock is passed, and all that is wanted has
to be. With the ways given the flow is that of a shortest path, so only they need to be whole.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from optimize.routing.classes import AISLE_PICKS
from optimize.routing.kernels.table import Table, table
from optimize.routing.scattered.problem import ScatteredProblem, Stock
from optimize.solver.highs import solve_milp

FINISHED = -1
"""The node of walks that are over, beside the classes."""
THROUGH, FROM_FRONT, FROM_BACK, AROUND_GAP, NOT_ENTERED, TWICE = range(len(AISLE_PICKS))
MOST_VARIABLES = 200_000


class Pick(NamedTuple):
    """A way to pick an aisle of a block, and what is passed on it."""

    way: int
    cost_m: float
    passed: tuple[Stock, ...]


class _Arc(NamedTuple):
    """A step from class to class: between which layers, at which cost; of which aisle and way."""

    layer: int
    before: int
    after: int
    cost_m: float
    cell: int = -1
    way: int = -1


SLACK_M = 1e-3
"""Metres by which an answer may seem longer than the known one: HiGHS keeps rows to a millionth."""


@dataclass
class FlowModel:
    """The model as arcs and picks.

    Attributes
    ----------
    arcs
        Steps from class to class.
    picks
        Ways to pick each cell (an aisle of a block), cell by cell.
    layers
        Layers between which the arcs lead.
    ends
        Classes in the last layer in which the walk may be over.
    """

    arcs: list[_Arc] = field(default_factory=list)
    picks: list[list[Pick]] = field(default_factory=list)
    layers: int = 0
    ends: list[int] = field(default_factory=list)


class Found(NamedTuple):
    """What the solver says of a model.

    Attributes
    ----------
    picks
        The chosen pick of each cell; None if nothing was found.
    bound_m
        No walk is shorter.
    is_optimal
        Whether nothing better was left.
    """

    picks: list[Pick] | None
    bound_m: float
    is_optimal: bool


def ways_to_pick(
    stock: list[tuple[float, Stock]], front_m: float, back_m: float, wanted: dict[int, int]
) -> list[Pick]:
    """Return all ways to pick an aisle of a block that can be of use.

    Parameters
    ----------
    stock
        (metres from the front of the floor, stock) of what lies there, ascending.
    front_m, back_m
        Its ends.
    wanted
        Units wanted of each article.
    """
    length_m = back_m - front_m
    everything = tuple(one for _, one in stock)
    found = [
        Pick(THROUGH, length_m, everything),
        Pick(TWICE, 2.0 * length_m, everything),
        Pick(NOT_ENTERED, 0.0, ()),
    ]
    if not stock:
        return found
    from_front = _reaches(stock, wanted)
    from_back = _reaches(stock[::-1], wanted)
    for reach_m, passed in from_front:
        found.append(Pick(FROM_FRONT, 2.0 * (reach_m - front_m), passed))
    for reach_m, passed in from_back:
        found.append(Pick(FROM_BACK, 2.0 * (back_m - reach_m), passed))
    for near_m, near in from_front:
        for far_m, far in from_back:
            if near_m < far_m:
                cost_m = 2.0 * (near_m - front_m) + 2.0 * (back_m - far_m)
                found.append(Pick(AROUND_GAP, cost_m, (*near, *far)))
    return found


def _reaches(
    stock: list[tuple[float, Stock]], wanted: dict[int, int]
) -> list[tuple[float, tuple[Stock, ...]]]:
    """Return how far one may walk in: to where more of what is wanted is passed than before."""
    units: dict[int, int] = {}
    passed: list[Stock] = []
    found: list[tuple[float, tuple[Stock, ...]]] = []
    for offset_m, one in stock:
        is_new = units.get(one.article, 0) < wanted[one.article]
        units[one.article] = units.get(one.article, 0) + one.units
        passed.append(one)
        if is_new:
            if found and found[-1][0] == offset_m:
                found.pop()
            found.append((offset_m, tuple(passed)))
    return found


def model_of(problem: ScatteredProblem) -> FlowModel:
    """Return the model of a problem, without arcs that no walk can use."""
    layout = problem.layout
    steps = table(layout.blocks + 1)
    wanted = dict(problem.wanted)
    cells: dict[float, list[list[tuple[float, Stock]]]] = {
        aisle: [[] for _ in range(layout.blocks)]
        for aisle in sorted(
            {layout.depot_aisle} | {float(layout.aisle_of[one.location]) for one in problem.stock}
        )
    }
    for one in sorted(problem.stock, key=lambda one: layout.offset_m[one.location]):
        if one.article in wanted:
            column = cells[float(layout.aisle_of[one.location])]
            column[layout.block_of[one.location]].append((layout.offset_m[one.location], one))
    model = FlowModel()
    states = {0}
    aisles = list(cells)
    for place, (aisle, column) in enumerate(cells.items()):
        if place:
            apart_m = layout.aisle_pitch_m * (aisle - aisles[place - 1])
            states = _cross(model, states, steps, apart_m, may_end=layout.depot_aisle < aisle)
        if aisle == layout.depot_aisle:
            states = _depot(model, states, steps)
        if aisle in range(layout.aisles):
            for block, (ends_m, stock) in enumerate(
                zip(pairwise(layout.cross_aisles_m), column, strict=True)
            ):
                model.picks.append(ways_to_pick(stock, *ends_m, wanted))
                states = _pick(model, states, steps, block)
    model.ends = [state for state in sorted(states) if state == FINISHED or steps.closed[state]]
    _trim(model)
    return model


def _cross(
    model: FlowModel, states: set[int], steps: Table, apart_m: float, *, may_end: bool
) -> set[int]:
    """Add the steps to the next place; a walk may not have begun yet, or be over."""
    after = set()
    for state in sorted(states):
        ways = [(state, 0.0)] if state in (0, FINISHED) else []
        if state > 0:
            first, last = steps.crossings_from[state], steps.crossings_from[state + 1]
            ways = [(int(to), apart_m * int(times)) for times, to in steps.crossings[first:last]]
            if may_end and steps.closed[state]:
                ways.append((FINISHED, 0.0))
        for to, cost_m in ways:
            model.arcs.append(_Arc(model.layers, state, to, cost_m))
            after.add(to)
    model.layers += 1
    return after


def _depot(model: FlowModel, states: set[int], steps: Table) -> set[int]:
    """Let the walk start and end at the front."""
    after = set()
    for state in sorted(states):
        if state != FINISHED:
            to = int(steps.ends[0][steps.ends[0][state]])
            model.arcs.append(_Arc(model.layers, state, to, 0.0))
            after.add(to)
    model.layers += 1
    return after


def _pick(model: FlowModel, states: set[int], steps: Table, block: int) -> set[int]:
    """Add the ways to pick the last cell."""
    after = set()
    cell = len(model.picks) - 1
    ways = sorted({pick.way for pick in model.picks[cell]})
    for state in sorted(states):
        for way in ways:
            if state == FINISHED and way != NOT_ENTERED:
                continue
            to = state if state == FINISHED else int(steps.picks[block, state, way])
            model.arcs.append(_Arc(model.layers, state, to, 0.0, cell, way))
            after.add(to)
    model.layers += 1
    return after


def _trim(model: FlowModel) -> None:
    """Leave out arcs from which the end of a walk cannot be reached."""
    alive = {(model.layers, state) for state in model.ends}
    kept = []
    for arc in reversed(model.arcs):  # arcs are in the order of their layers
        if (arc.layer + 1, arc.after) in alive:
            alive.add((arc.layer, arc.before))
            kept.append(arc)
    model.arcs = kept[::-1]


def solve_model(
    problem: ScatteredProblem, model: FlowModel, known_m: float, limit_s: float | None
) -> Found:
    """Return the best picks of a model by HiGHS.

    Parameters
    ----------
    problem, model
        The problem and its model.
    known_m
        Length of a known walk; no longer one is looked for.
    limit_s
        Seconds after which the search ends; None: when it is done.
    """
    from scipy.optimize import Bounds, LinearConstraint  # noqa: TID251  # a package of SciPy
    from scipy.sparse import coo_array

    picks = [(cell, pick) for cell, of_cell in enumerate(model.picks) for pick in of_cell]
    costs = np.array([pick.cost_m for _, pick in picks] + [arc.cost_m for arc in model.arcs])
    rows = _Rows(len(costs))
    _add_flow(rows, model, len(picks))
    _add_choice(rows, model, picks)
    for article, units in problem.wanted.items():
        entries = {
            column: float(min(units, there))
            for column, (_, pick) in enumerate(picks)
            if (there := sum(one.units for one in pick.passed if one.article == article))
        }
        rows.add(entries, units, math.inf)
    rows.add(
        {column: float(cost) for column, cost in enumerate(costs) if cost}, 0.0, known_m + SLACK_M
    )
    matrix = coo_array(
        (rows.values, (rows.numbers, rows.columns)), shape=(len(rows.low), len(costs))
    ).tocsc()
    integrality = np.repeat([1, 0], [len(picks), len(model.arcs)])
    answer = solve_milp(
        costs,
        integrality=integrality,
        bounds=Bounds(0.0, 1.0),
        constraints=LinearConstraint(matrix, rows.low, rows.high),
        options={"mip_rel_gap": 0.0, "time_limit": math.inf if limit_s is None else limit_s},
    )
    bound_m = 0.0 if answer.bound is None else answer.bound
    if answer.values is None:
        return Found(None, bound_m, is_optimal=False)
    chosen: list[Pick] = [Pick(NOT_ENTERED, 0.0, ())] * len(model.picks)
    for (cell, pick), value in zip(picks, answer.values[: len(picks)], strict=True):
        if value > 0.5:
            chosen[cell] = pick
    return Found(chosen, bound_m, answer.status == "optimal")


class _Rows:
    """Rows of a sparse matrix with their limits."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.values: list[float] = []
        self.numbers: list[int] = []
        self.columns: list[int] = []
        self.low: list[float] = []
        self.high: list[float] = []

    def add(self, entries: dict[int, float], low: float, high: float) -> None:
        """Add a row: low <= sum of entries <= high."""
        self.values += entries.values()
        self.columns += entries
        self.numbers += [len(self.low)] * len(entries)
        self.low.append(low)
        self.high.append(high)


def _add_flow(rows: _Rows, model: FlowModel, offset: int) -> None:
    """One walk leaves the first layer, and goes on from every class that it reaches."""
    balance: dict[tuple[int, int], dict[int, float]] = {}
    for column, arc in enumerate(model.arcs, start=offset):
        balance.setdefault((arc.layer, arc.before), {})[column] = 1.0
        if arc.layer + 1 < model.layers:
            balance.setdefault((arc.layer + 1, arc.after), {})[column] = -1.0
    for (layer, _), entries in balance.items():
        one = 0.0 if layer else 1.0
        rows.add(entries, one, one)


def _add_choice(rows: _Rows, model: FlowModel, picks: list[tuple[int, Pick]]) -> None:
    """The walk picks each cell in the way that is chosen."""
    chosen: dict[tuple[int, int], dict[int, float]] = {}
    for column, (cell, pick) in enumerate(picks):
        chosen.setdefault((cell, pick.way), {})[column] = -1.0
    for column, arc in enumerate(model.arcs, start=len(picks)):
        if arc.cell >= 0:
            chosen[arc.cell, arc.way][column] = 1.0
    for entries in chosen.values():
        rows.add(entries, 0.0, 0.0)
