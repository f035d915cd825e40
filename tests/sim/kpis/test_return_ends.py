"""Where returned goods end, what a return costs, and what is sent in exchange."""

from __future__ import annotations

import pytest

from sim.kpis.balance import balance
from sim.log.facts import Fact, Refusal, ReturnReason, SplitKind
from sim.scenario.schema import ROLES, Scenario
from tests.sim.kpis.journal import DAY, HOUR, Journal, demand_of

CLERKS = ROLES.index("returns_clerks")
COST_CENTS = (1000, 2000, 500)
SCENARIO = Scenario.model_validate(
    {
        "name": "x",
        "returns": {"carriage_eur": 5.0},
        "people": {"eur_per_hour": {"returns_clerks": 24.0}},
    }
)


def six_returns() -> Journal:
    """One order of six lines of SKU 0 (two units, cost 10, price 20 EUR); each ends otherwise.

    Line 0 restocked, 1 refurbished and restocked, 2 sold off, 3 scrapped, 4 refused, 5 never sent.
    A returns clerk works 2 h.
    """
    journal = Journal(demand_of([(0.0, [(0, 2, 2000)] * 6)]), COST_CENTS)
    journal.sell(0, paid_s=0.0)
    journal.ship(0, start_s=0.0)
    journal.note(0.0, Fact.ON_DUTY, 0, CLERKS)
    for line in range(6):
        journal.note(10 * DAY, Fact.RETURN_ASKED, line, 2, ReturnReason.FIT)
        if line < 4:
            journal.note(12 * DAY, Fact.RETURN_RECEIVED, line, 2)
    for day, fact, line, other, value in (
        (13, Fact.RESTOCKED, 0, 2, 0), (13, Fact.REFURBISHED, 1, 2, 300),
        (14, Fact.RESTOCKED, 1, 2, 0), (13, Fact.REFURBISHED, 2, 2, 300),
        (13, Fact.SOLD_OFF, 2, 2, 1600), (13, Fact.SCRAPPED, 3, 2, 100),
        (10, Fact.RETURN_REFUSED, 4, 2, Refusal.TOO_LATE), (30, Fact.RETURN_NEVER_CAME, 5, 2, 0),
        (12, Fact.REFUNDED, 0, 0, 4000), (12, Fact.REFUNDED, 1, 0, 4000),
        (12, Fact.REFUNDED, 2, 0, 4000), (12, Fact.REFUNDED, 3, 0, 4000),
        (11, Fact.REFUNDED, 5, 0, 4000),
    ):  # fmt: skip
        journal.note(day * DAY, fact, line, other, value)
    journal.note(13 * DAY, Fact.WORKED, 0, CLERKS, 2 * HOUR)
    journal.note(20 * DAY, Fact.OFF_DUTY, 0, CLERKS)
    return journal


def test_ends_of_returned_goods() -> None:
    """Of the eight units that came four are on the shelf, two are sold off and two are scrap."""
    kpis = six_returns().kpis()

    assert kpis["restocked_share_rate"] == pytest.approx(4 / 8)
    assert kpis["refurbished_share_rate"] == pytest.approx(4 / 8)
    assert kpis["sold_off_share_rate"] == kpis["scrapped_share_rate"] == pytest.approx(2 / 8)
    assert kpis["restock_lag_mean_h"] == pytest.approx((24 + 48) / 2)
    assert kpis["return_refused_rate"] == kpis["return_never_came_rate"] == pytest.approx(1 / 6)
    assert kpis["rate_of_return"] == pytest.approx(8 / 12)
    assert kpis["units_returned"] == kpis["units_returned_window"] == 8


def test_cost_of_a_returned_unit() -> None:
    """Carriage 4 x 5 EUR, work 2 h x 24 EUR, value lost 4 x 10 + 6 - 17 EUR, over eight units."""
    kpis = six_returns().kpis(scenario=SCENARIO)

    assert kpis["cost_of_return_carriage_per_unit_eur"] == pytest.approx(20 / 8)
    assert kpis["cost_of_return_desk_per_unit_eur"] == pytest.approx(48 / 8)
    assert kpis["cost_of_return_write_off_per_unit_eur"] == pytest.approx(29 / 8)
    assert kpis["cost_of_return_per_unit_eur"] == pytest.approx(97 / 8)
    assert kpis["refunded_never_came_eur"] == 40.0
    assert kpis["sold_off_eur"] == 17.0
    assert kpis["cost_refurbishing_per_order_eur"] == 6.0


def test_margin_knows_what_was_sold_off_and_what_it_took() -> None:
    """Two units sold off for 16 and scrap for 1 EUR earn; 6 EUR of material cost."""
    sold_off, plain = six_returns(), six_returns()
    plain.facts = [
        (time_s, fact, line, other, 0.0 if fact in (Fact.REFURBISHED, Fact.SOLD_OFF, Fact.SCRAPPED)
         else value)
        for time_s, fact, line, other, value in plain.facts
    ]  # fmt: skip

    margins = [journal.kpis(scenario=SCENARIO)["margin_eur"] for journal in (sold_off, plain)]

    assert margins[0] is not None
    assert margins[1] is not None
    assert margins[0] - margins[1] == pytest.approx(17.0 - 6.0)


def exchanged() -> Journal:
    """SKU 0 (cost 10 EUR) comes back and is restocked; SKU 1 (cost 20 EUR) is sent for it."""
    journal = Journal(demand_of([(0.0, [(0, 1, 2000)])]), COST_CENTS)
    for sku, units in enumerate((5, 5, 5)):
        journal.note(0.0, Fact.STOCK_OPENED, sku, units)
    journal.sell(0, paid_s=0.0)
    journal.ship(0, start_s=0.0)
    journal.note(3 * DAY, Fact.RETURN_ASKED, 0, 1, ReturnReason.FIT)
    journal.note(3 * DAY, Fact.SPLIT, 1, 0, SplitKind.EXCHANGE)
    journal.note(3 * DAY, Fact.EXCHANGED, 0, 1, 1)
    journal.note(4 * DAY, Fact.LINE_PICKED, 0, 1, 0.0)
    journal.note(6 * DAY, Fact.RETURN_RECEIVED, 0, 1)
    journal.note(7 * DAY, Fact.RESTOCKED, 0, 1)
    for sku, units in enumerate((5, 4, 5)):
        journal.note(9 * DAY, Fact.STOCK_CLOSED, sku, units)
    return journal


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_an_exchange_takes_another_sku_off_the_shelf(size: int) -> None:
    """Stock adds up by SKU, however the log is cut into chunks; the line itself left once."""
    tables = exchanged().tables(size=size)

    assert balance(tables).faults == ()
    assert tables.stock.picked.tolist() == [1, 1, 0]
    assert tables.stock.restocked.tolist() == [1, 0, 0]
    assert tables.lines["out_units"].tolist() == [1]
    assert tables.returns["exchange"].tolist() == [1]


def test_an_exchange_costs_the_goods_that_are_kept() -> None:
    """The customer keeps SKU 1: goods for 20 EUR, nothing paid back, an exchange for the return."""
    kpis = exchanged().kpis(scenario=SCENARIO)

    assert kpis["goods_eur"] == 20.0
    assert kpis["refunds_eur"] == 0.0
    assert kpis["exchange_share_rate"] == 1.0
    assert kpis["click_to_refund_mean_h"] is None
