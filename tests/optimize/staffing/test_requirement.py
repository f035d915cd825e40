"""Heads by modified offered load, against closed forms and the exact equations of the queue."""

from __future__ import annotations

import math

import numpy as np
import pytest

from optimize.staffing.erlang import erlang_c, people_for, wait_tail
from optimize.staffing.heads import heads
from optimize.staffing.offered import METHODS, Method, load_of_periods, modified_offered_load
from optimize.staffing.problem import SLOTS_A_WEEK, Cover
from optimize.staffing.requirement import (
    RULES,
    Deadline,
    Rule,
    carried,
    closing_deadlines,
    covers,
    need,
    needs,
    open_slots,
    truck_deadlines,
)
from sim.scenario.schema import ROLES, Scenario
from sim.scenario.schema.people import Shift
from tests.optimize.staffing.exact_queue import (
    PERIODS,
    SETTINGS,
    STEPS,
    Setting,
    exact_waits,
    failing_share,
)

BASE = Scenario(name="base")

STAFF_HOURS = [(765.5, 743.0), (1699.0, 1650.0), (326.0, 321.0), (1695.5, 1650.0)]
"""Of MOL and of SIPP with the average, for each of SETTINGS; found with other code."""


def direct_erlang_c(load: float, people: int) -> float:
    """Return Erlang's C formula as it stands in textbooks."""
    top = load**people / math.factorial(people) * people / (people - load)
    return top / (math.fsum(load**k / math.factorial(k) for k in range(people)) + top)


@pytest.mark.parametrize(
    ("load", "people"), [(0.5, 1), (2.0, 3), (8.0, 10), (19.0, 20), (40.0, 41)]
)
def test_erlang_c_is_the_formula(load: float, people: int) -> None:
    """The recursion gives Erlang's formula; M/M/1 waits with share rho, load 2 on 3 with 4/9."""
    assert erlang_c(load, people) == pytest.approx(direct_erlang_c(load, people), rel=1e-12)
    assert erlang_c(0.5, 1) == pytest.approx(0.5)
    assert erlang_c(2.0, 3) == pytest.approx(4 / 9)


@pytest.mark.parametrize("target", [0.05, 0.2, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("load", [0.01, 0.3, 1.0, 4.7, 25.0])
def test_people_for_is_the_fewest(load: float, target: float) -> None:
    """With the people returned the target holds; with one fewer it does not."""
    people = people_for(load, target)

    assert people > load
    assert direct_erlang_c(load, people) <= target + 1e-12
    assert people - 1 <= load or direct_erlang_c(load, people - 1) > target


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("load", [0.4, 3.2, 17.0])
def test_constant_work_needs_erlang_c_heads(load: float, method: Method) -> None:
    """Work at a constant rate needs the heads of Erlang's formula in every slot."""
    work_s = np.full(SLOTS_A_WEEK, load * 900.0)

    asked = heads(work_s, 400.0, 0.2, method=method)

    assert asked == (people_for(load, 0.2),) * SLOTS_A_WEEK


def test_offered_load_follows_a_sine_with_the_known_lag() -> None:
    """For a sine m(t) is a sine, smaller and later (Eick, Massey, Whitt 1993)."""
    mean, served, share = 30.0, 0.5, 0.8
    turn = 2.0 * math.pi / 24.0
    hours = np.arange(1, PERIODS * STEPS + 1) / (2 * STEPS)
    # m(t) = mean/mu (1 + share (sin wt - w/mu cos wt) / (1 + (w/mu)^2))
    lag = turn / served
    wave = (np.sin(turn * hours) - lag * np.cos(turn * hours)) / (1.0 + lag**2)
    exact = mean / served * (1.0 + share * wave)

    found = modified_offered_load(Setting(mean, served, 0.2).load(), served / (2 * STEPS))

    assert np.abs(found - exact).max() < 1e-3


@pytest.mark.parametrize(("setting", "hours"), list(zip(SETTINGS, STAFF_HOURS, strict=True)))
def test_staff_hours_of_the_known_settings(setting: Setting, hours: tuple[float, float]) -> None:
    """The staff-hours of a day are the known ones, for MOL and for the plain period rates."""
    assert tuple(sum(setting.heads(method)) / 2 for method in ("mol", "sipp")) == hours


@pytest.mark.parametrize("setting", SETTINGS)
def test_no_half_hour_waits_more_than_asked(setting: Setting) -> None:
    """By the exact equations of Mt/M/ct no half-hour's share of waiting is 10 % over the target."""
    waits = exact_waits(setting, setting.heads("mol"))

    assert failing_share(waits, setting.target) == 0.0
    assert min(waits) > 0.2 * setting.target  # nor is anybody there for nothing


@pytest.mark.parametrize("setting", SETTINGS)
def test_plain_period_rates_fail_unless_work_is_short(setting: Setting) -> None:
    """SIPP keeps the target for tasks of five minutes; with longer ones many half-hours fail."""
    fails = failing_share(exact_waits(setting, setting.heads("sipp")), setting.target)

    assert (fails == 0.0) is (setting.served == 12.0)
    assert fails == 0.0 or fails > 0.3


def test_exact_queue_of_a_steady_day_is_erlang_c() -> None:
    """Without a swing every half-hour lets wait the share of Erlang's formula."""
    steady = Setting(40.0, 4.0, 0.2, swing=0.0)

    assert exact_waits(steady, (13,) * PERIODS) == pytest.approx([erlang_c(10.0, 13)] * PERIODS)


def test_lagged_rates_come_a_task_later() -> None:
    """With tasks of one slot and a half the load of a slot is half of each of the two before."""
    load = np.array([0.0, 8.0, 0.0, 0.0, 4.0, 0.0])

    average = load_of_periods(load, 1 / 1.5, "lag")
    highest = load_of_periods(load, 1 / 1.5, "lag_max")

    assert average == pytest.approx([2.0, 0.0, 4.0, 4.0, 0.0, 2.0])
    assert highest == pytest.approx([4.0, 0.0, 8.0, 8.0, 0.0, 4.0])
    assert load_of_periods(load, 9.0, "sipp_max", steps=3) == pytest.approx([8.0, 4.0])
    assert load_of_periods(load, 9.0, "sipp", steps=2) == pytest.approx([4.0, 0.0, 2.0])


@pytest.mark.parametrize(("method", "steps"), [("erlang", 1), ("mol", 4), ("mol", 0)])
def test_unknown_methods_and_periods_are_refused(method: str, steps: int) -> None:
    """A method of another name, and periods that do not divide the cycle, are refused."""
    with pytest.raises(ValueError, match=r"one of mol|that divides it"):
        load_of_periods(np.ones(6), 1.0, method, steps=steps)  # type: ignore[arg-type]


def test_no_work_needs_nobody_and_little_work_the_least() -> None:
    """Without work nobody is asked for; where any is at hand, at least so many."""
    work_s = np.zeros(SLOTS_A_WEEK)
    work_s[100:104] = 5.0

    asked = heads(work_s, 60.0, 0.9, at_least=2)

    assert heads(np.zeros(SLOTS_A_WEEK), 0.0, 0.2) == (0,) * SLOTS_A_WEEK
    assert set(asked[100:104]) == {2}
    assert sum(asked) <= 2 * 5  # the tail of m(t) reaches one slot further


def test_bad_work_is_refused() -> None:
    """Work that is negative or no number is refused."""
    for value in (-1.0, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="finite number of seconds"):
            heads(np.full(SLOTS_A_WEEK, value), 60.0, 0.2)


def test_todays_hours_and_trucks() -> None:
    """The standard house is open 06-22, Saturdays 06-14; a truck comes at 18, Monday to Friday."""
    opened = open_slots(BASE.staff, "pickers")

    # five days of 16 h and one of 8 h, four quarter-hours each
    assert int(opened.sum()) == (5 * 16 + 8) * 4
    assert opened[24]
    assert not opened[23]
    assert not opened[6 * 96 :].any()
    assert truck_deadlines(BASE.shipping)[:2] == (Deadline(56, 72), Deadline(96 + 56, 96 + 72))
    assert len(truck_deadlines(BASE.shipping)) == 5
    assert truck_deadlines(BASE.shipping, lag=2, lead=1)[0] == Deadline(58, 71)
    assert closing_deadlines(opened)[5] == Deadline(5 * 96 + 40, 5 * 96 + 56)


def test_a_weekday_that_differs_opens_its_own_hours() -> None:
    """Six hours on Monday, two on Saturday, and none for pickers on Tuesday."""
    shift = Shift.model_validate(
        {
            "start": "06:00", "end": "12:00", "days": ["mon", "tue", "sat"], "pickers": 2,
            "by_day": {"tue": {"pickers": 0}, "sat": {"end": "08:00"}},
        }
    )  # fmt: skip

    opened = open_slots({"early": shift}, "pickers")

    assert opened.reshape(7, 96).sum(axis=1).tolist() == [24, 0, 0, 0, 0, 8, 0]


def test_closed_hours_are_carried_to_the_next_opening() -> None:
    """Sunday's work is spread over Monday from the opening to the truck; nothing is lost."""
    opened = open_slots(BASE.staff, "pickers")
    work_s = np.zeros(SLOTS_A_WEEK)
    work_s[6 * 96 + 40] = 4800.0

    moved = carried(work_s, opened, truck_deadlines(BASE.shipping))

    # Monday 06:00 to 18:00 are 48 quarter-hours: 100 s each
    assert moved[24:72].tolist() == [pytest.approx(100.0)] * 48
    assert math.fsum(moved.tolist()) == pytest.approx(4800.0)


def test_carrying_loses_no_work() -> None:
    """Whatever arrives when, the week's work is the same and lies in open hours."""
    opened = open_slots(BASE.staff, "pickers")
    work_s = np.random.Generator(np.random.Philox(2)).uniform(0, 900, SLOTS_A_WEEK)

    moved = carried(work_s, opened, truck_deadlines(BASE.shipping))

    assert math.fsum(moved.tolist()) == pytest.approx(math.fsum(work_s.tolist()))
    assert not moved[~opened].any()


def test_windows_before_a_truck() -> None:
    """A day's work must fit between two trucks, and what comes late into the late hours."""
    work_s = np.zeros((1, SLOTS_A_WEEK))
    deadlines = [Deadline(day * 96 + 56, day * 96 + 72) for day in range(7)]
    work_s[0, 96 + 55] = 9000.0  # Tuesday 13:45
    work_s[0, 96 + 60] = 900.0  # Tuesday 15:00, due on Wednesday

    found = covers(work_s, deadlines, busy_share=1.0)

    # From each full hour since Monday 18:00 until Tuesday 18:00: 9000 s are 10 person-slots.
    assert Cover(72, 96, 10) in found
    assert Cover(96 + 52, 20, 10) in found
    assert Cover(96 + 72, 96, 1) in found
    assert max(cover.person_slots for cover in found) == 10
    assert not [c for c in found if 96 + 52 < c.first < 96 + 72]


def test_windows_hold_most_replications_and_leave_idle_time() -> None:
    """A window holds nine of ten replications, and people are busy for the share asked."""
    work_s = np.zeros((10, SLOTS_A_WEEK))
    work_s[:, 40] = 900.0 * np.arange(1, 11)
    deadlines = [Deadline(day * 96 + 56, day * 96 + 72) for day in range(7)]

    found = covers(work_s, deadlines, busy_share=0.5, replication_share=0.9)

    assert max(cover.person_slots for cover in found) == 18


def test_a_need_is_asked_for_in_open_hours_only() -> None:
    """Work that arrives around the clock asks for heads only while the house is open."""
    work_s = np.full((3, SLOTS_A_WEEK), 1800.0)
    opened = open_slots(BASE.staff, "pickers")

    asked = need("pickers", work_s, 600.0, BASE)

    assert {n for n, o in zip(asked.heads, opened.tolist(), strict=True) if not o} == {0}
    assert min(n for n, o in zip(asked.heads, opened.tolist(), strict=True) if o) > 2
    assert asked.wage_cents_per_h == 1950
    assert asked.covers


def test_who_tolerates_a_wait_needs_fewer() -> None:
    """A rule that lets work wait ten minutes asks for fewer people than one that does not."""
    work_s = np.full((1, SLOTS_A_WEEK), 5400.0)
    day_and_night = np.ones(SLOTS_A_WEEK, dtype=np.bool_)

    strict, patient = (
        need("pickers", work_s, 300.0, BASE, rule=Rule(0.1, wait_s=wait_s), opened=day_and_night)
        for wait_s in (0.0, 600.0)
    )

    assert set(strict.heads) == {people_for(6.0, 0.1)}
    assert set(patient.heads) == {people_for(6.0, 0.1, 2.0)}
    assert patient.heads < strict.heads


def test_work_that_others_are_trained_for_is_done_in_their_hours() -> None:
    """Without clerks of its own a house has its orders typed by pickers, while they are there."""
    staff = {"day": {"days": ["mon"], "start": "06:00", "end": "14:00", "pickers": 2}}
    scenario = Scenario.model_validate(
        {"name": "x", "staff": staff, "people": {"cross_training": {"pickers": ["clerks"]}}}
    )
    found = need("clerks", np.full((1, SLOTS_A_WEEK), 90.0), 60.0, scenario)

    assert [slot for slot, heads in enumerate(found.heads) if heads] == list(range(24, 56))


def test_every_role_has_a_rule() -> None:
    """Specialists apart no role is forgotten; rules can be replaced; no work is no plan."""
    work_s = {
        "clerks": np.full((1, SLOTS_A_WEEK), 90.0),
        "receivers": np.zeros((1, SLOTS_A_WEEK)),
    }

    strict = needs(BASE, work_s, {"clerks": 60.0}, rules={"clerks": Rule(0.01)})
    usual = needs(BASE, work_s, {"clerks": 60.0})

    assert (*RULES, "specialists") == ROLES  # who stand at the stations of the scenario
    assert [each.role for each in usual] == ["clerks"]
    assert sum(strict[0].heads) > sum(usual[0].heads) > 0


@pytest.mark.parametrize("patience", [0.0, 0.3, 2.0])
@pytest.mark.parametrize("load", [0.4, 7.5, 60.0])
def test_fewest_people_keep_long_waits_within_the_share(load: float, patience: float) -> None:
    """One fewer would let more than the share wait longer than is tolerated."""
    people = people_for(load, 0.1, patience)
    assert wait_tail(load, people, patience) <= 0.1 < wait_tail(load, people - 1, patience)


def test_long_waits_of_one_server_follow_the_closed_form() -> None:
    """M/M/1: P(W > x) = rho exp(-(1 - rho) x), x in mean services."""
    assert wait_tail(0.8, 1, 3.0) == pytest.approx(0.8 * math.exp(-0.6), rel=1e-12)
