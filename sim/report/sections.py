"""The page from top to bottom: each section answers one question with a chart and its numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.kpis import KPIS
from sim.report.cells import DASH, Cell, Table, measured, quantity
from sim.report.charts_bars import (
    compared_chart,
    errors_chart,
    mean_errors,
    returns_chart,
    stockouts_chart,
)
from sim.report.charts_floor import best_sellers, floor_chart, routes_chart
from sim.report.charts_time import PART_TITLES, lead_time_chart, mean_parts, parts_chart
from sim.report.charts_week import (
    DAYS,
    busy_shares,
    days_chart,
    queues_chart,
    utilisation_chart,
)
from sim.report.customers_section import customers_section
from sim.report.input import PairedRow, ReportInput, Routes
from sim.report.money_section import money_section
from sim.report.packing_section import packing_section
from sim.report.pooled import curve, mean_by_key, week
from sim.report.section import Figure, Section, kpis_of
from sim.report.stations_section import stations_section
from sim.report.trucks import trucks
from sim.report.warm_up_section import warm_up_section

TOP_SKUS = 12
MOST_ROWS = 2000


def sections(report: ReportInput) -> list[Section]:
    """Return the sections between the KPI table and the honesty block."""
    return [
        *([_compared(report)] if report.compared else []),
        _lead_time(report),
        trucks(report),
        _queues(report),
        _utilisation(report),
        _floor(report),
        *([_routes(report.routes, report)] if report.routes else []),
        _errors(report),
        *([stations_section(report)] if _has_stations(report) else []),
        packing_section(report),
        _stock(report),
        _returns(report),
        customers_section(report),
        money_section(report),
        warm_up_section(report),
    ]


def _has_stations(report: ReportInput) -> bool:
    return any(each.picture.stations for each in report.played)


def _lead_time(report: ReportInput) -> Section:
    played = report.played
    door = curve([each.picture.lead_time for each in played])
    rows: list[tuple[Cell, ...]] = []
    if door is not None:
        rows = [
            tuple(float(x) for x in row)
            for row in zip(door.hours, door.mean, door.low, door.high, strict=True)
        ]
    heads = ("hours", "share_at_the_door", "lowest_replication", "highest_replication")
    parts = [
        (PART_TITLES.get(part, part), group, hours)
        for group, stack in mean_parts(played).items()
        for part, hours in stack.items()
    ]
    return Section(
        "lead-time",
        "Lead time",
        "How fast do orders arrive, and where do the hours go?",
        (
            Figure(
                lead_time_chart(report),
                "Share of orders on the truck and at the door within x hours of the click; the "
                "dots are the times that half and 95 % of the orders do not exceed. The band is "
                "the range of the replications; the last 0.5 % are cut off.",
                "No order of the measured window was shipped.",
                Table("lead_time_curve", heads, tuple(rows)),
            ),
            Figure(
                parts_chart(played),
                "Mean hours of each step, one after the other from click to door. Orange: "
                "waiting; blue: hands at work; green: order entry; grey: the carrier. The steps "
                "add up to the lead time; right: the slowest tenth of the orders.",
                "No order of the measured window was delivered.",
                Table("lead_time_steps", ("step", "orders", "mean_h"), tuple(parts)),
            ),
        ),
    )


def _queues(report: ReportInput) -> Section:
    rows: list[tuple[Cell, ...]] = []
    for role in dict.fromkeys(role for each in report.played for role in each.picture.queues):
        band = week([each.picture.queues[role] for each in report.played])
        if band is not None:
            rows += [
                (role, DAYS[hour // 24], hour % 24, *numbers)
                for hour, numbers in enumerate(
                    zip(band.mean.tolist(), band.low.tolist(), band.high.tolist(), strict=True)
                )
                if math.isfinite(numbers[0])
            ]
    return Section(
        "queues",
        "Waiting lines",
        "When does work pile up, and before whom?",
        (
            Figure(
                queues_chart(report.played),
                "Line: mean of the replications by hour of the week; band: the middle 80 % of the "
                "weeks and replications. Each panel has its own scale.",
                "Nobody ever had work waiting.",
                Table("queues", ("role", "weekday", "hour", "mean", "p10", "p90"), tuple(rows)),
            ),
        ),
        wide=True,
    )


def _utilisation(report: ReportInput) -> Section:
    rows: list[tuple[Cell, ...]] = []
    for role, share in busy_shares(report.played).items():
        rows += [
            (role, DAYS[hour // 24], hour % 24, value)
            for hour, value in enumerate(share.ravel().tolist())
            if math.isfinite(value)
        ]
    return Section(
        "utilisation",
        "Who is busy when",
        "Where would one more or one fewer person matter?",
        (
            Figure(
                utilisation_chart(report.played),
                "Busy share of the time on duty without breaks, by weekday and hour, mean of the "
                "replications. Dark: no time to spare. Grey: nobody on duty.",
                "Nobody was on duty in the measured window.",
                Table("utilisation", ("role", "weekday", "hour", "busy_share"), tuple(rows)),
            ),
        ),
        wide=True,
    )


def _floor(report: ReportInput) -> Section:
    rows = best_sellers(report)
    cut = len(rows) > MOST_ROWS
    heads = ("SKU", "location", "lines a day")
    figure = Figure(
        floor_chart(report),
        "Lines picked a day at each location of the floor, mean of the replications. The "
        "darkest colour stands for the busiest 2 % of the used locations."
        + (f" The file holds the first {MOST_ROWS:,} locations." if cut else ""),
        "Nothing was picked from the floor in the measured window.",
        Table("picks_by_location", heads, tuple(rows[:MOST_ROWS]), text_columns=2),
    )
    top = [(sku, place, round(lines, 1)) for sku, place, lines in rows[:TOP_SKUS]]
    return Section(
        "floor",
        "The floor",
        "Where are the picks, and do the best sellers lie near the depot?",
        (figure,),
        (Table("best_sellers", heads, tuple(top), text_columns=2),) if top else (),
    )


def _routes(routes: Routes, report: ReportInput) -> Section:
    return Section(
        "routes",
        "A pick route",
        "What does the planned way look like beside today's?",
        (Figure(routes_chart(routes, report.floor), routes.caption),),
        wide=True,
    )


def _errors(report: ReportInput) -> Section:
    errors = mean_errors(report.played)
    heads = ("cause", "made", "at confirmation", "by the scan", "at packing check", "at the door")
    return Section(
        "errors",
        "Mistakes",
        "What goes wrong, and who notices it first?",
        (
            Figure(
                errors_chart(errors),
                "Orders of the measured window, mean of the replications. What reached the door "
                "became a complaint; the rest was mended in the house, or its order never arrived.",
                "No mistake was made in the measured window.",
            ),
        ),
        (Table("errors", heads, tuple(tuple(row) for row in errors)),) if errors else (),
    )


def _stock(report: ReportInput) -> Section:
    lines = mean_by_key(
        report.played, lambda p: {k: float(v[0]) for k, v in p.picture.stockouts.items()}
    )
    units = mean_by_key(
        report.played, lambda p: {k: float(v[1]) for k, v in p.picture.stockouts.items()}
    )
    heads = ("answer", "lines", "units")
    kpis = (
        "fill_rate_units",
        "fill_rate_lines",
        "fill_rate_orders",
        "backorder_lines_rate",
        "turned_away_rate",
        "dropship_rate",
        "oversale_rate",
        "oversold_lines_rate",
        "substituted_lines_rate",
        "backorder_age_mean_h",
        "backorder_age_p90_h",
        "backorder_promise_kept_rate",
        "lost_margin_eur",
        "turns_per_year",
    )
    return Section(
        "stock",
        "Stock",
        "What was not on the shelf, and what did the customer get instead?",
        (
            Figure(
                stockouts_chart(lines),
                "Order lines that stock could not meet at once, by the answer given.",
                "Stock met every line at once.",
                Table("stockouts", heads, tuple((k, lines[k], units[k]) for k in lines)),
            ),
        ),
        (kpis_of(report, "stock_kpis", kpis),),
    )


def _returns(report: ReportInput) -> Section:
    units = mean_by_key(
        report.played, lambda p: {k: float(v) for k, v in p.picture.returns.items()}
    )
    kpis = (
        "rate_of_return",
        "rate_of_return_window",
        "units_returned",
        "click_to_refund_mean_h",
        "return_to_refund_mean_h",
        "return_cycle_mean_h",
        "restock_lag_mean_h",
        "restocked_share_rate",
        "exchange_share_rate",
        "cost_of_return_per_unit_eur",
    )
    return Section(
        "returns",
        "Returns",
        "What comes back, why, and how long does the money take?",
        (
            Figure(
                returns_chart(units),
                "Grey: the customer's reasons. Orange: our own doing.",
                "Nothing of the measured window came back.",
                Table("returns", ("reason", "units"), tuple(units.items())),
            ),
        ),
        (kpis_of(report, "returns_kpis", kpis), _returned_categories(report)),
    )


def _returned_categories(report: ReportInput) -> Table:
    """Return what was sold and what came back of it, by category, the cohort's mean."""
    sold = mean_by_key(
        report.played, lambda p: {k: float(v[0]) for k, v in p.picture.categories.items()}
    )
    back = mean_by_key(
        report.played, lambda p: {k: float(v[1]) for k, v in p.picture.categories.items()}
    )
    rows = tuple(
        (name, round(sold[name]), round(back[name]), _share(back[name], sold[name]))
        for name in sold
    )
    heads = ("category", "units sold", "units returned", "rate of return")
    return Table("returned_categories", heads, rows)


def _share(part: float, whole: float) -> str:
    return f"{100.0 * part / whole:.1f} %" if whole else "-"


def _compared(report: ReportInput) -> Section:
    compared = report.compared
    assert compared is not None
    heads = ("KPI", "verdict", compared.name, report.name, "difference", "95 % interval")
    rows = tuple(_paired_cells(row) for row in compared.rows)
    numbers = tuple((r.kpi, r.judgement, r.other, r.own, r.mean, r.lo, r.hi) for r in compared.rows)
    csv_heads = (
        "kpi",
        "verdict",
        compared.name,
        report.name,
        "difference",
        "ci95_low",
        "ci95_high",
    )
    return Section(
        "compared",
        f"Against {compared.name}",
        "Which is better, on the very same orders?",
        (
            Figure(
                compared_chart(compared),
                "Paired differences with 95 % intervals. Green: better; orange: worse, both after "
                "Holm's correction over the shown KPIs; grey: no clear difference.",
                "There is no pair of replications to compare.",
                Table("differences", csv_heads, numbers),
            ),
        ),
        (Table("compared", heads, rows, text_columns=2),),
        wide=True,
    )


def _paired_cells(row: PairedRow) -> tuple[Cell, ...]:
    definition = KPIS[row.kpi]

    def words(value: float | None) -> str:
        return DASH if value is None else measured(value, definition.unit)

    interval = DASH if row.lo is None else f"{words(row.lo)} to {words(row.hi)}"
    return (
        definition.title, row.judgement, words(row.other), words(row.own), words(row.mean), interval
    )  # fmt: skip


@dataclass(frozen=True)
class Honesty:
    """What a reader must know before believing the numbers."""

    sentences: tuple[str, ...]
    days: Figure
    balances: Table


def honesty(report: ReportInput) -> Honesty:
    """Return replications, window, what is still open, how wide the intervals are, the balances."""
    last = report.warm_up_days + report.horizon_days
    count = report.replications
    window = (
        f"Measured are the orders placed from day {report.warm_up_days:g} to day {last:g} of the "
        f"run, which starts on {report.start_date}; they are followed to their end."
    )
    still_open = sum(each.still_open for each in report.played)
    sentences = [
        f"{count} replication{'s' * (count != 1)} from seed {report.seed}; the numbers are means "
        "over them with 95 % intervals of Student's t."
        if count > 1
        else f"One replication from seed {report.seed}: there are no intervals, and one week "
        "may be an outlier.",
        window,
        "No order is still open."
        if not still_open
        else f"{still_open:,} orders of all replications together have not ended.",
    ]
    if widest := _widest(report):
        sentences.append(widest)
    rows = tuple(
        (str(each.number), each.balance.removeprefix("balance: "), each.still_open)
        for each in report.played
    )
    return Honesty(
        tuple(sentences),
        Figure(
            days_chart(report),
            "One replication. Before the measured window the house fills; a gap that "
            "grows inside it means that the house cannot keep up.",
            "Nothing is known of single days.",
        ),
        Table("balance", ("replication", "balance", "still open"), rows, text_columns=2),
    )


def _widest(report: ReportInput) -> str:
    widths = [
        (found.half_width / abs(found.mean), name)
        for name in report.headline
        if (found := report.estimates.get(name)) is not None and found.half_width and found.mean
    ]
    if not widths:
        return ""
    width, name = max(widths)
    return (
        f"The widest interval of the headline KPIs is ±{quantity(100.0 * width)} % of its mean "
        f"({KPIS[name].title}); four times as many replications would halve it."
    )
