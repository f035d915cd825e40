from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.policies.face_levels import FaceLevels, face_levels, units_to_bring


@pytest.mark.parametrize(
    ("demand", "volume_ml", "levels"),
    [
        (4.0, 100.0, (2, 8)),  # half a day: 2, two days: 8
        (3.25, 100.0, (2, 7)),  # 1.6 and 6.5, rounded up
        (4.0, 2500.0, (2, 4)),  # four units fill 10 litres
        (4.0, 6000.0, (0, 1)),  # one unit fits
        (4.0, 99_000.0, (0, 1)),  # none fits: it lies before the face
        (0.0, 100.0, (0, 1)),  # never sold: one unit within reach
    ],
)
def test_levels_are_days_of_demand_within_the_volume(
    demand: float, volume_ml: float, levels: tuple[int, int]
) -> None:
    """Faces of 10 litres for 0.5 to 2 days of demand."""
    found = face_levels(demand, volume_ml, min_days=0.5, max_days=2.0, face_volume_ml=10_000.0)

    assert found == FaceLevels(*levels)


@pytest.mark.parametrize(
    ("face", "waited_for", "reserve", "units"),
    [
        (3, 0, 50, 0),  # above the minimum
        (2, 0, 50, 6),  # at the minimum: full again
        (0, 0, 5, 5),  # no more than there is
        (2, 0, 0, 0),  # nothing is there
        (3, 4, 50, 9),  # the four that are waited for, and a full face
        (3, 20, 50, 25),  # also more than the face can hold
    ],
)
def test_a_top_up_fills_the_face_and_serves_those_who_wait(
    face: int, waited_for: int, reserve: int, units: int
) -> None:
    """With a minimum of 2 and a maximum of 8."""
    assert units_to_bring(face, waited_for, reserve, FaceLevels(2, 8)) == units


@given(
    st.floats(0.0, 1e4), st.floats(1.0, 1e6), st.floats(0.0, 5.0), st.floats(0.1, 30.0),
    st.floats(1.0, 1e6),
)  # fmt: skip
def test_a_face_holds_a_unit_and_is_topped_up_before_it_is_full(
    demand: float, volume_ml: float, min_days: float, max_days: float, face_ml: float
) -> None:
    """0 <= minimum < maximum, whatever the demand and the sizes."""
    least, most = face_levels(
        demand, volume_ml, min_days=min_days, max_days=max_days, face_volume_ml=face_ml
    )

    assert 0 <= least < most
    assert most == 1 or most * volume_ml <= face_ml
