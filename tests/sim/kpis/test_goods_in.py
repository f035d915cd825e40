"""Docks and pick faces: gate to shelf, waits for a door and for a top-up."""

from __future__ import annotations

import pytest

from sim.kpis.people_tables import PICKERS, RECEIVERS, REPLENISHERS
from sim.kpis.series import queue_by_hour
from sim.kpis.slices import Window
from sim.log.facts import Fact
from tests.sim.kpis.journal import HOUR, Journal, demand_of

MINUTE = 60.0


def deliveries() -> Journal:
    """Three trucks. 0: at 0 h, docked at once, on the shelf at 2 h. 1: at 1 h, docked at 3 h, on
    the shelf at 9 h. 2: at 5 h, docked at 9 h, never on the shelf.

    Receivers work 60 min until 2 h, 120 min until 9 h; a picker helps out for 30 min until 4 h.
    """
    journal = Journal(demand_of([(0.0, [(0, 1, 1000)])]))
    journal.sell(0, paid_s=0.0)
    for delivery, came_h, docked_h, shelf_h in ((0, 0, 0, 2), (1, 1, 3, 9), (2, 5, 9, None)):
        journal.note(came_h * HOUR, Fact.TRUCK_ARRIVED, delivery, 10, float(delivery))
        journal.note(docked_h * HOUR, Fact.DOCKED, delivery, 0)
        if shelf_h is not None:
            journal.note(shelf_h * HOUR, Fact.PUT_AWAY, delivery)
            journal.note(shelf_h * HOUR, Fact.RECEIVED, 0, 10, float(delivery))
    for end_h, person, role, minutes in (
        (2, 0, RECEIVERS, 60), (9, 0, RECEIVERS, 120), (4, 1, RECEIVERS, 30), (5, 1, PICKERS, 60),
    ):  # fmt: skip
        journal.note(end_h * HOUR, Fact.WORKED, person, role, minutes * MINUTE)
    return journal


def test_dock_to_stock_runs_from_the_gate_to_the_shelf() -> None:
    """2 h and 8 h; the truck that is not done is out."""
    kpis = deliveries().kpis()

    assert kpis["dock_to_stock_mean_h"] == pytest.approx((2 + 8) / 2)
    assert kpis["dock_to_stock_p90_h"] == pytest.approx(8)
    assert kpis["dock_wait_mean_h"] == pytest.approx((0 + 2 + 4) / 3)


def test_deliveries_count_in_the_window_in_which_they_end() -> None:
    """From 2.5 h on: one on the shelf after 8 h, two docked; work of 120 + 30 minutes."""
    kpis = deliveries().kpis(Window(2.5 * HOUR, 20 * HOUR))

    assert kpis["dock_to_stock_mean_h"] == pytest.approx(8)
    assert kpis["dock_wait_mean_h"] == pytest.approx((2 + 4) / 2)
    assert kpis["receiver_min_per_delivery"] == pytest.approx(150.0)


def test_a_delivery_costs_the_work_of_whoever_receives_it() -> None:
    """60 + 120 minutes of receivers and 30 of the picker who helps, over two deliveries."""
    assert deliveries().kpis()["receiver_min_per_delivery"] == pytest.approx(210 / 2)


def faces() -> Journal:
    """One day of eight picked lines. Three top-ups are asked for and one called off.

    SKU 0: at 1 h, begun at 2 h, done at 3 h. SKU 1: an emergency at 1 h, begun and done at 2 h.
    SKU 2: at 4 h, an emergency from 5 h on, called off at 6 h. Lines wait for 30 and 0 minutes.
    """
    journal = Journal(demand_of([(0.0, [(0, 1, 1000)] * 8)]))
    journal.sell(0, paid_s=0.0)
    for line in range(8):
        journal.note(HOUR, Fact.LINE_PICKED, line, 1)
    for time_h, fact, sku, other, value in (
        (1, Fact.TOP_UP_ASKED, 0, 5, 0.0), (1, Fact.TOP_UP_ASKED, 1, 5, 1.0),
        (2, Fact.TOP_UP_STARTED, 0, 7, 5.0), (2, Fact.TOP_UP_STARTED, 1, 8, 5.0),
        (2, Fact.TOPPED_UP, 1, 5, 0.0), (2, Fact.WAITED_FOR_TOP_UP, 1, 2, 30 * MINUTE),
        (3, Fact.TOPPED_UP, 0, 5, 0.0), (3, Fact.WAITED_FOR_TOP_UP, 0, 1, 0.0),
        (4, Fact.TOP_UP_ASKED, 2, 5, 0.0), (5, Fact.TOP_UP_LIFTED, 2, -1, 0.0),
        (6, Fact.TOP_UP_CALLED_OFF, 2, -1, 0.0),
    ):  # fmt: skip
        journal.note(time_h * HOUR, fact, sku, other, value)
    return journal


def test_top_ups_emergencies_and_waits() -> None:
    """Two faces topped up and two emergencies in a day of eight lines; waits of 30 and 0 min."""
    kpis = faces().kpis(Window(0.0, 24 * HOUR))

    assert kpis["top_ups_per_day"] == pytest.approx(2)
    assert kpis["emergency_top_ups_per_1000_lines"] == pytest.approx(2 / 8 * 1000)
    assert kpis["pick_face_wait_mean_min"] == pytest.approx(15)


def test_top_ups_count_in_the_window() -> None:
    """From 2.5 h to 14.5 h: one done and one lifted, no line picked, one wait of 0."""
    kpis = faces().kpis(Window(2.5 * HOUR, 14.5 * HOUR))

    assert kpis["top_ups_per_day"] == pytest.approx(2)  # one in half a day
    assert kpis["emergency_top_ups_per_1000_lines"] is None
    assert kpis["pick_face_wait_mean_min"] == 0.0


def test_replenishers_have_a_line_in_the_picture_of_the_week() -> None:
    """Two wait from 1 h to 2 h, one from 4 h to 6 h."""
    queue = queue_by_hour(faces().account(Window(0.0, 24 * HOUR)), REPLENISHERS)

    assert queue.mean[:7].tolist() == pytest.approx([0, 2, 0, 0, 1, 1, 0])


def test_without_docks_and_faces_their_figures_are_undefined() -> None:
    """A house that receives in one go, and picks from whole stock."""
    journal = Journal(demand_of([(0.0, [(0, 1, 1000)])]))
    journal.sell(0, paid_s=0.0)
    journal.note(HOUR, Fact.LINE_PICKED, 0, 1)
    kpis = journal.kpis()

    undefined = [
        "dock_to_stock_mean_h", "dock_to_stock_p90_h", "dock_wait_mean_h",
        "receiver_min_per_delivery", "top_ups_per_day", "emergency_top_ups_per_1000_lines",
        "pick_face_wait_mean_min",
    ]  # fmt: skip
    assert [name for name in undefined if kpis[name] is not None] == []
