"""Pick lists read from a log are the tours that were walked."""

from __future__ import annotations

import numpy as np
import pytest

from optimize.pick_lists import DAY_S, PickList, busiest_day, of_day, pick_lists
from sim.log.event_log import Chunk
from sim.log.facts import Fact
from sim.policies.routing import resolve_routing
from sim.scenario.schema import Scenario
from tests.sim.engine.playing import Record, record
from tests.sim.experiments.small import SMALL


def log_of(*rows: tuple[float, Fact, int, int, float]) -> Chunk:
    """Return a log of hand-written facts."""
    time_s, fact, subject, other, value = zip(*rows, strict=True)
    return Chunk(
        np.array(time_s, dtype=np.float64),
        np.array(fact, dtype=np.uint8),
        np.array(subject, dtype=np.int32),
        np.array(other, dtype=np.int32),
        np.array(value, dtype=np.float64),
    )


@pytest.fixture(scope="module", params=["s_shape", "largest_gap", "nearest"])
def rough(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Record:
    """Three days in a shop where clerks mistype, pickers err, checks find and stock runs out."""
    from sim.scenario.loading import load

    path = tmp_path_factory.mktemp("rough") / "rough.yaml"
    path.write_text(SMALL, encoding="utf-8")
    settings = (
        f"picking.routing={request.param}",
        "orders.channels.web.entry=manual",
        "orders.per_day=80",
        "entry.error_rate_per_line=0.2",
        "entry.wrong_sku_share=0.5",
        "picking.error_rate_per_line=0.1",
        "stock.order_days=1",
    )
    scenario: Scenario = load(path, settings=settings).scenario
    return record(scenario)


def lists_of(played: Record) -> list[PickList]:
    """Return the pick lists of a record."""
    sku_of_line = played.book.demand.sku.tolist()
    return pick_lists(played.log, sku_of_line, played.setting.location_of_sku)


def test_every_tour_is_as_long_as_its_list_says(rough: Record) -> None:
    """The routing rule walks each list in exactly the metres that its tour was charged."""
    rule = resolve_routing(rough.setting.scenario.picking.routing, rough.setting.layout)
    lists = lists_of(rough)
    ended = rough.rows(Fact.TOUR_ENDED)
    assert [one.tour for one in lists] == [row.subject for row in ended]
    assert [one.ended_s for one in lists] == [row.time_s for row in ended]
    for one, row in zip(lists, ended, strict=True):
        assert one.walked_m == row.value
        assert rule.length_m(list(one.stops)) == row.value


def test_every_picked_line_is_on_one_list(rough: Record) -> None:
    """The lists hold as many lines as were picked, each tour as many as it began with."""
    lists = lists_of(rough)
    assert sum(len(one.stops) for one in lists) == rough.count(Fact.LINE_PICKED)
    begun = {row.subject: int(row.value) for row in rough.rows(Fact.TOUR_STARTED)}
    assert {one.tour: len(one.stops) for one in lists} == begun


def test_the_rough_days_are_rough(rough: Record) -> None:
    """The shop of these tests has mistyped lines and second passes, or they would prove little."""
    assert rough.count(Fact.TYPED_AS) > 5
    assert rough.count(Fact.REWORK) > 5


def test_a_mistyped_line_is_picked_where_its_wrong_sku_lies() -> None:
    """Line 1 is SKU 0, typed as SKU 2: the picker stops at the location of SKU 2."""
    log = log_of(
        (5.0, Fact.TYPED_AS, 1, 2, 1.0),
        (9.0, Fact.TOUR_ENDED, 0, 1, 30.0),
        (9.0, Fact.LINE_PICKED, 0, 1, 0.0),
        (9.0, Fact.LINE_PICKED, 1, 1, 0.0),
    )
    assert pick_lists(log, [1, 0], [10, 11, 12]) == [PickList(0, 9.0, (11, 12), 30.0, (0, 1))]


def test_a_log_without_tours_has_no_lists() -> None:
    """Nothing picked, nothing listed."""
    assert pick_lists(log_of((5.0, Fact.PLACED, 0, 0, 0.0)), [0], [10]) == []


def test_the_busiest_day_has_the_most_lines_of_the_window() -> None:
    """Lines count, not lists; days outside the window do not; the earlier day wins a tie."""
    lists = [
        PickList(0, 0.5 * DAY_S, (1,) * 9, 1.0),
        PickList(1, 1.1 * DAY_S, (1,), 1.0),
        PickList(2, 1.2 * DAY_S, (1,), 1.0),
        PickList(3, 2.5 * DAY_S, (1, 2, 3), 1.0),
        PickList(4, 3.0 * DAY_S, (4, 5, 6), 1.0),
        PickList(5, 4.0 * DAY_S, (1,) * 9, 1.0),
    ]
    assert busiest_day(lists, DAY_S, 4 * DAY_S) == 2
    assert of_day(lists, 2) == [lists[3]]
    assert of_day(lists, 1) == lists[1:3]
    assert busiest_day([], 2 * DAY_S, 4 * DAY_S) == 2
