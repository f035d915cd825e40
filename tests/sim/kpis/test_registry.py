from __future__ import annotations

import subprocess
import sys
from functools import partial

import pytest

from sim.kpis import KPIS
from sim.kpis.columns import Numbered, Rows
from sim.log.facts import Fact
from tests.sim.kpis.journal import DAY, Journal, demand_of, plain_scenario

PROMISED_NAMES = """
order_lead_time_mean_h order_lead_time_p50_h order_lead_time_p90_h order_lead_time_p95_h
order_lead_time_p99_h click_to_ship_mean_h click_to_ship_p50_h click_to_ship_p99_h wait_entry_mean_h
wait_payment_mean_h wait_stock_mean_h wait_release_mean_h wait_pick_mean_h walk_mean_h pick_mean_h
wait_pack_mean_h pack_mean_h wait_carrier_mean_h transit_mean_h on_time_delivery_rate
on_time_ship_rate perfect_order_rate promise_kept_rate picking_accuracy_lines_rate
shipped_accuracy_orders_rate rate_of_return rate_of_return_window click_to_refund_mean_h
return_cycle_mean_h purchase_frequency_per_year orders_per_active_customer repeat_share
lost_orders_rate fill_rate_units fill_rate_lines fill_rate_orders backorder_lines_rate
turned_away_rate dropship_rate oversale_rate backorder_age_mean_h on_hand_mean_units turns_per_year
orders_per_day orders_placed orders_delivered orders_cancelled orders_open
work_in_progress_mean_orders utilisation_pickers_rate utilisation_returns_clerks_rate
lines_per_labour_hour orders_per_labour_hour walk_m_per_line lines_per_tour cost_per_order_eur
revenue_eur refunds_eur net_revenue_eur margin_eur void_share_rate billed_kg_per_order
boxes_per_order missed_truck_rate
"""


@pytest.mark.parametrize("name", PROMISED_NAMES.split())
def test_names_are_stable(name: str) -> None:
    """Targets, baselines and reports name these KPIs: none of them may disappear."""
    assert KPIS[name].name == name


@pytest.mark.parametrize("name", KPIS)
def test_every_kpi_explains_itself(name: str) -> None:
    """Each KPI has a title, a family, and a formula in the docstring of its function."""
    definition = KPIS[name]
    function = definition.function
    while isinstance(function, partial):
        function = function.func

    assert definition.title
    assert definition.family
    assert function.__doc__


def test_an_undefined_kpi_says_why() -> None:
    """Whatever has no value in an empty log has a sentence that says when that is so."""
    kpis = Journal(demand_of([])).kpis()

    silent = [name for name, value in kpis.items() if value is None and not KPIS[name].undefined]

    assert silent == []


def test_counts_and_cents_are_exact() -> None:
    """Order counts are whole numbers and money is whole cents."""
    journal = Journal(demand_of([(0.0, [(0, 3, 333)])] * 3))
    for order in range(3):
        journal.sell(order, paid_s=0.0)
        journal.ship(order, start_s=0.0)
    kpis = journal.kpis(scenario=plain_scenario())

    assert kpis["orders_placed"] == 3.0
    assert kpis["revenue_eur"] == 29.97  # 9 x 333 cents


def test_kpis_need_neither_clock_nor_stages() -> None:
    """The KPIs of a real warehouse's log are computed without loading the simulator."""
    code = (
        "import sys; import sim.kpis, sim.kpis.series; "
        "print([m for m in sys.modules if m.split('.')[0] in ('simpy', 'scipy', 'pandas')"
        " or m.startswith(('sim.engine', 'sim.stages', 'sim.clock'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_tables_stay_within_their_memory() -> None:
    """250 bytes an order of 2.5 lines, three pieces of work, half a tour, a fifth of a return."""
    orders = 20_000
    lines = [[(0, 1, 100)] * (2 + k % 2) for k in range(orders)]
    journal = Journal(demand_of([(float(k), of) for k, of in enumerate(lines)]))
    for order in range(orders):
        journal.note(DAY, Fact.PLACED, order)
        for person in range(3):
            journal.note(DAY, Fact.WORKED, person, 1, 0.0)
        if order % 2:
            journal.note(DAY, Fact.TOUR_STARTED, order // 2, 0, 5.0)
        if order % 5 == 0:
            journal.note(2 * DAY, Fact.RETURN_ASKED, 2 * order, 1, 1.0)

    assert journal.tables().nbytes / orders < 250


def test_rows_grow_and_keep_what_was_written() -> None:
    """Rows appended in blocks of any size are read back in order."""
    rows = Rows(number="i4", time_s="f8")
    for block in (0, 1, 5000, 2):
        start = rows.count
        rows.append(block, number=range(start, start + block), time_s=0.5)

    assert rows["number"].tolist() == list(range(5003))
    assert set(rows["time_s"].tolist()) == {0.5}


def test_records_are_made_on_demand_and_start_empty() -> None:
    """Room made for a record number holds the empty value until it is written."""
    table = Numbered(2, units=("i4", -1))
    table.reach(4000)
    table["units"][4000] = 7

    assert table.size == 4001
    assert table["units"][[0, 1, 3999, 4000]].tolist() == [-1, -1, -1, 7]
