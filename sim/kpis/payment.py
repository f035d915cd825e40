"""Payment: how long it takes until an order may ship, who does not pay, when the money is there."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.kpis.account import Account
from sim.kpis.definition import KpiDefinition
from sim.kpis.sums import DAY_S, HOUR_S, in_units, mean, quantile, ratio
from sim.log.facts import CancelReason, Fact

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def entered(account: Account) -> Integers:
    """Return the orders of the cohort that were entered, and so asked to be paid."""
    orders: Integers = account.cohort[~np.isnan(account.tables.orders["entered_s"][account.cohort])]
    return orders


def noted(account: Account, *facts: Fact) -> npt.NDArray[np.bool_]:
    """Tell which rows of the payments are of some kinds and of the cohort."""
    rows = account.tables.payments
    chosen: npt.NDArray[np.bool_] = np.isin(rows["fact"], [int(fact) for fact in facts])
    chosen &= account.tables.cohort_order(rows["order"])
    return chosen


def _orders_with(account: Account, fact: Fact) -> float:
    """Return how many orders of the cohort have a fact."""
    rows = account.tables.payments["order"][noted(account, fact)]
    return float(len(np.unique(rows)))


def cents_of(account: Account, fact: Fact) -> int:
    """Return the sum of a fact's cents over the cohort's orders."""
    return int(account.tables.payments["cents"][noted(account, fact)].sum())


def payment_waits_s(account: Account) -> Floats:
    """Return PAID - ENTERED of every order of the cohort that was paid or released on account."""
    orders = account.tables.orders
    waits_s: Floats = orders["paid_s"][account.cohort] - orders["entered_s"][account.cohort]
    return waits_s[~np.isnan(waits_s)]


def payment_wait_mean_h(account: Account) -> float | None:
    """Mean of PAID - ENTERED, h: declines, retries, slow approval and a clerk's look are in it.

    In: orders of the cohort that were paid, delivered or not; on account it is 0.
    """
    return in_units(mean(payment_waits_s(account)), HOUR_S)


def payment_wait_p90_h(account: Account) -> float | None:
    """Time that 90 % of the payments did not exceed, h; in and out as for the mean."""
    return in_units(quantile(payment_waits_s(account), 0.9), HOUR_S)


def payment_declined_rate(account: Account) -> float | None:
    """Orders with a declined attempt (PAYMENT_DECLINED) / orders of the cohort that were entered.

    Those that are paid at a later attempt are in.
    """
    return ratio(_orders_with(account, Fact.PAYMENT_DECLINED), float(len(entered(account))))


def payment_given_up_rate(account: Account) -> float | None:
    """Orders cancelled because the customer gave up paying / orders that were entered.

    In: CANCELLED for payment, also where a new authorisation was refused.
    """
    return ratio(float(account.cancelled_for(CancelReason.PAYMENT)), float(len(entered(account))))


def fraud_held_rate(account: Account) -> float | None:
    """Orders that waited for a clerk's look (FRAUD_HELD) / orders that were entered."""
    return ratio(_orders_with(account, Fact.FRAUD_HELD), float(len(entered(account))))


def fraud_rejected_rate(account: Account) -> float | None:
    """Orders that a clerk rejected (CANCELLED for fraud) / orders that were entered."""
    return ratio(float(account.cancelled_for(CancelReason.FRAUD)), float(len(entered(account))))


def authorisation_expired_rate(account: Account) -> float | None:
    """Orders of which an authorisation expired before goods left / orders of the cohort paid."""
    paid = float(len(payment_waits_s(account)))
    return ratio(_orders_with(account, Fact.AUTHORISATION_EXPIRED), paid)


def invoiced_share_rate(account: Account) -> float | None:
    """Price of what left on account (INVOICED) / price of all that left, of the cohort's orders."""
    charged = int(account.tables.orders["captured_cents"][account.cohort].sum())
    return ratio(float(cents_of(account, Fact.INVOICED)), float(charged))


def click_to_money_mean_days(account: Account) -> float | None:
    """Mean time from the click until the money is there, days, each cent counted alike.

    Sum of cents x (CAPTURED or INVOICE_PAID - PLACED) / sum of these cents, over the cohort's
    orders. Out: what is credited, written off or still owed.
    """
    money = account.tables.of_payments
    return in_units(ratio(money.waited_cent_s, float(money.came_cents)), DAY_S)


def written_off_eur(account: Account) -> float:
    """Invoices that are never paid, less what came back of their goods, EUR, of the cohort."""
    return cents_of(account, Fact.WRITTEN_OFF) / 100.0


def receivables_eur(account: Account) -> float:
    """What customers owe at the end of the window, EUR, of all orders of the run.

    INVOICED - INVOICE_PAID - WRITTEN_OFF - CREDITED until then; a credit note that takes back what
    was written off counts in both and leaves nothing.
    """
    rows = account.tables.payments
    until = rows["time_s"] < account.window.end_s
    cents = 0
    for fact, sign in (
        (Fact.INVOICED, 1),
        (Fact.INVOICE_PAID, -1),
        (Fact.WRITTEN_OFF, -1),
        (Fact.CREDITED, -1),
    ):
        cents += sign * int(rows["cents"][until & (rows["fact"] == int(fact))].sum())
    return cents / 100.0


FAMILY = "payment"
NO_ORDER = "no order of the cohort was entered"
NO_PAYMENT = "no order of the cohort was paid"
DEFINITIONS = (
    KpiDefinition("payment_wait_mean_h", "h", FAMILY, "entered to paid, mean", "low",
                  payment_wait_mean_h, NO_PAYMENT),
    KpiDefinition("payment_wait_p90_h", "h", FAMILY, "entered to paid, 90 % within", "low",
                  payment_wait_p90_h, NO_PAYMENT),
    KpiDefinition("payment_declined_rate", "share", FAMILY, "orders declined at least once", "low",
                  payment_declined_rate, NO_ORDER),
    KpiDefinition("payment_given_up_rate", "share", FAMILY, "orders whose customer gave up paying",
                  "low", payment_given_up_rate, NO_ORDER),
    KpiDefinition("fraud_held_rate", "share", FAMILY, "orders held for a look", None,
                  fraud_held_rate, NO_ORDER),
    KpiDefinition("fraud_rejected_rate", "share", FAMILY, "orders rejected", None,
                  fraud_rejected_rate, NO_ORDER),
    KpiDefinition("authorisation_expired_rate", "share", FAMILY, "authorisations that expired",
                  "low", authorisation_expired_rate, NO_PAYMENT),
    KpiDefinition("invoiced_share_rate", "share", FAMILY, "sold on account", None,
                  invoiced_share_rate, "nothing of the cohort left"),
    KpiDefinition("click_to_money_mean_days", "days", FAMILY, "click to money, mean", "low",
                  click_to_money_mean_days, "no money came for the cohort"),
    KpiDefinition("written_off_eur", "EUR", FAMILY, "invoices never paid", "low", written_off_eur),
    KpiDefinition("receivables_eur", "EUR", FAMILY, "owed at the window's end", "low",
                  receivables_eur),
)  # fmt: skip
