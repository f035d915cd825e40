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
        Cells; text stands left, numbers stand right.
    """

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

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


def quantity(value: float) -> str:
    """Return a number of the page's small tables: whole ones plain, others with few digits."""
    return f"{value:,.0f}" if float(value).is_integer() else number(value, "")


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
    return interval(found, KPIS[kpi].unit).replace(" .. ", " to ")


def bound_words(bound: str, kpi: str) -> str:
    """Return a bound such as ``<= 0.995`` as people read it, for instance ``at most 144 h``."""
    sign, _, digits = bound.partition(" ")
    words = {"<=": "at most", ">=": "at least"}.get(sign)
    if words is None or not digits:
        return bound
    value, unit = float(digits), KPIS[kpi].unit
    shown_value = f"{100.0 * value:g} %" if unit == "share" else f"{value:,g} {unit}".rstrip()
    return f"{words} {shown_value}"
