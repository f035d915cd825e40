"""Charts of a roster: cost against promise, and who is at work when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
from markupsafe import Markup

from sim.kpis import KPIS
from sim.report.charts_week import COLUMNS, WIDTH_IN, role_words
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

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Ints = npt.NDArray[np.int64]
Kind = Literal["today", "requirement", "met on the way", "chosen"]
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SLOTS_A_DAY = 96
COLOURS: Mapping[Kind, str] = {
    "today": ORANGE,
    "requirement": GREY,
    "met on the way": "#8fbbd9",
    "chosen": BLUE,
}


@dataclass(frozen=True)
class Spot:
    """A roster on the picture of cost against promise.

    Parameters
    ----------
    kind, words
        What it is.
    cost_eur
        Wages a week.
    value, low, high
        A KPI's mean and its 95 % interval, None where there is none.
    """

    kind: Kind
    words: str
    cost_eur: float
    value: float
    low: float | None = None
    high: float | None = None


def frontier(spots: Sequence[Spot], *, more_is_better: bool) -> list[Spot]:
    """Return the spots of which no other is both as cheap and as good, by cost."""
    sign = 1.0 if more_is_better else -1.0
    best: list[Spot] = []
    for spot in sorted(spots, key=lambda spot: (spot.cost_eur, -sign * spot.value)):
        if not best or sign * spot.value > sign * best[-1].value:
            best.append(spot)
    return best


def frontier_chart(
    kpi: str, spots: Sequence[Spot], bounds: Sequence[float], *, more_is_better: bool
) -> Markup:
    """Return cost a week against a KPI, the frontier drawn through what nobody beats."""
    share = KPIS[kpi].unit == "share"
    scale = 100.0 if share else 1.0
    unit = "%" if share else KPIS[kpi].unit
    with drawing():
        figure = new_figure(WIDTH_IN / 2.0, 4.2)
        axes = figure.add_subplot()
        axes.grid()
        edge = frontier(spots, more_is_better=more_is_better)
        axes.step(
            [spot.cost_eur for spot in edge],
            [scale * spot.value for spot in edge],
            where="post", color=RULE, lw=1.6, zorder=1,
        )  # fmt: skip
        for kind, colour in COLOURS.items():
            _spots(axes, [spot for spot in spots if spot.kind == kind], kind, colour, scale)
        for bound in bounds:
            axes.axhline(scale * bound, color=GREEN, lw=1.2, ls="--")
            axes.text(1.0, scale * bound, " promise", transform=axes.get_yaxis_transform(),
                      va="center", color=GREEN)  # fmt: skip
        axes.set_xlabel("wages, EUR a week")
        axes.set_ylabel(f"{KPIS[kpi].title}, {unit}")
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        axes.margins(x=0.08, y=0.12)
        figure.legend(loc="outside upper center", ncols=4)
        words = "; ".join(
            f"{spot.words}: {spot.cost_eur:,.0f} EUR, {scale * spot.value:.4g} {unit}"
            for spot in spots
            if spot.kind != "met on the way"
        )
        return as_svg(figure, f"frontier-{kpi}", f"Wages against {KPIS[kpi].title}", words + ".")


def _spots(axes: Axes, spots: Sequence[Spot], kind: Kind, colour: str, scale: float) -> None:
    if not spots:
        return
    small = kind == "met on the way"
    costs = [spot.cost_eur for spot in spots]
    values = [scale * spot.value for spot in spots]
    if not small:
        below = [scale * (s.value - s.low) if s.low is not None else 0.0 for s in spots]
        above = [scale * (s.high - s.value) if s.high is not None else 0.0 for s in spots]
        axes.errorbar(costs, values, [below, above], fmt="none", ecolor=colour, lw=1.4, zorder=2)
    size = 26 if small else 64
    axes.scatter(costs, values, s=size, color=colour, label=kind, zorder=3, edgecolors="white")


def week_chart(
    planned: Mapping[str, Ints], wanted: Mapping[str, Ints], today: Mapping[str, Ints]
) -> Markup:
    """Return people at work over the week by role: planned, wanted and today.

    Parameters
    ----------
    planned, wanted, today
        By role the people in each of the 672 quarter-hours.
    """
    words = []
    with drawing():
        columns = min(COLUMNS, len(planned))
        rows = -(-len(planned) // columns)
        figure = new_figure(WIDTH_IN * columns / COLUMNS, 2.4 * rows + 0.4)
        panels = figure.subplots(rows, columns, sharex=True, squeeze=False).ravel()
        for axes, (role, heads) in zip(panels, planned.items(), strict=False):
            _week_axis(axes)
            edges = np.arange(len(heads) + 1)
            axes.stairs(heads, edges, fill=True, color="#cfe2f1", label="planned")
            axes.stairs(heads, edges, color=BLUE, lw=1.0)
            axes.stairs(today[role], edges, color=ORANGE, lw=1.0, label="today")
            if role in wanted:
                axes.stairs(wanted[role], edges, color=INK, lw=0.9, ls=":", label="needed at least")
            axes.set_ylim(0, 1.15 * max(1, int(heads.max()), int(today[role].max())))
            axes.set_title(role_words(role))
            top = int(heads.argmax())
            words.append(
                f"{role_words(role)}: most on {DAYS[top // SLOTS_A_DAY]} with {int(heads[top])}."
            )
        for axes in panels[len(planned) :]:
            axes.set_visible(False)
        handles, labels = panels[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper center", ncols=3)
        return as_svg(figure, "week", "People at work over the week, by role", " ".join(words))


def _week_axis(axes: Axes) -> None:
    axes.set_xlim(0, 7 * SLOTS_A_DAY)
    axes.set_xticks(np.arange(SLOTS_A_DAY // 2, 7 * SLOTS_A_DAY, SLOTS_A_DAY), DAYS)
    axes.tick_params(axis="x", length=0, labelcolor=MUTED)
    axes.grid(axis="y")
    for day in range(1, 7):
        axes.axvline(SLOTS_A_DAY * day, color=RULE, lw=0.8, zorder=0)
