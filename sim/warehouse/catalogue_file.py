"""The planner's own list of SKUs, read from a CSV file; every defect is reported with its line."""

from __future__ import annotations

import csv
import io
import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sim.errors import Problem, ScenarioError, shown_value
from sim.scenario.schema.items import Category, ItemsSection
from sim.scenario.schema.laws import law_mean
from sim.warehouse.items import NOT_GIVEN, Catalogue, GivenStock
from sim.warehouse.popularity import popularity_law
from sim.warehouse.sides import sides_mm
from sim.warehouse.text_file import text_of_csv

LEAST_MEASURE = 0.001
"""Least weight (g) and volume (ml) of a unit."""
MAX_FILE_BYTES = 256 * 1024 * 1024
MAX_TEXT_CHARACTERS = 80
MAX_EUR = 10_000_000.0
MAX_MEASURE = 1e9
MAX_LOCATION = 2**31 - 2
COLUMNS = (
    "sku", "category", "price_eur", "cost_eur", "weight_g", "volume_ml",
    "length_mm", "width_mm", "height_mm", "fragile", "return_rate", "popularity", "location",
    "reorder_point", "order_up_to", "order_quantity", "opening_units", "supplier",
)  # fmt: skip
UNITS = {
    "reorder_point": -1_000_000, "order_up_to": 0, "order_quantity": 1, "opening_units": 0,
}  # fmt: skip
"""Columns of whole units about buying, and the least that each may be."""
MAX_UNITS = 10_000_000
SIDES = ("length_mm", "width_mm", "height_mm")
BEYOND_ITS_SIDES = 1.01
"""A volume may exceed the product of the sides by so much: both are rounded in real files."""

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_YES = ("true", "yes", "1")
_NO = ("false", "no", "0")


def read_catalogue(path: Path, shown_name: str, items: ItemsSection) -> Catalogue:
    """Read a catalogue file.

    Parameters
    ----------
    path
        CSV with a header, UTF-8. Column ``sku`` is needed, and ``category`` where the scenario
        has several. A column or cell left out takes the mean of the category's law, its
        cost share or its return rate; a SKU is fragile where more than half of its category is.
        The sides of a unit are given all three or none: without them the volume is taken to have
        the mean proportions of the category, without a volume it is the product of the sides.
        Without the column ``popularity`` the file lists the best seller first and the scenario's
        popularity law holds.
    shown_name
        The file as the user named it, for messages.
    items
        Categories and popularity law.

    Raises
    ------
    ScenarioError
        With every defect of the file.
    """
    reading = _Reading(shown_name, items)
    text = text_of_csv(path, shown_name, MAX_FILE_BYTES, reading.problems)
    if text is not None:
        for record in reading.records(text):
            reading.take(record)
        reading.check_whole()
    if reading.problems:
        raise ScenarioError(reading.problems)
    return reading.catalogue()


@dataclass(frozen=True)
class _Record:
    """One row of the file, its cells by column name."""

    line: int
    cells: dict[str, str]
    columns: dict[str, int]


@dataclass
class _Reading:
    """The rows read so far, and what is wrong with them."""

    shown_name: str
    items: ItemsSection
    problems: list[Problem] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    rows: list[tuple[int, float, float, float, float, bool, float, int]] = field(
        default_factory=list
    )
    sides: list[npt.NDArray[np.float64]] = field(default_factory=list)
    popularity: list[float] = field(default_factory=list)
    header: tuple[str, ...] = ()
    given: dict[str, list[int]] = field(default_factory=lambda: {name: [] for name in UNITS})
    supplier: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._categories = {_plain(name): k for k, name in enumerate(self.items.categories)}
        self._sections = tuple(self.items.categories.values())

    def records(self, text: str) -> Iterator[_Record]:
        """Yield the rows below the header."""
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        line = 1
        try:
            for cells in reader:
                first, line = line, reader.line_num + 1
                if not any(cell.strip() for cell in cells):
                    continue
                if not self.header:
                    if not self._take_header(first, cells):
                        return
                elif len(cells) != len(self.header):
                    found = f"{len(cells)} fields"
                    self._add(first, 1, "", found, f"{len(self.header)} fields, as in the header")
                else:
                    yield self._record(first, cells)
        except csv.Error as error:
            self._add(line, 1, "", f"not a CSV record ({error})", "comma-separated fields")

    def take(self, record: _Record) -> None:
        """Read the values of one row."""
        code = _plain(record.cells["sku"])
        self._check_code(record, code)
        category = self._category(record)
        section = self._sections[category]
        price = self._number(record, "price_eur", law_mean(section.price_eur), 0.0, MAX_EUR)
        volume_ml = self._volume_and_sides(record, section)
        self.rows.append(
            (
                category,
                price,
                self._number(record, "cost_eur", price * section.cost_share, 0.0, MAX_EUR),
                self._measure(record, "weight_g", law_mean(section.weight_g)),
                volume_ml,
                self._flag(record, section),
                self._number(record, "return_rate", section.return_rate, 0.0, 1.0),
                self._location(record),
            )
        )
        for name, least in UNITS.items():
            self.given[name].append(self._units(record, name, least))
        self.supplier.append(_plain(record.cells.get("supplier", "")))
        if "popularity" in self.header:
            if not record.cells["popularity"].strip():
                self._refuse(record, "popularity", "a number from 0, in every row")
            self.popularity.append(self._number(record, "popularity", 1.0, 0.0, 1e12))

    def check_whole(self) -> None:
        """Report what only the whole file shows."""
        if not self.header and not self.problems:
            self._add(1, 1, "", "an empty file", f"a header row, for instance {','.join(COLUMNS)}")
        elif self.header and not self.rows and not self.problems:
            self._add(1, 1, "", "no SKUs", "at least one row below the header")
        elif self.popularity and math.fsum(self.popularity) <= 0.0:
            self._add(1, 1, "popularity", "every popularity is 0", "at least one above 0")

    def catalogue(self) -> Catalogue:
        """Return the columns of the catalogue."""
        category, price, cost, weight, volume, fragile, returns, location = zip(
            *self.rows, strict=True
        )
        shares = np.array(self.popularity) if self.popularity else None
        return Catalogue(
            codes=tuple(self.lines),
            category=np.array(category, dtype=np.int16),
            price_cents=np.rint(np.array(price) * 100.0).astype(np.int32),
            cost_cents=np.rint(np.array(cost) * 100.0).astype(np.int32),
            weight_g=np.maximum(np.array(weight, dtype=np.float64), LEAST_MEASURE),
            volume_ml=np.maximum(np.array(volume, dtype=np.float64), LEAST_MEASURE),
            sides_mm=np.array(self.sides, dtype=np.float64).reshape(-1, 3),
            fragile=np.array(fragile, dtype=np.bool_),
            return_rate=np.array(returns, dtype=np.float64),
            popularity=popularity_law(self.items, len(self.rows))
            if shares is None
            else shares / math.fsum(shares),
            location=np.array(location, dtype=np.int32),
            categories=tuple(self.items.categories),
            given=self._given(),
        )

    def _given(self) -> GivenStock | None:
        """Return what the file says about buying, None if it has no such column."""
        if not {"supplier", *UNITS} & set(self.header):
            return None
        units = {name: np.array(column, dtype=np.int64) for name, column in self.given.items()}
        return GivenStock(supplier=tuple(self.supplier), **units)

    def _take_header(self, line: int, cells: list[str]) -> bool:
        names = tuple(cell.strip() for cell in cells)
        before = len(self.problems)
        for place, name in enumerate(names):
            column = _column(cells, place)
            if name not in COLUMNS:
                expected = f"one of {', '.join(COLUMNS)}"
                self._add(
                    line, column, "", f"column {shown_value(name)}", expected, _near(name, COLUMNS)
                )
            elif name in names[:place]:
                self._add(line, column, name, "this column stands there twice", "each column once")
        needed = ("sku",) if len(self._sections) == 1 else ("sku", "category")
        for name in needed:
            if name not in names:
                self._add(line, 1, name, "no such column", f"the column {name} in the header")
        self.header = names
        return len(self.problems) == before

    def _record(self, line: int, cells: list[str]) -> _Record:
        columns = {name: _column(cells, place) for place, name in enumerate(self.header)}
        return _Record(line, dict(zip(self.header, cells, strict=True)), columns)

    def _check_code(self, record: _Record, code: str) -> None:
        if not code or len(code) > MAX_TEXT_CHARACTERS or not code.isprintable():
            self._refuse(record, "sku", f"1 to {MAX_TEXT_CHARACTERS} printable characters")
        elif code in self.lines:
            hint = f"first in line {self.lines[code]}"
            self._refuse(record, "sku", "each SKU once", hint)
        self.lines.setdefault(code, record.line)

    def _category(self, record: _Record) -> int:
        name = _plain(record.cells.get("category", ""))
        if not name and len(self._sections) == 1:
            return 0
        if name not in self._categories:
            known = tuple(self._categories)
            expected = f"a category of the scenario: {', '.join(known[:10])}"
            self._refuse(record, "category", expected, _near(name, known))
        return self._categories.get(name, 0)

    def _number(
        self, record: _Record, column: str, default: float, least: float, most: float
    ) -> float:
        text = record.cells.get(column, "").strip()
        if not text:
            return default
        value = float(text) if _is_number(text) else math.nan
        if not least <= value <= most:
            self._refuse(record, column, f"a number from {least:g} to {most:g}")
            return default
        return value

    def _measure(self, record: _Record, column: str, default: float) -> float:
        return self._number(record, column, max(default, LEAST_MEASURE), LEAST_MEASURE, MAX_MEASURE)

    def _volume_and_sides(self, record: _Record, section: Category) -> float:
        """Keep the sides of a unit, longest first; return its volume."""
        given = [column for column in SIDES if record.cells.get(column, "").strip()]
        if not given:
            volume_ml = self._measure(record, "volume_ml", law_mean(section.volume_ml))
            ratios = (law_mean(section.length_to_width), law_mean(section.width_to_height))
            self.sides.append(sides_mm(*(np.array([x]) for x in (volume_ml, *ratios)))[0])
            return volume_ml
        if len(given) < len(SIDES):
            column = next(name for name in SIDES if name not in given)
            self._refuse(record, column, "all of length_mm, width_mm and height_mm, or none")
        sides = [self._measure(record, column, 1.0) for column in SIDES]
        product_ml = math.prod(sides) / 1000.0
        volume_ml = self._measure(record, "volume_ml", product_ml)
        if len(given) == len(SIDES) and volume_ml > product_ml * BEYOND_ITS_SIDES:
            expected = f"at most length x width x height = {product_ml:.6g} ml"
            self._refuse(record, "volume_ml", expected)
        self.sides.append(np.sort(sides)[::-1])
        return volume_ml

    def _flag(self, record: _Record, section: Category) -> bool:
        text = record.cells.get("fragile", "").strip().lower()
        if not text:
            return section.fragile_share > 0.5
        if text not in _YES and text not in _NO:
            self._refuse(record, "fragile", "true or false")
        return text in _YES

    def _units(self, record: _Record, column: str, least: int) -> int:
        text = record.cells.get(column, "").strip()
        if not text:
            return NOT_GIVEN
        if not re.fullmatch(r"-?\d{1,8}", text, re.ASCII) or not least <= int(text) <= MAX_UNITS:
            self._refuse(record, column, f"whole units from {least} to {MAX_UNITS}, or nothing")
            return NOT_GIVEN
        return int(text)

    def _location(self, record: _Record) -> int:
        text = record.cells.get("location", "").strip()
        if not text:
            return -1
        if not re.fullmatch(r"\d{1,10}", text, re.ASCII) or int(text) > MAX_LOCATION:
            self._refuse(record, "location", "the number of a location, from 0, or nothing")
            return -1
        return int(text)

    def _refuse(self, record: _Record, column: str, expected: str, hint: str = "") -> None:
        found = shown_value(record.cells.get(column, ""))
        self._add(record.line, record.columns.get(column, 1), column, found, expected, hint)

    def _add(
        self, line: int, column: int, path: str, found: str, expected: str, hint: str = ""
    ) -> None:
        self.problems.append(Problem(self.shown_name, line, column, path, found, expected, hint))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def _column(cells: list[str], place: int) -> int:
    return 1 + sum(len(cell) + 1 for cell in cells[:place])


def _is_number(text: str) -> bool:
    return len(text) <= MAX_TEXT_CHARACTERS and _NUMBER.fullmatch(text) is not None


def _near(name: str, known: tuple[str, ...]) -> str:
    close = get_close_matches(name[:MAX_TEXT_CHARACTERS], known[:2000], n=1)
    return f"did you mean {shown_value(close[0])}?" if close else ""
