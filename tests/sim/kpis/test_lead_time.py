from __future__ import annotations

import pytest

from sim.kpis.lead_parts import PARTS
from sim.kpis.slices import Window
from sim.log.facts import CancelReason, Fact, ShortAnswer, SplitKind
from tests.sim.kpis.journal import DAY, HOUR, Journal, demand_of


def one_order() -> Journal:
    """One order: clicked at 1 h, paid at 3 h, stock at 4 h, an hour a step, at the door at 34 h."""
    journal = Journal(demand_of([(HOUR, [(0, 2, 2000)])]))
    journal.sell(0, paid_s=3 * HOUR)
    journal.ship(0, start_s=4 * HOUR)
    return journal


def test_every_part_of_a_plain_order_is_the_time_between_two_facts() -> None:
    """A plain order: each part of the lead time is the time between two neighbouring facts."""
    kpis = one_order().kpis()

    # walk 600 s = 1/6 h of the picking hour
    expected = {
        "wait_entry": 0.0, "wait_payment": 2.0, "wait_stock": 1.0, "wait_release": 1.0,
        "wait_pick": 1.0, "walk": 1 / 6, "pick": 5 / 6, "consolidate": 0.0, "stations": 0.0,
        "wait_pack": 1.0, "pack": 1.0, "wait_carrier": 1.0, "transit": 24.0,
    }  # fmt: skip
    assert tuple(expected) == PARTS
    for part, hours in expected.items():
        assert kpis[f"{part}_mean_h"] == pytest.approx(hours, abs=1e-9)
    assert kpis["order_lead_time_mean_h"] == pytest.approx(33.0)  # 1 h to 34 h
    assert kpis["click_to_ship_mean_h"] == pytest.approx(9.0)  # 1 h to 10 h


def test_a_second_pass_after_the_packing_check_adds_to_picking_and_packing() -> None:
    """A shipment that the check sends back waits, is picked and packed twice; all of it counts."""
    journal = Journal(demand_of([(0.0, [(0, 1, 2000)])]))
    journal.sell(0, paid_s=0.0)
    for hours, fact, value in (
        (0, Fact.ALLOCATED, 0.0), (0, Fact.RELEASED, 0.0),
        (1, Fact.PICK_STARTED, 0.0), (3, Fact.PICKED, 360.0),   # wait 1, walk 0.1, pick 1.9
        (4, Fact.PACK_STARTED, 0.0), (6, Fact.REWORK, 0.0),     # wait 1, pack 2
        (9, Fact.PICK_STARTED, 0.0), (10, Fact.PICKED, 720.0),  # wait 3, walk 0.2, pick 0.8
        (14, Fact.PACK_STARTED, 0.0), (15, Fact.PACKED, 0.0),   # wait 4, pack 1
        (20, Fact.HANDED_OVER, 0.0), (30, Fact.DELIVERED, 0.0), # carrier 5, transit 10
    ):  # fmt: skip
        journal.note(hours * HOUR, fact, 0, 0, value)

    kpis = journal.kpis()

    expected = {
        "wait_pick": 1.0 + 3.0, "walk": 0.1 + 0.2, "pick": 1.9 + 0.8, "wait_pack": 1 + 4,
        "pack": 2 + 1, "wait_carrier": 5, "transit": 10,
    }  # fmt: skip
    for part, total_h in expected.items():
        assert kpis[f"{part}_mean_h"] == pytest.approx(total_h, abs=1e-9)
    assert kpis["order_lead_time_mean_h"] == pytest.approx(30.0)


def test_the_leg_that_arrives_last_decides_the_lead_time() -> None:
    """An order with a backordered rest is as late as the rest, and has the parts of the rest."""
    journal = Journal(demand_of([(0.0, [(0, 1, 2000), (1, 1, 3000)])]))
    journal.sell(0, paid_s=0.0)
    journal.note(0.0, Fact.SHORT, 1, 1, ShortAnswer.BACKORDER)
    journal.note(0.0, Fact.SPLIT, 1, 0, SplitKind.BACKORDER)
    journal.ship(0, start_s=0.0, lines=[0])
    for hours, fact in (
        (48, Fact.ALLOCATED), (48, Fact.RELEASED), (49, Fact.PICK_STARTED), (50, Fact.PICKED),
        (51, Fact.PACK_STARTED), (52, Fact.PACKED), (60, Fact.HANDED_OVER), (90, Fact.DELIVERED),
    ):  # fmt: skip
        journal.note(hours * HOUR, fact, 1, 0)

    kpis = journal.kpis()

    assert kpis["order_lead_time_mean_h"] == pytest.approx(90.0)
    assert kpis["click_to_ship_mean_h"] == pytest.approx(60.0)
    assert kpis["wait_stock_mean_h"] == pytest.approx(48.0)
    assert kpis["transit_mean_h"] == pytest.approx(30.0)


@pytest.mark.parametrize(
    ("left_h", "door_h"),
    [
        ((6, 60), (30, None)),  # the rest is still on its way when the log ends
        ((60, 50), (62, 90)),  # the rest left earlier and arrived later
        ((6, 60), (None, None)),
    ],
)
def test_an_order_has_left_when_its_last_leg_left(
    left_h: tuple[float, float], door_h: tuple[float | None, float | None]
) -> None:
    """Click to ship, departures a day and orders in the house follow the leg that left last."""
    journal = Journal(demand_of([(0.0, [(0, 1, 2000), (1, 1, 3000)])]))
    journal.sell(0, paid_s=0.0)
    journal.note(0.0, Fact.PROMISED, 0, int(20 * HOUR), 50 * HOUR)
    journal.note(0.0, Fact.SHORT, 1, 1, ShortAnswer.BACKORDER)
    journal.note(0.0, Fact.SPLIT, 1, 0, SplitKind.BACKORDER)
    for leg in (0, 1):
        journal.note(left_h[leg] * HOUR, Fact.HANDED_OVER, leg, 0, 1000.0)
        arrived_h = door_h[leg]
        if arrived_h is not None:
            journal.note(arrived_h * HOUR, Fact.DELIVERED, leg)

    kpis = journal.kpis(Window(0.0, 100 * HOUR))
    later = journal.kpis(Window(59 * HOUR, 83 * HOUR))

    assert kpis["click_to_ship_mean_h"] == pytest.approx(60.0)
    assert kpis["on_time_ship_rate"] == 0.0
    assert kpis["work_in_progress_mean_orders"] == pytest.approx(0.6)
    assert later["orders_per_day"] == pytest.approx(1.0)


def test_a_dropship_leg_waits_for_stock_until_the_supplier_has_sent_it() -> None:
    """What a supplier sends has two parts after payment: waiting for stock, and transit."""
    journal = Journal(demand_of([(0.0, [(0, 1, 2000)])]))
    journal.sell(0, paid_s=HOUR)
    journal.note(HOUR, Fact.SHORT, 0, 1, ShortAnswer.DROPSHIP)
    journal.note(50 * HOUR, Fact.SENT_BY_SUPPLIER, 0)
    journal.note(70 * HOUR, Fact.DELIVERED, 0)

    kpis = journal.kpis()

    assert kpis["wait_payment_mean_h"] == pytest.approx(1.0)
    assert kpis["wait_stock_mean_h"] == pytest.approx(49.0)
    assert kpis["transit_mean_h"] == pytest.approx(20.0)
    assert sum(kpis[f"{part}_mean_h"] or 0.0 for part in PARTS) == pytest.approx(70.0)


def test_a_replacement_does_not_make_an_order_later() -> None:
    """A replacement sent after a claim is no part of the order's lead time."""
    journal = one_order()
    journal.note(100 * HOUR, Fact.SPLIT, 1, 0, SplitKind.REPLACEMENT)
    journal.note(120 * HOUR, Fact.HANDED_OVER, 1, 0, 1000.0)
    journal.note(140 * HOUR, Fact.DELIVERED, 1)

    assert journal.kpis()["order_lead_time_mean_h"] == pytest.approx(33.0)


def test_a_stage_passed_without_people_takes_no_time() -> None:
    """Where the log holds no picking or packing, their parts are 0 and the rest still adds up."""
    journal = Journal(demand_of([(0.0, [(0, 1, 2000)])]))
    journal.note(0.0, Fact.PLACED, 0)
    journal.note(5 * HOUR, Fact.HANDED_OVER, 0, 0, 100.0)
    journal.note(9 * HOUR, Fact.DELIVERED, 0)

    kpis = journal.kpis()

    assert kpis["wait_carrier_mean_h"] == pytest.approx(5.0)
    assert kpis["transit_mean_h"] == pytest.approx(4.0)
    assert sum(kpis[f"{part}_mean_h"] or 0.0 for part in PARTS) == pytest.approx(9.0)


def test_percentiles_are_observed_values() -> None:
    """A percentile p is the smallest lead time that at least p % of the orders do not exceed."""
    # Ten orders, all placed at 0, at the door after 1, 2, ..., 10 h.
    journal = Journal(demand_of([(0.0, [(0, 1, 100)])] * 10))
    for order in range(10):
        journal.note(0.0, Fact.PLACED, order)
        journal.note(HOUR * (order + 1), Fact.HANDED_OVER, order)
        journal.note(HOUR * (order + 1), Fact.DELIVERED, order)

    kpis = journal.kpis()

    assert kpis["order_lead_time_p50_h"] == 5.0  # 5 of 10 took at most 5 h
    assert kpis["order_lead_time_p90_h"] == 9.0
    assert kpis["order_lead_time_p95_h"] == 10.0
    assert kpis["order_lead_time_p99_h"] == 10.0
    assert kpis["order_lead_time_mean_h"] == pytest.approx(5.5)


def test_only_the_cohort_counts_and_it_is_followed_beyond_the_window() -> None:
    """Orders placed inside the window count, however late they arrive; others do not."""
    journal = Journal(
        demand_of([(0.0, [(0, 1, 100)]), (DAY, [(0, 1, 100)]), (2 * DAY, [(0, 1, 100)])])
    )
    for order, hours in enumerate((1, 500, 1)):
        placed_s = float(journal.demand.placed_s[order])
        journal.note(placed_s, Fact.PLACED, order)
        journal.note(placed_s + hours * HOUR, Fact.HANDED_OVER, order)
        journal.note(placed_s + hours * HOUR, Fact.DELIVERED, order)

    kpis = journal.kpis(Window(DAY, 2 * DAY))

    assert kpis["orders_placed"] == 1.0
    assert kpis["order_lead_time_mean_h"] == pytest.approx(500.0)


def test_an_order_is_open_until_every_wanted_unit_has_arrived() -> None:
    """Delivered, cancelled, open: each order of the cohort is exactly one of them."""
    journal = Journal(demand_of([(0.0, [(0, 1, 100)])] * 4))
    for order in range(4):
        journal.sell(order, paid_s=0.0)
    journal.ship(0, start_s=0.0)
    journal.note(HOUR, Fact.CANCELLED, 1, -1, CancelReason.PAYMENT)
    journal.note(HOUR, Fact.ALLOCATED, 2)
    kpis = journal.kpis()

    assert kpis["orders_placed"] == 4.0
    assert kpis["orders_delivered"] == 1.0
    assert kpis["orders_cancelled"] == 1.0
    assert kpis["orders_open"] == 2.0


def test_a_given_up_rest_does_not_hold_an_order_open() -> None:
    """When patience with the backordered rest ends, the order is delivered with what it got."""
    journal = Journal(demand_of([(0.0, [(0, 1, 2000), (1, 1, 3000)])]))
    journal.sell(0, paid_s=0.0)
    journal.note(0.0, Fact.SHORT, 1, 1, ShortAnswer.BACKORDER)
    journal.note(0.0, Fact.SPLIT, 1, 0, SplitKind.BACKORDER)
    journal.ship(0, start_s=0.0, lines=[0])
    journal.note(20 * DAY, Fact.BACKORDER_CANCELLED, 1, 1)

    kpis = journal.kpis()

    assert kpis["orders_delivered"] == 1.0
    assert kpis["order_lead_time_mean_h"] == pytest.approx(30.0)
    assert kpis["perfect_order_rate"] == 0.0  # not complete
    assert kpis["units_sold"] == 1.0


def test_work_in_progress_is_the_area_under_the_orders_in_the_house() -> None:
    """Orders in the house on average = sum of their stays inside the window / its length."""
    # Window 0 to 10 h. Order 0 stays 1 h to 10 h (left at 10 h): 9 h; order 1 from 2 h, open: 8 h.
    journal = Journal(demand_of([(HOUR, [(0, 1, 100)]), (2 * HOUR, [(0, 1, 100)])]))
    journal.sell(0, paid_s=HOUR)
    journal.ship(0, start_s=4 * HOUR)
    journal.sell(1, paid_s=2 * HOUR)

    kpis = journal.kpis(Window(0.0, 10 * HOUR))

    assert kpis["work_in_progress_mean_orders"] == pytest.approx(1.7)


def test_throughput_counts_departures_inside_the_window() -> None:
    """Orders shipped a day: departures inside the window, whenever the order was placed."""
    journal = one_order()  # leaves at 10 h

    assert journal.kpis(Window(5 * HOUR, 5 * HOUR + 2 * DAY))["orders_per_day"] == 0.5
    assert journal.kpis(Window(11 * HOUR, 11 * HOUR + DAY))["orders_per_day"] == 0.0
