"""What the log says about order lines: typed, replaced, picked, put back, arrived wrong, sent back.

A line typed wrong asks for another SKU or other units from then on, until somebody puts it right;
the floor and the stock know only what was typed. A line whose SKU is replaced by a substitute asks
for that at its price.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.kpis.columns import Column, Numbered, Rows
from sim.kpis.slices import Handler, Slice, Window
from sim.log.facts import Fact
from sim.orders.book import Demand

OTHER_SKU, SENT_IN_EXCHANGE = 1, 2
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
    substituted
        Rows of lines that take another SKU: ``line sku cents`` from then on.
    wrong_picks, mended, form_found, scanned, short_picks, arrived_wrong
        Rows: lines picked wrong, put back by the packing check, seen there to be typed wrong, put
        right by the scan at the pick, not picked because their place lacked units, wrong at the
        customer's door.
    exchange_picks
        Rows of what was picked to be sent in exchange for a line: ``line sku units``; a pick that
        the packing check put back has units below 0. They are no ``out_units``.
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
        self.substituted = Rows(line="i4", sku="i4", cents="i4")
        self.wrong_picks = Rows(line="i4", units="i4", code="u1")
        self.mended = Rows(line="i4", units="i4", code="u1")
        self.form_found = Rows(line="i4", units="i4")
        self.scanned = Rows(line="i4", code="u1")
        self.short_picks = Rows(line="i4", time_s="f8", units="i4")
        self.arrived_wrong = Rows(line="i4", time_s="f8", units="i4", cause="u1")
        self.exchange_picks = Rows(line="i4", sku="i4", units="i4")
        self.picks_by_code = np.zeros(PICK_CODES, dtype=np.int64)
        self.lines_picked_in_window = 0
        self.picks_by_sku = np.zeros(skus, dtype=np.int64)
        self._other_sku: dict[int, int] = {}
        self._exchanged: dict[int, tuple[int, int, int]] = {}
        self._chunks = 0
        self._righted: Slice | None = None
        span = np.searchsorted(demand.placed_s, (window.start_s, window.end_s))
        self.first_line, self.end_line = (int(k) for k in demand.first_line[span])

    def handlers(self) -> dict[int, Handler]:
        """Return what to do with each kind of fact."""
        return {
            int(Fact.LINE_PICKED): self._picked,
            int(Fact.LINE_MENDED): self._mended,
            int(Fact.LINE_ARRIVED_WRONG): self._arrived_wrong,
            int(Fact.ENTRY_FAULT_FOUND): self._form_found,
            int(Fact.SCAN_CAUGHT): lambda s: self.scanned.append(
                len(s.subject), line=s.subject, code=s.value
            ),
            int(Fact.SHORT_PICKED): lambda s: self.short_picks.append(
                len(s.subject), line=s.subject, time_s=s.time_s, units=s.other
            ),
        }

    def cohort_line(self, line: Column) -> npt.NDArray[np.bool_]:
        """Tell which lines belong to orders of the cohort."""
        inside: npt.NDArray[np.bool_] = (line >= self.first_line) & (line < self.end_line)
        return inside

    def sku_of(self, line: Column) -> npt.NDArray[np.int64]:
        """Return the SKU that each line number asks for, as typed or taken instead."""
        sku = self._demand.sku[line].astype(np.int64)
        if self._other_sku:
            other = np.flatnonzero(self.lines["flags"][line] & OTHER_SKU)
            sku[other] = [self._other_sku[k] for k in line[other].tolist()]
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
        for line, sku in zip(facts.subject.tolist(), facts.other.tolist(), strict=True):
            self._other_sku[line] = sku
        self.lines["flags"][facts.subject] |= OTHER_SKU

    def units_as_typed(self) -> npt.NDArray[np.int64]:
        """Return the units of every line as typed. Shape (m,)."""
        units = self._demand.units.astype(np.int64)
        units[self.typed["line"]] = self.typed["units"]
        return units

    def price_cents(self) -> npt.NDArray[np.int64]:
        """Return what a unit of every line costs, a substitute's price included. Shape (m,)."""
        cents = self._demand.price_cents.astype(np.int64)
        cents[self.substituted["line"]] = self.substituted["cents"]
        return cents

    def fold(self, slices: dict[int, Slice]) -> None:
        """Fold in what lines ask for from now on; of several changes of a line the last one holds.

        Comes before the other facts of a chunk: a line changes before it is picked. What is put
        right after that stands in :meth:`sku_at`.
        """
        changes = []
        for fact in (Fact.TYPED_AS, Fact.SUBSTITUTED):
            facts = slices.get(int(fact))
            if facts is not None:
                rows = (facts.position, facts.subject, facts.other)
                changes += list(zip(*(column.tolist() for column in rows), strict=True))
        if not changes:
            return
        self._typed_as(slices.get(int(Fact.TYPED_AS)))
        self._substituted(slices.get(int(Fact.SUBSTITUTED)))
        for _, line, sku in sorted(changes):
            self._other_sku[line] = sku
        self.lines["flags"][[line for _, line, _ in changes]] |= OTHER_SKU

    def _typed_as(self, facts: Slice | None) -> None:
        if facts is not None:
            self.typed.append(
                len(facts.subject), line=facts.subject, sku=facts.other, units=facts.value
            )

    def _substituted(self, facts: Slice | None) -> None:
        if facts is not None:
            self.substituted.append(
                len(facts.subject), line=facts.subject, sku=facts.other, cents=facts.value
            )

    def note_exchanges(self, slices: dict[int, Slice]) -> None:
        """Learn from a chunk, before all else is read, what is sent in exchange from when on."""
        self._chunks += 1
        facts = slices.get(int(Fact.EXCHANGED))
        if facts is None:
            return
        self.lines["flags"][facts.subject] |= SENT_IN_EXCHANGE
        columns = (facts.subject, facts.position, facts.value.astype(np.int64))
        for line, position, sku in zip(*(column.tolist() for column in columns), strict=True):
            self._exchanged[line] = (self._chunks, position, sku)

    def sku_picked(self, facts: Slice) -> npt.NDArray[np.int64]:
        """Return the SKU of each pick (or put-back): what an exchange sends once it is promised."""
        sku = self.sku_at(facts)
        rows = self._of_exchanges(facts)
        sku[rows] = [self._exchanged[line][2] for line in facts.subject[rows].tolist()]
        return sku

    def _of_exchanges(self, facts: Slice) -> npt.NDArray[np.int64]:
        """Return the rows of picks that come after their line was exchanged."""
        if not self._exchanged:
            return np.empty(0, dtype=np.int64)
        rows = np.flatnonzero(self.lines["flags"][facts.subject] & SENT_IN_EXCHANGE)
        now = self._chunks
        after = [
            (now, position) > self._exchanged[line][:2]
            for line, position in zip(
                facts.subject[rows].tolist(), facts.position[rows].tolist(), strict=True
            )
        ]
        return rows[np.array(after, dtype=np.bool_)]

    def _count_out(self, facts: Slice, sku: Column, sign: int) -> None:
        """Count what leaves the shelf for the line itself, and note what leaves in exchange."""
        units = sign * facts.other
        rows = self._of_exchanges(facts)
        if len(rows):
            self.exchange_picks.append(
                len(rows), line=facts.subject[rows], sku=sku[rows], units=units[rows]
            )
            units[rows] = 0
        self.lines.add("out_units", facts.subject, units)

    def _picked(self, facts: Slice) -> None:
        sku = self.sku_picked(facts)
        self._count_out(facts, sku, 1)
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
        np.add.at(self.picks_by_sku, sku[inside], 1)

    def _mended(self, facts: Slice) -> None:
        self._count_out(facts, self.sku_picked(facts), -1)
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
