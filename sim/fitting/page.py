"""The page of a fit: which figure comes from how many rows, and which is a default."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sim.errors import escaped
from sim.fitting.figures import Figure, shown_number

SPECIAL = "\\`*_[]<>|#"


def figure_lines(figures: Iterable[Figure]) -> list[str]:
    """Return the table of figures for a terminal."""
    rows = [
        (escaped(each.name), escaped(each.words), _interval(each), _source(each))
        for each in figures
    ]
    widths = [max((len(row[k]) for row in rows), default=0) for k in range(2)]
    return [
        f"{name:<{min(widths[0], 46)}}  {words:<{min(widths[1], 40)}}  {interval}{source}"
        for name, words, interval, source in rows
    ]


def page_text(
    name: str, report: Sequence[str], figures: Sequence[Figure], comparison: Sequence[str] = ()
) -> str:
    """Return the page as Markdown.

    Parameters
    ----------
    name
        Of the scenario.
    report
        The lines of the import's report.
    figures
        The whole table.
    comparison
        A section that sets the fitted scenario beside the history, in Markdown.
    """
    fitted = [each for each in figures if each.origin != "default"]
    default = [each for each in figures if each.origin == "default"]
    parts = [
        f"# {marked(name)}: what was fitted, and from how many rows",
        "",
        "## The file",
        "",
        *(f"    {line}" for line in report),
        "",
        "Left out means: read, counted, and not played. Nothing was refused silently.",
        "",
        "## From the history",
        "",
        "| figure | value | 95 % interval | from | method | origin | key |",
        "|---|---|---|---|---|---|---|",
        *(_row(each) for each in fitted),
        "",
        "*fitted*: a law was fitted; *counted*: read off the file; *assumed*: no law was needed.",
        "",
        "## Not from the history: defaults",
        "",
        "| figure | value | where it comes from | key |",
        "|---|---|---|---|",
        *(
            f"| {marked(each.name)} | {marked(each.words)} | {marked(each.method)} | "
            f"{marked(each.key)} |"
            for each in default
        ),
        "",
        *comparison,
    ]
    return "\n".join(parts).rstrip() + "\n"


def marked(text: str) -> str:
    """Return a text that Markdown shows as it is, on one line."""
    return "".join(f"\\{c}" if c in SPECIAL else c for c in escaped(text))


def _row(each: Figure) -> str:
    rows = f"{each.rows:,} {each.of}" if each.rows else ""
    cells = (each.name, each.words, _bounds(each), rows, each.method, each.origin, each.key)
    return "| " + " | ".join(marked(cell) for cell in cells) + " |"


def _bounds(each: Figure) -> str:
    if each.low is None or each.high is None:
        return ""
    return f"{shown_number(each.low)} to {shown_number(each.high)}"


def _interval(each: Figure) -> str:
    bounds = _bounds(each)
    return f"[{bounds}]  " if bounds else ""


def _source(each: Figure) -> str:
    if each.origin == "default":
        return f"default: {escaped(each.method)}"
    rows = f"from {each.rows:,} {each.of}" if each.rows else ""
    return f"{each.origin} {rows}; {escaped(each.method)}"
