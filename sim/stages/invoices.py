"""Invoices: goods that left on account, the money that comes later, and the money that never does.

The goods of an order are one account. What comes back is set off against what is still owed
before anything is paid out; a customer who pays, pays what is left.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from sim.clock.process import LeanProcess
from sim.log.facts import Fact
from sim.stages.payment_states import Payment, move

if TYPE_CHECKING:
    from sim.scenario.schema.money_in import PaymentSection
    from sim.stages.house import House
    from sim.stages.order import Order, Shipment

INVOICED, INVOICE_PAID = int(Fact.INVOICED), int(Fact.INVOICE_PAID)
WRITTEN_OFF, CREDITED = int(Fact.WRITTEN_OFF), int(Fact.CREDITED)
DAY_S = 86_400.0
NO_SHIPMENT = -1


class Invoices:
    """What customers owe.

    Attributes
    ----------
    owed_cents, lost_cents
        By order: what is invoiced and not settled, and what was written off.
    """

    def __init__(self, payment: PaymentSection) -> None:
        self.owed_cents: dict[int, int] = {}
        self.lost_cents: dict[int, int] = {}
        self._write_off_s = payment.write_off_days * DAY_S

    def send(self, house: House, leg: Shipment) -> None:
        """Send the invoice of a shipment that leaves."""
        number, cents = leg.order.number, leg.size.value_cents
        move(leg, Payment.INVOICED)
        house.log.add((house.env.now, INVOICED, number, leg.number, float(cents)))
        self.owed_cents[number] = self.owed_cents.get(number, 0) + cents
        house.life_begins()
        LeanProcess(self._settle(house, leg, cents))

    def _settle(self, house: House, leg: Shipment, cents: int) -> Generator[simpy.Event, Any, None]:
        """Wait for the money; in the end it is there or written off."""
        luck, number = house.book.luck, leg.order.number
        never = bool(luck.never_pays[number])
        yield house.env.timeout(self._write_off_s if never else float(luck.pay_later_s[number]))
        left = min(cents, self.owed_cents.get(number, 0))
        move(leg, Payment.WRITTEN_OFF if never else Payment.SETTLED)
        if left:
            self._take(self.owed_cents, number, left)
            if never:
                self.lost_cents[number] = self.lost_cents.get(number, 0) + left
            fact = WRITTEN_OFF if never else INVOICE_PAID
            house.log.add((house.env.now, fact, number, leg.number, float(left)))
        house.life_ends()

    def set_off(self, house: House, order: Order, line: int, cents: int) -> None:
        """Give a credit note for a refund, as far as the customer has not paid."""
        add, now, number = house.log.add, house.env.now, order.number
        credit = min(cents, self.owed_cents.get(number, 0))
        back = min(cents - credit, self.lost_cents.get(number, 0))
        if credit:
            self._take(self.owed_cents, number, credit)
        if back:
            self._take(self.lost_cents, number, back)
            add((now, WRITTEN_OFF, number, NO_SHIPMENT, -float(back)))
        if credit or back:
            add((now, CREDITED, number, line, float(credit + back)))

    @staticmethod
    def _take(book: dict[int, int], number: int, cents: int) -> None:
        book[number] -= cents
        if not book[number]:
            del book[number]
