"""What the cells of a shop's export say: ids as text, whole units, cents, times.

Every distinct value is read once. What cannot be read is told with the rows on which it stands;
nothing is guessed and nothing altered.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from sim.errors import Problem, ScenarioError, shown_value
from sim.orders.history_table import EMPTY, RawColumn, RawTable, defect, some_rows
from sim.scenario.schema.orders import HistorySection

MISSING = np.iinfo(np.int64).max
MAX_UNITS = 10_000_000
MAX_PRICE = 10_000_000
_NUMBER = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})(?:[eE][+-]?\d{1,2})?", re.ASCII)
_EPOCH = datetime.datetime(1970, 1, 1)  # noqa: DTZ001  # wall clock of the shop, no zone
_SAMPLE = datetime.datetime(2011, 5, 31, 18, 45, tzinfo=datetime.UTC)
_MICROSECOND = datetime.timedelta(microseconds=1)

Whole = npt.NDArray[np.int64]
Cell = TypeVar("Cell", str, int)


@dataclass(frozen=True)
class TextColumn:
    """A column of ids: index into ``values`` for each row, -1 where it is empty."""

    name: str
    position: int
    codes: npt.NDArray[np.int64]
    values: tuple[str, ...]


@dataclass(frozen=True)
class Rows:
    """The rows of an export, read. Columns have shape (rows,); numbers are MISSING where empty.

    Parameters
    ----------
    number
        Row as a spreadsheet shows it.
    order_id, sku, customer_id, channel, description
        Ids; None where no column is mapped.
    placed_us
        Order time, microseconds of the shop's wall clock since 1970.
    units
        Units, negative on returns.
    price_cents
        Price of a unit, rounded half up; at least one cent away from 0 unless it is 0.
    """

    number: Whole
    order_id: TextColumn
    sku: TextColumn
    placed_us: Whole
    units: Whole
    price_cents: Whole | None
    customer_id: TextColumn | None
    channel: TextColumn | None
    description: TextColumn | None


class _BadCellError(ValueError):
    """A cell that does not say what its column is for."""

    def __init__(self, expected: str, hint: str = "") -> None:
        super().__init__(expected)
        self.expected = expected
        self.hint = hint


def read_rows(
    table: RawTable, shown_name: str, section: HistorySection, problems: list[Problem]
) -> Rows:
    """Read every cell of the mapped columns; what cannot be read is added to ``problems``."""

    def text(purpose: str) -> TextColumn | None:
        column = table.columns.get(purpose)
        return None if column is None else _texts(column, table, shown_name, problems)

    def whole(purpose: str, parse: Callable[[object], int | None]) -> Whole | None:
        column = table.columns.get(purpose)
        return None if column is None else _numbers(column, parse, table, shown_name, problems)

    check_time_format(section.time_format, shown_name)
    numbers = _NumberReader(decimal_comma=section.decimal_comma)
    order_id, sku = text("order_id"), text("sku")
    placed_us = whole("ordered_at", _TimeReader(section.time_format).microseconds)
    units = whole("units", numbers.units)
    if order_id is None or sku is None or placed_us is None:
        raise AssertionError("the column map always names order, time and SKU")
    if units is None:
        units = np.ones(len(table.row_numbers), dtype=np.int64)
    return Rows(
        number=table.row_numbers,
        order_id=order_id,
        sku=sku,
        placed_us=placed_us,
        units=units,
        price_cents=whole("unit_price", numbers.price_cents),
        customer_id=text("customer_id"),
        channel=text("channel"),
        description=text("description"),
    )


def plain_id(text: str) -> str:
    """Return an id as it is compared everywhere: trimmed, Unicode NFC."""
    return unicodedata.normalize("NFC", text.strip())


def check_time_format(time_format: str, shown_name: str) -> None:
    """Refuse a time format that Python does not know or that leaves the date open."""
    expected = "a format with year, month and day, such as %Y-%m-%d %H:%M (Python strptime)"
    found = shown_value(time_format)
    again = None
    written = _SAMPLE.strftime(time_format)
    # Without a year in it, Python warns of the very question instead of answering it.
    if written != _SAMPLE.replace(year=_SAMPLE.year + 1).strftime(time_format):
        with suppress(ValueError, re.error):
            again = datetime.datetime.strptime(written, time_format)  # noqa: DTZ007
    if again is None or again.date() != _SAMPLE.date():
        path = "orders.history.time_format"
        raise ScenarioError([defect(shown_name, 0, 0, path, found, expected)])


class _TimeReader:
    """Reads order times; a time with a zone is taken as that zone's wall clock."""

    def __init__(self, time_format: str) -> None:
        self._format = time_format
        example = _SAMPLE.strftime(time_format)
        self._expected = f"a time of the calendar such as {example}"
        self._hint = f"orders.history.time_format is {shown_value(time_format)}"

    def microseconds(self, value: object) -> int | None:
        if isinstance(value, str):
            text = value.strip()
            if not text:
                return None
            try:
                time = datetime.datetime.strptime(text, self._format)  # noqa: DTZ007
            except ValueError:
                raise _BadCellError(self._expected, self._hint) from None
        elif isinstance(value, datetime.datetime):
            time = value
        elif isinstance(value, datetime.date):
            time = datetime.datetime(value.year, value.month, value.day)  # noqa: DTZ001
        else:
            raise _BadCellError(self._expected)
        return (time.replace(tzinfo=None) - _EPOCH) // _MICROSECOND


class _NumberReader:
    """Reads units and prices exactly: through decimals, never through binary fractions."""

    def __init__(self, *, decimal_comma: bool) -> None:
        self._comma = decimal_comma
        self._mark = "," if decimal_comma else "."

    def units(self, value: object) -> int | None:
        number = self._decimal(value, "whole units", "12")
        if number is None:
            return None
        if abs(number) > MAX_UNITS or number != int(number):
            raise _BadCellError(f"whole units, -{MAX_UNITS:,} to {MAX_UNITS:,}")
        return int(number)

    def price_cents(self, value: object) -> int | None:
        number = self._decimal(value, "a price", f"1{self._mark}65")
        if number is None:
            return None
        if abs(number) > MAX_PRICE:
            raise _BadCellError(f"a price of a unit, -{MAX_PRICE:,} to {MAX_PRICE:,}")
        if number == 0:
            return 0
        cents = max(1, int((abs(number) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)))
        return cents if number > 0 else -cents

    def _decimal(self, value: object, what: str, example: str) -> Decimal | None:
        if isinstance(value, str):
            return self._decimal_of_text(value.strip(), what, example)
        if isinstance(value, float) and value != value:  # noqa: PLR0124  # not a number: empty
            return None
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            raise _BadCellError(f"{what} as a number")
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        if not number.is_finite():
            raise _BadCellError(f"{what} as a finite number")
        return number

    def _decimal_of_text(self, text: str, what: str, example: str) -> Decimal | None:
        if not text:
            return None
        other = "." if self._comma else ","
        number = text.replace(",", ".") if self._comma else text
        if other not in text and _NUMBER.fullmatch(number):
            return Decimal(number)
        hint = ""
        if other in text and _NUMBER.fullmatch(text.replace(self._mark, "").replace(",", ".")):
            hint = f"orders.history.decimal_comma is {str(self._comma).lower()}"
        raise _BadCellError(f"{what} as a plain number such as {example}", hint)


def _id_of(value: object) -> str | None:
    if isinstance(value, str):
        return plain_id(value) or None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise _BadCellError("an id: text or a whole number")
    if value != value:  # noqa: PLR0124  # not a number: empty
        return None
    number = Decimal(value)
    if not number.is_finite() or number != int(number):
        raise _BadCellError("an id: text or a whole number")
    return str(int(number))


def _texts(
    column: RawColumn, table: RawTable, shown_name: str, problems: list[Problem]
) -> TextColumn:
    parsed = _parse_values(column, _id_of, table, shown_name, problems)
    known: dict[str, int] = {}
    codes = np.full(len(parsed) + 1, EMPTY, dtype=np.int64)
    for code, value in enumerate(parsed):
        if value is not None:
            codes[code] = known.setdefault(value, len(known))
    # Code -1, an empty cell, finds the extra last place.
    return TextColumn(column.name, column.position, codes[column.codes], tuple(known))


def _numbers(
    column: RawColumn,
    parse: Callable[[object], int | None],
    table: RawTable,
    shown_name: str,
    problems: list[Problem],
) -> Whole:
    parsed = _parse_values(column, parse, table, shown_name, problems)
    values = np.array([MISSING if v is None else v for v in parsed] + [MISSING], dtype=np.int64)
    numbers: Whole = values[column.codes]
    return numbers


def _parse_values(
    column: RawColumn,
    parse: Callable[[object], Cell | None],
    table: RawTable,
    shown_name: str,
    problems: list[Problem],
) -> list[Cell | None]:
    parsed: list[Cell | None] = []
    bad: dict[int, _BadCellError] = {}
    for code, value in enumerate(column.values):
        try:
            parsed.append(parse(value))
        except _BadCellError as error:
            bad[code] = error
            parsed.append(None)
    if bad:
        problems.extend(_bad_cells(column, bad, table, shown_name))
    return parsed


def _bad_cells(
    column: RawColumn, bad: dict[int, _BadCellError], table: RawTable, shown_name: str
) -> list[Problem]:
    by_code = np.argsort(column.codes, kind="stable")
    sorted_codes = column.codes[by_code]
    found = []
    for code, error in bad.items():
        first, last = np.searchsorted(sorted_codes, [code, code + 1])
        rows = table.row_numbers[by_code[first:last]]
        shown = shown_value(column.values[code])
        if len(rows) > 1:
            shown += f" in {len(rows)} rows ({some_rows(rows, len(rows))})"
        found.append(
            defect(
                shown_name,
                int(rows[0]),
                column.position,
                column.name,
                shown,
                error.expected,
                error.hint,
            )
        )
    return found
