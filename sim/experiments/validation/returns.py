"""Kind ``returns``: what comes back inside a window that starts empty, and lines picked wrong.

A shop with two channels. ``sales`` sells one unit an order; each comes back or not. ``orders`` has
baskets of several lines, of which some are picked wrong; the scan at the pick is the check that
finds and mends them. What is picked wrong for ``sales`` is claimed as often and as late as sound
goods come back, so that mistakes change nothing there.

So much is sold that a replication is worth many windows: a Poisson process of rate k lambda is
that of k shops of rate lambda, and the units returned are divided by k. The case's own window is
played, so only more replications make these figures narrower.

The rate of return is the ratio of each replication, not that of the means. Given how many units a
Poisson process sold, each was sold at any time of the window alike and comes back independently, so
that the mean of the ratio is the ratio of the means exactly, as long as something is sold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.experiments.validation.house import DAY_S, plain_house
from sim.experiments.validation.params import law, needed, number, only, whole_numbers
from sim.experiments.validation.system import Case, Measure, NotInScenarios, Played, System
from sim.kpis.account import Account
from sim.kpis.accuracy import wrong_at_the_door

KEYS = frozenset(
    {"sales", "return_prob", "return_delay", "window"}
    | {"lines", "line_error_prob", "check_detects"}
)
SALES, ORDERS = "sales", "orders"
RETURNED = 4_000.0
"""Units about to come back in a replication."""
BASKETS = 4_000.0
"""Orders of several lines in a replication."""
SKUS = 500
LONGEST_DAYS = 3_660.0


def system(case: Case) -> System:
    """Return the scenario of a case of this kind, and its measures.

    Raises
    ------
    NotInScenarios
        If the case asks for what no scenario can say.
    ValueError
        If a number is missing or outside of its range.
    """
    only(case.params, KEYS, "returns")
    days_per_unit = case.time_unit_s / DAY_S
    window_days = number(case.params, "window") * days_per_unit if _sells(case) else 1.0
    if not 0.0 < window_days <= LONGEST_DAYS:
        raise NotInScenarios(f"a window of {window_days:g} days; a run has up to {LONGEST_DAYS:g}")
    channels: dict[str, Any] = {}
    copies = 1
    sections: dict[str, dict[str, Any]] = {}
    if _sells(case):
        per_day = _sales_per_unit(case) / days_per_unit
        back = number(case.params, "return_prob", 0.0, 1.0)
        delay = law(needed(case.params, "return_delay"), days_per_unit, "return_delay")
        copies = max(1, round(RETURNED / max(per_day * back * window_days, 1e-9)))
        copies = min(copies, max(1, round(10.0 * RETURNED / (per_day * window_days))))
        channels[SALES] = {"per_day": per_day * copies}
        sections["items"] = {"count": SKUS, "categories": {"all": {"return_rate": back}}}
        sections["returns"] = {
            "lag_days": delay,
            "claim_lag_days": delay,
            "error_claim_share": back,
            "late_return_extra": 0.0,
            "replace_share": 0.0,
        }
    if "lines" in case.params:
        channels[ORDERS] = {
            "per_day": BASKETS / window_days,
            "return_factor": 0.0,
            "lines_per_order": _lines(case),
        }
    if not channels:
        raise ValueError("neither sales nor lines; give one of them or both")
    sections.setdefault("items", {"count": SKUS})
    house = plain_house(
        **sections,
        run={
            "warm_up_days": 0.0,
            "horizon_days": window_days,
            "cool_down_days": 0.0,
            "follow_up_days": 1.0,
        },
        orders={"channels": channels},
        picking=_picking(case),
    )
    return System(
        {**house},
        {row.metric: _measure(case, row.metric, copies) for row in case.rows},
        pilot_days=window_days,
        fixed_window=_sells(case),
    )


def _sells(case: Case) -> bool:
    return "sales" in case.params


def _sales_per_unit(case: Case) -> float:
    sales = case.params["sales"]
    if not isinstance(sales, Mapping) or sales.get("type") != "poisson":
        raise NotInScenarios(f"sales are {sales!r}; known is a poisson process")
    return number(sales, "rate", 1e-12)


def _lines(case: Case) -> dict[str, Any]:
    lines = case.params["lines"]
    kind = lines.get("type") if isinstance(lines, Mapping) else None
    if kind == "one_plus_poisson":
        extra = number(lines, "mean_extra")
        return {"distribution": "one_plus_poisson", "mean_extra": extra}
    if kind == "pmf":
        chances = lines.get("pmf", lines.get("probs"))
        return whole_numbers(chances, "lines")
    if kind == "deterministic":
        value = number(lines, "value", 1.0)
        return {"distribution": "deterministic", "value": value}
    raise NotInScenarios(f"lines are {lines!r}; known are one_plus_poisson, pmf and deterministic")


def _picking(case: Case) -> dict[str, Any]:
    wrong = case.params.get("line_error_prob", 0.0)
    found = case.params.get("check_detects", 0.0)
    said = {"line_error_prob": wrong, "check_detects": found}
    scan = {"of": "lines", "detects": number(said, "check_detects", 0.0, 1.0)}
    return {
        "error_rate_per_line": number(said, "line_error_prob", 0.0, 1.0),
        "error_mix": {"wrong_item": 1.0, "wrong_quantity": 0.0, "omitted": 0.0, "damaged": 0.0},
        "scan": {**scan, "s_per_scan": 0.0, "mend_s": 0.0},
    }


def _measure(case: Case, metric: str, copies: int) -> Measure:
    """Return what measures a metric.

    Raises
    ------
    NotInScenarios
        If there is no such metric here, or the case does not say what it is about.
    """
    measures: dict[str, Callable[[Played], float]] = {}
    if _sells(case):
        measures["returned_units"] = partial(returned_units, copies=copies)
        measures["rate_of_return_window"] = rate_of_return
    if "lines" in case.params:
        measures["order_accuracy"] = order_accuracy
        measures["line_accuracy"] = line_accuracy
    if metric not in measures:
        raise NotInScenarios(f"{metric} is not measured here; known are {', '.join(measures)}")
    return measures[metric]


def _of_channel(
    account: Account, order: npt.NDArray[np.integer[Any]], name: str
) -> npt.NDArray[np.bool_]:
    demand = account.demand
    chosen: npt.NDArray[np.bool_] = demand.channel[order] == demand.channels.index(name)
    return chosen


def _returned(account: Account) -> float:
    """Return the units of the sales that were received back inside the window."""
    table = account.tables.returns
    here = account.window.holds(table["received_s"])
    here &= _of_channel(account, account.tables.order_of_line(table["line"]), SALES)
    return float(table["received_units"][here].sum())


def returned_units(played: Played, copies: int) -> float:
    """Units received back inside the window, for one of so many shops."""
    return _returned(Account(played.tables, played.setting.scenario)) / copies


def rate_of_return(played: Played) -> float:
    """Units received back inside the window / units sold in it."""
    account = Account(played.tables, played.setting.scenario)
    sold = np.count_nonzero(_of_channel(account, account.cohort, SALES))
    return _returned(account) / float(sold)


def _wrong_lines(account: Account) -> npt.NDArray[np.int64]:
    line, _ = wrong_at_the_door(account)
    return line[_of_channel(account, account.tables.order_of_line(line), ORDERS)]


def _baskets(account: Account) -> npt.NDArray[np.int64]:
    return account.delivered[_of_channel(account, account.delivered, ORDERS)]


def order_accuracy(played: Played) -> float:
    """Delivered baskets without a wrong line / delivered baskets."""
    account = Account(played.tables, played.setting.scenario)
    flawed = len(np.unique(account.tables.order_of_line(_wrong_lines(account))))
    return 1.0 - flawed / len(_baskets(account))


def line_accuracy(played: Played) -> float:
    """Right lines of the delivered baskets / their lines."""
    account = Account(played.tables, played.setting.scenario)
    return 1.0 - len(_wrong_lines(account)) / account.lines_of(_baskets(account))
