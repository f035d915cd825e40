"""The states of a payment, and the one table of what may follow what.

An order's payment ends with the house knowing that it may ship; from then on each of its shipments
is charged by itself and starts where the order stands.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Protocol

from sim.errors import BalanceError


class Payment(IntEnum):
    """Where the payment of an order or of a shipment stands."""

    OPEN = 0
    DECLINED = 1
    HELD = 2
    AUTHORISED = 3
    EXPIRED = 4
    CAPTURED = 5
    ON_ACCOUNT = 6  # released without money; an invoice goes with the goods
    INVOICED = 7
    SETTLED = 8
    WRITTEN_OFF = 9
    GIVEN_UP = 10
    REJECTED = 11


NEXT: dict[Payment, frozenset[Payment]] = {
    Payment.OPEN: frozenset(
        (Payment.AUTHORISED, Payment.DECLINED, Payment.HELD, Payment.ON_ACCOUNT)
    ),
    Payment.DECLINED: frozenset((Payment.AUTHORISED, Payment.HELD, Payment.GIVEN_UP)),
    Payment.HELD: frozenset((Payment.AUTHORISED, Payment.REJECTED)),
    Payment.AUTHORISED: frozenset((Payment.CAPTURED, Payment.EXPIRED)),
    Payment.EXPIRED: frozenset((Payment.AUTHORISED, Payment.GIVEN_UP, Payment.ON_ACCOUNT)),
    Payment.ON_ACCOUNT: frozenset((Payment.INVOICED,)),
    Payment.INVOICED: frozenset((Payment.SETTLED, Payment.WRITTEN_OFF)),
    Payment.CAPTURED: frozenset(),
    Payment.SETTLED: frozenset(),
    Payment.WRITTEN_OFF: frozenset(),
    Payment.GIVEN_UP: frozenset(),
    Payment.REJECTED: frozenset(),
}
"""What may follow a state; the last five are ends."""

# Plain names: the members of an enumeration are slow to look up, and every order comes by.
IS_OPEN, IS_AUTHORISED = Payment.OPEN, Payment.AUTHORISED
IS_CAPTURED, IS_ON_ACCOUNT = Payment.CAPTURED, Payment.ON_ACCOUNT


class Paid(Protocol):
    """An order until it may be shipped, then each of its shipments."""

    number: int
    payment: Payment


def move(paid: Paid, state: Payment) -> None:
    """Take a payment to its next state.

    Raises
    ------
    BalanceError
        The state may not follow: a bug of the model.
    """
    if state not in NEXT[paid.payment]:
        raise BalanceError(f"payment {paid.number}: {paid.payment.name}, then {state.name}")
    paid.payment = state
