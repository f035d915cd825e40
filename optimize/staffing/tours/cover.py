"""Who is at work and who is missing: people with several skills are given to the work by matching."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from optimize.staffing.problem import SLOTS_A_WEEK
from optimize.staffing.tours.problem import Duty, SkillNeed, TourProblem

Ints = npt.NDArray[np.int64]
Skills = tuple[str, ...]


def heads_by_role(problem: TourProblem, duties: Sequence[Duty]) -> dict[str, Ints]:
    """Return for each role the people of its groups at work in each of the 672 quarter-hours."""
    role_of = {group.name: group.role for group in problem.groups}
    found = {role: np.zeros(SLOTS_A_WEEK, dtype=np.int64) for role in role_of.values()}
    for duty in duties:
        _add(found[role_of[duty.group]], duty)
    return found


def _add(heads: Ints, duty: Duty) -> None:
    slots = (duty.start + np.array(duty.template.working)) % SLOTS_A_WEEK
    heads[slots] += duty.people


def shortages(problem: TourProblem, duties: Sequence[Duty]) -> tuple[tuple[str, int, int], ...]:
    """Return (skill, quarter-hour, people missing): as few as can be, the dearest work first.

    People are matched to work quarter-hour by quarter-hour; taking the dearest work first is best
    because sets of work that can be matched form a matroid (Edmonds, Fulkerson 1965).
    """
    skills_of = {group.name: group.skills for group in problem.groups}
    at_work: dict[Skills, Ints] = {}
    for duty in duties:
        heads = at_work.setdefault(skills_of[duty.group], np.zeros(SLOTS_A_WEEK, dtype=np.int64))
        _add(heads, duty)
    known: dict[tuple[tuple[int, ...], tuple[int, ...]], dict[str, int]] = {}
    found = []
    for slot in range(SLOTS_A_WEEK):
        wanted = tuple(
            max(need.heads[slot], need.minimum[slot] if need.minimum else 0)
            for need in problem.needs
        )
        if not any(wanted):
            continue
        there = tuple(int(heads[slot]) for heads in at_work.values())
        if (wanted, there) not in known:
            known[wanted, there] = _missing(
                problem.needs, wanted, dict(zip(at_work, there, strict=True))
            )
        found += [(skill, slot, n) for skill, n in known[wanted, there].items()]
    return tuple(sorted(found))


def _missing(
    needs: Sequence[SkillNeed], wanted: Sequence[int], there: Mapping[Skills, int]
) -> dict[str, int]:
    """Return who is missing in one quarter-hour."""
    match = _Matching(there)
    order = sorted(
        zip(needs, wanted, strict=True),
        key=lambda pair: -(10**12 if pair[0].short_cents is None else pair[0].short_cents),
    )
    missing = {need.skill: n - match.serve(need.skill, n) for need, n in order}
    return {skill: n for skill, n in missing.items() if n}


class _Matching:
    """People by their skills, and how many of them do which work."""

    def __init__(self, there: Mapping[Skills, int]) -> None:
        self._free = dict(there)
        self._given: dict[tuple[Skills, str], int] = {}

    def serve(self, skill: str, wanted: int) -> int:
        """Give up to so many people to a skill, moving others where that helps; return how many."""
        served = 0
        while served < wanted and self._augment(skill):
            served += 1
        return served

    def _augment(self, skill: str) -> bool:
        """Find somebody free, by way of people who can do other work, and move along the way."""
        came_from: dict[str, tuple[Skills, str] | None] = {skill: None}
        line = [skill]
        for work in line:
            for skills, free in self._free.items():
                if work not in skills:
                    continue
                if free:
                    self._move(skills, work, came_from)
                    return True
                for other in skills:
                    if self._given.get((skills, other), 0) and other not in came_from:
                        came_from[other] = (skills, work)
                        line.append(other)
        return False

    def _move(
        self, skills: Skills, work: str, came_from: Mapping[str, tuple[Skills, str] | None]
    ) -> None:
        self._free[skills] -= 1
        self._give(skills, work, 1)
        step = came_from[work]
        while step is not None:
            # Somebody of these skills leaves ``work``, now served otherwise, for work before it.
            skills, before = step
            self._give(skills, work, -1)
            self._give(skills, before, 1)
            work, step = before, came_from[before]

    def _give(self, skills: Skills, work: str, people: int) -> None:
        self._given[skills, work] = self._given.get((skills, work), 0) + people
