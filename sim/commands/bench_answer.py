"""What ``warelab bench`` says, for people, for JUnit and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import NamedTuple

from sim.experiments.bench.judging import Held, Place
from sim.experiments.bench.playing import CellValues
from sim.experiments.bench.suite import Suite
from sim.kpis import KPIS
from sim.report.cells import measured
from sim.report.formats.grid import Grid
from sim.report.formats.junit import Case
from sim.report.tables import MISSING, interval, label, number, unit_of
from sim.report.terminal import change_words

Board = Mapping[str, list[Place]]


class Answer(NamedTuple):
    """Tables, cases of JUnit, document of JSON."""

    grids: list[Grid]
    cases: list[Case]
    document: Callable[[], object]


def board_answer(suite: Suite, values: Mapping[str, CellValues], board: Board) -> Answer:
    """Return the leaderboard of a suite."""
    kpi = suite.main_kpi
    cases = [
        Case(scenario, place.policy, f"rank {place.rank}: {_mean(place, kpi)}")
        for scenario, places in board.items()
        for place in places
    ]

    def document() -> object:
        return {
            "suite": suite.name,
            "seed": suite.seed,
            "main_kpi": kpi,
            "leaderboard": _board_document(board),
            "values": dict(values),
        }

    return Answer(_board_grids(suite, board), cases, document)


def against_answer(
    suite: Suite, values: Mapping[str, CellValues], held: Held, board: Board
) -> Answer:
    """Return what a suite says against a baseline: what changed, gates, leaderboard."""
    counts = Counter(verdict.judgement for verdict in held.verdicts.values())
    total = len(held.verdicts)
    summary = ", ".join(f"{count} {judgement}" for judgement, count in sorted(counts.items()))
    failed = sum(gate.failed for gate in held.gates.values())
    head = ("scenario / policy", "KPI", "unit", "difference (95 %)", "verdict", "gate")
    rows = [head]
    for (cell, kpi), verdict in held.verdicts.items():
        if verdict.judgement == "identical":
            continue
        gate = held.gates[cell, kpi]
        change = change_words(verdict.difference, KPIS[kpi].unit)
        words = "FAILED" if gate.failed else "passed"
        definition = KPIS[kpi]
        rows.append(
            (cell, label(definition), unit_of(definition), change, verdict.judgement, words)
        )
    grid = Grid(
        f"against the baseline: {total} KPIs of {len(suite.cells)} cells: {summary}",
        tuple(rows),
        (False, False, False, True, False, False),
        (*held.notes, f"{failed} of {total} gates failed"),
    )
    cases = [
        Case(cell, kpi, _case_words(held, cell, kpi), held.gates[cell, kpi].failed)
        for cell, kpi in held.verdicts
    ]
    plain = board_answer(suite, values, board)

    def document() -> object:
        said = plain.document()
        assert isinstance(said, dict)  # for the type checker
        return {**said, "against": _against_document(held)}

    return Answer([grid, *plain.grids], cases, document)


def _case_words(held: Held, cell: str, kpi: str) -> str:
    verdict, gate = held.verdicts[cell, kpi], held.gates[cell, kpi]
    unit = KPIS[kpi].unit
    limit = measured(gate.tolerance, unit)
    outcome = f"worse by more than {limit}" if gate.failed else f"not shown worse by {limit}"
    return f"{change_words(verdict.difference, unit)} {unit}: {verdict.judgement}; {outcome}"


def _against_document(held: Held) -> object:
    cells: dict[str, dict[str, object]] = {}
    for (cell, kpi), verdict in held.verdicts.items():
        found, gate = verdict.difference, held.gates[cell, kpi]
        cells.setdefault(cell, {})[kpi] = {
            "mean": found.mean if found else None,
            "ci95": [found.lo, found.hi] if found else None,
            "verdict": verdict.judgement,
            "gate": {"tolerance": gate.tolerance, "failed": gate.failed},
        }
    return {"cells": cells, "notes": list(held.notes), "failed": held.failed}


def _board_grids(suite: Suite, board: Board) -> list[Grid]:
    definition = KPIS[suite.main_kpi]
    unit = definition.unit
    grids = []
    for scenario, places in board.items():
        heads = ("rank", "policy", f"{label(definition)} ({unit})", "95 % interval", "to the best")
        rows = [
            (
                str(place.rank),
                place.policy,
                number(place.found.mean, unit) if place.found else MISSING,
                interval(place.found, unit),
                change_words(place.to_best, unit),
            )
            for place in places
        ]
        right = (True, False, True, True, True)
        grids.append(Grid(f"{scenario}: {label(definition)}", (heads, *rows), right))
    return grids


def _board_document(board: Board) -> object:
    return {
        scenario: [
            {
                "rank": place.rank,
                "policy": place.policy,
                "mean": place.found.mean if place.found else None,
                "to_best": place.to_best.mean if place.to_best else None,
                "ci95": [place.to_best.lo, place.to_best.hi] if place.to_best else None,
            }
            for place in places
        ]
        for scenario, places in board.items()
    }


def _mean(place: Place, kpi: str) -> str:
    return measured(place.found.mean, KPIS[kpi].unit) if place.found else MISSING
