"""What the terminal shows of a run and of a comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.kpis import KPIS, Estimate, Paired, Verdict
from sim.kpis.headline import HEADLINE
from sim.report.tables import MISSING, aligned, interval, label, number, unit_of

COMPARISON_RIGHT = (False, False, True, True, True, False)
"""Which columns of a comparison end flush."""


def kpi_lines(
    estimates: Mapping[str, Estimate | None],
    targets: Mapping[str, tuple[str, str]],
    names: Sequence[str] = HEADLINE,
) -> list[str]:
    """Return the KPI table of a run.

    Parameters
    ----------
    estimates
        KPI name to estimate; None where it is undefined.
    targets
        KPI name to (bound, verdict); these KPIs are shown too.
    names
        KPIs to show, in order.
    """
    rows = [("KPI", "unit", "mean", "95 % interval", "target", "")]
    for name in (*names, *(n for n in targets if n not in names)):
        definition, found = KPIS[name], estimates.get(name)
        bound, verdict = targets.get(name, ("", ""))
        rows.append(
            (
                label(definition),
                unit_of(definition),
                number(found.mean, definition.unit) if found else "-",
                interval(found, definition.unit),
                bound,
                verdict.upper() if verdict == "missed" else verdict,
            )
        )
    return aligned(rows, (False, False, True, True, False, False))


def comparison_lines(
    titles: tuple[str, str],
    a: Mapping[str, Estimate | None],
    b: Mapping[str, Estimate | None],
    differences: Mapping[str, Paired | None],
    verdicts: Mapping[str, Verdict],
) -> list[str]:
    """Return the table of a comparison: both means, the paired difference, the verdict on b."""
    return aligned(comparison_rows(titles, a, b, differences, verdicts), COMPARISON_RIGHT)


def comparison_rows(
    titles: tuple[str, str],
    a: Mapping[str, Estimate | None],
    b: Mapping[str, Estimate | None],
    differences: Mapping[str, Paired | None],
    verdicts: Mapping[str, Verdict],
) -> list[tuple[str, ...]]:
    """Return the rows of a comparison, heads first."""
    rows: list[tuple[str, ...]] = [
        ("KPI", "unit", titles[0], titles[1], "difference (95 %)", "verdict")
    ]
    for name, difference in differences.items():
        unit = KPIS[name].unit
        first, second = a[name], b[name]
        rows.append(
            (
                label(KPIS[name]),
                unit_of(KPIS[name]),
                number(first.mean, unit) if first else "-",
                number(second.mean, unit) if second else "-",
                change_words(difference, unit),
                verdicts[name].judgement if name in verdicts else "",
            )
        )
    return rows


def change_words(difference: Paired | None, unit: str) -> str:
    """Return a paired difference with its interval; a dash without one."""
    if difference is None:
        return MISSING
    sign = "+" if difference.mean > 0 else ""
    return f"{sign}{number(difference.mean, unit)} ({interval(difference, unit)})"
