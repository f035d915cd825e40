"""The check finds each broken rule, and prices published rosters as published."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from optimize.rostering.activities.check import Price, check
from optimize.rostering.activities.problem import Person, Problem, Rules, Shift, Stretch
from tests.benchmarks.published import matsp

COVER = np.zeros((2, 7 * 96), np.int64)
ONE = Problem((Person("Ada", 0, 10_000, (0,)),), COVER, COVER, 360)


def day(number: int, minute: int, length_min: int = 360, task: int = 0) -> Shift:
    """Return a shift on one task."""
    return Shift(1440 * number + minute, (Stretch(task, length_min),))


@pytest.mark.parametrize(("name", "penalty"), [("1_7_10_1", 383), ("10_7_20_3", 193)])
def test_published_rosters_keep_the_rules_at_their_published_penalty(
    shared_data: Path, name: str, penalty: int
) -> None:
    """Published rosters keep the rules and cost their published penalty."""
    folder = shared_data / "data" / "matsp"
    problem = matsp.problem_of((folder / f"{name}.txt").read_text(encoding="utf-8"))
    text = (folder / f"{name}.reference.xml").read_text(encoding="utf-8")
    written, roster = matsp.roster_of(problem, text)
    assert written == penalty
    assert check(problem, roster) == Price(penalty, 0)


@pytest.mark.parametrize(
    ("shifts", "message"),
    [
        ((day(0, 0),), "not within the horizon"),
        ((day(7, 15),), "not within the horizon"),
        ((day(1, 300),), "starts in no window"),
        ((day(1, 370),), "starts in no window"),
        ((day(1, 360, 345),), "345 minutes"),
        ((day(1, 360, 615),), "615 minutes"),
        ((day(1, 360, task=1),), "cannot do"),
        ((Shift(1800, (Stretch(0, 345), Stretch(0, 45))),), "written as two"),
        ((day(1, 360, 367),), "stretch of 367 minutes"),
        ((Shift(1800, (Stretch(0, 180), Stretch(0, 180))),), "written as two"),
        ((day(1, 1080), day(2, 360)), "minutes of rest"),
        ((day(1, 0), day(1, 1200)), "two shifts start on a day"),
        (tuple(day(number, 360) for number in range(6)), "more than 5 days in a row"),
    ],
)
def test_every_broken_rule_is_named(shifts: tuple[Shift, ...], message: str) -> None:
    """Every broken rule is named, with the person."""
    with pytest.raises(ValueError, match=f"person Ada: .*{message}"):
        check(ONE, (shifts,))


def test_minutes_outside_the_limits_are_named() -> None:
    """Minutes outside a person's limits are named."""
    problem = Problem((Person("Ada", 400, 600),), COVER, COVER, 360)
    with pytest.raises(ValueError, match="360 minutes, not 400 to 600"):
        check(problem, ((day(1, 360),),))


def test_cover_above_the_most_is_squared_and_missing_cover_counted() -> None:
    """Cover above the most is squared for each interval; missing cover is counted."""
    least = COVER.copy()
    least[1, :3] = 2
    problem = Problem((ONE.people[0],) * 2, least, least, 360)
    assert check(problem, ((day(1, 360),), (day(1, 480),))) == Price(2 * 8 + 4 * 16, 6)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"interval_min": 7}, "divides 1440"),
        ({"shortest_min": 0}, "shortest_min is 0"),
        ({"rest_min": 20}, "rest_min is 20"),
        ({"stretch_min": 375}, "may be at most the next"),
        ({"days_in_a_row": 0}, "days_in_a_row is 0"),
        ({"starts_min": ()}, "no window"),
        ({"starts_min": ((0, 60), (60, 90))}, "behind the window before it"),
    ],
)
def test_rules_that_cannot_be_kept_are_refused(change: dict[str, int], message: str) -> None:
    """Rules that cannot be kept are refused, with what was found."""
    with pytest.raises(ValueError, match=message):
        Rules(**change)  # type: ignore[arg-type]
