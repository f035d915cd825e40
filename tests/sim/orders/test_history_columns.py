"""Columns are found by the names of shop systems; what two readings fit is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.orders.history import read_history
from sim.orders.history_columns import FoundColumns, find_columns
from sim.scenario.schema.items import ItemsSection
from sim.scenario.schema.orders import ColumnMap, HistorySection, OrdersSection

UCI = (
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    "536365,85123A,HEART,6,2010-12-01 08:26,2.55,17850,UK\n"
    "536365,POST,POSTAGE,1,2010-12-01 08:26,18,17850,UK\n"
    "C536379,85123A,HEART,-1,2010-12-13 09:41,2.55,17850,UK\n"
)
SHOPIFY = (
    "Name,Email,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku\n"
    "#1001,a@b.example,2024-01-05 10:31:22 +0100,2,Cup,4.50,CUP\n"
    "#1001,a@b.example,,1,Lamp,30.00,LAMP\n"
    "#1002,c@d.example,2024-01-06 09:00:00 +0100,1,Cup,4.50,CUP\n"
)
OLIST = (
    "order_id,order_item_id,order_purchase_timestamp,product_id,price,customer_id,customer_unique_id\n"
    "o1,1,2017-10-02 10:56:33,p1,29.99,c1,u1\n"
    "o1,2,2017-10-02 10:56:33,p1,29.99,c1,u1\n"
)
GERMAN = (
    "Bestellnummer;Bestelldatum;Artikelnummer;Menge;Einzelpreis;Kundennummer\n"
    "7;13.02.2024 10:31;A;2;1234,56;1\n"
)


def found_in(
    folder: Path, text: str, given: HistorySection | None = None, *said: str
) -> FoundColumns:
    """Write a file and find out how to read it."""
    path = folder / "orders.csv"
    path.write_text(text, encoding="utf-8")
    return find_columns(path, "orders.csv", given or HistorySection(), said)


def test_columns_of_uci_are_found(tmp_path: Path) -> None:
    """Names, time format, return documents and postage of the public data set."""
    section = found_in(tmp_path, UCI).section

    assert section.columns == ColumnMap(
        order_id="InvoiceNo", ordered_at="InvoiceDate", sku="StockCode", units="Quantity",
        unit_price="UnitPrice", customer_id="CustomerID", description="Description",
    )  # fmt: skip
    assert section.time_format == "%Y-%m-%d %H:%M"
    assert section.return_prefix == "C"
    assert section.not_goods == ["POST"]


def test_an_export_of_shopify_is_read(tmp_path: Path) -> None:
    """The order's head stands on its first line only; the customer's address is no name kept."""
    section = found_in(tmp_path, SHOPIFY).section
    orders = OrdersSection(source="history", file="orders.csv", history=section)

    history = read_history(tmp_path / "orders.csv", "orders.csv", orders, ItemsSection())

    assert section.columns.customer_id == "Email"
    assert history.demand.orders == 2
    assert history.demand.first_line.tolist() == [0, 2, 3]
    assert history.demand.placed_s[0] == 10 * 3600 + 31 * 60 + 22


def test_an_export_of_olist_has_a_row_for_each_unit(tmp_path: Path) -> None:
    """No column of units, but one of items: every row is one unit of the person's order."""
    section = found_in(tmp_path, OLIST).section
    orders = OrdersSection(source="history", file="orders.csv", history=section)

    history = read_history(tmp_path / "orders.csv", "orders.csv", orders, ItemsSection())

    assert (section.columns.units, section.columns.customer_id) == (None, "customer_unique_id")
    assert history.demand.units.tolist() == [1, 1]


def test_a_german_export_is_read(tmp_path: Path) -> None:
    """Semicolons, decimal commas, day before month."""
    section = found_in(tmp_path, GERMAN).section

    assert (section.separator, section.decimal_comma) == (";", True)
    assert section.time_format == "%d.%m.%Y %H:%M"


def test_what_the_scenario_says_goes_first(tmp_path: Path) -> None:
    """A column, a prefix and a list that somebody wrote stay, whatever the file looks like."""
    text = UCI.replace("Country", "sku")
    given = HistorySection(columns=ColumnMap(sku="StockCode"), return_prefix="X", not_goods=[])

    section = found_in(tmp_path, text, given, "columns.sku", "return_prefix", "not_goods").section

    assert (section.columns.sku, section.return_prefix, section.not_goods) == ("StockCode", "X", [])


def test_channels_are_named(tmp_path: Path) -> None:
    """The names in the channel column, in the order of the file."""
    rows = "1,2024-03-02 10:31,A,1,web\n2,2024-03-02 10:31,A,1,phone\n"
    text = "order_id,order_ts,sku,qty,channel\n" + rows

    assert found_in(tmp_path, text).channels == ("web", "phone")


def test_a_day_that_may_be_a_month_is_refused(tmp_path: Path) -> None:
    """03/02/2024 alone fits two formats; one day above 12 decides."""
    text = "order_id,order_ts,sku,qty\n1,03/02/2024 10:31,A,1\n"

    with pytest.raises(ScenarioError) as refused:
        found_in(tmp_path, text)
    decided = found_in(tmp_path, text + "2,13/02/2024 10:31,A,1\n")

    assert "%d/%m/%Y %H:%M and %m/%d/%Y %H:%M" in str(refused.value)
    assert "--set orders.history.time_format='%d/%m/%Y %H:%M'" in str(refused.value)
    assert decided.section.time_format == "%d/%m/%Y %H:%M"


def test_columns_that_cannot_be_found_are_all_told(tmp_path: Path) -> None:
    """Each missing purpose with the names that would do and the setting that names it."""
    with pytest.raises(ScenarioError) as refused:
        found_in(tmp_path, "a,b,order_ts\n1,2,2024-03-02 10:31\n")

    assert [problem.path for problem in refused.value.problems] == ["order_id", "sku", "units"]
    assert "--set orders.history.columns.sku=NAME" in str(refused.value)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "an empty file"),
        (b"PK\x03\x04rest", "a zip archive or spreadsheet"),
        (b"PAR1rest", "damaged Parquet data"),
        ("order_id,order_ts,sku,qty\n".encode("utf-16"), "byte 0xff"),
    ],
)
def test_files_that_hold_no_table_are_named(tmp_path: Path, content: bytes, told: str) -> None:
    """What is wrong with the file is said, not that its columns are missing."""
    path = tmp_path / "orders.csv"
    path.write_bytes(content)

    with pytest.raises(ScenarioError) as refused:
        find_columns(path, "orders.csv", HistorySection(), ())

    assert told in str(refused.value)
