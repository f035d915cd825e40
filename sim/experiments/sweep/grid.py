"""The grid of a sweep: which keys are varied over which values, and the cross product of them."""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sim.engine.setting import prepare
from sim.errors import Problem, ScenarioError, shown_value
from sim.kpis.targets import check_targets
from sim.scenario.loading import LoadedScenario, load
from sim.scenario.overrides import parse_path

MAX_CELLS = 2_000
VARY = "--vary"
FIXED_KEYS = ("run.seed", "run.replications", "name")
"""Cells share their orders and their number of replications is the sweep's own affair."""

_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_RANGE = re.compile(rf"(?:{_NUMBER})?\.\.(?:{_NUMBER})?(?:\.\.(?:{_NUMBER})?)?")
_WHOLE_RANGE = re.compile(rf"({_NUMBER})\.\.({_NUMBER})(?:\.\.({_NUMBER}))?")
_PAIRS = {"[": "]", "{": "}"}
_EXAMPLE = "for example staff.late.pickers=4..8 or picking.batch_max_orders=4,8,12"


@dataclass(frozen=True)
class Axis:
    """A key and the values it takes, each as it would be written after ``--set key=``."""

    key: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """One combination of values.

    Parameters
    ----------
    number
        From 0; the last axis changes fastest.
    words
        The value on each axis as it was written.
    loaded
        The checked scenario of this cell.
    """

    number: int
    words: tuple[str, ...]
    loaded: LoadedScenario

    @property
    def name(self) -> str:
        """Its values in words."""
        return " ".join(self.words)

    def value(self, axis: Axis, place: int) -> Any:  # noqa: ANN401  # whatever a scenario holds
        """Return the exact value on an axis: number, text, list or map."""
        found: Any = self.loaded.resolved
        for key in parse_path(axis.key) or ():
            if not isinstance(found, dict) or key not in found:
                return self.words[place]
            found = found[key]
        return found


def axis_of(text: str, problems: list[Problem]) -> Axis | None:
    """Return the axis that a person names, or note what is wrong with it.

    Values are parted by commas outside brackets and quotes; ``4..8`` stands for 4, 5, 6, 7, 8 and
    ``0.5..1..0.25`` for 0.5, 0.75, 1.

    Examples
    --------
    >>> axis_of("staff.late.pickers=4..8..2,12", [])
    Axis(key='staff.late.pickers', values=('4', '6', '8', '12'))
    >>> axis_of("picking.routing=s_shape,exact", [])
    Axis(key='picking.routing', values=('s_shape', 'exact'))
    """

    def note(found: str, expected: str, hint: str = "") -> None:
        problems.append(
            Problem(f"{VARY} {shown_value(text)[1:-1]}", 0, 0, "", found, expected, hint)
        )

    key, equals, written = text.partition("=")
    key = key.strip()
    if not equals or parse_path(key) is None:
        note("found no key.path=values", "expected key.path=values", _EXAMPLE)
        return None
    if key in FIXED_KEYS:
        note(f"found the key {key}", "expected a key that leaves orders and replications shared")
        return None
    values: list[str] = []
    for item in parted(written):
        if not item:
            note("found an empty value", "expected values parted by commas", _EXAMPLE)
            return None
        try:
            values += _range(item, MAX_CELLS)
        except ValueError as error:
            found, _, expected = str(error).partition("; ")
            note(found, expected)
            return None
    twice = sorted({value for value in values if values.count(value) > 1})
    if twice:
        note(f"found {shown_value(twice[0])} twice", "expected each value once")
        return None
    return Axis(key, tuple(values))


def parted(text: str) -> list[str]:
    """Return what stands between the commas outside brackets and quotes.

    >>> parted("[1, 2], {a: 1, b: 'x,y'}, z")
    ['[1, 2]', "{a: 1, b: 'x,y'}", 'z']
    """
    items, start, open_, quote = [], 0, 0, ""
    for place, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"" and (open_ > 0 or not text[start:place].strip()):
            quote = character
        elif character in _PAIRS:
            open_ += 1
        elif character in _PAIRS.values():
            open_ -= 1
        elif character == "," and open_ <= 0:
            items.append(text[start:place].strip())
            start = place + 1
    return [*items, text[start:].strip()]


def _range(item: str, most: int) -> list[str]:
    """Return the numbers of a range, or the item itself."""
    if not (_RANGE.fullmatch(item) and item.strip(".")):
        return [item]
    match = _WHOLE_RANGE.fullmatch(item)
    if match is None:
        raise ValueError(f"found {item}; expected both ends of the range, as 4..8")
    low, high = Decimal(match[1]), Decimal(match[2])
    if match[3] is None and not (low == low.to_integral() and high == high.to_integral()):
        raise ValueError(f"found {item}; expected a step for a range of fractions, as {item}..0.25")
    step = Decimal(match[3] or 1)
    if low > high or step <= 0:
        raise ValueError(f"found {item}; expected low..high or low..high..step with a step above 0")
    count = int((high - low) / step) + 1
    if count > most:
        raise ValueError(f"found {count:,} values in {item}; expected at most {most:,} cells")
    return [_written(low + k * step) for k in range(count)]


def _written(value: Decimal) -> str:
    return f"{value.normalize():f}"


def axes_of(texts: Iterable[str]) -> list[Axis]:
    """Return the axes of a grid.

    Raises
    ------
    ScenarioError
        With everything that is wrong with them; also if they give more than 2,000 cells.
    """
    problems: list[Problem] = []
    axes: list[Axis] = []
    for text in texts:
        axis = axis_of(text, problems)
        if axis is None:
            continue
        if axis.key in [other.key for other in axes]:
            problems.append(
                Problem(f"{VARY} {axis.key}", 0, 0, "", "found the key twice", "expected it once")
            )
        axes.append(axis)
    count = math.prod(len(axis.values) for axis in axes)
    if not problems and count > MAX_CELLS:
        sizes = " x ".join(str(len(axis.values)) for axis in axes)
        problems.append(
            Problem(
                VARY, 0, 0, "", f"found {sizes} = {count:,} cells",
                f"expected at most {MAX_CELLS:,}", "vary fewer keys, or take wider steps",
            )
        )  # fmt: skip
    if problems:
        raise ScenarioError(problems)
    return axes


def cells_of(source: str, axes: Sequence[Axis], settings: Sequence[str] = ()) -> list[Cell]:
    """Return the checked cells of a grid, the last axis changing fastest.

    Parameters
    ----------
    source
        File or bundled name.
    axes
        The keys to vary.
    settings
        ``--set`` words that hold for every cell; what is varied wins.

    Raises
    ------
    ScenarioError
        With every problem of every cell, each said once.
    """
    words = itertools.product(*(axis.values for axis in axes))
    return checked_cells(source, [axis.key for axis in axes], words, settings, VARY)


def checked_cells(
    source: str,
    keys: Sequence[str],
    rows: Iterable[tuple[str, ...]],
    settings: Sequence[str],
    option: str,
) -> list[Cell]:
    """Return the checked cells in which the keys take the words of each row.

    Parameters
    ----------
    source, settings
        As in :func:`cells_of`.
    keys
        The keys that vary.
    rows
        For each cell a word a key, as it would be written after ``--set key=``.
    option
        Option of the command line that asked for them.

    Raises
    ------
    ScenarioError
        With every problem of every cell, each said once; also if two cells are the same scenario.
    """
    cells: list[Cell] = []
    problems: dict[tuple[str, int, str, str], Problem] = {}
    seen: dict[str, str] = {}
    for number, words in enumerate(rows):
        typed = [f"{key}={word}" for key, word in zip(keys, words, strict=True)]
        try:
            loaded = load(source, settings=[*settings, *typed])
            check_targets([loaded])
            prepare(loaded.scenario, loaded.external_files, loaded.file.name)  # reads its files
        except ScenarioError as error:
            for one in error.problems:
                problems.setdefault((one.file, one.line, one.path, one.found), one)
        else:
            cells.append(Cell(number, words, loaded))
            text = json.dumps(loaded.resolved, sort_keys=True)
            same = seen.setdefault(text, " ".join(typed))
            if same != " ".join(typed):
                found = f"found that {' '.join(typed)} and {same} are the same scenario"
                one = Problem(option, 0, 0, "", found, "expected cells that differ")
                problems.setdefault((option, 0, "", found), one)
    if problems:
        raise ScenarioError(problems.values())
    return cells
