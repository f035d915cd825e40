"""Offered loads are exact where a scenario is a textbook queue, and close where it is a house."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.engine.floor import zone_floors
from sim.engine.setting import prepare
from sim.experiments.explain.offered import Offered, loads_of_days, offered_load
from sim.experiments.explain.offered_text import bottleneck_sentence, offered_lines, overload_notes
from sim.experiments.replication import play_replication
from sim.policies.routing import resolve_routing
from sim.scenario.loading import load
from sim.scenario.schema import Scenario
from tests.theory.systems import NOTHING, minutes, queue_scenario

WEEK_MIN = 7 * 1440.0


def textbook(
    rate_per_min: float, *, pickers: int = 4, packers: int = 2, **further: Any
) -> Scenario:
    """Return pickers of mean 2 minutes an order, packers of 1, around the clock."""
    return queue_scenario(
        rate_per_min,
        0.0,
        WEEK_MIN,
        further.pop("picking", {"time_s": minutes("exponential", 2.0)}),
        {"time_s": minutes("exponential", 1.0), "label_s": NOTHING},
        {"pickers": pickers, "packers": packers},
    ).model_copy(update=further)


def offered(scenario: Scenario) -> Offered:
    """Return the offered load of a scenario without files."""
    return offered_load(prepare(scenario, {}))


def test_the_load_of_a_queue_is_rate_times_mean_over_heads() -> None:
    """The load of a queue is rate times mean over heads."""
    found = offered(textbook(1.2))
    assert found.of("pickers").load == pytest.approx(1.2 * 2.0 / 4)
    assert found.of("packers").load == pytest.approx(1.2 * 1.0 / 2)
    assert found.of("pickers").days == pytest.approx([0.6] * 7)
    assert found.of("pickers").utilisation == pytest.approx(0.6)
    assert found.of("pickers").hours == pytest.approx([0.6] * 168)
    assert [role.role for role in found.roles] == ["pickers", "packers"]


@pytest.mark.parametrize(
    ("load", "verdict"),
    [(0.9, "stable"), (0.949, "stable"), (0.951, "heavy"), (1.001, "unstable"), (1.05, "unstable")],
)
def test_the_verdict_turns_at_one(load: float, verdict: str) -> None:
    """The verdict turns at one."""
    found = offered(textbook(load * 4 / 2.0, packers=9))
    assert found.of("pickers").verdict == verdict
    assert found.of("packers").verdict == "stable"
    notes = overload_notes(found)
    assert len(notes) == (verdict != "stable")
    assert all("pickers" in note for note in notes)
    assert (f"have {load:.2f} times the work" in " ".join(notes)) == (verdict == "unstable")


def test_the_time_of_a_tour_is_shared_by_a_full_cart() -> None:
    """The time of a tour is shared by a full cart."""
    tours = {"tour_time_s": minutes("deterministic", 8.0), "batching": "first_come",
             "batch_max_orders": 4}  # fmt: skip
    found = offered(textbook(1.0, picking=tours))
    assert found.of("pickers").load == pytest.approx(1.0 * 8.0 / 4 / 4)
    busy = found.of("pickers").utilisation
    assert busy is not None
    assert 0.5 < busy < 1.0  # carts leave before they are full


def test_a_tour_is_set_up_walk_and_goods() -> None:
    """One SKU lies at one place: each tour walks there and back, whatever is on the cart."""
    picking = {"batching": "first_come", "batch_max_orders": 5, "tour_setup_s": 60.0,
               "search_s": minutes("deterministic", 0.2), "take_s_per_unit": 3.0}  # fmt: skip
    setting = prepare(textbook(1.0, picking=picking), {})
    (floor,) = zone_floors(setting)
    walk_m = resolve_routing("s_shape", floor).length_m([setting.location_of_sku[0]])
    walk_s = walk_m / setting.scenario.warehouse.walk_speed_m_per_s
    tours = offered_load(setting).tours
    assert tours.orders == (1.0, 2.0, 4.0, 5.0)
    assert tours.seconds == pytest.approx([(60.0 + walk_s) / n + 15.0 for n in tours.orders])


def test_clerks_type_what_is_manual() -> None:
    """Clerks type what is manual."""
    scenario = textbook(1.0)
    assert scenario.payment.fraud_hold_share == 0.0
    document = scenario.model_dump()
    document["orders"]["channels"] = {"phone": {"entry": "manual", "share": 1.0}}
    document["entry"] |= {"time_s": minutes("exponential", 1.5), "error_rate_per_line": 0.0,
                          "wrong_address_rate": 0.0}  # fmt: skip
    document["staff"]["always"]["clerks"] = 3
    found = offered(Scenario.model_validate(document))
    assert found.of("clerks").load == pytest.approx(1.0 * 1.5 / 3)


def test_what_comes_on_a_closed_day_is_work_of_the_next() -> None:
    """What comes on a closed day is work of the next."""
    come, hands = np.full(168, 10.0), np.full(168, 20.0)
    hands[5 * 24 : 7 * 24] = 0.0
    monday, *rest = loads_of_days(come, hands)
    assert monday == pytest.approx(1.5)
    assert rest == [0.5, 0.5, 0.5, 0.5, None, None]
    assert loads_of_days(come, np.zeros(168)) == (None,) * 7


def test_the_bottleneck_is_said_in_a_sentence() -> None:
    """The bottleneck is said in a sentence."""
    shift = textbook(0.5).staff["always"].model_copy(update={"days": ["mon", "tue", "wed"]})
    found = offered(textbook(0.5, staff={"always": shift}))
    assert found.of("pickers").load == pytest.approx(0.25 * 7 / 3)
    assert bottleneck_sentence(found) == (
        "bottleneck: pickers: 0.58 of their week; the fullest day is Monday with 1.25: "
        "work runs over into Tuesday"
    )
    assert any(line.startswith("| pickers |") for line in offered_lines(found, "md"))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["baseline", "peak", "gift-shop"])
def test_the_expected_busy_share_is_that_of_the_simulation(name: str) -> None:
    """The expected busy share is that of the simulation; in a short run, of late work too."""
    loaded = load(name)
    setting = prepare(loaded.scenario, loaded.external_files, name)
    found, played = offered_load(setting), play_replication(setting, 0)
    for role in ("pickers", "packers", "receivers", "returns_clerks"):
        simulated = played.kpis[f"utilisation_{role}_rate"]
        assert found.of(role).utilisation == pytest.approx(simulated, abs=0.05)


def test_the_simulation_agrees_who_falls_behind() -> None:
    """Pickers are never idle at a load of 1.05 and are at 0.9, as said before the run."""
    never_idle = []
    for load_of_pickers in (0.9, 1.05):
        scenario = textbook(load_of_pickers * 4 / 2.0, packers=9)
        outcome = play_replication(prepare(scenario, {}), 0)
        share = outcome.kpis["utilisation_pickers_rate"]
        assert share is not None
        never_idle.append(share > 0.985)
    assert never_idle == [False, True]
