"""Dials: keys of a scenario that hold a number, and the range over which each is turned."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sim.errors import Problem, ScenarioError, shown_value
from sim.experiments.sweep.grid import FIXED_KEYS
from sim.kpis.targets import check_targets
from sim.scenario.loading import LoadedScenario, load
from sim.scenario.overrides import parse_path

DIAL = "--dial"
_EXAMPLE = "for example staff.late.packers=2:6 or picking.search_s.mean=5:15"
NARROWEST = 1e-6
"""Values are written with nine digits; a range must be wide beside the last of them."""
_HAIR = 1e-9
"""Keeps a share such as 2/3 from falling below the whole number that it stands for."""


@dataclass(frozen=True)
class Dial:
    """A key and its range.

    Parameters
    ----------
    key
        Dotted path in the scenario.
    low, high
        Ends of the range, ``low`` below ``high``, in the key's own unit.
    whole
        Whether the key takes whole numbers only; each of the range is then equally likely.
    """

    key: str
    low: float
    high: float
    whole: bool = False

    def word(self, share: float) -> str:
        """Return the value at a share 0 to 1 of the range, as written after ``--set key=``.

        >>> [Dial("a", 4, 6, whole=True).word(s) for s in (0.0, 0.4, 2 / 3, 1.0)]
        ['4', '5', '6', '6']
        >>> Dial("a", 0.5, 1.5).word(1 / 3)
        '0.833333333'
        """
        if self.whole:
            count = int(self.high - self.low) + 1
            return str(int(self.low) + min(count - 1, math.floor(share * count + _HAIR)))
        return f"{self.low + min(share, 1.0) * (self.high - self.low):.9g}"

    def share(self, word: str) -> float:
        """Return where a value stands in the range."""
        return (float(word) - self.low) / (self.high - self.low)

    @property
    def range_words(self) -> str:
        """The range as people read it."""
        return f"{self.low:.9g} to {self.high:.9g}"


def dials_of(
    source: str, texts: Iterable[str], settings: Sequence[str], problems: list[Problem]
) -> list[Dial]:
    """Return the dials that a person names, or note everything that is wrong with them.

    Parameters
    ----------
    source
        File or bundled name of the scenario.
    texts
        ``KEY=LOW:HIGH`` each.
    settings
        ``--set`` words that hold at every point.
    problems
        Takes what is wrong, also with the scenario itself.
    """
    read = [_read(text, problems) for text in texts]
    dials: list[Dial] = []
    for dial in (one for one in read if one is not None):
        if dial.key in [other.key for other in dials]:
            problems.append(_problem(dial.key, "found the key twice", "expected it once"))
        else:
            dials.append(dial)
    low = _loaded(source, settings, [f"{one.key}={one.low:.15g}" for one in dials], problems)
    high = _loaded(source, settings, [f"{one.key}={one.high:.15g}" for one in dials], problems)
    if low is None or high is None:
        return dials
    return [_of_its_kind(dial, low, high, problems) for dial in dials]


def _problem(text: str, found: str, expected: str, hint: str = "") -> Problem:
    return Problem(f"{DIAL} {shown_value(text)[1:-1]}", 0, 0, "", found, expected, hint)


def _read(text: str, problems: list[Problem]) -> Dial | None:
    key, equals, written = text.partition("=")
    key = key.strip()
    low, colon, high = written.partition(":")
    if not equals or parse_path(key) is None or not colon:
        problems.append(_problem(text, "found no KEY=LOW:HIGH", "expected KEY=LOW:HIGH", _EXAMPLE))
        return None
    if key in FIXED_KEYS:
        expected = "expected a key that leaves orders and replications shared"
        problems.append(_problem(text, f"found the key {key}", expected))
        return None
    numbers = [_number(low), _number(high)]
    if None in numbers:
        found = f"found {shown_value(written.strip())}"
        problems.append(_problem(text, found, "expected two numbers parted by a colon", _EXAMPLE))
        return None
    ends = [number for number in numbers if number is not None]
    if ends[0] >= ends[1]:
        found = f"found {ends[0]:g} to {ends[1]:g}"
        problems.append(_problem(text, found, "expected LOW below HIGH"))
        return None
    if ends[1] - ends[0] < NARROWEST * max(abs(ends[0]), abs(ends[1])):
        expected = f"expected a range of at least {NARROWEST:g} of its larger end"
        problems.append(_problem(text, f"found {written.strip()}", expected))
        return None
    return Dial(key, ends[0], ends[1])


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _loaded(
    source: str, settings: Sequence[str], typed: Sequence[str], problems: list[Problem]
) -> LoadedScenario | None:
    """Return the scenario with all dials at one end; what is wrong at both is noted once."""
    try:
        loaded = load(source, settings=[*settings, *typed])
        check_targets([loaded])
    except ScenarioError as error:
        known = {(problem.line, problem.path) for problem in problems if problem.path}
        problems += [one for one in error.problems if (one.line, one.path) not in known
                     and one not in problems]  # fmt: skip
        return None
    return loaded


def _of_its_kind(
    dial: Dial, low: LoadedScenario, high: LoadedScenario, problems: list[Problem]
) -> Dial:
    """Return the dial with what the scenario says of its key: whole numbers or fractions."""
    found = [_value(loaded.resolved, dial.key) for loaded in (low, high)]
    if all(isinstance(one, int) and not isinstance(one, bool) for one in found):
        return Dial(dial.key, dial.low, dial.high, whole=True)
    if not all(isinstance(one, float) for one in found):
        held = f"found a key that holds {shown_value(found[0])}"
        problems.append(_problem(dial.key, held, "expected a key that holds a number"))
    return dial


def _value(values: Any, key: str) -> Any:  # noqa: ANN401  # whatever a scenario holds
    for name in parse_path(key) or ():
        if not isinstance(values, dict) or name not in values:
            return None
        values = values[name]
    return values
