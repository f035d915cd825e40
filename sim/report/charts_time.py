"""Charts of an order's hours: how fast orders arrive, and which step takes the time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from sim.report.cells import quantity
from sim.report.input import Played, ReportInput
from sim.report.picture import (
    BLUE,
    GREEN,
    GREY,
    INK,
    MUTED,
    ORANGE,
    RULE,
    as_svg,
    drawing,
    new_figure,
)
from sim.report.pooled import PooledCurve, curve, mean_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DAY_H = 24.0
MARKED = (0.5, 0.95)
STEPS = (24.0, 48.0, 72.0, 168.0, 336.0, 672.0)
MOST_TICKS = 8
WORK, CARRIER = ("walk", "pick", "pack"), ("transit",)
PART_TITLES = {
    "wait_entry": "order entry",
    "wait_payment": "payment",
    "wait_stock": "waiting for stock",
    "wait_release": "waiting for release",
    "wait_pick": "waiting for a picker",
    "walk": "walking",
    "pick": "picking",
    "consolidate": "waiting for the rest",
    "stations": "at stations",
    "wait_pack": "waiting for a packer",
    "pack": "packing",
    "wait_carrier": "label and truck",
    "transit": "in transit",
}


def lead_time_chart(report: ReportInput) -> Markup | None:
    """Return the share of orders shipped, and at the door, within x hours of the click."""
    played = report.played
    door = curve([each.picture.lead_time for each in played])
    ship = curve([each.picture.click_to_ship for each in played])
    if door is None and ship is None:
        return None
    title = "Share of orders shipped and delivered within x hours of the click"
    words = []
    with drawing():
        figure = new_figure(7.6, 4.3)
        axes = figure.add_subplot()
        axes.grid(axis="y")
        ends = [float(found.hours[-1]) for found in (door, ship) if found is not None]
        for found, colour, name, kpi in (
            (ship, ORANGE, "on the truck", "click_to_ship_p{}_h"),
            (door, BLUE, "at the door", "order_lead_time_p{}_h"),
        ):
            if found is None:
                continue
            half, most = (_hours_at(report, found, kpi, share) for share in MARKED)
            axes.fill_between(found.hours, found.low, found.high, color=colour, alpha=0.18, lw=0)
            axes.plot(found.hours, found.mean, color=colour, label=name)
            for hours, share in zip((half, most), MARKED, strict=True):
                _mark(axes, hours, share, colour)
            words.append(
                f"Half of the orders are {name} within {quantity(half)} h, "
                f"95 % within {quantity(most)} h."
            )
        axes.set_ylim(0.0, 1.02)
        axes.set_xlim(0.0, max(ends) * 1.02)
        axes.yaxis.set_major_formatter(lambda share, _: f"{100 * share:.0f} %")
        hour_ticks(axes, max(ends))
        axes.set_xlabel("hours since the click")
        axes.legend(loc="lower right")
        return as_svg(figure, "lead", title, " ".join(words))


def _hours_at(report: ReportInput, found: PooledCurve, kpi: str, share: float) -> float:
    """Return the KPI's own number, so that chart and table never differ."""
    estimate = report.estimates.get(kpi.format(round(100 * share)))
    return found.hours_at(share) if estimate is None else estimate.mean


def _mark(axes: Axes, hours: float, share: float, colour: str) -> None:
    axes.plot([hours], [share], "o", color=colour, markersize=6, markeredgecolor="white")
    axes.annotate(
        f"{hours:.0f} h",
        (hours, share),
        xytext=(7, -12),
        textcoords="offset points",
        color=colour,
        fontweight="bold",
    )


def hour_ticks(axes: Axes, end_h: float) -> None:
    """Put ticks at whole days where the axis is long enough for it."""
    if end_h < 2 * DAY_H:
        return
    step = next((s for s in STEPS if end_h / s <= MOST_TICKS), float(np.ceil(end_h / MOST_TICKS)))
    axes.set_xticks(np.arange(0.0, end_h * 1.001, step))


def parts_chart(played: Sequence[Played]) -> Markup | None:
    """Return the steps of the lead time as bars one after the other, from the click to the door."""
    stacks = mean_parts(played)
    if not stacks:
        return None
    parts = list(dict.fromkeys(part for stack in stacks.values() for part in stack))
    with drawing():
        figure = new_figure(7.6, 4.3)
        panels = figure.subplots(1, len(stacks), sharey=True, squeeze=False)[0]
        for axes, (name, stack) in zip(panels, stacks.items(), strict=True):
            _waterfall(axes, name, stack, parts)
        panels[0].set_yticks(range(len(parts)), [PART_TITLES.get(part, part) for part in parts])
        panels[0].invert_yaxis()
        panels[0].tick_params(axis="y", labelcolor=INK)
        figure.supxlabel("mean hours since the click", fontsize=12, color=MUTED)
        return as_svg(figure, "parts", "Mean hours of each step from click to door", _said(stacks))


def mean_parts(played: Sequence[Played]) -> dict[str, dict[str, float]]:
    """Return the mean hours of each step, by group of orders, over the replications."""
    known = [each.picture.parts for each in played if each.picture.parts]
    if not known:
        return {}
    return {
        group: {part: mean_of(each[group][part] for each in known) for part in stack}
        for group, stack in known[0].items()
    }


def _waterfall(axes: Axes, name: str, stack: Mapping[str, float], parts: Sequence[str]) -> None:
    total = sum(stack.values())
    start = 0.0
    axes.set_xlim(0.0, total * 1.02)
    for place, part in enumerate(parts):
        hours = stack.get(part, 0.0)
        axes.barh(place, max(hours, total * 0.004), left=start, height=0.68, color=_colour(part))
        after = start + hours <= 0.72 * total
        axes.annotate(
            f"{hours:.1f}" if hours >= 0.05 else "0",
            (start + hours if after else start, place),
            xytext=(4 if after else -4, 0),
            textcoords="offset points",
            ha="left" if after else "right",
            va="center",
            fontsize=11,
        )
        start += hours
        if place + 1 < len(parts):
            axes.plot([start, start], [place, place + 1], color=RULE, lw=1, zorder=0)
    axes.set_title(f"{name}: {total:.0f} h")
    hour_ticks_few(axes, total)
    axes.spines["left"].set_visible(False)


def hour_ticks_few(axes: Axes, end_h: float) -> None:
    """Put at most four ticks at whole days."""
    if end_h < DAY_H:
        return
    step = next((s for s in STEPS if end_h / s <= 4), float(np.ceil(end_h / 4)))
    axes.set_xticks(np.arange(0.0, end_h * 0.95, step))


def _colour(part: str) -> str:
    if part in WORK:
        return BLUE
    return GREY if part in CARRIER else GREEN if part == "wait_entry" else ORANGE


def _said(stacks: Mapping[str, Mapping[str, float]]) -> str:
    words = []
    for name, stack in stacks.items():
        largest = sorted(stack, key=lambda part: -stack[part])[:3]
        listed = ", ".join(f"{PART_TITLES.get(p, p)} {quantity(stack[p])} h" for p in largest)
        words.append(f"{name}: {quantity(sum(stack.values()))} h, most of it {listed}.")
    return " ".join(words)
