"""Named people take every duty that they lawfully can; what is lost is counted and bounded."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimize.faults import CheckError
from optimize.staffing.named.check import Price, check, priced, unlawful
from optimize.staffing.named.problem import (
    Absence,
    NamedProblem,
    Person,
    PersonWeek,
    Result,
    Weights,
    Window,
    Wish,
    named_problem,
    weekday,
)
from optimize.staffing.named.solve import solve
from optimize.staffing.problem import Template
from optimize.staffing.tours.problem import Contract, Duty, Group, TourPlan, TourProblem
from tests.optimize.staffing.named.drawn import problem as drawn

EARLY, LATE = Template(24, 32, 15, 2), Template(56, 32, 15, 2)
FULL = Group("full", "pickers", ("pickers",), Contract("full", 0, 40), 0, 9, 1500)


def small(*duties: tuple[int, Template, int], people: tuple[Person, ...] = ()) -> NamedProblem:
    """Return one group's problem; two people without a wish if none are given."""
    return NamedProblem(
        (FULL,),
        tuple(Duty("full", day, template, count) for day, template, count in duties),
        people or (Person("Ada", "full"), Person("Bo", "full")),
    )


def days_of(result: Result, name: str) -> list[int]:
    """Return the weekdays on which somebody works."""
    return next([day for day, _ in week.duties] for week in result.weeks if week.name == name)


def ways(problem: NamedProblem) -> Iterator[Price]:
    """Yield the price of every lawful way of dealing, by trying them all."""
    places = [duty for duty in problem.duties for _ in range(duty.people)]
    roles = {group.name: group.role for group in problem.groups}
    for taken in itertools.product((None, *problem.people), repeat=len(places)):
        held: dict[str, list[Duty]] = {person.name: [] for person in problem.people}
        lost = []
        for duty, person in zip(places, taken, strict=True):
            if person is None:
                lost.append(replace(duty, people=1))
            else:
                held[person.name].append(duty)
        if any(p is not None and p.group != d.group for d, p in zip(places, taken, strict=True)):
            continue
        weeks = [
            PersonWeek(
                person.name,
                roles[person.group],
                person.group,
                tuple((d.day, d.template) for d in sorted(held[person.name])),
            )
            for person in problem.people
        ]
        if not unlawful(problem, weeks):
            yield priced(problem, weeks, lost)


@pytest.mark.parametrize("seed", range(25))
def test_small_problems_are_dealt_in_the_best_way_there_is(seed: int) -> None:
    """The cost equals the least of all ways, and is proved to be."""
    problem = drawn(seed, groups=1, people=3, duties=4)
    found = solve(problem)
    prices = list(ways(problem))
    assert found.cost == min(price.cost for price in prices)
    assert found.lost_slots_bound <= min(price.lost_slots for price in prices)
    assert found.status == "optimal"


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_every_way_of_dealing_passes_the_check_and_comes_again(seed: int) -> None:
    """A deal of any problem is lawful, complete, within its bounds, and the same again."""
    problem = drawn(seed, groups=2, people=6, duties=10)
    found = solve(problem, seed=seed, rounds=2, exact_limit_s=0.2)
    again = solve(problem, seed=seed, rounds=2, exact_limit_s=0.2)
    assert replace(found, time_s=0.0) == replace(again, time_s=0.0)


@pytest.mark.parametrize("seed", range(5))
def test_quick_dealing_is_lawful_and_never_better_than_the_search(seed: int) -> None:
    """Dealing day by day alone gives lawful weeks that cost no less."""
    problem = drawn(seed)
    assert solve(problem, rounds=0, exact_limit_s=0.0).cost >= solve(problem).cost


def test_loss_is_said_and_bounded() -> None:
    """Three people wanted at once and two there: one duty is lost, and the bound says so."""
    found = solve(small((0, EARLY, 3)))
    assert (found.lost_slots, found.lost_slots_bound) == (32, 32)
    assert found.unassigned == (Duty("full", 0, EARLY, 1),)
    assert found.lost_hours == 8.0
    assert dict(found.fewest_people) == {"full": 3}


def test_rest_goes_over_the_week_end() -> None:
    """Late on Sunday and early on Monday are two people's."""
    found = solve(small((6, LATE, 1), (0, EARLY, 1)))
    assert found.lost_slots == 0
    assert sorted(len(week.duties) for week in found.weeks) == [1, 1]
    alone = solve(small((6, LATE, 1), (0, EARLY, 1), people=(Person("Ada", "full"),)))
    assert alone.lost_slots == alone.lost_slots_bound == 32


def test_nobody_works_while_absent() -> None:
    """A day's leave keeps off the night shift before that reaches into it."""
    night = Template(88, 32, 15, 2)
    away = Person("Ada", "full", (Absence(weekday(1)),))
    assert solve(small((0, night, 1), people=(away,))).lost_slots == 32
    assert solve(small((0, LATE, 1), people=(away,))).lost_slots == 0


def test_wishes_are_granted_where_nothing_weightier_speaks_against() -> None:
    """Who wishes Monday free has it free if another can come, and not if nobody else can."""
    ada = Person("Ada", "full", wishes=(Wish("free", weekday(0), 3),))
    bo = Person("Bo", "full", wishes=(Wish("work", Window(56, 1), 2),))
    found = solve(small((0, LATE, 1), (1, EARLY, 1), people=(ada, bo)))
    assert (days_of(found, "Ada"), days_of(found, "Bo")) == ([1], [0])
    assert (found.wishes, found.granted) == (5, 5)
    alone = solve(small((0, LATE, 1), people=(ada,)))
    assert (alone.lost_slots, alone.granted) == (0, 0)


def test_hours_worked_too_many_before_are_given_back() -> None:
    """Of two duties on different days, who worked more before gets none."""
    people = (Person("Ada", "full", balance_slots=64), Person("Bo", "full"))
    found = solve(small((0, EARLY, 1), (2, EARLY, 1), people=people))
    assert days_of(found, "Bo") == [0, 2]


def test_weekends_and_late_duties_are_shared() -> None:
    """Four duties of each kind for two people: two each."""
    found = solve(small((5, EARLY, 1), (6, EARLY, 1), (0, LATE, 2), (2, LATE, 2)))
    assert found.lost_slots == 0
    for week in found.weeks:
        assert sum(day >= 5 for day, _ in week.duties) == 1
        assert sum(template == LATE for _, template in week.duties) == 2


def test_starts_of_a_week_stay_together() -> None:
    """Two early and two midday duties: nobody has one of each."""
    midday = Template(44, 32, 15, 2)
    found = solve(small((0, EARLY, 1), (2, EARLY, 1), (0, midday, 1), (2, midday, 1)))
    assert all(len({t.start for _, t in week.duties}) == 1 for week in found.weeks)


def test_a_week_without_people_or_duties_is_dealt() -> None:
    """Nobody there: everything is lost. Nothing to do: nothing is."""
    nobody = NamedProblem((FULL,), (Duty("full", 0, EARLY, 2),), ())
    assert solve(nobody).lost_slots == 64
    assert solve(small()).cost == 0


def test_shifts_that_differ_in_their_break_are_each_given_out() -> None:
    """Two people at once with different breaks: each break is one person's."""
    other = replace(EARLY, break_after=12)
    found = solve(small((0, EARLY, 1), (0, other, 1)))
    assert {week.duties[0][1] for week in found.weeks} == {EARLY, other}


def test_people_are_made_up_where_too_few_are_named() -> None:
    """Each group has as many as the plan counts on, those named first, no name twice."""
    part = replace(FULL, name="part")
    plan = TourPlan(
        (Duty("full", 0, EARLY, 1),), (("full", 3), ("part", 2)), (), (), 0, 0, 0, 0.0,
        "feasible", "by hand", 0,
    )  # fmt: skip
    problem = TourProblem((FULL, part), (), ())
    named = [Person("Ada", "full"), Person("full-001", "full")]
    made = named_problem(problem, plan, named)
    names = ["Ada", "full-001", "full-002", "part-001", "part-002"]
    assert [person.name for person in made.people] == names
    many = [Person(f"Ada {number}", "full") for number in range(5)]
    assert len(named_problem(problem, plan, many).people) == 7
    with pytest.raises(ValueError, match="no group 'night'; there are full, part"):
        named_problem(problem, plan, (Person("Ada", "night"),))


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: Person("a\r\nb", "full"), "none of them a line's end"),
        (lambda: Person(" ", "full"), "1 to 100"),
        (lambda: Window(672, 1), "first 0 to 671"),
        (lambda: Absence(weekday(0), 97), "0 to 96"),
        (lambda: Wish("free", weekday(0), 11), "weight of 1 to 10"),
        (lambda: Weights(lost=5), "must weigh more"),
        (lambda: small(people=(Person("A", "full"), Person("A", "full"))), "two people are named"),
    ],
)
def test_bad_input_is_refused_in_words(build: object, words: str) -> None:
    """What cannot be is said with what is possible."""
    assert callable(build)
    with pytest.raises(ValueError, match=words):
        build()


def with_week(found: Result, place: int, *duties: tuple[int, Template]) -> Result:
    """Return a result with another week for one person."""
    weeks = list(found.weeks)
    weeks[place] = replace(weeks[place], duties=duties)
    return replace(found, weeks=tuple(weeks))


def test_the_check_finds_every_planted_fault() -> None:
    """Each way of going wrong is found and said."""
    ada = Person("Ada", "full", (Absence(weekday(3)),), (Wish("free", weekday(2)),))
    problem = small((0, EARLY, 1), (1, LATE, 1), people=(ada, Person("Bo", "full")))
    found = solve(problem)
    check(problem, found)
    longest = Template(0, 96)
    for wrong, words in (
        (with_week(found, 0, (0, EARLY), (1, LATE)), "too many"),
        (with_week(found, 0), "too few"),
        (with_week(found, 0, (0, LATE), (1, EARLY)), "h of rest"),
        (with_week(found, 0, (0, EARLY), (0, EARLY)), "2 duties on mon"),
        (with_week(found, 0, (3, EARLY)), "absent, but on duty thu 06:00"),
        (with_week(found, 0, (0, longest), (2, longest), (4, longest)), "72 h a week"),
        (with_week(found, 0, *((day, EARLY) for day in range(6))), "6 days a week"),
        (replace(found, weeks=found.weeks[::-1]), "in the place of"),
        (replace(found, weeks=found.weeks[:1]), "1 weeks for 2 people"),
        (replace(found, cost=found.cost + 1), "cost"),
        (replace(found, lost_slots=1), "lost slots"),
        (replace(found, granted=0), "granted"),
        (replace(found, missed_slots=4), "missed slots"),
        (replace(found, overtime_slots=4), "overtime slots"),
        (replace(found, lost_slots_bound=1), "fewer than the bound"),
        (replace(found, bound=found.cost + 1), "less than their bound"),
        (replace(found, gap=0.5), "a gap of 0.5"),
        (replace(found, bound=-1, status="optimal"), "does not prove it"),
        (replace(found, fewest_people=(("full", 3),)), "the bound says 3"),
        (replace(found, unassigned=(Duty("full", 0, EARLY, 0),)), "nobody is missing"),
    ):
        with pytest.raises(CheckError, match=words):
            check(problem, wrong)
