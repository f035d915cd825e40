"""The section on money: the way from what was charged to the margin, step by step."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import accumulate

from markupsafe import Markup

from sim.report.cells import Table, quantity
from sim.report.input import ReportInput
from sim.report.picture import BLUE, GREEN, ORANGE, as_svg, drawing, new_figure
from sim.report.pooled import mean_by_key
from sim.report.section import Figure, Section, kpis_of

KPIS_SHOWN = (
    "margin_per_order_eur",
    "cost_per_order_eur",
    "lost_margin_eur",
    "cost_of_return_per_unit_eur",
    "entry_error_cost_per_order_eur",
)


def money_section(report: ReportInput) -> Section:
    """Return the section; steps of which nothing came or went are left out."""
    steps = mean_by_key(report.played, lambda p: p.picture.money_eur)
    steps = {name: eur for name, eur in steps.items() if eur}
    charged = steps.get("money charged", 0.0)
    orders = report.estimates.get("orders_placed")
    placed = orders.mean if orders is not None else 0.0
    if steps:
        steps["margin"] = math.fsum(steps.values())
    heads = ("step", "EUR", "EUR an order", "% of the money charged")
    rows = tuple(
        (name, eur, eur / placed if placed else None, 100.0 * eur / charged if charged else None)
        for name, eur in steps.items()
    )
    known = [kpi for kpi in KPIS_SHOWN if report.estimates.get(kpi) is not None]
    return Section(
        "money",
        "Money",
        "What is left of the money that customers were charged, and where did the rest go?",
        (
            Figure(
                _chart(steps),
                "From the money charged to the margin. Wages and what stock costs are those of the "
                "window, the rest is that of its orders, followed to their end; mean of the "
                "replications.",
                "Nothing was charged in the measured window.",
                Table("money", heads, rows),
            ),
        ),
        (kpis_of(report, "money_kpis", known),) if known else (),
    )


def _chart(steps: Mapping[str, float]) -> Markup | None:
    """Return a waterfall: each bar begins where the one before it ended; the margin from 0."""
    if not steps:
        return None
    names, amounts = list(steps), list(steps.values())
    starts = [0.0, *accumulate(amounts[:-1])]
    starts[-1] = 0.0
    kinds = [BLUE if eur >= 0.0 else ORANGE for eur in amounts]
    kinds[-1] = GREEN if amounts[-1] >= 0.0 else ORANGE
    with drawing():
        figure = new_figure(7.6, 0.36 * len(names) + 0.85)
        axes = figure.add_subplot()
        rows = range(len(names))
        axes.barh(rows, amounts, left=starts, color=kinds, height=0.7)
        axes.set_yticks(rows, [f"{name}  {quantity(eur)}" for name, eur in steps.items()])
        axes.invert_yaxis()
        axes.axvline(0.0, color="0.4", linewidth=0.8)
        axes.xaxis.set_major_formatter("{x:,.0f}")
        axes.locator_params(axis="x", nbins=5)
        axes.set_xlabel("EUR, mean of the replications")
        words = " ".join(f"{name}: {quantity(eur)} EUR." for name, eur in steps.items())
        return as_svg(figure, "money", "From the money charged to the margin", words)
