"""Numbers and tables as they may leave the page: no cell is ever taken for a formula."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from sim.kpis import KPIS, Estimate
from sim.report.tables import MISSING, interval, number, shown

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
DASH = "–"  # noqa: RUF001  # a dash of the page, not a minus
GAP = "\N{NO-BREAK SPACE}"
Cell = str | int | float | None


@dataclass(frozen=True)
class Table:
    """A table of the page, and of the CSV behind its link.

    Parameters
    ----------
    name
        Name of the CSV file, without its ending.
    heads
        Column names.
    rows
        Cells.
    text_columns
        So many columns stand left; the others are numbers and stand right.
    """

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    text_columns: int = 1

    @property
    def shown_rows(self) -> list[list[str]]:
        """The cells as the page shows them: one way of rounding for each column."""
        columns = [_shown_column(column) for column in zip(*self.rows, strict=True)]
        return [list(row) for row in zip(*columns, strict=True)]

    @property
    def csv_uri(self) -> str:
        """The table as a ``data:`` link."""
        packed = base64.b64encode(csv_text([self.heads, *self.rows]).encode())
        return "data:text/csv;charset=utf-8;base64," + packed.decode("ascii")


def csv_text(rows: Sequence[Sequence[Cell]]) -> str:
    """Return rows as CSV; text that a spreadsheet would calculate gets an apostrophe in front."""
    sheet = io.StringIO()
    csv.writer(sheet, lineterminator="\r\n").writerows(
        [[_csv_cell(cell) for cell in row] for row in rows]
    )
    return sheet.getvalue()


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return repr(cell)
    if isinstance(cell, int):
        return str(cell)
    text = shown(cell)
    starts_formula = cell.startswith(FORMULA_STARTS) or cell.lstrip().startswith(FORMULA_STARTS)
    return "'" + text if starts_formula else text


def _shown_column(column: Sequence[Cell]) -> list[str]:
    fractions = any(isinstance(cell, float) and not cell.is_integer() for cell in column)
    words = []
    for cell in column:
        if cell is None or isinstance(cell, str):
            words.append(DASH if cell is None else cell)
        else:
            words.append(f"{cell:,.1f}" if fractions else f"{cell:,.0f}")
    return words


def quantity(value: float) -> str:
    """Return a number as it is said in a sentence: three digits are enough."""
    size = abs(value)
    if float(value).is_integer() or size >= 100.0:
        return f"{value:,.0f}"
    return f"{value:.1f}" if size >= 1.0 else f"{value:.2g}"


def said(found: Estimate, kpi: str) -> str:
    """Return a KPI's mean as it is said in a sentence."""
    unit = KPIS[kpi].unit
    if unit == "share":
        per_cent = 100.0 * found.mean
        return f"{per_cent:.{1 if 1.0 <= per_cent <= 99.0 else 2}f}{GAP}%"
    digits = f"{found.mean:,.2f}" if unit == "EUR" else quantity(found.mean)
    return f"{digits}{GAP}{unit}".rstrip()


def value_words(found: Estimate | None, kpi: str) -> str:
    """Return a KPI's mean with its unit, or a dash."""
    return MISSING if found is None else measured(found.mean, KPIS[kpi].unit)


def measured(value: float, unit: str) -> str:
    """Return a number with its unit."""
    if unit == "share":
        return number(value, unit)
    return f"{number(value, unit)} {unit}".rstrip()


def interval_words(found: Estimate | None, kpi: str) -> str:
    """Return a KPI's 95 % interval, or a dash."""
    return interval(found, KPIS[kpi].unit).replace(" % .. ", " to ").replace(" .. ", " to ")


def bound_words(bound: str, kpi: str) -> str:
    """Return a bound such as ``<= 0.995`` as people read it, for instance ``at most 144 h``."""
    sign, _, digits = bound.partition(" ")
    words = {"<=": "at most", ">=": "at least"}.get(sign)
    if words is None or not digits:
        return bound
    value, unit = float(digits), KPIS[kpi].unit
    shown_value = (
        f"{100.0 * value:g}{GAP}%" if unit == "share" else f"{value:,g}{GAP}{unit}".rstrip()
    )
    return f"{words} {shown_value}"
