from __future__ import annotations

import pytest

from sim.kpis.duty import moves_s
from sim.kpis.people_tables import CLERKS, PACKERS, PICKERS
from sim.kpis.slices import Window
from sim.log.facts import Fact, ShortAnswer
from tests.sim.kpis.journal import DAY, HOUR, Journal, demand_of, plain_scenario

WAGES = {"eur_per_hour": {"pickers": 20.0, "packers": 10.0}}


def two_trades() -> Journal:
    """A picker picks 2 h and packs 1 h; a packer packs 3 h, picks 1 h, packs 1 h; both 6 to 14."""
    journal = Journal(demand_of([]))
    for person, role in ((0, PICKERS), (1, PACKERS)):
        journal.note(6 * HOUR, Fact.ON_DUTY, person, role)
        journal.note(14 * HOUR, Fact.OFF_DUTY, person, role)
    for end_h, person, role, length_h in (
        (8, 0, PICKERS, 2), (9, 1, PACKERS, 3), (10, 0, PACKERS, 1), (11, 1, PICKERS, 1),
        (12, 1, PACKERS, 1),
    ):  # fmt: skip
        journal.note(end_h * HOUR, Fact.WORKED, person, role, length_h * HOUR)
    return journal


def test_the_share_of_a_role_s_work_that_others_did() -> None:
    """Of 3 h of picking the packer did one, of 5 h of packing the picker one; no clerk's work."""
    kpis = two_trades().kpis()

    assert kpis["helped_share_pickers_rate"] == pytest.approx(1 / 3)
    assert kpis["helped_share_packers_rate"] == pytest.approx(1 / 5)
    assert kpis["helped_share_clerks_rate"] is None


def test_a_move_is_work_of_another_role_than_before() -> None:
    """The picker moves at 9; the packer at 10 and back at 11: three moves in two paid days."""
    journal = two_trades()

    assert moves_s(journal.tables()).tolist() == [9 * HOUR, 10 * HOUR, 11 * HOUR]
    assert journal.kpis()["moves_per_person_day"] == pytest.approx(3 / 2)
    # from 10 to 12 two moves, and 4 paid hours: half a day
    assert journal.kpis(Window(10 * HOUR, 12 * HOUR))["moves_per_person_day"] == pytest.approx(4.0)


def test_everybody_begins_the_next_shift_in_the_own_role() -> None:
    """A packer who picked last and picks first on the next day has moved twice."""
    journal = Journal(demand_of([]))
    for day in (0, 1):
        journal.note(day * DAY, Fact.ON_DUTY, 5, PACKERS)
        journal.note(day * DAY + HOUR, Fact.WORKED, 5, PICKERS, HOUR)
        journal.note(day * DAY + 2 * HOUR, Fact.OFF_DUTY, 5, PACKERS)

    assert moves_s(journal.tables()).tolist() == [0.0, DAY]


def missed_shift() -> Journal:
    """Picker 0 works 8 h and one of overtime, picker 1 misses 8 h, packer 2 misses 8 h."""
    journal = Journal(demand_of([(0.0, [(0, 2, 2000)])]))
    journal.sell(0, paid_s=0.0)
    journal.ship(0, start_s=0.0)
    journal.note(6 * HOUR, Fact.ON_DUTY, 0, PICKERS)
    journal.note(15 * HOUR, Fact.OFF_DUTY, 0, PICKERS, HOUR)
    journal.note(6 * HOUR, Fact.ABSENT, 1, PICKERS, 8 * HOUR)
    journal.note(6 * HOUR, Fact.ABSENT, 2, PACKERS, 8 * HOUR)
    return journal


def test_absence_is_missed_of_planned_time() -> None:
    """16 of 24 planned hours are missed; overtime was not planned."""
    assert missed_shift().kpis()["absence_rate"] == pytest.approx(16 / 24)


def test_absence_is_cut_to_the_window() -> None:
    """From 6 to 10 both miss four hours and one works four."""
    kpis = missed_shift().kpis(Window(6 * HOUR, 10 * HOUR))

    assert kpis["absence_rate"] == pytest.approx(8 / 12)


def test_missed_shifts_cost_their_plain_wage_where_they_are_paid() -> None:
    """8 h at 20 EUR and 8 h at 10 EUR for the one order that left; nothing if unpaid."""
    paid = missed_shift().kpis(scenario=plain_scenario(people=WAGES))
    unpaid = missed_shift().kpis(scenario=plain_scenario(people={**WAGES, "absence_paid": False}))

    assert paid["cost_absence_per_order_eur"] == pytest.approx(240.0)
    assert unpaid["cost_absence_per_order_eur"] == 0.0
    assert paid["cost_labour_per_order_eur"] == unpaid["cost_labour_per_order_eur"] == 160.0
    for kpi, less in (("cost_per_order_eur", 240.0), ("margin_eur", -240.0)):
        before, after = paid[kpi], unpaid[kpi]
        assert before is not None
        assert after is not None
        assert before - after == pytest.approx(less)


def test_a_floor_hour_ships_the_lines_that_left_the_house() -> None:
    """Order 0 has three lines, one of them sent by the supplier; clerks are not of the floor."""
    journal = Journal(demand_of([(0.0, [(0, 1, 100), (1, 1, 100), (2, 1, 100)])]))
    journal.sell(0, paid_s=0.0)
    journal.note(0.0, Fact.SHORT, 2, 1, ShortAnswer.DROPSHIP)
    journal.ship(0, start_s=0.0, lines=[0, 1])
    for person, role in enumerate((PICKERS, PACKERS, CLERKS)):
        journal.note(0.0, Fact.ON_DUTY, person, role)
        journal.note(2 * HOUR, Fact.OFF_DUTY, person, role)

    assert journal.kpis()["lines_shipped_per_floor_hour"] == pytest.approx(2 / 4)
