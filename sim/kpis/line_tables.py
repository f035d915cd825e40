"""What the log says about order lines: typed, picked, put back, arrived wrong, sent back.

A line typed wrong asks for another SKU or other units from then on, until somebody puts it right;
the floor and the stock know only what was typed.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.kpis.columns import Column, Numbered, Rows
from sim.kpis.slices import Handler, Slice, Window
from sim.log.facts import Fact
from sim.orders.book import Demand

TYPED_WRONG = 1
PICK_CODES = 8


class LineTables:
    """Order lines.

    Attributes
    ----------
    lines
        Per line: ``out_units`` taken from the shelf and not put back, ``return_row`` (its newest
        return, -1 without), ``flags``.
    typed
        Rows of lines typed wrong, and of those put right again: ``line sku units`` from then on.
    wrong_picks, mended, form_found, scanned, short_picks, arrived_wrong
        Rows: lines picked wrong, put back by the packing check, seen there to be typed wrong, put
        right by the scan at the pick, not picked because their place lacked units, wrong at the
        customer's door.
    picks_by_code
        Picks of the cohort's lines by PICK_* code.
    lines_picked_in_window, picks_by_sku
        Picks inside the window, all orders; by SKU.
    first_line, end_line
        The cohort's lines.
    """

    def __init__(self, demand: Demand, skus: int, window: Window) -> None:
        self._demand = demand
        self._window = window
        self.lines = Numbered(
            demand.lines, out_units=("i4", 0), return_row=("i4", -1), flags=("u1", 0)
        )
        self.typed = Rows(line="i4", sku="i4", units="i4")
        self.wrong_picks = Rows(line="i4", units="i4", code="u1")
        self.mended = Rows(line="i4", units="i4", code="u1")
        self.form_found = Rows(line="i4", units="i4")
        self.scanned = Rows(line="i4", code="u1")
        self.short_picks = Rows(line="i4", units="i4")
        self.arrived_wrong = Rows(line="i4", time_s="f8", units="i4", cause="u1")
        self.picks_by_code = np.zeros(PICK_CODES, dtype=np.int64)
        self.lines_picked_in_window = 0
        self.picks_by_sku = np.zeros(skus, dtype=np.int64)
        self._sku_typed: dict[int, int] = {}
        self._righted: Slice | None = None
        span = np.searchsorted(demand.placed_s, (window.start_s, window.end_s))
        self.first_line, self.end_line = (int(k) for k in demand.first_line[span])

    def handlers(self) -> dict[int, Handler]:
        """Return what to do with each kind of fact."""
        return {
            int(Fact.TYPED_AS): self._typed_as,
            int(Fact.LINE_PICKED): self._picked,
            int(Fact.LINE_MENDED): self._mended,
            int(Fact.LINE_ARRIVED_WRONG): self._arrived_wrong,
            int(Fact.ENTRY_FAULT_FOUND): self._form_found,
            int(Fact.SCAN_CAUGHT): lambda s: self.scanned.append(
                len(s.subject), line=s.subject, code=s.value
            ),
            int(Fact.SHORT_PICKED): lambda s: self.short_picks.append(
                len(s.subject), line=s.subject, units=s.other
            ),
        }

    def cohort_line(self, line: Column) -> npt.NDArray[np.bool_]:
        """Tell which lines belong to orders of the cohort."""
        inside: npt.NDArray[np.bool_] = (line >= self.first_line) & (line < self.end_line)
        return inside

    def sku_of(self, line: Column) -> npt.NDArray[np.int64]:
        """Return the SKU that each line number asks for, as typed."""
        sku = self._demand.sku[line].astype(np.int64)
        if self._sku_typed:
            wrong = np.flatnonzero(self.lines["flags"][line] & TYPED_WRONG)
            sku[wrong] = [self._sku_typed[k] for k in line[wrong].tolist()]
        return sku

    def sku_at(self, facts: Slice) -> npt.NDArray[np.int64]:
        """Return the SKU that the line of each fact asks for at that moment."""
        sku = self.sku_of(facts.subject)
        if self._righted is not None:
            place = {line: k for k, line in enumerate(self._righted.subject.tolist())}
            touched = np.flatnonzero(np.isin(facts.subject, self._righted.subject))
            for row in touched.tolist():
                k = place[int(facts.subject[row])]
                if facts.position[row] > self._righted.position[k]:
                    sku[row] = self._righted.other[k]
        return sku

    def are_put_right(self, facts: Slice) -> None:
        """Note which lines of the chunk that begins are put right in it, and where."""
        self._righted = facts

    def are_right(self) -> None:
        """Take what was put right for granted from the next chunk on."""
        assert self._righted is not None
        facts, self._righted = self._righted, None
        self._typed_as(facts)

    def units_as_typed(self) -> npt.NDArray[np.int64]:
        """Return the units of every line as typed. Shape (m,)."""
        units = self._demand.units.astype(np.int64)
        units[self.typed["line"]] = self.typed["units"]
        return units

    def _typed_as(self, facts: Slice) -> None:
        self.typed.append(
            len(facts.subject), line=facts.subject, sku=facts.other, units=facts.value
        )
        self.lines["flags"][facts.subject] |= TYPED_WRONG
        self._sku_typed.update(zip(facts.subject.tolist(), facts.other.tolist(), strict=True))

    def _picked(self, facts: Slice) -> None:
        self.lines.add("out_units", facts.subject, facts.other)
        code = facts.value.astype(np.int64)
        counted = code[self.cohort_line(facts.subject)]
        self.picks_by_code += np.bincount(counted, minlength=PICK_CODES)
        wrong = np.flatnonzero(code)
        self.wrong_picks.append(
            len(wrong),
            line=facts.subject[wrong],
            units=facts.other[wrong],
            code=code[wrong],
        )
        inside = self._window.holds(facts.time_s)
        self.lines_picked_in_window += int(np.count_nonzero(inside))
        np.add.at(self.picks_by_sku, self.sku_at(facts)[inside], 1)

    def _mended(self, facts: Slice) -> None:
        self.lines.add("out_units", facts.subject, -facts.other)
        self.mended.append(
            len(facts.subject), line=facts.subject, units=facts.other, code=facts.value
        )

    def _form_found(self, facts: Slice) -> None:
        self.lines.add("out_units", facts.subject, -facts.other)
        self.form_found.append(len(facts.subject), line=facts.subject, units=facts.other)

    def _arrived_wrong(self, facts: Slice) -> None:
        self.arrived_wrong.append(
            len(facts.subject),
            line=facts.subject,
            time_s=facts.time_s,
            units=facts.other,
            cause=facts.value,
        )
