"""What the log says about payments beside PAID and CAPTURED: rarer than orders, a row each."""

from __future__ import annotations

from functools import partial

import numpy as np

from sim.kpis.columns import Numbered, Rows
from sim.kpis.slices import Handler, Slice
from sim.log.facts import Fact

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
    """

    def __init__(self, orders: Numbered) -> None:
        self._orders = orders
        self.payments = Rows(order="i4", time_s="f8", fact="u1", cents="i8")

    def handlers(self) -> dict[int, Handler]:
        """Return what to do with each kind of fact."""
        return {int(fact): partial(self._note, fact) for fact in NOTED}

    def _note(self, fact: Fact, facts: Slice) -> None:
        cents = np.rint(facts.value).astype(np.int64)
        self.payments.append(
            len(cents), order=facts.subject, time_s=facts.time_s, fact=int(fact), cents=cents
        )
        if fact == Fact.INVOICED:
            np.add.at(self._orders["captured_cents"], facts.subject, cents)
        elif fact == Fact.INVOICE_PAID:
            self._orders.add("money_cent_s", facts.subject, cents * facts.time_s)
