"""A sweep as a picture: the KPI of every cell with its interval, the chosen one marked."""

from __future__ import annotations

from sim.experiments.sweep.choose import Sweep
from sim.kpis import KPIS
from sim.report.picture import as_svg, drawing, new_figure
from sim.report.tables import label, shown, unit_of

HEIGHT_A_CELL_IN = 0.24


def sweep_svg(sweep: Sweep) -> str:
    """Return an SVG with one row a cell, in the order of the grid."""
    definition = KPIS[sweep.rule.kpi]
    known = [one for one in sweep.cells if one.estimate is not None]
    names = [shown(" / ".join(one.cell.words)) for one in known]
    title = f"{label(definition)} by {', '.join(axis.key for axis in sweep.axes)}"
    with drawing():
        figure = new_figure(7.6, HEIGHT_A_CELL_IN * len(known) + 1.0)
        axes = figure.add_subplot()
        words = []
        for place, (one, name) in enumerate(zip(known, names, strict=True)):
            found = one.estimate
            if found is None:
                continue
            half = found.half_width or 0.0
            marked = one.standing == "best"
            colour = "#c2410c" if marked else "#1d4ed8"
            if one.standing == "target missed":
                colour = "#9ca3af"
            axes.errorbar(
                found.mean, place, xerr=half, fmt="D" if marked else "o", color=colour, markersize=5
            )
            words.append(f"{name}: {found.mean:.6g}, {one.verdict}.")
        axes.set_yticks(range(len(names)), names)
        axes.set_ylim(len(names) - 0.4, -0.6)
        unit = unit_of(definition)
        axes.set_xlabel(f"{label(definition)}{f' ({unit})' if unit else ''}, 95 % interval")
        axes.set_title("The chosen cell is the diamond", fontsize=9, loc="left")
        return str(as_svg(figure, "sweep", shown(title), " ".join(words))) + "\n"
