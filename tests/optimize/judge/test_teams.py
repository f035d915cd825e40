"""A staff section is read back as the teams it was written from."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimize.judge.teams import teams_of
from optimize.staffing.problem import Result, Team, Template
from optimize.staffing.roster import staff_section
from sim.scenario.schema import ROLES

templates = st.one_of(
    st.builds(Template, st.integers(0, 95), st.integers(1, 96)),
    st.builds(Template, st.integers(0, 95), st.integers(20, 40), st.integers(1, 15), st.just(2)),
)
days = st.sets(st.integers(0, 6), min_size=1).map(lambda each: tuple(sorted(each)))
teams = st.lists(
    st.builds(Team, st.sampled_from(ROLES), templates, days, st.integers(1, 9)),
    max_size=8,
    unique_by=lambda team: (team.role, team.template, team.days),
)


@settings(max_examples=60, deadline=None)
@given(written=teams)
def test_teams_come_back_as_they_were_written(written: list[Team]) -> None:
    """Role, hours, break, weekdays and number of people of every team."""
    result = Result(tuple(written), (), 0, 0, 0, 0.0, "optimal", 0.0, 0)

    found = teams_of(staff_section(result, {}, ROLES), ROLES)

    assert sorted(found, key=str) == sorted(written, key=str)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"start": "06:10"}, "quarter-hour"),
        ({"breaks": {"meal": {"start": "10:00", "minutes": 20}}}, "quarter-hour"),
        ({"by_day": {"mon": {"pickers": 2}}}, "by weekday"),
        (
            {"breaks": {n: {"start": f"{n}:00", "minutes": 15} for n in ("09", "12")}},
            "two breaks",
        ),
    ],
)
def test_a_shift_that_is_no_teams_is_refused(wrong: dict[str, Any], words: str) -> None:
    """What a team cannot be is said with the name of the shift; other roles do not mind."""
    staff = {"odd": {"start": "06:00", "end": "14:00", "pickers": 1, **wrong}}

    with pytest.raises(ValueError, match=f"odd.*{words}"):
        teams_of(staff, ["pickers"])
    assert teams_of(staff, ["packers"]) == ()
