"""Which cell of a sweep is best: selection with a promise, or a budget spent where it helps most.

Targets of the scenario are constraints: cells that surely miss one are set aside, and the best is
chosen among the others.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from sim.experiments.cells import Played, UndefinedKpi
from sim.experiments.gates import Amount
from sim.experiments.statistics.budget import next_replications
from sim.experiments.statistics.selection import kim_nelson
from sim.experiments.sweep.grid import Axis, Cell
from sim.kpis import KPIS, Estimate, Paired, estimate, paired
from sim.kpis.estimates import Direction, mean_and_sd
from sim.kpis.targets import JudgedTarget, judged_targets

FIRST_STAGE = 10
BLOCK = 4
"""Replications of every cell still in the race that are played side by side."""
MOST = 200
SMALLEST = Amount(0.01, relative=True)
ALPHA = 0.05

Standing = Literal["best", "as good within delta", "worse", "dropped", "undecided", "target missed"]


class PlayedCells(Played, Protocol):
    """Plays replications of the cells of a sweep; see :class:`sim.experiments.cells.Cells`."""

    @property
    def cells(self) -> Sequence[Cell]:
        """The cells."""
        ...


@dataclass(frozen=True)
class Rule:
    """How to choose.

    Parameters
    ----------
    kpi
        KPI of which more or less is better.
    smallest
        Smallest difference that matters, above 0; the baseline is the first cell.
    first_stage
        Replications of every cell before any is dropped, >= 2.
    most
        Replications of a cell after which to give up undecided, >= ``first_stage``.
    budget
        Replications of all cells together; None for the selection with a promise.

    Raises
    ------
    ValueError
        A number outside its range, or a KPI of which neither way is better.
    """

    kpi: str
    smallest: Amount = SMALLEST
    first_stage: int = FIRST_STAGE
    most: int = MOST
    budget: int | None = None
    better: Direction = field(init=False)

    def __post_init__(self) -> None:
        way = KPIS[self.kpi].better
        if way is None:
            raise ValueError(
                f"kpi: found {self.kpi}, of which neither more nor less is better; expected a KPI "
                "to choose by, as cost_per_order_eur"
            )
        object.__setattr__(self, "better", way)
        if not (math.isfinite(self.smallest.value) and self.smallest.value > 0.0):
            raise ValueError(f"smallest: found {self.smallest}; expected a number above 0")
        if self.first_stage < 2:
            raise ValueError(
                f"replications: found {self.first_stage}; expected at least 2 of each cell"
            )
        if self.most < self.first_stage:
            raise ValueError(
                f"max_replications: found {self.most}; expected at least the {self.first_stage} "
                "replications that every cell gets"
            )


@dataclass(frozen=True)
class JudgedCell:
    """A cell and what is known of it.

    Parameters
    ----------
    cell
        The cell.
    estimate
        The KPI over its own replications; None if it is undefined in all of them.
    difference
        Paired difference to the chosen cell over the replications that both played, with an
        interval that holds for all cells together; None for the chosen cell or without one.
    standing
        The verdict.
    replications
        Replications known.
    targets
        The scenario's targets, judged by these replications.
    """

    cell: Cell
    estimate: Estimate | None
    difference: Paired | None
    standing: Standing
    replications: int
    targets: tuple[JudgedTarget, ...]

    @property
    def verdict(self) -> str:
        """The verdict in words."""
        if self.standing == "dropped":
            return f"dropped after {self.replications} replications"
        if self.standing == "target missed":
            missed = [f"{t.kpi} {t.bound}" for t in self.targets if t.verdict == "missed"]
            return f"target missed: {', '.join(missed)}"
        return self.standing


@dataclass(frozen=True)
class Sweep:
    """The answer.

    Parameters
    ----------
    axes
        What was varied.
    rule
        How was chosen.
    delta
        Smallest difference that matters, in the KPI's unit.
    cells
        All cells in the order of the grid.
    best
        Number of the chosen cell; None if none meets the targets.
    decided
        Whether the selection came to its end, so that its promise holds.
    """

    axes: tuple[Axis, ...]
    rule: Rule
    delta: float
    cells: tuple[JudgedCell, ...]
    best: int | None
    decided: bool

    @property
    def replications(self) -> int:
        """Replications of all cells together."""
        return sum(cell.replications for cell in self.cells)


def choose(axes: Sequence[Axis], played: PlayedCells, rule: Rule) -> Sweep:
    """Choose the best cell.

    Parameters
    ----------
    axes
        The axes of the grid.
    played
        Its cells, which play what is asked for.
    rule
        How to choose.

    Raises
    ------
    UndefinedKpi
        The KPI is undefined in a replication.
    ValueError
        The budget is too small, or the smallest difference would be 0.
    """
    everyone = list(range(len(played.cells)))
    first = _first_stage(rule, len(everyone))
    played.need([(cell, first) for cell in everyone])
    delta = _delta(played, rule, first)
    missed = [cell for cell in everyone if _surely_missed(played, cell)]
    while True:
        candidates = [cell for cell in everyone if cell not in missed]
        if not candidates:
            return _judged(axes, played, rule, delta, None, [], missed, decided=True)
        best, alive, decided = (
            _selected(played, candidates, rule, delta)
            if rule.budget is None
            else _within_budget(played, candidates, rule, delta, rule.budget)
        )
        if all(target.verdict != "missed" for target in _targets(played, best)):
            return _judged(axes, played, rule, delta, best, alive, missed, decided=decided)
        missed.append(best)  # more replications show that it misses; what is known is not lost


def _first_stage(rule: Rule, cells: int) -> int:
    if rule.budget is None:
        return rule.first_stage
    if rule.budget < 2 * cells:
        raise ValueError(
            f"budget: found {rule.budget} replications; expected at least {2 * cells}, 2 for each "
            f"of the {cells} cells, better {rule.first_stage * cells}"
        )
    return max(2, min(rule.first_stage, rule.budget // (2 * cells)))


def _delta(played: PlayedCells, rule: Rule, first: int) -> float:
    delta = rule.smallest.of([_value(played, 0, r, rule.kpi) for r in range(first)])
    if delta == 0.0:
        raise ValueError(
            f"smallest: found {rule.smallest} of 0, the first cell's mean of {rule.kpi}; "
            "expected a difference above 0: give one in the KPI's own unit"
        )
    return delta


def _value(played: PlayedCells, cell: int, replication: int, kpi: str) -> float:
    value = played.known(cell)[replication][kpi]
    if value is None or not math.isfinite(value):
        raise UndefinedKpi(
            f"{kpi} is undefined in replication {replication} of cell "
            f"{' '.join(played.cells[cell].words)}; choose by another KPI, or play longer "
            "(run.horizon_days)"
        )
    return value


class Observed:
    """Shows a selection the KPI of the candidates; nothing is played that it does not ask for.

    Parameters
    ----------
    played
        The cells.
    candidates
        Numbers of the cells among which is chosen; policy i is the i-th of them.
    kpi
        Name of the KPI.
    """

    def __init__(self, played: PlayedCells, candidates: Sequence[int], kpi: str) -> None:
        self._played, self._candidates, self._kpi = played, candidates, kpi

    def __call__(self, policies: Sequence[int], first: int, count: int) -> list[list[float]]:
        """Return the KPI of replications first, ..., first + count - 1: count x policies."""
        cells = [self._candidates[policy] for policy in policies]
        self._played.need([(cell, first + count) for cell in cells])
        return [
            [_value(self._played, cell, r, self._kpi) for cell in cells]
            for r in range(first, first + count)
        ]


def _selected(
    played: PlayedCells, candidates: list[int], rule: Rule, delta: float
) -> tuple[int, list[int], bool]:
    if len(candidates) == 1:
        return candidates[0], candidates, True
    found = kim_nelson(
        Observed(played, candidates, rule.kpi),
        len(candidates),
        delta,
        better=rule.better,
        alpha=ALPHA,
        first_stage=rule.first_stage,
        at_once=BLOCK,
        most=rule.most,
    )
    return candidates[found.best], [candidates[i] for i in found.alive], found.decided


def _within_budget(
    played: PlayedCells, candidates: list[int], rule: Rule, delta: float, budget: int
) -> tuple[int, list[int], bool]:
    """Spend what is left of the budget on the candidates; return the one with the best mean."""
    while True:
        series = [
            [_value(played, cell, r, rule.kpi) for r in range(len(played.known(cell)))]
            for cell in candidates
        ]
        found = [mean_and_sd(values) for values in series]
        means, sds = [mean for mean, _ in found], [sd or 0.0 for _, sd in found]
        left = budget - sum(len(played.known(cell)) for cell in range(len(played.cells)))
        if left <= 0 or len(candidates) == 1:
            break
        counts = [len(values) for values in series]
        step = min(left, len(candidates))
        more = next_replications(means, sds, counts, step, rule.better, smallest=delta)
        played.need([(c, n + m) for c, n, m in zip(candidates, counts, more, strict=True) if m])
    sign = 1.0 if rule.better == "low" else -1.0
    place = min(range(len(candidates)), key=lambda i: sign * means[i])
    return candidates[place], candidates, False


def _targets(played: PlayedCells, cell: int) -> list[JudgedTarget]:
    targets = played.cells[cell].loaded.scenario.targets
    known = played.known(cell)
    return judged_targets(targets, {name: estimate([v[name] for v in known]) for name in targets})


def _surely_missed(played: PlayedCells, cell: int) -> bool:
    return any(target.verdict == "missed" and target.sure for target in _targets(played, cell))


def _judged(
    axes: Sequence[Axis],
    played: PlayedCells,
    rule: Rule,
    delta: float,
    best: int | None,
    alive: list[int],
    missed: list[int],
    *,
    decided: bool,
) -> Sweep:
    cells = []
    level = 1.0 - ALPHA / max(1, len(played.cells) - 1)  # Bonferroni: all intervals hold together
    for number, cell in enumerate(played.cells):
        values = [known[rule.kpi] for known in played.known(number)]
        difference = None
        if best is not None and number != best:
            base = [known[rule.kpi] for known in played.known(best)]
            common = min(len(base), len(values))
            difference = paired(base[:common], values[:common], level)
        if number in missed:
            standing: Standing = "target missed"
        elif number == best:
            standing = "best"
        else:
            in_race = not decided and number in alive
            standing = _standing(difference, delta, rule.better, in_race=in_race)
        targets = tuple(_targets(played, number))
        cells.append(JudgedCell(cell, estimate(values), difference, standing, len(values), targets))
    return Sweep(tuple(axes), rule, delta, tuple(cells), best, decided)


def _standing(
    difference: Paired | None, delta: float, better: Direction, *, in_race: bool
) -> Standing:
    """Return the verdict on a cell that was not chosen and misses no target."""
    otherwise: Standing = "undecided" if in_race else "dropped"
    if difference is None or difference.lo is None or difference.hi is None:
        return otherwise
    least, most = difference.lo, difference.hi  # how much worse it is
    if better == "high":
        least, most = -most, -least
    if most <= delta:
        return "as good within delta"
    return "worse" if least > 0.0 else otherwise


def promise(sweep: Sweep) -> str:
    """Return what is promised of the choice, and of which targets nothing is sure."""
    return " ".join([_promise(sweep), *_doubts(sweep)])


def _doubts(sweep: Sweep) -> list[str]:
    if sweep.best is None:
        return []
    doubtful = [t for t in sweep.cells[sweep.best].targets if t.tile == "uncertain"]
    if not doubtful:
        return []
    names = ", ".join(f"{target.kpi} {target.bound}" for target in doubtful)
    return [f"Whether it meets its targets is not sure for {names}."]


def _promise(sweep: Sweep) -> str:
    kpi, delta = sweep.rule.kpi, sweep.delta
    among = "the cells not set aside for a missed target"
    if all(cell.standing != "target missed" for cell in sweep.cells):
        among = "all cells"
    if sweep.best is None:
        return "No cell meets the targets, so none is chosen."
    if sweep.rule.budget is not None:
        return (
            f"The cell with the best mean of {kpi} among {among}, after {sweep.replications} "
            "replications spent where they help most (OCBA); nothing is promised of the choice."
        )
    if len(sweep.cells) - sum(c.standing == "target missed" for c in sweep.cells) == 1:
        return "The only cell that does not miss a target; there was nothing to choose from."
    if not sweep.decided:
        return (
            f"Undecided after {sweep.rule.most} replications of a cell: the cell with the best "
            f"mean of {kpi} so far; nothing is promised. Allow more (--max-replications), or name "
            "a larger difference (--smallest)."
        )
    return (
        f"If the best of {among} is better than every other by at least {delta:.4g} "
        f"{KPIS[kpi].unit} in the mean of {kpi}, it is the chosen one with a chance of at least "
        f"{100 * (1 - ALPHA):g} % (Kim & Nelson 2001)."
    )
