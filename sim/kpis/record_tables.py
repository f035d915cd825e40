"""What the log says about stock records: how far they are from the shelf, and who mends them.

The books and the shelf move together but for a few kinds of facts; those alone say at any time by
how many units a SKU's books are off.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.kpis.columns import Rows
from sim.kpis.slices import Handler, Slice, Window
from sim.log.facts import Fact

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


class RecordTables:
    """Moves of the books against the shelf, and counts.

    Attributes
    ----------
    moves
        Rows ``sku time_s units fact``: from then on the books say so many units more than the shelf
        holds than before (below 0: fewer).
    counts
        Rows of COUNTED: ``sku time_s booked counted``.
    asked
        Rows of COUNT_ASKED: ``sku booked``.
    closed
        Rows of RECORD_CLOSED: ``sku booked there``; none where books and shelf are one.
    """

    def __init__(self) -> None:
        self.moves = Rows(sku="i4", time_s="f8", units="i4", fact="u1")
        self.counts = Rows(sku="i4", time_s="f8", booked="i4", counted="i4")
        self.asked = Rows(sku="i4", booked="i4")
        self.closed = Rows(sku="i4", booked="i4", there="i4")

    def handlers(self) -> dict[int, Handler]:
        """Return what to do with each kind of fact."""
        return {
            int(Fact.VANISHED): lambda s: self._move(Fact.VANISHED, s, s.other),
            int(Fact.MISPUT): lambda s: self._move(Fact.MISPUT, s, s.other),
            int(Fact.MISCOUNTED): lambda s: self._move(Fact.MISCOUNTED, s, s.other),
            int(Fact.FOUND_AGAIN): lambda s: self._move(Fact.FOUND_AGAIN, s, -s.other),
            int(Fact.RECORD_MENDED): lambda s: self._move(
                Fact.RECORD_MENDED, s, _units(s) - s.other
            ),
            int(Fact.COUNTED): self._counted,
            int(Fact.COUNT_ASKED): lambda s: self.asked.append(
                len(s.subject), sku=s.subject, booked=s.other
            ),
            int(Fact.RECORD_CLOSED): lambda s: self.closed.append(
                len(s.subject), sku=s.subject, booked=s.other, there=_units(s)
            ),
        }

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(rows.nbytes for rows in (self.moves, self.counts, self.asked, self.closed))

    def off_at_the_end(self, skus: int, *facts: Fact) -> Integers:
        """Return by how many units books are off at the end, by some facts (all if none is named).

        Shape (K,).
        """
        off = np.zeros(skus, dtype=np.int64)
        chosen = np.isin(self.moves["fact"], facts) if facts else slice(None)
        np.add.at(off, self.moves["sku"][chosen], self.moves["units"][chosen].astype(np.int64))
        return off

    def stretches(self, window: Window) -> tuple[Integers, Integers, Floats]:
        """Return the stretches of time inside the window for which books may be off.

        Returns
        -------
        SKU, units by which its books are off, and seconds of each stretch; shape (n,) each. Books
        are right outside of them.
        """
        order = np.lexsort((self.moves["time_s"], self.moves["sku"]))
        sku = self.moves["sku"][order].astype(np.int64)
        time_s = window.cut(self.moves["time_s"][order])
        units = np.cumsum(self.moves["units"][order].astype(np.int64))
        if not len(sku):
            return sku, units, time_s
        starts = np.flatnonzero(np.append(True, sku[1:] != sku[:-1]))
        before = np.append(0, units[starts[1:] - 1])
        off = units - np.repeat(before, np.diff(np.append(starts, len(sku))))
        until_s = np.append(time_s[1:], window.end_s)
        until_s[starts[1:] - 1] = window.end_s
        return sku, off, until_s - time_s

    def _move(self, fact: Fact, facts: Slice, units: npt.NDArray[np.int32]) -> None:
        self.moves.append(
            len(facts.subject), sku=facts.subject, time_s=facts.time_s, units=units, fact=int(fact)
        )

    def _counted(self, facts: Slice) -> None:
        counted = _units(facts)
        self._move(Fact.COUNTED, facts, counted - facts.other)
        self.counts.append(
            len(counted),
            sku=facts.subject,
            time_s=facts.time_s,
            booked=facts.other,
            counted=counted,
        )


def _units(facts: Slice) -> npt.NDArray[np.int32]:
    return np.rint(facts.value).astype(np.int32)
