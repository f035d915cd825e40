from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.policies.release import (
    RELEASE,
    RELEASE_SEQUENCE,
    cut_off_wave,
    interval,
    resolve_waves,
)
from sim.scenario.schema.release import ReleaseSection

HOUR_S = 3600.0
TRUCK_S = 17 * HOUR_S


@pytest.mark.parametrize(
    ("now_s", "release_s"), [(0.0, 0.0), (0.1, 3600.0), (3600.0, 3600.0), (3600.5, 7200.0)]
)
def test_interval_releases_at_whole_multiples(now_s: float, release_s: float) -> None:
    """Every hour on the hour, whatever the truck; who comes on the hour goes at once."""
    assert interval(3600.0)(now_s, TRUCK_S) == release_s


@given(now_s=st.integers(0, 10**10).map(lambda ms: ms / 1000.0), interval_s=st.floats(1.0, 1e5))
def test_wave_is_the_next_multiple_never_in_the_past(now_s: float, interval_s: float) -> None:
    """At most one interval later, and a whole multiple."""
    wave_s = interval(interval_s)(now_s, TRUCK_S)

    assert wave_s >= now_s * (1.0 - 1e-12)
    assert wave_s - now_s < interval_s * (1.0 + 1e-9)
    assert round(wave_s / interval_s) * interval_s == pytest.approx(wave_s)


@pytest.mark.parametrize(
    ("now_h", "release_h"),
    [
        (0.0, 15.0),
        (14.9, 15.0),
        (15.0, 15.0),  # the wave itself
        (15.5, 15.5),  # after it: at once, to make the truck
        (17.0, 17.0),
    ],
)
def test_one_wave_before_a_truck(now_h: float, release_h: float) -> None:
    """The truck of 17:00 with two hours lead: all that is there goes at 15:00, the rest at once."""
    assert cut_off_wave(2 * HOUR_S, 1)(now_h * HOUR_S, TRUCK_S) == release_h * HOUR_S


@pytest.mark.parametrize(
    ("now_h", "release_h"),
    [(9.0, 14.0), (14.0, 14.0), (14.1, 15.0), (15.0, 15.0), (15.9, 16.0), (16.5, 16.5)],
)
def test_three_waves_before_a_truck(now_h: float, release_h: float) -> None:
    """Three hours lead and three waves: 14:00, 15:00, 16:00, and after the last one at once."""
    assert cut_off_wave(3 * HOUR_S, 3)(now_h * HOUR_S, TRUCK_S) == release_h * HOUR_S


@given(
    now_s=st.integers(0, 10**6).map(float),
    wait_s=st.integers(0, 10**6).map(float),
    lead_s=st.integers(60, 10**5).map(float),
    waves=st.integers(1, 7),
)
def test_a_wave_is_neither_in_the_past_nor_after_its_truck(
    now_s: float, wait_s: float, lead_s: float, waves: int
) -> None:
    """Whatever the lead: between now and the truck, and never before the first wave if now is."""
    truck_s = now_s + wait_s

    wave_s = cut_off_wave(lead_s, waves)(now_s, truck_s)

    assert now_s - 1e-6 <= wave_s <= truck_s
    assert wave_s >= truck_s - lead_s - 1e-6


def test_every_policy_has_a_name_and_no_other_has() -> None:
    """The names of the scenario file resolve, two of them to waves; another raises KeyError."""
    with_waves = [name for name in RELEASE if resolve_waves(ReleaseSection(policy=name))]

    assert with_waves == ["interval", "cut_off_wave"]
    with pytest.raises(KeyError):
        resolve_waves(ReleaseSection(policy="when it rains"))


def test_the_keys_of_a_scenario_are_minutes() -> None:
    """interval_min 90 is every 5400 s; lead_min 60 and two waves are 60 and 30 minutes before."""
    every = resolve_waves(ReleaseSection(policy="interval", interval_min=90.0))
    before = resolve_waves(
        ReleaseSection(policy="cut_off_wave", lead_min=60.0, waves_before_truck=2)
    )

    assert every is not None
    assert before is not None
    assert every(1.0, TRUCK_S) == 5400.0
    assert before(0.0, TRUCK_S) == 16 * HOUR_S
    assert before(16.1 * HOUR_S, TRUCK_S) == 16.5 * HOUR_S


@dataclass
class Waits:
    """A shipment as a sequence sees it."""

    name: str
    rank: int
    promised_truck_s: float


@pytest.mark.parametrize(
    ("sequence", "order"), [("first_come", "abcd"), ("due_time", "bdac"), ("priority", "dabc")]
)
def test_sequences(sequence: str, order: str) -> None:
    """As they came; by the promised truck; by the rank, and within it by the promised truck."""
    came = [Waits("a", 1, 17.0), Waits("b", 1, 12.0), Waits("c", 1, 18.0), Waits("d", 0, 12.0)]
    if sequence == "priority":
        came[1] = Waits("b", 1, 17.0)  # the same promise as a: who came first goes first

    went = sorted(came, key=RELEASE_SEQUENCE[sequence])

    assert "".join(shipment.name for shipment in went) == order
