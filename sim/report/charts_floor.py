"""Charts of the floor: where the picks are, and one pick list walked in two ways."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from markupsafe import Markup

from sim.report.cells import quantity
from sim.report.input import Floor, Point, ReportInput, Routes
from sim.report.picture import BLUE, GREY, INK, ORANGE, as_svg, drawing, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import Collection
    from matplotlib.colors import Colormap
    from matplotlib.image import AxesImage

Floats = npt.NDArray[np.float64]

MOST_COLUMNS, MOST_POSITIONS = 240, 240
MOST_POINTS = 3000


def picks_by_location(report: ReportInput) -> Floats:
    """Return lines picked a day by location, mean of the replications. Shape (L,)."""
    picks = np.array([each.picture.picks for each in report.played], dtype=np.float64)
    return np.asarray(picks.mean(axis=0) / report.horizon_days, dtype=np.float64)


def floor_chart(report: ReportInput) -> Markup | None:
    """Return the floor with the lines picked a day at each location."""
    floor, picks = report.floor, picks_by_location(report)
    if not picks.sum() > 0.0:
        return None
    busiest = int(np.argmax(picks))
    with drawing():
        figure = new_figure(7.6, 5.2 if floor.grid is not None else _height_in(floor))
        axes = figure.add_subplot()
        image: AxesImage | Collection
        image = _free(axes, floor, picks) if floor.grid is None else _aisles(axes, floor, picks)
        axes.plot(*floor.depot_m, marker="s", color=INK, markersize=9, clip_on=False)
        axes.annotate("depot", floor.depot_m, xytext=(9, -4), textcoords="offset points",
                      annotation_clip=False)  # fmt: skip
        axes.set_aspect("equal" if floor.grid is None else "auto")
        axes.set_xlabel("metres")
        bar = figure.colorbar(image, ax=axes, shrink=0.7, pad=0.02, aspect=22)
        bar.set_label("lines picked a day")
        bar.outline.set_visible(False)
        words = (
            f"{quantity(float(picks.sum()))} lines a day; the busiest location is "
            f"{floor.names[busiest]} with {quantity(float(picks[busiest]))}."
        )
        return as_svg(figure, "floor", "Lines picked a day, by location", words)


def _aisles(axes: Axes, floor: Floor, picks: Floats) -> AxesImage:
    """Draw shelves as columns of cells; wide floors share a cell between neighbours."""
    assert floor.grid is not None
    column, position = floor.grid[:, 0], floor.grid[:, 1]
    columns, positions = int(column.max()) + 1, int(position.max()) + 1
    across = -(-columns // MOST_COLUMNS)
    along = -(-positions // MOST_POSITIONS)
    wide, deep = -(-columns // across), -(-positions // along)
    total = np.zeros((deep, wide))
    count = np.zeros((deep, wide))
    np.add.at(total, (position // along, column // across), picks)
    np.add.at(count, (position // along, column // across), 1.0)
    cells = np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0)
    if across == 1:
        cells = _with_walkways(cells)
    x, y = floor.xy_m[:, 0], floor.xy_m[:, 1]
    gap_x = (x.max() - x.min()) / max(1, columns - 1) / 2 if columns > 1 else 1.0
    gap_y = (y.max() - y.min()) / max(1, positions - 1) / 2 if positions > 1 else 1.0
    for spine in axes.spines.values():
        spine.set_visible(False)
    image = axes.imshow(
        np.ma.masked_invalid(cells),
        cmap=_picks_colours(),
        vmin=0.0,
        vmax=_most_shown(picks),
        aspect="auto",
        origin="lower",
        extent=(x.min() - gap_x, x.max() + gap_x, y.min() - gap_y, y.max() + gap_y),
    )
    axes.set_xlim(min(x.min() - gap_x, floor.depot_m[0]), max(x.max() + gap_x, floor.depot_m[0]))
    axes.set_ylim(min(floor.depot_m[1], y.min() - gap_y) - 1.0, y.max() + gap_y)
    return image


def _with_walkways(cells: Floats) -> Floats:
    """Return shelf columns with an empty one in each aisle and a thin one between racks."""
    deep, wide = cells.shape
    parts: list[Floats] = []
    empty = np.full((deep, 2), np.nan)
    for aisle in range(0, wide, 2):
        sides = cells[:, aisle : aisle + 2]
        parts += [np.repeat(sides[:, :1], 3, axis=1), empty, np.repeat(sides[:, -1:], 3, axis=1)]
        parts.append(empty[:, :1])
    return np.hstack(parts[:-1])


def _free(axes: Axes, floor: Floor, picks: Floats) -> Collection:
    x, y = floor.xy_m[:, 0], floor.xy_m[:, 1]
    if len(x) > MOST_POINTS:
        return axes.hexbin(x, y, C=picks, gridsize=60, cmap=_picks_colours(), linewidths=0.2)
    size = float(np.clip(24_000.0 / len(x), 6.0, 160.0))
    return axes.scatter(
        x, y, c=picks, s=size, marker="s", cmap=_picks_colours(), vmin=0.0,
        vmax=_most_shown(picks), edgecolors=GREY, linewidths=0.4,
    )  # fmt: skip


def _height_in(floor: Floor) -> float:
    """Return the height of a picture in which a free-form floor keeps its shape."""
    places = np.vstack([floor.xy_m, floor.depot_m])
    wide, deep = (places.max(axis=0) - places.min(axis=0)).tolist()
    return float(np.clip(5.6 * deep / max(wide, 1.0) + 1.1, 2.4, 6.4))


def _most_shown(picks: Floats) -> float:
    """Return where the colours end: a few best sellers must not turn all others pale."""
    used = picks[picks > 0.0]
    return float(np.quantile(used, 0.98))


def _picks_colours() -> Colormap:
    from matplotlib import colormaps

    return colormaps["YlGnBu"].with_extremes(bad="white")


def routes_chart(routes: Routes, floor: Floor) -> Markup:
    """Return one pick list walked today's way and the planned way, side by side."""
    with drawing():
        figure = new_figure(15.4, 4.6)
        panels = figure.subplots(1, 2, sharex=True, sharey=True)
        for axes, name, way, length_m, colour in (
            (panels[0], "today", routes.before_m, routes.before_length_m, ORANGE),
            (panels[1], "planned", routes.after_m, routes.after_length_m, BLUE),
        ):
            _way(axes, floor, way, colour)
            axes.set_title(f"{name}: {quantity(length_m)} m")
        words = (
            f"Today {quantity(routes.before_length_m)} m, planned "
            f"{quantity(routes.after_length_m)} m."
        )
        return as_svg(figure, "routes", "One pick list walked in two ways", words)


def _way(axes: Axes, floor: Floor, way: Sequence[Point], colour: str) -> None:
    if len(floor.xy_m) <= MOST_POINTS:
        axes.plot(floor.xy_m[:, 0], floor.xy_m[:, 1], "s", color="#e3e7ec", markersize=4)
    axes.plot([x for x, _ in way], [y for _, y in way], "-o", color=colour, markersize=5)
    axes.plot(*floor.depot_m, marker="s", color=INK, markersize=9)
    axes.set_xlabel("metres")


def best_sellers(report: ReportInput) -> list[tuple[str, str, float]]:
    """Return the locations with picks, most lines a day first: SKUs, location, lines a day."""
    picks, floor = picks_by_location(report), report.floor
    return [
        (floor.skus[k], floor.names[k], float(picks[k]))
        for k in np.argsort(-picks, kind="stable").tolist()
        if picks[k] > 0.0
    ]
