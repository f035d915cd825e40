"""What a person is told when a file or a command cannot be used.

Every front door collects :class:`Problem` lines and raises one :class:`ScenarioError` that
carries all of them: where, what was found, what was expected, how to mend it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MAX_LISTED_PROBLEMS = 20
MAX_VALUE_CHARACTERS = 80


def escaped(text: str) -> str:
    """Return text as it may be printed: whole, on one line, control characters escaped."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def shown_value(value: object) -> str:
    """Return a value as it may be printed: one line, escaped, cut to 80 characters."""
    text = escaped(repr(value))
    if len(text) <= MAX_VALUE_CHARACTERS:
        return text
    return text[: MAX_VALUE_CHARACTERS - 1] + "…"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an input.

    Parameters
    ----------
    file
        File as the user named it, or ``--set key=value`` for a value given on the command line.
    line, column
        Position counted from 1; 0 where a position makes no sense.
    path
        Dotted key path, empty for a problem of the whole file.
    found, expected, hint
        What was found, what is allowed (with unit and range), how to mend it (may be empty).
    """

    file: str
    line: int
    column: int
    path: str
    found: str
    expected: str
    hint: str = ""

    def __str__(self) -> str:
        place = self.file if self.line <= 0 else f"{self.file}:{self.line}:{self.column}"
        parts = [part for part in (self.found, self.expected, self.hint) if part]
        path = f"{self.path}: " if self.path else ""
        return f"{place}: {path}{'; '.join(parts)}"


class ScenarioError(Exception):
    """An input that cannot be used, with every problem found in it.

    Parameters
    ----------
    problems
        At least one problem; the order is the order of printing.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.lines()))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[tuple[Problem, ...]]]:
        return (type(self), (self.problems,))

    def lines(self) -> list[str]:
        """Return at most 20 problem lines, then one line that counts the problems."""
        listed = [str(problem) for problem in self.problems[:MAX_LISTED_PROBLEMS]]
        files = len(dict.fromkeys(problem.file for problem in self.problems))
        count = len(self.problems)
        listed.append(
            f"{count} problem{'s' if count != 1 else ''} in {files} file{'s' if files != 1 else ''}"
        )
        return listed


class BalanceError(Exception):
    """An always-true rule did not hold in a run: a bug of the model, never of the input."""


class WorkerDied(Exception):
    """Replications that ended their process again and again; out of memory, for instance.

    Parameters
    ----------
    replications
        Their numbers, at least one.
    tries
        How many times each ended its process.
    """

    def __init__(self, replications: Sequence[int], tries: int) -> None:
        self.replications = tuple(replications)
        one = len(self.replications) == 1
        super().__init__(
            f"replication{'' if one else 's'} {', '.join(map(str, self.replications))}: "
            f"{'its' if one else 'the'} process ended {tries} times (out of memory?); "
            "fewer processes (--jobs) leave more memory to each; play it alone with "
            f"--replication {self.replications[0]}"
        )


class ClusterError(Exception):
    """A cluster cannot be used: its address, why, and how to mend it."""


class StoreError(Exception):
    """The store of replications cannot be used: which file, why, and how to mend it."""
