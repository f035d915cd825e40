"""A study of sensitivity as a picture: mu star against sigma (Morris), bars (Sobol)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.experiments.sensitivity.study import KpiAnswer, Study
from sim.experiments.sensitivity.words import sentences, title_of
from sim.report.picture import BLUE, GREY, MUTED, ORANGE, as_svg, drawing, new_figure
from sim.report.tables import shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH_IN = 7.6
HEIGHT_A_BAR_IN = 0.42
MOST_SHARE = 1.5
"""Intervals of a sample that is much too small leave the picture here."""


def sensitivity_svg(study: Study) -> str:
    """Return an SVG with one panel a KPI."""
    morris = study.plan.asked.method == "morris"
    height = 3.6 if morris else HEIGHT_A_BAR_IN * len(study.plan.dials) + 1.2
    with drawing():
        figure = new_figure(WIDTH_IN, height * len(study.answers))
        panels = figure.subplots(len(study.answers), 1, squeeze=False)[:, 0]
        for axes, answer in zip(panels, study.answers, strict=True):
            (_plane if morris else _bars)(axes, answer)
            axes.set_title(shown(title_of(answer.kpi)), fontsize=10)
        words = " ".join(said for each in study.answers for said in sentences(study, each) if said)
        keys = ", ".join(dial.key for dial in study.plan.dials)
        return str(as_svg(figure, "sensitivity", shown(f"What {keys} move"), shown(words))) + "\n"


def _plane(axes: Axes, answer: KpiAnswer) -> None:
    """Draw mu star against sigma; a dial is named beside its point, or right of the picture."""
    most = max(max(one.hi, one.second_hi) for one in answer.influences) or 1.0
    axes.plot([0.0, most], [0.0, most], color=GREY, linewidth=0.8, linestyle="--")
    luck = max((one.luck or 0.0) for one in answer.influences)
    if luck > 0.0:
        axes.axvspan(0.0, luck, color=GREY, alpha=0.2, linewidth=0.0)
    for place, one in enumerate(answer.influences, start=1):
        axes.errorbar(
            one.figure,
            one.second,
            xerr=[[max(0.0, one.figure - one.lo)], [max(0.0, one.hi - one.figure)]],
            fmt="o",
            color=BLUE if one.beyond_luck else GREY,
            markersize=6,
            elinewidth=1.0,
            label=f"{place}  {shown(one.dial.key)}",
        )
        if one.figure == 0.0:
            continue  # several may lie there
        axes.annotate(
            str(place), (one.figure, one.second), xytext=(5, 5), textcoords="offset points",
            fontsize=9,
        )  # fmt: skip
    axes.set_xlim(left=0.0)
    axes.set_ylim(bottom=min(0.0, -0.03 * most))
    axes.set_xlabel(
        "mu*: how much it matters, 95 % interval; grey: luck may do as much", fontsize=9
    )
    axes.set_ylabel("sigma: how unevenly", fontsize=9)
    axes.tick_params(labelsize=9)
    axes.legend(
        loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=9, handlelength=0.8, markerscale=0.8
    )


def _bars(axes: Axes, answer: KpiAnswer) -> None:
    """Draw a wide bar for the total and a narrow one inside it for the first order."""
    for place, one in enumerate(answer.influences):
        axes.barh(place, one.figure, height=0.62, color=BLUE, alpha=0.3, linewidth=0.0,
                  label="total" if place == 0 else None)  # fmt: skip
        axes.barh(place, one.second, height=0.3, color=BLUE, linewidth=0.0,
                  label="alone (first order)" if place == 0 else None)  # fmt: skip
        axes.plot([one.lo, one.hi], [place - 0.24] * 2, color=MUTED, linewidth=1.0)
        axes.plot([one.second_lo, one.second_hi], [place] * 2, color=ORANGE, linewidth=1.2)
        if one.luck:
            axes.plot([one.luck] * 2, [place - 0.31, place + 0.31], color=GREY, linestyle=":",
                      linewidth=1.5)  # fmt: skip
    names = [shown(one.dial.key) for one in answer.influences]
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    left = min(one.second_lo for one in answer.influences)
    right = max(max(one.hi, one.second_hi) for one in answer.influences)
    axes.set_xlim(max(-MOST_SHARE, min(0.0, 1.05 * left)), min(MOST_SHARE, max(1.0, 1.05 * right)))
    axes.set_xlabel("share of the variance, 95 % intervals; dotted: luck alone", fontsize=9)
    axes.tick_params(labelsize=9)
    axes.legend(loc="lower right", fontsize=9)
