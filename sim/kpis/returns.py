"""Returns: what came back, why, and how long the money took."""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt

from sim.kpis.account import Account
from sim.kpis.definition import KpiDefinition
from sim.kpis.sums import HOUR_S, in_units, mean, ratio
from sim.kpis.volume import sold_units
from sim.log.facts import ReturnReason

Flags = npt.NDArray[np.bool_]


def cohort_returns(account: Account) -> Flags:
    """Tell which rows of the returns belong to orders of the cohort."""
    return account.tables.cohort_line(account.tables.returns["line"])


def units_returned(account: Account) -> float:
    """Units received back (RETURN_RECEIVED) of the cohort's orders until the log ends."""
    return float(account.tables.returns["received_units"][cohort_returns(account)].sum())


def rate_of_return(account: Account) -> float | None:
    """Units returned / units sold, by cohort.

    Units of orders placed in the window that were received back at any time until the log ends,
    divided by the units of these orders that went to customers. The log must run on long enough
    (run.follow_up_days): what has not come back yet counts as kept.
    """
    return ratio(units_returned(account), float(sold_units(account)))


def rate_of_return_window(account: Account) -> float | None:
    """Units received back inside the window, whenever sold / units sold of orders placed in it.

    The ratio a shop reads off its books. In a window not much longer than the time goods stay out
    it is biased: low in a run that starts empty, since returns lag behind sales.
    """
    table = account.tables.returns
    inside = account.window.holds(table["received_s"])
    return ratio(float(table["received_units"][inside].sum()), float(sold_units(account)))


def rate_of_return_reason(account: Account, reason: ReturnReason) -> float | None:
    """Units returned for one reason / units sold, by cohort as in rate_of_return."""
    table = account.tables.returns
    rows = cohort_returns(account) & (table["reason"] == int(reason))
    return ratio(float(table["received_units"][rows].sum()), float(sold_units(account)))


def click_to_refund_mean_h(account: Account) -> float | None:
    """Mean time from the click to the money back, h: REFUNDED - PLACED.

    In: refunded lines of the cohort. Out: lines answered by a replacement, a unit sent too many,
    refunds still to come.
    """
    table = account.tables.returns
    rows = cohort_returns(account) & ~np.isnan(table["refunded_s"])
    order = account.tables.order_of_line(table["line"][rows])
    return in_units(mean(table["refunded_s"][rows] - account.demand.placed_s[order]), HOUR_S)


def return_to_refund_mean_h(account: Account) -> float | None:
    """Mean time from the customer's request to the money back, h: REFUNDED - RETURN_ASKED."""
    table = account.tables.returns
    rows = cohort_returns(account) & ~np.isnan(table["refunded_s"]) & ~np.isnan(table["asked_s"])
    return in_units(mean(table["refunded_s"][rows] - table["asked_s"][rows]), HOUR_S)


def return_cycle_mean_h(account: Account) -> float | None:
    """Mean time from the customer's request until the goods are restocked or scrapped, h.

    In: returned lines of the cohort that were restocked or scrapped (the later of both).
    """
    table = account.tables.returns
    rows = cohort_returns(account) & ~np.isnan(table["done_s"]) & ~np.isnan(table["asked_s"])
    return in_units(mean(table["done_s"][rows] - table["asked_s"][rows]), HOUR_S)


def restocked_share_rate(account: Account) -> float | None:
    """Units put back on the shelf / units restocked or scrapped, of the cohort's returns."""
    table, rows = account.tables.returns, cohort_returns(account)
    restocked = float(table["restocked_units"][rows].sum())
    return ratio(restocked, restocked + float(table["scrapped_units"][rows].sum()))


FAMILY = "returns"
NOTHING_SOLD = "nothing of the cohort was sold"
DEFINITIONS = (
    KpiDefinition(
        "rate_of_return",
        "share",
        FAMILY,
        "rate of return, by cohort",
        "low",
        rate_of_return,
        NOTHING_SOLD,
    ),
    KpiDefinition(
        "rate_of_return_window",
        "share",
        FAMILY,
        "returned / sold inside the window",
        None,
        rate_of_return_window,
        NOTHING_SOLD,
    ),
    *(
        KpiDefinition(
            f"rate_of_return_{reason.name.lower()}",
            "share",
            FAMILY,
            f"returned: {reason.name.lower().replace('_', ' ')}",
            "low",
            partial(rate_of_return_reason, reason=reason),
            NOTHING_SOLD,
        )
        for reason in ReturnReason
    ),
    KpiDefinition("units_returned", "units", FAMILY, "units returned", None, units_returned),
    KpiDefinition(
        "click_to_refund_mean_h",
        "h",
        FAMILY,
        "click to refund, mean",
        "low",
        click_to_refund_mean_h,
        "nothing of the cohort was refunded",
    ),
    KpiDefinition(
        "return_to_refund_mean_h",
        "h",
        FAMILY,
        "request to refund, mean",
        "low",
        return_to_refund_mean_h,
        "nothing of the cohort was refunded",
    ),
    KpiDefinition(
        "return_cycle_mean_h",
        "h",
        FAMILY,
        "request to shelf, mean",
        "low",
        return_cycle_mean_h,
        "no return of the cohort was restocked or scrapped",
    ),
    KpiDefinition(
        "restocked_share_rate",
        "share",
        FAMILY,
        "returned units resold as new",
        "high",
        restocked_share_rate,
        "no return of the cohort was restocked or scrapped",
    ),
)
