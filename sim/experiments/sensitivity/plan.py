"""What a study of sensitivity plays: the points of its design, each scenario once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from sim.errors import Problem, ScenarioError, shown_value
from sim.experiments.sensitivity.dials import DIAL, Dial, dials_of
from sim.experiments.statistics.sensitivity import morris_design, sobol_design
from sim.experiments.statistics.series import Floats
from sim.experiments.sweep.grid import Cell, checked_cells
from sim.kpis import KPIS
from sim.scenario.loading import load
from sim.scenario.problems import suggestion

Method = Literal["morris", "sobol"]

MAX_POINTS = 5_000
TRAJECTORIES, BASE_SAMPLES, REPLICATIONS = 10, 64, 5
LEAST_TRAJECTORIES, LEAST_BASE_SAMPLES = 4, 16


@dataclass(frozen=True)
class Asked:
    """What a person asks.

    Parameters
    ----------
    dials
        ``KEY=LOW:HIGH`` each.
    kpis
        Names of KPIs.
    method
        Morris's screening or Sobol's shares of the variance.
    size
        Trajectories or base samples; None for the usual number.
    replications
        Of every point, >= 1.
    second_order
        Whether pairs of dials are looked at, too (Sobol only).
    """

    dials: tuple[str, ...]
    kpis: tuple[str, ...]
    method: Method = "morris"
    size: int | None = None
    replications: int = REPLICATIONS
    second_order: bool = False


@dataclass(frozen=True)
class Plan:
    """A design and the scenarios of its points.

    Parameters
    ----------
    asked
        What was asked.
    dials
        The dials.
    kpis
        The KPIs, each once.
    design
        Shares 0 to 1 at which the dials really stand, the last axis over the dials: trajectories x
        (dials + 1) for Morris, blocks x base samples for Sobol.
    cells
        The different points, in the order in which the design comes to them.
    places
        Number of the cell at each point of the design.
    seed
        Seed of the scenario, of the design and of the bootstrap.
    """

    asked: Asked
    dials: tuple[Dial, ...]
    kpis: tuple[str, ...]
    design: Floats
    cells: tuple[Cell, ...]
    places: npt.NDArray[np.int64]
    seed: int

    @property
    def replications(self) -> int:
        """Replications of all points together."""
        return len(self.cells) * self.asked.replications


def plan_of(source: str, asked: Asked, settings: Sequence[str] = ()) -> Plan:
    """Return the plan of a study, all its scenarios checked.

    Parameters
    ----------
    source
        File or bundled name.
    asked
        The question.
    settings
        ``--set`` words that hold at every point; a dial wins.

    Raises
    ------
    ScenarioError
        With everything that is wrong with dials, KPIs, sizes and scenario.
    """
    problems: list[Problem] = []
    kpis = _kpis(asked.kpis, problems)
    dials = dials_of(source, asked.dials, settings, problems)
    size = _size(asked, len(dials), problems)
    if problems:
        raise ScenarioError(problems)
    seed = load(source, settings=settings).scenario.run.seed
    shares = _design(asked, len(dials), size, seed)
    rows, places, stands = points_of(dials, shares)
    cells = checked_cells(source, [dial.key for dial in dials], rows, settings, DIAL)
    return Plan(asked, tuple(dials), kpis, stands, tuple(cells), places, seed)


def points_of(
    dials: Sequence[Dial], shares: Floats
) -> tuple[list[tuple[str, ...]], npt.NDArray[np.int64], Floats]:
    """Return the different points of a design, where each is found, and where the dials stand.

    Parameters
    ----------
    dials
        The dials.
    shares
        Design of shares 0 to 1, the last axis over the dials.

    Returns
    -------
    tuple
        A word a dial for each different point; its number at each point of the design; the
        design with the shares at which dials of whole numbers really stand.
    """
    words = [
        tuple(dial.word(float(share)) for dial, share in zip(dials, point, strict=True))
        for point in shares.reshape(-1, len(dials))
    ]
    numbers = {row: number for number, row in enumerate(dict.fromkeys(words))}
    places = np.array([numbers[row] for row in words]).reshape(shares.shape[:-1])
    stands = [[dial.share(word) for dial, word in zip(dials, row, strict=True)] for row in words]
    return list(numbers), places, np.array(stands).reshape(shares.shape)


def _kpis(names: Iterable[str], problems: list[Problem]) -> tuple[str, ...]:
    for name in dict.fromkeys(names):
        if name not in KPIS:
            hint = suggestion(name, KPIS) or "docs/kpis.md names them all"
            found = f"found {shown_value(name)}"
            problems.append(Problem("--kpi", 0, 0, "", found, "expected a KPI", hint))
    return tuple(dict.fromkeys(names))


def _size(asked: Asked, dials: int, problems: list[Problem]) -> int:
    if asked.method == "morris":
        size = TRAJECTORIES if asked.size is None else asked.size
        option, points = "--trajectories", size * (dials + 1)
        if size < LEAST_TRAJECTORIES:
            expected = f"expected at least {LEAST_TRAJECTORIES}, 10 to 50 are usual"
            problems.append(Problem(option, 0, 0, "", f"found {size}", expected))
        if asked.second_order:
            expected = "expected --method sobol: Morris's sigma shows interactions without pairs"
            problems.append(Problem("--second-order", 0, 0, "", "found Morris", expected))
    else:
        size = BASE_SAMPLES if asked.size is None else asked.size
        blocks = 2 * dials + 2 if asked.second_order else dials + 2
        option, points = "--base-samples", size * blocks
        if size < LEAST_BASE_SAMPLES or size & (size - 1):
            low = max(LEAST_BASE_SAMPLES, 2 ** math.floor(math.log2(max(1, size))))
            expected = f"expected a power of 2 from {LEAST_BASE_SAMPLES} on, as {low} or {2 * low}"
            problems.append(Problem(option, 0, 0, "", f"found {size}", expected))
        if asked.second_order and dials < 2:
            expected = "expected at least two: pairs are asked for"
            problems.append(Problem("--second-order", 0, 0, "", f"found {dials} dial", expected))
    if points > MAX_POINTS:
        found, expected = f"found {points:,} points", f"expected at most {MAX_POINTS:,}"
        hint = "name fewer dials, or screen them first (--method morris)"
        problems.append(Problem(option, 0, 0, "", found, expected, hint))
    return size


def _design(asked: Asked, dials: int, size: int, seed: int) -> Floats:
    if asked.method == "morris":
        return morris_design(dials, size, seed)
    if asked.second_order:
        from sim.experiments.sensitivity.pairs import saltelli_design

        return saltelli_design(dials, size, seed)
    return sobol_design(dials, size, seed)
