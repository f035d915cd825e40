"""Class C14 of bad input: an order history with defects is refused by row, never guessed at."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.orders import history_sold, history_table
from sim.orders.history import read_history
from sim.scenario.schema.items import ItemsSection
from sim.scenario.schema.orders import ColumnMap, HistorySection, OrdersSection

BAD = Path(__file__).parent / "bad"
COLUMNS = ColumnMap(
    order_id="order",
    ordered_at="time",
    sku="sku",
    units="units",
    unit_price="price",
    customer_id="customer",
)
HEADER = "order,time,sku,units,price,customer\n"
SOUND_ROW = "1,2024-03-02 10:31,A,1,1.00,7\n"
HISTORY = HistorySection(columns=COLUMNS, return_prefix="C", not_goods=["POST"])


def refusal(path: Path, history: HistorySection = HISTORY) -> ScenarioError:
    """Return the refusal of a file."""
    orders = OrdersSection(source="history", file=path.name, history=history)
    with pytest.raises(ScenarioError) as caught:
        read_history(path, path.name, orders, ItemsSection())
    return caught.value


def refusal_of(folder: Path, content: str | bytes, **words: object) -> ScenarioError:
    """Write a file and return its refusal."""
    path = folder / "orders.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return refusal(path, HistorySection.model_validate(HISTORY.model_dump() | words))


@pytest.mark.parametrize("path", sorted(BAD.glob("c14_*.csv")), ids=lambda path: path.stem)
def test_defects_are_told_as_reviewed(path: Path, update_golden: bool) -> None:
    """Each damaged file gets the message beside it: row, column, what was found and expected."""
    told = "\n".join(refusal(path).lines()) + "\n"

    golden = path.with_suffix(".txt")
    if update_golden:
        golden.write_text(told, encoding="utf-8")

    assert told == golden.read_text(encoding="utf-8")


def test_twenty_problems_are_listed_and_all_are_counted(tmp_path: Path) -> None:
    """Of thirty different bad cells the first twenty rows are told, then the count."""
    rows = "".join(f"{k},2024-03-02 10:31,A,x{k},1.00,7\n" for k in range(30))

    lines = refusal_of(tmp_path, HEADER + rows).lines()

    assert len(lines) == 21
    assert [line.split(":")[1] for line in lines[:20]] == [str(row) for row in range(2, 22)]
    assert lines[20] == "30 problems in 1 file"


def test_one_bad_value_on_many_rows_is_told_once(tmp_path: Path) -> None:
    """A word that stands on 40,000 rows of a number column makes one line with the first rows."""
    rows = "1,2024-03-02 10:31,A,n/a,1.00,7\n" * 40_000

    told, count = refusal_of(tmp_path, HEADER + rows).lines()

    assert told == (
        "orders.csv:2:4: units: found 'n/a' in 40000 rows (rows 2, 3, 4, 5, 6, …); "
        "expected whole units as a plain number such as 12"
    )
    assert count == "1 problem in 1 file"


@pytest.mark.parametrize(
    "units", ["1.5", "nan", "inf", "-inf", "1_000", "١٢", "0x10", "1,000", "1e99", "99999999999"]
)
def test_only_whole_finite_units_are_read(tmp_path: Path, units: str) -> None:
    """Nothing that Python would call a number but a planner would not gets in as units."""
    error = refusal_of(tmp_path, HEADER + f'1,2024-03-02 10:31,A,"{units}",1.00,7\n')

    assert [(problem.line, problem.path) for problem in error.problems] == [(2, "units")]


@pytest.mark.parametrize("time", ["2011-02-30 10:00", "2011-13-01 10:00", "yesterday", "24:00"])
def test_only_times_of_the_calendar_are_read(tmp_path: Path, time: str) -> None:
    """A day that does not exist is refused, not moved to the next month."""
    error = refusal_of(tmp_path, HEADER + f"1,{time},A,1,1.00,7\n")

    assert [(problem.line, problem.path) for problem in error.problems] == [(2, "time")]
    assert "such as 2011-05-31 18:45" in str(error)


@pytest.mark.parametrize("time_format", ["%Q", "%", "%H:%M", "%d.%m. %H:%M"])
def test_a_time_format_must_name_a_whole_date(tmp_path: Path, time_format: str) -> None:
    """A format that leaves year, month or day open, or that Python does not know, is refused."""
    error = refusal_of(tmp_path, HEADER + SOUND_ROW, time_format=time_format)

    assert [problem.path for problem in error.problems] == ["orders.history.time_format"]


@pytest.mark.parametrize("separator", ['"', "\n", "\r"])
def test_a_separator_that_csv_needs_itself_is_refused(tmp_path: Path, separator: str) -> None:
    """Quotes and line ends cannot separate columns, whatever the scenario says."""
    error = refusal_of(tmp_path, HEADER + SOUND_ROW, separator=separator)

    assert len(error.problems) == 1


def test_bytes_that_are_not_utf8_are_told_with_their_line(tmp_path: Path) -> None:
    """A latin-1 file read as UTF-8 names line and byte, and the setting that mends it."""
    content = (HEADER + SOUND_ROW * 3000).encode() + "2,2024-03-02 10:31,É,1,1,7\n".encode(
        "latin-1"
    )

    assert str(refusal_of(tmp_path, content)).splitlines()[0] == (
        "orders.csv:3002:1: found byte 0xc9 at place 20 of the line; expected text in UTF-8; "
        "save the export as UTF-8, or set orders.history.encoding to latin-1"
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "an empty file"),
        (b"\n\n", "no row at all"),
        (b"PK\x03\x04rest", "a zip archive or spreadsheet"),
        (b"PAR1rest", "damaged Parquet data"),
        (HEADER.encode("utf-16"), "byte 0xff"),
    ],
)
def test_files_that_hold_no_table_are_refused(tmp_path: Path, content: bytes, told: str) -> None:
    """Empty files, spreadsheets and torn Parquet files are named as what they are."""
    error = refusal_of(tmp_path, content)

    assert [told in problem.found for problem in error.problems] == [True]


def test_a_missing_file_tells_how_to_name_another(tmp_path: Path) -> None:
    """A history that is not there is no riddle: the message says how to give one's own."""
    told, count = refusal(tmp_path / "orders.csv").lines()

    assert told == (
        "orders.csv: orders.file: found no such file; expected the export of a shop, CSV or "
        "Parquet; name your own with `--set orders.file=PATH`; where a public history comes from "
        "stands in the first lines of its scenario"
    )
    assert count == "1 problem in 1 file"
    assert "a folder or a device" in str(refusal(tmp_path))


def test_files_beyond_the_limits_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of too many bytes is refused before it is read, one of too many rows while it is."""
    monkeypatch.setattr(history_table, "MAX_HISTORY_BYTES", 50)
    told = str(refusal_of(tmp_path, HEADER + SOUND_ROW))
    monkeypatch.undo()
    monkeypatch.setattr(history_table, "MAX_HISTORY_ROWS", 30_000)
    rows = str(refusal_of(tmp_path, HEADER + SOUND_ROW * 50_000))

    assert "bytes; expected at most 50 bytes" in told
    assert "more than 30,000 rows; expected at most 30,000 rows" in rows


def test_parquet_of_the_wrong_types_is_refused(tmp_path: Path) -> None:
    """Lists, truth values and fractions are refused where ids, units and prices belong."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "orders.parquet"
    sound = {
        "order": pa.array([1, 2]),
        "time": pa.array(["2024-03-02 10:31", "2024-02-30 10:31"]),
        "sku": pa.array([1.5, 2.0]),
        "units": pa.array([True, False]),
        "price": pa.array([float("inf"), 1.0]),
        "customer": pa.array(["a", "b"]),
    }
    pq.write_table(pa.table(sound), path)
    by_cell = refusal(path)
    pq.write_table(pa.table(sound | {"sku": pa.array([[1], [2]])}), path)
    by_type = refusal(path)

    assert [(problem.line, problem.path) for problem in by_cell.problems] == [
        (2, "sku"),
        (2, "units"),
        (2, "price"),
        (3, "time"),
        (3, "units"),
    ]
    assert "sku: found type list<" in str(by_type)


def test_orders_far_apart_are_refused(tmp_path: Path) -> None:
    """A wrong century is refused with both rows instead of being played for 36,525 days."""
    far = SOUND_ROW.replace("1,2024", "2,2124", 1)

    error = refusal_of(tmp_path, HEADER + SOUND_ROW + far)

    assert history_sold.MAX_HISTORY_DAYS == 3660
    # 2024-03-02 to 2124-03-02 is 100 years with 24 leap days (2100 is none), plus the first day.
    assert "orders over 36,525 days, from 2024-03-02 in row 2 to 2124-03-02 in row 3" in str(error)
