"""Returns: what came back, why, and how long the money took."""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt

from sim.kpis.account import Account
from sim.kpis.definition import Better, KpiDefinition
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


def units_returned_window(account: Account) -> float:
    """Units received back (RETURN_RECEIVED) inside the window, whenever they were sold."""
    table = account.tables.returns
    return float(table["received_units"][account.window.holds(table["received_s"])].sum())


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
    return ratio(units_returned_window(account), float(sold_units(account)))


def rate_of_return_reason(account: Account, reason: ReturnReason) -> float | None:
    """Units returned for one reason / units sold, by cohort as in rate_of_return."""
    table = account.tables.returns
    rows = cohort_returns(account) & (table["reason"] == int(reason))
    return ratio(float(table["received_units"][rows].sum()), float(sold_units(account)))


def click_to_refund_mean_h(account: Account) -> float | None:
    """Mean time from the click to the money back, h: REFUNDED - PLACED.

    In: refunded lines of the cohort. Out: lines answered by a replacement or an exchange, a unit
    sent too many, refunds still to come.
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
    """Mean time from the customer's request until the goods are on the shelf or gone, h.

    In: returned lines of the cohort that were restocked, scrapped or sold off.
    """
    table = account.tables.returns
    rows = cohort_returns(account) & ~np.isnan(table["done_s"]) & ~np.isnan(table["asked_s"])
    return in_units(mean(table["done_s"][rows] - table["asked_s"][rows]), HOUR_S)


def restock_lag_mean_h(account: Account) -> float | None:
    """Mean time from the returns desk to the shelf, h: RESTOCKED - RETURN_RECEIVED.

    In: restocked lines of the cohort, refurbished ones too. So long goods are in the house and
    cannot be sold.
    """
    table = account.tables.returns
    rows = cohort_returns(account) & (table["restocked_units"] > 0)
    return in_units(mean(table["done_s"][rows] - table["received_s"][rows]), HOUR_S)


def units_placed(account: Account) -> float:
    """Return the units of the cohort's returns that have found their place or are gone."""
    table, rows = account.tables.returns, cohort_returns(account)
    ends = ("restocked_units", "scrapped_units", "sold_off_units")
    return float(sum(int(table[column][rows].sum()) for column in ends))


def disposition_share_rate(account: Account, disposition: str) -> float | None:
    """Units with one end / units restocked, scrapped or sold off, of the cohort's returns.

    Restocked: put back on the shelf, refurbished ones too. Refurbished units are restocked or sold
    off afterwards and count there as well.
    """
    table, rows = account.tables.returns, cohort_returns(account)
    return ratio(float(table[f"{disposition}_units"][rows].sum()), units_placed(account))


def lines_asked_back(account: Account) -> float:
    """Return the lines of the cohort for which a return was asked."""
    return float(np.count_nonzero(cohort_returns(account)))


def return_refused_rate(account: Account) -> float | None:
    """Returns refused, too late or by a clerk (RETURN_REFUSED) / returns asked for, lines."""
    refused = cohort_returns(account) & (account.tables.returns["refusal"] > 0)
    return ratio(float(np.count_nonzero(refused)), lines_asked_back(account))


def return_never_came_rate(account: Account) -> float | None:
    """Returns asked for and never sent (RETURN_NEVER_CAME) / returns asked for, lines."""
    never = cohort_returns(account) & ~np.isnan(account.tables.returns["never_came_s"])
    return ratio(float(np.count_nonzero(never)), lines_asked_back(account))


def exchange_share_rate(account: Account) -> float | None:
    """Returns answered by an exchange (EXCHANGED) / returns asked for, lines."""
    exchanged = cohort_returns(account) & (account.tables.returns["exchange"] >= 0)
    return ratio(float(np.count_nonzero(exchanged)), lines_asked_back(account))


FAMILY = "returns"
NOTHING_SOLD = "nothing of the cohort was sold"
NOTHING_ASKED = "nothing of the cohort was asked back"
DISPOSITIONS: tuple[tuple[str, str, Better], ...] = (
    ("restocked", "resold as new", "high"),
    ("refurbished", "refurbished", "high"),
    ("sold_off", "sold off", "low"),
    ("scrapped", "scrapped", "low"),
)
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
        "units_returned_window",
        "units",
        FAMILY,
        "units returned inside the window",
        None,
        units_returned_window,
    ),
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
        "restock_lag_mean_h",
        "h",
        FAMILY,
        "returns desk to shelf, mean",
        "low",
        restock_lag_mean_h,
        "no return of the cohort was restocked",
    ),
    *(
        KpiDefinition(
            f"{disposition}_share_rate",
            "share",
            FAMILY,
            f"returned units {title}",
            better,
            partial(disposition_share_rate, disposition=disposition),
            "no return of the cohort was restocked, scrapped or sold off",
        )
        for disposition, title, better in DISPOSITIONS
    ),
    *(
        KpiDefinition(name, "share", FAMILY, title, better, function, NOTHING_ASKED)
        for name, title, better, function in (
            ("return_refused_rate", "returns refused", None, return_refused_rate),
            ("return_never_came_rate", "returns never sent", None, return_never_came_rate),
            ("exchange_share_rate", "returns exchanged", None, exchange_share_rate),
        )
    ),
)
