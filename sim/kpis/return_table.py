"""What the log says about returns: one row from the customer's request to the refund.

A line may come back twice, the second time after a replacement. Every fact belongs to the newest
return of its line.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.kpis.columns import NAN, Numbered, Rows
from sim.kpis.slices import Slice
from sim.log.facts import Fact

RETURN_FACTS = (
    *range(int(Fact.RETURN_ASKED), int(Fact.REPLACED) + 1),
    *range(int(Fact.RETURN_AUTHORISED), int(Fact.ON_CART) + 1),
)
TIME_AND_UNITS = {
    int(Fact.RETURN_RECEIVED): ("received_s", "received_units"),
    int(Fact.RESTOCKED): ("done_s", "restocked_units"),
    int(Fact.SCRAPPED): ("done_s", "scrapped_units"),
    int(Fact.SOLD_OFF): ("done_s", "sold_off_units"),
    int(Fact.REFURBISHED): ("refurbished_s", "refurbished_units"),
    int(Fact.RETURN_NEVER_CAME): ("never_came_s", "never_came_units"),
}
CENTS = {
    int(Fact.REFUNDED): "refunded_cents",
    int(Fact.SCRAPPED): "proceeds_cents",
    int(Fact.SOLD_OFF): "proceeds_cents",
    int(Fact.REFURBISHED): "material_cents",
}
COLUMNS: dict[str, tuple[str, float]] = {
    "line": ("i4", 0),
    "asked_s": ("f8", NAN),
    "units": ("i4", 0),
    "reason": ("u1", 0),
    "refusal": ("u1", 0),
    "never_came_s": ("f8", NAN),
    "never_came_units": ("i4", 0),
    "received_s": ("f8", NAN),
    "received_units": ("i4", 0),
    "refurbished_s": ("f8", NAN),
    "refurbished_units": ("i4", 0),
    "done_s": ("f8", NAN),
    "restocked_units": ("i4", 0),
    "scrapped_units": ("i4", 0),
    "sold_off_units": ("i4", 0),
    "refunded_s": ("f8", NAN),
    "refunded_cents": ("i8", 0),
    "proceeds_cents": ("i8", 0),
    "material_cents": ("i8", 0),
    "replacement": ("i4", -1),
    "exchange": ("i4", -1),
}


class ReturnTable:
    """Returns.

    Attributes
    ----------
    returns
        Rows: ``line asked_s units reason refusal`` (0: not refused), ``never_came_s
        never_came_units received_s received_units refurbished_s refurbished_units done_s``
        (restocked, scrapped or sold off, the last of it), ``restocked_units scrapped_units
        sold_off_units refunded_s refunded_cents proceeds_cents`` (of scrap and of what was sold
        off), ``material_cents replacement exchange`` (NaN: not yet; shipment -1: none).
    """

    def __init__(self, lines: Numbered) -> None:
        self._lines = lines
        self.returns = Rows(**{name: dtype for name, (dtype, _) in COLUMNS.items()})

    def fold(self, slices: dict[int, Slice]) -> None:
        """Give every fact of a return in the chunk to its row."""
        found = [(fact, slices[fact]) for fact in RETURN_FACTS if fact in slices]
        if not found:
            return
        line = np.concatenate([s.subject for _, s in found])
        code = np.repeat([fact for fact, _ in found], [len(s.subject) for _, s in found])
        order = np.lexsort((np.concatenate([s.position for _, s in found]), line))
        rows_in_order = self._rows(line[order], code[order] == int(Fact.RETURN_ASKED))
        rows = np.empty_like(rows_in_order)
        rows[order] = rows_in_order
        low = 0
        for fact, facts in found:
            high = low + len(facts.subject)
            self._write(fact, rows[low:high], facts)
            low = high

    def _rows(
        self, line: npt.NDArray[np.int32], asked: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.int64]:
        """Return the row of each fact; facts are sorted by line, then by happening."""
        starts = np.append(True, line[1:] != line[:-1])
        known = self._lines["return_row"][line].astype(np.int64)
        new = asked | (starts & (known < 0))
        row = np.where(new, self.returns.count + np.cumsum(new) - 1, known)
        anchor = np.maximum.accumulate(np.where(new | starts, np.arange(len(line)), 0))
        rows: npt.NDArray[np.int64] = row[anchor]
        self._append(line[new])
        ends = np.append(starts[1:], True)
        self._lines.set("return_row", line[ends], rows[ends])
        return rows

    def _append(self, line: npt.NDArray[np.int32]) -> None:
        empty: dict[str, npt.ArrayLike] = {name: value for name, (_, value) in COLUMNS.items()}
        self.returns.append(len(line), **{**empty, "line": line})

    def _write(self, fact: int, rows: npt.NDArray[np.int64], facts: Slice) -> None:
        table = self.returns
        if fact == Fact.RETURN_ASKED:
            table["asked_s"][rows] = facts.time_s
            table["units"][rows] = facts.other
            table["reason"][rows] = facts.value
        elif fact == Fact.RETURN_REFUSED:
            table["refusal"][rows] = facts.value
        elif fact == Fact.REFUNDED:
            table["refunded_s"][rows] = facts.time_s
        elif fact == Fact.REPLACED:
            table["replacement"][rows] = facts.other
        elif fact == Fact.EXCHANGED:
            table["exchange"][rows] = facts.other
        elif fact in TIME_AND_UNITS:
            when, units = TIME_AND_UNITS[fact]
            table[when][rows] = facts.time_s
            np.add.at(table[units], rows, facts.other)
        if fact in CENTS:
            np.add.at(table[CENTS[fact]], rows, np.rint(facts.value).astype(np.int64))
