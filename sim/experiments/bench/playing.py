"""The cells of a suite: taken from their stores, or played over several workers."""

from __future__ import annotations

from collections.abc import Mapping

from sim.experiments.bench.suite import Cell, Suite
from sim.experiments.cells import Cells
from sim.kpis.estimates import Number
from sim.kpis.targets import check_targets

CellValues = dict[str, list[Number]]
"""KPI name to one number a replication, from replication 0."""


def play_suite(
    suite: Suite, cells: Cells[Cell], *, replications: int | None = None
) -> dict[str, CellValues]:
    """Return the values of every cell, by its name, in the order of the suite.

    Parameters
    ----------
    suite
        What to play.
    cells
        Its cells, which play what is not kept.
    replications
        Only the first so many; default all.

    Raises
    ------
    ScenarioError
        A target of a cell is no KPI.
    StoreError, WorkerDied
        As :meth:`sim.experiments.cells.Cells.need`.
    """
    count = replications or suite.replications
    check_targets([cell.loaded for cell in suite.cells])
    cells.need((place, count) for place in range(len(suite.cells)))
    return {
        cell.name: {kpi: [one[kpi] for one in cells.known(place)] for kpi in suite.smallest}
        for place, cell in enumerate(suite.cells)
    }


def first(values: Mapping[str, CellValues], count: int) -> dict[str, CellValues]:
    """Return the first so many replications of every cell."""
    return {
        cell: {kpi: numbers[:count] for kpi, numbers in kpis.items()}
        for cell, kpis in values.items()
    }
