"""People as a scenario names them, with leave and wishes."""

from __future__ import annotations

import pytest

from optimize.staffing.named.labour import labour_people
from optimize.staffing.named.problem import Absence, Person, Window, Wish, weekday
from optimize.staffing.tours.problem import Contract, Group
from sim.scenario.schema.labour import LabourSection

CONTRACT = Contract("full", min_hours_a_week=32, max_days_a_week=5)
CREW = Group("pickers", "pickers", ("pickers",), CONTRACT, 0, 9, 1500)


def people(**named: dict[str, object]) -> tuple[Person, ...]:
    """Return the people of a section with one crew of 32 h at least and 5 days at most."""
    return labour_people(LabourSection.model_validate({"people": named}), (CREW,))


def test_leave_is_whole_days_paid_as_a_share_of_the_week() -> None:
    """A week of leave is the contract's least hours, a day of it a fifth."""
    (anna,) = people(Anna={"crew": "pickers", "leave": ["mon"]})
    assert anna == Person("Anna", "pickers", (Absence(weekday(0), 25),))
    week = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    (away,) = people(Anna={"crew": "pickers", "leave": week})
    assert away.paid_leave_slots == 32 * 4


def test_wishes_are_windows_to_be_free_in() -> None:
    """A day free; not before 08:00; done by 18:00: each weekday a wish of its own."""
    wishes = {
        "rest": {"days": ["sun"], "free": True},
        "school": {"days": ["mon", "tue"], "start": "08:00"},
        "choir": {"days": ["thu"], "end": "18:00", "weight": 3},
    }
    (anna,) = people(Anna={"crew": "pickers", "wishes": wishes})
    assert anna.wishes == (
        Wish("free", weekday(6)),
        Wish("free", Window(0, 32)),
        Wish("free", Window(96, 32)),
        Wish("free", Window(3 * 96 + 72, 24), 3),
    )


def test_a_crew_that_nobody_named_is_refused() -> None:
    """The message says which crews there are."""
    with pytest.raises(
        ValueError, match=r"labour\.people\.Bo: no crew is named 'night'; there are: pickers"
    ):
        people(Bo={"crew": "night"})
