"""Which rules cannot hold together: a smallest such set, in words.

QuickXplain (Junker 2004, AAAI, 167-172) halves the rules again and again, and so asks few questions
where few rules are at odds. The set is irreducible: without any one of its rules, the others can
hold. It need not be the only one, nor the one with the fewest rules. Skills that share no people
are looked at apart, for a contradiction never needs two such parts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from optimize.solver.cp_sat import InfeasibleError, NoAnswerError
from optimize.staffing.tours.problem import TourProblem
from optimize.staffing.tours.rule_book import Rule, keeping, rules, split, words
from sim.scenario.schema import ROLES

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
        Whether it was shown for each rule that the others can hold without it.
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
        Answers whether a problem can be solved; None: by `optimize.staffing.tours.solve`.
    """
    asked = _Asked(possible or possible_by_solving)
    for part in parts(problem):
        everything = rules(part)
        if not everything or asked.possible(part, everything) is not False:
            continue
        found = _smallest(asked, part, everything)
        finer = [piece for rule in found for piece in split(part, rule)]
        if len(finer) > len(found):
            found = _smallest(asked, part, finer)
        shown = all(
            asked.possible(part, [other for other in found if other != rule]) for rule in found
        )
        return Contradiction(tuple(words(part, rule) for rule in found), shown, asked.questions)
    return Contradiction((), False, asked.questions)


def possible_by_solving(problem: TourProblem) -> bool | None:
    """Return whether a plan was found (True) or proved not to exist (False); None: neither."""
    from optimize.staffing.tours.solve import solve

    try:
        solve(problem)
    except InfeasibleError:
        return False
    except NoAnswerError:
        return None
    return True


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


def parts(problem: TourProblem) -> tuple[TourProblem, ...]:
    """Return the problem in parts whose skills no group and no cut has in common."""
    leader = {role: role for role in ROLES}

    def join(names: Sequence[str]) -> None:
        leaders = {leader[name] for name in names}
        for role in ROLES:
            if leader[role] in leaders:
                leader[role] = leader[names[0]]

    ties = [group.skills for group in problem.groups]
    ties += [tuple(term.role for term in cut.terms) for cut in problem.cuts]
    for tie in ties:
        if tie:
            join(tie)
    found = []
    for name in dict.fromkeys(leader.values()):
        part = replace(
            problem,
            groups=tuple(g for g in problem.groups if leader[g.role] == name),
            needs=tuple(need for need in problem.needs if leader[need.skill] == name),
            cuts=tuple(c for c in problem.cuts if c.terms and leader[c.terms[0].role] == name),
        )
        if part.groups or part.needs or part.cuts:
            found.append(part)
    return tuple(found)
