"""A study of sensitivity as people and programs read it: tables, JSON, CSV of all points."""

from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np

from sim.experiments.sensitivity.study import Influence, KpiAnswer, Study
from sim.experiments.sensitivity.words import dial_sentences, sentences, title_of
from sim.kpis import KPIS
from sim.report.formats.grid import Grid
from sim.report.tables import MISSING, number

SHARE = "share of variance"


def grids_of(study: Study) -> list[Grid]:
    """Return a table a KPI, and one of its pairs where they were asked for."""
    grids: list[Grid] = []
    for place, answer in enumerate(study.answers):
        grids.append(_grid(study, answer, first=place == 0))
        if answer.pairs:
            grids.append(_pair_grid(study, answer))
    return grids


def _grid(study: Study, answer: KpiAnswer, *, first: bool) -> Grid:
    morris = study.plan.asked.method == "morris"
    unit = KPIS[answer.kpi].unit if morris else "share"
    signed, luck = ("mu",) if morris else (), "luck alone"
    strong, weak = ("mu*", "sigma") if morris else ("total", "first order")
    head = ("dial", "range", strong, "95 % interval", *signed, weak, "95 % interval", luck)
    rows = (head, *(_row(one, unit) for one in answer.influences))
    what = "change over the whole range of a dial (Morris)" if morris else f"{SHARE} (Sobol)"
    notes = [note for note in sentences(study, answer) if note]
    said = (*(dial_sentences(study.plan) if first else ()), *notes)
    right = (False, False, *(True for _ in head[2:]))
    return Grid(f"{title_of(answer.kpi)}: {what}", rows, right, said)


def _row(one: Influence, unit: str) -> tuple[str, ...]:
    return (
        one.dial.key,
        one.dial.range_words,
        _number(one.figure, unit),
        _interval(one.lo, one.hi, unit),
        *((_number(one.mean, unit),) if one.mean is not None else ()),
        _number(one.second, unit),
        _interval(one.second_lo, one.second_hi, unit),
        MISSING if one.luck is None else _number(one.luck, unit),
    )


def _number(value: float, unit: str) -> str:
    """Return a number as people read it, without the minus of what rounds to zero."""
    said = number(value, unit)
    return said if any(digit in said for digit in "123456789") else said.removeprefix("-")


def _interval(lo: float, hi: float, unit: str) -> str:
    return f"{_number(lo, unit)} .. {_number(hi, unit)}"


def _pair_grid(study: Study, answer: KpiAnswer) -> Grid:
    keys = [dial.key for dial in study.plan.dials]
    rows = [("dial", "with", "second order", "95 % interval")]
    rows += [
        (
            keys[pair.first],
            keys[pair.second],
            _number(pair.index, "share"),
            _interval(pair.lo, pair.hi, "share"),
        )
        for pair in sorted(answer.pairs, key=lambda one: -one.index)
    ]
    title = f"{title_of(answer.kpi)}: {SHARE} of pairs, above what each does alone (SALib)"
    return Grid(title, tuple(rows), (False, False, True, True))


def document(study: Study) -> dict[str, Any]:
    """Return the study with exact values, as JSON has it."""
    plan = study.plan
    morris = plan.asked.method == "morris"
    return {
        "method": plan.asked.method,
        "seed": plan.seed,
        "design_points": int(plan.places.size),
        "points": len(plan.cells),
        "replications_a_point": plan.asked.replications,
        "dials": [
            {"key": d.key, "low": d.low, "high": d.high, "whole_numbers": d.whole}
            for d in plan.dials
        ],
        "kpis": {
            answer.kpi: {
                "unit": KPIS[answer.kpi].unit,
                "ranking": [one.dial.key for one in answer.influences],
                "dials": {
                    one.dial.key: _morris(one) if morris else _sobol(one)
                    for one in answer.influences
                },
                **({"pairs": _pairs(study, answer)} if plan.asked.second_order else {}),
                "noise": {
                    "variance_of_points": answer.noise.points,
                    "variance_of_luck": answer.noise.luck,
                    "variance_shared_by_all_points": answer.noise.shared,
                    "luck_share": answer.noise.share,
                },
                "says": [said for said in sentences(study, answer) if said],
            }
            for answer in study.answers
        },
    }


def _morris(one: Influence) -> dict[str, Any]:
    return {
        "mu_star": one.figure,
        "mu_star_ci95": [one.lo, one.hi],
        "mu": one.mean,
        "sigma": one.second,
        "sigma_ci95": [one.second_lo, one.second_hi],
        "mu_star_of_luck": one.luck,
        "beyond_luck": one.beyond_luck,
    }


def _sobol(one: Influence) -> dict[str, Any]:
    return {
        "total": one.figure,
        "total_ci95": [one.lo, one.hi],
        "first": one.second,
        "first_ci95": [one.second_lo, one.second_hi],
        "total_of_luck": one.luck,
        "beyond_luck": one.beyond_luck,
    }


def _pairs(study: Study, answer: KpiAnswer) -> list[dict[str, Any]]:
    keys = [dial.key for dial in study.plan.dials]
    return [
        {
            "dials": [keys[pair.first], keys[pair.second]],
            "second": pair.index,
            "second_ci95": [pair.lo, pair.hi],
        }
        for pair in answer.pairs
    ]


def csv_text(study: Study) -> str:
    """Return every different point with its dials and each KPI's mean and standard deviation."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    kpis = study.plan.kpis
    heads = [head for kpi in kpis for head in (kpi, f"{kpi}.sd")]
    keys = [dial.key for dial in study.plan.dials]
    writer.writerow(["point", "times_in_design", *keys, "replications", *heads])
    count = study.plan.asked.replications
    times = np.bincount(study.plan.places.ravel(), minlength=len(study.plan.cells))
    for place, cell in enumerate(study.plan.cells):
        found: list[float | None] = []
        for kpi in kpis:
            series = study.values[kpi][place]
            found += [float(series.mean()), float(series.std(ddof=1)) if count > 1 else None]
        writer.writerow([place, int(times[place]), *cell.words, count, *found])
    return file.getvalue()
