"""Minutes of picking by the scenario's own times."""

from __future__ import annotations

from typing import Any

import pytest

from optimize.commands.day import PickedDay, units_of
from optimize.pick_lists import pick_lists
from optimize.pick_work import TourLoad, work_of
from sim.log.facts import Fact
from sim.scenario.schema import Scenario
from sim.warehouse.layout import RectangularLayout
from tests.sim.engine.playing import record, scenario_of

TIMES: dict[str, Any] = {
    "tour_setup_s": 60.0,
    "search_s": {"distribution": "deterministic", "value": 10.0},
    "take_s_per_unit": 2.0,
}
FLOOR = RectangularLayout(2, 5, access_s_per_level=(0.0, 8.0))


def scenario(**picking: Any) -> Scenario:
    """Return a scenario with round picking times, walked at 1 m a second."""
    return Scenario.model_validate(
        {"name": "x", "warehouse": {"walk_speed_m_per_s": 1.0}, "picking": {**TIMES, **picking}}
    )


@pytest.mark.parametrize(
    ("picking", "seconds"),
    [
        ({}, 60 + 30 + 2 * 10 + 3 * 2 + 8),
        ({"sort_s_per_line": 4.0}, 60 + 30 + 2 * 10 + 3 * 2 + 8 + 2 * 4),
        ({"sort_s_per_line": 4.0, "sorting": "after"}, 60 + 30 + 2 * 10 + 3 * 2 + 8),
        ({"scan": {"of": "lines", "s_per_scan": 1.5}}, 60 + 30 + 2 * 11.5 + 3 * 2 + 8),
        ({"scan": {"of": "units", "s_per_scan": 1.5}}, 60 + 30 + 2 * 10 + 3 * 3.5 + 8),
    ],
)
def test_a_tour_by_hand(picking: dict[str, Any], seconds: float) -> None:
    """Two lines of two orders, three units, one line a level up, 30 m."""
    work = work_of([TourLoad(30.0, (0, 1), 3, 2)], scenario(**picking), FLOOR)
    assert (work.tours, work.lines, work.walk_m) == (1, 2, 30.0)
    assert work.work_s == pytest.approx(seconds)
    assert work.minutes == pytest.approx(seconds / 60.0)
    assert work.lines_per_h == pytest.approx(2 * 3600.0 / seconds)


def test_no_tours_are_no_work() -> None:
    """Nothing to pick takes no time."""
    work = work_of([], scenario(), FLOOR)
    assert (work.tours, work.lines, work.walk_m, work.work_s) == (0, 0, 0.0, 0.0)


def test_tours_take_in_the_simulation_what_is_said_here() -> None:
    """Without luck in the times, the pickers' work of a run is that of its lists."""
    played = record(
        scenario_of(
            orders={"per_day": 60.0},
            run={"warm_up_days": 0.0, "horizon_days": 2.0, "cool_down_days": 0.0},
            items={"count": 60},
            stock={"unlimited": True},
            people={"at_shift_end": "finish"},
            picking={**TIMES, "error_rate_per_line": 0.0},
        )
    )
    lists = pick_lists(played.log, played.book.demand.sku.tolist(), played.setting.location_of_sku)
    day = PickedDay(lists, "all", played.book)
    started = {row.subject: row.time_s for row in played.rows(Fact.TOUR_STARTED)}
    for one in lists:
        load = TourLoad(one.walked_m, one.stops, units_of(day, one), 1)
        work = work_of([load], played.setting.scenario, played.setting.layout)
        assert one.ended_s - started[one.tour] == pytest.approx(work.work_s)
