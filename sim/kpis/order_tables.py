"""What the log says about orders: entered, paid, promised, short of stock, cancelled, captured."""

from __future__ import annotations

import numpy as np

from sim.kpis.columns import NAN, Numbered, Rows
from sim.kpis.faults import Faults
from sim.kpis.slices import Handler, Slice
from sim.log.facts import OVERSALE, Fact
from sim.orders.book import Demand

PLACED_FLAG, LOST_FLAG, FOLLOWED_UP_FLAG = 1, 2, 4
NO_PROMISE = -1


class OrderTables:
    """Orders and what is rarer than orders.

    Attributes
    ----------
    orders
        Per order: ``entered_s paid_s promised_door_s`` (NaN: never), ``promised_s`` (whole seconds,
        -1: never), ``captured_cents`` captured or invoiced, ``flags``.
    cancelled, lost, entry_faults, shorts, backorders
        Rows: cancelled orders with reason, due orders that were not placed, typing mistakes, lines
        that stock could not meet (``oversale``: 1 for one that the click showed as in stock), and
        what became of those on backorder, or of those that nobody paid anew.
    """

    def __init__(self, demand: Demand, faults: Faults) -> None:
        self._faults = faults
        self.orders = Numbered(
            demand.orders,
            entered_s=("f8", NAN),
            paid_s=("f8", NAN),
            promised_door_s=("f8", NAN),
            promised_s=("i4", NO_PROMISE),
            captured_cents=("i8", 0),
            flags=("u1", 0),
        )
        self.cancelled = Rows(order="i4", time_s="f8", reason="u1")
        self.lost = Rows(order="i4", time_s="f8", cause="u1")
        self.entry_faults = Rows(order="i4", line="i4", fault="u1")
        self.entry_mended = Rows(order="i4", line="i4", seconds="f8")
        self.corrected_addresses = Rows(order="i4", shipment="i4")
        self.shorts = Rows(line="i4", time_s="f8", units="i4", answer="u1", oversale="u1")
        self.backorders = Rows(line="i4", time_s="f8", fact="u1", units="i4", promised_s="f8")

    def handlers(self) -> dict[int, Handler]:
        """Return what to do with each kind of fact."""
        return {
            int(Fact.PLACED): self._placed,
            int(Fact.LOST): self._lost,
            int(Fact.ENTERED): lambda s: self.orders.set("entered_s", s.subject, s.time_s),
            int(Fact.ENTRY_FAULT): self._entry_fault,
            int(Fact.ENTRY_FAULT_MENDED): self._entry_fault_mended,
            int(Fact.PAID): lambda s: self.orders.set("paid_s", s.subject, s.time_s),
            int(Fact.CANCELLED): self._cancel,
            int(Fact.FOLLOWED_UP): self._follow_up,
            int(Fact.PROMISED): self._promise,
            int(Fact.SHORT): self._short,
            int(Fact.BACKORDER_PROMISED): self._backorder_promise,
            int(Fact.BACKORDER_SLIPPED): lambda s: self._backorder_end(Fact.BACKORDER_SLIPPED, s),
            int(Fact.BACKORDER_FILLED): lambda s: self._backorder_end(Fact.BACKORDER_FILLED, s),
            int(Fact.BACKORDER_CANCELLED): lambda s: self._backorder_end(
                Fact.BACKORDER_CANCELLED, s
            ),
            int(Fact.PAYMENT_LAPSED): lambda s: self._backorder_end(Fact.PAYMENT_LAPSED, s),
            int(Fact.ADDRESS_CORRECTED): lambda s: self.corrected_addresses.append(
                len(s.subject), order=s.other, shipment=s.subject
            ),
        }

    def _placed(self, facts: Slice) -> None:
        flags = self.orders["flags"]
        self._faults.only_once(
            "placed order", facts.subject, (flags[facts.subject] & PLACED_FLAG) != 0
        )
        flags[facts.subject] |= PLACED_FLAG

    def _lost(self, facts: Slice) -> None:
        self.orders["flags"][facts.subject] |= LOST_FLAG
        self.lost.append(
            len(facts.subject), order=facts.subject, time_s=facts.time_s, cause=facts.value
        )

    def _entry_fault(self, facts: Slice) -> None:
        self.entry_faults.append(
            len(facts.subject), order=facts.subject, line=facts.other, fault=facts.value
        )

    def _entry_fault_mended(self, facts: Slice) -> None:
        self.entry_mended.append(
            len(facts.subject), order=facts.subject, line=facts.other, seconds=facts.value
        )

    def _cancel(self, facts: Slice) -> None:
        already = np.isin(facts.subject, self.cancelled["order"])
        self._faults.only_once("cancelled order", facts.subject, already)
        self.cancelled.append(
            len(facts.subject), order=facts.subject, time_s=facts.time_s, reason=facts.value
        )

    def _follow_up(self, facts: Slice) -> None:
        self.orders["flags"][facts.subject] |= FOLLOWED_UP_FLAG

    def _promise(self, facts: Slice) -> None:
        first = self.orders["promised_s"][facts.subject] == NO_PROMISE
        # Written backwards, so that of two promises the first one stays.
        order = facts.subject[first][::-1]
        self.orders["promised_s"][order] = facts.other[first][::-1]
        self.orders["promised_door_s"][order] = facts.value[first][::-1]

    def _short(self, facts: Slice) -> None:
        self.shorts.append(
            len(facts.subject),
            line=facts.subject,
            time_s=facts.time_s,
            units=facts.other,
            answer=facts.value.astype(np.int64) % OVERSALE,
            oversale=facts.value >= OVERSALE,
        )

    def _backorder_promise(self, facts: Slice) -> None:
        self.backorders.append(
            len(facts.subject),
            line=facts.subject,
            time_s=facts.time_s,
            fact=int(Fact.BACKORDER_PROMISED),
            units=0,
            promised_s=facts.value,
        )

    def _backorder_end(self, fact: Fact, facts: Slice) -> None:
        self.backorders.append(
            len(facts.subject),
            line=facts.subject,
            time_s=facts.time_s,
            fact=int(fact),
            units=facts.other,
            promised_s=NAN,
        )
