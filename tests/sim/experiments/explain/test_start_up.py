"""What a run sees of late work: delays, and renewals of stock from the first unit on."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.setting import prepare
from sim.experiments.explain.offered import offered_load
from sim.experiments.explain.start_up import by_hour_of, knots_h, renewals, spread_later
from sim.scenario.schema import Scenario
from tests.theory.systems import minutes, queue_scenario

DAY_MIN = 1440.0


def test_a_delay_moves_what_happens_and_loses_what_never_does() -> None:
    """Half comes two hours later, a quarter after the end, a quarter never."""
    by_hour = np.array([4.0, 8.0, 0.0, 0.0])
    later = spread_later(by_hour, np.array([2.0, 2.0, 90.0, np.inf]))
    assert later.tolist() == [0.0, 0.0, 2.0, 4.0]
    assert spread_later(by_hour, np.array([np.inf])).tolist() == [0.0] * 4
    assert spread_later(by_hour, np.array([0.0])).tolist() == by_hour.tolist()


def test_the_hours_have_all_the_work() -> None:
    """Work between two points in time is spread over the hours between them."""
    at_h = knots_h(48)
    assert at_h.tolist() == [0.0, 24.0, 48.0]
    assert by_hour_of(np.array([0.0, 24.0, 72.0]), at_h, 48).tolist() == [1.0] * 24 + [2.0] * 24


@pytest.mark.parametrize("first", [1.0, 7.0, 30.0])
def test_renewals_are_those_of_poisson_demand(first: float) -> None:
    """Demand that is drawn reaches the first bar, and each further one, as often."""
    days, each, rate = np.array([0.0, 3.0, 10.0, 20.0]), 10.0, 2.5
    came = np.random.default_rng(3).poisson(rate * days[:, None], (4, 20_000))
    drawn = np.where(came >= first, (came - first) // each + 1, 0).mean(axis=1)
    one = np.array([rate])
    found = renewals(one, one, np.array([first]), np.array([each]), days)[0]
    assert found[0] == pytest.approx(0.0, abs=1e-9)
    assert found == pytest.approx(drawn, abs=0.06)


def test_a_run_that_begins_anywhere_in_the_cycle_buys_evenly() -> None:
    """A drawn opening is that of a house that always was."""
    one, days = np.array([3.0]), np.array([0.0, 1.0, 5.0])
    found = renewals(one, one, np.array([np.inf]), np.array([6.0]), days)
    assert found.tolist() == [[0.0, 0.5, 2.5]]


def returning(warm_up_days: float) -> Scenario:
    """Return a queue whose goods all come back exactly ten days later, 6 minutes of work each."""
    picking, packing = (
        {"time_s": minutes("exponential", 1.0)},
        {"time_s": minutes("exponential", 1)},
    )
    scenario = queue_scenario(
        0.1, warm_up_days * DAY_MIN, 7 * DAY_MIN, picking, packing,
        {"pickers": 1, "packers": 1, "returns_clerks": 1},
    )  # fmt: skip
    document = scenario.model_dump()
    still = {"distribution": "deterministic"}
    document["items"]["categories"]["all"]["return_rate"] = 1.0
    document["packing"]["label_s"] = {**still, "value": 0.0}
    document["returns"] |= {
        "lag_days": {**still, "value": 8.0}, "way_back_days": {**still, "value": 2.0},
        "inspect_s": {**still, "value": 360.0}, "restock_s": 0.0, "error_claim_share": 0.0,
    }  # fmt: skip
    return Scenario.model_validate(document)


@pytest.mark.parametrize(("warm_up_days", "share"), [(0.0, 0.0), (7.0, 4.0 / 7.0), (14.0, 1.0)])
def test_returns_come_when_their_delay_is_over(warm_up_days: float, share: float) -> None:
    """Of a week after so many days, the days from the tenth on have returns."""
    found = offered_load(prepare(returning(warm_up_days), {}))
    assert found.of("returns_clerks").load == pytest.approx(0.1 * 6.0 * share, abs=0.01)
    noted = [note for note in found.notes if note.startswith("returns clerks: this window sees")]
    assert len(noted) == (share < 0.9)
