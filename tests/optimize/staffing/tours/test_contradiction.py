"""Rules that cannot hold together are found, no more of them than it takes, in plain words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from optimize.staffing.problem import ALWAYS, Cover
from optimize.staffing.tours.contradiction import (
    Contradiction,
    contradiction,
    explain,
    possible_by_solving,
)
from optimize.staffing.tours.problem import (
    Contract,
    Cut,
    Group,
    ShiftType,
    SkillNeed,
    Term,
    TourProblem,
)
from optimize.staffing.tours.rule_book import keeping, rules, split, words
from optimize.staffing.tours.solve import components
from tests.optimize.staffing.tours.possible import possible

NOTHING = (0,) * 672
DAY, EVENING = ShiftType(24, 32, 2, 14, 14), ShiftType(56, 32, 2, 14, 14)
FULL = Contract("full", max_hours_a_week=40)


def heads(*windows: tuple[int, int, int]) -> tuple[int, ...]:
    """Return people wanted: (first, end, people) each."""
    wanted = [0] * 672
    for first, end, people in windows:
        wanted[first:end] = [people] * (end - first)
    return tuple(wanted)


def pickers(people: int = 3, contract: Contract = FULL, least: int = 0) -> Group:
    """Return a group of pickers."""
    return Group("pickers-full", "pickers", ("pickers",), contract, least, people, 1500)


def problem(
    need: SkillNeed, *groups: Group, shifts: tuple[ShiftType, ...] = (DAY, EVENING)
) -> TourProblem:
    """Return a problem of one skill."""
    return TourProblem(groups or (pickers(),), shifts, (need,))


OPEN_16_H = tuple(24 <= slot % 96 < 88 for slot in range(672))
EVERY_MORNING = heads(*((day * 96 + 24, day * 96 + 28, 3) for day in range(7)))
PLANTED: tuple[tuple[TourProblem, set[str]], ...] = (
    (
        problem(SkillNeed("pickers", NOTHING, heads((96 * 6 + 60, 96 * 6 + 62, 4), (24, 28, 1)))),
        {
            "pickers: 4 people must be there on sun 15:00 to 15:30",
            "pickers-full: at most 3 people",
        },
    ),
    (
        problem(
            SkillNeed("pickers", NOTHING, heads((90, 92, 1)), opened=OPEN_16_H),
            shifts=(DAY, EVENING, ShiftType(72, 32)),
        ),
        {
            "pickers: 1 person must be there on mon 22:30 to 23:00",
            "pickers may be in the house mon to sun 06:00 to 22:00 only",
        },
    ),
    (
        problem(SkillNeed("pickers", NOTHING, covers=(Cover(24, 62, 120),)), pickers(3)),
        {
            "pickers: the window from mon 06:00 until 21:30 needs 120 person-quarter-hours",
            "pickers-full: at most 3 people",
        },
    ),
    (
        problem(
            SkillNeed("pickers", NOTHING, covers=(Cover(0, 672, 460),)),
            pickers(3, replace(FULL, max_days_a_week=7)),
        ),
        {
            "pickers: the window from mon 00:00 until sun 24:00 needs 460 person-quarter-hours",
            "contract full: at most 40 h a week for 3 people = 120 h",
            "pickers-full: at most 3 people",
        },
    ),
    (
        problem(
            SkillNeed("pickers", NOTHING, heads((76, 80, 2), (96 + 24, 96 + 28, 2))), pickers(3)
        ),
        {
            "pickers: 2 people must be there on mon 19:00 to 20:00",
            "pickers: 2 people must be there on tue 06:00 to 07:00",
            "contract full: rest of 11 h between two shifts",
            "pickers-full: at most 3 people",
        },
    ),
    (
        problem(
            SkillNeed("pickers", heads((24, 28, 1))), pickers(3, replace(FULL, lengths_h=(4.0,)))
        ),
        {
            "pickers: 1 person wanted (nobody may be missing) on mon 06:00 to 07:00",
            "contract full: shifts of 4 h only",
        },
    ),
    (
        problem(
            SkillNeed("pickers", NOTHING, opened=(False,) * 672),
            pickers(3, replace(FULL, min_hours_a_week=20), least=2),
        ),
        {
            "pickers may never be in the house",
            "contract full: at least 20 h a week for everybody",
            "pickers-full: at least 2 people",
        },
    ),
)


@pytest.mark.parametrize(("planted", "expected"), PLANTED)
def test_a_planted_contradiction_is_found_exactly(planted: TourProblem, expected: set[str]) -> None:
    """The rules that clash are named, and no other, whoever answers what is possible."""
    found = contradiction(planted, possible=possible)
    assert set(found.rules) == set(explain(planted)) == expected
    assert found.irreducible


def test_all_days_of_a_week_can_clash_with_the_days_of_a_contract() -> None:
    """Three people each of seven mornings, three people at most, five days each: all of it."""
    found = contradiction(problem(SkillNeed("pickers", NOTHING, EVERY_MORNING)), possible=possible)
    assert found.irreducible
    assert "pickers-full: at most 3 people" in found.rules
    assert any(
        words in found.rules
        for words in (
            "contract full: at most 5 days a week",
            "contract full: at most 40 h a week for 3 people = 120 h",
        )
    )
    assert sum("must be there" in rule for rule in found.rules) == 6


def test_what_the_simulation_asks_can_clash() -> None:
    """A cut above what the people can work is named by its name."""
    cut = Cut("more pickers before the last truck", (Term("pickers", 60, 4, 1),), 13)
    found = contradiction(
        replace(problem(SkillNeed("pickers", NOTHING)), cuts=(cut,)), possible=possible
    )
    assert set(found.rules) == {
        "the simulation asks for more pickers before the last truck",
        "pickers-full: at most 3 people",
    }


def test_a_possible_problem_has_no_contradiction() -> None:
    """Nothing is said where nothing clashes, or where the search cannot tell."""
    fine = problem(SkillNeed("pickers", NOTHING, heads((24, 28, 3))))
    assert contradiction(fine, possible=possible) == Contradiction((), False, 1)
    clash = PLANTED[0][0]
    assert contradiction(clash, possible=lambda _: None).rules == ()


def test_skills_without_people_in_common_are_looked_at_apart() -> None:
    """Two clashes in two parts: the first alone is told; a group of both skills joins the parts."""
    packers = replace(pickers(), name="packers", role="packers", skills=("packers",))
    both = TourProblem(
        (pickers(), packers),
        (DAY,),
        tuple(SkillNeed(skill, NOTHING, heads((24, 28, 4))) for skill in ("pickers", "packers")),
    )
    assert len(components(both)) == 2
    found = contradiction(both, possible=possible)
    assert len(found.rules) == 2
    assert all(rule.startswith("pickers") for rule in found.rules)
    flexible = replace(packers, skills=("packers", "pickers"))
    assert len(components(replace(both, groups=(pickers(), flexible)))) == 1


def drawn(seed: int) -> TourProblem:
    """Draw a problem that is often impossible."""
    luck = np.random.default_rng(seed)

    def need(skill: str) -> SkillNeed:
        windows = [
            (first, first + int(luck.integers(2, 20)), int(luck.integers(1, 4)))
            for first in (int(luck.integers(0, 640)) for _ in range(4))
        ]
        covers = (Cover(int(luck.integers(672)), 96, int(luck.integers(1, 90))),)
        opened = OPEN_16_H if luck.random() < 0.5 else ALWAYS
        hard = luck.random() < 0.5
        if hard:
            return SkillNeed(skill, heads(*windows), covers=covers, opened=opened)
        return SkillNeed(skill, heads((0, 9, 9)), heads(*windows), covers, opened, 100)

    def group(number: int, *skills: str) -> Group:
        least = int(luck.integers(0, 20))
        contract = Contract(
            f"contract-{number}",
            least,
            least + 20,
            max_days_a_week=int(luck.integers(2, 6)),
            lengths_h=(8.0,) if luck.random() < 0.5 else (),
        )
        most = int(luck.integers(1, 5))
        return Group(
            f"group-{number}", skills[0], skills, contract, int(luck.integers(0, most)), most, 1500
        )

    shifts = tuple(
        ShiftType(int(luck.integers(0, 24)) * 4, int(luck.choice((16, 32)))) for _ in range(5)
    )
    return TourProblem(
        (group(0, "pickers"), group(1, "packers", "pickers")),
        shifts,
        (need("pickers"), need("packers")),
    )


@pytest.mark.parametrize("seed", range(12))
def test_each_rule_of_a_contradiction_is_needed(seed: int) -> None:
    """Of random problems: the rules named clash, and without any one of them they do not."""
    whole = drawn(seed)
    found = contradiction(whole, possible=possible)
    if possible(whole):
        assert found.rules == ()
        return
    assert found.irreducible
    (part,) = components(whole)
    pieces = {words(part, p): p for rule in rules(part) for p in (rule, *split(part, rule))}
    named = [pieces[rule] for rule in found.rules]
    assert not possible(keeping(part, named))
    for rule in named:
        assert possible(keeping(part, [other for other in named if other != rule]))


@pytest.mark.parametrize("seed", range(12))
def test_the_tours_own_programme_knows_what_is_possible(seed: int) -> None:
    """Random problems, and those with half of their rules, are possible to both programmes."""
    whole = drawn(seed)
    luck = np.random.default_rng(seed)
    some = [rule for rule in rules(whole) if luck.random() < 0.5]
    for each in (whole, keeping(whole, some)):
        assert possible_by_solving(each) == possible(each)


def test_without_any_rule_everything_is_possible() -> None:
    """Leaving out all rules leaves a problem that asks for nothing."""
    ask: Callable[[TourProblem], bool] = possible
    for planted, _ in PLANTED:
        assert ask(keeping(planted, []))
        assert keeping(planted, rules(planted)) == planted
