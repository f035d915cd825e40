"""A baseline: what a suite gave, as text that people review and Git compares.

One line a KPI of a cell, with every replication's value as the shortest digits that give the same
double again. No time, no machine, no path is in it: the same program writes the same bytes.
"""

from __future__ import annotations

import json
import math
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from sim.errors import Problem, ScenarioError, escaped, shown_value
from sim.experiments.bench.playing import CellValues
from sim.experiments.bench.suite import Suite
from sim.experiments.run import code_digest, versions
from sim.kpis.estimates import Number
from sim.scenario import paths
from sim.scenario.loading import scenario_hash
from sim.whole_file import write_whole

FORMAT = 1
MOST_BYTES = 50_000_000
AGAIN = "write it anew with --save, and review it"


@dataclass(frozen=True)
class Baseline:
    """What a file of a baseline says.

    Parameters
    ----------
    suite, seed, replications
        Of the suite that was played.
    program, versions
        Digest of the program text; versions the numbers depend on.
    scenarios
        Cell to the hash of what was played.
    values
        Cell to KPI to one number a replication.
    """

    suite: str
    seed: int
    replications: int
    program: str
    versions: Mapping[str, str]
    scenarios: Mapping[str, str]
    values: Mapping[str, CellValues]


def baseline_of(suite: Suite, values: Mapping[str, CellValues]) -> Baseline:
    """Return what a suite gave, as a baseline."""
    return Baseline(
        suite.name,
        suite.seed,
        suite.replications,
        code_digest(),
        {**versions(), "python": ".".join(platform.python_version_tuple()[:2])},
        {cell.name: scenario_hash(cell.loaded) for cell in suite.cells},
        values,
    )


def baseline_text(baseline: Baseline) -> str:
    """Return a baseline as text: JSON with sorted keys, one line a KPI of a cell."""
    cells = {
        name: {"kpis": _Lines(kpis), "scenario": baseline.scenarios[name]}
        for name, kpis in baseline.values.items()
    }
    document = {
        "cells": cells,
        "format": FORMAT,
        "program": baseline.program,
        "replications": baseline.replications,
        "seed": baseline.seed,
        "suite": baseline.suite,
        "versions": dict(baseline.versions),
    }
    return _written(document, 0) + "\n"


class _Lines(dict[str, list[Number]]):
    """KPIs of a cell."""


def _written(value: object, depth: int) -> str:
    if not isinstance(value, dict):
        return json.dumps(value, allow_nan=False)
    inside = "  " * (depth + 1)
    lines = [
        f"{inside}{json.dumps(key)}: {_written(value[key], depth + 1)}" for key in sorted(value)
    ]
    return "{\n" + ",\n".join(lines) + "\n" + "  " * depth + "}"


def write_baseline(baseline: Baseline, path: Path) -> None:
    """Write a baseline; its folder is made.

    Raises
    ------
    OSError
        It cannot be written; an older file stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, baseline_text(baseline).encode("ascii"))


def read_baseline(path: str) -> Baseline:
    """Return the baseline of a file.

    Raises
    ------
    ScenarioError
        The file cannot be read, or is damaged: every damage is said.
    """
    shown = escaped(path)
    try:
        raw = paths.read_limited(paths.resolved_file(path, None), MOST_BYTES)
    except paths.PathRefused as no:
        raise ScenarioError([Problem(shown, 0, 0, "", no.found, no.expected, no.hint)]) from None
    except OSError as error:
        _refuse(shown, f"found a file that cannot be read ({error.strerror})", "a baseline")
    if len(raw) > MOST_BYTES:
        _refuse(shown, f"found more than {MOST_BYTES:,} bytes", "a baseline")
    try:
        document = json.loads(raw.decode("utf-8"), parse_constant=_no_number)
    except json.JSONDecodeError as error:
        words = (f"found no JSON ({error.msg})", "expected a baseline as --save writes it", AGAIN)
        problem = Problem(shown, error.lineno, error.colno, "", *words)
        raise ScenarioError([problem]) from None
    except (ValueError, RecursionError):
        _refuse(shown, "found no JSON text in UTF-8 with finite numbers", "a baseline")
    reading = _Reading(shown)
    found = reading.baseline(document)
    if reading.problems or found is None:
        raise ScenarioError(reading.problems)
    return found


def _refuse(shown: str, found: str, expected: str) -> NoReturn:
    raise ScenarioError([Problem(shown, 0, 0, "", found, f"expected {expected}", AGAIN)])


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)


class _Reading:
    """Takes a document apart and notes everything that is not as it should be."""

    def __init__(self, shown: str) -> None:
        self._shown = shown
        self.problems: list[Problem] = []

    def _note(self, path: str, value: object, expected: str) -> None:
        found = f"found {shown_value(value)}" if value is not None else "found nothing"
        words = (escaped(path), found, f"expected {expected}", AGAIN)
        self.problems.append(Problem(self._shown, 0, 0, *words))

    def baseline(self, document: object) -> Baseline | None:
        if not isinstance(document, dict):
            self._note("", document, "a map")
            return None
        if document.get("format") != FORMAT:
            self._note("format", document.get("format"), f"{FORMAT}")
            return None
        cells = self._map(document, "cells", "")
        count = self._whole(document, "replications")
        values: dict[str, CellValues] = {}
        scenarios: dict[str, str] = {}
        for name in cells:
            path = f"cells.{name}"
            cell = self._map(cells, name, "cells.")
            scenarios[name] = self._text(cell, "scenario", f"{path}.")
            kpis = self._map(cell, "kpis", f"{path}.")
            values[name] = {
                kpi: self._numbers(numbers, count, f"{path}.kpis.{kpi}")
                for kpi, numbers in kpis.items()
            }
        held = self._map(document, "versions", "")
        return Baseline(
            self._text(document, "suite", ""),
            self._whole(document, "seed"),
            count,
            self._text(document, "program", ""),
            {name: self._text(held, name, "versions.") for name in held},
            scenarios,
            values,
        )

    def _map(self, above: Mapping[str, Any], key: str, path: str) -> dict[str, Any]:
        value = above.get(key)
        if isinstance(value, dict):
            return value
        self._note(path + key, value, "a map")
        return {}

    def _text(self, above: Mapping[str, Any], key: str, path: str) -> str:
        value = above.get(key)
        if isinstance(value, str):
            return value
        self._note(path + key, value, "a text")
        return ""

    def _whole(self, above: Mapping[str, Any], key: str) -> int:
        value = above.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        self._note(key, value, "a whole number from 0")
        return 0

    def _numbers(self, value: object, count: int, path: str) -> list[Number]:
        if not isinstance(value, list) or len(value) != count:
            self._note(path, value, f"a list of {count} numbers, one a replication")
            return []
        for each in value:
            known = isinstance(each, int | float) and not isinstance(each, bool)
            if each is not None and not (known and math.isfinite(each)):
                self._note(path, each, "a finite number, or null where the KPI is undefined")
                return []
        return [None if each is None else float(each) for each in value]
