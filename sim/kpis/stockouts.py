"""Stockouts: oversales, substitutes, how long backorders wait, and what is lost."""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt

from sim.kpis.account import Account
from sim.kpis.definition import KpiDefinition
from sim.kpis.stock import NOT_ASKED, answered_lines_rate, backorder_ages_s
from sim.kpis.sums import HOUR_S, in_units, quantile, ratio
from sim.log.facts import CancelReason, Fact, ShortAnswer

Integers = npt.NDArray[np.int64]


def _lines_rate(account: Account, line: Integers) -> float | None:
    """Return the share of the lines that asked for stock; each line counts once."""
    here = np.unique(line[account.tables.cohort_line(line)])
    return ratio(float(len(here)), float(account.lines_of(account.reached_stock)))


def oversold_lines_rate(account: Account) -> float | None:
    """Lines that the click showed as in stock and that could not be reserved / lines that asked.

    Under every answer: cancelled (SHORT: OVERSOLD), backordered, replaced or sent by the supplier
    (SHORT with the mark OVERSALE). Out: lines found short at the pick.
    """
    shorts = account.tables.shorts
    oversold = (shorts["oversale"] > 0) | (shorts["answer"] == int(ShortAnswer.OVERSOLD))
    line = shorts["line"][oversold]
    return _lines_rate(account, line[~np.isin(line, account.tables.short_picks["line"])])


def substituted_lines_rate(account: Account) -> float | None:
    """Lines for which the customer took another SKU (SUBSTITUTED) / lines that asked for stock."""
    return _lines_rate(account, account.tables.of_lines.substituted["line"])


def given_up_lines_rate(account: Account) -> float | None:
    """Lines cancelled while they waited (BACKORDER_CANCELLED) / lines that asked for stock."""
    rows = account.tables.backorders
    return _lines_rate(account, rows["line"][rows["fact"] == int(Fact.BACKORDER_CANCELLED)])


def backorder_age_quantile_h(account: Account, share: float) -> float | None:
    """Time within which a share of the backordered lines was filled or cancelled, h.

    In and out as for backorder_age_mean_h; an observed value.
    """
    return in_units(quantile(backorder_ages_s(account), share), HOUR_S)


def repromises_per_backordered_line(account: Account) -> float | None:
    """Dates told again of a backordered line (BACKORDER_PROMISED after the first) / such lines.

    In: lines of the cohort. A new date comes with a slipped promise or another purchase order.
    """
    rows = account.tables.backorders
    told = rows["line"][rows["fact"] == int(Fact.BACKORDER_PROMISED)]
    told = told[account.tables.cohort_line(told)]
    lines = len(np.unique(told))
    return ratio(float(len(told) - lines), float(lines))


def backorder_promise_kept_rate(account: Account) -> float | None:
    """Backordered lines whose goods were there by the date first told of them / such lines.

    Kept: BACKORDER_FILLED by the first BACKORDER_PROMISED of the line. In: lines of the cohort that
    were filled, and those whose first date has passed. Out: lines given up before it.
    """
    rows, tables = account.tables.backorders, account.tables
    told = np.flatnonzero(rows["fact"] == int(Fact.BACKORDER_PROMISED))
    line, first = np.unique(rows["line"][told], return_index=True)
    promised_s = rows["promised_s"][told[first]]
    ended_s = np.full(len(line), np.inf)
    filled = np.zeros(len(line), dtype=np.bool_)
    for fact in (Fact.BACKORDER_FILLED, Fact.BACKORDER_CANCELLED):
        at = (rows["fact"] == int(fact)) & np.isin(rows["line"], line)
        place = np.searchsorted(line, rows["line"][at])
        ended_s[place] = rows["time_s"][at]
        filled[place] = fact == Fact.BACKORDER_FILLED
    here = tables.cohort_line(line)
    kept = here & filled & (ended_s <= promised_s)
    counted = here & (filled | (np.minimum(ended_s, tables.last_s) > promised_s))
    return ratio(float(np.count_nonzero(kept)), float(np.count_nonzero(counted)))


def lost_margin_eur(account: Account) -> float:
    """Margin of what stock could not meet and nobody sold, EUR: units x (price - purchase cost).

    In: units of the cohort that were turned away, cancelled as oversold, given up, bought elsewhere
    or done without. Out: orders cancelled for payment or fraud, lines whose payment lapsed; what a
    substitute costs less.
    """
    short, tables = account.ends.short, account.tables
    unpaid = (CancelReason.PAYMENT, CancelReason.FRAUD)
    rows = tables.backorders
    lapsed = rows["line"][rows["fact"] == int(Fact.PAYMENT_LAPSED)]
    here = tables.cohort_line(short.line) & ~np.isin(short.line, lapsed)
    here &= ~np.isin(account.ends.cancel_reason[short.order], unpaid)
    line, gone = short.line[here], short.gone[here]
    cost_cents = tables.catalogue.cost_cents.astype(np.int64)[tables.of_lines.sku_of(line)]
    cents = gone * (tables.of_lines.price_cents()[line] - cost_cents)
    return int(np.sum(cents)) / 100.0


FAMILY = "stockouts"
NO_BACKORDER = "no backordered line of the cohort was filled or cancelled"
NONE_WAITED = "no line of the cohort was backordered"
DEFINITIONS = (
    KpiDefinition(
        "oversold_lines_rate",
        "share",
        FAMILY,
        "shown as in stock, not there",
        "low",
        oversold_lines_rate,
        NOT_ASKED,
    ),
    KpiDefinition(
        "substituted_lines_rate",
        "share",
        FAMILY,
        "lines met by a substitute",
        None,
        substituted_lines_rate,
        NOT_ASKED,
    ),
    *(
        KpiDefinition(
            name,
            "share",
            FAMILY,
            title,
            "low",
            partial(answered_lines_rate, answers=(answer,)),
            NOT_ASKED,
        )
        for name, title, answer in (
            ("bought_elsewhere_lines_rate", "lines bought elsewhere", ShortAnswer.ELSEWHERE),
            ("done_without_lines_rate", "lines done without", ShortAnswer.DROPPED),
        )
    ),
    KpiDefinition(
        "given_up_lines_rate",
        "share",
        FAMILY,
        "lines given up while waiting",
        "low",
        given_up_lines_rate,
        NOT_ASKED,
    ),
    *(
        KpiDefinition(
            f"backorder_age_p{percent}_h",
            "h",
            FAMILY,
            f"wait of a backordered line, {percent} % within",
            "low",
            partial(backorder_age_quantile_h, share=percent / 100.0),
            NO_BACKORDER,
        )
        for percent in (50, 90)
    ),
    KpiDefinition(
        "backorder_promise_kept_rate",
        "share",
        FAMILY,
        "backorders there by the first date told",
        "high",
        backorder_promise_kept_rate,
        NONE_WAITED,
    ),
    KpiDefinition(
        "repromises_per_backordered_line",
        "promises",
        FAMILY,
        "new dates of a backordered line",
        "low",
        repromises_per_backordered_line,
        NONE_WAITED,
    ),
    KpiDefinition(
        "lost_margin_eur", "EUR", FAMILY, "margin lost to stockouts", "low", lost_margin_eur
    ),
)
