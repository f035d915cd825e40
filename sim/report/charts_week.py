"""Charts over the week: who waits when, who is busy when, what came in and went out each day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from markupsafe import Markup

from sim.log.facts import ROLE_NAMES
from sim.report.cells import quantity
from sim.report.input import Played, ReportInput
from sim.report.picture import (
    BLUE,
    GREY,
    INK,
    MUTED,
    RULE,
    as_svg,
    drawing,
    new_figure,
)
from sim.report.pooled import mean_where_known, week

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.image import AxesImage

Floats = npt.NDArray[np.float64]

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
COLUMNS = 3
WIDTH_IN = 15.4
MOST_DAYS = 31
MOST_WEEKS = 16
ROLE_LINES = {
    "clerks": "orders waiting for a clerk",
    "pickers": "shipments waiting for a picker",
    "packers": "shipments waiting for a packer",
    "dispatchers": "shipments waiting for a label",
    "receivers": "deliveries waiting for a receiver",
    "returns_clerks": "returned lines waiting for a clerk",
    "replenishers": "pick faces waiting for their top-up",
    "specialists": "shipments waiting at stations",
}


def role_words(role: str) -> str:
    """Return a role's name as people write it."""
    return role.replace("_", " ")


def queues_chart(played: Sequence[Played]) -> Markup | None:
    """Return the waiting line before each role over the week, with the band of the middle 80 %."""
    roles = dict.fromkeys(role for each in played for role in each.picture.queues)
    pooled = {role: week([each.picture.queues[role] for each in played]) for role in roles}
    bands = {role: band for role, band in pooled.items() if band is not None}
    if not bands:
        return None
    words = []
    with drawing():
        columns = min(COLUMNS, len(bands))
        rows = -(-len(bands) // columns)
        figure = new_figure(WIDTH_IN * columns / COLUMNS, 2.55 * rows)
        panels = figure.subplots(rows, columns, sharex=True, squeeze=False).ravel()
        for axes, (role, band) in zip(panels, bands.items(), strict=False):
            _day_axis(axes)
            hours = np.arange(len(band.mean)) + 0.5
            axes.fill_between(hours, band.low, band.high, color=BLUE, alpha=0.22, lw=0)
            axes.plot(hours, band.mean, color=BLUE, lw=1.6)
            axes.set_ylim(bottom=0.0)
            axes.set_title(ROLE_LINES.get(role, role_words(role)))
            top = int(np.nanargmax(band.mean))
            words.append(
                f"{ROLE_LINES.get(role, role_words(role))}: longest on "
                f"{DAYS[top // 24]} at {top % 24}:00 with {quantity(float(band.mean[top]))}."
            )
        for axes in panels[len(bands) :]:
            axes.set_visible(False)
        return as_svg(figure, "queues", "Waiting lines over the week, by role", " ".join(words))


def _day_axis(axes: Axes) -> None:
    axes.set_xlim(0, 168)
    axes.set_xticks(np.arange(12, 168, 24), DAYS)
    axes.tick_params(axis="x", length=0)
    axes.grid(axis="y")
    for day in range(1, 7):
        axes.axvline(24 * day, color=RULE, lw=0.8, zorder=0)


def utilisation_chart(played: Sequence[Played]) -> Markup | None:
    """Return the busy share of each role by weekday and hour as a heat map."""
    shares = busy_shares(played)
    if not shares:
        return None
    words = []
    with drawing():
        columns = min(COLUMNS, len(shares))
        rows = -(-len(shares) // columns)
        figure = new_figure(WIDTH_IN * columns / COLUMNS, 2.75 * rows + 0.1)
        panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).ravel()
        image = None
        for axes, (role, share) in zip(panels, shares.items(), strict=False):
            image = _heat(axes, share)
            axes.set_title(role_words(role))
            words.append(_busiest(role, share))
        for axes in panels[len(shares) :]:
            axes.set_visible(False)
        assert image is not None
        bar = figure.colorbar(image, ax=panels.tolist(), shrink=0.6, pad=0.015, aspect=18)
        bar.set_ticks([0, 0.25, 0.5, 0.75, 1.0], labels=["0 %", "25 %", "50 %", "75 %", "100 %"])
        bar.outline.set_visible(False)
        return as_svg(
            figure, "busy", "Busy share of the time on duty, by weekday and hour", " ".join(words)
        )


def busy_shares(played: Sequence[Played]) -> dict[str, Floats]:
    """Return the mean busy share of each role that was ever on duty. Shapes (7, 24)."""
    mean = mean_where_known([each.picture.utilisation for each in played])
    return {
        role: share
        for role, share in zip(ROLE_NAMES, mean, strict=True)
        if np.isfinite(share).any()
    }


def _heat(axes: Axes, share: Floats) -> AxesImage:
    from matplotlib import colormaps

    colours = colormaps["YlOrBr"].with_extremes(bad="#f1f3f6")
    image = axes.imshow(
        np.ma.masked_invalid(share),
        cmap=colours,
        vmin=0.0,
        vmax=1.0,
        aspect="auto",
        extent=(0.0, 24.0, 7.0, 0.0),
    )
    axes.set_yticks(np.arange(7) + 0.5, DAYS)
    axes.set_xticks(range(0, 24, 6), [f"{hour}:00" for hour in range(0, 24, 6)])
    for spine in axes.spines.values():
        spine.set_visible(False)
    return image


def _busiest(role: str, share: Floats) -> str:
    top = int(np.nanargmax(share))
    return (
        f"{role_words(role)}: busiest on {DAYS[top // 24]} at {top % 24}:00 with "
        f"{100 * float(share.ravel()[top]):.0f} %."
    )


def days_chart(report: ReportInput) -> Markup | None:
    """Return orders placed and shipped on each day of one replication, the window shaded."""
    placed, shipped = report.orders_by_day.get("placed"), report.orders_by_day.get("shipped")
    if placed is None or shipped is None or not len(placed):
        return None
    first, last = report.warm_up_days, report.warm_up_days + report.horizon_days
    shown = min(max(len(placed), len(shipped)), int(last + report.cool_down_days) + 7)
    with drawing():
        figure = new_figure(WIDTH_IN, 3.0)
        axes = figure.add_subplot()
        axes.axvspan(first, last, color="#eaf2f8", lw=0)
        axes.text(first, 0.98, " measured window", transform=axes.get_xaxis_transform(), va="top",
                  color=MUTED)  # fmt: skip
        axes.grid(axis="y")
        for counts, colour, name in ((placed, GREY, "placed"), (shipped, BLUE, "shipped")):
            days = counts[:shown]
            axes.stairs(days, np.arange(len(days) + 1), color=colour, label=name, lw=1.8)
        axes.set_xlim(0, shown)
        axes.set_xticks(
            range(0, shown + 1, 1 if shown <= MOST_DAYS else 7 * -(-shown // (7 * MOST_WEEKS)))
        )
        axes.set_ylim(0, 1.2 * float(max(placed.max(), shipped.max(initial=0))))
        axes.set_xlabel("day of the run")
        axes.set_ylabel("orders a day")
        axes.legend(loc="upper right", ncols=2)
        axes.tick_params(labelcolor=INK)
        inside = slice(int(first), int(np.ceil(last)))
        words = (
            f"In the measured window {quantity(float(placed[inside].sum()))} orders are placed and "
            f"{quantity(float(shipped[inside].sum()))} shipped."
        )
        return as_svg(figure, "days", "Orders placed and shipped on each day of the run", words)
