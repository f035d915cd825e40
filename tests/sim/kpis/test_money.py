from __future__ import annotations

import math

import pytest

from sim.kpis.account import Account
from sim.kpis.money import margin_eur, margin_per_order_eur, money_steps_eur
from sim.kpis.people_tables import PICKERS
from sim.log.facts import Fact, ReturnReason, ShortAnswer, SplitKind
from tests.sim.kpis.journal import DAY, HOUR, Journal, demand_of, plain_scenario

SCENARIO = plain_scenario(
    people={"eur_per_hour": {"pickers": 20.0}, "overtime_factor": 1.5},
    packing={
        "boxes": {
            # Named large first: the log numbers boxes by volume, so box 0 is the small one.
            "large": {"length_mm": 200.0, "width_mm": 100.0, "height_mm": 100.0, "price_eur": 1.0},
            "small": {"length_mm": 100.0, "width_mm": 100.0, "height_mm": 100.0, "price_eur": 0.5},
        },
        "void_fill_eur_per_l": 0.1,
    },
    shipping={"services": {"standard": {"price_eur": 4.0, "price_eur_per_kg": 0.25}}},
    returns={"carriage_eur": 5.0},
    stockouts={"dropship_cost_share": 0.2},
)


def sold() -> Journal:
    """One order of 2 x SKU 0 (price 20, cost 10 EUR), in box 0 with 500 ml void, billed 2 kg.

    Picker 0 is paid for 3 h, one of them overtime. One unit comes back, is restocked, refunded.
    """
    journal = Journal(demand_of([(0.0, [(0, 2, 2000)])]))
    journal.sell(0, paid_s=0.0)
    journal.ship(0, start_s=0.0)
    journal.note(0.0, Fact.ON_DUTY, 0, PICKERS)
    journal.note(3 * HOUR, Fact.OFF_DUTY, 0, PICKERS, HOUR)
    journal.note(5 * DAY, Fact.RETURN_ASKED, 0, 1, ReturnReason.FIT)
    journal.note(6 * DAY, Fact.RETURN_RECEIVED, 0, 1)
    journal.note(7 * DAY, Fact.RESTOCKED, 0, 1)
    journal.note(8 * DAY, Fact.REFUNDED, 0, 0, 2000)
    return journal


def test_cost_of_an_order_is_the_sum_of_its_parts() -> None:
    """Labour 2 h x 20, overtime 1 h x 20 x 1.5, box 0.5 + 0.5 l x 0.1, carriage 4 + 2 kg x 0.25."""
    kpis = sold().kpis(scenario=SCENARIO)

    assert kpis["cost_labour_per_order_eur"] == pytest.approx(40.0)
    assert kpis["cost_overtime_per_order_eur"] == pytest.approx(30.0)
    assert kpis["cost_boxes_per_order_eur"] == pytest.approx(0.55)
    assert kpis["cost_carriage_per_order_eur"] == pytest.approx(4.5)
    assert kpis["cost_returns_per_order_eur"] == pytest.approx(5.0)
    assert kpis["cost_dropship_per_order_eur"] == 0.0
    assert kpis["cost_per_order_eur"] == pytest.approx(80.05)


def test_margin_is_what_remains_of_the_net_revenue() -> None:
    """Captured 40, refunded 20, goods 2 - 1 units of 10, costs 80.05: margin 20 - 10 - 80.05."""
    kpis = sold().kpis(scenario=SCENARIO)

    assert kpis["revenue_eur"] == 40.0
    assert kpis["refunds_eur"] == 20.0
    assert kpis["net_revenue_eur"] == 20.0
    assert kpis["goods_eur"] == 10.0
    assert kpis["margin_eur"] == pytest.approx(-70.05)


def test_boxes_of_an_order() -> None:
    """Void / inside volume, boxes and billed kilograms an order; each box costs carriage."""
    journal = sold()
    journal.note(5 * HOUR, Fact.EXTRA_BOX, 0, 1, 1500.0)  # the large box of 2 l

    kpis = journal.kpis(scenario=SCENARIO)

    assert kpis["boxes_per_order"] == 2.0
    assert kpis["void_share_rate"] == pytest.approx((500 + 1500) / (1000 + 2000))
    assert kpis["billed_kg_per_order"] == pytest.approx(2.0)
    assert kpis["cost_boxes_per_order_eur"] == pytest.approx(0.5 + 1.0 + 2.0 * 0.1)
    assert kpis["cost_carriage_per_order_eur"] == pytest.approx(2 * 4.0 + 0.5)


def test_a_replacement_costs_and_earns_nothing() -> None:
    """A replacement is carried and its goods are spent; it captures no money and sells no unit."""
    journal = sold()
    journal.note(9 * DAY, Fact.SPLIT, 1, 0, SplitKind.REPLACEMENT)
    journal.note(9 * DAY, Fact.LINE_PICKED, 0, 1)
    journal.note(10 * DAY, Fact.HANDED_OVER, 1, 0, 1000.0)

    kpis = journal.kpis(scenario=SCENARIO)

    assert kpis["goods_eur"] == 20.0
    assert kpis["cost_carriage_per_order_eur"] == pytest.approx(4.5 + 4.25)
    assert kpis["units_sold"] == 2.0
    assert kpis["orders_delivered"] == 1.0


def test_a_dropshipped_line_costs_goods_and_the_suppliers_charge() -> None:
    """Supplier's charge = share of the sales price; own carriage is not paid for that leg."""
    journal = Journal(demand_of([(0.0, [(1, 3, 5000)])]))  # SKU 1 costs 20 EUR
    journal.sell(0, paid_s=0.0)
    journal.note(0.0, Fact.SHORT, 0, 3, ShortAnswer.DROPSHIP)
    journal.note(DAY, Fact.SENT_BY_SUPPLIER, 0)
    journal.note(DAY, Fact.CAPTURED, 0, 0, 15_000)
    journal.note(2 * DAY, Fact.DELIVERED, 0)

    kpis = journal.kpis(scenario=SCENARIO)

    assert kpis["goods_eur"] == 60.0
    assert kpis["cost_dropship_per_order_eur"] == pytest.approx(0.2 * 150.0)
    assert kpis["cost_carriage_per_order_eur"] == 0.0
    assert kpis["units_sold"] == 3.0


def test_the_steps_lead_from_the_money_charged_to_the_margin() -> None:
    """All that comes in and goes out adds up to the margin; the one order has all of it."""
    account = Account(sold().tables(), SCENARIO)

    steps = money_steps_eur(account)

    assert steps["money charged"] == 40.0
    assert steps["money given back"] == -20.0
    assert math.fsum(steps.values()) == pytest.approx(margin_eur(account), abs=1e-9)
    assert margin_per_order_eur(account) == pytest.approx(margin_eur(account))
