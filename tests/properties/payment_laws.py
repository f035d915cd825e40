"""What is true of every payment, checked straight from the raw log.

The states are told anew here, from the facts alone: first of the order, until it may be shipped,
then of each of its shipments.
"""

from __future__ import annotations

from collections import defaultdict

from sim.log.facts import CancelReason, SplitKind
from tests.properties.laws import Laws
from tests.sim.engine.playing import Record, Row

DAY_S = 86_400.0
HOLDS_S = 1e-6


def check_payments(record: Record) -> None:
    """Check declines, holds, authorisations, invoices and credit notes."""
    laws = _Payments(record)
    laws.check(record)
    laws.at_the_end()


class _Payments(Laws):
    def __init__(self, record: Record) -> None:
        super().__init__()
        self.scenario = record.setting.scenario
        self.rules = self.scenario.payment
        self.luck, self.demand = record.book.luck, record.book.demand
        self.drained = record.played.open_lives == 0
        self.order_of: dict[int, int] = {}
        self.sent_again: set[int] = set()
        self.entered_s: dict[int, float] = {}
        self.held: set[int] = set()
        self.authorised_s: dict[int, float] = {}  # by order, then by shipment that asked anew
        self.of_shipment: dict[int, float] = {}
        self.asks: set[int] = set()
        self.on_account: set[int] = set()
        self.refused: set[int] = set()
        self.charged: dict[int, float] = {}
        self.invoiced: dict[int, int] = defaultdict(int)
        self.settled: dict[int, int] = defaultdict(int)
        self.credited: dict[int, int] = defaultdict(int)
        self.lost: dict[int, int] = defaultdict(int)
        self.due: dict[int, tuple[float, int]] = {}
        self.refund: dict[int, int] = {}

    def _order(self, shipment: int) -> int:
        return self.order_of.get(shipment, shipment)

    # --- until the order may be shipped

    def on_entered(self, row: Row) -> None:
        self.entered_s[row.subject] = row.time_s

    def on_payment_declined(self, row: Row) -> None:
        order = row.subject
        assert not self.luck.pays_later[order], "declined on account"
        assert 1 <= row.value <= self.rules.retries + 1

    def on_fraud_held(self, row: Row) -> None:
        assert not self.luck.pays_later[row.subject], "held on account"
        assert self.luck.fraud_check_s[row.subject] > 0.0
        self.held.add(row.subject)

    def on_paid(self, row: Row) -> None:
        order = row.subject
        if self.luck.pays_later[order]:
            assert row.time_s == self.entered_s[order], "an order on account waits for nothing"
            self.on_account.add(order)
        assert self.luck.pays[order]
        assert order not in self.held or not self.luck.fraud_rejected[order]
        assert (order in self.held) == (self.luck.fraud_check_s[order] > 0.0)
        self.authorised_s[order] = row.time_s

    def on_cancelled(self, row: Row) -> None:
        order, reason = row.subject, CancelReason(int(row.value))
        if reason == CancelReason.FRAUD:
            assert order in self.held
            assert self.luck.fraud_rejected[order]
            assert order not in self.authorised_s
        if reason == CancelReason.PAYMENT and order in self.authorised_s:
            assert order in {self._order(leg) for leg in self.refused}
        if reason in (CancelReason.FRAUD, CancelReason.PAYMENT):
            assert order not in self.invoiced, "cancelled for payment yet charged"

    # --- what leaves

    def on_split(self, row: Row) -> None:
        self.order_of[row.subject] = row.other
        if row.value in (SplitKind.REPLACEMENT, SplitKind.EXCHANGE):
            self.sent_again.add(row.subject)

    def _is_old(self, row: Row, shipment: int) -> bool:
        """Tell whether a shipment's authorisation has expired; never on the last digit."""
        days = self.rules.authorisation_days
        if days is None or self._order(shipment) in self.on_account:
            return False
        since_s = self.of_shipment.get(shipment, self.authorised_s[self._order(shipment)])
        return row.time_s - since_s > days * DAY_S

    def on_allocated(self, row: Row) -> None:
        if row.subject not in self.sent_again:
            assert not self._is_old(row, row.subject), "released on an old authorisation"

    def on_authorisation_expired(self, row: Row) -> None:
        assert self._order(row.other) == row.subject
        assert self._is_old(row, row.other), "asked anew without need"
        assert row.other not in self.asks
        self.asks.add(row.other)

    def on_authorised_again(self, row: Row) -> None:
        self.asks.remove(row.other)
        assert 0 <= row.value <= self.rules.retries
        self.of_shipment[row.other] = row.time_s

    def on_authorisation_refused(self, row: Row) -> None:
        self.asks.remove(row.other)
        assert 1 <= row.value <= self.rules.retries + 1
        self.refused.add(row.other)

    def on_payment_lapsed(self, row: Row) -> None:
        order = int(self.demand.first_line.searchsorted(row.subject, side="right")) - 1
        assert order in {self._order(leg) for leg in self.refused}

    def on_captured(self, row: Row) -> None:
        self._charge(row)
        assert row.subject not in self.on_account, "captured on account"
        assert row.other not in self.refused
        assert not self._is_old(row, row.other), "captured on an old authorisation"

    def on_invoiced(self, row: Row) -> None:
        self._charge(row)
        assert row.subject in self.on_account or row.other in self.refused
        self.invoiced[row.subject] += int(row.value)
        never = bool(self.luck.never_pays[row.subject])
        days_s = float(self.luck.pay_later_s[row.subject])
        wait_s = self.rules.write_off_days * DAY_S if never else days_s
        self.due[row.other] = (row.time_s + wait_s, int(row.value))

    def _charge(self, row: Row) -> None:
        order, shipment = row.subject, row.other
        assert order in self.authorised_s, "charged before it may be shipped"
        assert self._order(shipment) == order
        assert shipment not in self.sent_again
        assert shipment not in self.charged, "charged twice"
        assert shipment not in self.asks, "charged while it asks"
        self.charged[shipment] = row.value

    # --- what is owed

    def _owed(self, order: int) -> int:
        return self.invoiced[order] - self.settled[order] - self.credited[order] - self.lost[order]

    def _settle(self, row: Row, *, never: bool) -> None:
        due_s, cents = self.due.pop(row.other)
        assert bool(self.luck.never_pays[row.subject]) == never
        assert abs(row.time_s - due_s) < HOLDS_S
        assert int(row.value) == min(cents, self._owed(row.subject)) > 0

    def on_invoice_paid(self, row: Row) -> None:
        self._settle(row, never=False)
        self.settled[row.subject] += int(row.value)

    def on_written_off(self, row: Row) -> None:
        if row.value > 0:
            self._settle(row, never=True)
        else:
            assert self.refund, "taken back without a return"
        self.lost[row.subject] += int(row.value)
        assert self.lost[row.subject] >= 0

    def on_refunded(self, row: Row) -> None:
        self.refund = {row.subject: int(row.value)}

    def on_credited(self, row: Row) -> None:
        assert 0 < row.value <= self.refund.pop(row.other), "credited more than refunded"
        self.credited[row.subject] += int(row.value)
        assert self._owed(row.subject) >= 0

    def at_the_end(self) -> None:
        """When everybody has gone home nobody owes anything."""
        if self.drained:
            assert not self.asks
            assert all(self._owed(order) == 0 for order in self.invoiced)
