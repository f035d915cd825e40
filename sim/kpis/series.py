"""Series for the report: curves, stacks and heat maps of one replication."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.kpis.account import Account
from sim.kpis.accuracy import PICK_FAULTS, wrong_at_the_door
from sim.kpis.duty import (
    Spans,
    break_spans,
    paid_spans,
    role_of_person,
    side_spans,
    work_spans,
)
from sim.kpis.lead_parts import PARTS
from sim.kpis.lead_time import ship_times_s
from sim.kpis.orders_frame import orders_frame_columns
from sim.kpis.people_tables import QUEUE_FACTS, QUEUE_STEP_S
from sim.kpis.returns import cohort_returns
from sim.kpis.sums import HOUR_S, mean
from sim.log.facts import ROLE_NAMES, EntryFault, ReturnReason, ShortAnswer, WrongCause

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

HOURS_A_WEEK = 168

__all__ = [
    "Curve",
    "ErrorRow",
    "WeekBand",
    "click_to_ship_curve",
    "errors_by_cause",
    "lead_time_curve",
    "orders_frame_columns",
    "orders_over_time",
    "parts_stack",
    "picks_by_location",
    "queue_by_hour",
    "returns_by_reason",
    "sales_and_returns_by_category",
    "stockouts_by_answer",
    "utilisation_by_hour",
]


@dataclass(frozen=True)
class Curve:
    """A distribution: ``share`` of the orders took at most ``hours``. Equal shapes (points,)."""

    hours: Floats
    share: Floats


@dataclass(frozen=True)
class WeekBand:
    """A quantity by hour of the week, Monday 0:00 first. Shapes (168,); NaN where nothing is known.

    ``low`` and ``high`` enclose the middle 80 % of the weeks' values.
    """

    mean: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class ErrorRow:
    """Mistakes of one cause: how many were made, and how many were found where."""

    cause: str
    made: int
    at_confirmation: int
    at_scan: int
    at_packing_check: int
    at_the_door: int


def _curve(times_s: Floats, points: int) -> Curve:
    if not len(times_s):
        return Curve(np.empty(0), np.empty(0))
    share = np.linspace(0.0, 1.0, min(points, len(times_s)))
    rank = np.clip(np.ceil(share * len(times_s)).astype(np.int64), 1, len(times_s)) - 1
    return Curve(np.sort(times_s)[rank] / HOUR_S, (rank + 1) / len(times_s))


def lead_time_curve(account: Account, points: int = 200) -> Curve:
    """Return the distribution of click to door over the cohort's delivered orders."""
    return _curve(account.times.lead_s, points)


def click_to_ship_curve(account: Account, points: int = 200) -> Curve:
    """Return the distribution of click to truck over the cohort's shipped orders."""
    return _curve(ship_times_s(account), points)


def parts_stack(account: Account) -> dict[str, dict[str, float]]:
    """Return the mean of each part of the lead time, h.

    One stack for all delivered orders and one for their slowest tenth; both add up to the mean
    lead time of their orders. Empty where nothing was delivered.
    """
    lead_s = account.times.lead_s
    if not len(lead_s):
        return {}
    slowest = np.argsort(lead_s, kind="stable")[-max(1, len(lead_s) // 10) :]
    parts = {part: account.times.part_s(part) for part in PARTS}
    return {
        "all orders": {part: (mean(s) or 0.0) / HOUR_S for part, s in parts.items()},
        "slowest tenth": {part: (mean(s[slowest]) or 0.0) / HOUR_S for part, s in parts.items()},
    }


def _first_hour_of_week(account: Account) -> int:
    date = datetime.date.fromisoformat(account.scenario.run.start_date)
    return date.weekday() * 24


def queue_by_hour(account: Account, role: int) -> WeekBand:
    """Return how long the line before a role was, by hour of the week, inside the window.

    Looked at every half-hour. The lines of clerks (typing only) and returns clerks count orders and
    lines, those of pickers, packers and dispatchers shipments, that of replenishers pick faces; of
    receivers the log says nothing.
    """
    changes = account.tables.people.queue_changes[role]
    if not _has_line(account, role):
        changes = np.zeros_like(changes)
    length = np.cumsum(changes)
    at_s = (np.arange(len(length), dtype=np.float64) + 1.0) * QUEUE_STEP_S
    inside = account.window.holds(at_s - QUEUE_STEP_S)
    hour = (at_s[inside] - QUEUE_STEP_S) // HOUR_S + _first_hour_of_week(account)
    return _week_band(hour.astype(np.int64) % HOURS_A_WEEK, length[inside])


def _has_line(account: Account, role: int) -> bool:
    """Tell whether anybody ever left the line: a stage passed without people has none."""
    leaves = [fact for fact, (of, change) in QUEUE_FACTS.items() if of == role and change < 0]
    return any(account.tables.facts[fact] for fact in leaves)


def _week_band(hour: Integers, length: Integers) -> WeekBand:
    """Return mean and deciles of lengths by hour of the week (quantiles: inverted_cdf)."""
    count = np.bincount(hour, minlength=HOURS_A_WEEK)
    known = np.flatnonzero(count)
    ascending = length[np.lexsort((length, hour))].astype(np.float64)
    first = (np.cumsum(count) - count)[known]
    band = np.full((3, HOURS_A_WEEK), np.nan)
    if len(known):
        band[0, known] = np.add.reduceat(ascending, first) / count[known]  # whole numbers: exact
    for row, share in ((1, 0.1), (2, 0.9)):
        rank = np.ceil(share * count[known]).astype(np.int64) - 1
        band[row, known] = ascending[first + rank]
    return WeekBand(band[0], band[1], band[2])


def utilisation_by_hour(account: Account) -> Floats:
    """Return busy / (paid - break) time by role, weekday and hour inside the window.

    Shape (roles, 7, 24), Monday first; NaN where nobody was on duty. Other work at stations is not
    busy time.
    """
    tables = account.tables
    roles = role_of_person(tables)
    work, paid, pauses = work_spans(tables), paid_spans(tables), break_spans(tables)
    side = side_spans(tables)
    result = np.full((len(ROLE_NAMES), 7, 24), np.nan)
    for role in range(len(ROLE_NAMES)):
        busy_s = _seconds_by_hour(account, work, roles[work.person] == role)
        if len(side.person):
            busy_s -= _seconds_by_hour(account, side, side.role == role)
        there_s = _seconds_by_hour(account, paid, paid.role == role)
        there_s -= _seconds_by_hour(account, pauses, pauses.role == role)
        known = there_s > 1.0
        share = np.full(HOURS_A_WEEK, np.nan)
        share[known] = busy_s[known] / there_s[known]
        result[role] = share.reshape(7, 24)
    return result


def _seconds_by_hour(account: Account, spans: Spans, chosen: npt.NDArray[np.bool_]) -> Floats:
    """Return the seconds of some spans inside each hour of the week, cut to the window.

    The area under "how many are busy" up to each full hour is a sum over the spans begun minus one
    over the spans ended before it; its steps are the seconds in each hour.
    """
    window = account.window
    first = int(window.start_s // HOUR_S)
    last = int(np.ceil(window.end_s / HOUR_S))
    edges = window.cut(np.arange(first, last + 1, dtype=np.float64) * HOUR_S)
    start_s = np.sort(window.cut(spans.start_s[chosen])) - window.start_s
    end_s = np.sort(window.cut(spans.end_s[chosen])) - window.start_s

    def area(times_s: Floats) -> Floats:
        before = np.searchsorted(times_s, edges - window.start_s)
        sums = np.append(0.0, np.cumsum(times_s))
        return np.asarray(before * (edges - window.start_s) - sums[before], dtype=np.float64)

    seconds = np.diff(area(start_s) - area(end_s))
    hour = (np.arange(len(seconds)) + first + _first_hour_of_week(account)) % HOURS_A_WEEK
    return np.bincount(hour, weights=seconds, minlength=HOURS_A_WEEK).astype(np.float64)


def picks_by_location(account: Account, location_of_sku: Integers, locations: int) -> Integers:
    """Return the lines picked inside the window at each location.

    Parameters
    ----------
    account
        The replication.
    location_of_sku
        Location number of each SKU, >= 0. Shape (K,).
    locations
        Number of locations.
    """
    picks = account.tables.of_lines.picks_by_sku
    return np.bincount(location_of_sku, weights=picks, minlength=locations).astype(np.int64)


def errors_by_cause(account: Account) -> list[ErrorRow]:
    """Return how many mistakes of each cause the cohort saw, and where they were found.

    At the door: lines of delivered orders. What was made and is found nowhere belongs to orders
    that were not delivered, or was mended together with another mistake of the line.
    """
    line, cause = wrong_at_the_door(account)
    door = {c: len(np.unique(line[cause == int(c)])) for c in WrongCause}
    rows = _pick_errors(account, door)
    rows += _entry_errors(account, door)
    rows += [
        ErrorRow(name, door[c], 0, 0, 0, door[c])
        for name, c in (
            ("damaged in transit", WrongCause.DAMAGED_IN_TRANSIT),
            ("sent wrong by the supplier", WrongCause.SUPPLIER),
        )
    ]
    return rows


def _pick_errors(account: Account, door: dict[WrongCause, int]) -> list[ErrorRow]:
    tables = account.tables
    causes = (
        WrongCause.WRONG_ITEM,
        WrongCause.WRONG_QUANTITY,
        WrongCause.OMITTED,
        WrongCause.DAMAGED_AT_PICK,
    )
    found = tables.mended["code"][tables.cohort_line(tables.mended["line"])]
    scanned = tables.scanned["code"][tables.cohort_line(tables.scanned["line"])]
    at_scan = {code: int(np.count_nonzero(scanned == code)) for code in PICK_FAULTS.values()}
    return [
        ErrorRow(
            f"picked: {name.replace('_', ' ')}",
            int(tables.of_lines.picks_by_code[code]) + at_scan[code],
            0,
            at_scan[code],
            int(np.count_nonzero(found == code)),
            door[cause],
        )
        for (name, code), cause in zip(PICK_FAULTS.items(), causes, strict=True)
    ]


def _entry_errors(account: Account, door: dict[WrongCause, int]) -> list[ErrorRow]:
    tables = account.tables
    made = tables.entry_faults
    cohort = tables.cohort_order(made["order"])
    mended = tables.entry_mended
    lines = cohort & (made["fault"] != int(EntryFault.WRONG_ADDRESS))
    address = cohort & (made["fault"] == int(EntryFault.WRONG_ADDRESS))
    found = tables.cohort_order(mended["order"])
    return [
        ErrorRow(
            "typed wrong",
            int(np.count_nonzero(lines)),
            int(np.count_nonzero(found & (mended["line"] >= 0))),
            0,
            0,
            door[WrongCause.ENTRY],
        ),
        ErrorRow(
            "wrong address",
            int(np.count_nonzero(address)),
            int(np.count_nonzero(found & (mended["line"] < 0))),
            0,
            0,
            0,
        ),
    ]


def returns_by_reason(account: Account) -> dict[str, int]:
    """Return the units received back of the cohort by reason, every reason named."""
    table, rows = account.tables.returns, cohort_returns(account)
    units, reason = table["received_units"][rows], table["reason"][rows]
    return {
        r.name.lower().replace("_", " "): int(units[reason == int(r)].sum()) for r in ReturnReason
    }


def sales_and_returns_by_category(account: Account) -> dict[str, tuple[int, int]]:
    """Return units sold to the cohort and units of them received back, by category of the SKU.

    Their ratio is the rate of return of the category, by cohort (see ``rate_of_return``).
    """
    tables, table = account.tables, account.tables.returns
    lines = np.arange(tables.of_lines.first_line, tables.of_lines.end_line)
    units = tables.of_lines.units_as_typed()
    units[account.ends.short.line] -= account.ends.short.gone
    lines = lines[account.ends.shipped[tables.order_of_line(lines)]]
    back = np.flatnonzero(cohort_returns(account))

    def by_category(line: Integers, amounts: Integers) -> list[int]:
        category = tables.catalogue.category[tables.of_lines.sku_of(line)]
        names = len(tables.catalogue.categories)
        counts = np.bincount(category, weights=amounts, minlength=names)
        return [round(count) for count in counts.tolist()]

    sold = by_category(lines, units[lines])
    returned = by_category(table["line"][back], table["received_units"][back])
    return dict(zip(tables.catalogue.categories, zip(sold, returned, strict=True), strict=True))


def stockouts_by_answer(account: Account) -> dict[str, tuple[int, int]]:
    """Return lines and units of the cohort that stock could not meet, by the answer given."""
    table = account.tables.shorts
    here = account.tables.cohort_line(table["line"])
    line, units, answer = table["line"][here], table["units"][here], table["answer"][here]
    return {
        a.name.lower().replace("_", " "): (
            len(np.unique(line[answer == int(a)])),
            int(units[answer == int(a)].sum()),
        )
        for a in ShortAnswer
    }


def orders_over_time(account: Account) -> dict[str, Integers]:
    """Return orders placed and shipped in each whole day of the run, all orders of the run."""
    tables, ends = account.tables, account.ends
    days = int(tables.last_s // 86_400.0) + 1
    placed_s = account.demand.placed_s[ends.state > 0]
    left_s = ends.left_s[ends.shipped]
    return {
        name: np.bincount((times_s // 86_400.0).astype(np.int64), minlength=days)
        for name, times_s in (("placed", placed_s), ("shipped", left_s))
    }
