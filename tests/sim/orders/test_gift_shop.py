from __future__ import annotations

import csv
from pathlib import Path

import pytest

from sim.orders.history import History, read_history
from sim.scenario.loading import load
from tools.make_gift_shop import TARGET, history

LARGEST_BYTES = 1_200_000


@pytest.fixture(scope="module")
def gift_shop() -> History:
    """History of the scenario that comes with warelab."""
    loaded = load("gift-shop")
    scenario = loaded.scenario
    path = loaded.external_files["orders.file"]
    return read_history(path, "orders.csv", scenario.orders, scenario.items)


def test_shipped_history_is_what_its_script_makes() -> None:
    """The script makes the shipped file byte for byte, and the file stays small."""
    shipped = TARGET.read_bytes()

    assert history().encode() == shipped
    assert len(shipped) <= LARGEST_BYTES


def test_shipped_history_has_the_figures_it_was_fitted_to(gift_shop: History) -> None:
    """Lines, customers and returns lie near the fitted shop: 15 lines in the median, and so on."""
    report = gift_shop.report

    assert (report.orders, report.days) == (960, 28)
    # 12,495 orders of nine months: 15 lines in the median, 25.05 in the mean (sd 45, 1.5 here).
    assert 13 <= report.median_lines_per_order <= 18
    assert abs(report.mean_lines_per_order - 25.05) < 3 * 1.5
    # May 2011: 1.473 orders for each known customer, 8.4 % of the orders without one.
    assert abs(report.orders_per_known_customer - 1.473) < 0.1
    assert abs(1.0 - report.orders_of_known_customers / report.orders - 0.084) < 3 * 0.009
    # 10.7 units on a line; the rate of return was 1.483 % in May, 4.493 % with two giant ones.
    assert 8.0 < report.units / report.order_lines < 13.0
    assert 0.005 < report.rate_of_return < 0.03


def test_shipped_history_has_the_dirt_of_a_real_one(gift_shop: History) -> None:
    """Repeated rows, write-offs, rows at price 0, services and unknown customers are all there."""
    report = gift_shop.report

    assert report.repeated_rows > 0
    assert [group.reason for group in report.left_out] == [
        "units below 0 without a return document: write-off",
        "price 0",
    ]
    assert [service.sku for service in report.services] == ["CARRIAGE", "VOUCHER-10"]
    assert report.unseen_services == ()
    assert (gift_shop.demand.customer == -1).any()
    assert all(code.startswith("0") for code in gift_shop.catalogue.codes)


def test_nobody_orders_on_a_saturday(gift_shop: History) -> None:
    """As in the shop it was fitted to, no order is placed on a Saturday."""
    days = (gift_shop.demand.placed_s // 86_400).astype(int)
    weekdays = (gift_shop.start_date.weekday() + days) % 7

    assert sorted(set(weekdays.tolist())) == [0, 1, 2, 3, 4, 6]


def test_no_code_is_taken_from_the_real_shop(shared_data: Path) -> None:
    """Codes and order numbers of the synthetic history occur nowhere in the real one."""
    path = shared_data / "data" / "online_retail" / "online_retail_2011-05.csv"
    if not path.is_file():
        pytest.skip(f"{path.name} is not in the folder of published data")
    with path.open(encoding="utf-8", newline="") as file:
        real = {row["StockCode"] for row in csv.DictReader(file)}
    with TARGET.open(encoding="utf-8", newline="") as file:
        synthetic = {row["sku"] for row in csv.DictReader(file)}

    assert not real & synthetic


def test_online_retail_reads_the_public_data(shared_data: Path) -> None:
    """The scenario of the public data set needs no more than the place of the file."""
    folder = shared_data / "data" / "online_retail"
    path = folder / "online_retail_2011-05.csv"
    if not path.is_file():
        pytest.skip(f"{path.name} is not in the folder of published data")
    loaded = load("online-retail", settings=[f"orders.file={path}"])
    scenario = loaded.scenario

    imported = read_history(path, path.name, scenario.orders, scenario.items)

    assert imported.report.orders == 1681
    assert imported.report.warehouse.orders == 1668
    assert [service.sku for service in imported.report.services][:3] == ["POST", "DOT", "M"]
    assert scenario.warehouse.layout.aisles * 2 * 96 >= 3628
