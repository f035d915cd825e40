"""When the house had filled: work in process from the first hour, the cut, the chosen warm-up."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from markupsafe import Markup

from sim.kpis.in_process import STEPS_A_DAY
from sim.report.cells import Table, quantity
from sim.report.input import Played, ReportInput
from sim.report.picture import BLUE, GREY, INK, ORANGE, as_svg, drawing, new_figure
from sim.report.section import Figure, Section

MOST_TICKS = 14
Floats = npt.NDArray[np.float64]


def warm_up_section(report: ReportInput) -> Section:
    """Return the section on the warm-up, with what is to be said of the intervals."""
    series = in_process_of(report.played)
    rows = () if series is None else tuple(
        (step / STEPS_A_DAY, *row) for step, row in enumerate(series.T.tolist())
    )  # fmt: skip
    heads = ("day", "mean", "lowest_replication", "highest_replication")
    said = [_answer(report), *(f"{line[0].upper()}{line[1:]}." for line in _warnings(report))]
    return Section(
        "warm-up",
        "Warm-up",
        "Had the house filled before the measured window began?",
        (
            Figure(
                _chart(report, series),
                "Orders placed and not yet on the truck, without cancelled ones, mean of the "
                "replications over six hours; the band is their range. Grey: warm-up. "
                + " ".join(said),
                "The run is shorter than six hours.",
                Table("work_in_process", heads, rows),
            ),
        ),
        wide=True,
    )


def in_process_of(played: tuple[Played, ...]) -> Floats | None:
    """Return mean, least and most work in process by step. Shape (3, steps); None if unknown."""
    found = [each.picture.in_process.orders for each in played]
    steps = min((len(orders) for orders in found), default=0)
    if not steps:
        return None
    series = np.array([orders[:steps] for orders in found])
    return np.array([series.mean(axis=0), series.min(axis=0), series.max(axis=0)])


def _warnings(report: ReportInput) -> list[str]:
    return [line for line in (report.settling.warning, *report.settling.interval_warnings) if line]


def _answer(report: ReportInput) -> str:
    cut = report.settling.cut_days
    if cut is None:
        return "The run is too short to say when the house has filled."
    return (
        f"MSER-5 finds it settled after {quantity(cut)} days; "
        f"{quantity(report.warm_up_days)} days are left out."
    )


def _chart(report: ReportInput, series: Floats | None) -> Markup | None:
    if series is None:
        return None
    title = "Work in process from the start of the run"
    mean, low, high = series
    day = (np.arange(len(mean)) + 0.5) / STEPS_A_DAY
    end = len(mean) / STEPS_A_DAY
    with drawing():
        figure = new_figure(15.4, 3.4)
        axes = figure.add_subplot()
        axes.grid(axis="y")
        axes.axvspan(0.0, report.warm_up_days, color=GREY, alpha=0.18, lw=0)
        axes.fill_between(day, low, high, color=BLUE, alpha=0.18, lw=0)
        axes.plot(day, mean, color=BLUE)
        marks = [(report.warm_up_days, INK, "window begins", 1.0)]
        if report.settling.cut_days is not None:
            marks.append((report.settling.cut_days, ORANGE, "settled (MSER-5)", 0.9))
        top = max(float(high.max()), 1.0) * 1.15
        for at, colour, words, height in marks:
            axes.axvline(at, color=colour, lw=1.5)
            axes.annotate(
                words,
                (at, top * height),
                xytext=(5, -4),
                textcoords="offset points",
                va="top",
                color=colour,
            )
        axes.set_xlim(0.0, end)
        axes.set_ylim(0.0, top)
        axes.set_xticks(np.arange(0.0, end + 1e-9, max(1.0, np.ceil(end / MOST_TICKS))))
        axes.set_xlabel("days since the start of the run")
        axes.set_ylabel("orders")
        return as_svg(figure, "warmup", title, _answer(report))
