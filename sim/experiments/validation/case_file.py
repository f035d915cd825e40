"""Reads a file of cases: one row a figure, every fault of the file said at once."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from sim.errors import Problem, ScenarioError, shown_value
from sim.experiments.validation.kinds import KINDS, METRICS
from sim.experiments.validation.system import Case, Row
from sim.scenario.problems import suggestion

BUILT_IN = "cases.csv"
NEEDED = ("case", "kind", "time_unit", "params", "metric", "expected", "max_rel_hw")
OPTIONAL = ("title", "warmup_hint", "formula", "source")
OF_THE_CASE = ("kind", "title", "time_unit", "params")
UNITS_S = {
    "second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86_400.0, "week": 604_800.0,
}  # fmt: skip
MAX_BYTES = 20_000_000


@dataclass(frozen=True)
class _Line:
    """A row of the file with its place."""

    file: str
    number: int
    columns: tuple[str, ...]
    values: Mapping[str, str]

    def problem(self, column: str, found: str, expected: str, hint: str = "") -> Problem:
        place = self.columns.index(column) + 1 if column in self.columns else 1
        return Problem(self.file, self.number, place, column, found, expected, hint)


def built_in_cases() -> list[Case]:
    """Return the cases that come with warelab."""
    return _cases(files("sim.experiments.validation").joinpath(BUILT_IN).read_bytes(), BUILT_IN)


def read_cases(file: Path) -> list[Case]:
    """Return the cases of a CSV file, in the order of the file.

    Parameters
    ----------
    file
        Columns case, kind, time_unit, params (JSON), metric, expected, max_rel_hw and, if wanted,
        title, warmup_hint, formula, source.

    Raises
    ------
    ScenarioError
        With every problem of the file; columns of the file are counted from 1.
    """
    shown = str(file)
    try:
        if file.stat().st_size > MAX_BYTES:
            raise ScenarioError(
                [Problem(shown, 0, 0, "", "found a file of more than 20 MB", "expected cases")]
            )
        content = file.read_bytes()
    except OSError as error:
        raise ScenarioError(
            [Problem(shown, 0, 0, "", f"cannot be read ({error.strerror})", "expected a CSV file")]
        ) from None
    return _cases(content, shown)


def _cases(content: bytes, shown: str) -> list[Case]:
    problems: list[Problem] = []
    rows: dict[str, list[Row]] = {}
    heads: dict[str, tuple[_Line, Mapping[str, Any]]] = {}
    for line in _lines(content, shown, problems):
        name = line.values["case"].strip()
        if not name:
            problems.append(line.problem("case", "found nothing", "expected the name of a case"))
            continue
        first, _ = heads.get(name, (line, {}))
        if first is line:
            heads[name] = line, _head(line, problems)
        else:
            problems += _differences(line, first)
        row = _row(line, problems)
        if row is None:
            continue
        if any(row.metric == other.metric for other in rows.get(name, ())):
            found = f"found {shown_value(row.metric)} of {name} a second time"
            problems.append(line.problem("metric", found, "expected each metric once a case"))
        rows.setdefault(name, []).append(row)
    if not heads and not problems:
        problems.append(Problem(shown, 0, 0, "", "found no case", "expected at least one row"))
    if problems:
        raise ScenarioError(sorted(problems, key=lambda each: (each.line, each.column)))
    return [
        Case(
            name,
            line.values["kind"].strip(),
            line.values.get("title", ""),
            UNITS_S[line.values["time_unit"].strip()],
            params,
            tuple(rows[name]),
        )
        for name, (line, params) in heads.items()
    ]


def _lines(content: bytes, shown: str, problems: list[Problem]) -> Iterator[_Line]:
    """Yield the rows below the header; nothing if the header cannot be used."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problems.append(
            Problem(shown, line, 1, "", "found bytes that are no text", "expected UTF-8")
        )
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = tuple(word.strip() for word in next(reader, ()))
        found = f"found the columns {', '.join(columns) or 'none'}"
        missing = [name for name in NEEDED if name not in columns]
        strange = [name for name in columns if name not in (*NEEDED, *OPTIONAL)]
        twice = [name for name in dict.fromkeys(columns) if columns.count(name) > 1]
        for names, words in ((missing, "without"), (strange, "with"), (twice, "twice with")):
            if names:
                known = ", ".join((*NEEDED, *OPTIONAL))
                hint = suggestion(names[0], (*NEEDED, *OPTIONAL)) if words == "with" else ""
                found = f"found a header {words} {', '.join(map(shown_value, names))}"
                problems.append(Problem(shown, 1, 1, "", found, f"expected {known}", hint))
        if problems:
            return
        number = reader.line_num + 1
        for values in reader:
            if values and len(values) != len(columns):
                found = f"found {len(values)} values"
                expected = f"expected {len(columns)}, as in the header"
                problems.append(Problem(shown, number, 1, "", found, expected))
            elif values:
                yield _Line(shown, number, columns, dict(zip(columns, values, strict=True)))
            number = reader.line_num + 1
    except csv.Error as error:
        found = f"found no CSV ({error})"
        problems.append(Problem(shown, reader.line_num, 1, "", found, "expected quoted fields"))


def _head(line: _Line, problems: list[Problem]) -> Mapping[str, Any]:
    """Check what is the same for all rows of a case, and return its params."""
    words = {"kind": tuple(KINDS), "time_unit": tuple(UNITS_S)}
    for column, known in words.items():
        word = line.values[column].strip()
        if word not in known:
            found, expected = f"found {shown_value(word)}", f"expected one of {', '.join(known)}"
            problems.append(line.problem(column, found, expected, suggestion(word, known)))
    try:
        params = json.loads(line.values["params"])
    except ValueError as error:
        found = f"found no JSON ({error})"
        problems.append(line.problem("params", found, 'expected a map such as {"servers": 1}'))
        return {}
    if not isinstance(params, dict):
        found = f"found {shown_value(params)}"
        problems.append(line.problem("params", found, 'expected a map such as {"servers": 1}'))
        return {}
    return params


def _differences(line: _Line, first: _Line) -> list[Problem]:
    return [
        line.problem(
            column,
            f"found {shown_value(line.values[column])}",
            f"expected what line {first.number} says of the same case",
        )
        for column in OF_THE_CASE
        if column in line.columns and line.values[column] != first.values[column]
    ]


def _row(line: _Line, problems: list[Problem]) -> Row | None:
    before = len(problems)
    metric = line.values["metric"].strip()
    name, _, argument = metric.partition(":")
    if name not in METRICS:
        found, expected = f"found {shown_value(metric)}", f"expected one of {', '.join(METRICS)}"
        problems.append(line.problem("metric", found, expected, suggestion(name, METRICS)))
    elif METRICS[name] == "number" and _number(argument) is None:
        found = f"found {shown_value(metric)}"
        problems.append(line.problem("metric", found, f"expected {name}:x with a number x"))
    numbers = {
        column: _limited(line, column, low, problems)
        for column, low in (("expected", -math.inf), ("max_rel_hw", 0.0), ("warmup_hint", 0.0))
    }
    if numbers["max_rel_hw"] == 0.0:
        problems.append(line.problem("max_rel_hw", "found 0", "expected a number above 0"))
    if len(problems) > before:
        return None
    return Row(
        metric,
        numbers["expected"],
        numbers["max_rel_hw"],
        numbers["warmup_hint"],
        line.values.get("formula", ""),
        line.values.get("source", ""),
    )


def _limited(line: _Line, column: str, low: float, problems: list[Problem]) -> float:
    """Return a number of a column; one that may be left out is 0."""
    text = line.values.get(column, "").strip()
    if not text and column in OPTIONAL:
        return 0.0
    number = _number(text)
    if number is None or number < low:
        at_least = f" of at least {low:g}" if low > -math.inf else ""
        found = f"found {shown_value(text)}"
        problems.append(line.problem(column, found, f"expected a number{at_least}"))
        return 1.0
    return number


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def chosen(cases: Sequence[Case], names: Sequence[str]) -> list[Case]:
    """Return the cases of some names, all if none is named.

    Raises
    ------
    ScenarioError
        A name that no case has.
    """
    known = [case.name for case in cases]
    strange = [name for name in names if name not in known]
    if strange:
        raise ScenarioError(
            Problem(
                f"--case {name}", 0, 0, "", "found no such case",
                f"expected one of {', '.join(known)}", suggestion(name, known),
            )
            for name in strange
        )  # fmt: skip
    return [case for case in cases if not names or case.name in names]
