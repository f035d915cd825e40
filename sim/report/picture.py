"""From a matplotlib figure to an SVG inside the page: same bytes each time, every text escaped.

Matplotlib's file is read back and written anew, so that all names on the page pass through one
renderer, ids of two charts never meet, and each chart carries its title and description.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from markupsafe import Markup, escape

from sim.report.tables import shown

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK, MUTED, RULE = "#1c2430", "#5b6472", "#d9dee5"
BLUE, ORANGE, GREEN, PURPLE, GREY = "#0072b2", "#d55e00", "#009e73", "#8a4f9e", "#9aa3af"
"""Okabe and Ito's colours, apart for every kind of colour vision; grey for what is not ours."""

STYLE: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "warelab",
    "text.parse_math": False,
    "font.family": "DejaVu Sans",
    "font.size": 12.0,
    "axes.titlesize": 12.0,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.edgecolor": GREY,
    "axes.labelcolor": MUTED,
    "axes.titlecolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "axes.axisbelow": True,
    "axes.grid": False,
    "grid.color": RULE,
    "grid.linewidth": 0.8,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.major.size": 3.0,
    "ytick.major.size": 0.0,
    "lines.linewidth": 2.0,
    "legend.frameon": False,
    "figure.facecolor": "white",
    "figure.constrained_layout.use": True,
    "image.interpolation": "none",
}

POINTS_AN_INCH = 72.0

_NAMESPACE = re.compile(r"^\{[^}]*\}")
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}(?![\d%])")
_REFERENCE = re.compile(r"(?<=url\(#)|(?<=^#)")
_FONT = re.compile(r"font-family: [^;]*;? ?")
_NUMERIC = frozenset({"d", "height", "points", "transform", "viewBox", "width", "x", "y"})
_LEFT_OUT = frozenset({"metadata", "style"})  # the page itself says the fonts


@contextmanager
def drawing() -> Iterator[None]:
    """Draw in the page's own style, whatever the machine's settings and fonts are."""
    import matplotlib as mpl

    with mpl.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        mpl.rcdefaults()
        for name, value in STYLE.items():
            mpl.rcParams[name] = value  # type: ignore[index]
        yield


def new_figure(width_in: float, height_in: float) -> Figure:
    """Return an empty figure that belongs to no window."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width_in, height_in))


def as_svg(figure: Figure, name: str, title: str, description: str) -> Markup:
    """Return a figure as an SVG element.

    Parameters
    ----------
    figure
        Drawn inside :func:`drawing`.
    name
        Short name; it makes the ids of this chart its own.
    title, description
        What it shows, and what it says in words: the alternative text.
    """
    file = io.StringIO()
    figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    clean = "\n".join(
        line if line.isprintable() else shown(line) for line in file.getvalue().split("\n")
    )
    root = ET.fromstring(clean)  # noqa: S314  # written by matplotlib just now
    root.attrib.pop("height", None)
    root.attrib["width"] = "100%"
    root.attrib["style"] = f"max-width: {figure.get_figwidth() * POINTS_AN_INCH:.0f}px"
    root.attrib["role"] = "img"
    root.attrib["aria-labelledby"] = "title desc"
    for place, (tag, words) in enumerate((("title", title), ("desc", description))):
        told = ET.Element(tag, {"id": tag})
        told.text = words
        root.insert(place, told)
    return Markup("").join(_written(root, name))


def _written(node: ET.Element, name: str) -> Iterator[Markup]:
    tag = _NAMESPACE.sub("", node.tag)
    if tag in _LEFT_OUT:
        return
    yield Markup("<{}").format(tag)
    for key, value in node.attrib.items():
        plain_key = _NAMESPACE.sub("", key)
        yield Markup(' {}="{}"').format(plain_key, _attribute(plain_key, value, name))
    yield Markup(">")
    if node.text and node.text.strip():
        yield escape(shown(node.text))
    for child in node:
        yield from _written(child, name)
    yield Markup("</{}>").format(tag)


def _attribute(key: str, value: str, name: str) -> str:
    if key == "id":
        return f"{name}-{value}"
    if key == "aria-labelledby":
        return " ".join(f"{name}-{word}" for word in value.split())
    if key in _NUMERIC:
        value = _LONG_NUMBER.sub(_short, value)
        return " ".join(value.split())
    if key == "style":
        value = _FONT.sub("", value)
    return value if value.startswith("data:") else _REFERENCE.sub(f"{name}-", value)


def _short(number: re.Match[str]) -> str:
    value = float(number[0])
    return f"{value:.2f}".rstrip("0").rstrip(".") if abs(value) >= 10.0 else f"{value:.4g}"
