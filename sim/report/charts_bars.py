"""Bar charts: mistakes and where they were caught, stockouts, returns; and a comparison's dots."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from sim.kpis import KPIS
from sim.report.cells import quantity
from sim.report.input import ComparedWith, PairedRow, Played
from sim.report.picture import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PURPLE,
    as_svg,
    drawing,
    new_figure,
)
from sim.report.pooled import mean_by_key

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CAUGHT = {
    "at_confirmation": ("at the confirmation", GREEN),
    "at_scan": ("by the scan at the pick", PURPLE),
    "at_packing_check": ("at the packing check", BLUE),
    "at_the_door": ("at the customer's door", ORANGE),
    "elsewhere": ("found by nobody", GREY),
}
NOBODYS = ("fit", "not as expected", "changed mind")
BETTER = {"better": GREEN, "worse": ORANGE}


class Errors(NamedTuple):
    """Mean number of mistakes of one cause in a replication, and where they were found."""

    cause: str
    made: float
    at_confirmation: float
    at_scan: float
    at_packing_check: float
    at_the_door: float

    @property
    def elsewhere(self) -> float:
        """Found nowhere: the order was not delivered, or another mistake covered it."""
        found = self.at_confirmation + self.at_scan + self.at_packing_check + self.at_the_door
        return max(0.0, self.made - found)


def mean_errors(played: Sequence[Played]) -> list[Errors]:
    """Return the mistakes of the replications, mean by cause."""
    fields = Errors._fields[1:]
    means = {name: mean_by_key(played, _counts(name)) for name in fields}
    return [
        Errors(cause, *(means[name].get(cause, 0.0) for name in fields)) for cause in means["made"]
    ]


def _counts(name: str) -> Callable[[Played], dict[str, float]]:
    return lambda each: {row.cause: float(getattr(row, name)) for row in each.picture.errors}


def errors_chart(errors: Sequence[Errors]) -> Markup | None:
    """Return mistakes by cause, split by where they were caught."""
    shown = [row for row in errors if row.made > 0.0]
    if not shown:
        return None
    with drawing():
        figure = new_figure(7.6, 0.42 * len(shown) + 1.35)
        axes = figure.add_subplot()
        left = [0.0] * len(shown)
        for key, (name, colour) in CAUGHT.items():
            widths = [float(getattr(row, key)) for row in shown]
            if sum(widths) > 0.0:
                axes.barh(
                    range(len(shown)), widths, left=left, color=colour, label=name, height=0.7
                )
            left = [a + b for a, b in zip(left, widths, strict=True)]
        _named_rows(axes, [row.cause for row in shown], left)
        axes.set_xlabel("mistakes of the window's orders, mean of the replications")
        figure.legend(loc="outside upper left", ncols=2, fontsize=11)
        words = " ".join(
            f"{row.cause}: {quantity(row.made)} made, {quantity(row.at_the_door)} reached the door."
            for row in shown
        )
        return as_svg(figure, "errors", "Mistakes by cause and where they were caught", words)


def _named_rows(axes: Axes, names: Sequence[str], ends: Sequence[float]) -> None:
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(axis="y", labelcolor=INK)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.spines["left"].set_visible(False)
    axes.set_xlim(0.0, max(ends) * 1.13)
    for place, end in enumerate(ends):
        axes.annotate(
            quantity(end), (end, place), xytext=(4, 0), textcoords="offset points", va="center"
        )


def bars_chart(
    name: str, title: str, what: str, values: Mapping[str, float], colours: Mapping[str, str]
) -> Markup | None:
    """Return one bar for each name whose value is above 0; None if there is none."""
    shown = {key: value for key, value in values.items() if value > 0.0}
    if not shown:
        return None
    with drawing():
        figure = new_figure(7.6, 0.36 * len(shown) + 0.85)
        axes = figure.add_subplot()
        axes.barh(
            range(len(shown)),
            list(shown.values()),
            color=[colours.get(key, BLUE) for key in shown],
            height=0.7,
        )
        _named_rows(axes, list(shown), list(shown.values()))
        axes.set_xlabel(what)
        words = " ".join(f"{key}: {quantity(value)}." for key, value in shown.items())
        return as_svg(figure, name, title, words)


def returns_chart(units: Mapping[str, float]) -> Markup | None:
    """Return the units sent back by reason: the customer's reasons grey, our own doing orange."""
    colours = {reason: GREY if reason in NOBODYS else ORANGE for reason in units}
    return bars_chart(
        "returns",
        "Units sent back, by reason",
        "units of the window's orders, mean of the replications",
        units,
        colours,
    )


def stockouts_chart(lines: Mapping[str, float]) -> Markup | None:
    """Return the lines that stock could not meet, by the answer given."""
    return bars_chart(
        "stockouts",
        "Lines that stock could not meet, by answer",
        "lines of the window's orders, mean of the replications",
        lines,
        {},
    )


def boxes_chart(parcels: Mapping[str, float]) -> Markup | None:
    """Return the parcels by box, the smallest box first."""
    return bars_chart(
        "boxes",
        "Parcels, by box",
        "parcels of the window's orders, mean of the replications",
        parcels,
        {},
    )


def compared_chart(compared: ComparedWith) -> Markup | None:
    """Return the paired differences in per cent of the other run's mean, with their intervals."""
    rows = [row for row in compared.rows if _percent(row) is not None]
    if not rows:
        return None
    with drawing():
        figure = new_figure(15.4, 0.36 * len(rows) + 0.9)
        axes = figure.add_subplot()
        axes.axvline(0.0, color=INK, lw=1)
        axes.grid(axis="x")
        for place, row in enumerate(rows):
            mean, low, high = _percent(row) or (0.0, 0.0, 0.0)
            colour = BETTER.get(row.judgement, GREY)
            axes.plot([low, high], [place, place], color=colour, lw=3)
            axes.plot([mean], [place], "o", color=colour, markersize=7)
        axes.set_yticks(range(len(rows)), [KPIS[row.kpi].title for row in rows])
        axes.tick_params(axis="y", labelcolor=INK)
        axes.invert_yaxis()
        axes.set_xlabel(f"difference in % of {compared.name}, 95 % interval")
        words = " ".join(
            f"{KPIS[row.kpi].title}: {(_percent(row) or (0.0,))[0]:+.1f} %, {row.judgement}."
            for row in rows
        )
        return as_svg(figure, "compared", f"Differences from {compared.name}", words)


def _percent(row: PairedRow) -> tuple[float, float, float] | None:
    if row.mean is None or not row.other or not math.isfinite(row.other):
        return None
    scale = 100.0 / abs(row.other)
    low = row.mean if row.lo is None else row.lo
    high = row.mean if row.hi is None else row.hi
    return row.mean * scale, low * scale, high * scale
