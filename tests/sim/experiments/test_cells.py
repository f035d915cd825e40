"""Cells: what is kept of the replications of thousands of scenarios."""

from __future__ import annotations

from sim.experiments.cells import Cells
from sim.experiments.sweep.grid import axes_of, cells_of

SETTINGS = (
    *("run.horizon_days=1", "run.warm_up_days=0", "orders.per_day=20"),
    "targets={orders_open: {at_most: 0}}",
)


def test_only_the_kpis_that_are_looked_at_and_those_of_targets_are_kept() -> None:
    """One asked for and one target: two numbers a replication, however many KPIs there are."""
    axes = axes_of(["staff.late.pickers=4,5"])
    with Cells(cells_of("baseline", axes, SETTINGS), ("cost_per_order_eur",)) as cells:
        cells.need([(0, 2), (1, 1)])

        assert [len(cells.known(cell)) for cell in (0, 1)] == [2, 1]
        kept = {kpi for known in cells.known(0) for kpi in known}

    targets = cells.cells[0].loaded.scenario.targets
    assert "orders_open" in targets
    assert kept == {"cost_per_order_eur", *targets}
