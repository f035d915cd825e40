"""Orders or pick lists from a file of the planner: where each line lies and what it takes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sim.errors import Problem, ScenarioError
from sim.warehouse.items import Catalogue
from sim.warehouse.layout import Layout, location_names
from sim.warehouse.layout.csv_rows import MAX_ID_CHARACTERS, Row, did_you_mean, problem_at, rows_of

MAX_UNITS = 1_000_000
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d[ T])?([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?", re.ASCII
)  # fmt: skip


@dataclass
class FiledOrder:
    """An order of the file.

    Attributes
    ----------
    name
        What the file calls it.
    stops
        Location of each line.
    units
        Units of all lines.
    volume_ml, weight_g
        Of all its goods; 0 for lines that name a location without a SKU.
    release, due
        When it may be picked and when it must be, as the file says it; empty: nothing is said.
    """

    name: str
    stops: list[int] = field(default_factory=list)
    units: int = 0
    volume_ml: float = 0.0
    weight_g: float = 0.0
    release: str = ""
    due: str = ""


def read_orders(
    file: Path,
    layout: Layout,
    catalogue: Catalogue,
    location_of_sku: Sequence[int],
    *,
    key: str = "order",
) -> list[FiledOrder]:
    """Return the orders of a file, by release (those without one first), then as they stand in it.

    Parameters
    ----------
    file
        CSV with a header: a column named ``key``, ``units``, and one of ``location`` (its name, or
        its number from 0) and ``sku``; if wanted ``release`` and ``due`` (HH:MM, or a date before
        it), the same on all rows of an order.
    layout, catalogue, location_of_sku
        What locations and SKUs there are.
    key
        Name of the column that says which rows belong together.

    Raises
    ------
    ScenarioError
        With every fault of the file: line, column, what was found, what was expected.
    """
    problems: list[Problem] = []
    reading = _Reading(file, key, layout, catalogue, location_of_sku, problems)
    rows = rows_of(
        file, (key, "units"), problems, optional=("location", "sku", "release", "due")
    )  # fmt: skip
    for row, cells in rows:
        if not reading.take(row, cells):
            break
    if not reading.orders and not problems:
        problems.append(Problem(str(file), 1, 1, "", "no rows", f"one row a line of each {key}"))
    if problems:
        raise ScenarioError(problems)
    return sorted(reading.orders.values(), key=lambda order: order.release)


class _Reading:
    """The rows read so far, and what is wrong with them."""

    def __init__(
        self,
        file: Path,
        key: str,
        layout: Layout,
        catalogue: Catalogue,
        location_of_sku: Sequence[int],
        problems: list[Problem],
    ) -> None:
        self._file = file
        self._key = key
        self._catalogue = catalogue
        self._location_of_sku = location_of_sku
        self._problems = problems
        self._locations = {name: place for place, name in enumerate(location_names(layout))}
        self._skus = {code: sku for sku, code in enumerate(catalogue.codes)}
        self.orders: dict[str, FiledOrder] = {}

    def take(self, row: Row, cells: Mapping[str, str]) -> bool:
        """Take a row; False if the file has no column to say where its lines lie."""
        if ("location" in cells) == ("sku" in cells):
            both = (
                "both columns location and sku" if "sku" in cells else "no column location or sku"
            )
            self._problems.append(Problem(str(self._file), 1, 1, "", both, "one of the two"))
            return False
        faults = len(self._problems)
        name, units = self._name(row, cells), self._units(row, cells)
        column = "sku" if "sku" in cells else "location"
        known = self._skus if column == "sku" else self._locations
        found = self._found(row, column, cells[column], known)
        for time in ("release", "due"):
            if cells.get(time) and not _TIME.fullmatch(cells[time]):
                self._refuse(row, time, cells[time], "HH:MM, or YYYY-MM-DD HH:MM, or nothing")
        if len(self._problems) == faults:
            self._add(row, cells, name, units, found)
        return True

    def _add(
        self, row: Row, cells: Mapping[str, str], name: str, units: int, found: int
    ) -> None:  # fmt: skip
        order = self.orders.get(name)
        if order is None:
            order = FiledOrder(name, release=cells.get("release", ""), due=cells.get("due", ""))
            self.orders[name] = order
        for time in ("release", "due"):
            text = cells.get(time, "")
            if text != getattr(order, time):
                expected = f"the same on all rows: {getattr(order, time) or 'nothing'}"
                self._refuse(row, time, text, expected)
        order.units += units
        if "sku" in cells:
            order.stops.append(self._location_of_sku[found])
            order.volume_ml += units * float(self._catalogue.volume_ml[found])
            order.weight_g += units * float(self._catalogue.weight_g[found])
        else:
            order.stops.append(found)

    def _name(self, row: Row, cells: Mapping[str, str]) -> str:
        name = cells[self._key]
        if not name or len(name) > MAX_ID_CHARACTERS or not name.isprintable():
            expected = f"a name of 1 to {MAX_ID_CHARACTERS} characters"
            self._refuse(row, self._key, name, expected)
        return name

    def _units(self, row: Row, cells: Mapping[str, str]) -> int:
        text = cells["units"]
        units = int(text) if _WHOLE.fullmatch(text) else 0
        if not 1 <= units <= MAX_UNITS:
            self._refuse(row, "units", text, f"a whole number from 1 to {MAX_UNITS}")
        return units

    def _found(self, row: Row, column: str, text: str, known: Mapping[str, int]) -> int:
        found = known.get(text)
        if found is not None:
            return found
        if column == "location" and _WHOLE.fullmatch(text) and int(text) < len(known):
            return int(text)
        expected = f"a {'SKU' if column == 'sku' else 'location'} of the scenario"
        if column == "location":
            expected += f", by its name or its number from 0 to {len(known) - 1}"
        self._refuse(row, column, text, expected, did_you_mean(text, known))
        return -1

    def _refuse(self, row: Row, column: str, text: str, expected: str, hint: str = "") -> None:
        found = "is not known" if column in ("sku", "location") else "cannot be used"
        self._problems.append(problem_at(self._file, row, column, text, found, expected, hint))
