"""List rules: whoever is free takes the waiting batch that is first by a key.

Nobody waits while a batch waits that they could end in time. Pickers whose time is up take no more;
what fits nobody goes at the end to whoever is done with it first, as overtime.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import exp, fsum

from optimize.sequencing.problem import Batch, Problem, Sequences

Key = Callable[[int, int], tuple[float, ...]]
"""Gives a batch's number and a moment a key; the smallest goes first."""

LOOK_AHEAD = 2.0


def first_come(problem: Problem) -> Key:
    """By release."""
    return lambda number, _: (problem.batches[number].release_s, number)


def earliest_due(problem: Problem) -> Key:
    """By the earliest due date (EDD; Jackson 1955)."""
    return lambda number, _: (_first_due_s(problem.batches[number]), number)


def shortest_first(problem: Problem) -> Key:
    """By seconds of work (SPT; Smith 1956)."""
    return lambda number, _: (problem.batches[number].time_s, number)


def weighted_shortest_first(problem: Problem) -> Key:
    """By seconds of work over weight (WSPT; Smith 1956)."""
    return lambda number, _: (-_weight(problem.batches[number]) / problem.batches[number].time_s,
                              number)  # fmt: skip


def apparent_tardiness(problem: Problem, look_ahead: float = LOOK_AHEAD) -> Key:
    """By apparent tardiness cost (ATC; Vepsalainen & Morton 1987, eq. 1).

    The weight over the seconds of work, less the more slack is left: exp(-slack / (k x mean
    seconds)). Each due date of a batch has a term of its own.

    Parameters
    ----------
    look_ahead
        The k of the formula, in mean batches, above 0; literature takes 1 to 4.5, more where due
        dates clash more.
    """
    if not look_ahead > 0.0:
        raise ValueError(f"a look-ahead of {look_ahead!r} batches; above 0 is needed")
    batches = problem.batches
    scale_s = look_ahead * fsum(batch.time_s for batch in batches) / len(batches)

    def key(number: int, now_s: int) -> tuple[float, ...]:
        batch = batches[number]
        ends_s = now_s + batch.time_s
        index = fsum(
            due.weight * exp(-max(0, due.due_s - ends_s) / scale_s) for due in batch.dues
        )  # fmt: skip
        return -index / batch.time_s, _first_due_s(batch), number

    return key


RULES: dict[str, Callable[[Problem], Key]] = {
    "first_come": first_come,
    "earliest_due": earliest_due,
    "shortest_first": shortest_first,
    "weighted_shortest_first": weighted_shortest_first,
    "apparent_tardiness_1": partial(apparent_tardiness, look_ahead=1.0),
    "apparent_tardiness": apparent_tardiness,
    "apparent_tardiness_4": partial(apparent_tardiness, look_ahead=4.0),
}
"""Rules by name."""


def listed(problem: Problem, key: Key) -> Sequences:
    """Return who picks what in which order by a rule."""
    floor = _Floor(problem)
    while floor.left:
        picker, now_s = floor.next_free()
        waiting = floor.could_take(picker, now_s)
        if waiting:
            floor.give(picker, min(waiting, key=lambda number: key(number, now_s)), now_s)
        else:
            floor.wait_or_leave(picker, now_s)
    return tuple(tuple(row) for row in floor.rows)


class _Floor:
    """Pickers and the batches that are left while a list is worked off."""

    def __init__(self, problem: Problem) -> None:
        self._batches = problem.batches
        self._until_s = [picker.until_s for picker in problem.pickers]
        self._free_s = [picker.from_s for picker in problem.pickers]
        self._here = list(range(len(problem.pickers)))
        self.rows: list[list[int]] = [[] for _ in problem.pickers]
        self.left = list(range(len(problem.batches)))

    def next_free(self) -> tuple[int, int]:
        if not self._here:  # what fits nobody's time is overtime
            self._until_s = [None for _ in self._until_s]
            self._here = list(range(len(self.rows)))
        picker = min(self._here, key=lambda number: (self._free_s[number], number))
        return picker, self._free_s[picker]

    def could_take(self, picker: int, now_s: int) -> list[int]:
        return [
            number
            for number in self.left
            if self._batches[number].release_s <= now_s
            and self._ends_in_time(picker, number, now_s)
        ]

    def give(self, picker: int, number: int, now_s: int) -> None:
        self.rows[picker].append(number)
        self.left.remove(number)
        self._free_s[picker] = now_s + self._batches[number].time_s

    def wait_or_leave(self, picker: int, now_s: int) -> None:
        coming_s = [self._batches[number].release_s for number in self.left]
        later_s = [
            release_s
            for number, release_s in zip(self.left, coming_s, strict=True)
            if release_s > now_s and self._ends_in_time(picker, number, release_s)
        ]
        if later_s:
            self._free_s[picker] = min(later_s)
        else:
            self._here.remove(picker)

    def _ends_in_time(self, picker: int, number: int, start_s: int) -> bool:
        until_s = self._until_s[picker]
        return until_s is None or start_s + self._batches[number].time_s <= until_s


def _first_due_s(batch: Batch) -> int:
    return min(due.due_s for due in batch.dues)


def _weight(batch: Batch) -> int:
    return sum(due.weight for due in batch.dues)
