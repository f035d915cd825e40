from __future__ import annotations

import numpy as np
import pytest

from sim.kpis.people_tables import PACKERS, PICKERS
from sim.kpis.series import queue_by_hour, utilisation_by_hour
from sim.kpis.slices import Window
from sim.log.facts import Fact
from tests.sim.kpis.journal import HOUR, Journal, demand_of


def one_shift() -> Journal:
    """Picker 0 is paid 6-15 h (one hour overtime), on break 10-11 h, works 7-10 h and 14-15 h.

    Packer 1 is paid from 6 h to 14 h, packs 8-9 h and picks 9-11 h. The tour from 7 h to 10 h has
    12 lines of 3 orders and 360 m. Six lines are picked at 10 h.
    """
    journal = Journal(demand_of([(0.0, [(0, 1, 1000)] * 6)]))
    journal.sell(0, paid_s=0.0)
    for time_h, fact, person, role, value in (
        (6, Fact.ON_DUTY, 0, PICKERS, 0.0), (6, Fact.ON_DUTY, 1, PACKERS, 0.0),
        (10, Fact.WORKED, 0, PICKERS, 3 * HOUR), (10, Fact.BREAK_STARTED, 0, PICKERS, 0.0),
        (11, Fact.BREAK_ENDED, 0, PICKERS, 0.0), (15, Fact.WORKED, 0, PICKERS, HOUR),
        (15, Fact.OFF_DUTY, 0, PICKERS, HOUR), (9, Fact.WORKED, 1, PACKERS, HOUR),
        (11, Fact.WORKED, 1, PICKERS, 2 * HOUR), (14, Fact.OFF_DUTY, 1, PACKERS, 0.0),
    ):  # fmt: skip
        journal.note(time_h * HOUR, fact, person, role, value)
    journal.note(7 * HOUR, Fact.TOUR_STARTED, 0, 0, 12.0)
    journal.note(10 * HOUR, Fact.TOUR_ENDED, 0, 3, 360.0)
    for line in range(6):
        journal.note(10 * HOUR, Fact.LINE_PICKED, line, 1)
    return journal


def test_utilisation_is_busy_over_paid_without_breaks() -> None:
    """A person counts for their own role, whatever they do; breaks are neither busy nor idle."""
    kpis = one_shift().kpis()

    assert kpis["utilisation_pickers_rate"] == pytest.approx(4 / 8)  # 9 paid - 1 break, 4 busy
    assert kpis["utilisation_packers_rate"] == pytest.approx(3 / 8)
    assert kpis["utilisation_clerks_rate"] is None
    assert kpis["overtime_share_rate"] == pytest.approx(1 / 17)


def test_work_is_cut_to_the_window() -> None:
    """Only the part of a span that lies inside the window counts."""
    kpis = one_shift().kpis(Window(8 * HOUR, 10.5 * HOUR))

    # Picker: paid 2.5 h, break 0.5 h, busy 8-10 h = 2 h. Packer: paid 2.5 h, busy 8-10.5 h.
    assert kpis["utilisation_pickers_rate"] == pytest.approx(2 / 2)
    assert kpis["utilisation_packers_rate"] == pytest.approx(2.5 / 2.5)
    assert kpis["overtime_share_rate"] == 0.0


def test_yield_of_an_hour_and_of_a_tour() -> None:
    """Lines an hour, metres a line, lines and orders a tour."""
    kpis = one_shift().kpis()

    # The packer's two hours at the pick count like nine paid hours of the picker.
    assert kpis["lines_per_labour_hour"] == pytest.approx(6 / 11)
    assert kpis["orders_per_labour_hour"] == 0.0  # nothing has left
    assert kpis["walk_m_per_line"] == pytest.approx(30.0)
    assert kpis["lines_per_tour"] == 12.0
    assert kpis["orders_per_tour"] == 3.0


def test_who_is_on_duty_when_the_log_ends_is_paid_until_then() -> None:
    """A log that stops in the middle of a shift still has paid time."""
    journal = Journal(demand_of([]))
    journal.note(0.0, Fact.ON_DUTY, 0, PICKERS)
    journal.note(2 * HOUR, Fact.WORKED, 0, PICKERS, HOUR)

    assert journal.kpis()["utilisation_pickers_rate"] == pytest.approx(0.5)


def test_the_heat_map_of_utilisation_is_cut_by_the_hour() -> None:
    """Monday's hours of the picker: busy 7-10 and 14-15, on break 10-11, off from 15 on."""
    heat = utilisation_by_hour(one_shift().account())  # 2026-01-05 is a Monday

    expected = [0, 1, 1, 1, np.nan, 0, 0, 0, 1, np.nan]
    np.testing.assert_allclose(heat[PICKERS, 0, 6:16], expected, atol=1e-6)
    assert np.isnan(heat[PICKERS, 1]).all()


def test_the_queue_band_follows_joins_and_starts() -> None:
    """A shipment released at 2 h and begun at 5 h stands in the pickers' line at 2, 3 and 4 h."""
    journal = Journal(demand_of([(0.0, [(0, 1, 1000)])]))
    journal.note(0.0, Fact.PLACED, 0)
    journal.note(2 * HOUR, Fact.RELEASED, 0)
    journal.note(5 * HOUR, Fact.PICK_STARTED, 0, 0)

    band = queue_by_hour(journal.account(Window(0.0, 8 * HOUR)), PICKERS)

    np.testing.assert_array_equal(band.mean[:8], [0, 0, 1, 1, 1, 0, 0, 0])
    np.testing.assert_array_equal(band.high[:8], [0, 0, 1, 1, 1, 0, 0, 0])


def test_a_late_hand_in_joins_the_clerks_when_it_is_handed_in() -> None:
    """An order waits for a clerk from the hand-in on, not from the customer's decision."""
    journal = Journal(demand_of([(0.0, [(0, 1, 1000)])]))
    journal.note(0.0, Fact.PLACED, 0)
    journal.note(3 * HOUR, Fact.HANDED_IN, 0)
    journal.note(5 * HOUR, Fact.ENTRY_STARTED, 0, 1)

    band = queue_by_hour(journal.account(Window(0.0, 6 * HOUR)), 0)

    np.testing.assert_array_equal(band.mean[:6], [0, 0, 0, 1, 1, 0])
