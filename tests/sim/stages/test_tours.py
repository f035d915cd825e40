"""A tour walked aisle by aisle is the same tour."""

from __future__ import annotations

from itertools import pairwise
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.policies.routing import resolve_routing
from sim.scenario.schema.picking import PickingSection, Scan
from sim.stages.house import House
from sim.stages.order import Line, Order, Shipment, Size
from sim.stages.tours import OUTSIDE, Tour, TourWork
from sim.warehouse.layout import RectangularLayout

RULES = ("s_shape", "return", "midpoint", "largest_gap", "combined", "exact")
POSITIONS = 6


def layout_of(blocks: int) -> RectangularLayout:
    """Return a floor of four aisles with two levels, the depot between two aisles."""
    return RectangularLayout(
        4, POSITIONS, 1.5, 4.0, 1.0, 1.5, blocks=blocks, access_s_per_level=(0.0, 7.0)
    )


def work_of(rule: str, layout: RectangularLayout) -> TourWork:
    """Return what tours come to where each SKU lies at the location of its number."""
    picking = PickingSection(scan=Scan(of="lines"), sort_s_per_line=4.0)
    return TourWork(
        picking,
        0.8,
        resolve_routing(rule, layout),
        list(range(layout.locations)),
        layout,
        layout.cross_aisles_m[1:-1],
    )


def tour_of(places: list[list[int]]) -> Tour:
    """Return a tour of orders, each with lines at some places."""
    size = Size(1, 1.0, 1.0, 0, 100)
    tasks = []
    for number, stops in enumerate(places):
        order = Order(number, 0.0, 0, -1, 1.0, 0.0, 0.0, 0.0, False, False, size, 0.0, 0.0, 1)
        lines = [
            Line(place, stop, 1 + place % 3, 100, 5.0 + place, 0, False, False, 0)
            for place, stop in enumerate(stops)
        ]
        tasks.append(Shipment(number, order, lines, size))
    return Tour(0, list(tasks), 0.0)


@pytest.mark.parametrize("blocks", [1, 3])
@pytest.mark.parametrize("rule", RULES)
@given(
    st.lists(
        st.lists(st.integers(0, 4 * 2 * POSITIONS * 2 - 1), min_size=1, max_size=5),
        min_size=1,
        max_size=3,
    )
)
def test_steps_add_up_to_the_tour(rule: str, blocks: int, places: list[list[int]]) -> None:
    """Walk, search, levels, units, scans and set-up: the steps hold every second of the tour."""
    work = work_of(rule, layout_of(blocks))
    whole, cut = tour_of(places), tour_of(places)

    work.plan(cast(House, None), whole)
    steps = work.steps(cut)

    assert cut.walk_m == whole.walk_m
    assert cut.lines == whole.lines
    assert sum(step.seconds for step in steps) == pytest.approx(whole.work_s, abs=1e-6)
    assert all(step.seconds >= 0.0 for step in steps)
    assert all(a.aisle != b.aisle for a, b in pairwise(steps))


def test_an_aisle_of_two_blocks_is_two_aisles_for_those_who_wait() -> None:
    """One pick at the very back: through the front block's aisle, the back one's, and home."""
    layout = layout_of(2)
    stop = layout.location(1, 0, POSITIONS - 1)

    steps = work_of("return", layout).steps(tour_of([[stop]]))

    # aisle 1 is numbers 2 (front block) and 3 (back block); the depot stands beside it
    assert [step.aisle for step in steps] == [OUTSIDE, 2, 3, 2, OUTSIDE]


def test_what_a_task_should_take_is_its_mean_search_scans_and_units() -> None:
    """Three lines of 1, 2 and 3 units, scanned by line: no luck, no walk, no level."""
    work = work_of("return", layout_of(1))
    (task,) = tour_of([[0, 5, 9]]).tasks
    assert work.expected_s(task) == 3 * (10.0 + 2.0) + 6 * 2.5
