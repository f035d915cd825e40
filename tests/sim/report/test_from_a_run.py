"""From a run to its page: the numbers of the run, the origins of its values, its warnings."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiments.compare import compare_runs
from sim.experiments.report_input import backlog_growth, report_input
from sim.experiments.run import Run, execute
from sim.kpis import KPIS
from sim.report import report_html
from sim.scenario.loading import load
from sim.warehouse.layout import RectangularLayout, location_names

SMALL = (
    "orders.per_day=60",
    "items.count=50",
    "run.warm_up_days=7",
    "run.horizon_days=7",
    "run.follow_up_days=40",
    "run.replications=2",
)
DAY_S = 86_400.0


def test_places_are_named_by_aisle_side_position_and_level() -> None:
    """Counted from 1; a floor without levels says none."""
    plain = RectangularLayout(1, 2, blocks=2)
    assert location_names(plain) == (
        "aisle 1 left 1",
        "aisle 1 left 2",
        "aisle 1 right 1",
        "aisle 1 right 2",
    )
    high = RectangularLayout(1, 1, access_s_per_level=(0.0, 8.0))
    assert location_names(high)[1:3] == ("aisle 1 left 1 level 2", "aisle 1 right 1 level 1")


def played(*settings: str) -> Run:
    """Play two small weeks."""
    return execute(load("baseline", settings=[*SMALL, *settings]))


@pytest.fixture(scope="module")
def run() -> Run:
    """Return a small week, twice."""
    return played()


def test_the_page_shows_the_run(run: Run) -> None:
    """Balance lines, digest, command and the origin of each value stand on the page."""
    report = report_input(run, "warelab run baseline --set orders.per_day=60")

    html = report_html(report)

    assert run.digest in html
    assert "warelab run baseline --set orders.per_day=60" in html
    for outcome in run.outcomes:
        assert outcome.balance.removeprefix("balance: ") in html
    origins = {setting.path: (setting.value, setting.origin) for setting in report.settings}
    assert origins["orders.per_day"] == ("60.0", "--set")
    assert origins["picking.routing"][0] == "s_shape"
    assert origins["picking.routing"][1].startswith("baseline.yaml:")
    assert origins["people.overtime_factor"] == ("1.5", "default")
    assert all("too short to tell" in notice for notice in report.notices)


def test_the_same_run_gives_the_same_bytes(run: Run) -> None:
    """Playing a scenario again gives a page of the same bytes."""
    assert report_html(report_input(run, "x")) == report_html(report_input(played(), "x"))


def test_picks_of_the_floor_are_those_of_the_log(run: Run) -> None:
    """Every pick of the window lies at a location that holds a SKU."""
    report = report_input(run, "x")

    picks = np.sum([each.picture.picks for each in report.played], axis=0)
    assert picks.sum() > 0
    assert all(report.floor.skus[place] for place in np.flatnonzero(picks))
    assert report.floor.names[0] == "aisle 1 left 1"
    assert report.floor.names[45] == "aisle 1 right 1"


def test_a_comparison_has_a_row_for_each_kpi_of_the_family(run: Run) -> None:
    """A run against itself differs by 0 in every row, and says identical."""
    report = report_input(run, "x", against=compare_runs(run, run))

    assert report.compared is not None
    rows = {row.kpi: row for row in report.compared.rows}
    assert rows["order_lead_time_mean_h"].mean == 0.0
    assert rows["order_lead_time_mean_h"].judgement == "identical"
    assert all(row.kpi in KPIS for row in report.compared.rows)


def test_a_house_that_cannot_keep_up_is_named() -> None:
    """With one picker, and nobody at weekends, for too many orders the page says it first."""
    crew = [f"staff.{shift}.pickers={heads}" for shift, heads in (("early", 1), ("late", 0))]

    report = report_input(played("orders.per_day=600", *crew, "run.replications=1"), "x")

    assert any("cannot keep up" in notice for notice in report.notices)
    assert "cannot keep up" in report_html(report).split("<h2>", maxsplit=1)[0]


def test_backlog_growth_counts_one_week_without_cancelled_orders() -> None:
    """Growth is what was placed in the week less what was shipped in it, old orders included."""
    orders = {
        "placed_s": np.array([0.0, 3.0, 8.0, 9.0, 10.0, 13.9]) * DAY_S,
        "handed_over_s": np.array([8.0, 7.0, 9.0, np.nan, np.nan, np.nan]) * DAY_S,
        "outcome": np.array(["delivered", "delivered", "delivered", "open", "cancelled", "open"]),
    }

    assert backlog_growth(orders, 14 * DAY_S) == (0, 3)
    assert backlog_growth(orders, 15 * DAY_S) == (1, 3)
