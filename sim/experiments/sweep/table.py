"""A sweep as people and programs read it: text, Markdown, JSON, CSV, rows of a frame."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from sim.experiments.sweep.choose import JudgedCell, Sweep, promise
from sim.kpis import KPIS, Estimate, Paired
from sim.report.cells import measured
from sim.report.formats.junit import Case, junit
from sim.report.tables import MISSING, aligned, interval, label, number, shown, unit_of


def text_lines(sweep: Sweep) -> list[str]:
    """Return what the terminal shows."""
    rows = _rows(sweep)
    right = [*(True for _ in sweep.axes), True, True, True, True, False]
    return [_head(sweep), "", *aligned(rows, right), "", promise(sweep)]


def markdown_lines(sweep: Sweep) -> list[str]:
    """Return the same as Markdown."""
    head, *rows = ([shown(cell).replace("|", "\\|") for cell in row] for row in _rows(sweep))
    rule = [*("---:" for _ in head[:-1]), "---"]
    table = ["| " + " | ".join(row) + " |" for row in (head, rule, *rows)]
    return [_head(sweep), "", *table, "", promise(sweep)]


def _head(sweep: Sweep) -> str:
    definition = KPIS[sweep.rule.kpi]
    unit = unit_of(definition)
    least = "least" if sweep.rule.better == "low" else "most"
    return (
        f"{label(definition)}{f' ({unit})' if unit else ''}, {least} is best: "
        f"{len(sweep.cells)} cells, {sweep.replications} replications on the same orders; "
        f"delta {number(sweep.delta, definition.unit)}"
    )


def _rows(sweep: Sweep) -> list[tuple[str, ...]]:
    unit = KPIS[sweep.rule.kpi].unit
    head = (
        *(axis.key for axis in sweep.axes),
        "mean", "95 % interval", "n", "difference to the best", "verdict",
    )  # fmt: skip
    rows: list[tuple[str, ...]] = [head]
    for one in sweep.cells:
        found, difference = one.estimate, one.difference
        change = MISSING
        if difference is not None:
            sign = "+" if difference.mean > 0 else ""
            change = f"{sign}{number(difference.mean, unit)} ({interval(difference, unit)})"
        rows.append(
            (
                *one.cell.words,
                number(found.mean, unit) if found else MISSING,
                interval(found, unit),
                str(one.replications),
                change,
                one.verdict,
            )
        )
    return rows


def document(sweep: Sweep) -> dict[str, Any]:
    """Return the sweep with exact values, as JSON has it."""
    rule = sweep.rule
    return {
        "kpi": rule.kpi,
        "unit": KPIS[rule.kpi].unit,
        "better": rule.better,
        "delta": sweep.delta,
        "method": "ocba" if rule.budget is not None else "kim_nelson",
        "budget": rule.budget,
        "replications": sweep.replications,
        "decided": sweep.decided,
        "best": sweep.best,
        "promise": promise(sweep),
        "vary": {axis.key: list(axis.values) for axis in sweep.axes},
        "cells": [_cell_document(sweep, one) for one in sweep.cells],
    }


def _cell_document(sweep: Sweep, one: JudgedCell) -> dict[str, Any]:
    return {
        "cell": one.cell.number,
        "values": {a.key: one.cell.value(a, place) for place, a in enumerate(sweep.axes)},
        "replications": one.replications,
        "mean": one.estimate.mean if one.estimate else None,
        "ci95": _ends(one.estimate),
        "difference": one.difference.mean if one.difference else None,
        "difference_ci": _ends(one.difference),
        "verdict": one.verdict,
        "targets": [
            {"kpi": t.kpi, "bound": t.bound, "verdict": t.verdict, "sure": t.sure}
            for t in one.targets
        ],
    }


def _ends(found: Estimate | Paired | None) -> list[float] | None:
    if found is None or found.lo is None or found.hi is None:
        return None
    return [found.lo, found.hi]


def records(sweep: Sweep) -> list[dict[str, Any]]:
    """Return one flat row a cell: varied keys, KPI, difference to the chosen cell, verdict."""
    rows = []
    for one in sweep.cells:
        found, difference = one.estimate, one.difference
        rows.append(
            {
                **{a.key: one.cell.value(a, place) for place, a in enumerate(sweep.axes)},
                "kpi": sweep.rule.kpi,
                "mean": found.mean if found else None,
                "lo": found.lo if found else None,
                "hi": found.hi if found else None,
                "n": one.replications,
                "difference": difference.mean if difference else None,
                "difference_lo": difference.lo if difference else None,
                "difference_hi": difference.hi if difference else None,
                "verdict": one.verdict,
            }
        )
    return rows


def junit_text(sweep: Sweep) -> str:
    """Return the cells as JUnit XML: those that miss a target fail where none is chosen.

    A cell set aside beside a chosen one is no failure, as a sweep looks at such cells on purpose:
    it is skipped.
    """
    unit = KPIS[sweep.rule.kpi].unit
    cases = []
    for one in sweep.cells:
        missed = one.standing == "target missed"
        mean = measured(one.estimate.mean, unit) if one.estimate else MISSING
        words = f"{one.verdict}: {sweep.rule.kpi} {mean}, {one.replications} replications"
        without = sweep.best is None
        name = " ".join(
            f"{axis.key}={word}" for axis, word in zip(sweep.axes, one.cell.words, strict=True)
        )
        cases.append(Case(sweep.rule.kpi, name, words, missed and without, missed and not without))
    return junit(cases, f"sweep: {sweep.cells[0].cell.loaded.scenario.name}")


def csv_text(sweep: Sweep) -> str:
    """Return the rows as CSV: exact numbers, lists and maps as JSON."""
    rows = records(sweep)
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(rows[0])
    for row in rows:
        writer.writerow(
            [json.dumps(v, ensure_ascii=False) if isinstance(v, list | dict) else v
             for v in row.values()]
        )  # fmt: skip
    return file.getvalue()
