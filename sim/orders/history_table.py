"""A shop's export as a table: CSV or Parquet, one column for each purpose, nothing interpreted yet.

A column is kept as codes of its distinct values, so that a date that stands on a thousand rows is
read once. Rows are numbered as a spreadsheet shows them: the header is row 1.
"""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.errors import Problem, ScenarioError, shown_value
from sim.scenario.schema.orders import HistorySection

EMPTY = -1
MAX_HISTORY_BYTES = 256 * 1024 * 1024
MAX_HISTORY_ROWS = 5_000_000
LISTED_ROWS = 5
LISTED_NAMES = 20
_CHUNK_ROWS = 20_000
_PARQUET_MAGIC = b"PAR1"
_ZIP_MAGIC = b"PK\x03\x04"
_UTF8_MARK = b"\xef\xbb\xbf"
_MEND_FILE = (
    "name your own with `--set orders.file=PATH`; where a public history comes from "
    "stands in the first lines of its scenario"
)


@dataclass(frozen=True)
class RawColumn:
    """One column of the export.

    Parameters
    ----------
    name
        Name in the header.
    position
        Number of the column, counted from 1.
    codes
        Index into ``values`` for each row; -1 where a Parquet file holds nothing. Shape (rows,).
    values
        Distinct values: text from CSV, typed values from Parquet.
    """

    name: str
    position: int
    codes: npt.NDArray[np.int32]
    values: tuple[object, ...]


@dataclass(frozen=True)
class RawTable:
    """The mapped columns of an export by purpose (``order_id``, ``sku``, …), and row numbers."""

    columns: dict[str, RawColumn]
    row_numbers: npt.NDArray[np.int64]


@dataclass(frozen=True)
class _Header:
    names: tuple[str, ...]
    positions: dict[str, int]


def read_table(
    path: Path, shown_name: str, section: HistorySection, problems: list[Problem]
) -> RawTable:
    """Read the mapped columns of an export.

    Parameters
    ----------
    path
        CSV or Parquet file; told apart by its first bytes.
    shown_name
        Name of the file in messages.
    section
        Column map, separator and encoding.
    problems
        Damaged rows are added here; the sound ones are returned.

    Raises
    ------
    ScenarioError
        If there is no table to go on with: no file, no header, a column missing, not UTF-8.
    """
    magic = _first_bytes(path, shown_name)
    if magic.startswith(_PARQUET_MAGIC):
        return _read_parquet(path, shown_name, section)
    if magic.startswith(_ZIP_MAGIC):
        raise _unusable(shown_name, "a zip archive or spreadsheet", "save the sheet as CSV")
    if path.suffix.lower() == ".parquet":
        raise _unusable(shown_name, "no Parquet data in a file named .parquet")
    marked = magic.startswith(_UTF8_MARK)
    encoding = "utf-8-sig" if marked or section.encoding == "utf-8" else section.encoding
    try:
        return _read_csv(path, shown_name, section, encoding, problems)
    except UnicodeDecodeError:
        raise ScenarioError([_not_utf8(path, shown_name)]) from None


def defect(
    shown_name: str, line: int, column: int, path: str, found: str, expected: str, hint: str = ""
) -> Problem:
    """Return a problem of the file in the words of all messages: found …; expected …; hint."""
    return Problem(shown_name, line, column, path, f"found {found}", f"expected {expected}", hint)


def some_rows(numbers: Iterable[int], count: int) -> str:
    """Return ``"rows 2, 9, 11, …"``: the first few of ``count`` row numbers."""
    first = [f"{int(number)}" for number, _ in zip(numbers, range(LISTED_ROWS), strict=False)]
    more = ", …" if count > len(first) else ""
    return f"row{'s' if count != 1 else ''} {', '.join(first)}{more}"


def _first_bytes(path: Path, shown_name: str) -> bytes:
    expected = "the export of a shop, CSV or Parquet"
    try:
        if not path.exists():
            found = "no such file"
            raise ScenarioError(
                [defect(shown_name, 0, 0, "orders.file", found, expected, _MEND_FILE)]
            )
        if not path.is_file():
            found = "a folder or a device, not a file"
            raise ScenarioError([defect(shown_name, 0, 0, "orders.file", found, expected)])
        size = path.stat().st_size
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        found = f"a file that cannot be read ({error.strerror or 'input/output error'})"
        raise ScenarioError(
            [defect(shown_name, 0, 0, "orders.file", found, expected, _MEND_FILE)]
        ) from None
    if size == 0:
        raise _unusable(shown_name, "an empty file")
    if size > MAX_HISTORY_BYTES:
        raise _unusable(
            shown_name,
            f"{size:,} bytes",
            "cut it into shorter periods, or save it as Parquet",
            expected=f"at most {MAX_HISTORY_BYTES:,} bytes",
        )
    return magic


def _unusable(
    shown_name: str,
    found: str,
    hint: str = "",
    *,
    expected: str = "a table with a header and one row for each order line, CSV or Parquet",
) -> ScenarioError:
    return ScenarioError([defect(shown_name, 0, 0, "", found, expected, hint)])


def _not_utf8(path: Path, shown_name: str) -> Problem:
    number, found = 1, "a byte that is not UTF-8"
    with path.open("rb") as file:
        for line_number, line in enumerate(file, 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                number = line_number
                found = f"byte 0x{line[error.start]:02x} at place {error.start + 1} of the line"
                break
    hint = "save the export as UTF-8, or set orders.history.encoding to latin-1"
    return defect(shown_name, number, 1, "", found, "text in UTF-8", hint)


def _read_header(
    cells: Iterable[str], shown_name: str, section: HistorySection, *, typed: bool
) -> _Header:
    names = tuple(cell.strip() for cell in cells)
    problems = []
    first_position: dict[str, int] = {}
    for position, name in enumerate(names, 1):
        if name and name in first_position:
            found = f"the name {shown_value(name)} on columns {first_position[name]} and {position}"
            problems.append(
                defect(shown_name, 1, position, "header", found, "each name once in the header")
            )
        first_position.setdefault(name, position)
    wanted = _wanted(section)
    missing = {purpose: name for purpose, name in wanted.items() if name not in first_position}
    if len(missing) == len(wanted) and not typed and _looks_like_data(names):
        found = f"data in the first row: {shown_value(section.separator.join(names))}"
        expected = f"a header that names the columns {', '.join(map(shown_value, wanted.values()))}"
        raise ScenarioError([defect(shown_name, 1, 1, "header", found, expected)])
    more = ", …" if len(names) > LISTED_NAMES else ""
    shown = ", ".join(map(shown_value, names[:LISTED_NAMES])) + more
    if len(missing) == len(wanted) and len(names) == 1:
        found = f"a single column {shown}"
        expected = f"the columns {', '.join(map(shown_value, wanted.values()))}"
        hint = f"orders.history.separator is {shown_value(section.separator)}"
        raise ScenarioError([defect(shown_name, 1, 1, "header", found, expected, hint)])
    for purpose, name in missing.items():
        expected = f"the column that orders.history.columns.{purpose} names"
        hint = _near_name(name, names)
        problems.append(defect(shown_name, 1, 1, name, f"only the columns {shown}", expected, hint))
    if problems:
        raise ScenarioError(problems)
    return _Header(names, {purpose: first_position[name] for purpose, name in wanted.items()})


def _wanted(section: HistorySection) -> dict[str, str]:
    """Return the mapped columns: purpose to name."""
    named: dict[str, str | None] = section.columns.model_dump()
    return {purpose: name.strip() for purpose, name in named.items() if name is not None}


def _looks_like_data(names: tuple[str, ...]) -> bool:
    return any(name[:1].isdigit() or name[:1] in {"-", "+"} for name in names)


def _near_name(name: str, names: tuple[str, ...]) -> str:
    by_folded = {other.casefold(): other for other in names}
    near = difflib.get_close_matches(name.casefold(), list(by_folded), n=1)
    return f"did you mean {shown_value(by_folded[near[0]])}?" if near else ""


# --- CSV ------------------------------------------------------------------------------------------


class _Collector:
    """Codes the values of the wanted columns, chunk by chunk."""

    def __init__(self, positions: dict[str, int]) -> None:
        self._positions = positions
        self._codes: dict[str, list[npt.NDArray[np.int32]]] = {name: [] for name in positions}
        self._known: dict[str, dict[str, int]] = {name: {} for name in positions}

    def add(self, rows: list[list[str]]) -> None:
        """Code a chunk of rows of equal length."""
        by_position = list(zip(*rows, strict=True))
        for purpose, position in self._positions.items():
            cells = by_position[position - 1]
            known = self._known[purpose]
            for value in dict.fromkeys(cells):
                known.setdefault(value, len(known))
            self._codes[purpose].append(
                np.fromiter(map(known.__getitem__, cells), dtype=np.int32, count=len(cells))
            )

    def table(self, header: _Header, row_numbers: list[int]) -> RawTable:
        """Return everything that was added."""
        columns = {}
        for purpose, position in self._positions.items():
            chunks = self._codes[purpose]
            codes = np.concatenate(chunks) if chunks else np.empty(0, dtype=np.int32)
            values = tuple(self._known[purpose])
            columns[purpose] = RawColumn(header.names[position - 1], position, codes, values)
        return RawTable(columns, np.array(row_numbers, dtype=np.int64))


def _read_csv(
    path: Path, shown_name: str, section: HistorySection, encoding: str, problems: list[Problem]
) -> RawTable:
    if section.separator in {'"', "\r", "\n", "\0"}:
        key, found = "orders.history.separator", shown_value(section.separator)
        expected = "a character between columns, such as ',' or ';' or a tab"
        raise ScenarioError([defect(shown_name, 0, 0, key, found, expected)])
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=section.separator, strict=True)
        ragged: dict[int, list[int]] = {}
        rows = _sound_rows(reader, shown_name, ragged, problems)
        first_row = next(rows, None)
        if first_row is None:
            raise _unusable(shown_name, "no row at all")
        header = _read_header(first_row[1], shown_name, section, typed=False)
        table = _collect(rows, header, ragged, shown_name)
    for width, numbers in ragged.items():
        found = f"{width} fields in {len(numbers)} rows ({some_rows(numbers, len(numbers))})"
        if len(numbers) == 1:
            found = f"{width} field{'s' if width != 1 else ''}"
        expected = f"{len(header.names)} fields, as in the header"
        hint = "text that holds the separator or a line break must stand in quotes"
        problems.append(defect(shown_name, numbers[0], 1, "", found, expected, hint))
    return table


def _sound_rows(
    reader: Any,  # noqa: ANN401  # the type of csv.reader has no name
    shown_name: str,
    ragged: dict[int, list[int]],
    problems: list[Problem],
) -> Iterator[tuple[int, list[str]]]:
    """Yield rows as long as the first one, with the line on which they begin; blank lines pass."""
    width = 0
    begins = 1
    try:
        for cells in reader:
            number, begins = begins, reader.line_num + 1
            if not width and any(cell.strip() for cell in cells):
                width = len(cells)
            if not cells or not width:
                continue
            if len(cells) == width:
                yield number, cells
            else:
                ragged.setdefault(len(cells), []).append(number)
    except csv.Error as error:
        expected = 'CSV; a quote inside a quoted text is written twice ("")'
        hint = "a quote that is opened and never closed? Rows after this one were not read"
        problems.append(
            defect(shown_name, begins, 1, "", f"a broken row ({error})", expected, hint)
        )


def _collect(
    rows: Iterator[tuple[int, list[str]]],
    header: _Header,
    ragged: dict[int, list[int]],
    shown_name: str,
) -> RawTable:
    collector = _Collector(header.positions)
    row_numbers: list[int] = []
    chunk: list[list[str]] = []
    for number, cells in rows:
        row_numbers.append(number)
        chunk.append(cells)
        if len(chunk) == _CHUNK_ROWS:
            collector.add(chunk)
            chunk = []
            _check_rows(len(row_numbers) + len(ragged), shown_name)
    if chunk:
        collector.add(chunk)
    return collector.table(header, row_numbers)


def _check_rows(rows: int, shown_name: str) -> None:
    if rows > MAX_HISTORY_ROWS:
        raise _unusable(
            shown_name,
            f"more than {MAX_HISTORY_ROWS:,} rows",
            "cut it into shorter periods",
            expected=f"at most {MAX_HISTORY_ROWS:,} rows",
        )


# --- Parquet --------------------------------------------------------------------------------------


def _read_parquet(path: Path, shown_name: str, section: HistorySection) -> RawTable:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            _check_rows(file.metadata.num_rows, shown_name)
            header = _read_header(file.schema_arrow.names, shown_name, section, typed=True)
            names = dict.fromkeys(header.names[at - 1] for at in header.positions.values())
            table = file.read(columns=list(names), use_threads=False)
    except (pa.ArrowException, OSError) as error:
        found = f"damaged Parquet data ({shown_value(str(error).splitlines()[0])})"
        raise _unusable(shown_name, found) from None
    columns = {}
    for purpose, position in header.positions.items():
        name = header.names[position - 1]
        codes, values = _coded(table.column(name), name, position, shown_name)
        columns[purpose] = RawColumn(name, position, codes, values)
    return RawTable(columns, np.arange(2, table.num_rows + 2, dtype=np.int64))


def _coded(
    column: Any,  # noqa: ANN401  # pyarrow comes without types
    name: str,
    position: int,
    shown_name: str,
) -> tuple[npt.NDArray[np.int32], tuple[object, ...]]:
    import pyarrow as pa

    kind = column.type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
        column = column.cast(kind)
    if pa.types.is_nested(kind) or pa.types.is_binary(kind):
        expected = "text, numbers or times"
        raise ScenarioError([defect(shown_name, 1, position, name, f"type {kind}", expected)])
    if pa.types.is_timestamp(kind):
        column = column.cast(pa.timestamp("us", tz=kind.tz), safe=False)
    array = column.combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], type=kind)
    coded = array.dictionary_encode()
    codes = coded.indices.fill_null(EMPTY).to_numpy(zero_copy_only=False)
    return codes.astype(np.int32), tuple(coded.dictionary.to_pylist())
