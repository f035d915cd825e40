"""A picture of one cart's walk before and after, drawn on the floor like the report's pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.policies.routing import resolve_routing
from sim.warehouse.layout import DEPOT, Layout, RectangularLayout

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_PLACES = 3000
"""Places of a free-form floor that are drawn one by one."""
FONTS = "'DejaVu Sans', Verdana, sans-serif"
Point = tuple[float, float]


@dataclass(frozen=True)
class Walk:
    """A cart's walk.

    Parameters
    ----------
    words
        What stands above it.
    routing
        Rule by which it is walked.
    orders
        Stops of each order on the cart.
    """

    words: str
    routing: str
    orders: tuple[tuple[int, ...], ...]

    @property
    def stops(self) -> tuple[int, ...]:
        """The stops of all orders."""
        return tuple(stop for order in self.orders for stop in order)


picture_option = click.option(
    "--picture", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.svg",
    help="Draw one cart's walk before and after.",
)  # fmt: skip


def write_picture(path: Path, layout: Layout, before: Walk, after: Walk, title: str) -> None:
    """Write a picture of two walks side by side, the same bytes each time.

    Raises
    ------
    click.UsageError
        If the file cannot be written.
    """
    from sim.whole_file import write_whole

    try:
        write_whole(path, picture(layout, before, after, title).encode())
    except OSError as error:
        words = f"{path}: {error.strerror or error}"
        raise click.UsageError(f"the picture cannot be written: {words}") from None


def picture(layout: Layout, before: Walk, after: Walk, title: str) -> str:
    """Return an SVG file with two walks side by side on the same floor."""
    from sim.report.picture import BLUE, ORANGE, as_svg, drawing, new_figure

    with drawing():
        figure = new_figure(15.4, 5.2)
        panels = figure.subplots(1, 2, sharex=True, sharey=True)
        for axes, walk, colour in zip(panels, (before, after), (ORANGE, BLUE), strict=True):
            _draw(axes, layout, walk, colour)
        svg = as_svg(figure, "walks", title, f"{before.words}. {after.words}.")
    head = f'<svg xmlns="http://www.w3.org/2000/svg" font-family="{FONTS}" '
    return f"{str(svg).replace('<svg ', head, 1)}\n"


def _draw(axes: Axes, layout: Layout, walk: Walk, colour: str) -> None:
    from matplotlib.collections import LineCollection

    from sim.report.picture import GREY, INK, RULE

    if isinstance(layout, RectangularLayout):
        axes.add_collection(LineCollection(list(_racks(layout)), colors=RULE, linewidths=3.0))
    elif layout.locations <= MOST_PLACES:
        places = [layout.xy_m(place) for place in range(layout.locations)]
        axes.plot(*zip(*places, strict=True), "s", color=RULE, markersize=4)
    way = way_points(layout, walk)
    axes.plot(*zip(*way, strict=True), "-", color=colour, linewidth=2.2)
    for number, order in enumerate(walk.orders):
        spots = [layout.xy_m(stop) for stop in order]
        face = _order_colour(number)
        axes.plot(
            *zip(*spots, strict=True), "o", color=face, markeredgecolor=INK, markeredgewidth=0.6,
            markersize=6,
        )  # fmt: skip
    axes.plot(*layout.xy_m(DEPOT), marker="s", color=INK, markersize=9, clip_on=False)
    axes.set_title(walk.words)
    axes.set_xlabel("metres; a colour is an order, the square is the depot")
    axes.tick_params(colors=GREY)


def _order_colour(number: int) -> str:
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    return to_hex(colormaps["tab20"](number % 20))


def _racks(layout: RectangularLayout) -> Iterator[tuple[Point, Point]]:
    """Yield the shelves on either side of each aisle of each block as lines."""
    half_m = layout.position_length_m / 2.0
    ends: dict[tuple[float, int], tuple[float, float]] = {}
    for place in range(0, layout.locations, layout.levels):
        x_m, y_m = layout.xy_m(place)
        rack = (x_m, layout.block_of[place])
        low_m, high_m = ends.get(rack, (y_m, y_m))
        ends[rack] = (min(low_m, y_m), max(high_m, y_m))
    for (x_m, _), (low_m, high_m) in ends.items():
        yield (x_m, low_m - half_m), (x_m, high_m + half_m)


def way_points(layout: Layout, walk: Walk) -> list[Point]:
    """Return the points at which a walk turns, or the places it stops at, depot to depot."""
    rule = resolve_routing(walk.routing, layout)
    corners = getattr(rule, "corners", None)
    if corners is not None and isinstance(layout, RectangularLayout):
        return [
            (corner.aisle * layout.aisle_pitch_m, corner.offset_m)
            for corner in corners(list(walk.stops))
        ]
    visited: Sequence[int] = rule.visit_order(list(walk.stops))
    return [layout.xy_m(place) for place in (DEPOT, *visited, DEPOT)]
