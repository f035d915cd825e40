"""What the log says about payments: what was charged, and what is rarer than orders, a row each."""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt

from sim.kpis.columns import Numbered, Rows
from sim.kpis.slices import Handler, Slice, Window
from sim.log.facts import Fact

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

NOTED = (
    Fact.PAYMENT_DECLINED,
    Fact.FRAUD_HELD,
    Fact.INVOICED,
    Fact.INVOICE_PAID,
    Fact.WRITTEN_OFF,
    Fact.CREDITED,
    Fact.AUTHORISATION_EXPIRED,
    Fact.AUTHORISED_AGAIN,
    Fact.AUTHORISATION_REFUSED,
)


class PaymentTables:
    """Payments.

    Attributes
    ----------
    payments
        Rows: ``order time_s fact cents``; the cents of a decline or an authorisation are attempts.
    came_cents, waited_cent_s
        Money that came for the cohort's orders, and each of its cents times the seconds since the
        click.
    """

    def __init__(self, orders: Numbered, placed_s: Floats, window: Window) -> None:
        self._orders = orders
        self._placed_s = placed_s
        self._cohort = np.searchsorted(placed_s, (window.start_s, window.end_s))
        self.came_cents = 0
        self.waited_cent_s = 0.0
        self.payments = Rows(order="i4", time_s="f8", fact="u1", cents="i8")

    def handlers(self) -> dict[int, Handler]:
        """Return what to do with each kind of fact."""
        return {
            int(Fact.CAPTURED): self._capture,
            **{int(fact): partial(self._note, fact) for fact in NOTED},
        }

    def _capture(self, facts: Slice) -> None:
        cents = np.rint(facts.value).astype(np.int64)
        self._orders.add("captured_cents", facts.subject, cents)
        self._came(facts, cents)

    def _came(self, facts: Slice, cents: Integers) -> None:
        first, end = self._cohort
        inside = (facts.subject >= first) & (facts.subject < end)
        order, cents = facts.subject[inside], cents[inside]
        self.came_cents += int(cents.sum())
        self.waited_cent_s += float(np.sum(cents * (facts.time_s[inside] - self._placed_s[order])))

    def _note(self, fact: Fact, facts: Slice) -> None:
        cents = np.rint(facts.value).astype(np.int64)
        self.payments.append(
            len(cents), order=facts.subject, time_s=facts.time_s, fact=int(fact), cents=cents
        )
        if fact == Fact.INVOICED:
            self._orders.add("captured_cents", facts.subject, cents)
        elif fact == Fact.INVOICE_PAID:
            self._came(facts, cents)
