"""A staff section read as people at work, wages and blocks of hours."""

from __future__ import annotations

from typing import Any

import pytest

from optimize.judge.presence import Block, at_work, blocks_of, presence, week_wage_cents
from optimize.staffing.problem import SLOTS_A_DAY
from sim.scenario.schema import ROLES, Scenario
from sim.scenario.schema.people import Wages

DAY: dict[str, Any] = {
    "days": ["mon", "tue"],
    "start": "06:00",
    "end": "14:00",
    "breaks": {"meal": {"start": "10:00", "minutes": 30}},
    "pickers": 3,
    "packers": 1,
    "by_day": {"tue": {"pickers": 1}},
}
NIGHT: dict[str, Any] = {"days": ["sun"], "start": "22:00", "end": "02:00", "pickers": 2}
WAGES = Wages(pickers=20.0, packers=19.5)


def test_people_are_at_work_inside_the_shift_and_outside_the_break() -> None:
    """Three pickers on Monday from 06:00 to 14:00 but for the break, one on Tuesday."""
    pickers = at_work({"day": DAY})["pickers"]

    assert [pickers[slot] for slot in (23, 24, 39, 40, 41, 42, 55, 56)] == [0, 3, 3, 0, 0, 3, 3, 0]
    assert sum(pickers[:SLOTS_A_DAY]) == 3 * 30
    assert sum(pickers[SLOTS_A_DAY:]) == 30


def test_a_night_shift_reaches_into_the_next_day_and_week() -> None:
    """Two from Sunday 22:00 are there until Monday 02:00, at the other end of the week."""
    pickers = at_work({"night": NIGHT})["pickers"]

    assert [slot for slot in range(672) if pickers[slot]] == [*range(8), *range(664, 672)]
    assert set(pickers) == {0, 2}


def test_a_break_after_midnight_counts_in_its_own_hours() -> None:
    """A break at 01:00 of a shift from 22:00 lies on Monday morning."""
    shift = {**NIGHT, "end": "06:00", "breaks": {"meal": {"start": "01:00", "minutes": 30}}}

    pickers = at_work({"night": shift})["pickers"]

    assert [slot for slot in range(24) if not pickers[slot]] == [4, 5]


def test_part_of_a_quarter_hour_does_not_count() -> None:
    """From 06:10 to 10:05 there are 15 full quarter-hours, from 06:15 to 10:00."""
    shift = {"days": ["mon"], "start": "06:10", "end": "10:05", "pickers": 1}

    pickers = at_work({"short": shift})["pickers"]

    assert [slot for slot in range(672) if pickers[slot]] == list(range(25, 40))


def test_wages_are_paid_hours_breaks_included() -> None:
    """(3 + 1) x 8 h x 20 EUR, 2 x 8 h x 19.50 EUR, and 2 x 4 h x 20 EUR at night."""
    cents = week_wage_cents({"day": DAY, "night": NIGHT}, WAGES)

    assert cents == 4 * 8 * 2000 + 2 * 8 * 1950 + 2 * 4 * 2000


def test_wages_of_today_are_those_of_the_command() -> None:
    """The bill of the default staff: 6 days early and 5 days late, by hand."""
    staff = {name: shift.model_dump() for name, shift in Scenario(name="s").staff.items()}
    a_day = 8 * (2200 + 6 * 1950 + 5 * 1950 + 2 * 1950 + 2000 + 2000)

    assert week_wage_cents(staff, Wages()) == 11 * a_day


def test_one_more_person_is_one_more_in_the_block_and_nowhere_else() -> None:
    """The difference of the people at work is the block itself."""
    block = Block("packers", (0, 1, 5), 40, 16)

    more = presence(block.with_one_more({"one-more": DAY})) - presence({"one-more": DAY})

    assert more.sum() == block.person_slots == 48
    assert more[ROLES.index("packers"), list(block.slots)].tolist() == [1] * 48
    assert block.words == "packers 10:00-14:00 mon-tue sat"


def test_blocks_cover_the_hours_of_a_role_once() -> None:
    """Parts of four hours from the first open quarter-hour on, on the days of the role."""
    staff = {"day": DAY, "late": {**DAY, "start": "09:00", "end": "15:00", "packers": 0}}

    blocks = blocks_of(at_work(staff), ["pickers", "packers", "clerks"])

    assert [(b.role, b.days, b.first, b.length) for b in blocks] == [
        ("pickers", (0, 1), 24, 16),
        ("pickers", (0, 1), 40, 16),
        ("pickers", (0, 1), 56, 4),
        ("packers", (0, 1), 24, 16),
        ("packers", (0, 1), 40, 16),
        ("packers", (0, 1), 56, 4),
    ]
    assert blocks_of(at_work({}), ["pickers"]) == []


@pytest.mark.parametrize("days", [(0,), (0, 1, 2), (0, 2, 3)])
def test_heads_in_a_block_are_person_quarter_hours(days: tuple[int, ...]) -> None:
    """A block of the early hours counts three on Monday and one on Tuesday."""
    block = Block("pickers", days, 24, 16)

    expected = sum({0: 3, 1: 1}.get(day, 0) for day in days) * 16

    assert block.heads_in(at_work({"day": DAY})) == expected
