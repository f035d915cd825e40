from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.policies.release import RELEASE, interval, resolve_release, waveless


def test_waveless_releases_at_once() -> None:
    """Whatever the time is."""
    assert waveless()(1234.5) == 1234.5


@pytest.mark.parametrize(
    ("now_s", "release_s"), [(0.0, 0.0), (0.1, 3600.0), (3600.0, 3600.0), (3600.5, 7200.0)]
)
def test_interval_releases_at_whole_multiples(now_s: float, release_s: float) -> None:
    """Every hour on the hour; who comes on the hour goes at once."""
    assert resolve_release("interval", 60.0)(now_s) == release_s


@given(now_s=st.integers(0, 10**10).map(lambda ms: ms / 1000.0), interval_s=st.floats(1.0, 1e5))
def test_wave_is_the_next_multiple_never_in_the_past(now_s: float, interval_s: float) -> None:
    """At most one interval later, and a whole multiple."""
    wave_s = interval(interval_s)(now_s)

    assert wave_s >= now_s * (1.0 - 1e-12)
    assert wave_s - now_s < interval_s * (1.0 + 1e-9)
    assert round(wave_s / interval_s) * interval_s == pytest.approx(wave_s)


def test_every_rule_has_a_name_and_no_other_has() -> None:
    """The names of the scenario file resolve; another raises KeyError."""
    assert all(resolve_release(name, 30.0)(90.0) >= 90.0 for name in RELEASE)
    with pytest.raises(KeyError):
        resolve_release("when it rains", 30.0)
