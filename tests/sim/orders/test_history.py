from __future__ import annotations

import csv
import datetime
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.orders.history import History, read_history
from sim.scenario.schema.items import Category, ItemsSection
from sim.scenario.schema.laws import Deterministic
from sim.scenario.schema.orders import Channel, ColumnMap, HistorySection, OrdersSection

ONLINE_RETAIL = ColumnMap(
    order_id="InvoiceNo",
    ordered_at="InvoiceDate",
    sku="StockCode",
    units="Quantity",
    unit_price="UnitPrice",
    customer_id="CustomerID",
)
ALL_COLUMNS = ColumnMap(
    order_id="order",
    ordered_at="time",
    sku="sku",
    units="units",
    unit_price="price",
    customer_id="customer",
    description="what",
)
HEADER = "order,time,sku,units,price,customer,what\n"
NOT_GOODS = ["POST", "FEE"]


def section(columns: ColumnMap = ALL_COLUMNS, /, **words: object) -> OrdersSection:
    """Return orders with a history; the scenario's words come as keywords."""
    defaults = {"columns": columns, "return_prefix": "C", "not_goods": NOT_GOODS}
    history = HistorySection.model_validate(defaults | words)
    return OrdersSection(source="history", file="orders.csv", history=history)


def read_text(
    folder: Path,
    text: str,
    orders: OrdersSection | None = None,
    items: ItemsSection | None = None,
    encoding: str = "utf-8",
) -> History:
    """Write a file and import it."""
    path = folder / "orders.csv"
    path.write_bytes(text.encode(encoding))
    return read_history(path, "orders.csv", orders or section(), items or ItemsSection())


SMALL = (
    HEADER
    # Row 2 to 4: an order of two times and a service; the lamp twice.
    + "1001,2024-03-02 10:31,LAMP,2,10.00,17850,a lamp\n"
    + "1001,2024-03-02 10:30,LAMP,1,12.00,17850,a lamp\n"
    + "1001,2024-03-02 10:31,POST,1,4.00,17850,postage\n"
    # Row 5 and 6 say the same; the customer is unknown.
    + "1002,2024-03-01 09:00,CUP,6,1.005,,a cup\n"
    + "1002,2024-03-01 09:00,CUP,6,1.005,,a cup\n"
    # Row 7: nothing but a service. Row 8: same minute as 1002, later in the file.
    + "1003,2024-03-03 08:00,FEE,1,1.00,99999,fee\n"
    + "1004,2024-03-01 09:00,LAMP,3,0.001,17850,a lamp\n"
    # Row 9: returned. Row 10 to 15: left out, each for its own reason.
    + "C1005,2024-03-04 12:00,LAMP,-2,10.00,17850,a lamp\n"
    + "1006,2024-03-04 12:00,CUP,-5,0.00,,broken\n"
    + "1007,2024-03-04 12:00,CUP,5,0,,found\n"
    + "A1008,2024-03-04 12:00,B,1,-11062.06,,bad debt\n"
    + "C1009,2024-03-04 12:00,CUP,4,1.00,,odd\n"
    + "1010,2024-03-04 12:00,,4,1.00,,\n"
    + "1011,,CUP,4,1.00,,a cup\n"
)


def test_figures_of_a_small_export_are_those_counted_by_hand(tmp_path: Path) -> None:
    """Every figure of the report equals the one counted by hand in fourteen rows."""
    report = read_text(tmp_path, SMALL).report

    assert report.rows == 14
    # 1001 (3 lines, 4 units), 1002 (2, 12), 1003 (1, 1), 1004 (1, 3).
    assert (report.orders, report.order_lines, report.units, report.skus) == (4, 7, 20, 4)
    assert report.mean_lines_per_order == 7 / 4
    assert report.median_lines_per_order == 1.5
    assert (report.returned_rows, report.returned_units) == (1, 2)
    assert report.rate_of_return == 2 / 20
    # 17850 ordered twice, 99999 once, order 1002 is nobody's.
    assert (report.known_customers, report.orders_of_known_customers) == (2, 3)
    assert report.orders_per_known_customer == 1.5
    assert (report.repeated_rows, report.orders_with_several_times) == (1, 1)
    assert report.orders_of_services_only == 1
    assert [(s.sku, s.lines, s.units) for s in report.services] == [("FEE", 1, 1), ("POST", 1, 1)]
    assert (report.first_day, report.last_day) == (
        datetime.date(2024, 3, 1),
        datetime.date(2024, 3, 3),
    )
    assert [(group.reason, group.rows, group.first_rows) for group in report.left_out] == [
        ("no SKU", 1, (14,)),
        ("units below 0 without a return document: write-off", 1, (10,)),
        ("return document without units below 0", 1, (13,)),
        ("price 0", 1, (11,)),
        ("price below 0", 1, (12,)),
        ("order without a time", 1, (15,)),
    ]
    house = report.warehouse
    assert (house.orders, house.lines, house.units, house.returned_units) == (3, 5, 18, 2)
    assert (house.skus, house.customers) == (2, 1)


def test_demand_of_a_small_export_is_the_one_worked_out_by_hand(tmp_path: Path) -> None:
    """Orders run by time and then by row, services are gone, two lines of one SKU stay two."""
    history = read_text(tmp_path, SMALL)
    demand, catalogue = history.demand, history.catalogue

    assert history.start_date == datetime.date(2024, 3, 1)
    assert history.days == 3
    assert catalogue.codes == ("CUP", "LAMP")
    # 1002 and 1004 at 09:00 of the first day, 1001 at 10:30 of the second.
    assert demand.placed_s.tolist() == [32400.0, 32400.0, 86400.0 + 37800.0]
    assert demand.first_line.tolist() == [0, 2, 3, 5]
    assert demand.sku.tolist() == [0, 0, 1, 1, 1]
    assert demand.units.tolist() == [6, 6, 3, 2, 1]
    # 1.005 is 100.5 cents, rounded half up; 0.001 is a tenth of a cent, at least one.
    assert demand.price_cents.tolist() == [101, 101, 1, 1000, 1200]
    assert demand.customer.tolist() == [-1, 0, 0]
    assert demand.customers == 1
    assert demand.channels == ("web",)
    assert catalogue.price_cents.tolist() == [101, 1000]
    assert catalogue.popularity.tolist() == [0.4, 0.6]
    assert history.descriptions == ("a cup", "a lamp")


@pytest.mark.parametrize(
    ("file", "figures", "per_order", "rate_of_return", "per_customer"),
    [
        (
            "online_retail_2011-05.csv",
            (37_030, 1_681, 36_164, 395_738, 5_868, 2_458, 1_056),
            ("21.51", 14),
            "1.483%",
            "1.473",
        ),
        (
            "online_retail_2010-12_to_2011-08.parquet",
            (320_705, 12_495, 313_059, 3_325_400, 149_402, 3_628, 3_317),
            ("25.05", 15),
            "4.493%",
            "3.441",
        ),
    ],
)
def test_published_figures_of_online_retail_are_reproduced(
    shared_data: Path,
    file: str,
    figures: tuple[int, ...],
    per_order: tuple[str, int],
    rate_of_return: str,
    per_customer: str,
) -> None:
    """Every published figure of the UCI Online Retail data comes out exactly."""
    path = shared_data / "data" / "online_retail" / file
    if not path.is_file():
        pytest.skip(f"{file} is not in the folder of published data")

    history = read_history(path, file, section(ONLINE_RETAIL), ItemsSection())

    report = history.report
    assert figures == (
        report.rows,
        report.orders,
        report.order_lines,
        report.units,
        report.returned_units,
        report.skus,
        report.known_customers,
    )
    assert f"{report.mean_lines_per_order:.2f}" == per_order[0]
    assert report.median_lines_per_order == per_order[1]
    assert f"{report.rate_of_return:.3%}" == rate_of_return
    assert f"{report.orders_per_known_customer:.3f}" == per_customer
    assert report.order_lines + report.returned_rows + report.rows_left_out == report.rows
    assert_sound(history)


def assert_sound(history: History) -> None:
    """Assert what holds for the demand of every history."""
    demand, catalogue = history.demand, history.catalogue
    assert (np.diff(demand.placed_s) >= 0.0).all()
    assert demand.placed_s[0] >= 0.0
    assert demand.placed_s[-1] < history.days * 86_400.0
    assert (np.diff(demand.first_line) >= 1).all()
    assert demand.first_line[0] == 0
    assert demand.first_line[-1] == demand.lines == len(demand.units) == len(demand.price_cents)
    assert len(demand.customer) == len(demand.channel) == demand.orders
    assert (demand.units >= 1).all()
    assert (demand.price_cents >= 1).all()
    assert set(np.unique(demand.sku).tolist()) == set(range(catalogue.count))
    assert abs(catalogue.popularity.sum() - 1.0) < 1e-12
    assert not set(catalogue.codes) & set(NOT_GOODS)
    known = demand.customer[demand.customer >= 0]
    assert set(known.tolist()) == set(range(demand.customers))


def test_parquet_says_what_the_csv_says(tmp_path: Path) -> None:
    """Typed columns, dictionary columns and missing numbers give the history of the same CSV."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = list(csv.DictReader(SMALL.splitlines()))
    times = [
        datetime.datetime.strptime(row["time"], "%Y-%m-%d %H:%M") if row["time"] else None  # noqa: DTZ007
        for row in rows
    ]
    table = pa.table(
        {
            "order": pa.array([row["order"] for row in rows]).dictionary_encode(),
            "time": pa.array(times, type=pa.timestamp("ns")),
            "sku": pa.array([row["sku"] or None for row in rows]),
            "units": pa.array([int(row["units"]) for row in rows], type=pa.int32()),
            "price": pa.array([float(row["price"]) for row in rows]),
            # As pandas writes an integer column with gaps.
            "customer": pa.array([float(row["customer"] or "nan") for row in rows]),
            "what": pa.array([row["what"] for row in rows]),
        }
    )
    pq.write_table(table, tmp_path / "orders.parquet")

    of_csv = read_text(tmp_path, SMALL)
    of_parquet = read_history(tmp_path / "orders.parquet", "orders.csv", section(), ItemsSection())

    assert of_parquet.report == of_csv.report
    assert as_lists(of_parquet) == as_lists(of_csv)


def as_lists(history: History) -> dict[str, object]:
    """Return a history as plain values that can be compared."""
    columns: dict[str, object] = {}
    for part in (history.demand, history.catalogue):
        for name, value in vars(part).items():
            columns[name] = value.tolist() if isinstance(value, np.ndarray) else value
    return columns | {"days": history.days, "descriptions": history.descriptions}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_separator_decimal_comma_and_encoding_change_nothing(tmp_path: Path, encoding: str) -> None:
    """A German export with semicolons, decimal commas and umlauts reads like the English one."""
    english = HEADER + '7,2024-03-02 10:31,CAFÉ,2,1234.56,1,"Tässchen, weiß"\n'
    german = "order;time;sku;units;price;customer;what\r\n"
    german += "7;02.03.2024 10:31;CAFÉ;2;1234,56;1;Tässchen, weiß\r\n"
    words: dict[str, object] = {
        "separator": ";",
        "decimal_comma": True,
        "time_format": "%d.%m.%Y %H:%M",
    }
    named = "latin-1" if encoding == "latin-1" else "utf-8"

    of_german = read_text(
        tmp_path, german, section(ALL_COLUMNS, encoding=named, **words), encoding=encoding
    )

    assert as_lists(of_german) == as_lists(read_text(tmp_path, english))
    assert of_german.descriptions == ("Tässchen, weiß",)
    assert of_german.demand.price_cents.tolist() == [123_456]


def test_codes_stay_text_as_they_are_written(tmp_path: Path) -> None:
    """Leading zeros, formulas, tags, quotes and separators in a code are letters like others."""
    codes = ["00123", "123", "1e3", "=HYPERLINK(1)", "<script>", "a,b", '"quoted"', "NO", "nan"]
    quoted = ['"' + code.replace('"', '""') + '"' for code in codes]
    text = HEADER + "".join(f"9,2024-03-02 10:31,{code},1,1.00,,\n" for code in quoted)

    history = read_text(tmp_path, text)

    assert history.catalogue.codes == tuple(sorted(codes))
    assert history.report.skus == len(codes)


def test_codes_are_compared_trimmed_and_in_one_unicode_form(tmp_path: Path) -> None:
    """A code with blanks around it, or with its accent as a sign of its own, is the same code."""
    text = HEADER + "".join(
        f"9,2024-03-02 10:31,{code},1,1.00,,\n" for code in ("CAFÉ", " CAFÉ ", "CAFE\u0301")
    )

    assert read_text(tmp_path, text).catalogue.codes == ("CAFÉ",)


def test_no_id_of_a_person_is_kept(tmp_path: Path) -> None:
    """Nothing in the history, report included, holds a customer's number."""
    history = read_text(tmp_path, SMALL)

    told = json.dumps(history.report.as_dict()) + "".join(history.report.lines())
    assert "17850" not in told + repr(history)
    assert "99999" not in told + repr(history)


def test_header_values_given_once_an_order_hold_for_all_its_rows(tmp_path: Path) -> None:
    """Where time and customer stand on an order's first row only, its other rows share them."""
    text = HEADER + "1,2024-03-02 10:31,A,1,1.00,5,\n1,,B,1,1.00,,\n"

    history = read_text(tmp_path, text)

    assert history.report.rows_left_out == 0
    assert history.demand.first_line.tolist() == [0, 2]
    assert history.demand.customer.tolist() == [0]
    assert history.report.orders_with_several_times == 0


def test_channels_are_found_by_name(tmp_path: Path) -> None:
    """An order has the channel that its rows name; one without takes the first, and is counted."""
    columns = ColumnMap(
        order_id="order", ordered_at="time", sku="sku", units="units", channel="via"
    )
    orders = section(columns).model_copy(
        update={"channels": {"web": Channel(share=0.5), "phone": Channel(share=0.5)}}
    )
    text = "order,time,sku,units,via\n1,2024-03-02 10:31,A,1,phone\n2,2024-03-02 10:32,A,1,\n"

    history = read_text(tmp_path, text, orders)

    assert history.demand.channels == ("web", "phone")
    assert history.demand.channel.tolist() == [1, 0]
    assert history.report.without_channel == 1


def test_without_prices_they_come_from_the_category(tmp_path: Path) -> None:
    """A file without a price column still sells: lines and catalogue bear the category's price."""
    columns = ColumnMap(order_id="order", ordered_at="time", sku="sku", units="units")
    items = ItemsSection(
        categories={
            "gifts": Category(
                price_eur=Deterministic(distribution="deterministic", value=2.345),
                weight_g=Deterministic(distribution="deterministic", value=80.0),
                cost_share=0.5,
                return_rate=0.0148,
                fragile_share=1.0,
            )
        }
    )

    history = read_text(tmp_path, SMALL, section(columns), items)

    # 234.5 cents, rounded half up. The rows of price 0 and below are sold now.
    assert set(history.demand.price_cents.tolist()) == {235}
    assert set(history.catalogue.cost_cents.tolist()) == {118}
    assert set(history.catalogue.weight_g.tolist()) == {80.0}
    assert set(history.catalogue.return_rate.tolist()) == {0.0148}
    assert history.catalogue.fragile.all()
    assert history.report.orders == 6


def test_a_code_draws_the_same_weight_in_every_file(tmp_path: Path) -> None:
    """What is drawn for a SKU depends on its code and the seed, not on what else was sold."""
    both = read_text(tmp_path, SMALL).catalogue
    alone = read_text(tmp_path, HEADER + "1,2024-03-02 10:31,LAMP,1,1.00,,\n").catalogue
    other_seed = read_history(
        tmp_path / "orders.csv", "orders.csv", section(), ItemsSection(), seed=1
    ).catalogue

    assert alone.weight_g[0] == both.weight_g[1]
    assert alone.volume_ml[0] == both.volume_ml[1]
    assert other_seed.weight_g[0] != alone.weight_g[0]


def test_categories_are_dealt_by_their_shares(tmp_path: Path) -> None:
    """Of 2,000 codes, a category of share 0.25 gets 500 give or take 5 standard deviations (97)."""
    items = ItemsSection(categories={"small": Category(share=0.25), "big": Category(share=0.75)})
    text = HEADER + "".join(f"1,2024-03-02 10:31,K{k},1,1.00,,\n" for k in range(2000))

    catalogue = read_text(tmp_path, text, items=items).catalogue

    assert abs(int((catalogue.category == 0).sum()) - 500) < 97


def test_report_is_plain_json_and_plain_text(tmp_path: Path) -> None:
    """The report survives JSON unchanged, and no sign in a file can steer a terminal."""
    text = HEADER + '1,2024-03-02 10:31,"\x1b[2JPOST",1,1.00,,\n1,2024-03-02 10:31,A,1,1.00,,\n'
    report = read_text(tmp_path, text, section(not_goods=["\x1b[2JPOST", "NEVER"])).report

    again = json.loads(json.dumps(report.as_dict()))

    assert again == report.as_dict()
    assert again["unseen_services"] == ["NEVER"]
    assert all(line.isprintable() for line in report.lines())
    assert any(r"\x1b[2JPOST 1" in line for line in report.lines())


def test_report_for_the_terminal(tmp_path: Path) -> None:
    """The terminal shows every figure, and the first rows of each reason to leave rows out."""
    assert read_text(tmp_path, SMALL).report.lines() == [
        "orders.csv: 14 rows, orders of 2024-03-01 to 2024-03-03 (3 days)",
        "  sold          4 orders, 7 lines, 20 units of 4 SKUs",
        "  an order      1.75 lines in the mean, 1.5 in the median",
        "  returned      2 units = 10.000% of the units sold, in 1 rows",
        "  customers     2 known with 1.500 orders each; 1 orders of unknown ones",
        "  not goods     2 lines (FEE 1, POST 1); 1 orders hold nothing else",
        "  to the house  3 orders, 5 lines, 18 units of 2 SKUs",
        "  repeated      1 rows say again what another row says; kept",
        "  times         1 orders bear several times; the first counts",
        "  left out      6 rows",
        "           1  no SKU (row 14)",
        "           1  units below 0 without a return document: write-off (row 10)",
        "           1  return document without units below 0 (row 13)",
        "           1  price 0 (row 11)",
        "           1  price below 0 (row 12)",
        "           1  order without a time (row 15)",
    ]


SMALL_ROWS = SMALL.splitlines(keepends=True)[1:]


@settings(max_examples=30, deadline=None)
@given(st.permutations(SMALL_ROWS))
def test_order_of_rows_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, rows: list[str]
) -> None:
    """Rows in any order give the same counts, the same orders and the same catalogue."""
    folder = tmp_path_factory.mktemp("history")
    sorted_history = read_text(folder, SMALL)

    history = read_text(folder, HEADER + "".join(rows))

    assert counts(history) == counts(sorted_history)
    assert sorted(orders_as_rows(history)) == sorted(orders_as_rows(sorted_history))
    assert_sound(history)


def counts(history: History) -> dict[str, object]:
    """Return all figures of a report but row numbers."""
    found = history.report.as_dict()
    groups = found.pop("left_out")
    assert isinstance(groups, list)
    return found | {"left_out": [(group["reason"], group["rows"]) for group in groups]}


def orders_as_rows(history: History) -> list[tuple[float, tuple[tuple[str, int, int], ...]]]:
    """Return each order as its time and its lines, sorted."""
    demand, codes = history.demand, history.catalogue.codes
    orders = []
    for number in range(demand.orders):
        lines = range(demand.first_line[number], demand.first_line[number + 1])
        found = [
            (codes[demand.sku[i]], int(demand.units[i]), int(demand.price_cents[i])) for i in lines
        ]
        orders.append((float(demand.placed_s[number]), tuple(sorted(found))))
    return orders


CELL = st.one_of(
    st.sampled_from(["1", "C1", "2", "", "2024-03-01 09:00", "A", "POST", "-3", "0", "4", "1.25"]),
    st.text(alphabet='a,";\n\r\t\x00é-1', max_size=4),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELL, min_size=7, max_size=7), max_size=6))
def test_every_file_is_either_refused_or_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    """Whatever the cells hold: problems that name the file, or every row accounted for."""
    path = tmp_path_factory.mktemp("history") / "orders.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(HEADER)
        csv.writer(file).writerows(rows)

    history, error = history_or_error(path)

    if error is not None:
        assert error.problems
        assert all(problem.file == "orders.csv" for problem in error.problems)
        assert all(line.isprintable() for line in error.lines())
    if history is not None:
        report = history.report
        assert report.order_lines + report.returned_rows + report.rows_left_out == report.rows
        assert report.rows <= len(rows)
        assert_sound(history)


def history_or_error(path: Path) -> tuple[History | None, ScenarioError | None]:
    """Import a file; return the history or the refusal."""
    try:
        return read_history(path, "orders.csv", section(), ItemsSection()), None
    except ScenarioError as error:
        return None, error
