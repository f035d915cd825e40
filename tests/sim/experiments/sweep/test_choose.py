"""The choice among cells, on numbers whose truth is known."""

from __future__ import annotations

import itertools
import math
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from sim.experiments.cells import UndefinedKpi, Values
from sim.experiments.gates import Amount
from sim.experiments.sweep.choose import Rule, choose, promise
from sim.experiments.sweep.grid import Axis, Cell, axes_of, cells_of
from sim.experiments.sweep.table import junit_text
from tests.sim.experiments.small import small_file

COST, LEAD = "cost_per_order_eur", "order_lead_time_p95_h"
TARGET_H = 1000.0


class Known:
    """Cells whose cost is a mean of their own and a common luck; counts what is asked for."""

    def __init__(
        self, cells: list[Cell], means: Sequence[float], leads: Sequence[float] | None = None
    ) -> None:
        self.cells = cells
        self._leads = leads or [1.0] * len(cells)
        draws = np.random.default_rng(5)
        luck = draws.normal(size=(500, 1)) + 0.3 * draws.normal(size=(500, len(cells)))
        self._costs = np.asarray(means) + luck
        self.played = [0] * len(cells)
        self.asked: list[tuple[tuple[int, int], ...]] = []

    def known(self, cell: int) -> list[Values]:
        """Return what was asked for so far."""
        return [
            {COST: float(self._costs[r, cell]), LEAD: self._leads[cell]}
            for r in range(self.played[cell])
        ]

    def need(self, wanted: Sequence[tuple[int, int]]) -> None:
        """Play what is asked for."""
        self.asked.append(tuple(wanted))
        for cell, count in wanted:
            self.played[cell] = max(self.played[cell], count)


@pytest.fixture(scope="module")
def grid(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Axis], list[Cell]]:
    """Four cells of the small scenario."""
    path: Path = small_file(tmp_path_factory.mktemp("grid"))
    axes = axes_of(["staff.late.pickers=1..4"])
    return axes, cells_of(str(path), axes)


def test_the_best_is_chosen_and_the_others_judged(grid: tuple[list[Axis], list[Cell]]) -> None:
    """The lowest mean wins; far ones are worse; one nearly as good is within delta."""
    axes, cells = grid
    found = choose(
        axes, Known(cells, [10.0, 5.0, 5.2, 9.0]), Rule(COST, Amount(1.0, relative=False))
    )
    assert (found.best, found.decided) == (1, True)
    assert [c.verdict for c in found.cells] == ["worse", "best", "as good within delta", "worse"]
    assert "better than every other by at least 1 EUR" in promise(found)


def test_a_dropped_cell_is_never_played_again(grid: tuple[list[Axis], list[Cell]]) -> None:
    """From call to call the cells asked for only get fewer, and none has more than was asked."""
    axes, cells = grid
    known = Known(cells, [7.0, 5.0, 5.08, 5.25])
    found = choose(axes, known, Rule(COST, Amount(0.05, relative=False), most=400))
    calls = [{cell for cell, _ in call} for call in known.asked[1:]]  # first all get the stage
    assert len(calls) > 3
    assert all(later <= earlier for earlier, later in itertools.pairwise(calls))
    assert found.cells[0].replications == 10 < found.cells[1].replications
    for number, cell in enumerate(found.cells):
        most = max(count for call in known.asked for asked, count in call if asked == number)
        assert cell.replications == known.played[number] == most


def test_more_may_be_better(grid: tuple[list[Axis], list[Cell]]) -> None:
    """The direction is that of the KPI."""
    axes, cells = grid
    rule = Rule("on_time_ship_rate", Amount(0.5, relative=False))

    class Rates(Known):
        def known(self, cell: int) -> list[Values]:
            return [{"on_time_ship_rate": v[COST], LEAD: v[LEAD]} for v in super().known(cell)]

    found = choose(axes, Rates(cells, [1.0, 2.0, 9.0, 3.0]), rule)
    assert found.best == 2
    assert [c.verdict for c in found.cells] == ["worse", "worse", "best", "worse"]


def test_a_cell_that_misses_a_target_is_not_chosen(grid: tuple[list[Axis], list[Cell]]) -> None:
    """The cheapest cell misses its target: the best of the others is chosen."""
    axes, cells = grid
    leads = [1.0, TARGET_H + 1.0, 1.0, 1.0]
    known = Known(cells, [10.0, 1.0, 5.0, 9.0], leads)
    found = choose(axes, known, Rule(COST, Amount(1.0, relative=False)))
    assert found.best == 2
    assert found.cells[1].verdict == f"target missed: {LEAD} <= 1000"
    assert known.played[1] == 10
    assert "not set aside for a missed target" in promise(found)
    none = choose(axes, Known(cells, [1.0] * 4, [TARGET_H + 1.0] * 4), Rule(COST))
    assert none.best is None
    assert promise(none) == "No cell meets the targets, so none is chosen."
    for sweep, counts in ((found, ("4", "0", "1")), (none, ("4", "4", "0"))):
        root = ET.fromstring(junit_text(sweep))  # noqa: S314  # our own words
        assert (root.get("tests"), root.get("failures"), root.get("skipped")) == counts


def test_without_an_end_nothing_is_promised(grid: tuple[list[Axis], list[Cell]]) -> None:
    """Near ties are undecided when the most replications are reached."""
    axes, cells = grid
    known = Known(cells, [5.0, 5.001, 5.002, 9.0])
    found = choose(axes, known, Rule(COST, Amount(1e-6, relative=False), most=20))
    assert not found.decided
    assert max(known.played) == 20
    assert "undecided" in [cell.verdict for cell in found.cells]
    assert promise(found).startswith("Undecided after 20 replications")


@pytest.mark.parametrize("budget", [8, 40, 61])
def test_a_budget_is_spent_to_the_last_replication(
    grid: tuple[list[Axis], list[Cell]], budget: int
) -> None:
    """No more and no less is played, most of it on the two cells that are hard to tell apart."""
    axes, cells = grid
    known = Known(cells, [9.0, 5.0, 5.3, 9.0])
    found = choose(axes, known, Rule(COST, Amount(0.1, relative=False), budget=budget))
    assert sum(known.played) == budget == found.replications
    assert found.best == 1
    assert promise(found).endswith("nothing is promised of the choice.")
    if budget > 40:
        assert known.played[1] + known.played[2] > known.played[0] + known.played[3]


def test_the_smallest_difference_may_be_a_share(grid: tuple[list[Axis], list[Cell]]) -> None:
    """One per cent of the first cell's mean over the first stage."""
    axes, cells = grid
    known = Known(cells, [100.0, 50.0, 70.0, 90.0])
    found = choose(axes, known, Rule(COST))
    first = [float(values[COST] or 0.0) for values in known.known(0)[:10]]
    assert math.isclose(found.delta, 0.01 * math.fsum(first) / 10, rel_tol=1e-12)


def test_what_cannot_be_chosen_by_is_refused(grid: tuple[list[Axis], list[Cell]]) -> None:
    """A KPI without direction, numbers outside their range, a budget too small, no number."""
    axes, cells = grid
    with pytest.raises(ValueError, match=r"^kpi: found utilisation_pickers_rate"):
        Rule("utilisation_pickers_rate")
    with pytest.raises(ValueError, match=r"^smallest: found 0"):
        Rule(COST, Amount(0.0, relative=False))
    with pytest.raises(ValueError, match=r"^max_replications: found 5"):
        Rule(COST, most=5)
    with pytest.raises(ValueError, match=r"^budget: found 7 replications; expected at least 8"):
        choose(axes, Known(cells, [1.0] * 4), Rule(COST, budget=7))

    class Unknown(Known):
        def known(self, cell: int) -> list[Values]:
            return [{COST: None, LEAD: 1.0} for _ in range(self.played[cell])]

    with pytest.raises(UndefinedKpi, match="undefined in replication 0"):
        choose(axes, Unknown(cells, [1.0] * 4), Rule(COST))
