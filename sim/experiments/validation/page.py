"""Shows judged figures: lines for the terminal, a page of Markdown, plain data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sim.experiments.validation.system import Case
from sim.experiments.validation.verdict import Figure
from sim.report.formats.junit import Case as JUnitCase
from sim.report.formats.junit import junit
from sim.report.tables import MISSING, aligned

HEADER = ("case", "metric", "exact", "mean", "95 % interval", "allowed +/-", "replications", "")
RIGHT = (False, False, True, True, True, True, True, False)


def cells(figure: Figure) -> tuple[str, ...]:
    """Return one row of the table."""
    found = figure.found
    mean, interval, count = MISSING, MISSING, MISSING
    if found is not None:
        mean, count = f"{found.mean:.5g}", str(found.n)
        interval = f"{found.lo:.5g} .. {found.hi:.5g}"
    verdict = f"{figure.verdict}: {figure.words}" if figure.words else figure.verdict
    row = figure.row
    return (
        figure.case,
        row.metric,
        f"{row.expected:.6g}",
        mean,
        interval,
        f"{figure.allowed:.2g}",
        count,
        verdict,
    )


def text_lines(figures: Iterable[Figure]) -> list[str]:
    """Return the table for the terminal."""
    return aligned([HEADER, *map(cells, figures)], RIGHT)


def markdown_lines(figures: Iterable[Figure]) -> list[str]:
    """Return the table as Markdown."""
    ends = ["---:" if flush else "---" for flush in RIGHT]
    header = [*HEADER[:-1], "verdict"]
    rows = [[_escaped(cell) for cell in cells(figure)] for figure in figures]
    return [f"| {' | '.join(row)} |" for row in (header, ends, *rows)]


def summary(figures: Sequence[Figure]) -> str:
    """Return how many figures were reproduced."""
    reproduced = sum(figure.is_reproduced for figure in figures)
    return f"{reproduced} of {len(figures)} figures reproduced"


def junit_text(figures: Iterable[Figure]) -> str:
    """Return the figures as JUnit XML: failed if off or too wide, skipped if in no scenario."""
    return junit(
        (
            JUnitCase(
                figure.case,
                figure.row.metric,
                _sentence(figure),
                failed=figure.verdict in ("off", "too wide"),
                skipped=figure.verdict == "not in scenarios",
            )
            for figure in figures
        ),
        "validate",
    )


def _sentence(figure: Figure) -> str:
    _, _, exact, mean, interval, allowed, count, verdict = cells(figure)
    if figure.found is None:
        return f"{verdict}; exact {exact}"
    return (
        f"{verdict}: expected {exact}, found {mean}, 95 % interval {interval} from {count} "
        f"replications, +/- {allowed} allowed"
    )


def page(cases: Sequence[Case], figures: Sequence[Figure], *, quick: bool) -> str:
    """Return the page that shows all figures; the same numbers give the same page."""
    how = "twice the half-width is allowed in this quick run" if quick else "half-widths as allowed"
    lines = [
        "# Verification",
        "",
        "Systems whose answers are known exactly, played through ordinary scenarios: the same",
        "stations, stock, returns and statistics as any planner's. Written by `warelab validate`;",
        "[validation.md](validation.md) says how.",
        "",
        "A figure is reproduced if its mean over independent replications lies inside the 99.9 %",
        "interval around the exact value (one false alarm in a thousand figures) and its 95 %",
        f"interval is narrow ({how}).",
        "",
        f"**{summary(figures)}.**",
        "",
        *(f"- {case.name}: {_escaped(case.title)} ({case.kind})" for case in cases),
        "",
        *markdown_lines(figures),
        "",
        "Where the exact values come from:",
        "",
    ]
    for case in cases:
        row = case.rows[0]
        source = f" ({row.source})" if row.source else ""
        lines.append(f"- {case.name}: {_escaped(row.formula or MISSING)}{_escaped(source)}")
    return "\n".join(lines) + "\n"


def as_data(figures: Sequence[Figure], time_s: float) -> dict[str, Any]:
    """Return the figures as plain data, for JSON."""
    return {
        "reproduced": sum(figure.is_reproduced for figure in figures),
        "figures": [_figure_data(figure) for figure in figures],
        "time_s": time_s,
    }


def _figure_data(figure: Figure) -> dict[str, Any]:
    found = figure.found
    return {
        "case": figure.case,
        "metric": figure.row.metric,
        "expected": figure.row.expected,
        "mean": found.mean if found else None,
        "lo": found.lo if found else None,
        "hi": found.hi if found else None,
        "replications": found.n if found else 0,
        "allowed_half_width": figure.allowed,
        "verdict": figure.verdict,
        "words": figure.words,
    }


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("*", "\\*")
