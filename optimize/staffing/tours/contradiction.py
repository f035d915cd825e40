"""Which rules cannot hold together: a smallest such set, in words.

QuickXplain (Junker 2004, AAAI, 167-172) halves the rules again and again, and so asks few questions
where few rules are at odds. The set is irreducible: without any one of its rules, the others can
hold. It need not be the only one, nor the one with the fewest rules. Skills that share no people
are looked at apart, for a contradiction never needs two such parts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimize.staffing.problem import SLOTS_A_WEEK
from optimize.staffing.tours.model import TourModel
from optimize.staffing.tours.problem import SkillNeed, TourProblem
from optimize.staffing.tours.programme import Limits
from optimize.staffing.tours.rule_book import (
    HEADS,
    MINIMUM,
    OPENED,
    Rule,
    keeping,
    rules,
    split,
    words,
)
from optimize.staffing.tours.search import WHOLE_COLUMNS
from optimize.staffing.tours.solve import components

MOST_NODES = 500
"""Nodes of HiGHS's tree after which a question stays open."""

Possible = Callable[[TourProblem], bool | None]
"""Whether any plan keeps the rules of a problem; None where the search came to no answer."""


@dataclass(frozen=True)
class Contradiction:
    """Rules that cannot hold together.

    Attributes
    ----------
    rules
        In words; empty where no contradiction is proved.
    irreducible
        Whether it was shown for each rule that the others can hold without it. False in large
        problems, where it was shown for broken numbers of people alone.
    questions
        How many problems were solved on the way.
    """

    rules: tuple[str, ...]
    irreducible: bool
    questions: int


def explain(problem: TourProblem) -> tuple[str, ...]:
    """Return rules that cannot hold together, in words; see `contradiction`."""
    return contradiction(problem).rules


def contradiction(problem: TourProblem, *, possible: Possible | None = None) -> Contradiction:
    """Return a set of rules that cannot hold together and of which each is needed for that.

    Parameters
    ----------
    problem
        Whatever its rules say.
    possible
        Answers whether a problem can be solved; None: by `possible_by_solving`.
    """
    asked = _Asked(possible or possible_by_solving)
    # Most contradictions hold for broken numbers of people too, which are asked about far sooner.
    broken = asked if possible else _Asked(lambda part: possible_by_solving(part, whole=False))
    for part in components(problem):
        clashing = rules(part)
        if clashing and broken.possible(part, clashing) is False:
            clashing = _smallest(broken, part, _of_one_day(broken, part, clashing))
        elif not clashing or asked.possible(part, clashing) is not False:
            continue
        found = _smallest(asked, part, clashing)
        finer = [piece for rule in found for piece in split(part, rule)]
        if len(finer) > len(found):
            if broken.possible(part, finer) is False:
                finer = list(_smallest(broken, part, finer))
            found = _smallest(asked, part, finer)
        shown = all(
            asked.possible(part, [other for other in found if other != rule]) for rule in found
        )
        told = tuple(words(part, rule) for rule in found)
        return Contradiction(told, shown, _Asked.total(asked, broken))
    return Contradiction((), False, _Asked.total(asked, broken))


def possible_by_solving(problem: TourProblem, *, whole: bool = True) -> bool | None:
    """Return whether any plan keeps all rules, whatever it costs; None: not found out.

    The programme of `optimize.staffing.tours.solve` without its prices; HiGHS ends at the first
    answer, at the proof that there is none, or at its limit of nodes. A programme too large to be
    solved in one piece is asked for broken people alone, and answers False or None.

    Parameters
    ----------
    problem
        Whatever its rules say.
    whole
        False: people may be broken, so True may be wrong, False never.
    """
    if not problem.groups:
        return all(rule.family == OPENED for rule in rules(problem))
    needs = [need if need.short_cents is None else _nobody(need) for need in problem.needs]
    programme = TourModel(replace(problem, needs=tuple(needs))).programme
    programme.costs = [0.0] * len(programme.costs)
    large = whole and sum(programme.whole) > WHOLE_COLUMNS
    if large:
        whole = False
    integers = np.array(programme.whole) if whole else np.zeros(len(programme.whole), dtype=bool)
    answer = programme.solved(Limits(MOST_NODES, 1.0), whole=integers)
    if answer.status == "infeasible":
        return False
    return None if large or answer.values is None else True


def _nobody(need: SkillNeed) -> SkillNeed:
    return replace(need, heads=(0,) * SLOTS_A_WEEK)


class _Asked:
    """Asks whether rules can hold, each set of them once."""

    def __init__(self, possible: Possible) -> None:
        self._possible = possible
        self._known: dict[tuple[TourProblem, frozenset[Rule]], bool | None] = {}
        self.questions = 0

    def possible(self, problem: TourProblem, kept: Sequence[Rule]) -> bool | None:
        key = (problem, frozenset(kept))
        if key not in self._known:
            self.questions += 1
            self._known[key] = self._possible(keeping(problem, kept))
        return self._known[key]

    @staticmethod
    def total(one: _Asked, other: _Asked) -> int:
        return one.questions if one is other else one.questions + other.questions


def _of_one_day(asked: _Asked, problem: TourProblem, clashing: Sequence[Rule]) -> Sequence[Rule]:
    """Return the clashing rules without the people needed on other days, if those still clash.

    A day at a time is far easier to ask about, and easier to read.
    """
    days = dict.fromkeys(rule.first for rule in clashing if rule.family in (MINIMUM, HEADS))
    for first in days if len(days) > 1 else ():
        today = [
            rule for rule in clashing if rule.family not in (MINIMUM, HEADS) or rule.first == first
        ]
        if asked.possible(problem, today) is False:
            return today
    return clashing


def _smallest(asked: _Asked, problem: TourProblem, clashing: Sequence[Rule]) -> tuple[Rule, ...]:
    """Return rules of a clashing set that clash and of which each is needed for that.

    An unanswered question counts as possible: nothing is left out that was not proved needless.
    """

    def search(background: tuple[Rule, ...], *, grown: bool, rest: Sequence[Rule]) -> list[Rule]:
        if grown and asked.possible(problem, background) is False:
            return []
        if len(rest) == 1:
            return list(rest)
        half = len(rest) // 2
        first, second = rest[:half], rest[half:]
        of_second = search((*background, *first), grown=True, rest=second)
        of_first = search((*background, *of_second), grown=bool(of_second), rest=first)
        return of_first + of_second

    return tuple(search((), grown=False, rest=clashing))
